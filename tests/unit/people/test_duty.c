/* Who is on duty at a site: of the plan that is kept, those who may. */
#include "base/clock.h"
#include "base/secret.h"
#include "base/time_text.h"
#include "people/duty.h"
#include "people_rig.h"
#include "unit.h"

/* Monday, 30 November 2026, nine o'clock at the site. */
#define NOW "2026-11-30T02:00:00Z"
#define DAY_SHIFT 7 * 60, 19 * 60

static Duty *open_duty(Fixture *fixture)
{
    int64_t now_us;
    assert_true(time_parse(NOW, &now_us));
    clock_test_set(HOUR_US, now_us);
    clock_tick();
    Duty *duty = duty_open(fixture->catalog, fixture->site, fixture->people, NULL);
    assert_non_null(duty);
    return duty;
}

static bool plan(Duty *duty, const char *day, int from, int to, const Uuid *who)
{
    g_autoptr(GPtrArray) before = NULL;
    GPtrArray *shifts = shifts_new();
    Shift *shift = shift_new(from, to);
    g_array_append_vals(shift->people, who, 1);
    g_ptr_array_add(shifts, shift);
    return duty_set(duty, day, shifts, &before, NULL);
}

static void assert_on_duty(Duty *duty, unsigned count, const Uuid *who)
{
    g_autoptr(GArray) people = duty_now(duty);
    assert_int_equal(people->len, count);
    if (count)
        assert_true(uuid_equal(&g_array_index(people, Uuid, 0), who));
}

static void the_plan_is_there_after_a_restart(void **state)
{
    Fixture *fixture = *state;
    Uuid lan = add(fixture, "lan", ROLE_OFFICER, "ten-characters");
    g_autoptr(Duty) duty = open_duty(fixture);
    assert_on_duty(duty, 0, NULL);
    assert_true(plan(duty, "mon", DAY_SHIFT, &lan));
    assert_on_duty(duty, 1, &lan);
    g_clear_pointer(&duty, duty_free);
    close_people(fixture);
    open_people(fixture);
    duty = open_duty(fixture);
    assert_on_duty(duty, 1, &lan);
}

static void a_disabled_account_is_not_on_duty_and_nobody_else_is_put_on(void **state)
{
    Fixture *fixture = *state;
    Uuid lan = add(fixture, "lan", ROLE_OFFICER, "ten-characters");
    Uuid auditor = add(fixture, "kim", ROLE_AUDITOR, "ten-characters");
    g_autoptr(Duty) duty = open_duty(fixture);
    assert_false(plan(duty, "mon", DAY_SHIFT, &auditor));
    assert_false(plan(duty, "sunday", DAY_SHIFT, &lan));
    assert_true(plan(duty, "mon", DAY_SHIFT, &lan));
    assert_true(people_account_disable(fixture->people, &lan, true, NULL));
    assert_on_duty(duty, 0, NULL);
    assert_false(plan(duty, "tue", DAY_SHIFT, &lan));
    assert_true(plan(duty, "mon", 6 * 60, 18 * 60, &lan)); /* stays where he was */
    g_autoptr(GPtrArray) turns = duty_turns(duty, clock_now_us(), clock_now_us() + DAY_US);
    assert_int_equal(turns->len, 1); /* one hole */
}

static void a_new_turn_is_noticed_and_none_without_a_change(void **state)
{
    Fixture *fixture = *state;
    Uuid lan = add(fixture, "lan", ROLE_OFFICER, "ten-characters");
    g_autoptr(Duty) duty = open_duty(fixture);
    unsigned first = duty_turn(duty);
    assert_true(plan(duty, "tue", DAY_SHIFT, &lan));
    assert_int_equal(duty_turn(duty), first);
    assert_true(plan(duty, "mon", DAY_SHIFT, &lan));
    unsigned on = duty_turn(duty);
    assert_int_not_equal(on, first);
    int64_t now_us;
    assert_true(time_parse(NOW, &now_us));
    clock_test_set(11 * HOUR_US, now_us + 10 * HOUR_US); /* 19:00 */
    clock_tick();
    assert_int_not_equal(duty_turn(duty), on);
    assert_on_duty(duty, 0, NULL);
}

static void dates_long_over_are_dropped_with_the_next_change_and_taken_no_more(void **state)
{
    Fixture *fixture = *state;
    Uuid lan = add(fixture, "lan", ROLE_OFFICER, "ten-characters");
    g_autoptr(Duty) duty = open_duty(fixture);
    assert_true(plan(duty, "2026-11-01", DAY_SHIFT, &lan));
    clock_test_set(-1, clock_now_us() + 90 * DAY_US);
    assert_false(plan(duty, "2026-11-02", DAY_SHIFT, &lan));
    assert_true(plan(duty, "2027-02-01", DAY_SHIFT, &lan));
    g_autoptr(ShiftPlan) kept = duty_plan(duty);
    assert_null(shift_plan_day(kept, "2026-11-01"));
    assert_null(shift_plan_day(kept, "2026-11-02"));
    assert_non_null(shift_plan_day(kept, "2027-02-01"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_plan_is_there_after_a_restart, people_rig_open,
                                        people_rig_close),
        cmocka_unit_test_setup_teardown(a_disabled_account_is_not_on_duty_and_nobody_else_is_put_on,
                                        people_rig_open, people_rig_close),
        cmocka_unit_test_setup_teardown(a_new_turn_is_noticed_and_none_without_a_change,
                                        people_rig_open, people_rig_close),
        cmocka_unit_test_setup_teardown(
            dates_long_over_are_dropped_with_the_next_change_and_taken_no_more, people_rig_open,
            people_rig_close),
    };
    secret_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
