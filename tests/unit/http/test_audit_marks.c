/* What the auditor should look into, over the API: names, cameras, the number of a case. */
#include "api_ask.h"
#include "base/clock.h"
#include "base/time_text.h"
#include "config/site_day.h"
#include "people/audit_marks.h"
#include "unit.h"

#include <string.h>

static Json *marks_of(House *house, const char *session, const char *query, int status)
{
    g_autofree char *what = g_strconcat("GET /api/v1/audit/marks", query, NULL);
    return ask(house, session, "GET /audit/marks", what, NULL, status);
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
    assert_true(*number);
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

/* Judges the first mark of the list. */
static void judge(House *house, const char *session, const Json *marks, const char *body,
                  int status)
{
    const Json *mark = json_array_get(json_object_get(marks, "items"), 0);
    g_autofree char *what = g_strconcat("PUT /api/v1/audit/marks/", text_of(mark, "id"), NULL);
    json_decref(ask(house, session, "PUT /audit/marks/{id}", what, body, status));
}

static const char *verdict_of(const Json *marks)
{
    const Json *mark = json_array_get(json_object_get(marks, "items"), 0);
    return text_of(json_object_get(mark, "judged"), "verdict");
}

/* Of this month, and what everyone reads. */
static void assert_told(House *house, const char *session, int found, int misuse, int explained)
{
    g_autofree char *month = site_day_text(house->site, clock_now_us());
    g_autofree char *what = g_strdup_printf("GET /api/v1/months/%.7s", month),
                    *table = g_strdup_printf("/api/v1/months/%.7s/figures.csv", month),
                    *line = g_strdup_printf("\"marks\",\"misuse\",%d\r\n", misuse);
    g_autoptr(Json) told = ask(house, session, "GET /months/{month}", what, NULL, 200);
    const Json *marks = json_object_get(told, "marks");
    assert_int_equal(json_integer_value(json_object_get(marks, "found")), found);
    assert_int_equal(json_integer_value(json_object_get(marks, "misuse")), misuse);
    assert_int_equal(json_integer_value(json_object_get(marks, "explained")), explained);
    const ApiRequest request = {.method = API_GET,
                                .path = table,
                                .session = session,
                                .address = "10.0.0.9",
                                .device = "test"};
    g_auto(ApiResponse) answer = {0};
    api_dispatch(&house->api, &request, &answer);
    g_autofree char *text = g_strndup((const char *)answer.bytes->data, answer.bytes->size);
    assert_non_null(strstr(text, line));
}

static void what_a_mark_was_is_judged_by_the_auditor_and_told_in_figures(void **state)
{
    House *house = *state;
    g_autofree char *officer = house_session(house, ROLE_OFFICER),
                    *auditor = house_session(house, ROLE_AUDITOR);
    Uuid who = account_of(house, officer);
    look(house, &who, "training", MARK_SAME_LEAST);
    g_autoptr(Json) before = marks_of(house, auditor, "", 200);
    assert_string_equal(verdict_of(before), "");
    judge(house, auditor, before, "{\"verdict\":\"misuse\",\"note\":\"xem xe nhà bên\"}", 204);
    g_autoptr(Json) after = marks_of(house, auditor, "", 200);
    assert_string_equal(verdict_of(after), "misuse");
    assert_told(house, auditor, 1, 1, 0);
    g_autoptr(Json) page =
        ask(house, NULL, "GET /public/page", "GET /api/v1/public/page", NULL, 200);
    assert_int_equal(json_integer_value(json_object_get(page, "misuse")), 1);
    judge(house, auditor, before, "{\"verdict\":\"explained\",\"note\":\"tập huấn\"}", 204);
    assert_told(house, auditor, 1, 0, 1);
    judge(house, auditor, before, "{\"verdict\":null}", 204);
    assert_told(house, auditor, 1, 0, 0);
}

static void looks_that_go_on_after_they_were_judged_are_judged_anew_and_count_once(void **state)
{
    House *house = *state;
    g_autofree char *officer = house_session(house, ROLE_OFFICER),
                    *auditor = house_session(house, ROLE_AUDITOR);
    Uuid who = account_of(house, officer);
    const char *misuse = "{\"verdict\":\"misuse\",\"note\":\"không vì việc gì\"}";
    look(house, &who, "training", MARK_SAME_LEAST);
    g_autoptr(Json) before = marks_of(house, auditor, "", 200);
    judge(house, auditor, before, misuse, 204);
    look(house, &who, "training", 1);
    g_autoptr(Json) after = marks_of(house, auditor, "", 200);
    assert_string_equal(verdict_of(after), "");
    assert_int_equal(json_array_size(json_object_get(after, "gone")), 1);
    judge(house, auditor, before, misuse, 404);
    assert_told(house, auditor, 1, 1, 0);
    judge(house, auditor, before, "{\"verdict\":null}", 204); /* its looks stand in another one */
    assert_told(house, auditor, 1, 0, 0);
    judge(house, auditor, before, "{\"verdict\":null}", 404);
    judge(house, auditor, after, misuse, 204);
    assert_told(house, auditor, 1, 1, 0);
}

static size_t gone(const Json *marks)
{
    return json_array_size(json_object_get(marks, "gone"));
}

static void a_verdict_whose_mark_is_gone_is_listed_and_can_be_taken_back(void **state)
{
    House *house = *state;
    g_autofree char *officer = house_session(house, ROLE_OFFICER),
                    *auditor = house_session(house, ROLE_AUDITOR);
    Uuid who = account_of(house, officer);
    static const char before_them[] = "?from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z";
    look(house, &who, "training", MARK_SAME_LEAST);
    g_autoptr(Json) marks = marks_of(house, auditor, "", 200);
    assert_int_equal(gone(marks), 0);
    judge(house, auditor, marks, "{\"verdict\":\"misuse\",\"note\":\"xem xe nhà bên\"}", 204);
    g_autoptr(Json) stands = marks_of(house, auditor, "", 200);
    assert_int_equal(gone(stands), 0);
    g_autoptr(Json) none = marks_of(house, auditor, before_them, 200); /* no mark stands there */
    const Json *one = json_array_get(json_object_get(none, "gone"), 0);
    assert_string_equal(text_of(json_object_get(one, "judged"), "verdict"), "misuse");
    assert_string_equal(text_of(one, "kind"), "same-camera-without-case");
    assert_string_not_equal(text_of(one, "actor_name"), "");
    g_autofree char *what =
        g_strconcat("PUT /api/v1/audit/marks/", text_of(one, "id"), before_them, NULL);
    json_decref(ask(house, auditor, "PUT /audit/marks/{id}", what,
                    "{\"verdict\":\"explained\",\"note\":\"x\"}", 404));
    json_decref(ask(house, auditor, "PUT /audit/marks/{id}", what, "{\"verdict\":null}", 204));
    g_autoptr(Json) after = marks_of(house, auditor, before_them, 200);
    assert_int_equal(gone(after), 0);
    assert_told(house, auditor, 1, 0, 0);
}

static void nobody_else_judges_and_nobody_without_a_reason(void **state)
{
    House *house = *state;
    g_autofree char *officer = house_session(house, ROLE_OFFICER),
                    *auditor = house_session(house, ROLE_AUDITOR),
                    *admin = house_session(house, ROLE_ADMIN);
    Uuid who = account_of(house, officer), own = account_of(house, auditor);
    const char *explained = "{\"verdict\":\"explained\",\"note\":\"tập huấn\"}";
    look(house, &who, "training", MARK_SAME_LEAST);
    g_autoptr(Json) marks = marks_of(house, auditor, "", 200);
    judge(house, admin, marks, explained, 403);
    judge(house, officer, marks, explained, 403);
    judge(house, auditor, marks, "{\"verdict\":\"misuse\"}", 400);
    judge(house, auditor, marks, "{\"verdict\":\"guilty\",\"note\":\"x\"}", 400);
    look(house, &own, "training", MARK_SAME_LEAST);
    g_autoptr(Json) with_own = marks_of(house, auditor, "", 200);
    judge(house, auditor, with_own, explained, 403);
    assert_told(house, auditor, 2, 0, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, house_open, house_close)
    const struct CMUnitTest tests[] = {
        TEST(looks_over_and_over_and_a_case_behind_them_are_marked_by_name),
        TEST(a_case_that_a_report_began_explains_nothing_afterwards),
        TEST(marks_are_for_those_who_watch_over_the_log),
        TEST(what_a_mark_was_is_judged_by_the_auditor_and_told_in_figures),
        TEST(looks_that_go_on_after_they_were_judged_are_judged_anew_and_count_once),
        TEST(a_verdict_whose_mark_is_gone_is_listed_and_can_be_taken_back),
        TEST(nobody_else_judges_and_nobody_without_a_reason),
    };
    return cmocka_run_group_tests(tests, read_document, drop_document);
}
