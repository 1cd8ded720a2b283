/* call.h — one call of a handler: who asks for what, and helpers to read it and to answer.
 *
 * A handler answers by a call_…() and returns true, or sets `error` and returns false; the error
 * becomes problem details.
 */
#pragma once

#include "base/clock.h"
#include "http/api/changes.h"
#include "http/api/context.h"
#include "people/audit.h"
#include "people/grants.h"
#include "people/people.h"
#include "place/place.h"

/* What was asked last of masks, and told: masked.h. */
typedef struct MaskedAsk {
    Uuid camera;
    int64_t from_us, to_us;
    uint64_t key;
    bool leaving;
} MaskedAsk;

typedef struct ApiCall {
    ApiContext *api;
    const ApiRequest *request;
    Identity identity;                   /* role ROLE_NONE: not signed in */
    const char *params[API_PATH_PARAMS]; /* of the path, in order */
    ApiResponse *response;
    bool masked; /* what covers its pictures was asked: masked.h */
    MaskedAsk masks;
    bool asked;                      /* whether footage may be handed out: access.h */
    const char *grant;               /* of the body; NULL: what the query has counts */
    char reason[GRANT_REASON_BYTES]; /* why it is looked at; goes into the audit log */
} ApiCall;

/* Who asks, by token, session or console; never blocks. */
Identity api_identity(ApiContext *api, const ApiRequest *request);

typedef bool (*ApiHandler)(ApiCall *call, GError **error);

/* May whoever asks do this at that camera? */
bool call_may(const ApiCall *call, Action action, const CameraRow *camera);

/* The cameras and locations of the site that whoever asks may see: CameraRow *, LocationRow *.
 * Returned owned. */
GPtrArray *call_cameras(const ApiCall *call);
GPtrArray *call_locations(const ApiCall *call);

/* NULL when the query has no such parameter. */
const char *call_query(const ApiCall *call, const char *name);

/* RFC 3339; leaves `*time_us` alone when there is none and it is not `required`. */
bool call_query_time(const ApiCall *call, const char *name, bool required, int64_t *time_us,
                     GError **error);
bool call_query_int(const ApiCall *call, const char *name, int64_t least, int64_t most,
                    int64_t *value, GError **error);

/* ?cursor of a list by time, "MICROSECONDS-REF" as `call_next()` wrote it; without one both stay.
 */
bool call_cursor(const ApiCall *call, int64_t *before_us, int64_t *before_ref, GError **error);
Json *call_next(int64_t time_us, int64_t ref); /* returns owned */

/* ?from&to: from before to, not in the future, at most `most_us` long. `*to_us` is cut to now when
 * `clip_to_now`, else a future `to` is an error. */
bool call_query_span(const ApiCall *call, int64_t most_us, bool cut_to_now, int64_t *from_us,
                     int64_t *to_us, GError **error);

/* The UUID in the path; ERR_NOT_FOUND when it is none, as for one that does not exist. */
bool call_id(const ApiCall *call, const char *what, Uuid *id, GError **error);

/* The JSON object of the body; ERR_INVALID without. Members not in `allowed` (NULL at its end) are
 * an error that names them. Borrowed. */
const Json *call_body(const ApiCall *call, const char *const allowed[], GError **error);

/* A member of a body that is a time. `*asked` points to `*time_us` when it is there, else is NULL.
 */
bool call_body_time(const Json *body, const char *name, int64_t *time_us, const int64_t **asked,
                    GError **error);

/* The same of an id, and of {"lat":…,"lon":…}. */
bool call_body_id(const Json *body, const char *name, Uuid *id, const Uuid **asked, GError **error);
bool call_body_place(const Json *body, const char *name, PlacePoint *place,
                     const PlacePoint **asked, GError **error);

/* Whoever asks, as rows name who made them: account or token; nil: the console. */
Uuid call_maker(const ApiCall *call);

/* Where two persons are needed, each is an account of its own: the console is none, and whoever
 * makes a token could be both. */
bool call_is_person(const ApiCall *call);

/* Answers 403 `two-persons`, audited as `action` on `object` (or NULL), to whatever is no person.
 */
bool call_refused_to_machines(ApiCall *call, const char *action, const char *object);

/* Answers; `json` is taken. Each returns true. */
bool call_json(ApiCall *call, int status, Json *json);
bool call_empty(ApiCall *call);
bool call_file(ApiCall *call, VirtualFile *file); /* takes `file` */

/* Adds a header; `name` is a constant, `value` is taken. */
void call_header(ApiCall *call, const char *name, char *value);

/* {"items":[…],"next":…} of `count` things by ?limit&cursor; `item` returns owned. */
bool call_list(ApiCall *call, size_t count,
               Json *(*item)(ApiCall *call, const void *things, size_t i), const void *things,
               GError **error);

/* Writes a line of the audit log in the name of whoever calls. `object`, `reason` may be NULL. */
void call_audit(const ApiCall *call, const char *action, const char *object, const char *reason,
                const char *result);
void call_audit_span(const ApiCall *call, const char *action, const Uuid *camera, int64_t from_us,
                     int64_t to_us);

/* The same, and the id of the export that was made of that footage, or went. */
void call_audit_export(const ApiCall *call, const char *action, const Uuid *camera, int64_t from_us,
                       int64_t to_us, const Uuid *export_id);

/* The same, with all that is told of a copy. */
void call_audit_copy(const ApiCall *call, const char *action, const Uuid *camera, int64_t from_us,
                     int64_t to_us, const Changes *changes);

/* The same of a setting, with what changed. */
void call_audit_changes(const ApiCall *call, const char *action, const char *object,
                        const Changes *changes);

/* A look of whoever calls at recorded pictures of `camera` (audit_look_new()). Returns owned; NULL
 * where nothing is audited. */
AuditLook *call_look(const ApiCall *call, const char *action, const Uuid *camera);
