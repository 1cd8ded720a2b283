#include "http/api/trace_call.h"

#include "base/time_text.h"
#include "config/site.h"
#include "http/api/audit_names.h"

static bool is_own(const ApiCall *call, const Uuid *who)
{
    Uuid me = call_maker(call);
    return uuid_equal(&me, who);
}

static bool may_replay(const ApiCall *call, const Uuid *id)
{
    g_autoptr(CameraRow) camera = site_camera_known(call->api->site, id);
    return call_may(call, ACTION_REPLAY, camera);
}

bool trace_narrow(void *data, TraceRow *row)
{
    const ApiCall *call = data;
    for (guint i = row->sightings->len; i > 0; i--) {
        const SightingRow *sighting = row->sightings->pdata[i - 1];
        if (!may_replay(call, &sighting->camera))
            g_ptr_array_remove_index(row->sightings, i - 1);
    }
    return is_own(call, &row->who) || (row->shared && row->sightings->len > 0);
}

bool trace_may_change(const ApiCall *call, const TraceRow *trace)
{
    return is_own(call, &trace->who) ||
           (trace->shared && rights_allow_everywhere(call->identity.role, ACTION_CONFIGURE));
}

bool sighting_may_change(const ApiCall *call, const TraceRow *trace, const SightingRow *row)
{
    return is_own(call, &row->who) || trace_may_change(call, trace);
}

TraceRow *trace_find(ApiCall *call, GError **error)
{
    Uuid id;
    if (!call_id(call, "trace", &id, error))
        return NULL;
    g_autoptr(GError) trouble = NULL;
    g_autoptr(CatalogDb) db = catalog_read(call->api->catalog, error);
    g_autoptr(TraceRow) row = db ? traces_get(db, &id, &trouble) : NULL;
    if (!db)
        return NULL;
    if (trouble && !g_error_matches(trouble, ERR, ERR_NOT_FOUND))
        g_propagate_error(error, g_steal_pointer(&trouble));
    else if (!row || !trace_narrow(call, row))
        err_set(error, ERR_NOT_FOUND, "there is no trace ‘%.64s’", call->params[0]);
    else
        return g_steal_pointer(&row);
    return NULL;
}

static Json *sighting_json(const ApiCall *call, const TraceRow *trace, const SightingRow *row)
{
    char id[UUID_TEXT], camera[UUID_TEXT];
    Json *json = json_pack("{s:s, s:s, s:s, s:s, s:b}", "id", uuid_text(&row->id, id), "camera",
                           uuid_text(&row->camera, camera), "verdict", row->verdict, "note",
                           row->note, "may_change", sighting_may_change(call, trace, row));
    json_object_set_new(json, "from", json_time(row->from_us));
    json_object_set_new(json, "to",
                        row->to_us > row->from_us ? json_time(row->to_us) : json_null());
    json_object_set_new(json, "made_by", audit_actor_json(call->api, &row->who));
    json_object_set_new(json, "created", json_time(row->created_us));
    return json;
}

Json *trace_json(const ApiCall *call, const TraceRow *row)
{
    char id[UUID_TEXT];
    Json *sightings = json_array();
    for (guint i = 0; i < row->sightings->len; i++)
        json_array_append_new(sightings, sighting_json(call, row, row->sightings->pdata[i]));
    Json *json = json_pack("{s:s, s:s, s:b, s:b, s:o}", "id", uuid_text(&row->id, id), "name",
                           row->name, "shared", row->shared, "may_change",
                           trace_may_change(call, row), "sightings", sightings);
    json_object_set_new(json, "made_by", audit_actor_json(call->api, &row->who));
    json_object_set_new(json, "created", json_time(row->created_us));
    json_object_set_new(json, "changed", json_time(row->changed_us));
    return json;
}

bool trace_answer(ApiCall *call, int status, TraceRow *row)
{
    g_autoptr(TraceRow) own = row;
    trace_narrow(call, own);
    return call_json(call, status, trace_json(call, own));
}

bool sighting_read(const Json *body, SightingAsked *asked, GError **error)
{
    *asked = (SightingAsked){0};
    return body && call_body_time(body, "from", &asked->from_us, &asked->edit.from_us, error) &&
           call_body_time(body, "to", &asked->to_us, &asked->edit.to_us, error) &&
           json_get_text(body, "verdict", &asked->edit.verdict, error) &&
           json_get_text(body, "note", &asked->edit.note, error);
}

bool sighting_camera(const ApiCall *call, const Json *body, Uuid *camera, GError **error)
{
    const char *text = NULL;
    if (!json_get_text(body, "camera", &text, error))
        return false;
    if (!text || !uuid_parse(text, camera))
        return err_set(error, ERR_INVALID, "‘camera’ must be the id of a camera");
    g_autoptr(CameraRow) row = site_camera_known(call->api->site, camera);
    return (row && call_may(call, ACTION_REPLAY, row)) ||
           err_set(error, ERR_NOT_FOUND, "there is no camera ‘%.64s’", text);
}

void sighting_audit(ApiCall *call, const char *action, const TraceRow *trace,
                    const SightingRow *before, const SightingRow *after)
{
    static const SightingRow none = {.verdict = (char *)"", .note = (char *)""};
    const SightingRow *rows[] = {before ? before : &none, after ? after : &none};
    char id[UUID_TEXT], sighting[2][UUID_TEXT] = {"", ""}, camera[2][UUID_TEXT] = {"", ""};
    char from[2][TIME_TEXT] = {"", ""}, to[2][TIME_TEXT] = {"", ""};
    for (int i = 0; i < 2; i++) {
        if (rows[i] == &none)
            continue;
        uuid_text(&rows[i]->id, sighting[i]);
        uuid_text(&rows[i]->camera, camera[i]);
        time_text(rows[i]->from_us, from[i]);
        time_text(rows[i]->to_us, to[i]);
    }
    Changes changes = {0};
    changes_text(&changes, "sighting", sighting[0], sighting[1]);
    changes_text(&changes, "camera", camera[0], camera[1]);
    changes_text(&changes, "from", from[0], from[1]);
    changes_text(&changes, "to", to[0], to[1]);
    changes_text(&changes, "verdict", rows[0]->verdict, rows[1]->verdict);
    changes_hidden(&changes, "note", rows[0]->note, rows[1]->note);
    call_audit_changes(call, action, uuid_text(&trace->id, id), &changes);
}
