#include "base/clock.h"
#include "base/time_text.h"
#include "unit.h"

static void a_time_survives_text_and_back(void **state)
{
    int64_t parsed;
    char text[TIME_TEXT];
    assert_true(time_parse("2026-11-24T07:27:39.123Z", &parsed));
    assert_string_equal(time_text(parsed, text), "2026-11-24T07:27:39.123Z");
}

static void an_offset_is_taken_into_account(void **state)
{
    int64_t local, utc;
    assert_true(time_parse("2026-11-24T14:00:00+07:00", &local));
    assert_true(time_parse("2026-11-24T07:00:00Z", &utc));
    assert_int_equal(local, utc);
}

static void nonsense_is_refused(void **state)
{
    const char *const wrong[] = {"",
                                 "yesterday",
                                 "2026-13-01T00:00:00Z",
                                 "2026-02-30T00:00:00Z",
                                 "2026-11-24T25:00:00Z",
                                 "2026-11-24T07:00:00",
                                 "2026-11-24",
                                 "2026-11-24T07:00:00.Z",
                                 "2026-11-24T07:00:00Zz"};
    int64_t parsed;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(time_parse(wrong[i], &parsed));
}

static void a_stepped_wall_clock_is_counted_and_adopted(void **state)
{
    clock_test_set(SECOND_US, 1000 * SECOND_US);
    clock_tick();
    uint32_t before = clock_steps();
    clock_test_set(2 * SECOND_US, 1001 * SECOND_US + 200);
    assert_false(clock_tick());
    clock_test_set(3 * SECOND_US, 4602 * SECOND_US);
    assert_true(clock_tick());
    assert_int_equal(clock_steps(), before + 1);
    assert_int_equal(clock_now_us(), 4602 * SECOND_US);
    clock_test_set(-1, -1);
}

static void a_small_difference_is_slewed_not_jumped(void **state)
{
    clock_test_set(10 * SECOND_US, 5000 * SECOND_US);
    clock_tick();
    clock_test_set(11 * SECOND_US, 5001 * SECOND_US + 100000);
    assert_false(clock_tick());
    assert_int_equal(clock_now_us(), 5001 * SECOND_US + 500);
    clock_test_set(-1, -1);
}

static void a_stamp_from_before_a_step_counts_as_now(void **state)
{
    clock_test_set(10 * SECOND_US, 5000 * SECOND_US);
    clock_tick();
    int64_t now_us = clock_now_us();
    assert_int_equal(clock_from_wall_us(4999 * SECOND_US), now_us - SECOND_US);
    assert_int_equal(clock_from_wall_us(5000 * SECOND_US - HOUR_US), now_us);
    assert_int_equal(clock_from_wall_us(5000 * SECOND_US + HOUR_US), now_us);
    clock_test_set(-1, -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_time_survives_text_and_back),
        cmocka_unit_test(an_offset_is_taken_into_account),
        cmocka_unit_test(nonsense_is_refused),
        cmocka_unit_test(a_stepped_wall_clock_is_counted_and_adopted),
        cmocka_unit_test(a_stamp_from_before_a_step_counts_as_now),
        cmocka_unit_test(a_small_difference_is_slewed_not_jumped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
