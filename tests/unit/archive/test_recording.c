/* What goes through the hub stands in the files: pictures counted, times compared. */
#include "archive_rig.h"

#include <stdlib.h>

static void every_picture_is_in_the_files_once_and_in_order(void **state)
{
    Rig rig = {0};
    rig_start(&rig);
    rig.settings.segment_us = MINUTE_US;
    rig_stop(&rig);
    rig_open(&rig);
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
        const SegmentSeal *before = &g_array_index(seals, SegmentSeal, i - 1);
        const SegmentSeal *after = &g_array_index(seals, SegmentSeal, i);
        assert_int_equal(before->to_us, after->from_us);
        assert_int_equal(after->gap_count, 0);
    }
    rig_end(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_picture_is_in_the_files_once_and_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
