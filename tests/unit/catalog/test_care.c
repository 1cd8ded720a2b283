#include "base/clock.h"
#include "base/file.h"
#include "base/thread.h"
#include "base/time_text.h"
#include "catalog/cameras.h"
#include "catalog/care.h"
#include "catalog/coverage.h"
#include "catalog/db.h"
#include "catalog/segments.h"
#include "catalog/settings.h"
#include "scratch.h"
#include "unit.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

typedef struct Fixture {
    char *folder;
    char *path;
    char *backup;
    Catalog *catalog;
    atomic_bool stop;
} Fixture;

static int setup(void **state)
{
    Fixture *fixture = g_new0(Fixture, 1);
    fixture->folder = scratch_new();
    fixture->path = g_build_filename(fixture->folder, "catalog.db", NULL);
    fixture->backup = g_build_filename(fixture->folder, "backup", NULL);
    fixture->catalog = catalog_open(fixture->path, NULL);
    *state = fixture;
    return fixture->catalog ? 0 : -1;
}

static int teardown(void **state)
{
    Fixture *fixture = *state;
    catalog_close(fixture->catalog);
    scratch_remove(fixture->folder);
    g_free(fixture->path);
    g_free(fixture->backup);
    g_free(fixture);
    return 0;
}

/* A day of one camera; also a source of a rebuild. */
static bool fill(CatalogDb *db, void *data, GError **error)
{
    Uuid camera = uuid_of(1);
    CameraRow row = {.id = camera,
                     .name = (char *)"a",
                     .owner = (char *)"commune",
                     .url = (char *)"rtsp://a/",
                     .created_us = 1};
    if (!cameras_put(db, &row, error))
        return false;
    for (int64_t i = 0; i < 288; i++) {
        g_autofree char *file = g_strdup_printf("2026-11-24/%06d.000Z-main.mp4", (int)i);
        SegmentRow segment = {.camera = camera,
                              .volume = uuid_of(200),
                              .file = file,
                              .state = SEGMENT_SEALED,
                              .from_us = i * 300 * SECOND_US,
                              .to_us = (i + 1) * 300 * SECOND_US,
                              .bytes = 75000000};
        if (!segments_put(db, &segment, error) ||
            !coverage_add(db, &camera, STREAM_MAIN, segment.from_us, segment.to_us, error))
            return false;
    }
    return true;
}

static bool give_up(CatalogDb *db, void *data, GError **error)
{
    return err_set(error, ERR_IO, "volume gone");
}

static void a_well_catalog_has_no_faults(void **state)
{
    Fixture *fixture = *state;
    assert_true(catalog_write_wait(fixture->catalog, fill, NULL, NULL));
    g_auto(CatalogCheck) check = {0};
    assert_true(catalog_check(fixture->path, &check, NULL));
    assert_int_equal(check.faults->len, 0);
    assert_int_equal(check.cameras, 1);
    assert_int_equal(check.segments, 288);
    assert_int_equal(check.spans, 1);
}

static void run_sql(const char *path, const char *sql)
{
    sqlite3 *sqlite;
    assert_int_equal(sqlite3_open(path, &sqlite), SQLITE_OK);
    if (sqlite3_exec(sqlite, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s", sqlite3_errmsg(sqlite));
    sqlite3_close(sqlite);
}

static void wrong_sums_overlaps_and_lost_references_are_each_a_fault(void **state)
{
    Fixture *fixture = *state;
    assert_true(catalog_write_wait(fixture->catalog, fill, NULL, NULL));
    run_sql(fixture->path, "UPDATE usage SET bytes = bytes + 1;"
                           "INSERT INTO timeline VALUES (1, 0, 5, 6, 'unknown');"
                           "UPDATE segments SET volume = 77 WHERE file = "
                           "'2026-11-24/000000.000Z-main.mp4'");
    g_auto(CatalogCheck) check = {0};
    assert_true(catalog_check(fixture->path, &check, NULL));
    g_autoptr(GString) all = g_string_new(NULL);
    for (guint i = 0; i < check.faults->len; i++)
        g_string_append_printf(all, "%s\n", (char *)check.faults->pdata[i]);
    assert_non_null(strstr(all->str, "refers to a row that is missing"));
    assert_non_null(strstr(all->str, "has spans or gaps that overlap"));
    assert_non_null(strstr(all->str, "has kept sums that differ"));
}

/* Over the last page that a table of a closed catalog has. */
static void make_noise(const Fixture *fixture, const char *table)
{
    char noise[4096];
    int64_t page = 0;
    memset(noise, 0x5a, sizeof noise);
    CatalogDb *db = db_open(fixture->path, DB_READ, NULL);
    {
        g_auto(Query) query = query_begin(db, "SELECT max(pageno) FROM dbstat WHERE name = ?");
        query_text(&query, table);
        if (query_next(&query, NULL) == QUERY_ROW)
            page = column_int(&query, 0);
    }
    db_close(db);
    assert_true(page > 1);
    int fd = open(fixture->path, O_WRONLY | O_CLOEXEC);
    assert_int_equal(pwrite(fd, noise, sizeof noise, (page - 1) * (off_t)sizeof noise),
                     sizeof noise);
    close(fd);
}

static void a_page_of_noise_is_found(void **state)
{
    Fixture *fixture = *state;
    assert_true(catalog_write_wait(fixture->catalog, fill, NULL, NULL));
    g_clear_pointer(&fixture->catalog, catalog_close);
    make_noise(fixture, "segments");
    g_auto(CatalogCheck) check = {0};
    assert_true(catalog_check(fixture->path, &check, NULL));
    assert_true(check.faults->len > 0);
}

static bool put_setting(CatalogDb *db, void *name, GError **error)
{
    return settings_put(db, "now", "x", error);
}

static void write_until_stopped(void *data)
{
    Fixture *fixture = data;
    while (!atomic_load(&fixture->stop))
        catalog_write_wait(fixture->catalog, put_setting, NULL, NULL);
}

static void note_progress(void *data, uint64_t done, uint64_t total)
{
    assert_true(done <= total);
    (*(unsigned *)data)++;
}

static bool fill_more(CatalogDb *db, void *data, GError **error)
{
    g_autofree char *text = g_strnfill(1 << 20, 'x');
    for (int i = 0; i < 4; i++) {
        g_autofree char *name = g_strdup_printf("large-%d", i);
        if (!settings_put(db, name, text, error))
            return false;
    }
    return fill(db, data, error);
}

static void a_copy_is_whole_while_the_writer_goes_on(void **state)
{
    Fixture *fixture = *state;
    assert_true(catalog_write_wait(fixture->catalog, fill_more, NULL, NULL));
    Thread *writer = thread_start("writer", write_until_stopped, fixture);
    g_autoptr(GError) error = NULL;
    g_autofree char *copy = NULL;
    unsigned steps = 0;
    if (!catalog_backup(fixture->path, fixture->backup, INT64_C(1795000000000000), note_progress,
                        &steps, &copy, &error))
        fail_msg("%s", error->message);
    atomic_store(&fixture->stop, true);
    thread_join(writer);
    assert_true(steps >= 3);
    assert_true(g_str_has_suffix(copy, "/backup/catalog-20261118T110640Z.db"));
    g_auto(CatalogCheck) check = {0};
    assert_true(catalog_check(copy, &check, NULL));
    assert_int_equal(check.faults->len, 0);
    assert_int_equal(check.segments, 288);
}

static unsigned count_copies(const char *folder)
{
    GDir *dir = g_dir_open(folder, 0, NULL);
    unsigned count = 0;
    const char *name;
    while ((name = g_dir_read_name(dir)))
        count += g_str_has_suffix(name, ".db") ? 1 : 0;
    g_dir_close(dir);
    return count;
}

static void damage_that_nobody_has_read_is_told_and_drives_no_sound_copy_out(void **state)
{
    Fixture *fixture = *state;
    g_autoptr(GError) error = NULL;
    const int64_t at_us = INT64_C(1000000) * HOUR_US;
    assert_true(catalog_write_wait(fixture->catalog, fill, NULL, NULL));
    g_clear_pointer(&fixture->catalog, catalog_close);
    assert_true(catalog_backup(fixture->path, fixture->backup, at_us, NULL, NULL, NULL, NULL));
    make_noise(fixture, "segments");
    assert_false(
        catalog_backup(fixture->path, fixture->backup, at_us + HOUR_US, NULL, NULL, NULL, &error));
    assert_true(g_error_matches(error, ERR, ERR_CORRUPT));
    g_autoptr(GPtrArray) names = folder_names(fixture->backup);
    assert_int_equal(names->len, 1);
}

static void copies_of_24_hours_and_7_days_are_kept_and_nothing_else_is_touched(void **state)
{
    Fixture *fixture = *state;
    assert_true(folder_make(fixture->backup, NULL));
    int64_t noon_us = INT64_C(1795003200000000); /* 2026-11-18T12:00:00Z */
    g_autofree char *others = g_build_filename(fixture->backup, "catalog-before-upgrade.db", NULL);
    assert_true(file_write_atomic(others, "x", 1, 0640, NULL));
    for (int hour = 0; hour < 24 * 10; hour++) {
        char text[TIME_TEXT];
        time_text(noon_us - hour * HOUR_US, text);
        g_autofree char *name =
            g_strdup_printf("%s/catalog-%.4s%.2s%.2sT%.2s0000Z.db", fixture->backup, text, text + 5,
                            text + 8, text + 11);
        assert_true(file_write_atomic(name, "x", 1, 0640, NULL));
    }
    assert_true(
        catalog_backup(fixture->path, fixture->backup, noon_us + HOUR_US, NULL, NULL, NULL, NULL));
    /* 24 hours reach into the day before; 5 older days have one each. */
    assert_int_equal(count_copies(fixture->backup), 1 + 24 + 5);
    assert_int_equal(access(others, F_OK), 0);
}

static void a_rebuild_sets_the_old_catalog_aside_and_holds_what_the_sources_gave(void **state)
{
    Fixture *fixture = *state;
    g_clear_pointer(&fixture->catalog, catalog_close);
    assert_true(file_write_atomic(fixture->path, "noise", 5, 0640, NULL));
    const CatalogSource sources[] = {{fill, NULL}, {put_setting, NULL}};
    g_autofree char *aside = NULL;
    g_autoptr(GError) error = NULL;
    if (!catalog_rebuild(fixture->path, sources, 2, INT64_C(1795003200000000), &aside, &error))
        fail_msg("%s", error->message);
    assert_true(g_str_has_suffix(aside, "/catalog-damaged-20261118T120000Z.db"));
    assert_int_equal(access(aside, F_OK), 0);
    fixture->catalog = catalog_open(fixture->path, NULL);
    g_auto(CatalogCheck) check = {0};
    assert_true(catalog_check(fixture->path, &check, NULL));
    assert_int_equal(check.faults->len, 0);
    assert_int_equal(check.segments, 288);
}

static void a_rebuild_whose_source_fails_leaves_all_as_it_was(void **state)
{
    Fixture *fixture = *state;
    assert_true(catalog_write_wait(fixture->catalog, fill, NULL, NULL));
    g_clear_pointer(&fixture->catalog, catalog_close);
    const CatalogSource sources[] = {{put_setting, NULL}, {give_up, NULL}};
    g_autoptr(GError) error = NULL;
    assert_false(catalog_rebuild(fixture->path, sources, 2, 0, NULL, &error));
    assert_string_equal(error->message, "volume gone");
    g_auto(CatalogCheck) check = {0};
    assert_true(catalog_check(fixture->path, &check, NULL));
    assert_int_equal(check.segments, 288);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_well_catalog_has_no_faults),
        TEST(wrong_sums_overlaps_and_lost_references_are_each_a_fault),
        TEST(a_page_of_noise_is_found),
        TEST(a_copy_is_whole_while_the_writer_goes_on),
        TEST(damage_that_nobody_has_read_is_told_and_drives_no_sound_copy_out),
        TEST(copies_of_24_hours_and_7_days_are_kept_and_nothing_else_is_touched),
        TEST(a_rebuild_sets_the_old_catalog_aside_and_holds_what_the_sources_gave),
        TEST(a_rebuild_whose_source_fails_leaves_all_as_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
