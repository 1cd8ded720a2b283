/* last_copy.h — rows that nothing but the catalog knows, out of its newest sound copy.
 *
 * Reports, cases, packages and households are in no file beside the catalog: one that is made anew
 * has them as they were at its last hourly copy. What came later is gone, and the log says since
 * when.
 */
#pragma once

#include "catalog/catalog.h"

typedef struct LastCopy {
    const char *folder;  /* of the copies; borrowed */
    const char *catalog; /* the catalog that is made anew: room for work is beside it; borrowed */
    bool is_whole;       /* set: the catalog itself was sound, nothing is lost */
    int64_t at_us;       /* set: of the copy that was taken else, 0 when there was none */
    int64_t cases, reports, packages, households; /* set: how many came back */
} LastCopy;

/* A CatalogSource whose data is a LastCopy. It stands behind those of the site and the footage,
 * whose rows its own name. No copy that can be read is no error. */
bool last_copy_rows(CatalogDb *db, void *data, GError **error);

/* Are rows of this table brought back by it? What is not is told by site.json or the footage, or
 * is given up. */
bool last_copy_has(const char *table);
