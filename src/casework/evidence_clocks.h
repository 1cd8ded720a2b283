/* evidence_clocks.h — how far the cameras' own clocks were off, for a package. */
#pragma once

#include "archive/package.h"
#include "catalog/catalog.h"

/* As the catalog knows it: PackageClock, PACKAGE_MOMENTS of each camera, for a span and a package
 * that is made at `at_us`. Returned owned, or NULL. */
GArray *evidence_clocks(CatalogDb *db, const Uuid *cameras, size_t count, int64_t from_us,
                        int64_t to_us, int64_t at_us, GError **error);
