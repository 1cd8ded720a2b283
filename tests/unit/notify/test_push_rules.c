/* Of what a person is told on a phone, and when. */
#include "base/clock.h"
#include "config/push_service.h"
#include "notify/push_rules.h"
#include "unit.h"

#include <glib.h>

static PushChoice choice_of(char *silent, int after_s, int from, int to)
{
    return (PushChoice){.silent = silent, .after_s = after_s, .quiet_from = from, .quiet_to = to};
}

static void only_what_has_lasted_long_enough_is_told(void **state)
{
    PushChoice choice = choice_of("", 120, 0, 0);
    assert_false(
        push_wants(&choice, EVENT_NOT_RECORDED, 119 * SECOND_US, 600, PUSH_NOBODY_ON_DUTY));
    assert_true(push_wants(&choice, EVENT_NOT_RECORDED, 120 * SECOND_US, 600, PUSH_NOBODY_ON_DUTY));
}

static void kinds_that_one_does_not_want_are_not_told_nor_is_motion(void **state)
{
    PushChoice choice = choice_of("black,tamper", 0, 0, 0);
    assert_false(push_wants(&choice, EVENT_BLACK, 0, 600, PUSH_NOBODY_ON_DUTY));
    assert_false(push_wants(&choice, EVENT_TAMPER, 0, 600, PUSH_NOBODY_ON_DUTY));
    assert_true(push_wants(&choice, EVENT_FROZEN, 0, 600, PUSH_NOBODY_ON_DUTY));
    assert_false(push_wants(&choice, EVENT_MOTION, HOUR_US, 600, PUSH_NOBODY_ON_DUTY));
}

static void quiet_hours_go_over_midnight(void **state)
{
    PushChoice night = choice_of("", 0, 22 * 60, 6 * 60);
    assert_true(push_wants(&night, EVENT_BLACK, 0, 22 * 60 - 1, PUSH_NOBODY_ON_DUTY));
    assert_false(push_wants(&night, EVENT_BLACK, 0, 22 * 60, PUSH_NOBODY_ON_DUTY));
    assert_false(push_wants(&night, EVENT_BLACK, 0, 0, PUSH_NOBODY_ON_DUTY));
    assert_false(push_wants(&night, EVENT_BLACK, 0, 6 * 60 - 1, PUSH_NOBODY_ON_DUTY));
    assert_true(push_wants(&night, EVENT_BLACK, 0, 6 * 60, PUSH_NOBODY_ON_DUTY));
    PushChoice noon = choice_of("", 0, 12 * 60, 13 * 60);
    assert_false(push_wants(&noon, EVENT_BLACK, 0, 12 * 60 + 30, PUSH_NOBODY_ON_DUTY));
    assert_true(push_wants(&noon, EVENT_BLACK, 0, 13 * 60, PUSH_NOBODY_ON_DUTY));
}

static void who_is_on_duty_is_told_in_quiet_hours_too_and_others_only_when_they_want_it(
    void **state)
{
    PushChoice night = choice_of("frozen", 60, 22 * 60, 6 * 60);
    assert_true(push_wants(&night, EVENT_BLACK, MINUTE_US, 23 * 60, PUSH_ON_DUTY));
    assert_false(push_wants(&night, EVENT_BLACK, MINUTE_US, 12 * 60, PUSH_OFF_DUTY));
    assert_true(push_wants(&night, EVENT_BLACK, MINUTE_US, 12 * 60, PUSH_NOBODY_ON_DUTY));
    assert_false(push_wants(&night, EVENT_BLACK, MINUTE_US, 23 * 60, PUSH_NOBODY_ON_DUTY));
    night.off_duty = true;
    assert_true(push_wants(&night, EVENT_BLACK, MINUTE_US, 12 * 60, PUSH_OFF_DUTY));
    assert_false(push_wants(&night, EVENT_BLACK, MINUTE_US, 23 * 60, PUSH_OFF_DUTY));
    /* one's own choice of kinds and of how long to wait holds on duty too */
    assert_false(push_wants(&night, EVENT_FROZEN, MINUTE_US, 12 * 60, PUSH_ON_DUTY));
    assert_false(push_wants(&night, EVENT_BLACK, SECOND_US, 12 * 60, PUSH_ON_DUTY));
}

static void a_report_is_told_to_who_is_on_duty_else_outside_quiet_hours(void **state)
{
    PushChoice night = choice_of("", 600, 22 * 60, 6 * 60), deaf = choice_of("report", 0, 0, 0);
    assert_true(
        push_wants_work(&night, PUSH_REPORT, 23 * 60, PUSH_ON_DUTY)); /* and needs not last */
    assert_false(push_wants_work(&night, PUSH_REPORT, 23 * 60, PUSH_NOBODY_ON_DUTY));
    assert_true(push_wants_work(&night, PUSH_REPORT, 12 * 60, PUSH_NOBODY_ON_DUTY));
    assert_false(push_wants_work(&night, PUSH_REPORT, 12 * 60, PUSH_OFF_DUTY));
    assert_false(push_wants_work(&deaf, PUSH_REPORT, 12 * 60, PUSH_ON_DUTY));
    assert_true(push_wants_work(&deaf, PUSH_CASE, 12 * 60, PUSH_ON_DUTY));
    assert_true(push_choice_check(&deaf, NULL));
    PushChoice rest = choice_of("sign-in,report,case,package", 0, 0, 0);
    assert_true(push_choice_check(&rest, NULL));
    assert_false(push_wants_work(&rest, PUSH_PACKAGE, 12 * 60, PUSH_ON_DUTY));
}

static void news_of_work_is_for_who_has_it_and_who_decides(void **state)
{
    static const Uuid nobody;
    const Account lan = {.id = {{1}}, .role = ROLE_OFFICER},
                  mai = {.id = {{2}}, .role = ROLE_OFFICER},
                  chief = {.id = {{3}}, .role = ROLE_COMMANDER},
                  head = {.id = {{4}}, .role = ROLE_VILLAGE_HEAD},
                  gone = {.id = {{1}}, .role = ROLE_OFFICER, .disabled = true};
    assert_true(push_is_for(PUSH_FOR_CASE, &lan.id, &lan));
    assert_false(push_is_for(PUSH_FOR_CASE, &lan.id, &mai));
    assert_true(push_is_for(PUSH_FOR_CASE, &lan.id, &chief));
    assert_true(push_is_for(PUSH_FOR_CASE, &nobody, &mai));
    assert_false(push_is_for(PUSH_FOR_CASE, &head.id, &head));
    assert_false(push_is_for(PUSH_FOR_CASE, &lan.id, &gone));
    assert_true(push_is_for(PUSH_FOR_APPROVAL, &lan.id, &chief));
    assert_false(push_is_for(PUSH_FOR_APPROVAL, &chief.id, &chief)); /* a second person */
    assert_false(push_is_for(PUSH_FOR_APPROVAL, &lan.id, &mai));
    assert_false(push_is_for(PUSH_FOR_REPORTS, &nobody, &head));
    assert_false(push_is_for(PUSH_FOR_COMMANDERS, &nobody, &lan));
}

static void the_services_of_browsers_are_known_and_others_only_by_name(void **state)
{
    static const char *const own[] = {"http://10.0.0.5:8080", NULL};
    g_autofree char *android =
        push_service_of("https://fcm.googleapis.com/fcm/send/a:b", NULL, NULL);
    g_autofree char *apple = push_service_of("https://web.push.apple.com/QAbc", NULL, NULL);
    g_autofree char *named = push_service_of("http://10.0.0.5:8080/up/x", own, NULL);
    assert_string_equal(android, "https://fcm.googleapis.com");
    assert_string_equal(apple, "https://web.push.apple.com");
    assert_string_equal(named, "http://10.0.0.5:8080");
    assert_null(push_service_of("http://10.0.0.5:8081/up/x", own, NULL));
    assert_null(push_service_of("https://10.0.0.5:8080/up/x", own, NULL));
    assert_null(push_service_of("https://evilfcm.googleapis.com/x", NULL, NULL));
}

static void an_origin_in_the_configuration_has_no_path(void **state)
{
    assert_true(push_service_check("https://push.example.org", NULL));
    assert_true(push_service_check("http://10.0.0.5:8080", NULL));
    assert_false(push_service_check("https://push.example.org/", NULL));
    assert_false(push_service_check("push.example.org", NULL));
    assert_true(push_contact_check("mailto:a@b.example", NULL));
    assert_false(push_contact_check("a@b.example", NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_has_lasted_long_enough_is_told),
        cmocka_unit_test(kinds_that_one_does_not_want_are_not_told_nor_is_motion),
        cmocka_unit_test(quiet_hours_go_over_midnight),
        cmocka_unit_test(
            who_is_on_duty_is_told_in_quiet_hours_too_and_others_only_when_they_want_it),
        cmocka_unit_test(a_report_is_told_to_who_is_on_duty_else_outside_quiet_hours),
        cmocka_unit_test(news_of_work_is_for_who_has_it_and_who_decides),
        cmocka_unit_test(the_services_of_browsers_are_known_and_others_only_by_name),
        cmocka_unit_test(an_origin_in_the_configuration_has_no_path),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
