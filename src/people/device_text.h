/* device_text.h — what a browser says it is, in the words people use for their devices. Pure.
 *
 * Whoever asks chooses what it says: it names a device, and proves none.
 */
#pragma once

#include <stddef.h>

enum { DEVICE_TEXT_MOST = 40 }; /* characters of one that is no browser */

/* "Android · Chrome"; the program's own name where it is none, as "curl/8.5"; "" for NULL and "".
 * Returned owned. */
char *device_text(const char *user_agent);
