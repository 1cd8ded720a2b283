#include "base/clock.h"
#include "camera/timeline.h"
#include "unit.h"

#include <glib.h>
#include <stdlib.h>

enum { FPS = 15, STEP = 6000 };
static const int64_t START_US = 1700000000 * SECOND_US;

/* Feeds picture `i` of an even stream, arriving `late_us` after it was taken. */
static TimelinePoint feed(Timeline *timeline, uint32_t base, int i, int64_t late_us)
{
    int64_t taken = START_US + (int64_t)i * SECOND_US / FPS;
    return timeline_map(timeline, base + (uint32_t)i * STEP, taken + late_us);
}

static void spacing_comes_from_the_stamps_not_from_the_arrival(void **state)
{
    Timeline *timeline = timeline_new(90000);
    int64_t last = 0;
    for (int i = 0; i < 300; i++) {
        TimelinePoint point = feed(timeline, 1000, i, 5000 + (i % 7) * 3000);
        assert_int_equal(point.pts, (int64_t)i * STEP);
        if (i > 10) /* settled */
            assert_in_range(point.capture_us - last, 66600, 66720);
        last = point.capture_us;
    }
    timeline_free(timeline);
}

static void stamps_wrap_after_thirteen_hours_without_a_trace(void **state)
{
    Timeline *timeline = timeline_new(90000);
    for (int i = 0; i < 100; i++) {
        TimelinePoint point = feed(timeline, UINT32_MAX - 50 * STEP, i, 1000);
        assert_int_equal(point.pts, (int64_t)i * STEP);
        assert_int_equal(point.run_start, i == 0);
    }
    timeline_free(timeline);
}

static void a_burst_after_a_stall_is_not_a_step(void **state)
{
    Timeline *timeline = timeline_new(90000);
    int runs = 0;
    for (int i = 0; i < 1200; i++) {
        /* pictures 300–449 all arrive when picture 450 would: 10 s late and less */
        int64_t late = i >= 300 && i < 450 ? (int64_t)(450 - i) * SECOND_US / FPS : 2000;
        TimelinePoint point = feed(timeline, 0, i, late);
        runs += point.run_start;
        int64_t taken = START_US + (int64_t)i * SECOND_US / FPS;
        assert_in_range(llabs(point.capture_us - taken), 0, 20000);
    }
    assert_int_equal(runs, 1);
    timeline_free(timeline);
}

static void a_burst_at_the_start_does_not_make_the_run_late(void **state)
{
    Timeline *timeline = timeline_new(90000);
    for (int i = 0; i < 100; i++) {
        /* two seconds of old pictures within 100 ms, as cameras with a pre-buffer send them */
        int64_t late = i < 30 ? (int64_t)(30 - i) * SECOND_US / FPS + i * 3000 : 90000;
        feed(timeline, 0, i, late);
    }
    int64_t taken = START_US + INT64_C(99) * SECOND_US / FPS;
    assert_in_range(llabs(timeline_capture_us(timeline, 99 * STEP) - taken), 0, 100000);
    timeline_free(timeline);
}

static void a_camera_clock_that_drifts_is_followed(void **state)
{
    Timeline *timeline = timeline_new(90000);
    int64_t worst = 0;
    for (int i = 0; i < FPS * 1800; i++) {
        int64_t arrival = START_US + (int64_t)i * SECOND_US / FPS;
        uint32_t stamp = (uint32_t)((int64_t)i * STEP * 1000100 / 1000000); /* 100 ppm fast */
        TimelinePoint point = timeline_map(timeline, stamp, arrival);
        assert_int_equal(point.run_start, i == 0);
        worst = MAX(worst, llabs(point.capture_us - arrival));
    }
    assert_in_range(worst, 0, 5000);
    timeline_free(timeline);
}

static void one_strange_stamp_is_put_just_after_the_last(void **state)
{
    Timeline *timeline = timeline_new(90000);
    for (int i = 0; i < 100; i++) {
        int64_t arrival = START_US + (int64_t)i * SECOND_US / FPS;
        uint32_t stamp = i == 50 ? 0x9abcdef0u : (uint32_t)i * STEP;
        TimelinePoint point = timeline_map(timeline, stamp, arrival);
        assert_int_equal(point.pts, (int64_t)i * STEP);
        assert_int_equal(point.run_start, i == 0);
    }
    timeline_free(timeline);
}

static void stamps_that_jump_for_good_start_a_new_run_at_the_arrival(void **state)
{
    Timeline *timeline = timeline_new(90000);
    int runs = 0;
    for (int i = 0; i < 100; i++) {
        int64_t arrival = START_US + (int64_t)i * SECOND_US / FPS;
        uint32_t stamp = (uint32_t)i * STEP + (i >= 50 ? 0x40000000u : 0);
        TimelinePoint point = timeline_map(timeline, stamp, arrival);
        runs += point.run_start;
        assert_in_range(llabs(point.capture_us - arrival), 0, 1000);
    }
    assert_int_equal(runs, 2);
    timeline_free(timeline);
}

static void stamps_that_are_all_zero_follow_the_arrival(void **state)
{
    Timeline *timeline = timeline_new(90000);
    TimelinePoint point = {0};
    for (int i = 0; i < 150; i++)
        point = timeline_map(timeline, 0, START_US + (int64_t)i * SECOND_US / FPS);
    assert_in_range(llabs(point.capture_us - (START_US + INT64_C(149) * SECOND_US / FPS)), 0,
                    250000);
    timeline_free(timeline);
}

static void a_stream_that_paused_goes_on_in_the_same_run(void **state)
{
    Timeline *timeline = timeline_new(90000);
    feed(timeline, 0, 0, 0);
    feed(timeline, 0, 1, 0);
    TimelinePoint point = feed(timeline, 0, 20 * FPS, 0);
    assert_false(point.run_start);
    assert_int_equal(point.pts, 20 * FPS * STEP);
    timeline_free(timeline);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spacing_comes_from_the_stamps_not_from_the_arrival),
        cmocka_unit_test(stamps_wrap_after_thirteen_hours_without_a_trace),
        cmocka_unit_test(a_burst_after_a_stall_is_not_a_step),
        cmocka_unit_test(a_burst_at_the_start_does_not_make_the_run_late),
        cmocka_unit_test(a_camera_clock_that_drifts_is_followed),
        cmocka_unit_test(one_strange_stamp_is_put_just_after_the_last),
        cmocka_unit_test(stamps_that_jump_for_good_start_a_new_run_at_the_arrival),
        cmocka_unit_test(stamps_that_are_all_zero_follow_the_arrival),
        cmocka_unit_test(a_stream_that_paused_goes_on_in_the_same_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
