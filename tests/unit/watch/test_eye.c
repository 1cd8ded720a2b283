#include "base/clock.h"
#include "base/thread.h"
#include "camera/hub.h"
#include "make_video.h"
#include "unit.h"
#include "watch/eye_camera.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

/* An analyser that counts, and a shelf for thumbnails. */
typedef struct Seen {
    int begun, ended, pictures, keys, width;
    int64_t last_us, least_apart_us, thumbnail_us;
    int thumbnails;
    pthread_t thread;
    bool other_thread;
    atomic_int total; /* of `pictures`, for who waits on another thread */
    atomic_int ends;
} Seen;

static void *see_begin(void *data, const Uuid *camera, int width, int height)
{
    Seen *seen = data;
    seen->begun++;
    seen->width = width;
    seen->thread = pthread_self();
    seen->last_us = 0;
    return seen;
}

static void see_picture(void *state, const LumaPicture *picture)
{
    Seen *seen = state;
    seen->pictures++;
    seen->keys += picture->key;
    seen->other_thread |= !pthread_equal(seen->thread, pthread_self());
    assert_int_equal(picture->width, seen->width);
    if (seen->last_us)
        seen->least_apart_us = MIN(seen->least_apart_us, picture->capture_us - seen->last_us);
    seen->last_us = picture->capture_us;
    atomic_fetch_add(&seen->total, 1);
}

static void see_end(void *state)
{
    Seen *seen = state;
    seen->ended++;
    seen->other_thread |= !pthread_equal(seen->thread, pthread_self());
    atomic_fetch_add(&seen->ends, 1);
}

static void keep_thumbnail(void *data, const Uuid *camera, int64_t capture_us, const Buffer *jpeg)
{
    Seen *seen = data;
    assert_memory_equal(jpeg->data, "\xff\xd8", 2);
    assert_true(capture_us / (10 * SECOND_US) != seen->thumbnail_us / (10 * SECOND_US));
    seen->thumbnail_us = capture_us;
    seen->thumbnails++;
}

/* One camera with hubs of 10 pictures a second, a key picture a second, under the eye's rules. */
typedef struct Scene {
    Uuid id;
    Hub *main, *sub;
    Seen seen;
    EyeRules rules;
    MadeVideo *film; /* of 320 × 180 */
    int64_t now_us;  /* the time of the newest picture */
    unsigned next;   /* of the film */
} Scene;

static MadeVideo *make_film(int width, int height, unsigned pictures)
{
    return make_video(&(VideoRecipe){
        .width = width, .height = height, .fps = 10, .pictures = pictures, .key_interval = 10});
}

static void scene_begin(Scene *scene)
{
    *scene = (Scene){.id = uuid_new(), .seen.least_apart_us = INT64_MAX};
    scene->main = hub_new(scene->id, STREAM_MAIN);
    scene->sub = hub_new(scene->id, STREAM_SUB);
    EyeAnalyser analyser = {see_begin, see_picture, see_end, &scene->seen};
    scene->rules = (EyeRules){
        .analysers = g_array_new(FALSE, FALSE, sizeof(EyeAnalyser)),
        .interval_us = SECOND_US / 5,
        .thumbnails = {keep_thumbnail, &scene->seen, 10 * SECOND_US, 160},
        .keys = decoder_new(INT64_MAX),
    };
    g_array_append_val(scene->rules.analysers, analyser);
    scene->film = make_film(320, 180, 60);
    scene->now_us = clock_now_us() / (10 * SECOND_US) * (10 * SECOND_US); /* a slot begins */
}

static void scene_end(Scene *scene)
{
    hub_close(scene->main);
    hub_close(scene->sub);
    hub_unref(scene->main);
    hub_unref(scene->sub);
    g_array_unref(scene->rules.analysers);
    decoder_free(scene->rules.keys);
    made_video_free(scene->film);
}

/* A picture of the film, a tenth of a second after the one before. `break_it`: no decoder can. */
static void publish(Scene *scene, Hub *hub, bool break_it)
{
    const unsigned index = scene->next++ % scene->film->units->len;
    const AccessUnit *made = scene->film->units->pdata[index];
    g_autoptr(AccessUnit) unit = access_unit_new(made->params, TRACK_VIDEO, made->size);
    memcpy(unit->data, made->data, made->size);
    if (break_it)
        memset(unit->data, 0xa5, unit->size);
    unit->key = made->key;
    unit->pts = made->pts;
    scene->now_us += SECOND_US / 10;
    /* pictures that refer to later ones are shown before those */
    unit->capture_us = scene->now_us + made->pts * 100 / 9 - index * (SECOND_US / 10);
    hub_publish(hub, unit);
}

static void play(Scene *scene, Hub *hub, EyeCamera *camera, unsigned pictures)
{
    for (unsigned i = 0; i < pictures; i++) {
        publish(scene, hub, false);
        if (i % 2 == 0)
            eye_camera_look(camera, scene->now_us);
    }
}

static void assert_mode(const EyeCamera *camera, EyeMode mode, EyeCause cause)
{
    EyeCause is;
    assert_string_equal(eye_mode_text(eye_camera_mode(camera, &is)), eye_mode_text(mode));
    assert_string_equal(eye_cause_text(is), eye_cause_text(cause));
}

static void a_small_sub_stream_is_followed_as_often_as_asked(void **state)
{
    Scene scene;
    scene_begin(&scene);
    EyeCamera *camera = eye_camera_new(&scene.id, scene.main, scene.sub, &scene.rules);
    eye_camera_look(camera, scene.now_us);
    assert_mode(camera, EYE_OFF, EYE_NO_PICTURES);
    play(&scene, scene.sub, camera, 60);
    assert_mode(camera, EYE_FULL, EYE_AS_ASKED);
    /* It begins with the first key picture; then every second of ten a second. */
    assert_in_range(scene.seen.pictures, 28, 31);
    assert_in_range(scene.seen.least_apart_us, 175000, 225000);
    /* The last of the ten before a key picture leads to none that is looked at. */
    assert_in_range(eye_camera_counts(camera).decoded, 52, 56);
    assert_int_equal(scene.seen.begun, 1);
    eye_camera_free(camera);
    assert_int_equal(scene.seen.ended, 1);
    scene_end(&scene);
}

static void what_no_picture_needs_is_decoded_only_for_those_who_look(void **state)
{
    Scene scene;
    scene_begin(&scene);
    made_video_free(scene.film);
    scene.film = make_video(&(VideoRecipe){
        .width = 320, .height = 180, .fps = 10, .pictures = 60, .key_interval = 10, .b_frames = 1});
    EyeCamera *camera = eye_camera_new(&scene.id, scene.main, scene.sub, &scene.rules);
    play(&scene, scene.sub, camera, 60);
    assert_mode(camera, EYE_FULL, EYE_AS_ASKED);
    assert_in_range(scene.seen.pictures, 24, 30);
    assert_in_range(eye_camera_counts(camera).decoded, 32, 38); /* of 60 */
    eye_camera_free(camera);
    scene_end(&scene);
}

static void without_a_sub_stream_key_pictures_alone_are_seen(void **state)
{
    Scene scene;
    scene_begin(&scene);
    EyeCamera *camera = eye_camera_new(&scene.id, scene.main, NULL, &scene.rules);
    play(&scene, scene.main, camera, 60);
    assert_mode(camera, EYE_KEY, EYE_NO_SUB_STREAM);
    assert_int_equal(scene.seen.pictures, 6);
    assert_int_equal(scene.seen.keys, 6);
    eye_camera_free(camera);
    scene_end(&scene);
}

static void a_camera_the_budget_does_not_reach_keeps_its_key_pictures(void **state)
{
    Scene scene;
    scene_begin(&scene);
    EyeCamera *camera = eye_camera_new(&scene.id, scene.main, scene.sub, &scene.rules);
    eye_camera_allow(camera, false);
    play(&scene, scene.sub, camera, 60);
    assert_mode(camera, EYE_KEY, EYE_BUDGET);
    assert_int_equal(scene.seen.pictures, 6);
    eye_camera_allow(camera, true);
    play(&scene, scene.sub, camera, 60);
    assert_mode(camera, EYE_FULL, EYE_AS_ASKED);
    assert_in_range(scene.seen.pictures, 6 + 24, 6 + 30);
    eye_camera_free(camera);
    scene_end(&scene);
}

static void a_silent_sub_stream_is_replaced_by_the_main_one(void **state)
{
    Scene scene;
    scene_begin(&scene);
    EyeCamera *camera = eye_camera_new(&scene.id, scene.main, scene.sub, &scene.rules);
    play(&scene, scene.sub, camera, 60);
    scene.now_us += 2 * MINUTE_US;
    play(&scene, scene.main, camera, 20);
    assert_mode(camera, EYE_KEY, EYE_NO_SUB_STREAM);
    assert_int_equal(scene.seen.last_us, scene.now_us - 900000);
    eye_camera_free(camera);
    scene_end(&scene);
}

/* A film with one key picture, and a camera that looks when some of it has gone by. */
static EyeCamera *look_late(Scene *scene)
{
    scene_begin(scene);
    made_video_free(scene->film);
    scene->film = make_video(
        &(VideoRecipe){.width = 320, .height = 180, .fps = 10, .pictures = 60, .key_interval = 60});
    for (int i = 0; i < 20; i++)
        publish(scene, scene->sub, false);
    EyeCamera *camera = eye_camera_new(&scene->id, scene->main, scene->sub, &scene->rules);
    eye_camera_look(camera, scene->now_us);
    return camera;
}

static void a_sub_stream_with_key_pictures_minutes_apart_is_followed(void **state)
{
    Scene scene;
    EyeCamera *camera = look_late(&scene);
    assert_mode(camera, EYE_FULL, EYE_AS_ASKED);
    assert_in_range(scene.seen.pictures, 9, 10);
    assert_int_equal(hub_viewers(scene.sub), 0);
    for (int i = 1; i <= 5; i++) {
        int before = scene.seen.pictures;
        scene.now_us += 45 * SECOND_US;
        play(&scene, scene.sub, camera, 1);
        assert_mode(camera, EYE_FULL, EYE_AS_ASKED);
        assert_int_equal(scene.seen.pictures, before + 1);
    }
    assert_int_equal(scene.seen.begun, 1);
    eye_camera_free(camera);
    scene_end(&scene);
}

static void what_was_looked_at_is_not_looked_at_again(void **state)
{
    Scene scene;
    EyeCamera *camera = look_late(&scene);
    int before = scene.seen.pictures;
    eye_camera_allow(camera, false);
    eye_camera_look(camera, scene.now_us);
    assert_mode(camera, EYE_KEY, EYE_BUDGET);
    eye_camera_allow(camera, true);
    eye_camera_look(camera, scene.now_us);
    assert_mode(camera, EYE_FULL, EYE_AS_ASKED);
    assert_int_equal(scene.seen.pictures, before);
    play(&scene, scene.sub, camera, 20);
    assert_in_range(scene.seen.pictures, before + 9, before + 11);
    assert_in_range(scene.seen.least_apart_us, 175000, 225000);
    eye_camera_free(camera);
    scene_end(&scene);
}

static void one_thumbnail_is_kept_in_ten_seconds(void **state)
{
    for (int analysed = 0; analysed < 2; analysed++) {
        Scene scene;
        scene_begin(&scene);
        g_array_set_size(scene.rules.analysers, (guint)analysed);
        EyeCamera *camera = eye_camera_new(&scene.id, scene.main, scene.sub, &scene.rules);
        play(&scene, scene.sub, camera, 398);
        assert_int_equal(scene.seen.thumbnails, 4);
        assert_mode(camera, analysed ? EYE_FULL : EYE_KEY, EYE_AS_ASKED);
        eye_camera_free(camera);
        scene_end(&scene);
    }
}

static void a_coding_that_cannot_be_decoded_is_not_tried_again_until_it_changes(void **state)
{
    Scene scene;
    scene_begin(&scene);
    EyeCamera *camera = eye_camera_new(&scene.id, scene.main, scene.sub, &scene.rules);
    g_autoptr(CodecParams) strange = codec_params_new(CODEC_OPUS, VIDEO_TIMESCALE, "", 0);
    strange->width = strange->height = 100;
    g_autoptr(AccessUnit) unit = access_unit_new(strange, TRACK_VIDEO, 10);
    unit->key = true;
    unit->capture_us = scene.now_us;
    for (int i = 0; i < 5; i++) {
        hub_publish(scene.sub, unit);
        eye_camera_look(camera, scene.now_us);
        eye_camera_look(camera, scene.now_us);
        assert_mode(camera, EYE_OFF, EYE_CODEC);
        eye_camera_look(camera, scene.now_us);
    }
    play(&scene, scene.sub, camera, 30);
    assert_mode(camera, EYE_FULL, EYE_AS_ASKED);
    assert_true(scene.seen.pictures > 5);
    eye_camera_free(camera);
    scene_end(&scene);
}

static void damaged_pictures_are_tried_once_a_minute_and_seen_when_they_are_whole(void **state)
{
    Scene scene;
    scene_begin(&scene);
    EyeCamera *camera = eye_camera_new(&scene.id, scene.main, scene.sub, &scene.rules);
    for (unsigned i = 0; i < 100; i++) {
        publish(&scene, scene.sub, true);
        eye_camera_look(camera, scene.now_us);
    }
    assert_mode(camera, EYE_OFF, EYE_BROKEN);
    play(&scene, scene.sub, camera, 20);
    assert_mode(camera, EYE_OFF, EYE_BROKEN);
    assert_int_equal(scene.seen.pictures, 0);
    scene.now_us += MINUTE_US;
    play(&scene, scene.sub, camera, 40);
    assert_mode(camera, EYE_FULL, EYE_AS_ASKED);
    assert_true(scene.seen.pictures > 5);
    eye_camera_free(camera);
    scene_end(&scene);
}

static void the_eye_calls_on_one_thread_and_ends_what_it_began(void **state)
{
    Scene scene;
    scene_begin(&scene);
    const EyeSettings settings = {.pictures_s = 10, .budget_percent = 100};
    EyeAnalyser analyser = {see_begin, see_picture, see_end, &scene.seen};
    for (int removed = 0; removed < 2; removed++) {
        Eye *eye = eye_new(&settings);
        eye_add_analyser(eye, &analyser);
        eye_start(eye);
        eye_watch(eye, &scene.id, scene.main, scene.sub);
        eye_watch(eye, &scene.id, scene.main, scene.sub);
        int before = atomic_load(&scene.seen.total);
        for (int i = 0; i < 1000 && atomic_load(&scene.seen.total) < before + 3; i++) {
            publish(&scene, scene.sub, false);
            g_usleep(20000);
        }
        assert_true(atomic_load(&scene.seen.total) >= before + 3);
        /* the first look sees what the hub held: they may be counted before it has ended */
        for (int i = 0; i < 1500 && eye_status(eye, &scene.id).mode != EYE_FULL; i++)
            g_usleep(10000);
        assert_int_equal(eye_status(eye, &scene.id).mode, EYE_FULL);
        if (removed) {
            eye_unwatch(eye, &scene.id);
            for (int i = 0; i < 1500 && atomic_load(&scene.seen.ends) < 2; i++)
                g_usleep(10000);
            assert_int_equal(atomic_load(&scene.seen.ends), 2);
            assert_int_equal(eye_figures(eye).cameras[EYE_FULL], 0);
        }
        eye_free(eye);
        assert_int_equal(scene.seen.ended, scene.seen.begun);
    }
    assert_int_equal(scene.seen.begun, 2);
    assert_false(scene.seen.other_thread);
    scene_end(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_small_sub_stream_is_followed_as_often_as_asked),
        cmocka_unit_test(what_no_picture_needs_is_decoded_only_for_those_who_look),
        cmocka_unit_test(without_a_sub_stream_key_pictures_alone_are_seen),
        cmocka_unit_test(a_camera_the_budget_does_not_reach_keeps_its_key_pictures),
        cmocka_unit_test(a_silent_sub_stream_is_replaced_by_the_main_one),
        cmocka_unit_test(a_sub_stream_with_key_pictures_minutes_apart_is_followed),
        cmocka_unit_test(what_was_looked_at_is_not_looked_at_again),
        cmocka_unit_test(one_thumbnail_is_kept_in_ten_seconds),
        cmocka_unit_test(a_coding_that_cannot_be_decoded_is_not_tried_again_until_it_changes),
        cmocka_unit_test(damaged_pictures_are_tried_once_a_minute_and_seen_when_they_are_whole),
        cmocka_unit_test(the_eye_calls_on_one_thread_and_ends_what_it_began),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
