/* The report of a day: when it is due, and what it says of footage that is really there. */
#include "watch/daily.h"

#include "../http/house.h"
#include "base/time_text.h"
#include "config/site_day.h"
#include "unit.h"

#include <string.h>

static int64_t at(const char *text)
{
    int64_t time_us;
    assert_true(time_parse(text, &time_us));
    return time_us;
}

static void a_day_is_due_a_little_after_the_midnight_of_the_site(void **state)
{
    House *house = *state;
    int64_t from_us, to_us;
    int64_t midnight_us = at("2026-11-24T00:00:00+07:00"); /* Asia/Ho_Chi_Minh */
    int64_t told_us = at("2026-11-23T00:00:00+07:00");
    assert_false(daily_is_due(house->site, told_us, midnight_us - 1, &from_us, &to_us));
    assert_false(daily_is_due(house->site, told_us, midnight_us + MINUTE_US, &from_us, &to_us));
    assert_true(daily_is_due(house->site, told_us, midnight_us + 2 * MINUTE_US, &from_us, &to_us));
    assert_int_equal(from_us, told_us);
    assert_int_equal(to_us, midnight_us);
    g_autofree char *day = site_day_text(house->site, from_us);
    assert_string_equal(day, "2026-11-23");
    assert_false(
        daily_is_due(house->site, midnight_us, midnight_us + 3 * MINUTE_US, &from_us, &to_us));
    assert_false(daily_is_due(house->site, 0, midnight_us + 3 * MINUTE_US, &from_us, &to_us));
}

static void what_was_told_is_remembered(void **state)
{
    House *house = *state;
    int64_t told_us = -1;
    assert_true(daily_told_until(house->catalog, &told_us, NULL));
    assert_int_equal(told_us, 0);
    assert_true(daily_set_told(house->catalog, 1795000000000000, NULL));
    assert_true(daily_told_until(house->catalog, &told_us, NULL));
    assert_int_equal(told_us, 1795000000000000);
}

static int64_t whole(const Json *object, const char *name)
{
    return json_integer_value(json_object_get(object, name));
}

static void the_report_tells_seconds_recorded_and_missing_with_causes(void **state)
{
    House *house = *state;
    int64_t begin_us = clock_now_us();
    g_usleep(6000000); /* the camera is there, and sends nothing yet */
    int64_t from_us = house_record(house, 4);
    assert_true(from_us > begin_us);
    bool paused = true;
    CameraEdit edit = {.paused = &paused};
    Uuid second = house_camera(house, "Đập tràn", &house->location);
    assert_true(site_camera_edit(house->site, &second, &edit, NULL));
    g_usleep(2000000);
    g_autoptr(Json) report =
        daily_report(house->site, house->archive, begin_us, clock_now_us(), NULL);
    const Json *cameras = json_object_get(report, "cameras");
    assert_int_equal(json_array_size(cameras), 2);
    const Json *first = json_array_get(cameras, 0), *other = json_array_get(cameras, 1);
    assert_string_equal(json_string_value(json_object_get(first, "name")), "Cổng chợ");
    assert_in_range(whole(first, "recorded_s"), 2, 4);
    assert_in_range(whole(first, "missing_s"), 1, 5);
    assert_in_range(whole(json_object_get(first, "causes"), "camera-offline"), 1, 5);
    assert_int_equal(whole(other, "missing_s"), 0); /* nobody wanted it */
    assert_int_equal(whole(report, "recorded_s"), whole(first, "recorded_s"));
    g_autofree char *line = daily_line(report);
    assert_non_null(strstr(line, "cameras=2"));
    assert_non_null(strstr(line, "lacking=1"));
    assert_non_null(strstr(line, "missing=\"Cổng chợ: "));
    assert_non_null(strstr(line, " camera-offline"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, house_open, house_close)
    const struct CMUnitTest tests[] = {
        TEST(a_day_is_due_a_little_after_the_midnight_of_the_site),
        TEST(what_was_told_is_remembered),
        TEST(the_report_tells_seconds_recorded_and_missing_with_causes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
