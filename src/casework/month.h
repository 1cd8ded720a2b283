/* month.h — what the reports of a month come to: how many of what, where and at which hour, and how
 * long people waited. Pure.
 *
 * Reports that tell the same thing are one: those that were joined to another count as joined only.
 */
#pragma once

#include "catalog/cases.h"
#include "catalog/reports.h"

#include <glib.h>
#include <stdint.h>

enum { MONTH_KINDS_MOST = 16, MONTH_HOURS = 24 };

typedef struct MonthReports {
    unsigned told;                    /* without those that were joined */
    unsigned answered;                /* of these */
    unsigned rejected;                /* of these */
    unsigned joined;                  /* besides */
    unsigned kinds[MONTH_KINDS_MOST]; /* in the order of report_kinds */
    unsigned hours[MONTH_HOURS];      /* of the site's day, when it happened */
    GHashTable *villages; /* char * → GUINT_TO_POINTER(count); "": it is not known which */
    GArray *taken_us;     /* int64_t: from being told to being taken */
    GArray *answered_us;  /* int64_t: from being told to the answer */
} MonthReports;

void month_reports_init(MonthReports *reports);
void month_reports_clear(MonthReports *reports);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(MonthReports, month_reports_clear)

/* What became of the cases that were opened in the month. */
typedef struct MonthCases {
    unsigned opened;
    unsigned decided;     /* of these: something was decided; also when they are closed by now */
    unsigned cleared;     /* of these: and it was more than that nothing was found */
    unsigned closed;      /* of these */
    GArray *footage_us;   /* int64_t: from the first report, or the opening, to the first footage */
    GArray *resolved_us;  /* int64_t: from the opening to the closing */
    GHashTable *outcomes; /* char * → GUINT_TO_POINTER(count), of what was decided */
} MonthCases;

void month_cases_init(MonthCases *cases);
void month_cases_clear(MonthCases *cases);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(MonthCases, month_cases_clear)

void month_cases_add(MonthCases *cases, const CaseRow *row);

/* Counts one. `hour` as in `hours`; `village` NULL or "": not known. */
void month_reports_add(MonthReports *reports, const ReportRow *row, const char *village, int hour);

/* How long `waits` (int64_t, in µs; sorted here) took. */
typedef struct MonthWait {
    unsigned count;
    int64_t median_us;
    int64_t nine_of_ten_us; /* so long or shorter */
} MonthWait;
MonthWait month_wait(GArray *waits);

/* One more of `name` in a table of counts. */
void month_count(GHashTable *counts, const char *name);

/* Why footage was looked at or copied. */
typedef struct MonthLooks {
    unsigned replays;    /* looks at recorded pictures */
    unsigned copies;     /* clips and burnt-in copies */
    unsigned packages;   /* of evidence */
    unsigned requests;   /* to households, for footage of theirs */
    unsigned unmasked;   /* times that a camera might be seen without its masks */
    unsigned refused;    /* of all but these */
    GHashTable *reasons; /* char * → GUINT_TO_POINTER(count) of looks: words of month_reason() */
} MonthLooks;

void month_looks_init(MonthLooks *looks);
void month_looks_clear(MonthLooks *looks);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(MonthLooks, month_looks_clear)

/* What is told in public of a reason as the audit log has it: "case", a routine by its name,
 * "none" or, of a person's own words, "other". */
const char *month_reason(const char *reason);
