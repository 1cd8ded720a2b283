/* What nothing but the catalog knows comes back from its newest copy. One row in each table, so
 * that none is forgotten. */
#include "base/clock.h"
#include "base/file.h"
#include "catalog/care.h"
#include "catalog/db.h"
#include "catalog/last_copy.h"
#include "scratch.h"
#include "unit.h"

#define NOON_US INT64_C(1795003200000000) /* 2026-11-18T12:00:00Z */
#define EARLIER_US (NOON_US - HOUR_US)

/* What is told again by site.json, the footage or triggers, and what is given up: sessions. */
static const char *const others[] = {"settings", "locations",   "cameras",  "accounts", "sessions",
                                     "tokens",   "volumes",     "segments", "usage",    "timeline",
                                     "devices",  "file_totals", NULL};

typedef struct Fixture {
    char *folder, *path, *backup;
    LastCopy last;
} Fixture;

/* ---- one row of each ---- */

/* All numbers are 1, all ids and texts the same: each row refers to the one of the other tables. */
static char *insert_of(CatalogDb *db, const char *table)
{
    g_auto(Query) query = query_begin(
        db, "SELECT group_concat(CASE type WHEN 'INTEGER' THEN '1' WHEN 'REAL' THEN '1.5' WHEN"
            " 'BLOB' THEN 'zeroblob(16)' ELSE '''link''' END) FROM pragma_table_info(?)");
    query_text(&query, table);
    assert_int_equal(query_next(&query, NULL), QUERY_ROW);
    g_autofree char *values = column_text(&query, 0);
    return g_strdup_printf("INSERT INTO %s VALUES (%s);", table, values);
}

static bool insert(CatalogDb *db, const char *table, GError **error)
{
    g_autofree char *sql = insert_of(db, table);
    return db_exec(db, sql, error);
}

static GPtrArray *tables_of(CatalogDb *db)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    g_auto(Query) query = query_begin(
        db, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'");
    while (query_next(&query, NULL) == QUERY_ROW)
        g_ptr_array_add(names, column_text(&query, 0));
    return names;
}

/* Children may come before their parents. */
static bool fill(CatalogDb *db, void *data, GError **error)
{
    g_autoptr(GPtrArray) names = tables_of(db);
    bool filled = db_exec(db, "PRAGMA defer_foreign_keys = ON", error) &&
                  insert(db, "cameras", error) && insert(db, "locations", error) &&
                  insert(db, "accounts", error);
    for (guint i = 0; filled && i < names->len; i++)
        filled = !last_copy_has(names->pdata[i]) || insert(db, names->pdata[i], error);
    return filled && db_exec(db, "UPDATE package_copies SET ended_us = 0", error);
}

/* site.json and the footage: the same camera and account, but the camera's number is another. */
static bool from_files(CatalogDb *db, void *data, GError **error)
{
    return insert(db, "locations", error) && insert(db, "accounts", error) &&
           insert(db, "cameras", error) && db_exec(db, "UPDATE cameras SET ref = 7", error);
}

/* ---- a catalog that is lost ---- */

static int set_up(void **state)
{
    Fixture *fixture = g_new0(Fixture, 1);
    fixture->folder = scratch_new();
    fixture->path = g_build_filename(fixture->folder, "catalog.db", NULL);
    fixture->backup = g_build_filename(fixture->folder, "backup", NULL);
    fixture->last = (LastCopy){.folder = fixture->backup, .catalog = fixture->path};
    g_autoptr(Catalog) catalog = catalog_open(fixture->path, NULL);
    g_autoptr(GError) error = NULL;
    if (!catalog_write_wait(catalog, fill, NULL, &error))
        fail_msg("%s", error->message);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    Fixture *fixture = *state;
    scratch_remove(fixture->folder);
    g_free(fixture->path);
    g_free(fixture->backup);
    g_free(fixture);
    return 0;
}

static void copy_at(const Fixture *fixture, int64_t at_us)
{
    assert_true(catalog_backup(fixture->path, fixture->backup, at_us, NULL, NULL, NULL, NULL));
}

static void change(const Fixture *fixture, const char *sql)
{
    CatalogDb *db = db_open(fixture->path, DB_WRITE, NULL);
    assert_true(db_exec(db, sql, NULL));
    db_close(db);
}

static void damage(const char *path)
{
    assert_true(file_write_atomic(path, "noise", 5, 0600, NULL));
}

static CatalogDb *made_anew(Fixture *fixture)
{
    const CatalogSource sources[] = {{from_files, NULL}, {last_copy_rows, &fixture->last}};
    g_autofree char *work = g_strconcat(fixture->path, ".copy", NULL);
    g_autoptr(GError) error = NULL;
    if (!catalog_rebuild(fixture->path, sources, G_N_ELEMENTS(sources), NOON_US, NULL, &error))
        fail_msg("%s", error->message);
    assert_false(g_file_test(work, G_FILE_TEST_EXISTS));
    g_auto(CatalogCheck) check = {0};
    assert_true(catalog_check(fixture->path, &check, NULL));
    assert_int_equal(check.faults->len, 0);
    return db_open(fixture->path, DB_READ, NULL);
}

static int64_t number(CatalogDb *db, const char *sql)
{
    g_auto(Query) query = query_begin(db, sql);
    assert_int_equal(query_next(&query, NULL), QUERY_ROW);
    return column_int(&query, 0);
}

/* ---- */

static void each_table_comes_from_the_copy_or_is_told_by_other_files(void **state)
{
    Fixture *fixture = *state;
    CatalogDb *db = db_open(fixture->path, DB_READ, NULL);
    g_autoptr(GPtrArray) names = tables_of(db);
    assert_true(names->len > 30);
    for (guint i = 0; i < names->len; i++)
        if (last_copy_has(names->pdata[i]) == g_strv_contains(others, names->pdata[i]))
            fail_msg("%s: say in catalog/last_copy.c or in this test what becomes of its rows when "
                     "the catalog is lost",
                     (char *)names->pdata[i]);
    db_close(db);
}

static void a_lost_catalog_has_all_its_rows_again_as_they_were_at_the_last_copy(void **state)
{
    Fixture *fixture = *state;
    copy_at(fixture, EARLIER_US);
    change(fixture, "UPDATE cases SET title = 'later'");
    damage(fixture->path);
    CatalogDb *db = made_anew(fixture);
    g_autoptr(GPtrArray) names = tables_of(db);
    for (guint i = 0; i < names->len; i++) {
        g_autofree char *sql = g_strdup_printf("SELECT count(*) FROM %s", (char *)names->pdata[i]);
        if (last_copy_has(names->pdata[i]) && number(db, sql) != 1)
            fail_msg("the row of %s did not come back", (char *)names->pdata[i]);
    }
    assert_int_equal(number(db, "SELECT count(*) FROM cases WHERE title = 'link'"), 1);
    assert_int_equal(number(db, "SELECT camera FROM bookmarks"), 7);
    assert_int_equal(number(db, "SELECT camera FROM events"), 7);
    assert_int_equal(fixture->last.at_us, EARLIER_US);
    assert_int_equal(fixture->last.cases, 1);
    assert_int_equal(fixture->last.reports, 1);
    assert_int_equal(fixture->last.packages, 1);
    assert_int_equal(fixture->last.households, 1);
    db_close(db);
}

static void a_link_that_may_have_been_taken_back_since_the_copy_is_dead(void **state)
{
    Fixture *fixture = *state;
    copy_at(fixture, EARLIER_US);
    damage(fixture->path);
    CatalogDb *db = made_anew(fixture);
    assert_int_equal(number(db, "SELECT count(*) FROM package_copies WHERE ended_us > 1"), 1);
    db_close(db);
}

static void a_sound_catalog_that_is_made_anew_loses_nothing_and_ends_no_link(void **state)
{
    Fixture *fixture = *state;
    copy_at(fixture, EARLIER_US);
    change(fixture, "UPDATE cases SET title = 'later'");
    CatalogDb *db = made_anew(fixture);
    assert_true(fixture->last.is_whole);
    assert_int_equal(number(db, "SELECT count(*) FROM cases WHERE title = 'later'"), 1);
    assert_int_equal(number(db, "SELECT count(*) FROM package_copies WHERE ended_us = 0"), 1);
    db_close(db);
}

static void a_damaged_copy_is_passed_over_and_without_any_the_rest_is_made(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *newest =
        g_build_filename(fixture->backup, "catalog-20261118T120000Z.db", NULL);
    g_autofree char *older = g_build_filename(fixture->backup, "catalog-20261118T110000Z.db", NULL);
    copy_at(fixture, EARLIER_US);
    damage(newest);
    damage(fixture->path);
    db_close(made_anew(fixture));
    assert_int_equal(fixture->last.at_us, EARLIER_US);

    damage(older);
    damage(fixture->path);
    CatalogDb *db = made_anew(fixture);
    assert_int_equal(fixture->last.at_us, 0);
    assert_int_equal(number(db, "SELECT count(*) FROM cameras"), 1);
    assert_int_equal(number(db, "SELECT count(*) FROM cases"), 0);
    db_close(db);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(each_table_comes_from_the_copy_or_is_told_by_other_files),
        TEST(a_lost_catalog_has_all_its_rows_again_as_they_were_at_the_last_copy),
        TEST(a_link_that_may_have_been_taken_back_since_the_copy_is_dead),
        TEST(a_sound_catalog_that_is_made_anew_loses_nothing_and_ends_no_link),
        TEST(a_damaged_copy_is_passed_over_and_without_any_the_rest_is_made),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
