#include "cli/camera_import.h"

#include "base/clock.h"
#include "base/file.h"
#include "camera/onvif_look.h"
#include "cli/ask.h"
#include "cli/command.h"
#include "config/camera_list.h"

#include <stdio.h>
#include <string.h>

#define LOOK_US (20 * SECOND_US)

/* What there is already, and what becomes of each row. */
typedef struct Import {
    const char *data;
    CameraList list;
    Json *cameras, *locations; /* arrays; locations that were added are put in */
    GHashTable *skipped;       /* ListedCamera → the name it has already, borrowed */
} Import;

static void clear_import(Import *import)
{
    camera_list_clear(&import->list);
    json_decref(import->cameras);
    json_decref(import->locations);
    if (import->skipped)
        g_hash_table_unref(import->skipped);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Import, clear_import)

static const char *text(const Json *object, const char *name)
{
    const char *value = json_string_value(json_object_get(object, name));
    return value ? value : "";
}

static const Json *find(const Json *array, const char *member, const char *value)
{
    for (size_t i = 0; i < json_array_size(array); i++) {
        const Json *one = json_array_get(array, i);
        if (strcmp(text(one, member), value) == 0)
            return one;
    }
    return NULL;
}

/* ---- devices that are to be asked ---- */

/* One look serves all channels of a host. */
typedef struct Looks {
    char *host; /* borrowed from the list */
    OnvifLook look;
    bool known;
} Looks;

static bool look_at(Looks *last, ListedCamera *camera, GError **error)
{
    if (last->known && strcmp(last->host, camera->host) == 0)
        return true;
    onvif_look_clear(&last->look);
    last->known =
        onvif_look(camera->host, camera->user, camera->password, LOOK_US, &last->look, error);
    last->host = camera->host;
    return last->known;
}

static void ask_device(CameraList *list, ListedCamera *camera, Looks *last)
{
    g_autoptr(GError) error = NULL;
    if (!look_at(last, camera, &error)) {
        camera_list_fault(list, camera->line, "%s", error->message);
    } else if (camera->channel > last->look.channels->len) {
        camera_list_fault(list, camera->line, "%s has %u channels, and no channel %u", camera->host,
                          last->look.channels->len, camera->channel);
    } else {
        const OnvifChannel *channel = last->look.channels->pdata[camera->channel - 1];
        if (camera->record_sub && !channel->sub.url)
            camera_list_fault(
                list, camera->line,
                "channel %u of %s has no sub stream to record; leave record-sub empty",
                camera->channel, camera->host);
        camera->url = g_strdup(channel->main.url);
        camera->sub_url = g_strdup(channel->sub.url);
        camera->onvif = g_strdup(last->look.address);
    }
}

static void ask_devices(CameraList *list)
{
    Looks last = {0};
    unsigned failed_line = 0;
    for (guint i = 0; i < list->cameras->len; i++) {
        ListedCamera *camera = list->cameras->pdata[i];
        if (camera->url || camera->line == failed_line) /* once a row is enough */
            continue;
        ask_device(list, camera, &last);
        failed_line = camera->url ? 0 : camera->line;
    }
    onvif_look_clear(&last.look);
}

/* ---- what there is already ---- */

static void compare(Import *import)
{
    for (guint i = 0; i < import->list.cameras->len; i++) {
        ListedCamera *camera = import->list.cameras->pdata[i];
        const Json *same = camera->url ? find(import->cameras, "url", camera->url) : NULL;
        if (same)
            g_hash_table_insert(import->skipped, camera, (void *)text(same, "name"));
        else if (find(import->cameras, "name", camera->name))
            camera_list_fault(&import->list, camera->line,
                              "there is a camera ‘%s’ already, with another address", camera->name);
    }
}

static bool prepare(Import *import, const char *path, GError **error)
{
    size_t size;
    g_autofree char *file = file_read(path, CAMERA_LIST_BYTES_MOST, &size, error);
    if (!file || !camera_list_read(file, size, &import->list, error))
        return false;
    explicit_bzero(file, size);
    import->skipped = g_hash_table_new(NULL, NULL);
    import->cameras = ask_list(import->data, "/api/v1/cameras", error);
    import->locations = import->cameras ? ask_list(import->data, "/api/v1/locations", error) : NULL;
    if (!import->locations)
        return false;
    ask_devices(&import->list);
    compare(import);
    return true;
}

/* ---- adding ---- */

static void set_text(Json *body, const char *name, const char *value)
{
    if (value)
        json_object_set_new(body, name, json_string(value));
}

/* The id of the location the camera stands at, which is added when there is none. Borrowed; NULL
 * with `error`. */
static const char *location_id(Import *import, const ListedCamera *camera, GError **error)
{
    const Json *known = find(import->locations, "name", camera->location);
    if (!known)
        known = find(import->locations, "id", camera->location);
    if (!known) {
        g_autoptr(Json) body = json_object();
        set_text(body, "name", camera->location);
        set_text(body, "village", camera->village);
        set_text(body, "kind", camera->kind);
        Json *made = ask(import->data, API_POST, "/api/v1/locations", body, error);
        if (!made)
            return NULL;
        json_array_append_new(import->locations, made);
        known = made;
    }
    return text(known, "id");
}

static bool add(Import *import, const ListedCamera *camera, GError **error)
{
    g_autoptr(Json) body = json_object();
    if (camera->location) {
        const char *id = location_id(import, camera, error);
        if (!id)
            return false;
        set_text(body, "location", id);
    }
    set_text(body, "name", camera->name);
    set_text(body, "url", camera->url);
    set_text(body, "sub_url", camera->sub_url);
    set_text(body, "onvif", camera->onvif);
    set_text(body, "user", camera->user);
    set_text(body, "password", camera->password);
    set_text(body, "transport", camera->transport);
    set_text(body, "fingerprint", camera->fingerprint);
    set_text(body, "schedule", camera->schedule);
    json_object_set_new(body, "audio", json_boolean(camera->audio));
    json_object_set_new(body, "record_sub", json_boolean(camera->record_sub));
    if (camera->heading_deg >= 0) {
        json_object_set_new(body, "heading_deg", json_integer(camera->heading_deg));
        json_object_set_new(body, "fov_deg", json_integer(camera->fov_deg));
        json_object_set_new(body, "reach_m", json_integer(camera->reach_m));
    }
    if (camera->height_cm)
        json_object_set_new(body, "height_m", json_real((double)camera->height_cm / 100));
    if (camera->connections)
        json_object_set_new(body, "connections", json_integer(camera->connections));
    if (camera->retention_days)
        json_object_set_new(body, "retention_days", json_integer(camera->retention_days));
    g_autoptr(Json) made = ask(import->data, API_POST, "/api/v1/cameras", body, error);
    return made != NULL;
}

static void print_camera(Import *import, const ListedCamera *camera)
{
    const char *there = g_hash_table_lookup(import->skipped, camera);
    if (there) {
        printf("line %u: skipped, this address is camera ‘%s’ already\n", camera->line, there);
        return;
    }
    printf("line %u: %s  %s", camera->line, camera->name, camera->url);
    if (camera->sub_url)
        printf("  sub %s%s", camera->sub_url, camera->record_sub ? " (recorded)" : "");
    if (camera->transport)
        printf("  by %s", camera->transport);
    if (camera->fingerprint)
        printf("  certificate %s", camera->fingerprint);
    if (camera->schedule)
        printf("  recorded %s", camera->schedule);
    if (camera->location)
        printf("  at %s%s", camera->location,
               find(import->locations, "name", camera->location) ||
                       find(import->locations, "id", camera->location)
                   ? ""
                   : " (new)");
    putchar('\n');
}

static int carry_out(Import *import, bool dry)
{
    const GPtrArray *cameras = import->list.cameras;
    unsigned added = 0;
    for (guint i = 0; i < cameras->len; i++) {
        const ListedCamera *camera = cameras->pdata[i];
        g_autoptr(GError) error = NULL;
        print_camera(import, camera);
        if (g_hash_table_contains(import->skipped, camera))
            continue;
        if (!dry && !add(import, camera, &error)) {
            fprintf(stderr,
                    "vonglau: line %u: %s; the %u cameras before it are added, so the same file "
                    "can be given again\n",
                    camera->line, error->message, added);
            return EXIT_FAILED;
        }
        added++;
    }
    printf(dry ? "%u cameras would be added, %u skipped; nothing was changed\n"
               : "%u cameras added, %u skipped\n",
           added, cameras->len - added);
    return EXIT_OK;
}

static int refuse(const CameraList *list)
{
    for (guint i = 0; i < list->faults->len; i++)
        fprintf(stderr, "vonglau: %s\n", (const char *)list->faults->pdata[i]);
    fprintf(stderr, "vonglau: nothing was added: %u rows are wrong\n", list->faults->len);
    return EXIT_FAILED;
}

int camera_import(int argc, char **argv)
{
    g_autofree char *data = NULL;
    gboolean dry = FALSE;
    int status;
    const GOptionEntry entries[] = {
        {"data", 0, 0, G_OPTION_ARG_FILENAME, &data, "Data folder", "DIR"},
        {"dry-run", 0, 0, G_OPTION_ARG_NONE, &dry, "Tell what would be done, and do nothing", NULL},
        {NULL}};
    if (!command_options("camera import FILE.csv [--dry-run] --data DIR",
                         "Adds the cameras of a table: its first line names the columns, among "
                         "them name, location,\nurl or host, make, channels, user, password. Every "
                         "row is checked before the first is added.",
                         entries, &argc, &argv, &status))
        return status;
    if (argc != 2 || !data)
        return command_usage("camera import needs one file and --data; see vonglau camera import "
                             "--help");
    g_autoptr(GError) error = NULL;
    g_auto(Import) import = {.data = data};
    if (!prepare(&import, argv[1], &error))
        return command_fail(error);
    return import.list.faults->len > 0 ? refuse(&import.list) : carry_out(&import, dry);
}
