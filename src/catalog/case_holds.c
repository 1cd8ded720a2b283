#include "catalog/case_holds.h"

#include "catalog/db.h"

CaseHoldRow *case_hold_row_new(void)
{
    CaseHoldRow *row = g_new0(CaseHoldRow, 1);
    row->reason = g_strdup("");
    row->ask_reason = g_strdup("");
    row->spans = g_array_new(FALSE, FALSE, sizeof(CaseHoldSpanRow));
    return row;
}

void case_hold_row_free(CaseHoldRow *row)
{
    if (!row)
        return;
    g_free(row->reason);
    g_free(row->ask_reason);
    g_clear_pointer(&row->spans, g_array_unref);
    g_free(row);
}

/* ---- writing ---- */

static bool insert(CatalogDb *db, const CaseRow *of, const CaseHoldRow *row, GError **error)
{
    g_auto(Query) query = query_begin(
        db, "INSERT INTO case_holds (id, of_case, at_us, by_whom, until_us, reason, approved_us,"
            " asked_us, ask_reason, released_us) VALUES (?, ?, ?, ?, ?, ?, 0, 0, '', 0)");
    query_uuid(&query, &row->id);
    query_int(&query, of->ref);
    query_int(&query, row->at_us);
    query_uuid(&query, &row->by);
    query_int(&query, row->until_us);
    query_text(&query, row->reason);
    return query_run(&query, error);
}

static bool insert_span(CatalogDb *db, const CaseHoldRow *row, const CaseHoldSpanRow *span,
                        GError **error)
{
    g_auto(Query) query =
        query_begin(db, "INSERT INTO case_hold_spans (hold, camera, from_us, to_us)"
                        " VALUES (?, ?, ?, ?)");
    query_int(&query, row->ref);
    query_uuid(&query, &span->camera);
    query_int(&query, span->from_us);
    query_int(&query, span->to_us);
    return query_run(&query, error);
}

static bool find_ref(CatalogDb *db, CaseHoldRow *row, GError **error)
{
    g_auto(Query) query = query_begin(db, "SELECT ref FROM case_holds WHERE id = ?");
    query_uuid(&query, &row->id);
    if (query_next(&query, error) != QUERY_ROW)
        return false;
    row->ref = column_int(&query, 0);
    return true;
}

bool case_holds_add(CatalogDb *db, const CaseRow *of, CaseHoldRow *row, GError **error)
{
    if (!insert(db, of, row, error) || !find_ref(db, row, error))
        return false;
    for (guint i = 0; i < row->spans->len; i++)
        if (!insert_span(db, row, &g_array_index(row->spans, CaseHoldSpanRow, i), error))
            return false;
    return true;
}

bool case_holds_put(CatalogDb *db, const CaseHoldRow *row, GError **error)
{
    g_auto(Query) query = query_begin(
        db, "UPDATE case_holds SET approved_us = ?, approved_by = ?, asked_us = ?, asked_by = ?,"
            " ask_reason = ?, released_us = ?, released_by = ? WHERE ref = ?");
    query_int(&query, row->approved_us);
    query_uuid(&query, &row->approved_by);
    query_int(&query, row->asked_us);
    query_uuid(&query, &row->asked_by);
    query_text(&query, row->ask_reason);
    query_int(&query, row->released_us);
    query_uuid(&query, &row->released_by);
    query_int(&query, row->ref);
    return query_run(&query, error);
}

/* ---- reading ---- */

#define HOLD_COLUMNS                                                                        \
    "SELECT ref, id, at_us, by_whom, until_us, reason, approved_us, approved_by, asked_us," \
    " asked_by, ask_reason, released_us, released_by FROM case_holds "

static CaseHoldRow *read_row(const Query *query)
{
    CaseHoldRow *row = g_new0(CaseHoldRow, 1);
    row->ref = column_int(query, 0);
    row->id = column_uuid(query, 1);
    row->at_us = column_int(query, 2);
    row->by = column_uuid(query, 3);
    row->until_us = column_int(query, 4);
    row->reason = column_text(query, 5);
    row->approved_us = column_int(query, 6);
    row->approved_by = column_uuid(query, 7);
    row->asked_us = column_int(query, 8);
    row->asked_by = column_uuid(query, 9);
    row->ask_reason = column_text(query, 10);
    row->released_us = column_int(query, 11);
    row->released_by = column_uuid(query, 12);
    row->spans = g_array_new(FALSE, FALSE, sizeof(CaseHoldSpanRow));
    return row;
}

static bool read_spans(CatalogDb *db, CaseHoldRow *row, GError **error)
{
    g_auto(Query) query =
        query_begin(db, "SELECT camera, from_us, to_us FROM case_hold_spans WHERE hold = ?"
                        " ORDER BY ref");
    query_int(&query, row->ref);
    QueryStep step;
    while ((step = query_next(&query, error)) == QUERY_ROW) {
        CaseHoldSpanRow span = {column_uuid(&query, 0), column_int(&query, 1),
                                column_int(&query, 2)};
        g_array_append_val(row->spans, span);
    }
    return step == QUERY_END;
}

CaseHoldRow *case_holds_get(CatalogDb *db, const CaseRow *of, const Uuid *id, GError **error)
{
    g_auto(Query) query = query_begin(db, HOLD_COLUMNS "WHERE of_case = ? AND id = ?");
    query_int(&query, of->ref);
    query_uuid(&query, id);
    QueryStep step = query_next(&query, error);
    g_autoptr(CaseHoldRow) row = step == QUERY_ROW ? read_row(&query) : NULL;
    if (step == QUERY_END)
        err_set(error, ERR_NOT_FOUND, "the case has no such hold");
    return row && read_spans(db, row, error) ? g_steal_pointer(&row) : NULL;
}

GPtrArray *case_holds_list(CatalogDb *db, const CaseRow *of, GError **error)
{
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)case_hold_row_free);
    g_auto(Query) query = query_begin(db, HOLD_COLUMNS "WHERE of_case = ? ORDER BY ref");
    query_int(&query, of->ref);
    QueryStep step;
    while ((step = query_next(&query, error)) == QUERY_ROW) {
        g_ptr_array_add(rows, read_row(&query));
        if (!read_spans(db, rows->pdata[rows->len - 1], error))
            return NULL;
    }
    return step == QUERY_END ? g_steal_pointer(&rows) : NULL;
}
