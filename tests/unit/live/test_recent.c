#include "base/clock.h"
#include "live/recent.h"
#include "unit.h"

static const Uuid camera = {{1}};

/* A part of two seconds, the `n`th of its file; the first files begin at 0 and at 100 s. */
static RecentPart part(const char *file, int64_t begin_s, uint64_t n)
{
    return (RecentPart){.file = g_strdup(file),
                        .offset = 700 + n * 1000,
                        .time_us = (begin_s + 2 * (int64_t)n) * SECOND_US,
                        .duration_us = 2 * SECOND_US,
                        .joins = true};
}

static GArray *parts(void)
{
    GArray *array = g_array_new(FALSE, TRUE, sizeof(RecentPart));
    g_array_set_clear_func(array, recent_part_clear);
    return array;
}

static void add(GArray *array, RecentPart one)
{
    g_array_append_val(array, one);
}

static GArray *slide(Recent *recent, const GArray *found, int64_t now_s)
{
    int64_t longest_us;
    return recent_slide(recent, &camera, STREAM_MAIN, found, (now_s - 20) * SECOND_US,
                        now_s * SECOND_US, &longest_us);
}

static const RecentPart *at(const GArray *array, guint index)
{
    assert_in_range(index, 0, array->len - 1);
    return &g_array_index(array, RecentPart, index);
}

static void a_part_keeps_its_number_while_the_window_slides_on(void **state)
{
    Recent *recent = recent_new();
    g_autoptr(GArray) found = parts();
    for (unsigned n = 0; n < 10; n++)
        add(found, part("a", 0, n));
    g_autoptr(GArray) first = slide(recent, found, 20);
    assert_int_equal(first->len, 10);
    assert_int_equal(at(first, 0)->number, 0);
    assert_int_equal(at(first, 9)->number, 9);
    add(found, part("a", 0, 10));
    add(found, part("a", 0, 11));
    g_autoptr(GArray) later = slide(recent, found, 24);
    assert_int_equal(later->len, 10);
    assert_int_equal(at(later, 0)->number, 2);
    assert_int_equal(at(later, 0)->offset, at(first, 2)->offset);
    assert_int_equal(at(later, 9)->number, 11);
    assert_int_equal(at(later, 9)->break_count, 0);
    recent_free(recent);
}

static void a_new_file_and_a_hole_are_breaks_that_are_counted_when_they_have_gone(void **state)
{
    Recent *recent = recent_new();
    g_autoptr(GArray) found = parts();
    add(found, part("a", 0, 0));
    add(found, part("a", 0, 1));
    add(found, part("b", 4, 0));
    RecentPart behind_gap = part("b", 6, 1);
    behind_gap.joins = false;
    add(found, behind_gap);
    g_autoptr(GArray) all = slide(recent, found, 12);
    const unsigned breaks[] = {0, 0, 1, 2};
    for (guint i = 0; i < all->len; i++)
        assert_int_equal(at(all, i)->break_count, breaks[i]);
    g_autoptr(GArray) rest = slide(recent, found, 27);
    assert_int_equal(rest->len, 1);
    assert_int_equal(at(rest, 0)->number, 3);
    assert_int_equal(at(rest, 0)->break_count, 2);
    recent_free(recent);
}

static void who_comes_back_after_a_while_meets_a_break_and_higher_numbers(void **state)
{
    Recent *recent = recent_new();
    g_autoptr(GArray) found = parts(), later = parts(), none = parts();
    add(found, part("a", 0, 0));
    add(later, part("a", 0, 50));
    g_array_unref(slide(recent, found, 4));
    g_autoptr(GArray) gone = slide(recent, none, 60);
    assert_int_equal(gone->len, 0);
    g_autoptr(GArray) back = slide(recent, later, 104);
    assert_int_equal(back->len, 1);
    assert_int_equal(at(back, 0)->number, 1);
    assert_int_equal(at(back, 0)->break_count, 1);
    recent_free(recent);
}

static void what_has_left_does_not_come_back_and_a_clock_set_back_begins_anew(void **state)
{
    Recent *recent = recent_new();
    g_autoptr(GArray) found = parts(), after = parts();
    add(found, part("a", 100, 0));
    add(found, part("a", 100, 1));
    g_autoptr(GArray) first = slide(recent, found, 123);
    assert_int_equal(first->len, 1); /* the other ended more than 20 s ago */
    g_autoptr(GArray) again = slide(recent, found, 123);
    assert_int_equal(again->len, 1);
    assert_int_equal(at(again, 0)->number, at(first, 0)->number);
    add(after, part("b", 50, 0));
    g_autoptr(GArray) back = slide(recent, after, 53);
    assert_int_equal(back->len, 1);
    assert_string_equal(at(back, 0)->file, "b");
    assert_true(at(back, 0)->number > at(first, 0)->number);
    recent_free(recent);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_part_keeps_its_number_while_the_window_slides_on),
        cmocka_unit_test(a_new_file_and_a_hole_are_breaks_that_are_counted_when_they_have_gone),
        cmocka_unit_test(who_comes_back_after_a_while_meets_a_break_and_higher_numbers),
        cmocka_unit_test(what_has_left_does_not_come_back_and_a_clock_set_back_begins_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
