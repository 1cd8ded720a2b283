/* sessions.h — rows of who is signed in. Rules about them live in people/. */
#pragma once

#include "base/digest.h"
#include "base/uuid.h"
#include "catalog/catalog.h"

typedef struct SessionRow {
    uint8_t hash[SHA256_BYTES]; /* SHA-256 of the token; the token itself is stored nowhere */
    Uuid account;
    char *device;      /* what the browser says it is, cut short; may be "" */
    char *address;     /* where it was begun; "": not known */
    Uuid enrolled;     /* the device it was begun on; nil: any browser */
    int64_t proven_us; /* when that device last proved itself */
    int64_t created_us;
    int64_t used_us;
    int64_t stored_us; /* `used_us` as the catalog has it; no column of its own */
} SessionRow;

void session_row_free(SessionRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SessionRow, session_row_free)

bool sessions_add(CatalogDb *db, const SessionRow *row, GError **error);

/* Stores `used_us` and `proven_us`. One that has ended meanwhile stays away. */
bool sessions_used(CatalogDb *db, const SessionRow *row, GError **error);
bool sessions_remove(CatalogDb *db, const uint8_t hash[SHA256_BYTES], GError **error);

/* All of a device. */
bool sessions_remove_on(CatalogDb *db, const Uuid *device, GError **error);

/* All of an account but the one with hash `keep` (NULL: none stays). */
bool sessions_remove_of(CatalogDb *db, const Uuid *account, const uint8_t keep[SHA256_BYTES],
                        GError **error);
bool sessions_remove_old(CatalogDb *db, int64_t used_before_us, int64_t created_before_us,
                         GError **error);
GPtrArray *sessions_list(CatalogDb *db, GError **error); /* SessionRow *; returns owned */
