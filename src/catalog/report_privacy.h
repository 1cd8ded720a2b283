/* report_privacy.h — what is written of a report for the sake of whoever told it: what they wish,
 * and what was erased. Rules about it live in casework/report_privacy.h.
 *
 * What is left of an erased report is a figure: number, kind, location, times, state.
 */
#pragma once

#include "catalog/reports.h"

/* `wishes`, `wished_us` and `wish_due_us` of the row. */
bool reports_put_wishes(CatalogDb *db, const ReportRow *row, GError **error);

/* Who told it: name, phone, number of VNeID. */
bool reports_erase_person(CatalogDb *db, const ReportRow *row, GError **error);

/* Words and the rows of files as well, and where it was but for the location. */
bool reports_erase_words(CatalogDb *db, const ReportRow *row, GError **error);

/* `erased` and `erased_us` of the row, and its wishes. */
bool reports_put_erased(CatalogDb *db, const ReportRow *row, GError **error);

/* How much is gone of which report. */
typedef struct ReportErasedRow {
    Uuid id;
    int erased;
} ReportErasedRow;

/* All of which something was erased: ReportErasedRow by value. Returns owned, or NULL. */
GArray *reports_erased(CatalogDb *db, GError **error);

/* Does a case whose state is none of `case_states` (NULL-ended, at most four) have the report, or
 * one of the same thing? */
bool reports_is_wanted(CatalogDb *db, const Uuid *report, const char *const *case_states,
                       bool *wanted, GError **error);

/* Reports in `state` that were over before `before_us`, of which less than `erased` is gone and
 * which no case wants by reports_is_wanted(), oldest first, at most `limit`. Uuid by value;
 * returned owned, or NULL. */
GArray *reports_outlived(CatalogDb *db, const char *state, int64_t before_us, int erased,
                         const char *const *case_states, unsigned limit, GError **error);
