#include "base/clock.h"
#include "drawn_view.h"
#include "unit.h"
#include "watch/view_health.h"

#include <string.h>

/* A camera on its drawn street, seen every other second; what is told is kept. */
typedef struct Rig {
    ViewHealth *health;
    uint8_t pixels[DRAWN_AREA];
    int64_t at_us, step_us;
    int begun[VIEW_VERDICTS], ended[VIEW_VERDICTS];
    int64_t begun_us[VIEW_VERDICTS];
} Rig;

static void show(Rig *rig)
{
    ViewChange changes[VIEW_VERDICTS];
    const LumaPicture picture = drawn_picture(rig->pixels, rig->at_us);
    const size_t count = view_health_see(rig->health, &picture, changes);
    for (size_t i = 0; i < count; i++) {
        (changes[i].begins ? rig->begun : rig->ended)[changes[i].verdict]++;
        if (changes[i].begins)
            rig->begun_us[changes[i].verdict] = changes[i].at_us;
    }
    rig->at_us += rig->step_us;
}

typedef void (*Scene)(uint8_t *pixels, int second);

static void show_scene(Rig *rig, Scene scene, int seconds)
{
    const int step = (int)(rig->step_us / SECOND_US);
    for (int second = 0; second < seconds; second += step) {
        scene(rig->pixels, second);
        show(rig);
    }
}

static void street(uint8_t *pixels, int second)
{
    draw_street(0, 0, pixels);
    draw_grain(3, pixels);
}

static ViewReference learnt; /* of the street, by the same code as everywhere */

static Rig *rig_new(const ViewReference *reference)
{
    Rig *rig = g_new0(Rig, 1);
    rig->health = view_health_new(reference);
    rig->at_us = INT64_C(1795504060000000);
    rig->step_us = 2 * SECOND_US;
    return rig;
}

static void rig_free(Rig *rig)
{
    view_health_free(rig->health);
    g_free(rig);
}

static int learn_street(void **state)
{
    Rig *rig = rig_new(NULL);
    unsigned version;
    show_scene(rig, street, 110);
    assert_int_equal(view_health_reference(rig->health, &version)->count, 0);
    show_scene(rig, street, 20);
    learnt = *view_health_reference(rig->health, &version);
    assert_int_equal(learnt.count, 1);
    assert_int_equal(version, 1);
    rig_free(rig);
    return 0;
}

static int set_up(void **state)
{
    Rig *rig = rig_new(&learnt);
    show_scene(rig, street, 5);
    *state = rig;
    return 0;
}

static int tear_down(void **state)
{
    rig_free(*state);
    return 0;
}

static void assert_only(const Rig *rig, ViewVerdict verdict)
{
    for (ViewVerdict other = 0; other < VIEW_VERDICTS; other++)
        if (rig->begun[other] != (other == verdict))
            fail_msg("%d times verdict %d instead of %d", rig->begun[other], other, verdict);
    assert_int_equal(view_health_standing(rig->health), 1U << verdict);
}

static void assert_nothing(const Rig *rig)
{
    for (ViewVerdict verdict = 0; verdict < VIEW_VERDICTS; verdict++)
        assert_int_equal(rig->begun[verdict], 0);
    assert_int_equal(view_health_standing(rig->health), 0);
}

/* What is wrong is told once within 45 s, from when it began; and its end, 45 s after it is well.
 */
static void assert_told_and_ended(Rig *rig, Scene scene, ViewVerdict verdict)
{
    const int64_t from_us = rig->at_us;
    show_scene(rig, scene, 75);
    assert_only(rig, verdict);
    assert_in_range(rig->begun_us[verdict] - from_us, 0, 20 * SECOND_US);
    show_scene(rig, street, 45);
    assert_int_equal(rig->ended[verdict], 1);
    assert_int_equal(view_health_standing(rig->health), 0);
}

static void black(uint8_t *pixels, int second)
{
    memset(pixels, 16, DRAWN_AREA);
}

static void a_black_picture_is_told_as_black_and_not_as_frozen(void **state)
{
    assert_told_and_ended(*state, black, VIEW_BLACK);
}

static void dark_grain(uint8_t *pixels, int second)
{
    memset(pixels, 18, DRAWN_AREA);
    draw_grain(10, pixels);
}

static void a_dark_night_with_the_grain_of_the_sensor_is_not_black(void **state)
{
    Rig *rig = *state;
    show_scene(rig, dark_grain, 60);
    assert_nothing(rig);
}

static void write_clock(uint8_t *pixels, int second)
{
    for (int y = 8; y < 28; y++)
        memset(pixels + y * DRAWN_WIDTH + 8, (second * 37 + y) % 220, 200);
}

static void frozen(uint8_t *pixels, int second)
{
    if (second == 0)
        street(pixels, 0);
    write_clock(pixels, second);
}

static void a_picture_that_stands_still_while_its_clock_runs_is_frozen(void **state)
{
    assert_told_and_ended(*state, frozen, VIEW_FROZEN);
}

static void still(uint8_t *pixels, int second)
{
    if (second % 20 == 0) /* an encoder repeats itself until the next key picture */
        street(pixels, second);
    write_clock(pixels, second);
}

static void a_still_scene_whose_grain_changes_with_each_key_picture_is_not_frozen(void **state)
{
    Rig *rig = *state;
    show_scene(rig, still, 130);
    assert_nothing(rig);
}

static void bag(uint8_t *pixels, int second)
{
    street(pixels, second);
    draw_cover(DRAWN_WIDTH * 4 / 5, 120, pixels);
    draw_grain(2, pixels);
}

static void a_bag_over_most_of_the_lens_is_told_as_covered(void **state)
{
    assert_told_and_ended(*state, bag, VIEW_COVERED);
}

static void lorry(uint8_t *pixels, int second)
{
    (second % 60 < 18 ? bag : street)(pixels, second);
}

static void a_lorry_that_stops_before_the_lens_for_eighteen_seconds_is_no_alarm(void **state)
{
    Rig *rig = *state;
    show_scene(rig, lorry, 180);
    assert_nothing(rig);
}

static void half_a_bag(uint8_t *pixels, int second)
{
    street(pixels, second);
    draw_cover(DRAWN_WIDTH / 3, 120, pixels);
}

static void a_van_parked_before_a_third_of_the_view_is_no_alarm(void **state)
{
    Rig *rig = *state;
    show_scene(rig, half_a_bag, 90);
    assert_nothing(rig);
}

static void fog(uint8_t *pixels, int second)
{
    draw_street(0, 0, pixels);
    const int left = MAX(10, 100 - second / 20); /* per cent of the contrast, within half an hour */
    for (int i = 0; i < DRAWN_AREA; i++)
        pixels[i] = (uint8_t)((pixels[i] * left + 170 * (100 - left)) / 100);
    draw_grain(2, pixels);
}

static void fog_that_comes_within_half_an_hour_is_no_cover(void **state)
{
    Rig *rig = *state;
    rig->step_us = 8 * SECOND_US;
    show_scene(rig, fog, 2240);
    assert_nothing(rig);
}

static void soft(uint8_t *pixels, int second)
{
    draw_street(0, 0, pixels);
    draw_blur(4, pixels);
    draw_grain(2, pixels);
}

static void a_lens_turned_out_of_focus_is_told_so_and_not_as_covered(void **state)
{
    assert_told_and_ended(*state, soft, VIEW_OUT_OF_FOCUS);
}

static void dimmed(uint8_t *pixels, int second)
{
    draw_street(0, 0, pixels);
    for (int i = 0; i < DRAWN_AREA; i++)
        pixels[i] = (uint8_t)(pixels[i] * 2 / 5 + 10);
    draw_grain(6, pixels);
}

static void a_view_in_less_light_is_neither_soft_nor_covered_nor_moved(void **state)
{
    Rig *rig = *state;
    show_scene(rig, dimmed, 90);
    assert_nothing(rig);
}

static void moved(uint8_t *pixels, int second)
{
    draw_street(64, 10, pixels);
    draw_grain(3, pixels);
}

static void a_camera_turned_by_a_tenth_of_its_view_is_told_as_moved(void **state)
{
    assert_told_and_ended(*state, moved, VIEW_MOVED);
}

static void turned_away(uint8_t *pixels, int second)
{
    draw_street(300, 150, pixels);
    draw_grain(3, pixels);
}

static void shaken(uint8_t *pixels, int second)
{
    if (second % 20 < 3)
        draw_street(18 - second % 3 * 18, second % 2 * 12, pixels);
    else
        draw_street(0, 0, pixels);
    draw_grain(3, pixels);
}

static void a_shaken_pole_is_no_move(void **state)
{
    Rig *rig = *state;
    show_scene(rig, shaken, 120);
    assert_nothing(rig);
}

static void a_moved_view_is_never_learnt_but_is_right_once_it_is_accepted(void **state)
{
    Rig *rig = *state;
    show_scene(rig, moved, 90);
    rig->step_us = 20 * SECOND_US;
    show_scene(rig, moved, 3600);
    rig->step_us = 2 * SECOND_US;
    assert_only(rig, VIEW_MOVED);
    assert_true(view_health_accept(rig->health));
    show_scene(rig, moved, 30);
    assert_int_equal(rig->ended[VIEW_MOVED], 1);
    show_scene(rig, street, 60);
    assert_int_equal(rig->begun[VIEW_MOVED], 2);
}

/* Infrared: the sky goes dark, leaves go light, and the lamp reaches the middle best. */
static void infrared(uint8_t *pixels, int second)
{
    draw_street(0, 0, pixels);
    for (int i = 0; i < DRAWN_AREA; i++) {
        const int far = abs(i % DRAWN_WIDTH - DRAWN_WIDTH / 2) / 4;
        pixels[i] = (uint8_t)((40 + abs(pixels[i] - 90)) * (160 - far) / 160);
    }
    draw_grain(6, pixels);
}

static void infrared_moved(uint8_t *pixels, int second)
{
    infrared(pixels, second);
    memmove(pixels, pixels + 80, DRAWN_AREA - 80);
}

static void a_switch_to_infrared_is_no_alarm_and_a_move_by_night_is_one(void **state)
{
    Rig *rig = *state;
    show_scene(rig, infrared, 150);
    assert_nothing(rig);
    show_scene(rig, infrared_moved, 90);
    assert_only(rig, VIEW_MOVED);
}

/* Lamps: of each three patches two show other edges than by day. */
static void lamps(uint8_t *pixels, int second)
{
    static uint8_t day[DRAWN_AREA];
    draw_street(0, 0, day);
    memcpy(pixels, day, DRAWN_AREA);
    for (int y = 0; y < DRAWN_HEIGHT; y++)
        for (int x = 0; x < DRAWN_WIDTH; x++)
            if ((x / 40 * 7 + y / 40 * 5) % 3)
                pixels[y * DRAWN_WIDTH + x] = day[DRAWN_AREA - 1 - y * DRAWN_WIDTH - x];
    draw_grain(3, pixels);
}

static void another_light_of_the_same_place_is_no_alarm_and_is_learnt(void **state)
{
    Rig *rig = *state;
    unsigned version;
    show_scene(rig, lamps, 30);
    assert_int_equal(view_health_reference(rig->health, &version)->count, 1);
    show_scene(rig, lamps, 120);
    assert_nothing(rig);
    assert_int_equal(view_health_reference(rig->health, &version)->count, 2);
}

static void a_kept_reference_tells_a_camera_that_moved_while_the_server_was_off(void **state)
{
    Rig *rig = rig_new(&learnt);
    show_scene(rig, turned_away, 60);
    assert_only(rig, VIEW_MOVED);
    rig_free(rig);
}

static void a_camera_steered_elsewhere_is_not_told_as_moved_and_learns_the_place_beside_the_old(
    void **state)
{
    Rig *rig = *state;
    unsigned version;
    view_health_steered(rig->health);
    show_scene(rig, turned_away, 180);
    assert_nothing(rig);
    assert_int_equal(view_health_reference(rig->health, &version)->count, 2);
    view_health_steered(rig->health);
    show_scene(rig, street, 30); /* back at once: both places are known */
    assert_told_and_ended(rig, moved, VIEW_MOVED);
}

static void a_cover_is_told_once_a_steered_camera_is_at_rest_at_a_place_it_knows(void **state)
{
    Rig *rig = *state;
    view_health_steered(rig->health);
    show_scene(rig, street, 30);
    assert_told_and_ended(rig, bag, VIEW_COVERED);
}

static void a_wall_before_a_camera_that_is_steered_is_no_cover(void **state)
{
    Rig *rig = *state;
    for (int second = 0; second < 60; second += 6) {
        view_health_steered(rig->health); /* a key is held */
        show_scene(rig, bag, 6);
    }
    show_scene(rig, bag, 60);
    assert_nothing(rig);
}

/* Three places, half a minute each, again and again. */
static void patrol(uint8_t *pixels, int second)
{
    const int place = second / 30 % 3;
    draw_street(place * 250, place * 100, pixels);
    draw_grain(3, pixels);
}

static void a_camera_that_turns_on_a_patrol_of_its_own_is_not_told_as_moved(void **state)
{
    Rig *rig = *state;
    unsigned version;
    view_health_roams(rig->health, true);
    show_scene(rig, patrol, 600);
    assert_nothing(rig);
    assert_int_equal(view_health_reference(rig->health, &version)->count, 1);
    view_health_roams(rig->health, false);
    show_scene(rig, patrol, 30);
    show_scene(rig, turned_away, 60);
    assert_only(rig, VIEW_MOVED);
}

static void wall(uint8_t *pixels, int second)
{
    draw_wall(250, pixels);
    draw_grain(3, pixels);
}

static void wall_moved(uint8_t *pixels, int second)
{
    draw_wall(186, pixels);
    draw_grain(3, pixels);
}

static void a_camera_turned_along_the_level_lines_of_a_wall_is_told_as_moved_until_it_is_back(
    void **state)
{
    Rig *rig = rig_new(NULL);
    show_scene(rig, wall, 150);
    show_scene(rig, wall_moved, 600);
    assert_only(rig, VIEW_MOVED);
    assert_int_equal(rig->ended[VIEW_MOVED], 0);
    show_scene(rig, wall, 45);
    assert_int_equal(rig->ended[VIEW_MOVED], 1);
    rig_free(rig);
}

static void a_break_of_the_pictures_does_not_count_as_time_that_held(void **state)
{
    Rig *rig = *state;
    show_scene(rig, bag, 18);
    rig->at_us += 10 * MINUTE_US;
    show_scene(rig, bag, 18);
    assert_nothing(rig);
}

static void a_picture_too_small_or_too_large_is_not_looked_at(void **state)
{
    Rig *rig = *state;
    ViewChange changes[VIEW_VERDICTS];
    LumaPicture picture = drawn_picture(rig->pixels, rig->at_us);
    picture.width = VIEW_WIDTH - 1;
    assert_int_equal(view_health_see(rig->health, &picture, changes), 0);
    picture.width = VIEW_MAX_PX + 1;
    assert_int_equal(view_health_see(rig->health, &picture, changes), 0);
    g_autoptr(ViewHealth) blind = view_health_new(NULL);
    assert_int_equal(view_health_see(blind, &picture, changes), 0);
    assert_false(view_health_accept(blind));
}

#define VIEW_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        VIEW_TEST(a_black_picture_is_told_as_black_and_not_as_frozen),
        VIEW_TEST(a_dark_night_with_the_grain_of_the_sensor_is_not_black),
        VIEW_TEST(a_picture_that_stands_still_while_its_clock_runs_is_frozen),
        VIEW_TEST(a_still_scene_whose_grain_changes_with_each_key_picture_is_not_frozen),
        VIEW_TEST(a_bag_over_most_of_the_lens_is_told_as_covered),
        VIEW_TEST(a_lorry_that_stops_before_the_lens_for_eighteen_seconds_is_no_alarm),
        VIEW_TEST(a_van_parked_before_a_third_of_the_view_is_no_alarm),
        VIEW_TEST(fog_that_comes_within_half_an_hour_is_no_cover),
        VIEW_TEST(a_lens_turned_out_of_focus_is_told_so_and_not_as_covered),
        VIEW_TEST(a_view_in_less_light_is_neither_soft_nor_covered_nor_moved),
        VIEW_TEST(a_camera_turned_by_a_tenth_of_its_view_is_told_as_moved),
        VIEW_TEST(a_shaken_pole_is_no_move),
        VIEW_TEST(a_moved_view_is_never_learnt_but_is_right_once_it_is_accepted),
        VIEW_TEST(a_switch_to_infrared_is_no_alarm_and_a_move_by_night_is_one),
        VIEW_TEST(another_light_of_the_same_place_is_no_alarm_and_is_learnt),
        VIEW_TEST(a_kept_reference_tells_a_camera_that_moved_while_the_server_was_off),
        VIEW_TEST(
            a_camera_steered_elsewhere_is_not_told_as_moved_and_learns_the_place_beside_the_old),
        VIEW_TEST(a_cover_is_told_once_a_steered_camera_is_at_rest_at_a_place_it_knows),
        VIEW_TEST(a_wall_before_a_camera_that_is_steered_is_no_cover),
        VIEW_TEST(a_camera_that_turns_on_a_patrol_of_its_own_is_not_told_as_moved),
        cmocka_unit_test(
            a_camera_turned_along_the_level_lines_of_a_wall_is_told_as_moved_until_it_is_back),
        VIEW_TEST(a_break_of_the_pictures_does_not_count_as_time_that_held),
        VIEW_TEST(a_picture_too_small_or_too_large_is_not_looked_at),
    };
    return cmocka_run_group_tests(tests, learn_street, NULL);
}
