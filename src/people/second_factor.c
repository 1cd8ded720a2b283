/* The second factor of an account: begun, confirmed by one code, used, renewed, taken off; and
 * which roles need one. The secret is sealed with the node's key; codes are taken within a turn, so
 * that none is taken twice. */
#include "base/clock.h"
#include "base/secret.h"
#include "catalog/settings.h"
#include "people/people_state.h"
#include "people/totp.h"

#include <string.h>

#define BEGUN_US (10 * MINUTE_US)

/* A secret that no code has confirmed yet; it is in memory only. */
typedef struct Begun {
    char *secret;
    int64_t mono_us;
} Begun;

void people_free_begun(void *data)
{
    Begun *begun = data;
    secret_free(begun->secret);
    g_free(begun);
}

/* --- which roles need it --- */

bool people_load_factors(People *people, CatalogDb *db, GError **error)
{
    g_autofree char *text = NULL;
    if (!settings_get(db, SITE_TOTP_ROLES, &text, error))
        return false;
    people_roles_read(text, people->totp_roles);
    return true;
}

void people_roles_read(const char *text, bool wanted[ROLES])
{
    g_auto(GStrv) names = g_strsplit(text ? text : "", " ", -1);
    for (char **name = names; *name; name++) {
        Role role;
        if (role_parse(*name, &role))
            wanted[role] = true;
    }
}

char *people_roles_text(const bool wanted[ROLES])
{
    GString *text = g_string_new(NULL);
    for (unsigned role = ROLE_ADMIN; role < ROLES; role++)
        if (wanted[role])
            g_string_append_printf(text, "%s%s", text->len ? " " : "", role_text((Role)role));
    return g_string_free(text, FALSE);
}

bool people_needs_factor(const People *people, const AccountRow *row, Role role)
{
    return people->totp_roles[role] && !row->totp;
}

void people_totp_roles(People *people, bool wanted[ROLES])
{
    pthread_mutex_lock(&people->lock);
    memcpy(wanted, people->totp_roles, sizeof people->totp_roles);
    pthread_mutex_unlock(&people->lock);
}

static bool put_roles(CatalogDb *db, void *text, GError **error)
{
    return settings_put(db, SITE_TOTP_ROLES, text, error);
}

bool people_totp_roles_set(People *people, const bool wanted[ROLES], GError **error)
{
    g_autofree char *text = people_roles_text(wanted);
    turn_begin(&people->change);
    bool stored = catalog_write_wait(people->catalog, put_roles, text, error);
    if (stored) {
        pthread_mutex_lock(&people->lock);
        memcpy(people->totp_roles, wanted, sizeof people->totp_roles);
        pthread_mutex_unlock(&people->lock);
        people_save(people);
    }
    turn_end(&people->change);
    return stored;
}

bool people_second_factor(People *people, const Uuid *id, SecondFactor *factor)
{
    g_autoptr(AccountRow) row = people_row(people, id);
    Role role;
    if (!row || !role_parse(row->role, &role))
        return false;
    pthread_mutex_lock(&people->lock);
    *factor = (SecondFactor){row->totp != NULL, people->totp_roles[role],
                             row->totp ? recovery_left(row->recovery) : 0};
    pthread_mutex_unlock(&people->lock);
    return true;
}

/* --- beginning --- */

/* The account, when the password is its own. */
static AccountRow *proven(People *people, const Uuid *id, const char *password, GError **error)
{
    g_autoptr(AccountRow) row = people_row(people, id);
    if (!row)
        err_set(error, ERR_NOT_FOUND, "no such account");
    return row && people_prove(people, row, password, error) ? g_steal_pointer(&row) : NULL;
}

bool people_totp_begin(People *people, const Uuid *id, const char *password, char **secret,
                       char **uri, GError **error)
{
    g_autoptr(AccountRow) row = proven(people, id, password, error);
    if (!row)
        return false;
    if (row->totp)
        return err_set(error, ERR_EXISTS, "there is a second factor already: take it off first");
    g_autofree char *issuer = site_name(people->site);
    *secret = totp_secret_new();
    *uri = totp_uri(*secret, issuer, row->name);
    Begun *begun = g_new(Begun, 1);
    *begun = (Begun){g_strdup(*secret), clock_mono_us()};
    pthread_mutex_lock(&people->lock);
    g_hash_table_replace(people->begun, g_memdup2(id, sizeof *id), begun);
    pthread_mutex_unlock(&people->lock);
    return true;
}

/* The secret that was begun, owned (secret_free); NULL: none, or too long ago. */
static char *begun_secret(People *people, const Uuid *id)
{
    char *secret = NULL;
    pthread_mutex_lock(&people->lock);
    const Begun *begun = g_hash_table_lookup(people->begun, id);
    if (begun && clock_mono_us() - begun->mono_us < BEGUN_US)
        secret = g_strdup(begun->secret);
    else
        g_hash_table_remove(people->begun, id);
    pthread_mutex_unlock(&people->lock);
    return secret;
}

/* --- changes of the account, each within a turn --- */

typedef struct Confirmation {
    const char *secret;
    int64_t step; /* of the code that confirmed it: used up */
    char **codes; /* comes back */
} Confirmation;

static void renew_codes(AccountRow *row, char ***codes)
{
    g_clear_pointer(&row->recovery, g_free);
    *codes = recovery_new(&row->recovery);
}

static bool alter_confirmed(People *people, AccountRow *row, void *how, GError **error)
{
    Confirmation *confirmation = how;
    if (row->totp)
        return err_set(error, ERR_EXISTS, "there is a second factor already");
    row->totp = site_seal(people->site, confirmation->secret);
    row->totp_step = confirmation->step;
    renew_codes(row, &confirmation->codes);
    return true;
}

char **people_totp_confirm(People *people, const Uuid *id, const char *code, const char *keep,
                           GError **error)
{
    secret_auto char *secret = begun_secret(people, id);
    g_autofree char *folded = code_fold(code);
    Confirmation confirmation = {.secret = secret};
    if (!secret) {
        err_set(error, ERR_NOT_FOUND, "nothing to confirm: begin anew");
        return NULL;
    }
    if (!totp_take(secret, folded, clock_now_us() / SECOND_US, &confirmation.step)) {
        err_set(error, ERR_DENIED, "the code is wrong");
        return NULL;
    }
    if (!people_change_ending(people, id, alter_confirmed, &confirmation, keep, error)) {
        g_strfreev(confirmation.codes);
        return NULL;
    }
    pthread_mutex_lock(&people->lock);
    g_hash_table_remove(people->begun, id);
    pthread_mutex_unlock(&people->lock);
    return confirmation.codes;
}

static bool alter_recovery(People *people, AccountRow *row, void *how, GError **error)
{
    if (!row->totp)
        return err_set(error, ERR_NOT_FOUND, "there is no second factor");
    renew_codes(row, how);
    return true;
}

char **people_recovery_renew(People *people, const Uuid *id, const char *password, GError **error)
{
    char **codes = NULL;
    g_autoptr(AccountRow) row = proven(people, id, password, error);
    if (row && people_change(people, id, alter_recovery, &codes, error))
        return codes;
    g_strfreev(codes);
    return NULL;
}

static bool alter_off(People *people, AccountRow *row, void *how, GError **error)
{
    g_clear_pointer(&row->totp, g_free);
    g_clear_pointer(&row->recovery, g_free);
    row->totp_step = 0;
    return true;
}

bool people_totp_off(People *people, const Uuid *id, const char *password, GError **error)
{
    SecondFactor factor;
    g_autoptr(AccountRow) row = proven(people, id, password, error);
    if (!row)
        return false;
    if (people_second_factor(people, id, &factor) && factor.needed)
        return err_set(error, ERR_DENIED, "the site wants a second factor of this role");
    return people_change(people, id, alter_off, NULL, error);
}

bool people_totp_reset(People *people, const Uuid *id, GError **error)
{
    return people_change_ending(people, id, alter_off, NULL, NULL, error);
}

typedef struct Taking {
    const char *folded;
    bool *recovery;
} Taking;

static bool alter_code(People *people, AccountRow *row, void *how, GError **error)
{
    const Taking *taking = how;
    *taking->recovery = false;
    if (code_is_totp(taking->folded)) {
        secret_auto char *secret = row->totp ? site_unseal(people->site, row->totp, error) : NULL;
        if (row->totp && !secret)
            return false;
        return (secret &&
                totp_take(secret, taking->folded, clock_now_us() / SECOND_US, &row->totp_step)) ||
               err_set(error, ERR_DENIED, "the code is wrong");
    }
    char *left = recovery_take(row->recovery, taking->folded);
    if (!left)
        return err_set(error, ERR_DENIED, "the code is wrong");
    g_free(row->recovery);
    row->recovery = left;
    *taking->recovery = true;
    return true;
}

bool people_take_code(People *people, const Uuid *id, const char *code, bool *recovery,
                      GError **error)
{
    g_autofree char *folded = code_fold(code);
    Taking taking = {folded, recovery};
    return people_change(people, id, alter_code, &taking, error);
}
