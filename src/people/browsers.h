/* browsers.h — is an account signed in from a browser in which it never was before?
 *
 * A browser is known by a random text that it is given once, as a cookie, and keeps; its hash is
 * kept for each account that signed in there. Nothing is guessed from what a browser is like: one
 * whose cookies were cleared is new. Held in memory; on disk it stands as soon as the session of
 * that sign-in does, which is handed over just before.
 */
#pragma once

#include "people/people.h"

enum { BROWSERS_MOST = 50 }; /* of an account; those not seen for longest are forgotten */

/* Notes that the account signed in in `browser`, the text that it keeps; NULL or anything that was
 * never given out: it is given one, which comes in `*given` (owned, secret_free), otherwise NULL.
 * Returns whether that is news for the account: neither where it was before, nor its first. Never
 * waits: a sign-in is answered while the disk hangs. */
bool browser_is_news(People *people, const Uuid *account, const char *browser, char **given);

/* The password is new: where whoever had the old one was signed in is news again. Only `browser`
 * (NULL: none) stays known. Blocks; trouble is logged. */
void browsers_forget_others(People *people, const Uuid *account, const char *browser);
