/* Playlists of footage whose sound comes and goes: each is of one kind from end to end. */
#include "api_ask.h"
#include "archive/archive.h"
#include "base/clock.h"
#include "base/time_text.h"
#include "make_video.h"
#include "unit.h"

#include <string.h>

enum { RECORDED_S = 16 };

static void publish(House *house, AccessUnit *unit, int64_t from_us)
{
    unit->run = 1;
    unit->capture_us = unit->arrival_us = from_us + unit->pts * SECOND_US / unit->params->timescale;
    hub_publish(house->hub, unit);
}

/* Records pictures, a key picture each `apart`, and sound beside them in [sound_s, silent_s);
 * returns when they begin. */
static int64_t record_groups(House *house, unsigned apart, unsigned sound_s, unsigned silent_s)
{
    const VideoRecipe recipe = {
        .width = 320, .height = 180, .fps = 10, .pictures = RECORDED_S * 10, .key_interval = apart};
    g_autoptr(MadeVideo) video = make_video(&recipe);
    g_autoptr(GPtrArray) sound = make_audio(CODEC_AAC, RECORDED_S);
    int64_t from_us = house_begin_us(house, RECORDED_S);
    archive_record(house->archive, house->hub);
    ((AccessUnit *)video->units->pdata[0])->run_start = true;
    for (guint i = 0, heard = 0; i < video->units->len; i++) {
        publish(house, video->units->pdata[i], from_us);
        for (; heard < sound->len; heard++) {
            AccessUnit *unit = sound->pdata[heard];
            int64_t at_s = unit->pts / unit->params->timescale;
            if (unit->pts * 10 >= (int64_t)(i + 1) * unit->params->timescale)
                break;
            if (at_s >= sound_s && at_s < silent_s)
                publish(house, unit, from_us);
        }
    }
    house_wait_written(house, from_us + (RECORDED_S - 2) * SECOND_US);
    return from_us;
}

static int64_t record(House *house, unsigned sound_s, unsigned silent_s)
{
    return record_groups(house, 10, sound_s, silent_s);
}

/* What is answered when a playlist is asked for. */
static void ask_playlist(House *house, int64_t from_us, int64_t to_us, ApiResponse *response)
{
    char camera[UUID_TEXT], from[TIME_TEXT], to[TIME_TEXT];
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    g_autofree char *what = g_strdup_printf("GET /api/v1/cameras/%s/playlist.m3u8?from=%s&to=%s",
                                            uuid_text(&house->camera, camera),
                                            time_text(from_us, from), time_text(to_us, to));
    house_ask(house, officer, what, NULL, response);
}

/* Returned owned. */
static char *playlist(House *house, int64_t from_us, int64_t to_us)
{
    g_auto(ApiResponse) response = {0};
    ask_playlist(house, from_us, to_us, &response);
    assert_int_equal(response.status, 200);
    return g_strndup((const char *)response.bytes->data, response.bytes->size);
}

static unsigned count(const char *text, const char *word)
{
    unsigned found = 0;
    for (const char *at = text; (at = strstr(at, word)); at++)
        found++;
    return found;
}

static void a_playlist_with_sound_ends_where_the_sound_does(void **state)
{
    House *house = *state;
    int64_t from_us = record(house, 0, 8), later_us = from_us + HOUR_US;
    g_autofree char *heard = playlist(house, from_us, later_us);
    assert_non_null(strstr(heard, "#EXT-X-ENDLIST"));
    assert_null(strstr(heard, "sound=no"));
    assert_in_range(count(heard, "#EXTINF"), 3, 5);
    g_autofree char *rest = playlist(house, from_us + 11 * SECOND_US, later_us);
    assert_null(strstr(rest, "#EXT-X-ENDLIST"));
    assert_int_equal(count(rest, "sound=no"), count(rest, "#EXTINF") + count(rest, "EXT-X-MAP"));
}

/* For a player that puts silence into holes. Returned owned. */
static char *filled_playlist(House *house, int64_t from_us)
{
    char camera[UUID_TEXT], from[TIME_TEXT], to[TIME_TEXT];
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    g_autofree char *what =
        g_strdup_printf("GET /api/v1/cameras/%s/playlist.m3u8?from=%s&to=%s&holes=filled",
                        uuid_text(&house->camera, camera), time_text(from_us, from),
                        time_text(from_us + HOUR_US, to));
    g_auto(ApiResponse) response = {0};
    house_ask(house, officer, what, NULL, &response);
    assert_int_equal(response.status, 200);
    return g_strndup((const char *)response.bytes->data, response.bytes->size);
}

static void a_player_that_fills_holes_gets_all_of_a_file_with_sound(void **state)
{
    House *house = *state;
    int64_t from_us = record(house, 0, 8);
    g_autofree char *list = filled_playlist(house, from_us);
    assert_null(strstr(list, "#EXT-X-ENDLIST"));
    assert_null(strstr(list, "sound=no"));
    assert_in_range(count(list, "#EXTINF"), 5, 8);
}

static void a_player_that_fills_holes_is_told_where_sound_begins(void **state)
{
    House *house = *state;
    int64_t from_us = record(house, 8, RECORDED_S);
    g_autofree char *mute = filled_playlist(house, from_us);
    assert_non_null(strstr(mute, "#EXT-X-ENDLIST"));
    assert_int_equal(count(mute, "EXT-X-MAP"), 1);
    g_autofree char *heard = filled_playlist(house, from_us + 11 * SECOND_US);
    assert_null(strstr(heard, "#EXT-X-ENDLIST"));
    assert_null(strstr(heard, "sound=no"));
}

static void what_begins_without_sound_has_none_to_its_end(void **state)
{
    House *house = *state;
    int64_t from_us = record(house, 8, RECORDED_S);
    g_autofree char *list = playlist(house, from_us, from_us + HOUR_US);
    assert_null(strstr(list, "#EXT-X-ENDLIST"));
    assert_in_range(count(list, "#EXTINF"), 5, 8);
    assert_int_equal(count(list, "EXT-X-MAP"), 2); /* sound that comes gets a file of its own */
    const char *map = g_strrstr(list, "EXT-X-MAP:URI=\"") + strlen("EXT-X-MAP:URI=\"");
    g_autofree char *name = g_strndup(map, (size_t)(strchr(map, '"') - map));
    char camera[UUID_TEXT];
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    g_autofree char *what =
        g_strdup_printf("GET /api/v1/cameras/%s/%s", uuid_text(&house->camera, camera), name);
    g_auto(ApiResponse) film = {0};
    house_ask(house, officer, what, NULL, &film);
    assert_int_equal(film.status, 200);
    char init[2048] = {0};
    size_t size = MIN(sizeof init, film.file->size);
    assert_true(film.file->read(film.file->data, 0, init, size, NULL));
    char *track = memmem(init, size, "trak", 4);
    assert_non_null(track); /* of the pictures; that of the sound is hidden */
    assert_null(memmem(track + 4, size - (size_t)(track + 4 - init), "trak", 4));
}

static void sound_that_goes_on_is_one_playlist(void **state)
{
    House *house = *state;
    int64_t from_us = record(house, 0, RECORDED_S);
    g_autofree char *list = playlist(house, from_us, from_us + HOUR_US);
    assert_null(strstr(list, "#EXT-X-ENDLIST"));
    assert_null(strstr(list, "sound=no"));
    assert_in_range(count(list, "#EXTINF"), 5, 8);
}

/* One that goes on cannot hold what still grows: players ask for it up to now. */
static void a_group_of_pictures_that_is_not_over_is_in_a_playlist_that_ends_now(void **state)
{
    House *house = *state;
    int64_t from_us = record_groups(house, RECORDED_S * 10, 0, RECORDED_S);
    int64_t looked_us = from_us + (RECORDED_S - 6) * SECOND_US;
    g_auto(ApiResponse) later = {0};
    ask_playlist(house, looked_us, from_us + HOUR_US, &later);
    assert_int_equal(later.status, 404);
    g_autofree char *now = playlist(house, looked_us, clock_now_us() - SECOND_US / 2);
    assert_non_null(strstr(now, "#EXT-X-ENDLIST"));
    assert_int_equal(count(now, "#EXTINF"), 1);
    const char *lasts = strstr(now, "#EXTINF:") + strlen("#EXTINF:");
    assert_true(g_ascii_strtod(lasts, NULL) >= RECORDED_S - 3);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, house_open, house_close)
    const struct CMUnitTest tests[] = {
        TEST(a_playlist_with_sound_ends_where_the_sound_does),
        TEST(a_player_that_fills_holes_gets_all_of_a_file_with_sound),
        TEST(a_player_that_fills_holes_is_told_where_sound_begins),
        TEST(what_begins_without_sound_has_none_to_its_end),
        TEST(sound_that_goes_on_is_one_playlist),
        TEST(a_group_of_pictures_that_is_not_over_is_in_a_playlist_that_ends_now),
    };
    return cmocka_run_group_tests(tests, read_document, drop_document);
}
