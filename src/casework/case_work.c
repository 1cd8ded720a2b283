/* A change of a case: what all of them do before, after and beside. */
#include "casework/case_desk_state.h"

#include "base/time_text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void clear(CaseWork *work)
{
    g_clear_pointer(&work->before, case_row_free);
    g_clear_pointer(&work->after, case_row_free);
    g_clear_pointer(&work->reports, g_ptr_array_unref);
    work->reports = g_ptr_array_new_with_free_func((GDestroyNotify)report_row_free);
    work->refusal = CASE_FINE;
}

bool case_work_begin(CatalogDb *db, CaseWork *work, GError **error)
{
    clear(work);
    work->before = cases_get(db, work->id, error);
    work->after = work->before ? cases_get(db, work->id, error) : NULL;
    return work->after != NULL;
}

bool case_work_refuse(CaseWork *work, CaseRefusal refusal, GError **error, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    work->refusal = refusal;
    return err_set(error, ERR_EXISTS, "%s", text);
}

bool case_work_note(CatalogDb *db, const CaseWork *work, const char *what, const char *was,
                    const char *is, const char *reason, GError **error)
{
    const CaseChangeRow row = {work->now_us, *work->who, what, was, is, reason};
    return case_history_add(db, work->after, &row, error);
}

/* ---- what changed ---- */

static bool note_text(CatalogDb *db, const CaseWork *work, const char *what, const char *was,
                      const char *is, bool *changed, GError **error)
{
    if (strcmp(was, is) == 0)
        return true;
    *changed = true;
    return case_work_note(db, work, what, was, is, NULL, error);
}

static const char *id_text(const Uuid *id, char text[UUID_TEXT])
{
    return uuid_is_nil(id) ? "" : uuid_text(id, text);
}

static bool note_id(CatalogDb *db, const CaseWork *work, const char *what, const Uuid *was,
                    const Uuid *is, bool *changed, GError **error)
{
    char texts[2][UUID_TEXT];
    return note_text(db, work, what, id_text(was, texts[0]), id_text(is, texts[1]), changed, error);
}

static char *place_text(const CaseRow *row)
{
    return row->has_place ? g_strdup_printf("%.6f, %.6f", row->latitude, row->longitude)
                          : g_strdup("");
}

static char *span_text(const CaseRow *row)
{
    char from[TIME_TEXT], to[TIME_TEXT];
    return g_strdup_printf("%s/%s", time_text(row->from_us, from), time_text(row->to_us, to));
}

static bool note_where_and_when(CatalogDb *db, const CaseWork *work, bool *changed, GError **error)
{
    g_autofree char *was_place = place_text(work->before), *place = place_text(work->after),
                    *was_span = span_text(work->before), *span = span_text(work->after);
    return note_id(db, work, "location", &work->before->location, &work->after->location, changed,
                   error) &&
           note_text(db, work, "place", was_place, place, changed, error) &&
           note_text(db, work, "span", was_span, span, changed, error);
}

static bool note_changes(CatalogDb *db, const CaseWork *work, const char *reason, bool *changed,
                         GError **error)
{
    const CaseRow *was = work->before, *is = work->after;
    const struct {
        const char *what, *was, *is;
    } texts[] = {
        {"kind", was->kind, is->kind},
        {"title", was->title, is->title},
        {"where", was->where_text, is->where_text},
        {"outcome", was->outcome, is->outcome},
        {"document", was->document, is->document},
        {"answer", was->answer, is->answer},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        if (!note_text(db, work, texts[i].what, texts[i].was, texts[i].is, changed, error))
            return false;
    if (!note_where_and_when(db, work, changed, error) ||
        !note_id(db, work, "assignee", &was->assignee, &is->assignee, changed, error))
        return false;
    if (strcmp(was->state, is->state) == 0)
        return true;
    *changed = true;
    return case_work_note(db, work, "state", was->state, is->state, reason, error);
}

bool case_work_end(CatalogDb *db, CaseWork *work, const char *reason, GError **error)
{
    bool changed = false;
    if (!note_changes(db, work, reason, &changed, error))
        return false;
    work->after->revision += changed;
    if (!cases_put(db, work->after, error))
        return false;
    g_clear_pointer(&work->after, case_row_free);
    work->after = cases_get(db, work->id, error);
    return work->after != NULL;
}

CaseRow *case_work_run(CaseWork *work, CatalogWork write, CaseRow **before, GError **error)
{
    CaseDesk *desk = work->desk;
    bool written = catalog_write_wait(desk->catalog, write, work, error);
    g_autoptr(CaseRow) was = g_steal_pointer(&work->before), is = g_steal_pointer(&work->after);
    g_autoptr(GPtrArray) reports = g_steal_pointer(&work->reports);
    if (!written)
        return NULL;
    for (guint i = 0; i < reports->len; i++)
        report_desk_news(desk->reports, reports->pdata[i], REPORT_NEWS_CHANGED);
    if (desk->listener)
        desk->listener(desk->listener_data, is, was && is->overdue_us && !was->overdue_us);
    if (before)
        *before = g_steal_pointer(&was);
    return g_steal_pointer(&is);
}

/* ---- its parts ---- */

void case_work_deed(CaseWork *work, CaseDeed deed)
{
    const char *state = case_by_deed(work->after, deed);
    if (state)
        case_set_state(work->after, state, work->now_us);
}

ReportRow *case_report_of(CatalogDb *db, const char *name, GError **error)
{
    Uuid id;
    int year, seq;
    g_autoptr(GError) missing = NULL;
    g_autoptr(ReportRow) row = NULL;
    if (uuid_parse(name, &id))
        row = reports_get(db, &id, &missing);
    else if (report_number_parse(name, &year, &seq))
        row = reports_get_number(db, year, seq, &missing);
    if (!row && missing && !g_error_matches(missing, ERR, ERR_NOT_FOUND))
        g_propagate_error(error, g_steal_pointer(&missing));
    else if (!row)
        err_set(error, ERR_INVALID, "there is no report ‘%.40s’", name);
    return g_steal_pointer(&row);
}

static bool is_free(CatalogDb *db, CaseWork *work, const ReportRow *report, GError **error)
{
    char number[CASE_NUMBER_TEXT];
    g_autoptr(GError) missing = NULL;
    g_autoptr(CaseRow) other = cases_get_report(db, &report->id, &missing);
    if (other)
        return case_work_refuse(work, CASE_REFUSED_REPORT, error, "%s",
                                case_number(other->year, other->seq, number));
    if (g_error_matches(missing, ERR, ERR_NOT_FOUND))
        return true;
    g_propagate_error(error, g_steal_pointer(&missing));
    return false;
}

bool case_work_link(CatalogDb *db, CaseWork *work, const char *name, GError **error)
{
    g_autoptr(ReportRow) report = case_report_of(db, name, error);
    if (!report || !is_free(db, work, report, error) ||
        !cases_add_report(db, work->after, &report->id, error))
        return false;
    if (strcmp(report->state, REPORT_NEW) != 0)
        return true;
    g_free(report->state);
    report->state = g_strdup(REPORT_TAKEN);
    report->taken_by = *work->who;
    report->taken_us = work->now_us;
    if (!reports_put(db, report, error))
        return false;
    g_ptr_array_add(work->reports, g_steal_pointer(&report));
    return true;
}

bool case_work_add(CatalogDb *db, const CaseWork *work, const CaseItemTold *told,
                   CaseItemRow **item, GError **error)
{
    g_autoptr(CaseItemRow) row = g_new0(CaseItemRow, 1);
    row->kind = g_strdup(told->kind);
    row->at_us = work->now_us;
    row->by = *work->who;
    row->body = case_item_body(told, error);
    char n[16];
    if (!row->body || !case_items_add(db, work->after, row, error))
        return false;
    g_snprintf(n, sizeof n, "%d", row->n);
    *item = g_steal_pointer(&row);
    return case_work_note(db, work, "item", n, told->kind, NULL, error);
}
