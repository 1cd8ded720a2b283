#include "catalog/browsers.h"

#include "catalog/db.h"

static bool count_rows(CatalogDb *db, const BrowserRow *row, bool *known, int64_t *others,
                       GError **error)
{
    g_auto(Query) query =
        query_begin(db, "SELECT coalesce(sum(hash = ?1), 0), coalesce(sum(hash <> ?1), 0)"
                        " FROM browsers WHERE account = ?2");
    query_bytes(&query, row->hash, sizeof row->hash);
    query_uuid(&query, &row->account);
    if (query_next(&query, error) != QUERY_ROW)
        return false;
    *known = column_int(&query, 0) != 0;
    *others = column_int(&query, 1);
    return true;
}

bool browsers_seen(CatalogDb *db, const BrowserRow *row, bool *known, int64_t *others,
                   GError **error)
{
    if (!count_rows(db, row, known, others, error))
        return false;
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
