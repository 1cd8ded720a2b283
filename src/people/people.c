#include "people/people.h"

#include "base/clock.h"
#include "base/secret.h"
#include "people/people_state.h"

#include <string.h>

static unsigned digest_hash(const void *digest)
{
    unsigned hash;
    memcpy(&hash, digest, sizeof hash);
    return hash;
}

static int digest_equal(const void *a, const void *b)
{
    return memcmp(a, b, SHA256_BYTES) == 0;
}

static void free_account(void *row)
{
    account_row_free(row);
}

static void free_browsers(void *rows)
{
    g_array_unref(rows);
}

static void free_device(void *row)
{
    device_row_free(row);
}

static void free_session(void *row)
{
    session_row_free(row);
}

static void free_token(void *row)
{
    token_row_free(row);
}

void token_digest(const char *token, uint8_t hash[SHA256_BYTES])
{
    sha256(token, strlen(token), hash);
}

static bool drop_old(CatalogDb *db, void *data, GError **error)
{
    int64_t now_us = clock_now_us();
    return sessions_remove_old(db, now_us - SESSION_IDLE_US, now_us - SESSION_MOST_US, error);
}

/* The rows move from the lists into the tables. */
static bool load(People *people, CatalogDb *db, GError **error)
{
    g_autoptr(GPtrArray) accounts = accounts_list(db, error);
    g_autoptr(GPtrArray) sessions = accounts ? sessions_list(db, error) : NULL;
    g_autoptr(GPtrArray) tokens = sessions ? tokens_list(db, error) : NULL;
    if (!tokens || !people_load_factors(people, db, error) ||
        !people_load_devices(people, db, error) || !people_load_browsers(people, db, error))
        return false;
    while (accounts->len > 0) {
        AccountRow *row = g_ptr_array_steal_index_fast(accounts, 0);
        g_hash_table_replace(people->accounts, &row->id, row);
    }
    while (sessions->len > 0) {
        SessionRow *row = g_ptr_array_steal_index_fast(sessions, 0);
        g_hash_table_replace(people->sessions, row->hash, row);
    }
    while (tokens->len > 0) {
        TokenRow *row = g_ptr_array_steal_index_fast(tokens, 0);
        g_hash_table_replace(people->tokens, row->hash, row);
    }
    return true;
}

People *people_open(Catalog *catalog, Site *site, GError **error)
{
    g_autoptr(People) people = g_new0(People, 1);
    people->catalog = catalog;
    people->site = site;
    people->lockout = lockout_new();
    people->accounts = g_hash_table_new_full(uuid_hash, uuid_equal_keys, NULL, free_account);
    people->sessions = g_hash_table_new_full(digest_hash, digest_equal, NULL, free_session);
    people->tokens = g_hash_table_new_full(digest_hash, digest_equal, NULL, free_token);
    people->browsers = g_hash_table_new_full(uuid_hash, uuid_equal_keys, g_free, free_browsers);
    people->begun = g_hash_table_new_full(uuid_hash, uuid_equal_keys, g_free, people_free_begun);
    people->devices = g_hash_table_new_full(uuid_hash, uuid_equal_keys, NULL, free_device);
    people->codes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, people_free_code);
    people->challenges =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, people_free_challenge);
    pthread_mutex_init(&people->lock, NULL);
    turn_init(&people->change);
    if (!catalog_write_wait(catalog, drop_old, NULL, error))
        return NULL;
    g_autoptr(CatalogDb) db = catalog_read(catalog, error);
    if (!db || !load(people, db, error))
        return NULL;
    return g_steal_pointer(&people);
}

void people_free(People *people)
{
    if (!people)
        return;
    g_hash_table_unref(people->accounts);
    g_hash_table_unref(people->sessions);
    g_hash_table_unref(people->tokens);
    g_hash_table_unref(people->browsers);
    g_hash_table_unref(people->begun);
    g_hash_table_unref(people->devices);
    g_hash_table_unref(people->codes);
    g_hash_table_unref(people->challenges);
    lockout_free(people->lockout);
    turn_clear(&people->change);
    pthread_mutex_destroy(&people->lock);
    g_free(people);
}

bool people_first_admin(People *people, char **password, GError **error)
{
    *password = NULL;
    pthread_mutex_lock(&people->lock);
    bool first = g_hash_table_size(people->accounts) == 0;
    pthread_mutex_unlock(&people->lock);
    if (!first)
        return true;
    secret_auto char *made = secret_token(12);
    Uuid id;
    if (!people_account_add(people, "admin", ROLE_ADMIN, NULL, made, &id, error))
        return false;
    *password = g_steal_pointer(&made);
    return true;
}
