/* shifts.h — rows of the shift plan: who is on duty on which day, from when to when. Rules about
 * them live in people/shift_plan.h and people/duty.h.
 */
#pragma once

#include "base/uuid.h"
#include "catalog/catalog.h"

enum { SHIFT_DAY_BYTES = 12 };

/* One person in one shift; `account` nil: a day that is named, and on which nobody is on duty. */
typedef struct ShiftRow {
    char day[SHIFT_DAY_BYTES]; /* "mon" … "sun", or a date: "2026-12-01" */
    int from, to;              /* minutes of the day; `to` not after `from`: on the next day */
    Uuid account;
} ShiftRow;

/* Replaces what is stored of the day. `rows`: ShiftRow by value, all of that day; with none the
 * day is kept as one without shifts. */
bool shifts_put_day(CatalogDb *db, const char *day, const GArray *rows, GError **error);
bool shifts_remove_day(CatalogDb *db, const char *day, GError **error); /* may be none */

/* Removes the dates before `date`; days of the week stay. */
bool shifts_remove_before(CatalogDb *db, const char *date, GError **error);

/* ShiftRow by value, by day, beginning and end. Returns owned, or NULL. */
GArray *shifts_list(CatalogDb *db, GError **error);
