#include "catalog/devices.h"

#include "catalog/db.h"

void device_row_free(DeviceRow *row)
{
    if (!row)
        return;
    g_free(row->name);
    g_free(row);
}

DeviceRow *device_row_copy(const DeviceRow *row)
{
    DeviceRow *copy = g_memdup2(row, sizeof *row);
    copy->name = g_strdup(row->name);
    return copy;
}

bool devices_put(CatalogDb *db, const DeviceRow *row, GError **error)
{
    g_auto(Query) query = query_begin(
        db, "INSERT INTO devices (id, account, name, key, created_us, seen_us, shut_us)"
            " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET name = excluded.name,"
            " seen_us = excluded.seen_us, shut_us = excluded.shut_us");
    query_uuid(&query, &row->id);
    query_uuid(&query, &row->account);
    query_text(&query, row->name);
    query_bytes(&query, row->key, sizeof row->key);
    query_int(&query, row->created_us);
    query_int(&query, row->seen_us);
    query_int(&query, row->shut_us);
    return query_run(&query, error);
}

bool devices_seen(CatalogDb *db, const DeviceRow *row, GError **error)
{
    g_auto(Query) query = query_begin(db, "UPDATE devices SET seen_us = ? WHERE id = ?");
    query_int(&query, row->seen_us);
    query_uuid(&query, &row->id);
    return query_run(&query, error);
}

GPtrArray *devices_list(CatalogDb *db, GError **error)
{
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)device_row_free);
    g_auto(Query) query =
        query_begin(db, "SELECT id, account, name, key, created_us, seen_us, shut_us FROM devices");
    QueryStep step;
    while ((step = query_next(&query, error)) == QUERY_ROW) {
        DeviceRow *row = g_new0(DeviceRow, 1);
        row->id = column_uuid(&query, 0);
        row->account = column_uuid(&query, 1);
        row->name = column_text(&query, 2);
        column_bytes(&query, 3, row->key, sizeof row->key);
        row->created_us = column_int(&query, 4);
        row->seen_us = column_int(&query, 5);
        row->shut_us = column_int(&query, 6);
        g_ptr_array_add(rows, row);
    }
    return step == QUERY_END ? g_steal_pointer(&rows) : NULL;
}
