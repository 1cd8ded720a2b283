#include "config/camera_list.h"

#include "base/error.h"
#include "base/secret.h"
#include "config/csv.h"
#include "config/site_rules.h"
#include "media/rtsp_url.h"

#include <stdarg.h>
#include <string.h>

enum { NAME_MOST = 80, DAYS_MOST = 3650 };

typedef enum Column {
    COLUMN_NAME,
    COLUMN_LOCATION,
    COLUMN_VILLAGE,
    COLUMN_KIND,
    COLUMN_URL,
    COLUMN_SUB_URL,
    COLUMN_HOST,
    COLUMN_MAKE,
    COLUMN_CHANNELS,
    COLUMN_USER,
    COLUMN_PASSWORD,
    COLUMN_AUDIO,
    COLUMN_DAYS,
    COLUMN_CONNECTIONS,
    COLUMN_TRANSPORT,
    COLUMN_FINGERPRINT,
    COLUMN_RECORD_SUB,
    COLUMN_SCHEDULE,
    COLUMN_HEADING,
    COLUMN_FOV,
    COLUMN_REACH,
    COLUMN_HEIGHT,
    COLUMNS,
} Column;

static const char *const column_names[COLUMNS + 1] = {
    "name",           "location",    "village",   "kind",        "url",        "sub-url",
    "host",           "make",        "channels",  "user",        "password",   "audio",
    "retention-days", "connections", "transport", "fingerprint", "record-sub", "schedule",
    "heading",        "fov",         "reach",     "height"};

/* What a row says; "" where it says nothing. Borrowed from the table. */
typedef struct Row {
    unsigned line;
    const char *texts[COLUMNS];
} Row;

void camera_list_fault(CameraList *list, unsigned line, const char *column, const char *code,
                       const char *format, ...)
{
    va_list args;
    ListFault *fault = g_new(ListFault, 1);
    va_start(args, format);
    *fault = (ListFault){line, column, code, g_strdup_vprintf(format, args)};
    va_end(args);
    g_ptr_array_add(list->faults, fault);
}

static void free_fault(void *data)
{
    ListFault *fault = data;
    g_free(fault->text);
    g_free(fault);
}

static void free_camera(void *data)
{
    ListedCamera *camera = data;
    char *texts[] = {camera->name,  camera->location,  camera->village,     camera->kind,
                     camera->url,   camera->sub_url,   camera->host,        camera->user,
                     camera->onvif, camera->transport, camera->fingerprint, camera->schedule};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    secret_free(camera->password);
    g_free(camera);
}

void camera_list_clear(CameraList *list)
{
    if (list->cameras)
        g_ptr_array_unref(list->cameras);
    if (list->faults)
        g_ptr_array_unref(list->faults);
    *list = (CameraList){0};
}

/* ---- the head ---- */

/* A word of the table, as far as it cannot be a password: where columns are shifted, or the first
 * line is missing, anything may stand anywhere. */
static const char *told(const char *word)
{
    return strlen(word) <= 24 && strspn(word, "abcdefghijklmnopqrstuvwxyz-") == strlen(word) ? word
                                                                                             : "…";
}

/* Where each column stands; -1: nowhere. */
static bool read_head(const CsvRow *row, int at[COLUMNS], GError **error)
{
    for (int i = 0; i < COLUMNS; i++)
        at[i] = -1;
    for (guint i = 0; i < row->fields->len; i++) {
        g_autofree char *word = g_ascii_strdown(row->fields->pdata[i], -1);
        g_strdelimit(word, "_ ", '-');
        int column = 0;
        while (column < COLUMNS && strcmp(word, column_names[column]) != 0)
            column++;
        if (column < COLUMNS && at[column] < 0) {
            at[column] = (int)i;
        } else if (*word) {
            g_autofree char *all = g_strjoinv(", ", (char **)column_names);
            return err_set(error, ERR_INVALID,
                           "line %u: there is no column ‘%s’, or it comes twice; columns are: %s",
                           row->line, told(word), all);
        }
    }
    if (at[COLUMN_NAME] < 0 || (at[COLUMN_URL] < 0 && at[COLUMN_HOST] < 0))
        return err_set(error, ERR_INVALID,
                       "line %u: the first line names the columns; ‘name’ and one of ‘url’ and "
                       "‘host’ are needed",
                       row->line);
    return true;
}

static Row pick(const CsvRow *fields, const int at[COLUMNS])
{
    Row row = {.line = fields->line};
    for (int i = 0; i < COLUMNS; i++)
        row.texts[i] =
            at[i] >= 0 && (guint)at[i] < fields->fields->len ? fields->fields->pdata[at[i]] : "";
    return row;
}

/* ---- single values ---- */

static bool read_channels(CameraList *list, const Row *row, GArray *channels)
{
    const char *text = row->texts[COLUMN_CHANNELS];
    g_auto(GStrv) parts = g_strsplit(*text ? text : "1", ",", CAMERA_LIST_CHANNELS_MOST + 1);
    for (char **part = parts; *part; part++) {
        g_auto(GStrv) ends = g_strsplit(g_strstrip(*part), "-", 2);
        guint64 first = 0, last;
        bool good = ends[0] && g_ascii_string_to_unsigned(ends[0], 10, 1, CAMERA_LIST_CHANNELS_MOST,
                                                          &first, NULL);
        last = first;
        if (good && ends[1])
            good = g_ascii_string_to_unsigned(ends[1], 10, first, CAMERA_LIST_CHANNELS_MOST, &last,
                                              NULL);
        if (!good || channels->len + last - first >= CAMERA_LIST_CHANNELS_MOST) {
            camera_list_fault(list, row->line, "channels", "channels-wrong",
                              "channels must be like 1-16 or 1,3,5, up to %d",
                              CAMERA_LIST_CHANNELS_MOST);
            return false;
        }
        for (guint64 i = first; i <= last; i++) {
            unsigned channel = (unsigned)i;
            g_array_append_val(channels, channel);
        }
    }
    return true;
}

static bool read_yes(CameraList *list, const Row *row, Column column, bool *yes)
{
    static const struct {
        const char *word;
        bool value;
    } words[] = {{"", false},   {"no", false}, {"0", false},  {"false", false},
                 {"yes", true}, {"1", true},   {"true", true}};
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
        if (g_ascii_strcasecmp(row->texts[column], words[i].word) == 0) {
            *yes = words[i].value;
            return true;
        }
    camera_list_fault(list, row->line, column_names[column], "not-yes-or-no",
                      "%s must be yes or no", column_names[column]);
    return false;
}

static bool read_number(CameraList *list, const Row *row, int column, int most, int *number)
{
    guint64 value = 0;
    const char *text = row->texts[column];
    if (*text && !g_ascii_string_to_unsigned(text, 10, 0, (guint64)most, &value, NULL)) {
        camera_list_fault(list, row->line, column_names[column], "not-a-number",
                          "%s must be a number up to %d", column_names[column], most);
        return false;
    }
    *number = (int)value;
    return true;
}

/* Where it looks and how high it stands; empty cells: not known. */
static bool read_aim(CameraList *list, const Row *row, ListedCamera *camera)
{
    g_autoptr(GError) error = NULL;
    const char *height = row->texts[COLUMN_HEIGHT];
    camera->heading_deg = -1;
    if (!read_number(list, row, COLUMN_FOV, 360, &camera->fov_deg) ||
        !read_number(list, row, COLUMN_REACH, CAMERA_REACH_MOST_M, &camera->reach_m) ||
        (*row->texts[COLUMN_HEADING] &&
         !read_number(list, row, COLUMN_HEADING, 359, &camera->heading_deg)))
        return false;
    if (*height && !camera_height_read(height, &camera->height_cm, &error))
        camera_list_fault(list, row->line, "height", "height-wrong", "height: %s", error->message);
    return !error;
}

static bool kind_is_known(CameraList *list, const Row *row)
{
    const char *text = row->texts[COLUMN_KIND];
    g_autoptr(GString) all = g_string_new(NULL);
    for (unsigned i = 0; location_kind(i); i++) {
        if (!*text || strcmp(text, location_kind(i)) == 0)
            return true;
        g_string_append_printf(all, "%s%s", i ? ", " : "", location_kind(i));
    }
    camera_list_fault(list, row->line, "kind", "kind-unknown", "kind must be one of: %s", all->str);
    return false;
}

/* The address without credentials, owned; those go to `camera`, unless the row has its own. */
static char *read_address(CameraList *list, const Row *row, Column column, const char *text,
                          ListedCamera *camera)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(RtspUrl) url = rtsp_url_parse(text, &error);
    if (!url) {
        camera_list_fault(list, row->line, column_names[column], "address-wrong", "%s",
                          error->message);
        return NULL;
    }
    if (url->user && !camera->user) {
        camera->user = g_strdup(url->user);
        camera->password = g_strdup(url->password);
    }
    return rtsp_url_text(url);
}

/* ---- rows ---- */

static char *text_or_null(const char *text)
{
    return *text ? g_strdup(text) : NULL;
}

/* "Chợ {channel}", else "Chợ 3" where the row is several cameras. */
static char *name_of(const Row *row, unsigned channel, bool several)
{
    char number[12];
    GString *name = g_string_new(row->texts[COLUMN_NAME]);
    g_snprintf(number, sizeof number, "%u", channel);
    if (g_string_replace(name, "{channel}", number, 0) == 0 && several)
        g_string_append_printf(name, " %u", channel);
    return g_string_free(name, FALSE);
}

static bool name_fits(CameraList *list, const Row *row, const char *name)
{
    glong length = g_utf8_strlen(name, -1);
    if (length == 0 || length > NAME_MOST) {
        camera_list_fault(list, row->line, "name", length ? "name-long" : "name-missing", "%s",
                          length ? "the name is longer than 80 characters" : "the name is missing");
        return false;
    }
    for (guint i = 0; i < list->cameras->len; i++) {
        const ListedCamera *other = list->cameras->pdata[i];
        if (strcmp(other->name, name) == 0) {
            camera_list_fault(list, row->line, "name", "name-twice",
                              "the name ‘%s’ stands in line %u already", name, other->line);
            return false;
        }
    }
    return true;
}

static bool set_addresses(CameraList *list, const Row *row, const CameraMake *make,
                          ListedCamera *camera)
{
    const char *host = camera->host;
    bool made = make && make->main_path;
    g_autofree char *main_text = made ? camera_make_address(make, host, camera->channel, false)
                                      : g_strdup(row->texts[COLUMN_URL]);
    g_autofree char *sub_text = made ? camera_make_address(make, host, camera->channel, true)
                                     : g_strdup(row->texts[COLUMN_SUB_URL]);
    if (*main_text && !(camera->url = read_address(list, row, made ? COLUMN_HOST : COLUMN_URL,
                                                   main_text, camera)))
        return false;
    return !*sub_text || (camera->sub_url = read_address(
                              list, row, made ? COLUMN_HOST : COLUMN_SUB_URL, sub_text, camera));
}

/* The column that the server's rule is about, which names a member: “‘schedule’ must be …”. */
static const char *column_of(const char *message)
{
    static const Column ruled[] = {COLUMN_NAME,        COLUMN_URL,      COLUMN_SUB_URL,
                                   COLUMN_FINGERPRINT, COLUMN_SCHEDULE, COLUMN_TRANSPORT,
                                   COLUMN_RECORD_SUB};
    for (size_t i = 0; i < G_N_ELEMENTS(ruled); i++) {
        g_autofree char *quoted = g_strdup_printf("‘%s’", column_names[ruled[i]]);
        g_strdelimit(quoted, "-", '_');
        if (g_str_has_prefix(message, quoted))
            return column_names[ruled[i]];
    }
    return NULL;
}

/* The server's own rules are asked, so that what it would refuse is told by line with the rest.
 * Streams that a device is still to be asked for are supposed to be there. */
static bool rules_take(CameraList *list, const ListedCamera *camera)
{
    const char *supposed = "rtsp://device/";
    const CameraEdit edit = {.name = camera->name,
                             .url = camera->url ? camera->url : supposed,
                             .sub_url = camera->url ? camera->sub_url : supposed,
                             .fingerprint = camera->fingerprint,
                             .transport = camera->transport,
                             .record_sub = &camera->record_sub,
                             .schedule = camera->schedule};
    g_autoptr(CameraRow) tried = g_new0(CameraRow, 1);
    g_autoptr(GError) error = NULL;
    if (!camera_edit_apply(tried, &edit, NULL, &error))
        camera_list_fault(list, camera->line, column_of(error->message), "rule", "%s",
                          error->message);
    return !error;
}

static void add_camera(CameraList *list, const Row *row, const CameraMake *make, unsigned channel,
                       bool several)
{
    ListedCamera *camera = g_new0(ListedCamera, 1);
    *camera = (ListedCamera){.line = row->line,
                             .name = name_of(row, channel, several),
                             .location = text_or_null(row->texts[COLUMN_LOCATION]),
                             .village = text_or_null(row->texts[COLUMN_VILLAGE]),
                             .kind = text_or_null(row->texts[COLUMN_KIND]),
                             .host = text_or_null(row->texts[COLUMN_HOST]),
                             .channel = channel,
                             .user = text_or_null(row->texts[COLUMN_USER]),
                             .password = text_or_null(row->texts[COLUMN_PASSWORD]),
                             .transport = text_or_null(row->texts[COLUMN_TRANSPORT]),
                             .fingerprint = text_or_null(row->texts[COLUMN_FINGERPRINT]),
                             .schedule = text_or_null(row->texts[COLUMN_SCHEDULE])};
    if (name_fits(list, row, camera->name) && read_yes(list, row, COLUMN_AUDIO, &camera->audio) &&
        read_yes(list, row, COLUMN_RECORD_SUB, &camera->record_sub) &&
        read_number(list, row, COLUMN_DAYS, DAYS_MOST, &camera->retention_days) &&
        read_number(list, row, COLUMN_CONNECTIONS, CAMERA_CONNECTIONS_MOST, &camera->connections) &&
        read_aim(list, row, camera) && kind_is_known(list, row) &&
        set_addresses(list, row, make, camera) && rules_take(list, camera))
        g_ptr_array_add(list->cameras, camera);
    else
        free_camera(camera);
}

/* What the columns of a row must have in common; false: they contradict each other. */
static bool agrees(CameraList *list, const Row *row)
{
    const char *const *texts = row->texts;
    const bool url = *texts[COLUMN_URL], host = *texts[COLUMN_HOST];
    const bool heading = *texts[COLUMN_HEADING], location = *texts[COLUMN_LOCATION];
    const struct {
        bool wrong;
        Column column;
        const char *code, *text;
    } rules[] = {
        {url && host, COLUMN_HOST, "url-and-host", "url and host exclude each other"},
        {!url && !host, COLUMN_URL, "address-missing",
         "an address is missing: give url, or host and make"},
        {url && *texts[COLUMN_CHANNELS], COLUMN_CHANNELS, "goes-with-host",
         "make and channels go with host, not with url"},
        {url && *texts[COLUMN_MAKE], COLUMN_MAKE, "goes-with-host",
         "make and channels go with host, not with url"},
        {host && *texts[COLUMN_SUB_URL], COLUMN_SUB_URL, "goes-with-url",
         "sub-url goes with url, not with host"},
        {*texts[COLUMN_PASSWORD] && !*texts[COLUMN_USER], COLUMN_USER, "user-missing",
         "a password is given, but no user"},
        {*texts[COLUMN_FOV] && !heading, COLUMN_FOV, "goes-with-heading",
         "fov and reach go with a heading"},
        {*texts[COLUMN_REACH] && !heading, COLUMN_REACH, "goes-with-heading",
         "fov and reach go with a heading"},
        {*texts[COLUMN_VILLAGE] && !location, COLUMN_VILLAGE, "goes-with-location",
         "village and kind go with a location"},
        {*texts[COLUMN_KIND] && !location, COLUMN_KIND, "goes-with-location",
         "village and kind go with a location"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rules); i++)
        if (rules[i].wrong) {
            camera_list_fault(list, row->line, column_names[rules[i].column], rules[i].code, "%s",
                              rules[i].text);
            return false;
        }
    return true;
}

static void read_row(CameraList *list, const Row *row)
{
    const char *make_name = row->texts[COLUMN_MAKE];
    const CameraMake *make = camera_make_find(*make_name ? make_name : "onvif");
    g_autoptr(GArray) channels = g_array_new(FALSE, FALSE, sizeof(unsigned));
    if (!agrees(list, row))
        return;
    if (!make) {
        g_autofree char *names = camera_make_names(), *word = g_ascii_strdown(make_name, -1);
        camera_list_fault(list, row->line, "make", "make-unknown",
                          "the make ‘%s’ is not known; known are %s", told(word), names);
    } else if (read_channels(list, row, channels)) {
        for (guint i = 0; i < channels->len; i++)
            add_camera(list, row, *row->texts[COLUMN_HOST] ? make : NULL,
                       g_array_index(channels, unsigned, i), channels->len > 1);
    }
}

bool camera_list_read(const char *text, size_t size, CameraList *list, GError **error)
{
    *list = (CameraList){0};
    int at[COLUMNS] = {0};
    g_autoptr(GPtrArray) rows = csv_read(text, size, error);
    if (!rows)
        return false;
    if (rows->len == 0)
        return err_set(error, ERR_INVALID, "the file is empty");
    if (!read_head(rows->pdata[0], at, error))
        return false;
    list->cameras = g_ptr_array_new_with_free_func(free_camera);
    list->faults = g_ptr_array_new_with_free_func(free_fault);
    for (guint i = 1; i < rows->len; i++) {
        Row row = pick(rows->pdata[i], at);
        read_row(list, &row);
        if (list->cameras->len + list->faults->len > CAMERA_LIST_MOST) {
            camera_list_clear(list);
            return err_set(error, ERR_INVALID,
                           "line %u: a table holds at most %d cameras: part it in several",
                           row.line, CAMERA_LIST_MOST);
        }
    }
    return true;
}
