/* sessions.c — where one is signed in, and ending it there; an admin does the same for others. */
#include "http/api/camera_json.h"
#include "http/api/handlers.h"
#include "notify/push.h"

static Json *session_json(ApiCall *call, const void *things, size_t i)
{
    char id[UUID_TEXT];
    const SessionInfo *info = &g_array_index((GArray *)things, SessionInfo, i);
    Json *json = json_pack("{s:s, s:b}", "id", uuid_text(&info->id, id), "current", info->current);
    json_object_set_new(json, "device", json_text_or_null(info->device));
    json_object_set_new(json, "address", json_text_or_null(info->address));
    json_object_set_new(json, "since", json_time(info->created_us));
    json_object_set_new(json, "last_seen", json_time(info->used_us));
    return json;
}

static bool answer_list(ApiCall *call, const Uuid *account, GError **error)
{
    g_autoptr(GArray) list = people_sessions(call->api->people, account, call->request->session);
    return call_list(call, list->len, session_json, list, error);
}

/* Only accounts sign in: neither API tokens nor the console. */
static bool own_account(const ApiCall *call, GError **error)
{
    return !uuid_is_nil(&call->identity.account) ||
           err_set(error, ERR_INVALID, "only an account is signed in somewhere");
}

/* Ends the session `text` of the account. */
static bool end_one(const ApiCall *call, const Uuid *account, const char *text, GError **error)
{
    Uuid id;
    if (!uuid_parse(text, &id))
        return err_set(error, ERR_NOT_FOUND, "there is no session ‘%.64s’", text);
    return people_session_end(call->api->people, account, &id, error);
}

bool sessions_get_own(ApiCall *call, GError **error)
{
    return own_account(call, error) && answer_list(call, &call->identity.account, error);
}

bool sessions_end_others(ApiCall *call, GError **error)
{
    const Uuid *me = &call->identity.account;
    if (!own_account(call, error))
        return false;
    bool stored = people_sessions_end(call->api->people, me, call->request->session, error);
    push_forget(call->api->push, me);
    call_audit(call, "sessions-end", NULL, NULL, "ok");
    return stored && call_empty(call);
}

bool session_end_own(ApiCall *call, GError **error)
{
    if (!own_account(call, error) ||
        !end_one(call, &call->identity.account, call->params[0], error))
        return false;
    call_audit(call, "session-end", NULL, NULL, "ok");
    return call_empty(call);
}

/* --- of another --- */

static bool named_account(const ApiCall *call, Uuid *id, GError **error)
{
    Account account;
    return call_id(call, "account", id, error) &&
           (people_account(call->api->people, id, &account) ||
            err_set(error, ERR_NOT_FOUND, "there is no account ‘%s’", call->params[0]));
}

bool user_get_sessions(ApiCall *call, GError **error)
{
    Uuid id;
    return named_account(call, &id, error) && answer_list(call, &id, error);
}

bool user_end_sessions(ApiCall *call, GError **error)
{
    Uuid id;
    if (!named_account(call, &id, error))
        return false;
    bool stored = people_sessions_end(call->api->people, &id, NULL, error);
    push_forget(call->api->push, &id);
    call_audit(call, "sessions-end-of", call->params[0], NULL, "ok");
    return stored && call_empty(call);
}

bool user_end_session(ApiCall *call, GError **error)
{
    Uuid id;
    if (!named_account(call, &id, error) || !end_one(call, &id, call->params[1], error))
        return false;
    call_audit(call, "session-end-of", call->params[0], NULL, "ok");
    return call_empty(call);
}
