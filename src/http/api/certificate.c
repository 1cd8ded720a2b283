/* certificate.c — the server's own certificate: what is shown now, trying another, taking it. Its
 * key comes in and is never told. */
#include "base/secret.h"
#include "http/api/handlers.h"
#include "http/problem.h"
#include "http/tls_renew.h"

#include <string.h>

static const char *const sources[] = {
    [TLS_GIVEN] = "files", [TLS_TAKEN] = "app", [TLS_OWN] = "own"};

static Json *facts_json(const TlsPair *pair, const char *source, const char *address)
{
    g_auto(TlsFacts) facts = {0};
    tls_pair_facts(pair, &facts);
    Json *json = json_object(), *names = json_array();
    for (guint i = 0; i < facts.names->len; i++)
        json_array_append_new(names, json_string(facts.names->pdata[i]));
    json_object_set_new(json, "source", json_string(source));
    json_object_set_new(json, "subject", json_string(facts.subject));
    json_object_set_new(json, "issuer", json_string(facts.issuer));
    json_object_set_new(json, "names", names);
    json_object_set_new(json, "from", json_time(facts.from_us));
    json_object_set_new(json, "to", json_time(facts.to_us));
    json_object_set_new(json, "fingerprint", json_string(facts.fingerprint));
    json_object_set_new(json, "public", json_boolean(facts.is_public));
    json_object_set_new(json, "covers",
                        address ? json_boolean(tls_pair_covers(pair, address)) : json_null());
    return json;
}

/* The one that is shown; of a server without TLS there is none. */
static TlsPair *shown(ApiCall *call, TlsSource *source, GError **error)
{
    if (call->api->certificate)
        return tls_renew_read(call->api->certificate, source, error);
    err_set(error, ERR_NOT_FOUND,
            "this server has no certificate: it runs without TLS, or a proxy has it");
    return NULL;
}

static bool answer(ApiCall *call, const char *address, GError **error)
{
    TlsSource source;
    g_autoptr(TlsPair) pair = shown(call, &source, error);
    return pair && call_json(call, 200, facts_json(pair, sources[source], address));
}

bool certificate_get(ApiCall *call, GError **error)
{
    return answer(call, call_query(call, "address"), error);
}

typedef struct Asked {
    const char *chain, *key, *address;
    bool uncovered; /* it need not be for `address` */
} Asked;

/* Answers with a problem, and returns true, when it is not one to take: `*pair` is then NULL. */
static bool read_pair(ApiCall *call, const Asked *asked, TlsPair **pair, GError **error)
{
    TlsFault fault;
    g_autoptr(GError) wrong = NULL;
    *pair = NULL;
    if (!asked->chain || !asked->key)
        return err_set(error, ERR_INVALID, "‘%s’ is missing", asked->chain ? "key" : "chain");
    g_autoptr(TlsPair) read = tls_pair_read(asked->chain, strlen(asked->chain), asked->key,
                                            strlen(asked->key), &fault, &wrong);
    if (read && tls_pair_check(read, &fault, &wrong))
        *pair = g_steal_pointer(&read);
    else
        problem_set(call->response, 422, tls_fault_code(fault), "%s", wrong->message);
    return true;
}

static bool read_asked(ApiCall *call, Asked *asked, TlsPair **pair, GError **error)
{
    static const char *const members[] = {"chain", "key", "address", "uncovered", NULL};
    const Json *body = call_body(call, members, error);
    *asked = (Asked){0};
    return body && json_get_text(body, "chain", &asked->chain, error) &&
           json_get_text(body, "key", &asked->key, error) &&
           json_get_text(body, "address", &asked->address, error) &&
           json_get_bool(body, "uncovered", &asked->uncovered, error) &&
           read_pair(call, asked, pair, error);
}

bool certificate_try(ApiCall *call, GError **error)
{
    Asked asked;
    g_autoptr(TlsPair) pair = NULL;
    if (!read_asked(call, &asked, &pair, error))
        return false;
    return !pair || call_json(call, 200, facts_json(pair, "app", asked.address));
}

static char *end_of(const TlsPair *pair)
{
    g_auto(TlsFacts) facts = {0};
    tls_pair_facts(pair, &facts);
    g_autoptr(GDateTime) end = g_date_time_new_from_unix_utc(facts.to_us / SECOND_US);
    return end ? g_date_time_format(end, "%Y-%m-%d") : g_strdup("");
}

static bool take(ApiCall *call, const TlsPair *pair, const char *address, GError **error)
{
    TlsSource was, is;
    g_autoptr(TlsPair) before = shown(call, &was, error);
    if (!before || !tls_renew_take(call->api->certificate, pair, error))
        return false;
    g_autoptr(TlsPair) after = shown(call, &is, error);
    if (!after)
        return false;
    g_autofree char *end_before = end_of(before), *end_after = end_of(after);
    Changes changes = {0};
    changes_text(&changes, "tls_source", sources[was], sources[is]);
    changes_text(&changes, "tls_until", end_before, end_after);
    changes_hidden(&changes, "tls_key", "", tls_pair_same(before, after) ? "" : "new");
    call_audit_changes(call, "tls-edit", NULL, &changes);
    return call_json(call, 200, facts_json(after, sources[is], address));
}

bool certificate_take(ApiCall *call, GError **error)
{
    Asked asked;
    g_autoptr(TlsPair) pair = NULL;
    if (!read_asked(call, &asked, &pair, error))
        return false;
    if (!pair)
        return true;
    if (asked.address && !asked.uncovered && !tls_pair_covers(pair, asked.address)) {
        problem_set(call->response, 422, "tls-uncovered",
                    "the certificate is not for ‘%.120s’, which is in use now", asked.address);
        return true;
    }
    return take(call, pair, asked.address, error);
}

bool certificate_back(ApiCall *call, GError **error)
{
    return take(call, NULL, NULL, error);
}
