#include "base/clock.h"
#include "base/file.h"
#include "base/thread.h"
#include "catalog/cameras.h"
#include "catalog/catalog.h"
#include "catalog/db.h"
#include "catalog/locations.h"
#include "catalog/settings.h"
#include "scratch.h"
#include "unit.h"

#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct Fixture {
    char *folder;
    char *path;
} Fixture;

static int setup(void **state)
{
    Fixture *fixture = g_new0(Fixture, 1);
    fixture->folder = scratch_new();
    fixture->path = g_build_filename(fixture->folder, "catalog.db", NULL);
    *state = fixture;
    return 0;
}

static int teardown(void **state)
{
    Fixture *fixture = *state;
    scratch_remove(fixture->folder);
    g_free(fixture->path);
    g_free(fixture);
    return 0;
}

static Catalog *open_well(const char *path)
{
    g_autoptr(GError) error = NULL;
    Catalog *catalog = catalog_open(path, &error);
    if (!catalog)
        fail_msg("%s", error->message);
    return catalog;
}

static bool put_setting(CatalogDb *db, void *name, GError **error)
{
    return settings_put(db, name, "value", error);
}

static bool put_then_fail(CatalogDb *db, void *name, GError **error)
{
    settings_put(db, name, "value", error);
    return err_set(error, ERR_INVALID, "on purpose");
}

static bool has_setting(Catalog *catalog, const char *name)
{
    g_autoptr(CatalogDb) db = catalog_read(catalog, NULL);
    g_autofree char *value = NULL;
    assert_true(settings_get(db, name, &value, NULL));
    return value != NULL;
}

static void run_sql(const char *path, const char *sql)
{
    sqlite3 *sqlite;
    assert_int_equal(sqlite3_open(path, &sqlite), SQLITE_OK);
    if (sqlite3_exec(sqlite, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s", sqlite3_errmsg(sqlite));
    sqlite3_close(sqlite);
}

static void what_was_waited_for_can_be_read_and_is_there_after_reopening(void **state)
{
    Fixture *fixture = *state;
    Catalog *catalog = open_well(fixture->path);
    assert_true(catalog_write_wait(catalog, put_setting, (void *)"one", NULL));
    assert_true(has_setting(catalog, "one"));
    catalog_close(catalog);
    catalog = open_well(fixture->path);
    assert_true(has_setting(catalog, "one"));
    catalog_close(catalog);
}

static void a_new_catalog_is_closed_to_others(void **state)
{
    Fixture *fixture = *state;
    g_autoptr(Catalog) catalog = open_well(fixture->path);
    g_autofree char *wal = g_strconcat(fixture->path, "-wal", NULL);
    struct stat facts;
    assert_int_equal(stat(fixture->path, &facts), 0);
    assert_int_equal(facts.st_mode & 0777, 0600);
    assert_int_equal(stat(wal, &facts), 0);
    assert_int_equal(facts.st_mode & 0777, 0600);
}

static void a_write_that_fails_is_undone_and_spares_the_others_of_its_group(void **state)
{
    Fixture *fixture = *state;
    g_autoptr(Catalog) catalog = open_well(fixture->path);
    catalog_write(catalog, put_setting, (void *)"before", NULL);
    g_autoptr(GError) error = NULL;
    assert_false(catalog_write_wait(catalog, put_then_fail, (void *)"bad", &error));
    assert_string_equal(error->message, "on purpose");
    assert_true(catalog_write_wait(catalog, put_setting, (void *)"after", NULL));
    assert_true(has_setting(catalog, "before"));
    assert_false(has_setting(catalog, "bad"));
    assert_true(has_setting(catalog, "after"));
}

static void count_done(void *data, const GError *error)
{
    assert_null(error);
    atomic_fetch_add((atomic_int *)data, 1);
}

static bool do_nothing(CatalogDb *db, void *data, GError **error)
{
    return true;
}

static void writes_handed_over_are_durable_within_the_group_time(void **state)
{
    Fixture *fixture = *state;
    g_autoptr(Catalog) catalog = open_well(fixture->path);
    atomic_int done = 0;
    int64_t start_us = clock_mono_us();
    for (int i = 0; i < 100; i++)
        catalog_write(catalog, do_nothing, &done, count_done);
    while (atomic_load(&done) < 100 && clock_mono_us() - start_us < 5 * SECOND_US)
        g_usleep(1000);
    assert_int_equal(atomic_load(&done), 100);
    assert_true(clock_mono_us() - start_us < CATALOG_GROUP_US + SECOND_US);
}

static void closing_commits_what_was_handed_over(void **state)
{
    Fixture *fixture = *state;
    Catalog *catalog = open_well(fixture->path);
    catalog_write(catalog, put_setting, (void *)"late", NULL);
    catalog_close(catalog);
    catalog = open_well(fixture->path);
    assert_true(has_setting(catalog, "late"));
    catalog_close(catalog);
}

static void a_read_sees_one_moment_while_others_write(void **state)
{
    Fixture *fixture = *state;
    g_autoptr(Catalog) catalog = open_well(fixture->path);
    g_autoptr(CatalogDb) db = catalog_read(catalog, NULL);
    g_autofree char *value = NULL;
    assert_true(settings_get(db, "one", &value, NULL));
    assert_true(catalog_write_wait(catalog, put_setting, (void *)"one", NULL));
    assert_true(settings_get(db, "one", &value, NULL));
    assert_null(value);
    assert_true(has_setting(catalog, "one"));
}

static void read_in_a_thread(void *data)
{
    for (int i = 0; i < 200; i++) {
        g_autoptr(CatalogDb) db = catalog_read(data, NULL);
        g_autofree char *value = NULL;
        assert_non_null(db);
        assert_true(settings_get(db, "one", &value, NULL));
    }
}

static void more_readers_than_connections_take_turns(void **state)
{
    Fixture *fixture = *state;
    g_autoptr(Catalog) catalog = open_well(fixture->path);
    Thread *threads[9];
    for (size_t i = 0; i < G_N_ELEMENTS(threads); i++)
        threads[i] = thread_start("reader", read_in_a_thread, catalog);
    for (int i = 0; i < 20; i++)
        assert_true(catalog_write_wait(catalog, put_setting, (void *)"one", NULL));
    for (size_t i = 0; i < G_N_ELEMENTS(threads); i++)
        thread_join(threads[i]);
}

static void a_catalog_of_a_newer_version_is_refused_with_what_to_do(void **state)
{
    Fixture *fixture = *state;
    catalog_close(open_well(fixture->path));
    run_sql(fixture->path, "PRAGMA user_version = 99");
    g_autoptr(GError) error = NULL;
    assert_null(catalog_open(fixture->path, &error));
    assert_true(g_error_matches(error, ERR, ERR_VERSION));
    assert_non_null(strstr(error->message, "version 99"));
    assert_non_null(strstr(error->message, "install the newer vonglau"));
    assert_non_null(strstr(error->message, fixture->path));
}

/* The schema of version 1 as it was, with a camera in it. */
static const char version_1[] =
    "CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE TABLE locations (id BLOB PRIMARY KEY, name TEXT NOT NULL, village TEXT NOT NULL,"
    " kind TEXT NOT NULL, latitude REAL NOT NULL, longitude REAL NOT NULL,"
    " locked INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE TABLE cameras (ref INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE,"
    " location BLOB REFERENCES locations(id), name TEXT NOT NULL, owner TEXT NOT NULL,"
    " url TEXT NOT NULL, sub_url TEXT, user TEXT, secret TEXT, audio INTEGER NOT NULL,"
    " paused INTEGER NOT NULL, pause_reason TEXT, retention_days INTEGER NOT NULL,"
    " retention_bytes INTEGER NOT NULL, locked INTEGER NOT NULL, created_us INTEGER NOT NULL,"
    " removed_us INTEGER NOT NULL) STRICT;"
    "CREATE INDEX cameras_by_location ON cameras(location);"
    "CREATE TABLE accounts (id BLOB PRIMARY KEY, name TEXT NOT NULL UNIQUE, role TEXT NOT NULL,"
    " password TEXT NOT NULL, language TEXT NOT NULL, disabled INTEGER NOT NULL,"
    " created_us INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE TABLE sessions (hash BLOB PRIMARY KEY,"
    " account BLOB NOT NULL REFERENCES accounts(id) ON DELETE CASCADE, device TEXT NOT NULL,"
    " created_us INTEGER NOT NULL, used_us INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE INDEX sessions_by_account ON sessions(account);"
    "CREATE TABLE tokens (id BLOB PRIMARY KEY, hash BLOB NOT NULL UNIQUE, role TEXT NOT NULL,"
    " purpose TEXT NOT NULL, created_by BLOB, created_us INTEGER NOT NULL,"
    " expires_us INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
    "INSERT INTO cameras VALUES (1, x'42000000000000000000000000000007', NULL, 'Cổng chợ',"
    " 'commune', 'rtsp://10.0.0.7/main', NULL, NULL, NULL, 0, 0, NULL, 0, 0, 0, 5, 0);"
    "PRAGMA application_id = 0x56674c75; PRAGMA user_version = 1;";

static void a_catalog_of_version_1_is_brought_up_with_its_rows(void **state)
{
    Fixture *fixture = *state;
    run_sql(fixture->path, version_1);
    g_autoptr(Catalog) catalog = open_well(fixture->path);
    g_autoptr(CatalogDb) db = catalog_read(catalog, NULL);
    Uuid id = uuid_of(7);
    g_autoptr(CameraRow) row = cameras_get(db, &id, NULL);
    assert_non_null(row);
    assert_string_equal(row->name, "Cổng chợ");
    assert_int_equal(row->created_us, 5);
}

static void a_damaged_catalog_says_to_rebuild_it(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *noise = g_strnfill(16384, 'x');
    assert_true(file_write_atomic(fixture->path, noise, 16384, 0640, NULL));
    g_autoptr(GError) error = NULL;
    assert_null(catalog_open(fixture->path, &error));
    assert_true(g_error_matches(error, ERR, ERR_CORRUPT));
    assert_non_null(strstr(error->message, "vonglau catalog rebuild"));
}

/* ---- damaged while it is open ---- */

static Catalog *open_with_source(const Fixture *fixture, const CatalogSource *source)
{
    Catalog *catalog = open_well(fixture->path);
    catalog_mend_from(catalog, source, 1);
    assert_true(catalog_write_wait(catalog, put_setting, (char *)"before", NULL));
    assert_true(has_setting(catalog, "before"));
    return catalog;
}

static void overwrite(const char *path, const char *suffix, size_t from)
{
    g_autofree char *name = g_strconcat(path, suffix, NULL);
    int fd = open(name, O_WRONLY | O_CLOEXEC);
    off_t size = lseek(fd, 0, SEEK_END);
    g_autofree char *noise = g_strnfill((gsize)size, 'x');
    if (size > (off_t)from)
        assert_int_equal(pwrite(fd, noise, (size_t)size - from, (off_t)from), size - (off_t)from);
    close(fd);
}

static bool is_whole(Catalog *catalog)
{
    g_autoptr(CatalogDb) db = catalog_read(catalog, NULL);
    g_autoptr(GPtrArray) rows = db ? cameras_list(db, NULL) : NULL;
    return rows != NULL;
}

static void a_catalog_damaged_while_open_is_made_anew_and_the_write_succeeds(void **state)
{
    Fixture *fixture = *state;
    const CatalogSource source = {put_setting, (char *)"from the files"};
    g_autoptr(Catalog) catalog = open_with_source(fixture, &source);
    overwrite(fixture->path, "", 100);
    overwrite(fixture->path, "-wal", 0);
    assert_false(is_whole(catalog)); /* whoever reads it finds out, and nobody needs to write */
    for (int i = 0; i < 400 && !is_whole(catalog); i++)
        g_usleep(50000);
    assert_true(is_whole(catalog));
    assert_true(catalog_write_wait(catalog, put_setting, (char *)"after", NULL));
    assert_true(has_setting(catalog, "from the files"));
    assert_true(has_setting(catalog, "after"));
    assert_false(has_setting(catalog, "before"));
}

static void a_catalog_deleted_while_open_is_made_anew_with_the_next_write(void **state)
{
    Fixture *fixture = *state;
    const CatalogSource source = {put_setting, (char *)"from the files"};
    g_autoptr(Catalog) catalog = open_with_source(fixture, &source);
    assert_int_equal(unlink(fixture->path), 0);
    assert_true(catalog_write_wait(catalog, put_setting, (char *)"after", NULL));
    assert_true(has_setting(catalog, "from the files"));
    assert_true(has_setting(catalog, "after"));
    assert_true(g_file_test(fixture->path, G_FILE_TEST_EXISTS));
}

static void a_catalog_that_others_found_damaged_is_made_anew(void **state)
{
    Fixture *fixture = *state;
    const CatalogSource source = {put_setting, (char *)"from the files"};
    g_autoptr(Catalog) catalog = open_with_source(fixture, &source);
    catalog_tell_damaged(catalog);
    assert_true(catalog_write_wait(catalog, put_setting, (char *)"after", NULL));
    assert_true(has_setting(catalog, "from the files"));
    assert_false(has_setting(catalog, "before"));
}

static bool fail_to_fill(CatalogDb *db, void *data, GError **error)
{
    return err_set(error, ERR_IO, "on purpose");
}

static void a_catalog_that_cannot_be_made_anew_stays_as_it_is(void **state)
{
    Fixture *fixture = *state;
    const CatalogSource source = {fail_to_fill, NULL};
    g_autoptr(Catalog) catalog = open_with_source(fixture, &source);
    assert_int_equal(unlink(fixture->path), 0);
    assert_true(catalog_write_wait(catalog, put_setting, (char *)"after", NULL));
    assert_true(has_setting(catalog, "before")); /* the file that has no name any more */
}

static void a_database_of_another_program_is_left_alone(void **state)
{
    Fixture *fixture = *state;
    run_sql(fixture->path, "CREATE TABLE theirs (a)");
    g_autoptr(GError) error = NULL;
    assert_null(catalog_open(fixture->path, &error));
    assert_true(g_error_matches(error, ERR, ERR_CORRUPT));
    assert_non_null(strstr(error->message, "other program"));
}

/* Writes settings and says each name on `to` once it is durable, until it is killed. */
static void write_for_ever(const char *path, int to)
{
    Catalog *catalog = catalog_open(path, NULL);
    for (unsigned i = 0;; i++) {
        g_autofree char *name = g_strdup_printf("%u", i);
        if (!catalog || !catalog_write_wait(catalog, put_setting, name, NULL) ||
            write(to, &i, sizeof i) != sizeof i)
            _exit(1);
    }
}

static void what_was_durable_survives_a_kill(void **state)
{
    Fixture *fixture = *state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0)
        write_for_ever(fixture->path, ends[1]);
    close(ends[1]);
    unsigned last = 0, number;
    while (last < 50 && read(ends[0], &number, sizeof number) == sizeof number)
        last = number;
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    while (read(ends[0], &number, sizeof number) == sizeof number)
        last = number;
    close(ends[0]);
    assert_true(last >= 50);
    g_autoptr(Catalog) catalog = open_well(fixture->path);
    for (unsigned i = 0; i <= last; i++) {
        g_autofree char *name = g_strdup_printf("%u", i);
        assert_true(has_setting(catalog, name));
    }
}

static bool limit_pages(CatalogDb *db, void *sql, GError **error)
{
    return db_exec(db, sql, error);
}

static bool put_a_mebibyte(CatalogDb *db, void *name, GError **error)
{
    g_autofree char *text = g_strnfill(1 << 20, 'x');
    return settings_put(db, name, text, error);
}

static void a_full_disk_is_told_and_loses_nothing_that_was_durable(void **state)
{
    Fixture *fixture = *state;
    g_autoptr(Catalog) catalog = open_well(fixture->path);
    assert_true(catalog_write_wait(catalog, put_setting, (void *)"before", NULL));
    assert_true(
        catalog_write_wait(catalog, limit_pages, (void *)"PRAGMA max_page_count = 100", NULL));
    g_autoptr(GError) error = NULL;
    assert_false(catalog_write_wait(catalog, put_a_mebibyte, (void *)"large", &error));
    assert_int_equal(error->code, ERR_FULL);
    assert_non_null(strstr(error->message, "free some space"));
    assert_true(has_setting(catalog, "before"));
    assert_false(has_setting(catalog, "large"));
    assert_true(
        catalog_write_wait(catalog, limit_pages, (void *)"PRAGMA max_page_count = 100000", NULL));
    assert_true(catalog_write_wait(catalog, put_a_mebibyte, (void *)"large", NULL));
    assert_true(has_setting(catalog, "large"));
}

static bool put_camera(CatalogDb *db, void *row, GError **error)
{
    return cameras_put(db, row, error);
}

static void a_camera_reads_back_as_it_was_put(void **state)
{
    Fixture *fixture = *state;
    g_autoptr(Catalog) catalog = open_well(fixture->path);
    CameraRow put = {
        .id = uuid_of(1),
        .name = (char *)"Cổng chợ",
        .owner = (char *)"commune",
        .url = (char *)"rtsp://10.0.0.7/main",
        .sub_url = (char *)"rtsp://10.0.0.7/sub",
        .user = (char *)"admin",
        .secret = (char *)"sealed",
        .fingerprint = (char *)"00aa",
        .transport = (char *)"udp",
        .pause_reason = (char *)"repair",
        .audio = true,
        .record_sub = true,
        .view_off = true,
        .onvif = (char *)"http://10.0.0.7/onvif",
        .heading_deg = 270,
        .fov_deg = 78,
        .reach_m = 45,
        .height_cm = 450,
        .connections = 16,
        .paused = true,
        .locked = true,
        .retention_days = 14,
        .retention_bytes = INT64_C(1) << 40,
        .created_us = 3,
        .removed_us = 4,
    };
    assert_true(catalog_write_wait(catalog, put_camera, &put, NULL));
    g_autoptr(CatalogDb) db = catalog_read(catalog, NULL);
    g_autoptr(CameraRow) got = cameras_get(db, &put.id, NULL);
    assert_true(uuid_equal(&got->id, &put.id) && uuid_is_nil(&got->location));
    assert_string_equal(got->name, put.name);
    assert_string_equal(got->sub_url, put.sub_url);
    assert_string_equal(got->secret, put.secret);
    assert_string_equal(got->fingerprint, put.fingerprint);
    assert_string_equal(got->transport, put.transport);
    assert_string_equal(got->onvif, put.onvif);
    assert_int_equal(got->connections, 16);
    assert_int_equal(got->heading_deg, 270);
    assert_int_equal(got->fov_deg, 78);
    assert_int_equal(got->reach_m, 45);
    assert_int_equal(got->height_cm, 450);
    assert_string_equal(got->pause_reason, put.pause_reason);
    assert_true(got->audio && got->record_sub && got->view_off && got->paused && got->locked);
    assert_int_equal(got->retention_days, 14);
    assert_int_equal(got->retention_bytes, INT64_C(1) << 40);
    assert_int_equal(got->removed_us, 4);
}

static void a_camera_on_a_location_that_is_not_there_is_refused(void **state)
{
    Fixture *fixture = *state;
    g_autoptr(Catalog) catalog = open_well(fixture->path);
    CameraRow put = {.id = uuid_of(1),
                     .location = uuid_of(9),
                     .name = (char *)"a",
                     .owner = (char *)"commune",
                     .url = (char *)"rtsp://a/"};
    g_autoptr(GError) error = NULL;
    assert_false(catalog_write_wait(catalog, put_camera, &put, &error));
    assert_true(g_error_matches(error, ERR, ERR_EXISTS));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(what_was_waited_for_can_be_read_and_is_there_after_reopening),
        TEST(a_new_catalog_is_closed_to_others),
        TEST(a_write_that_fails_is_undone_and_spares_the_others_of_its_group),
        TEST(writes_handed_over_are_durable_within_the_group_time),
        TEST(closing_commits_what_was_handed_over),
        TEST(a_read_sees_one_moment_while_others_write),
        TEST(more_readers_than_connections_take_turns),
        TEST(a_catalog_of_a_newer_version_is_refused_with_what_to_do),
        TEST(a_catalog_of_version_1_is_brought_up_with_its_rows),
        TEST(a_damaged_catalog_says_to_rebuild_it),
        TEST(a_catalog_damaged_while_open_is_made_anew_and_the_write_succeeds),
        TEST(a_catalog_deleted_while_open_is_made_anew_with_the_next_write),
        TEST(a_catalog_that_others_found_damaged_is_made_anew),
        TEST(a_catalog_that_cannot_be_made_anew_stays_as_it_is),
        TEST(a_database_of_another_program_is_left_alone),
        TEST(a_full_disk_is_told_and_loses_nothing_that_was_durable),
        TEST(what_was_durable_survives_a_kill),
        TEST(a_camera_reads_back_as_it_was_put),
        TEST(a_camera_on_a_location_that_is_not_there_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
