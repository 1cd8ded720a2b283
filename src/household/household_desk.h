/* household_desk.h — where households are entered in the register, changed and taken out.
 *
 * Photos of their views lie below DATA/household, a folder each. Thread-safe; all block.
 */
#pragma once

#include "household/household.h"
#include "media/file_kind.h"

typedef struct HouseholdDesk HouseholdDesk;

/* Borrows `catalog` until household_desk_free(), but `folder`; what a kill left behind goes.
 * Returns owned. */
HouseholdDesk *household_desk_new(Catalog *catalog, const char *folder);
void household_desk_free(HouseholdDesk *desk); /* NULL is allowed */

/* Enters one, in the name of `by`. The same `key` by the same account is the same household
 * (`*again`). ERR_INVALID; ERR_EXISTS: the key is another's. Returns owned, or NULL. */
HouseholdRow *household_desk_add(HouseholdDesk *desk, const HouseholdTold *told, const Uuid *by,
                                 bool *again, GError **error);

/* Changes one in the name of `by`; `*before` is returned owned, as what is returned.
 * ERR_NOT_FOUND, ERR_INVALID. */
HouseholdRow *household_desk_change(HouseholdDesk *desk, const Uuid *id, const HouseholdTold *told,
                                    const Uuid *by, HouseholdRow **before, GError **error);

/* Their consent ends: contact, place and photo are erased before it returns. `by` nil: themselves.
 * True of one that was revoked before. ERR_NOT_FOUND. */
bool household_desk_revoke(HouseholdDesk *desk, const Uuid *id, const Uuid *by, GError **error);

#define HOUSEHOLD_PHOTO_BYTES_MOST (INT64_C(8) << 20)

/* A file that has come in, whole and on disk. */
typedef struct HouseholdUpload {
    const char *path;
    int64_t bytes;
    const uint8_t *sha256; /* SHA256_BYTES of them */
    const uint8_t *first;  /* its first bytes, `first_bytes` of them */
    size_t first_bytes;
} HouseholdUpload;

/* Keeps it as the photo of the view, in place of the one before: moves it away from its path when
 * it returns true. ERR_UNSUPPORTED: no picture; ERR_INVALID: too large, or revoked; ERR_FULL. */
bool household_desk_keep_photo(HouseholdDesk *desk, const Uuid *id, const HouseholdUpload *upload,
                               GError **error);

/* Opens the photo of the view to be read. −1 with ERR_NOT_FOUND and others. */
int household_desk_open_photo(HouseholdDesk *desk, const HouseholdRow *row, GError **error);
