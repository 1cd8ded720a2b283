/* Who is on duty by a plan: over midnight, over the end of the week, on dates that go before it,
 * and where the clocks are changed. */
#include "base/clock.h"
#include "base/time_text.h"
#include "people/shift_plan.h"
#include "unit.h"

#include <string.h>

/* Monday, 30 November 2026 is the first day of the week that is looked at. */
static const Uuid lan = {{1}}, minh = {{2}}, hoa = {{3}};

static int64_t at(const char *text)
{
    int64_t time_us;
    assert_true(time_parse(text, &time_us));
    return time_us;
}

/* "HH:MM", in minutes. */
static int minute_of(const char *text)
{
    return ((text[0] - '0') * 10 + text[1] - '0') * 60 + (text[3] - '0') * 10 + text[4] - '0';
}

/* `times` "22:00-06:00"; `who` NULL: the day has no shift. */
static void put(ShiftPlan *plan, const char *day, const char *times, const Uuid *who)
{
    const GPtrArray *had = shift_plan_day(plan, day);
    GPtrArray *shifts = had ? shifts_copy(had) : shifts_new();
    if (who) {
        Shift *shift = shift_new(minute_of(times), minute_of(times + 6));
        g_array_append_vals(shift->people, who, 1);
        g_ptr_array_add(shifts, shift);
    }
    shift_plan_set(plan, day, shifts);
}

/* Who is on duty, as letters: "l", "lm", "". */
static void assert_duty(const ShiftPlan *plan, const char *zone, const char *time,
                        const char *wanted)
{
    static const char letters[] = "?lmh";
    g_autoptr(GTimeZone) clocks = g_time_zone_new_identifier(zone);
    assert_non_null(clocks);
    g_autoptr(GArray) people = shift_plan_on_duty(plan, clocks, at(time));
    g_autoptr(GString) told = g_string_new(NULL);
    for (guint i = 0; i < people->len; i++)
        g_string_append_c(told, letters[g_array_index(people, Uuid, i).bytes[0]]);
    if (strcmp(told->str, wanted) != 0)
        fail_msg("at %s in %s: “%s”, not “%s”", time, zone, told->str, wanted);
}

#define VN "Asia/Ho_Chi_Minh"

static void a_shift_is_from_its_first_minute_to_the_one_before_its_end(void **state)
{
    g_autoptr(ShiftPlan) plan = shift_plan_new();
    put(plan, "mon", "07:00-19:00", &lan);
    assert_duty(plan, VN, "2026-11-30T06:59:59+07:00", "");
    assert_duty(plan, VN, "2026-11-30T07:00:00+07:00", "l");
    assert_duty(plan, VN, "2026-11-30T18:59:59+07:00", "l");
    assert_duty(plan, VN, "2026-11-30T19:00:00+07:00", "");
    assert_duty(plan, VN, "2026-12-01T12:00:00+07:00", "");
    assert_duty(plan, VN, "2026-12-07T12:00:00+07:00", "l"); /* the next week is the same */
}

static void a_shift_over_midnight_belongs_to_the_day_on_which_it_begins(void **state)
{
    g_autoptr(ShiftPlan) plan = shift_plan_new();
    put(plan, "mon", "22:00-06:00", &lan);
    assert_duty(plan, VN, "2026-11-30T05:00:00+07:00", "");
    assert_duty(plan, VN, "2026-11-30T23:59:59+07:00", "l");
    assert_duty(plan, VN, "2026-12-01T05:59:59+07:00", "l");
    assert_duty(plan, VN, "2026-12-01T06:00:00+07:00", "");
    assert_duty(plan, VN, "2026-12-01T23:00:00+07:00", "");
}

static void the_week_ends_on_sunday_night_and_goes_on_into_monday(void **state)
{
    g_autoptr(ShiftPlan) plan = shift_plan_new();
    put(plan, "sun", "19:00-07:00", &minh);
    assert_duty(plan, VN, "2026-12-06T23:00:00+07:00", "m");
    assert_duty(plan, VN, "2026-12-07T06:59:00+07:00", "m");
    assert_duty(plan, VN, "2026-12-07T07:00:00+07:00", "");
}

static void the_same_time_twice_is_a_whole_day_and_several_may_be_on_duty(void **state)
{
    g_autoptr(ShiftPlan) plan = shift_plan_new();
    put(plan, "tue", "07:00-07:00", &lan);
    put(plan, "tue", "19:00-22:00", &minh);
    assert_duty(plan, VN, "2026-12-01T06:59:00+07:00", "");
    assert_duty(plan, VN, "2026-12-01T20:00:00+07:00", "lm");
    assert_duty(plan, VN, "2026-12-02T06:59:00+07:00", "l");
    assert_duty(plan, VN, "2026-12-02T07:00:00+07:00", "");
}

static void a_date_goes_before_its_day_of_the_week_and_only_for_what_begins_on_it(void **state)
{
    g_autoptr(ShiftPlan) plan = shift_plan_new();
    put(plan, "mon", "19:00-07:00", &lan);
    put(plan, "tue", "19:00-07:00", &lan);
    put(plan, "2026-12-01", "19:00-07:00", &hoa);
    assert_duty(plan, VN, "2026-12-01T03:00:00+07:00", "l"); /* what Monday began goes on */
    assert_duty(plan, VN, "2026-12-01T20:00:00+07:00", "h");
    assert_duty(plan, VN, "2026-12-02T03:00:00+07:00", "h");
    assert_duty(plan, VN, "2026-12-08T20:00:00+07:00", "l");
    put(plan, "2026-12-08", NULL, NULL); /* a holiday */
    assert_duty(plan, VN, "2026-12-08T20:00:00+07:00", "");
    shift_plan_set(plan, "2026-12-08", NULL);
    assert_duty(plan, VN, "2026-12-08T20:00:00+07:00", "l");
}

static void shifts_keep_to_the_clocks_where_those_are_changed(void **state)
{
    g_autoptr(ShiftPlan) plan = shift_plan_new();
    put(plan, "sat", "22:00-06:00", &lan);
    put(plan, "sun", "02:30-12:00", &minh);
    /* Berlin, 29 March 2026: 02:00 is 03:00; 02:30 there is none */
    assert_duty(plan, "Europe/Berlin", "2026-03-29T01:59:59+01:00", "l");
    assert_duty(plan, "Europe/Berlin", "2026-03-29T03:00:00+02:00", "lm");
    assert_duty(plan, "Europe/Berlin", "2026-03-29T05:59:00+02:00", "lm");
    assert_duty(plan, "Europe/Berlin", "2026-03-29T06:00:00+02:00", "m");
    /* 25 October 2026: 03:00 is 02:00 again; 02:30 is there twice */
    assert_duty(plan, "Europe/Berlin", "2026-10-25T02:45:00+02:00", "l");
    assert_duty(plan, "Europe/Berlin", "2026-10-25T02:45:00+01:00", "lm");
    assert_duty(plan, "Europe/Berlin", "2026-10-25T05:59:00+01:00", "lm");
    assert_duty(plan, "Europe/Berlin", "2026-10-25T06:00:00+01:00", "m");
}

static void turns_have_no_pause_and_show_the_holes(void **state)
{
    g_autoptr(ShiftPlan) plan = shift_plan_new();
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(VN);
    put(plan, "mon", "07:00-19:00", &lan);
    put(plan, "mon", "19:00-06:00", &minh);
    put(plan, "tue", "07:00-19:00", &lan);
    put(plan, "tue", "19:00-23:00", &lan); /* goes on without a change */
    int64_t from_us = at("2026-11-30T08:00:00+07:00"), to_us = at("2026-12-02T00:00:00+07:00");
    static const struct {
        const char *to;
        uint8_t who;
    } wanted[] = {{"2026-11-30T19:00:00+07:00", 1},
                  {"2026-12-01T06:00:00+07:00", 2},
                  {"2026-12-01T07:00:00+07:00", 0},
                  {"2026-12-01T23:00:00+07:00", 1},
                  {"2026-12-02T00:00:00+07:00", 0}};
    g_autoptr(GPtrArray) turns = shift_plan_turns(plan, zone, from_us, to_us);
    assert_int_equal(turns->len, G_N_ELEMENTS(wanted));
    for (guint i = 0; i < turns->len; i++) {
        const ShiftTurn *turn = turns->pdata[i];
        assert_int_equal(turn->from_us, i ? at(wanted[i - 1].to) : from_us);
        assert_int_equal(turn->to_us, at(wanted[i].to));
        assert_int_equal(turn->people->len, wanted[i].who ? 1 : 0);
        if (wanted[i].who)
            assert_int_equal(g_array_index(turn->people, Uuid, 0).bytes[0], wanted[i].who);
    }
}

static void a_plan_is_the_same_after_it_was_stored(void **state)
{
    g_autoptr(ShiftPlan) plan = shift_plan_new();
    g_autoptr(GArray) rows = g_array_new(FALSE, TRUE, sizeof(ShiftRow));
    put(plan, "wed", "07:00-19:00", &lan);
    put(plan, "wed", "06:00-08:00", &hoa);
    g_autoptr(GArray) wed = shift_rows("wed", shift_plan_day(plan, "wed"));
    g_array_append_vals(rows, wed->data, wed->len);
    const ShiftRow holiday = {.day = "2026-12-25"};
    g_array_append_val(rows, holiday);
    g_autoptr(ShiftPlan) again = shift_plan_of_rows(rows);
    assert_duty(again, VN, "2026-12-02T07:30:00+07:00", "lh");
    assert_int_equal(shift_plan_day(again, "2026-12-25")->len, 0);
    g_autoptr(GPtrArray) days = shift_plan_days(again);
    assert_string_equal(days->pdata[0], "2026-12-25");
    assert_string_equal(days->pdata[1], "wed");
}

static void days_and_shifts_that_make_no_sense_are_refused(void **state)
{
    assert_true(shift_day_is("sun"));
    assert_true(shift_day_is("2028-02-29"));
    assert_false(shift_day_is("2027-02-29"));
    assert_false(shift_day_is("sunday"));
    assert_false(shift_day_is("2026-12-1"));
    g_autoptr(ShiftPlan) plan = shift_plan_new();
    put(plan, "mon", "07:00-19:00", &lan);
    assert_true(shift_day_check(shift_plan_day(plan, "mon"), NULL));
    g_autoptr(GPtrArray) shifts = shifts_copy(shift_plan_day(plan, "mon"));
    Shift *shift = shifts->pdata[0];
    g_array_append_val(shift->people, lan);
    assert_false(shift_day_check(shifts, NULL)); /* the same person twice */
    g_array_set_size(shift->people, 0);
    assert_false(shift_day_check(shifts, NULL)); /* nobody */
    put(plan, "mon", "07:00-19:00", &minh);
    assert_false(shift_day_check(shift_plan_day(plan, "mon"), NULL)); /* two at the same time */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_shift_is_from_its_first_minute_to_the_one_before_its_end),
        cmocka_unit_test(a_shift_over_midnight_belongs_to_the_day_on_which_it_begins),
        cmocka_unit_test(the_week_ends_on_sunday_night_and_goes_on_into_monday),
        cmocka_unit_test(the_same_time_twice_is_a_whole_day_and_several_may_be_on_duty),
        cmocka_unit_test(a_date_goes_before_its_day_of_the_week_and_only_for_what_begins_on_it),
        cmocka_unit_test(shifts_keep_to_the_clocks_where_those_are_changed),
        cmocka_unit_test(turns_have_no_pause_and_show_the_holes),
        cmocka_unit_test(a_plan_is_the_same_after_it_was_stored),
        cmocka_unit_test(days_and_shifts_that_make_no_sense_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
