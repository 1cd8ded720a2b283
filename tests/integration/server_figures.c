/* server_figures.c — see server_figures.h */
#include "server_figures.h"

#include "catalog/catalog_state.h"
#include "unit.h"

#include <string.h>
#include <unistd.h>

enum {
    REST_MS = 2000,
    LOOK_MS = 100,
    WAIT_MS = 15000,
    GROWTH_BYTES = 2 << 20,
    /* its readers and its writer have the file and its log each, and share an index of the log */
    CATALOG_DESCRIPTORS = 2 * (READERS + 1) + 1,
};

/* Those of the catalog, of which a reader more may be open for good, are counted apart. */
static void count_descriptors(const Server *server, ServerFigures *figures)
{
    g_autofree char *folder = g_strdup_printf("/proc/%d/fd", (int)server->pid);
    g_autoptr(GDir) list = g_dir_open(folder, 0, NULL);
    g_assert(list);
    for (const char *name; (name = g_dir_read_name(list));) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        g_autofree char *target = g_file_read_link(path, NULL);
        if (target && strstr(target, "/catalog.db"))
            figures->catalog_descriptors++;
        else
            figures->descriptors++;
    }
}

static int64_t heap_bytes_of(const Api *api)
{
    static const char series[] = "\nvonglau_heap_bytes ";
    g_autofree char *url = g_strconcat(api->url, "/metrics", NULL), *text = NULL;
    size_t size = 0;
    g_assert(http_call("GET", url, api->token, NULL, &text, &size) == 200);
    const char *at = strstr(text, series);
    g_assert(at);
    return (int64_t)g_ascii_strtod(at + strlen(series), NULL);
}

static ServerFigures figures_now(const Server *server, const Api *api)
{
    ServerFigures figures = {.heap_bytes = heap_bytes_of(api)};
    count_descriptors(server, &figures);
    return figures;
}

ServerFigures server_figures_at_rest(const Server *server, const Api *api)
{
    ServerFigures rest = figures_now(server, api);
    for (int waited = 0; waited < REST_MS; waited += LOOK_MS) {
        sleep_ms(LOOK_MS);
        ServerFigures now = figures_now(server, api);
        rest.descriptors = MAX(rest.descriptors, now.descriptors);
        rest.heap_bytes = MIN(rest.heap_bytes, now.heap_bytes);
    }
    return rest;
}

/* What each descriptor is of, for whoever must find the one too many. */
static void tell_descriptors(const Server *server)
{
    g_autofree char *folder = g_strdup_printf("/proc/%d/fd", (int)server->pid);
    g_autoptr(GDir) list = g_dir_open(folder, 0, NULL);
    for (const char *name; list && (name = g_dir_read_name(list));) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        g_autofree char *target = g_file_read_link(path, NULL);
        print_message("descriptor %s: %s\n", name, target);
    }
}

static bool is_given_back(const ServerFigures *now, const ServerFigures *before)
{
    return now->descriptors <= before->descriptors &&
           now->heap_bytes < before->heap_bytes + GROWTH_BYTES;
}

void server_gives_back(const Server *server, const Api *api, const ServerFigures *before)
{
    ServerFigures after = figures_now(server, api);
    for (int waited = 0; waited < WAIT_MS && !is_given_back(&after, before); waited += LOOK_MS) {
        sleep_ms(LOOK_MS);
        after = figures_now(server, api);
    }
    print_message("descriptors %u, then %u; memory in use %.2f MiB, then %.2f MiB\n",
                  before->descriptors, after.descriptors, (double)before->heap_bytes / (1 << 20),
                  (double)after.heap_bytes / (1 << 20));
    if (after.descriptors > before->descriptors || after.catalog_descriptors > CATALOG_DESCRIPTORS)
        tell_descriptors(server);
    assert_in_range(after.descriptors, 1, before->descriptors);
    assert_in_range(after.catalog_descriptors, 1, CATALOG_DESCRIPTORS);
    assert_true(after.heap_bytes < before->heap_bytes + GROWTH_BYTES);
}
