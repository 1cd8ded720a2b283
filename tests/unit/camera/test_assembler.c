#include "base/clock.h"
#include "camera/assembler.h"
#include "unit.h"

static void watch_nothing(void *data, const AccessUnit *unit)
{
}

static void feed_picture(Assembler *assembler, CodecParams *params, uint32_t stamp,
                         int64_t arrival_us, bool damaged)
{
    static const uint8_t byte[5];
    DepayFrame frame = {
        .data = byte, .size = sizeof byte, .timestamp = stamp, .key = true, .damaged = damaged};
    assembler_frame(assembler, TRACK_VIDEO, &frame, params, arrival_us);
}

static void feed(Assembler *assembler, CodecParams *params, uint32_t stamp, int64_t arrival_us)
{
    feed_picture(assembler, params, stamp, arrival_us, false);
}

/* One picture after `ms` without one; those in between came damaged, or were never sent. */
static bool leaves_a_gap(int ms, bool damaged)
{
    g_autoptr(Hub) hub = hub_new(uuid_new(), STREAM_MAIN);
    g_autoptr(CodecParams) params = codec_params_new(CODEC_H264, VIDEO_TIMESCALE, "", 0);
    HubListener *listener = hub_listen(hub, false, 100000, watch_nothing, NULL);
    Assembler *assembler = assembler_new(hub);
    int64_t from_us = clock_now_us();
    assembler_begin(assembler, GAP_SERVER_DOWN);
    for (uint32_t i = 0; i < 5; i++)
        feed(assembler, params, i * 9000, from_us + i * INT64_C(100000));
    if (damaged)
        feed_picture(assembler, params, 5 * 9000, from_us + 500000, true);
    feed(assembler, params, 4 * 9000 + (uint32_t)ms * 90, from_us + 400000 + ms * INT64_C(1000));
    g_autoptr(AccessUnit) last = NULL;
    for (unsigned i = 0; i < 6; i++) {
        access_unit_unref(last);
        last = hub_listener_next(listener, NULL);
        assert_non_null(last);
    }
    assert_int_equal(last->capture_us - from_us, 400000 + ms * INT64_C(1000));
    bool gap = last->run_start;
    if (gap)
        assert_int_equal(last->gap_cause, GAP_NETWORK_STALL);
    assert_int_equal(last->run, gap ? 2 : 1);
    assembler_free(assembler);
    hub_unlisten(listener);
    return gap;
}

static void pictures_lost_on_the_way_leave_a_gap_if_they_are_many(void **state) /* S16 */
{
    assert_true(leaves_a_gap(3000, true));
    assert_false(leaves_a_gap(200, true));
    assert_false(leaves_a_gap(3000, false));
}

static void pictures_of_a_run_that_ends_young_keep_its_times(void **state)
{
    g_autoptr(Hub) hub = hub_new(uuid_new(), STREAM_MAIN);
    g_autoptr(CodecParams) params = codec_params_new(CODEC_H264, VIDEO_TIMESCALE, "", 0);
    HubListener *listener = hub_listen(hub, false, 100000, watch_nothing, NULL);
    Assembler *assembler = assembler_new(hub);
    int64_t from_us = clock_now_us();
    assembler_begin(assembler, GAP_SERVER_DOWN);
    feed(assembler, params, 1000, from_us);
    feed(assembler, params, 1000 + 9000, from_us + 100000);
    assembler_restart(assembler, TRACK_VIDEO); /* the camera begins its stamps anew */
    feed(assembler, params, 4000000000, from_us + 150000);
    feed(assembler, params, 4000000000 + 36000, from_us + 550000);
    const int64_t times_us[] = {0, 100000, 150000, 550000};
    for (unsigned i = 0; i < 4; i++) {
        g_autoptr(AccessUnit) unit = hub_listener_next(listener, NULL);
        assert_non_null(unit);
        assert_int_equal(unit->capture_us - from_us, times_us[i]);
        assert_int_equal(unit->run, i < 2 ? 1 : 2);
        assert_int_equal(unit->run_start, i % 2 == 0);
    }
    assembler_free(assembler);
    hub_unlisten(listener);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pictures_lost_on_the_way_leave_a_gap_if_they_are_many),
        cmocka_unit_test(pictures_of_a_run_that_ends_young_keep_its_times),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
