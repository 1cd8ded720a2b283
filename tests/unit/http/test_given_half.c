/* What of a household's files never became whole: half sent, refused, thrown away; and how much
 * room there is for all of them. The request of a story is over after two days. */
#include "api_ask.h"
#include "audit_rows.h"
#include "base/clock.h"
#include "base/file.h"
#include "given_story.h"
#include "household/footage_given.h"
#include "unit.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define MIB (INT64_C(1) << 20)
#define PAGE_ROOM (2048 * MIB)
#define GIANT "{\"size\":2147483648,\"key\":\"9d1c1f1e-0000-4000-8000-0000000000%02d\"}"

static char *folder_of(const House *house, const Story *story)
{
    return g_build_filename(house->folder, "household", story->household, NULL);
}

static unsigned files_on_disk(const House *house, const Story *story)
{
    g_autofree char *folder = folder_of(house, story);
    g_autoptr(GPtrArray) names = folder_names(folder);
    return names->len;
}

static Json *page_of(House *house, const Story *story)
{
    return by_link(house, &story->link, API_GET, "", NULL, 200);
}

static unsigned files_told(House *house, const Story *story)
{
    g_autoptr(Json) page = page_of(house, story);
    return (unsigned)json_array_size(json_object_get(page, "files"));
}

static int64_t room_told(House *house, const Story *story)
{
    g_autoptr(Json) page = page_of(house, story);
    return json_integer_value(json_object_get(page, "room"));
}

static void nothing_is_left(House *house, const Story *story)
{
    assert_int_equal(files_on_disk(house, story), 0);
    assert_int_equal(files_told(house, story), 0);
    assert_int_equal(room_told(house, story), PAGE_ROOM);
}

/* The first piece of the film; which file it is. */
static int half_of(House *house, const Story *story)
{
    g_autoptr(Json) begun = by_link(house, &story->link, API_POST, "/files", BEGIN, 201);
    int n = (int)json_integer_value(json_object_get(begun, "n"));
    assert_int_equal(json_integer_value(json_object_get(begun, "got")), 0);
    json_decref(send_piece_of(house, &story->link, n, 0, film, FIRST_BYTES, 200));
    return n;
}

static void rest_of(House *house, const Story *story, int n, int status)
{
    json_decref(send_piece_of(house, &story->link, n, FIRST_BYTES, film + FIRST_BYTES,
                              FILM_BYTES - FIRST_BYTES, status));
}

static void problem_is(Json *answer, const char *code)
{
    assert_string_equal(text_of(answer, "cause_code"), code);
    json_decref(answer);
}

static void drop_stale(House *house)
{
    assert_true(given_drop_stale(house->households, clock_now_us(), NULL));
}

/* ---- time ---- */

static void a_day_without_a_piece_and_what_came_is_gone(void **state)
{
    House *house = *state;
    g_auto(Story) story = begin_story(house);
    int n = half_of(house, &story);
    pass_time(23 * HOUR_US);
    drop_stale(house);
    assert_int_equal(files_on_disk(house, &story), 1);
    pass_time(2 * HOUR_US);
    drop_stale(house);
    nothing_is_left(house, &story);
    rest_of(house, &story, n, 404);
    n = half_of(house, &story); /* the same file is begun anew */
    rest_of(house, &story, n, 200);
    assert_int_equal(files_told(house, &story), 1);
}

static void what_comes_slowly_stays_as_long_as_it_comes_and_no_longer_than_a_day_too_late(
    void **state)
{
    House *house = *state;
    g_auto(Story) story = begin_story(house);
    const char middle[] = {film[FIRST_BYTES]};
    int n = half_of(house, &story);
    pass_time(20 * HOUR_US);
    json_decref(send_piece_of(house, &story.link, n, FIRST_BYTES, middle, sizeof middle, 200));
    pass_time(20 * HOUR_US);
    drop_stale(house);
    assert_int_equal(files_on_disk(house, &story), 1);
    json_decref(
        send_piece_of(house, &story.link, n, FIRST_BYTES + 1, film + FIRST_BYTES + 1, 1, 200));
    pass_time(20 * HOUR_US);
    json_decref(
        send_piece_of(house, &story.link, n, FIRST_BYTES + 2, film + FIRST_BYTES + 2, 1, 200));
    pass_time(13 * HOUR_US); /* 73 hours: the request was over a day ago */
    drop_stale(house);
    nothing_is_left(house, &story);
}

static void a_half_film_tells_until_when_it_goes_on_and_by_which_key(void **state)
{
    House *house = *state;
    g_auto(Story) story = begin_story(house);
    half_of(house, &story);
    g_autoptr(Json) page = page_of(house, &story);
    const Json *half = json_array_get(json_object_get(page, "files"), 0);
    assert_string_equal(text_of(half, "key"), "9d1c1f1e-0000-4000-8000-00000000000a");
    assert_string_not_equal(text_of(half, "kept_until"), "");
    rest_of(house, &story, 1, 200);
    g_autoptr(Json) after = page_of(house, &story);
    const Json *whole = json_array_get(json_object_get(after, "files"), 0);
    assert_string_equal(text_of(whole, "key"), "");
}

static Uuid uuid_of(const char *text)
{
    Uuid id;
    assert_true(uuid_parse(text, &id));
    return id;
}

static char *path_of(const House *house, const Story *story)
{
    g_autofree char *folder = folder_of(house, story);
    g_autoptr(GPtrArray) names = folder_names(folder);
    assert_int_equal(names->len, 1);
    return g_build_filename(folder, names->pdata[0], NULL);
}

/* It was found to be stale, and a piece came before it was thrown away. */
static void what_went_on_since_it_was_found_stays(void **state)
{
    House *house = *state;
    g_auto(Story) story = begin_story(house);
    int n = half_of(house, &story);
    g_autofree char *path = path_of(house, &story);
    const Uuid household = uuid_of(story.household),
               file = uuid_of(strrchr(path, '/') + 1 + strlen(GIVEN_PREFIX));
    assert_true(given_drop_one_stale(house->households, &household, &file, clock_now_us(), NULL));
    rest_of(house, &story, n, 200);
    assert_true(given_drop_one_stale(house->households, &household, &file,
                                     clock_now_us() + 9 * DAY_US, NULL));
    assert_int_equal(files_on_disk(house, &story), 1);
    assert_int_equal(files_told(house, &story), 1);
}

/* All bytes lie on the disk, and the row says that some are to come. */
static char *whole_on_disk(House *house, const Story *story)
{
    half_of(house, story);
    char *path = path_of(house, story);
    assert_true(g_file_set_contents(path, film, FILM_BYTES, NULL));
    return path;
}

static void a_film_that_is_whole_on_the_disk_becomes_whole_and_is_never_thrown_away(void **state)
{
    House *house = *state;
    char hex[SHA256_HEX];
    uint8_t digest[SHA256_BYTES];
    g_auto(Story) story = begin_story(house);
    g_autofree char *path = whole_on_disk(house, &story);
    sha256(film, FILM_BYTES, digest);
    hex_encode(digest, SHA256_BYTES, hex);
    pass_time(25 * HOUR_US);
    drop_stale(house);
    assert_true(g_file_test(path, G_FILE_TEST_EXISTS));
    g_autofree char *officer = house_session(house, ROLE_OFFICER); /* one ends in a day */
    g_autoptr(Json) seen = given_seen(house, officer, story.request);
    const Json *file = json_array_get(given_files(seen), 0);
    assert_string_equal(text_of(file, "sha256"), hex);
    assert_string_equal(text_of(file, "type"), "video/mp4");
    pass_time(9 * DAY_US);
    drop_stale(house);
    assert_int_equal(files_told(house, &story), 1);
}

static void one_that_the_disk_does_not_let_go_of_stops_no_other_and_goes_later(void **state)
{
    House *house = *state;
    g_auto(Story) one = begin_story(house), other = begin_story(house);
    g_autoptr(GError) error = NULL;
    half_of(house, &one);
    half_of(house, &other);
    g_autofree char *path = path_of(house, &one);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(g_mkdir(path, 0700), 0); /* what unlink() refuses */
    pass_time(25 * HOUR_US);
    assert_false(given_drop_stale(house->households, clock_now_us(), &error));
    assert_non_null(error);
    nothing_is_left(house, &other);
    assert_int_equal(g_rmdir(path), 0);
    assert_true(g_file_set_contents(path, film, FIRST_BYTES, NULL));
    drop_stale(house);
    nothing_is_left(house, &one);
}

/* ---- refused, thrown away, lost ---- */

static void what_is_no_film_leaves_no_file_no_row_and_no_room_taken(void **state)
{
    House *house = *state;
    static const char page[] = "<html><script>alert(1)</script></html>";
    g_auto(Story) story = begin_story(house);
    for (int n = 1; n <= GIVEN_FILES_MOST + 1; n++) {
        json_decref(by_link(house, &story.link, API_POST, "/files", BEGIN, 201));
        problem_is(send_piece_of(house, &story.link, n, 0, page, sizeof page, 422), "given-kind");
    }
    nothing_is_left(house, &story);
    half_of(house, &story);
}

static void a_half_film_is_thrown_away_and_nobody_learns_that_there_was_one(void **state)
{
    House *house = *state;
    g_auto(Story) story = begin_story(house);
    int n = half_of(house, &story);
    assert_null(by_link(house, &story.link, API_DELETE, "/files/1", NULL, 204));
    nothing_is_left(house, &story);
    rest_of(house, &story, n, 404);
    nothing_is_left(house, &story);
    assert_true(audit_flush(house->audit, NULL));
    g_autoptr(GPtrArray) rows = audit_rows(house->audit, 100);
    assert_true(rows->len > 0);
    for (guint i = 0; i < rows->len; i++)
        assert_string_not_equal(((const AuditRow *)rows->pdata[i])->action, "household-taken-back");
}

static void a_half_film_that_the_disk_lost_is_begun_anew_and_not_filled_with_nothing(void **state)
{
    House *house = *state;
    g_auto(Story) story = begin_story(house);
    int n = half_of(house, &story);
    g_autofree char *folder = folder_of(house, &story);
    g_autoptr(GPtrArray) names = folder_names(folder);
    g_autofree char *path = g_build_filename(folder, names->pdata[0], NULL);
    assert_int_equal(unlink(path), 0);
    problem_is(send_piece_of(house, &story.link, n, FIRST_BYTES, film + FIRST_BYTES,
                             FILM_BYTES - FIRST_BYTES, 404),
               "given-gone");
    nothing_is_left(house, &story);
    rest_of(house, &story, half_of(house, &story), 200);
}

static bool forget_file(CatalogDb *db, void *data, GError **error)
{
    g_autoptr(HouseholdRequestRow) of = NULL;
    g_autoptr(HouseholdAskRow) ask = household_asks_get(db, data, &of, error);
    HouseholdFileRow *row = &g_array_index(ask->files, HouseholdFileRow, 0);
    row->withdrawn_us = clock_now_us();
    return household_files_put(db, row, error);
}

/* The row says that it goes, and the server dies before the file is deleted. */
static void what_a_kill_left_of_a_half_film_goes_at_the_next_start(void **state)
{
    House *house = *state;
    Uuid link;
    g_auto(Story) story = begin_story(house);
    half_of(house, &story);
    assert_true(uuid_parse(story.link.id, &link));
    assert_true(catalog_write_wait(house->catalog, forget_file, &link, NULL));
    assert_int_equal(files_on_disk(house, &story), 1);
    g_autofree char *folder = g_build_filename(house->folder, "household", NULL);
    household_desk_free(house->households);
    house->api.households = house->households = household_desk_new(house->catalog, folder);
    assert_int_equal(files_on_disk(house, &story), 0);
    drop_stale(house);
    nothing_is_left(house, &story);
}

/* ---- room ---- */

static void begin_giant(House *house, const Story *story, int key, int status, const char *code)
{
    g_autofree char *body = g_strdup_printf(GIANT, key);
    g_autoptr(Json) answer = by_link(house, &story->link, API_POST, "/files", body, status);
    if (code)
        assert_string_equal(text_of(answer, "cause_code"), code);
}

static void a_film_on_its_way_counts_with_what_came_and_a_piece(void **state)
{
    House *house = *state;
    g_auto(Story) story = begin_story(house);
    begin_giant(house, &story, 1, 201, NULL);
    begin_giant(house, &story, 1, 201, NULL); /* the same */
    assert_int_equal(room_told(house, &story), PAGE_ROOM - 64 * MIB);
    begin_giant(house, &story, 2, 422, "given-large"); /* more than is left by now */
    assert_null(by_link(house, &story.link, API_DELETE, "/files/1", NULL, 204));
    begin_giant(house, &story, 2, 201, NULL);
}

static void no_more_files_than_are_taken_and_one_thrown_away_makes_room(void **state)
{
    House *house = *state;
    g_auto(Story) story = begin_story(house);
    for (int i = 0; i <= GIVEN_FILES_MOST; i++) {
        g_autofree char *body =
            g_strdup_printf("{\"size\":40,\"key\":\"9d1c1f1e-0000-4000-8000-0000000000%02d\"}", i);
        bool fits_in = i < GIVEN_FILES_MOST;
        g_autoptr(Json) answer =
            by_link(house, &story.link, API_POST, "/files", body, fits_in ? 201 : 422);
        assert_true(fits_in || strcmp(text_of(answer, "cause_code"), "given-many") == 0);
    }
    assert_null(by_link(house, &story.link, API_DELETE, "/files/7", NULL, 204));
    json_decref(by_link(house, &story.link, API_POST, "/files", BEGIN, 201));
}

/* What is set aside for the first file of a link becomes this, as if so much of others had come. */
typedef struct Room {
    Uuid link;
    int64_t bytes;
} Room;

static bool write_room(CatalogDb *db, void *data, GError **error)
{
    const Room *room = data;
    g_autoptr(HouseholdRequestRow) of = NULL;
    g_autoptr(HouseholdAskRow) ask = household_asks_get(db, &room->link, &of, error);
    HouseholdFileRow *row = &g_array_index(ask->files, HouseholdFileRow, 0);
    row->room = room->bytes;
    row->got = MIN(row->got, row->room);
    return household_files_put(db, row, error);
}

static void set_room(House *house, const Story *story, int64_t bytes)
{
    Room room = {.bytes = bytes};
    assert_true(uuid_parse(story->link.id, &room.link));
    assert_true(catalog_write_wait(house->catalog, write_room, &room, NULL));
}

static void many_half_films_together_take_no_more_than_all_may(void **state)
{
    House *house = *state;
    g_auto(Story) one = begin_story(house), other = begin_story(house);
    int n = half_of(house, &one);
    set_room(house, &one, FIRST_BYTES); /* nothing more is set aside for it … */
    json_decref(by_link(house, &other.link, API_POST, "/files", BEGIN, 201));
    set_room(house, &other, GIVEN_ALL_BYTES_MOST - FIRST_BYTES - 10); /* … and ten bytes are left */
    problem_is(send_piece_of(house, &one.link, n, FIRST_BYTES, film + FIRST_BYTES,
                             FILM_BYTES - FIRST_BYTES, 507),
               "given-full");
    json_decref(send_piece_of(house, &one.link, n, FIRST_BYTES, film + FIRST_BYTES, 10, 200));
    problem_is(send_piece_of(house, &one.link, n, FIRST_BYTES + 10, film + FIRST_BYTES + 10,
                             FILM_BYTES - FIRST_BYTES - 10, 507),
               "given-full");
    assert_null(by_link(house, &other.link, API_DELETE, "/files/1", NULL, 204));
    json_decref(send_piece_of(house, &one.link, n, FIRST_BYTES + 10, film + FIRST_BYTES + 10,
                              FILM_BYTES - FIRST_BYTES - 10, 200));
}

/* ---- withdrawn ---- */

static void withdraw(House *house, const Story *story)
{
    g_autofree char *what =
        g_strdup_printf("POST /api/v1/footage-requests/%s/withdrawal", story->request);
    json_decref(
        ask(house, story->officer, "POST /footage-requests/{id}/withdrawal", what, "{}", 200));
}

static void half_a_film_that_nobody_wants_any_more_takes_no_room_and_goes(void **state)
{
    House *house = *state;
    g_auto(Story) one = begin_story(house), other = begin_story(house);
    int n = half_of(house, &one);
    set_room(house, &one, GIVEN_ALL_BYTES_MOST);
    problem_is(by_link(house, &other.link, API_POST, "/files", BEGIN, 507), "given-full");
    withdraw(house, &one);
    half_of(house, &other);
    problem_is(send_piece_of(house, &one.link, n, FIRST_BYTES, film + FIRST_BYTES,
                             FILM_BYTES - FIRST_BYTES, 400),
               "given-over");
    problem_is(by_link(house, &one.link, API_POST, "/files", BEGIN, 400), "given-over");
    assert_int_equal(files_told(house, &one), 0);
    assert_int_equal(files_on_disk(house, &one), 1);
    drop_stale(house);
    nothing_is_left(house, &one);
    assert_int_equal(files_on_disk(house, &other), 1);
}

static void what_nobody_wants_any_more_goes_though_all_of_it_is_there(void **state)
{
    House *house = *state;
    g_auto(Story) story = begin_story(house);
    g_autofree char *path = whole_on_disk(house, &story);
    withdraw(house, &story);
    drop_stale(house);
    nothing_is_left(house, &story);
}

/* Whether a film of 100 MiB may begin with so much free on the disk. */
typedef struct Begun {
    Uuid link;
    int64_t free_bytes;
    GivenRefusal refusal;
    int64_t room;
} Begun;

static bool try_beginning(CatalogDb *db, void *data, GError **error)
{
    Begun *begun = data;
    HouseholdFileRow row = {.bytes = 100 * MIB};
    g_autoptr(GError) refused = NULL;
    g_autoptr(HouseholdRequestRow) of = NULL;
    g_autoptr(HouseholdAskRow) ask = household_asks_get(db, &begun->link, &of, error);
    begun->refusal = GIVEN_FINE;
    given_may_begin(db, ask, &row, begun->free_bytes, &begun->refusal, &refused);
    begun->room = row.room;
    return ask != NULL;
}

static GivenRefusal begins_with(House *house, const Story *story, int64_t free_bytes)
{
    Begun begun = {.free_bytes = free_bytes};
    assert_true(uuid_parse(story->link.id, &begun.link));
    assert_true(catalog_write_wait(house->catalog, try_beginning, &begun, NULL));
    assert_true(begun.refusal || begun.room == GIVEN_AHEAD_BYTES);
    return begun.refusal;
}

/* What is set aside for films on their way is taken, though it still looks free. */
static void recording_keeps_its_room_whatever_is_on_its_way(void **state)
{
    House *house = *state;
    g_auto(Story) story = begin_story(house);
    const int64_t enough = GIVEN_ROOM_LEAST + 100 * MIB;
    assert_int_equal(begins_with(house, &story, enough), GIVEN_FINE);
    assert_int_equal(begins_with(house, &story, enough - 1), GIVEN_REFUSED_DISK);
    begin_giant(house, &story, 1, 201, NULL);
    assert_int_equal(begins_with(house, &story, enough), GIVEN_REFUSED_DISK);
    assert_int_equal(begins_with(house, &story, enough + 64 * MIB), GIVEN_FINE);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, stop_time, start_time)
    const struct CMUnitTest tests[] = {
        TEST(a_day_without_a_piece_and_what_came_is_gone),
        TEST(what_comes_slowly_stays_as_long_as_it_comes_and_no_longer_than_a_day_too_late),
        TEST(a_half_film_tells_until_when_it_goes_on_and_by_which_key),
        TEST(what_went_on_since_it_was_found_stays),
        TEST(a_film_that_is_whole_on_the_disk_becomes_whole_and_is_never_thrown_away),
        TEST(one_that_the_disk_does_not_let_go_of_stops_no_other_and_goes_later),
        TEST(what_is_no_film_leaves_no_file_no_row_and_no_room_taken),
        TEST(a_half_film_is_thrown_away_and_nobody_learns_that_there_was_one),
        TEST(a_half_film_that_the_disk_lost_is_begun_anew_and_not_filled_with_nothing),
        TEST(what_a_kill_left_of_a_half_film_goes_at_the_next_start),
        TEST(a_film_on_its_way_counts_with_what_came_and_a_piece),
        TEST(no_more_files_than_are_taken_and_one_thrown_away_makes_room),
        TEST(half_a_film_that_nobody_wants_any_more_takes_no_room_and_goes),
        TEST(what_nobody_wants_any_more_goes_though_all_of_it_is_there),
        TEST(many_half_films_together_take_no_more_than_all_may),
        TEST(recording_keeps_its_room_whatever_is_on_its_way),
    };
    return cmocka_run_group_tests(tests, read_document, drop_document);
}
