/* events.c — what was noticed: lists and pictures. An event of a camera is there for who may replay
 * that camera; one of the server itself for who may replay the commune's cameras. */
#include "event/event.h"

#include "config/site.h"
#include "http/api/camera_json.h"
#include "http/api/event_json.h"
#include "http/api/handlers.h"

#include <string.h>

enum { ROWS_DEFAULT = 100, ROWS_MOST = 1000 };

Json *event_json(const EventRow *row)
{
    char id[UUID_TEXT], camera[UUID_TEXT];
    Json *json = json_object();
    json_object_set_new(json, "id", json_string(uuid_text(&row->id, id)));
    json_object_set_new(json, "camera",
                        uuid_is_nil(&row->camera) ? json_null()
                                                  : json_string(uuid_text(&row->camera, camera)));
    json_object_set_new(json, "kind", json_string(row->kind));
    json_object_set_new(json, "from", json_time(row->from_us));
    json_object_set_new(json, "to", row->open ? json_null() : json_time(row->to_us));
    json_object_set_new(json, "detail", json_text_or_null(row->detail));
    json_object_set_new(json, "picture", json_boolean(row->picture_bytes > 0));
    return json;
}

static bool may_see(void *data, const Uuid *camera)
{
    const ApiCall *call = data;
    if (uuid_is_nil(camera))
        return call_may(call, ACTION_REPLAY, NULL);
    g_autoptr(CameraRow) row = site_camera_known(call->api->site, camera);
    return row && call_may(call, ACTION_REPLAY, row);
}

static bool read_cursor(ApiCall *call, EventQuery *query, GError **error)
{
    const char *text = call_query(call, "cursor");
    if (!text)
        return true;
    g_auto(GStrv) parts = g_strsplit(text, "-", 2);
    return (g_strv_length(parts) == 2 &&
            g_ascii_string_to_signed(parts[0], 10, 1, INT64_MAX, &query->before_us, NULL) &&
            g_ascii_string_to_signed(parts[1], 10, 1, INT64_MAX, &query->before_ref, NULL)) ||
           err_set(error, ERR_INVALID, "‘cursor’ must be as ‘next’ of the page before said");
}

static bool read_query(ApiCall *call, Uuid *camera, EventQuery *query, GError **error)
{
    EventKind kind;
    int64_t limit = ROWS_DEFAULT;
    const char *of = call_query(call, "camera"), *asked = call_query(call, "kind");
    *query = (EventQuery){.to_us = INT64_MAX, .may = may_see, .data = call};
    if (!call_query_time(call, "from", false, &query->from_us, error) ||
        !call_query_time(call, "to", false, &query->to_us, error) ||
        !call_query_int(call, "limit", 1, ROWS_MOST, &limit, error) ||
        !read_cursor(call, query, error))
        return false;
    if (of && !uuid_parse(of, camera))
        return err_set(error, ERR_INVALID, "‘camera’ must be the id of a camera");
    if (asked && !event_kind_parse(asked, &kind))
        return err_set(error, ERR_INVALID, "there are no events of the kind ‘%.40s’", asked);
    query->camera = of ? camera : NULL;
    query->kind = asked;
    query->limit = (unsigned)limit + 1;
    return true;
}

bool events_get_all(ApiCall *call, GError **error)
{
    Uuid camera;
    EventQuery query;
    if (!read_query(call, &camera, &query, error))
        return false;
    g_autoptr(GPtrArray) rows = events_list(call->api->events, &query, error);
    if (!rows)
        return false;
    Json *items = json_array(), *next = json_null();
    size_t count = MIN(rows->len, query.limit - 1);
    for (size_t i = 0; i < count; i++)
        json_array_append_new(items, event_json(rows->pdata[i]));
    if (rows->len > count) {
        const EventRow *last = rows->pdata[count - 1];
        next = json_sprintf("%" G_GINT64_FORMAT "-%" G_GINT64_FORMAT, last->from_us, last->ref);
    }
    return call_json(call, 200, json_pack("{s:o, s:o}", "items", items, "next", next));
}

/* One that may not be seen is told as one that is not there. */
static EventRow *find(ApiCall *call, GError **error)
{
    Uuid id;
    g_autoptr(GError) trouble = NULL;
    if (!call_id(call, "event", &id, error))
        return NULL;
    g_autoptr(EventRow) row = events_get(call->api->events, &id, &trouble);
    if (row && may_see(call, &row->camera))
        return g_steal_pointer(&row);
    if (!trouble || g_error_matches(trouble, ERR, ERR_NOT_FOUND))
        err_set(error, ERR_NOT_FOUND, "there is no event ‘%.64s’", call->params[0]);
    else
        g_propagate_error(error, g_steal_pointer(&trouble));
    return NULL;
}

bool event_get_picture(ApiCall *call, GError **error)
{
    size_t bytes;
    g_autoptr(EventRow) row = find(call, error);
    if (!row)
        return false;
    g_autofree char *jpeg = events_picture_read(call->api->events, row, &bytes, error);
    if (!jpeg)
        return false;
    call->response->status = 200;
    call->response->type = "image/jpeg";
    call->response->bytes = buffer_copy(jpeg, bytes);
    call_audit_span(call, "snapshot", &row->camera, row->from_us, row->from_us);
    return true;
}
