/* mask_liftings.c — seeing a camera without its masks for some minutes: asked for by one person,
 * decided by another. */
#include "config/masks.h"

#include "config/site.h"
#include "http/api/access.h"
#include "http/api/audit_names.h"
#include "http/api/camera_json.h"
#include "http/api/handlers.h"
#include "http/mask_notice.h"
#include "http/problem.h"

#include <string.h>

static Json *lifting_json(const ApiCall *call, const LiftingRow *row)
{
    char id[UUID_TEXT], camera[UUID_TEXT];
    const LiftingState state = lifting_state(row, clock_now_us());
    Json *json =
        json_pack("{s:s, s:s, s:s, s:o, s:o, s:s, s:I}", "id", uuid_text(&row->id, id), "camera",
                  uuid_text(&row->camera, camera), "state", lifting_state_text(state), "by",
                  audit_actor_json(call->api, &row->by), "asked", json_time(row->asked_us),
                  "reason", row->reason, "minutes", (json_int_t)row->minutes);
    json_object_set_new(json, "mine", json_boolean(uuid_equal(&row->by, &call->identity.account)));
    json_object_set_new(json, "until", json_time_or_null(row->until_us));
    if (row->decided_us) {
        json_object_set_new(json, "decided", json_time(row->decided_us));
        json_object_set_new(json, "decided_by", audit_actor_json(call->api, &row->decided_by));
        json_object_set_new(json, "words", json_string(row->words));
    }
    return json;
}

static bool may_see(const ApiCall *call, const LiftingRow *row)
{
    g_autoptr(CameraRow) camera = site_camera_known(call->api->site, &row->camera);
    return call_may(call, ACTION_EXPORT, camera);
}

bool mask_liftings_get_all(ApiCall *call, GError **error)
{
    g_autoptr(GPtrArray) rows = masks_liftings(call->api->masks);
    Json *items = json_array();
    for (guint i = 0; i < rows->len; i++)
        if (may_see(call, rows->pdata[i]))
            json_array_append_new(items, lifting_json(call, rows->pdata[i]));
    return call_json(call, 200, json_pack("{s:o}", "items", items));
}

/* `row` NULL: `trouble` says why, which is taken. */
static bool answer(ApiCall *call, const char *action, int status, const LiftingRow *row,
                   const char *object, GError *trouble, GError **error)
{
    if (row) {
        char id[UUID_TEXT], camera[UUID_TEXT];
        Changes changes = {0};
        changes_text(&changes, "lifting", "", uuid_text(&row->id, id));
        g_strlcpy(call->reason, row->reason, sizeof call->reason);
        call_audit_changes(call, action, uuid_text(&row->camera, camera), &changes);
        mask_notice_tell(call->api, &row->camera, status == 201 ? row : NULL);
        return call_json(call, status, lifting_json(call, row));
    }
    if (g_error_matches(trouble, ERR, ERR_DENIED)) {
        problem_set(call->response, 403, "two-persons", "%s", trouble->message);
        call_audit(call, action, object, NULL, "refused");
        g_error_free(trouble);
        return true;
    }
    g_propagate_error(error, trouble);
    return false;
}

/* One that whoever asks may not see is told as one that is not there. */
static bool read_camera(ApiCall *call, const Json *body, Uuid *camera, GError **error)
{
    const char *text = "";
    if (!json_get_text(body, "camera", &text, error))
        return false;
    g_autoptr(CameraRow) row =
        uuid_parse(text, camera) ? site_camera_known(call->api->site, camera) : NULL;
    return (row && call_may(call, ACTION_EXPORT, row)) ||
           err_set(error, ERR_NOT_FOUND, "there is no camera ‘%.64s’", text);
}

bool mask_lifting_ask(ApiCall *call, GError **error)
{
    static const char *const members[] = {"camera", "case", "reason", "minutes", NULL};
    const Json *body = call_body(call, members, error);
    const Uuid by = call->identity.account;
    int64_t minutes = site_number(call->api->site, SITE_VALUE_UNMASK_MINUTES);
    Uuid camera;
    GError *trouble = NULL;
    char id[UUID_TEXT];
    g_autofree char *reason = NULL;
    if (!body || !read_camera(call, body, &camera, error) ||
        !json_get_int(body, "minutes", &minutes, error) ||
        !access_read_reason(call, body, &reason, error))
        return false;
    if (!reason)
        return true;
    g_autoptr(LiftingRow) row =
        masks_ask_lifting(call->api->masks, &camera, reason, minutes, &by, &trouble);
    return answer(call, "unmask-ask", 201, row, uuid_text(&camera, id), trouble, error);
}

/* The lifting of the path, when whoever calls may `action` at its camera. Returns owned. */
static LiftingRow *find(ApiCall *call, Action action, GError **error)
{
    Uuid id;
    if (!call_id(call, "lifting", &id, error))
        return NULL;
    g_autoptr(GPtrArray) rows = masks_liftings(call->api->masks);
    for (guint i = 0; i < rows->len; i++) {
        const LiftingRow *row = rows->pdata[i];
        g_autoptr(CameraRow) camera = site_camera_known(call->api->site, &row->camera);
        if (uuid_equal(&row->id, &id) && call_may(call, action, camera))
            return lifting_row_copy(row);
    }
    err_set(error, ERR_NOT_FOUND, "there is no such lifting");
    return NULL;
}

bool mask_lifting_decide(ApiCall *call, GError **error)
{
    static const char *const members[] = {"approve", "words", NULL};
    const Json *body = call_body(call, members, error);
    const Uuid by = call->identity.account;
    bool approve = false;
    const char *words = "";
    GError *trouble = NULL;
    char camera[UUID_TEXT];
    if (!body || !json_get_bool(body, "approve", &approve, error) ||
        !json_get_text(body, "words", &words, error))
        return false;
    if (!json_object_get(body, "approve"))
        return err_set(error, ERR_INVALID, "‘approve’ is needed: true or false");
    g_autoptr(LiftingRow) seen = find(call, ACTION_HOLD, error);
    if (!seen)
        return false;
    g_autoptr(LiftingRow) row =
        masks_decide_lifting(call->api->masks, &seen->id, approve, words, &by, &trouble);
    return answer(call, approve ? "unmask-approve" : "unmask-reject", 200, row,
                  uuid_text(&seen->camera, camera), trouble, error);
}

/* Whoever asked ends it, or whoever may decide. */
bool mask_lifting_end(ApiCall *call, GError **error)
{
    const Uuid by = call_maker(call);
    GError *trouble = NULL;
    char camera[UUID_TEXT];
    g_autoptr(LiftingRow) seen = find(call, ACTION_EXPORT, error);
    if (!seen)
        return false;
    g_autoptr(CameraRow) row_camera = site_camera_known(call->api->site, &seen->camera);
    if (!uuid_equal(&seen->by, &by) && !call_may(call, ACTION_HOLD, row_camera)) {
        call_audit(call, "unmask-end", uuid_text(&seen->camera, camera), NULL, "no-right");
        return err_set(error, ERR_DENIED, "it is ended by who asked, or by who may decide");
    }
    g_autoptr(LiftingRow) row = masks_end_lifting(call->api->masks, &seen->id, &by, &trouble);
    return answer(call, "unmask-end", 200, row, uuid_text(&seen->camera, camera), trouble, error);
}
