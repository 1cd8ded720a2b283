/* catalog.h — the database of the node: opening, writing, reading. The only floor with SQL.
 *
 * One writer thread owns the one writing connection. Writes are handed to it and committed in
 * groups: at most CATALOG_GROUP_US after the first of a group was handed over, at once when someone
 * waits. Each write stands or falls by itself within its group. Reads run on any thread that may
 * block, each in a snapshot of its own, and never wait for the writer.
 *
 * The functions of the table families (cameras.h, segments.h, …) take a CatalogDb: a connection in
 * a transaction. Nothing of SQLite shows in any header, so that another database can stand here.
 */
#pragma once

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Catalog Catalog;
typedef struct CatalogDb CatalogDb;

#define CATALOG_GROUP_US INT64_C(500000)

/* Opens the database at `path`, making it or bringing it to this program's version as needed.
 * ERR_VERSION: made by a newer program. ERR_CORRUPT: damaged, to be rebuilt. Does not look through
 * tables: the time it takes does not grow with them. Returns owned, or NULL. */
Catalog *catalog_open(const char *path, GError **error);

/* Commits what was handed over, joins the writer. No read may be under way, nobody may hand over
 * more. NULL is allowed. */
void catalog_close(Catalog *catalog);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Catalog, catalog_close)

/* One write; runs on the writer thread. When it returns false, what it wrote is undone. */
typedef bool (*CatalogWork)(CatalogDb *db, void *data, GError **error);

/* One source of rows for a new catalog: the site's file, the seals of all volumes. Is called once,
 * in a transaction. */
typedef struct CatalogSource {
    CatalogWork fill;
    void *data;
} CatalogSource;

/* What the catalog is made anew from, in order, when it is found damaged or its file is gone while
 * it is open: the writer sets it aside, makes a new one (catalog_rebuild()) and then carries out
 * what had failed; reads see the old one until then. Told in the log. Set once, before the first
 * write; `sources` is borrowed until catalog_close(). Without it such writes fail. */
void catalog_mend_from(Catalog *catalog, const CatalogSource *sources, size_t count);

/* Whoever looked through the file found it damaged: the writer mends it as if it had found that
 * itself. */
void catalog_tell_damaged(Catalog *catalog);

/* Called on the writer thread once the write is durable (`error` NULL) or has failed; the place to
 * free `data`. Must not wait for the catalog. */
typedef void (*CatalogDone)(void *data, const GError *error);

/* Hands over a write and returns at once. `done` may be NULL: failures are then logged. */
void catalog_write(Catalog *catalog, CatalogWork work, void *data, CatalogDone done);

/* The same, and stored without waiting for others to share the group with: for what should outlive
 * a kill in the next moment, and must not hang where the disk does. */
void catalog_write_soon(Catalog *catalog, CatalogWork work, void *data, CatalogDone done);

/* Returns when the write is durable or has failed. Not on the writer thread, the ingest or the
 * HTTP thread. */
bool catalog_write_wait(Catalog *catalog, CatalogWork work, void *data, GError **error);

/* Can it be read, and did the last group of writes get in? `error` (may be NULL) says what is
 * wrong. Blocking for a moment. */
bool catalog_is_well(Catalog *catalog, GError **error);

/* Writes that wait. */
size_t catalog_waiting(Catalog *catalog);

/* Starts a read: a snapshot that sees all committed writes. Waits while all reading connections
 * are in use. End it soon, on the same thread. Returns owned, or NULL. */
CatalogDb *catalog_read(Catalog *catalog, GError **error);
void catalog_read_end(CatalogDb *db);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CatalogDb, catalog_read_end)
