/* lockout.h — private to people/: slows down those who guess passwords.
 *
 * Failures are counted an address and an account; past a few free ones each further failure doubles
 * a wait. An address waits up to 15 min. An account waits at most a minute, and not at all where it
 * signed in from before: nobody can keep its owner out by failing on purpose. Held in memory,
 * bounded; thread-safe.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

typedef struct Lockout Lockout;

enum { LOCKOUT_FREE_ACCOUNT = 5, LOCKOUT_FREE_ADDRESS = 10 };
#define LOCKOUT_MOST_ACCOUNT_US (INT64_C(60) * 1000000)
#define LOCKOUT_MOST_ADDRESS_US (INT64_C(900) * 1000000)
#define LOCKOUT_FORGET_US (INT64_C(3600) * 1000000)

Lockout *lockout_new(void);
void lockout_free(Lockout *lockout); /* NULL is allowed */

/* How long `account` at `address` has still to wait; 0: try, and the try counts as failed until
 * lockout_succeeded() tells otherwise, so that many at once are not one. `now_us` is monotonic. */
int64_t lockout_try(Lockout *lockout, const char *account, const char *address, int64_t now_us);
void lockout_succeeded(Lockout *lockout, const char *account, const char *address, int64_t now_us);
