#include "catalog/last_copy.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/time_text.h"
#include "catalog/copies.h"
#include "catalog/db.h"
#include "catalog/migrations.h"

#include <inttypes.h>
#include <unistd.h>

#define HAS_ACCOUNT "t.account IN (SELECT id FROM main.accounts)"

/* Parents before what refers to them. `camera`: a column of that name is the number of a camera,
 * which is another one in the new catalog. `only`: which rows; NULL: all. */
static const struct {
    const char *table;
    bool camera;
    const char *only;
} tables[] = {
    {"reports", false, NULL},
    {"report_holds", false, NULL},
    {"report_files", false, NULL},
    {"households", false, NULL},
    {"cases", false, NULL},
    {"case_reports", false, NULL},
    {"case_items", false, NULL},
    {"case_history", false, NULL},
    {"packages", false, NULL},
    {"package_copies", false, NULL},
    {"package_given", false, NULL},
    {"package_certificates", false, NULL},
    {"film_copies", false, NULL},
    {"case_holds", false, NULL},
    {"case_hold_spans", false, NULL},
    {"household_requests", false, NULL},
    {"household_asks", false, NULL},
    {"household_files", false, NULL},
    {"household_looks", false, NULL},
    {"traces", false, NULL},
    {"sightings", false, NULL},
    {"criteria", false, NULL},
    {"criterion_marks", false, NULL},
    {"mark_judgements", false, NULL},
    {"masks", false, NULL},
    {"mask_liftings", false, NULL},
    {"pending_changes", false, NULL},
    {"views", false, NULL},
    {"bookmarks", true, NULL},
    {"events", true, NULL},
    {"repairs", true, NULL},
    {"repair_steps", false, "t.repair IN (SELECT ref FROM main.repairs)"},
    {"papers", true, NULL},
    {"camera_devices", true, NULL},
    {"camera_clocks", true, NULL},
    {"shift_days", false, NULL},
    {"shifts", false, HAS_ACCOUNT},
    {"push_subscriptions", false, HAS_ACCOUNT},
    {"push_choices", false, HAS_ACCOUNT},
    {"browsers", false, HAS_ACCOUNT},
};

bool last_copy_has(const char *table)
{
    for (size_t i = 0; i < G_N_ELEMENTS(tables); i++)
        if (g_str_equal(tables[i].table, table))
            return true;
    return false;
}

/* ---- a copy that is sound ---- */

static bool refers_to_what_is_there(CatalogDb *db)
{
    g_auto(Query) query = query_begin(db, "SELECT count(*) FROM pragma_foreign_key_check");
    return query_next(&query, NULL) == QUERY_ROW && column_int(&query, 0) == 0;
}

/* Brought to this program's version: its tables are like those of the new catalog. */
static bool make_ready(const char *work, GError **error)
{
    int version = 0;
    CatalogDb *db = db_open(work, DB_REBUILD, error);
    bool ready = db && migrations_version(db, &version, error) &&
                 (version > 0 || err_set(error, ERR_CORRUPT, "it is empty")) &&
                 migrations_run(db, error);
    if (ready && !refers_to_what_is_there(db))
        ready = err_set(error, ERR_CORRUPT, "it is damaged");
    db_close(db);
    return ready;
}

static bool take_copy(const char *path, const char *work, GError **error)
{
    unlink(work);
    return copy_whole(path, work, NULL, NULL, error) && make_ready(work, error);
}

/* The newest that can be had stands at `work` then, and its time in `last`: the catalog itself,
 * where it is made anew for another reason than damage. */
static bool find_sound(LastCopy *last, const char *work)
{
    last->is_whole = take_copy(last->catalog, work, NULL);
    if (last->is_whole)
        return true;
    g_autoptr(GPtrArray) names = copies_in(last->folder);
    for (guint i = 0; i < names->len; i++) { /* one that is damaged too is passed over */
        const char *name = names->pdata[i];
        g_autoptr(GError) error = NULL;
        g_autofree char *path = g_build_filename(last->folder, name, NULL);
        if (take_copy(path, work, &error))
            return copy_time(name, &last->at_us);
        log_warning("catalog.copy", "copy=%s cause=\"%s\"", name, error->message);
    }
    return false;
}

/* ---- its rows ---- */

static char *columns_of(CatalogDb *db, const char *table, GError **error)
{
    g_auto(Query) query =
        query_begin(db, "SELECT group_concat(CASE name WHEN 'camera' THEN 'm.ref' ELSE 't.' || name"
                        " END) FROM pragma_table_info(?)");
    query_text(&query, table);
    return query_next(&query, error) == QUERY_ROW ? column_text(&query, 0) : NULL;
}

static bool take_table(CatalogDb *db, size_t i, GError **error)
{
    const char *table = tables[i].table, *only = tables[i].only;
    g_autofree char *columns = tables[i].camera ? columns_of(db, table, error) : g_strdup("t.*");
    if (!columns)
        return false;
    /* Of a camera of which nothing is left nothing comes back. */
    const char *join = tables[i].camera ? " LEFT JOIN copy.cameras c ON c.ref = t.camera"
                                          " LEFT JOIN main.cameras m ON m.id = c.id"
                                        : "";
    if (tables[i].camera)
        only = "t.camera IS NULL OR m.ref IS NOT NULL";
    g_autofree char *sql =
        g_strdup_printf("INSERT OR IGNORE INTO main.%s SELECT %s FROM copy.%s t%s WHERE %s", table,
                        columns, table, join, only ? only : "1");
    return db_exec(db, sql, error);
}

/* A link that was ended since the copy would live again: all of them end, officers make new ones.
 */
static bool end_links(CatalogDb *db, GError **error)
{
    g_auto(Query) query = query_begin(
        db, "UPDATE package_copies SET ended_us = ? WHERE medium = 'link' AND ended_us = 0");
    query_int(&query, clock_now_us());
    return query_run(&query, error);
}

static bool count_rows(CatalogDb *db, LastCopy *last, GError **error)
{
    g_auto(Query) query =
        query_begin(db, "SELECT (SELECT count(*) FROM cases), (SELECT count(*) FROM reports),"
                        " (SELECT count(*) FROM packages), (SELECT count(*) FROM households)");
    if (query_next(&query, error) != QUERY_ROW)
        return false;
    last->cases = column_int(&query, 0);
    last->reports = column_int(&query, 1);
    last->packages = column_int(&query, 2);
    last->households = column_int(&query, 3);
    return true;
}

/* The connection is closed with the new catalog, and lets go of the copy then. */
static bool attach(CatalogDb *db, const char *work, GError **error)
{
    char *sql = sqlite3_mprintf("ATTACH %Q AS copy", work);
    bool attached = db_exec(db, sql, error);
    sqlite3_free(sql);
    return attached;
}

static bool take_rows(CatalogDb *db, LastCopy *last, const char *work, GError **error)
{
    if (!attach(db, work, error))
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(tables); i++)
        if (!take_table(db, i, error)) {
            g_prefix_error(error, "%s of the copy in backup/: ", tables[i].table);
            return false;
        }
    return (last->is_whole || end_links(db, error)) && count_rows(db, last, error);
}

static void tell(const LastCopy *last)
{
    char at[TIME_TEXT];
    if (last->is_whole)
        return;
    if (!last->at_us) {
        log_error("catalog.no_copy",
                  "folder=%s cause=\"there is no sound copy: reports, cases, packages and "
                  "households are not in the new catalog\"",
                  last->folder);
        return;
    }
    time_text(last->at_us, at);
    log_warning("catalog.from_copy",
                "copy=%s cases=%" PRId64 " reports=%" PRId64 " packages=%" PRId64
                " households=%" PRId64 " cause=\"what people did after it is in the audit log "
                "alone; links to packages have ended\"",
                at, last->cases, last->reports, last->packages, last->households);
}

bool last_copy_rows(CatalogDb *db, void *data, GError **error)
{
    LastCopy *last = data;
    g_autofree char *work = g_strconcat(last->catalog, ".copy", NULL);
    last->is_whole = false;
    last->at_us = last->cases = last->reports = last->packages = last->households = 0;
    bool taken = !find_sound(last, work) || take_rows(db, last, work, error);
    unlink(work);
    if (taken)
        tell(last);
    return taken;
}
