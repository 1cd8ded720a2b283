#include "catalog/cases.h"

#include "catalog/db.h"
#include "catalog/numbers.h"
#include "catalog/same_thing.h"

#include <string.h>

CaseRow *case_row_new(void)
{
    CaseRow *row = g_new0(CaseRow, 1);
    char **const texts[] = {&row->kind,    &row->state,    &row->title, &row->where_text,
                            &row->outcome, &row->document, &row->answer};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        *texts[i] = g_strdup("");
    row->reports = g_array_new(FALSE, FALSE, sizeof(CaseReportRow));
    return row;
}

void case_row_free(CaseRow *row)
{
    if (!row)
        return;
    g_free(row->kind);
    g_free(row->state);
    g_free(row->title);
    g_free(row->where_text);
    g_free(row->outcome);
    g_free(row->document);
    g_free(row->answer);
    g_clear_pointer(&row->reports, g_array_unref);
    g_free(row);
}

/* ---- writing ---- */

/* What may change; in the order of both statements below. */
static void bind_course(Query *query, const CaseRow *row)
{
    query_text(query, row->kind);
    query_text(query, row->title);
    query_text(query, row->state);
    query_int(query, row->state_us);
    query_text(query, row->outcome);
    query_text(query, row->document);
    query_text(query, row->answer);
    query_uuid(query, &row->assignee);
    query_uuid(query, &row->location);
    query_int(query, row->has_place);
    query_double(query, row->latitude);
    query_double(query, row->longitude);
    query_text(query, row->where_text);
    query_int(query, row->from_us);
    query_int(query, row->to_us);
    query_int(query, row->footage_us);
    query_int(query, row->overdue_us);
    query_int(query, row->revision);
}

static bool insert(CatalogDb *db, const CaseRow *row, GError **error)
{
    g_auto(Query) query = query_begin(
        db, "INSERT INTO cases (id, year, seq, key, opened_us, opened_by,"
            " kind, title, state, state_us, outcome, document, answer, assignee, location,"
            " has_place, latitude, longitude, where_text, from_us, to_us, footage_us, overdue_us,"
            " revision)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    query_uuid(&query, &row->id);
    query_int(&query, row->year);
    query_int(&query, row->seq);
    query_uuid(&query, &row->key);
    query_int(&query, row->opened_us);
    query_uuid(&query, &row->opened_by);
    bind_course(&query, row);
    return query_run(&query, error);
}

bool cases_add(CatalogDb *db, CaseRow *row, GError **error)
{
    if (!numbers_next(db, NUMBERED_CASE, row->year, &row->id, &row->seq, error) ||
        !insert(db, row, error))
        return false;
    g_auto(Query) query = query_begin(db, "SELECT ref FROM cases WHERE id = ?");
    query_uuid(&query, &row->id);
    if (query_next(&query, error) != QUERY_ROW)
        return false;
    row->ref = column_int(&query, 0);
    return true;
}

bool cases_put(CatalogDb *db, const CaseRow *row, GError **error)
{
    g_auto(Query) query = query_begin(
        db, "UPDATE cases SET kind = ?, title = ?, state = ?, state_us = ?, outcome = ?,"
            " document = ?, answer = ?, assignee = ?, location = ?, has_place = ?, latitude = ?,"
            " longitude = ?, where_text = ?, from_us = ?, to_us = ?, footage_us = ?,"
            " overdue_us = ?, revision = ? WHERE id = ?");
    bind_course(&query, row);
    query_uuid(&query, &row->id);
    return query_run(&query, error);
}

bool cases_add_report(CatalogDb *db, const CaseRow *row, const Uuid *report, GError **error)
{
    g_auto(Query) query = query_begin(
        db, "INSERT INTO case_reports (report, of_case) SELECT ref, ? FROM reports WHERE id = ?");
    query_int(&query, row->ref);
    query_uuid(&query, report);
    return query_run(&query, error);
}

bool cases_remove_report(CatalogDb *db, const CaseRow *row, const Uuid *report, GError **error)
{
    g_auto(Query) query = query_begin(db, "DELETE FROM case_reports WHERE of_case = ?"
                                          " AND report = (SELECT ref FROM reports WHERE id = ?)");
    query_int(&query, row->ref);
    query_uuid(&query, report);
    return query_run(&query, error);
}

/* ---- reading ---- */

#define CASE_COLUMNS                                                                              \
    "SELECT c.ref, c.id, c.year, c.seq, c.key, c.opened_us, c.opened_by, c.kind, c.title,"        \
    " c.state, c.state_us, c.outcome, c.document, c.answer, c.assignee, c.location,"              \
    " c.has_place, c.latitude, c.longitude, c.where_text, c.from_us, c.to_us, c.footage_us,"      \
    " c.overdue_us, c.revision,"                                                                  \
    " (SELECT coalesce(min(r.told_us), 0) FROM case_reports x JOIN reports r ON r.ref = x.report" \
    "  WHERE x.of_case = c.ref),"                                                                 \
    " (SELECT count(*) FROM case_items i WHERE i.of_case = c.ref AND i.removed_us = 0),"          \
    " (SELECT count(*) FROM case_holds h WHERE h.of_case = c.ref AND h.released_us = 0)"          \
    " FROM cases c "

static void take_text(char **text, const Query *query, int column)
{
    g_free(*text);
    *text = column_text(query, column);
}

static CaseRow *read_row(const Query *query)
{
    CaseRow *row = case_row_new();
    row->ref = column_int(query, 0);
    row->id = column_uuid(query, 1);
    row->year = (int)column_int(query, 2);
    row->seq = (int)column_int(query, 3);
    row->key = column_uuid(query, 4);
    row->opened_us = column_int(query, 5);
    row->opened_by = column_uuid(query, 6);
    take_text(&row->kind, query, 7);
    take_text(&row->title, query, 8);
    take_text(&row->state, query, 9);
    row->state_us = column_int(query, 10);
    take_text(&row->outcome, query, 11);
    take_text(&row->document, query, 12);
    take_text(&row->answer, query, 13);
    row->assignee = column_uuid(query, 14);
    row->location = column_uuid(query, 15);
    row->has_place = column_int(query, 16) != 0;
    row->latitude = column_double(query, 17);
    row->longitude = column_double(query, 18);
    take_text(&row->where_text, query, 19);
    row->from_us = column_int(query, 20);
    row->to_us = column_int(query, 21);
    row->footage_us = column_int(query, 22);
    row->overdue_us = column_int(query, 23);
    row->revision = column_int(query, 24);
    row->told_us = column_int(query, 25);
    row->item_count = column_int(query, 26);
    row->hold_count = column_int(query, 27);
    return row;
}

static bool read_reports(CatalogDb *db, CaseRow *row, GError **error)
{
    g_auto(Query) query = query_begin(
        db, "SELECT r.id, r.year, r.seq, j.year, j.seq FROM reports r"
            " LEFT JOIN case_reports x ON x.report = r.ref LEFT JOIN reports j ON j.ref = r.joined"
            " WHERE r.ref IN " SAME_THING(
                "SELECT report FROM case_reports WHERE of_case = ?1") " AND (x.of_case IS NULL OR "
                                                                      "x.of_case = ?1) ORDER BY "
                                                                      "x.of_case IS NULL, r.ref");
    query_int(&query, row->ref);
    QueryStep step;
    while ((step = query_next(&query, error)) == QUERY_ROW) {
        CaseReportRow report = {column_uuid(&query, 0), (int)column_int(&query, 1),
                                (int)column_int(&query, 2), (int)column_int(&query, 3),
                                (int)column_int(&query, 4)};
        g_array_append_val(row->reports, report);
    }
    return step == QUERY_END;
}

static CaseRow *get(CatalogDb *db, Query *query, GError **error)
{
    QueryStep step = query_next(query, error);
    g_autoptr(CaseRow) row = step == QUERY_ROW ? read_row(query) : NULL;
    if (step == QUERY_END)
        err_set(error, ERR_NOT_FOUND, "no such case");
    return row && read_reports(db, row, error) ? g_steal_pointer(&row) : NULL;
}

CaseRow *cases_get(CatalogDb *db, const Uuid *id, GError **error)
{
    g_auto(Query) query = query_begin(db, CASE_COLUMNS "WHERE c.id = ?");
    query_uuid(&query, id);
    return get(db, &query, error);
}

CaseRow *cases_get_number(CatalogDb *db, int year, int seq, GError **error)
{
    g_auto(Query) query = query_begin(db, CASE_COLUMNS "WHERE c.year = ? AND c.seq = ?");
    query_int(&query, year);
    query_int(&query, seq);
    return get(db, &query, error);
}

CaseRow *cases_get_key(CatalogDb *db, const Uuid *key, GError **error)
{
    g_auto(Query) query = query_begin(db, CASE_COLUMNS "WHERE c.key = ?");
    query_uuid(&query, key);
    return get(db, &query, error);
}

CaseRow *cases_get_report(CatalogDb *db, const Uuid *report, GError **error)
{
    g_auto(Query) query =
        query_begin(db, CASE_COLUMNS "JOIN case_reports y ON y.of_case = c.ref"
                                     " JOIN reports z ON z.ref = y.report WHERE z.id = ?");
    query_uuid(&query, report);
    return get(db, &query, error);
}

CaseRow *cases_get_thing(CatalogDb *db, const Uuid *report, GError **error)
{
    g_auto(Query) query = query_begin(
        db, CASE_COLUMNS
        "JOIN case_reports y ON y.of_case = c.ref JOIN reports z ON z.ref = y.report"
        " WHERE y.report IN " SAME_THING(
            "SELECT ref FROM reports WHERE id = ?1") " ORDER BY z.id <> ?1, c.ref LIMIT 1");
    query_uuid(&query, report);
    return get(db, &query, error);
}

bool cases_share_report(CatalogDb *db, const CaseRow *row, const Uuid *report,
                        const char *const *states, bool *shared, GError **error)
{
    g_auto(Query) query = query_begin(
        db, "SELECT 1 FROM case_reports l JOIN cases c ON c.ref = l.of_case"
            " WHERE c.ref <> ? AND c.state NOT IN (?, ?, ?, ?) AND l.report IN " SAME_THING(
                "SELECT o.ref FROM reports o WHERE o.id = ?"
                " AND NOT EXISTS (SELECT 1 FROM case_reports x WHERE x.report = o.ref)"));
    query_int(&query, row->ref);
    same_thing_bind_states(&query, states);
    query_uuid(&query, report);
    QueryStep step = query_next(&query, error);
    *shared = step == QUERY_ROW;
    return step != QUERY_FAILED;
}

static bool is_asked_for(const CaseQuery *asked, const CaseRow *row)
{
    return (!asked->states || g_strv_contains(asked->states, row->state)) &&
           (!asked->assignee || uuid_equal(asked->assignee, &row->assignee)) &&
           (!asked->location || uuid_equal(asked->location, &row->location)) &&
           (!asked->fits || asked->fits(asked->data, row));
}

GPtrArray *cases_list(CatalogDb *db, const CaseQuery *asked, GError **error)
{
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)case_row_free);
    g_auto(Query) query =
        query_begin(db, CASE_COLUMNS "WHERE c.ref < ? AND c.opened_us >= ? AND c.opened_us < ?"
                                     " ORDER BY c.ref DESC");
    query_int(&query, asked->before_ref ? asked->before_ref : INT64_MAX);
    query_int(&query, asked->from_us);
    query_int(&query, asked->to_us);
    QueryStep step = QUERY_END;
    while (rows->len < asked->limit && (step = query_next(&query, error)) == QUERY_ROW) {
        g_autoptr(CaseRow) row = read_row(&query);
        if (!is_asked_for(asked, row))
            continue;
        if (!read_reports(db, row, error))
            return NULL;
        g_ptr_array_add(rows, g_steal_pointer(&row));
    }
    return step == QUERY_FAILED ? NULL : g_steal_pointer(&rows);
}
