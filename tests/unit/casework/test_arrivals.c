#include "base/clock.h"
#include "casework/arrivals.h"
#include "unit.h"

#include <math.h>

#define AT (INT64_C(1764406800) * SECOND_US)

/* A camera so many metres east of the market; NAN: it has no place. */
static ArrivalPlace at(uint8_t id, const char *name, double east)
{
    ArrivalPlace place = {.camera = {{id}}, .name = name, .placed = !isnan(east)};
    if (place.placed)
        place.at = (PlacePoint){21.4498, 103.1512 + east / 103650};
    return place;
}

static const Arrival *nth(const GArray *arrivals, guint i)
{
    assert_true(i < arrivals->len);
    return &g_array_index(arrivals, Arrival, i);
}

static void the_nearest_comes_first_and_what_has_no_place_last(void **state)
{
    ArrivalPlace from = at(1, "Chợ", 0);
    const ArrivalPlace others[] = {at(2, "Xa", 900),   at(3, "Ủy ban", NAN),  at(1, "Chợ", 0),
                                   at(4, "Gần", -200), at(5, "An toàn", NAN), at(6, "Cầu", 500)};
    g_autoptr(GArray) order =
        arrivals_order(&from, AT, JOURNEY_WALKING, false, others, G_N_ELEMENTS(others));
    assert_int_equal(order->len, 5); /* without itself */
    static const uint8_t wanted[] = {4, 6, 2, 5, 3};
    for (guint i = 0; i < 5; i++)
        assert_int_equal(nth(order, i)->camera.bytes[0], wanted[i]);
    assert_true(nth(order, 2)->placed && !nth(order, 3)->placed && !nth(order, 4)->placed);
    assert_true(fabs(nth(order, 0)->distance_m - 200) < 2);
}

static void who_went_on_is_looked_for_later_and_who_came_from_there_earlier(void **state)
{
    ArrivalPlace from = at(1, "Chợ", 0), other = at(2, "Cầu", 420);
    g_autoptr(GArray) on = arrivals_order(&from, AT, JOURNEY_WALKING, false, &other, 1);
    g_autoptr(GArray) back = arrivals_order(&from, AT, JOURNEY_WALKING, true, &other, 1);
    const Arrival *went = nth(on, 0), *came = nth(back, 0);
    assert_true(AT < went->from_us && went->from_us < went->likely_us &&
                went->likely_us < went->to_us);
    assert_true(llabs((went->likely_us - AT) / SECOND_US - 400) <= 3);
    assert_true(llabs((went->from_us - AT) / SECOND_US - (190 - 15)) <= 3);
    assert_true(llabs((went->to_us - AT) / SECOND_US - (777 + 60)) <= 6);
    assert_int_equal(AT - came->likely_us, went->likely_us - AT);
    assert_int_equal(AT - came->to_us, went->from_us - AT);
    assert_int_equal(AT - came->from_us, went->to_us - AT);
}

static void another_camera_of_the_same_place_is_looked_at_around_the_moment(void **state)
{
    ArrivalPlace from = at(1, "Chợ", 0), other = at(2, "Chợ sau", 0);
    g_autoptr(GArray) order = arrivals_order(&from, AT, JOURNEY_RIDING, false, &other, 1);
    assert_int_equal(nth(order, 0)->from_us, AT - 15 * SECOND_US);
    assert_int_equal(nth(order, 0)->likely_us, AT);
    assert_int_equal(nth(order, 0)->to_us, AT + 60 * SECOND_US);
}

static void from_a_camera_without_a_place_no_distance_is_known(void **state)
{
    ArrivalPlace from = at(1, "Chợ", NAN);
    const ArrivalPlace others[] = {at(2, "Cầu", 420), at(3, "An", 100)};
    g_autoptr(GArray) order = arrivals_order(&from, AT, JOURNEY_WALKING, false, others, 2);
    assert_int_equal(nth(order, 0)->camera.bytes[0], 3); /* by name */
    assert_false(nth(order, 0)->placed || nth(order, 1)->placed);
    assert_int_equal(nth(order, 0)->to_us - AT, 30 * MINUTE_US + 60 * SECOND_US);
}

static void a_camera_at_the_other_end_of_the_earth_has_a_bounded_span(void **state)
{
    ArrivalPlace from = at(1, "Chợ", 0);
    ArrivalPlace other = {.camera = {{2}}, .name = "Xa", .placed = true, .at = {-21, -76}};
    for (int back = 0; back < 2; back++) {
        g_autoptr(GArray) order = arrivals_order(&from, AT, JOURNEY_WALKING, back, &other, 1);
        const Arrival *far = nth(order, 0);
        assert_int_equal(far->to_us - far->from_us, ARRIVAL_MOST_US);
        assert_true(far->from_us <= far->likely_us && far->likely_us <= far->to_us);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_nearest_comes_first_and_what_has_no_place_last),
        cmocka_unit_test(who_went_on_is_looked_for_later_and_who_came_from_there_earlier),
        cmocka_unit_test(another_camera_of_the_same_place_is_looked_at_around_the_moment),
        cmocka_unit_test(from_a_camera_without_a_place_no_distance_is_known),
        cmocka_unit_test(a_camera_at_the_other_end_of_the_earth_has_a_bounded_span),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
