#include "catalog/kept_counts.h"

#include "catalog/db.h"

#include <stddef.h>

static const struct {
    size_t at; /* in KeptCounts */
    const char *sql;
} counted[] = {
    {offsetof(KeptCounts, reports), "SELECT count(*) FROM reports WHERE erased < 2"},
    {offsetof(KeptCounts, reporters),
     "SELECT count(*) FROM reports WHERE reporter <> '' OR phone <> '' OR vneid <> ''"},
    {offsetof(KeptCounts, report_files), "SELECT count(*) FROM report_files"},
    {offsetof(KeptCounts, erased), "SELECT count(*) FROM reports WHERE erased > 1"},
    {offsetof(KeptCounts, wishes), "SELECT count(*) FROM reports WHERE wishes > 0"},
    {offsetof(KeptCounts, event_pictures), "SELECT count(*) FROM events WHERE picture_bytes > 0"},
    {offsetof(KeptCounts, cases), "SELECT count(*) FROM cases"},
    {offsetof(KeptCounts, households), "SELECT count(*) FROM households WHERE revoked_us = 0"},
    {offsetof(KeptCounts, household_files),
     "SELECT count(*) FROM household_files WHERE done_us > 0 AND withdrawn_us = 0"
     " AND expired_us = 0"},
    {offsetof(KeptCounts, packages), "SELECT count(*) FROM packages WHERE made_us > 0"},
    {offsetof(KeptCounts, copies),
     "SELECT (SELECT count(*) FROM package_copies) + (SELECT count(*) FROM film_copies)"},
    {offsetof(KeptCounts, signs), "SELECT count(*) FROM papers p JOIN cameras c ON c.ref = p.camera"
                                  " WHERE c.removed_us = 0 AND p.sign = 'in-place'"},
    {offsetof(KeptCounts, signs_missing),
     "SELECT count(*) FROM papers p JOIN cameras c ON c.ref = p.camera"
     " WHERE c.removed_us = 0 AND p.sign = 'missing'"},
};

bool kept_counts(CatalogDb *db, KeptCounts *counts, GError **error)
{
    for (size_t i = 0; i < G_N_ELEMENTS(counted); i++) {
        g_auto(Query) query = query_begin(db, counted[i].sql);
        if (query_next(&query, error) != QUERY_ROW)
            return false;
        *(int64_t *)(void *)((char *)counts + counted[i].at) = column_int(&query, 0);
    }
    return true;
}
