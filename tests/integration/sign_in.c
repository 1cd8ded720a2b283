#include "sign_in.h"

#include <string.h>

/* The value of a parameter of the Authorization header, owned; NULL: not there. */
static char *parameter(const char *header, const char *name)
{
    g_autofree char *pattern = g_strdup_printf("(?:^|[ ,])%s=(\"([^\"\r]*)\"|[^,\r ]*)", name);
    g_autoptr(GRegex) regex = g_regex_new(pattern, 0, 0, NULL);
    g_autoptr(GMatchInfo) match = NULL;
    if (!g_regex_match(regex, header, 0, &match))
        return NULL;
    char *quoted = g_match_info_fetch(match, 2);
    if (quoted && *quoted)
        return quoted;
    g_free(quoted);
    return g_match_info_fetch(match, 1);
}

static char *hash(GChecksumType type, char *text)
{
    char *hex = g_compute_checksum_for_string(type, text, -1);
    g_free(text);
    return hex;
}

/* What `response` has to be, owned. */
static char *right_response(const SignIn *wanted, const char *method, const char *uri,
                            const char *realm, const char *count, const char *cnonce)
{
    bool sha = wanted->algorithm && g_str_has_prefix(wanted->algorithm, "SHA-256");
    bool session = wanted->algorithm && g_str_has_suffix(wanted->algorithm, "-sess");
    GChecksumType type = sha ? G_CHECKSUM_SHA256 : G_CHECKSUM_MD5;
    const char *user = wanted->user ? wanted->user : SIGN_IN_USER;
    const char *password = wanted->password ? wanted->password : SIGN_IN_PASSWORD;
    g_autofree char *first = hash(type, g_strdup_printf("%s:%s:%s", user, realm, password));
    g_autofree char *mixed =
        session ? hash(type, g_strdup_printf("%s:%s:%s", first, wanted->nonce, cnonce))
                : g_strdup(first);
    g_autofree char *second = hash(type, g_strdup_printf("%s:%s", method, uri));
    return hash(type, wanted->qop ? g_strdup_printf("%s:%s:%s:%s:auth:%s", mixed, wanted->nonce,
                                                    count, cnonce, second)
                                  : g_strdup_printf("%s:%s:%s", mixed, wanted->nonce, second));
}

static bool digest_fits(const SignIn *wanted, const char *request, const char *header)
{
    g_auto(GStrv) line = g_strsplit_set(request, " \r", 3);
    g_autofree char *realm = parameter(header, "realm"), *nonce = parameter(header, "nonce"),
                    *uri = parameter(header, "uri"), *response = parameter(header, "response"),
                    *algorithm = parameter(header, "algorithm"), *qop = parameter(header, "qop"),
                    *count = parameter(header, "nc"), *cnonce = parameter(header, "cnonce"),
                    *user = parameter(header, "username");
    if (!realm || !uri || !response || !user || g_strcmp0(nonce, wanted->nonce) != 0 ||
        strcmp(uri, line[1]) != 0 || g_strcmp0(algorithm, wanted->algorithm) != 0)
        return false;
    if (wanted->qop ? g_strcmp0(qop, "auth") != 0 || !count || !cnonce : qop || count)
        return false;
    g_autofree char *right = right_response(wanted, line[0], uri, realm, count, cnonce);
    return strcmp(right, response) == 0;
}

bool sign_in_fits(const SignIn *wanted, const char *request)
{
    const char *header = strstr(request, "\r\nAuthorization: ");
    if (!header)
        return false;
    header += strlen("\r\nAuthorization: ");
    if (wanted->nonce)
        return g_str_has_prefix(header, "Digest ") &&
               digest_fits(wanted, request, header + strlen("Digest "));
    g_autofree char *pair =
        g_strconcat(wanted->user ? wanted->user : SIGN_IN_USER, ":",
                    wanted->password ? wanted->password : SIGN_IN_PASSWORD, NULL);
    g_autofree char *coded = g_base64_encode((const guchar *)pair, strlen(pair));
    g_autofree char *right = g_strconcat("Basic ", coded, "\r\n", NULL);
    return g_str_has_prefix(header, right);
}

char *unauthorized(const char *lines)
{
    return g_strconcat("RTSP/1.0 401 Unauthorized\r\nCSeq: %u\r\n", lines, "\r\n", NULL);
}

char *judge_sign_in(const ScriptRequest *request, const void *judge_data)
{
    const SignIn *wanted = judge_data;
    return sign_in_fits(wanted, request->text) ? NULL : unauthorized(wanted->challenges);
}
