#include "media/rtsp_auth.h"

#include "base/digest.h"

#include <openssl/evp.h>
#include <string.h>

static const char *const kind_texts[] = {
    [RTSP_AUTH_NONE] = "none",
    [RTSP_AUTH_BASIC] = "Basic",
    [RTSP_AUTH_MD5] = "Digest MD5",
    [RTSP_AUTH_MD5_SESS] = "Digest MD5-sess",
    [RTSP_AUTH_SHA256] = "Digest SHA-256",
    [RTSP_AUTH_SHA256_SESS] = "Digest SHA-256-sess",
};

/* What stands in `algorithm`. */
static const struct {
    const char *name;
    RtspAuthKind kind;
} algorithms[] = {
    {"MD5", RTSP_AUTH_MD5},
    {"MD5-sess", RTSP_AUTH_MD5_SESS},
    {"SHA-256", RTSP_AUTH_SHA256},
    {"SHA-256-sess", RTSP_AUTH_SHA256_SESS},
};

const char *rtsp_auth_text(RtspAuthKind kind)
{
    return kind_texts[kind];
}

static bool is_token(char c)
{
    return g_ascii_isalnum(c) || (c && strchr("!#$%&'*+-.^_`|~", c));
}

static void skip(RtspText *text, const char *what)
{
    while (text->size && text->data[0] && strchr(what, text->data[0])) {
        text->data++;
        text->size--;
    }
}

static RtspText take_token(RtspText *text)
{
    RtspText token = {text->data, 0};
    while (token.size < text->size && is_token(text->data[token.size]))
        token.size++;
    *text = (RtspText){text->data + token.size, text->size - token.size};
    return token;
}

/* A quoted string as it stands between the quotes (escapes stay: what is hashed is what was sent),
 * or a bare value up to ',' or a blank. */
static RtspText take_value(RtspText *text)
{
    bool quoted = text->size && text->data[0] == '"';
    if (quoted)
        *text = (RtspText){text->data + 1, text->size - 1};
    size_t size = 0;
    while (size < text->size) {
        char c = text->data[size];
        if (quoted ? c == '"' : strchr(", \t\r\n", c) != NULL)
            break;
        size += quoted && c == '\\' && size + 1 < text->size ? 2 : 1;
    }
    RtspText value = {text->data, size};
    size_t used = quoted && size < text->size ? size + 1 : size;
    *text = (RtspText){text->data + used, text->size - used};
    return value;
}

static bool copy_value(RtspText value, char *out, size_t room)
{
    if (value.size >= room)
        return false;
    for (size_t i = 0; i < value.size; i++)
        out[i] = g_ascii_iscntrl(value.data[i]) ? ' ' : value.data[i];
    out[value.size] = '\0';
    return true;
}

/* One challenge while it is read. */
typedef struct Challenge {
    RtspAuth auth;
    bool usable;
} Challenge;

static void begin_challenge(Challenge *challenge, RtspText scheme)
{
    *challenge = (Challenge){.usable = true};
    if (rtsp_text_is(scheme, "Basic"))
        challenge->auth.kind = RTSP_AUTH_BASIC;
    else if (rtsp_text_is(scheme, "Digest"))
        challenge->auth.kind = RTSP_AUTH_MD5;
    else
        challenge->usable = false;
}

static void read_algorithm(Challenge *challenge, RtspText value)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(algorithms); i++)
        if (rtsp_text_is(value, algorithms[i].name)) {
            challenge->auth.kind = algorithms[i].kind;
            challenge->auth.algorithm_told = true;
            return;
        }
    challenge->usable = false;
}

/* qop is a list; of it we can do "auth". An empty list counts as none. */
static void read_qop(Challenge *challenge, RtspText value)
{
    bool any = false;
    for (skip(&value, ", \t"); value.size; skip(&value, ", \t")) {
        RtspText word = take_token(&value);
        if (!word.size)
            break;
        any = true;
        challenge->auth.qop_auth |= rtsp_text_is(word, "auth");
    }
    challenge->usable &= !any || challenge->auth.qop_auth;
}

static void read_parameter(Challenge *challenge, RtspText name, RtspText value)
{
    RtspAuth *auth = &challenge->auth;
    if (rtsp_text_is(name, "realm")) {
        challenge->usable &= copy_value(value, auth->realm, sizeof auth->realm);
    } else if (auth->kind < RTSP_AUTH_MD5) {
        return;
    } else if (rtsp_text_is(name, "nonce")) {
        challenge->usable &= copy_value(value, auth->nonce, sizeof auth->nonce);
    } else if (rtsp_text_is(name, "opaque")) {
        auth->has_opaque = true;
        challenge->usable &= copy_value(value, auth->opaque, sizeof auth->opaque);
    } else if (rtsp_text_is(name, "stale")) {
        auth->stale = rtsp_text_is(value, "true");
    } else if (rtsp_text_is(name, "algorithm")) {
        read_algorithm(challenge, value);
    } else if (rtsp_text_is(name, "qop")) {
        read_qop(challenge, value);
    }
}

static void keep_stronger(RtspAuth *best, const Challenge *challenge)
{
    if (challenge->usable && challenge->auth.kind > best->kind)
        *best = challenge->auth;
}

/* A word followed by '=' is a parameter, any other one begins a challenge (RFC 9110 §11.6.1). */
static void read_challenges(RtspText text, RtspAuth *best)
{
    Challenge challenge = {.usable = false};
    for (skip(&text, ", \t\r\n"); text.size; skip(&text, ", \t\r\n")) {
        RtspText word = take_token(&text);
        if (!word.size) {
            text = (RtspText){text.data + 1, text.size - 1};
            continue;
        }
        skip(&text, " \t\r\n");
        if (text.size && text.data[0] == '=') {
            text = (RtspText){text.data + 1, text.size - 1};
            skip(&text, " \t\r\n");
            read_parameter(&challenge, word, take_value(&text));
        } else {
            keep_stronger(best, &challenge);
            begin_challenge(&challenge, word);
        }
    }
    keep_stronger(best, &challenge);
}

bool rtsp_auth_choose(const RtspItem *response, RtspAuth *auth)
{
    RtspAuth best = {.kind = RTSP_AUTH_NONE};
    for (size_t i = 0; i < response->header_count; i++)
        if (rtsp_text_is(response->headers[i].name, "WWW-Authenticate"))
            read_challenges(response->headers[i].value, &best);
    if (best.kind == RTSP_AUTH_NONE)
        return false;
    *auth = best;
    return true;
}

enum { HEX_MAX = 2 * EVP_MAX_MD_SIZE + 1 };

/* Hex of the hash of the parts with ':' between them; `parts` ends with NULL. */
static void hash(const EVP_MD *algorithm, char hex[HEX_MAX], const char *const *parts)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (; *parts; parts++) {
        g_string_append(text, *parts);
        g_string_append_c(text, ':');
    }
    g_string_truncate(text, text->len - 1);
    uint8_t digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    if (EVP_Digest(text->str, text->len, digest, &size, algorithm, NULL) != 1)
        g_error("OpenSSL offers no %s", EVP_MD_get0_name(algorithm));
    hex_encode(digest, size, hex);
    explicit_bzero(text->str, text->len);
}

static char *answer_basic(const char *user, const char *password)
{
    g_autofree char *pair = g_strconcat(user, ":", password, NULL);
    g_autofree char *coded = g_base64_encode((const guchar *)pair, strlen(pair));
    explicit_bzero(pair, strlen(pair));
    return g_strconcat("Basic ", coded, NULL);
}

/* name="value", with what would end the quotes escaped and no line breaks. */
static void add_quoted(GString *out, const char *name, const char *value, bool escaped)
{
    g_string_append_printf(out, ", %s=\"", name);
    for (; *value; value++) {
        if (!escaped && (*value == '"' || *value == '\\'))
            g_string_append_c(out, '\\');
        g_string_append_c(out, g_ascii_iscntrl(*value) ? ' ' : *value);
    }
    g_string_append_c(out, '"');
}

static char *answer_digest(RtspAuth *auth, const char *user, const char *password,
                           const char *method, const char *uri, const char *cnonce)
{
    bool sha = auth->kind >= RTSP_AUTH_SHA256;
    bool session = auth->kind == RTSP_AUTH_MD5_SESS || auth->kind == RTSP_AUTH_SHA256_SESS;
    const EVP_MD *algorithm = sha ? EVP_sha256() : EVP_md5();
    char secret[HEX_MAX], request[HEX_MAX], response[HEX_MAX], count[9];
    g_snprintf(count, sizeof count, "%08x", ++auth->count);

    hash(algorithm, secret, (const char *const[]){user, auth->realm, password, NULL});
    if (session)
        hash(algorithm, secret, (const char *const[]){secret, auth->nonce, cnonce, NULL});
    hash(algorithm, request, (const char *const[]){method, uri, NULL});
    if (auth->qop_auth)
        hash(algorithm, response,
             (const char *const[]){secret, auth->nonce, count, cnonce, "auth", request, NULL});
    else
        hash(algorithm, response, (const char *const[]){secret, auth->nonce, request, NULL});
    explicit_bzero(secret, sizeof secret);

    GString *out = g_string_new("Digest ");
    add_quoted(out, "username", user, false);
    g_string_erase(out, strlen("Digest "), 2); /* no comma before the first */
    add_quoted(out, "realm", auth->realm, true);
    add_quoted(out, "nonce", auth->nonce, true);
    add_quoted(out, "uri", uri, false);
    add_quoted(out, "response", response, true);
    if (auth->algorithm_told)
        g_string_append_printf(out, ", algorithm=%s", kind_texts[auth->kind] + strlen("Digest "));
    if (auth->qop_auth)
        g_string_append_printf(out, ", qop=auth, nc=%s", count);
    if (auth->qop_auth || session)
        add_quoted(out, "cnonce", cnonce, true);
    if (auth->has_opaque)
        add_quoted(out, "opaque", auth->opaque, true);
    return g_string_free(out, FALSE);
}

char *rtsp_auth_answer(RtspAuth *auth, const char *user, const char *password, const char *method,
                       const char *uri, const char *cnonce)
{
    if (auth->kind == RTSP_AUTH_NONE)
        return NULL;
    if (auth->kind == RTSP_AUTH_BASIC)
        return answer_basic(user, password);
    return answer_digest(auth, user, password, method, uri, cnonce);
}
