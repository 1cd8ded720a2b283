#include "scene.h"

#include "base/bytes.h"
#include "base/clock.h"
#include "live/message.h"
#include "unit.h"

#include <string.h>

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

int scene_start(void **state)
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

int scene_stop(void **state)
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

void scene_publish_marked(Scene *scene, StreamKind kind, bool key, int64_t pts, bool damaged)
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

void scene_publish(Scene *scene, StreamKind kind, bool key, int64_t pts)
{
    scene_publish_marked(scene, kind, key, pts, false);
}

void scene_publish_group(Scene *scene, int pictures)
{
    for (int i = 0; i < pictures; i++) {
        scene_pass(scene, SECOND_US / 5);
        scene_publish(scene, STREAM_MAIN, i == 0, (int64_t)i * 18000);
    }
}

void scene_pass(Scene *scene, int64_t us)
{
    scene->mono_us += us;
    clock_test_set(scene->mono_us, 1000000 * SECOND_US + scene->mono_us);
}

void scene_ask(Scene *scene, const char *op, const char *stream)
{
    char id[UUID_TEXT], text[256];
    g_snprintf(text, sizeof text, "{\"op\":\"%s\",\"camera\":\"%s\",\"stream\":\"%s\",\"h264\":%s}",
               op, uuid_text(&scene->camera, id), stream, scene->main_is_h265 ? "true" : "false");
    live_viewer_message(scene->viewer, text, strlen(text));
    live_pump(scene->live);
}

Json *scene_next_text(Scene *scene, const char *op)
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

void scene_expect_text(Scene *scene, const char *op)
{
    json_decref(scene_next_text(scene, op));
}

unsigned scene_next_binary(Scene *scene, uint64_t *sequence)
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

void scene_expect_silence(Scene *scene)
{
    bool binary;
    size_t size;
    assert_null(live_viewer_next(scene->viewer, &binary, &size));
}

Taken scene_take_all(Scene *scene)
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

void scene_watch(Scene *scene)
{
    scene_publish(scene, STREAM_MAIN, true, 0);
    scene_ask(scene, "subscribe", "main");
    scene_expect_text(scene, "state");
    scene_expect_text(scene, "subscribed");
    scene_next_binary(scene, NULL);
    scene_next_binary(scene, NULL);
}
