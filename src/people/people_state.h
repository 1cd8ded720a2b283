/* people_state.h — private to people/: what a People is made of. */
#pragma once

#include "base/digest.h"
#include "base/turn.h"
#include "catalog/accounts.h"
#include "catalog/sessions.h"
#include "catalog/tokens.h"
#include "people/lockout.h"
#include "people/people.h"

#include <pthread.h>

struct People {
    Catalog *catalog;
    Site *site;
    Lockout *lockout;
    Turn change; /* whoever changes accounts or tokens has it */

    pthread_mutex_t lock; /* of all below; never held over disk, catalog or hashing */
    GHashTable *accounts; /* Uuid * (in the row) -> AccountRow * */
    GHashTable *sessions; /* hash (in the row) -> SessionRow * */
    GHashTable *tokens;   /* hash (in the row) -> TokenRow * */
};

/* `hash` becomes SHA-256 of a token's text: what is stored and looked up. */
void token_digest(const char *token, uint8_t hash[SHA256_BYTES]);

/* With the lock held: the account, when it may do anything at all; else NULL. */
const AccountRow *people_active(People *people, const Uuid *id);

/* A copy of the account of this id or name, or NULL. Takes the lock. */
AccountRow *people_row(People *people, const Uuid *id);
AccountRow *people_row_named(People *people, const char *name);

/* Within a turn: makes `row` durable, here and in site.json, then visible. Takes `row`. */
bool people_put_account(People *people, AccountRow *row, GError **error);

/* Writes site.json, telling trouble only in the log, since the catalog has it. */
void people_save(People *people);

/* Stores the password that was just used anew, with today's settings of hashing. */
void people_renew_hash(People *people, const Uuid *id, const char *password);

/* Ends the account's sessions but the one with hash `keep` (NULL: none stays). */
void people_end_sessions(People *people, const Uuid *account, const uint8_t keep[SHA256_BYTES]);

/* The village of an account or token of this role, as it is stored: "" where the role has none.
 * ERR_INVALID says what is wrong. Returns owned. */
char *people_village(People *people, Role role, const char *village, GError **error);

/* The name as it is stored: lower case, NFKC. ERR_INVALID says what is wrong. Returns owned. */
char *people_fold_name(const char *name, GError **error);

/* By the hash of its token; extends the session. */
bool people_session_of(People *people, const uint8_t hash[SHA256_BYTES], Identity *identity);
