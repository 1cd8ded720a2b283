/* What the auditor should look into, over the API: names, cameras, the number of a case. */
#include "api_ask.h"
#include "base/clock.h"
#include "base/time_text.h"
#include "people/audit_marks.h"
#include "unit.h"

#include <string.h>

static Json *marks_of(House *house, const char *session, const char *query, int status)
{
    g_autofree char *what = g_strconcat("GET /api/v1/audit/marks", query, NULL);
    return ask(house, session, "GET /audit/marks", what, NULL, status);
}

static const char *text_of(const Json *json, const char *member)
{
    const char *text = json_string_value(json_object_get(json, member));
    return text ? text : "";
}

/* An officer's looks at the house's camera. */
static void look(House *house, const Uuid *actor, const char *reason, int count)
{
    char camera[UUID_TEXT];
    AuditEntry entry = {.actor = *actor,
                        .action = "replay",
                        .object = uuid_text(&house->camera, camera),
                        .reason = reason,
                        .result = "ok",
                        .from_us = 1,
                        .to_us = 2};
    for (int i = 0; i < count; i++)
        audit_append(house->audit, &entry);
}

/* Who is signed in with this session. */
static Uuid account_of(House *house, const char *session)
{
    Uuid id = {0};
    g_autoptr(Json) me = ask(house, session, "GET /me", "GET /api/v1/me", NULL, 200);
    assert_true(uuid_parse(text_of(me, "id"), &id));
    return id;
}

/* Opens a case, of a report when `report` is one; its number, owned. */
static char *open_case(House *house, const char *session, const char *report)
{
    char at[TIME_TEXT];
    time_text(clock_now_us() - MINUTE_US, at);
    g_autofree char *body =
        report
            ? g_strdup_printf("{\"reports\":[\"%s\"]}", report)
            : g_strdup_printf(
                  "{\"kind\":\"fight\",\"where\":\"Chợ\",\"from\":\"%s\",\"to\":\"%s\"}", at, at);
    g_autoptr(Json) row = ask(house, session, "POST /cases", "POST /api/v1/cases", body, 201);
    return g_strdup(text_of(row, "number"));
}

static char *tell(House *house, const char *session)
{
    char id[UUID_TEXT], at[TIME_TEXT];
    g_autofree char *body =
        g_strdup_printf("{\"kind\":\"fight\",\"location\":\"%s\",\"from\":\"%s\",\"to\":\"%s\"}",
                        uuid_text(&house->location, id), time_text(clock_now_us(), at), at);
    g_autoptr(Json) row = ask(house, session, "POST /reports", "POST /api/v1/reports", body, 201);
    return g_strdup(text_of(row, "id"));
}

static void looks_over_and_over_and_a_case_behind_them_are_marked_by_name(void **state)
{
    House *house = *state;
    g_autofree char *officer = house_session(house, ROLE_OFFICER),
                    *auditor = house_session(house, ROLE_AUDITOR);
    Uuid who = account_of(house, officer);
    look(house, &who, "training", MARK_SAME_LEAST);
    g_autofree char *number = open_case(house, officer, NULL);
    g_autoptr(Json) marks = marks_of(house, auditor, "", 200);
    const Json *items = json_object_get(marks, "items");
    assert_int_equal(json_array_size(items), 2);
    const Json *over = json_array_get(items, 0), *after = json_array_get(items, 1);
    assert_string_equal(text_of(over, "kind"), "same-camera-without-case");
    assert_string_equal(text_of(over, "actor_name"), "officer-1");
    assert_int_equal(json_integer_value(json_object_get(over, "count")), MARK_SAME_LEAST);
    assert_string_equal(text_of(json_array_get(json_object_get(over, "cameras"), 0), "name"),
                        "Cổng chợ");
    assert_string_equal(text_of(after, "kind"), "case-after-view");
    assert_string_equal(text_of(after, "case"), number);
}

static void a_case_that_a_report_began_explains_nothing_afterwards(void **state)
{
    House *house = *state;
    g_autofree char *officer = house_session(house, ROLE_OFFICER),
                    *auditor = house_session(house, ROLE_AUDITOR);
    Uuid who = account_of(house, officer);
    look(house, &who, "training", 2);
    g_autofree char *report = tell(house, officer), *number = open_case(house, officer, report);
    g_autoptr(Json) marks = marks_of(house, auditor, "", 200);
    assert_int_equal(json_array_size(json_object_get(marks, "items")), 0);
}

static void marks_are_for_those_who_watch_over_the_log(void **state)
{
    House *house = *state;
    static const Role others[] = {ROLE_COMMANDER, ROLE_OFFICER, ROLE_VILLAGE_HEAD, ROLE_HOUSEHOLD};
    for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
        g_autofree char *session = house_session(house, others[i]);
        json_decref(marks_of(house, session, "", 403));
    }
    g_autofree char *auditor = house_session(house, ROLE_AUDITOR);
    json_decref(
        marks_of(house, auditor, "?from=2026-01-01T00:00:00Z&to=2026-03-01T00:00:00Z", 400));
    json_decref(
        marks_of(house, auditor, "?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z", 400));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, house_open, house_close)
    const struct CMUnitTest tests[] = {
        TEST(looks_over_and_over_and_a_case_behind_them_are_marked_by_name),
        TEST(a_case_that_a_report_began_explains_nothing_afterwards),
        TEST(marks_are_for_those_who_watch_over_the_log),
    };
    return cmocka_run_group_tests(tests, read_document, drop_document);
}
