#include "catalog/care.h"
#include "catalog/migrations.h"

enum { FAULTS_MOST = 100 };

void catalog_check_clear(CatalogCheck *check)
{
    if (check->faults)
        g_ptr_array_unref(check->faults);
    check->faults = NULL;
}

static void add_fault(CatalogCheck *check, const char *format, ...) G_GNUC_PRINTF(2, 3);
static void add_fault(CatalogCheck *check, const char *format, ...)
{
    if (check->faults->len == FAULTS_MOST)
        return;
    va_list args;
    va_start(args, format);
    g_ptr_array_add(check->faults, g_strdup_vprintf(format, args));
    va_end(args);
}

/* What one statement finds is wrong: each row a fault, its first column the object. */
static const struct {
    const char *sql;
    const char *fault;
} rules[] = {
    {"SELECT \"table\" || ' row ' || coalesce(rowid, '') FROM pragma_foreign_key_check",
     "refers to a row that is missing"},
    {"SELECT 'camera ' || hex(c.id) FROM ("
     "  SELECT camera, to_us > lead(from_us) OVER (PARTITION BY camera, stream ORDER BY from_us) o"
     "  FROM timeline) t JOIN cameras c ON c.ref = t.camera WHERE t.o GROUP BY c.id",
     "has spans or gaps that overlap"},
    {"SELECT 'camera ' || hex(c.id) FROM (SELECT camera, volume, stream, count(*) n, sum(bytes) b"
     "  FROM segments WHERE state <> 2 GROUP BY camera, volume, stream) s"
     " LEFT JOIN usage u USING (camera, volume, stream) JOIN cameras c ON c.ref = s.camera"
     " WHERE s.n IS NOT u.segments OR s.b IS NOT u.bytes",
     "has kept sums that differ from its segments"},
    {"SELECT 'segment ' || file FROM segments WHERE to_us < from_us OR bytes < 0",
     "has an impossible time or size"},
};

static bool check_rules(CatalogDb *db, CatalogCheck *check, GError **error)
{
    for (size_t i = 0; i < G_N_ELEMENTS(rules); i++) {
        g_auto(Query) query = query_begin(db, rules[i].sql);
        QueryStep step;
        while ((step = query_next(&query, error)) == QUERY_ROW) {
            g_autofree char *object = column_text(&query, 0);
            add_fault(check, "%s %s", object, rules[i].fault);
        }
        if (step == QUERY_FAILED)
            return false;
    }
    return true;
}

static bool check_integrity(CatalogDb *db, CatalogCheck *check, GError **error)
{
    g_auto(Query) query = query_begin(db, "PRAGMA integrity_check(100)");
    QueryStep step;
    while ((step = query_next(&query, error)) == QUERY_ROW) {
        g_autofree char *text = column_text(&query, 0);
        if (g_strcmp0(text, "ok") != 0)
            add_fault(check, "damaged: %s", text);
    }
    return step == QUERY_END;
}

static bool count_rows(CatalogDb *db, CatalogCheck *check, GError **error)
{
    g_auto(Query) query =
        query_begin(db, "SELECT (SELECT count(*) FROM cameras WHERE removed_us = 0),"
                        " (SELECT count(*) FROM locations), (SELECT count(*) FROM accounts),"
                        " (SELECT count(*) FROM segments WHERE state <> 2),"
                        " (SELECT count(*) FROM segments WHERE state = 0),"
                        " (SELECT count(*) FROM timeline WHERE cause IS NULL),"
                        " (SELECT count(*) FROM timeline WHERE cause IS NOT NULL)");
    if (query_next(&query, error) != QUERY_ROW)
        return false;
    check->cameras = column_int(&query, 0);
    check->locations = column_int(&query, 1);
    check->accounts = column_int(&query, 2);
    check->segments = column_int(&query, 3);
    check->open_segments = column_int(&query, 4);
    check->spans = column_int(&query, 5);
    check->gaps = column_int(&query, 6);
    return true;
}

static bool look(CatalogDb *db, CatalogCheck *check, GError **error)
{
    if (!migrations_version(db, &check->version, error))
        return false;
    if (check->version != migrations_newest())
        return err_set(error, ERR_VERSION,
                       "the catalog has version %d, this vonglau checks version %d: start the "
                       "server once to bring it up, or install the newer vonglau that made it",
                       check->version, migrations_newest());
    return check_integrity(db, check, error) && count_rows(db, check, error) &&
           check_rules(db, check, error);
}

bool catalog_check(const char *path, CatalogCheck *check, GError **error)
{
    *check = (CatalogCheck){.faults = g_ptr_array_new_with_free_func(g_free)};
    g_autoptr(GError) trouble = NULL;
    CatalogDb *db = db_open(path, DB_READ, &trouble);
    bool looked = db && look(db, check, &trouble);
    db_close(db);
    if (looked)
        return true;
    if (g_error_matches(trouble, ERR, ERR_CORRUPT)) {
        add_fault(check, "%s", trouble->message);
        return true;
    }
    g_propagate_error(error, g_steal_pointer(&trouble));
    return false;
}
