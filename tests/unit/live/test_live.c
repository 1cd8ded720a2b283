/* What a viewer of a camera is sent: its state, pictures from a key picture on, sound; and what is
 * refused. */
#include "base/bytes.h"
#include "base/clock.h"
#include "live/live.h"
#include "live/message.h"
#include "scene.h"
#include "unit.h"

#include <string.h>

static void a_viewer_gets_state_init_and_all_since_the_key_picture(void **state)
{
    Scene *scene = *state;
    scene_publish(scene, STREAM_MAIN, true, 0);
    scene_publish(scene, STREAM_MAIN, false, 6000);
    scene_ask(scene, "subscribe", "main");
    scene_expect_text(scene, "state");
    g_autoptr(Json) subscribed = scene_next_text(scene, "subscribed");
    assert_string_equal(json_string_value(json_object_get(subscribed, "codec")), "avc1.640028");
    assert_int_equal(json_integer_value(json_object_get(subscribed, "id")),
                     hub_id(scene->hubs[STREAM_MAIN]));
    uint64_t first, second;
    assert_int_equal(scene_next_binary(scene, NULL), LIVE_INIT);
    assert_int_equal(scene_next_binary(scene, &first), LIVE_KEY);
    assert_int_equal(scene_next_binary(scene, &second), 0);
    assert_int_equal(second, first + 1);
    scene_expect_silence(scene);
    assert_int_equal(scene->begun, 1);
}

static void pictures_behind_a_loss_are_not_shown_before_the_next_key_picture(void **state)
{
    Scene *scene = *state;
    uint64_t before, after;
    scene_publish(scene, STREAM_MAIN, true, 0);
    scene_ask(scene, "subscribe", "main");
    scene_expect_text(scene, "state");
    scene_expect_text(scene, "subscribed");
    scene_next_binary(scene, NULL);
    scene_next_binary(scene, &before);
    scene_publish_marked(scene, STREAM_MAIN, false, 12000, true);
    scene_publish_marked(scene, STREAM_MAIN, false, 18000, true);
    scene_expect_silence(scene);
    scene_publish(scene, STREAM_MAIN, true, 24000);
    g_autoptr(Json) lost = scene_next_text(scene, "lost");
    assert_int_equal(json_integer_value(json_object_get(lost, "pictures")), 2);
    assert_int_equal(scene_next_binary(scene, &after), LIVE_KEY);
    assert_int_equal(after, before + 3);
}

static void a_second_viewer_shares_the_messages(void **state)
{
    Scene *scene = *state;
    scene_publish(scene, STREAM_MAIN, true, 0);
    scene_ask(scene, "subscribe", "main");
    LiveViewer *first = scene->viewer;
    scene->viewer = live_viewer_new(scene->live, NULL, scene);
    scene_ask(scene, "subscribe", "main");
    LiveViewer *viewers[] = {first, scene->viewer};
    Buffer *last[2] = {NULL, NULL};
    for (int i = 0; i < 2; i++) {
        bool binary;
        size_t size;
        Buffer *message;
        while ((message = live_viewer_next(viewers[i], &binary, &size))) {
            buffer_unref(last[i]);
            last[i] = message;
        }
    }
    assert_non_null(last[0]);
    assert_ptr_equal(last[0], last[1]);
    buffer_unref(last[0]);
    buffer_unref(last[1]);
    live_viewer_free(first);
    assert_int_equal(live_figures(scene->live).streams, 1);
}

static void wake_is_called_once_a_batch(void **state)
{
    Scene *scene = *state;
    scene_ask(scene, "subscribe", "main");
    scene->wakes = 0;
    for (int i = 0; i < 3; i++) {
        g_autoptr(AccessUnit) unit = access_unit_new(scene->params, TRACK_VIDEO, 8);
        memset(unit->data, 0, 8);
        unit->key = i == 0;
        hub_publish(scene->hubs[STREAM_MAIN], unit);
    }
    assert_int_equal(scene->wakes, 1);
    live_pump(scene->live);
    scene_publish(scene, STREAM_MAIN, false, 9000);
    assert_int_equal(scene->wakes, 2);
}

static void a_switch_happens_at_the_first_key_picture_of_the_new_stream(void **state)
{
    Scene *scene = *state;
    scene_watch(scene);
    scene_ask(scene, "subscribe", "sub");
    scene_publish(scene, STREAM_MAIN, false, 6000);
    assert_int_equal(scene_next_binary(scene, NULL), 0); /* main goes on */
    scene_publish(scene, STREAM_SUB, true, 0);
    g_autoptr(Json) subscribed = scene_next_text(scene, "subscribed");
    assert_string_equal(json_string_value(json_object_get(subscribed, "stream")), "sub");
    assert_int_equal(scene_next_binary(scene, NULL), LIVE_INIT);
    assert_int_equal(scene_next_binary(scene, NULL), LIVE_KEY);
    scene_publish(scene, STREAM_MAIN, false, 12000);
    scene_expect_silence(scene);
    assert_int_equal(live_figures(scene->live).streams, 1);
    assert_int_equal(scene->begun, 1);
}

static void what_cannot_be_done_is_said(void **state)
{
    Scene *scene = *state;
    live_viewer_message(scene->viewer, "rubbish", 7);
    scene_expect_text(scene, "error");
    live_viewer_message(scene->viewer, "{\"op\":\"subscribe\",\"camera\":7}", 29);
    scene_expect_text(scene, "error");
    scene_ask(scene, "dance", "main");
    scene_expect_text(scene, "error");
    scene_ask(scene, "subscribe", "third");
    scene_expect_text(scene, "error");
    scene->may_watch = false;
    scene_ask(scene, "subscribe", "main");
    scene_expect_text(scene, "error");
    assert_int_equal(scene->begun, 0);
    assert_int_equal(live_figures(scene->live).streams, 0);
}

static void ask_with_sound(Scene *scene, bool audio)
{
    char id[UUID_TEXT], text[256];
    g_snprintf(text, sizeof text, "{\"op\":\"subscribe\",\"camera\":\"%s\",\"audio\":%s}",
               uuid_text(&scene->camera, id), audio ? "true" : "false");
    live_viewer_message(scene->viewer, text, strlen(text));
}

static void publish_sound(Scene *scene, CodecParams *params, int64_t pts)
{
    g_autoptr(AccessUnit) unit = access_unit_new(params, TRACK_AUDIO, 100);
    memset(unit->data, 0, unit->size);
    unit->key = true;
    unit->pts = pts;
    hub_publish(scene->hubs[STREAM_MAIN], unit);
    live_pump(scene->live);
}

static void sound_pushes_no_picture_out_and_waits_for_none(void **state)
{
    Scene *scene = *state;
    CodecParams *params = codec_params_new(CODEC_AAC, 16000, NULL, 0);
    scene_ask(scene, "subscribe", "main");
    scene_publish_group(scene, 2);
    for (int i = 0; i < 2100; i++)
        publish_sound(scene, params, (int64_t)i * 1024);
    scene_publish(scene, STREAM_MAIN, false, 36000);
    LiveViewer *first = scene->viewer;
    scene->viewer = live_viewer_new(scene->live, NULL, scene);
    ask_with_sound(scene, true);
    assert_int_equal(scene_take_all(scene).pictures[STREAM_MAIN], 3);
    publish_sound(scene, params, INT64_C(2100) * 1024);
    scene_expect_text(scene, "subscribed");
    assert_int_equal(scene_next_binary(scene, NULL), LIVE_INIT | LIVE_AUDIO);
    assert_int_equal(scene_next_binary(scene, NULL), LIVE_AUDIO | LIVE_KEY);
    live_viewer_free(first);
    codec_params_unref(params);
}

/* As it stands in the `trun` of the next message, behind flags, count, and where the data is. */
static unsigned next_duration(Scene *scene)
{
    bool binary;
    size_t size;
    g_autoptr(Buffer) message = live_viewer_next(scene->viewer, &binary, &size);
    assert_true(message && binary);
    const uint8_t *trun = memmem(message->data, message->size, "trun", 4);
    assert_non_null(trun);
    return get_u32(trun + 16);
}

static void sound_behind_a_pause_lasts_no_longer_than_other_sound(void **state)
{
    Scene *scene = *state;
    CodecParams *params = codec_params_new(CODEC_AAC, 16000, NULL, 0);
    scene_publish(scene, STREAM_MAIN, true, 0);
    ask_with_sound(scene, true);
    publish_sound(scene, params, 0);
    json_decref(scene_take_all(scene).told);
    publish_sound(scene, params, 1024);
    assert_int_equal(next_duration(scene), 1024);
    publish_sound(scene, params, 1024 + 5 * 16000);
    assert_int_equal(next_duration(scene), 1024);
    codec_params_unref(params);
}

static void listening_is_told_from_its_beginning_to_its_end_and_a_refusal_too(void **state)
{
    Scene *scene = *state;
    ask_with_sound(scene, false);
    assert_int_equal(scene->sound_begun + scene->sound_refused, 0);
    ask_with_sound(scene, true);
    ask_with_sound(scene, true);
    assert_int_equal(scene->sound_begun, 1);
    ask_with_sound(scene, false);
    assert_int_equal(scene->sound_ended, 1);
    ask_with_sound(scene, true);
    scene_ask(scene, "unsubscribe", "main"); /* leaves without muting first */
    assert_int_equal(scene->sound_begun, 2);
    assert_int_equal(scene->sound_ended, 2);
    assert_int_equal(scene->begun, 1);
    assert_int_equal(scene->ended, 1);
    scene->may_listen = false;
    ask_with_sound(scene, true);
    assert_int_equal(scene->sound_refused, 1);
    assert_int_equal(scene->sound_begun, 2);
    assert_int_equal(scene->begun, 2); /* the pictures come all the same */
}

static void a_removed_camera_ends_the_view(void **state)
{
    Scene *scene = *state;
    scene_ask(scene, "subscribe", "main");
    scene_expect_text(scene, "state");
    hub_close(scene->hubs[STREAM_MAIN]);
    live_pump(scene->live);
    scene_expect_text(scene, "unsubscribed");
    assert_int_equal(scene->ended, 1);
    assert_int_equal(live_figures(scene->live).streams, 0);
}

static void a_change_of_state_is_told_to_those_who_watch(void **state)
{
    Scene *scene = *state;
    live_camera_changed(scene->live, scene->camera);
    live_pump(scene->live);
    scene_expect_silence(scene);
    scene_ask(scene, "subscribe", "main");
    scene_expect_text(scene, "state");
    live_camera_changed(scene->live, scene->camera);
    live_pump(scene->live);
    scene_expect_text(scene, "state");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, scene_start, scene_stop)
    const struct CMUnitTest tests[] = {
        TEST(a_viewer_gets_state_init_and_all_since_the_key_picture),
        TEST(pictures_behind_a_loss_are_not_shown_before_the_next_key_picture),
        TEST(a_second_viewer_shares_the_messages),
        TEST(wake_is_called_once_a_batch),
        TEST(a_switch_happens_at_the_first_key_picture_of_the_new_stream),
        TEST(what_cannot_be_done_is_said),
        TEST(listening_is_told_from_its_beginning_to_its_end_and_a_refusal_too),
        TEST(sound_pushes_no_picture_out_and_waits_for_none),
        TEST(sound_behind_a_pause_lasts_no_longer_than_other_sound),
        TEST(a_removed_camera_ends_the_view),
        TEST(a_change_of_state_is_told_to_those_who_watch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
