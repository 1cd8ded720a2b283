/* What happened around a camera before it stood, and after. */
#include "base/clock.h"
#include "casework/before_after.h"
#include "unit.h"

#define STOOD_US (INT64_C(1764406800) * SECOND_US)
static const PlacePoint gate = {21.4498, 103.1512};

static void happen(Incidents *incidents, int64_t days, double north_m)
{
    Incident incident = {.at = {gate.latitude + north_m / 110700, gate.longitude},
                         .told_us = STOOD_US + days * DAY_US,
                         .when_us = STOOD_US + days * DAY_US};
    if (!incidents->since_us || incident.told_us < incidents->since_us)
        incidents->since_us = incident.told_us;
    g_array_append_val(incidents->list, incident);
}

static int begin(void **state)
{
    static Incidents incidents;
    incidents = (Incidents){.list = g_array_new(FALSE, FALSE, sizeof(Incident)),
                            .unplaced = g_array_new(FALSE, FALSE, sizeof(int64_t))};
    *state = &incidents;
    return 0;
}

static int end(void **state)
{
    incidents_clear(*state);
    return 0;
}

static BeforeAfter compare(const Incidents *incidents, int64_t days_after)
{
    return before_after(incidents, gate, 100, STOOD_US, STOOD_US + days_after * DAY_US);
}

static void both_sides_are_as_long_as_the_shorter_one(void **state)
{
    Incidents *incidents = *state;
    for (int day = 1; day <= 60; day++)
        happen(incidents, -2 * day, 10);
    for (int day = 1; day <= 10; day++)
        happen(incidents, 4 * day, 10);
    BeforeAfter found = compare(incidents, 45);
    assert_int_equal(found.span_us, 45 * DAY_US);
    assert_int_equal(found.before, 22);
    assert_int_equal(found.after, 10);
    assert_int_equal(found.verdict, BEFORE_AFTER_FEWER);
}

static void a_year_is_the_most_and_what_is_far_does_not_count(void **state)
{
    Incidents *incidents = *state;
    for (int month = 1; month <= 24; month++) {
        happen(incidents, -30 * month, 0);
        happen(incidents, 30 * month - 1, 0);
        happen(incidents, 30 * month, 120);
    }
    BeforeAfter found = compare(incidents, 700);
    assert_int_equal(found.span_us, BEFORE_AFTER_MOST_US);
    assert_int_equal(found.before, 12);
    assert_int_equal(found.after, 12);
    assert_int_equal(found.verdict, BEFORE_AFTER_ALIKE);
}

static void what_chance_does_is_not_called_a_difference(void **state)
{
    Incidents *incidents = *state;
    for (int i = 0; i < 14; i++)
        happen(incidents, -40 + i, 0);
    for (int i = 0; i < 7; i++)
        happen(incidents, 1 + i, 0);
    assert_int_equal(compare(incidents, 40).verdict, BEFORE_AFTER_ALIKE); /* 14 and 7 */
    for (int i = 0; i < 30; i++)
        happen(incidents, 8 + i, 0);
    assert_int_equal(compare(incidents, 40).verdict, BEFORE_AFTER_MORE); /* 14 and 37 */
}

static void too_little_is_said_to_be_too_little(void **state)
{
    Incidents *incidents = *state;
    BeforeAfter nothing = compare(incidents, 400);
    assert_int_equal(nothing.span_us, 0);
    assert_int_equal(nothing.verdict, BEFORE_AFTER_SHORT);
    happen(incidents, 3, 0); /* the first report came after the camera */
    assert_int_equal(compare(incidents, 400).span_us, 0);
    for (int i = 0; i < 8; i++)
        happen(incidents, -29, 0);
    for (int i = 0; i < 20; i++)
        happen(incidents, 1, 0);
    assert_int_equal(compare(incidents, 400).verdict, BEFORE_AFTER_SHORT);
    happen(incidents, -31, 300); /* of elsewhere; reports were taken down by then */
    BeforeAfter longer = compare(incidents, 400);
    assert_int_equal(longer.verdict, BEFORE_AFTER_MORE);
    assert_int_equal(longer.before, 8);
    g_array_set_size(incidents->list, 1 + 8); /* one after it, eight before */
    assert_int_equal(compare(incidents, 400).verdict, BEFORE_AFTER_FEW);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(both_sides_are_as_long_as_the_shorter_one),
        TEST(a_year_is_the_most_and_what_is_far_does_not_count),
        TEST(what_chance_does_is_not_called_a_difference),
        TEST(too_little_is_said_to_be_too_little),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
