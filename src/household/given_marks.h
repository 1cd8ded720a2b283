/* given_marks.h — what officers kept as evidence of what households gave, out of the audit log: a
 * catalog that comes from a copy does not know it of the time since, and would let it go by age.
 */
#pragma once

#include "catalog/last_copy.h"

/* As the audit log calls it. */
#define GIVEN_KEEP_ACTION "household-file-keep"

typedef struct GivenMarks {
    const char *audit;    /* folder of the audit log; borrowed */
    const LastCopy *copy; /* that was taken; borrowed */
    unsigned kept;        /* set: files that are evidence again */
} GivenMarks;

/* A CatalogSource whose data is a GivenMarks. It stands behind last_copy_rows(). A log that cannot
 * be read is told, and no error. */
bool given_marks_rows(CatalogDb *db, void *data, GError **error);
