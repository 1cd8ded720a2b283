/* Rows of reports: which are listed, and what their pictures take. */
#include "catalog/db.h"
#include "catalog/migrations.h"
#include "catalog/report_files.h"
#include "catalog/reports.h"
#include "scratch.h"
#include "unit.h"

#include <string.h>

typedef struct Fixture {
    char *folder, *path;
    CatalogDb *db;
} Fixture;

static int setup(void **state)
{
    Fixture *fixture = g_new0(Fixture, 1);
    fixture->folder = scratch_new();
    fixture->path = g_build_filename(fixture->folder, "catalog.db", NULL);
    catalog_close(catalog_open(fixture->path, NULL));
    fixture->db = db_open(fixture->path, DB_WRITE, NULL);
    *state = fixture;
    return fixture->db ? 0 : -1;
}

static int teardown(void **state)
{
    Fixture *fixture = *state;
    db_close(fixture->db);
    scratch_remove(fixture->folder);
    g_free(fixture->path);
    g_free(fixture);
    return 0;
}

static void add(CatalogDb *db, uint8_t number, const char *kind, const char *state)
{
    g_autoptr(ReportRow) row = report_row_new();
    row->id = uuid_of(number);
    row->key = uuid_of((uint8_t)(number + 100));
    row->year = 2026;
    row->told_us = number;
    g_free(row->kind);
    g_free(row->state);
    row->kind = g_strdup(kind);
    row->state = g_strdup(state);
    assert_true(reports_add(db, row, NULL));
}

/* The last letters of when each was told, "31" for the third and the first. Owned. */
static char *listed(CatalogDb *db, const ReportQuery *asked)
{
    GString *told = g_string_new(NULL);
    g_autoptr(GPtrArray) rows = reports_list(db, asked, NULL);
    assert_non_null(rows);
    for (guint i = 0; i < rows->len; i++)
        g_string_append_printf(told, "%d", (int)((const ReportRow *)rows->pdata[i])->told_us);
    return g_string_free(told, FALSE);
}

static void assert_listed(CatalogDb *db, ReportQuery asked, const char *wanted)
{
    asked.to_us = asked.to_us ? asked.to_us : INT64_MAX;
    asked.limit = asked.limit ? asked.limit : 100;
    g_autofree char *found = listed(db, &asked);
    assert_string_equal(found, wanted);
}

static void reports_are_listed_by_state_kind_and_time(void **state)
{
    CatalogDb *db = ((Fixture *)*state)->db;
    static const char *const open[] = {"new", "taken", NULL}, *const fresh[] = {"new", NULL},
                             *const none[] = {"ne", "aken", "", NULL};
    add(db, 1, "fight", "new");
    add(db, 2, "theft", "taken");
    add(db, 3, "fight", "answered");
    add(db, 4, "fight", "new");
    assert_listed(db, (ReportQuery){0}, "4321");
    assert_listed(db, (ReportQuery){.states = open}, "421");
    assert_listed(db, (ReportQuery){.states = fresh}, "41");
    assert_listed(db, (ReportQuery){.states = none}, "");
    assert_listed(db, (ReportQuery){.kind = "fight"}, "431");
    assert_listed(db, (ReportQuery){.kind = "fight", .states = open, .limit = 1}, "4");
    assert_listed(db, (ReportQuery){.from_us = 2, .to_us = 4}, "32");
    assert_listed(db, (ReportQuery){.wishing = true}, "");
}

static int64_t taken(CatalogDb *db)
{
    int64_t bytes = -1;
    assert_true(report_files_bytes(db, &bytes, NULL));
    return bytes;
}

static void add_file(CatalogDb *db, uint8_t report, uint8_t mark, int64_t bytes)
{
    const Uuid id = uuid_of(report);
    ReportFileRow row = {.bytes = bytes, .type = "image/jpeg"};
    memset(row.sha256, mark, sizeof row.sha256);
    assert_true(report_files_add(db, &id, &row, NULL));
}

static void what_pictures_take_is_known_as_they_come_and_go(void **state)
{
    CatalogDb *db = ((Fixture *)*state)->db;
    add(db, 1, "fight", "new");
    add(db, 2, "fight", "new");
    assert_int_equal(taken(db), 0);
    add_file(db, 1, 'a', 1000);
    add_file(db, 1, 'b', 200);
    add_file(db, 2, 'c', 30);
    assert_int_equal(taken(db), 1230);
    assert_true(db_exec(db, "DELETE FROM report_files WHERE report = 1", NULL));
    assert_int_equal(taken(db), 30);
    assert_true(db_exec(db, "BEGIN; DELETE FROM report_files; ROLLBACK", NULL));
    assert_int_equal(taken(db), 30);
}

/* ---- of an older version ---- */

static void add_taken(CatalogDb *db, int number, int64_t rose_us)
{
    g_autofree char *sql = g_strdup_printf(
        "INSERT INTO reports (id, year, seq, kind, source, state, told_us, from_us, to_us,"
        " span_words, has_place, latitude, longitude, where_text, text, vneid, reporter, phone,"
        " secret, taken_us, answer, answered_us, joined, hold_waits, rose_us)"
        " VALUES (randomblob(16), 2025, %d, 'fight', 'resident', 'taken', 1, 1, 2, '', 0, 0, 0,"
        " '', '', '', '', '', x'', 10, '', 0, 0, 0, %" G_GINT64_FORMAT ")",
        number, rose_us);
    assert_true(db_exec(db, sql, NULL));
}

static unsigned left_behind(CatalogDb *db)
{
    static const char *const none[] = {NULL};
    g_autoptr(GPtrArray) rows = reports_unanswered(db, "taken", 1000, none, 100, NULL);
    assert_non_null(rows);
    return rows->len;
}

static void what_was_left_before_anybody_was_told_of_it_does_not_rise_all_at_once(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *path = g_build_filename(fixture->folder, "older.db", NULL);
    CatalogDb *db = db_open(path, DB_WRITE, NULL);
    assert_non_null(db);
    assert_true(migrations_run_to(db, 46, NULL));
    add_taken(db, 1, 0);
    add_taken(db, 2, 5); /* before it was taken */
    assert_int_equal(left_behind(db), 2);
    assert_true(migrations_run(db, NULL));
    assert_int_equal(left_behind(db), 0);
    assert_true(db_exec(db, "UPDATE reports SET taken_us = 20 WHERE seq = 1", NULL));
    assert_int_equal(left_behind(db), 1); /* who takes it now has to answer it */
    db_close(db);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(reports_are_listed_by_state_kind_and_time),
        TEST(what_pictures_take_is_known_as_they_come_and_go),
        TEST(what_was_left_before_anybody_was_told_of_it_does_not_rise_all_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
