#include "base/clock.h"
#include "base/secret.h"
#include "people/people_state.h"

#include <string.h>

enum { TOKEN_BYTES = 32, DAYS_MOST = 366, PURPOSE_MOST = 120 };

static void describe(const TokenRow *row, ApiToken *token)
{
    *token = (ApiToken){.id = row->id,
                        .created_by = row->created_by,
                        .created_us = row->created_us,
                        .expires_us = row->expires_us};
    role_parse(row->role, &token->role);
    g_strlcpy(token->village, row->village ? row->village : "", sizeof token->village);
    g_strlcpy(token->purpose, row->purpose, sizeof token->purpose);
}

static bool check_purpose(const char *purpose, GError **error)
{
    bool well = g_utf8_validate(purpose, -1, NULL) && *purpose && strlen(purpose) <= PURPOSE_MOST;
    for (const char *at = purpose; well && *at; at = g_utf8_next_char(at))
        well = !g_unichar_iscntrl(g_utf8_get_char(at));
    return well ||
           err_set(error, ERR_INVALID,
                   "‘purpose’ must say what the token is for, in at most %d bytes", PURPOSE_MOST);
}

static bool put_row(CatalogDb *db, void *row, GError **error)
{
    return tokens_put(db, row, error);
}

static TokenRow *new_token(const char *text, Role role, int64_t days, const char *purpose,
                           const Uuid *by)
{
    TokenRow *row = g_new0(TokenRow, 1);
    row->id = uuid_new();
    token_digest(text, row->hash);
    row->role = g_strdup(role_text(role));
    row->purpose = g_strdup(purpose);
    row->created_by = by ? *by : (Uuid){0};
    row->created_us = clock_now_us();
    row->expires_us = row->created_us + days * DAY_US;
    return row;
}

char *people_token_create(People *people, Role role, const char *village, int64_t days,
                          const char *purpose, const Uuid *by, ApiToken *made, GError **error)
{
    if (role < ROLE_ADMIN || role >= ROLES) {
        err_set(error, ERR_INVALID, "‘role’ is not one of the roles");
        return NULL;
    }
    if (days < 1 || days > DAYS_MOST) {
        err_set(error, ERR_INVALID, "‘days’ must be 1 to %d", DAYS_MOST);
        return NULL;
    }
    g_autofree char *known = NULL;
    if (!check_purpose(purpose, error) || !(known = people_village(people, role, village, error)))
        return NULL;
    secret_auto char *random = secret_token(TOKEN_BYTES);
    secret_auto char *text = g_strconcat("vl_", random, NULL);
    g_autoptr(TokenRow) row = new_token(text, role, days, purpose, by);
    row->village = g_steal_pointer(&known);
    if (!catalog_write_wait(people->catalog, put_row, row, error))
        return NULL;
    describe(row, made);
    pthread_mutex_lock(&people->lock);
    g_hash_table_replace(people->tokens, row->hash, row);
    row = NULL;
    pthread_mutex_unlock(&people->lock);
    people_save(people);
    return g_steal_pointer(&text);
}

static bool remove_row(CatalogDb *db, void *id, GError **error)
{
    return tokens_remove(db, id, error);
}

static int is_token(void *hash, void *row, void *id)
{
    return uuid_equal(&((TokenRow *)row)->id, id);
}

bool people_token_remove(People *people, const Uuid *id, GError **error)
{
    Uuid gone = *id;
    if (!catalog_write_wait(people->catalog, remove_row, &gone, error))
        return false;
    pthread_mutex_lock(&people->lock);
    g_hash_table_foreach_remove(people->tokens, is_token, &gone);
    pthread_mutex_unlock(&people->lock);
    people_save(people);
    return true;
}

static int newest_first(const void *a, const void *b)
{
    int64_t left = ((const ApiToken *)a)->created_us, right = ((const ApiToken *)b)->created_us;
    return left < right ? 1 : left > right ? -1 : 0;
}

GArray *people_tokens(People *people)
{
    GArray *tokens = g_array_new(FALSE, FALSE, sizeof(ApiToken));
    GHashTableIter iter;
    void *value;
    pthread_mutex_lock(&people->lock);
    g_hash_table_iter_init(&iter, people->tokens);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        ApiToken token;
        describe(value, &token);
        g_array_append_val(tokens, token);
    }
    pthread_mutex_unlock(&people->lock);
    g_array_sort(tokens, newest_first);
    return tokens;
}

/* A token lives no longer than its maker may make one. */
static bool token_stands(People *people, const TokenRow *row)
{
    Role role;
    if (row->expires_us <= clock_now_us())
        return false;
    if (uuid_is_nil(&row->created_by))
        return true;
    const AccountRow *maker = people_active(people, &row->created_by);
    return maker && role_parse(maker->role, &role) && rights_allow(role, ACTION_USERS);
}

bool people_bearer(People *people, const char *token, Identity *identity)
{
    uint8_t hash[SHA256_BYTES];
    token_digest(token, hash);
    pthread_mutex_lock(&people->lock);
    const TokenRow *row = g_hash_table_lookup(people->tokens, hash);
    bool stands = row && token_stands(people, row);
    if (stands) {
        *identity = (Identity){.token = row->id};
        role_parse(row->role, &identity->role);
        g_strlcpy(identity->village, row->village ? row->village : "", sizeof identity->village);
        g_strlcpy(identity->purpose, row->purpose, sizeof identity->purpose);
    }
    pthread_mutex_unlock(&people->lock);
    return stands || people_session_of(people, hash, identity);
}
