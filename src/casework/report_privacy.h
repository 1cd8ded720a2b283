/* report_privacy.h — what whoever told a report may have done with what is kept of it: a copy, and
 * that it is erased; and how reports go by themselves when they are kept no longer.
 *
 * What stays of a report is a figure. Of one that a case is worked on for, words and files stay as
 * evidence; who told it goes at once. All block.
 */
#pragma once

#include "casework/report_desk.h"
#include "catalog/report_privacy.h"

/* How much of a report is gone. Stored. */
typedef enum ReportErased {
    REPORT_WHOLE,
    REPORT_ERASED_PERSON, /* who told it; words and files are evidence of a case */
    REPORT_ERASED,
} ReportErased;

/* What whoever told it waits for. Stored: bits of ReportRow.wishes. */
typedef enum ReportWish {
    REPORT_WISH_COPY = 1,
    REPORT_WISH_ERASURE = 2,
} ReportWish;

const char *report_wish_text(ReportWish wish); /* "copy", "erasure" */
bool report_wish_parse(const char *text, ReportWish *wish);
const char *report_erased_text(ReportErased erased); /* NULL, "person", "all" */

/* Notes what whoever told it wishes, with the day until which it is to be answered; said again, it
 * is the same wish. ERR_INVALID: nothing is left to be copied or erased. Returns owned, or NULL. */
ReportRow *report_desk_wish(ReportDesk *desk, const Uuid *id, ReportWish wish, GError **error);

/* It was answered. ERR_NOT_FOUND: nobody wishes it. Returns owned, or NULL. */
ReportRow *report_desk_wish_done(ReportDesk *desk, const Uuid *id, ReportWish wish, GError **error);

/* Do words and files of the report stay for the sake of a case? It has the report, or one that
 * tells the same thing, and is worked on, or another body has it. */
bool report_stays(CatalogDb *db, const Uuid *report, bool *stays, GError **error);

/* Erases as much as may go; `before` is returned owned, as what is returned. ERR_EXISTS: no more
 * may go than is gone. */
ReportRow *report_desk_erase(ReportDesk *desk, const Uuid *id, ReportRow **before, GError **error);

/* All that is kept of `row`, as a ZIP: report.json, its files, and a page on what it is. `*bytes`
 * of it behind the descriptor that is returned; -1 with `error`. */
int report_desk_copy(ReportDesk *desk, const ReportRow *row, int64_t *bytes, GError **error);

/* Erases some of those that were over for longer than the site keeps them; the listener is told of
 * each. */
bool report_desk_expire(ReportDesk *desk, int64_t now_us, GError **error);

/* A catalog that was restored from an older copy knows nothing of what was erased since; the list
 * beside the files does. At the start, and before others expire. */
bool report_desk_erase_again(ReportDesk *desk, GError **error);
