/* people_state.h — private to people/: what a People is made of. */
#pragma once

#include "base/digest.h"
#include "base/turn.h"
#include "catalog/accounts.h"
#include "catalog/browsers.h"
#include "catalog/devices.h"
#include "catalog/sessions.h"
#include "catalog/tokens.h"
#include "people/devices.h"
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
    GHashTable *browsers; /* Uuid * of an account -> GArray * of BrowserRow: where it was before */
    GHashTable *begun;    /* Uuid * -> Begun *: second factors that are not confirmed */
    bool totp_roles[ROLES];
    GHashTable *devices;    /* Uuid * (in the row) -> DeviceRow * */
    GHashTable *codes;      /* what is typed -> DeviceCode *: enrols a phone */
    GHashTable *challenges; /* what is signed -> Challenge * */
    bool device_roles[ROLES];
};

/* `hash` becomes SHA-256 of a token's text: what is stored and looked up. */
void token_digest(const char *token, uint8_t hash[SHA256_BYTES]);

/* With the lock held: the account, when it may do anything at all; else NULL. */
const AccountRow *people_active(People *people, const Uuid *id);

/* A copy of the account of this id or name, or NULL. Takes the lock. */
AccountRow *people_row(People *people, const Uuid *id);
AccountRow *people_row_named(People *people, const char *name);

/* One change of a copy of the account; `how` is what the caller of people_change() gave. */
typedef bool (*AccountChange)(People *people, AccountRow *row, void *how, GError **error);

/* Runs `alter` in a turn and makes its outcome durable. ERR_NOT_FOUND. Blocks. */
bool people_change(People *people, const Uuid *id, AccountChange alter, void *how, GError **error);

/* As people_change(), and ends the account's sessions with it, but the one with the token `keep`
 * (NULL: none stays). */
bool people_change_ending(People *people, const Uuid *id, AccountChange alter, void *how,
                          const char *keep, GError **error);

/* Is `password` the account's own? Wrong ones count towards a lockout of their own, for guessing
 * from a stolen session is slowed down as any other: ERR_UNAVAILABLE. ERR_DENIED: it is wrong. */
bool people_prove(People *people, const AccountRow *row, const char *password, GError **error);

/* Takes one code of the account, once and for all; `*recovery`: it was a recovery code. ERR_DENIED:
 * it is none. Blocks. */
bool people_take_code(People *people, const Uuid *id, const char *code, bool *recovery,
                      GError **error);

/* With the lock held: is the second factor missing that the site wants of this account? */
bool people_needs_factor(const People *people, const AccountRow *row, Role role);

/* second_factor.c: what people_open() reads. */
bool people_load_factors(People *people, CatalogDb *db, GError **error);
void people_free_begun(void *begun);

/* devices.c: what people_open() reads. */
bool people_load_devices(People *people, CatalogDb *db, GError **error);
void people_free_code(void *code);

/* browsers.c: the same. */
bool people_load_browsers(People *people, CatalogDb *db, GError **error);

/* proofs.c: */
void people_free_challenge(void *challenge);

/* With the lock held: is there no device in sight that this session must come from? */
bool people_lacks_device(const People *people, const SessionRow *row, Role role, int64_t now_us);

/* Is it the account's own device that proves itself to sign in? Takes the challenge and the lock.
 */
bool people_proof_holds(People *people, const Uuid *account, const DeviceProof *proof);

/* Stores that the device was seen; never waits. */
void people_device_seen(People *people, const Uuid *device, int64_t now_us);

/* Stores when the session was used and proven; takes `row`. Never waits. */
void people_store_use(People *people, SessionRow *row);
SessionRow *session_row_copy(const SessionRow *row); /* returns owned */

/* Ends the sessions of a device; never blocks. */
void people_end_device(People *people, const Uuid *device);

/* Roles by blanks, as settings keep them. Returned owned. */
char *people_roles_text(const bool wanted[ROLES]);
void people_roles_read(const char *text, bool wanted[ROLES]);

/* Writes site.json, telling trouble only in the log, since the catalog has it. */
void people_save(People *people);

/* Stores the password that was just used anew, with today's settings of hashing. */
void people_renew_hash(People *people, const Uuid *id, const char *password);

/* Idle for too long, or begun too long ago? */
bool people_session_over(const SessionRow *row, int64_t now_us);

/* Ends the session with this hash. Blocks. */
bool people_end_session(People *people, uint8_t hash[SHA256_BYTES], GError **error);

/* With the lock held, behind a change of the account: ends its sessions but the one with hash
 * `keep` (NULL: none stays), also those whose start is on its way to the catalog. Never blocks. */
void people_forget_sessions(People *people, const Uuid *account, const uint8_t *keep);

/* The village of an account or token of this role, as it is stored: "" where the role has none.
 * ERR_INVALID says what is wrong. Returns owned. */
char *people_village(People *people, Role role, const char *village, GError **error);

/* The name as it is stored: lower case, NFKC. ERR_INVALID says what is wrong. Returns owned. */
char *people_fold_name(const char *name, GError **error);

/* By the hash of its token; extends the session. */
bool people_session_of(People *people, const uint8_t hash[SHA256_BYTES], Identity *identity);
