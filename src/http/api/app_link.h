/* app_link.h — links to the app that a phone follows from a QR code. */
#pragma once

#include "base/error.h"

/* `rest` behind the address at which the app is reached, as whoever shows the code gave it. Returns
 * owned; NULL with ERR_INVALID when `app` is no such address. */
char *app_link(const char *app, const char *rest, GError **error);
