/* pending.c — changes that take two persons: what waits, who agrees, who refuses or takes back. */
#include "http/api/pending.h"

#include "camera/onvif_devices.h"
#include "config/site.h"
#include "http/api/audit_names.h"
#include "http/api/camera_json.h"
#include "http/api/handlers.h"
#include "http/pending_notice.h"
#include "http/problem.h"

#include <string.h>

/* ---- telling ---- */

static Json *pending_json(const ApiCall *call, const PendingRow *row)
{
    char id[UUID_TEXT], camera[UUID_TEXT];
    const PendingState state = site_pending_state(call->api->site, row);
    const bool of_site = uuid_is_nil(&row->camera);
    Json *json = json_pack("{s:s, s:s, s:s, s:s, s:s, s:o, s:s}", "id", uuid_text(&row->id, id),
                           "field", row->field, "before", row->before, "after", row->after, "state",
                           pending_state_text(state), "by", audit_actor_json(call->api, &row->by),
                           "reason", row->reason);
    json_object_set_new(json, "camera",
                        json_text_or_null(of_site ? NULL : uuid_text(&row->camera, camera)));
    json_object_set_new(json, "mine", json_boolean(uuid_equal(&row->by, &call->identity.account)));
    json_object_set_new(json, "asked", json_time(row->asked_us));
    json_object_set_new(json, "lapses", json_time(row->asked_us + PENDING_WAITS_US));
    if (row->ended_us) {
        json_object_set_new(json, "ended", json_time(row->ended_us));
        json_object_set_new(json, "ended_by", audit_actor_json(call->api, &row->ended_by));
        json_object_set_new(json, "words", json_string(row->words));
    }
    return json;
}

static bool may_decide(const ApiCall *call, const PendingRow *row)
{
    g_autoptr(CameraRow) camera = site_camera_known(call->api->site, &row->camera);
    return uuid_is_nil(&row->camera) ? rights_allow(call->identity.role, ACTION_HOLD)
                                     : call_may(call, ACTION_HOLD, camera);
}

/* How many others could decide what whoever calls asks for. */
static int64_t count_others(const ApiCall *call)
{
    int64_t others = 0;
    g_autoptr(GArray) accounts = people_accounts(call->api->people);
    for (guint i = 0; i < accounts->len; i++) {
        const Account *one = &g_array_index(accounts, Account, i);
        others += !one->disabled && rights_allow(one->role, ACTION_HOLD) &&
                  !uuid_equal(&one->id, &call->identity.account);
    }
    return others;
}

static Json *list_json(const ApiCall *call, const GPtrArray *rows)
{
    Json *items = json_array();
    for (guint i = 0; i < rows->len; i++)
        if (may_decide(call, rows->pdata[i]))
            json_array_append_new(items, pending_json(call, rows->pdata[i]));
    return json_pack("{s:o, s:I}", "items", items, "others", (json_int_t)count_others(call));
}

bool pending_get_all(ApiCall *call, GError **error)
{
    (void)error;
    g_autoptr(GPtrArray) rows = site_pending(call->api->site);
    return call_json(call, 200, list_json(call, rows));
}

static void audit_step(const ApiCall *call, const char *action, const PendingRow *row)
{
    char id[UUID_TEXT], camera[UUID_TEXT];
    Changes changes = {0};
    changes_text(&changes, "change", "", uuid_text(&row->id, id));
    changes_text(&changes, row->field, row->before, row->after);
    call_audit_changes(
        call, action, uuid_is_nil(&row->camera) ? NULL : uuid_text(&row->camera, camera), &changes);
}

static void audit_refusal(const ApiCall *call, const char *action, const PendingRow *row)
{
    char camera[UUID_TEXT];
    call_audit(call, action, uuid_is_nil(&row->camera) ? NULL : uuid_text(&row->camera, camera),
               NULL, "refused");
}

/* ---- asking ---- */

bool pending_read_ask(const ApiCall *call, const Json *body, PendingAsk *room, PendingAsk **ask,
                      GError **error)
{
    if (call_is_person(call))
        room->by = call->identity.account;
    *ask = call->request->console ? NULL : room;
    return json_get_text(body, "reason", &room->reason, error);
}

bool pending_answer(ApiCall *call, const PendingAsk *ask)
{
    for (guint i = 0; i < ask->waits->len; i++) {
        audit_step(call, "change-ask", ask->waits->pdata[i]);
        pending_notice_tell(call->api, ask->waits->pdata[i]);
    }
    return call_json(call, 202, list_json(call, ask->waits));
}

void pending_audit_refusal(const ApiCall *call, const char *object, const GError *error)
{
    if (g_error_matches(error, ERR, ERR_TWO_PERSONS))
        call_audit(call, "change-ask", object, NULL, "refused");
}

/* ---- deciding ---- */

/* The change of the path, when whoever calls may decide it. Returns owned. */
static PendingRow *find(const ApiCall *call, GError **error)
{
    Uuid id;
    if (!call_id(call, "change", &id, error))
        return NULL;
    g_autoptr(GPtrArray) rows = site_pending(call->api->site);
    for (guint i = 0; i < rows->len; i++) {
        const PendingRow *row = rows->pdata[i];
        if (uuid_equal(&row->id, &id) && may_decide(call, row))
            return pending_row_copy(row);
    }
    err_set(error, ERR_NOT_FOUND, "there is no such change");
    return NULL;
}

/* `row` NULL: `trouble` says why, which is taken. */
static bool answer(ApiCall *call, const char *action, const PendingRow *seen, const PendingRow *row,
                   GError *trouble, GError **error)
{
    if (!row) {
        if (g_error_matches(trouble, ERR, ERR_TWO_PERSONS))
            audit_refusal(call, action, seen);
        g_propagate_error(error, trouble);
        return false;
    }
    pending_notice_tell(call->api, NULL);
    if (row->outcome != PENDING_OVERTAKEN) {
        audit_step(call, action, row);
        return call_json(call, 200, pending_json(call, row));
    }
    audit_refusal(call, action, row);
    problem_set(call->response, 409, "overtaken",
                "‘%s’ was changed since this was asked for, so it does not count any more: look at "
                "how it is set now, and ask anew if it is still needed",
                row->field);
    return true;
}

static bool carry_out_clock(const ApiCall *call, const PendingRow *row, GError **trouble)
{
    char camera[UUID_TEXT];
    OnvifDeviceFacts facts;
    if (!call->api->devices)
        return err_set(trouble, ERR_UNAVAILABLE, "no server is running");
    bool done = onvif_devices_set_ntp(call->api->devices, &row->camera, row->set, &facts, trouble);
    call_audit(call, "camera-clock", uuid_text(&row->camera, camera), NULL, done ? "ok" : "failed");
    return done;
}

/* That it was agreed to is in the log before the camera is asked: whatever happens then, nobody's
 * clock was set that two did not agree to. */
static bool agree_to_clock(ApiCall *call, const PendingRow *seen, const Uuid *by, GError **error)
{
    GError *trouble = NULL;
    g_autoptr(GError) from_camera = NULL;
    g_autoptr(PendingRow) begun = site_clock_begin(call->api->site, &seen->id, by, &trouble);
    if (!begun || begun->outcome == PENDING_OVERTAKEN)
        return answer(call, "change-agree", seen, begun, trouble, error);
    audit_step(call, "change-agree", begun);
    const bool done = carry_out_clock(call, begun, &from_camera);
    g_autoptr(PendingRow) row = site_clock_end(call->api->site, &seen->id, done, by, error);
    pending_notice_tell(call->api, NULL);
    if (!done) {
        problem_set(call->response, 422, "camera-refused",
                    "the camera did not take it, and the change waits on: %s",
                    from_camera->message);
        return true;
    }
    return row && call_json(call, 200, pending_json(call, row));
}

bool pending_decide(ApiCall *call, GError **error)
{
    static const char *const members[] = {"approve", "words", NULL};
    const Json *body = call_body(call, members, error);
    const Uuid by = call_is_person(call) ? call->identity.account : (Uuid){0};
    bool approve = false;
    const char *words = "";
    GError *trouble = NULL;
    if (!body || !json_get_bool(body, "approve", &approve, error) ||
        !json_get_text(body, "words", &words, error))
        return false;
    if (!json_object_get(body, "approve"))
        return err_set(error, ERR_INVALID, "‘approve’ is needed: true or false");
    g_autoptr(PendingRow) seen = find(call, error);
    if (!seen)
        return false;
    if (approve && pending_is_clock(seen))
        return agree_to_clock(call, seen, &by, error);
    g_autoptr(PendingRow) row =
        site_pending_decide(call->api->site, &seen->id, approve, words, &by, &trouble);
    return answer(call, approve ? "change-agree" : "change-refuse", seen, row, trouble, error);
}

bool pending_withdraw(ApiCall *call, GError **error)
{
    const Uuid by = call_is_person(call) ? call->identity.account : (Uuid){0};
    GError *trouble = NULL;
    g_autoptr(PendingRow) seen = find(call, error);
    if (!seen)
        return false;
    g_autoptr(PendingRow) row = site_pending_withdraw(call->api->site, &seen->id, &by, &trouble);
    return answer(call, "change-withdraw", seen, row, trouble, error);
}
