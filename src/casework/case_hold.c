#include "casework/case_hold.h"

#include "archive/coverage.h"
#include "base/clock.h"
#include "base/log.h"
#include "casework/case_hold_work.h"
#include "casework/report.h"

#include <string.h>

#define BASIS_CASE "case"

/* ---- setting one ---- */

CaseHoldRow *case_hold_set(CaseDesk *desk, const Uuid *id, const CaseHoldTold *told,
                           const Uuid *who, GError **error)
{
    g_autoptr(CaseHoldRow) row = case_hold_row_new();
    g_autoptr(GArray) holds = g_array_new(FALSE, FALSE, sizeof(ArchiveHold));
    if (told->reason &&
        !report_text(&row->reason, "reason", told->reason, 0, CASE_REASON_MOST, true, error))
        return NULL;
    row->id = uuid_new();
    row->at_us = clock_now_us();
    row->by = *who;
    row->until_us = told->until_us;
    g_array_append_vals(row->spans, told->spans, (guint)told->span_count);
    for (size_t i = 0; i < told->span_count; i++) {
        const ArchiveHold hold = {told->spans[i].camera, told->spans[i].from_us,
                                  told->spans[i].to_us};
        g_array_append_val(holds, hold);
    }
    return archive_hold(desk->archive, &row->id, BASIS_CASE, id,
                        told->until_us ? told->until_us : INT64_MAX,
                        (const ArchiveHold *)(void *)holds->data, holds->len, error)
               ? g_steal_pointer(&row)
               : NULL;
}

void case_hold_undo(CaseDesk *desk, const CaseHoldRow *row)
{
    char id[UUID_TEXT];
    static const Uuid nobody;
    g_autoptr(GError) error = NULL;
    if (!archive_release(desk->archive, &row->id, "not-noted", &nobody, &nobody, &error))
        log_error("case.hold", "hold=%s cause=\"%s\" advice=\"it holds without a case\"",
                  uuid_text(&row->id, id), error->message);
}

bool case_hold_note(CatalogDb *db, CaseWork *work, CaseHoldRow *row, GError **error)
{
    g_autofree char *spans = g_strdup_printf("%u", row->spans->len);
    case_work_deed(work, CASE_DEED_PRESERVE);
    return case_holds_add(db, work->after, row, error) &&
           case_work_note(db, work, "hold", "", spans, row->reason, error);
}

typedef struct Holding {
    CaseWork work;
    CaseHoldRow *hold;
} Holding;

static bool write_hold(CatalogDb *db, void *data, GError **error)
{
    Holding *holding = data;
    CaseWork *work = &holding->work;
    if (!case_work_begin(db, work, error))
        return false;
    if (case_is_over(work->before))
        return case_work_refuse(work, CASE_REFUSED_OVER, error,
                                "the case is %s: reopen it, then hold footage for it",
                                work->before->state);
    return case_hold_note(db, work, holding->hold, error) && case_work_end(db, work, NULL, error);
}

/* What reports of the case hold, of CaseHoldSpanRow. Returned owned. */
static GArray *provisional(CaseDesk *desk, const Uuid *id, GError **error)
{
    g_autoptr(GArray) spans = g_array_new(FALSE, FALSE, sizeof(CaseHoldSpanRow));
    g_autoptr(CatalogDb) db = catalog_read(desk->catalog, error);
    g_autoptr(CaseRow) row = db ? cases_get(db, id, error) : NULL;
    for (guint i = 0; row && i < row->reports->len; i++) {
        g_autoptr(ReportRow) report =
            reports_get(db, &g_array_index(row->reports, CaseReportRow, i).id, error);
        if (!report)
            return NULL;
        for (guint n = 0; n < report->holds->len; n++) {
            const ReportHoldRow *hold = &g_array_index(report->holds, ReportHoldRow, n);
            const CaseHoldSpanRow span = {hold->camera, hold->from_us, hold->to_us};
            g_array_append_val(spans, span);
        }
    }
    if (row && spans->len == 0)
        err_set(error, ERR_INVALID, "reports of this case hold nothing: name cameras and a span");
    return row && spans->len > 0 ? g_steal_pointer(&spans) : NULL;
}

CaseRow *case_desk_hold(CaseDesk *desk, const Uuid *id, const CaseHoldTold *told, const Uuid *who,
                        CaseHoldRow **hold, CaseRefusal *refusal, GError **error)
{
    CaseHoldTold asked = *told;
    *refusal = CASE_FINE;
    g_autoptr(GArray) spans = told->span_count ? NULL : provisional(desk, id, error);
    if (!told->span_count && !spans)
        return NULL;
    if (spans) {
        asked.spans = (const CaseHoldSpanRow *)(void *)spans->data;
        asked.span_count = spans->len;
    }
    g_autoptr(CaseHoldRow) set = case_hold_set(desk, id, &asked, who, error);
    if (!set)
        return NULL;
    Holding holding = {.work = {.desk = desk, .id = id, .who = who, .now_us = clock_now_us()},
                       .hold = set};
    CaseRow *row = case_work_run(&holding.work, write_hold, NULL, error);
    *refusal = holding.work.refusal;
    if (row)
        *hold = g_steal_pointer(&set);
    else
        case_hold_undo(desk, set);
    return row;
}

/* ---- what there is of it ---- */

bool case_hold_is_over(const CaseHoldRow *hold, int64_t now_us)
{
    return hold->released_us || (hold->until_us && hold->until_us <= now_us);
}

static bool add_bytes(CaseDesk *desk, const CaseHoldSpanRow *span, StreamKind kind, int64_t *bytes,
                      GError **error)
{
    g_autoptr(GArray) segments =
        archive_segments(desk->archive, &span->camera, kind, span->from_us, span->to_us, error);
    for (guint i = 0; segments && i < segments->len; i++)
        *bytes += g_array_index(segments, ArchiveSegment, i).bytes;
    return segments != NULL;
}

bool case_hold_figures(CaseDesk *desk, const CaseHoldSpanRow *span, int64_t *bytes, int64_t *gap_us,
                       GError **error)
{
    *bytes = 0;
    *gap_us = span->to_us - span->from_us;
    for (int kind = 0; kind < STREAM_KINDS; kind++)
        if (!add_bytes(desk, span, (StreamKind)kind, bytes, error))
            return false;
    g_autoptr(Coverage) coverage =
        archive_coverage(desk->archive, &span->camera, STREAM_MAIN, span->from_us, span->to_us, 0,
                         GAP_CAMERA_OFFLINE, error);
    for (guint i = 0; coverage && i < coverage->spans->len; i++) {
        const CoverageSpan *one = &g_array_index(coverage->spans, CoverageSpan, i);
        *gap_us -= one->to_us - one->from_us;
    }
    return coverage != NULL;
}
