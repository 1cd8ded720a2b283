#include "unit.h"

#include "watch/motion.h"

#include <glib.h>
#include <string.h>

/* A camera of ours: a textured wall, noise, and what a test puts before it, five pictures a second.
 */
enum { WIDTH = 640, HEIGHT = 360, STEP_US = 200000, SECOND_US = 1000000, SIZE = 40 };

typedef struct Camera {
    Motion *motion;
    GArray *seconds; /* of MotionSecond */
    uint8_t pixels[WIDTH * HEIGHT];
    int64_t now_us;
    uint32_t dice;
} Camera;

static void on_second(void *data, const MotionSecond *second)
{
    g_array_append_val(((Camera *)data)->seconds, *second);
}

static int set_up(void **state)
{
    Camera *camera = g_new0(Camera, 1);
    camera->seconds = g_array_new(FALSE, FALSE, sizeof(MotionSecond));
    camera->motion = motion_new(on_second, camera);
    camera->now_us = INT64_C(1700000000) * SECOND_US;
    camera->dice = 1;
    *state = camera;
    return 0;
}

static int tear_down(void **state)
{
    Camera *camera = *state;
    motion_free(camera->motion);
    g_array_unref(camera->seconds);
    g_free(camera);
    return 0;
}

static int roll(Camera *camera, int sides)
{
    camera->dice = camera->dice * 1664525 + 1013904223;
    return (int)(camera->dice >> 16) % sides;
}

static void paint_wall(Camera *camera, int noise)
{
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++)
            camera->pixels[y * WIDTH + x] =
                (uint8_t)(90 + x / 16 + 30 * ((x / 50 + y / 40) % 2) + roll(camera, noise + 1));
}

static void paint_block(Camera *camera, int left, int top, uint8_t level)
{
    for (int y = MAX(top, 0); y < MIN(top + SIZE, HEIGHT); y++)
        for (int x = MAX(left, 0); x < MIN(left + SIZE, WIDTH); x++)
            camera->pixels[y * WIDTH + x] = (uint8_t)(level + (x + y) % 20);
}

static void scale_light(Camera *camera, double factor)
{
    for (int i = 0; i < WIDTH * HEIGHT; i++)
        camera->pixels[i] = (uint8_t)MIN(camera->pixels[i] * factor, 255);
}

static void show(Camera *camera, int64_t step_us)
{
    const LumaPicture picture = {camera->pixels, WIDTH, HEIGHT, WIDTH, camera->now_us, true};
    motion_picture(camera->motion, &picture);
    camera->now_us += step_us;
}

static void watch_wall(Camera *camera, int pictures)
{
    for (int i = 0; i < pictures; i++) {
        paint_wall(camera, 6);
        show(camera, STEP_US);
    }
}

/* From the second `from` on. */
static int moved_cells(const Camera *camera, guint from)
{
    int count = 0;
    for (guint i = from; i < camera->seconds->len; i++)
        for (int cell = 0; cell < GRID_CELLS; cell++)
            count += grid_has(g_array_index(camera->seconds, MotionSecond, i).moved, cell);
    return count;
}

static const MotionSecond *newest(const Camera *camera)
{
    assert_true(camera->seconds->len > 0);
    return &g_array_index(camera->seconds, MotionSecond, camera->seconds->len - 1);
}

static void a_wall_with_noise_does_not_move(void **state)
{
    Camera *camera = *state;
    watch_wall(camera, 150);
    assert_int_equal(camera->seconds->len, 29);
    assert_int_equal(newest(camera)->seen, SEEN_FULL);
    assert_int_equal(moved_cells(camera, 0), 0);
}

static void a_block_that_moves_is_found_where_it_is_and_nowhere_else(void **state)
{
    Camera *camera = *state;
    watch_wall(camera, 50);
    for (int i = 0; i < 5; i++) { /* one second along the third row of cells */
        paint_wall(camera, 6);
        paint_block(camera, 200 + 16 * i, 40, 20);
        show(camera, STEP_US);
    }
    watch_wall(camera, 1);
    const MotionSecond *second = newest(camera);
    for (int column = 11; column <= 14; column++)
        assert_true(grid_has(second->moved, 2 * GRID_COLUMNS + column));
    for (int cell = 0; cell < GRID_CELLS; cell++) {
        const int column = cell % GRID_COLUMNS, row = cell / GRID_COLUMNS;
        if (column < 9 || column > 16 || row > 5)
            assert_false(grid_has(second->moved, cell));
    }
}

static void what_stopped_is_told_no_more(void **state)
{
    Camera *camera = *state;
    watch_wall(camera, 50);
    for (int i = 0; i < 40; i++) {
        paint_wall(camera, 6);
        paint_block(camera, MIN(200 + 16 * i, 280), 40, 20);
        show(camera, STEP_US);
    }
    assert_true(moved_cells(camera, 10) > 0);
    assert_int_equal(moved_cells(camera, 14), 0);
}

static void a_light_switched_is_no_motion(void **state)
{
    Camera *camera = *state;
    watch_wall(camera, 50);
    for (int i = 0; i < 100; i++) {
        paint_wall(camera, 6);
        scale_light(camera, i / 25 % 2 ? 1 : 0.6);
        show(camera, STEP_US);
    }
    assert_int_equal(moved_cells(camera, 0), 0);
}

static void motion_is_found_in_the_new_light(void **state)
{
    Camera *camera = *state;
    watch_wall(camera, 50);
    for (int i = 0; i < 26; i++) {
        paint_wall(camera, 6);
        if (i >= 20)
            paint_block(camera, 200 + 16 * i, 40, 20);
        scale_light(camera, 0.6);
        show(camera, STEP_US);
    }
    assert_true(moved_cells(camera, 13) > 0);
}

static void another_scene_is_told_as_unsure_and_not_as_motion(void **state)
{
    Camera *camera = *state;
    watch_wall(camera, 50);
    for (int i = 0; i < 50; i++) {
        for (int at = 0; at < WIDTH * HEIGHT; at++)
            camera->pixels[at] =
                (uint8_t)(40 + at % WIDTH / 24 % 3 * 60 + at / WIDTH / 30 % 2 * 50);
        show(camera, STEP_US);
    }
    assert_int_equal(g_array_index(camera->seconds, MotionSecond, 10).seen, SEEN_UNSURE);
    assert_int_equal(newest(camera)->seen, SEEN_FULL);
    assert_int_equal(moved_cells(camera, 0), 0);
}

/* Leaves of 12 px that sway by up to 14 px in the left quarter. */
static void paint_tree(Camera *camera, int number)
{
    static const int SWAY[] = {0, 9, 14, 12, 5, -5, -12, -14, -9};
    const int shift = SWAY[number % 9];
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH / 4; x++) {
            const int leaf = ((x + shift + 64) / 12 * 7 + y / 12 * 5) % 4;
            camera->pixels[y * WIDTH + x] = (uint8_t)(30 + 50 * leaf);
        }
}

static void a_tree_in_the_wind_is_learnt_and_who_walks_beside_it_is_found(void **state)
{
    Camera *camera = *state;
    for (int i = 0; i < 700; i++) {
        paint_wall(camera, 6);
        paint_tree(camera, i);
        if (i >= 650)
            paint_block(camera, 200 + 4 * (i - 650), 200, 20);
        show(camera, STEP_US);
    }
    int in_tree = 0, beside = 0;
    for (guint second = 120; second < camera->seconds->len; second++)
        for (int cell = 0; cell < GRID_CELLS; cell++) {
            const MotionSecond *at = &g_array_index(camera->seconds, MotionSecond, second);
            *(cell % GRID_COLUMNS < 9 ? &in_tree : &beside) += grid_has(at->moved, cell);
        }
    assert_in_range(in_tree, 0, 20); /* of 144 cells in 19 seconds */
    assert_true(beside > 20);
}

static void key_pictures_alone_are_said_and_still_show_what_moves(void **state)
{
    Camera *camera = *state;
    for (int i = 0; i < 30; i++) {
        paint_wall(camera, 6);
        if (i >= 20)
            paint_block(camera, 100 + 40 * (i - 20), 80, 20);
        show(camera, 2 * SECOND_US);
    }
    assert_int_equal(newest(camera)->seen, SEEN_SPARSE);
    assert_int_equal(camera->seconds->len, 58); /* each second of 29 × 2 */
    assert_int_equal(moved_cells(camera, 0) - moved_cells(camera, 40), 0);
    assert_true(moved_cells(camera, 40) > 0);
}

static void seconds_without_pictures_are_not_told(void **state)
{
    Camera *camera = *state;
    watch_wall(camera, 50);
    camera->now_us += 60 * SECOND_US;
    watch_wall(camera, 50);
    assert_int_equal(camera->seconds->len, 19);
    const int64_t first = g_array_index(camera->seconds, MotionSecond, 0).second;
    assert_int_equal(newest(camera)->second - first, 10 + 60 + 8);
}

static void a_cell_too_dark_to_see_in_is_blind(void **state)
{
    Camera *camera = *state;
    for (int i = 0; i < 50; i++) {
        paint_wall(camera, 6);
        for (int y = 0; y < HEIGHT / 2; y++)
            memset(camera->pixels + y * WIDTH, 16, WIDTH);
        show(camera, STEP_US);
    }
    assert_true(grid_has(newest(camera)->blind, 5));
    assert_false(grid_has(newest(camera)->blind, GRID_CELLS - 5));
}

static void pictures_of_a_size_nobody_sends_are_passed_over(void **state)
{
    Camera *camera = *state;
    const LumaPicture small = {camera->pixels, 64, 36, 64, camera->now_us, true};
    motion_picture(camera->motion, &small);
    const LumaPicture wide = {camera->pixels, 9000, 100, 9000, camera->now_us, true};
    motion_picture(camera->motion, &wide);
    watch_wall(camera, 20);
    assert_int_equal(camera->seconds->len, 3);
}

int main(void)
{
#define ROW(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        ROW(a_wall_with_noise_does_not_move),
        ROW(a_block_that_moves_is_found_where_it_is_and_nowhere_else),
        ROW(what_stopped_is_told_no_more),
        ROW(a_light_switched_is_no_motion),
        ROW(motion_is_found_in_the_new_light),
        ROW(another_scene_is_told_as_unsure_and_not_as_motion),
        ROW(a_tree_in_the_wind_is_learnt_and_who_walks_beside_it_is_found),
        ROW(key_pictures_alone_are_said_and_still_show_what_moves),
        ROW(seconds_without_pictures_are_not_told),
        ROW(a_cell_too_dark_to_see_in_is_blind),
        ROW(pictures_of_a_size_nobody_sends_are_passed_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
