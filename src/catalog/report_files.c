#include "catalog/report_files.h"

#include "catalog/db.h"

static bool next_n(CatalogDb *db, const Uuid *report, int *n, GError **error)
{
    g_auto(Query) query =
        query_begin(db, "SELECT coalesce(max(f.n), 0) + 1 FROM reports r LEFT JOIN report_files f"
                        " ON f.report = r.ref WHERE r.id = ?");
    query_uuid(&query, report);
    if (query_next(&query, error) != QUERY_ROW)
        return false;
    *n = (int)column_int(&query, 0);
    return true;
}

bool report_files_add(CatalogDb *db, const Uuid *report, ReportFileRow *row, GError **error)
{
    if (!next_n(db, report, &row->n, error))
        return false;
    g_auto(Query) query =
        query_begin(db, "INSERT INTO report_files (report, n, type, bytes, sent_us, sha256)"
                        " SELECT ref, ?, ?, ?, ?, ? FROM reports WHERE id = ?");
    query_int(&query, row->n);
    query_text(&query, row->type);
    query_int(&query, row->bytes);
    query_int(&query, row->sent_us);
    query_bytes(&query, row->sha256, sizeof row->sha256);
    query_uuid(&query, report);
    return query_run(&query, error);
}

GArray *report_files_list(CatalogDb *db, const Uuid *report, GError **error)
{
    g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(ReportFileRow));
    g_auto(Query) query =
        query_begin(db, "SELECT f.n, f.type, f.bytes, f.sent_us, f.sha256 FROM report_files f"
                        " JOIN reports r ON r.ref = f.report WHERE r.id = ? ORDER BY f.n");
    query_uuid(&query, report);
    QueryStep step;
    while ((step = query_next(&query, error)) == QUERY_ROW) {
        ReportFileRow row = {.n = (int)column_int(&query, 0),
                             .bytes = column_int(&query, 2),
                             .sent_us = column_int(&query, 3)};
        g_autofree char *type = column_text(&query, 1);
        g_strlcpy(row.type, type, sizeof row.type);
        if (column_bytes(&query, 4, row.sha256, sizeof row.sha256))
            g_array_append_val(rows, row);
    }
    return step == QUERY_END ? g_steal_pointer(&rows) : NULL;
}

bool report_files_bytes(CatalogDb *db, int64_t *bytes, GError **error)
{
    g_auto(Query) query = query_begin(db, "SELECT bytes FROM file_totals WHERE what = 'reports'");
    if (query_next(&query, error) != QUERY_ROW)
        return false;
    *bytes = column_int(&query, 0);
    return true;
}
