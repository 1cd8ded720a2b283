/* How much of the wanted time was recorded, when retention has deleted some of it since. */
#include "watch/uptime.h"

#include "../archive/archive_rig.h"
#include "archive/retention.h"

static void what_retention_deleted_was_recorded_and_a_pause_was_not_wanted(void **state)
{
    Rig rig = {.settings = {.segment_us = MINUTE_US}};
    Uptime uptime;
    rig_start(&rig);
    rig.bytes = 100;
    rig_feed_us(&rig, 4 * MINUTE_US);
    rig_gap(&rig, 2 * MINUTE_US, GAP_CAMERA_OFFLINE);
    rig_feed_us(&rig, 4 * MINUTE_US);
    rig_gap(&rig, MINUTE_US, GAP_PAUSED);
    rig_feed_us(&rig, MINUTE_US);
    rig_stop(&rig);
    rig.settings.retention_us = 5 * MINUTE_US;
    rig_open(&rig);
    archive_retain_now(rig.archive);
    assert_true(archive_figures(rig.archive).retired >= 4);
    const CameraRow camera = {.id = rig.camera, .created_us = RIG_START_US};
    assert_true(uptime_of(rig.archive, &camera, RIG_START_US - DAY_US, rig.now_us, GAP_UNKNOWN,
                          &uptime, NULL));
    assert_int_equal(uptime.from_us, RIG_START_US);
    assert_in_range(uptime.recorded_us, 9 * MINUTE_US - SECOND_US, 9 * MINUTE_US + SECOND_US);
    assert_in_range(uptime.missing_us, 2 * MINUTE_US - SECOND_US, 2 * MINUTE_US + SECOND_US);
    rig_end(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_retention_deleted_was_recorded_and_a_pause_was_not_wanted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
