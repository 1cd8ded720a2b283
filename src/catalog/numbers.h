/* numbers.h — private to catalog/: the numbers that people write down, of cases, reports,
 * packages and redacted films: a year's first is 1, and none is given twice.
 *
 * The newest of each stands in `numbers` beside the catalog, too: a catalog that comes back from an
 * hourly copy knows nothing of those that were given since, and what bears them has left the house.
 */
#pragma once

#include "base/uuid.h"
#include "catalog/catalog.h"

typedef enum Numbered {
    NUMBERED_CASE,
    NUMBERED_REPORT,
    NUMBERED_PACKAGE,
    NUMBERED_FILM,
    NUMBERED_KINDS,
} Numbered;

/* The next of `year`, for the row `id` of its table. The same again for an `id` that is not written
 * yet: a write may run twice. ERR_FULL or ERR_IO where it cannot be noted. */
bool numbers_next(CatalogDb *db, Numbered kind, int year, const Uuid *id, int *seq, GError **error);
