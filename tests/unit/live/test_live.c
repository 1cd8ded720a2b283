#include "base/clock.h"
#include "live/live.h"
#include "live/message.h"
#include "unit.h"

#include "base/bytes.h"
#include <string.h>

enum { ROOM = 16 };

/* A commune of one camera, a viewer, and what the service thread would do. */
typedef struct Scene {
    Uuid camera;
    Hub *hubs[STREAM_KINDS];
    Live *live;
    LiveViewer *viewer;
    CodecParams *params;
    bool may_watch, may_listen;
    int wakes, readies, begun, ended, refused;
    int64_t mono_us;
} Scene;

static Hub *source_hub(void *data, Uuid camera, StreamKind kind)
{
    Scene *scene = data;
    Hub *hub = uuid_equal(&camera, &scene->camera) ? scene->hubs[kind] : NULL;
    return hub ? hub_ref(hub) : NULL;
}

static Json *source_state(void *data, Uuid camera)
{
    Scene *scene = data;
    return uuid_equal(&camera, &scene->camera)
               ? json_pack("{s:s, s:s}", "state", "running", "cause", "")
               : NULL;
}

static bool source_may(void *data, const void *account, Uuid camera, bool listen)
{
    Scene *scene = data;
    return listen ? scene->may_listen : scene->may_watch;
}

static void source_viewed(void *data, const void *account, Uuid camera, LiveMark mark)
{
    Scene *scene = data;
    *(mark == LIVE_BEGINS ? &scene->begun
      : mark == LIVE_ENDS ? &scene->ended
                          : &scene->refused) += 1;
}

static void wake(void *data)
{
    ((Scene *)data)->wakes++;
}

static void ready(void *data)
{
    ((Scene *)data)->readies++;
}

static int start(void **state)
{
    Scene *scene = g_new0(Scene, 1);
    static const uint8_t avcc[] = {1,    0x64, 0,    0x28, 0xff, 0xe1, 0,    4,   0x67,
                                   0x64, 0,    0x28, 1,    0,    2,    0x68, 0xee};
    scene->mono_us = 100 * SECOND_US;
    clock_test_set(scene->mono_us, 1000000 * SECOND_US);
    scene->camera = uuid_new();
    for (int kind = 0; kind < STREAM_KINDS; kind++)
        scene->hubs[kind] = hub_new(scene->camera, (StreamKind)kind);
    scene->params = codec_params_new(CODEC_H264, VIDEO_TIMESCALE, avcc, sizeof avcc);
    strcpy(scene->params->rfc6381, "avc1.640028");
    scene->params->width = 640;
    scene->params->height = 360;
    scene->may_watch = scene->may_listen = true;
    LiveSource source = {source_hub, source_state, source_may, source_viewed, scene};
    scene->live = live_new(&source, ROOM);
    live_attach(scene->live, wake, ready, scene);
    scene->viewer = live_viewer_new(scene->live, NULL, scene);
    *state = scene;
    return 0;
}

static int stop(void **state)
{
    Scene *scene = *state;
    live_viewer_free(scene->viewer);
    live_free(scene->live);
    for (int kind = 0; kind < STREAM_KINDS; kind++)
        hub_unref(scene->hubs[kind]);
    codec_params_unref(scene->params);
    clock_test_set(-1, -1);
    g_free(scene);
    return 0;
}

static void publish_marked(Scene *scene, StreamKind kind, bool key, int64_t pts, bool damaged)
{
    g_autoptr(AccessUnit) unit = access_unit_new(scene->params, TRACK_VIDEO, 8);
    memcpy(unit->data, "\0\0\0\4abcd", 8);
    unit->key = key;
    unit->damaged = damaged;
    unit->pts = pts;
    unit->capture_us = 1000000 * SECOND_US + pts * 100 / 9;
    hub_publish(scene->hubs[kind], unit);
    live_pump(scene->live);
}

static void publish(Scene *scene, StreamKind kind, bool key, int64_t pts)
{
    publish_marked(scene, kind, key, pts, false);
}

static void pass(Scene *scene, int64_t us)
{
    scene->mono_us += us;
    clock_test_set(scene->mono_us, 1000000 * SECOND_US + scene->mono_us);
}

static void ask(Scene *scene, const char *op, const char *stream)
{
    char id[UUID_TEXT], text[256];
    g_snprintf(text, sizeof text, "{\"op\":\"%s\",\"camera\":\"%s\",\"stream\":\"%s\"}", op,
               uuid_text(&scene->camera, id), stream);
    live_viewer_message(scene->viewer, text, strlen(text));
    live_pump(scene->live);
}

/* The next text message; the caller drops it. */
static Json *next_text(Scene *scene, const char *op)
{
    bool binary;
    size_t size;
    g_autoptr(Buffer) message = live_viewer_next(scene->viewer, &binary, &size);
    assert_non_null(message);
    assert_false(binary);
    Json *json = json_parse((const char *)message->data + ROOM, size, NULL);
    assert_string_equal(json_string_value(json_object_get(json, "op")), op);
    return json;
}

static void expect_text(Scene *scene, const char *op)
{
    json_decref(next_text(scene, op));
}

/* The next binary message: its flags, and its sequence. */
static unsigned next_binary(Scene *scene, uint64_t *sequence)
{
    bool binary;
    size_t size;
    g_autoptr(Buffer) message = live_viewer_next(scene->viewer, &binary, &size);
    assert_non_null(message);
    assert_true(binary);
    const uint8_t *at = message->data + ROOM;
    assert_int_equal(at[0], LIVE_VERSION);
    assert_int_equal(get_u16(at + 2), LIVE_HEADER);
    assert_memory_equal(at + LIVE_HEADER + 4, at[1] & LIVE_INIT ? "ftyp" : "moof", 4);
    if (sequence)
        *sequence = get_u64(at + 8);
    return at[1];
}

static void expect_silence(Scene *scene)
{
    bool binary;
    size_t size;
    assert_null(live_viewer_next(scene->viewer, &binary, &size));
}

static void a_viewer_gets_state_init_and_all_since_the_key_picture(void **state)
{
    Scene *scene = *state;
    publish(scene, STREAM_MAIN, true, 0);
    publish(scene, STREAM_MAIN, false, 6000);
    ask(scene, "subscribe", "main");
    expect_text(scene, "state");
    g_autoptr(Json) subscribed = next_text(scene, "subscribed");
    assert_string_equal(json_string_value(json_object_get(subscribed, "codec")), "avc1.640028");
    assert_int_equal(json_integer_value(json_object_get(subscribed, "id")),
                     hub_id(scene->hubs[STREAM_MAIN]));
    uint64_t first, second;
    assert_int_equal(next_binary(scene, NULL), LIVE_INIT);
    assert_int_equal(next_binary(scene, &first), LIVE_KEY);
    assert_int_equal(next_binary(scene, &second), 0);
    assert_int_equal(second, first + 1);
    expect_silence(scene);
    assert_int_equal(scene->begun, 1);
}

static void pictures_behind_a_loss_are_not_shown_before_the_next_key_picture(void **state)
{
    Scene *scene = *state;
    uint64_t before, after;
    publish(scene, STREAM_MAIN, true, 0);
    ask(scene, "subscribe", "main");
    expect_text(scene, "state");
    expect_text(scene, "subscribed");
    next_binary(scene, NULL);
    next_binary(scene, &before);
    publish_marked(scene, STREAM_MAIN, false, 12000, true);
    publish_marked(scene, STREAM_MAIN, false, 18000, true);
    expect_silence(scene);
    publish(scene, STREAM_MAIN, true, 24000);
    g_autoptr(Json) lost = next_text(scene, "lost");
    assert_int_equal(json_integer_value(json_object_get(lost, "pictures")), 2);
    assert_int_equal(next_binary(scene, &after), LIVE_KEY);
    assert_int_equal(after, before + 3);
}

static void a_second_viewer_shares_the_messages(void **state)
{
    Scene *scene = *state;
    publish(scene, STREAM_MAIN, true, 0);
    ask(scene, "subscribe", "main");
    LiveViewer *first = scene->viewer;
    scene->viewer = live_viewer_new(scene->live, NULL, scene);
    ask(scene, "subscribe", "main");
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
    ask(scene, "subscribe", "main");
    scene->wakes = 0;
    for (int i = 0; i < 3; i++) {
        g_autoptr(AccessUnit) unit = access_unit_new(scene->params, TRACK_VIDEO, 8);
        memset(unit->data, 0, 8);
        unit->key = i == 0;
        hub_publish(scene->hubs[STREAM_MAIN], unit);
    }
    assert_int_equal(scene->wakes, 1);
    live_pump(scene->live);
    publish(scene, STREAM_MAIN, false, 9000);
    assert_int_equal(scene->wakes, 2);
}

static void a_switch_happens_at_the_first_key_picture_of_the_new_stream(void **state)
{
    Scene *scene = *state;
    publish(scene, STREAM_MAIN, true, 0);
    ask(scene, "subscribe", "main");
    expect_text(scene, "state");
    expect_text(scene, "subscribed");
    next_binary(scene, NULL);
    next_binary(scene, NULL);
    ask(scene, "subscribe", "sub");
    publish(scene, STREAM_MAIN, false, 6000);
    assert_int_equal(next_binary(scene, NULL), 0); /* main goes on */
    publish(scene, STREAM_SUB, true, 0);
    g_autoptr(Json) subscribed = next_text(scene, "subscribed");
    assert_string_equal(json_string_value(json_object_get(subscribed, "stream")), "sub");
    assert_int_equal(next_binary(scene, NULL), LIVE_INIT);
    assert_int_equal(next_binary(scene, NULL), LIVE_KEY);
    publish(scene, STREAM_MAIN, false, 12000);
    expect_silence(scene);
    assert_int_equal(live_figures(scene->live).streams, 1);
    assert_int_equal(scene->begun, 1);
}

static void a_slow_viewer_loses_up_to_the_next_key_picture_and_is_told(void **state)
{
    Scene *scene = *state;
    publish(scene, STREAM_MAIN, true, 0);
    ask(scene, "subscribe", "main");
    expect_text(scene, "state");
    expect_text(scene, "subscribed");
    next_binary(scene, NULL);
    next_binary(scene, NULL);
    publish(scene, STREAM_MAIN, false, 6000);
    pass(scene, 3 * SECOND_US);
    publish(scene, STREAM_MAIN, false, 12000); /* what waits, and this, are dropped */
    expect_silence(scene);
    publish(scene, STREAM_MAIN, false, 18000);
    expect_silence(scene);
    publish(scene, STREAM_MAIN, true, 24000);
    g_autoptr(Json) lost = next_text(scene, "lost");
    assert_int_equal(json_integer_value(json_object_get(lost, "pictures")), 3);
    expect_text(scene, "subscribed");
    assert_int_equal(next_binary(scene, NULL), LIVE_INIT);
    assert_int_equal(next_binary(scene, NULL), LIVE_KEY);
}

static void a_viewer_that_is_too_slow_again_and_again_gets_the_sub_stream(void **state)
{
    Scene *scene = *state;
    publish(scene, STREAM_SUB, true, 0);
    ask(scene, "subscribe", "main");
    for (int i = 0; i < 3; i++) {
        publish(scene, STREAM_MAIN, true, i * 18000);
        pass(scene, 3 * SECOND_US);
        publish(scene, STREAM_MAIN, false, i * 18000 + 6000);
    }
    expect_text(scene, "state");
    Json *json;
    bool binary, lowered = false, key = false;
    size_t size;
    Buffer *message;
    while ((message = live_viewer_next(scene->viewer, &binary, &size))) {
        if (binary) {
            assert_true(!lowered ||
                        get_u32(message->data + ROOM + 4) == hub_id(scene->hubs[STREAM_SUB]));
            key |= message->data[ROOM + 1] == LIVE_KEY;
        } else {
            json = json_parse((const char *)message->data + ROOM, size, NULL);
            lowered |= strcmp(json_string_value(json_object_get(json, "op")), "lowered") == 0;
            json_decref(json);
        }
        buffer_unref(message);
    }
    assert_true(lowered);
    publish(scene, STREAM_SUB, true, 90000);
    while ((message = live_viewer_next(scene->viewer, &binary, &size))) {
        if (binary && message->data[ROOM + 1] == LIVE_KEY)
            key = true;
        buffer_unref(message);
    }
    assert_true(key);
}

static void what_cannot_be_done_is_said(void **state)
{
    Scene *scene = *state;
    live_viewer_message(scene->viewer, "rubbish", 7);
    expect_text(scene, "error");
    live_viewer_message(scene->viewer, "{\"op\":\"subscribe\",\"camera\":7}", 29);
    expect_text(scene, "error");
    ask(scene, "dance", "main");
    expect_text(scene, "error");
    ask(scene, "subscribe", "third");
    expect_text(scene, "error");
    scene->may_watch = false;
    ask(scene, "subscribe", "main");
    expect_text(scene, "error");
    assert_int_equal(scene->begun, 0);
    assert_int_equal(live_figures(scene->live).streams, 0);
}

static void a_removed_camera_ends_the_view(void **state)
{
    Scene *scene = *state;
    ask(scene, "subscribe", "main");
    expect_text(scene, "state");
    hub_close(scene->hubs[STREAM_MAIN]);
    live_pump(scene->live);
    expect_text(scene, "unsubscribed");
    assert_int_equal(scene->ended, 1);
    assert_int_equal(live_figures(scene->live).streams, 0);
}

static void a_change_of_state_is_told_to_those_who_watch(void **state)
{
    Scene *scene = *state;
    live_camera_changed(scene->live, scene->camera);
    live_pump(scene->live);
    expect_silence(scene);
    ask(scene, "subscribe", "main");
    expect_text(scene, "state");
    live_camera_changed(scene->live, scene->camera);
    live_pump(scene->live);
    expect_text(scene, "state");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)
    const struct CMUnitTest tests[] = {
        TEST(a_viewer_gets_state_init_and_all_since_the_key_picture),
        TEST(pictures_behind_a_loss_are_not_shown_before_the_next_key_picture),
        TEST(a_second_viewer_shares_the_messages),
        TEST(wake_is_called_once_a_batch),
        TEST(a_switch_happens_at_the_first_key_picture_of_the_new_stream),
        TEST(a_slow_viewer_loses_up_to_the_next_key_picture_and_is_told),
        TEST(a_viewer_that_is_too_slow_again_and_again_gets_the_sub_stream),
        TEST(what_cannot_be_done_is_said),
        TEST(a_removed_camera_ends_the_view),
        TEST(a_change_of_state_is_told_to_those_who_watch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
