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

/* A camera's clock that is wrong by 80 ppm, and by up to 30 ppm more as day and night warm it; a
 * network that delays by 2 to 30 ms. */
static void over_a_day_no_picture_is_50_ms_from_its_time(void **state)
{
    Timeline *timeline = timeline_new(90000);
    g_autoptr(GRand) dice = g_rand_new_with_seed(1);
    double stamp = 0;
    int64_t worst_us = 0;
    int runs = 0;
    for (int64_t i = 0; i < INT64_C(86400) * FPS; i++) {
        int64_t taken_us = START_US + i * SECOND_US / FPS;
        double warm = 80e-6 + 30e-6 * (1 - (double)llabs(i * 2 / FPS - 86400) / 86400);
        TimelinePoint point = timeline_map(timeline, (uint32_t)(int64_t)stamp,
                                           taken_us + g_rand_int_range(dice, 2000, 30000));
        stamp += STEP * (1 + warm);
        runs += point.run_start;
        worst_us = MAX(worst_us, llabs(point.capture_us - taken_us));
    }
    print_message("worst %.1f ms\n", (double)worst_us / 1e3);
    assert_int_equal(runs, 1);
    assert_in_range(worst_us, 0, 50000);
    timeline_free(timeline);
}

/* What crystals are off by, and far more, day and night alike, on the same network. */
static void over_a_day_a_clock_off_by_500_ppm_is_followed_within_50_ms(void **state)
{
    const int clocks[] = {0, 50, -50, 500, -500};
    for (unsigned c = 0; c < G_N_ELEMENTS(clocks); c++) {
        Timeline *timeline = timeline_new(90000);
        g_autoptr(GRand) dice = g_rand_new_with_seed(c);
        int64_t worst_us = 0;
        int runs = 0;
        for (int64_t i = 0; i < INT64_C(86400) * FPS; i++) {
            int64_t taken_us = START_US + i * SECOND_US / FPS;
            uint32_t stamp = (uint32_t)(i * STEP * (1000000 + clocks[c]) / 1000000);
            TimelinePoint point =
                timeline_map(timeline, stamp, taken_us + g_rand_int_range(dice, 2000, 30000));
            runs += point.run_start;
            worst_us = MAX(worst_us, llabs(point.capture_us - taken_us));
        }
        print_message("%d ppm: worst %.1f ms\n", clocks[c], (double)worst_us / 1e3);
        assert_int_equal(runs, 1);
        assert_in_range(worst_us, 0, 50000);
        timeline_free(timeline);
    }
}

/* An hour of a camera whose clock is off by `ppm`, on a network that delays by 2 to 30 ms. */
static void play_an_hour(int ppm)
{
    Timeline *timeline = timeline_new(90000);
    g_autoptr(GRand) dice = g_rand_new_with_seed(7);
    int64_t last_us = 0, last_pts = -1, first_us = 0, later_us = 0, media_us = 0;
    for (int64_t i = 0; i < INT64_C(3600) * FPS; i++) {
        int64_t taken_us = START_US + i * SECOND_US / FPS;
        uint32_t stamp = (uint32_t)(i * STEP * (1000000 + ppm) / 1000000);
        TimelinePoint point =
            timeline_map(timeline, stamp, taken_us + g_rand_int_range(dice, 2000, 30000));
        int64_t off_us = llabs(point.capture_us - taken_us);
        bool learnt = i >= INT64_C(180) * FPS;
        *(learnt ? &later_us : &first_us) = MAX(off_us, learnt ? later_us : first_us);
        if (point.run_start != (i == 0))
            fail_msg("%d ppm: a run begins after %d s", ppm, (int)(i / FPS));
        if (i && (point.capture_us <= last_us || point.pts <= last_pts))
            fail_msg("%d ppm: time goes back after %d s", ppm, (int)(i / FPS));
        last_us = point.capture_us;
        last_pts = point.pts;
        media_us = point.pts * 100 / 9 - (taken_us - START_US);
    }
    print_message("%d ppm: off by %.1f ms at first, then by %.1f ms; media time by %.0f ms\n", ppm,
                  (double)first_us / 1e3, (double)later_us / 1e3, (double)media_us / 1e3);
    assert_in_range(first_us, 0, 450000);
    assert_in_range(later_us, 0, 50000);
    assert_in_range(llabs(media_us), 0, 3000000); /* a file's times do not run away, either */
    timeline_free(timeline);
}

static void a_clock_half_a_percent_off_leaves_no_gap_in_an_hour(void **state) /* R15 */
{
    const int clocks[] = {5000, -5000, -10000, 10000, 2000, -2000, 700, -700};
    for (unsigned i = 0; i < G_N_ELEMENTS(clocks); i++)
        play_an_hour(clocks[i]);
}

/* A line too narrow for the stream looks like a slow clock until it is wide enough again. */
static void a_line_that_was_too_narrow_for_a_minute_leaves_no_trace(void **state)
{
    Timeline *timeline = timeline_new(90000);
    int64_t after_us = 0;
    for (int i = 0; i < 300 * FPS; i++) {
        int64_t since = i - 60 * FPS, late = 2000;
        if (since >= 0 && since < 40 * FPS)
            late += since * SECOND_US / 100 / FPS;
        TimelinePoint point = feed(timeline, 0, i, late);
        int64_t off_us = llabs(point.capture_us - START_US - (int64_t)i * SECOND_US / FPS);
        assert_int_equal(point.run_start, i == 0);
        assert_in_range(off_us, 0, 450000);
        if (i > 200 * FPS)
            after_us = MAX(after_us, off_us);
    }
    assert_in_range(after_us, 0, 30000);
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

/* Feeds `pictures` at FPS whose stamps go on by `step`, and returns how far off the last one is. */
static int64_t off_after(Timeline *timeline, int from, int pictures, uint32_t stamp, uint32_t step,
                         int *runs)
{
    TimelinePoint point = {0};
    int64_t taken = 0;
    for (int i = 0; i < pictures; i++) {
        taken = START_US + (int64_t)(from + i) * SECOND_US / FPS;
        point = timeline_map(timeline, stamp + (uint32_t)i * step, taken);
        *runs += point.run_start;
    }
    return llabs(point.capture_us - taken);
}

static void a_clock_that_runs_wrong_is_left_for_the_arrival(void **state) /* R14 */
{
    const uint32_t steps[] = {3600, 5400, 6600, 9000};
    for (unsigned i = 0; i < G_N_ELEMENTS(steps); i++) {
        Timeline *timeline = timeline_new(90000);
        int runs = 0;
        assert_in_range(off_after(timeline, 0, 30 * FPS, 77, steps[i], &runs), 0, 1000);
        assert_true(timeline_wants_arrivals(timeline));
        assert_int_equal(runs, 1);
        timeline_free(timeline);
    }
}

static void a_clock_that_runs_two_percent_off_is_found_out_in_two_minutes(void **state) /* R14 */
{
    Timeline *timeline = timeline_new(90000);
    int runs = 0;
    assert_in_range(off_after(timeline, 0, 120 * FPS, 0, 5880, &runs), 0, 1000);
    assert_in_range(runs, 1, 3);
    timeline_free(timeline);
}

static void a_clock_that_came_to_its_senses_is_believed_again(void **state) /* R14 */
{
    Timeline *timeline = timeline_new(90000);
    int runs = 0;
    off_after(timeline, 0, 30 * FPS, 0, 3600, &runs);
    assert_true(timeline_wants_arrivals(timeline));
    off_after(timeline, 30 * FPS, 60 * FPS, 30 * FPS * 3600, STEP, &runs);
    assert_false(timeline_wants_arrivals(timeline));
    assert_int_equal(runs, 1);
    timeline_free(timeline);
}

static void a_crowded_network_is_not_taken_for_the_clock(void **state)
{
    Timeline *timeline = timeline_new(90000);
    int runs = 0;
    for (int i = 0; i < 60 * FPS; i++) { /* lag grows to 2 s in 8 s, and falls in 2 s */
        int64_t since = i - 20 * FPS, late = 0;
        if (since >= 0 && since < 8 * FPS)
            late = since * SECOND_US / 4 / FPS;
        else if (since >= 8 * FPS && since < 10 * FPS)
            late = (10 * FPS - since) * SECOND_US / FPS;
        TimelinePoint point = feed(timeline, 0, i, late);
        runs += point.run_start;
        assert_in_range(llabs(point.capture_us - START_US - (int64_t)i * SECOND_US / FPS), 0, 5000);
    }
    assert_int_equal(runs, 1);
    assert_false(timeline_wants_arrivals(timeline));
    timeline_free(timeline);
}

static void stamps_shared_by_pictures_are_spread(void **state) /* R12 */
{
    for (uint32_t back = 0; back < 2; back++) {
        Timeline *timeline = timeline_new(90000);
        for (int i = 0; i < 300; i++) {
            int64_t arrival = START_US + (int64_t)i * SECOND_US / FPS;
            uint32_t stamp = (uint32_t)(i / 2 * 2) * STEP + 1000 - back * (uint32_t)(i % 2);
            TimelinePoint point = timeline_map(timeline, stamp, arrival);
            if (i > 3)
                assert_int_equal(point.pts, (int64_t)i * STEP);
        }
        timeline_free(timeline);
    }
}

static void stamps_that_go_back_go_on_without_a_seam(void **state) /* R12 */
{
    Timeline *timeline = timeline_new(90000);
    int64_t last = 0;
    for (int i = 0; i < 300; i++) { /* read in batches: six arrive with the last of them */
        int64_t arrival = START_US + (int64_t)(i / 6 * 6 + 5) * SECOND_US / FPS;
        TimelinePoint point = timeline_map(timeline, (uint32_t)(i % 45) * STEP, arrival);
        if (i > 30)
            assert_in_range(point.capture_us - last, 66000, 67400);
        last = point.capture_us;
    }
    timeline_free(timeline);
}

static void old_pictures_that_take_seconds_to_come_do_not_make_the_run_late(void **state) /* R18 */
{
    Timeline *timeline = timeline_new(90000);
    for (int i = 0; i < 150; i++) /* three seconds of them, at twice the pace */
        feed(timeline, 0, i, MAX(45 - i, 0) * SECOND_US / 2 / FPS + 1000);
    int64_t taken = START_US + INT64_C(149) * SECOND_US / FPS;
    assert_in_range(llabs(timeline_capture_us(timeline, 149 * STEP) - taken), 0, 5000);
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
        cmocka_unit_test(over_a_day_no_picture_is_50_ms_from_its_time),
        cmocka_unit_test(over_a_day_a_clock_off_by_500_ppm_is_followed_within_50_ms),
        cmocka_unit_test(a_clock_half_a_percent_off_leaves_no_gap_in_an_hour),
        cmocka_unit_test(a_line_that_was_too_narrow_for_a_minute_leaves_no_trace),
        cmocka_unit_test(one_strange_stamp_is_put_just_after_the_last),
        cmocka_unit_test(stamps_that_jump_for_good_start_a_new_run_at_the_arrival),
        cmocka_unit_test(stamps_that_are_all_zero_follow_the_arrival),
        cmocka_unit_test(a_stream_that_paused_goes_on_in_the_same_run),
        cmocka_unit_test(a_clock_that_runs_wrong_is_left_for_the_arrival),
        cmocka_unit_test(a_clock_that_runs_two_percent_off_is_found_out_in_two_minutes),
        cmocka_unit_test(a_clock_that_came_to_its_senses_is_believed_again),
        cmocka_unit_test(a_crowded_network_is_not_taken_for_the_clock),
        cmocka_unit_test(stamps_shared_by_pictures_are_spread),
        cmocka_unit_test(stamps_that_go_back_go_on_without_a_seam),
        cmocka_unit_test(old_pictures_that_take_seconds_to_come_do_not_make_the_run_late),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
