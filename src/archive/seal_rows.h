/* seal_rows.h — a seal as rows of the catalog: the same for a segment just sealed and for a
 * rebuild. */
#pragma once

#include "archive/seal.h"
#include "catalog/catalog.h"

/* Enters the segment and its part of the coverage, with the gaps in it and before it. On the
 * catalog's writing thread. */
bool seal_enter(CatalogDb *db, const SegmentSeal *seal, GError **error);

/* Enters only the time of a segment whose file was retired. */
bool seal_enter_retired(CatalogDb *db, const SegmentSeal *seal, GError **error);
