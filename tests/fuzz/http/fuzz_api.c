/* Calls of the API as the owner of the machine makes them: "METHOD PATH", a newline, the JSON body.
 * Whatever is asked is answered, and never by "the server could not do this". */
#include "archive/archive.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/secret.h"
#include "casework/case_desk.h"
#include "casework/report_desk.h"
#include "config/masks.h"
#include "config/site.h"
#include "event/event.h"
#include "http/control.h"
#include "ledger/node_key.h"
#include "people/audit.h"
#include "people/grants.h"
#include "people/people.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char *folder;

static void remove_folder(void)
{
    char *command[] = {(char *)"rm", (char *)"-rf", folder, NULL};
    g_spawn_sync(NULL, command, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
}

static char *below(const char *name)
{
    return g_build_filename(folder, name, NULL);
}

/* A server's parts without cameras and network, in memory. */
static ApiContext *open_parts(void)
{
    static ApiContext api;
    secret_init();
    log_set_level(LOG_ERROR);
    folder = g_strdup("/dev/shm/fuzz-api-XXXXXX");
    g_assert(g_mkdtemp(folder));
    atexit(remove_folder);
    g_autofree char *catalog = below("catalog.db"), *site = below("site.json"),
                    *secrets = below("keys/secrets.key"), *audit = below("ledger/audit"),
                    *keys = below("keys"), *events = below("events");
    g_assert(g_mkdir_with_parents(keys, 0700) == 0 && g_mkdir_with_parents(audit, 0700) == 0);
    SiteOptions options = {.site_file = site, .secrets_key = secrets};
    api.catalog = catalog_open(catalog, NULL);
    g_assert(api.catalog && (api.site = site_open(api.catalog, &options, NULL)));
    g_assert((api.masks = masks_open(api.catalog, NULL)));
    g_assert((api.people = people_open(api.catalog, api.site, NULL)));
    api.grants = grants_new();
    NodeKey *key = node_key_open(folder, NULL);
    g_assert(key && (api.audit = audit_open(audit, key, NULL)));
    g_assert((api.events = events_open(api.catalog, events, 0, NULL)));
    ArchiveSettings settings = {
        .data_path = folder, .node = site_node(api.site), .floor_bytes = -1};
    g_assert((api.archive = archive_open(&settings, api.catalog, key, NULL)));
    api.map_file = below("map.geojson");
    g_autofree char *reports = below("reports");
    api.reports = report_desk_new(api.catalog, api.site, api.archive, reports);
    const CaseDeskOptions options_of_cases = {.catalog = api.catalog,
                                              .site = api.site,
                                              .people = api.people,
                                              .reports = api.reports,
                                              .archive = api.archive};
    api.cases = case_desk_new(&options_of_cases);
    api.start_us = clock_now_us();
    return &api;
}

/* Cameras and locations of earlier inputs would make each run slower than the one before. */
static void forget(ApiContext *api)
{
    g_autoptr(GPtrArray) cameras = site_camera_list(api->site);
    for (guint i = 0; i < cameras->len; i++)
        site_camera_remove(api->site, &((CameraRow *)cameras->pdata[i])->id, NULL);
    g_autoptr(GPtrArray) locations = site_location_list(api->site);
    for (guint i = 0; i < locations->len; i++)
        site_location_remove(api->site, &((LocationRow *)locations->pdata[i])->id, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static ApiContext *api;
    if (!api)
        api = open_parts();
    g_autofree char *text = g_strndup((const char *)data, size);
    g_auto(GStrv) parts = g_strsplit(text, "\n", 2);
    char *path = parts[0] ? strchr(parts[0], ' ') : NULL;
    if (!path)
        return 0;
    *path++ = '\0';
    ApiMethod method;
    if (!api_method_parse(parts[0], &method) || strstr(path, "probe") ||
        strstr(path, "discover")) /* they would call out */
        return 0;
    g_autoptr(Json) body = parts[1] ? json_parse(parts[1], strlen(parts[1]), NULL) : NULL;
    int status = 0;
    g_autoptr(Json) answer = control_call_local(api, method, path, body, &status, NULL);
    g_assert(!answer || (status >= 200 && status != 500));
    forget(api);
    return 0;
}
