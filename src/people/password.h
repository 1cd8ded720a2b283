/* password.h — private to people/: Argon2id of passwords (RFC 9106), one at a time.
 *
 * Takes about 0.1 s and 32 MiB: a pool thread's work. One at a time, so that a flood of sign-ins
 * takes one core and those 32 MiB, not the machine.
 */
#pragma once

#include "base/error.h"

#include <stdbool.h>

enum { PASSWORD_HASH = 128 }; /* libsodium's text form, with NUL */

bool password_hash(const char *password, char hash[PASSWORD_HASH], GError **error);
bool password_holds(const char *password, const char *hash);
void password_waste(const char *password); /* as much work, for nothing */
bool password_outdated(const char *hash);  /* made with weaker settings than today's */
