/* people.h — accounts, sessions, API tokens: who is asking.
 *
 * All of them are held in memory, so that checking a session touches neither disk nor SQL and may
 * be done on the HTTP thread. What hashes a password or writes (marked "blocks") belongs on a pool
 * thread. Thread-safe.
 */
#pragma once

#include "base/p256.h"
#include "base/uuid.h"
#include "catalog/catalog.h"
#include "config/site.h"
#include "people/rights.h"

typedef struct People People;

/* Borrows `catalog` and `site` until people_free(). Blocks. Returns owned, or NULL. */
People *people_open(Catalog *catalog, Site *site, GError **error);
void people_free(People *people);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(People, people_free)

/* When there is no account at all: makes `admin` with a random password, which is returned owned in
 * `*password` (secret_free) this one time; otherwise sets it to NULL. Blocks. */
bool people_first_admin(People *people, char **password, GError **error);

typedef struct Account {
    Uuid id;
    Role role;
    char village[VILLAGE_BYTES]; /* of a village head; "": none */
    char name[64];
    char language[8];
    bool disabled;
    bool second_factor; /* has one */
    int64_t created_us;
} Account;

enum { PASSWORD_LEAST = 10, PASSWORD_MOST = 256 }; /* characters; bytes */

/* Names are stored in lower case: 2–32 letters, digits and . _ - @ */

/* Blocks. `village`: where a village head may look; NULL or "" for other roles. ERR_INVALID says
 * what is wrong with name, village or password, ERR_EXISTS: name taken. */
bool people_account_add(People *people, const char *name, Role role, const char *village,
                        const char *password, Uuid *id, GError **error);
/* Ends the account's sessions. The last admin that is not disabled can't be disabled or lose the
 * role (ERR_DENIED). All block. */
bool people_account_disable(People *people, const Uuid *id, bool disabled, GError **error);
bool people_account_role(People *people, const Uuid *id, Role role, const char *village,
                         GError **error);
bool people_account_language(People *people, const Uuid *id, const char *language, GError **error);
bool people_password_set(People *people, const Uuid *id, const char *password, GError **error);
/* By the owner: ERR_DENIED when `old` is wrong (counts towards the lockout). Other sessions end;
 * `keep` is the token of the one that stays (may be NULL). */
bool people_password_change(People *people, const Uuid *id, const char *old, const char *password,
                            const char *keep, GError **error);

bool people_account(People *people, const Uuid *id, Account *account); /* false: none */
bool people_account_named(People *people, const char *name, Account *account);
GArray *people_accounts(People *people); /* Account by value, by name; returns owned */

enum { SESSION_DEVICE_MOST = 120 }; /* characters kept of what a browser says it is */

typedef struct SignIn {
    const char *name, *password;
    const char *code;    /* of the authenticator app, or a recovery code; NULL: none yet */
    const char *address; /* the peer's, as text */
    const char *device;  /* what the browser says it is; may be NULL */
    const struct DeviceProof *proof; /* of the enrolled device it comes from; NULL: none */
} SignIn;

/* An enrolled device proves that it is there: see people/devices.h. */
typedef struct DeviceProof {
    Uuid device;
    const char *challenge;
    uint8_t signature[P256_SIGNATURE_BYTES];
} DeviceProof;

typedef enum SignInResult {
    SIGN_IN_DONE,
    SIGN_IN_WRONG, /* name or password, or the account is disabled: not told apart */
    SIGN_IN_LOCKED_OUT,
    SIGN_IN_CODE_NEEDED, /* the password is right: the same again with a code */
    SIGN_IN_CODE_WRONG,
    SIGN_IN_DEVICE_NEEDED, /* the password is right, but not from here */
} SignInResult;

typedef struct SignInEnd {
    SignInResult result;
    int64_t wait_us; /* of who is locked out */
    bool recovery;   /* a recovery code was used up */
} SignInEnd;

/* Returns the session's token (owned, secret_free); NULL and `error` for every other result. Blocks
 * for about a tenth of a second. */
char *people_sign_in(People *people, const SignIn *asked, Identity *identity, SignInEnd *end,
                     GError **error);

/* --- the second factor: codes of an authenticator app, and recovery codes beside them --- */

typedef struct SecondFactor {
    bool on;
    bool needed;            /* the site wants it of this role */
    unsigned recovery_left; /* codes */
} SecondFactor;
bool people_second_factor(People *people, const Uuid *id, SecondFactor *factor); /* false: none */

/* Makes a secret that counts once a code of it is confirmed, within 10 min. `*secret` (base32, to
 * be typed) and `*uri` (for a QR code) are returned owned (secret_free). ERR_DENIED: the password
 * is wrong. ERR_EXISTS: there is one already. Blocks. */
bool people_totp_begin(People *people, const Uuid *id, const char *password, char **secret,
                       char **uri, GError **error);

/* Ends all sessions of the account but the one with the token `keep` (may be NULL). Returns the
 * recovery codes, told this once (owned, g_strfreev); NULL: ERR_DENIED when `code` is wrong,
 * ERR_NOT_FOUND when nothing was begun. Blocks. */
char **people_totp_confirm(People *people, const Uuid *id, const char *code, const char *keep,
                           GError **error);

/* New recovery codes in place of all earlier ones. As people_totp_confirm(). Blocks. */
char **people_recovery_renew(People *people, const Uuid *id, const char *password, GError **error);

/* By the owner. ERR_DENIED: the password is wrong, or the site wants it of this role. Blocks. */
bool people_totp_off(People *people, const Uuid *id, const char *password, GError **error);

/* By an admin, for a person whose phone is lost: ends the account's sessions. Blocks. */
bool people_totp_reset(People *people, const Uuid *id, GError **error);

/* Which roles need a second factor; `wanted` is indexed by Role. Setting it blocks. */
void people_totp_roles(People *people, bool wanted[ROLES]);
bool people_totp_roles_set(People *people, const bool wanted[ROLES], GError **error);

/* A session's token from the cookie; extends the session. Never blocks. */
bool people_session(People *people, const char *token, Identity *identity);

/* One place where an account is signed in. */
typedef struct SessionInfo {
    Uuid id;                                  /* tells nothing of the token */
    char device[4 * SESSION_DEVICE_MOST + 1]; /* what the browser says it is; may be "" */
    char address[48];                         /* where it was begun; "": not known */
    int64_t created_us, used_us;
    bool current; /* the one that asks */
} SessionInfo;

/* Newest use first; `current`: the token of the one that asks, or NULL. SessionInfo by value;
 * returns owned. Never blocks. */
GArray *people_sessions(People *people, const Uuid *account, const char *current);

/* Ends one, or all but the one with the token `keep` (NULL: none stays); its streams end within a
 * second, and no restart brings them back. Block. ERR_NOT_FOUND: the account has no such session;
 * what the catalog could not store has ended all the same, until the next start. */
bool people_session_end(People *people, const Uuid *account, const Uuid *id, GError **error);
bool people_sessions_end(People *people, const Uuid *account, const char *keep, GError **error);
bool people_sign_out(People *people, const char *token, GError **error); /* the same, its own */

#define SESSION_IDLE_US (INT64_C(12) * 3600 * 1000000)
#define SESSION_MOST_US (INT64_C(30) * 86400 * 1000000)

typedef struct ApiToken {
    Uuid id;
    Role role;
    char village[VILLAGE_BYTES];
    char purpose[128];
    Uuid created_by;
    int64_t created_us;
    int64_t expires_us;
} ApiToken;

/* Returns the token (owned, secret_free), shown this once. 1–366 days. Blocks. */
char *people_token_create(People *people, Role role, const char *village, int64_t days,
                          const char *purpose, const Uuid *by, ApiToken *made, GError **error);
bool people_token_remove(People *people, const Uuid *id, GError **error); /* blocks */
GArray *people_tokens(People *people); /* ApiToken by value, newest first; returns owned */

/* A Bearer token: an API token, or a session's. Never blocks. */
bool people_bearer(People *people, const char *token, Identity *identity);
