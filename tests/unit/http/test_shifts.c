/* The shift plan over the API: set day by day by who may, seen by who can be on duty, and in the
 * audit log person by person. */
#include "api_ask.h"
#include "audit_rows.h"
#include "base/clock.h"
#include "base/time_text.h"
#include "unit.h"

#include <string.h>

/* Monday, 30 November 2026, nine o'clock at the site. */
#define NOW "2026-11-30T02:00:00Z"

static int open_on_monday(void **state)
{
    int64_t now_us;
    house_open(state);
    assert_true(time_parse(NOW, &now_us));
    clock_test_set(HOUR_US, now_us);
    clock_tick();
    return 0;
}

static int close_it(void **state)
{
    clock_test_set(-1, -1);
    return house_close(state);
}

static char *id_of(House *house, const char *name)
{
    char text[UUID_TEXT];
    Account account;
    assert_true(people_account_named(house->people, name, &account));
    return g_strdup(uuid_text(&account.id, text));
}

static Json *set(House *house, const char *session, const char *day, const char *body, int status)
{
    g_autofree char *what = g_strconcat("PUT /api/v1/shifts/", day, NULL);
    return ask(house, session, "PUT /shifts/{day}", what, body, status);
}

static Json *plan(House *house, const char *session)
{
    return ask(house, session, "GET /shifts", "GET /api/v1/shifts", NULL, 200);
}

static const Json *turn(const Json *plan, size_t i)
{
    return json_array_get(json_object_get(plan, "turns"), i);
}

static void an_officer_sees_when_his_shift_ends_and_who_comes_then(void **state)
{
    House *house = *state;
    g_autofree char *commander = house_session(house, ROLE_COMMANDER);
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    g_autofree char *lan = id_of(house, "officer-1"), *boss = id_of(house, "commander-1");
    g_autofree char *body =
        g_strdup_printf("{\"shifts\":[{\"from\":\"19:00\",\"to\":\"07:00\",\"people\":[\"%s\"]},"
                        "{\"from\":\"07:00\",\"to\":\"19:00\",\"people\":[\"%s\"]}]}",
                        boss, lan);
    json_decref(set(house, commander, "mon", body, 200));
    g_autoptr(Json) seen = plan(house, officer);
    const Json *now = turn(seen, 0), *next = turn(seen, 1), *hole = turn(seen, 2);
    assert_string_equal(json_string_value(json_object_get(now, "to")), "2026-11-30T12:00:00.000Z");
    assert_string_equal(json_string_value(json_array_get(json_object_get(now, "people"), 0)), lan);
    assert_string_equal(json_string_value(json_array_get(json_object_get(next, "people"), 0)),
                        boss);
    assert_int_equal(json_array_size(json_object_get(hole, "people")), 0);
    assert_string_equal(json_string_value(json_object_get(hole, "from")),
                        "2026-12-01T00:00:00.000Z");
    assert_int_equal(json_array_size(json_object_get(seen, "people")), 2);
}

static void an_officer_sets_nothing_and_a_village_head_sees_nothing(void **state)
{
    House *house = *state;
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    g_autofree char *village = house_session(house, ROLE_VILLAGE_HEAD);
    json_decref(set(house, officer, "mon", "{\"shifts\":[]}", 403));
    fits(house, officer, "DELETE /shifts/{day}", "DELETE /api/v1/shifts/2026-12-24", NULL, 403);
    fits(house, village, "GET /shifts", "GET /api/v1/shifts", NULL, 403);
}

static void a_date_without_shifts_is_a_hole_until_it_is_taken_back(void **state)
{
    House *house = *state;
    g_autofree char *commander = house_session(house, ROLE_COMMANDER);
    g_autofree char *boss = id_of(house, "commander-1");
    g_autofree char *body = g_strdup_printf(
        "{\"shifts\":[{\"from\":\"00:00\",\"to\":\"00:00\",\"people\":[\"%s\"]}]}", boss);
    json_decref(set(house, commander, "mon", body, 200));
    json_decref(set(house, commander, "2026-11-30", "{\"shifts\":[]}", 200));
    g_autoptr(Json) hole = plan(house, commander);
    assert_int_equal(json_array_size(json_object_get(turn(hole, 0), "people")), 0);
    for (int i = 0; i < 2; i++) /* it is taken back once */
        fits(house, commander, "DELETE /shifts/{day}", "DELETE /api/v1/shifts/2026-11-30", NULL,
             i ? 404 : 204);
    g_autoptr(Json) again = plan(house, commander);
    assert_int_equal(json_array_size(json_object_get(turn(again, 0), "people")), 1);
}

static void what_makes_no_sense_is_refused(void **state)
{
    House *house = *state;
    g_autofree char *admin = house_session(house, ROLE_ADMIN);
    g_free(house_session(house, ROLE_AUDITOR));
    g_autofree char *boss = id_of(house, "admin-1"), *auditor = id_of(house, "auditor-1");
    static const char *const wrong[] = {
        "{}",
        "{\"shifts\":[{}]}",
        "{\"shifts\":[{\"from\":\"7:00\",\"to\":\"19:00\",\"people\":[\"%s\"]}]}",
        "{\"shifts\":[{\"from\":\"07:00\",\"to\":\"24:00\",\"people\":[\"%s\"]}]}",
        "{\"shifts\":[{\"from\":\"07:00\",\"to\":\"19:00\",\"people\":[]}]}",
        "{\"shifts\":[{\"from\":\"07:00\",\"to\":\"19:00\",\"people\":[\"x\"]}]}",
        "{\"shifts\":[{\"from\":\"07:00\",\"to\":\"19:00\",\"people\":[\"%s\",\"%s\"]}]}",
        ("{\"shifts\":[{\"from\":\"07:00\",\"to\":\"19:00\",\"people\":[\"%s\"]},"
         "{\"from\":\"07:00\",\"to\":\"19:00\",\"people\":[\"%s\"]}]}"),
    };
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_auto(GStrv) parts = g_strsplit(wrong[i], "%s", -1);
        g_autofree char *body = g_strjoinv(boss, parts);
        json_decref(set(house, admin, "mon", body, 400));
    }
    g_autofree char *body = g_strdup_printf(
        "{\"shifts\":[{\"from\":\"07:00\",\"to\":\"19:00\",\"people\":[\"%s\"]}]}", auditor);
    json_decref(set(house, admin, "mon", body, 400));
    json_decref(set(house, admin, "holiday", "{\"shifts\":[]}", 400));
    static const char *const queries[] = {
        "from=x", "from=2026-12-01T00:00:00Z&to=2026-11-01T00:00:00Z", "to=2027-12-01T00:00:00Z",
        "from=9999-12-31T20:00:00Z", "from=0001-01-01T00:00:00Z"};
    for (size_t i = 0; i < G_N_ELEMENTS(queries); i++) {
        g_autofree char *what = g_strconcat("GET /api/v1/shifts?", queries[i], NULL);
        fits(house, admin, "GET /shifts", what, NULL, 400);
    }
}

static void the_audit_log_tells_who_came_to_a_shift_and_who_left_it(void **state)
{
    House *house = *state;
    g_autofree char *commander = house_session(house, ROLE_COMMANDER);
    g_free(house_session(house, ROLE_OFFICER));
    g_autofree char *lan = id_of(house, "officer-1"), *boss = id_of(house, "commander-1");
    for (int i = 0; i < 2; i++) {
        g_autofree char *body = g_strdup_printf(
            "{\"shifts\":[{\"from\":\"22:00\",\"to\":\"06:00\",\"people\":[\"%s\"]}]}",
            i ? boss : lan);
        json_decref(set(house, commander, "fri", body, 200));
    }
    assert_true(audit_flush(house->audit, NULL));
    g_autoptr(GPtrArray) lines = audit_rows(house->audit, 1);
    const AuditRow *line = lines->pdata[0];
    assert_string_equal(line->action, "shift-edit");
    assert_string_equal(line->object, "fri");
    assert_int_equal(line->changes->len, 2);
    const AuditRowChange *left = &g_array_index(line->changes, AuditRowChange, 0), *came = left + 1;
    assert_string_equal(left->field, "22:00-06:00");
    assert_string_equal(left->before, lan);
    assert_string_equal(left->after, "");
    assert_string_equal(came->before, "");
    assert_string_equal(came->after, boss);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_on_monday, close_it)
    const struct CMUnitTest tests[] = {
        TEST(an_officer_sees_when_his_shift_ends_and_who_comes_then),
        TEST(an_officer_sets_nothing_and_a_village_head_sees_nothing),
        TEST(a_date_without_shifts_is_a_hole_until_it_is_taken_back),
        TEST(what_makes_no_sense_is_refused),
        TEST(the_audit_log_tells_who_came_to_a_shift_and_who_left_it),
    };
    return cmocka_run_group_tests(tests, read_document, drop_document);
}
