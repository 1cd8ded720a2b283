/* What the whole site is set to, over the API. */
#include "api_ask.h"
#include "audit_rows.h"
#include "unit.h"

#include <string.h>

static void a_change_of_the_site_is_answered_and_stands_in_the_audit_log(void **state)
{
    House *house = *state;
    g_autofree char *admin = house_session(house, ROLE_ADMIN);
    g_autoptr(Json) after =
        ask(house, admin, "PATCH /site", "PATCH /api/v1/site",
            "{\"time_zone\":\"Asia/Vientiane\",\"retention_days\":45,\"name\":\"Xã Mới\"}", 200);
    const char *zone = text_of(after, "time_zone");
    assert_string_equal(zone, "Asia/Vientiane");
    g_autoptr(Json) me = ask(house, admin, "GET /me", "GET /api/v1/me", NULL, 200);
    const char *told = text_of(json_object_get(me, "site"), "time_zone");
    assert_string_equal(told, "Asia/Vientiane");
    assert_true(audit_flush(house->audit, NULL));
    g_autoptr(GPtrArray) rows = audit_rows(house->audit, 10);
    const AuditRow *row = rows->pdata[0];
    assert_string_equal(row->action, "site-edit");
    assert_int_equal(audit_kind_of(row->action), AUDIT_CHANGE);
    g_autoptr(Json) page = ask(house, admin, "GET /audit", "GET /api/v1/audit", NULL, 200);
    g_autofree char *line = json_line(page);
    assert_non_null(strstr(line, "\"retention_days\",\"before\":\"30\",\"after\":\"45\""));
    assert_null(strstr(line, "Xã Mới"));
}

static void a_setting_that_makes_no_sense_is_refused_by_name(void **state)
{
    House *house = *state;
    static const char *const bodies[] = {
        "{\"retention_days\":0}",         "{\"retention_days\":\"7\"}",
        "{\"retention_bytes\":5}",        "{\"time_zone\":\"Mars/Base\"}",
        "{\"language\":\"fr\"}",          "{\"name\":\"\"}",
        "{\"report_rise_minutes\":0}",    "{\"report_near_m\":5}",
        "{\"report_margin_minutes\":61}",
    };
    g_autofree char *admin = house_session(house, ROLE_ADMIN);
    for (size_t i = 0; i < G_N_ELEMENTS(bodies); i++) {
        g_autofree char *member = g_strndup(bodies[i] + 2, strcspn(bodies[i] + 2, "\""));
        g_autoptr(Json) problem =
            ask(house, admin, "PATCH /site", "PATCH /api/v1/site", bodies[i], 400);
        const char *detail = text_of(problem, "detail");
        if (!strstr(detail, member))
            fail_msg("‘%s’ does not name ‘%s’", detail, member);
    }
}

static void what_the_file_names_is_shown_as_locked_and_refused(void **state)
{
    House *house = *state;
    g_autofree char *admin = house_session(house, ROLE_ADMIN);
    g_autoptr(Config) config = config_default();
    config->retention.days = 12;
    assert_true(site_apply(house->site, config, NULL));
    g_autoptr(Json) site = ask(house, admin, "GET /site", "GET /api/v1/site", NULL, 200);
    const Json *locked = json_object_get(site, "locked");
    assert_int_equal(json_array_size(locked), 1);
    assert_string_equal(json_string_value(json_array_get(locked, 0)), "retention_days");
    g_autoptr(Json) problem =
        ask(house, admin, "PATCH /site", "PATCH /api/v1/site", "{\"retention_days\":5}", 403);
    const char *detail = text_of(problem, "detail");
    assert_non_null(strstr(detail, "configuration file"));
}

static void what_a_rule_means_is_told_before_it_is_set(void **state)
{
    House *house = *state;
    char id[UUID_TEXT];
    g_autofree char *admin = house_session(house, ROLE_ADMIN);
    g_autofree char *of_camera = g_strdup_printf("GET /api/v1/site/retention?days=1&camera=%s",
                                                 uuid_text(&house->camera, id));
    house_record(house, 4);
    g_autoptr(Json) effect = ask(house, admin, "GET /site/retention",
                                 "GET /api/v1/site/retention?days=7&bytes=0", NULL, 200);
    assert_int_equal(json_integer_value(json_object_get(effect, "rule_days")), 7);
    assert_true(json_integer_value(json_object_get(effect, "total_bytes")) > 0);
    fits(house, admin, "GET /site/retention", of_camera, NULL, 200);
    fits(house, admin, "GET /site/retention", "GET /api/v1/site/retention?days=0", NULL, 400);
    fits(house, admin, "GET /site/retention", "GET /api/v1/site/retention?camera=x", NULL, 404);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, house_open, house_close)
    const struct CMUnitTest tests[] = {
        TEST(a_change_of_the_site_is_answered_and_stands_in_the_audit_log),
        TEST(a_setting_that_makes_no_sense_is_refused_by_name),
        TEST(what_the_file_names_is_shown_as_locked_and_refused),
        TEST(what_a_rule_means_is_told_before_it_is_set),
    };
    return cmocka_run_group_tests(tests, read_document, drop_document);
}
