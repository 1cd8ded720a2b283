/* Boxes that are set at key moments: where they are between them, what cannot be made, and the same
 * as text. */
#include "media/redaction.h"
#include "unit.h"

#include <string.h>

#define FROM_US INT64_C(1795966428000000)
#define S INT64_C(1000000)

static Redaction *made(bool stays)
{
    Redaction *redaction = redaction_new();
    redaction->camera = (Uuid){{7}};
    redaction->from_us = FROM_US;
    redaction->to_us = FROM_US + 60 * S;
    redaction_add_box(redaction, stays);
    redaction_add_moment(redaction, &(RedactionMoment){FROM_US + 10 * S, 1000, 2000, 1000, 3000});
    redaction_add_moment(redaction, &(RedactionMoment){FROM_US + 20 * S, 3000, 2000, 2000, 1000});
    redaction_add_moment(redaction, &(RedactionMoment){FROM_US + 30 * S, 3000, 9000, 2000, 1000});
    return redaction;
}

static void assert_at(const Redaction *redaction, int64_t at_us, const int64_t place[4])
{
    RedactionMoment where;
    assert_true(redaction_at(redaction, 0, FROM_US + at_us, &where));
    assert_int_equal(where.x, place[0]);
    assert_int_equal(where.y, place[1]);
    assert_int_equal(where.width, place[2]);
    assert_int_equal(where.height, place[3]);
}

static void a_box_moves_straight_and_evenly_and_stays_where_it_was_set(void **state)
{
    g_autoptr(Redaction) redaction = made(true);
    static const struct {
        int64_t at_us, place[4];
    } cases[] = {
        {0, {1000, 2000, 1000, 3000}},        {10 * S, {1000, 2000, 1000, 3000}},
        {15 * S, {2000, 2000, 1500, 2000}},   {20 * S, {3000, 2000, 2000, 1000}},
        {22500000, {3000, 3750, 2000, 1000}}, {30 * S, {3000, 9000, 2000, 1000}},
        {60 * S, {3000, 9000, 2000, 1000}},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        assert_at(redaction, cases[i].at_us, cases[i].place);
}

static void a_box_that_does_not_stay_is_there_between_its_moments_only(void **state)
{
    RedactionMoment where;
    g_autoptr(Redaction) redaction = made(false);
    assert_false(redaction_at(redaction, 0, FROM_US + 10 * S - 1, &where));
    assert_true(redaction_at(redaction, 0, FROM_US + 10 * S, &where));
    assert_true(redaction_at(redaction, 0, FROM_US + 30 * S, &where));
    assert_false(redaction_at(redaction, 0, FROM_US + 30 * S + 1, &where));
}

/* The text of `redaction` with `from` in it as `to`: is it read? */
static bool reads(const Redaction *redaction, const char *from, const char *to)
{
    g_autoptr(GString) text = g_string_new(NULL);
    redaction_put(text, redaction);
    assert_int_equal(g_string_replace(text, from, to, 1), 1);
    LineReader reader = line_reader(text->str, text->len);
    g_autoptr(Redaction) again = redaction_read(&reader);
    assert_true(again || reader.failed);
    return again != NULL;
}

static void what_cannot_be_made_is_not_taken(void **state)
{
    g_autoptr(Redaction) redaction = made(true);
    static const char *const wrong[][2] = {
        {",1000,2000,1000,3000]", ",-1,2000,1000,3000]"},
        {",1000,2000,1000,3000]", ",9500,2000,1000,3000]"},
        {",1000,2000,1000,3000]", ",1000,2000,49,3000]"},
        {",1000,2000,1000,3000]", ",1000,2000,9223372036854775807,3000]"},
        {",1000,2000,1000,3000]", ",1000,2000,1000]"},
        {",1000,2000,1000,3000]", ",1000,2000,1000,3000,1]"},
        {",1000,2000,1000,3000]", ",1000.5,2000,1000,3000]"},
        {"[[1,[[", "[[2,[["},
        {"[1795966438000000,", "[1795966427999999,"},
        {"[1795966438000000,", "[1795966448000000,"},
        {",1795966488000000,", ",1795966428000000,"},
        {",1795966488000000,", ",1795970028000001,"},
        {"[\"07", "[\"0g"},
    };
    assert_true(reads(redaction, ",1000,2000,1000,3000]", ",9000,2000,1000,3000]"));
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++)
        if (reads(redaction, wrong[i][0], wrong[i][1]))
            fail_msg("%s is taken", wrong[i][1]);
}

static void there_are_no_more_boxes_and_moments_than_cost_little(void **state)
{
    g_autoptr(Redaction) redaction = made(true);
    for (unsigned i = 3; i < REDACTION_MOMENTS_MOST; i++)
        redaction_add_moment(redaction,
                             &(RedactionMoment){FROM_US + 30 * S + i, 3000, 9000, 2000, 1000});
    assert_true(reads(redaction, ",3000,9000,", ",3001,8999,"));
    redaction_add_moment(redaction, &(RedactionMoment){FROM_US + 40 * S, 3000, 9000, 2000, 1000});
    assert_false(redaction_check(redaction, NULL));
    assert_false(reads(redaction, ",3000,9000,", ",3001,8999,"));
    g_autoptr(Redaction) many = made(true);
    for (unsigned i = 1; i < REDACTION_BOXES_MOST; i++) {
        redaction_add_box(many, true);
        redaction_add_moment(many, &(RedactionMoment){FROM_US, 0, 0, 50, 50});
    }
    assert_true(reads(many, ",3000,9000,", ",3001,8999,"));
    redaction_add_box(many, true);
    assert_false(redaction_check(many, NULL)); /* and it has no moment */
    g_autoptr(Redaction) none = redaction_new();
    none->to_us = S;
    assert_false(redaction_check(none, NULL));
}

static void a_list_is_the_same_text_when_it_is_read_and_written_again(void **state)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)redaction_free);
    g_autofree char *nothing = redactions_text(list);
    assert_string_equal(nothing, "");
    g_ptr_array_add(list, made(true));
    g_ptr_array_add(list, made(false));
    ((Redaction *)list->pdata[1])->sound = true;
    g_autofree char *text = redactions_text(list);
    g_autoptr(GPtrArray) read = redactions_parse(text, strlen(text));
    assert_non_null(read);
    g_autofree char *again = redactions_text(read);
    assert_string_equal(text, again);
    g_autoptr(GPtrArray) empty = redactions_parse("", 0);
    assert_int_equal(empty->len, 0);
    assert_null(redactions_parse(text, strlen(text) - 1));
    g_autofree char *more = g_strconcat(text, " ", NULL);
    assert_null(redactions_parse(more, strlen(more)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_box_moves_straight_and_evenly_and_stays_where_it_was_set),
        cmocka_unit_test(a_box_that_does_not_stay_is_there_between_its_moments_only),
        cmocka_unit_test(what_cannot_be_made_is_not_taken),
        cmocka_unit_test(there_are_no_more_boxes_and_moments_than_cost_little),
        cmocka_unit_test(a_list_is_the_same_text_when_it_is_read_and_written_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
