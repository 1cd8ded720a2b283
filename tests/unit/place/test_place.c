#include "place/sight.h"

#include "unit.h"

#include <glib.h>
#include <math.h>

static const PlacePoint market = {21.4498, 103.1512};

static void distances_are_those_of_the_geodesic(void **state)
{
    /* Vincenty's inverse, WGS 84. */
    static const struct {
        PlacePoint a, b;
        double metres;
    } known[] = {
        {{21.4512, 103.1487}, {21.4498, 103.1512}, 301.962},
        {{21.0285, 105.8542}, {21.3, 106.25}, 50924.857},
        {{21.4512, 103.1487}, {21.9, 103.1487}, 49693.795},
        {{10.8, 106.7}, {10.8, 107.15}, 49212.252},
        {{0, 0}, {0, 1}, 111319.491},
        {{0, 0}, {1, 0}, 110574.389},
        {{44.5, 0}, {45.5, 0}, 111131.778},
        {{-33.9, 18.4}, {-34.2, 18.1}, 43296.629},
        {{60, 179.8}, {60.2, -179.9}, 27839.856},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
        double metres = place_distance_m(known[i].a, known[i].b);
        if (fabs(metres - known[i].metres) > known[i].metres * 0.0001)
            fail_msg("%zu: %.3f m for %.3f m", i, metres, known[i].metres);
    }
    assert_true(place_distance_m(market, market) == 0);
    assert_true(fabs(place_distance_m((PlacePoint){90, 0}, (PlacePoint){-90, 0}) - 20003931) <
                20000);
}

static void directions_are_those_of_the_geodesic(void **state)
{
    static const struct {
        PlacePoint a, b;
        double degrees;
    } known[] = {
        {{21.4512, 103.1487}, {21.4498, 103.1512}, 120.887},
        {{21.0285, 105.8542}, {21.3, 106.25}, 53.751},
        {{10.8, 106.7}, {10.8, 107.15}, 89.958},
        {{-33.9, 18.4}, {-34.2, 18.1}, 219.690},
        {{60, 179.8}, {60.2, -179.9}, 36.703},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
        double degrees = place_bearing_deg(known[i].a, known[i].b);
        if (fabs(remainder(degrees - known[i].degrees, 360)) > 0.5)
            fail_msg("%zu: %.3f° for %.3f°", i, degrees, known[i].degrees);
    }
}

/* So many metres north and east of the market. */
static PlacePoint off(double north, double east)
{
    return (PlacePoint){market.latitude + north / 110700, market.longitude + east / 103650};
}

static void a_camera_sees_what_is_before_it_and_near_enough(void **state)
{
    const PlaceAim aim = {market, .heading_deg = 350, .fov_deg = 60, .reach_m = 50};
    assert_true(place_sees(&aim, off(40, 0)));
    assert_true(place_sees(&aim, off(40, 13)));   /* 18° by east: 28° off */
    assert_false(place_sees(&aim, off(40, 18)));  /* 24°: 34° off */
    assert_true(place_sees(&aim, off(38, -28)));  /* 324°: 26° off */
    assert_false(place_sees(&aim, off(-40, 0)));  /* behind */
    assert_false(place_sees(&aim, off(60, -10))); /* too far */
    assert_true(place_sees(&aim, market));
}

static void a_dome_sees_all_around(void **state)
{
    const PlaceAim aim = {market, .heading_deg = 0, .fov_deg = 360, .reach_m = 30};
    assert_true(place_sees(&aim, off(-20, 0)) && place_sees(&aim, off(0, 20)));
    assert_false(place_sees(&aim, off(0, 40)));
}

static void what_a_picture_shows_falls_with_the_distance(void **state)
{
    /* 1920 px over 90°: at 10 m a metre takes 96 px, at 3 m 320. */
    assert_true(fabs(place_pixels_a_metre(1920, 90, 10) - 96) < 0.01);
    assert_int_equal(place_detail(place_pixels_a_metre(1920, 90, 3)), PLACE_IDENTIFY);
    assert_int_equal(place_detail(place_pixels_a_metre(1920, 90, 7)), PLACE_RECOGNISE);
    assert_int_equal(place_detail(place_pixels_a_metre(1920, 90, 10)), PLACE_OBSERVE);
    assert_int_equal(place_detail(place_pixels_a_metre(1920, 90, 35)), PLACE_DETECT);
    assert_int_equal(place_detail(place_pixels_a_metre(1920, 90, 60)), PLACE_NOTHING);
    assert_int_equal(place_detail(place_pixels_a_metre(1920, 180, 3)), PLACE_NOTHING);
    assert_string_equal(place_detail_text(PLACE_RECOGNISE), "recognise");
}

static void a_picture_is_good_for_something_up_to_a_distance(void **state)
{
    const double to_metres[] = {[PLACE_DETECT] = 56.9,
                                [PLACE_OBSERVE] = 22.8,
                                [PLACE_RECOGNISE] = 11.4,
                                [PLACE_IDENTIFY] = 5.7};
    for (PlaceDetail detail = PLACE_DETECT; detail <= PLACE_IDENTIFY; detail++) {
        double metres = place_reach_m(1920, 68, place_detail_pixels(detail)); /* a 1080p camera */
        assert_true(fabs(metres - to_metres[detail]) < 0.1);
        assert_int_equal(place_detail(place_pixels_a_metre(1920, 68, metres * 0.999)), detail);
        assert_int_equal(place_detail(place_pixels_a_metre(1920, 68, metres * 1.001)), detail - 1);
    }
    assert_true(place_reach_m(1920, 180, 25) == 0);
    assert_true(place_reach_m(1920, 0, 25) == 0);
}

static void from_up_high_a_face_is_further_away_than_along_the_ground(void **state)
{
    assert_true(fabs(place_slant_m(4, 4.6) - 5) < 1e-9); /* 3 m above a face */
    assert_true(fabs(place_ground_m(5, 4.6) - 4) < 1e-9);
    assert_true(place_ground_m(2.9, 4.6) == 0);                         /* no face is so near */
    assert_true(place_slant_m(7, 0) == 7 && place_ground_m(7, 0) == 7); /* height is not known */
}

static void what_a_lens_shows_of_a_person_is_told_the_best_first(void **state)
{
    g_autofree char *flat = place_sight_text(1920, &(PlaceLens){68, 0}, false);
    assert_string_equal(
        flat,
        "Person: identify to 5.7 m · recognise to 11.4 m · observe to 22.8 m · detect to 56.9 m");
    g_autofree char *pole = place_sight_text(1920, &(PlaceLens){68, 8}, true);
    assert_string_equal(pole,
                        "Người: nhận ra đến 9,4 m · quan sát đến 21,9 m · phát hiện đến 56,6 m");
    assert_null(place_sight_text(1920, &(PlaceLens){0, 8}, true));
    assert_null(place_sight_text(0, &(PlaceLens){68, 8}, true));
    assert_null(place_sight_text(1920, &(PlaceLens){180, 0}, true));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(distances_are_those_of_the_geodesic),
        cmocka_unit_test(directions_are_those_of_the_geodesic),
        cmocka_unit_test(a_camera_sees_what_is_before_it_and_near_enough),
        cmocka_unit_test(a_dome_sees_all_around),
        cmocka_unit_test(what_a_picture_shows_falls_with_the_distance),
        cmocka_unit_test(what_a_lens_shows_of_a_person_is_told_the_best_first),
        cmocka_unit_test(a_picture_is_good_for_something_up_to_a_distance),
        cmocka_unit_test(from_up_high_a_face_is_further_away_than_along_the_ground),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
