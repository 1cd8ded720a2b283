/* Live pictures as HLS: what is named and handed out, to whom, and nothing older. */
#include "api_ask.h"
#include "audit_rows.h"
#include "base/clock.h"
#include "base/time_text.h"
#include "covered.h"
#include "make_video.h"
#include "unit.h"

#include <string.h>

enum { FPS = 5, RECORDED_S = 40, SHOWN_S = 20, PART_S = 2 };

#define LIST "GET /cameras/{id}/live.m3u8"

/* Pictures of a camera, the newest of just now. */
typedef struct Feed {
    House *house;
    const MadeVideo *video; /* borrowed: one for all tests */
    int64_t from_us;        /* when the first was taken */
    unsigned sent;
} Feed;

/* Sends those up to `until_s` of the film, and waits until they are written. */
static void send(Feed *feed, unsigned until_s)
{
    House *house = feed->house;
    for (; feed->sent < until_s * FPS; feed->sent++) {
        AccessUnit *unit = feed->video->units->pdata[feed->sent];
        unit->run = 1;
        unit->run_start = feed->sent == 0;
        unit->capture_us = unit->arrival_us = feed->from_us + feed->sent * SECOND_US / FPS;
        hub_publish(house->hub, unit);
    }
    const int64_t enough_us = feed->from_us + (until_s - 2) * SECOND_US;
    for (int i = 0; i < 1500; i++) {
        if (archive_written_us(house->archive, &house->camera, STREAM_MAIN) >= enough_us)
            return;
        g_usleep(10000);
    }
    fail_msg("the pictures were not written");
}

static MadeVideo *films[2];

static MadeVideo *film_of(Codec codec)
{
    const VideoRecipe recipe = {.codec = codec,
                                .width = 320,
                                .height = 180,
                                .fps = FPS,
                                .pictures = RECORDED_S * FPS,
                                .key_interval = FPS};
    MadeVideo **film = &films[codec == CODEC_H265];
    if (!*film)
        *film = make_video(&recipe);
    return *film;
}

static Feed open_feed(House *house, Codec codec)
{
    Feed feed = {.house = house, .video = film_of(codec)};
    feed.from_us = clock_now_us() - RECORDED_S * SECOND_US;
    archive_record(house->archive, house->hub);
    return feed;
}

static char *path_of(const House *house, const char *tail)
{
    char camera[UUID_TEXT];
    return g_strdup_printf("GET /api/v1/cameras/%s/%s", uuid_text(&house->camera, camera), tail);
}

/* Asks for `tail` of the camera; the status, and the body as a text of `*text`, owned. */
static int get(House *house, const char *session, const char *tail, char **text)
{
    g_auto(ApiResponse) response = {0};
    g_autofree char *what = path_of(house, tail);
    house_ask(house, session, what, NULL, &response);
    if (text)
        *text = response.bytes ? g_strndup((const char *)response.bytes->data, response.bytes->size)
                               : NULL;
    return response.status;
}

static char *playlist(House *house, const char *session)
{
    char *text;
    assert_int_equal(get(house, session, "live.m3u8", &text), 200);
    return text;
}

/* Lines that begin so, without that; owned. */
static GPtrArray *lines(const char *text, const char *begin)
{
    GPtrArray *found = g_ptr_array_new_with_free_func(g_free);
    g_auto(GStrv) all = g_strsplit(text, "\n", -1);
    for (char **line = all; *line; line++)
        if (g_str_has_prefix(*line, begin))
            g_ptr_array_add(found, g_strdup(*line + strlen(begin)));
    return found;
}

static void the_playlist_names_the_last_seconds_without_an_end_and_goes_on(void **state)
{
    House *house = *state;
    Feed feed = open_feed(house, CODEC_H264);
    send(&feed, RECORDED_S - 4);
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    const int64_t before_us = clock_now_us();
    g_autofree char *first = playlist(house, officer);
    assert_null(strstr(first, "ENDLIST"));
    assert_non_null(strstr(first, "#EXT-X-MEDIA-SEQUENCE:0\n"));
    g_autoptr(GPtrArray) times = lines(first, "#EXT-X-PROGRAM-DATE-TIME:");
    g_autoptr(GPtrArray) names = lines(first, "live/");
    assert_in_range(times->len, 2, 1 + SHOWN_S / PART_S);
    for (guint i = 0; i < times->len; i++) {
        int64_t time_us;
        assert_true(time_parse(times->pdata[i], &time_us));
        assert_true(time_us > before_us - (SHOWN_S + PART_S) * SECOND_US);
        g_autofree char *name = g_strconcat("live/", names->pdata[i], NULL);
        assert_int_equal(get(house, officer, name, NULL), 200);
    }
    send(&feed, RECORDED_S);
    g_autofree char *later = playlist(house, officer);
    g_autoptr(GPtrArray) more = lines(later, "live/");
    assert_non_null(strstr(later, names->pdata[names->len - 1]));
    assert_null(strstr(first, more->pdata[more->len - 1]));
}

/* What it names is what was recorded: init part and pictures that decode. */
static void what_it_names_can_be_played(void **state)
{
    House *house = *state;
    Feed feed = open_feed(house, CODEC_H264);
    send(&feed, RECORDED_S);
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    g_autofree char *list = playlist(house, officer);
    g_autoptr(GPtrArray) maps = lines(list, "#EXT-X-MAP:URI=\"");
    g_autoptr(GPtrArray) names = lines(list, "live/");
    g_autoptr(GByteArray) film = g_byte_array_new();
    g_autofree char *init =
        g_strndup(maps->pdata[maps->len - 1], strcspn(maps->pdata[maps->len - 1], "\""));
    g_autofree char *last = g_strconcat("live/", names->pdata[names->len - 1], NULL);
    const char *const wanted[] = {init, last};
    for (size_t i = 0; i < G_N_ELEMENTS(wanted); i++) {
        g_auto(ApiResponse) response = {0};
        g_autofree char *what = path_of(house, wanted[i]);
        house_ask(house, officer, what, NULL, &response);
        assert_int_equal(response.status, 200);
        g_byte_array_append(film, response.bytes->data, (guint)response.bytes->size);
    }
    unsigned pictures;
    covered_film(film->data, film->len, &pictures);
    assert_in_range(pictures, PART_S * FPS, PART_S * FPS + FPS);
}

/* Nor by an address that a playlist of footage told somebody else. */
static void nothing_older_than_the_window_is_handed_out(void **state)
{
    House *house = *state;
    char from[TIME_TEXT], to[TIME_TEXT];
    Feed feed = open_feed(house, CODEC_H264);
    send(&feed, RECORDED_S);
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    g_autofree char *old =
        g_strdup_printf("playlist.m3u8?from=%s&to=%s", time_text(feed.from_us, from),
                        time_text(feed.from_us + 5 * SECOND_US, to));
    char *text;
    assert_int_equal(get(house, officer, old, &text), 200);
    g_autofree char *footage = text;
    g_autoptr(GPtrArray) names = lines(footage, "segments/");
    g_autoptr(GPtrArray) ranges = lines(footage, "#EXT-X-BYTERANGE:");
    assert_true(ranges->len > 0);
    for (guint i = 0; i < ranges->len; i++) {
        g_autofree char *part = g_strdup_printf("live/%s?part=%s", (char *)names->pdata[i],
                                                strchr(ranges->pdata[i], '@') + 1);
        assert_int_equal(get(house, officer, part, NULL), 404);
    }
    assert_int_equal(get(house, officer, "live/2026-11-24-000000.000Z-main.mp4", NULL), 404);
    g_autofree char *odd = g_strdup_printf("live/%s?part=701", (char *)names->pdata[0]);
    assert_int_equal(get(house, officer, odd, NULL), 404);
}

static void it_takes_the_right_to_live_pictures_and_no_other(void **state)
{
    House *house = *state;
    Feed feed = open_feed(house, CODEC_H264);
    send(&feed, RECORDED_S);
    for (int role = ROLE_ADMIN; role < ROLES; role++) {
        g_autofree char *session = house_session(house, (Role)role);
        g_autoptr(CameraRow) row = site_camera_get(house->site, &house->camera);
        Identity who;
        assert_true(people_session(house->people, session, &who));
        const bool may = rights_allow_camera(&who, ACTION_LIVE, house->site, row);
        const int status = get(house, session, "live.m3u8", NULL);
        if (may != (status == 200))
            fail_msg("%s: %d", role_text((Role)role), status);
    }
    assert_int_equal(get(house, NULL, "live.m3u8", NULL), 401);
}

static void who_is_shut_out_gets_nothing_more(void **state)
{
    House *house = *state;
    Feed feed = open_feed(house, CODEC_H264);
    send(&feed, RECORDED_S);
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    g_autofree char *list = playlist(house, officer);
    g_autoptr(GPtrArray) names = lines(list, "live/");
    g_autofree char *name = g_strconcat("live/", names->pdata[0], NULL);
    assert_int_equal(get(house, officer, name, NULL), 200);
    g_auto(ApiResponse) out = {0};
    house_ask(house, officer, "DELETE /api/v1/session", NULL, &out);
    assert_int_equal(get(house, officer, name, NULL), 401);
    assert_int_equal(get(house, officer, "live.m3u8", NULL), 401);
}

static void a_view_stands_in_the_audit_log_with_what_was_seen(void **state)
{
    House *house = *state;
    Feed feed = open_feed(house, CODEC_H264);
    send(&feed, RECORDED_S);
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    g_autofree char *list = playlist(house, officer);
    g_autoptr(GPtrArray) names = lines(list, "live/");
    for (guint i = 0; i < names->len; i++) {
        g_autofree char *name = g_strconcat("live/", names->pdata[i], NULL);
        assert_int_equal(get(house, officer, name, NULL), 200);
    }
    assert_true(audit_flush(house->audit, NULL));
    g_autoptr(GPtrArray) rows = audit_rows(house->audit, 20);
    unsigned views = 0;
    for (guint i = 0; i < rows->len; i++) {
        const AuditRow *row = rows->pdata[i];
        views += strcmp(row->action, "live") == 0;
        assert_int_not_equal(audit_kind_of(row->action), AUDIT_REPLAY);
    }
    assert_int_equal(views, 1); /* its end, with the span, comes when no more is asked for */
}

static void a_masked_camera_gives_no_bytes(void **state)
{
    House *house = *state;
    char camera[UUID_TEXT];
    Feed feed = open_feed(house, CODEC_H264);
    send(&feed, RECORDED_S);
    g_autofree char *admin = house_session(house, ROLE_ADMIN);
    g_autofree char *list = playlist(house, admin);
    g_autoptr(GPtrArray) names = lines(list, "live/");
    g_autofree char *name = g_strconcat("live/", names->pdata[0], NULL);
    g_autofree char *draw =
        g_strdup_printf("POST /api/v1/cameras/%s/masks", uuid_text(&house->camera, camera));
    g_auto(ApiResponse) drawn = {0};
    house_ask(house, admin, draw, "{\"name\":\"Sân nhà\",\"points\":" COVERED_POINTS "}", &drawn);
    assert_int_equal(drawn.status, 201);
    g_autofree char *what = path_of(house, "live.m3u8");
    g_autoptr(Json) problem = ask(house, admin, LIST, what, NULL, 409);
    assert_string_equal(json_string_value(json_object_get(problem, "cause_code")), "masked");
    assert_int_equal(get(house, admin, name, NULL), 409);
}

static void h265_goes_to_who_knows_it_only_and_nothing_recorded_is_said(void **state)
{
    House *house = *state;
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    g_autofree char *plain = path_of(house, "live.m3u8"),
                    *bare = path_of(house, "live.m3u8?codec=h264");
    fits(house, officer, LIST, plain, NULL, 503);
    Feed feed = open_feed(house, CODEC_H265);
    send(&feed, RECORDED_S);
    g_autoptr(Json) problem = ask(house, officer, LIST, bare, NULL, 422);
    assert_string_equal(json_string_value(json_object_get(problem, "cause_code")), "h265-only");
    fits(house, officer, LIST, plain, NULL, 200);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, house_open, house_close)
    const struct CMUnitTest tests[] = {
        TEST(the_playlist_names_the_last_seconds_without_an_end_and_goes_on),
        TEST(what_it_names_can_be_played),
        TEST(nothing_older_than_the_window_is_handed_out),
        TEST(it_takes_the_right_to_live_pictures_and_no_other),
        TEST(who_is_shut_out_gets_nothing_more),
        TEST(a_view_stands_in_the_audit_log_with_what_was_seen),
        TEST(a_masked_camera_gives_no_bytes),
        TEST(h265_goes_to_who_knows_it_only_and_nothing_recorded_is_said),
    };
    int failed = cmocka_run_group_tests(tests, read_document, drop_document);
    for (size_t i = 0; i < G_N_ELEMENTS(films); i++)
        if (films[i])
            made_video_free(films[i]);
    return failed;
}
