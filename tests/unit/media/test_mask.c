/* Shapes of privacy masks: what can be one, and which covers which. */
#include "media/mask.h"
#include "unit.h"

#include <string.h>

static MaskShape shape_of(const char *text)
{
    MaskShape shape;
    assert_true(mask_shape_parse(text, &shape));
    return shape;
}

static void what_is_written_is_read(void **state)
{
    const char *text = "0,0 10000,0 10000,10000 5000,7000";
    const MaskShape shape = shape_of(text);
    g_autofree char *again = mask_shape_text(&shape);
    assert_string_equal(again, text);
}

static void what_is_no_mask_is_not_read(void **state)
{
    static const char *const wrong[] = {
        "",
        "1,1",
        "0,0 100,100",
        "0,0 10,0 10,10",
        "0,0 10001,0 0,10000",
        "0,0 100,0 100,-1",
        "0,0 1000,1000 1000,0 0,1000", /* a bow tie */
        "0,0 1000,0 1000,1000 500,0",  /* touches its own edge */
        "0,0 1000,0 500,0",            /* a line */
        "0,0 1000,0 1000,1000x",
        "0,0 1000,0 1000",
        "0,0  1000,0 1000,1000",
        "0,0 99999999999999999999,0 1,1",
    };
    MaskShape shape;
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++)
        if (mask_shape_parse(wrong[i], &shape))
            fail_msg("‘%s’ was read", wrong[i]);
}

static void assert_covers(bool covers, const char *all, const char *some)
{
    const MaskShape one = shape_of(all), other = shape_of(some);
    if (mask_shape_covers(&one, &other) != covers)
        fail_msg("%s %s %s", all, covers ? "does not cover" : "covers", some);
}

static void a_shape_covers_what_lies_in_it_and_nothing_else(void **state)
{
    const char *square = "1000,1000 5000,1000 5000,5000 1000,5000";
    const char *notched = "1000,1000 5000,1000 5000,5000 3000,2000 1000,5000";
    const char *corner = "1000,1000 5000,1000 1000,5000";
    assert_covers(true, square, square);
    assert_covers(true, square, corner);
    assert_covers(true, square, notched);
    assert_covers(true, "0,0 9000,0 9000,9000 0,9000", square);
    assert_covers(false, corner, square);
    assert_covers(false, notched, square);
    assert_covers(false, square, "1000,1000 5001,1000 5000,5000 1000,5000");
    assert_covers(false, square, "6000,6000 9000,6000 9000,9000");
    /* Through a corner and out again: no edge is crossed, all corners are shared. */
    assert_covers(false, notched, "1000,5000 3000,2000 5000,5000");
    /* A hole of the notch in the middle of what is asked for. */
    assert_covers(false, "0,0 9000,0 9000,9000 5000,3000 4000,9000 0,9000",
                  "1000,1000 8000,1000 8000,8000 1000,8000");
}

static void sets_that_cover_the_same_have_the_same_key(void **state)
{
    const MaskShape shapes[] = {shape_of("0,0 900,0 900,900"), shape_of("0,0 950,0 900,900")};
    g_autoptr(MaskSet) one = mask_set_new(shapes, 1), same = mask_set_new(shapes, 1),
                       both = mask_set_new(shapes, 2);
    assert_true(mask_set_key(one) == mask_set_key(same));
    assert_true(mask_set_key(one) != mask_set_key(both));
    assert_null(mask_set_new(shapes, 0));
    assert_int_equal(mask_set_key(NULL), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(what_is_no_mask_is_not_read),
        cmocka_unit_test(a_shape_covers_what_lies_in_it_and_nothing_else),
        cmocka_unit_test(sets_that_cover_the_same_have_the_same_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
