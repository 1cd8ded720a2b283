#include "camera/onvif_noticed.h"
#include "unit.h"

#define START (HOUR_US)

static void a_repeated_word_is_no_second_event(void **state)
{
    Noticed noticed = {0};
    assert_int_equal(noticed_message(&noticed, true, false, START), NOTICED_BEGINS);
    assert_int_equal(noticed_message(&noticed, true, false, START + 1), NOTICED_NOTHING);
    assert_int_equal(noticed_message(&noticed, false, false, START + 2), NOTICED_ENDS);
    assert_int_equal(noticed_message(&noticed, false, false, START + 3), NOTICED_NOTHING);
}

static void how_it_stands_at_first_is_none_but_a_change_while_nobody_listened_is(void **state)
{
    Noticed noticed = {0};
    assert_int_equal(noticed_message(&noticed, true, true, START), NOTICED_NOTHING);
    assert_int_equal(noticed_message(&noticed, true, false, START), NOTICED_NOTHING);
    assert_int_equal(noticed_message(&noticed, false, false, START), NOTICED_NOTHING);
    assert_int_equal(noticed_message(&noticed, true, true, START), NOTICED_BEGINS);
    assert_int_equal(noticed_message(&noticed, false, true, START), NOTICED_ENDS);
}

static void what_is_never_said_to_be_over_ends_after_a_hold(void **state)
{
    Noticed noticed = {0};
    noticed_message(&noticed, true, false, START);
    noticed_message(&noticed, true, false, START + MINUTE_US);
    assert_int_equal(noticed_passed(&noticed, START + NOTICED_HOLD_US), NOTICED_NOTHING);
    assert_int_equal(noticed_passed(&noticed, START + MINUTE_US + NOTICED_HOLD_US), NOTICED_ENDS);
    assert_int_equal(noticed_passed(&noticed, START + HOUR_US), NOTICED_NOTHING);
    assert_int_equal(noticed_message(&noticed, true, false, START + HOUR_US), NOTICED_BEGINS);
}

static void what_is_stuck_on_ends_and_begins_only_after_it_was_over(void **state)
{
    Noticed noticed = {0};
    unsigned begun = 0, ended = 0;
    for (int64_t at_us = START; at_us < START + HOUR_US; at_us += SECOND_US) {
        begun += noticed_message(&noticed, true, false, at_us) == NOTICED_BEGINS;
        ended += noticed_passed(&noticed, at_us) == NOTICED_ENDS;
    }
    assert_int_equal(begun, 1);
    assert_int_equal(ended, 1);
    noticed_message(&noticed, false, false, START + HOUR_US);
    assert_int_equal(noticed_message(&noticed, true, false, START + HOUR_US), NOTICED_BEGINS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_repeated_word_is_no_second_event),
        cmocka_unit_test(how_it_stands_at_first_is_none_but_a_change_while_nobody_listened_is),
        cmocka_unit_test(what_is_never_said_to_be_over_ends_after_a_hold),
        cmocka_unit_test(what_is_stuck_on_ends_and_begins_only_after_it_was_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
