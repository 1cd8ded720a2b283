/* onvif_http.h — one SOAP question over HTTP, on a short lead.
 *
 * http and https only, no redirects, no proxy, bounded in time and bytes. Certificates of cameras
 * are their own and not checked. Blocks: pool threads only.
 */
#pragma once

#include "media/onvif_address.h"

#include <stdbool.h>

typedef struct OnvifHttp OnvifHttp; /* a connection that is kept; one thread at a time */

OnvifHttp *onvif_http_new(void);
void onvif_http_free(OnvifHttp *http); /* NULL is allowed */

typedef struct OnvifReply {
    int status;
    bool digest_wanted; /* 401 with a Digest challenge */
    GByteArray *body;   /* owned */
} OnvifReply;
void onvif_reply_clear(OnvifReply *reply);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(OnvifReply, onvif_reply_clear)

/* Posts `body`. `user` NULL: without HTTP authentication, else with Digest (RFC 7616), never Basic.
 * False with ERR_UNAVAILABLE or ERR_TIMEOUT when no whole answer came within `timeout_us`. */
bool onvif_http_post(OnvifHttp *http, const OnvifAddress *address, const char *user,
                     const char *password, const char *body, int64_t timeout_us, OnvifReply *reply,
                     GError **error);
