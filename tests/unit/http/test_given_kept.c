/* How long what households gave is kept: what the family, the officer, the audit log and the
 * register are told of it. The request of a story is over after two days. */
#include "api_ask.h"
#include "audit_rows.h"
#include "base/clock.h"
#include "base/time_text.h"
#include "casework/given_keep.h"
#include "given_story.h"
#include "household/given_marks.h"
#include "http/given_notice.h"
#include "unit.h"

#include <glib/gstdio.h>
#include <string.h>

#define PAGE_ROOM INT64_C(2147483648)

/* As the server looks every some minutes; what it deletes stands in the audit log. */
static void look(House *house)
{
    GivenKeep keep = {.catalog = house->catalog,
                      .site = house->site,
                      .archive = house->archive,
                      .desk = house->households,
                      .told = given_notice_tell,
                      .data = &house->api};
    given_keep_look(&keep);
}

static void look_after(House *house, int64_t us)
{
    pass_time(us);
    look(house);
}

static char *path_of(const House *house, const Story *story, const char *file)
{
    g_autofree char *name = g_strconcat("given-", file, NULL);
    return g_build_filename(house->folder, "household", story->household, name, NULL);
}

static bool is_on_disk(const House *house, const Story *story, const char *file)
{
    g_autofree char *path = path_of(house, story, file);
    return g_file_test(path, G_FILE_TEST_EXISTS);
}

/* What the family sees of its first file: "" where it is not told. Owned. */
static char *page_tells(House *house, const Story *story, const char *name)
{
    g_autoptr(Json) page = by_link(house, &story->link, API_GET, "", NULL, 200);
    return g_strdup(text_of(json_array_get(json_object_get(page, "files"), 0), name));
}

/* A session ends after some days. Owned. */
static char *officer_of(House *house, const Story *story)
{
    g_auto(ApiResponse) answer = {0};
    house_ask(house, story->officer, "GET /api/v1/me", NULL, &answer);
    return answer.status == 200 ? g_strdup(story->officer) : house_session(house, ROLE_OFFICER);
}

/* The same of an officer. */
static char *officer_is_told(House *house, const Story *story, const char *name)
{
    g_autofree char *officer = officer_of(house, story);
    g_autoptr(Json) seen = given_seen(house, officer, story->request);
    return g_strdup(text_of(json_array_get(given_files(seen), 0), name));
}

static void both_are_told(House *house, const Story *story, const char *name, const char *value)
{
    g_autofree char *family = page_tells(house, story, name),
                    *officer = officer_is_told(house, story, name);
    assert_string_equal(family, value);
    assert_string_equal(officer, value);
}

static unsigned expiries(House *house, const char *file, const char *number)
{
    unsigned count = 0;
    assert_true(audit_flush(house->audit, NULL));
    g_autoptr(GPtrArray) rows = audit_rows(house->audit, 200);
    for (guint i = 0; i < rows->len; i++) {
        const AuditRow *row = rows->pdata[i];
        if (strcmp(row->action, "household-file-expire") != 0)
            continue;
        assert_string_equal(row->object, file);
        assert_string_equal(row->reason, number);
        count++;
    }
    return count;
}

static int fetch(House *house, const Story *story, const char *file)
{
    g_autofree char *officer = officer_of(house, story),
                    *what = g_strconcat("GET /api/v1/household-files/", file, NULL);
    g_auto(ApiResponse) answer = {0};
    house_ask(house, officer, what, NULL, &answer);
    return answer.status;
}

static void set_days(House *house, const char *body, int status)
{
    g_autofree char *admin = house_session(house, ROLE_ADMIN);
    json_decref(ask(house, admin, "PATCH /site", "PATCH /api/v1/site", body, status));
}

static void while_a_case_is_worked_on_nothing_of_it_goes(void **state)
{
    House *house = *state;
    g_auto(Story) story = begin_story(house);
    g_autofree char *file = give(house, story.officer, story.request, &story.link);
    look_after(house, 100 * DAY_US);
    assert_true(is_on_disk(house, &story, file));
    both_are_told(house, &story, "kept_until", "");
    both_are_told(house, &story, "deleted_at", "");
    assert_int_equal(fetch(house, &story, file), 200);
}

static void a_film_of_a_case_that_is_over_goes_thirty_days_after_the_request_and_all_are_told(
    void **state)
{
    House *house = *state;
    char until[TIME_TEXT], gone[TIME_TEXT];
    int64_t began_us = clock_now_us();
    g_auto(Story) story = begin_story(house);
    g_autofree char *file = give(house, story.officer, story.request, &story.link);
    case_is_let_go(house, story.number);
    both_are_told(house, &story, "kept_until", time_text(began_us + 32 * DAY_US, until));
    look_after(house, 32 * DAY_US - HOUR_US);
    assert_true(is_on_disk(house, &story, file));
    look_after(house, 2 * HOUR_US);
    assert_false(is_on_disk(house, &story, file));
    both_are_told(house, &story, "kept_until", "");
    both_are_told(house, &story, "deleted_at", time_text(clock_now_us(), gone));
    assert_int_equal(fetch(house, &story, file), 404);
    look_after(house, DAY_US);
    assert_int_equal(expiries(house, file, story.number), 1);
    g_autoptr(Json) page = by_link(house, &story.link, API_GET, "", NULL, 200);
    assert_int_equal(json_integer_value(json_object_get(page, "room")), PAGE_ROOM);
    json_decref(by_link(house, &story.link, API_DELETE, "/files/1", NULL, 404));
}

static void a_case_that_is_over_later_counts_from_then(void **state)
{
    House *house = *state;
    g_auto(Story) story = begin_story(house);
    g_autofree char *file = give(house, story.officer, story.request, &story.link);
    pass_time(40 * DAY_US);
    case_is_let_go(house, story.number);
    look_after(house, 29 * DAY_US);
    assert_true(is_on_disk(house, &story, file));
    look_after(house, 2 * DAY_US);
    assert_false(is_on_disk(house, &story, file));
}

static void keep_as_evidence(House *house, const Story *story, const char *file)
{
    g_autofree char *what = g_strdup_printf("POST /api/v1/household-files/%s/evidence", file);
    json_decref(ask(house, story->officer, "POST /household-files/{id}/evidence", what, NULL, 204));
}

static void evidence_of_the_case_stays(void **state)
{
    House *house = *state;
    g_auto(Story) story = begin_story(house);
    g_autofree char *file = give(house, story.officer, story.request, &story.link);
    keep_as_evidence(house, &story, file);
    case_is_let_go(house, story.number);
    look_after(house, 3000 * DAY_US);
    assert_true(is_on_disk(house, &story, file));
    both_are_told(house, &story, "kept_until", "");
    assert_int_equal(fetch(house, &story, file), 200);
}

static void the_site_says_how_long_within_bounds(void **state)
{
    House *house = *state;
    char until[TIME_TEXT];
    int64_t began_us = clock_now_us();
    g_auto(Story) story = begin_story(house);
    g_autofree char *file = give(house, story.officer, story.request, &story.link);
    case_is_let_go(house, story.number);
    set_days(house, "{\"given_keep_days\":0}", 400);
    set_days(house, "{\"given_keep_days\":366}", 400);
    g_autofree char *admin = house_session(house, ROLE_ADMIN);
    ask_by_two(house, admin, "PATCH /site", "PATCH /api/v1/site", "{\"given_keep_days\":5}");
    both_are_told(house, &story, "kept_until", time_text(began_us + 7 * DAY_US, until));
    look_after(house, 8 * DAY_US);
    assert_false(is_on_disk(house, &story, file));
}

/* Somebody may have set it wrong, and what is deleted never comes back. */
static void a_clock_that_jumps_or_is_set_back_deletes_nothing(void **state)
{
    House *house = *state;
    g_auto(Story) story = begin_story(house);
    g_autofree char *file = give(house, story.officer, story.request, &story.link);
    case_is_let_go(house, story.number);
    look(house);
    int64_t mono_us = clock_mono_us(), wall_us = clock_wall_us();
    clock_test_set(mono_us + HOUR_US, wall_us + 100 * DAY_US);
    clock_tick();
    look(house);
    assert_true(is_on_disk(house, &story, file));
    clock_test_set(mono_us + 2 * HOUR_US, wall_us - 100 * DAY_US);
    clock_tick();
    look(house);
    assert_true(is_on_disk(house, &story, file));
}

/* The row says that it is gone, and the server dies before the file is. */
static void what_a_kill_left_of_a_film_that_went_by_age_goes_at_the_next_start(void **state)
{
    House *house = *state;
    g_auto(Story) story = begin_story(house);
    g_autofree char *file = give(house, story.officer, story.request, &story.link),
                    *name = g_strconcat("given-", file, NULL),
                    *folder = g_build_filename(house->folder, "household", NULL),
                    *path = g_build_filename(folder, story.household, name, NULL);
    case_is_let_go(house, story.number);
    look_after(house, 40 * DAY_US);
    assert_true(g_file_set_contents(path, film, FILM_BYTES, NULL));
    household_desk_free(house->households);
    house->api.households = house->households = household_desk_new(house->catalog, folder);
    assert_false(is_on_disk(house, &story, file));
}

static void what_the_disk_does_not_let_go_of_stops_no_other_and_goes_without_a_restart(void **state)
{
    House *house = *state;
    g_auto(Story) one = begin_story(house), other = begin_story(house);
    g_autofree char *stuck = give(house, one.officer, one.request, &one.link),
                    *file = give(house, other.officer, other.request, &other.link),
                    *path = path_of(house, &one, stuck);
    case_is_let_go(house, one.number);
    case_is_let_go(house, other.number);
    assert_int_equal(g_unlink(path), 0);
    assert_int_equal(g_mkdir(path, 0700), 0); /* what unlink() refuses */
    look_after(house, 40 * DAY_US);
    assert_true(is_on_disk(house, &one, stuck));
    assert_false(is_on_disk(house, &other, file));
    assert_int_equal(g_rmdir(path), 0);
    assert_true(g_file_set_contents(path, film, FILM_BYTES, NULL));
    look(house);
    assert_false(is_on_disk(house, &one, stuck));
}

/* As a copy of the catalog has it that is older than the mark. */
static bool forget_mark(CatalogDb *db, void *data, GError **error)
{
    HouseholdFileRow row;
    Uuid file, household, request;
    g_autofree char *number = NULL;
    if (!uuid_parse(data, &file) ||
        !household_files_get(db, &file, &row, &household, &request, &number, error))
        return false;
    row.evidence_us = 0;
    return household_files_put(db, &row, error);
}

static void what_was_kept_after_the_copy_of_a_lost_catalog_is_evidence_again(void **state)
{
    House *house = *state;
    g_auto(Story) story = begin_story(house), other = begin_story(house);
    g_autofree char *file = give(house, story.officer, story.request, &story.link),
                    *free = give(house, other.officer, other.request, &other.link),
                    *audit = g_build_filename(house->folder, "ledger", "audit", NULL);
    LastCopy copy = {.at_us = clock_now_us()};
    GivenMarks marks = {.audit = audit, .copy = &copy};
    pass_time(HOUR_US);
    keep_as_evidence(house, &story, file);
    case_is_let_go(house, story.number);
    case_is_let_go(house, other.number);
    assert_true(audit_flush(house->audit, NULL));
    assert_true(catalog_write_wait(house->catalog, forget_mark, file, NULL));
    assert_true(catalog_write_wait(house->catalog, given_marks_rows, &marks, NULL));
    assert_int_equal(marks.kept, 1);
    look_after(house, 400 * DAY_US);
    assert_true(is_on_disk(house, &story, file));
    assert_false(is_on_disk(house, &other, free));
}

static void the_register_names_the_period(void **state)
{
    House *house = *state;
    size_t i;
    Json *kind;
    int64_t days = 0;
    set_days(house, "{\"given_keep_days\":45}", 200);
    g_autofree char *admin = house_session(house, ROLE_ADMIN);
    g_autoptr(Json) all =
        ask(house, admin, "GET /privacy/register", "GET /api/v1/privacy/register", NULL, 200);
    json_array_foreach(json_object_get(all, "kinds"), i,
                       kind) if (strcmp(text_of(kind, "kind"), "household-files") == 0) days =
        json_integer_value(json_object_get(kind, "keep_days"));
    assert_int_equal(days, 45);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, stop_time, start_time)
    const struct CMUnitTest tests[] = {
        TEST(while_a_case_is_worked_on_nothing_of_it_goes),
        TEST(a_film_of_a_case_that_is_over_goes_thirty_days_after_the_request_and_all_are_told),
        TEST(a_case_that_is_over_later_counts_from_then),
        TEST(evidence_of_the_case_stays),
        TEST(the_site_says_how_long_within_bounds),
        TEST(a_clock_that_jumps_or_is_set_back_deletes_nothing),
        TEST(what_a_kill_left_of_a_film_that_went_by_age_goes_at_the_next_start),
        TEST(what_the_disk_does_not_let_go_of_stops_no_other_and_goes_without_a_restart),
        TEST(what_was_kept_after_the_copy_of_a_lost_catalog_is_evidence_again),
        TEST(the_register_names_the_period),
    };
    return cmocka_run_group_tests(tests, read_document, drop_document);
}
