/* second_factor.c — the second factor of one's own account. */
#include "http/api/handlers.h"

#include "base/qr.h"
#include "base/secret.h"
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

bool answer_guessing(ApiCall *call, GError *trouble)
{
    if (!g_error_matches(trouble, ERR, ERR_UNAVAILABLE))
        return false;
    problem_set(call->response, 429, NULL, "%s", trouble->message);
    g_error_free(trouble);
    return true;
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
    if (answer_guessing(call, trouble))
        return true;
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
