/* accounts.h — rows of accounts, their sessions and API tokens. Rules live in people/. */
#pragma once

#include "base/digest.h"
#include "base/uuid.h"
#include "catalog/catalog.h"

typedef struct AccountRow {
    Uuid id;
    char *name;     /* what one signs in with; unique, case folded by people/ */
    char *role;     /* "admin" … */
    char *password; /* Argon2id hash in libsodium's text form */
    char *language; /* "vi" or "en" */
    bool disabled;
    int64_t created_us;
} AccountRow;

void account_row_free(AccountRow *row);
AccountRow *account_row_copy(const AccountRow *row); /* returns owned */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AccountRow, account_row_free)

/* Inserts or replaces. ERR_EXISTS when another account has the name. */
bool accounts_put(CatalogDb *db, const AccountRow *row, GError **error);
GPtrArray *accounts_list(CatalogDb *db, GError **error); /* AccountRow *, by name; returns owned */

typedef struct SessionRow {
    uint8_t hash[SHA256_BYTES]; /* SHA-256 of the token; the token itself is stored nowhere */
    Uuid account;
    char *device; /* what the browser says it is, cut short; may be "" */
    int64_t created_us;
    int64_t used_us;
} SessionRow;

void session_row_free(SessionRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SessionRow, session_row_free)

bool sessions_put(CatalogDb *db, const SessionRow *row, GError **error);
bool sessions_remove(CatalogDb *db, const uint8_t hash[SHA256_BYTES], GError **error);
bool sessions_remove_of(CatalogDb *db, const Uuid *account, GError **error);
bool sessions_remove_old(CatalogDb *db, int64_t used_before_us, int64_t created_before_us,
                         GError **error);
GPtrArray *sessions_list(CatalogDb *db, GError **error); /* SessionRow *; returns owned */

typedef struct TokenRow {
    Uuid id;
    uint8_t hash[SHA256_BYTES];
    char *role;
    char *purpose;
    Uuid created_by; /* account, or nil: the console */
    int64_t created_us;
    int64_t expires_us;
} TokenRow;

void token_row_free(TokenRow *row);
TokenRow *token_row_copy(const TokenRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TokenRow, token_row_free)

bool tokens_put(CatalogDb *db, const TokenRow *row, GError **error);
bool tokens_remove(CatalogDb *db, const Uuid *id, GError **error); /* ERR_NOT_FOUND */
GPtrArray *tokens_list(CatalogDb *db, GError **error); /* TokenRow *, newest first; returns owned */
