/* routes.h — all routes of the API, one row each: what, by which right, who answers, where.
 *
 * The test of every route × every role and the check against openapi.yaml are made from this table.
 */
#pragma once

#include "http/api/call.h"

typedef enum ApiPlace {
    API_BLOCKS = 1, /* on the pool: disk, SQL, hashing, or more than a moment of computing */
    API_QUICK,      /* may run on the service thread */
    API_UPLOADS,    /* on the pool, with a body that is a file */
    API_TABLES,     /* on the pool, with a body that is text/csv; to the handler a JSON string */
    API_CODES,      /* on the thread for what makes pictures, which stands back */
} ApiPlace;

/* What a route is about; the dispatcher asks for the right there, before the handler. */
typedef enum ApiScope {
    SCOPE_WHOLE = 1, /* no place, or the whole: only who may everywhere */
    SCOPE_CAMERA,    /* {id} is a camera */
    SCOPE_LOCATION,  /* {id} is a location */
    SCOPE_EACH,      /* many cameras or locations: the handler asks for each, call_cameras() */
} ApiScope;

/* What pictures of cameras a route hands out. The test of privacy masks is made from this, too. */
typedef enum ApiPictures {
    PICTURES_NONE = 1, /* none; an answer that is one does not leave */
    PICTURES_COVERED,  /* of one camera: masked.h says what of them is covered */
    PICTURES_SENT,     /* what people sent: no camera of the commune's */
    PICTURES_APPROVED, /* whole evidence packages, which two persons let go */
} ApiPictures;

typedef struct ApiRoute {
    ApiMethod method;
    const char *pattern; /* below API_PREFIX; "{id}" is one segment, "{name}.mp4" one with an end */
    Action action;
    ApiScope scope;
    ApiPlace place;
    ApiHandler handler;  /* NULL: WS /live, which is no request */
    ApiHandler may_send; /* of API_UPLOADS: may this file come? Asked before it does; else NULL */
    ApiPictures pictures;
} ApiRoute;

/* Is the answer one with pictures of which nobody asked what covers them? */
bool route_forgets_masks(const ApiRoute *route, const ApiCall *call);

const char *api_scope_text(ApiScope scope); /* "camera" … as in openapi.yaml */

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
