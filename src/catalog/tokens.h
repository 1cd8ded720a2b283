/* tokens.h — rows of the API tokens. Rules about them live in people/. */
#pragma once

#include "base/digest.h"
#include "base/uuid.h"
#include "catalog/catalog.h"

typedef struct TokenRow {
    Uuid id;
    uint8_t hash[SHA256_BYTES]; /* SHA-256 of the token; the token itself is stored nowhere */
    char *role;
    char *village; /* of a village head; "": none */
    char *purpose;
    Uuid created_by; /* account, or nil: the console */
    int64_t created_us;
    int64_t expires_us;
} TokenRow;

void token_row_free(TokenRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TokenRow, token_row_free)

bool tokens_put(CatalogDb *db, const TokenRow *row, GError **error);
bool tokens_remove(CatalogDb *db, const Uuid *id, GError **error); /* ERR_NOT_FOUND */
GPtrArray *tokens_list(CatalogDb *db, GError **error); /* TokenRow *, newest first; returns owned */
