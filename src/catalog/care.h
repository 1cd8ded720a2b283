/* care.h — keeping the catalog well: check, hourly copies, making it anew from files.
 *
 * All block for as long as they take: on the command line or a pool thread.
 */
#pragma once

#include "catalog/catalog.h"

/* `done` of `total` steps; may be NULL. */
typedef void (*CatalogProgress)(void *data, uint64_t done, uint64_t total);

typedef struct CatalogCheck {
    int version;
    int64_t cameras, locations, accounts, segments, open_segments, spans, gaps;
    GPtrArray *faults; /* char *, one a fault; empty: the catalog is well */
} CatalogCheck;

void catalog_check_clear(CatalogCheck *check);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CatalogCheck, catalog_check_clear)

/* Looks through the whole file (integrity, references, kept sums). False only when it could not
 * look. Works beside a running server. */
bool catalog_check(const char *path, CatalogCheck *check, GError **error);

/* Looks through the catalog at `path`, server running or not, and copies it to
 * `folder`/catalog-<UTC>.db; of a damaged one (ERR_CORRUPT) no copy is made. Then deletes copies
 * but the newest of each of the last 24 hours and 7 days that have one. `*copy` (may be NULL) is
 * returned owned. */
bool catalog_backup(const char *path, const char *folder, int64_t now_us, CatalogProgress progress,
                    void *data, char **copy, GError **error);

/* Makes the catalog anew beside `path` from `sources` in order, sets a catalog that is there aside
 * as catalog-damaged-<UTC>.db, and puts the new one in its place. Nobody may have `path` open.
 * When a source fails, all stays as it was. `*aside` (may be NULL) is returned owned or NULL. */
bool catalog_rebuild(const char *path, const CatalogSource *sources, size_t count, int64_t now_us,
                     char **aside, GError **error);
