#include "catalog/case_parts.h"

#include "catalog/db.h"

void case_item_row_free(CaseItemRow *row)
{
    if (!row)
        return;
    g_free(row->kind);
    g_free(row->body);
    g_free(row);
}

/* ---- items ---- */

static bool next_n(CatalogDb *db, const CaseRow *of, int *n, GError **error)
{
    g_auto(Query) query =
        query_begin(db, "SELECT coalesce(max(n), 0) + 1 FROM case_items WHERE of_case = ?");
    query_int(&query, of->ref);
    if (query_next(&query, error) != QUERY_ROW)
        return false;
    *n = (int)column_int(&query, 0);
    return true;
}

bool case_items_add(CatalogDb *db, const CaseRow *of, CaseItemRow *row, GError **error)
{
    if (!next_n(db, of, &row->n, error))
        return false;
    g_auto(Query) query = query_begin(
        db, "INSERT INTO case_items (of_case, n, kind, at_us, by_whom, body, removed_us)"
            " VALUES (?, ?, ?, ?, ?, ?, 0)");
    query_int(&query, of->ref);
    query_int(&query, row->n);
    query_text(&query, row->kind);
    query_int(&query, row->at_us);
    query_uuid(&query, &row->by);
    query_text(&query, row->body);
    return query_run(&query, error);
}

static CaseItemRow *read_item(const Query *query)
{
    CaseItemRow *row = g_new0(CaseItemRow, 1);
    row->n = (int)column_int(query, 0);
    row->kind = column_text(query, 1);
    row->at_us = column_int(query, 2);
    row->by = column_uuid(query, 3);
    row->body = column_text(query, 4);
    return row;
}

GPtrArray *case_items_list(CatalogDb *db, const CaseRow *of, GError **error)
{
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)case_item_row_free);
    g_auto(Query) query = query_begin(db, "SELECT n, kind, at_us, by_whom, body FROM case_items"
                                          " WHERE of_case = ? AND removed_us = 0 ORDER BY n");
    query_int(&query, of->ref);
    QueryStep step;
    while ((step = query_next(&query, error)) == QUERY_ROW)
        g_ptr_array_add(rows, read_item(&query));
    return step == QUERY_END ? g_steal_pointer(&rows) : NULL;
}

CaseItemRow *case_items_get(CatalogDb *db, const CaseRow *of, int n, GError **error)
{
    g_auto(Query) query = query_begin(db, "SELECT n, kind, at_us, by_whom, body FROM case_items"
                                          " WHERE of_case = ? AND n = ? AND removed_us = 0");
    query_int(&query, of->ref);
    query_int(&query, n);
    QueryStep step = query_next(&query, error);
    if (step == QUERY_END)
        err_set(error, ERR_NOT_FOUND, "the case has no such item");
    return step == QUERY_ROW ? read_item(&query) : NULL;
}

bool case_items_remove(CatalogDb *db, const CaseRow *of, int n, int64_t at_us, const Uuid *by,
                       GError **error)
{
    g_auto(Query) query = query_begin(db, "UPDATE case_items SET removed_us = ?, removed_by = ?"
                                          " WHERE of_case = ? AND n = ?");
    query_int(&query, at_us);
    query_uuid(&query, by);
    query_int(&query, of->ref);
    query_int(&query, n);
    return query_run(&query, error);
}

/* ---- the history ---- */

bool case_history_add(CatalogDb *db, const CaseRow *of, const CaseChangeRow *row, GError **error)
{
    g_auto(Query) query =
        query_begin(db, "INSERT INTO case_history (of_case, at_us, by_whom, what, was, becomes,"
                        " reason) VALUES (?, ?, ?, ?, ?, ?, ?)");
    query_int(&query, of->ref);
    query_int(&query, row->at_us);
    query_uuid(&query, &row->by);
    query_text(&query, row->what);
    query_text(&query, row->was ? row->was : "");
    query_text(&query, row->is ? row->is : "");
    query_text(&query, row->reason ? row->reason : "");
    return query_run(&query, error);
}

bool case_history_each(CatalogDb *db, const CaseRow *of,
                       void (*visit)(void *data, const CaseChangeRow *row), void *data,
                       GError **error)
{
    g_auto(Query) query =
        query_begin(db, "SELECT at_us, by_whom, what, was, becomes, reason FROM case_history"
                        " WHERE of_case = ? ORDER BY ref");
    query_int(&query, of->ref);
    QueryStep step;
    while ((step = query_next(&query, error)) == QUERY_ROW) {
        g_autofree char *what = column_text(&query, 2), *was = column_text(&query, 3),
                        *is = column_text(&query, 4), *reason = column_text(&query, 5);
        const CaseChangeRow row = {.at_us = column_int(&query, 0),
                                   .by = column_uuid(&query, 1),
                                   .what = what,
                                   .was = was,
                                   .is = is,
                                   .reason = reason};
        visit(data, &row);
    }
    return step == QUERY_END;
}
