#include "config/push_service.h"

#include "base/error.h"

#include <string.h>

/* Hosts of the services that browsers subscribe to; one with a dot in front stands for all below.
 */
static const char *const known[] = {
    "fcm.googleapis.com",
    "updates.push.services.mozilla.com",
    ".push.apple.com",
    ".notify.windows.com",
};

static char *origin_of(const GUri *uri)
{
    return g_uri_join(G_URI_FLAGS_ENCODED, g_uri_get_scheme((GUri *)uri), NULL,
                      g_uri_get_host((GUri *)uri), g_uri_get_port((GUri *)uri), "", NULL, NULL);
}

static bool is_known(GUri *uri)
{
    const char *host = g_uri_get_host(uri);
    int port = g_uri_get_port(uri);
    if (strcmp(g_uri_get_scheme(uri), "https") != 0 || (port != -1 && port != 443))
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
        if (*known[i] == '.' ? g_str_has_suffix(host, known[i]) : strcmp(host, known[i]) == 0)
            return true;
    return false;
}

char *push_service_of(const char *endpoint, const char *const *services, GError **error)
{
    g_autoptr(GUri) uri = strlen(endpoint) <= PUSH_ENDPOINT_MOST
                              ? g_uri_parse(endpoint, G_URI_FLAGS_ENCODED, NULL)
                              : NULL;
    bool plain = uri && g_uri_get_host(uri) && *g_uri_get_host(uri) && !g_uri_get_userinfo(uri);
    g_autofree char *origin = plain ? origin_of(uri) : NULL;
    if (origin && (is_known(uri) || (services && g_strv_contains(services, origin))))
        return g_steal_pointer(&origin);
    err_set(error, ERR_INVALID,
            "‘endpoint’ is of no push service that is known here; the configuration can name more");
    return NULL;
}

bool push_service_check(const char *text, GError **error)
{
    g_autoptr(GUri) uri = g_uri_parse(text, G_URI_FLAGS_ENCODED, NULL);
    const char *scheme = uri ? g_uri_get_scheme(uri) : "";
    bool http = strcmp(scheme, "http") == 0 || strcmp(scheme, "https") == 0;
    g_autofree char *origin = http && g_uri_get_host(uri) ? origin_of(uri) : NULL;
    return (origin && strcmp(origin, text) == 0) ||
           err_set(error, ERR_INVALID, "must be scheme and host, such as https://push.example.org");
}

bool push_contact_check(const char *contact, GError **error)
{
    bool well = g_str_has_prefix(contact, "mailto:") ? strchr(contact, '@') != NULL
                                                     : g_str_has_prefix(contact, "https://");
    return well || err_set(error, ERR_INVALID, "must be mailto:… or https://…");
}
