/* bookmarks.c — what people want to find again. A bookmark is there for who made it, and when it is
 * shared for all who may replay its camera; its maker changes it, and an admin one that is shared.
 */
#include "casework/bookmark.h"

#include "base/time_text.h"
#include "config/site.h"
#include "http/api/audit_names.h"
#include "http/api/camera_json.h"
#include "http/api/handlers.h"

#include <string.h>

enum { ROWS_DEFAULT = 100, ROWS_MOST = 1000 };

static bool is_own(const ApiCall *call, const BookmarkRow *row)
{
    Uuid me = call_maker(call);
    return uuid_equal(&me, &row->who);
}

static bool may_see(void *data, const BookmarkRow *row)
{
    const ApiCall *call = data;
    g_autoptr(CameraRow) camera = site_camera_known(call->api->site, &row->camera);
    return camera && call_may(call, ACTION_REPLAY, camera) && (row->shared || is_own(call, row));
}

static bool may_change(const ApiCall *call, const BookmarkRow *row)
{
    return is_own(call, row) || rights_allow_everywhere(call->identity.role, ACTION_CONFIGURE);
}

static Json *bookmark_json(const ApiCall *call, const BookmarkRow *row)
{
    char id[UUID_TEXT], camera[UUID_TEXT];
    Json *json = json_pack("{s:s, s:s, s:s, s:b, s:b}", "id", uuid_text(&row->id, id), "camera",
                           uuid_text(&row->camera, camera), "note", row->note, "shared",
                           row->shared, "may_change", may_change(call, row));
    json_object_set_new(json, "from", json_time(row->from_us));
    json_object_set_new(json, "to",
                        row->to_us > row->from_us ? json_time(row->to_us) : json_null());
    json_object_set_new(json, "made_by", audit_actor_json(call->api, &row->who));
    json_object_set_new(json, "created", json_time(row->created_us));
    json_object_set_new(json, "changed", json_time(row->changed_us));
    return json;
}

static bool read_query(ApiCall *call, Uuid ids[2], BookmarkQuery *query, GError **error)
{
    int64_t limit = ROWS_DEFAULT;
    const char *camera = call_query(call, "camera"), *who = call_query(call, "who");
    *query = (BookmarkQuery){
        .to_us = INT64_MAX, .words = call_query(call, "q"), .may = may_see, .data = call};
    if (!call_query_time(call, "from", false, &query->from_us, error) ||
        !call_query_time(call, "to", false, &query->to_us, error) ||
        !call_query_int(call, "limit", 1, ROWS_MOST, &limit, error) ||
        !call_cursor(call, &query->before_us, &query->before_ref, error))
        return false;
    if (camera && !uuid_parse(camera, &ids[0]))
        return err_set(error, ERR_INVALID, "‘camera’ must be the id of a camera");
    if (who && strcmp(who, "me") == 0)
        ids[1] = call_maker(call);
    else if (who && !uuid_parse(who, &ids[1]))
        return err_set(error, ERR_INVALID, "‘who’ must be me, or the id of an account");
    query->camera = camera ? &ids[0] : NULL;
    query->who = who ? &ids[1] : NULL;
    query->limit = (unsigned)limit + 1;
    return true;
}

bool bookmarks_get_all(ApiCall *call, GError **error)
{
    Uuid ids[2];
    BookmarkQuery query;
    if (!read_query(call, ids, &query, error))
        return false;
    g_autoptr(CatalogDb) db = catalog_read(call->api->catalog, error);
    g_autoptr(GPtrArray) rows = db ? bookmarks_list(db, &query, error) : NULL;
    if (!rows)
        return false;
    Json *items = json_array(), *next = json_null();
    guint count = MIN(rows->len, query.limit - 1);
    for (guint i = 0; i < count; i++)
        json_array_append_new(items, bookmark_json(call, rows->pdata[i]));
    if (rows->len > count) {
        const BookmarkRow *last = rows->pdata[count - 1];
        next = call_next(last->from_us, last->ref);
    }
    return call_json(call, 200, json_pack("{s:o, s:o}", "items", items, "next", next));
}

/* Values that a BookmarkEdit points to. */
typedef struct Asked {
    BookmarkEdit edit;
    int64_t from_us, to_us;
    bool shared;
} Asked;

static bool read_edit(const Json *body, Asked *asked, GError **error)
{
    *asked = (Asked){0};
    if (!body || !call_body_time(body, "from", &asked->from_us, &asked->edit.from_us, error) ||
        !call_body_time(body, "to", &asked->to_us, &asked->edit.to_us, error) ||
        !json_get_text(body, "note", &asked->edit.note, error) ||
        !json_get_bool(body, "shared", &asked->shared, error))
        return false;
    asked->edit.shared = json_is_boolean(json_object_get(body, "shared")) ? &asked->shared : NULL;
    return true;
}

/* The note is named as changed, never told. */
static void audit_change(ApiCall *call, const char *action, const Uuid *id,
                         const BookmarkRow *before, const BookmarkRow *after)
{
    static const BookmarkRow none = {.note = (char *)""};
    char text[UUID_TEXT], camera[2][UUID_TEXT] = {"", ""};
    char from[2][TIME_TEXT] = {"", ""}, to[2][TIME_TEXT] = {"", ""};
    const BookmarkRow *rows[] = {before ? before : &none, after ? after : &none};
    Changes changes = {0};
    for (int i = 0; i < 2; i++) {
        if (rows[i] == &none)
            continue;
        uuid_text(&rows[i]->camera, camera[i]);
        time_text(rows[i]->from_us, from[i]);
        time_text(rows[i]->to_us, to[i]);
    }
    changes_text(&changes, "camera", camera[0], camera[1]);
    changes_text(&changes, "from", from[0], from[1]);
    changes_text(&changes, "to", to[0], to[1]);
    changes_hidden(&changes, "note", rows[0]->note, rows[1]->note);
    changes_bool(&changes, "shared", rows[0]->shared, rows[1]->shared);
    call_audit_changes(call, action, uuid_text(id, text), &changes);
}

bool bookmarks_add(ApiCall *call, GError **error)
{
    static const char *const members[] = {"camera", "from", "to", "note", "shared", NULL};
    Asked asked;
    Uuid camera, me = call_maker(call);
    const char *of = NULL;
    const Json *body = call_body(call, members, error);
    if (!read_edit(body, &asked, error) || !json_get_text(body, "camera", &of, error))
        return false;
    if (!of || !uuid_parse(of, &camera))
        return err_set(error, ERR_INVALID, "‘camera’ must be the id of a camera");
    g_autoptr(CameraRow) row = site_camera_known(call->api->site, &camera);
    if (!row || !call_may(call, ACTION_REPLAY, row))
        return err_set(error, ERR_NOT_FOUND, "there is no camera ‘%.64s’", of);
    g_autoptr(BookmarkRow) made =
        bookmark_add(call->api->catalog, &camera, &asked.edit, &me, clock_now_us(), error);
    if (!made)
        return false;
    audit_change(call, "bookmark-add", &made->id, NULL, made);
    return call_json(call, 201, bookmark_json(call, made));
}

/* One that may not be seen is told as one that is not there. */
static BookmarkRow *find_own(ApiCall *call, GError **error)
{
    Uuid id;
    if (!call_id(call, "bookmark", &id, error))
        return NULL;
    g_autoptr(GError) trouble = NULL;
    g_autoptr(CatalogDb) db = catalog_read(call->api->catalog, error);
    g_autoptr(BookmarkRow) row = db ? bookmarks_get(db, &id, &trouble) : NULL;
    if (!db)
        return NULL;
    if (trouble && !g_error_matches(trouble, ERR, ERR_NOT_FOUND))
        g_propagate_error(error, g_steal_pointer(&trouble));
    else if (!row || !may_see(call, row))
        err_set(error, ERR_NOT_FOUND, "there is no bookmark ‘%.64s’", call->params[0]);
    else if (!may_change(call, row))
        err_set(error, ERR_DENIED, "only who made a bookmark changes it");
    else
        return g_steal_pointer(&row);
    return NULL;
}

bool bookmark_edit(ApiCall *call, GError **error)
{
    static const char *const members[] = {"from", "to", "note", "shared", NULL};
    Asked asked;
    if (!read_edit(call_body(call, members, error), &asked, error))
        return false;
    g_autoptr(BookmarkRow) before = find_own(call, error);
    if (!before)
        return false;
    g_autoptr(BookmarkRow) after =
        bookmark_change(call->api->catalog, &before->id, &asked.edit, clock_now_us(), error);
    if (!after)
        return false;
    audit_change(call, "bookmark-edit", &after->id, before, after);
    return call_json(call, 200, bookmark_json(call, after));
}

bool bookmark_delete(ApiCall *call, GError **error)
{
    g_autoptr(BookmarkRow) row = find_own(call, error);
    if (!row || !bookmark_remove(call->api->catalog, &row->id, error))
        return false;
    audit_change(call, "bookmark-remove", &row->id, row, NULL);
    return call_empty(call);
}
