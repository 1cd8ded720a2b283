#include "catalog/browsers.h"

#include "catalog/db.h"

GArray *browsers_list(CatalogDb *db, GError **error)
{
    g_autoptr(GArray) rows = g_array_new(FALSE, TRUE, sizeof(BrowserRow));
    g_auto(Query) query = query_begin(db, "SELECT account, hash, seen_us FROM browsers");
    QueryStep step;
    while ((step = query_next(&query, error)) == QUERY_ROW) {
        BrowserRow row = {.account = column_uuid(&query, 0), .seen_us = column_int(&query, 2)};
        if (column_bytes(&query, 1, row.hash, sizeof row.hash))
            g_array_append_val(rows, row);
    }
    return step == QUERY_END ? g_steal_pointer(&rows) : NULL;
}

bool browsers_put(CatalogDb *db, const BrowserRow *row, GError **error)
{
    g_auto(Query) query =
        query_begin(db, "INSERT INTO browsers (account, hash, seen_us) VALUES (?, ?, ?)"
                        " ON CONFLICT (account, hash) DO UPDATE SET seen_us = excluded.seen_us");
    query_uuid(&query, &row->account);
    query_bytes(&query, row->hash, sizeof row->hash);
    query_int(&query, row->seen_us);
    return query_run(&query, error);
}

bool browsers_forget(CatalogDb *db, const Uuid *account, const uint8_t hash[SHA256_BYTES],
                     GError **error)
{
    g_auto(Query) query = query_begin(db, "DELETE FROM browsers WHERE account = ? AND hash <> ?");
    query_uuid(&query, account);
    query_bytes(&query, hash, SHA256_BYTES);
    return query_run(&query, error);
}

bool browsers_trim(CatalogDb *db, const Uuid *account, int64_t most, GError **error)
{
    g_auto(Query) query = query_begin(
        db, "DELETE FROM browsers WHERE account = ?1 AND hash NOT IN (SELECT hash FROM browsers"
            " WHERE account = ?1 ORDER BY seen_us DESC LIMIT ?2)");
    query_uuid(&query, account);
    query_int(&query, most);
    return query_run(&query, error);
}
