#include "catalog/shifts.h"

#include "catalog/db.h"

static bool put_day(CatalogDb *db, const char *day, GError **error)
{
    g_auto(Query) query = query_begin(db, "INSERT INTO shift_days (day) VALUES (?)");
    query_text(&query, day);
    return query_run(&query, error);
}

static bool put_row(CatalogDb *db, const ShiftRow *row, GError **error)
{
    g_auto(Query) query = query_begin(
        db, "INSERT INTO shifts (day, from_minute, to_minute, account) VALUES (?, ?, ?, ?)");
    query_text(&query, row->day);
    query_int(&query, row->from);
    query_int(&query, row->to);
    query_uuid(&query, &row->account);
    return query_run(&query, error);
}

bool shifts_put_day(CatalogDb *db, const char *day, const GArray *rows, GError **error)
{
    if (!shifts_remove_day(db, day, error) || !put_day(db, day, error))
        return false;
    for (guint i = 0; i < rows->len; i++)
        if (!put_row(db, &g_array_index(rows, ShiftRow, i), error))
            return false;
    return true;
}

bool shifts_remove_day(CatalogDb *db, const char *day, GError **error)
{
    g_auto(Query) query = query_begin(db, "DELETE FROM shift_days WHERE day = ?");
    query_text(&query, day);
    return query_run(&query, error);
}

bool shifts_remove_before(CatalogDb *db, const char *date, GError **error)
{
    /* Digits sort before the letters of days of the week. */
    g_auto(Query) query = query_begin(db, "DELETE FROM shift_days WHERE day < ?");
    query_text(&query, date);
    return query_run(&query, error);
}

GArray *shifts_list(CatalogDb *db, GError **error)
{
    g_autoptr(GArray) rows = g_array_new(FALSE, TRUE, sizeof(ShiftRow));
    g_auto(Query) query =
        query_begin(db, "SELECT d.day, s.from_minute, s.to_minute, s.account FROM shift_days d"
                        " LEFT JOIN shifts s ON s.day = d.day"
                        " ORDER BY d.day, s.from_minute, s.to_minute, s.account");
    QueryStep step;
    while ((step = query_next(&query, error)) == QUERY_ROW) {
        g_autofree char *day = column_text(&query, 0);
        ShiftRow row = {.from = (int)column_int(&query, 1),
                        .to = (int)column_int(&query, 2),
                        .account = column_uuid(&query, 3)};
        g_strlcpy(row.day, day, sizeof row.day);
        g_array_append_val(rows, row);
    }
    return step == QUERY_END ? g_steal_pointer(&rows) : NULL;
}
