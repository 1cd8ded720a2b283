#include "media/onvif_address.h"

#include "base/error.h"
#include "media/rtsp_url.h"

#include <string.h>

enum { ADDRESS_BYTES_MAX = 2048 };

/* Values break over lines in some answers; in an address no blank means anything. */
static char *without_blanks(const char *text)
{
    GString *out = g_string_new(NULL);
    for (; *text && out->len < ADDRESS_BYTES_MAX; text++)
        if (!g_ascii_isspace(*text))
            g_string_append_c(out, *text);
    return g_string_free(out, FALSE);
}

static bool is_host(const char *host)
{
    size_t plain = strspn(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "-._:%");
    return *host && *host != '-' && host[plain] == '\0';
}

static bool is_path(const char *path)
{
    for (; *path; path++)
        if (!g_ascii_isgraph(*path))
            return false;
    return true;
}

static OnvifAddress *invalid(GError **error)
{
    err_set(error, ERR_INVALID,
            "this is no address of a camera; it should look like 192.168.1.20 or "
            "http://192.168.1.20:8000");
    return NULL;
}

OnvifAddress *onvif_address_parse(const char *text, GError **error)
{
    g_autofree char *plain = g_strstrip(g_strdup(text));
    bool has_scheme = strstr(plain, "://") != NULL;
    /* an IPv6 address alone has more than one colon, and no brackets */
    const char *colon = strchr(plain, ':');
    bool six =
        !has_scheme && *plain != '[' && colon && strchr(colon + 1, ':') && !strpbrk(plain, "@/");
    g_autofree char *whole = has_scheme ? g_strdup(plain)
                             : six      ? g_strconcat("http://[", plain, "]", NULL)
                                        : g_strconcat("http://", plain, NULL);
    g_autofree char *scheme = NULL, *user = NULL, *password = NULL, *host = NULL, *path = NULL,
                    *query = NULL;
    int port = -1;
    bool understood = strlen(whole) <= ADDRESS_BYTES_MAX &&
                      g_uri_split_with_user(
                          whole,
                          G_URI_FLAGS_HAS_PASSWORD | G_URI_FLAGS_PARSE_RELAXED |
                              G_URI_FLAGS_ENCODED_PATH | G_URI_FLAGS_ENCODED_QUERY,
                          &scheme, &user, &password, NULL, &host, &port, &path, &query, NULL, NULL);
    explicit_bzero(plain, strlen(plain));
    explicit_bzero(whole, strlen(whole));
    OnvifAddress *address = NULL;
    bool tls = scheme && g_ascii_strcasecmp(scheme, "https") == 0;
    if (understood && scheme && (tls || g_ascii_strcasecmp(scheme, "http") == 0) && host &&
        is_host(host) && is_path(path) && (!query || is_path(query)) && port != 0) {
        address = g_new(OnvifAddress, 1);
        *address = (OnvifAddress){.tls = tls,
                                  .host = g_steal_pointer(&host),
                                  .port = (uint16_t)MAX(port, 0),
                                  .path = g_strconcat(strcmp(path, "/") != 0 || query ? path : "",
                                                      query ? "?" : "", query, NULL),
                                  .user = g_steal_pointer(&user),
                                  .password = g_steal_pointer(&password)};
    }
    if (password)
        explicit_bzero(password, strlen(password));
    return address ? address : invalid(error);
}

OnvifAddress *onvif_address_copy(const OnvifAddress *address)
{
    OnvifAddress *copy = g_new(OnvifAddress, 1);
    *copy = (OnvifAddress){.tls = address->tls,
                           .host = g_strdup(address->host),
                           .port = address->port,
                           .path = g_strdup(address->path),
                           .user = g_strdup(address->user),
                           .password = g_strdup(address->password)};
    return copy;
}

void onvif_address_free(OnvifAddress *address)
{
    if (!address)
        return;
    if (address->password)
        explicit_bzero(address->password, strlen(address->password));
    g_free(address->password);
    g_free(address->user);
    g_free(address->host);
    g_free(address->path);
    g_free(address);
}

char *onvif_address_text(const OnvifAddress *address)
{
    bool six = strchr(address->host, ':') != NULL;
    GString *out = g_string_new(address->tls ? "https://" : "http://");
    g_string_append_printf(out, six ? "[%s]" : "%s", address->host);
    if (address->port)
        g_string_append_printf(out, ":%u", address->port);
    g_string_append(out, address->path);
    return g_string_free(out, FALSE);
}

OnvifAddress *onvif_address_of_service(const char *told, const OnvifAddress *device)
{
    g_autofree char *text = without_blanks(told);
    OnvifAddress *address = onvif_address_copy(device);
    g_free(address->path);
    if (*text == '/') {
        address->path = g_steal_pointer(&text);
        return address;
    }
    g_autoptr(OnvifAddress) other = onvif_address_parse(text, NULL);
    address->path = g_strdup(other ? other->path : "");
    if (!other) {
        onvif_address_free(address);
        return NULL;
    }
    if (other->tls || !device->tls) {
        address->tls = other->tls;
        address->port = other->port;
    }
    return address;
}

char *onvif_stream_address(const char *told, const OnvifAddress *device)
{
    g_autofree char *text = without_blanks(told);
    g_autoptr(RtspUrl) url = rtsp_url_parse(text, NULL);
    if (!url)
        return NULL;
    g_free(url->host);
    url->host = g_ascii_strdown(device->host, -1);
    return rtsp_url_text(url);
}
