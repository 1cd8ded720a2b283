/* Spans and gaps add up, each with its cause; rig_coverage() checks that they never overlap. */
#include "archive_rig.h"

#include "base/error.h"

#include <stdlib.h>

static int64_t span_us(const Coverage *coverage)
{
    int64_t sum_us = 0;
    for (guint i = 0; i < coverage->spans->len; i++) {
        const CoverageSpan *span = &g_array_index(coverage->spans, CoverageSpan, i);
        sum_us += span->to_us - span->from_us;
    }
    return sum_us;
}

static void before_its_first_picture_a_camera_was_off_line(void **state)
{
    Rig rig = {0};
    rig_start(&rig);
    rig_feed_us(&rig, 10 * SECOND_US);
    rig_wait_written(&rig, rig.now_us - SECOND_US - rig.frame_us);
    for (int sealed = 0; sealed < 2; sealed++) {
        g_autoptr(Coverage) coverage = rig_coverage(&rig, RIG_START_US - HOUR_US, rig.now_us);
        assert_int_equal(coverage->from_us, RIG_START_US - MINUTE_US);
        assert_true(coverage->to_us > rig.now_us - 2 * SECOND_US);
        assert_int_equal(coverage->spans->len, 1);
        assert_int_equal(coverage->gaps->len, 1);
        assert_int_equal(rig_gap_us(coverage, GAP_CAMERA_OFFLINE), MINUTE_US);
        rig_stop(&rig);
        rig_open(&rig);
    }
    rig_end(&rig);
}

static void a_stream_that_stopped_is_a_gap_of_the_cause_of_now(void **state)
{
    Rig rig = {0};
    rig_start(&rig);
    rig_feed_us(&rig, 10 * SECOND_US);
    int64_t end_us = rig.now_us;
    rig_wait_written(&rig, end_us - SECOND_US - rig.frame_us);
    rig_time(&rig, end_us + MINUTE_US);
    rig_wait_written(&rig, end_us - 1000);
    g_autoptr(Coverage) coverage = rig_coverage(&rig, RIG_START_US, end_us + HOUR_US);
    assert_int_equal(coverage->to_us, end_us + MINUTE_US); /* the future is neither */
    assert_true(llabs(rig_gap_us(coverage, GAP_NETWORK_STALL) - MINUTE_US) < 1000);
    assert_true(llabs(span_us(coverage) - 10 * SECOND_US) < 100000);
    rig_end(&rig);
}

static void gaps_of_runs_keep_their_cause_before_and_after_sealing(void **state)
{
    Rig rig = {.settings.segment_us = MINUTE_US};
    rig_start(&rig);
    rig_feed_us(&rig, 30 * SECOND_US);
    rig_gap(&rig, 20 * SECOND_US, GAP_NETWORK_STALL);
    rig_feed_us(&rig, 30 * SECOND_US);
    rig_gap(&rig, 300 * SECOND_US, GAP_PAUSED);
    rig_feed_us(&rig, 30 * SECOND_US);
    int64_t end_us = rig.now_us;
    rig_wait_written(&rig, end_us - SECOND_US - rig.frame_us);
    for (int sealed = 0; sealed < 2; sealed++) {
        g_autoptr(Coverage) coverage = rig_coverage(&rig, RIG_START_US, end_us - 2 * SECOND_US);
        assert_int_equal(coverage->to_us, end_us - 2 * SECOND_US);
        assert_true(llabs(rig_gap_us(coverage, GAP_NETWORK_STALL) - 20 * SECOND_US) < 1000);
        assert_true(llabs(rig_gap_us(coverage, GAP_PAUSED) - 300 * SECOND_US) < 1000);
        assert_int_equal(coverage->gaps->len, 2);
        assert_int_equal(coverage->spans->len, 3);
        rig_stop(&rig);
        rig_open(&rig);
    }
    rig_end(&rig);
}

static void from_a_stop_to_the_next_picture_the_server_was_down(void **state)
{
    Rig rig = {0};
    rig_start(&rig);
    rig_feed_us(&rig, 10 * SECOND_US);
    int64_t stop_us = rig.now_us;
    rig_stop(&rig);
    rig_time(&rig, stop_us + 100 * SECOND_US);
    rig_open(&rig);
    g_autoptr(Coverage) waiting = rig_coverage(&rig, RIG_START_US, rig.now_us);
    assert_true(llabs(rig_gap_us(waiting, GAP_SERVER_DOWN) - 100 * SECOND_US) < 100000);
    rig_feed_us(&rig, 10 * SECOND_US);
    rig_stop(&rig);
    rig_open(&rig);
    g_autoptr(Coverage) after = rig_coverage(&rig, RIG_START_US, rig.now_us);
    assert_true(llabs(rig_gap_us(after, GAP_SERVER_DOWN) - 100 * SECOND_US) < 100000);
    assert_int_equal(after->gaps->len, 1);
    assert_int_equal(after->spans->len, 2);
    rig_end(&rig);
}

static void what_ailed_a_camera_before_a_stop_is_not_told_as_the_servers_fault(void **state)
{
    Rig rig = {0};
    rig_start(&rig);
    rig_feed_us(&rig, 10 * SECOND_US);
    rig_wait_written(&rig, rig.now_us - SECOND_US - rig.frame_us);
    hub_tell_outage(rig.hub, GAP_CAMERA_OFFLINE);
    rig_time(&rig, rig.now_us + 600 * SECOND_US);
    for (int starts = 0; starts < 2; starts++) { /* it stays away over a whole run */
        rig_stop(&rig);
        rig_time(&rig, rig.now_us + 300 * SECOND_US);
        rig_open(&rig);
        hub_tell_outage(rig.hub, GAP_CAMERA_OFFLINE);
        rig_time(&rig, rig.now_us + 100 * SECOND_US);
    }
    rig.gap_cause = GAP_CAMERA_OFFLINE;
    for (int written = 0; written < 2; written++) {
        g_autoptr(Coverage) coverage = rig_coverage(&rig, RIG_START_US, rig.now_us);
        assert_true(llabs(rig_gap_us(coverage, GAP_SERVER_DOWN) - 600 * SECOND_US) < 300000);
        assert_int_equal(rig_gap_us(coverage, GAP_UNKNOWN), 0);
        if (written)
            assert_true(llabs(rig_gap_us(coverage, GAP_CAMERA_OFFLINE) - 800 * SECOND_US) < 300000);
        hub_tell_outage(rig.hub, GAP_UNKNOWN);
        rig_feed_us(&rig, 10 * SECOND_US);
        rig_stop(&rig);
        rig_open(&rig);
    }
    g_autoptr(GArray) seals = rig_seals(&rig); /* the files alone tell it too */
    assert_int_equal(seals->len, 3);
    const SegmentSeal *back = &g_array_index(seals, SegmentSeal, 1);
    assert_int_equal(back->gap_count, 5);
    assert_int_equal(back->gaps[0].cause, GAP_CAMERA_OFFLINE);
    assert_int_equal(back->gaps[1].cause, GAP_SERVER_DOWN);
    assert_true(llabs(back->gaps[4].to_us - back->from_us) < 1000);
    rig_end(&rig);
}

static void a_short_outage_at_a_stop_keeps_its_name_too(void **state)
{
    Rig rig = {0};
    rig_start(&rig);
    rig_feed_us(&rig, 40 * SECOND_US); /* the start is over */
    rig_wait_written(&rig, rig.now_us - SECOND_US - rig.frame_us);
    hub_tell_outage(rig.hub, GAP_NETWORK_STALL);
    rig_time(&rig, rig.now_us + 7 * SECOND_US);
    rig_stop(&rig);
    rig_time(&rig, rig.now_us + SECOND_US);
    rig_open(&rig);
    rig_feed_us(&rig, 10 * SECOND_US);
    rig_stop(&rig);
    rig_open(&rig);
    g_autoptr(Coverage) coverage = rig_coverage(&rig, RIG_START_US, rig.now_us);
    assert_true(llabs(rig_gap_us(coverage, GAP_NETWORK_STALL) - 7 * SECOND_US) < 300000);
    assert_true(llabs(rig_gap_us(coverage, GAP_SERVER_DOWN) - SECOND_US) < 300000);
    rig_end(&rig);
}

/* Until so much of a gap is noted: real time, briefly. */
static void wait_gap(Rig *rig, GapCause cause, int64_t least_us)
{
    for (int tries = 0; tries < 200; tries++) {
        g_autoptr(Coverage) coverage =
            archive_coverage(rig->archive, &rig->camera, STREAM_MAIN, RIG_START_US, rig->now_us, 0,
                             hub_outage(rig->hub), NULL);
        if (rig_gap_us(coverage, cause) >= least_us)
            return;
        usleep(50000);
    }
    fail_msg("no such gap within 10 s");
}

static void what_ailed_a_camera_before_it_was_paused_keeps_its_name(void **state)
{
    enum { LOOKED_US = 1500000 }; /* real time: it is looked once a second */
    Rig rig = {0};
    rig_start(&rig);
    rig_feed_us(&rig, 10 * SECOND_US);
    rig_wait_written(&rig, rig.now_us - SECOND_US - rig.frame_us);
    hub_tell_outage(rig.hub, GAP_CAMERA_OFFLINE);
    usleep(LOOKED_US);
    rig_time(&rig, rig.now_us + 40 * SECOND_US);
    hub_tell_outage(rig.hub, GAP_PAUSED);
    wait_gap(&rig, GAP_CAMERA_OFFLINE, 39 * SECOND_US);
    rig_time(&rig, rig.now_us + 70 * SECOND_US);
    usleep(LOOKED_US);
    g_autoptr(Coverage) coverage = archive_coverage(rig.archive, &rig.camera, STREAM_MAIN,
                                                    RIG_START_US, rig.now_us, 0, GAP_PAUSED, NULL);
    assert_true(llabs(rig_gap_us(coverage, GAP_CAMERA_OFFLINE) - 40 * SECOND_US) < 2 * SECOND_US);
    assert_true(llabs(rig_gap_us(coverage, GAP_PAUSED) - 70 * SECOND_US) < 2 * SECOND_US);
    rig_end(&rig);
}

static void a_camera_that_comes_long_after_the_start_was_off_line_itself(void **state)
{
    Rig rig = {0};
    rig_start(&rig);
    rig_feed_us(&rig, 10 * SECOND_US);
    int64_t stop_us = rig.now_us;
    rig_stop(&rig);
    rig_time(&rig, stop_us + 100 * SECOND_US);
    rig_open(&rig);
    int64_t opened_us = rig.now_us;
    rig_time(&rig, opened_us + 500 * SECOND_US);
    for (int written = 0; written < 2; written++) {
        GapCause cause = written ? GAP_CAMERA_OFFLINE : GAP_NETWORK_STALL;
        g_autoptr(Coverage) coverage =
            rig_coverage(&rig, RIG_START_US, opened_us + 500 * SECOND_US);
        assert_true(llabs(rig_gap_us(coverage, GAP_SERVER_DOWN) - 100 * SECOND_US) < 300000);
        assert_true(llabs(rig_gap_us(coverage, cause) - 500 * SECOND_US) < 300000);
        rig.gap_cause = GAP_CAMERA_OFFLINE;
        rig_feed_us(&rig, 5 * SECOND_US);
        rig_wait_written(&rig, rig.now_us - SECOND_US - rig.frame_us);
    }
    rig_end(&rig);
}

static void only_what_is_asked_is_told(void **state)
{
    Rig rig = {0};
    rig_start(&rig);
    rig_feed_us(&rig, 30 * SECOND_US);
    rig_gap(&rig, 20 * SECOND_US, GAP_NETWORK_STALL);
    rig_feed_us(&rig, 30 * SECOND_US);
    rig_wait_written(&rig, rig.now_us - SECOND_US - rig.frame_us);
    int64_t from_us = RIG_START_US + 35 * SECOND_US;
    g_autoptr(Coverage) coverage = rig_coverage(&rig, from_us, from_us + 5 * SECOND_US);
    assert_int_equal(coverage->spans->len, 0);
    assert_int_equal(rig_gap_us(coverage, GAP_NETWORK_STALL), 5 * SECOND_US);
    g_autoptr(Coverage) none = rig_coverage(&rig, rig.now_us + HOUR_US, rig.now_us + 2 * HOUR_US);
    assert_int_equal(none->from_us, none->to_us);
    g_autoptr(GError) error = NULL;
    assert_null(
        archive_coverage(rig.archive, &rig.camera, STREAM_MAIN, 10, 5, 0, GAP_UNKNOWN, &error));
    assert_true(g_error_matches(error, ERR, ERR_INVALID));
    rig_end(&rig);
}

static void segments_are_listed_once_open_or_sealed(void **state)
{
    Rig rig = {.settings.segment_us = MINUTE_US};
    rig_start(&rig);
    rig_feed_us(&rig, 250 * SECOND_US);
    rig_wait_written(&rig, rig.now_us - SECOND_US - rig.frame_us);
    for (int i = 0; i < 1500 && archive_figures(rig.archive).unsealed > 1; i++)
        g_usleep(10000);
    g_autoptr(GArray) segments =
        archive_segments(rig.archive, &rig.camera, STREAM_MAIN, RIG_START_US, rig.now_us, NULL);
    assert_true(segments->len >= 5);
    for (guint i = 0; i < segments->len; i++) {
        const ArchiveSegment *segment = &g_array_index(segments, ArchiveSegment, i);
        assert_int_equal(segment->open, i + 1 == segments->len);
        if (i > 0)
            assert_int_equal(segment->from_us, segment[-1].to_us);
    }
    rig_end(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(before_its_first_picture_a_camera_was_off_line),
        cmocka_unit_test(a_stream_that_stopped_is_a_gap_of_the_cause_of_now),
        cmocka_unit_test(gaps_of_runs_keep_their_cause_before_and_after_sealing),
        cmocka_unit_test(from_a_stop_to_the_next_picture_the_server_was_down),
        cmocka_unit_test(what_ailed_a_camera_before_a_stop_is_not_told_as_the_servers_fault),
        cmocka_unit_test(a_short_outage_at_a_stop_keeps_its_name_too),
        cmocka_unit_test(what_ailed_a_camera_before_it_was_paused_keeps_its_name),
        cmocka_unit_test(a_camera_that_comes_long_after_the_start_was_off_line_itself),
        cmocka_unit_test(only_what_is_asked_is_told),
        cmocka_unit_test(segments_are_listed_once_open_or_sealed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
