/* repairs.c — repair tickets of cameras: list, open, change, history. */
#include "watch/repair.h"

#include "config/site.h"
#include "http/api/camera_json.h"
#include "http/api/handlers.h"

#include <string.h>

enum { ROWS_DEFAULT = 100, ROWS_MOST = 1000 };

static Json *repair_json(const RepairRow *row)
{
    char id[UUID_TEXT], camera[UUID_TEXT], event[UUID_TEXT];
    Json *json =
        json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "id", uuid_text(&row->id, id), "camera",
                  uuid_text(&row->camera, camera), "fault", row->fault, "state", row->state,
                  "owner", row->owner, "due", row->due, "funding", row->funding);
    json_object_set_new(json, "event",
                        uuid_is_nil(&row->event) ? json_null()
                                                 : json_string(uuid_text(&row->event, event)));
    json_object_set_new(json, "cost",
                        row->cost == REPAIR_COST_UNKNOWN ? json_null() : json_integer(row->cost));
    json_object_set_new(json, "created", json_time(row->created_us));
    json_object_set_new(json, "changed", json_time(row->changed_us));
    json_object_set_new(json, "done", json_time_or_null(row->done_us));
    return json;
}

static bool read_wanted(ApiCall *call, RepairsWanted *wanted, GError **error)
{
    const char *text = call_query(call, "state");
    *wanted = !text                          ? REPAIRS_ALL
              : strcmp(text, "open") == 0    ? REPAIRS_OPEN
              : strcmp(text, "settled") == 0 ? REPAIRS_SETTLED
                                             : REPAIRS_ALL;
    return !text || *wanted != REPAIRS_ALL ||
           err_set(error, ERR_INVALID, "‘state’ must be open or settled, not ‘%.40s’", text);
}

bool repairs_get_all(ApiCall *call, GError **error)
{
    Uuid camera;
    RepairsWanted wanted;
    int64_t limit = ROWS_DEFAULT, before = 0;
    const char *of = call_query(call, "camera");
    if (!read_wanted(call, &wanted, error) ||
        !call_query_int(call, "limit", 1, ROWS_MOST, &limit, error) ||
        !call_query_int(call, "cursor", 1, INT64_MAX, &before, error))
        return false;
    if (of && !uuid_parse(of, &camera))
        return err_set(error, ERR_INVALID, "‘camera’ must be the id of a camera");
    g_autoptr(CatalogDb) db = catalog_read(call->api->catalog, error);
    g_autoptr(GPtrArray) rows = NULL;
    if (!db ||
        !(rows = repairs_list(db, wanted, of ? &camera : NULL, before, (unsigned)limit + 1, error)))
        return false;
    Json *items = json_array(), *next = json_null();
    for (guint i = 0; i < MIN(rows->len, (guint)limit); i++)
        json_array_append_new(items, repair_json(rows->pdata[i]));
    if (rows->len > (guint)limit) {
        const RepairRow *last = rows->pdata[limit - 1];
        next = json_sprintf("%" G_GINT64_FORMAT, last->ref);
    }
    return call_json(call, 200, json_pack("{s:o, s:o}", "items", items, "next", next));
}

typedef struct Asked {
    RepairEdit edit;
    int64_t cost;
} Asked;

/* A cost of null is one that is not known. */
static bool read_cost(const Json *body, Asked *asked, GError **error)
{
    const Json *cost = json_object_get(body, "cost");
    asked->cost = REPAIR_COST_UNKNOWN;
    asked->edit.cost = cost ? &asked->cost : NULL;
    if (!json_get_int(body, "cost", &asked->cost, error))
        return false;
    return !json_is_integer(cost) || asked->cost >= 0 ||
           err_set(error, ERR_INVALID, "‘cost’ must not be below 0");
}

static bool read_edit(const Json *body, Asked *asked, GError **error)
{
    *asked = (Asked){0};
    RepairEdit *edit = &asked->edit;
    return body && json_get_text(body, "fault", &edit->fault, error) &&
           json_get_text(body, "state", &edit->state, error) &&
           json_get_text(body, "owner", &edit->owner, error) &&
           json_get_text(body, "due", &edit->due, error) &&
           json_get_text(body, "funding", &edit->funding, error) &&
           json_get_text(body, "note", &edit->note, error) && read_cost(body, asked, error);
}

static bool answer(ApiCall *call, int status, RepairRow *row, const char *action, GError **error)
{
    g_autoptr(RepairRow) owned = row;
    char id[UUID_TEXT];
    if (!row)
        return false;
    if (action)
        call_audit(call, action, uuid_text(&row->id, id), NULL, "ok");
    return call_json(call, status, repair_json(row));
}

bool repairs_add(ApiCall *call, GError **error)
{
    static const char *const members[] = {"camera", "event", "fault",   "state", "owner",
                                          "due",    "cost",  "funding", "note",  NULL};
    Asked asked;
    Uuid camera, event = {0};
    const char *of = NULL, *noticed = NULL;
    const Json *body = call_body(call, members, error);
    if (!read_edit(body, &asked, error) || !json_get_text(body, "camera", &of, error) ||
        !json_get_text(body, "event", &noticed, error))
        return false;
    if (!of || !uuid_parse(of, &camera))
        return err_set(error, ERR_INVALID, "‘camera’ must be the id of a camera");
    if (noticed && !uuid_parse(noticed, &event))
        return err_set(error, ERR_INVALID, "‘event’ must be the id of an event");
    g_autoptr(CameraRow) row = site_camera_get(call->api->site, &camera);
    if (!row)
        return err_set(error, ERR_NOT_FOUND, "there is no camera ‘%.64s’", of);
    return answer(call, 201,
                  repair_open(call->api->catalog, &camera, &event, &asked.edit,
                              &call->identity.account, clock_now_us(), error),
                  "repair-add", error);
}

static Json *step_json(const RepairStep *step)
{
    char who[UUID_TEXT];
    Json *json = json_pack("{s:s}", "note", step->note);
    Json *changes = json_parse(step->changes, strlen(step->changes), NULL);
    json_object_set_new(json, "at", json_time(step->at_us));
    json_object_set_new(json, "who",
                        uuid_is_nil(&step->who) ? json_null()
                                                : json_string(uuid_text(&step->who, who)));
    json_object_set_new(json, "changes", changes ? changes : json_object());
    return json;
}

bool repair_get(ApiCall *call, GError **error)
{
    Uuid id;
    if (!call_id(call, "repair", &id, error))
        return false;
    g_autoptr(CatalogDb) db = catalog_read(call->api->catalog, error);
    g_autoptr(RepairRow) row = db ? repairs_get(db, &id, error) : NULL;
    g_autoptr(GPtrArray) steps = row ? repairs_steps(db, &id, error) : NULL;
    if (!steps)
        return false;
    Json *json = repair_json(row), *history = json_array();
    for (guint i = 0; i < steps->len; i++)
        json_array_append_new(history, step_json(steps->pdata[i]));
    json_object_set_new(json, "history", history);
    return call_json(call, 200, json);
}

/* Words of people are left out of the log; the ticket's own history has them. */
static void compare(Changes *changes, const RepairRow *before, const RepairRow *after)
{
    changes_hidden(changes, "fault", before->fault, after->fault);
    changes_text(changes, "state", before->state, after->state);
    changes_hidden(changes, "owner", before->owner, after->owner);
    changes_text(changes, "due", before->due, after->due);
    changes_int(changes, "cost", before->cost, after->cost);
    changes_hidden(changes, "funding", before->funding, after->funding);
}

bool repair_edit(ApiCall *call, GError **error)
{
    static const char *const members[] = {"fault", "state",   "owner", "due",
                                          "cost",  "funding", "note",  NULL};
    Uuid id;
    Asked asked;
    if (!call_id(call, "repair", &id, error) ||
        !read_edit(call_body(call, members, error), &asked, error))
        return false;
    g_autoptr(CatalogDb) db = catalog_read(call->api->catalog, error);
    g_autoptr(RepairRow) before = db ? repairs_get(db, &id, error) : NULL;
    if (!before)
        return false;
    catalog_read_end(g_steal_pointer(&db));
    RepairRow *after = repair_change(call->api->catalog, &id, &asked.edit, &call->identity.account,
                                     clock_now_us(), error);
    if (after) {
        Changes changes = {0};
        compare(&changes, before, after);
        call_audit_changes(call, "repair-edit", call->params[0], &changes);
    }
    return answer(call, 200, after, NULL, error);
}
