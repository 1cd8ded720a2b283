/* Households asked for footage over the API: the link, giving piece by piece, taking back, saying
 * no, and who sees what of it. Each answer fits openapi.yaml. */
#include "api_ask.h"
#include "audit_rows.h"
#include "base/clock.h"
#include "given_story.h"
#include "household/footage_given.h"
#include "unit.h"

#include <string.h>

/* What officers get of a file. */
static void look_at(House *house, const char *session, const char *file, int status)
{
    g_autofree char *what = g_strconcat("GET /api/v1/household-files/", file, NULL);
    g_auto(ApiResponse) answer = {0};
    house_ask(house, session, what, NULL, &answer);
    assert_int_equal(answer.status, status);
    char read[FILM_BYTES];
    if (status == 200) {
        assert_int_equal(answer.file->size, FILM_BYTES);
        assert_true(answer.file->read(answer.file->data, 0, read, sizeof read, NULL));
        assert_memory_equal(read, film, sizeof read);
    }
}

/* ---- the tests ---- */

static void a_film_comes_in_pieces_goes_on_where_it_broke_and_is_an_original(void **state)
{
    House *house = *state;
    g_auto(Story) story = begin_story(house);
    json_decref(by_link(house, &story.link, API_POST, "/files", BEGIN, 201));
    json_decref(send_piece(house, &story.link, 0, film, FIRST_BYTES, 200));
    json_decref(send_piece(house, &story.link, 0, film, FIRST_BYTES, 409));
    json_decref(send_piece(house, &story.link, 30, film, 10, 409));
    g_autoptr(Json) again = by_link(house, &story.link, API_POST, "/files", BEGIN, 201);
    assert_int_equal(json_integer_value(json_object_get(again, "got")), FIRST_BYTES);
    json_decref(send_piece(house, &story.link, FIRST_BYTES, film, FILM_BYTES, 400)); /* too much */
    g_autoptr(Json) half = given_seen(house, story.officer, story.request);
    assert_int_equal(json_array_size(given_files(half)), 0);
    g_autoptr(Json) whole = send_piece(house, &story.link, FIRST_BYTES, film + FIRST_BYTES,
                                       FILM_BYTES - FIRST_BYTES, 200);
    uint8_t digest[SHA256_BYTES];
    char hex[SHA256_HEX];
    sha256(film, FILM_BYTES, digest);
    hex_encode(digest, sizeof digest, hex);
    assert_string_equal(text_of(whole, "sha256"), hex);
    g_autoptr(Json) after = given_seen(house, story.officer, story.request);
    assert_int_equal(json_integer_value(json_object_get(after, "given")), 1);
    const Json *file = json_array_get(given_files(after), 0);
    assert_string_equal(text_of(file, "sha256"), hex);
    assert_string_equal(text_of(file, "type"), "video/mp4");
    look_at(house, story.officer, text_of(file, "id"), 200);
}

static void every_look_is_seen_by_the_household_and_stands_in_the_audit_log(void **state)
{
    House *house = *state;
    g_auto(Story) story = begin_story(house);
    g_autofree char *file = give(house, story.officer, story.request, &story.link),
                    *commander = house_session(house, ROLE_COMMANDER);
    look_at(house, story.officer, file, 200);
    look_at(house, story.officer, file, 200); /* a player asks piece by piece: one look */
    look_at(house, commander, file, 200);
    g_autoptr(Json) page = by_link(house, &story.link, API_GET, "", NULL, 200);
    const Json *looks = json_object_get(json_array_get(json_object_get(page, "files"), 0), "looks");
    assert_int_equal(json_array_size(looks), 2);
    assert_string_equal(text_of(json_array_get(looks, 0), "role"), "commander");
    assert_string_equal(text_of(json_array_get(looks, 1), "case"), story.number);
    assert_true(audit_flush(house->audit, NULL));
    g_autoptr(GPtrArray) rows = audit_rows(house->audit, 100);
    unsigned told = 0;
    for (guint i = 0; i < rows->len; i++) {
        const AuditRow *row = rows->pdata[i];
        told += strcmp(row->action, "household-file") == 0 && strcmp(row->object, file) == 0 &&
                strcmp(row->reason, story.number) == 0;
    }
    assert_int_equal(told, 2);
}

static void what_is_taken_back_is_seen_by_nobody_and_gone_unless_it_is_evidence(void **state)
{
    House *house = *state;
    g_auto(Story) story = begin_story(house);
    g_autofree char *file = give(house, story.officer, story.request, &story.link),
                    *name = g_strconcat("given-", file, NULL),
                    *path =
                        g_build_filename(house->folder, "household", story.household, name, NULL);
    assert_true(g_file_test(path, G_FILE_TEST_EXISTS));
    assert_null(by_link(house, &story.link, API_DELETE, "/files/1", NULL, 204));
    assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
    look_at(house, story.officer, file, 404);
    g_autoptr(Json) after = given_seen(house, story.officer, story.request);
    assert_int_equal(json_integer_value(json_object_get(after, "given")), 0);

    g_auto(Story) other = begin_story(house);
    g_autofree char *kept = give(house, other.officer, other.request, &other.link),
                    *keep = g_strdup_printf("POST /api/v1/household-files/%s/evidence", kept),
                    *kept_name = g_strconcat("given-", kept, NULL),
                    *kept_path = g_build_filename(house->folder, "household", other.household,
                                                  kept_name, NULL);
    json_decref(ask(house, other.officer, "POST /household-files/{id}/evidence", keep, NULL, 204));
    assert_null(by_link(house, &other.link, API_DELETE, "/files/1", NULL, 204));
    assert_true(g_file_test(kept_path, G_FILE_TEST_EXISTS));
    look_at(house, other.officer, kept, 404);
}

/* How many items of the case are this file, as it came. */
static unsigned items_of(House *house, const char *session, const char *number, const char *file)
{
    unsigned count = 0;
    size_t i;
    Json *item;
    char digest[SHA256_HEX];
    uint8_t bytes[SHA256_BYTES];
    g_autofree char *what = g_strconcat("GET /api/v1/cases/", number, NULL);
    g_autoptr(Json) whole = ask(house, session, "GET /cases/{id}", what, NULL, 200);
    sha256(film, FILM_BYTES, bytes);
    hex_encode(bytes, sizeof bytes, digest);
    json_array_foreach(json_object_get(whole, "items"), i, item)
    {
        if (strcmp(text_of(item, "kind"), "household-file") != 0)
            continue;
        assert_string_equal(text_of(item, "file"), file);
        assert_string_equal(text_of(item, "sha256"), digest);
        assert_string_equal(text_of(item, "type"), "video/mp4");
        assert_int_equal(json_integer_value(json_object_get(item, "bytes")), FILM_BYTES);
        assert_null(json_object_get(item, "camera"));
        count++;
    }
    return count;
}

static void what_is_kept_as_evidence_is_an_item_of_its_case_once(void **state)
{
    House *house = *state;
    g_auto(Story) story = begin_story(house);
    g_autofree char *file = give(house, story.officer, story.request, &story.link),
                    *keep = g_strdup_printf("POST /api/v1/household-files/%s/evidence", file);
    assert_int_equal(items_of(house, story.officer, story.number, file), 0);
    for (int i = 0; i < 2; i++)
        json_decref(
            ask(house, story.officer, "POST /household-files/{id}/evidence", keep, NULL, 204));
    assert_int_equal(items_of(house, story.officer, story.number, file), 1);
}

static void what_became_evidence_in_the_moment_it_was_taken_back_is_kept(void **state)
{
    House *house = *state;
    Uuid link, id, request;
    HouseholdFileRow row;
    g_auto(Story) story = begin_story(house);
    g_autofree char *file = give(house, story.officer, story.request, &story.link),
                    *name = g_strconcat("given-", file, NULL),
                    *path =
                        g_build_filename(house->folder, "household", story.household, name, NULL);
    assert_true(uuid_parse(story.link.id, &link) && uuid_parse(file, &id));
    g_autoptr(HouseholdRequestRow) of = NULL;
    g_autoptr(CatalogDb) db = catalog_read(house->catalog, NULL);
    g_autoptr(HouseholdAskRow) before = household_asks_get(db, &link, &of, NULL);
    assert_non_null(before);
    assert_true(given_keep_as_evidence(house->households, &id, &row, &request, NULL));
    assert_true(
        given_take_back(house->households, before, 1, &row, NULL)); /* as read before that */
    assert_true(g_file_test(path, G_FILE_TEST_EXISTS));
    g_autoptr(HouseholdRequestRow) still_of = NULL;
    g_autoptr(CatalogDb) later = catalog_read(house->catalog, NULL);
    g_autoptr(HouseholdAskRow) after = household_asks_get(later, &link, &still_of, NULL);
    const HouseholdFileRow *kept = &g_array_index(after->files, HouseholdFileRow, 0);
    assert_true(kept->evidence_us > 0 && kept->withdrawn_us > 0);
}

/* The request is over after two days. */
static void what_was_begun_in_time_comes_to_its_end_within_a_day(void **state)
{
    House *house = *state;
    g_auto(Story) story = begin_story(house);
    json_decref(by_link(house, &story.link, API_POST, "/files", BEGIN, 201));
    pass_time(2 * DAY_US + HOUR_US);
    json_decref(by_link(house, &story.link, API_POST, "/files",
                        "{\"size\":40,\"key\":\"9d1c1f1e-0000-4000-8000-00000000000b\"}", 400));
    json_decref(by_link(house, &story.link, API_POST, "/files", BEGIN, 201)); /* after a reload */
    json_decref(send_piece(house, &story.link, 0, film, FIRST_BYTES, 200));
    pass_time(DAY_US);
    json_decref(send_piece(house, &story.link, FIRST_BYTES, film + FIRST_BYTES,
                           FILM_BYTES - FIRST_BYTES, 400));
    clock_test_set(-1, -1);
}

static void a_download_ends_when_the_film_is_taken_back(void **state)
{
    House *house = *state;
    g_auto(Story) story = begin_story(house);
    g_autofree char *file = give(house, story.officer, story.request, &story.link),
                    *what = g_strconcat("GET /api/v1/household-files/", file, NULL);
    char read[FILM_BYTES];
    g_auto(ApiResponse) answer = {0};
    house_ask(house, story.officer, what, NULL, &answer);
    assert_true(answer.file->read(answer.file->data, 0, read, 10, NULL));
    assert_null(by_link(house, &story.link, API_DELETE, "/files/1", NULL, 204));
    clock_test_set(clock_mono_us() + 30 * SECOND_US, clock_wall_us() + 30 * SECOND_US);
    g_autoptr(GError) error = NULL;
    assert_false(answer.file->read(answer.file->data, 10, read, 10, &error));
    assert_true(g_error_matches(error, ERR, ERR_DENIED));
    clock_test_set(-1, -1);
}

static void after_the_deadline_nothing_new_is_taken_and_the_page_says_so(void **state)
{
    House *house = *state;
    g_auto(Story) story = begin_story(house);
    clock_test_set(clock_mono_us() + 3 * DAY_US, clock_now_us() + 3 * DAY_US);
    json_decref(by_link(house, &story.link, API_POST, "/files", BEGIN, 400));
    g_autoptr(Json) page = by_link(house, &story.link, API_GET, "", NULL, 200);
    assert_true(json_boolean_value(json_object_get(page, "over")));
    clock_test_set(-1, -1);
}

/* An officer may make a new link of any house, and read what stands behind it. */
static void no_link_tells_whether_a_household_said_no(void **state)
{
    House *house = *state;
    g_auto(Story) story = begin_story(house);
    g_autoptr(Json) before = by_link(house, &story.link, API_GET, "", NULL, 200);
    g_autoptr(Json) seen = given_seen(house, story.officer, story.request);
    json_decref(by_link(house, &story.link, API_POST, "/answer", "{\"answer\":\"no\"}", 400));
    g_auto(Link) fresh = given_link(house, story.officer, story.request, story.household);
    g_autoptr(Json) after = by_link(house, &fresh, API_GET, "", NULL, 200);
    g_autoptr(Json) seen_after = given_seen(house, story.officer, story.request);
    assert_true(json_equal(before, after));
    assert_true(json_equal(seen, seen_after));
    assert_null(json_object_get(after, "declined"));
    assert_true(audit_flush(house->audit, NULL));
    g_autoptr(GPtrArray) rows = audit_rows(house->audit, 100);
    for (guint i = 0; i < rows->len; i++)
        assert_string_not_equal(((const AuditRow *)rows->pdata[i])->actor, "");
    g_autofree char *file = give(house, story.officer, story.request, &fresh);
    assert_string_not_equal(file, ""); /* whatever they said before */
}

static void a_link_without_its_secret_opens_nothing_and_a_new_one_ends_the_old(void **state)
{
    House *house = *state;
    g_auto(Story) story = begin_story(house);
    Link guessed = {story.link.id, (char *)"AAAAAAAAAAAAAAAAAAAAAA"},
         other = {(char *)"9d1c1f1e-0000-4000-8000-0000000000ff", story.link.secret};
    json_decref(by_link(house, &guessed, API_GET, "", NULL, 404));
    json_decref(by_link(house, &other, API_GET, "", NULL, 404));
    json_decref(by_link(house, &guessed, API_POST, "/files", BEGIN, 404));
    g_auto(Link) fresh = given_link(house, story.officer, story.request, story.household);
    json_decref(by_link(house, &story.link, API_GET, "", NULL, 404));
    g_autoptr(Json) page = by_link(house, &fresh, API_GET, "", NULL, 200);
    assert_string_equal(text_of(page, "officer"), "officer-1");
    assert_null(json_object_get(page, "place"));
}

/* Lines of the log cannot be erased with the household. */
static void what_a_household_does_is_logged_without_where_its_phone_is(void **state)
{
    House *house = *state;
    unsigned lines = 0;
    g_auto(Story) story = begin_story(house);
    g_autofree char *file = give(house, story.officer, story.request, &story.link);
    assert_string_not_equal(file, "");
    assert_null(by_link(house, &story.link, API_DELETE, "/files/1", NULL, 204));
    assert_null(by_link(house, &story.link, API_POST, "/answer", "{\"answer\":\"leave\"}", 204));
    assert_true(audit_flush(house->audit, NULL));
    g_autoptr(GPtrArray) rows = audit_rows(house->audit, 100);
    for (guint i = 0; i < rows->len; i++) {
        const AuditRow *row = rows->pdata[i];
        if (*row->actor)
            continue;
        assert_string_equal(row->address, "");
        assert_string_equal(row->device, "");
        lines++;
    }
    assert_int_equal(lines, 3); /* gave, took back, left */
}

static void only_who_agreed_is_asked_and_a_page_or_a_giant_is_not_taken(void **state)
{
    House *house = *state;
    g_auto(Story) story = begin_story(house);
    g_autofree char *pin = given_household(house, 0),
                    *to_pin = given_request_body(story.number, pin, HOUR_US),
                    *long_one = given_request_body(story.number, story.household, 13 * HOUR_US),
                    *of_none = given_request_body("VV-2026-0999", story.household, HOUR_US),
                    *admin = house_session(house, ROLE_ADMIN),
                    *head = house_session(house, ROLE_VILLAGE_HEAD),
                    *fine = given_request_body(story.number, story.household, HOUR_US);
    json_decref(given_request(house, story.officer, to_pin, 400));
    json_decref(given_request(house, story.officer, long_one, 400));
    json_decref(given_request(house, story.officer, of_none, 422));
    json_decref(given_request(house, admin, fine, 403));
    json_decref(given_request(house, head, fine, 403));
    json_decref(by_link(house, &story.link, API_POST, "/files",
                        "{\"size\":2147483649,\"key\":\"9d1c1f1e-0000-4000-8000-00000000000a\"}",
                        422));
    json_decref(by_link(house, &story.link, API_POST, "/files", BEGIN, 201));
    static const char page[] = "<html><script>alert(1)</script></html>";
    json_decref(send_piece(house, &story.link, 0, page, sizeof page, 422));
    assert_null(by_link(house, &story.link, API_POST, "/answer", "{\"answer\":\"leave\"}", 204));
    g_autofree char *what = g_strconcat("GET /api/v1/households/", story.household, NULL);
    g_autoptr(Json) left = ask(house, story.officer, "GET /households/{id}", what, NULL, 200);
    assert_non_null(json_object_get(left, "revoked_at"));
    json_decref(given_request(house, story.officer, fine, 400));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, house_open, house_close)
    const struct CMUnitTest tests[] = {
        TEST(a_film_comes_in_pieces_goes_on_where_it_broke_and_is_an_original),
        TEST(every_look_is_seen_by_the_household_and_stands_in_the_audit_log),
        TEST(what_is_taken_back_is_seen_by_nobody_and_gone_unless_it_is_evidence),
        TEST(what_is_kept_as_evidence_is_an_item_of_its_case_once),
        TEST(what_was_begun_in_time_comes_to_its_end_within_a_day),
        TEST(what_became_evidence_in_the_moment_it_was_taken_back_is_kept),
        TEST(a_download_ends_when_the_film_is_taken_back),
        TEST(after_the_deadline_nothing_new_is_taken_and_the_page_says_so),
        TEST(no_link_tells_whether_a_household_said_no),
        TEST(a_link_without_its_secret_opens_nothing_and_a_new_one_ends_the_old),
        TEST(what_a_household_does_is_logged_without_where_its_phone_is),
        TEST(only_who_agreed_is_asked_and_a_page_or_a_giant_is_not_taken),
    };
    return cmocka_run_group_tests(tests, read_document, drop_document);
}
