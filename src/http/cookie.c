#include "http/cookie.h"

#include <glib.h>
#include <string.h>

char *cookie_find(const char *header, const char *name)
{
    if (!header)
        return NULL;
    size_t length = strlen(name);
    for (const char *at = header; *at;) {
        at += strspn(at, " \t;");
        const char *end = at + strcspn(at, ";");
        if (strncmp(at, name, length) == 0 && at[length] == '=') {
            const char *value = at + length + 1;
            while (end > value && (end[-1] == ' ' || end[-1] == '\t'))
                end--;
            if (end - value >= 2 && *value == '"' && end[-1] == '"')
                value++, end--;
            return g_strndup(value, (size_t)(end - value));
        }
        at = end;
    }
    return NULL;
}

static char *cookie(const char *name, const char *value, long max_age_s, bool secure)
{
    return g_strdup_printf("%s=%s; Path=/; Max-Age=%ld; HttpOnly; SameSite=Strict%s", name, value,
                           max_age_s, secure ? "; Secure" : "");
}

char *cookie_session(const char *token, long max_age_s, bool secure)
{
    return cookie(SESSION_COOKIE, token, max_age_s, secure);
}

char *cookie_browser(const char *token, bool secure)
{
    return cookie(BROWSER_COOKIE, token, 400L * 24 * 3600, secure);
}

char *bearer_token(const char *authorization)
{
    if (!authorization || g_ascii_strncasecmp(authorization, "Bearer ", 7) != 0)
        return NULL;
    const char *token = authorization + 7 + strspn(authorization + 7, " ");
    size_t length = strcspn(token, " \t,");
    return length ? g_strndup(token, length) : NULL;
}

bool origin_is_ours(const char *origin, const char *host, const char *scheme)
{
    if (!origin)
        return true;
    if (!host || !*host)
        return false;
    const char *rest = strstr(origin, "://");
    if (!rest || g_ascii_strcasecmp(rest + 3, host) != 0)
        return false;
    size_t length = (size_t)(rest - origin);
    if (scheme)
        return strlen(scheme) == length && g_ascii_strncasecmp(origin, scheme, length) == 0;
    return (length == 5 && g_ascii_strncasecmp(origin, "https", 5) == 0) ||
           (length == 4 && g_ascii_strncasecmp(origin, "http", 4) == 0);
}
