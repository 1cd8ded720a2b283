#include "base/bytes.h"
#include "base/clock.h"
#include "live/live.h"
#include "live/message.h"
#include "live/transcoding.h"
#include "make_video.h"
#include "unit.h"

#include <pthread.h>
#include <string.h>
#include <unistd.h>

enum { CAMERAS = 3, FPS = 10, KEY_EVERY = 10, PICTURES = 20 };

/* Cameras that send H.265, of which one at a time may be made into H.264, and their viewers. */
typedef struct Scene {
    Uuid cameras[CAMERAS];
    Hub *hubs[CAMERAS][STREAM_KINDS]; /* NULL: no such stream */
    MadeVideo *h265, *h264;
    Live *live;
    GPtrArray *viewers; /* LiveViewer *, those not gone */
    int64_t lag_us;     /* of their lines */
} Scene;

static Hub *source_hub(void *data, Uuid camera, StreamKind kind)
{
    const Scene *scene = data;
    for (int i = 0; i < CAMERAS; i++)
        if (uuid_equal(&camera, &scene->cameras[i]) && scene->hubs[i][kind])
            return hub_ref(scene->hubs[i][kind]);
    return NULL;
}

static Json *source_state(void *data, Uuid camera)
{
    return NULL;
}

static bool source_may(void *data, const void *account, Uuid camera, bool listen)
{
    return true;
}

static void source_viewed(void *data, const void *account, Uuid camera, LiveMark mark)
{
}

/* Its account is whose it is; without one it is nobody's. */
static Uuid source_person(void *data, const void *account)
{
    return account ? *(const Uuid *)account : (Uuid){{0}};
}

static void wake(void *data)
{
}

static int64_t lag(void *data)
{
    return ((const Scene *)data)->lag_us;
}

static MadeVideo *film(Codec codec)
{
    return make_video(&(VideoRecipe){.codec = codec,
                                     .width = 320,
                                     .height = 180,
                                     .fps = FPS,
                                     .pictures = PICTURES,
                                     .key_interval = KEY_EVERY});
}

static Live *live_of(Scene *scene, unsigned most)
{
    const LiveSource source = {source_hub,    source_state, source_may, source_viewed,
                               source_person, scene,        most,       NULL};
    return live_new(&source, 0);
}

static int start(void **state)
{
    Scene *scene = g_new0(Scene, 1);
    scene->h265 = film(CODEC_H265);
    scene->h264 = film(CODEC_H264);
    for (int i = 0; i < CAMERAS; i++) {
        scene->cameras[i] = uuid_new();
        scene->hubs[i][STREAM_MAIN] = hub_new(scene->cameras[i], STREAM_MAIN);
    }
    scene->live = live_of(scene, 1);
    scene->viewers = g_ptr_array_new();
    *state = scene;
    return 0;
}

static void leave(Scene *scene, LiveViewer *viewer)
{
    g_ptr_array_remove(scene->viewers, viewer);
    live_viewer_free(viewer);
}

static int stop(void **state)
{
    Scene *scene = *state;
    while (scene->viewers->len)
        leave(scene, scene->viewers->pdata[0]);
    g_ptr_array_unref(scene->viewers);
    live_free(scene->live);
    for (int i = 0; i < CAMERAS; i++)
        for (int kind = 0; kind < STREAM_KINDS; kind++)
            hub_unref(scene->hubs[i][kind]);
    made_video_free(scene->h265);
    made_video_free(scene->h264);
    g_free(scene);
    return 0;
}

/* The camera sends `video`, as if it was captured and came so long ago. */
static void send_old(Hub *hub, const MadeVideo *video, int64_t age_us)
{
    for (unsigned i = 0; i < video->units->len; i++) {
        const AccessUnit *from = video->units->pdata[i];
        g_autoptr(AccessUnit) unit = access_unit_new(from->params, TRACK_VIDEO, from->size);
        memcpy(unit->data, from->data, from->size);
        unit->key = from->key;
        unit->pts = from->pts;
        unit->arrival_us = clock_now_us() - age_us;
        unit->capture_us = unit->arrival_us + from->pts * 100 / 9;
        hub_publish(hub, unit);
    }
}

/* The camera sends two key picture intervals of `video`, as if they were just captured. */
static void send(Hub *hub, const MadeVideo *video)
{
    send_old(hub, video, 0);
}

static void watch_too(Scene *scene, LiveViewer *viewer, int camera, bool h264)
{
    char id[UUID_TEXT], text[256];
    g_snprintf(text, sizeof text, "{\"op\":\"subscribe\",\"camera\":\"%s\",\"h264\":%s}",
               uuid_text(&scene->cameras[camera], id), h264 ? "true" : "false");
    live_viewer_message(viewer, text, strlen(text));
}

static LiveViewer *viewer_of(Scene *scene, int camera, bool h264)
{
    LiveViewer *viewer = live_viewer_new(scene->live, NULL, scene);
    g_ptr_array_add(scene->viewers, viewer);
    watch_too(scene, viewer, camera, h264);
    return viewer;
}

/* What a viewer was sent until now. */
typedef struct Seen {
    char codec[32], cause[32];
    char lowered[8]; /* to which pictures, first */
    bool transcoded;
    unsigned pictures, refusals;
    bool ended;
} Seen;

static void take_text(Seen *seen, const Buffer *message, size_t size)
{
    g_autoptr(Json) json = json_parse((const char *)message->data, size, NULL);
    const char *op = json_string_value(json_object_get(json, "op"));
    const char *cause = json_string_value(json_object_get(json, "cause"));
    seen->ended |= strcmp(op, "unsubscribed") == 0;
    if (strcmp(op, "subscribed") == 0) {
        g_strlcpy(seen->codec, json_string_value(json_object_get(json, "codec")), 32);
        seen->transcoded = json_is_true(json_object_get(json, "transcoded"));
    } else if (strcmp(op, "lowered") == 0 && !*seen->lowered) {
        g_strlcpy(seen->lowered, json_string_value(json_object_get(json, "pictures")), 8);
    } else if (strcmp(op, "error") == 0) {
        seen->refusals++;
        g_strlcpy(seen->cause, cause, sizeof seen->cause);
    }
}

static void look(LiveViewer *viewer, Seen *seen)
{
    bool binary;
    size_t size;
    for (Buffer *message; (message = live_viewer_next(viewer, &binary, &size));) {
        if (!binary)
            take_text(seen, message, size);
        else if (!(message->data[1] & (LIVE_INIT | LIVE_FILLER)))
            seen->pictures++;
        buffer_unref(message);
    }
}

/* Pumps until the viewer has seen so many pictures, or was refused, or ten seconds are over. */
static Seen watch(Scene *scene, LiveViewer *viewer, unsigned pictures)
{
    Seen seen = {0};
    for (int i = 0; i < 2000 && seen.pictures < pictures && !seen.refusals; i++) {
        live_pump(scene->live);
        look(viewer, &seen);
        usleep(5000);
    }
    return seen;
}

static void who_knows_no_h265_is_sent_h264_and_others_what_the_camera_sends(void **state)
{
    Scene *scene = *state;
    LiveViewer *old = viewer_of(scene, 0, true), *new = viewer_of(scene, 0, false);
    send(scene->hubs[0][STREAM_MAIN], scene->h265);
    Seen one = watch(scene, old, 1), other = watch(scene, new, PICTURES);
    assert_memory_equal(one.codec, "avc1.", 5);
    assert_true(one.transcoded);
    assert_in_range(one.pictures, 1, KEY_EVERY);
    assert_false(other.transcoded);
    assert_int_equal(other.pictures, PICTURES);
    leave(scene, old);
    leave(scene, new);
    assert_int_equal(live_figures(scene->live).transcodings, 0);
}

static void viewers_of_one_camera_share_what_is_made(void **state)
{
    Scene *scene = *state;
    send(scene->hubs[0][STREAM_MAIN], scene->h265);
    LiveViewer *first = viewer_of(scene, 0, true), *second = viewer_of(scene, 0, true);
    Seen one = watch(scene, first, 1), other = watch(scene, second, 1);
    assert_true(one.transcoded && other.transcoded);
    assert_int_equal(one.refusals + other.refusals, 0);
    assert_int_equal(live_figures(scene->live).transcodings, 1);
    leave(scene, first);
    assert_int_equal(live_figures(scene->live).transcodings, 1);
    leave(scene, second);
    assert_int_equal(live_figures(scene->live).transcodings, 0);
}

static void one_more_than_may_be_is_told_once_and_served_when_another_ends(void **state)
{
    Scene *scene = *state;
    send(scene->hubs[0][STREAM_MAIN], scene->h265);
    send(scene->hubs[1][STREAM_MAIN], scene->h265);
    LiveViewer *first = viewer_of(scene, 0, true);
    assert_true(watch(scene, first, 1).transcoded);
    LiveViewer *second = viewer_of(scene, 1, true);
    Seen refused = watch(scene, second, 1);
    assert_int_equal(refused.pictures, 0);
    assert_string_equal(refused.cause, "transcoding-limit");
    assert_false(refused.ended);
    send(scene->hubs[1][STREAM_MAIN], scene->h265);
    live_pump(scene->live);
    Seen still = {0};
    look(second, &still);
    assert_int_equal(still.refusals + still.pictures, 0);
    leave(scene, first);
    send(scene->hubs[1][STREAM_MAIN], scene->h265);
    assert_true(watch(scene, second, 1).transcoded);
    leave(scene, second);
}

/* Threads want a stack that no machine has, or one as ever. */
static void ask_for_stacks_of(size_t bytes)
{
    pthread_attr_t wanted;
    pthread_attr_init(&wanted);
    assert_int_equal(pthread_attr_setstacksize(&wanted, bytes), 0);
    assert_int_equal(pthread_setattr_default_np(&wanted), 0);
    pthread_attr_destroy(&wanted);
}

static void where_the_machine_has_no_thread_left_the_viewer_is_told_and_served_later(void **state)
{
    Scene *scene = *state;
    pthread_attr_t usual;
    size_t bytes;
    pthread_getattr_default_np(&usual);
    pthread_attr_getstacksize(&usual, &bytes);
    pthread_attr_destroy(&usual);
    send(scene->hubs[0][STREAM_MAIN], scene->h265);
    ask_for_stacks_of((size_t)1 << 47);
    LiveViewer *viewer = viewer_of(scene, 0, true);
    Seen refused = watch(scene, viewer, 1);
    ask_for_stacks_of(bytes);
    assert_string_equal(refused.cause, "transcoding-limit");
    assert_int_equal(live_figures(scene->live).transcodings, 0);
    send(scene->hubs[0][STREAM_MAIN], scene->h265);
    assert_true(watch(scene, viewer, 1).transcoded);
    leave(scene, viewer);
}

/* Until all is said that comes in half a second of pictures of that camera. */
static Seen watch_a_while(Scene *scene, LiveViewer *viewer, int camera)
{
    Seen seen = {0};
    send(scene->hubs[camera][STREAM_MAIN], scene->h265);
    for (int i = 0; i < 100; i++) {
        live_pump(scene->live);
        look(viewer, &seen);
        usleep(5000);
    }
    return seen;
}

static void who_has_two_gives_one_to_somebody_who_has_none(void **state)
{
    Scene *scene = *state;
    Uuid persons[] = {{{1}}, {{2}}};
    live_free(scene->live);
    scene->live = live_of(scene, 2);
    for (int i = 0; i < CAMERAS; i++)
        send(scene->hubs[i][STREAM_MAIN], scene->h265);
    LiveViewer *greedy = live_viewer_new(scene->live, &persons[0], NULL);
    LiveViewer *other = live_viewer_new(scene->live, &persons[1], NULL);
    g_ptr_array_add(scene->viewers, greedy);
    g_ptr_array_add(scene->viewers, other);
    watch_too(scene, greedy, 0, true);
    watch_too(scene, greedy, 1, true);
    assert_int_equal(watch_a_while(scene, greedy, 1).refusals, 0);
    assert_int_equal(live_figures(scene->live).transcodings, 2);
    watch_too(scene, other, 2, true);
    Seen lost = watch_a_while(scene, greedy, 1);
    assert_int_equal(lost.refusals, 1);
    assert_string_equal(lost.cause, "transcoding-limit");
    assert_false(lost.ended);
    Seen refused = {0};
    look(other, &refused);
    assert_int_equal(refused.refusals, 1); /* told to wait, and then it came: */
    Seen seen = watch_a_while(scene, other, 2);
    assert_true(seen.transcoded && seen.pictures > 0);
    seen = watch_a_while(scene, greedy, 0); /* the first one goes on */
    assert_true(seen.pictures > 0);
    leave(scene, other);
    seen = watch_a_while(scene, greedy, 1); /* and the second one comes again */
    assert_true(seen.transcoded && seen.pictures > 0);
    leave(scene, greedy);
}

static void on_a_weak_line_the_next_rung_below_what_is_made_is_its_key_pictures(void **state)
{
    Scene *scene = *state;
    const LiveTransport transport = {.wake = wake, .ready = wake, .lag_us = lag, .data = scene};
    live_attach(scene->live, &transport);
    scene->hubs[0][STREAM_SUB] = hub_new(scene->cameras[0], STREAM_SUB);
    send_old(scene->hubs[0][STREAM_SUB], scene->h265, 30 * SECOND_US); /* and nothing since */
    send(scene->hubs[0][STREAM_MAIN], scene->h265);
    LiveViewer *viewer = viewer_of(scene, 0, true);
    assert_true(watch(scene, viewer, 1).transcoded);
    scene->lag_us = 2 * SECOND_US;
    Seen seen = {0};
    for (int i = 0; i < 10 && !*seen.lowered; i++)
        seen = watch_a_while(scene, viewer, 0);
    assert_string_equal(seen.lowered, "key");
    leave(scene, viewer);
    live_attach(scene->live, NULL);
}

static void where_none_is_made_nobody_is_told_to_wait(void **state)
{
    Scene *scene = *state;
    live_free(scene->live);
    scene->live = live_of(scene, 0);
    send(scene->hubs[0][STREAM_MAIN], scene->h265);
    LiveViewer *viewer = viewer_of(scene, 0, true);
    assert_string_equal(watch(scene, viewer, 1).cause, "transcoding-off");
    leave(scene, viewer);
}

static void a_sub_stream_of_h264_is_sent_as_it_is(void **state)
{
    Scene *scene = *state;
    scene->hubs[0][STREAM_SUB] = hub_new(scene->cameras[0], STREAM_SUB);
    send(scene->hubs[0][STREAM_MAIN], scene->h265);
    send(scene->hubs[0][STREAM_SUB], scene->h264);
    LiveViewer *viewer = viewer_of(scene, 0, true);
    Seen seen = watch(scene, viewer, 1);
    assert_in_range(seen.pictures, 1, KEY_EVERY);
    assert_false(seen.transcoded);
    assert_int_equal(live_figures(scene->live).transcodings, 0);
    leave(scene, viewer);
}

static void a_camera_that_changes_to_h265_goes_on_as_h264(void **state)
{
    Scene *scene = *state;
    send(scene->hubs[0][STREAM_MAIN], scene->h264);
    LiveViewer *viewer = viewer_of(scene, 0, true);
    assert_false(watch(scene, viewer, KEY_EVERY).transcoded);
    send(scene->hubs[0][STREAM_MAIN], scene->h265);
    Seen after = watch(scene, viewer, 1);
    assert_true(after.transcoded);
    assert_memory_equal(after.codec, "avc1.", 5);
    leave(scene, viewer);
}

/* Key pictures, none of which can be decoded. */
static void make_noise(MadeVideo *video)
{
    for (unsigned i = 0; i < video->units->len; i++) {
        AccessUnit *unit = video->units->pdata[i];
        memset(unit->data + 6, (int)i, unit->size - 6);
        unit->key = true;
    }
}

/* Is it given up within ten seconds? */
static bool fails(const Transcoding *transcoding)
{
    for (int i = 0; i < 2000 && !transcoding_failed(transcoding); i++)
        usleep(5000);
    return transcoding_failed(transcoding);
}

static void what_cannot_be_decoded_is_told_and_ends(void **state)
{
    Scene *scene = *state;
    g_autoptr(MadeVideo) noise = film(CODEC_H265);
    make_noise(noise);
    LiveViewer *viewer = viewer_of(scene, 0, true);
    Seen seen = {0};
    for (int i = 0; i < 1500 && !seen.refusals; i++) {
        send(scene->hubs[0][STREAM_MAIN], noise);
        live_pump(scene->live);
        look(viewer, &seen);
        usleep(10000);
    }
    assert_string_equal(seen.cause, "transcoding-failed");
    assert_int_equal(seen.pictures, 0);
    leave(scene, viewer);
    assert_int_equal(live_figures(scene->live).transcodings, 0);
}

static void it_is_given_up_at_the_fifth_key_picture_of_which_nothing_comes(void **state)
{
    const Scene *scene = *state;
    Hub *hub = scene->hubs[0][STREAM_MAIN];
    g_autoptr(MadeVideo) noise = film(CODEC_H265);
    make_noise(noise);
    Transcodings *all = transcodings_new(1);
    Transcoding *transcoding = transcoding_begin(all, hub, NULL);
    g_ptr_array_set_size(noise->units, 4);
    send(hub, noise);
    usleep(200000);
    assert_false(transcoding_failed(transcoding));
    g_ptr_array_set_size(noise->units, 1);
    send(hub, noise);
    assert_true(fails(transcoding));
    transcoding_end(transcoding);
    transcodings_free(all);
}

/* A thread that has much before it: what is sent by `then` waits, since that runs on the thread
 * itself, as soon as it has made something. */
typedef struct Busy {
    const Scene *scene;
    Hub *source;
    void (*then)(const struct Busy *busy);
    Transcodings *all;
    Transcoding *transcoding;
    HubListener *made;
    atomic_bool sent; /* what it begins with */
    int64_t sent_us;
    bool begun;
} Busy;

static void made_something(void *data, const AccessUnit *unit)
{
    Busy *busy = data;
    if (unit && unit->track == TRACK_AUDIO)
        clock_test_set(clock_mono_us() + 11 * SECOND_US, -1);
    else if (unit && !busy->begun) {
        busy->begun = true;
        while (!atomic_load(&busy->sent))
            usleep(1000);
        busy->then(busy);
    }
}

static void keep_busy(Busy *busy, const Scene *scene, void (*then)(const Busy *busy))
{
    *busy = (Busy){.scene = scene, .source = scene->hubs[0][STREAM_MAIN], .then = then};
    busy->all = transcodings_new(1);
    busy->transcoding = transcoding_begin(busy->all, busy->source, NULL);
    busy->made =
        hub_listen(transcoding_hub(busy->transcoding), true, SIZE_MAX, made_something, busy);
    send(busy->source, scene->h265);
    busy->sent_us = clock_now_us();
    atomic_store(&busy->sent, true);
}

static void busy_end(Busy *busy)
{
    hub_unlisten(busy->made);
    transcoding_end(busy->transcoding);
    transcodings_free(busy->all);
}

/* So that it shows when they are decoded. */
static void send_what_is_too_old_and_then_what_is_not(const Busy *busy)
{
    g_autoptr(MadeVideo) old = film(CODEC_H265);
    CodecParams *unknown = codec_params_new(CODEC_NONE, VIDEO_TIMESCALE, NULL, 0);
    for (unsigned i = 0; i < old->units->len; i++) {
        AccessUnit *unit = old->units->pdata[i];
        codec_params_unref(unit->params);
        unit->params = codec_params_ref(unknown);
    }
    codec_params_unref(unknown);
    send_old(busy->source, old, SECOND_US);
    send(busy->source, busy->scene->h265);
}

static void what_comes_too_late_is_passed_over_to_the_newest_key_picture(void **state)
{
    Busy busy;
    keep_busy(&busy, *state, send_what_is_too_old_and_then_what_is_not);
    const int64_t last_us = busy.sent_us + (PICTURES - 1) * SECOND_US / FPS;
    bool came = false;
    for (int i = 0; i < 2000 && !came; i++) {
        for (AccessUnit *unit; (unit = hub_listener_next(busy.made, NULL));) {
            came |= unit->capture_us >= last_us;
            access_unit_unref(unit);
        }
        usleep(5000);
    }
    assert_false(transcoding_failed(busy.transcoding));
    assert_true(came);
    busy_end(&busy);
}

/* What is old, then sound, with which eleven seconds go by, and what is old. */
static void send_what_is_ever_too_old(const Busy *busy)
{
    g_autoptr(CodecParams) params = codec_params_new(CODEC_AAC, AUDIO_TIMESCALE_LEAST, NULL, 0);
    g_autoptr(AccessUnit) sound = access_unit_new(params, TRACK_AUDIO, 1);
    clock_test_set(clock_mono_us(), -1);
    send_old(busy->source, busy->scene->h265, SECOND_US);
    hub_publish(busy->source, sound);
    send_old(busy->source, busy->scene->h265, SECOND_US);
}

static void when_nothing_is_in_time_for_ten_seconds_it_is_given_up(void **state)
{
    Busy busy;
    keep_busy(&busy, *state, send_what_is_ever_too_old);
    const bool failed = fails(busy.transcoding);
    clock_test_set(-1, -1);
    busy_end(&busy);
    assert_true(failed);
}

static void a_camera_that_goes_ends_what_is_made_of_it(void **state)
{
    Scene *scene = *state;
    send(scene->hubs[0][STREAM_MAIN], scene->h265);
    LiveViewer *viewer = viewer_of(scene, 0, true);
    assert_true(watch(scene, viewer, 1).transcoded);
    hub_close(scene->hubs[0][STREAM_MAIN]);
    Seen seen = {0};
    for (int i = 0; i < 2000 && !seen.ended; i++) {
        live_pump(scene->live);
        look(viewer, &seen);
        usleep(5000);
    }
    assert_true(seen.ended);
    assert_int_equal(live_figures(scene->live).transcodings, 0);
    leave(scene, viewer);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)
    const struct CMUnitTest tests[] = {
        TEST(who_knows_no_h265_is_sent_h264_and_others_what_the_camera_sends),
        TEST(viewers_of_one_camera_share_what_is_made),
        TEST(one_more_than_may_be_is_told_once_and_served_when_another_ends),
        TEST(where_the_machine_has_no_thread_left_the_viewer_is_told_and_served_later),
        TEST(who_has_two_gives_one_to_somebody_who_has_none),
        TEST(on_a_weak_line_the_next_rung_below_what_is_made_is_its_key_pictures),
        TEST(where_none_is_made_nobody_is_told_to_wait),
        TEST(a_sub_stream_of_h264_is_sent_as_it_is),
        TEST(a_camera_that_changes_to_h265_goes_on_as_h264),
        TEST(what_cannot_be_decoded_is_told_and_ends),
        TEST(it_is_given_up_at_the_fifth_key_picture_of_which_nothing_comes),
        TEST(what_comes_too_late_is_passed_over_to_the_newest_key_picture),
        TEST(when_nothing_is_in_time_for_ten_seconds_it_is_given_up),
        TEST(a_camera_that_goes_ends_what_is_made_of_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
