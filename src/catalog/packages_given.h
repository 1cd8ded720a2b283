/* packages_given.h — which files of households go along with an evidence package, and what the
 * households are told of it. The files' own rows: household_files.h. */
#pragma once

#include "base/digest.h"
#include "catalog/household_files.h"

/* A file as it stands now. */
typedef struct PackageGivenRow {
    Uuid file;
    bool stands;   /* it is whole, and not taken back */
    bool evidence; /* and kept as evidence of a case */
    char type[24];
    int64_t bytes;
    uint8_t sha256[SHA256_BYTES];
} PackageGivenRow;

/* They go along with the package of this `ref`. */
bool packages_given_add(CatalogDb *db, int64_t package, const GArray *given, GError **error);

/* PackageGivenRow, in their order. Returns owned, or NULL. */
GArray *packages_given_list(CatalogDb *db, int64_t package, GError **error);

/* The household of each of the files sees it: once for the same act and package. */
bool packages_given_tell(CatalogDb *db, const GArray *given, const HouseholdLookRow *look,
                         GError **error);
