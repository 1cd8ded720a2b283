/* browsers.h — rows of the browsers in which an account was signed in before. Rules about them live
 * in people/.
 */
#pragma once

#include "base/digest.h"
#include "base/uuid.h"
#include "catalog/catalog.h"

typedef struct BrowserRow {
    Uuid account;
    uint8_t hash[SHA256_BYTES]; /* of what the browser keeps; that itself is stored nowhere */
    int64_t seen_us;
} BrowserRow;

/* All: BrowserRow by value. Returns owned, or NULL. */
GArray *browsers_list(CatalogDb *db, GError **error);

/* Inserts, or moves `seen_us` on. */
bool browsers_put(CatalogDb *db, const BrowserRow *row, GError **error);

/* Removes those of the account but for `hash`. */
bool browsers_forget(CatalogDb *db, const Uuid *account, const uint8_t hash[SHA256_BYTES],
                     GError **error);

/* Keeps the `most` of the account that were seen last. */
bool browsers_trim(CatalogDb *db, const Uuid *account, int64_t most, GError **error);
