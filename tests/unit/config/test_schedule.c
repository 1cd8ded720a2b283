/* When a camera is to be recorded, as people write it. */
#include "base/clock.h"
#include "config/schedule.h"
#include "unit.h"

#include <string.h>

/* Monday 2026-11-23 00:00 in Việt Nam, 7 h before UTC's. */
#define MONDAY_US (INT64_C(1795392000) * SECOND_US - 7 * HOUR_US)

static bool is_open(const char *text, unsigned day, unsigned hour, unsigned minute)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier("Asia/Ho_Chi_Minh");
    Schedule schedule;
    if (!schedule_parse(text, &schedule, &error))
        fail_msg("%s", error->message);
    assert_int_equal(schedule.kind, SCHEDULE_HOURS);
    int64_t at_us = MONDAY_US + day * DAY_US + hour * HOUR_US + minute * MINUTE_US;
    int64_t from_us, until_us, ignored_us;
    bool open = schedule_is_open(&schedule, zone, at_us, &from_us, &until_us);
    /* what it says of the time around holds there as well */
    assert_true(from_us <= at_us && at_us < until_us);
    assert_true(until_us - from_us <= 2 * HOUR_US);
    assert_int_equal(schedule_is_open(&schedule, zone, from_us, &ignored_us, &ignored_us), open);
    assert_int_equal(schedule_is_open(&schedule, zone, until_us - 1, &ignored_us, &ignored_us),
                     open);
    return open;
}

static void hours_hold_in_the_sites_time_zone(void **state)
{
    const char *text = "mon-fri 06:00-22:00; sat,sun 00:00-24:00";
    assert_false(is_open(text, 0, 5, 59));
    assert_true(is_open(text, 0, 6, 0));
    assert_true(is_open(text, 4, 21, 59));
    assert_false(is_open(text, 4, 22, 0));
    assert_true(is_open(text, 5, 0, 0));
    assert_true(is_open(text, 6, 23, 59));
    assert_false(is_open(text, 7, 0, 0)); /* Monday again */
}

static void hours_may_pass_midnight_and_the_end_of_the_week(void **state)
{
    assert_true(is_open("sun 22:00-06:00", 6, 23, 0));
    assert_true(is_open("sun 22:00-06:00", 0, 5, 59));
    assert_false(is_open("sun 22:00-06:00", 0, 6, 0));
    assert_true(is_open("sat-mon 08:00-09:00", 0, 8, 30));
    assert_true(is_open("Sat-Mon 08:00-09:00", 6, 8, 30));
    assert_false(is_open("sat-mon 08:00-09:00", 1, 8, 30));
    assert_true(is_open("daily 06:00-11:30,13:00-22:00", 3, 11, 29));
    assert_false(is_open("daily 06:00-11:30,13:00-22:00", 3, 12, 0));
}

static void the_span_that_is_told_ends_where_the_hours_change(void **state)
{
    g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
    Schedule schedule;
    int64_t from_us, until_us, nine_us = MONDAY_US + 16 * HOUR_US;
    assert_true(schedule_parse("mon 09:00-09:30", &schedule, NULL));
    assert_true(schedule_is_open(&schedule, utc, nine_us + 10 * MINUTE_US, &from_us, &until_us));
    assert_int_equal(from_us, nine_us);
    assert_int_equal(until_us, nine_us + 30 * MINUTE_US);
}

static void always_and_events_are_told_apart(void **state)
{
    Schedule schedule;
    assert_true(schedule_parse(NULL, &schedule, NULL));
    assert_int_equal(schedule.kind, SCHEDULE_ALWAYS);
    assert_true(schedule_parse(" Always ", &schedule, NULL));
    assert_int_equal(schedule.kind, SCHEDULE_ALWAYS);
    assert_true(schedule_parse("event", &schedule, NULL));
    assert_int_equal(schedule.kind, SCHEDULE_EVENT);
    assert_int_equal(schedule.around_us, 10 * SECOND_US);
    assert_true(schedule_parse("event 30s", &schedule, NULL));
    assert_int_equal(schedule.around_us, 30 * SECOND_US);
}

static void what_is_not_understood_is_quoted_with_what_would_be(void **state)
{
    static const struct {
        const char *text, *quoted, *wanted;
    } rows[] = {
        {"monday 06:00-22:00", "monday", "mon, tue"},
        {"mon-fr 06:00-22:00", "fr 06:00-22:00", "mon, tue"},
        {"mon 6:00-22:00", "6:00-22:00", "06:00-22:00"},
        {"mon 06:00", "06:00", "06:00-22:00"},
        {"mon 06:00-24:01", "06:00-24:01", "24:00"},
        {"mon 06:00-06:00", "06:00-06:00", "06:00-22:00"},
        {"mon 24:00-06:00", "24:00-06:00", "24:00"},
        {"mon06:00-22:00", "mon06:00-22:00", "mon, tue"},
        {"mon", "the end of the text", "a space"},
        {"mon 06:00-22:00 tue 06:00-22:00", "tue", "‘;’"},
        {"mon 06:00-22:00;; tue 06:00-22:00", "the end", "mon, tue"},
        {"event 31s", "31s", "2s to 30s"},
        {"event 1s", "1s", "2s to 30s"},
        {"event 10", "10", "2s to 30s"},
        {"event -3s", "-3s", "2s to 30s"},
        {"never", "never", "mon, tue"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        Schedule schedule;
        g_autoptr(GError) error = NULL;
        assert_false(schedule_parse(rows[i].text, &schedule, &error));
        assert_int_equal(error->code, ERR_INVALID);
        if (!strstr(error->message, rows[i].quoted) || !strstr(error->message, rows[i].wanted))
            fail_msg("‘%s’: %s", rows[i].text, error->message);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hours_hold_in_the_sites_time_zone),
        cmocka_unit_test(hours_may_pass_midnight_and_the_end_of_the_week),
        cmocka_unit_test(the_span_that_is_told_ends_where_the_hours_change),
        cmocka_unit_test(always_and_events_are_told_apart),
        cmocka_unit_test(what_is_not_understood_is_quoted_with_what_would_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
