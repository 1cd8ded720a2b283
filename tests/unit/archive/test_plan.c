/* What a schedule leaves out is a gap of its own cause, and nothing that it asks for is lost. */
#include "archive_rig.h"

#include <stdlib.h>
#include <unistd.h>

enum { LOOKED_US = 700000 }; /* real time in which the writer looks once */
#define TOLD_LATE_US (5 * SECOND_US)

static void set_schedule(Rig *rig, const char *text)
{
    Schedule schedule;
    assert_true(schedule_parse(text, &schedule, NULL));
    archive_set_schedule(rig->archive, &rig->camera, &schedule, NULL);
}

static int64_t key_us(const Rig *rig)
{
    return rig->key_every * rig->frame_us;
}

/* The pictures from `first_us` to `last_us` are all there, once and in order, and few before. */
static void expect_footage(Rig *rig, int64_t first_us, int64_t last_us)
{
    g_autoptr(GArray) found = rig_footage(rig);
    assert_true(found->len > 0);
    const Found *first = &g_array_index(found, Found, 0);
    const Found *last = &g_array_index(found, Found, found->len - 1);
    assert_true(first->key);
    assert_in_range(first_us - first->time_us, 0, key_us(rig));
    assert_in_range(last_us - last->time_us, 1, rig->frame_us + 1000);
    assert_int_equal(last->number - first->number + 1, found->len);
    for (guint i = 1; i < found->len; i++)
        assert_int_equal(g_array_index(found, Found, i).number, first->number + i);
}

static void footage_begins_before_an_event_and_ends_after_it(void **state)
{
    Rig rig = {0};
    rig_start(&rig);
    set_schedule(&rig, "event 4s");
    rig_feed_us(&rig, 30 * SECOND_US);
    usleep(LOOKED_US); /* those are held by now, and most of them gone */
    Uuid event = uuid_new();
    int64_t begin_us = rig.now_us - SECOND_US; /* it is told a second late */
    archive_event_begins(rig.archive, &rig.camera, &event, begin_us);
    rig_feed_us(&rig, 6 * SECOND_US);
    int64_t end_us = rig.now_us;
    archive_event_ends(rig.archive, &rig.camera, &event, end_us);
    rig_feed_us(&rig, 20 * SECOND_US);
    int64_t stop_us = rig.now_us;
    rig_stop(&rig);
    expect_footage(&rig, begin_us - 4 * SECOND_US, end_us + 4 * SECOND_US);
    rig_open(&rig);
    g_autoptr(Coverage) coverage = rig_coverage(&rig, RIG_START_US, stop_us);
    assert_int_equal(coverage->spans->len, 1);
    assert_int_equal(rig_gap_us(coverage, GAP_UNKNOWN), 0);
    assert_int_equal(rig_gap_us(coverage, GAP_SERVER_DOWN), 0);
    assert_true(rig_gap_us(coverage, GAP_SCHEDULED) > 40 * SECOND_US);
    rig_end(&rig);
}

static void two_events_near_each_other_are_one_recording(void **state)
{
    Rig rig = {0};
    rig_start(&rig);
    set_schedule(&rig, "event 5s");
    rig_feed_us(&rig, 20 * SECOND_US);
    int64_t begin_us = rig.now_us;
    for (int i = 0; i < 2; i++) {
        Uuid event = uuid_new(), other = uuid_new();
        archive_event_begins(rig.archive, &rig.camera, &event, rig.now_us);
        rig_feed_us(&rig, 2 * SECOND_US);
        archive_event_begins(rig.archive, &rig.camera, &other, rig.now_us);
        archive_event_ends(rig.archive, &rig.camera, &event, rig.now_us);
        rig_feed_us(&rig, 2 * SECOND_US);
        archive_event_ends(rig.archive, &rig.camera, &other, rig.now_us);
        rig_feed_us(&rig, i ? 20 * SECOND_US : 3 * SECOND_US);
    }
    rig_stop(&rig);
    expect_footage(&rig, begin_us - 5 * SECOND_US, begin_us + (4 + 3 + 4 + 5) * SECOND_US);
    rig_open(&rig);
    rig_end(&rig);
}

static void hours_begin_and_end_to_the_picture(void **state)
{
    Rig rig = {0};
    rig_start(&rig); /* Monday 10:01 */
    set_schedule(&rig, "mon 10:02-10:03");
    rig_feed_us(&rig, 90 * SECOND_US);
    /* Before the clock, which goes faster here than the writer, is where the keeper looks again. */
    rig_wait_written(&rig, rig.now_us - 2 * SECOND_US);
    rig_feed_us(&rig, 90 * SECOND_US);
    int64_t stop_us = rig.now_us;
    assert_false(archive_should_record(rig.archive, &rig.camera, RIG_START_US));
    assert_true(
        archive_should_record(rig.archive, &rig.camera, RIG_START_US + MINUTE_US + SECOND_US));
    rig_stop(&rig);
    expect_footage(&rig, RIG_START_US + MINUTE_US, RIG_START_US + 2 * MINUTE_US);
    rig_open(&rig);
    set_schedule(&rig, "mon 10:02-10:03");
    g_autoptr(Coverage) coverage = rig_coverage(&rig, RIG_START_US, stop_us);
    assert_int_equal(coverage->spans->len, 1);
    int64_t scheduled_us = rig_gap_us(coverage, GAP_SCHEDULED);
    assert_true(llabs(scheduled_us - 2 * MINUTE_US) <= key_us(&rig));
    assert_int_equal(rig_gap_us(coverage, GAP_UNKNOWN), 0);
    rig_end(&rig);
}

static void within_the_hours_a_gap_keeps_its_own_cause(void **state)
{
    Rig rig = {0};
    rig_start(&rig);
    set_schedule(&rig, "mon 10:00-10:05,10:08-10:20");
    rig_feed_us(&rig, 90 * SECOND_US);
    rig_gap(&rig, 5 * MINUTE_US, GAP_NETWORK_STALL); /* from 10:02:30 to 10:07:30 */
    rig_feed_us(&rig, 60 * SECOND_US);
    int64_t stop_us = rig.now_us;
    for (int sealed = 0; sealed < 2; sealed++) {
        rig_stop(&rig);
        rig_open(&rig);
        set_schedule(&rig, "mon 10:00-10:05,10:08-10:20");
        g_autoptr(Coverage) coverage = rig_coverage(&rig, RIG_START_US, stop_us);
        int64_t stall_us = rig_gap_us(coverage, GAP_NETWORK_STALL);
        int64_t scheduled_us = rig_gap_us(coverage, GAP_SCHEDULED);
        assert_true(llabs(stall_us - 150 * SECOND_US) < 100000);
        assert_true(llabs(scheduled_us - 3 * MINUTE_US) <= key_us(&rig));
        assert_int_equal(rig_gap_us(coverage, GAP_UNKNOWN), 0);
    }
    rig_end(&rig);
}

static void outside_the_hours_a_server_that_is_down_is_no_gap_of_its_own(void **state)
{
    Rig rig = {0};
    rig_start(&rig);
    set_schedule(&rig, "mon 10:00-10:02");
    rig_feed_us(&rig, 3 * MINUTE_US);
    rig_stop(&rig); /* 10:04 */
    rig_time(&rig, RIG_START_US + HOUR_US);
    rig_open(&rig);
    set_schedule(&rig, "mon 10:00-10:02,11:02-12:00");
    rig_feed_us(&rig, 2 * MINUTE_US);
    rig_stop(&rig);
    rig_open(&rig);
    g_autoptr(Coverage) coverage = rig_coverage(&rig, RIG_START_US, rig.now_us);
    assert_int_equal(rig_gap_us(coverage, GAP_SERVER_DOWN), 0);
    int64_t scheduled_us = rig_gap_us(coverage, GAP_SCHEDULED);
    assert_true(llabs(scheduled_us - HOUR_US) <= key_us(&rig));
    rig_end(&rig);
}

static void what_rests_is_told_as_scheduled_while_it_lasts(void **state)
{
    Rig rig = {0};
    rig_start(&rig);
    set_schedule(&rig, "event");
    rig_feed_us(&rig, 30 * SECOND_US);
    usleep(LOOKED_US);
    Coverage *coverage = archive_coverage(rig.archive, &rig.camera, STREAM_MAIN, RIG_START_US,
                                          rig.now_us, RIG_START_US, GAP_UNKNOWN, NULL);
    assert_int_equal(coverage->spans->len, 0);
    assert_true(rig_gap_us(coverage, GAP_SCHEDULED) > 29 * SECOND_US);
    coverage_free(coverage);
    /* … but a camera that sends nothing could not be recorded if something happened */
    coverage = archive_coverage(rig.archive, &rig.camera, STREAM_MAIN, RIG_START_US, rig.now_us,
                                RIG_START_US, GAP_CAMERA_OFFLINE, NULL);
    assert_true(rig_gap_us(coverage, GAP_CAMERA_OFFLINE) > 29 * SECOND_US);
    coverage_free(coverage);
    rig_end(&rig);
}

static void a_clock_set_back_while_something_happens_stops_no_recording(void **state)
{
    Rig rig = {0};
    rig_start(&rig);
    set_schedule(&rig, "event 4s");
    rig_feed_us(&rig, 20 * SECOND_US);
    usleep(LOOKED_US);
    Uuid event = uuid_new();
    int64_t begin_us = rig.now_us;
    archive_event_begins(rig.archive, &rig.camera, &event, begin_us);
    rig_feed_us(&rig, 6 * SECOND_US);
    usleep(LOOKED_US);
    uint64_t before = rig.number;
    rig_step(&rig, -HOUR_US);
    assert_true(archive_should_record(rig.archive, &rig.camera, rig.now_us));
    /* what was written before is an hour in the future by now, but not new for that */
    rig_time(&rig, rig.now_us + 20 * SECOND_US);
    assert_true(archive_written_age_us(rig.archive, &rig.camera, STREAM_MAIN) >= 20 * SECOND_US);
    rig_feed_us(&rig, 6 * SECOND_US);
    /* told by the clock of before */
    archive_event_ends(rig.archive, &rig.camera, &event, begin_us + MINUTE_US);
    rig_feed_us(&rig, 20 * SECOND_US);
    assert_false(archive_should_record(rig.archive, &rig.camera, rig.now_us));
    unsigned after = 0;
    rig_stop(&rig);
    g_autoptr(GArray) found = rig_footage(&rig);
    for (guint i = 0; i < found->len; i++)
        after += g_array_index(found, Found, i).number >= before;
    assert_in_range(after * rig.frame_us, 10 * SECOND_US - key_us(&rig),
                    10 * SECOND_US + TOLD_LATE_US + key_us(&rig));
    rig_open(&rig);
    rig_end(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(footage_begins_before_an_event_and_ends_after_it),
        cmocka_unit_test(two_events_near_each_other_are_one_recording),
        cmocka_unit_test(hours_begin_and_end_to_the_picture),
        cmocka_unit_test(within_the_hours_a_gap_keeps_its_own_cause),
        cmocka_unit_test(outside_the_hours_a_server_that_is_down_is_no_gap_of_its_own),
        cmocka_unit_test(a_clock_set_back_while_something_happens_stops_no_recording),
        cmocka_unit_test(what_rests_is_told_as_scheduled_while_it_lasts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
