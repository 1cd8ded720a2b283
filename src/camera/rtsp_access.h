/* rtsp_access.h — user and password of a session: signs its requests, and knows where not to.
 *
 * They were given for one server; where the camera sends on to, they follow under the rule of
 * redirect.h. RFC 7616, RFC 7617.
 */
#pragma once

#include "camera/cameras.h"
#include "media/rtsp_auth.h"
#include "media/rtsp_message.h"
#include "media/rtsp_url.h"

typedef struct RtspAccess {
    RtspUrl *home; /* what user and password were given for */
    char *home_address;
    char *user, *password;
    bool abroad; /* where they are not sent to */
    RtspAuth auth;
    bool signed_in; /* the newest request carried credentials that were made for its nonce */
    bool accepted;  /* credentials were, on this connection */
    unsigned new_nonces;
} RtspAccess;

/* Borrows all until return. `user` NULL: none. */
void rtsp_access_init(RtspAccess *access, const RtspUrl *home, const char *user,
                      const char *password);
void rtsp_access_clear(RtspAccess *access); /* wipes the password */

/* On a fresh connection to the numeric `address` ("" when not known): forgets the nonce. */
void rtsp_access_connected(RtspAccess *access, const char *address);
void rtsp_access_moved(RtspAccess *access, const RtspUrl *to);

/* The value of Authorization for a request, owned, or NULL for none. */
char *rtsp_access_sign(RtspAccess *access, RtspMethod method, const char *url);

/* Another thing is asked for: a new nonce may come with it. */
void rtsp_access_next(RtspAccess *access);
/* The newest request was answered well. */
void rtsp_access_accepted(RtspAccess *access);
/* The newest request was answered by 401. TROUBLE_NONE: ask it again; else `*cause` is set to a
 * text, owned by the caller. */
CameraTrouble rtsp_access_refused(RtspAccess *access, const RtspItem *answer, const char *url,
                                  char **cause);
