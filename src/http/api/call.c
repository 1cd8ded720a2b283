#include "http/api/call.h"

#include "base/time_text.h"
#include "casework/span.h"
#include "config/site.h"
#include "http/api/routes.h"
#include "http/problem.h"

#include <string.h>

bool call_may(const ApiCall *call, Action action, const CameraRow *camera)
{
    return rights_allow_camera(&call->identity, action, call->api->site, camera);
}

GPtrArray *call_cameras(const ApiCall *call)
{
    GPtrArray *rows = site_camera_list(call->api->site);
    for (guint i = rows->len; i-- > 0;)
        if (!call_may(call, ACTION_LIVE, rows->pdata[i]))
            g_ptr_array_remove_index(rows, i);
    return rows;
}

GPtrArray *call_locations(const ApiCall *call)
{
    GPtrArray *rows = site_location_list(call->api->site);
    for (guint i = rows->len; i-- > 0;)
        if (!rights_allow_location(&call->identity, ACTION_LIVE, rows->pdata[i]))
            g_ptr_array_remove_index(rows, i);
    return rows;
}

const char *call_query(const ApiCall *call, const char *name)
{
    for (size_t i = 0; i < call->request->query_count; i++)
        if (strcmp(call->request->query[i].name, name) == 0)
            return call->request->query[i].value;
    return NULL;
}

bool call_query_time(const ApiCall *call, const char *name, bool required, int64_t *time_us,
                     GError **error)
{
    const char *text = call_query(call, name);
    if (!text && !required)
        return true;
    if (!text)
        return err_set(error, ERR_INVALID,
                       "the query needs ‘%s’, a time such as 2026-11-24T07:30:00Z", name);
    /* The '+' of an offset, sent as it is, means a blank in a query. */
    g_autofree char *mended = g_strdelimit(g_strdup(text), " ", '+');
    if (!time_parse(mended, time_us))
        return err_set(error, ERR_INVALID, "‘%s’ must be a time such as 2026-11-24T07:30:00Z",
                       name);
    return true;
}

bool call_cursor(const ApiCall *call, int64_t *before_us, int64_t *before_ref, GError **error)
{
    const char *text = call_query(call, "cursor");
    if (!text)
        return true;
    g_auto(GStrv) parts = g_strsplit(text, "-", 2);
    return (g_strv_length(parts) == 2 &&
            g_ascii_string_to_signed(parts[0], 10, 1, INT64_MAX, before_us, NULL) &&
            g_ascii_string_to_signed(parts[1], 10, 1, INT64_MAX, before_ref, NULL)) ||
           err_set(error, ERR_INVALID, "‘cursor’ must be as ‘next’ of the page before said");
}

Json *call_next(int64_t time_us, int64_t ref)
{
    return json_sprintf("%" G_GINT64_FORMAT "-%" G_GINT64_FORMAT, time_us, ref);
}

bool call_body_time(const Json *body, const char *name, int64_t *time_us, const int64_t **asked,
                    GError **error)
{
    const char *text = NULL;
    if (!json_get_text(body, name, &text, error))
        return false;
    *asked = text ? time_us : NULL;
    return !text || time_parse(text, time_us) ||
           err_set(error, ERR_INVALID, "‘%s’ must be a time such as 2026-11-24T07:30:00Z", name);
}

bool call_body_id(const Json *body, const char *name, Uuid *id, const Uuid **asked, GError **error)
{
    const char *text = NULL;
    if (!json_get_text(body, name, &text, error))
        return false;
    *asked = text ? id : NULL;
    return !text || uuid_parse(text, id) || err_set(error, ERR_INVALID, "‘%s’ must be an id", name);
}

bool call_body_place(const Json *body, const char *name, PlacePoint *place,
                     const PlacePoint **asked, GError **error)
{
    const Json *told = json_object_get(body, name);
    *asked = NULL;
    if (!told || json_is_null(told))
        return true;
    *asked = place;
    return (json_is_object(told) && json_is_number(json_object_get(told, "lat")) &&
            json_is_number(json_object_get(told, "lon")) && json_object_size(told) == 2 &&
            json_get_double(told, "lat", &place->latitude, error) &&
            json_get_double(told, "lon", &place->longitude, error)) ||
           err_set(error, ERR_INVALID, "‘%s’ must have ‘lat’ and ‘lon’ in degrees", name);
}

Uuid call_maker(const ApiCall *call)
{
    return uuid_is_nil(&call->identity.token) ? call->identity.account : call->identity.token;
}

bool call_is_person(const ApiCall *call)
{
    return !uuid_is_nil(&call->identity.account) && uuid_is_nil(&call->identity.token);
}

bool call_refused_to_machines(ApiCall *call, const char *action, const char *object)
{
    if (call_is_person(call))
        return false;
    problem_set(call->response, 403, "two-persons",
                "this takes two persons with accounts of their own: neither the console nor a "
                "token is one");
    call_audit(call, action, object, NULL, "refused");
    return true;
}

bool call_query_int(const ApiCall *call, const char *name, int64_t least, int64_t most,
                    int64_t *value, GError **error)
{
    const char *text = call_query(call, name);
    if (text && !g_ascii_string_to_signed(text, 10, least, most, value, NULL))
        return err_set(error, ERR_INVALID,
                       "‘%s’ must be a whole number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT,
                       name, least, most);
    return true;
}

bool call_query_span(const ApiCall *call, int64_t most_us, bool cut_to_now, int64_t *from_us,
                     int64_t *to_us, GError **error)
{
    if (!call_query_time(call, "from", true, from_us, error) ||
        !call_query_time(call, "to", true, to_us, error))
        return false;
    if (*from_us >= *to_us)
        return err_set(error, ERR_INVALID, "‘from’ must be before ‘to’");
    int64_t now_us = clock_now_us();
    if (*from_us >= now_us)
        return err_set(error, ERR_INVALID,
                       "‘from’ lies in the future: nothing is recorded there yet");
    if (*to_us > now_us + SPAN_CLOCKS_APART_US && !cut_to_now)
        return err_set(error, ERR_INVALID,
                       "‘to’ lies in the future: nothing is recorded there yet");
    *to_us = MIN(*to_us, now_us);
    if (*to_us - *from_us > most_us)
        return err_set(error, ERR_INVALID, "from ‘from’ to ‘to’ may be at most %d hours",
                       (int)(most_us / HOUR_US));
    return true;
}

bool call_id(const ApiCall *call, const char *what, Uuid *id, GError **error)
{
    return uuid_parse(call->params[0], id) ||
           err_set(error, ERR_NOT_FOUND, "there is no %s ‘%.64s’", what, call->params[0]);
}

const Json *call_body(const ApiCall *call, const char *const allowed[], GError **error)
{
    const Json *body = call->request->body;
    if (!json_is_object(body)) {
        err_set(error, ERR_INVALID, "the body must be a JSON object");
        return NULL;
    }
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)body, name, value) if (!g_strv_contains(allowed, name))
    {
        err_set(error, ERR_INVALID, "‘%.64s’ is not known here", name);
        return NULL;
    }
    return body;
}

bool call_json(ApiCall *call, int status, Json *json)
{
    call->response->status = status;
    call->response->json = json;
    return true;
}

bool call_empty(ApiCall *call)
{
    call->response->status = 204;
    return true;
}

bool call_file(ApiCall *call, VirtualFile *file)
{
    call->response->status = 200;
    call->response->file = file;
    call->response->type = file->type;
    return true;
}

void call_header(ApiCall *call, const char *name, char *value)
{
    g_assert(call->response->header_count < API_HEADERS_MOST);
    call->response->headers[call->response->header_count++] = (ApiHeader){name, value};
}

enum { LIST_MOST = 1000 };

bool call_list(ApiCall *call, size_t count,
               Json *(*item)(ApiCall *call, const void *things, size_t i), const void *things,
               GError **error)
{
    int64_t limit = LIST_MOST, first = 0;
    if (!call_query_int(call, "limit", 1, LIST_MOST, &limit, error) ||
        !call_query_int(call, "cursor", 0, INT32_MAX, &first, error))
        return false;
    Json *items = json_array();
    size_t at = MIN((size_t)first, count), end = MIN(at + (size_t)limit, count);
    for (; at < end; at++)
        json_array_append_new(items, item(call, things, at));
    Json *list = json_pack("{s:o}", "items", items);
    json_object_set_new(list, "next", end < count ? json_sprintf("%zu", end) : json_null());
    return call_json(call, 200, list);
}

/* Residents and households without an account: their lines say what was done, and cannot be erased
 * with what they told. Who fetches a package by its link is no such person. */
static bool is_of_a_resident(const ApiCall *call)
{
    const char *path = call->request->path;
    return g_str_has_prefix(path, API_PREFIX "/public/reports") ||
           g_str_has_prefix(path, API_PREFIX "/public/requests");
}

static void sign(const ApiCall *call, AuditEntry *entry)
{
    entry->actor = call_maker(call);
    if (!is_of_a_resident(call)) {
        entry->address = call->request->console ? "console" : call->request->address;
        entry->device = call->request->device;
    }
    if (!entry->reason && *call->reason)
        entry->reason = call->reason;
    if (!entry->reason && *call->identity.purpose)
        entry->reason = call->identity.purpose;
}

/* What cannot be taken back: its line is on disk before it is answered, and no crash takes it. */
static const char *const for_good[] = {"case-release",
                                       "change-agree",
                                       "export-make",
                                       "household-revoke",
                                       "household-taken-back",
                                       "mask-end",
                                       "package-approve",
                                       "package-drop",
                                       "package-fetch",
                                       "package-hand",
                                       "report-erase",
                                       "unmask-approve",
                                       NULL};

static void audit(const ApiCall *call, AuditEntry *entry)
{
    if (!call->api->audit)
        return;
    sign(call, entry);
    audit_append(call->api->audit, entry);
    if (g_strcmp0(entry->result, "ok") == 0 && g_strv_contains(for_good, entry->action))
        audit_flush(call->api->audit, NULL); /* a disk that takes none is told by the log itself */
}

void call_audit(const ApiCall *call, const char *action, const char *object, const char *reason,
                const char *result)
{
    AuditEntry entry = {.action = action, .object = object, .reason = reason, .result = result};
    audit(call, &entry);
}

void call_audit_span(const ApiCall *call, const char *action, const Uuid *camera, int64_t from_us,
                     int64_t to_us)
{
    char id[UUID_TEXT];
    AuditEntry entry = {.action = action,
                        .object = uuid_text(camera, id),
                        .result = "ok",
                        .from_us = from_us,
                        .to_us = to_us};
    audit(call, &entry);
}

void call_audit_export(const ApiCall *call, const char *action, const Uuid *camera, int64_t from_us,
                       int64_t to_us, const Uuid *export_id)
{
    char id[UUID_TEXT];
    Changes changes = {0};
    changes_text(&changes, "export", "", uuid_text(export_id, id));
    call_audit_copy(call, action, camera, from_us, to_us, &changes);
}

void call_audit_copy(const ApiCall *call, const char *action, const Uuid *camera, int64_t from_us,
                     int64_t to_us, const Changes *changes)
{
    char id[UUID_TEXT];
    AuditEntry entry = {.action = action,
                        .object = uuid_text(camera, id),
                        .result = "ok",
                        .from_us = from_us,
                        .to_us = to_us,
                        .changes = changes->list,
                        .change_count = changes->count};
    audit(call, &entry);
}

void call_audit_changes(const ApiCall *call, const char *action, const char *object,
                        const Changes *changes)
{
    AuditEntry entry = {.action = action,
                        .object = object,
                        .result = "ok",
                        .changes = changes->list,
                        .change_count = changes->count};
    audit(call, &entry);
}

AuditLook *call_look(const ApiCall *call, const char *action, const Uuid *camera)
{
    char id[UUID_TEXT];
    AuditEntry entry = {.action = action, .object = uuid_text(camera, id)};
    if (!call->api->audit)
        return NULL;
    sign(call, &entry);
    return audit_look_new(call->api->audit, &entry);
}
