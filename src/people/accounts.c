#include "base/clock.h"
#include "base/log.h"
#include "base/secret.h"
#include "config/language.h"
#include "people/password.h"
#include "people/people_state.h"

#include <string.h>

enum { NAME_LEAST = 2, NAME_MOST = 32 };

static bool is_name_character(gunichar character)
{
    return g_unichar_isalnum(character) || g_unichar_ismark(character) ||
           (character < 128 && strchr(".-_@", (int)character));
}

char *people_fold_name(const char *name, GError **error)
{
    g_autofree char *normal = strlen(name) <= sizeof((Account *)NULL)->name * 2
                                  ? g_utf8_normalize(name, -1, G_NORMALIZE_NFKC)
                                  : NULL;
    g_autofree char *folded = normal ? g_utf8_strdown(normal, -1) : NULL;
    bool well = folded && g_utf8_strlen(folded, -1) >= NAME_LEAST &&
                g_utf8_strlen(folded, -1) <= NAME_MOST &&
                strlen(folded) < sizeof((Account *)NULL)->name;
    for (const char *at = folded; well && *at; at = g_utf8_next_char(at))
        well = is_name_character(g_utf8_get_char(at));
    if (well)
        return g_steal_pointer(&folded);
    err_set(error, ERR_INVALID, "‘name’ must be %d to %d letters, digits or . - _ @", NAME_LEAST,
            NAME_MOST);
    return NULL;
}

static bool check_password(const char *password, const char *name, GError **error)
{
    if (strlen(password) > PASSWORD_MOST || !g_utf8_validate(password, -1, NULL))
        return err_set(error, ERR_INVALID, "‘password’ must be at most %d bytes of UTF-8",
                       PASSWORD_MOST);
    if (g_utf8_strlen(password, -1) < PASSWORD_LEAST)
        return err_set(error, ERR_INVALID, "‘password’ must have at least %d characters",
                       PASSWORD_LEAST);
    if (g_ascii_strcasecmp(password, name) == 0)
        return err_set(error, ERR_INVALID, "‘password’ must not be the account's name");
    return true;
}

/* `row` gets the hash of `password`, when that is good enough. */
static bool set_password(AccountRow *row, const char *password, GError **error)
{
    char hash[PASSWORD_HASH];
    if (!check_password(password, row->name, error) || !password_hash(password, hash, error))
        return false;
    g_free(row->password);
    row->password = g_strdup(hash);
    return true;
}

const AccountRow *people_active(People *people, const Uuid *id)
{
    const AccountRow *row = g_hash_table_lookup(people->accounts, id);
    return row && !row->disabled ? row : NULL;
}

AccountRow *people_row(People *people, const Uuid *id)
{
    pthread_mutex_lock(&people->lock);
    const AccountRow *row = g_hash_table_lookup(people->accounts, id);
    AccountRow *copy = row ? account_row_copy(row) : NULL;
    pthread_mutex_unlock(&people->lock);
    return copy;
}

AccountRow *people_row_named(People *people, const char *name)
{
    GHashTableIter iter;
    void *value;
    AccountRow *copy = NULL;
    pthread_mutex_lock(&people->lock);
    g_hash_table_iter_init(&iter, people->accounts);
    while (!copy && g_hash_table_iter_next(&iter, NULL, &value))
        if (g_str_equal(((AccountRow *)value)->name, name))
            copy = account_row_copy(value);
    pthread_mutex_unlock(&people->lock);
    return copy;
}

/* What a change of an account stores, all or nothing. */
typedef struct AccountWrite {
    AccountRow *row;
    bool ends_sessions;
    const uint8_t *keep; /* hash of the one that stays, or NULL */
} AccountWrite;

static bool put_row(CatalogDb *db, void *data, GError **error)
{
    const AccountWrite *write = data;
    return accounts_put(db, write->row, error) &&
           (!write->ends_sessions || sessions_remove_of(db, &write->row->id, write->keep, error));
}

void people_save(People *people)
{
    g_autoptr(GError) trouble = NULL;
    if (!site_save(people->site, &trouble))
        log_error("site.file", "cause=\"%s\"", trouble->message);
}

/* Within a turn: makes it durable, here and in site.json, then visible. Takes the row. */
static bool put_account(People *people, AccountWrite *write, GError **error)
{
    AccountRow *row = write->row;
    if (!catalog_write_wait(people->catalog, put_row, write, error)) {
        account_row_free(row);
        return false;
    }
    pthread_mutex_lock(&people->lock);
    g_hash_table_replace(people->accounts, &row->id, row);
    if (write->ends_sessions)
        people_forget_sessions(people, &row->id, write->keep);
    pthread_mutex_unlock(&people->lock);
    people_save(people);
    return true;
}

/* Within a turn; takes `row`. */
static bool add(People *people, AccountRow *row, GError **error)
{
    g_autoptr(AccountRow) same = people_row_named(people, row->name);
    if (!same)
        return put_account(people, &(AccountWrite){.row = row}, error);
    err_set(error, ERR_EXISTS, "there is an account ‘%s’ already", row->name);
    account_row_free(row);
    return false;
}

char *people_village(People *people, Role role, const char *village, GError **error)
{
    bool told = village && *village;
    if (!rights_need_village(role) && !told)
        return g_strdup("");
    if (rights_need_village(role) && told)
        return site_village(people->site, village, error);
    err_set(error, ERR_INVALID,
            told ? "‘village’ is only for a village head"
                 : "‘village’ is needed: a village head looks at the cameras of one village");
    return NULL;
}

bool people_account_add(People *people, const char *name, Role role, const char *village,
                        const char *password, Uuid *id, GError **error)
{
    g_autoptr(AccountRow) row = g_new0(AccountRow, 1);
    if (role < ROLE_ADMIN || role >= ROLES)
        return err_set(error, ERR_INVALID,
                       "‘role’ must be one of: admin, commander, officer, "
                       "village-head, household, auditor");
    row->name = people_fold_name(name, error);
    row->village = row->name ? people_village(people, role, village, error) : NULL;
    if (!row->village || !set_password(row, password, error))
        return false;
    *id = row->id = uuid_new();
    row->role = g_strdup(role_text(role));
    row->language = site_language(people->site);
    row->created_us = clock_now_us();
    turn_begin(&people->change);
    bool added = add(people, g_steal_pointer(&row), error);
    turn_end(&people->change);
    return added;
}

/* Somebody has to be able to set things right. Within a turn. */
static bool is_last_admin(People *people, const AccountRow *row)
{
    GHashTableIter iter;
    void *value;
    unsigned admins = 0;
    bool is_one = false;
    pthread_mutex_lock(&people->lock);
    g_hash_table_iter_init(&iter, people->accounts);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const AccountRow *other = value;
        if (other->disabled || !g_str_equal(other->role, role_text(ROLE_ADMIN)))
            continue;
        admins++;
        is_one |= uuid_equal(&other->id, &row->id);
    }
    pthread_mutex_unlock(&people->lock);
    return is_one && admins == 1;
}

static bool change(People *people, const Uuid *id, AccountChange alter, void *how,
                   AccountWrite *write, GError **error)
{
    turn_begin(&people->change);
    g_autoptr(AccountRow) row = people_row(people, id);
    bool changed =
        row ? alter(people, row, how, error) : err_set(error, ERR_NOT_FOUND, "no such account");
    if (changed) {
        write->row = g_steal_pointer(&row);
        changed = put_account(people, write, error);
    }
    turn_end(&people->change);
    return changed;
}

bool people_change(People *people, const Uuid *id, AccountChange alter, void *how, GError **error)
{
    return change(people, id, alter, how, &(AccountWrite){0}, error);
}

bool people_change_ending(People *people, const Uuid *id, AccountChange alter, void *how,
                          const char *keep, GError **error)
{
    uint8_t hash[SHA256_BYTES];
    if (keep)
        token_digest(keep, hash);
    AccountWrite write = {.ends_sessions = true, .keep = keep ? hash : NULL};
    return change(people, id, alter, how, &write, error);
}

static bool alter_disabled(People *people, AccountRow *row, void *how, GError **error)
{
    bool disabled = *(const bool *)how;
    if (disabled && is_last_admin(people, row))
        return err_set(error, ERR_DENIED, "‘%s’ is the last admin: make another one first",
                       row->name);
    row->disabled = disabled;
    return true;
}

bool people_account_disable(People *people, const Uuid *id, bool disabled, GError **error)
{
    return disabled ? people_change_ending(people, id, alter_disabled, &disabled, NULL, error)
                    : people_change(people, id, alter_disabled, &disabled, error);
}

typedef struct Duty {
    Role role;
    const char *village;
} Duty;

static bool alter_role(People *people, AccountRow *row, void *how, GError **error)
{
    const Duty *duty = how;
    Role role = duty->role;
    if (role < ROLE_ADMIN || role >= ROLES)
        return err_set(error, ERR_INVALID, "‘role’ is not one of the roles");
    if (role != ROLE_ADMIN && is_last_admin(people, row))
        return err_set(error, ERR_DENIED, "‘%s’ is the last admin: make another one first",
                       row->name);
    char *village = people_village(people, role, duty->village, error);
    if (!village)
        return false;
    g_free(row->village);
    row->village = village;
    g_free(row->role);
    row->role = g_strdup(role_text(role));
    return true;
}

bool people_account_role(People *people, const Uuid *id, Role role, const char *village,
                         GError **error)
{
    Duty duty = {role, village};
    return people_change_ending(people, id, alter_role, &duty, NULL, error);
}

static bool alter_language(People *people, AccountRow *row, void *how, GError **error)
{
    const char *language = how;
    if (!language_is_known(language))
        return err_set(error, ERR_INVALID, "‘language’ must be vi or en");
    g_free(row->language);
    row->language = g_strdup(language);
    return true;
}

bool people_account_language(People *people, const Uuid *id, const char *language, GError **error)
{
    return people_change(people, id, alter_language, (char *)language, error);
}

static bool alter_password(People *people, AccountRow *row, void *how, GError **error)
{
    return set_password(row, how, error);
}

bool people_password_set(People *people, const Uuid *id, const char *password, GError **error)
{
    return people_change_ending(people, id, alter_password, (char *)password, NULL, error);
}

bool people_prove(People *people, const AccountRow *row, const char *password, GError **error)
{
    int64_t now_us = clock_mono_us();
    g_autofree char *guessing = g_strdup_printf("change %s", row->name);
    if (lockout_try(people->lockout, guessing, guessing, now_us) > 0)
        return err_set(error, ERR_UNAVAILABLE, "too many wrong passwords: wait a minute");
    if (strlen(password) > PASSWORD_MOST || !password_holds(password, row->password))
        return err_set(error, ERR_DENIED, "the password is wrong");
    lockout_succeeded(people->lockout, guessing, guessing, now_us);
    return true;
}

bool people_password_change(People *people, const Uuid *id, const char *old, const char *password,
                            const char *keep, GError **error)
{
    g_autoptr(AccountRow) row = people_row(people, id);
    if (!row)
        return err_set(error, ERR_NOT_FOUND, "no such account");
    return people_prove(people, row, old, error) &&
           people_change_ending(people, id, alter_password, (char *)password, keep, error);
}

static bool alter_hash(People *people, AccountRow *row, void *how, GError **error)
{
    char hash[PASSWORD_HASH];
    if (!password_hash(how, hash, error))
        return false;
    g_free(row->password);
    row->password = g_strdup(hash);
    return true;
}

void people_renew_hash(People *people, const Uuid *id, const char *password)
{
    g_autoptr(GError) trouble = NULL;
    if (!people_change(people, id, alter_hash, (char *)password, &trouble))
        log_warning("people.hash-not-renewed", "cause=\"%s\"", trouble->message);
}

static void describe(const AccountRow *row, Account *account)
{
    *account = (Account){.id = row->id,
                         .disabled = row->disabled,
                         .second_factor = row->totp != NULL,
                         .created_us = row->created_us};
    role_parse(row->role, &account->role);
    g_strlcpy(account->village, row->village ? row->village : "", sizeof account->village);
    g_strlcpy(account->name, row->name, sizeof account->name);
    g_strlcpy(account->language, row->language, sizeof account->language);
}

bool people_account(People *people, const Uuid *id, Account *account)
{
    g_autoptr(AccountRow) row = people_row(people, id);
    if (row)
        describe(row, account);
    return row != NULL;
}

bool people_account_named(People *people, const char *name, Account *account)
{
    g_autofree char *folded = people_fold_name(name, NULL);
    g_autoptr(AccountRow) row = folded ? people_row_named(people, folded) : NULL;
    if (row)
        describe(row, account);
    return row != NULL;
}

static int by_name(const void *a, const void *b)
{
    return g_utf8_collate(((const Account *)a)->name, ((const Account *)b)->name);
}

GArray *people_accounts(People *people)
{
    GArray *accounts = g_array_new(FALSE, FALSE, sizeof(Account));
    GHashTableIter iter;
    void *value;
    pthread_mutex_lock(&people->lock);
    g_hash_table_iter_init(&iter, people->accounts);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        Account account;
        describe(value, &account);
        g_array_append_val(accounts, account);
    }
    pthread_mutex_unlock(&people->lock);
    g_array_sort(accounts, by_name);
    return accounts;
}
