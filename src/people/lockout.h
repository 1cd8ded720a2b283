/* lockout.h — private to people/: slows down those who guess passwords.
 *
 * Failures are counted three ways, and past a few free ones each further failure doubles a wait: of
 * an address (up to 15 min), of an account at one address (a minute), and of an account everywhere
 * (a minute). Nobody can keep an owner out by failing on purpose: to the last an address adds no
 * more than LOCKOUT_SHARE failures, so that it takes many addresses to fill it, and where the
 * account signed in from before it does not apply. Held in memory, bounded; thread-safe.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

typedef struct Lockout Lockout;

enum {
    LOCKOUT_FREE_HERE = 5,     /* an account at one address */
    LOCKOUT_FREE_ACCOUNT = 20, /* everywhere */
    LOCKOUT_FREE_ADDRESS = 10,
    LOCKOUT_SHARE = 2,
};
#define LOCKOUT_MOST_ACCOUNT_US (INT64_C(60) * 1000000)
#define LOCKOUT_MOST_ADDRESS_US (INT64_C(900) * 1000000)
#define LOCKOUT_FORGET_US (INT64_C(3600) * 1000000)

/* "@ADDRESS", of an IPv6 address its /64: what counts as one place. Returns owned. */
char *lockout_place(const char *address);

Lockout *lockout_new(void);
void lockout_free(Lockout *lockout); /* NULL is allowed */

/* How long `account` at `address` has still to wait; 0: try, and the try counts as failed until
 * lockout_succeeded() tells otherwise, so that many at once are not one. `now_us` is monotonic. */
int64_t lockout_try(Lockout *lockout, const char *account, const char *address, int64_t now_us);

/* The password was right, but a code is still to come: the try does not count after all. */
void lockout_take_back(Lockout *lockout, const char *account, const char *address, int64_t now_us);
void lockout_succeeded(Lockout *lockout, const char *account, const char *address, int64_t now_us);
