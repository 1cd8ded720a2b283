#include "camera/rtsp_access.h"

#include "base/secret.h"
#include "camera/redirect.h"

#include <string.h>

void rtsp_access_init(RtspAccess *access, const RtspUrl *home, const char *user,
                      const char *password)
{
    *access = (RtspAccess){.home = rtsp_url_copy(home),
                           .user = g_strdup(user),
                           .password = g_strdup(password ? password : "")};
}

void rtsp_access_clear(RtspAccess *access)
{
    rtsp_url_free(access->home);
    g_free(access->home_address);
    g_free(access->user);
    secret_free(access->password);
    *access = (RtspAccess){0};
}

void rtsp_access_connected(RtspAccess *access, const char *address)
{
    if (!access->home_address)
        access->home_address = g_strdup(address);
    access->auth = (RtspAuth){0};
    access->accepted = false;
}

void rtsp_access_moved(RtspAccess *access, const RtspUrl *to)
{
    access->abroad = !redirect_keeps_password(access->home, access->home_address, to);
}

char *rtsp_access_sign(RtspAccess *access, RtspMethod method, const char *url)
{
    g_autofree char *cnonce = secret_token(12);
    char *authorization = access->user && !access->abroad
                              ? rtsp_auth_answer(&access->auth, access->user, access->password,
                                                 rtsp_method_text(method), url, cnonce)
                              : NULL;
    access->signed_in = authorization != NULL;
    return authorization;
}

void rtsp_access_next(RtspAccess *access)
{
    access->new_nonces = 0;
}

void rtsp_access_accepted(RtspAccess *access)
{
    access->accepted |= access->signed_in;
}

CameraTrouble rtsp_access_refused(RtspAccess *access, const RtspItem *answer, const char *url,
                                  char **cause)
{
    bool was_signed_in = access->signed_in;
    g_autofree char *nonce = g_strdup(access->auth.nonce);
    if (!rtsp_auth_choose(answer, &access->auth)) {
        *cause = g_strdup("the camera asks for a kind of sign-in that is not known");
        return TROUBLE_PROTOCOL;
    }
    if (!access->user) {
        *cause = g_strdup("the camera asks for a user and a password; none is set");
        return TROUBLE_WRONG_PASSWORD;
    }
    if (access->abroad) {
        *cause = g_strdup_printf(
            "the camera sends us on to %s, which asks for a password; the stored one is not sent "
            "there: if this is right, set that address and give its password",
            url);
        return TROUBLE_SENT_ON;
    }
    /* Some give out nonces for one request, and do not say that the old one is stale. */
    bool stale = access->auth.stale || (access->accepted && strcmp(nonce, access->auth.nonce) != 0);
    if (!was_signed_in || (stale && access->new_nonces++ == 0))
        return TROUBLE_NONE;
    *cause = g_strdup_printf(
        "wrong user or password (%s refused); check them in the camera's own settings",
        rtsp_auth_text(access->auth.kind));
    return TROUBLE_WRONG_PASSWORD;
}
