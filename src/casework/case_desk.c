#include "casework/case_desk_state.h"

#include "base/clock.h"
#include "config/site_day.h"

#include <string.h>

/* So long a phone may send the same case anew. */
#define AGAIN_US HOUR_US

CaseDesk *case_desk_new(const CaseDeskOptions *options)
{
    CaseDesk *desk = g_new0(CaseDesk, 1);
    desk->catalog = options->catalog;
    desk->site = options->site;
    desk->people = options->people;
    desk->reports = options->reports;
    desk->archive = options->archive;
    return desk;
}

void case_desk_free(CaseDesk *desk)
{
    g_free(desk);
}

void case_desk_listen(CaseDesk *desk, CaseListener listener, void *data)
{
    desk->listener = listener;
    desk->listener_data = data;
}

/* ---- finding one ---- */

CaseRow *case_desk_find(CaseDesk *desk, const char *name, GError **error)
{
    Uuid id;
    int year, seq;
    g_autoptr(CatalogDb) db = catalog_read(desk->catalog, error);
    if (!db)
        return NULL;
    if (uuid_parse(name, &id))
        return cases_get(db, &id, error);
    if (case_number_parse(name, &year, &seq))
        return cases_get_number(db, year, seq, error);
    err_set(error, ERR_NOT_FOUND, "no such case");
    return NULL;
}

int64_t case_desk_due_us(CaseDesk *desk, const CaseRow *row)
{
    static const struct {
        const char *state;
        SiteValue hours;
    } timers[] = {
        {CASE_NEW, SITE_VALUE_CASE_HOURS_NEW},
        {CASE_SEARCHING, SITE_VALUE_CASE_HOURS_SEARCHING},
        {CASE_PRESERVED, SITE_VALUE_CASE_HOURS_PRESERVED},
        {CASE_EXPORTED, SITE_VALUE_CASE_HOURS_EXPORTED},
        {CASE_DECIDED, SITE_VALUE_CASE_HOURS_DECIDED},
        {CASE_REOPENED, SITE_VALUE_CASE_HOURS_REOPENED},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(timers); i++)
        if (strcmp(timers[i].state, row->state) == 0)
            return row->state_us + site_number(desk->site, timers[i].hours) * HOUR_US;
    return 0;
}

/* ---- opening one ---- */

typedef struct Opening {
    CaseWork work; /* its `id` is that of `made` */
    const CaseTold *told;
    Uuid made;
    bool again;
} Opening;

static bool find_known(CatalogDb *db, Opening *opening, GError **error)
{
    CaseWork *work = &opening->work;
    g_autoptr(GError) missing = NULL;
    g_autoptr(CaseRow) known =
        opening->told->key ? cases_get_key(db, opening->told->key, &missing) : NULL;
    if (missing && !g_error_matches(missing, ERR, ERR_NOT_FOUND)) {
        g_propagate_error(error, g_steal_pointer(&missing));
        return false;
    }
    if (known &&
        (!uuid_equal(&known->opened_by, work->who) || work->now_us - known->opened_us > AGAIN_US))
        return err_set(error, ERR_EXISTS, "‘key’ is of another case: make a new one");
    opening->again = known != NULL;
    opening->made = known ? known->id : (Uuid){0};
    return true;
}

static int by_time_told(const void *a, const void *b)
{
    const ReportRow *left = *(ReportRow *const *)a, *right = *(ReportRow *const *)b;
    return (left->told_us > right->told_us) - (left->told_us < right->told_us);
}

/* What the reports tell that are named, the oldest first. Returned owned. */
static GPtrArray *read_reports(CatalogDb *db, const CaseTold *told, GError **error)
{
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)report_row_free);
    for (const char *const *name = told->reports; name && *name; name++) {
        ReportRow *row = case_report_of(db, *name, error);
        if (!row)
            return NULL;
        g_ptr_array_add(rows, row);
    }
    g_ptr_array_sort(rows, by_time_told);
    return g_steal_pointer(&rows);
}

static CaseRow *make(const Opening *opening, const GPtrArray *reports, GError **error)
{
    const CaseWork *work = &opening->work;
    Account account;
    g_autoptr(CaseRow) row = case_of(opening->told, reports, work->now_us, error);
    if (!row)
        return NULL;
    g_autofree char *day = site_day_text(work->desk->site, work->now_us);
    row->year = (int)g_ascii_strtoll(day, NULL, 10);
    row->opened_by = *work->who;
    if (people_account(work->desk->people, work->who, &account))
        row->assignee = account.id;
    return g_steal_pointer(&row);
}

static bool gather(CatalogDb *db, Opening *opening, const GPtrArray *reports, GError **error)
{
    const char *note = opening->told->note;
    for (guint i = 0; i < reports->len; i++) {
        const ReportRow *report = reports->pdata[i];
        char number[REPORT_NUMBER_TEXT], id[UUID_TEXT];
        const CaseItemTold told = {.kind = CASE_ITEM_REPORT,
                                   .thing = report_number(report->year, report->seq, number)};
        g_autoptr(CaseItemRow) item = NULL;
        if (!case_work_link(db, &opening->work, uuid_text(&report->id, id), error) ||
            !case_work_add(db, &opening->work, &told, &item, error))
            return false;
    }
    const CaseItemTold told = {.kind = CASE_ITEM_NOTE, .text = note};
    g_autoptr(CaseItemRow) item = NULL;
    return !note || !*note || case_work_add(db, &opening->work, &told, &item, error);
}

static bool write_opening(CatalogDb *db, void *data, GError **error)
{
    Opening *opening = data;
    CaseWork *work = &opening->work;
    if (!find_known(db, opening, error))
        return false;
    work->id = &opening->made;
    if (opening->again)
        return case_work_begin(db, work, error);
    g_autoptr(GPtrArray) reports = read_reports(db, opening->told, error);
    g_autoptr(CaseRow) row = reports ? make(opening, reports, error) : NULL;
    if (!row || !cases_add(db, row, error))
        return false;
    opening->made = row->id;
    return case_work_begin(db, work, error) &&
           case_work_note(db, work, "opened", "", CASE_NEW, NULL, error) &&
           gather(db, opening, reports, error) && case_work_end(db, work, NULL, error);
}

static bool is_soundly_told(const CaseDesk *desk, const CaseTold *told, GError **error)
{
    g_autoptr(LocationRow) location =
        told->location ? site_location_get(desk->site, told->location) : NULL;
    return !told->location || location ||
           err_set(error, ERR_INVALID, "‘location’ is none of this site");
}

CaseRow *case_desk_open(CaseDesk *desk, const CaseTold *told, const Uuid *who, bool *again,
                        CaseRefusal *refusal, GError **error)
{
    Opening opening = {.work = {.desk = desk, .who = who, .now_us = clock_now_us()}, .told = told};
    *refusal = CASE_FINE;
    CaseRow *row = is_soundly_told(desk, told, error)
                       ? case_work_run(&opening.work, write_opening, NULL, error)
                       : NULL;
    *again = opening.again;
    *refusal = opening.work.refusal;
    return row;
}
