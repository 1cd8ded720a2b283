#include "cli/camera_import.h"

#include "base/file.h"
#include "cli/ask.h"
#include "cli/command.h"
#include "config/camera_list.h"

#include <stdio.h>
#include <string.h>

/* The server reads the table; here it is sent line by line, as devices take their time. */
typedef struct Import {
    const char *data;
    Json *table;   /* what the file holds, with its passwords */
    Json *cameras; /* what the server says of each, in the order of the file */
    Json *faults;
} Import;

static void clear_import(Import *import)
{
    json_decref(import->table);
    json_decref(import->cameras);
    json_decref(import->faults);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Import, clear_import)

/* "" where there is none. */
static const char *text(const Json *object, const char *name)
{
    const char *value = json_string_value(json_object_get(object, name));
    return value ? value : "";
}

static long long number(const Json *object, const char *name)
{
    return json_integer_value(json_object_get(object, name));
}

static bool read_table(Import *import, const char *path, GError **error)
{
    size_t size;
    g_autofree char *file = file_read(path, CAMERA_LIST_BYTES_MOST, &size, error);
    if (!file)
        return false;
    import->table = json_stringn(file, size);
    explicit_bzero(file, size);
    return import->table ||
           err_set(error, ERR_INVALID,
                   "%s is not UTF-8; save it as \"CSV UTF-8\" in the spreadsheet", path);
}

/* ---- looking ---- */

/* Puts what the server says of one line in place of what it said before that devices were asked.
 * Returns the number of cameras in it, 0 with `error`. */
static size_t look_at_line(Import *import, size_t first, GError **error)
{
    const long long line = number(json_array_get(import->cameras, first), "line");
    g_autofree char *path = g_strdup_printf("/api/v1/cameras/import?dry_run=true&line=%lld", line);
    g_autoptr(Json) told = ask(import->data, API_POST, path, import->table, error);
    if (!told)
        return 0;
    const Json *cameras = json_object_get(told, "cameras");
    json_array_extend(import->faults, json_object_get(told, "faults"));
    for (size_t i = 0; i < json_array_size(cameras); i++)
        json_array_set(import->cameras, first + i, json_array_get(cameras, i));
    return MAX(json_array_size(cameras), 1);
}

static bool look(Import *import, GError **error)
{
    g_autoptr(Json) told =
        ask(import->data, API_POST, "/api/v1/cameras/import?dry_run=true", import->table, error);
    if (!told)
        return false;
    import->cameras = json_incref(json_object_get(told, "cameras"));
    import->faults = json_incref(json_object_get(told, "faults"));
    for (size_t i = 0; i < json_array_size(import->cameras);) {
        size_t done = 1;
        if (!*text(json_array_get(import->cameras, i), "url"))
            done = look_at_line(import, i, error);
        if (done == 0)
            return false;
        i += done;
    }
    return true;
}

/* ---- telling and adding ---- */

static void print_camera(const Json *camera)
{
    const char *sub = text(camera, "sub_url"), *location = text(camera, "location");
    static const struct {
        const char *member, *word;
    } facts[] = {{"transport", "by"}, {"fingerprint", "certificate"}, {"schedule", "recorded"}};
    if (strcmp(text(camera, "state"), "there") == 0) {
        printf("line %lld: skipped, this address is camera ‘%s’ already\n", number(camera, "line"),
               text(camera, "note"));
        return;
    }
    printf("line %lld: %s  %s", number(camera, "line"), text(camera, "name"), text(camera, "url"));
    if (*sub)
        printf("  sub %s%s", sub,
               json_is_true(json_object_get(camera, "record_sub")) ? " (recorded)" : "");
    for (size_t i = 0; i < G_N_ELEMENTS(facts); i++)
        if (*text(camera, facts[i].member))
            printf("  %s %s", facts[i].word, text(camera, facts[i].member));
    if (*location)
        printf("  at %s%s", location,
               json_is_true(json_object_get(camera, "location_new")) ? " (new)" : "");
    putchar('\n');
}

static unsigned count(const Json *cameras, const char *state)
{
    unsigned found = 0;
    for (size_t i = 0; i < json_array_size(cameras); i++)
        found += strcmp(text(json_array_get(cameras, i), "state"), state) == 0;
    return found;
}

static int refuse(const Json *faults)
{
    for (size_t i = 0; i < json_array_size(faults); i++) {
        const Json *fault = json_array_get(faults, i);
        fprintf(stderr, "vonglau: line %lld: %s\n", number(fault, "line"), text(fault, "detail"));
    }
    fprintf(stderr, "vonglau: nothing was added: %zu rows are wrong\n", json_array_size(faults));
    return EXIT_FAILED;
}

static int stop(long long line, const char *why, unsigned added)
{
    fprintf(stderr,
            "vonglau: line %lld: %s; the %u cameras before it are added, so the same file can be "
            "given again\n",
            line, why, added);
    return EXIT_FAILED;
}

/* Why a line was not added whole, borrowed; NULL: it was. */
static const char *trouble_in(const Json *told)
{
    const Json *cameras = json_object_get(told, "cameras");
    for (size_t i = 0; i < json_array_size(cameras); i++)
        if (strcmp(text(json_array_get(cameras, i), "state"), "failed") == 0)
            return text(json_array_get(cameras, i), "note");
    const Json *fault = json_array_get(json_object_get(told, "faults"), 0);
    return fault ? text(fault, "detail") : NULL;
}

static int add_all(const Import *import)
{
    unsigned added = 0, skipped = 0;
    long long done = 0;
    for (size_t i = 0; i < json_array_size(import->cameras); i++) {
        const long long line = number(json_array_get(import->cameras, i), "line");
        if (line == done) /* another channel of it */
            continue;
        done = line;
        g_autoptr(GError) error = NULL;
        g_autofree char *path = g_strdup_printf("/api/v1/cameras/import?line=%lld", line);
        g_autoptr(Json) told = ask(import->data, API_POST, path, import->table, &error);
        const Json *cameras = told ? json_object_get(told, "cameras") : NULL;
        for (size_t k = 0; k < json_array_size(cameras); k++)
            print_camera(json_array_get(cameras, k));
        added += count(cameras, "added");
        skipped += count(cameras, "there");
        const char *trouble = told ? trouble_in(told) : error->message;
        if (trouble)
            return stop(line, trouble, added);
    }
    printf("%u cameras added, %u skipped\n", added, skipped);
    return EXIT_OK;
}

static int tell(const Import *import)
{
    for (size_t i = 0; i < json_array_size(import->cameras); i++)
        print_camera(json_array_get(import->cameras, i));
    printf("%u cameras would be added, %u skipped; nothing was changed\n",
           count(import->cameras, "new"), count(import->cameras, "there"));
    return EXIT_OK;
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
    if (!read_table(&import, argv[1], &error) || !look(&import, &error))
        return command_fail(error);
    return json_array_size(import.faults) > 0 ? refuse(import.faults)
           : dry                              ? tell(&import)
                                              : add_all(&import);
}
