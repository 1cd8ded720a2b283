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
    CodecParams *params, *h265;
    bool main_is_h265;
    bool may_watch, may_listen;
    int wakes, readies, begun, ended, refused, sound_begun, sound_ended, sound_refused;
    int64_t mono_us, lag_us, pictures;
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
    int *const counts[] = {
        [LIVE_BEGINS] = &scene->begun,           [LIVE_ENDS] = &scene->ended,
        [LIVE_REFUSED] = &scene->refused,        [LIVE_SOUND_BEGINS] = &scene->sound_begun,
        [LIVE_SOUND_ENDS] = &scene->sound_ended, [LIVE_SOUND_REFUSED] = &scene->sound_refused,
    };
    *counts[mark] += 1;
}

static Uuid source_person(void *data, const void *account)
{
    return (Uuid){{0}};
}

static void wake(void *data)
{
    ((Scene *)data)->wakes++;
}

static void ready(void *data)
{
    ((Scene *)data)->readies++;
}

static int64_t lag(void *data)
{
    return ((Scene *)data)->lag_us;
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
    scene->h265 = codec_params_new(CODEC_H265, VIDEO_TIMESCALE, avcc, sizeof avcc);
    scene->may_watch = scene->may_listen = true;
    LiveSource source = {source_hub,    source_state, source_may, source_viewed,
                         source_person, scene,        1,          NULL};
    scene->live = live_new(&source, ROOM);
    const LiveTransport transport = {wake, ready, lag, scene};
    live_attach(scene->live, &transport);
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
    codec_params_unref(scene->h265);
    clock_test_set(-1, -1);
    g_free(scene);
    return 0;
}

static void publish_marked(Scene *scene, StreamKind kind, bool key, int64_t pts, bool damaged)
{
    const bool h265 = kind == STREAM_MAIN && scene->main_is_h265;
    g_autoptr(AccessUnit) unit =
        access_unit_new(h265 ? scene->h265 : scene->params, TRACK_VIDEO, 8);
    memcpy(unit->data, "\0\0\0\4abcd", 8);
    unit->key = key;
    unit->damaged = damaged;
    unit->pts = pts;
    unit->capture_us = clock_now_us();
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

/* Where the main stream is H.265, the viewer knows none. */
static void ask(Scene *scene, const char *op, const char *stream)
{
    char id[UUID_TEXT], text[256];
    g_snprintf(text, sizeof text, "{\"op\":\"%s\",\"camera\":\"%s\",\"stream\":\"%s\",\"h264\":%s}",
               op, uuid_text(&scene->camera, id), stream, scene->main_is_h265 ? "true" : "false");
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

/* Takes all that waits: counts pictures by stream, and deltas; the last of `lowered` and `raised`,
 * owned, or NULL. */
typedef struct Taken {
    unsigned pictures[STREAM_KINDS], deltas;
    size_t filler;
    Json *told;
} Taken;

static Taken take_all(Scene *scene)
{
    Taken taken = {0};
    bool binary;
    size_t size;
    for (Buffer *message; (message = live_viewer_next(scene->viewer, &binary, &size));) {
        const uint8_t *at = message->data + ROOM;
        if (!binary) {
            Json *json = json_parse((const char *)at, size, NULL);
            const char *op = json_string_value(json_object_get(json, "op"));
            if (strcmp(op, "lowered") == 0 || strcmp(op, "raised") == 0) {
                json_decref(taken.told);
                taken.told = json_incref(json);
            }
            json_decref(json);
        } else if (at[1] & LIVE_FILLER) {
            taken.filler += size;
        } else if (!(at[1] & LIVE_INIT)) {
            bool main = get_u32(at + 4) == hub_id(scene->hubs[STREAM_MAIN]);
            taken.pictures[main ? STREAM_MAIN : STREAM_SUB]++;
            taken.deltas += !(at[1] & LIVE_KEY);
        }
        buffer_unref(message);
    }
    return taken;
}

/* Both streams run for `seconds`, five pictures a second, the first of two seconds a key picture;
 * the viewer takes what there is, on a line that lags by `lag_us`. */
static Taken run(Scene *scene, int seconds, int64_t lag_us)
{
    Taken all = {0};
    scene->lag_us = lag_us;
    for (int i = 0; i < 5 * seconds; i++, scene->pictures++) {
        pass(scene, SECOND_US / 5);
        publish(scene, STREAM_MAIN, scene->pictures % 10 == 0, scene->pictures * 18000);
        publish(scene, STREAM_SUB, scene->pictures % 10 == 0, scene->pictures * 18000);
        Taken taken = take_all(scene);
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
    ask(scene, "subscribe", "main");
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
    ask(scene, "subscribe", "main");
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
    ask(scene, "subscribe", "main");
    json_decref(run(scene, 4, 0).told);
    expect_told(run(scene, 1, LATE_US), "lowered", "sub", "all");
    ask(scene, "unsubscribe", "main");
    json_decref(run(scene, 1, 0).told);
    ask(scene, "subscribe", "main");
    Taken seen = run(scene, 2, 0);
    assert_int_equal(seen.pictures[STREAM_MAIN], 0);
    assert_true(seen.pictures[STREAM_SUB] > 0);
    expect_told(seen, "lowered", "sub", "all");
}

static void above_what_is_shown_in_place_of_h265_nothing_is_tried(void **state)
{
    Scene *scene = *state;
    scene->main_is_h265 = true;
    publish(scene, STREAM_SUB, true, 0);
    ask(scene, "subscribe", "main");
    Taken seen = run(scene, 4, 0);
    assert_int_equal(seen.pictures[STREAM_MAIN], 0);
    expect_told(run(scene, 5, LATE_US), "lowered", "sub", "key");
    ask(scene, "unsubscribe", "main");
    json_decref(run(scene, 1, 0).told);
    ask(scene, "subscribe", "main"); /* on a line known to be weak */
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
    publish(scene, STREAM_MAIN, true, 0);
    ask(scene, "subscribe", "main");
    expect_text(scene, "state");
    expect_text(scene, "subscribed");
    next_binary(scene, NULL);
    next_binary(scene, NULL);
    publish(scene, STREAM_MAIN, false, 6000);
    pass(scene, 3 * SECOND_US);
    publish(scene, STREAM_MAIN, false, 12000); /* what waits, and this, are dropped */
    expect_text(scene, "lowered");
    publish(scene, STREAM_SUB, true, 0);
    expect_text(scene, "lost");
    expect_text(scene, "subscribed");
    assert_int_equal(next_binary(scene, NULL), LIVE_INIT);
    assert_int_equal(next_binary(scene, NULL), LIVE_KEY);
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

/* One group of pictures, five a second, that nobody has watched yet. */
static void publish_group(Scene *scene, int pictures)
{
    for (int i = 0; i < pictures; i++) {
        pass(scene, SECOND_US / 5);
        publish(scene, STREAM_MAIN, i == 0, (int64_t)i * 18000);
    }
}

static void all_of_a_long_group_that_comes_at_once_is_not_taken_for_a_weak_line(void **state)
{
    Scene *scene = *state;
    publish_group(scene, 100);
    ask(scene, "subscribe", "main");
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
    ask(scene, "subscribe", "main");
    publish_group(scene, 2100);
    LiveViewer *first = scene->viewer;
    scene->viewer = live_viewer_new(scene->live, NULL, scene);
    ask(scene, "subscribe", "main");
    expect_text(scene, "state");
    expect_text(scene, "subscribed");
    assert_int_equal(next_binary(scene, NULL), LIVE_INIT);
    assert_int_equal(next_binary(scene, NULL), LIVE_KEY);
    publish(scene, STREAM_MAIN, false, INT64_C(2100) * 18000);
    expect_silence(scene);
    publish(scene, STREAM_MAIN, true, INT64_C(2101) * 18000);
    expect_text(scene, "lost");
    assert_int_equal(next_binary(scene, NULL), LIVE_KEY);
    live_viewer_free(first);
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
    ask(scene, "subscribe", "main");
    publish_group(scene, 2);
    for (int i = 0; i < 2100; i++)
        publish_sound(scene, params, (int64_t)i * 1024);
    publish(scene, STREAM_MAIN, false, 36000);
    LiveViewer *first = scene->viewer;
    scene->viewer = live_viewer_new(scene->live, NULL, scene);
    ask_with_sound(scene, true);
    assert_int_equal(take_all(scene).pictures[STREAM_MAIN], 3);
    publish_sound(scene, params, INT64_C(2100) * 1024);
    expect_text(scene, "subscribed");
    assert_int_equal(next_binary(scene, NULL), LIVE_INIT | LIVE_AUDIO);
    assert_int_equal(next_binary(scene, NULL), LIVE_AUDIO | LIVE_KEY);
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
    publish(scene, STREAM_MAIN, true, 0);
    ask_with_sound(scene, true);
    publish_sound(scene, params, 0);
    json_decref(take_all(scene).told);
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
    ask(scene, "unsubscribe", "main"); /* leaves without muting first */
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
        TEST(a_line_that_takes_nothing_loses_up_to_the_next_key_picture_and_is_told),
        TEST(a_viewer_whose_line_lags_gets_the_sub_stream_then_key_pictures_only),
        TEST(a_line_that_keeps_up_gets_all_again_one_rung_after_the_other),
        TEST(what_was_tried_in_vain_is_tried_ever_more_rarely_and_nobody_sees_it),
        TEST(a_camera_opened_on_a_line_known_to_be_weak_begins_with_its_sub_stream),
        TEST(above_what_is_shown_in_place_of_h265_nothing_is_tried),
        TEST(a_camera_whose_main_stream_turns_to_h265_is_not_tried_for_it),
        TEST(what_cannot_be_done_is_said),
        TEST(listening_is_told_from_its_beginning_to_its_end_and_a_refusal_too),
        TEST(all_of_a_long_group_that_comes_at_once_is_not_taken_for_a_weak_line),
        TEST(who_comes_late_in_a_group_too_long_to_keep_gets_its_key_picture_and_the_next),
        TEST(sound_pushes_no_picture_out_and_waits_for_none),
        TEST(sound_behind_a_pause_lasts_no_longer_than_other_sound),
        TEST(a_removed_camera_ends_the_view),
        TEST(a_change_of_state_is_told_to_those_who_watch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
