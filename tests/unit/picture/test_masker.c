/* What a masker covers: nothing of it is left, and nothing else is touched. */
#include "picture/masker.h"
#include "unit.h"

#include <string.h>

enum { WIDTH = 326, HEIGHT = 182 };

typedef struct Sheet {
    uint8_t luma[HEIGHT][WIDTH], colour[2][(HEIGHT + 1) / 2][(WIDTH + 1) / 2];
} Sheet;

static MaskerPicture picture_of(Sheet *sheet)
{
    return (MaskerPicture){
        .planes = {sheet->luma[0], sheet->colour[0][0], sheet->colour[1][0]},
        .strides = {WIDTH, (WIDTH + 1) / 2, (WIDTH + 1) / 2},
        .width = WIDTH,
        .height = HEIGHT,
    };
}

static void fill(Sheet *sheet, uint32_t seed)
{
    uint8_t *bytes = (uint8_t *)sheet;
    for (size_t i = 0; i < sizeof *sheet; i++) {
        seed = seed * 1664525 + 1013904223;
        bytes[i] = (uint8_t)(seed >> 24);
    }
}

static Masker *masker_of(const char *text)
{
    MaskShape shape;
    assert_true(mask_shape_parse(text, &shape));
    g_autoptr(MaskSet) masks = mask_set_new(&shape, 1);
    return masker_new(masks);
}

static void assert_only_the_mask_is_covered(const char *text)
{
    static Sheet one, other, before;
    g_autoptr(Masker) masker = masker_of(text);
    fill(&one, 1);
    fill(&other, 2);
    before = one;
    const MaskerPicture first = picture_of(&one), second = picture_of(&other);
    masker_apply(masker, &first);
    masker_apply(masker, &second);
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++) {
            const bool covered = masker_covers(masker, WIDTH, HEIGHT, x, y);
            const uint8_t was = before.luma[y][x];
            if (covered ? one.luma[y][x] != other.luma[y][x] : one.luma[y][x] != was)
                fail_msg("%s: the point %d, %d", text, x, y);
            for (int i = 0; i < 2; i++)
                if (one.colour[i][y / 2][x / 2] != (covered ? 128 : before.colour[i][y / 2][x / 2]))
                    fail_msg("%s: the colour at %d, %d", text, x, y);
        }
}

static void nothing_of_what_is_covered_is_left_and_nothing_else_touched(void **state)
{
    assert_only_the_mask_is_covered("0,0 10000,0 10000,10000 0,10000");
    assert_only_the_mask_is_covered("9900,9900 10000,9900 10000,10000 9900,10000");
    assert_only_the_mask_is_covered("2000,2000 6000,2500 5000,7000 3000,3000");
}

/* The point, its neighbours within a block, and no farther than two. */
static void edges_grow_to_whole_blocks_and_one_more(void **state)
{
    g_autoptr(Masker) masker = masker_of("5000,5000 6000,5000 6000,6000 5000,6000");
    const int left = WIDTH / 2, top = HEIGHT / 2;
    assert_true(masker_covers(masker, WIDTH, HEIGHT, left, top));
    assert_true(masker_covers(masker, WIDTH, HEIGHT, left - MASKER_BLOCK_PX, top));
    assert_true(masker_covers(masker, WIDTH, HEIGHT, left, top - MASKER_BLOCK_PX));
    assert_false(masker_covers(masker, WIDTH, HEIGHT, left - 3 * MASKER_BLOCK_PX, top));
    assert_false(masker_covers(masker, WIDTH, HEIGHT, left, top - 3 * MASKER_BLOCK_PX));
}

/* Narrower than a block anywhere, and not along its edges. */
static void a_sliver_is_covered_from_end_to_end(void **state)
{
    g_autoptr(Masker) masker = masker_of("0,0 10000,9990 10000,10000");
    for (int i = 0; i < 100; i++)
        assert_true(masker_covers(masker, WIDTH, HEIGHT, WIDTH * i / 100, HEIGHT * i / 100));
}

static void the_notch_of_a_shape_stays_to_be_seen(void **state)
{
    g_autoptr(Masker) masker = masker_of(
        "1000,1000 9000,1000 9000,9000 7000,9000 7000,3000 3000,3000 3000,9000 1000,9000");
    assert_false(masker_covers(masker, WIDTH, HEIGHT, WIDTH / 2, HEIGHT * 3 / 4));
    assert_true(masker_covers(masker, WIDTH, HEIGHT, WIDTH / 5, HEIGHT / 2));
    assert_true(masker_covers(masker, 1920, 1080, 1920 / 5, 540));
    assert_false(masker_covers(masker, 1920, 1080, 960, 810));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_of_what_is_covered_is_left_and_nothing_else_touched),
        cmocka_unit_test(edges_grow_to_whole_blocks_and_one_more),
        cmocka_unit_test(a_sliver_is_covered_from_end_to_end),
        cmocka_unit_test(the_notch_of_a_shape_stays_to_be_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
