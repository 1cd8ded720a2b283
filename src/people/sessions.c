#include "base/clock.h"
#include "base/log.h"
#include "base/secret.h"
#include "people/password.h"
#include "people/people_state.h"

#include <inttypes.h>
#include <string.h>

enum { TOKEN_BYTES = 32 };

/* How far what is stored of a session's last use may lie behind. */
#define STORE_EVERY_US (5 * MINUTE_US)

static void free_row(void *row, const GError *error)
{
    session_row_free(row);
}

static bool store_use(CatalogDb *db, void *row, GError **error)
{
    return sessions_used(db, row, error);
}

/* Takes `row`. Never waits: what a crash loses of it is a session's last use. */
void people_store_use(People *people, SessionRow *row)
{
    catalog_write(people->catalog, store_use, row, free_row);
}

/* The sessions of `account` but the one with hash `keep`, if not NULL. */
typedef struct Ending {
    const Uuid *account;
    const uint8_t *keep;
} Ending;

static gboolean is_among(void *key, void *value, void *data)
{
    const SessionRow *row = value;
    const Ending *ending = data;
    return uuid_equal(&row->account, ending->account) &&
           !(ending->keep && memcmp(row->hash, ending->keep, SHA256_BYTES) == 0);
}

/* The same, owned. */
typedef struct LateEnding {
    Ending ending;
    Uuid account;
    uint8_t keep[SHA256_BYTES];
} LateEnding;

static void free_late(void *late, const GError *error)
{
    g_free(late);
}

static bool remove_rows(CatalogDb *db, void *data, GError **error)
{
    const Ending *ending = data;
    return sessions_remove_of(db, ending->account, ending->keep, error);
}

void people_forget_sessions(People *people, const Uuid *account, const uint8_t *keep)
{
    LateEnding *late = g_new0(LateEnding, 1);
    late->account = *account;
    late->ending.account = &late->account;
    if (keep) {
        memcpy(late->keep, keep, SHA256_BYTES);
        late->ending.keep = late->keep;
    }
    g_hash_table_foreach_remove(people->sessions, is_among, &late->ending);
    catalog_write_soon(people->catalog, remove_rows, late, free_late);
}

bool people_sessions_end(People *people, const Uuid *account, const char *keep, GError **error)
{
    uint8_t hash[SHA256_BYTES];
    if (keep)
        token_digest(keep, hash);
    Ending ending = {account, keep ? hash : NULL};
    pthread_mutex_lock(&people->lock);
    g_hash_table_foreach_remove(people->sessions, is_among, &ending);
    pthread_mutex_unlock(&people->lock);
    return catalog_write_wait(people->catalog, remove_rows, &ending, error);
}

bool people_session_over(const SessionRow *row, int64_t now_us)
{
    return now_us - row->used_us > SESSION_IDLE_US || now_us - row->created_us > SESSION_MOST_US;
}

/* With the lock held: who `row` stands for; false when the session has ended. */
static bool identify(People *people, const SessionRow *row, int64_t now_us, Identity *identity)
{
    const AccountRow *account = people_active(people, &row->account);
    if (!account || people_session_over(row, now_us))
        return false;
    *identity = (Identity){.account = account->id};
    g_strlcpy(identity->village, account->village ? account->village : "",
              sizeof identity->village);
    if (!role_parse(account->role, &identity->role))
        return false;
    if (people_needs_factor(people, account, identity->role) ||
        people_lacks_device(people, row, identity->role, now_us))
        identity->role = ROLE_UNPROVEN;
    return true;
}

SessionRow *session_row_copy(const SessionRow *row)
{
    SessionRow *copy = g_memdup2(row, sizeof *row);
    copy->device = g_strdup(row->device);
    copy->address = g_strdup(row->address);
    return copy;
}

bool people_session_of(People *people, const uint8_t hash[SHA256_BYTES], Identity *identity)
{
    int64_t now_us = clock_now_us();
    SessionRow *moved = NULL;
    pthread_mutex_lock(&people->lock);
    SessionRow *row = g_hash_table_lookup(people->sessions, hash);
    bool stands = row && identify(people, row, now_us, identity);
    if (stands) {
        row->used_us = now_us;
    } else if (row) {
        g_hash_table_remove(people->sessions, hash);
        row = NULL;
    }
    if (row && now_us - row->stored_us > STORE_EVERY_US) {
        row->stored_us = now_us;
        moved = session_row_copy(row);
    }
    pthread_mutex_unlock(&people->lock);
    if (moved)
        people_store_use(people, moved);
    return stands;
}

bool people_session(People *people, const char *token, Identity *identity)
{
    uint8_t hash[SHA256_BYTES];
    token_digest(token, hash);
    return people_session_of(people, hash, identity);
}

static bool remove_row(CatalogDb *db, void *hash, GError **error)
{
    return sessions_remove(db, hash, error);
}

bool people_end_session(People *people, uint8_t hash[SHA256_BYTES], GError **error)
{
    pthread_mutex_lock(&people->lock);
    g_hash_table_remove(people->sessions, hash);
    pthread_mutex_unlock(&people->lock);
    return catalog_write_wait(people->catalog, remove_row, hash, error);
}

bool people_sign_out(People *people, const char *token, GError **error)
{
    uint8_t hash[SHA256_BYTES];
    token_digest(token, hash);
    return people_end_session(people, hash, error);
}

static SessionRow *new_session(const Uuid *account, const char *token, const SignIn *asked)
{
    SessionRow *row = g_new0(SessionRow, 1);
    g_autofree char *valid = g_utf8_make_valid(asked->device ? asked->device : "", -1);
    token_digest(token, row->hash);
    row->account = *account;
    row->address = g_strdup(asked->address);
    row->device = g_utf8_substring(valid, 0, MIN(g_utf8_strlen(valid, -1), SESSION_DEVICE_MOST));
    row->created_us = row->used_us = row->stored_us = clock_now_us();
    return row;
}

static bool add_row(CatalogDb *db, void *row, GError **error)
{
    return sessions_add(db, row, error);
}

static void added(void *row, const GError *error)
{
    if (error)
        log_error("sign-in.session", "cause=\"%s\"", error->message);
    session_row_free(row);
}

/* Returns the token; NULL when the account was changed since `account` was read. */
static char *start_session(People *people, const AccountRow *account, const SignIn *asked,
                           const DeviceProof *proof, Identity *identity)
{
    secret_auto char *token = secret_token(TOKEN_BYTES);
    SessionRow *row = new_session(&account->id, token, asked);
    if (proof) {
        row->enrolled = proof->device;
        row->proven_us = row->created_us;
    }
    pthread_mutex_lock(&people->lock);
    const AccountRow *now = people_active(people, &account->id);
    bool stands = now && g_str_equal(now->password, account->password) &&
                  g_strcmp0(now->totp, account->totp) == 0 &&
                  identify(people, row, row->created_us, identity);
    if (stands) { /* handed over before anybody can end it: its end is then stored behind it */
        catalog_write_soon(people->catalog, add_row, session_row_copy(row), added);
        g_hash_table_replace(people->sessions, row->hash, row);
    }
    pthread_mutex_unlock(&people->lock);
    if (!stands) {
        session_row_free(row);
        return NULL;
    }
    if (proof)
        people_device_seen(people, &proof->device, clock_now_us());
    return g_steal_pointer(&token);
}

/* The account when the password is its own. As slow for names that are not there as for others. */
static AccountRow *check(People *people, const char *name, const char *password)
{
    g_autoptr(AccountRow) row = people_row_named(people, name);
    if (strlen(password) > PASSWORD_MOST)
        return NULL;
    if (!row)
        password_waste(password);
    bool holds = row && password_holds(password, row->password) && !row->disabled;
    return holds ? g_steal_pointer(&row) : NULL;
}

/* Is the account's second factor given, where it has one? */
static SignInResult check_code(People *people, const AccountRow *account, const char *code,
                               bool *recovery, GError **error)
{
    if (!account->totp)
        return SIGN_IN_DONE;
    if (!code) {
        err_set(error, ERR_DENIED,
                "a code is needed: of the authenticator app, or a recovery code");
        return SIGN_IN_CODE_NEEDED;
    }
    if (people_take_code(people, &account->id, code, recovery, error))
        return SIGN_IN_DONE;
    return SIGN_IN_CODE_WRONG;
}

/* Is it to come from an enrolled device, and does not? */
static bool is_elsewhere(People *people, const AccountRow *account, bool proven)
{
    Role role;
    if (proven || !role_parse(account->role, &role))
        return false;
    pthread_mutex_lock(&people->lock);
    bool wanted = people->device_roles[role];
    pthread_mutex_unlock(&people->lock);
    return wanted;
}

/* The result without what the lockout has to do with it. */
static char *admit(People *people, const SignIn *asked, const char *who, Identity *identity,
                   SignInEnd *end, GError **error)
{
    g_autoptr(AccountRow) account = check(people, who, asked->password);
    end->result = SIGN_IN_WRONG;
    if (account) {
        const DeviceProof *proof = asked->proof;
        if (proof && !people_proof_holds(people, &account->id, proof))
            proof = NULL;
        if (is_elsewhere(people, account, proof)) {
            end->result = SIGN_IN_DEVICE_NEEDED;
            err_set(error, ERR_DENIED, "this account signs in from its enrolled device only");
            return NULL;
        }
        end->result = check_code(people, account, asked->code, &end->recovery, error);
        if (end->result != SIGN_IN_DONE)
            return NULL;
        char *token = start_session(people, account, asked, proof, identity);
        if (token && password_outdated(account->password))
            people_renew_hash(people, &account->id, asked->password);
        if (token)
            return token;
        end->result = SIGN_IN_WRONG;
    }
    err_set(error, ERR_DENIED, "name or password is wrong");
    return NULL;
}

char *people_sign_in(People *people, const SignIn *asked, Identity *identity, SignInEnd *end,
                     GError **error)
{
    g_autofree char *folded = people_fold_name(asked->name, NULL);
    const char *who = folded ? folded : "";
    int64_t now_us = clock_mono_us();
    *end = (SignInEnd){.result = SIGN_IN_LOCKED_OUT};
    end->wait_us = lockout_try(people->lockout, who, asked->address, now_us);
    if (end->wait_us > 0) {
        err_set(error, ERR_UNAVAILABLE, "too many failed sign-ins: try again in %" PRId64 " s",
                (end->wait_us + SECOND_US - 1) / SECOND_US);
        return NULL;
    }
    char *token = admit(people, asked, who, identity, end, error);
    if (token)
        lockout_succeeded(people->lockout, who, asked->address, now_us);
    else if (end->result == SIGN_IN_CODE_NEEDED || end->result == SIGN_IN_DEVICE_NEEDED)
        lockout_take_back(people->lockout, who, asked->address, now_us);
    return token;
}
