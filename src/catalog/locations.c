#include "catalog/locations.h"

#include "catalog/db.h"

void location_row_free(LocationRow *row)
{
    if (!row)
        return;
    g_free(row->name);
    g_free(row->village);
    g_free(row->kind);
    g_free(row);
}

LocationRow *location_row_copy(const LocationRow *row)
{
    LocationRow *copy = g_memdup2(row, sizeof *row);
    copy->name = g_strdup(row->name);
    copy->village = g_strdup(row->village);
    copy->kind = g_strdup(row->kind);
    return copy;
}

bool locations_put(CatalogDb *db, const LocationRow *row, GError **error)
{
    g_auto(Query) query = query_begin(
        db, "INSERT INTO locations (id, name, village, kind, latitude, longitude, locked)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET name = excluded.name, village = excluded.village,"
            " kind = excluded.kind, latitude = excluded.latitude, longitude = excluded.longitude,"
            " locked = excluded.locked");
    query_uuid(&query, &row->id);
    query_text(&query, row->name);
    query_text(&query, row->village);
    query_text(&query, row->kind);
    query_double(&query, row->latitude);
    query_double(&query, row->longitude);
    query_int(&query, row->locked);
    return query_run(&query, error);
}

bool locations_remove(CatalogDb *db, const Uuid *id, GError **error)
{
    g_auto(Query) query = query_begin(db, "DELETE FROM locations WHERE id = ?");
    query_uuid(&query, id);
    if (!query_run(&query, error))
        return false;
    if (query_changes(&query) == 0)
        return err_set(error, ERR_NOT_FOUND, "no such location");
    return true;
}

GPtrArray *locations_list(CatalogDb *db, GError **error)
{
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)location_row_free);
    g_auto(Query) query =
        query_begin(db, "SELECT id, name, village, kind, latitude, longitude, locked FROM locations"
                        " ORDER BY name, id");
    QueryStep step;
    while ((step = query_next(&query, error)) == QUERY_ROW) {
        LocationRow *row = g_new(LocationRow, 1);
        *row = (LocationRow){
            .id = column_uuid(&query, 0),
            .name = column_text(&query, 1),
            .village = column_text(&query, 2),
            .kind = column_text(&query, 3),
            .latitude = column_double(&query, 4),
            .longitude = column_double(&query, 5),
            .locked = column_int(&query, 6),
        };
        g_ptr_array_add(rows, row);
    }
    return step == QUERY_END ? g_steal_pointer(&rows) : NULL;
}
