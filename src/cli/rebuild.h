/* rebuild.h — the catalog made anew from site.json and the seals beside the footage. */
#pragma once

#include "archive/archive.h"
#include "archive/rebuild.h"
#include "catalog/last_copy.h"
#include "config/data_folder.h"
#include "config/site.h"
#include "household/given_marks.h"

typedef struct RebuildReport {
    int64_t cameras, segments;
    LastCopy copy; /* what came back from it; its folder is not to be read */
    char *aside;   /* owned: where the old catalog was put, NULL when there was none */
} RebuildReport;

/* Takes the lock of `data`: no server may be running. */
bool rebuild_catalog(const char *data, RebuildReport *report, GError **error);

typedef struct RebuildVolume {
    ArchiveRebuild footage;
    const char *data_path;
    bool own;   /* DATA/footage */
    bool alone; /* there is no other that recording could go on with */
} RebuildVolume;

/* What a catalog is made anew from. Points into itself: it stays where it is. */
typedef struct RebuildFrom {
    SiteOptions site;
    RebuildVolume volumes[ARCHIVE_VOLUMES_MOST];
    LastCopy copy;
    GivenMarks marks;
    CatalogSource sources[1 + ARCHIVE_VOLUMES_MOST + 2];
    size_t count;
} RebuildFrom;

/* `count` 0: DATA/footage. Borrows all as long as `from` is used. */
void rebuild_from(RebuildFrom *from, const DataFolder *folder, const char *const *volumes,
                  unsigned count);

/* Opens the catalog of a folder that we hold. One that is damaged, or gone from a folder that has a
 * site, is made anew first, and so is one found damaged later. `from` is borrowed until the
 * catalog is closed. Returns owned, or NULL. */
Catalog *rebuild_open(const DataFolder *folder, RebuildFrom *from, GError **error);
