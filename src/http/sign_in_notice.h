/* sign_in_notice.h — tells a person that their account was signed in from a device that is new to
 * it: their other open apps, over the socket (docs/reference/live.md, op “sign-in”), and their
 * phones. Over the socket never the app that signed in.
 */
#pragma once

#include "http/api/context.h"

/* `token` is of the new session (borrowed). Never waits. */
void sign_in_notice_tell(ApiContext *api, const Uuid *account, const char *token);
