#include "catalog/push.h"

#include "base/secret.h"
#include "catalog/db.h"

void push_row_free(PushRow *row)
{
    if (!row)
        return;
    secret_free(row->endpoint);
    g_free(row->device);
    g_free(row);
}

void push_choice_free(PushChoice *choice)
{
    if (!choice)
        return;
    g_free(choice->silent);
    g_free(choice);
}

bool push_put(CatalogDb *db, const PushRow *row, GError **error)
{
    g_auto(Query) query =
        query_begin(db, "INSERT INTO push_subscriptions (id, account, endpoint, point, auth,"
                        " device, created_us, delivered_us) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
                        " ON CONFLICT (endpoint) DO UPDATE SET account = excluded.account,"
                        " point = excluded.point, auth = excluded.auth, device = excluded.device");
    query_uuid(&query, &row->id);
    query_uuid(&query, &row->account);
    query_text(&query, row->endpoint);
    query_bytes(&query, row->point, sizeof row->point);
    query_bytes(&query, row->auth, sizeof row->auth);
    query_text(&query, row->device);
    query_int(&query, row->created_us);
    query_int(&query, row->delivered_us);
    return query_run(&query, error);
}

bool push_remove(CatalogDb *db, const Uuid *id, GError **error)
{
    g_auto(Query) query = query_begin(db, "DELETE FROM push_subscriptions WHERE id = ?");
    query_uuid(&query, id);
    if (!query_run(&query, error))
        return false;
    return query_changes(&query) > 0 || err_set(error, ERR_NOT_FOUND, "no such device");
}

bool push_remove_of(CatalogDb *db, const Uuid *account, GError **error)
{
    g_auto(Query) query = query_begin(db, "DELETE FROM push_subscriptions WHERE account = ?");
    query_uuid(&query, account);
    return query_run(&query, error);
}

bool push_delivered(CatalogDb *db, const Uuid *id, int64_t at_us, GError **error)
{
    g_auto(Query) query =
        query_begin(db, "UPDATE push_subscriptions SET delivered_us = ? WHERE id = ?");
    query_int(&query, at_us);
    query_uuid(&query, id);
    return query_run(&query, error);
}

GPtrArray *push_list(CatalogDb *db, GError **error)
{
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)push_row_free);
    g_auto(Query) query =
        query_begin(db, "SELECT id, account, endpoint, point, auth, device, created_us,"
                        " delivered_us FROM push_subscriptions ORDER BY created_us, id");
    QueryStep step;
    while ((step = query_next(&query, error)) == QUERY_ROW) {
        PushRow *row = g_new0(PushRow, 1);
        row->id = column_uuid(&query, 0);
        row->account = column_uuid(&query, 1);
        row->endpoint = column_text(&query, 2);
        column_bytes(&query, 3, row->point, sizeof row->point);
        column_bytes(&query, 4, row->auth, sizeof row->auth);
        row->device = column_text(&query, 5);
        row->created_us = column_int(&query, 6);
        row->delivered_us = column_int(&query, 7);
        g_ptr_array_add(rows, row);
    }
    return step == QUERY_END ? g_steal_pointer(&rows) : NULL;
}

bool push_choice_put(CatalogDb *db, const PushChoice *choice, GError **error)
{
    g_auto(Query) query =
        query_begin(db, "INSERT OR REPLACE INTO push_choices"
                        " (account, silent, after_s, quiet_from, quiet_to, off_duty)"
                        " VALUES (?, ?, ?, ?, ?, ?)");
    query_uuid(&query, &choice->account);
    query_text(&query, choice->silent);
    query_int(&query, choice->after_s);
    query_int(&query, choice->quiet_from);
    query_int(&query, choice->quiet_to);
    query_int(&query, choice->off_duty);
    return query_run(&query, error);
}

GPtrArray *push_choices(CatalogDb *db, GError **error)
{
    g_autoptr(GPtrArray) choices = g_ptr_array_new_with_free_func((GDestroyNotify)push_choice_free);
    g_auto(Query) query =
        query_begin(db, "SELECT account, silent, after_s, quiet_from, quiet_to, off_duty"
                        " FROM push_choices");
    QueryStep step;
    while ((step = query_next(&query, error)) == QUERY_ROW) {
        PushChoice *choice = g_new0(PushChoice, 1);
        choice->account = column_uuid(&query, 0);
        choice->silent = column_text(&query, 1);
        choice->after_s = (int)column_int(&query, 2);
        choice->quiet_from = (int)column_int(&query, 3);
        choice->quiet_to = (int)column_int(&query, 4);
        choice->off_duty = column_int(&query, 5) != 0;
        g_ptr_array_add(choices, choice);
    }
    return step == QUERY_END ? g_steal_pointer(&choices) : NULL;
}
