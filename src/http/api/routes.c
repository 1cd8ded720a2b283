#include "http/api/routes.h"

#include "http/api/handlers.h"

#include <string.h>

/* A row whose action or place is left out (or ACTION_NONE) has an array of negative size. */
#define ROUTE(method, pattern, action, place, handler)                                           \
    {                                                                                            \
        method, pattern, (Action)((action) + 0 * sizeof(char[(action) > ACTION_NONE ? 1 : -1])), \
            (ApiPlace)((place) + 0 * sizeof(char[(place) ? 1 : -1])), handler                    \
    }

/* clang-format off */
const ApiRoute api_routes[] = {
    ROUTE(API_POST,   "/session",                      ACTION_PUBLIC,    API_BLOCKS, session_create),
    ROUTE(API_DELETE, "/session",                      ACTION_OWN,       API_QUICK,  session_end),
    ROUTE(API_GET,    "/me",                           ACTION_OWN,       API_QUICK,  me_get),
    ROUTE(API_PATCH,  "/me",                           ACTION_OWN,       API_BLOCKS, me_change),
    ROUTE(API_GET,    "/locations",                    ACTION_LIVE,      API_BLOCKS, locations_get_all),
    ROUTE(API_POST,   "/locations",                    ACTION_CONFIGURE, API_BLOCKS, locations_add),
    ROUTE(API_GET,    "/locations/{id}",               ACTION_LIVE,      API_BLOCKS, location_get),
    ROUTE(API_PATCH,  "/locations/{id}",               ACTION_CONFIGURE, API_BLOCKS, location_change),
    ROUTE(API_DELETE, "/locations/{id}",               ACTION_CONFIGURE, API_BLOCKS, location_remove),
    ROUTE(API_GET,    "/cameras",                      ACTION_LIVE,      API_BLOCKS, cameras_get_all),
    ROUTE(API_POST,   "/cameras",                      ACTION_CONFIGURE, API_BLOCKS, cameras_add),
    ROUTE(API_POST,   "/cameras/probe",                ACTION_CONFIGURE, API_BLOCKS, camera_try),
    ROUTE(API_GET,    "/cameras/{id}",                 ACTION_LIVE,      API_BLOCKS, camera_get),
    ROUTE(API_PATCH,  "/cameras/{id}",                 ACTION_CONFIGURE, API_BLOCKS, camera_change),
    ROUTE(API_DELETE, "/cameras/{id}",                 ACTION_CONFIGURE, API_BLOCKS, camera_delete),
    ROUTE(API_GET,    "/cameras/{id}/status",          ACTION_LIVE,      API_BLOCKS, camera_get_status),
    ROUTE(API_GET,    "/cameras/{id}/coverage",        ACTION_REPLAY,    API_BLOCKS, footage_coverage),
    ROUTE(API_GET,    "/cameras/{id}/snapshot.jpg",    ACTION_LIVE,      API_BLOCKS, footage_snapshot),
    ROUTE(API_GET,    "/cameras/{id}/clip.mp4",        ACTION_EXPORT,    API_BLOCKS, footage_clip),
    ROUTE(API_GET,    "/cameras/{id}/playlist.m3u8",   ACTION_REPLAY,    API_BLOCKS, footage_playlist),
    ROUTE(API_GET,    "/cameras/{id}/segments/{name}.mp4", ACTION_REPLAY, API_BLOCKS, footage_segment),
    ROUTE(API_GET,    "/live",                         ACTION_LIVE,      API_QUICK,  NULL),
    ROUTE(API_GET,    "/users",                        ACTION_USERS,     API_BLOCKS, users_get_all),
    ROUTE(API_POST,   "/users",                        ACTION_USERS,     API_BLOCKS, users_add),
    ROUTE(API_PATCH,  "/users/{id}",                   ACTION_USERS,     API_BLOCKS, user_change),
    ROUTE(API_DELETE, "/users/{id}",                   ACTION_USERS,     API_BLOCKS, user_disable),
    ROUTE(API_GET,    "/tokens",                       ACTION_USERS,     API_BLOCKS, tokens_get_all),
    ROUTE(API_POST,   "/tokens",                       ACTION_USERS,     API_BLOCKS, tokens_add),
    ROUTE(API_DELETE, "/tokens/{id}",                  ACTION_USERS,     API_BLOCKS, token_delete),
    ROUTE(API_GET,    "/audit",                        ACTION_AUDIT,     API_BLOCKS, audit_get),
    ROUTE(API_GET,    "/healthz",                      ACTION_PUBLIC,    API_BLOCKS, health_get),
    ROUTE(API_GET,    "/metrics",                      ACTION_METRICS,   API_BLOCKS, metrics_get),
};
/* clang-format on */
const size_t api_route_count = G_N_ELEMENTS(api_routes);

/* One segment: `*pattern` and `*path` stand behind a '/', and are moved to the next '/' or the end.
 */
static bool segment_match(const char **pattern, const char **path, const char **value,
                          size_t *length)
{
    size_t wanted = strcspn(*pattern, "/"), got = strcspn(*path, "/");
    *length = 0;
    bool fits;
    if (**pattern == '{') {
        const char *tail = (const char *)memchr(*pattern, '}', wanted) + 1;
        size_t tail_size = (size_t)(*pattern + wanted - tail);
        fits = got > tail_size && memcmp(*path + got - tail_size, tail, tail_size) == 0;
        *value = *path;
        *length = fits ? got - tail_size : 0;
    } else {
        fits = wanted == got && memcmp(*pattern, *path, got) == 0;
    }
    *pattern += wanted;
    *path += got;
    return fits;
}

bool route_match(const char *pattern, const char *path, char *values, size_t room,
                 const char *params[API_PATH_PARAMS])
{
    size_t count = 0;
    while (*pattern == '/' && *path == '/') {
        pattern++, path++;
        const char *value;
        size_t length;
        if (!segment_match(&pattern, &path, &value, &length))
            return false;
        if (!length)
            continue;
        if (length >= room)
            return false;
        memcpy(values, value, length);
        values[length] = '\0';
        params[count++] = values;
        values += length + 1;
        room -= length + 1;
    }
    return !*pattern && !*path;
}

const char *route_path(const char *path)
{
    if (g_str_has_prefix(path, API_PREFIX "/"))
        return path + strlen(API_PREFIX);
    return strcmp(path, "/healthz") == 0 || strcmp(path, "/metrics") == 0 ? path : NULL;
}

const ApiRoute *route_find(ApiMethod method, const char *path, char *values, size_t room,
                           const char *params[API_PATH_PARAMS], unsigned *allowed)
{
    *allowed = 0;
    if (method == API_HEAD)
        method = API_GET;
    for (size_t i = 0; i < api_route_count; i++) {
        if (!route_match(api_routes[i].pattern, path, values, room, params))
            continue;
        if (api_routes[i].method == method)
            return &api_routes[i];
        *allowed |= 1u << api_routes[i].method;
    }
    return NULL;
}
