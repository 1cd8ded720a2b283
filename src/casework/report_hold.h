/* report_hold.h — the footage that is held for a report from the moment it comes in: of cameras
 * near its place, for its span and a margin, until it lapses (EVIDENCE: a report's provisional
 * hold).
 */
#pragma once

#include "archive/archive.h"
#include "casework/report.h"
#include "config/site.h"

#define REPORT_HOLD_US (INT64_C(72) * 3600 * 1000000)
#define REPORT_HOLD_RESIDENT_US (INT64_C(2) * 3600 * 1000000) /* of a camera */
#define REPORT_HOLD_RESIDENTS_PART 0.05                       /* of a volume, all together */
#define REPORT_HOLD_ACCOUNTS_PART 0.2                         /* the same, of other reports */

/* Whose word the hold stands on. */
typedef enum ReportHolder {
    REPORT_HOLDER_RESIDENT, /* who tells it: within the bounds for residents … */
    REPORT_HOLDER_ACCOUNT,  /* … or for accounts */
    REPORT_HOLDER_OFFICER,  /* an officer who asks for it: without bounds */
} ReportHolder;

/* The cameras of the commune whose footage may show it: at its location, near its place or the
 * location's, and the one it names. Uuid by value; returned owned, maybe empty. */
GArray *report_cameras(Site *site, const ReportRow *row);

/* What is to be held of each of `cameras`: the span and `margin_us` around it; `bounded`: the
 * newest two hours of that, and `*cut` says whether something is left out. ArchiveHold by value;
 * returned owned. Pure. */
GArray *report_hold_plan(const ReportRow *row, const GArray *cameras, int64_t margin_us,
                         bool bounded, bool *cut);

/* Sets the hold of a report that has come in or was corrected at `now_us`, or that an officer asks
 * for: for an officer all of it, else what it does not hold for most of such a time already. Adds
 * what is held to `row->holds` and sets `row->hold_waits`. What fails is told in the log, and
 * waits. Blocking. */
void report_hold(Archive *archive, Site *site, ReportRow *row, ReportHolder holder, int64_t now_us);
