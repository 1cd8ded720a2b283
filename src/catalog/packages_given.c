#include "catalog/packages_given.h"

#include "catalog/db.h"

#include <string.h>

bool packages_given_add(CatalogDb *db, int64_t package, const GArray *given, GError **error)
{
    for (guint i = 0; i < given->len; i++) {
        g_auto(Query) query =
            query_begin(db, "INSERT INTO package_given (package, n, file) VALUES (?, ?, ?)");
        query_int(&query, package);
        query_int(&query, i + 1);
        query_uuid(&query, &g_array_index(given, PackageGivenRow, i).file);
        if (!query_run(&query, error))
            return false;
    }
    return true;
}

GArray *packages_given_list(CatalogDb *db, int64_t package, GError **error)
{
    g_autoptr(GArray) rows = g_array_new(FALSE, TRUE, sizeof(PackageGivenRow));
    g_auto(Query) query = query_begin(
        db, "SELECT g.file, coalesce(f.done_us, 0), coalesce(f.withdrawn_us, 0),"
            " coalesce(f.evidence_us, 0), coalesce(f.type, ''), coalesce(f.bytes, 0), f.sha256"
            " FROM package_given g LEFT JOIN household_files f ON f.id = g.file"
            " WHERE g.package = ? ORDER BY g.n");
    query_int(&query, package);
    QueryStep step;
    while ((step = query_next(&query, error)) == QUERY_ROW) {
        g_autofree char *type = column_text(&query, 4);
        PackageGivenRow row = {.file = column_uuid(&query, 0),
                               .stands = column_int(&query, 1) > 0 && column_int(&query, 2) == 0,
                               .evidence = column_int(&query, 3) > 0,
                               .bytes = column_int(&query, 5)};
        g_strlcpy(row.type, type, sizeof row.type);
        if (!column_bytes(&query, 6, row.sha256, sizeof row.sha256))
            memset(row.sha256, 0, sizeof row.sha256);
        g_array_append_val(rows, row);
    }
    return step == QUERY_END ? g_steal_pointer(&rows) : NULL;
}

bool packages_given_tell(CatalogDb *db, const GArray *given, const HouseholdLookRow *look,
                         GError **error)
{
    for (guint i = 0; i < given->len; i++) {
        g_auto(Query) query =
            query_begin(db, "INSERT INTO household_looks (file, at_us, who, role, act, package)"
                            " SELECT f.ref, ?, ?, ?, ?, ? FROM household_files f WHERE f.id = ?"
                            " AND NOT EXISTS (SELECT 1 FROM household_looks l WHERE l.file = f.ref"
                            " AND l.act = ? AND l.package = ?)");
        query_int(&query, look->at_us);
        query_uuid(&query, &look->who);
        query_text(&query, look->role);
        query_text(&query, look->act);
        query_text(&query, look->package);
        query_uuid(&query, &g_array_index(given, PackageGivenRow, i).file);
        query_text(&query, look->act);
        query_text(&query, look->package);
        if (!query_run(&query, error))
            return false;
    }
    return true;
}
