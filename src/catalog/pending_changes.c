#include "catalog/pending_changes.h"

#include "catalog/db.h"

PendingRow *pending_row_new(void)
{
    PendingRow *row = g_new0(PendingRow, 1);
    row->field = g_strdup("");
    row->set = g_strdup("");
    row->before = g_strdup("");
    row->after = g_strdup("");
    row->reason = g_strdup("");
    row->words = g_strdup("");
    return row;
}

PendingRow *pending_row_copy(const PendingRow *row)
{
    PendingRow *copy = g_memdup2(row, sizeof *row);
    copy->field = g_strdup(row->field);
    copy->set = g_strdup(row->set);
    copy->before = g_strdup(row->before);
    copy->after = g_strdup(row->after);
    copy->reason = g_strdup(row->reason);
    copy->words = g_strdup(row->words);
    return copy;
}

void pending_row_free(PendingRow *row)
{
    if (!row)
        return;
    g_free(row->field);
    g_free(row->set);
    g_free(row->before);
    g_free(row->after);
    g_free(row->reason);
    g_free(row->words);
    g_free(row);
}

bool pending_put(CatalogDb *db, const PendingRow *row, GError **error)
{
    g_auto(Query) query = query_begin(
        db, "INSERT OR REPLACE INTO pending_changes (id, camera, field, set_to, before, after, by,"
            " reason, asked_us, outcome, ended_us, ended_by, words)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    query_uuid(&query, &row->id);
    query_uuid(&query, &row->camera);
    query_text(&query, row->field);
    query_text(&query, row->set);
    query_text(&query, row->before);
    query_text(&query, row->after);
    query_uuid(&query, &row->by);
    query_text(&query, row->reason);
    query_int(&query, row->asked_us);
    query_int(&query, row->outcome);
    query_int(&query, row->ended_us);
    query_uuid(&query, &row->ended_by);
    query_text(&query, row->words);
    return query_run(&query, error);
}

GPtrArray *pending_since(CatalogDb *db, int64_t since_us, GError **error)
{
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)pending_row_free);
    g_auto(Query) query = query_begin(
        db, "SELECT id, camera, field, set_to, before, after, by, reason, asked_us, outcome,"
            " ended_us, ended_by, words FROM pending_changes WHERE asked_us >= ?"
            " ORDER BY asked_us, id");
    query_int(&query, since_us);
    QueryStep step;
    while ((step = query_next(&query, error)) == QUERY_ROW) {
        PendingRow *row = g_new(PendingRow, 1);
        *row = (PendingRow){
            .id = column_uuid(&query, 0),
            .camera = column_uuid(&query, 1),
            .field = column_text(&query, 2),
            .set = column_text(&query, 3),
            .before = column_text(&query, 4),
            .after = column_text(&query, 5),
            .by = column_uuid(&query, 6),
            .reason = column_text(&query, 7),
            .asked_us = column_int(&query, 8),
            .outcome = (PendingOutcome)column_int(&query, 9),
            .ended_us = column_int(&query, 10),
            .ended_by = column_uuid(&query, 11),
            .words = column_text(&query, 12),
        };
        g_ptr_array_add(rows, row);
    }
    return step == QUERY_END ? g_steal_pointer(&rows) : NULL;
}
