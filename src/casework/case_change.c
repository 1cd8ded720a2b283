/* What becomes of a case: its states, who has it, what is corrected, what its reporters read. */
#include "casework/case_desk_state.h"

#include "base/clock.h"

#include <string.h>

typedef struct Changing {
    CaseWork work;
    const CaseEdit *edit;
} Changing;

/* In the words that the case is closed with, where nobody has answered yet, and no other case is at
 * work on what belongs to both. */
static bool answer_reports(CatalogDb *db, CaseWork *work, GError **error)
{
    bool shared;
    for (guint i = 0; i < work->after->reports->len; i++) {
        const CaseReportRow *of = &g_array_index(work->after->reports, CaseReportRow, i);
        g_autoptr(ReportRow) report = reports_get(db, &of->id, error);
        if (!report || !cases_share_report(db, work->after, &of->id, case_over, &shared, error))
            return false;
        if (shared || report_is_over(report))
            continue;
        if (!report->taken_us) {
            report->taken_by = *work->who;
            report->taken_us = work->now_us;
        }
        g_free(report->state);
        report->state = g_strdup(REPORT_ANSWERED);
        report->answered_us = work->now_us;
        g_free(report->answer);
        report->answer = g_strdup(work->after->answer);
        if (!reports_put(db, report, error))
            return false;
        g_ptr_array_add(work->reports, g_steal_pointer(&report));
    }
    return true;
}

static bool write_change(CatalogDb *db, void *data, GError **error)
{
    Changing *changing = data;
    CaseWork *work = &changing->work;
    const CaseEdit *edit = changing->edit;
    g_autoptr(GError) trouble = NULL;
    if (!case_work_begin(db, work, error))
        return false;
    if (edit->revision != work->before->revision)
        return case_work_refuse(work, CASE_REFUSED_CHANGED, error,
                                "somebody else has changed the case meanwhile: look at it again");
    if (!case_apply(work->after, edit, work->now_us, &trouble)) {
        if (g_error_matches(trouble, ERR, ERR_EXISTS))
            return case_work_refuse(work, CASE_REFUSED_STATE, error, "%s", trouble->message);
        g_propagate_error(error, g_steal_pointer(&trouble));
        return false;
    }
    if (edit->hands_over)
        work->after->assignee = edit->assignee ? *edit->assignee : (Uuid){0};
    if (g_strcmp0(edit->state, CASE_CLOSED) == 0 && !answer_reports(db, work, error))
        return false;
    return case_work_end(db, work, edit->reason, error);
}

static bool names_what_is(const CaseDesk *desk, const CaseEdit *edit, GError **error)
{
    Account account = {0};
    g_autoptr(LocationRow) location =
        edit->location ? site_location_get(desk->site, edit->location) : NULL;
    if (edit->location && !location)
        return err_set(error, ERR_INVALID, "‘location’ is none of this site");
    return !edit->assignee ||
           (people_account(desk->people, edit->assignee, &account) && !account.disabled &&
            rights_allow(account.role, ACTION_CASES)) ||
           err_set(error, ERR_INVALID, "‘assignee’ must be somebody who works on cases");
}

CaseRow *case_desk_change(CaseDesk *desk, const Uuid *id, const CaseEdit *edit, const Uuid *who,
                          CaseRow **before, CaseRefusal *refusal, GError **error)
{
    Changing changing = {.work = {.desk = desk, .id = id, .who = who, .now_us = clock_now_us()},
                         .edit = edit};
    *before = NULL;
    CaseRow *row = names_what_is(desk, edit, error)
                       ? case_work_run(&changing.work, write_change, before, error)
                       : NULL;
    *refusal = changing.work.refusal;
    return row;
}

/* ---- deeds that move it on ---- */

static bool write_deed(CatalogDb *db, CaseWork *work, CaseDeed deed, GError **error)
{
    if (!case_work_begin(db, work, error))
        return false;
    case_work_deed(work, deed);
    return case_work_end(db, work, NULL, error);
}

static bool write_look(CatalogDb *db, void *data, GError **error)
{
    return write_deed(db, data, CASE_DEED_SEARCH, error);
}

static bool write_hand_over(CatalogDb *db, void *data, GError **error)
{
    return write_deed(db, data, CASE_DEED_HAND_OVER, error);
}

bool case_desk_look_for(CaseDesk *desk, const CaseRow *row, const Uuid *who, GError **error)
{
    CaseWork work = {.desk = desk, .id = &row->id, .who = who, .now_us = clock_now_us()};
    if (!case_by_deed(row, CASE_DEED_SEARCH))
        return true;
    g_autoptr(CaseRow) after = case_work_run(&work, write_look, NULL, error);
    return after != NULL;
}

CaseRow *case_desk_hand_over(CaseDesk *desk, const char *number, const Uuid *who, CaseRow **before,
                             GError **error)
{
    *before = NULL;
    g_autoptr(CaseRow) row = case_desk_find(desk, number, error);
    if (!row || !case_by_deed(row, CASE_DEED_HAND_OVER))
        return NULL;
    CaseWork work = {.desk = desk, .id = &row->id, .who = who, .now_us = clock_now_us()};
    return case_work_run(&work, write_hand_over, before, error);
}
