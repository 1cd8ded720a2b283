/* second_factor.c — the second factor of one's own account, and what the site wants of each role.
 */
#include "http/api/handlers.h"

#include "base/qr.h"
#include "base/secret.h"
#include "http/api/changes.h"
#include "http/problem.h"

/* Only accounts have one: neither API tokens nor the console. */
static bool own_account(const ApiCall *call, GError **error)
{
    return !uuid_is_nil(&call->identity.account) ||
           err_set(error, ERR_INVALID, "only an account has a second factor");
}

/* The one member of a body, which must be there. Borrowed; NULL on error. */
static const char *only_text(const ApiCall *call, const char *name, GError **error)
{
    const char *const members[] = {name, NULL};
    const Json *body = own_account(call, error) ? call_body(call, members, error) : NULL;
    const char *text = NULL;
    if (body && json_get_text(body, name, &text, error) && !text)
        err_set(error, ERR_INVALID, "‘%s’ is needed", name);
    return text;
}

/* Tells why not, with a code of its own where password or code are wrong. */
static bool refuse(ApiCall *call, const char *action, const char *code, GError *trouble,
                   GError **error)
{
    call_audit(call, action, NULL, NULL, "refused");
    if (g_error_matches(trouble, ERR, ERR_DENIED)) {
        problem_set(call->response, 403, code, "%s", trouble->message);
        g_error_free(trouble);
        return true;
    }
    g_propagate_error(error, trouble);
    return false;
}

bool totp_begin(ApiCall *call, GError **error)
{
    const char *password = only_text(call, "password", error);
    secret_auto char *secret = NULL;
    secret_auto char *uri = NULL;
    GError *trouble = NULL;
    if (!password)
        return false;
    if (!people_totp_begin(call->api->people, &call->identity.account, password, &secret, &uri,
                           &trouble))
        return refuse(call, "second-factor-begin", "wrong-password", trouble, error);
    secret_auto char *qr = qr_svg(uri);
    if (!qr)
        return err_set(error, ERR_UNSUPPORTED, "the name of the site is too long for a QR code");
    return call_json(call, 200,
                     json_pack("{s:s, s:s, s:s}", "secret", secret, "uri", uri, "qr", qr));
}

static bool tell_codes(ApiCall *call, const char *action, char **codes)
{
    Json *list = json_array();
    for (char **code = codes; *code; code++) {
        json_array_append_new(list, json_string(*code));
        secret_clear(code);
    }
    g_free(codes);
    call_audit(call, action, NULL, NULL, "ok");
    return call_json(call, 200, json_pack("{s:o}", "recovery_codes", list));
}

bool totp_confirm(ApiCall *call, GError **error)
{
    const char *code = only_text(call, "code", error);
    GError *trouble = NULL;
    if (!code)
        return false;
    char **codes = people_totp_confirm(call->api->people, &call->identity.account, code,
                                       call->request->session, &trouble);
    return codes ? tell_codes(call, "second-factor-on", codes)
                 : refuse(call, "second-factor-on", "wrong-code", trouble, error);
}

bool totp_off(ApiCall *call, GError **error)
{
    const char *password = only_text(call, "password", error);
    SecondFactor factor = {0};
    GError *trouble = NULL;
    if (!password)
        return false;
    people_second_factor(call->api->people, &call->identity.account, &factor);
    if (!people_totp_off(call->api->people, &call->identity.account, password, &trouble))
        return refuse(call, "second-factor-off",
                      factor.needed ? "second-factor-needed" : "wrong-password", trouble, error);
    call_audit(call, "second-factor-off", NULL, NULL, "ok");
    return call_empty(call);
}

bool recovery_renew(ApiCall *call, GError **error)
{
    const char *password = only_text(call, "password", error);
    GError *trouble = NULL;
    if (!password)
        return false;
    char **codes =
        people_recovery_renew(call->api->people, &call->identity.account, password, &trouble);
    return codes ? tell_codes(call, "recovery-codes", codes)
                 : refuse(call, "recovery-codes", "wrong-password", trouble, error);
}

/* --- what the site wants --- */

static Json *roles_json(const bool wanted[ROLES])
{
    Json *list = json_array();
    for (unsigned role = ROLE_ADMIN; role < ROLES; role++)
        if (wanted[role])
            json_array_append_new(list, json_string(role_text((Role)role)));
    return list;
}

bool policy_get(ApiCall *call, GError **error)
{
    bool wanted[ROLES];
    people_totp_roles(call->api->people, wanted);
    return call_json(call, 200, json_pack("{s:o}", "totp_roles", roles_json(wanted)));
}

static bool read_roles(const Json *list, bool wanted[ROLES], GError **error)
{
    size_t i;
    Json *name;
    if (!json_is_array(list))
        return err_set(error, ERR_INVALID, "‘totp_roles’ must be a list of roles");
    json_array_foreach((json_t *)list, i, name)
    {
        Role role;
        if (!role_parse(json_string_value(name), &role))
            return err_set(error, ERR_INVALID, "‘totp_roles’ names a role that is none");
        wanted[role] = true;
    }
    return true;
}

/* The names of the roles, by blanks. Returns owned. */
static char *roles_told(const bool wanted[ROLES])
{
    GString *told = g_string_new(NULL);
    for (unsigned role = ROLE_ADMIN; role < ROLES; role++)
        if (wanted[role])
            g_string_append_printf(told, "%s%s", told->len ? " " : "", role_text((Role)role));
    return g_string_free(told, FALSE);
}

bool policy_change(ApiCall *call, GError **error)
{
    static const char *const members[] = {"totp_roles", NULL};
    const Json *body = call_body(call, members, error);
    bool wanted[ROLES] = {false}, before[ROLES];
    people_totp_roles(call->api->people, before);
    if (!body || !read_roles(json_object_get(body, "totp_roles"), wanted, error) ||
        !people_totp_roles_set(call->api->people, wanted, error))
        return false;
    Changes changes = {0};
    g_autofree char *was = roles_told(before), *is = roles_told(wanted);
    changes_text(&changes, "totp_roles", was, is);
    call_audit_changes(call, "policy-edit", NULL, &changes);
    return policy_get(call, error);
}
