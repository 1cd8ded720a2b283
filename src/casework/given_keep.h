/* given_keep.h — how long what households gave is kept: so many days after the request was over,
 * and not while somebody works on its case. What is kept as evidence stays.
 *
 * All block, but for what is said to be pure.
 */
#pragma once

#include "archive/archive.h"
#include "catalog/cases.h"
#include "config/site.h"
#include "household/footage_given.h"

#define GIVEN_KEPT_FOR_CASE INT64_MAX

/* When a file goes that is no evidence, by its request and its case (NULL: there is none, or no
 * more); GIVEN_KEPT_FOR_CASE: somebody works on that. Pure. */
int64_t given_kept_until_us(int64_t deadline_us, const CaseRow *of_case, int64_t days);

/* The same, by the number of the case. */
bool given_keep_until(CatalogDb *db, const char *case_number, int64_t deadline_us, int64_t days,
                      int64_t *until_us, GError **error);

typedef struct GivenKeep {
    Catalog *catalog;
    Site *site;
    Archive *archive;
    HouseholdDesk *desk;
    /* Of each file that was deleted by age, once its row says so. */
    void (*told)(void *data, const HouseholdFileRow *row, const char *case_number);
    void *data;
    int64_t look_us; /* when to look next, monotonic; one thread at a time */
} GivenKeep;

/* Deletes some of what has been kept for its time, and what never became whole. To be called every
 * some seconds; looks every ten minutes. What fails is tried again then. */
void given_keep_look(GivenKeep *keep);
