/* What goes through the hub stands in the files: pictures counted, times compared. */
#include "archive_rig.h"

#include "archive/segment.h"
#include "archive/segment_read.h"
#include "archive/unsealed.h"
#include "base/time_text.h"

#include <stdlib.h>
#include <string.h>

static const SegmentSeal *seal_at(const GArray *seals, guint index)
{
    assert_true(index < seals->len);
    return &g_array_index(seals, SegmentSeal, index);
}

static void every_picture_is_in_the_files_once_and_in_order(void **state)
{
    Rig rig = {.settings.segment_us = MINUTE_US};
    rig_start(&rig);
    uint64_t count = 15 * 200;
    rig_feed(&rig, (unsigned)count);
    rig_stop(&rig);
    rig_expect_pictures(&rig, 0, count);
    g_autoptr(GArray) found = rig_footage(&rig);
    for (guint i = 0; i < found->len; i++) {
        const Found *picture = &g_array_index(found, Found, i);
        int64_t fed_us = RIG_START_US + (int64_t)i * rig.frame_us;
        assert_true(llabs(picture->time_us - fed_us) <= 50);
        assert_true(llabs(picture->duration_us - rig.frame_us) <= 50);
    }
    g_autoptr(GArray) seals = rig_seals(&rig);
    assert_true(seals->len >= 4 && seals->len <= 5);
    for (guint i = 1; i < seals->len; i++) {
        assert_int_equal(seal_at(seals, i - 1)->to_us, seal_at(seals, i)->from_us);
        assert_int_equal(seal_at(seals, i)->gap_count, 0);
    }
    rig_end(&rig);
}

static void fragments_hold_a_second_and_begin_at_key_pictures(void **state)
{
    Rig rig = {0};
    rig_start(&rig);
    rig_feed(&rig, 15 * 20);
    rig_stop(&rig);
    g_autoptr(GArray) found = rig_footage(&rig);
    assert_int_equal(found->len, 300);
    for (guint i = 0; i < found->len; i++)
        assert_int_equal(g_array_index(found, Found, i).first_of_fragment, i % 15 == 0);
    rig_end(&rig);
}

static void behind_lost_pictures_fragments_begin_at_key_pictures_again(void **state)
{
    Rig rig = {0};
    rig_start(&rig);
    rig.key_every = 30;
    rig_feed(&rig, 30 + 15);
    rig.number +=
        10; /* are lost: the next fragment begins a third of a second before a key picture */
    rig_time(&rig, rig.now_us + 10 * rig.frame_us);
    rig_feed(&rig, 30 * 4);
    rig_stop(&rig);
    g_autoptr(GArray) found = rig_footage(&rig);
    unsigned keys = 0;
    for (guint i = 0; i < found->len; i++) {
        const Found *picture = &g_array_index(found, Found, i);
        if (picture->number % 30 != 0)
            continue;
        keys++;
        assert_true(picture->first_of_fragment);
    }
    assert_int_equal(keys, 6);
    rig_end(&rig);
}

static void recording_begins_with_a_key_picture(void **state)
{
    Rig rig = {0};
    rig_start(&rig);
    for (int i = 0; i < 7; i++)
        rig_feed_one(&rig, false);
    rig_feed_one(&rig, true);
    for (int i = 0; i < 4; i++)
        rig_feed_one(&rig, false);
    rig_stop(&rig);
    rig_expect_pictures(&rig, 7, 5);
    rig_end(&rig);
}

static void a_fragment_is_written_as_soon_as_its_successor_comes(void **state)
{
    Rig rig = {0};
    rig_start(&rig);
    rig_feed(&rig, 16);
    int64_t end_us = RIG_START_US + 15 * rig.frame_us;
    rig_wait_written(&rig, end_us);
    assert_int_equal(archive_written_us(rig.archive, &rig.camera, STREAM_MAIN), end_us);
    g_autoptr(GArray) segments =
        archive_segments(rig.archive, &rig.camera, STREAM_MAIN, RIG_START_US, rig.now_us, NULL);
    assert_int_equal(segments->len, 1);
    const ArchiveSegment *segment = &g_array_index(segments, ArchiveSegment, 0);
    assert_true(segment->open);
    assert_int_equal(segment->from_us, RIG_START_US);
    assert_int_equal(segment->to_us, end_us);
    assert_true(segment->bytes > 15 * (int64_t)rig.bytes);
    g_autofree char *volume = g_build_filename(rig.dir, "footage", NULL);
    g_autoptr(GArray) unsealed =
        unsealed_segments(volume, &rig.camera, STREAM_MAIN, RIG_START_US, rig.now_us, NULL);
    assert_int_equal(unsealed->len, 1);
    const ArchiveSegment *told = &g_array_index(unsealed, ArchiveSegment, 0);
    assert_string_equal(told->path, segment->path);
    assert_string_equal(told->file, segment->file);
    assert_int_equal(told->from_us, segment->from_us);
    assert_int_equal(told->to_us, segment->to_us);
    assert_int_equal(told->bytes, segment->bytes);
    g_autoptr(GArray) later =
        unsealed_segments(volume, &rig.camera, STREAM_MAIN, end_us, end_us + HOUR_US, NULL);
    assert_int_equal(later->len, 0);
    rig_end(&rig);
}

static void a_change_of_codec_data_begins_a_segment_without_a_gap(void **state)
{
    Rig rig = {0};
    rig_start(&rig);
    rig_feed(&rig, 40);
    CodecParams *before = rig.video;
    rig.video =
        codec_params_new(before->codec, before->timescale, before->config, before->config_bytes);
    rig.video->config[before->config_bytes - 1]++;
    rig_feed_one(&rig, true);
    codec_params_unref(before);
    rig_feed(&rig, 30);
    rig_stop(&rig);
    rig_expect_pictures(&rig, 0, 71);
    g_autoptr(GArray) seals = rig_seals(&rig);
    assert_int_equal(seals->len, 2);
    assert_int_equal(seal_at(seals, 0)->pictures, 40);
    assert_int_equal(seal_at(seals, 0)->to_us, seal_at(seals, 1)->from_us);
    assert_int_equal(seal_at(seals, 1)->gap_count, 0);
    rig_end(&rig);
}

static void a_new_run_leaves_one_gap_with_its_cause(void **state)
{
    Rig rig = {0};
    rig_start(&rig);
    rig_feed(&rig, 45);
    int64_t gap_us = rig.now_us;
    rig_gap(&rig, 12 * SECOND_US, GAP_NETWORK_STALL);
    uint64_t after = rig.number;
    rig_feed(&rig, 45);
    rig_stop(&rig);
    g_autoptr(GArray) seals = rig_seals(&rig);
    assert_int_equal(seals->len, 1);
    const SegmentSeal *seal = seal_at(seals, 0);
    assert_int_equal(seal->pictures, 90);
    assert_int_equal(seal->gap_count, 1);
    assert_int_equal(seal->gaps[0].cause, GAP_NETWORK_STALL);
    assert_true(llabs(seal->gaps[0].from_us - gap_us) < 50);
    assert_int_equal(seal->gaps[0].to_us, gap_us + 12 * SECOND_US);
    g_autoptr(GArray) found = rig_footage(&rig);
    const Found *first = &g_array_index(found, Found, 45);
    assert_int_equal(first->number, after);
    assert_true(llabs(first->time_us - seal->gaps[0].to_us) < 50);
    rig_end(&rig);
}

static void a_run_that_begins_earlier_gets_a_segment_of_its_own(void **state)
{
    Rig rig = {0};
    rig_start(&rig);
    rig_feed(&rig, 45);
    rig_gap(&rig, -2 * SECOND_US, GAP_CLOCK_STEP);
    rig_feed(&rig, 45);
    rig_stop(&rig);
    g_autoptr(GArray) seals = rig_seals(&rig);
    assert_int_equal(seals->len, 2);
    assert_int_equal(seal_at(seals, 0)->pictures, 45);
    assert_int_equal(seal_at(seals, 1)->pictures, 45);
    assert_int_equal(seal_at(seals, 1)->gap_count, 0);
    rig_end(&rig);
}

static void a_segment_ends_at_midnight_utc(void **state)
{
    Rig rig = {.settings.segment_us = 15 * MINUTE_US};
    rig_start(&rig);
    int64_t midnight_us = day_start_us(RIG_START_US) + DAY_US;
    rig_time(&rig, midnight_us - 40 * SECOND_US);
    rig_feed_us(&rig, 80 * SECOND_US);
    uint64_t count = rig.number;
    rig_stop(&rig);
    rig_expect_pictures(&rig, 0, count);
    g_autoptr(GArray) seals = rig_seals(&rig);
    bool seen = false;
    for (guint i = 0; i < seals->len; i++) {
        const SegmentSeal *seal = seal_at(seals, i);
        char day[DAY_TEXT];
        assert_true(g_str_has_prefix(seal->file, day_text(seal->from_us, day)));
        if (seal->from_us >= midnight_us && !seen) {
            seen = true;
            assert_true(seal->from_us < midnight_us + 2 * SECOND_US);
        }
    }
    assert_true(seen);
    rig_end(&rig);
}

static void a_boundary_waits_ten_seconds_for_a_key_picture(void **state)
{
    Rig rig = {.settings.segment_us = MINUTE_US};
    rig_start(&rig);
    rig.key_every = 1000000;
    int64_t until_us = segment_until_us(&rig.camera, RIG_START_US, MINUTE_US);
    rig_feed_us(&rig, until_us - RIG_START_US + 4 * SECOND_US);
    int64_t key_us = rig.now_us;
    rig_feed_one(&rig, true);
    int64_t next_us = segment_until_us(&rig.camera, key_us, MINUTE_US);
    rig_feed_us(&rig, next_us - key_us + 15 * SECOND_US);
    uint64_t count = rig.number;
    rig_stop(&rig);
    rig_expect_pictures(&rig, 0, count);
    g_autoptr(GArray) seals = rig_seals(&rig);
    assert_int_equal(seals->len, 3);
    assert_int_equal(seal_at(seals, 1)->from_us, key_us);
    int64_t late_us = seal_at(seals, 2)->from_us - next_us;
    assert_true(late_us >= 10 * SECOND_US && late_us < 10 * SECOND_US + 100000);
    rig_end(&rig);
}

/* Pictures 5 a second, key pictures 24 s apart; from a boundary on, so that those of the next ones
 * lie 12, 0 and 12 s before a key picture. */
static void a_boundary_waits_for_the_key_picture_of_a_long_group(void **state)
{
    Rig rig = {.settings.segment_us = MINUTE_US};
    rig_start(&rig);
    rig.frame_us = 200000;
    rig.key_every = 120;
    int64_t begin_us = segment_until_us(&rig.camera, RIG_START_US, MINUTE_US);
    rig_time(&rig, begin_us);
    rig_feed_us(&rig, 200 * SECOND_US);
    /* Then none comes: half as long again is waited. */
    rig.key_every = 1000000;
    rig_feed_us(&rig, 100 * SECOND_US);
    uint64_t count = rig.number;
    rig_stop(&rig);
    rig_expect_pictures(&rig, 0, count);
    const int64_t expected_s[] = {0, 72, 120, 192, 276};
    g_autoptr(GArray) seals = rig_seals(&rig);
    assert_int_equal(seals->len, G_N_ELEMENTS(expected_s));
    for (guint i = 0; i < seals->len; i++)
        assert_int_equal(seal_at(seals, i)->from_us, begin_us + expected_s[i] * SECOND_US);
    rig_end(&rig);
}

static void a_segment_that_somebody_wants_does_not_wait_for_a_long_group(void **state)
{
    Rig rig = {0};
    rig_start(&rig);
    rig.frame_us = 200000;
    rig.key_every = 120;
    rig_feed_us(&rig, 100 * SECOND_US);
    rig_wait_written(&rig, rig.now_us - SECOND_US);
    int64_t wanted_us = rig.now_us;
    assert_false(archive_seal_until(rig.archive, &rig.camera, STREAM_MAIN, wanted_us, 0));
    rig_feed_us(&rig, 15 * SECOND_US);
    rig_stop(&rig);
    g_autoptr(GArray) seals = rig_seals(&rig);
    assert_int_equal(seals->len, 2);
    assert_in_range(seal_at(seals, 1)->from_us, wanted_us + 10 * SECOND_US,
                    wanted_us + 10 * SECOND_US + rig.frame_us);
    rig_end(&rig);
}

static void a_segment_is_sealed_by_the_clock_when_no_pictures_come(void **state)
{
    Rig rig = {.settings.segment_us = MINUTE_US};
    rig_start(&rig);
    rig_feed(&rig, 30);
    rig_wait_written(&rig, RIG_START_US + 15 * rig.frame_us);
    rig_time(&rig, rig.now_us + 3 * MINUTE_US);
    rig_wait_written(&rig, RIG_START_US + 30 * rig.frame_us - 50);
    for (int i = 0; i < 1500 && archive_figures(rig.archive).unsealed > 0; i++)
        g_usleep(10000);
    g_autoptr(GArray) seals = rig_seals(&rig);
    assert_int_equal(seals->len, 1);
    assert_int_equal(seal_at(seals, 0)->pictures, 30);
    /* Not longer than a picture: it ended by the clock, long before it was written. */
    assert_true(llabs(seal_at(seals, 0)->to_us - (RIG_START_US + 30 * rig.frame_us)) < 50);
    rig_end(&rig);
}

static void a_name_that_exists_gets_a_number(void **state)
{
    Rig rig = {0};
    rig_start(&rig);
    rig_feed(&rig, 30);
    rig_stop(&rig);
    rig_time(&rig, RIG_START_US);
    rig_open(&rig);
    rig.number = 30;
    rig_feed(&rig, 30);
    rig_stop(&rig);
    g_autoptr(GArray) seals = rig_seals(&rig);
    assert_int_equal(seals->len, 2);
    assert_string_equal(seal_at(seals, 0)->file, "2026-11-23/100100.000Z-main.mp4");
    assert_string_equal(seal_at(seals, 1)->file, "2026-11-23/100100.000Z-main-2.mp4");
    rig_end(&rig);
}

static void pictures_lost_by_overload_are_a_gap(void **state)
{
    Rig rig = {.settings.queue_bytes = 100000};
    rig_start(&rig);
    rig_feed(&rig, 31);
    rig_wait_written(&rig, RIG_START_US + 30 * rig.frame_us);
    /* Larger than the queue: the hub loses it, and all up to the next key picture. */
    rig.bytes = 200000;
    rig_feed_one(&rig, false);
    rig.bytes = 200;
    rig_feed(&rig, 60);
    rig_stop(&rig);
    g_autoptr(GArray) seals = rig_seals(&rig);
    assert_int_equal(seals->len, 1);
    const SegmentSeal *seal = seal_at(seals, 0);
    assert_int_equal(seal->gap_count, 1);
    assert_int_equal(seal->gaps[0].cause, GAP_OVERLOAD);
    assert_true(llabs(seal->gaps[0].from_us - (RIG_START_US + 31 * rig.frame_us)) < 50);
    assert_int_equal(seal->gaps[0].to_us, RIG_START_US + 60 * rig.frame_us);
    assert_int_equal(seal->pictures, 31 + 32);
    rig_end(&rig);
}

/* However much waits, what was written is journalled and shown: a kill would take the rest. */
static void a_writer_that_is_never_done_shows_what_it_wrote(void **state)
{
    enum { FLOOD_US = 3000000 };
    /* Weeks of footage come: retention would be busy with it, and sealing with segments that are
     * shorter than a quarter of an hour. */
    Rig rig = {.settings = {.queue_bytes = 2 << 20,
                            .retention_us = 3650 * DAY_US,
                            .segment_us = 15 * MINUTE_US}};
    rig_start(&rig);
    int64_t begin_us = g_get_monotonic_time(), half_us = 0;
    while (g_get_monotonic_time() < begin_us + FLOOD_US) {
        if (!half_us && g_get_monotonic_time() > begin_us + FLOOD_US / 2)
            half_us = rig.now_us;
        rig_feed(&rig, 100);
    }
    int64_t written_us = archive_written_us(rig.archive, &rig.camera, STREAM_MAIN);
    rig_end(&rig);
    assert_true(written_us >= half_us);
}

static void each_second_of_a_regular_stream_is_written_when_its_last_picture_has_come(void **state)
{
    Rig rig = {0};
    rig_start(&rig);
    rig_feed(&rig, 15); /* the first second, from which the distance is known */
    for (int second = 1; second < 4; second++) {
        rig_feed(&rig, 15);
        rig_wait_written(&rig, rig.now_us - 2000); /* no picture behind them has come */
    }
    rig_stop(&rig);
    rig_expect_pictures(&rig, 0, 60);
    g_autoptr(GArray) found = rig_footage(&rig);
    for (guint i = 1; i < found->len; i++) {
        const Found *one = &g_array_index(found, Found, i - 1), *next = one + 1;
        assert_true(llabs(next->time_us - one->time_us - one->duration_us) < 1000);
        assert_int_equal(next->first_of_fragment, (i % 15) == 0);
    }
    rig_end(&rig);
}

static void a_slow_camera_has_no_gaps_between_its_pictures(void **state)
{
    Rig rig = {0};
    rig_start(&rig);
    rig.frame_us = 7 * SECOND_US;
    rig.key_every = 3;
    for (int i = 0; i < 20; i++) {
        rig_feed(&rig, 1);
        g_usleep(1000);
    }
    rig_stop(&rig);
    rig_expect_pictures(&rig, 0, 20);
    g_autoptr(GArray) seals = rig_seals(&rig);
    assert_int_equal(seals->len, 1);
    assert_int_equal(seal_at(seals, 0)->gap_count, 0);
    g_autoptr(GArray) found = rig_footage(&rig);
    for (guint i = 0; i < found->len; i++)
        assert_true(llabs(g_array_index(found, Found, i).time_us -
                          (RIG_START_US + (int64_t)i * rig.frame_us)) < 50);
    rig_end(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_picture_is_in_the_files_once_and_in_order),
        cmocka_unit_test(fragments_hold_a_second_and_begin_at_key_pictures),
        cmocka_unit_test(behind_lost_pictures_fragments_begin_at_key_pictures_again),
        cmocka_unit_test(recording_begins_with_a_key_picture),
        cmocka_unit_test(a_fragment_is_written_as_soon_as_its_successor_comes),
        cmocka_unit_test(a_change_of_codec_data_begins_a_segment_without_a_gap),
        cmocka_unit_test(a_new_run_leaves_one_gap_with_its_cause),
        cmocka_unit_test(a_run_that_begins_earlier_gets_a_segment_of_its_own),
        cmocka_unit_test(a_segment_ends_at_midnight_utc),
        cmocka_unit_test(a_boundary_waits_ten_seconds_for_a_key_picture),
        cmocka_unit_test(a_boundary_waits_for_the_key_picture_of_a_long_group),
        cmocka_unit_test(a_segment_that_somebody_wants_does_not_wait_for_a_long_group),
        cmocka_unit_test(a_segment_is_sealed_by_the_clock_when_no_pictures_come),
        cmocka_unit_test(a_name_that_exists_gets_a_number),
        cmocka_unit_test(pictures_lost_by_overload_are_a_gap),
        cmocka_unit_test(a_writer_that_is_never_done_shows_what_it_wrote),
        cmocka_unit_test(each_second_of_a_regular_stream_is_written_when_its_last_picture_has_come),
        cmocka_unit_test(a_slow_camera_has_no_gaps_between_its_pictures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
