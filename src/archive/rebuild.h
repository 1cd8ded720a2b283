/* rebuild.h — rows of the catalog from the footage's own seals, for `vonglau catalog rebuild`.
 *
 * Sealed segments only: what was open when the catalog was lost is found by recovery at the next
 * start, from the journal.
 */
#pragma once

#include "base/uuid.h"
#include "catalog/catalog.h"

typedef struct ArchiveRebuild {
    const char *volume_path;
    Uuid volume;      /* read from volume.json */
    int64_t segments; /* restored; counted up */
} ArchiveRebuild;

/* A CatalogWork; `data` is an ArchiveRebuild. Adds rows of all segments that are sealed and not
 * retired and whose file is there, and their spans and gaps. A volume without footage is fine. */
bool archive_rebuild_rows(CatalogDb *db, void *data, GError **error);

/* The rows of one day of one camera; rows that are there already stay as they are. */
bool archive_rebuild_day(CatalogDb *db, ArchiveRebuild *rebuild, const Uuid *camera,
                         const char *day, GError **error);

/* A CatalogWork as above, for a volume that is away: its footage is listed by itself when it is
 * back. */
bool archive_rebuild_later(CatalogDb *db, void *data, GError **error);

/* `*known`: the node knows that a volume stands in this folder, mounted or not. ERR_CORRUPT: its
 * list is damaged; `*known` is true then, as one may. */
bool archive_knows_volume(const char *data_path, const char *volume_path, bool *known,
                          GError **error);
