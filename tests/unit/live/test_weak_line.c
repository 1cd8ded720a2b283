/* What a viewer is sent whose line lags: less, rung by rung, and more again when it keeps up. */
#include "base/bytes.h"
#include "base/clock.h"
#include "live/live.h"
#include "live/message.h"
#include "scene.h"
#include "unit.h"

#include <string.h>

/* Both streams run for `seconds`, five pictures a second, the first of two seconds a key picture;
 * the viewer takes what there is, on a line that lags by `lag_us`. */
static Taken run(Scene *scene, int seconds, int64_t lag_us)
{
    Taken all = {0};
    scene->lag_us = lag_us;
    for (int i = 0; i < 5 * seconds; i++, scene->pictures++) {
        scene_pass(scene, SECOND_US / 5);
        scene_publish(scene, STREAM_MAIN, scene->pictures % 10 == 0, scene->pictures * 18000);
        scene_publish(scene, STREAM_SUB, scene->pictures % 10 == 0, scene->pictures * 18000);
        Taken taken = scene_take_all(scene);
        for (int kind = 0; kind < STREAM_KINDS; kind++)
            all.pictures[kind] += taken.pictures[kind];
        all.deltas += taken.deltas;
        all.filler += taken.filler;
        if (taken.told) {
            json_decref(all.told);
            all.told = taken.told;
        }
    }
    return all;
}

static void expect_told(Taken taken, const char *op, const char *stream, const char *pictures)
{
    g_autoptr(Json) told = taken.told;
    assert_non_null(told);
    assert_string_equal(json_string_value(json_object_get(told, "op")), op);
    assert_string_equal(json_string_value(json_object_get(told, "stream")), stream);
    assert_string_equal(json_string_value(json_object_get(told, "pictures")), pictures);
}

static const int64_t LATE_US = 3 * SECOND_US / 2;

static void a_viewer_whose_line_lags_gets_the_sub_stream_then_key_pictures_only(void **state)
{
    Scene *scene = *state;
    scene_ask(scene, "subscribe", "main");
    Taken seen = run(scene, 4, 0);
    assert_null(seen.told);
    assert_int_equal(seen.pictures[STREAM_MAIN], 20);
    assert_int_equal(seen.pictures[STREAM_SUB], 0);
    expect_told(run(scene, 1, LATE_US), "lowered", "sub", "all");
    /* What lags now was sent before: it is no reason to send even less. */
    seen = run(scene, 1, LATE_US);
    assert_null(seen.told);
    expect_told(run(scene, 3, LATE_US), "lowered", "sub", "key");
    seen = run(scene, 3, SECOND_US);
    assert_int_equal(seen.pictures[STREAM_MAIN], 0);
    assert_in_range(seen.pictures[STREAM_SUB], 1, 2);
    assert_int_equal(seen.deltas, 0);
}

static void lower_to_keys(Scene *scene)
{
    scene_ask(scene, "subscribe", "main");
    json_decref(run(scene, 4, 0).told);
    expect_told(run(scene, 5, LATE_US), "lowered", "sub", "key");
}

static void a_line_that_keeps_up_gets_all_again_one_rung_after_the_other(void **state)
{
    Scene *scene = *state;
    lower_to_keys(scene);
    assert_null(run(scene, 4, 0).told);
    Taken tried = run(scene, 4, 0);
    assert_null(tried.told);
    assert_int_equal(tried.deltas, 0); /* nobody sees that more is tried */
    assert_true(tried.filler > 0);
    expect_told(run(scene, 4, 0), "raised", "sub", "all");
    expect_told(run(scene, 13, 0), "raised", "main", "all");
    json_decref(run(scene, 3, 0).told);
    Taken seen = run(scene, 20, 0);
    assert_null(seen.told);
    assert_int_equal(seen.pictures[STREAM_MAIN], 100);
    assert_true(seen.filler < 24 * 20);
}

static void what_was_tried_in_vain_is_tried_ever_more_rarely_and_nobody_sees_it(void **state)
{
    Scene *scene = *state;
    lower_to_keys(scene);
    unsigned seconds_with_filler[2] = {0};
    for (int minute = 0; minute < 2; minute++)
        for (int second = 0; second < 60; second++) {
            /* The line lags as soon as more is sent than key pictures. */
            Taken seen = run(scene, 1, scene->lag_us);
            bool tried = seen.filler > 48;
            seconds_with_filler[minute] += tried;
            scene->lag_us = tried ? LATE_US : 0;
            assert_null(seen.told);
            assert_int_equal(seen.deltas, 0);
        }
    assert_in_range(seconds_with_filler[0], 2, 5);
    assert_in_range(seconds_with_filler[1], 1, 2);
}

static void a_camera_opened_on_a_line_known_to_be_weak_begins_with_its_sub_stream(void **state)
{
    Scene *scene = *state;
    scene_ask(scene, "subscribe", "main");
    json_decref(run(scene, 4, 0).told);
    expect_told(run(scene, 1, LATE_US), "lowered", "sub", "all");
    scene_ask(scene, "unsubscribe", "main");
    json_decref(run(scene, 1, 0).told);
    scene_ask(scene, "subscribe", "main");
    Taken seen = run(scene, 2, 0);
    assert_int_equal(seen.pictures[STREAM_MAIN], 0);
    assert_true(seen.pictures[STREAM_SUB] > 0);
    expect_told(seen, "lowered", "sub", "all");
}

static void above_what_is_shown_in_place_of_h265_nothing_is_tried(void **state)
{
    Scene *scene = *state;
    scene->main_is_h265 = true;
    scene_publish(scene, STREAM_SUB, true, 0);
    scene_ask(scene, "subscribe", "main");
    Taken seen = run(scene, 4, 0);
    assert_int_equal(seen.pictures[STREAM_MAIN], 0);
    expect_told(run(scene, 5, LATE_US), "lowered", "sub", "key");
    scene_ask(scene, "unsubscribe", "main");
    json_decref(run(scene, 1, 0).told);
    scene_ask(scene, "subscribe", "main"); /* on a line known to be weak */
    seen = run(scene, 30, 0);
    assert_null(seen.told);
    assert_in_range(seen.pictures[STREAM_SUB], 150, 165);
    assert_true(seen.filler < 24 * 30); /* signs of life */
}

static void a_camera_whose_main_stream_turns_to_h265_is_not_tried_for_it(void **state)
{
    Scene *scene = *state;
    char id[UUID_TEXT], text[256];
    g_snprintf(text, sizeof text, "{\"op\":\"subscribe\",\"camera\":\"%s\",\"h264\":true}",
               uuid_text(&scene->camera, id));
    live_viewer_message(scene->viewer, text, strlen(text));
    json_decref(run(scene, 4, 0).told);
    expect_told(run(scene, 1, LATE_US), "lowered", "sub", "all");
    scene->main_is_h265 = true;
    Taken seen = run(scene, 20, 0);
    assert_true(seen.filler < 24 * 20);
    expect_told(seen, "raised", "sub", "all");
}

static void a_line_that_takes_nothing_loses_up_to_the_next_key_picture_and_is_told(void **state)
{
    Scene *scene = *state;
    scene_watch(scene);
    scene_publish(scene, STREAM_MAIN, false, 6000);
    scene_pass(scene, 3 * SECOND_US);
    scene_publish(scene, STREAM_MAIN, false, 12000); /* what waits, and this, are dropped */
    scene_expect_text(scene, "lowered");
    scene_publish(scene, STREAM_SUB, true, 0);
    scene_expect_text(scene, "lost");
    scene_expect_text(scene, "subscribed");
    assert_int_equal(scene_next_binary(scene, NULL), LIVE_INIT);
    assert_int_equal(scene_next_binary(scene, NULL), LIVE_KEY);
}

static void all_of_a_long_group_that_comes_at_once_is_not_taken_for_a_weak_line(void **state)
{
    Scene *scene = *state;
    scene_publish_group(scene, 100);
    scene_ask(scene, "subscribe", "main");
    Taken seen = run(scene, 4, LATE_US);
    assert_null(seen.told);
    assert_int_equal(seen.pictures[STREAM_MAIN], 120);
    /* One that stays behind is. */
    expect_told(run(scene, 4, LATE_US), "lowered", "sub", "all");
}

static void who_comes_late_in_a_group_too_long_to_keep_gets_its_key_picture_and_the_next(
    void **state)
{
    Scene *scene = *state;
    scene_ask(scene, "subscribe", "main");
    scene_publish_group(scene, 2100);
    LiveViewer *first = scene->viewer;
    scene->viewer = live_viewer_new(scene->live, NULL, scene);
    scene_ask(scene, "subscribe", "main");
    scene_expect_text(scene, "state");
    scene_expect_text(scene, "subscribed");
    assert_int_equal(scene_next_binary(scene, NULL), LIVE_INIT);
    assert_int_equal(scene_next_binary(scene, NULL), LIVE_KEY);
    scene_publish(scene, STREAM_MAIN, false, INT64_C(2100) * 18000);
    scene_expect_silence(scene);
    scene_publish(scene, STREAM_MAIN, true, INT64_C(2101) * 18000);
    scene_expect_text(scene, "lost");
    assert_int_equal(scene_next_binary(scene, NULL), LIVE_KEY);
    live_viewer_free(first);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, scene_start, scene_stop)
    const struct CMUnitTest tests[] = {
        TEST(a_line_that_takes_nothing_loses_up_to_the_next_key_picture_and_is_told),
        TEST(a_viewer_whose_line_lags_gets_the_sub_stream_then_key_pictures_only),
        TEST(a_line_that_keeps_up_gets_all_again_one_rung_after_the_other),
        TEST(what_was_tried_in_vain_is_tried_ever_more_rarely_and_nobody_sees_it),
        TEST(a_camera_opened_on_a_line_known_to_be_weak_begins_with_its_sub_stream),
        TEST(above_what_is_shown_in_place_of_h265_nothing_is_tried),
        TEST(a_camera_whose_main_stream_turns_to_h265_is_not_tried_for_it),
        TEST(all_of_a_long_group_that_comes_at_once_is_not_taken_for_a_weak_line),
        TEST(who_comes_late_in_a_group_too_long_to_keep_gets_its_key_picture_and_the_next),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
