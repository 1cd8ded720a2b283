/* A clip that begins where a footage file has no key picture yet takes the group before it along.
 */
#include "archive_rig.h"

#include "archive/clip.h"
#include "archive/segment.h"

enum { APART_US = 200000 };

/* One key picture, and a boundary that could not wait for the next one. Returns where it is. */
static int64_t feed_over_a_boundary(Rig *rig)
{
    *rig = (Rig){.settings.segment_us = MINUTE_US};
    rig_start(rig);
    rig->frame_us = APART_US;
    rig->key_every = 1000000;
    int64_t until_us = segment_until_us(&rig->camera, RIG_START_US, MINUTE_US);
    rig_feed_us(rig, until_us - RIG_START_US + 30 * SECOND_US);
    rig_stop(rig);
    g_autoptr(GArray) seals = rig_seals(rig);
    assert_int_equal(seals->len, 2);
    int64_t second_us = g_array_index(seals, SegmentSeal, 1).from_us;
    assert_true(second_us >= until_us + 10 * SECOND_US);
    rig_open(rig);
    return second_us;
}

static void a_clip_behind_a_boundary_without_a_key_picture_is_whole(void **state)
{
    Rig rig;
    int64_t from_us = feed_over_a_boundary(&rig) + 5 * SECOND_US, to_us = from_us + 5 * SECOND_US;
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) segments = archive_segments(rig.archive, &rig.camera, STREAM_MAIN,
                                                  from_us - CLIP_LEAD_US, to_us, &error);
    assert_int_equal(segments->len, 2);
    g_autoptr(ClipPlan) plan = clip_plan_segments(segments, from_us, to_us, false, NULL, &error);
    if (!plan)
        fail_msg("%s", error->message);
    unsigned gaps;
    clip_gaps(plan, &gaps);
    assert_int_equal(gaps, 0);
    assert_int_equal(clip_from_us(plan), from_us);
    assert_int_equal(clip_to_us(plan), to_us);
    assert_int_equal(clip_pictures(plan), (to_us - RIG_START_US) / APART_US + 1);
    rig_end(&rig);
}

static void a_clip_within_the_file_before_takes_nothing_more(void **state)
{
    Rig rig;
    int64_t second_us = feed_over_a_boundary(&rig);
    int64_t from_us = RIG_START_US + SECOND_US, to_us = second_us - 2 * SECOND_US;
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) segments = archive_segments(rig.archive, &rig.camera, STREAM_MAIN,
                                                  from_us - CLIP_LEAD_US, to_us, &error);
    assert_int_equal(segments->len, 1);
    g_autoptr(ClipPlan) plan = clip_plan_segments(segments, from_us, to_us, false, NULL, &error);
    assert_non_null(plan);
    assert_int_equal(clip_pictures(plan), (to_us - RIG_START_US) / APART_US + 1);
    rig_end(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_clip_behind_a_boundary_without_a_key_picture_is_whole),
        cmocka_unit_test(a_clip_within_the_file_before_takes_nothing_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
