/* What households gave, in packages that are asked for in the app: what may go along, what a
 * household sees of it, and what happens when it changes its mind, or its file on the disk does. */
#include "audit_rows.h"
#include "base/clock.h"
#include "base/time_text.h"
#include "casework/package_desk.h"
#include "given_story.h"
#include "package_bench.h"
#include "unit.h"

#include <string.h>
#include <unistd.h>

/* A film that was given for the bench's case, and is kept as evidence. */
typedef struct Kept {
    Story story;
    char *file, *path;
} Kept;

static void kept_clear(Kept *kept)
{
    story_clear(&kept->story);
    g_free(kept->file);
    g_free(kept->path);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Kept, kept_clear)

static void keep(const PackageBench *bench, const char *file)
{
    g_autofree char *what = g_strdup_printf("POST /api/v1/household-files/%s/evidence", file);
    json_decref(
        ask(bench->house, bench->officer, "POST /household-files/{id}/evidence", what, NULL, 204));
}

static Kept kept_film(const PackageBench *bench)
{
    House *house = bench->house;
    Kept kept = {.story = story_begin_for(house, bench->officer, bench->number)};
    kept.file = give(house, bench->officer, kept.story.request, &kept.story.link);
    g_autofree char *name = g_strconcat("given-", kept.file, NULL);
    kept.path = g_build_filename(house->folder, "household", kept.story.household, name, NULL);
    keep(bench, kept.file);
    return kept;
}

static Json *ask_with(const PackageBench *bench, const char *session, const char *given, int status)
{
    char id[UUID_TEXT], from[TIME_TEXT], to[TIME_TEXT];
    g_autofree char *body = g_strdup_printf(
        "{\"case\":\"%s\",\"reason\":\"va chạm trước cổng chợ\",\"cameras\":[\"%s\"],"
        "\"from\":\"%s\",\"to\":\"%s\",\"given\":%s}",
        bench->number, uuid_text(&bench->house->camera, id), time_text(bench->from_us, from),
        time_text(bench->from_us + (BENCH_RECORDED_S - 2) * SECOND_US, to), given);
    return ask(bench->house, session, "POST /packages", "POST /api/v1/packages", body, status);
}

/* A package with the film; its id, owned. */
static char *asked(const PackageBench *bench, const Kept *kept)
{
    g_autofree char *list = g_strdup_printf("[\"%s\",\"%s\"]", kept->file, kept->file);
    g_autoptr(Json) made = ask_with(bench, bench->officer, list, 201);
    const Json *given = json_object_get(made, "given");
    assert_int_equal(json_array_size(given), 1); /* named twice, it goes once */
    const Json *one = json_array_get(given, 0);
    assert_string_equal(text_of(one, "file"), kept->file);
    assert_string_equal(text_of(one, "type"), "video/mp4");
    assert_true(json_is_false(json_object_get(one, "taken_back")));
    return g_strdup(text_of(made, "id"));
}

static void take_back(const PackageBench *bench, const Kept *kept)
{
    assert_null(by_link(bench->house, &kept->story.link, API_DELETE, "/files/1", NULL, 204));
}

/* Looks at the household's only file, as its page shows them, newest first; `*page` owns them. */
static const Json *looks_of(const PackageBench *bench, const Kept *kept, Json **page)
{
    *page = by_link(bench->house, &kept->story.link, API_GET, "", NULL, 200);
    return json_object_get(json_array_get(json_object_get(*page, "files"), 0), "looks");
}

static char *bytes_of(const PackageBench *bench, const char *id, gsize *size)
{
    char *bytes = NULL;
    g_autofree char *path = g_strdup_printf("%s/%s.zip", bench->folder, id);
    assert_true(g_file_get_contents(path, &bytes, size, NULL));
    return bytes;
}

static void assert_verified(const PackageBench *bench, const char *id)
{
    g_auto(VerifyReport) report;
    package_check_made(bench, id, &report);
    assert_int_equal(report.notes->len, 1);
    assert_true(g_str_has_prefix(report.notes->pdata[0],
                                 "household/01/given-1.mp4: given by household 01"));
}

static void it_goes_along_as_it_came_and_the_household_sees_that_and_each_hand_over(void **state)
{
    gsize size;
    PackageBench *bench = *state;
    g_auto(Kept) kept = kept_film(bench);
    g_autofree char *id = asked(bench, &kept);
    package_approve(bench, id);
    g_autoptr(Json) done = package_wait_for(bench, id, PACKAGE_DONE);
    assert_verified(bench, id);
    g_autofree char *bytes = bytes_of(bench, id, &size);
    assert_non_null(memmem(bytes, size, film, FILM_BYTES));
    assert_null(memmem(bytes, size, "Lò Thị B", strlen("Lò Thị B"))); /* whose it is */
    assert_null(memmem(bytes, size, kept.story.household, strlen(kept.story.household)));
    assert_null(memmem(bytes, size, "10.0.0.9", strlen("10.0.0.9"))); /* of their phone */
    const char *packed_line = memmem(bytes, size, "\"household-file-pack\"", 21);
    assert_non_null(packed_line); /* its custody tells who wanted that */
    json_decref(package_on(bench, bench->commander, "POST", "/copies", id, BENCH_BY_DOWNLOAD, 201));

    g_autoptr(Json) page = NULL;
    const Json *looks = looks_of(bench, &kept, &page);
    assert_int_equal(json_array_size(looks), 2);
    const Json *handed = json_array_get(looks, 0), *packed = json_array_get(looks, 1);
    assert_string_equal(text_of(packed, "act"), "package");
    assert_string_equal(text_of(packed, "role"), "officer"); /* who asked */
    assert_string_equal(text_of(packed, "case"), bench->number);
    assert_string_equal(text_of(packed, "package"), text_of(done, "number"));
    assert_string_equal(text_of(handed, "act"), "hand-over");
    assert_string_equal(text_of(handed, "role"), "commander");
    assert_true(g_str_has_suffix(text_of(handed, "package"), "/1"));
}

static void what_a_household_gave_goes_by_itself_where_no_camera_of_the_commune_saw_it(void **state)
{
    char from[TIME_TEXT], to[TIME_TEXT];
    PackageBench *bench = *state;
    g_auto(Kept) kept = kept_film(bench);
    time_text(bench->from_us, from);
    time_text(bench->from_us + 10 * SECOND_US, to);
    g_autofree char *head = g_strdup_printf("{\"case\":\"%s\",\"reason\":\"chỉ có hình hộ dân\","
                                            "\"cameras\":[],\"from\":\"%s\",\"to\":\"%s\"",
                                            bench->number, from, to);
    g_autofree char *none = g_strconcat(head, "}", NULL);
    json_decref(
        ask(bench->house, bench->officer, "POST /packages", "POST /api/v1/packages", none, 400));
    g_autofree char *body = g_strdup_printf("%s,\"given\":[\"%s\"]}", head, kept.file);
    g_autoptr(Json) made =
        ask(bench->house, bench->officer, "POST /packages", "POST /api/v1/packages", body, 201);
    const char *id = text_of(made, "id");
    package_approve(bench, id);
    g_autoptr(Json) done = package_wait_for(bench, id, PACKAGE_DONE);
    assert_int_equal(json_array_size(json_object_get(done, "cameras")), 0);
    assert_verified(bench, id);
    json_decref(package_on(bench, bench->officer, "POST", "/copies", id, BENCH_BY_DOWNLOAD, 201));
    json_decref(package_on(bench, bench->officer, "GET", "/days", id, NULL, 404));
}

static void only_what_was_kept_as_evidence_of_this_case_goes_along(void **state)
{
    PackageBench *bench = *state;
    House *house = bench->house;
    g_auto(Story) loose = story_begin_for(house, bench->officer, bench->number);
    g_autofree char *film_id = give(house, bench->officer, loose.request, &loose.link),
                    *list = g_strdup_printf("[\"%s\"]", film_id);
    json_decref(ask_with(bench, bench->officer, list, 400)); /* not kept yet */
    keep(bench, film_id);
    g_autofree char *admin = house_session(house, ROLE_ADMIN);
    json_decref(ask_with(bench, admin, list, 403)); /* may not see what households gave */
    json_decref(ask_with(bench, bench->officer, "[\"00000000-0000-4000-8000-000000000000\"]", 400));
    json_decref(ask_with(bench, bench->officer, "[\"../../etc/passwd\"]", 400));
    json_decref(ask_with(bench, bench->officer, "[7]", 400));
    g_autofree char *other_case = given_case(house, bench->officer);
    g_auto(Story) other = story_begin_for(house, bench->officer, other_case);
    g_autofree char *foreign = give(house, bench->officer, other.request, &other.link),
                    *of_other = g_strdup_printf("[\"%s\"]", foreign);
    keep(bench, foreign);
    json_decref(ask_with(bench, bench->officer, of_other, 400));
    g_autoptr(Json) made = ask_with(bench, bench->officer, list, 201);
    g_autofree char *what = g_strconcat("GET /api/v1/packages/", text_of(made, "id"), NULL);
    json_decref(ask(house, admin, "GET /packages/{id}", what, NULL, 404));
}

static void what_is_taken_back_before_the_approval_is_not_approved(void **state)
{
    PackageBench *bench = *state;
    g_auto(Kept) kept = kept_film(bench);
    g_autofree char *id = asked(bench, &kept);
    take_back(bench, &kept);
    g_autoptr(Json) refused =
        package_on(bench, bench->commander, "POST", "/approval", id, "{\"approve\":true}", 409);
    assert_string_equal(text_of(refused, "cause_code"), "taken-back");
    g_autoptr(Json) seen = package_on(bench, bench->officer, "GET", "", id, NULL, 200);
    const Json *one = json_array_get(json_object_get(seen, "given"), 0);
    assert_true(json_is_true(json_object_get(one, "taken_back")));
    json_decref(package_on(bench, bench->commander, "POST", "/approval", id,
                           "{\"approve\":false,\"words\":\"hộ dân đã rút\"}", 200));
    g_autofree char *list = g_strdup_printf("[\"%s\"]", kept.file);
    json_decref(ask_with(bench, bench->officer, list, 400));
}

static bool approve_row(CatalogDb *db, void *data, GError **error)
{
    g_autoptr(PackageRow) row = packages_get(db, data, error);
    assert_non_null(row);
    g_free(row->state);
    row->state = g_strdup(PACKAGE_WAITING);
    row->approved = true;
    row->decided_us = clock_now_us();
    return packages_put(db, row, error);
}

/* It is approved, and taken back before its turn comes. */
static void what_is_taken_back_before_the_making_fails_it_and_leaves_no_byte(void **state)
{
    Uuid package;
    PackageBench *bench = *state;
    g_auto(Kept) kept = kept_film(bench);
    g_autofree char *id = asked(bench, &kept);
    package_desk_close(bench->house->api.packages);
    assert_true(uuid_parse(id, &package));
    assert_true(catalog_write_wait(bench->house->catalog, approve_row, &package, NULL));
    take_back(bench, &kept);
    package_bench_open_desk(bench);
    g_autoptr(Json) failed = package_wait_for(bench, id, PACKAGE_FAILED);
    assert_string_equal(text_of(failed, "error"), "taken-back");
    assert_int_equal(package_files_of(bench, id), 0);
    g_autoptr(Json) page = NULL;
    assert_int_equal(json_array_size(looks_of(bench, &kept, &page)), 0); /* it went into nothing */
}

static void what_is_taken_back_afterwards_leaves_no_more_and_the_copy_that_left_is_told(
    void **state)
{
    PackageBench *bench = *state;
    g_auto(Kept) kept = kept_film(bench);
    g_autofree char *id = asked(bench, &kept);
    package_approve(bench, id);
    json_decref(package_wait_for(bench, id, PACKAGE_DONE));
    g_autoptr(Json) link = package_on(
        bench, bench->officer, "POST", "/copies", id,
        "{\"receiver\":\"Công an tỉnh\",\"medium\":\"link\",\"link\":{\"days\":3,\"downloads\":5}}",
        201);
    take_back(bench, &kept);
    json_decref(package_on(bench, bench->officer, "POST", "/copies", id, BENCH_BY_DOWNLOAD, 409));
    g_autofree char *body = g_strdup_printf("{\"secret\":\"%s\",\"download\":true}",
                                            text_of(link, "link") + strlen("/ban-giao#"));
    json_decref(ask(bench->house, NULL, "POST /public/handover", "POST /api/v1/public/handover",
                    body, 404));
    g_autoptr(Json) seen = package_on(bench, bench->officer, "GET", "", id, NULL, 200);
    assert_true(json_is_false(json_object_get(seen, "may_leave")));
    g_autoptr(Json) page = NULL;
    const Json *looks = looks_of(bench, &kept, &page);
    assert_string_equal(text_of(json_array_get(looks, 0), "act"), "hand-over");
}

/* The package that failed for this; nothing of it is left. */
static void assert_fails(const PackageBench *bench, const Kept *kept, const char *cause)
{
    g_autofree char *id = asked(bench, kept);
    package_approve(bench, id);
    g_autoptr(Json) failed = package_wait_for(bench, id, PACKAGE_FAILED);
    assert_string_equal(text_of(failed, "error"), cause);
    for (int i = 0; i < BENCH_WAIT_MS / 20 && package_files_of(bench, id) > 0; i++)
        g_usleep(20000);
    assert_int_equal(package_files_of(bench, id), 0);
}

static void what_was_altered_or_went_from_the_disk_fails_the_package_clearly(void **state)
{
    PackageBench *bench = *state;
    g_auto(Kept) kept = kept_film(bench);
    g_autofree char *altered = g_memdup2(film, FILM_BYTES);
    altered[FILM_BYTES - 1] ^= 1;
    assert_true(g_file_set_contents(kept.path, altered, FILM_BYTES, NULL));
    assert_fails(bench, &kept, "given-changed");
    unlink(kept.path);
    assert_fails(bench, &kept, "given-changed");
}

/* Its recording is over, so that no package waits for a key picture that never comes. */
static int set_up(void **state)
{
    package_bench_open(state);
    const House *house = ((const PackageBench *)*state)->house;
    archive_unrecord(house->archive, house->hub);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_goes_along_as_it_came_and_the_household_sees_that_and_each_hand_over),
        cmocka_unit_test(
            what_a_household_gave_goes_by_itself_where_no_camera_of_the_commune_saw_it),
        cmocka_unit_test(only_what_was_kept_as_evidence_of_this_case_goes_along),
        cmocka_unit_test(what_is_taken_back_before_the_approval_is_not_approved),
        cmocka_unit_test(what_is_taken_back_before_the_making_fails_it_and_leaves_no_byte),
        cmocka_unit_test(
            what_is_taken_back_afterwards_leaves_no_more_and_the_copy_that_left_is_told),
        cmocka_unit_test(what_was_altered_or_went_from_the_disk_fails_the_package_clearly),
    };
    return cmocka_run_group_tests(tests, set_up, package_bench_close);
}
