#include "catalog/sessions.h"

#include "catalog/db.h"

void session_row_free(SessionRow *row)
{
    if (!row)
        return;
    g_free(row->device);
    g_free(row->address);
    g_free(row);
}

bool sessions_add(CatalogDb *db, const SessionRow *row, GError **error)
{
    g_auto(Query) query =
        query_begin(db, "INSERT INTO sessions (hash, account, device, address, enrolled,"
                        " proven_us, created_us, used_us) VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    query_bytes(&query, row->hash, sizeof row->hash);
    query_uuid(&query, &row->account);
    query_text(&query, row->device);
    query_text(&query, row->address);
    query_uuid(&query, &row->enrolled);
    query_int(&query, row->proven_us);
    query_int(&query, row->created_us);
    query_int(&query, row->used_us);
    return query_run(&query, error);
}

bool sessions_used(CatalogDb *db, const SessionRow *row, GError **error)
{
    g_auto(Query) query =
        query_begin(db, "UPDATE sessions SET used_us = ?, proven_us = ? WHERE hash = ?");
    query_int(&query, row->used_us);
    query_int(&query, row->proven_us);
    query_bytes(&query, row->hash, sizeof row->hash);
    return query_run(&query, error);
}

bool sessions_remove(CatalogDb *db, const uint8_t hash[SHA256_BYTES], GError **error)
{
    g_auto(Query) query = query_begin(db, "DELETE FROM sessions WHERE hash = ?");
    query_bytes(&query, hash, SHA256_BYTES);
    return query_run(&query, error);
}

bool sessions_remove_of(CatalogDb *db, const Uuid *account, const uint8_t keep[SHA256_BYTES],
                        GError **error)
{
    g_auto(Query) query =
        query_begin(db, "DELETE FROM sessions WHERE account = ? AND hash IS NOT ?");
    query_uuid(&query, account);
    if (keep)
        query_bytes(&query, keep, SHA256_BYTES);
    return query_run(&query, error);
}

bool sessions_remove_on(CatalogDb *db, const Uuid *device, GError **error)
{
    g_auto(Query) query = query_begin(db, "DELETE FROM sessions WHERE enrolled = ?");
    query_uuid(&query, device);
    return query_run(&query, error);
}

bool sessions_remove_old(CatalogDb *db, int64_t used_before_us, int64_t created_before_us,
                         GError **error)
{
    g_auto(Query) query =
        query_begin(db, "DELETE FROM sessions WHERE used_us < ? OR created_us < ?");
    query_int(&query, used_before_us);
    query_int(&query, created_before_us);
    return query_run(&query, error);
}

GPtrArray *sessions_list(CatalogDb *db, GError **error)
{
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)session_row_free);
    g_auto(Query) query =
        query_begin(db, "SELECT hash, account, device, address, enrolled, proven_us,"
                        " created_us, used_us FROM sessions");
    QueryStep step;
    while ((step = query_next(&query, error)) == QUERY_ROW) {
        SessionRow *row = g_new0(SessionRow, 1);
        column_bytes(&query, 0, row->hash, sizeof row->hash);
        row->account = column_uuid(&query, 1);
        row->device = column_text(&query, 2);
        row->address = column_text(&query, 3);
        row->enrolled = column_uuid(&query, 4);
        row->proven_us = column_int(&query, 5);
        row->created_us = column_int(&query, 6);
        row->used_us = row->stored_us = column_int(&query, 7);
        g_ptr_array_add(rows, row);
    }
    return step == QUERY_END ? g_steal_pointer(&rows) : NULL;
}
