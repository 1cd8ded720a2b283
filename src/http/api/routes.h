/* routes.h — all routes of the API, one row each: what, by which right, who answers, where.
 *
 * The test of every route × every role and the check against openapi.yaml are made from this table.
 */
#pragma once

#include "http/api/call.h"

typedef enum ApiPlace {
    API_BLOCKS = 1, /* on the pool: disk, SQL, hashing, or more than a moment of computing */
    API_QUICK,      /* may run on the service thread */
} ApiPlace;

typedef struct ApiRoute {
    ApiMethod method;
    const char *pattern; /* below API_PREFIX; "{id}" is one segment, "{name}.mp4" one with an end */
    Action action;
    ApiPlace place;
    ApiHandler handler; /* NULL: WS /live, which is no request */
} ApiRoute;

#define API_PREFIX "/api/v1"

extern const ApiRoute api_routes[];
extern const size_t api_route_count;

/* Does `path` (below the prefix) fit? Copies the parameters to `values` (with `room` bytes). */
bool route_match(const char *pattern, const char *path, char *values, size_t room,
                 const char *params[API_PATH_PARAMS]);

/* The path below the prefix: "/api/v1/cameras" → "/cameras"; "/healthz" and "/metrics" as they are.
 * NULL for a path that is not the API's. */
const char *route_path(const char *path);

/* The route of a request, or NULL; `*allowed` then holds the methods the path has, one bit each. */
const ApiRoute *route_find(ApiMethod method, const char *path, char *values, size_t room,
                           const char *params[API_PATH_PARAMS], unsigned *allowed);
