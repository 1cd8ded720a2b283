/* Lines of text that are burnt into pictures. */
#include "picture/caption.h"
#include "unit.h"

#include <stdbool.h>
#include <string.h>

enum { HEIGHT = 36, WIDTH = 900 };

static Caption *line(const char *text)
{
    Caption *caption = caption_new(HEIGHT, WIDTH);
    caption_set(caption, text);
    return caption;
}

/* How much of the rows [from, to) is letter. */
static unsigned ink(const Caption *caption, int from, int to)
{
    unsigned sum = 0;
    for (int y = from; y < to; y++)
        for (int x = 0; x < caption_width(caption); x++)
            sum += caption_point(caption, x, y);
    return sum;
}

static void vietnamese_capitals_keep_their_marks_whole(void **state)
{
    static const char *const pairs[][2] = {{"Ế", "E"}, {"Ặ", "A"}, {"Ổ", "O"}, {"Ữ", "U"}};
    for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++) {
        g_autoptr(Caption) marked = line(pairs[i][0]);
        g_autoptr(Caption) plain = line(pairs[i][1]);
        assert_true(ink(marked, 0, HEIGHT) > ink(plain, 0, HEIGHT) * 11 / 10);
        assert_int_equal(ink(marked, 0, 1), 0);
        assert_int_equal(ink(marked, HEIGHT - 1, HEIGHT), 0);
    }
}

static void a_line_that_is_too_long_ends_within_its_width(void **state)
{
    g_autofree char *longest = g_strnfill(300, 'W');
    g_autoptr(Caption) caption = line(longest);
    assert_in_range(caption_width(caption), WIDTH * 9 / 10, WIDTH);
    caption_set(caption, "W");
    assert_in_range(caption_width(caption), HEIGHT / 2, 3 * HEIGHT);
    assert_true(ink(caption, 0, HEIGHT) > 0);
    caption_set(caption, "");
    assert_int_equal(caption_width(caption), 0);
}

static void letters_are_white_on_a_strip_made_darker_and_nothing_else_changes(void **state)
{
    enum { W = 200, H = 100, X = 20, Y = 30 };
    uint8_t pixels[W * H];
    memset(pixels, 180, sizeof pixels);
    g_autoptr(Caption) caption = line("07:30");
    const CaptionPlane plane = {pixels, W, H, W};
    caption_burn(caption, &plane, X, Y);
    for (int y = 0; y < H; y++)
        for (int x = 0; x < W; x++) {
            bool strip = x >= X && x < X + caption_width(caption) && y >= Y && y < Y + HEIGHT;
            int letter = caption_point(caption, x - X, y - Y), is = pixels[y * W + x];
            if (!strip)
                assert_int_equal(is, 180);
            else if (letter == 255)
                assert_int_equal(is, 235);
            else if (letter == 0)
                assert_in_range(is, 60, 90);
        }
    assert_true(ink(caption, 0, HEIGHT) > 0);
}

static void a_strip_over_the_edge_is_cut_off(void **state)
{
    enum { W = 40, H = 20, GUARD = 64 };
    uint8_t pixels[GUARD + W * H + GUARD];
    g_autoptr(Caption) caption = line("wider and higher than it all");
    static const int places[][2] = {{-30, -10}, {30, 15}, {-2000, 0}, {0, 2000}, {-5, 3}};
    for (size_t i = 0; i < G_N_ELEMENTS(places); i++) {
        memset(pixels, 100, sizeof pixels);
        const CaptionPlane plane = {pixels + GUARD, W, H, W};
        caption_burn(caption, &plane, places[i][0], places[i][1]);
        for (int j = 0; j < GUARD; j++) {
            assert_int_equal(pixels[j], 100);
            assert_int_equal(pixels[GUARD + W * H + j], 100);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vietnamese_capitals_keep_their_marks_whole),
        cmocka_unit_test(a_line_that_is_too_long_ends_within_its_width),
        cmocka_unit_test(letters_are_white_on_a_strip_made_darker_and_nothing_else_changes),
        cmocka_unit_test(a_strip_over_the_edge_is_cut_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
