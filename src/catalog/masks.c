#include "catalog/masks.h"

#include "catalog/db.h"

MaskRow *mask_row_new(void)
{
    MaskRow *row = g_new0(MaskRow, 1);
    row->name = g_strdup("");
    row->points = g_strdup("");
    row->ask_reason = g_strdup("");
    return row;
}

MaskRow *mask_row_copy(const MaskRow *row)
{
    MaskRow *copy = g_memdup2(row, sizeof *row);
    copy->name = g_strdup(row->name);
    copy->points = g_strdup(row->points);
    copy->ask_reason = g_strdup(row->ask_reason);
    return copy;
}

void mask_row_free(MaskRow *row)
{
    if (!row)
        return;
    g_free(row->name);
    g_free(row->points);
    g_free(row->ask_reason);
    g_free(row);
}

LiftingRow *lifting_row_new(void)
{
    LiftingRow *row = g_new0(LiftingRow, 1);
    row->reason = g_strdup("");
    row->words = g_strdup("");
    return row;
}

LiftingRow *lifting_row_copy(const LiftingRow *row)
{
    LiftingRow *copy = g_memdup2(row, sizeof *row);
    copy->reason = g_strdup(row->reason);
    copy->words = g_strdup(row->words);
    return copy;
}

void lifting_row_free(LiftingRow *row)
{
    if (!row)
        return;
    g_free(row->reason);
    g_free(row->words);
    g_free(row);
}

bool masks_put(CatalogDb *db, const MaskRow *row, GError **error)
{
    g_auto(Query) query = query_begin(
        db, "INSERT OR REPLACE INTO masks (id, camera, name, points, since_us, by, asked_us,"
            " asked_by, ask_reason, until_us, until_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    query_uuid(&query, &row->id);
    query_uuid(&query, &row->camera);
    query_text(&query, row->name);
    query_text(&query, row->points);
    query_int(&query, row->since_us);
    query_uuid(&query, &row->by);
    query_int(&query, row->asked_us);
    query_uuid(&query, &row->asked_by);
    query_text(&query, row->ask_reason);
    query_int(&query, row->until_us);
    query_uuid(&query, &row->until_by);
    return query_run(&query, error);
}

GPtrArray *masks_list(CatalogDb *db, GError **error)
{
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)mask_row_free);
    g_auto(Query) query =
        query_begin(db, "SELECT id, camera, name, points, since_us, by, asked_us, asked_by,"
                        " ask_reason, until_us, until_by FROM masks ORDER BY since_us, id");
    QueryStep step;
    while ((step = query_next(&query, error)) == QUERY_ROW) {
        MaskRow *row = g_new(MaskRow, 1);
        *row = (MaskRow){
            .id = column_uuid(&query, 0),
            .camera = column_uuid(&query, 1),
            .name = column_text(&query, 2),
            .points = column_text(&query, 3),
            .since_us = column_int(&query, 4),
            .by = column_uuid(&query, 5),
            .asked_us = column_int(&query, 6),
            .asked_by = column_uuid(&query, 7),
            .ask_reason = column_text(&query, 8),
            .until_us = column_int(&query, 9),
            .until_by = column_uuid(&query, 10),
        };
        g_ptr_array_add(rows, row);
    }
    return step == QUERY_END ? g_steal_pointer(&rows) : NULL;
}

bool liftings_put(CatalogDb *db, const LiftingRow *row, GError **error)
{
    g_auto(Query) query = query_begin(
        db, "INSERT OR REPLACE INTO mask_liftings (id, camera, by, reason, minutes, asked_us,"
            " decided_us, decided_by, words, approved, until_us, ended_by)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    query_uuid(&query, &row->id);
    query_uuid(&query, &row->camera);
    query_uuid(&query, &row->by);
    query_text(&query, row->reason);
    query_int(&query, row->minutes);
    query_int(&query, row->asked_us);
    query_int(&query, row->decided_us);
    query_uuid(&query, &row->decided_by);
    query_text(&query, row->words);
    query_int(&query, row->approved);
    query_int(&query, row->until_us);
    query_uuid(&query, &row->ended_by);
    return query_run(&query, error);
}

GPtrArray *liftings_since(CatalogDb *db, int64_t since_us, GError **error)
{
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)lifting_row_free);
    g_auto(Query) query = query_begin(
        db, "SELECT id, camera, by, reason, minutes, asked_us, decided_us, decided_by, words,"
            " approved, until_us, ended_by FROM mask_liftings WHERE asked_us >= ?"
            " ORDER BY asked_us, id");
    query_int(&query, since_us);
    QueryStep step;
    while ((step = query_next(&query, error)) == QUERY_ROW) {
        LiftingRow *row = g_new(LiftingRow, 1);
        *row = (LiftingRow){
            .id = column_uuid(&query, 0),
            .camera = column_uuid(&query, 1),
            .by = column_uuid(&query, 2),
            .reason = column_text(&query, 3),
            .minutes = column_int(&query, 4),
            .asked_us = column_int(&query, 5),
            .decided_us = column_int(&query, 6),
            .decided_by = column_uuid(&query, 7),
            .words = column_text(&query, 8),
            .approved = column_int(&query, 9) != 0,
            .until_us = column_int(&query, 10),
            .ended_by = column_uuid(&query, 11),
        };
        g_ptr_array_add(rows, row);
    }
    return step == QUERY_END ? g_steal_pointer(&rows) : NULL;
}
