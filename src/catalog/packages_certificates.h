/* packages_certificates.h — which negative certificates go along with an evidence package: they are
 * packages of their own (packages.h), with an approval and a number. */
#pragma once

#include "catalog/packages.h"

/* They (PackageRow) go along with the package of this `ref`. */
bool packages_certificates_add(CatalogDb *db, int64_t package, const GPtrArray *certificates,
                               GError **error);

/* PackageRow *, in their order, as they stand now. Returns owned, or NULL. */
GPtrArray *packages_certificates_list(CatalogDb *db, int64_t package, GError **error);
