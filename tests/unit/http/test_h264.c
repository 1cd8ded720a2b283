/* Footage of H.265 for browsers that know none: playlists with codec=h264, and what they name. */
#include "api_ask.h"
#include "audit_rows.h"
#include "base/time_text.h"
#include "http/live_socket.h"
#include "unit.h"

#include <string.h>

enum { RECORDED_S = 6 };

/* The playlist of all that was recorded; `more` goes behind the query. */
static void ask_playlist(House *house, const char *session, int64_t from_us, const char *more,
                         ApiResponse *response)
{
    char camera[UUID_TEXT], from[TIME_TEXT], to[TIME_TEXT];
    g_autofree char *what = g_strdup_printf(
        "GET /api/v1/cameras/%s/playlist.m3u8?from=%s&to=%s%s", uuid_text(&house->camera, camera),
        time_text(from_us, from), time_text(from_us + RECORDED_S * SECOND_US, to), more);
    house_ask(house, session, what, NULL, response);
}

static char *answer_text(const ApiResponse *response)
{
    assert_int_equal(response->status, 200);
    return g_strndup((const char *)response->bytes->data, response->bytes->size);
}

/* What stands in the playlist behind `before`, up to `end`. Returned owned. */
static char *named(const char *playlist, const char *before, const char *end)
{
    const char *at = strstr(playlist, before);
    assert_non_null(at);
    at += strlen(before);
    return g_strndup(at, (size_t)(strpbrk(at, end) - at));
}

static void ask_named(House *house, const char *session, const char *name, ApiResponse *response)
{
    char camera[UUID_TEXT];
    g_autofree char *what =
        g_strdup_printf("GET /api/v1/cameras/%s/%s", uuid_text(&house->camera, camera), name);
    house_ask(house, session, what, NULL, response);
}

static void assert_box(const ApiResponse *response, const char *type)
{
    assert_int_equal(response->status, 200);
    assert_string_equal(response->type, "video/mp4");
    assert_memory_equal(response->bytes->data + 4, type, 4);
}

static const char *cause_of(const ApiResponse *response)
{
    return json_string_value(json_object_get(response->json, "cause_code"));
}

static void a_playlist_names_parts_that_are_made_when_they_are_asked_for(void **state)
{
    House *house = *state;
    int64_t from_us = house_record_as(house, CODEC_H265, RECORDED_S);
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    g_auto(ApiResponse) list = {0}, init = {0}, part = {0}, again = {0}, key = {0};
    ask_playlist(house, officer, from_us, "&codec=h264", &list);
    g_autofree char *text = answer_text(&list);
    assert_null(strstr(text, "segments/"));
    g_autofree char *map = named(text, "#EXT-X-MAP:URI=\"", "\"");
    g_autofree char *first = named(text, ",\nh264/", "\n");
    g_autofree char *uri = g_strconcat("h264/", first, NULL);
    ask_named(house, officer, map, &init);
    assert_box(&init, "ftyp");
    assert_non_null(memmem(init.bytes->data, init.bytes->size, "avc1", 4));
    ask_named(house, officer, uri, &part);
    assert_box(&part, "moof");
    ask_named(house, officer, uri, &again);
    assert_ptr_equal(part.bytes, again.bytes); /* it was kept */
    g_autofree char *fast = g_strconcat(uri, "&pictures=key", NULL);
    ask_named(house, officer, fast, &key);
    assert_box(&key, "moof");
    assert_true(key.bytes->size < part.bytes->size);
    assert_true(audit_flush(house->audit, NULL));
    g_autoptr(GPtrArray) rows = audit_rows(house->audit, 100);
    unsigned looks = 0;
    for (guint i = 0; i < rows->len; i++)
        looks += g_str_equal(((const AuditRow *)rows->pdata[i])->action, "replay");
    assert_int_equal(looks, 1);
}

static void without_the_wish_footage_is_named_as_it_is(void **state)
{
    House *house = *state;
    int64_t from_us = house_record_as(house, CODEC_H265, RECORDED_S);
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    g_auto(ApiResponse) list = {0}, odd = {0};
    ask_playlist(house, officer, from_us, "", &list);
    g_autofree char *text = answer_text(&list);
    assert_null(strstr(text, "h264/"));
    ask_playlist(house, officer, from_us, "&codec=av1", &odd);
    assert_int_equal(odd.status, 400);
}

static void footage_of_h264_is_never_made_anew_and_takes_no_place(void **state)
{
    House *house = *state;
    int64_t from_us = house_record(house, RECORDED_S);
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    g_auto(ApiResponse) list = {0}, made = {0};
    ask_playlist(house, officer, from_us, "&codec=h264", &list);
    g_autofree char *text = answer_text(&list);
    assert_null(strstr(text, "h264/"));
    g_autofree char *name = named(text, "\nsegments/", "\n");
    g_autofree char *uri = g_strconcat("h264/", name, NULL);
    ask_named(house, officer, uri, &made);
    assert_int_equal(made.status, 404);
    assert_int_equal(live_figures(house->live).transcodings, 0);
}

static void one_more_viewer_than_may_be_is_told_so(void **state)
{
    House *house = *state;
    int64_t from_us = house_record_as(house, CODEC_H265, RECORDED_S);
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    g_autofree char *commander = house_session(house, ROLE_COMMANDER);
    g_auto(ApiResponse) list = {0}, init = {0}, refused = {0}, part = {0};
    ask_playlist(house, officer, from_us, "&codec=h264", &list);
    g_autofree char *text = answer_text(&list);
    assert_int_equal(live_figures(house->live).transcodings, 0); /* to read it takes no place */
    g_autofree char *map = named(text, "#EXT-X-MAP:URI=\"", "\"");
    ask_named(house, officer, map, &init);
    assert_box(&init, "ftyp");
    ask_named(house, commander, map, &refused);
    assert_int_equal(refused.status, 503);
    assert_string_equal(cause_of(&refused), "transcoding-limit");
    g_autofree char *first = named(text, ",\nh264/", "\n");
    g_autofree char *uri = g_strconcat("h264/", first, NULL);
    ask_named(house, officer, uri, &part);
    assert_box(&part, "moof");
}

static void a_server_that_makes_none_says_so(void **state)
{
    House *house = *state;
    int64_t from_us = house_record_as(house, CODEC_H265, RECORDED_S);
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    const LiveSource none = live_socket_source(&house->api);
    live_free(house->live);
    house->api.live = house->live = live_new(&none, 0);
    g_auto(ApiResponse) list = {0};
    ask_playlist(house, officer, from_us, "&codec=h264", &list);
    assert_int_equal(list.status, 422);
    assert_string_equal(cause_of(&list), "transcoding-off");
}

static void a_part_asks_for_a_reason_like_the_playlist(void **state)
{
    House *house = *state;
    int64_t from_us = house_record_as(house, CODEC_H265, RECORDED_S);
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    g_auto(ApiResponse) list = {0}, part = {0}, refused = {0};
    ask_playlist(house, officer, from_us, "&codec=h264", &list);
    g_autofree char *text = answer_text(&list);
    g_autofree char *first = named(text, ",\nh264/", "\n");
    g_autofree char *uri = g_strconcat("h264/", first, NULL);
    ask_named(house, officer, uri, &part);
    assert_box(&part, "moof");
    assert_true(site_reason_set(house->site, 1, NULL));
    ask_named(house, officer, uri, &refused);
    assert_int_equal(refused.status, 403);
    assert_string_equal(cause_of(&refused), "reason-needed");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, house_open, house_close)
    const struct CMUnitTest tests[] = {
        TEST(a_playlist_names_parts_that_are_made_when_they_are_asked_for),
        TEST(without_the_wish_footage_is_named_as_it_is),
        TEST(footage_of_h264_is_never_made_anew_and_takes_no_place),
        TEST(one_more_viewer_than_may_be_is_told_so),
        TEST(a_server_that_makes_none_says_so),
        TEST(a_part_asks_for_a_reason_like_the_playlist),
    };
    return cmocka_run_group_tests(tests, read_document, drop_document);
}
