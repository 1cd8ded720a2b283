/* Reports of one thing that are joined, and the case of one of them: what the others hold is held
 * for it, and what they told is evidence of it. Each answer fits openapi.yaml. */
#include "api_ask.h"
#include "base/clock.h"
#include "base/time_text.h"
#include "unit.h"

#include <string.h>

#define MARKET "Chợ dưới"
#define BRIDGE "Cầu treo"

/* At a place with a camera of its own, far from others; `*camera` is that one. Owned. */
static Json *report_at(House *house, const char *session, const char *name, Uuid *camera)
{
    Uuid location;
    int64_t now_us = clock_now_us();
    char from[TIME_TEXT], to[TIME_TEXT], id[UUID_TEXT];
    double latitude = 21.5 + 0.01 * (double)strlen(name), longitude = 103.15;
    const LocationEdit edit = {.name = name, .latitude = &latitude, .longitude = &longitude};
    assert_true(site_location_add(house->site, &edit, &location, NULL));
    *camera = house_camera(house, name, &location);
    g_autofree char *body = g_strdup_printf(
        "{\"kind\":\"fight\",\"from\":\"%s\",\"to\":\"%s\",\"location\":\"%s\",\"text\":\"%s\"}",
        time_text(now_us - 10 * MINUTE_US, from), time_text(now_us, to), uuid_text(&location, id),
        name);
    return ask(house, session, "POST /reports", "POST /api/v1/reports", body, 201);
}

static void change(House *house, const char *session, const Json *report, const char *body)
{
    g_autofree char *what = g_strconcat("PATCH /api/v1/reports/", text_of(report, "id"), NULL);
    json_decref(ask(house, session, "PATCH /reports/{id}", what, body, 200));
}

static void join(House *house, const char *session, const Json *report, const Json *to)
{
    g_autofree char *body = g_strdup_printf("{\"join\":\"%s\"}", text_of(to, "number"));
    change(house, session, report, body);
}

static Json *now(House *house, const char *session, const Json *report)
{
    g_autofree char *what = g_strconcat("GET /api/v1/reports/", text_of(report, "id"), NULL);
    return ask(house, session, "GET /reports/{id}", what, NULL, 200);
}

static Json *case_from(House *house, const char *session, const Json *report)
{
    g_autofree char *body = g_strdup_printf("{\"reports\":[\"%s\"]}", text_of(report, "number"));
    return ask(house, session, "POST /cases", "POST /api/v1/cases", body, 201);
}

static Json *case_now(House *house, const char *session, const Json *of)
{
    g_autofree char *what = g_strconcat("GET /api/v1/cases/", text_of(of, "id"), NULL);
    return ask(house, session, "GET /cases/{id}", what, NULL, 200);
}

static void change_case(House *house, const char *session, const Json *of, const char *members)
{
    g_autoptr(Json) seen = case_now(house, session, of);
    g_autofree char *what = g_strconcat("PATCH /api/v1/cases/", text_of(of, "id"), NULL);
    g_autofree char *body =
        g_strdup_printf("{\"revision\":%d,%s}",
                        (int)json_integer_value(json_object_get(seen, "revision")), members);
    json_decref(ask(house, session, "PATCH /cases/{id}", what, body, 200));
}

static void reject(House *house, const char *session, const Json *of)
{
    change_case(house, session, of, "\"state\":\"rejected\",\"reason\":\"Không có việc ấy\"");
}

static void close_case(House *house, const char *session, const Json *of, const char *answer)
{
    g_autofree char *members = g_strdup_printf("\"state\":\"closed\",\"answer\":\"%s\"", answer);
    change_case(house, session, of, "\"state\":\"searching\"");
    change_case(house, session, of,
                "\"state\":\"decided\",\"outcome\":\"mediated\",\"document\":\"3/BB\"");
    change_case(house, session, of, members);
}

static bool holds_camera(const Json *hold, const Uuid *camera)
{
    size_t i;
    Json *one;
    char id[UUID_TEXT];
    uuid_text(camera, id);
    json_array_foreach(json_object_get(hold, "cameras"), i, one)
    {
        if (strcmp(text_of(one, "camera"), id) == 0)
            return true;
    }
    return false;
}

static Json *confirm(House *house, const char *session, const Json *of)
{
    g_autofree char *what = g_strdup_printf("POST /api/v1/cases/%s/holds", text_of(of, "id"));
    return ask(house, session, "POST /cases/{id}/holds", what, "{\"confirm\":true}", 201);
}

static void what_a_joined_report_holds_is_confirmed_for_the_case_of_the_other(void **state)
{
    House *house = *state;
    Uuid at_market, at_bridge;
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    g_autoptr(Json) market = report_at(house, officer, MARKET, &at_market);
    g_autoptr(Json) bridge = report_at(house, officer, BRIDGE, &at_bridge);
    join(house, officer, bridge, market);
    g_autoptr(Json) opened = case_from(house, officer, market);
    g_autoptr(Json) hold = confirm(house, officer, opened);
    assert_true(holds_camera(hold, &at_market));
    assert_true(holds_camera(hold, &at_bridge));

    g_autoptr(Json) seen = case_now(house, officer, opened);
    const Json *reports = json_object_get(seen, "reports"), *second = json_array_get(reports, 1);
    assert_int_equal(json_array_size(reports), 2);
    assert_string_equal(text_of(second, "number"), text_of(bridge, "number"));
    assert_string_equal(text_of(second, "joined_to"), text_of(market, "number"));
    g_autoptr(Json) told = now(house, officer, bridge);
    assert_string_equal(text_of(told, "case"), text_of(opened, "number"));
}

static void a_case_of_the_joined_one_holds_for_the_other_too_until_they_are_told_apart(void **state)
{
    House *house = *state;
    Uuid at_market, at_bridge;
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    g_autoptr(Json) market = report_at(house, officer, MARKET, &at_market);
    g_autoptr(Json) bridge = report_at(house, officer, BRIDGE, &at_bridge);
    g_autoptr(Json) opened = case_from(house, officer, bridge);
    join(house, officer, bridge, market);
    g_autoptr(Json) hold = confirm(house, officer, opened);
    assert_true(holds_camera(hold, &at_market) && holds_camera(hold, &at_bridge));
    change(house, officer, bridge, "{\"state\":\"taken\"}");
    g_autoptr(Json) alone = confirm(house, officer, opened);
    assert_false(holds_camera(alone, &at_market));
    assert_true(holds_camera(alone, &at_bridge));
}

static void a_report_with_a_case_of_its_own_is_of_that_whatever_it_is_joined_to(void **state)
{
    House *house = *state;
    Uuid at_market, at_bridge;
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    g_autoptr(Json) market = report_at(house, officer, MARKET, &at_market);
    g_autoptr(Json) bridge = report_at(house, officer, BRIDGE, &at_bridge);
    g_autoptr(Json) first = case_from(house, officer, market),
                    second = case_from(house, officer, bridge);
    join(house, officer, bridge, market);
    g_autoptr(Json) seen = case_now(house, officer, first);
    assert_int_equal(json_array_size(json_object_get(seen, "reports")), 1);
    g_autoptr(Json) told = now(house, officer, bridge);
    assert_string_equal(text_of(told, "case"), text_of(second, "number"));
}

static void what_two_cases_share_is_answered_by_the_last_of_them(void **state)
{
    House *house = *state;
    Uuid camera;
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    g_autoptr(Json) market = report_at(house, officer, MARKET, &camera);
    g_autoptr(Json) bridge = report_at(house, officer, BRIDGE, &camera);
    g_autoptr(Json) shared = report_at(house, officer, "Trường", &camera);
    g_autoptr(Json) first = case_from(house, officer, market),
                    second = case_from(house, officer, bridge);
    change(house, officer, shared, "{\"state\":\"taken\"}");
    join(house, officer, market, shared);
    join(house, officer, bridge, shared);
    close_case(house, officer, first, "Đã hòa giải.");
    g_autoptr(Json) open = now(house, officer, shared);
    assert_string_equal(text_of(open, "state"), "taken");
    close_case(house, officer, second, "Cầu đã sửa xong.");
    g_autoptr(Json) answered = now(house, officer, shared);
    assert_string_equal(text_of(answered, "state"), "answered");
    assert_string_equal(text_of(answered, "answer"), "Cầu đã sửa xong.");
}

static void erase(House *house, const char *session, const Json *report, const char *left)
{
    g_autofree char *what =
        g_strdup_printf("POST /api/v1/reports/%s/erasure", text_of(report, "id"));
    g_autoptr(Json) after = ask(house, session, "POST /reports/{id}/erasure", what, NULL, 200);
    assert_string_equal(text_of(after, "erased"), left);
}

static void look_after(House *house, int64_t days)
{
    int64_t mono_us = clock_mono_us(), wall_us = clock_wall_us();
    clock_test_set(mono_us + days * DAY_US, wall_us + days * DAY_US);
    report_desk_look(house->reports);
    clock_test_set(-1, -1);
}

static void what_was_told_of_the_same_thing_stays_while_the_case_is_open(void **state)
{
    House *house = *state;
    Uuid at_market, at_bridge;
    g_autofree char *commander = house_session(house, ROLE_COMMANDER);
    g_autoptr(Json) market = report_at(house, commander, MARKET, &at_market);
    g_autoptr(Json) bridge = report_at(house, commander, BRIDGE, &at_bridge);
    join(house, commander, bridge, market);
    g_autoptr(Json) opened = case_from(house, commander, market);
    look_after(house, 3000); /* longer than joined reports are kept */
    g_autoptr(Json) kept = now(house, commander, bridge);
    assert_string_equal(text_of(kept, "text"), BRIDGE);
    assert_true(json_boolean_value(json_object_get(kept, "stays_for_case")));
    erase(house, commander, bridge, "person");
    g_autoptr(Json) evidence = now(house, commander, bridge);
    assert_string_equal(text_of(evidence, "text"), BRIDGE);
    reject(house, commander, opened);
    erase(house, commander, bridge, "all");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, house_open, house_close)
    const struct CMUnitTest tests[] = {
        TEST(what_a_joined_report_holds_is_confirmed_for_the_case_of_the_other),
        TEST(a_case_of_the_joined_one_holds_for_the_other_too_until_they_are_told_apart),
        TEST(a_report_with_a_case_of_its_own_is_of_that_whatever_it_is_joined_to),
        TEST(what_two_cases_share_is_answered_by_the_last_of_them),
        TEST(what_was_told_of_the_same_thing_stays_while_the_case_is_open),
    };
    return cmocka_run_group_tests(tests, read_document, drop_document);
}
