/* views.c — saved views of the wall: list, save, change, remove. */
#include "people/saved_view.h"

#include "config/site.h"
#include "http/api/handlers.h"

#include <string.h>

#define EMPTY "-"

/* The places as whoever calls may see them: what is held back is told as such, what is gone counts
 * as empty. */
static void add_places(Json *json, const ApiCall *call, const char *text)
{
    Json *places = json_array(), *withheld = json_array();
    g_auto(GStrv) names = g_strsplit(text, " ", -1);
    for (unsigned i = 0; names[i]; i++) {
        Uuid id;
        g_autoptr(CameraRow) camera =
            uuid_parse(names[i], &id) ? site_camera_get(call->api->site, &id) : NULL;
        bool may = camera && call_may(call, ACTION_LIVE, camera);
        json_array_append_new(places, may ? json_string(names[i]) : json_null());
        if (camera && !may)
            json_array_append_new(withheld, json_integer(i));
    }
    json_object_set_new(json, "places", places);
    json_object_set_new(json, "withheld", withheld);
}

static Json *view_json(const ApiCall *call, const ViewRow *row)
{
    char id[UUID_TEXT];
    bool own = uuid_equal(&row->account, &call->identity.account);
    Json *json = json_pack("{s:s, s:s, s:I, s:I, s:b, s:b, s:b}", "id", uuid_text(&row->id, id),
                           "name", row->name, "layout", (json_int_t)row->layout, "turn_s",
                           (json_int_t)row->turn_s, "shared", row->shared, "own", own, "may_change",
                           view_may_change(&call->identity, row));
    add_places(json, call, row->places);
    return json;
}

static Json *list_item(ApiCall *call, const void *things, size_t i)
{
    const GPtrArray *rows = things;
    return view_json(call, rows->pdata[i]);
}

bool views_get_all(ApiCall *call, GError **error)
{
    g_autoptr(CatalogDb) db = catalog_read(call->api->catalog, error);
    g_autoptr(GPtrArray) rows = db ? views_list(db, &call->identity.account, error) : NULL;
    return rows && call_list(call, rows->len, list_item, rows, error);
}

/* One place: null, or a camera that whoever calls may watch. */
static bool read_place(ApiCall *call, const Json *place, GString *places, GError **error)
{
    Uuid id;
    if (places->len)
        g_string_append_c(places, ' ');
    if (json_is_null(place)) {
        g_string_append(places, EMPTY);
        return true;
    }
    const char *text = json_string_value(place);
    if (!text || !uuid_parse(text, &id))
        return err_set(error, ERR_INVALID, "‘places’ must hold ids of cameras, and null");
    g_autoptr(CameraRow) camera = site_camera_get(call->api->site, &id);
    if (!camera || !call_may(call, ACTION_LIVE, camera))
        return err_set(error, ERR_INVALID, "‘places’: there is no camera ‘%.64s’", text);
    g_string_append(places, text);
    return true;
}

/* NULL in `*places` (owned) when the body has none. */
static bool read_places(ApiCall *call, const Json *body, char **places, GError **error)
{
    *places = NULL;
    const Json *given = json_object_get(body, "places");
    if (!given)
        return true;
    size_t count = json_array_size(given);
    if (count < 1 || count > VIEW_PLACES_MOST)
        return err_set(error, ERR_INVALID, "‘places’ must be an array of 1 to %d places",
                       VIEW_PLACES_MOST);
    g_autoptr(GString) text = g_string_new(NULL);
    for (size_t i = 0; i < count; i++)
        if (!read_place(call, json_array_get(given, i), text, error))
            return false;
    *places = g_strdup(text->str);
    return true;
}

typedef struct Asked {
    ViewEdit edit;
    int64_t layout, turn_s;
    bool shared;
} Asked;

/* `*places` is owned by the caller, who keeps it as long as `asked`. */
static bool read_edit(ApiCall *call, Asked *asked, char **places, GError **error)
{
    static const char *const members[] = {"name", "layout", "turn_s", "shared", "places", NULL};
    const Json *body = call_body(call, members, error);
    *asked = (Asked){0};
    if (!body || !json_get_text(body, "name", &asked->edit.name, error) ||
        !json_get_int(body, "layout", &asked->layout, error) ||
        !json_get_int(body, "turn_s", &asked->turn_s, error) ||
        !json_get_bool(body, "shared", &asked->shared, error) ||
        !read_places(call, body, places, error))
        return false;
    asked->edit.layout = json_object_get(body, "layout") ? &asked->layout : NULL;
    asked->edit.turn_s = json_object_get(body, "turn_s") ? &asked->turn_s : NULL;
    asked->edit.shared = json_object_get(body, "shared") ? &asked->shared : NULL;
    asked->edit.places = *places;
    return true;
}

bool views_add(ApiCall *call, GError **error)
{
    Asked asked;
    char id[UUID_TEXT];
    g_autofree char *places = NULL;
    if (!read_edit(call, &asked, &places, error))
        return false;
    g_autoptr(ViewRow) row =
        view_add(call->api->catalog, &call->identity, &asked.edit, clock_now_us(), error);
    if (!row)
        return false;
    call_audit(call, "view-add", uuid_text(&row->id, id), NULL, "ok");
    return call_json(call, 201, view_json(call, row));
}

bool view_edit(ApiCall *call, GError **error)
{
    Uuid id;
    Asked asked;
    g_autofree char *places = NULL;
    g_autoptr(ViewRow) before = NULL;
    if (!call_id(call, "view", &id, error) || !read_edit(call, &asked, &places, error))
        return false;
    g_autoptr(ViewRow) row = view_change(call->api->catalog, &call->identity, &id, &asked.edit,
                                         clock_now_us(), &before, error);
    if (!row)
        return false;
    Changes changes = {0};
    changes_hidden(&changes, "name", before->name, row->name);
    changes_int(&changes, "layout", before->layout, row->layout);
    changes_int(&changes, "turn_s", before->turn_s, row->turn_s);
    changes_bool(&changes, "shared", before->shared, row->shared);
    changes_hidden(&changes, "places", before->places, row->places);
    call_audit_changes(call, "view-edit", call->params[0], &changes);
    return call_json(call, 200, view_json(call, row));
}

bool view_delete(ApiCall *call, GError **error)
{
    Uuid id;
    if (!call_id(call, "view", &id, error) ||
        !view_remove(call->api->catalog, &call->identity, &id, error))
        return false;
    call_audit(call, "view-remove", call->params[0], NULL, "ok");
    return call_empty(call);
}
