/* When an outage begins and ends, second by second. */
#include "watch/outage.h"

#include "unit.h"

#define LATE_US (30 * SECOND_US)
#define T0 (INT64_C(1795000000) * SECOND_US)

/* Looks once a second from `from` to `to` (s); the newest moment moves on while `alive`. Returns
 * the second of the first turn of this kind, or -1. */
static int run(Outage *outage, int from, int to, bool alive, int64_t *newest_us, OutageTurn turn)
{
    int first = -1;
    for (int s = from; s < to; s++) {
        if (alive)
            *newest_us = T0 + s * SECOND_US;
        OutageTurn seen = outage_look(outage, LATE_US, HOUR_US + s * SECOND_US, *newest_us);
        if (seen == turn && first < 0)
            first = s;
    }
    return first;
}

static void a_stream_that_stops_is_out_after_the_time_it_may_be_late(void **state)
{
    Outage outage = {0};
    int64_t newest_us = 0;
    assert_int_equal(run(&outage, 0, 100, true, &newest_us, OUTAGE_BEGINS), -1);
    assert_int_equal(run(&outage, 100, 200, false, &newest_us, OUTAGE_BEGINS), 130);
    assert_true(outage.on);
}

static void a_stream_that_never_came_counts_from_the_first_look(void **state)
{
    Outage outage = {0};
    int64_t newest_us = 0;
    assert_int_equal(run(&outage, 0, 100, false, &newest_us, OUTAGE_BEGINS), 31);
}

static void it_ends_once_footage_has_been_durable_again_for_some_seconds(void **state)
{
    Outage outage = {0};
    int64_t newest_us = 0;
    run(&outage, 0, 50, false, &newest_us, OUTAGE_BEGINS);
    assert_int_equal(run(&outage, 50, 60, true, &newest_us, OUTAGE_ENDS), 55);
    assert_int_equal(outage.back_us, T0 + 50 * SECOND_US);
}

static void a_moment_of_footage_does_not_end_it(void **state)
{
    Outage outage = {0};
    int64_t newest_us = 0;
    run(&outage, 0, 50, false, &newest_us, OUTAGE_BEGINS);
    newest_us = T0 + 50 * SECOND_US;
    assert_int_equal(run(&outage, 50, 53, true, &newest_us, OUTAGE_ENDS), -1);
    /* It stops again: a look a second later than fresh finds it late, well before it was steady. */
    int64_t mono_us = HOUR_US + 53 * SECOND_US + OUTAGE_FRESH_US;
    assert_int_equal(outage_look(&outage, LATE_US, mono_us, newest_us), OUTAGE_SAME);
    assert_true(outage.on);
    assert_int_equal(outage.good_us, 0);
}

static void what_goes_on_and_off_is_one_outage_and_not_many(void **state)
{
    Outage outage = {0};
    int64_t newest_us = 0;
    int begins = 0, second = 0;
    for (int i = 0; i < 30; i++) { /* 35 s off, 45 s on, for 40 minutes */
        begins += run(&outage, second, second + 35, false, &newest_us, OUTAGE_BEGINS) >= 0;
        run(&outage, second + 35, second + 80, true, &newest_us, OUTAGE_ENDS);
        second += 80;
    }
    assert_in_range(begins, 1, 5);
    assert_true(outage.on);
    assert_int_equal(run(&outage, second, second + 301, true, &newest_us, OUTAGE_SAME), second);
    assert_false(outage.on);
}

static void after_a_long_calm_an_outage_ends_as_soon_as_the_first(void **state)
{
    Outage outage = {0};
    int64_t newest_us = 0;
    run(&outage, 0, 50, false, &newest_us, OUTAGE_BEGINS);
    run(&outage, 50, 60, true, &newest_us, OUTAGE_ENDS);
    run(&outage, 60, 100, false, &newest_us, OUTAGE_BEGINS);
    assert_int_equal(outage.steady_us, 2 * OUTAGE_STEADY_US);
    run(&outage, 100, 1000, true, &newest_us, OUTAGE_ENDS);
    run(&outage, 1000, 1050, false, &newest_us, OUTAGE_BEGINS);
    assert_int_equal(outage.steady_us, OUTAGE_STEADY_US);
}

static void a_clock_that_is_set_back_or_on_alarms_nobody(void **state)
{
    Outage outage = {0};
    int64_t newest_us = 0;
    run(&outage, 0, 10, true, &newest_us, OUTAGE_BEGINS);
    for (int s = 10; s < 100; s++) {
        newest_us = T0 - HOUR_US + s * SECOND_US;
        assert_int_equal(outage_look(&outage, LATE_US, HOUR_US + s * SECOND_US, newest_us),
                         OUTAGE_SAME);
    }
}

static void what_is_excused_has_its_time_anew(void **state)
{
    Outage outage = {0};
    int64_t newest_us = 0;
    for (int s = 0; s < 100; s++)
        outage_excuse(&outage, HOUR_US + s * SECOND_US, 0);
    assert_int_equal(run(&outage, 100, 200, false, &newest_us, OUTAGE_BEGINS), 130);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stream_that_stops_is_out_after_the_time_it_may_be_late),
        cmocka_unit_test(a_stream_that_never_came_counts_from_the_first_look),
        cmocka_unit_test(it_ends_once_footage_has_been_durable_again_for_some_seconds),
        cmocka_unit_test(a_moment_of_footage_does_not_end_it),
        cmocka_unit_test(what_goes_on_and_off_is_one_outage_and_not_many),
        cmocka_unit_test(after_a_long_calm_an_outage_ends_as_soon_as_the_first),
        cmocka_unit_test(a_clock_that_is_set_back_or_on_alarms_nobody),
        cmocka_unit_test(what_is_excused_has_its_time_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
