#include "catalog/report_privacy.h"

#include "catalog/db.h"
#include "catalog/same_thing.h"

bool reports_put_wishes(CatalogDb *db, const ReportRow *row, GError **error)
{
    g_auto(Query) query = query_begin(
        db, "UPDATE reports SET wishes = ?, wished_us = ?, wish_due_us = ? WHERE ref = ?");
    query_int(&query, row->wishes);
    query_int(&query, row->wished_us);
    query_int(&query, row->wish_due_us);
    query_int(&query, row->ref);
    return query_run(&query, error);
}

static bool run_on(CatalogDb *db, const char *sql, const ReportRow *row, GError **error)
{
    g_auto(Query) query = query_begin(db, sql);
    query_int(&query, row->ref);
    return query_run(&query, error);
}

bool reports_erase_person(CatalogDb *db, const ReportRow *row, GError **error)
{
    return run_on(db, "UPDATE reports SET reporter = '', phone = '', vneid = '' WHERE ref = ?", row,
                  error);
}

bool reports_erase_words(CatalogDb *db, const ReportRow *row, GError **error)
{
    return run_on(db,
                  "UPDATE reports SET text = '', where_text = '', answer = '', has_place = 0,"
                  " latitude = 0, longitude = 0, hold_waits = 0 WHERE ref = ?",
                  row, error) &&
           run_on(db, "DELETE FROM report_files WHERE report = ?", row, error);
}

bool reports_put_erased(CatalogDb *db, const ReportRow *row, GError **error)
{
    g_auto(Query) query = query_begin(db, "UPDATE reports SET erased = ?, erased_us = ?, wishes = ?"
                                          " WHERE ref = ?");
    query_int(&query, row->erased);
    query_int(&query, row->erased_us);
    query_int(&query, row->wishes);
    query_int(&query, row->ref);
    return query_run(&query, error);
}

GArray *reports_erased(CatalogDb *db, GError **error)
{
    g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(ReportErasedRow));
    g_auto(Query) query = query_begin(db, "SELECT id, erased FROM reports WHERE erased > 0");
    QueryStep step;
    while ((step = query_next(&query, error)) == QUERY_ROW) {
        const ReportErasedRow row = {column_uuid(&query, 0), (int)column_int(&query, 1)};
        g_array_append_val(rows, row);
    }
    return step == QUERY_END ? g_steal_pointer(&rows) : NULL;
}

bool reports_is_wanted(CatalogDb *db, const Uuid *report, const char *const *case_states,
                       bool *wanted, GError **error)
{
    g_auto(Query) query =
        query_begin(db, "SELECT " WANTED_BY_CASE("o.ref") " FROM reports o WHERE o.id = ?");
    same_thing_bind_states(&query, case_states);
    query_uuid(&query, report);
    QueryStep step = query_next(&query, error);
    *wanted = step == QUERY_ROW && column_int(&query, 0) != 0;
    return step != QUERY_FAILED;
}

GArray *reports_outlived(CatalogDb *db, const char *state, int64_t before_us, int erased,
                         const char *const *case_states, unsigned limit, GError **error)
{
    g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(Uuid));
    g_auto(Query) query = query_begin(
        db, "SELECT o.id FROM reports o WHERE o.state = ? AND o.answered_us < ? AND o.erased < ?"
            " AND NOT " WANTED_BY_CASE("o.ref") " ORDER BY o.answered_us LIMIT ?");
    query_text(&query, state);
    query_int(&query, before_us);
    query_int(&query, erased);
    same_thing_bind_states(&query, case_states);
    query_int(&query, limit);
    QueryStep step;
    while ((step = query_next(&query, error)) == QUERY_ROW) {
        const Uuid id = column_uuid(&query, 0);
        g_array_append_val(ids, id);
    }
    return step == QUERY_END ? g_steal_pointer(&ids) : NULL;
}
