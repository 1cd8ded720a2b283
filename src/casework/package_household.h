/* package_household.h — what households gave, for an evidence package that is asked for and made:
 * which files may go along, and what is known of their consent. Private to casework/package_*.c. */
#pragma once

#include "archive/package_given.h"
#include "casework/package_desk.h"

/* Each is whole, stands, is kept as evidence, and was asked for this case; fills in the rest of its
 * row. On the writer's thread. ERR_INVALID. */
bool package_given_check(CatalogDb *db, const PackageRow *row, GError **error);

/* Do all files of the package stand, still? */
bool package_given_stand(const PackageRow *row);

/* What goes in, as it stands now: PackageConsent, households numbered in the order of their first
 * file. ERR_DENIED: one of the files was taken back. Returns owned, or NULL. Blocks. */
GArray *package_consents(PackageDesk *desk, const PackageRow *row, GError **error);

/* Tells the households that their files are in the package, or that a copy of it (`n`, else 0) was
 * handed over. On the writer's thread. */
bool package_given_tell(CatalogDb *db, const PackageRow *row, int n, const Uuid *who,
                        const char *role, GError **error);
