#include "base/clock.h"
#include "camera/assembler.h"
#include "unit.h"

static void watch_nothing(void *data, const AccessUnit *unit)
{
}

static const uint8_t byte[5];

/* An assembler in its first session, and what comes out of it. */
typedef struct Bench {
    Hub *hub;
    CodecParams *params;
    HubListener *listener;
    Assembler *assembler;
    int64_t from_us;
} Bench;

static Bench bench_new(void)
{
    Bench bench = {.hub = hub_new(uuid_new(), STREAM_MAIN),
                   .params = codec_params_new(CODEC_H264, VIDEO_TIMESCALE, "", 0),
                   .from_us = clock_now_us()};
    bench.listener = hub_listen(bench.hub, false, 100000, watch_nothing, NULL);
    bench.assembler = assembler_new(bench.hub);
    assembler_begin(bench.assembler, GAP_SERVER_DOWN);
    return bench;
}

static void bench_clear(Bench *bench)
{
    assembler_free(bench->assembler);
    hub_unlisten(bench->listener);
    codec_params_unref(bench->params);
    hub_unref(bench->hub);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Bench, bench_clear)

static void feed_frame(Bench *bench, uint32_t stamp, int ms, bool key, bool damaged)
{
    DepayFrame frame = {
        .data = byte, .size = sizeof byte, .timestamp = stamp, .key = key, .damaged = damaged};
    assembler_frame(bench->assembler, TRACK_VIDEO, &frame, bench->params,
                    bench->from_us + ms * INT64_C(1000));
}

static void feed_picture(Bench *bench, uint32_t stamp, int ms, bool damaged)
{
    feed_frame(bench, stamp, ms, true, damaged);
}

static AccessUnit *next(Bench *bench)
{
    AccessUnit *unit = hub_listener_next(bench->listener, NULL);
    assert_non_null(unit);
    return unit;
}

/* One picture after `ms` without one; those in between came damaged, or were never sent. */
static bool leaves_a_gap(int ms, bool damaged)
{
    g_auto(Bench) bench = bench_new();
    for (int i = 0; i < 5; i++)
        feed_picture(&bench, (uint32_t)i * 9000, i * 100, false);
    if (damaged)
        feed_picture(&bench, 5 * 9000, 500, true);
    feed_picture(&bench, 4 * 9000 + (uint32_t)ms * 90, 400 + ms, false);
    for (unsigned i = 0; i < 5; i++)
        access_unit_unref(next(&bench));
    g_autoptr(AccessUnit) last = next(&bench);
    assert_int_equal(last->capture_us - bench.from_us, 400000 + ms * INT64_C(1000));
    if (last->run_start)
        assert_int_equal(last->gap_cause, GAP_NETWORK_STALL);
    assert_int_equal(last->run, last->run_start ? 2 : 1);
    return last->run_start;
}

static void pictures_lost_on_the_way_leave_a_gap_if_they_are_many(void **state) /* S16 */
{
    assert_true(leaves_a_gap(3000, true));
    assert_false(leaves_a_gap(200, true));
    assert_false(leaves_a_gap(3000, false));
}

static void pictures_behind_a_damaged_one_are_marked_up_to_the_next_key_picture(void **state)
{
    static const bool key[] = {1, 0, 0, 0, 0, 1, 0}, damaged[] = {0, 0, 1, 0, 0, 0, 0},
                      marked[] = {0, 0, 1, 1, 0, 0};
    g_auto(Bench) bench = bench_new();
    for (int i = 0; i < 7; i++)
        feed_frame(&bench, (uint32_t)i * 9000, i * 100, key[i], damaged[i]);
    for (int i = 0; i < 6; i++) {
        g_autoptr(AccessUnit) unit = next(&bench);
        assert_int_equal(unit->damaged, marked[i]);
    }
}

static void a_whole_picture_behind_a_loss_is_kept_and_marked_unless_it_is_a_key_picture(
    void **state)
{
    static const bool key[] = {1, 0, 0, 1, 0, 1, 0}, after_loss[] = {0, 1, 0, 1, 0, 0, 0},
                      marked[] = {0, 1, 1, 0, 0, 0, 0};
    g_auto(Bench) bench = bench_new();
    for (unsigned i = 0; i < 7; i++) {
        DepayFrame frame = {.data = byte,
                            .size = sizeof byte,
                            .timestamp = i * 9000,
                            .key = key[i],
                            .after_loss = after_loss[i]};
        assembler_frame(bench.assembler, TRACK_VIDEO, &frame, bench.params,
                        bench.from_us + i * INT64_C(100000));
    }
    for (unsigned i = 0; i < 7; i++) {
        g_autoptr(AccessUnit) unit = next(&bench);
        assert_int_equal(unit->damaged, marked[i]);
    }
}

static void pictures_of_a_run_that_ends_young_keep_its_times(void **state)
{
    g_auto(Bench) bench = bench_new();
    feed_picture(&bench, 1000, 0, false);
    feed_picture(&bench, 1000 + 9000, 100, false);
    assembler_restart(bench.assembler, TRACK_VIDEO); /* the camera begins its stamps anew */
    feed_picture(&bench, 4000000000, 150, false);
    feed_picture(&bench, 4000000000 + 36000, 550, false);
    const int64_t times_us[] = {0, 100000, 150000, 550000};
    for (unsigned i = 0; i < 4; i++) {
        g_autoptr(AccessUnit) unit = next(&bench);
        assert_int_equal(unit->capture_us - bench.from_us, times_us[i]);
        assert_int_equal(unit->run, i < 2 ? 1 : 2);
        assert_int_equal(unit->run_start, i % 2 == 0);
    }
}

static void pictures_of_a_session_that_ends_young_are_published(void **state)
{
    g_auto(Bench) bench = bench_new();
    feed_picture(&bench, 1000, 0, false);
    assert_null(hub_listener_next(bench.listener, NULL)); /* its time is not final yet */
    feed_picture(&bench, 1000 + 9000, 100, false);
    assert_non_null(assembler_end(bench.assembler));
    assert_null(assembler_end(bench.assembler));
    assembler_begin(bench.assembler, GAP_CAMERA_OFFLINE);
    feed_picture(&bench, 5, 4000, false);
    feed_picture(&bench, 5 + 36000, 4400, false);
    const int64_t times_us[] = {0, 100000, 4000000, 4400000};
    for (unsigned i = 0; i < 4; i++) {
        g_autoptr(AccessUnit) unit = next(&bench);
        assert_int_equal(unit->capture_us - bench.from_us, times_us[i]);
        assert_int_equal(unit->run, i < 2 ? 1 : 2);
        if (i == 2)
            assert_int_equal(unit->gap_cause, GAP_CAMERA_OFFLINE);
    }
}

static void pictures_of_just_before_a_step_of_the_clock_keep_their_times(void **state)
{
    g_auto(Bench) bench = bench_new();
    int64_t mono_us = clock_mono_us(), wall_us = clock_wall_us();
    feed_picture(&bench, 1000, 0, false);
    feed_picture(&bench, 1000 + 9000, 100, false);
    clock_test_set(mono_us, wall_us + HOUR_US);
    assert_true(clock_tick());
    feed_picture(&bench, 1000 + 18000, 3600200, false);
    feed_picture(&bench, 1000 + 54000, 3600600, false);
    clock_test_set(-1, -1);
    const int64_t times_us[] = {0, 100000, INT64_C(3600200000), INT64_C(3600600000)};
    for (unsigned i = 0; i < 4; i++) {
        g_autoptr(AccessUnit) unit = next(&bench);
        assert_int_equal(unit->capture_us - bench.from_us, times_us[i]);
        assert_int_equal(unit->run, i < 2 ? 1 : 2);
        if (i == 2)
            assert_int_equal(unit->gap_cause, GAP_CLOCK_STEP);
    }
}

static void feed_sound(Bench *bench, uint32_t stamp, int ms)
{
    g_autoptr(CodecParams) params = codec_params_new(CODEC_AAC, 16000, "", 0);
    DepayFrame frame = {.data = byte, .size = sizeof byte, .timestamp = stamp, .key = true};
    assembler_frame(bench->assembler, TRACK_AUDIO, &frame, params,
                    bench->from_us + ms * INT64_C(1000));
}

static void sound_goes_on_though_its_stamps_begin_anew(void **state)
{
    g_auto(Bench) bench = bench_new();
    feed_picture(&bench, 0, 0, false);
    for (int i = 0; i < 60; i++) {
        feed_sound(&bench, (uint32_t)i * 1600 + (i < 30 ? 7000 : 90000000), i * 100);
        if (i == 45)
            assembler_restart(bench.assembler, TRACK_AUDIO);
        feed_picture(&bench, (uint32_t)i * 9000 + 4500, i * 100 + 50, false);
    }
    for (int i = 0; i < 60;) {
        g_autoptr(AccessUnit) unit = next(&bench);
        if (unit->track != TRACK_AUDIO)
            continue;
        assert_int_equal(unit->pts, i * 1600);
        assert_int_equal(unit->capture_us - bench.from_us, i * INT64_C(100000));
        assert_int_equal(unit->run, 1);
        i++;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pictures_lost_on_the_way_leave_a_gap_if_they_are_many),
        cmocka_unit_test(pictures_behind_a_damaged_one_are_marked_up_to_the_next_key_picture),
        cmocka_unit_test(
            a_whole_picture_behind_a_loss_is_kept_and_marked_unless_it_is_a_key_picture),
        cmocka_unit_test(pictures_of_a_run_that_ends_young_keep_its_times),
        cmocka_unit_test(pictures_of_a_session_that_ends_young_are_published),
        cmocka_unit_test(pictures_of_just_before_a_step_of_the_clock_keep_their_times),
        cmocka_unit_test(sound_goes_on_though_its_stamps_begin_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
