#include "base/clock.h"
#include "live/places.h"
#include "unit.h"

#include <glib.h>

static const Uuid lan = {{1}}, minh = {{2}}, hoa = {{3}}, gate = {{11}}, market = {{12}};

static int start(void **state)
{
    clock_test_set(100 * SECOND_US, -1);
    *state = places_new(2);
    return 0;
}

static int stop(void **state)
{
    places_free(*state);
    clock_test_set(-1, -1);
    return 0;
}

static void pass_s(int64_t seconds)
{
    clock_test_set(clock_mono_us() + seconds * SECOND_US, -1);
}

/* A live place of `who`; NULL: none. */
static Place *take(Places *places, const Uuid *who)
{
    Place *place = places_take(places, who);
    if (place)
        place_join(place, who);
    return place;
}

static void one_person_has_both_places_while_nobody_else_waits(void **state)
{
    Places *places = *state;
    Place *first = take(places, &lan), *second = take(places, &lan);
    assert_non_null(first);
    assert_non_null(second);
    assert_null(take(places, &lan));
    assert_false(place_wanted(first) || place_wanted(second));
    assert_int_equal(places_taken(places), 2);
    place_give(first);
    place_give(second);
    assert_int_equal(places_taken(places), 0);
}

static void who_waits_without_one_gets_the_newest_of_whoever_has_two(void **state)
{
    Places *places = *state;
    Place *first = take(places, &lan), *second = take(places, &lan);
    assert_null(take(places, &minh));
    assert_false(place_wanted(first));
    assert_true(place_wanted(second));
    assert_null(take(places, &minh)); /* asked again: no more is taken away for that */
    assert_false(place_wanted(first));
    place_give(second);
    assert_null(take(places, &lan)); /* whose it was does not come first */
    Place *other = take(places, &minh);
    assert_non_null(other);
    assert_null(take(places, &hoa)); /* nobody has two */
    assert_false(place_wanted(first) || place_wanted(other));
    place_give(first);
    place_give(other);
}

static void what_is_shared_stays_when_somebody_sees_nothing_else(void **state)
{
    Places *places = *state;
    Place *first = take(places, &lan), *second = take(places, &lan);
    place_join(second, &minh);
    assert_null(take(places, &hoa));
    assert_true(place_wanted(first)); /* the older one, for the newer is all that Minh has */
    assert_false(place_wanted(second));
    place_leave(second, &lan);
    assert_false(place_wanted(first)); /* now it is all that Lan has */
    place_give(first);
    place_give(second);
}

static void who_waits_no_more_holds_nobody_up(void **state)
{
    Places *places = *state;
    Place *first = take(places, &lan), *second = take(places, &minh);
    assert_null(take(places, &hoa));
    place_give(second);
    assert_null(take(places, &lan));
    pass_s(16);
    second = take(places, &lan);
    assert_non_null(second);
    place_give(first);
    place_give(second);
}

static void footage_has_a_place_as_long_as_it_is_asked_for(void **state)
{
    Places *places = *state;
    Place *live = take(places, &minh);
    assert_true(places_lease(places, &lan, &gate));
    assert_false(places_lease(places, &hoa, &gate));
    for (int i = 0; i < 3; i++) {
        pass_s(15);
        assert_true(places_lease(places, &lan, &gate));
        assert_int_equal(places_taken(places), 2);
    }
    pass_s(21);
    assert_true(places_lease(places, &hoa, &gate));
    assert_false(places_lease(places, &lan, &gate));
    place_give(live);
}

static void who_plays_two_cameras_loses_one_to_whoever_has_none(void **state)
{
    Places *places = *state;
    assert_true(places_lease(places, &lan, &gate));
    assert_true(places_lease(places, &lan, &market));
    Place *live = take(places, &minh);
    assert_non_null(live);
    assert_false(places_lease(places, &lan, &market));
    assert_true(places_lease(places, &lan, &gate));
    place_give(live);
}

static void where_there_are_none_none_is_given(void **state)
{
    Places *places = places_new(0);
    assert_null(places_take(places, &lan));
    assert_false(places_lease(places, &lan, &gate));
    places_free(places);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)
    const struct CMUnitTest tests[] = {
        TEST(one_person_has_both_places_while_nobody_else_waits),
        TEST(who_waits_without_one_gets_the_newest_of_whoever_has_two),
        TEST(what_is_shared_stays_when_somebody_sees_nothing_else),
        TEST(who_waits_no_more_holds_nobody_up),
        TEST(footage_has_a_place_as_long_as_it_is_asked_for),
        TEST(who_plays_two_cameras_loses_one_to_whoever_has_none),
        TEST(where_there_are_none_none_is_given),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
