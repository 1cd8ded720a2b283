#include "http/api/camera_json.h"
#include "http/api/handlers.h"
#include "notify/push.h"
#include "people/browsers.h"

static Json *user_json(const Account *account)
{
    char id[UUID_TEXT];
    Json *json = json_pack("{s:s, s:s, s:s, s:b, s:b}", "id", uuid_text(&account->id, id), "name",
                           account->name, "role", role_text(account->role), "disabled",
                           account->disabled, "second_factor", account->second_factor);
    json_object_set_new(json, "village", json_text_or_null(account->village));
    json_object_set_new(json, "created", json_time(account->created_us));
    return json;
}

static Json *list_item(ApiCall *call, const void *things, size_t i)
{
    return user_json(&g_array_index((GArray *)things, Account, i));
}

bool users_get_all(ApiCall *call, GError **error)
{
    g_autoptr(GArray) accounts = people_accounts(call->api->people);
    return call_list(call, accounts->len, list_item, accounts, error);
}

static bool answer(ApiCall *call, int status, const Uuid *id, const char *action, GError **error)
{
    char text[UUID_TEXT];
    Account account;
    if (!people_account(call->api->people, id, &account))
        return err_set(error, ERR_NOT_FOUND, "there is no account ‘%s’", uuid_text(id, text));
    call_audit(call, action, uuid_text(id, text), NULL, "ok");
    return call_json(call, status, user_json(&account));
}

static bool parse_role(const char *text, Role *role, GError **error)
{
    return role_parse(text, role) ||
           err_set(error, ERR_INVALID,
                   "‘role’ must be admin, commander, officer, village-head, "
                   "household or auditor, not ‘%.40s’",
                   text);
}

bool users_add(ApiCall *call, GError **error)
{
    static const char *const members[] = {"name", "role", "village", "password", NULL};
    const Json *body = call_body(call, members, error);
    const char *name = NULL, *role_name = NULL, *village = NULL, *password = NULL;
    Role role;
    Uuid id;
    if (!body || !json_get_text(body, "name", &name, error) ||
        !json_get_text(body, "role", &role_name, error) ||
        !json_get_text(body, "village", &village, error) ||
        !json_get_text(body, "password", &password, error))
        return false;
    if (!name || !role_name || !password)
        return err_set(error, ERR_INVALID, "‘name’, ‘role’ and ‘password’ are needed");
    return parse_role(role_name, &role, error) &&
           people_account_add(call->api->people, name, role, village, password, &id, error) &&
           answer(call, 201, &id, "user-add", error);
}

/* What is not given stays as it is; a role without a village takes it away. */
static bool change_duty(People *people, const Account *account, const char *role_name,
                        const char *village, GError **error)
{
    Role role = account->role;
    if (role_name && !parse_role(role_name, &role, error))
        return false;
    if (!village && rights_need_village(role))
        village = account->village;
    return people_account_role(people, &account->id, role, village, error);
}

/* What `body` asks for, one after the other; `*password`: there is a new one. */
static bool apply(People *people, const Account *account, const Json *body, bool *password,
                  GError **error)
{
    const char *role_name = NULL, *village = NULL, *fresh = NULL;
    bool disabled = false, keeps_factor = true;
    const Uuid *id = &account->id;
    if (!json_get_text(body, "role", &role_name, error) ||
        !json_get_text(body, "village", &village, error) ||
        !json_get_bool(body, "disabled", &disabled, error) ||
        !json_get_text(body, "password", &fresh, error) ||
        !json_get_bool(body, "second_factor", &keeps_factor, error))
        return false;
    if (keeps_factor && json_object_get(body, "second_factor"))
        return err_set(error, ERR_INVALID, "‘second_factor’ can only be false: its owner sets it");
    if ((role_name || village) && !change_duty(people, account, role_name, village, error))
        return false;
    if (json_is_boolean(json_object_get(body, "disabled")) &&
        !people_account_disable(people, id, disabled, error))
        return false;
    *password = fresh && people_password_set(people, id, fresh, error);
    if (fresh && !*password)
        return false;
    if (fresh)
        browsers_forget_others(people, id, NULL);
    return keeps_factor || people_totp_reset(people, id, error);
}

/* Also of a change that went half the way. */
static void tell(ApiCall *call, const Account *before, const Account *after, bool password,
                 bool whole)
{
    Changes changes = {0};
    changes_text(&changes, "role", role_text(before->role), role_text(after->role));
    changes_text(&changes, "village", before->village, after->village);
    changes_bool(&changes, "disabled", before->disabled, after->disabled);
    changes_bool(&changes, "second_factor", before->second_factor, after->second_factor);
    changes_hidden(&changes, "password", "", password ? "new" : "");
    if (whole || changes.count)
        call_audit_changes(call, "user-edit", call->params[0], &changes);
}

bool user_change(ApiCall *call, GError **error)
{
    static const char *const members[] = {"role",     "village",       "disabled",
                                          "password", "second_factor", NULL};
    const Json *body = call_body(call, members, error);
    Uuid id;
    Account before, after;
    bool password = false;
    People *people = call->api->people;
    if (!body || !call_id(call, "account", &id, error))
        return false;
    if (!people_account(people, &id, &before))
        return err_set(error, ERR_NOT_FOUND, "there is no account ‘%s’", call->params[0]);
    bool whole = apply(people, &before, body, &password, error);
    if (password)
        push_forget(call->api->push, &id);
    if (people_account(people, &id, &after))
        tell(call, &before, &after, password, whole);
    return whole && call_json(call, 200, user_json(&after));
}

/* Accounts are never deleted: the audit log names them by id. */
bool user_disable(ApiCall *call, GError **error)
{
    Uuid id;
    if (!call_id(call, "account", &id, error) ||
        !people_account_disable(call->api->people, &id, true, error))
        return false;
    call_audit(call, "user-disable", call->params[0], NULL, "ok");
    return call_empty(call);
}
