#include "base/clock.h"
#include "place/journey.h"
#include "unit.h"

/* In whole seconds. */
static void takes(double metres, JourneyBy by, int64_t least_s, int64_t likely_s, int64_t most_s)
{
    JourneyTimes times = journey_times(metres, by);
    assert_int_equal(times.least_us / SECOND_US, least_s);
    assert_int_equal(times.likely_us / SECOND_US, likely_s);
    assert_int_equal(times.most_us / SECOND_US, most_s);
}

static void a_walker_takes_minutes_where_a_rider_takes_seconds(void **state)
{
    takes(420, JOURNEY_WALKING, 190, 400, 777);
    takes(420, JOURNEY_RIDING, 28, 67, 210);
    takes(3000, JOURNEY_RIDING, 200, 480, 1500);
}

static void who_may_walk_or_ride_is_looked_for_from_the_fastest_to_the_slowest(void **state)
{
    takes(420, JOURNEY_UNKNOWN, 28, 67, 777);
}

static void cameras_of_one_place_see_them_at_once(void **state)
{
    takes(0, JOURNEY_WALKING, 0, 0, 0);
}

static void the_longest_way_on_earth_still_has_an_end(void **state)
{
    JourneyTimes times = journey_times(20004000, JOURNEY_WALKING);
    assert_true(times.most_us > times.likely_us && times.most_us < 500 * DAY_US);
}

static void the_three_ways_of_moving_have_names(void **state)
{
    JourneyBy by;
    assert_true(journey_by_parse("walking", &by) && by == JOURNEY_WALKING);
    assert_true(journey_by_parse("riding", &by) && by == JOURNEY_RIDING);
    assert_true(journey_by_parse("unknown", &by) && by == JOURNEY_UNKNOWN);
    assert_false(journey_by_parse("flying", &by));
    assert_false(journey_by_parse("", &by));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_walker_takes_minutes_where_a_rider_takes_seconds),
        cmocka_unit_test(who_may_walk_or_ride_is_looked_for_from_the_fastest_to_the_slowest),
        cmocka_unit_test(cameras_of_one_place_see_them_at_once),
        cmocka_unit_test(the_longest_way_on_earth_still_has_an_end),
        cmocka_unit_test(the_three_ways_of_moving_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
