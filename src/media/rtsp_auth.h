/* rtsp_auth.h — proving who we are to a camera: Basic and Digest (RFC 7617, RFC 7616, RFC 2617).
 */
#pragma once

#include "media/rtsp_message.h"

typedef enum RtspAuthKind { /* in rising strength */
                            RTSP_AUTH_NONE,
                            RTSP_AUTH_BASIC,
                            RTSP_AUTH_MD5,
                            RTSP_AUTH_MD5_SESS,
                            RTSP_AUTH_SHA256,
                            RTSP_AUTH_SHA256_SESS,
} RtspAuthKind;
const char *rtsp_auth_text(RtspAuthKind kind); /* "Basic", "Digest MD5" … for people */

/* A challenge chosen, and how often it was answered. Zero is RTSP_AUTH_NONE. A plain value. */
typedef struct RtspAuth {
    RtspAuthKind kind;
    bool algorithm_told; /* echoed only then */
    bool qop_auth;       /* with nc and cnonce; else the form of RFC 2069 */
    bool has_opaque;
    bool stale;     /* the nonce was too old, not the password wrong */
    unsigned count; /* nc of the last answer */
    char realm[256], nonce[512], opaque[512];
} RtspAuth;

/* Reads every challenge of every WWW-Authenticate header of a 401 and keeps the strongest that we
 * can answer. False, and `auth` unchanged, when there is none. */
bool rtsp_auth_choose(const RtspItem *response, RtspAuth *auth);

/* The value of Authorization for one request; `uri` exactly as in the request line. `cnonce`:
 * random text, used with qop. Counts `auth->count` up. Returns owned; NULL for RTSP_AUTH_NONE. */
char *rtsp_auth_answer(RtspAuth *auth, const char *user, const char *password, const char *method,
                       const char *uri, const char *cnonce);
