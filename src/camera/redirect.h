/* redirect.h — may a camera's password follow where the camera sends us on to?
 *
 * Recorders and gateways send on to another port or another machine of their own network; none has
 * a good reason to send a password out of it (docs/design/decisions/042).
 */
#pragma once

#include "media/rtsp_url.h"

/* `home` is the address that the password was given for, `home_address` the numeric address that
 * the connection to it had ("" when not known), `to` where the camera sends us. */
bool redirect_keeps_password(const RtspUrl *home, const char *home_address, const RtspUrl *to);
