/* What a case gathers: put in, and taken out again. */
#include "casework/case_hold_work.h"

#include "base/clock.h"
#include "base/json.h"

#include <string.h>

typedef struct Gathering {
    CaseWork work;
    const CaseItemTold *told; /* NULL: `n` is taken out */
    int n;
    CaseItemRow *item; /* owned */
    CaseHoldRow *hold; /* of footage; borrowed */
} Gathering;

static bool begin(CatalogDb *db, Gathering *gathering, GError **error)
{
    CaseWork *work = &gathering->work;
    g_clear_pointer(&gathering->item, case_item_row_free);
    if (!case_work_begin(db, work, error))
        return false;
    return !case_is_over(work->before) ||
           case_work_refuse(work, CASE_REFUSED_OVER, error,
                            "the case is %s: reopen it, then work on it", work->before->state);
}

static bool put_report(CatalogDb *db, Gathering *gathering, GError **error)
{
    char number[REPORT_NUMBER_TEXT];
    const CaseItemTold *told = gathering->told;
    g_autoptr(ReportRow) report = case_report_of(db, told->thing ? told->thing : "", error);
    if (!report || !case_work_link(db, &gathering->work, told->thing, error))
        return false;
    const CaseItemTold named = {.kind = CASE_ITEM_REPORT,
                                .thing = report_number(report->year, report->seq, number)};
    return case_work_add(db, &gathering->work, &named, &gathering->item, error);
}

/* What a household gave is kept once, however many keep it at the same time. */
static bool is_new(CatalogDb *db, CaseWork *work, const CaseItemTold *told, GError **error)
{
    if (g_strcmp0(told->kind, CASE_ITEM_GIVEN) != 0)
        return true;
    g_autoptr(GPtrArray) items = case_items_list(db, work->after, error);
    for (guint i = 0; items && i < items->len; i++) {
        const CaseItemRow *item = items->pdata[i];
        const char *file = NULL;
        if (strcmp(item->kind, CASE_ITEM_GIVEN) != 0)
            continue;
        g_autoptr(Json) body = json_parse(item->body, strlen(item->body), error);
        if (!body || !json_get_text(body, "file", &file, error))
            return false;
        if (g_strcmp0(file, told->thing) == 0)
            return case_work_refuse(work, CASE_REFUSED_DONE, error, "it is in the case");
    }
    return items != NULL;
}

static bool write_put(CatalogDb *db, void *data, GError **error)
{
    Gathering *gathering = data;
    CaseWork *work = &gathering->work;
    const CaseItemTold *told = gathering->told;
    if (!begin(db, gathering, error) || !is_new(db, work, told, error))
        return false;
    bool put = g_strcmp0(told->kind, CASE_ITEM_REPORT) == 0
                   ? put_report(db, gathering, error)
                   : case_work_add(db, work, told, &gathering->item, error);
    if (!put)
        return false;
    bool found = strcmp(told->kind, CASE_ITEM_FOOTAGE) == 0;
    if (found || strcmp(told->kind, CASE_ITEM_NOTHING_SEEN) == 0)
        case_work_deed(work, CASE_DEED_SEARCH);
    if (gathering->hold && !case_hold_note(db, work, gathering->hold, error))
        return false;
    if (found && !work->after->footage_us)
        work->after->footage_us = work->now_us;
    return case_work_end(db, work, NULL, error);
}

static CaseRow *run(Gathering *gathering, CatalogWork write, CaseItemRow **item,
                    CaseRefusal *refusal, GError **error)
{
    CaseRow *row = case_work_run(&gathering->work, write, NULL, error);
    *refusal = gathering->work.refusal;
    *item = g_steal_pointer(&gathering->item);
    if (!row)
        g_clear_pointer(item, case_item_row_free);
    return row;
}

CaseRow *case_desk_put(CaseDesk *desk, const Uuid *id, const CaseItemTold *told, const Uuid *who,
                       CaseItemRow **item, CaseRefusal *refusal, GError **error)
{
    Gathering gathering = {.work = {.desk = desk, .id = id, .who = who, .now_us = clock_now_us()},
                           .told = told};
    g_autoptr(CaseHoldRow) hold = NULL;
    *refusal = CASE_FINE;
    if (g_strcmp0(told->kind, CASE_ITEM_FOOTAGE) == 0 && told->camera_count > 0) {
        const CaseHoldSpanRow span = {told->cameras[0], told->from_us, told->to_us};
        const CaseHoldTold held = {.spans = &span, .span_count = 1};
        hold = case_hold_set(desk, id, &held, who, error);
        if (!hold)
            return NULL;
        gathering.hold = hold;
    }
    CaseRow *row = run(&gathering, write_put, item, refusal, error);
    if (!row && hold)
        case_hold_undo(desk, hold);
    return row;
}

/* ---- taking out ---- */

/* A report that goes out is free for another case. */
static bool unlink_report(CatalogDb *db, Gathering *gathering, GError **error)
{
    const char *number = NULL;
    const CaseItemRow *item = gathering->item;
    if (strcmp(item->kind, CASE_ITEM_REPORT) != 0)
        return true;
    g_autoptr(Json) body = json_parse(item->body, strlen(item->body), error);
    if (!body || !json_get_text(body, "report", &number, error))
        return false;
    g_autoptr(ReportRow) report = case_report_of(db, number ? number : "", error);
    return report && cases_remove_report(db, gathering->work.after, &report->id, error);
}

static bool write_take_out(CatalogDb *db, void *data, GError **error)
{
    char n[16];
    Gathering *gathering = data;
    CaseWork *work = &gathering->work;
    if (!begin(db, gathering, error))
        return false;
    gathering->item = case_items_get(db, work->after, gathering->n, error);
    g_snprintf(n, sizeof n, "%d", gathering->n);
    return gathering->item && unlink_report(db, gathering, error) &&
           case_items_remove(db, work->after, gathering->n, work->now_us, work->who, error) &&
           case_work_note(db, work, "item-removed", n, gathering->item->kind, NULL, error) &&
           case_work_end(db, work, NULL, error);
}

CaseRow *case_desk_take_out(CaseDesk *desk, const Uuid *id, int n, const Uuid *who,
                            CaseItemRow **item, CaseRefusal *refusal, GError **error)
{
    Gathering gathering = {.work = {.desk = desk, .id = id, .who = who, .now_us = clock_now_us()},
                           .n = n};
    return run(&gathering, write_take_out, item, refusal, error);
}
