#include "catalog/accounts.h"

#include "catalog/db.h"

void account_row_free(AccountRow *row)
{
    if (!row)
        return;
    g_free(row->name);
    g_free(row->role);
    g_free(row->village);
    g_free(row->password);
    g_free(row->language);
    g_free(row->totp);
    g_free(row->recovery);
    g_free(row);
}

AccountRow *account_row_copy(const AccountRow *row)
{
    AccountRow *copy = g_memdup2(row, sizeof *row);
    copy->name = g_strdup(row->name);
    copy->role = g_strdup(row->role);
    copy->village = g_strdup(row->village);
    copy->password = g_strdup(row->password);
    copy->language = g_strdup(row->language);
    copy->totp = g_strdup(row->totp);
    copy->recovery = g_strdup(row->recovery);
    return copy;
}

bool accounts_put(CatalogDb *db, const AccountRow *row, GError **error)
{
    g_auto(Query) query = query_begin(
        db, "INSERT INTO accounts"
            " (id, name, role, village, password, language, disabled, created_us,"
            " totp, recovery, totp_step) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET name = excluded.name, role = excluded.role,"
            " village = excluded.village,"
            " password = excluded.password, language = excluded.language,"
            " disabled = excluded.disabled, created_us = excluded.created_us,"
            " totp = excluded.totp, recovery = excluded.recovery,"
            " totp_step = excluded.totp_step");
    query_uuid(&query, &row->id);
    query_text(&query, row->name);
    query_text(&query, row->role);
    query_text(&query, row->village ? row->village : "");
    query_text(&query, row->password);
    query_text(&query, row->language);
    query_int(&query, row->disabled);
    query_int(&query, row->created_us);
    query_text(&query, row->totp);
    query_text(&query, row->recovery);
    query_int(&query, row->totp_step);
    return query_run(&query, error);
}

GPtrArray *accounts_list(CatalogDb *db, GError **error)
{
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)account_row_free);
    g_auto(Query) query =
        query_begin(db, "SELECT id, name, role, village, password, language, disabled, created_us,"
                        " totp, recovery, totp_step FROM accounts ORDER BY name");
    QueryStep step;
    while ((step = query_next(&query, error)) == QUERY_ROW) {
        AccountRow *row = g_new(AccountRow, 1);
        *row = (AccountRow){
            .id = column_uuid(&query, 0),
            .name = column_text(&query, 1),
            .role = column_text(&query, 2),
            .village = column_text(&query, 3),
            .password = column_text(&query, 4),
            .language = column_text(&query, 5),
            .disabled = column_int(&query, 6),
            .created_us = column_int(&query, 7),
            .totp = column_text(&query, 8),
            .recovery = column_text(&query, 9),
            .totp_step = column_int(&query, 10),
        };
        g_ptr_array_add(rows, row);
    }
    return step == QUERY_END ? g_steal_pointer(&rows) : NULL;
}
