#include "catalog/views.h"

#include "catalog/db.h"

void view_row_free(ViewRow *row)
{
    if (!row)
        return;
    g_free(row->name);
    g_free(row->places);
    g_free(row);
}

bool views_put(CatalogDb *db, const ViewRow *row, GError **error)
{
    g_auto(Query) query = query_begin(
        db, "INSERT INTO views (id, account, name, layout, turn_s, shared, places, changed_us)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
            " name = excluded.name, layout = excluded.layout, turn_s = excluded.turn_s,"
            " shared = excluded.shared, places = excluded.places,"
            " changed_us = excluded.changed_us");
    query_uuid(&query, &row->id);
    query_uuid(&query, &row->account);
    query_text(&query, row->name);
    query_int(&query, row->layout);
    query_int(&query, row->turn_s);
    query_int(&query, row->shared);
    query_text(&query, row->places);
    query_int(&query, row->changed_us);
    return query_run(&query, error);
}

#define VIEW_COLUMNS \
    "SELECT id, account, name, layout, turn_s, shared, places, changed_us FROM views "

static ViewRow *read_row(const Query *query)
{
    ViewRow *row = g_new(ViewRow, 1);
    *row = (ViewRow){
        .id = column_uuid(query, 0),
        .account = column_uuid(query, 1),
        .name = column_text(query, 2),
        .layout = column_int(query, 3),
        .turn_s = column_int(query, 4),
        .shared = column_int(query, 5) != 0,
        .places = column_text(query, 6),
        .changed_us = column_int(query, 7),
    };
    return row;
}

ViewRow *views_get(CatalogDb *db, const Uuid *id, GError **error)
{
    g_auto(Query) query = query_begin(db, VIEW_COLUMNS "WHERE id = ?");
    query_uuid(&query, id);
    QueryStep step = query_next(&query, error);
    if (step == QUERY_ROW)
        return read_row(&query);
    if (step == QUERY_END)
        err_set(error, ERR_NOT_FOUND, "no such view");
    return NULL;
}

GPtrArray *views_list(CatalogDb *db, const Uuid *account, GError **error)
{
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)view_row_free);
    g_auto(Query) query =
        query_begin(db, VIEW_COLUMNS "WHERE account = ? OR shared = 1 ORDER BY name, id");
    query_uuid(&query, account);
    QueryStep step;
    while ((step = query_next(&query, error)) == QUERY_ROW)
        g_ptr_array_add(rows, read_row(&query));
    return step == QUERY_END ? g_steal_pointer(&rows) : NULL;
}

bool views_count(CatalogDb *db, const Uuid *account, int64_t *count, GError **error)
{
    g_auto(Query) query = query_begin(db, "SELECT count(*) FROM views WHERE account = ?");
    query_uuid(&query, account);
    if (query_next(&query, error) != QUERY_ROW)
        return false;
    *count = column_int(&query, 0);
    return true;
}

bool views_remove(CatalogDb *db, const Uuid *id, GError **error)
{
    g_auto(Query) query = query_begin(db, "DELETE FROM views WHERE id = ?");
    query_uuid(&query, id);
    return query_run(&query, error);
}
