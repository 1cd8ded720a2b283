/* kept_counts.h — how much of what kind is kept about people: for the register of data protection.
 */
#pragma once

#include "catalog/catalog.h"

typedef struct KeptCounts {
    int64_t reports;      /* of which words are kept */
    int64_t reporters;    /* reports that name who told them */
    int64_t report_files; /* pictures and videos that came with them */
    int64_t erased;       /* reports of which nothing but a figure is left */
    int64_t wishes;       /* reports of which a copy or the erasure is waited for */
    int64_t event_pictures;
    int64_t cases;
    int64_t households;      /* that stand in the register */
    int64_t household_files; /* films that they gave, and did not take back */
    int64_t packages;        /* that were made */
    int64_t copies;          /* of them, and redacted films, that were handed over */
    int64_t signs;           /* cameras with a sign that tells of them … */
    int64_t signs_missing;   /* … and those that are known to have none */
} KeptCounts;

bool kept_counts(CatalogDb *db, KeptCounts *counts, GError **error);
