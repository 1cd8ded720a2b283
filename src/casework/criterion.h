/* criterion.h — the site's own criteria for a month that is secure in security and public order,
 * each beside a figure of the month, or judged by hand.
 *
 * Which criteria there are the commune says; the program knows none. It knows figures.
 */
#pragma once

#include "casework/month_figures.h"
#include "catalog/criteria.h"

enum { CRITERIA_MOST = 50, CRITERION_TEXT_MOST = 300, CRITERION_NOTE_MOST = 500 };

#define CRITERION_MOST "most"   /* the figure is the threshold or less */
#define CRITERION_LEAST "least" /* or more */

typedef enum CriterionUnit { CRITERION_COUNT, CRITERION_PERCENT, CRITERION_HOURS } CriterionUnit;
const char *criterion_unit_text(CriterionUnit unit); /* "count", "percent", "hours" */

/* The figures by number, from 0; NULL behind the last one. Kinds of reports come last, as
 * "reports-" and the kind. */
const char *criterion_figure(unsigned number, CriterionUnit *unit);

/* What the figure is in that month; false: there was nothing to tell it from. */
bool criterion_value(const char *figure, const Month *month, const MonthLooks *looks,
                     double *value);

bool criterion_is_met(const CriterionRow *row, double value);

/* Is it one that the site may have? Texts are trimmed. ERR_INVALID says what is wrong, by its name
 * on the API. */
bool criterion_check(CriterionRow *row, GError **error);

/* They block. ERR_NOT_FOUND; ERR_INVALID: there are CRITERIA_MOST already. */
bool criterion_add(Catalog *catalog, CriterionRow *row, GError **error);
bool criterion_change(Catalog *catalog, const CriterionRow *row, GError **error);
bool criterion_remove(Catalog *catalog, const Uuid *id, GError **error);

/* Judged by hand, or (`note` NULL) not any more. ERR_INVALID: by its figure, not by hand. */
bool criterion_judge(Catalog *catalog, const CriterionMark *mark, GError **error);
