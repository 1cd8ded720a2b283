/* accounts.h — rows of the accounts. Rules about them live in people/. */
#pragma once

#include "base/uuid.h"
#include "catalog/catalog.h"

typedef struct AccountRow {
    Uuid id;
    char *name;     /* what one signs in with; unique, case folded by people/ */
    char *role;     /* "admin" … */
    char *village;  /* of a village head; "": none */
    char *password; /* Argon2id hash in libsodium's text form */
    char *language; /* "vi" or "en" */
    bool disabled;
    char *totp;        /* sealed base32 secret of the second factor; NULL: none */
    char *recovery;    /* SHA-256 of the recovery codes that are left, hex, by blanks; NULL: none */
    int64_t totp_step; /* the newest step whose code was taken (RFC 6238): none is taken again */
    int64_t created_us;
} AccountRow;

void account_row_free(AccountRow *row);
AccountRow *account_row_copy(const AccountRow *row); /* returns owned */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AccountRow, account_row_free)

/* Inserts or replaces. ERR_EXISTS when another account has the name. */
bool accounts_put(CatalogDb *db, const AccountRow *row, GError **error);
GPtrArray *accounts_list(CatalogDb *db, GError **error); /* AccountRow *, by name; returns owned */
