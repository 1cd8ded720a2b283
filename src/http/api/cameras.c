#include "http/api/handlers.h"

#include "config/site.h"
#include "http/api/camera_json.h"
#include "http/api/pending.h"

static Json *list_item(ApiCall *call, const void *things, size_t i)
{
    const GPtrArray *rows = things;
    return camera_json(call, rows->pdata[i]);
}

bool cameras_get_all(ApiCall *call, GError **error)
{
    g_autoptr(GPtrArray) rows = call_cameras(call);
    return call_list(call, rows->len, list_item, rows, error);
}

typedef struct Asked {
    CameraEdit edit;
    Uuid location;
    bool audio, record_sub, view_off, paused;
    int64_t connections, retention_days, retention_bytes;
    int64_t heading_deg, fov_deg, reach_m, height_cm;
} Asked;

/* What JSON tells apart and CameraEdit does not: null clears, a missing member leaves as it is. */
static const char *text_or_clear(const Json *body, const char *name, const char *value)
{
    return json_is_null(json_object_get(body, name)) ? "" : value;
}

static bool read_texts(const Json *body, CameraEdit *edit, GError **error)
{
    if (!json_get_text(body, "name", &edit->name, error) ||
        !json_get_text(body, "url", &edit->url, error) ||
        !json_get_text(body, "sub_url", &edit->sub_url, error) ||
        !json_get_text(body, "user", &edit->user, error) ||
        !json_get_text(body, "password", &edit->password, error) ||
        !json_get_text(body, "fingerprint", &edit->fingerprint, error) ||
        !json_get_text(body, "transport", &edit->transport, error) ||
        !json_get_text(body, "onvif", &edit->onvif, error) ||
        !json_get_text(body, "pause_reason", &edit->pause_reason, error) ||
        !json_get_text(body, "schedule", &edit->schedule, error))
        return false;
    edit->sub_url = text_or_clear(body, "sub_url", edit->sub_url);
    edit->user = text_or_clear(body, "user", edit->user);
    edit->password = text_or_clear(body, "password", edit->password);
    edit->fingerprint = text_or_clear(body, "fingerprint", edit->fingerprint);
    edit->onvif = text_or_clear(body, "onvif", edit->onvif);
    edit->transport = text_or_clear(body, "transport", edit->transport);
    edit->pause_reason = text_or_clear(body, "pause_reason", edit->pause_reason);
    edit->schedule = text_or_clear(body, "schedule", edit->schedule);
    return true;
}

static bool read_location(const Json *body, Asked *asked, GError **error)
{
    const Json *value = json_object_get(body, "location");
    if (!value)
        return true;
    asked->location = (Uuid){0};
    asked->edit.location = &asked->location;
    return json_is_null(value) ||
           (json_is_string(value) && uuid_parse(json_string_value(value), &asked->location)) ||
           err_set(error, ERR_INVALID, "‘location’ must be the id of a location, or null");
}

static bool read_numbers(const Json *body, Asked *asked, GError **error)
{
    if (!json_get_bool(body, "audio", &asked->audio, error) ||
        !json_get_bool(body, "record_sub", &asked->record_sub, error) ||
        !json_get_bool(body, "view_off", &asked->view_off, error) ||
        !json_get_bool(body, "paused", &asked->paused, error) ||
        !json_get_int(body, "connections", &asked->connections, error) ||
        !json_get_int(body, "retention_days", &asked->retention_days, error) ||
        !json_get_int(body, "retention_bytes", &asked->retention_bytes, error))
        return false;
    if (json_object_get(body, "audio"))
        asked->edit.audio = &asked->audio;
    if (json_object_get(body, "record_sub"))
        asked->edit.record_sub = &asked->record_sub;
    if (json_object_get(body, "view_off"))
        asked->edit.view_off = &asked->view_off;
    if (json_object_get(body, "paused"))
        asked->edit.paused = &asked->paused;
    if (json_object_get(body, "connections"))
        asked->edit.connections = &asked->connections;
    if (json_object_get(body, "retention_days"))
        asked->edit.retention_days = &asked->retention_days;
    if (json_object_get(body, "retention_bytes"))
        asked->edit.retention_bytes = &asked->retention_bytes;
    return true;
}

/* null: where it looks is not known. */
static bool read_aim(const Json *body, Asked *asked, GError **error)
{
    asked->heading_deg = -1;
    if (!json_get_int(body, "heading_deg", &asked->heading_deg, error) ||
        !json_get_int(body, "fov_deg", &asked->fov_deg, error) ||
        !json_get_int(body, "reach_m", &asked->reach_m, error))
        return false;
    if (json_is_integer(json_object_get(body, "heading_deg")) && asked->heading_deg < 0)
        return err_set(error, ERR_INVALID, "‘heading_deg’ must be 0 to 359, or null");
    if (json_object_get(body, "heading_deg"))
        asked->edit.heading_deg = &asked->heading_deg;
    if (json_object_get(body, "fov_deg"))
        asked->edit.fov_deg = &asked->fov_deg;
    if (json_object_get(body, "reach_m"))
        asked->edit.reach_m = &asked->reach_m;
    double height_m = 0;
    if (!json_get_double(body, "height_m", &height_m, error) ||
        !camera_height_of(height_m, &asked->height_cm, error))
        return false;
    if (json_object_get(body, "height_m"))
        asked->edit.height_cm = &asked->height_cm;
    return true;
}

static bool read_edit(ApiCall *call, Asked *asked, GError **error)
{
    static const char *const members[] = {
        "name",           "location",        "url",         "sub_url",     "user",
        "password",       "fingerprint",     "transport",   "audio",       "record_sub",
        "view_off",       "onvif",           "connections", "paused",      "pause_reason",
        "retention_days", "retention_bytes", "schedule",    "heading_deg", "fov_deg",
        "reach_m",        "height_m",        "reason",      NULL};
    const Json *body = call_body(call, members, error);
    *asked = (Asked){0};
    return body && read_texts(body, &asked->edit, error) && read_location(body, asked, error) &&
           read_numbers(body, asked, error) && read_aim(body, asked, error);
}

static CameraRow *find(ApiCall *call, const Uuid *id, GError **error)
{
    char text[UUID_TEXT];
    CameraRow *row = site_camera_get(call->api->site, id);
    if (!row)
        err_set(error, ERR_NOT_FOUND, "there is no camera ‘%s’", uuid_text(id, text));
    return row;
}

static bool answer(ApiCall *call, int status, const Uuid *id, const char *action, GError **error)
{
    char text[UUID_TEXT];
    g_autoptr(CameraRow) row = find(call, id, error);
    if (!row)
        return false;
    if (action)
        call_audit(call, action, uuid_text(id, text), NULL, "ok");
    return call_json(call, status, camera_json(call, row));
}

static void compare(Changes *changes, const CameraRow *before, const CameraRow *after)
{
    char ids[2][UUID_TEXT];
    changes_hidden(changes, "name", before->name, after->name);
    changes_text(changes, "location", uuid_text(&before->location, ids[0]),
                 uuid_text(&after->location, ids[1]));
    changes_hidden(changes, "url", before->url, after->url);
    changes_hidden(changes, "sub_url", before->sub_url, after->sub_url);
    changes_hidden(changes, "user", before->user, after->user);
    changes_hidden(changes, "password", before->secret, after->secret);
    changes_text(changes, "fingerprint", before->fingerprint, after->fingerprint);
    changes_text(changes, "transport", before->transport, after->transport);
    changes_int(changes, "heading_deg", before->fov_deg ? before->heading_deg : -1,
                after->fov_deg ? after->heading_deg : -1);
    changes_int(changes, "fov_deg", before->fov_deg, after->fov_deg);
    changes_int(changes, "reach_m", before->reach_m, after->reach_m);
    changes_double(changes, "height_m", (double)before->height_cm / 100,
                   (double)after->height_cm / 100);
    changes_hidden(changes, "onvif", before->onvif, after->onvif);
    changes_int(changes, "connections", before->connections, after->connections);
    changes_bool(changes, "audio", before->audio, after->audio);
    changes_bool(changes, "record_sub", before->record_sub, after->record_sub);
    changes_bool(changes, "view_off", before->view_off, after->view_off);
    changes_bool(changes, "paused", before->paused, after->paused);
    changes_hidden(changes, "pause_reason", before->pause_reason, after->pause_reason);
    changes_int(changes, "retention_days", before->retention_days, after->retention_days);
    changes_int(changes, "retention_bytes", before->retention_bytes, after->retention_bytes);
    changes_text(changes, "schedule", before->schedule, after->schedule);
}

bool cameras_add(ApiCall *call, GError **error)
{
    Asked asked;
    Uuid id;
    return read_edit(call, &asked, error) &&
           site_camera_add(call->api->site, &asked.edit, &id, error) &&
           answer(call, 201, &id, "camera-add", error);
}

bool camera_get(ApiCall *call, GError **error)
{
    Uuid id;
    return call_id(call, "camera", &id, error) && answer(call, 200, &id, NULL, error);
}

bool camera_change(ApiCall *call, GError **error)
{
    Asked asked;
    Uuid id;
    g_auto(PendingAsk) room = {0};
    PendingAsk *ask;
    GError *trouble = NULL;
    if (!call_id(call, "camera", &id, error) || !read_edit(call, &asked, error) ||
        !pending_read_ask(call, call->request->body, &room, &ask, error))
        return false;
    g_autoptr(CameraRow) before = find(call, &id, error);
    if (!before)
        return false;
    if (!site_camera_edit_asked(call->api->site, &id, &asked.edit, ask, &trouble)) {
        pending_audit_refusal(call, call->params[0], trouble);
        g_propagate_error(error, trouble);
        return false;
    }
    g_autoptr(CameraRow) after = find(call, &id, error);
    if (!after)
        return false;
    Changes changes = {0};
    compare(&changes, before, after);
    if (changes.count || !room.waits)
        call_audit_changes(call, "camera-edit", call->params[0], &changes);
    return room.waits ? pending_answer(call, &room)
                      : call_json(call, 200, camera_json(call, after));
}

bool camera_delete(ApiCall *call, GError **error)
{
    Uuid id;
    if (!call_id(call, "camera", &id, error) || !site_camera_remove(call->api->site, &id, error))
        return false;
    call_audit(call, "camera-remove", call->params[0], NULL, "ok");
    return call_empty(call);
}

bool camera_get_status(ApiCall *call, GError **error)
{
    Uuid id;
    g_autoptr(CameraRow) row = call_id(call, "camera", &id, error) ? find(call, &id, error) : NULL;
    return row && call_json(call, 200, camera_status_json(call->api, row));
}
