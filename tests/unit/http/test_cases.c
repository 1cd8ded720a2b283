/* Cases over the API: opened from reports, worked on, decided, closed, with what they gather. Each
 * answer fits openapi.yaml. */
#include "audit_rows.h"
#include "base/clock.h"
#include "base/time_text.h"
#include "case_ask.h"
#include "unit.h"

#include <string.h>

static size_t listed(House *house, const char *session, const char *query)
{
    g_autofree char *what = g_strconcat("GET /api/v1/cases", query, NULL);
    g_autoptr(Json) page = ask(house, session, "GET /cases", what, NULL, 200);
    return json_array_size(json_object_get(page, "items"));
}

static Json *report_now(House *house, const char *session, const Json *told)
{
    g_autofree char *what = g_strconcat("GET /api/v1/reports/", text_of(told, "id"), NULL);
    return ask(house, session, "GET /reports/{id}", what, NULL, 200);
}

/* ---- the tests ---- */

static void a_case_goes_from_a_report_to_what_its_reporter_reads(void **state)
{
    House *house = *state;
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    g_autoptr(Json) told = ask_case_report(house, officer),
                    opened = ask_case_from(house, officer, told);
    const char *id = text_of(opened, "id");
    assert_true(g_str_has_prefix(text_of(opened, "number"), "VV-20"));
    assert_true(g_str_has_suffix(text_of(opened, "number"), "-0001"));
    assert_string_equal(text_of(opened, "state"), "new");
    assert_string_equal(text_of(opened, "kind"), "fight");
    assert_string_equal(text_of(opened, "from"), text_of(told, "from"));
    assert_string_equal(text_of(json_object_get(opened, "assignee"), "name"), "officer-1");
    g_autoptr(Json) taken = report_now(house, officer, told);
    assert_string_equal(text_of(taken, "state"), "taken");
    assert_string_equal(text_of(taken, "taken_by"), "officer-1");

    json_decref(ask_case_change(house, officer, id, "\"state\":\"searching\"", 200));
    json_decref(ask_case_change(
        house, officer, id, "\"state\":\"decided\",\"outcome\":\"mediated\",\"document\":\"3/BB\"",
        200));
    g_autoptr(Json) closed = ask_case_change(
        house, officer, id, "\"state\":\"closed\",\"answer\":\"Đã hòa giải tại bản.\"", 200);
    assert_string_equal(text_of(closed, "outcome"), "mediated");
    assert_true(case_has_history(closed, "opened", "new"));
    assert_true(case_has_history(closed, "state", "searching"));
    assert_true(case_has_history(closed, "state", "decided"));
    assert_true(case_has_history(closed, "outcome", "mediated"));
    g_autoptr(Json) answered = report_now(house, officer, told);
    assert_string_equal(text_of(answered, "state"), "answered");
    assert_string_equal(text_of(answered, "answer"), "Đã hòa giải tại bản.");
    g_autoptr(Json) over =
        ask_case_put(house, officer, id, "{\"kind\":\"note\",\"text\":\"x\"}", 409);
    assert_string_equal(text_of(over, "cause_code"), "case-over");
    g_autoptr(Json) by_number = ask_case_get(house, officer, text_of(opened, "number"), 200);
    assert_string_equal(text_of(by_number, "id"), id);
}

static void what_cannot_follow_and_what_is_stale_is_told_with_a_word(void **state)
{
    House *house = *state;
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    g_autoptr(Json) opened = ask_case_open(house, officer, "\"kind\":\"theft\"", 201);
    const char *id = text_of(opened, "id");
    g_autoptr(Json) refused = ask_case_change(house, officer, id, "\"state\":\"closed\"", 409);
    assert_string_equal(text_of(refused, "cause_code"), "case-state");
    assert_non_null(strstr(text_of(refused, "detail"), "searching"));
    json_decref(ask_case_change(house, officer, id, "\"title\":\"Mất xe máy\"", 200));
    g_autofree char *what = g_strconcat("PATCH /api/v1/cases/", id, NULL);
    g_autoptr(Json) stale =
        ask(house, officer, "PATCH /cases/{id}", what, "{\"revision\":1,\"title\":\"Khác\"}", 409);
    assert_string_equal(text_of(stale, "cause_code"), "changed");
    static const char *const nonsense[] = {"\"colour\":1", "\"state\":\"solved\"",
                                           "\"state\":\"rejected\"", "\"kind\":\"quarrel\"",
                                           "\"assignee\":\"nobody\""};
    for (size_t i = 0; i < G_N_ELEMENTS(nonsense); i++)
        json_decref(ask_case_change(house, officer, id, nonsense[i], 400));
    json_decref(ask(house, officer, "PATCH /cases/{id}", what, "{\"title\":\"x\"}", 400));
    json_decref(
        ask_case_open(house, officer, "\"kind\":\"theft\",\"reports\":[\"2026-999999\"]", 400));
    json_decref(ask_case_get(house, officer, "VV-2026-9999", 404));
}

static void a_report_belongs_to_one_case_until_it_is_taken_out(void **state)
{
    House *house = *state;
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    g_autoptr(Json) told = ask_case_report(house, officer),
                    first = ask_case_from(house, officer, told);
    g_autoptr(Json) second = ask_case_open(house, officer, "\"kind\":\"theft\"", 201);
    g_autofree char *body =
        g_strdup_printf("{\"kind\":\"report\",\"report\":\"%s\"}", text_of(told, "id"));
    g_autoptr(Json) refused = ask_case_put(house, officer, text_of(second, "id"), body, 409);
    assert_string_equal(text_of(refused, "cause_code"), "report-in-case");
    assert_string_equal(text_of(refused, "detail"), text_of(first, "number"));
    g_autofree char *item =
        g_strdup_printf("DELETE /api/v1/cases/%s/items/1", text_of(first, "id"));
    g_auto(ApiResponse) gone = {0};
    house_ask(house, officer, item, NULL, &gone);
    assert_int_equal(gone.status, 204);
    json_decref(ask_case_put(house, officer, text_of(second, "id"), body, 201));
    g_autoptr(Json) left = ask_case_get(house, officer, text_of(first, "id"), 200);
    assert_int_equal(json_array_size(json_object_get(left, "reports")), 0);
    assert_int_equal(json_array_size(json_object_get(left, "items")), 0);
    assert_true(case_has_history(left, "item-removed", "report"));
    g_autoptr(Json) moved = ask_case_get(house, officer, text_of(second, "id"), 200);
    const Json *of_second = json_array_get(json_object_get(moved, "reports"), 0);
    assert_string_equal(text_of(of_second, "number"), text_of(told, "number"));
    assert_string_equal(text_of(of_second, "id"), text_of(told, "id"));
    g_autoptr(Json) now = report_now(house, officer, told);
    assert_string_equal(text_of(now, "case"), text_of(second, "number"));
    g_autofree char *head = house_session(house, ROLE_VILLAGE_HEAD);
    g_autoptr(Json) seen = report_now(house, head, told);
    assert_null(json_object_get(seen, "case"));
}

static void footage_begins_the_search_and_stops_the_clock(void **state)
{
    House *house = *state;
    char camera[UUID_TEXT];
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    g_autoptr(Json) told = ask_case_report(house, officer),
                    opened = ask_case_from(house, officer, told);
    const char *id = text_of(opened, "id");
    uuid_text(&house->camera, camera);
    g_autofree char *more = g_strdup_printf("\"kind\":\"footage\",\"camera\":\"%s\"", camera);
    g_autofree char *nothing = g_strdup_printf(
        "\"kind\":\"nothing-seen\",\"cameras\":[\"%s\"],\"words\":\"trời tối\"", camera);
    g_autofree char *footage = case_body(more), *unseen = case_body(nothing);
    json_decref(ask_case_put(house, officer, id, unseen, 201));
    g_autoptr(Json) searched = ask_case_get(house, officer, id, 200);
    assert_string_equal(text_of(searched, "state"), "searching");
    assert_null(json_object_get(searched, "minutes_to_footage"));
    json_decref(ask_case_put(house, officer, id, footage, 201));
    g_autoptr(Json) found = ask_case_get(house, officer, id, 200);
    assert_int_equal(number_of(found, "minutes_to_footage"), 0);
    assert_int_equal(number_of(json_object_get(found, "counts"), "items"), 3);
    static const char *const refused[] = {
        "\"kind\":\"footage\",\"camera\":\"00000000-0000-4000-8000-000000000000\"",
        "\"kind\":\"footage\"",
        "\"kind\":\"nothing-seen\",\"cameras\":[]",
        "\"kind\":\"note\",\"text\":\"x\"",
        "\"kind\":\"rumour\"",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(refused); i++) {
        g_autofree char *body = case_body(refused[i]);
        json_decref(ask_case_put(house, officer, id, body, 400));
    }
    json_decref(ask_case_put(house, officer, id, "{\"kind\":\"event\",\"event\":\"x\"}", 400));
    json_decref(ask_case_put(house, officer, id,
                             "{\"kind\":\"person\",\"role\":\"victim\",\"count\":2}", 201));
}

static void a_colleagues_own_bookmark_goes_into_no_case(void **state)
{
    House *house = *state;
    char camera[UUID_TEXT];
    g_autofree char *officer = house_session(house, ROLE_OFFICER),
                    *commander = house_session(house, ROLE_COMMANDER);
    g_autofree char *more = g_strdup_printf("\"camera\":\"%s\",\"note\":\"xe đỏ\",\"shared\":false",
                                            uuid_text(&house->camera, camera));
    g_autofree char *body = case_body(more);
    g_autoptr(Json) made =
        ask(house, commander, "POST /bookmarks", "POST /api/v1/bookmarks", body, 201);
    g_autoptr(Json) opened = ask_case_open(house, officer, "\"kind\":\"theft\"", 201);
    g_autofree char *item =
        g_strdup_printf("{\"kind\":\"bookmark\",\"bookmark\":\"%s\"}", text_of(made, "id"));
    json_decref(ask_case_put(house, officer, text_of(opened, "id"), item, 400));
    g_autoptr(Json) kept = ask_case_put(house, commander, text_of(opened, "id"), item, 201);
    assert_string_equal(text_of(kept, "words"), "xe đỏ");
    assert_string_equal(text_of(kept, "camera"), camera);
}

static void a_case_is_handed_over_to_who_works_on_cases(void **state)
{
    House *house = *state;
    Account commander, auditor;
    char ids[2][UUID_TEXT];
    g_autofree char *officer = house_session(house, ROLE_OFFICER),
                    *session = house_session(house, ROLE_COMMANDER),
                    *outsider = house_session(house, ROLE_AUDITOR);
    assert_true(people_account_named(house->people, "commander-1", &commander));
    assert_true(people_account_named(house->people, "auditor-1", &auditor));
    g_autoptr(Json) opened = ask_case_open(house, officer, "\"kind\":\"theft\"", 201);
    const char *id = text_of(opened, "id");
    g_autofree char *to_auditor =
        g_strdup_printf("\"assignee\":\"%s\"", uuid_text(&auditor.id, ids[0]));
    g_autofree char *to_commander =
        g_strdup_printf("\"assignee\":\"%s\"", uuid_text(&commander.id, ids[1]));
    json_decref(ask_case_change(house, officer, id, to_auditor, 400));
    assert_int_equal(listed(house, session, "?assignee=me"), 0);
    g_autoptr(Json) handed = ask_case_change(house, officer, id, to_commander, 200);
    assert_true(case_has_history(handed, "assignee", "commander-1"));
    assert_int_equal(listed(house, session, "?assignee=me"), 1);
    assert_int_equal(listed(house, officer, "?assignee=me"), 0);
    json_decref(ask_case_change(house, officer, id, "\"assignee\":null", 200));
    assert_int_equal(listed(house, outsider, "?assignee=none&state=new,searching"), 1);
}

static void who_does_not_work_on_cases_reads_none_and_the_auditor_changes_none(void **state)
{
    House *house = *state;
    static const Role blind[] = {ROLE_VILLAGE_HEAD, ROLE_HOUSEHOLD};
    g_autofree char *officer = house_session(house, ROLE_OFFICER),
                    *auditor = house_session(house, ROLE_AUDITOR);
    g_autoptr(Json) opened = ask_case_open(house, officer, "\"kind\":\"theft\"", 201);
    const char *id = text_of(opened, "id");
    for (size_t i = 0; i < G_N_ELEMENTS(blind); i++) {
        g_autofree char *session = house_session(house, blind[i]);
        json_decref(ask_case_get(house, session, id, 403));
        json_decref(ask_case_open(house, session, "\"kind\":\"theft\"", 403));
        json_decref(ask_case_put(house, session, id, "{\"kind\":\"note\",\"text\":\"x\"}", 403));
        json_decref(ask_case_change(house, session, id, "\"state\":\"searching\"", 403));
    }
    json_decref(ask_case_get(house, auditor, id, 200));
    json_decref(ask_case_open(house, auditor, "\"kind\":\"theft\"", 403));
    json_decref(ask_case_put(house, auditor, id, "{\"kind\":\"note\",\"text\":\"x\"}", 403));
    json_decref(ask_case_change(house, auditor, id, "\"state\":\"searching\"", 403));
}

/* ---- holds ---- */

static void the_same_case_sent_twice_is_one(void **state)
{
    House *house = *state;
    g_autofree char *officer = house_session(house, ROLE_OFFICER),
                    *commander = house_session(house, ROLE_COMMANDER);
    static const char told[] =
        "\"kind\":\"theft\",\"note\":\"Mất xe\",\"key\":\"11111111-1111-4111-8111-111111111111\"";
    g_autoptr(Json) first = ask_case_open(house, officer, told, 201);
    g_autoptr(Json) again = ask_case_open(house, officer, told, 201);
    assert_string_equal(text_of(first, "number"), text_of(again, "number"));
    assert_int_equal(listed(house, officer, ""), 1);
    json_decref(ask_case_open(house, commander, told, 409));
}

static void a_state_that_lasts_too_long_is_overdue(void **state)
{
    House *house = *state;
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    g_autoptr(Json) opened = ask_case_open(house, officer, "\"kind\":\"theft\"", 201);
    assert_false(json_boolean_value(json_object_get(opened, "overdue")));
    assert_int_equal(listed(house, officer, "?overdue=true"), 0);
    int64_t now_us = clock_now_us();
    clock_test_set(-1, now_us + 61 * MINUTE_US);
    g_autoptr(Json) later = ask_case_get(house, officer, text_of(opened, "id"), 200);
    size_t overdue = listed(house, officer, "?overdue=true");
    clock_test_set(-1, -1);
    assert_true(json_boolean_value(json_object_get(later, "overdue")));
    assert_int_equal(overdue, 1);
}

static void count_late(void *data, const CaseRow *row, bool late)
{
    unsigned *told = data;
    *told += late;
}

static void that_a_state_lasts_too_long_is_told_once(void **state)
{
    House *house = *state;
    unsigned told = 0;
    g_autofree char *number = house_case(house);
    case_desk_listen(house->cases, count_late, &told);
    case_desk_look(house->cases);
    assert_int_equal(told, 0);
    int64_t now_us = clock_now_us();
    clock_test_set(-1, now_us + 61 * MINUTE_US);
    case_desk_look(house->cases);
    case_desk_look(house->cases);
    clock_test_set(-1, -1);
    assert_int_equal(told, 1);
}

static void the_audit_log_has_the_number_and_no_words(void **state)
{
    House *house = *state;
    unsigned lines = 0;
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    g_autoptr(Json) opened =
        ask_case_open(house, officer, "\"kind\":\"theft\",\"title\":\"Xe nhà Lò\"", 201);
    json_decref(
        ask_case_change(house, officer, text_of(opened, "id"), "\"title\":\"Xe của Lò\"", 200));
    json_decref(ask_case_change(house, officer, text_of(opened, "id"),
                                "\"state\":\"rejected\",\"reason\":\"Lò nhớ nhầm\"", 200));
    g_autofree char *reason = g_strconcat("case ", text_of(opened, "number"), NULL);
    assert_true(audit_flush(house->audit, NULL));
    g_autoptr(GPtrArray) rows = audit_rows(house->audit, 100);
    for (guint i = 0; i < rows->len; i++) {
        const AuditRow *row = rows->pdata[i];
        if (!g_str_has_prefix(row->action, "case-"))
            continue;
        lines++;
        assert_string_equal(row->reason, reason);
        assert_string_equal(row->object, text_of(opened, "id"));
        for (guint n = 0; n < row->changes->len; n++) {
            const AuditRowChange *one = &g_array_index(row->changes, AuditRowChange, n);
            assert_null(strstr(one->before, "Lò"));
            assert_null(strstr(one->after, "Lò"));
        }
    }
    assert_int_equal(lines, 3);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, house_open, house_close)
    const struct CMUnitTest tests[] = {
        TEST(a_case_goes_from_a_report_to_what_its_reporter_reads),
        TEST(what_cannot_follow_and_what_is_stale_is_told_with_a_word),
        TEST(a_report_belongs_to_one_case_until_it_is_taken_out),
        TEST(footage_begins_the_search_and_stops_the_clock),
        TEST(a_colleagues_own_bookmark_goes_into_no_case),
        TEST(a_case_is_handed_over_to_who_works_on_cases),
        TEST(who_does_not_work_on_cases_reads_none_and_the_auditor_changes_none),
        TEST(the_same_case_sent_twice_is_one),
        TEST(a_state_that_lasts_too_long_is_overdue),
        TEST(that_a_state_lasts_too_long_is_told_once),
        TEST(the_audit_log_has_the_number_and_no_words),
    };
    return cmocka_run_group_tests(tests, read_document, drop_document);
}
