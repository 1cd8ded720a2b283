/* Numbers of cases, reports and packages: none is given twice, not even when the catalog comes back
 * from a copy that is older than the newest of them. */
#include "base/file.h"
#include "catalog/db.h"
#include "catalog/numbers.h"
#include "scratch.h"
#include "unit.h"

typedef struct Fixture {
    char *folder, *path, *file;
    CatalogDb *db;
} Fixture;

static int set_up(void **state)
{
    Fixture *fixture = g_new0(Fixture, 1);
    fixture->folder = scratch_new();
    fixture->path = g_build_filename(fixture->folder, "catalog.db", NULL);
    fixture->file = g_build_filename(fixture->folder, "numbers", NULL);
    catalog_close(catalog_open(fixture->path, NULL));
    fixture->db = db_open(fixture->path, DB_WRITE, NULL);
    *state = fixture;
    return fixture->db ? 0 : -1;
}

static int tear_down(void **state)
{
    Fixture *fixture = *state;
    db_close(fixture->db);
    scratch_remove(fixture->folder);
    g_free(fixture->path);
    g_free(fixture->file);
    g_free(fixture);
    return 0;
}

static int next(const Fixture *fixture, Numbered kind, int year, uint8_t row)
{
    int seq = 0;
    Uuid id = uuid_of(row);
    g_autoptr(GError) error = NULL;
    if (!numbers_next(fixture->db, kind, year, &id, &seq, &error))
        fail_msg("%s", error->message);
    return seq;
}

/* As a case of `year` with that number, which the catalog knows. */
static void insert_case(const Fixture *fixture, int year, int seq)
{
    g_auto(Query) query = query_begin(
        fixture->db,
        "INSERT INTO cases (id, year, seq, key, opened_us, opened_by, kind, title,"
        " state, state_us, outcome, document, answer, where_text, from_us, to_us, footage_us,"
        " overdue_us, revision, has_place, latitude, longitude)"
        " VALUES (randomblob(16), ?, ?, NULL, 1, randomblob(16), 'other', '', 'new',"
        " 1, '', '', '', '', 1, 2, 0, 0, 0, 0, 0, 0)");
    query_int(&query, year);
    query_int(&query, seq);
    g_autoptr(GError) error = NULL;
    if (!query_run(&query, &error))
        fail_msg("%s", error->message);
}

static void what_the_catalog_has_lost_is_not_given_again(void **state)
{
    const Fixture *fixture = *state;
    assert_int_equal(next(fixture, NUMBERED_PACKAGE, 2026, 1), 1);
    assert_int_equal(next(fixture, NUMBERED_PACKAGE, 2026, 2), 2); /* the row of 1 is not there */
    assert_int_equal(next(fixture, NUMBERED_PACKAGE, 2027, 3), 1);
    assert_int_equal(next(fixture, NUMBERED_REPORT, 2026, 4), 1);
    assert_int_equal(next(fixture, NUMBERED_PACKAGE, 2026, 5), 3);
}

static void a_write_that_runs_twice_takes_one_number(void **state)
{
    const Fixture *fixture = *state;
    assert_int_equal(next(fixture, NUMBERED_CASE, 2026, 1), 1);
    assert_int_equal(next(fixture, NUMBERED_CASE, 2026, 1), 1);
    insert_case(fixture, 2026, 1);
    assert_int_equal(next(fixture, NUMBERED_CASE, 2026, 2), 2);
}

static void without_the_file_the_catalog_counts(void **state)
{
    const Fixture *fixture = *state;
    insert_case(fixture, 2026, 41);
    assert_int_equal(next(fixture, NUMBERED_CASE, 2026, 1), 42);
    assert_int_equal(unlink(fixture->file), 0);
    assert_int_equal(next(fixture, NUMBERED_CASE, 2026, 2), 42);
    const char noise[] = "case 2026 99 not-an-id\nnoise\ncase 2026 7 ";
    assert_true(file_write_atomic(fixture->file, noise, strlen(noise), 0600, NULL));
    assert_int_equal(next(fixture, NUMBERED_CASE, 2026, 3), 42);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_the_catalog_has_lost_is_not_given_again, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_write_that_runs_twice_takes_one_number, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(without_the_file_the_catalog_counts, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
