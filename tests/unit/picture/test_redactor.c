/* What is under a box is gone: no picture with the same averages can be told from another; and what
 * is beside it stays. */
#include "picture/redactor.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#define FROM_US INT64_C(1795966428000000)
enum { WIDTH = 320, HEIGHT = 180, LUMA = WIDTH * HEIGHT, ALL = LUMA * 3 / 2 };

typedef struct Made {
    uint8_t bytes[ALL];
    RedactorPicture picture;
} Made;

static Made *picture_of(unsigned seed)
{
    Made *made = g_new(Made, 1);
    g_autoptr(GRand) random = g_rand_new_with_seed(seed);
    for (int i = 0; i < ALL; i++)
        made->bytes[i] = (uint8_t)g_rand_int_range(random, 16, 236);
    made->picture = (RedactorPicture){
        .planes = {made->bytes, made->bytes + LUMA, made->bytes + LUMA + LUMA / 4},
        .strides = {WIDTH, WIDTH / 2, WIDTH / 2},
        .width = WIDTH,
        .height = HEIGHT};
    return made;
}

/* A box of 160 × 90 px, from (80, 18) to (80, 72) within 10 s. */
static Redaction *moving(void)
{
    Redaction *redaction = redaction_new();
    redaction->from_us = FROM_US;
    redaction->to_us = FROM_US + 10000000;
    redaction_add_box(redaction, true);
    redaction_add_moment(redaction, &(RedactionMoment){FROM_US, 2500, 1000, 5000, 5000});
    redaction_add_moment(redaction, &(RedactionMoment){FROM_US + 10000000, 2500, 4000, 5000, 5000});
    return redaction;
}

/* Swaps what is at two points of the same cell, again and again. */
static void shuffle_cell(Made *made, GRand *random, int left, int top, int width, int height)
{
    for (int i = 0; i < 20000; i++) {
        uint8_t *one = &made->bytes[(top + g_rand_int_range(random, 0, height)) * WIDTH + left +
                                    g_rand_int_range(random, 0, width)];
        uint8_t *other = &made->bytes[(top + g_rand_int_range(random, 0, height)) * WIDTH + left +
                                      g_rand_int_range(random, 0, width)];
        uint8_t was = *one;
        *one = *other;
        *other = was;
    }
}

static void a_picture_with_the_same_averages_cannot_be_told_from_it(void **state)
{
    g_autofree Made *first = picture_of(1), *second = picture_of(1);
    g_autoptr(GRand) random = g_rand_new_with_seed(2);
    for (int cell = 0; cell < 16; cell++) {
        int top = 18 + 90 * (cell / 4) / 4, bottom = 18 + 90 * (cell / 4 + 1) / 4;
        shuffle_cell(second, random, 80 + 40 * (cell % 4), top, 40, bottom - top);
    }
    for (int y = 18 / 2; y < 108 / 2; y++) /* another colour altogether */
        for (int x = 40; x < 120; x++)
            second->bytes[LUMA + y * WIDTH / 2 + x] ^= 0x55;
    assert_memory_not_equal(first->bytes, second->bytes, ALL);
    g_autoptr(Redaction) redaction = moving();
    g_autoptr(Redactor) one = redactor_new(redaction);
    g_autoptr(Redactor) other = redactor_new(redaction);
    redactor_apply(one, &first->picture, FROM_US);
    redactor_apply(other, &second->picture, FROM_US);
    assert_memory_equal(first->bytes, second->bytes, ALL);
}

static void a_box_gives_away_sixteen_steps_of_brightness_and_no_colour(void **state)
{
    bool seen[256] = {false};
    unsigned levels = 0;
    g_autofree Made *made = picture_of(3);
    g_autoptr(Redaction) redaction = moving();
    g_autoptr(Redactor) redactor = redactor_new(redaction);
    redactor_apply(redactor, &made->picture, FROM_US);
    for (int y = 18; y < 108; y++)
        for (int x = 80; x < 240; x++) {
            seen[made->bytes[y * WIDTH + x]] = true;
            assert_int_equal(made->bytes[LUMA + y / 2 * WIDTH / 2 + x / 2], 128);
            assert_int_equal(made->bytes[LUMA + LUMA / 4 + y / 2 * WIDTH / 2 + x / 2], 128);
        }
    for (int i = 0; i < 256; i++) {
        levels += seen[i];
        assert_true(!seen[i] || i % REDACTOR_LEVEL == REDACTOR_LEVEL / 2);
    }
    assert_in_range(levels, 1, 16);
}

static void what_lies_under_it_in_the_same_second_is_not_looked_at_again(void **state)
{
    g_autofree Made *first = picture_of(4), *dark = picture_of(5), *later = picture_of(5);
    memset(dark->bytes, 20, LUMA);
    memset(later->bytes, 20, LUMA);
    g_autoptr(Redaction) redaction = moving();
    g_autoptr(Redactor) redactor = redactor_new(redaction);
    redactor_apply(redactor, &first->picture, FROM_US + 40000);
    redactor_apply(redactor, &dark->picture, FROM_US + 960000);
    redactor_apply(redactor, &later->picture, FROM_US + 1000000);
    assert_int_equal(dark->bytes[60 * WIDTH + 100], first->bytes[60 * WIDTH + 100]);
    assert_true(dark->bytes[60 * WIDTH + 100] > 100);
    assert_int_equal(later->bytes[60 * WIDTH + 100], 24);
}

/* All that is not within [left, right) × [top, bottom) is as it was; all within it is not. */
static void assert_only(const Made *made, const Made *was, int left, int top, int right, int bottom)
{
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++) {
            bool within = x >= left && x < right && y >= top && y < bottom;
            int luma = y * WIDTH + x, chroma = LUMA + y / 2 * WIDTH / 2 + x / 2;
            if (!within && (made->bytes[luma] != was->bytes[luma] ||
                            made->bytes[chroma] != was->bytes[chroma] ||
                            made->bytes[chroma + LUMA / 4] != was->bytes[chroma + LUMA / 4]))
                fail_msg("(%d, %d) was changed", x, y);
            if (within && made->bytes[chroma] != 128)
                fail_msg("(%d, %d) is left", x, y);
        }
}

static void a_box_is_where_it_should_be_in_each_picture_and_nowhere_else(void **state)
{
    g_autoptr(Redaction) redaction = moving();
    g_autoptr(Redactor) redactor = redactor_new(redaction);
    for (int i = 0; i <= 100; i += 4) {
        g_autofree Made *made = picture_of((unsigned)i), *was = picture_of((unsigned)i);
        redactor_apply(redactor, &made->picture, FROM_US + i * 100000);
        int64_t parts = 1000 + i * 30; /* of the height, then outward to even pixels */
        int top = (int)(parts * HEIGHT / 10000) & ~1;
        int bottom = ((int)(((parts + 5000) * HEIGHT + 9999) / 10000) + 1) & ~1;
        assert_only(made, was, 80, top, 240, MIN(bottom, HEIGHT));
    }
}

static void boxes_at_the_edge_and_in_each_other_and_small_ones_are_covered(void **state)
{
    g_autoptr(Redaction) redaction = redaction_new();
    redaction->from_us = FROM_US;
    redaction->to_us = FROM_US + 1000000;
    static const RedactionMoment places[] = {
        {FROM_US, 9950, 9950, 50, 50},
        {FROM_US, 9000, 9000, 1000, 1000},
        {FROM_US, 0, 0, 50, 50},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(places); i++) {
        redaction_add_box(redaction, true);
        redaction_add_moment(redaction, &places[i]);
    }
    g_autofree Made *made = picture_of(6);
    g_autoptr(Redactor) redactor = redactor_new(redaction);
    redactor_apply(redactor, &made->picture, FROM_US);
    assert_int_equal(made->bytes[ALL - 1], 128);
    assert_int_equal(made->bytes[LUMA - 1] % REDACTOR_LEVEL, REDACTOR_LEVEL / 2);
    assert_int_equal(made->bytes[LUMA], 128);
    assert_int_equal(made->bytes[0], made->bytes[1]);
    assert_int_equal(made->bytes[0], made->bytes[WIDTH]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_picture_with_the_same_averages_cannot_be_told_from_it),
        cmocka_unit_test(a_box_gives_away_sixteen_steps_of_brightness_and_no_colour),
        cmocka_unit_test(what_lies_under_it_in_the_same_second_is_not_looked_at_again),
        cmocka_unit_test(a_box_is_where_it_should_be_in_each_picture_and_nowhere_else),
        cmocka_unit_test(boxes_at_the_edge_and_in_each_other_and_small_ones_are_covered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
