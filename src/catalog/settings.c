#include "catalog/settings.h"

#include "catalog/db.h"

bool settings_put(CatalogDb *db, const char *name, const char *value, GError **error)
{
    g_auto(Query) query =
        query_begin(db, "INSERT INTO settings (name, value) VALUES (?, ?)"
                        " ON CONFLICT (name) DO UPDATE SET value = excluded.value");
    query_text(&query, name);
    query_text(&query, value);
    return query_run(&query, error);
}

bool settings_get(CatalogDb *db, const char *name, char **value, GError **error)
{
    *value = NULL;
    g_auto(Query) query = query_begin(db, "SELECT value FROM settings WHERE name = ?");
    query_text(&query, name);
    QueryStep step = query_next(&query, error);
    if (step == QUERY_ROW)
        *value = column_text(&query, 0);
    return step != QUERY_FAILED;
}
