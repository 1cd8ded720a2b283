/* Where no camera sees well enough, and where one more would help most. */
#include "place/risk.h"
#include "unit.h"

#include <glib.h>
#include <math.h>
#include <time.h>

static const PlacePoint market = {21.4498, 103.1512};

/* So many metres north and east of the market. */
static PlacePoint off(double north, double east)
{
    return (PlacePoint){market.latitude + north / 110700, market.longitude + east / 103650};
}

/* 1080p with 84°: a person is observed to 17 m, detected to 43 m. */
static RiskView camera_to(PlacePoint at, double heading, double reach)
{
    return (RiskView){{at, heading, 84, reach}, 1920, 4};
}

static const RiskView next_one = {{{0, 0}, 0, 84, 60}, 2560, 5};

static void ask(const PlacePoint *incidents, size_t count, const RiskView *views,
                size_t views_count, PlaceDetail least, RiskMap *map)
{
    const RiskQuestion question = {incidents, count, views, views_count, least, next_one, 3};
    risk_map(&question, map);
}

static void what_is_too_far_for_the_pixels_asked_for_is_not_seen(void **state)
{
    const PlacePoint incidents[] = {off(10, 0), off(30, 0), off(-10, 0), off(55, 0), market};
    const RiskView views[] = {camera_to(market, 0, 60)};
    const struct {
        PlaceDetail least;
        unsigned unseen;
    } cases[] = {{PLACE_DETECT, 2}, {PLACE_OBSERVE, 3}, {PLACE_IDENTIFY, 4}};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(RiskMap) map = {0};
        ask(incidents, G_N_ELEMENTS(incidents), views, 1, cases[i].least, &map);
        assert_int_equal(map.incidents, 5);
        assert_int_equal(map.unseen, cases[i].unseen);
    }
}

static void how_high_a_camera_stands_takes_from_its_reach(void **state)
{
    RiskView low = camera_to(market, 0, 60), high = low, round = low, unknown = low;
    high.height_m = 16;
    round.aim.fov_deg = 360;
    unknown.width_px = 0;
    double reach = risk_reach_m(&low, PLACE_OBSERVE);
    assert_true(reach > 16 && reach < 18);
    assert_true(risk_reach_m(&high, PLACE_OBSERVE) < 10);
    assert_true(risk_reach_m(&high, PLACE_IDENTIFY) == 0);
    assert_true(risk_reach_m(&round, PLACE_OBSERVE) == 60); /* its pictures are not flat */
    assert_true(risk_reach_m(&unknown, PLACE_OBSERVE) == 60);
}

static void incidents_side_by_side_are_one_spot_and_the_worst_stands_first(void **state)
{
    const PlacePoint incidents[] = {off(1, 0),   off(2, 0),    off(1, 1),   off(500, 3),
                                    off(501, 2), off(-900, 0), off(501, 3), off(502, 2)};
    const RiskView views[] = {camera_to(off(-2, 0), 0, 60)};
    g_auto(RiskMap) map = {0};
    ask(incidents, G_N_ELEMENTS(incidents), views, 1, PLACE_OBSERVE, &map);
    assert_true(map.spots->len >= 3);
    const RiskSpot *worst = &g_array_index(map.spots, RiskSpot, 0);
    assert_int_equal(worst->incidents, worst->unseen);
    assert_true(place_distance_m(worst->at, off(501, 2)) < 3);
    unsigned incidents_in_all = 0, unseen = 0;
    for (guint i = 0; i < map.spots->len; i++) {
        incidents_in_all += g_array_index(map.spots, RiskSpot, i).incidents;
        unseen += g_array_index(map.spots, RiskSpot, i).unseen;
    }
    assert_int_equal(incidents_in_all, 8);
    assert_int_equal(unseen, map.unseen);
    assert_int_equal(map.unseen, 5);
}

static void the_next_camera_goes_to_where_most_is_unseen(void **state)
{
    PlacePoint incidents[13]; /* the last one is alone: no reason for a camera */
    incidents[12] = off(700, 700);
    for (unsigned i = 0; i < 8; i++)
        incidents[i] = off(i % 3, 300 + i % 4);
    for (unsigned i = 8; i < 12; i++)
        incidents[i] = off(-400, i % 2);
    g_auto(RiskMap) map = {0};
    ask(incidents, 13, NULL, 0, PLACE_OBSERVE, &map);
    assert_int_equal(map.proposals->len, 2);
    const RiskProposal *first = &g_array_index(map.proposals, RiskProposal, 0), *second = first + 1;
    assert_int_equal(first->sees, 8);
    assert_int_equal(second->sees, 4);

    /* each sees by its own word what is counted to it */
    for (unsigned i = 0; i < 12; i++) {
        const RiskProposal *by = i < 8 ? first : second;
        RiskView view = next_one;
        view.aim.at = by->at;
        view.aim.heading_deg = by->heading_deg;
        view.aim.reach_m = risk_reach_m(&view, PLACE_OBSERVE);
        assert_true(place_sees(&view.aim, incidents[i]));
        assert_true(place_distance_m(by->at, incidents[i]) > 4.9);
    }
}

static void what_cameras_see_draws_no_camera(void **state)
{
    const PlacePoint incidents[] = {off(8, 0), off(9, 1), off(9, 0)};
    const RiskView views[] = {camera_to(market, 0, 60)};
    g_auto(RiskMap) map = {0};
    ask(incidents, 3, views, 1, PLACE_OBSERVE, &map);
    assert_int_equal(map.unseen, 0);
    assert_int_equal(map.proposals->len, 0);
    g_auto(RiskMap) nothing = {0};
    ask(NULL, 0, views, 1, PLACE_OBSERVE, &nothing);
    assert_int_equal(nothing.incidents + nothing.spots->len + nothing.proposals->len, 0);
}

static void a_place_on_the_other_side_of_the_earth_is_told_and_left_out(void **state)
{
    const PlacePoint incidents[] = {market, off(5, 5), {-33, -70}, off(9, 0), {90, 0}};
    g_auto(RiskMap) map = {0};
    ask(incidents, G_N_ELEMENTS(incidents), NULL, 0, PLACE_DETECT, &map);
    assert_int_equal(map.far, 2);
    assert_int_equal(map.incidents, 3);
}

/* Time of the processor; 0.2 s is what is wanted, sanitizers take three times as long. */
static void ten_thousand_incidents_and_two_hundred_cameras_take_a_moment(void **state)
{
    enum { INCIDENTS = 10000, VIEWS = 200 };
    g_autofree PlacePoint *incidents = g_new(PlacePoint, INCIDENTS);
    g_autofree RiskView *views = g_new(RiskView, VIEWS);
    g_autoptr(GRand) rand = g_rand_new_with_seed(11);
    for (unsigned i = 0; i < INCIDENTS; i++)
        incidents[i] =
            off(g_rand_double_range(rand, -6000, 6000), g_rand_double_range(rand, -6000, 6000));
    for (unsigned i = 0; i < VIEWS; i++)
        views[i] = camera_to(
            off(g_rand_double_range(rand, -6000, 6000), g_rand_double_range(rand, -6000, 6000)),
            g_rand_double_range(rand, 0, 360), 60);
    for (PlaceDetail least = PLACE_DETECT; least <= PLACE_IDENTIFY; least++) {
        g_auto(RiskMap) map = {0};
        const RiskQuestion question = {incidents, INCIDENTS, views, VIEWS, least, next_one, 5};
        clock_t before = clock();
        risk_map(&question, &map);
        double took_s = (double)(clock() - before) / CLOCKS_PER_SEC;
        print_message("%s: %.3f s\n", place_detail_text(least), took_s);
        assert_true(took_s < 0.8);
        assert_int_equal(map.incidents, INCIDENTS);
        assert_int_equal(map.proposals->len, 5);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_too_far_for_the_pixels_asked_for_is_not_seen),
        cmocka_unit_test(how_high_a_camera_stands_takes_from_its_reach),
        cmocka_unit_test(incidents_side_by_side_are_one_spot_and_the_worst_stands_first),
        cmocka_unit_test(the_next_camera_goes_to_where_most_is_unseen),
        cmocka_unit_test(what_cameras_see_draws_no_camera),
        cmocka_unit_test(a_place_on_the_other_side_of_the_earth_is_told_and_left_out),
        cmocka_unit_test(ten_thousand_incidents_and_two_hundred_cameras_take_a_moment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
