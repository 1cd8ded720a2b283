/* events.c — what was noticed: lists, pictures, and what people think of it. An event of a camera
 * is there for who may replay that camera; one of the server itself for who may replay the
 * commune's cameras. */
#include "event/event.h"

#include "config/site.h"
#include "http/api/access.h"
#include "http/api/audit_names.h"
#include "http/api/camera_json.h"
#include "http/api/event_json.h"
#include "http/api/handlers.h"
#include "http/api/masked.h"
#include "picture/picture.h"

#include <string.h>

enum { ROWS_DEFAULT = 100, ROWS_MOST = 1000, SEEN_MOST = 200 };

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

/* With what people think of it. */
static Json *marked_json(ApiCall *call, const EventRow *row)
{
    Json *json = event_json(row);
    json_object_set_new(json, "mark", *row->mark ? json_string(row->mark) : json_null());
    json_object_set_new(json, "marked_by", audit_actor_json(call->api, &row->marked_by));
    json_object_set_new(json, "marked", json_time_or_null(row->marked_us));
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

/* Kinds of the query, and texts and ids that it borrows. */
typedef struct Asked {
    Uuid camera, location;
    char *kinds;
} Asked;

static void asked_clear(Asked *asked)
{
    g_free(asked->kinds);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Asked, asked_clear)

/* One kind, or several with commas between. */
static bool read_kinds(ApiCall *call, Asked *asked, EventQuery *query, GError **error)
{
    EventKind kind;
    const char *text = call_query(call, "kind");
    if (!text)
        return true;
    g_auto(GStrv) kinds = g_strsplit(text, ",", EVENT_KINDS + 1);
    for (guint i = 0; i == 0 || kinds[i]; i++)
        if (!kinds[i] || !event_kind_parse(kinds[i], &kind))
            return err_set(error, ERR_INVALID, "there are no events of the kind ‘%.40s’",
                           kinds[i] ? kinds[i] : "");
    if (g_strv_length(kinds) == 1)
        query->kind = text;
    else
        query->kinds = asked->kinds = g_strdup_printf(",%s,", text);
    return true;
}

static bool read_mark(ApiCall *call, EventQuery *query, GError **error)
{
    const char *text = call_query(call, "mark");
    query->mark = g_strcmp0(text, "none") == 0 ? "" : text;
    return !text || (*text && event_mark_known(query->mark)) ||
           err_set(error, ERR_INVALID, "‘mark’ must be none, seen, real or false-alarm");
}

static bool read_place(ApiCall *call, const char *name, Uuid *id, const Uuid **asked,
                       GError **error)
{
    const char *text = call_query(call, name);
    *asked = text ? id : NULL;
    return !text || uuid_parse(text, id) ||
           err_set(error, ERR_INVALID, "‘%s’ must be the id of a %s", name, name);
}

static bool read_query(ApiCall *call, Asked *asked, EventQuery *query, GError **error)
{
    int64_t limit = ROWS_DEFAULT;
    *query = (EventQuery){.to_us = INT64_MAX, .may = may_see, .data = call};
    if (!call_query_time(call, "from", false, &query->from_us, error) ||
        !call_query_time(call, "to", false, &query->to_us, error) ||
        !call_query_int(call, "limit", 1, ROWS_MOST, &limit, error) ||
        !call_cursor(call, &query->before_us, &query->before_ref, error) ||
        !read_kinds(call, asked, query, error) || !read_mark(call, query, error) ||
        !read_place(call, "camera", &asked->camera, &query->camera, error) ||
        !read_place(call, "location", &asked->location, &query->location, error))
        return false;
    query->limit = (unsigned)limit + 1;
    return true;
}

bool events_get_all(ApiCall *call, GError **error)
{
    g_auto(Asked) asked = {0};
    EventQuery query;
    if (!read_query(call, &asked, &query, error))
        return false;
    g_autoptr(GPtrArray) rows = events_list(call->api->events, &query, error);
    if (!rows)
        return false;
    Json *items = json_array(), *next = json_null();
    size_t count = MIN(rows->len, query.limit - 1);
    for (size_t i = 0; i < count; i++)
        json_array_append_new(items, marked_json(call, rows->pdata[i]));
    if (rows->len > count) {
        const EventRow *last = rows->pdata[count - 1];
        next = call_next(last->from_us, last->ref);
    }
    return call_json(call, 200, json_pack("{s:o, s:o}", "items", items, "next", next));
}

/* One that may not be seen is told as one that is not there. */
static EventRow *find_id(ApiCall *call, const Uuid *id, GError **error)
{
    char text[UUID_TEXT];
    g_autoptr(GError) trouble = NULL;
    g_autoptr(EventRow) row = events_get(call->api->events, id, &trouble);
    if (row && may_see(call, &row->camera))
        return g_steal_pointer(&row);
    if (!trouble || g_error_matches(trouble, ERR, ERR_NOT_FOUND))
        err_set(error, ERR_NOT_FOUND, "there is no event ‘%s’", uuid_text(id, text));
    else
        g_propagate_error(error, g_steal_pointer(&trouble));
    return NULL;
}

static EventRow *find(ApiCall *call, GError **error)
{
    Uuid id;
    return call_id(call, "event", &id, error) ? find_id(call, &id, error) : NULL;
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
    if (!access_span(call, &row->camera, row->from_us, row->from_us))
        return true;
    /* Some are taken when the event is over. */
    g_autoptr(MaskSet) masks =
        masked_for(call, &row->camera, row->from_us, MAX(row->from_us, row->to_us));
    if (!masks)
        call->response->bytes = buffer_copy(jpeg, bytes);
    else if (!picture_jpeg_masked((const uint8_t *)jpeg, bytes, masks, &call->response->bytes,
                                  error))
        return false;
    call->response->status = 200;
    call->response->type = "image/jpeg";
    /* A list shows many: they are one look. */
    g_autoptr(AuditLook) look = call_look(call, "event-picture", &row->camera);
    if (look)
        audit_look_seen(look, AUDIT_JOIN_ANY, row->from_us, row->from_us);
    return true;
}

/* ---- marks ---- */

static void audit_mark(ApiCall *call, const EventRow *row, const char *mark)
{
    char id[UUID_TEXT];
    Changes changes = {0};
    changes_text(&changes, "mark", row->mark, mark);
    call_audit_changes(call, "event-mark", uuid_text(&row->id, id), &changes);
}

static EventMark mark_of(const ApiCall *call, const Uuid *event, const char *was, const char *mark)
{
    return (EventMark){*event, was, mark, call->identity.account, clock_now_us()};
}

bool event_change(ApiCall *call, GError **error)
{
    static const char *const members[] = {"mark", NULL};
    const char *mark = "";
    bool set = false;
    const Json *body = call_body(call, members, error);
    if (!body || !json_get_text(body, "mark", &mark, error))
        return false;
    const Json *given = json_object_get(body, "mark");
    if (!given || (!json_is_null(given) && !*mark) || !event_mark_known(mark))
        return err_set(error, ERR_INVALID, "‘mark’ must be seen, real, false-alarm or null");
    g_autoptr(EventRow) before = find(call, error);
    if (!before)
        return false;
    EventMark one = mark_of(call, &before->id, NULL, mark);
    if (!events_mark(call->api->events, &one, 1, &set, error))
        return false;
    g_autoptr(EventRow) after = find(call, error);
    if (!after)
        return false;
    if (strcmp(before->mark, mark) != 0)
        audit_mark(call, before, mark);
    return call_json(call, 200, marked_json(call, after));
}

/* EventRow * of those in the body that are there for whoever asks; returned owned. */
static GPtrArray *read_ids(ApiCall *call, const Json *ids, GError **error)
{
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)event_row_free);
    if (!json_is_array(ids) || json_array_size(ids) == 0 || json_array_size(ids) > SEEN_MOST) {
        err_set(error, ERR_INVALID, "‘ids’ must name 1 to %d events", SEEN_MOST);
        return NULL;
    }
    for (size_t i = 0; i < json_array_size(ids); i++) {
        Uuid id;
        g_autoptr(GError) trouble = NULL;
        const char *text = json_string_value(json_array_get(ids, i));
        if (!text || !uuid_parse(text, &id)) {
            err_set(error, ERR_INVALID, "‘ids’ must be ids of events");
            return NULL;
        }
        EventRow *row = find_id(call, &id, &trouble);
        if (row) {
            g_ptr_array_add(rows, row);
        } else if (!g_error_matches(trouble, ERR, ERR_NOT_FOUND)) {
            g_propagate_error(error, g_steal_pointer(&trouble));
            return NULL;
        }
    }
    return g_steal_pointer(&rows);
}

/* Many at once: nobody's judgement is lost by it. What has no mark becomes seen, or what is seen
 * has no mark again. */
bool events_change(ApiCall *call, GError **error)
{
    static const char *const members[] = {"ids", "seen", NULL};
    const Json *body = call_body(call, members, error);
    if (!body)
        return false;
    const Json *wish = json_object_get(body, "seen");
    if (!json_is_boolean(wish))
        return err_set(error, ERR_INVALID, "‘seen’ must be true or false");
    const char *was = json_is_true(wish) ? "" : "seen", *mark = json_is_true(wish) ? "seen" : "";
    g_autoptr(GPtrArray) rows = read_ids(call, json_object_get(body, "ids"), error);
    if (!rows)
        return false;
    EventMark marks[SEEN_MOST];
    bool set[SEEN_MOST] = {false};
    for (guint i = 0; i < rows->len; i++)
        marks[i] = mark_of(call, &((EventRow *)rows->pdata[i])->id, was, mark);
    if (rows->len > 0 && !events_mark(call->api->events, marks, rows->len, set, error))
        return false;
    Json *items = json_array();
    for (guint i = 0; i < rows->len; i++) {
        if (set[i])
            audit_mark(call, rows->pdata[i], mark);
        g_autoptr(EventRow) row = find_id(call, &marks[i].event, NULL);
        if (row)
            json_array_append_new(items, marked_json(call, row));
    }
    return call_json(call, 200, json_pack("{s:o}", "items", items));
}
