/* Pictures seconds apart: each lasts until the next one, though it is written long before that. */
#include "archive_rig.h"

#include "archive/clip.h"
#include "archive/segment.h"

#include <stdlib.h>

enum { PICTURES = 4, APART_US = 3000000 };

/* The writer says until when it wants what ends the fragment that `picture_us` has begun. */
static void wait_taken(Rig *rig, int64_t picture_us)
{
    for (int i = 0; i < 15000 && hub_wanted_us(rig->hub) != picture_us + SECOND_US; i++)
        g_usleep(1000);
    assert_int_equal(hub_wanted_us(rig->hub), picture_us + SECOND_US);
}

/* A picture, and then, by the clock, most of the time until the next one: that the writer does not
 * wait for, but behind the very first one. */
static void feed_apart(Rig *rig, int64_t apart_us)
{
    int64_t at_us = rig->now_us;
    rig_feed(rig, 1);
    wait_taken(rig, at_us);
    rig_time(rig, at_us + apart_us * 2 / 3);
    if (rig->number > 1)
        rig_wait_written(rig, at_us + 1);
    rig_time(rig, at_us + apart_us);
}

static void feed_slowly(Rig *rig)
{
    feed_apart(rig, APART_US);
}

static void expect_no_gap_in_a_clip(Rig *rig)
{
    int64_t to_us = RIG_START_US + PICTURES * APART_US;
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) segments =
        archive_segments(rig->archive, &rig->camera, STREAM_MAIN, RIG_START_US, to_us, &error);
    assert_non_null(segments);
    ClipPlan *plan = clip_plan_segments(segments, RIG_START_US, to_us, false, NULL, &error);
    if (!plan)
        fail_msg("%s", error->message);
    unsigned gaps;
    clip_gaps(plan, &gaps);
    assert_int_equal(gaps, 0);
    assert_int_equal(clip_pictures(plan), PICTURES);
    clip_plan_free(plan);
}

static void the_pictures_of_a_slow_camera_meet_in_a_clip(void **state)
{
    Rig rig = {0};
    rig_start(&rig);
    rig.frame_us = 0; /* feed_slowly() moves the clock */
    rig.key_every = 2;
    for (int i = 0; i < PICTURES; i++)
        feed_slowly(&rig);
    expect_no_gap_in_a_clip(&rig);
    rig_stop(&rig);
    rig_expect_pictures(&rig, 0, PICTURES);
    g_autoptr(GArray) found = rig_footage(&rig);
    for (guint i = 0; i < found->len; i++) {
        const Found *picture = &g_array_index(found, Found, i);
        assert_true(llabs(picture->time_us - (RIG_START_US + (int64_t)i * APART_US)) < 50);
        assert_true(llabs(picture->duration_us - APART_US) < 50);
    }
    rig_end(&rig);
}

/* What it lasts is what is expected, not what has passed: coverage tells of the latter alone. */
static void the_last_picture_of_a_slow_camera_covers_no_more_than_has_passed(void **state)
{
    Rig rig = {0};
    rig_start(&rig);
    rig.frame_us = 0; /* feed_slowly() moves the clock */
    rig.key_every = 2;
    for (int i = 0; i < 2; i++)
        feed_slowly(&rig);
    int64_t last_us = RIG_START_US + APART_US;
    int64_t covered_us = archive_written_us(rig.archive, &rig.camera, STREAM_MAIN) - last_us;
    assert_true(covered_us > 0 && covered_us <= APART_US * 2 / 3);
    /* The camera begins anew sooner than was expected: its times are right all the same. */
    rig_time(&rig, last_us + APART_US * 5 / 6);
    rig_gap(&rig, 0, GAP_CAMERA_OFFLINE);
    int64_t again_us = rig.now_us;
    rig_feed(&rig, 1);
    rig_stop(&rig);
    g_autoptr(GArray) found = rig_footage(&rig);
    assert_int_equal(found->len, 3);
    assert_true(llabs(g_array_index(found, Found, 2).time_us - again_us) < 50);
    rig_end(&rig);
}

/* Pictures so far apart, the first one so long before a file's time is up, make two files; the
 * second one begins with the last picture, and there is no gap. */
static void expect_two_files_in_a_row(unsigned pictures, int64_t apart_us, int64_t before_us,
                                      unsigned key_every)
{
    Rig rig = {0};
    rig_start(&rig);
    rig.frame_us = 0; /* feed_apart() moves the clock */
    rig.key_every = key_every;
    int64_t until_us = segment_until_us(&rig.camera, RIG_START_US, 5 * MINUTE_US);
    rig_time(&rig, until_us - before_us);
    for (unsigned i = 0; i < pictures; i++)
        feed_apart(&rig, apart_us);
    rig_stop(&rig);
    g_autoptr(GArray) seals = rig_seals(&rig);
    assert_int_equal(seals->len, 2);
    const SegmentSeal *before = &g_array_index(seals, SegmentSeal, 0);
    const SegmentSeal *behind = &g_array_index(seals, SegmentSeal, 1);
    assert_int_equal(before->to_us, behind->from_us);
    assert_int_equal(behind->from_us, until_us - before_us + (pictures - 1) * apart_us);
    rig_expect_pictures(&rig, 0, pictures);
    rig_end(&rig);
}

/* The last picture of a file is written before the first one of the next has come. */
static void a_slow_camera_has_no_gap_where_one_file_follows_another(void **state)
{
    expect_two_files_in_a_row(3, APART_US, APART_US + SECOND_US, 1);
}

/* Between two pictures the time to wait for a key picture is over. */
static void nor_where_no_key_picture_ends_the_file(void **state)
{
    expect_two_files_in_a_row(4, 9 * SECOND_US / 2, SECOND_US, 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_slow_camera_has_no_gap_where_one_file_follows_another),
        cmocka_unit_test(nor_where_no_key_picture_ends_the_file),
        cmocka_unit_test(the_pictures_of_a_slow_camera_meet_in_a_clip),
        cmocka_unit_test(the_last_picture_of_a_slow_camera_covers_no_more_than_has_passed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
