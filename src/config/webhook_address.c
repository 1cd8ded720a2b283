#include "config/webhook_address.h"

#include <string.h>

enum { ADDRESS_MOST = 2048 };

/* A host is plain: what GLib decodes of "https://good%40evil" would be read in other ways by
 * others. */
static bool is_plain_host(const char *host)
{
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._:";
    return host && *host && strspn(host, plain) == strlen(host);
}

bool webhook_address_check(const char *url, GError **error)
{
    g_autoptr(GUri) uri = g_uri_parse(url, G_URI_FLAGS_ENCODED, NULL);
    const char *scheme = uri ? g_uri_get_scheme(uri) : "";
    const char *host = uri ? g_uri_get_host(uri) : NULL;
    if ((strcmp(scheme, "http") == 0 || strcmp(scheme, "https") == 0) && is_plain_host(host) &&
        strlen(url) <= ADDRESS_MOST)
        return true;
    return err_set(error, ERR_INVALID,
                   "must be an http or https address, such as https://example.org/hook");
}

char *webhook_address_place(const char *url)
{
    g_autoptr(GUri) uri = url ? g_uri_parse(url, G_URI_FLAGS_ENCODED, NULL) : NULL;
    if (!uri || !g_uri_get_host(uri))
        return g_strdup("");
    return g_uri_join(G_URI_FLAGS_ENCODED, g_uri_get_scheme(uri), NULL, g_uri_get_host(uri),
                      g_uri_get_port(uri), "", NULL, NULL);
}

bool webhook_address_same_place(const char *a, const char *b)
{
    g_autofree char *first = webhook_address_place(a), *second = webhook_address_place(b);
    return *first && strcmp(first, second) == 0;
}
