#include "catalog/tokens.h"

#include "catalog/db.h"

void token_row_free(TokenRow *row)
{
    if (!row)
        return;
    g_free(row->role);
    g_free(row->village);
    g_free(row->purpose);
    g_free(row);
}

bool tokens_put(CatalogDb *db, const TokenRow *row, GError **error)
{
    g_auto(Query) query =
        query_begin(db, "INSERT INTO tokens"
                        " (id, hash, role, village, purpose, created_by, created_us, expires_us)"
                        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    query_uuid(&query, &row->id);
    query_bytes(&query, row->hash, sizeof row->hash);
    query_text(&query, row->role);
    query_text(&query, row->village ? row->village : "");
    query_text(&query, row->purpose);
    query_uuid(&query, &row->created_by);
    query_int(&query, row->created_us);
    query_int(&query, row->expires_us);
    return query_run(&query, error);
}

bool tokens_remove(CatalogDb *db, const Uuid *id, GError **error)
{
    g_auto(Query) query = query_begin(db, "DELETE FROM tokens WHERE id = ?");
    query_uuid(&query, id);
    if (!query_run(&query, error))
        return false;
    if (query_changes(&query) == 0)
        return err_set(error, ERR_NOT_FOUND, "no such token");
    return true;
}

GPtrArray *tokens_list(CatalogDb *db, GError **error)
{
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)token_row_free);
    g_auto(Query) query = query_begin(
        db, "SELECT id, hash, role, village, purpose, created_by, created_us, expires_us"
            " FROM tokens ORDER BY created_us DESC, id");
    QueryStep step;
    while ((step = query_next(&query, error)) == QUERY_ROW) {
        TokenRow *row = g_new0(TokenRow, 1);
        row->id = column_uuid(&query, 0);
        column_bytes(&query, 1, row->hash, sizeof row->hash);
        row->role = column_text(&query, 2);
        row->village = column_text(&query, 3);
        row->purpose = column_text(&query, 4);
        row->created_by = column_uuid(&query, 5);
        row->created_us = column_int(&query, 6);
        row->expires_us = column_int(&query, 7);
        g_ptr_array_add(rows, row);
    }
    return step == QUERY_END ? g_steal_pointer(&rows) : NULL;
}
