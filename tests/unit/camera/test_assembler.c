#include "base/clock.h"
#include "camera/assembler.h"
#include "unit.h"

static void watch_nothing(void *data, const AccessUnit *unit)
{
}

static void feed(Assembler *assembler, CodecParams *params, uint32_t stamp, int64_t arrival_us)
{
    static const uint8_t byte[5];
    DepayFrame frame = {.data = byte, .size = sizeof byte, .timestamp = stamp, .key = true};
    assembler_frame(assembler, TRACK_VIDEO, &frame, params, arrival_us);
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
        cmocka_unit_test(pictures_of_a_run_that_ends_young_keep_its_times),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
