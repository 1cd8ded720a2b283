/* rtsp_url.h — addresses of cameras: rtsp:// and rtsps://.
 *
 * User and password are taken out at once and stand apart, so that no text made from a RtspUrl, and
 * no error message, ever holds them. People write them unescaped: they end at the last '@'.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct RtspUrl {
    bool tls;       /* rtsps:// */
    char *host;     /* owned; a name, IPv4, or IPv6 without brackets */
    uint16_t port;  /* 554, with TLS 322, unless told */
    char *path;     /* owned; path and query as written, begins with '/' or '?', or "" */
    char *user;     /* owned, percent-decoded; NULL when the address has none */
    char *password; /* owned, percent-decoded; "" when only a user is told */
} RtspUrl;

/* Returns owned, or NULL with ERR_INVALID and a message without credentials. */
RtspUrl *rtsp_url_parse(const char *text, GError **error);
RtspUrl *rtsp_url_copy(const RtspUrl *url);
void rtsp_url_free(RtspUrl *url); /* NULL is allowed; wipes the password */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RtspUrl, rtsp_url_free)

/* The address without credentials, as the request line wants it: "rtsp://10.0.0.7:8554/main?a=b".
 * The port is left out when it is the default. Returns owned. */
char *rtsp_url_text(const RtspUrl *url);

/* Do both lead to the same server: host, port, with or without TLS? What was told to one of them, a
 * password say, is then no news to the other. */
bool rtsp_url_same_server(const RtspUrl *a, const RtspUrl *b);

/* The base for controls: `content_base` (Content-Base or Content-Location; may be NULL) when it can
 * be understood as an address or mended to one (row S1), else `request_url`. It may name another
 * host than the connection goes to: cameras behind port forwarding do. Without credentials. Returns
 * owned. */
char *rtsp_url_base(const char *content_base, const char *request_url);

/* The address of a media or session by its a=control (row S2): absolute → itself, without
 * credentials; "" or "*" → the base; else base and control with exactly one '/' between them.
 * Returns owned. */
char *rtsp_url_join(const char *base, const char *control);
