/* session.c — signing in and out, and one's own account. */
#include "http/api/handlers.h"

#include "base/secret.h"
#include "config/language.h"
#include "config/site.h"
#include "http/api/camera_json.h"
#include "http/api/devices.h"
#include "http/cookie.h"
#include "http/problem.h"
#include "http/sign_in_notice.h"
#include "people/browsers.h"

#include <string.h>

static Json *actions_json(Role role)
{
    Json *list = json_array();
    for (int action = ACTION_LIVE; action < ACTIONS; action++)
        if (rights_allow(role, (Action)action))
            json_array_append_new(list, json_string(action_text((Action)action)));
    return list;
}

/* `session`: the token of the one that asks, or NULL. */
static Json *me_json(ApiCall *call, const char *session)
{
    char id[UUID_TEXT];
    Account account = {0};
    const Identity *identity = &call->identity;
    bool found = people_account(call->api->people, &identity->account, &account);
    bool token = !uuid_is_nil(&identity->token);
    const char *name = found ? account.name : token ? identity->purpose : "console";
    g_autofree char *site = site_name(call->api->site);
    g_autofree char *zone = site_time_zone(call->api->site);
    Json *json =
        json_pack("{s:s, s:s, s:s, s:s, s:o, s:{s:s, s:s, s:b}}", "id",
                  uuid_text(token ? &identity->token : &identity->account, id), "name", name,
                  "role", role_text(found ? account.role : identity->role), "language",
                  found && *account.language ? account.language : LANGUAGE_USUAL, "actions",
                  actions_json(identity->role), "site", "name", site, "time_zone", zone, "no_tls",
                  !call->api->tls);
    json_object_set_new(json, "village", json_text_or_null(identity->village));
    json_object_set_new(json_object_get(json, "site"), "own_authority",
                        json_boolean(call->api->ca_file));
    json_object_set_new(json_object_get(json, "site"), "reason_after_s",
                        json_integer(site_reason(call->api->site).after_s));
    json_object_set_new(json_object_get(json, "site"), "unmask_minutes",
                        json_integer(site_number(call->api->site, SITE_VALUE_UNMASK_MINUTES)));
    g_autofree char *reasons = site_value(call->api->site, SITE_VALUE_REASONS);
    json_object_set_new(json_object_get(json, "site"), "reasons", json_string(reasons));
    g_autofree char *bases = site_value(call->api->site, SITE_VALUE_PACKAGE_BASES);
    json_object_set_new(json_object_get(json, "site"), "package_bases", json_string(bases));
    SecondFactor factor = {0};
    if (found && people_second_factor(call->api->people, &account.id, &factor))
        json_object_set_new(json, "second_factor",
                            json_pack("{s:b, s:b, s:i}", "on", factor.on, "needed", factor.needed,
                                      "recovery_left", (int)factor.recovery_left));
    if (found)
        json_object_set_new(json, "device", own_device_json(call, session, account.role));
    json_object_set_new(json, "now", json_time(clock_now_us()));
    return json;
}

/* How a sign-in ends, in the audit log and to whoever tried. */
static const struct {
    const char *audit, *code;
    int status;
} sign_in_ends[] = {
    [SIGN_IN_DONE] = {"ok", NULL, 200},
    [SIGN_IN_WRONG] = {"refused", "wrong-password", 401},
    [SIGN_IN_LOCKED_OUT] = {"locked-out", "locked-out", 429},
    [SIGN_IN_CODE_NEEDED] = {"code-asked", "code-needed", 401},
    [SIGN_IN_CODE_WRONG] = {"wrong-code", "wrong-code", 401},
    [SIGN_IN_DEVICE_NEEDED] = {"no-device", "device-needed", 403},
};

/* The audit log tells whose account it was tried with, where there is one: never the name that was
 * typed. */
static bool refuse_sign_in(ApiCall *call, const char *name, const SignInEnd *end, GError *refused,
                           GError **error)
{
    char id[UUID_TEXT];
    Account account;
    bool known = people_account_named(call->api->people, name, &account);
    call_audit(call, "sign-in", known ? uuid_text(&account.id, id) : NULL, NULL,
               sign_in_ends[end->result].audit);
    if (!g_error_matches(refused, ERR, ERR_DENIED) && end->result != SIGN_IN_LOCKED_OUT) {
        g_propagate_error(error, refused);
        return false;
    }
    problem_set(call->response, sign_in_ends[end->result].status, sign_in_ends[end->result].code,
                "%s", refused->message);
    if (end->wait_us)
        call_header(call, "retry-after",
                    g_strdup_printf("%d", (int)(end->wait_us / SECOND_US) + 1));
    g_error_free(refused);
    return true;
}

bool session_create(ApiCall *call, GError **error)
{
    static const char *const members[] = {"name", "password", "code", "device", NULL};
    const Json *body = call_body(call, members, error);
    SignIn asked = {.address = call->request->address, .device = call->request->device};
    DeviceProof proof;
    if (!body || !read_proof(body, &proof, &asked.proof, error) ||
        !json_get_text(body, "name", &asked.name, error) ||
        !json_get_text(body, "password", &asked.password, error) ||
        !json_get_text(body, "code", &asked.code, error))
        return false;
    if (!asked.name || !asked.password)
        return err_set(error, ERR_INVALID, "‘name’ and ‘password’ are needed");
    SignInEnd end;
    GError *refused = NULL;
    secret_auto char *token =
        people_sign_in(call->api->people, &asked, &call->identity, &end, &refused);
    if (!token)
        return refuse_sign_in(call, asked.name, &end, refused, error);
    call_header(call, "set-cookie",
                cookie_session(token, (long)(SESSION_MOST_US / SECOND_US), call->api->tls));
    secret_auto char *given = NULL;
    bool news =
        browser_is_news(call->api->people, &call->identity.account, call->request->browser, &given);
    if (given)
        call_header(call, "set-cookie", cookie_browser(given, call->api->tls));
    if (news)
        sign_in_notice_tell(call->api, &call->identity.account, token);
    call_audit(call, "sign-in", NULL, NULL, end.recovery ? "ok-recovery-code" : "ok");
    return call_json(call, 200, me_json(call, token));
}

bool session_end(ApiCall *call, GError **error)
{
    const char *session = call->request->session;
    bool stored = !session || people_sign_out(call->api->people, session, error);
    call_header(call, "set-cookie", cookie_session("", 0, call->api->tls));
    call_audit(call, "sign-out", NULL, NULL, "ok");
    return stored && call_empty(call);
}

bool me_get(ApiCall *call, GError **error)
{
    return call_json(call, 200, me_json(call, call->request->session));
}

bool me_change(ApiCall *call, GError **error)
{
    static const char *const members[] = {"password_old", "password_new", "language", NULL};
    const Json *body = call_body(call, members, error);
    const char *old = NULL, *fresh = NULL, *language = NULL;
    if (!body || !json_get_text(body, "password_old", &old, error) ||
        !json_get_text(body, "password_new", &fresh, error) ||
        !json_get_text(body, "language", &language, error))
        return false;
    const Uuid *account = &call->identity.account;
    if (uuid_is_nil(account))
        return err_set(error, ERR_INVALID, "only an account can change itself, not a token");
    if (!old != !fresh)
        return err_set(error, ERR_INVALID, "‘password_old’ and ‘password_new’ belong together");
    GError *trouble = NULL;
    if (fresh && !people_password_change(call->api->people, account, old, fresh,
                                         call->request->session, &trouble)) {
        call_audit(call, "password-change", NULL, NULL, "refused");
        if (answer_guessing(call, trouble))
            return true;
        g_propagate_error(error, trouble);
        return false;
    }
    if (fresh) {
        browsers_forget_others(call->api->people, account, call->request->browser);
        call_audit(call, "password-change", NULL, NULL, "ok");
    }
    if (language && !people_account_language(call->api->people, account, language, error))
        return false;
    return call_json(call, 200, me_json(call, call->request->session));
}
