#include "media/rtsp_url.h"

#include "base/error.h"

#include <string.h>

enum { PORT_PLAIN = 554, PORT_TLS = 322, URL_BYTES_MAX = 4096 };

typedef struct Scheme {
    const char *text;
    bool tls;
} Scheme;

/* rtspx: UniFi's word for TLS with a certificate of its own. */
static const Scheme schemes[] = {{"rtsp://", false}, {"rtsps://", true}, {"rtspx://", true}};

static const Scheme *find_scheme(const char *text)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(schemes); i++)
        if (g_ascii_strncasecmp(text, schemes[i].text, strlen(schemes[i].text)) == 0)
            return &schemes[i];
    return NULL;
}

/* A host, its port, and the length of both. */
typedef struct Authority {
    const char *host;
    size_t host_size;
    unsigned port; /* 0 when not told */
} Authority;

static size_t host_length(const char *text)
{
    if (text[0] == '[') {
        size_t size = 1 + strspn(text + 1, "0123456789abcdefABCDEF:.");
        if (text[size] == '%') /* zone of a link-local address */
            size += strspn(text + size, "%-._~0123456789abcdefghijklmnopqrstuvwxyz");
        return text[size] == ']' && size > 2 ? size + 1 : 0;
    }
    size_t size = 0;
    while (g_ascii_isalnum(text[size]) || text[size] == '-' || text[size] == '.' ||
           text[size] == '_')
        size++;
    return size;
}

/* host[:port] up to '/', '?' or the end. */
static bool parse_authority(const char *text, Authority *authority, const char **rest)
{
    size_t size = host_length(text);
    if (size == 0)
        return false;
    *authority = (Authority){text, size, 0};
    if (text[0] == '[')
        *authority = (Authority){text + 1, size - 2, 0};
    text += size;
    if (*text == ':') {
        unsigned port = 0;
        for (text++; g_ascii_isdigit(*text); text++)
            if ((port = port * 10 + (unsigned)(*text - '0')) > 65535)
                return false;
        authority->port = port;
    }
    *rest = text;
    return *text == '\0' || *text == '/' || *text == '?';
}

/* Where the '@' stands that ends user and password, or NULL. Passwords are often written unescaped,
 * so it is the last one before the query with a host behind it; one behind a '/' counts only when
 * the text before cannot be a host, and one in the query only when nothing else gives an address.
 */
static const char *find_at(const char *text)
{
    Authority authority;
    const char *rest;
    size_t before_query = strcspn(text, "?");
    bool is_host = parse_authority(text, &authority, &rest);
    size_t plain = strcspn(text, "/?");
    bool user_begins = memchr(text, ':', plain) || memchr(text, '@', plain);
    for (size_t i = before_query; i-- > 0;)
        if ((i < plain || (user_begins && !is_host)) && text[i] == '@' &&
            parse_authority(text + i + 1, &authority, &rest))
            return text + i;
    if (is_host || !user_begins)
        return NULL;
    for (size_t i = strlen(text); i-- > before_query;)
        if (text[i] == '@' && parse_authority(text + i + 1, &authority, &rest))
            return text + i;
    return NULL;
}

/* Percent-decoded; what is no escape stands for itself. */
static char *decode(const char *text, size_t size)
{
    GString *out = g_string_sized_new(size);
    for (size_t i = 0; i < size; i++) {
        int high = i + 2 < size ? g_ascii_xdigit_value(text[i + 1]) : -1;
        int low = i + 2 < size ? g_ascii_xdigit_value(text[i + 2]) : -1;
        if (text[i] == '%' && high >= 0 && low >= 0 && high + low > 0) {
            g_string_append_c(out, (char)(high << 4 | low));
            i += 2;
        } else {
            g_string_append_c(out, text[i]);
        }
    }
    return g_string_free(out, FALSE);
}

/* Blanks and bytes beyond ASCII may not stand in a request line. */
static char *escape(const char *text)
{
    GString *out = g_string_new(NULL);
    for (; *text; text++)
        if (g_ascii_isgraph(*text))
            g_string_append_c(out, *text);
        else
            g_string_append_printf(out, "%%%02X", (unsigned char)*text);
    return g_string_free(out, FALSE);
}

static bool has_control(const char *text)
{
    for (; *text; text++)
        if (g_ascii_iscntrl(*text))
            return true;
    return false;
}

static RtspUrl *invalid(GError **error, const char *why)
{
    err_set(error, ERR_INVALID,
            "the camera address %s; it should look like rtsp://user:password@192.168.1.20/stream",
            why);
    return NULL;
}

RtspUrl *rtsp_url_parse(const char *text, GError **error)
{
    g_autofree char *trimmed = g_strstrip(g_strdup(text ? text : ""));
    const Scheme *scheme = find_scheme(trimmed);
    if (strlen(trimmed) > URL_BYTES_MAX)
        return invalid(error, "is too long");
    if (!scheme)
        return invalid(error, "does not begin with rtsp:// or rtsps://");
    if (has_control(trimmed))
        return invalid(error, "has a control character in it");
    const char *user = trimmed + strlen(scheme->text), *at = find_at(user), *rest;
    Authority authority;
    if (!parse_authority(at ? at + 1 : user, &authority, &rest))
        return invalid(error, "has no host, or a wrong host or port");

    RtspUrl *url = g_new0(RtspUrl, 1);
    url->tls = scheme->tls;
    url->host = g_ascii_strdown(authority.host, (gssize)authority.host_size);
    unsigned port_default = scheme->tls ? PORT_TLS : PORT_PLAIN;
    url->port = (uint16_t)(authority.port ? authority.port : port_default);
    url->path = escape(rest);
    if (at) {
        const char *colon = memchr(user, ':', (size_t)(at - user));
        const char *user_end = colon ? colon : at;
        url->user = decode(user, (size_t)(user_end - user));
        url->password = colon ? decode(colon + 1, (size_t)(at - colon - 1)) : g_strdup("");
    }
    explicit_bzero(trimmed, strlen(trimmed));
    return url;
}

RtspUrl *rtsp_url_copy(const RtspUrl *url)
{
    RtspUrl *copy = g_new(RtspUrl, 1);
    *copy = (RtspUrl){.tls = url->tls,
                      .host = g_strdup(url->host),
                      .port = url->port,
                      .path = g_strdup(url->path),
                      .user = g_strdup(url->user),
                      .password = g_strdup(url->password)};
    return copy;
}

void rtsp_url_free(RtspUrl *url)
{
    if (!url)
        return;
    if (url->password)
        explicit_bzero(url->password, strlen(url->password));
    g_free(url->password);
    g_free(url->user);
    g_free(url->host);
    g_free(url->path);
    g_free(url);
}

char *rtsp_url_text(const RtspUrl *url)
{
    bool six = strchr(url->host, ':') != NULL;
    GString *out = g_string_new(url->tls ? "rtsps://" : "rtsp://");
    g_string_append_printf(out, six ? "[%s]" : "%s", url->host);
    if (url->port != (url->tls ? PORT_TLS : PORT_PLAIN))
        g_string_append_printf(out, ":%u", url->port);
    g_string_append(out, url->path);
    return g_string_free(out, FALSE);
}

/* The address in `text` without credentials, or NULL. */
static char *clean(const char *text)
{
    g_autoptr(RtspUrl) url = rtsp_url_parse(text, NULL);
    return url ? rtsp_url_text(url) : NULL;
}

bool rtsp_url_same_server(const RtspUrl *a, const RtspUrl *b)
{
    return a->tls == b->tls && a->port == b->port && g_ascii_strcasecmp(a->host, b->host) == 0;
}

char *rtsp_url_base(const char *content_base, const char *request_url)
{
    g_autoptr(RtspUrl) request = rtsp_url_parse(request_url, NULL);
    char *fallback = request ? rtsp_url_text(request) : g_strdup(request_url);
    g_autofree char *base = g_strstrip(g_strdup(content_base ? content_base : ""));
    const char *text = base;
    for (const Scheme *scheme;
         (scheme = find_scheme(text)) && find_scheme(text + strlen(scheme->text));) /* doubled */
        text += strlen(scheme->text);
    char *result = NULL;
    if (find_scheme(text)) {
        result = clean(text);
    } else if (text[0] == '/' && text[1] != '/' && request) { /* only a path */
        g_free(request->path);
        request->path = escape(text);
        result = rtsp_url_text(request);
    } else if (text[0] && !strstr(text, "://")) { /* no scheme */
        const char *scheme_of_request = request && request->tls ? "rtsps://" : "rtsp://";
        g_autofree char *whole = g_strconcat(scheme_of_request, text + strspn(text, "/"), NULL);
        result = clean(whole);
    }
    if (!result)
        return fallback;
    g_free(fallback);
    return result;
}

char *rtsp_url_join(const char *base, const char *control)
{
    g_autofree char *escaped = escape(control);
    if (find_scheme(escaped)) {
        char *absolute = clean(escaped);
        return absolute ? absolute : g_strdup(base);
    }
    const char *tail = escaped + strspn(escaped, "/");
    if (!*tail || strcmp(tail, "*") == 0)
        return g_strdup(base);
    return g_strconcat(base, g_str_has_suffix(base, "/") ? "" : "/", tail, NULL);
}
