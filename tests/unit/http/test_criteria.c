/* The commune's own criteria: kept, beside the month's figures, judged by hand. */
#include "api_ask.h"
#include "base/clock.h"
#include "base/time_text.h"
#include "config/site_day.h"
#include "unit.h"

#include <string.h>

static char *this_month(House *house)
{
    char *text = site_day_text(house->site, clock_now_us());
    text[7] = '\0';
    return text;
}

/* Adds one; its id, owned. */
static char *add(House *house, const char *body)
{
    g_autofree char *commander = house_session(house, ROLE_COMMANDER);
    g_autoptr(Json) made =
        ask(house, commander, "POST /criteria", "POST /api/v1/criteria", body, 201);
    return g_strdup(json_string_value(json_object_get(made, "id")));
}

static void tell(House *house, const char *kind)
{
    char id[UUID_TEXT], at[TIME_TEXT];
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    g_autofree char *body =
        g_strdup_printf("{\"kind\":\"%s\",\"location\":\"%s\",\"from\":\"%s\",\"to\":\"%s\"}", kind,
                        uuid_text(&house->location, id), time_text(clock_now_us(), at), at);
    json_decref(ask(house, officer, "POST /reports", "POST /api/v1/reports", body, 201));
}

/* The criteria of this month, as the auditor sees them. */
static Json *criteria(House *house)
{
    g_autofree char *auditor = house_session(house, ROLE_AUDITOR), *month = this_month(house);
    g_autofree char *what = g_strconcat("GET /api/v1/months/", month, NULL);
    g_autoptr(Json) json = ask(house, auditor, "GET /months/{month}", what, NULL, 200);
    return json_incref(json_object_get(json, "criteria"));
}

static void judge(House *house, Role role, const char *id, const char *body, int status)
{
    g_autofree char *session = house_session(house, role), *month = this_month(house);
    g_autofree char *what = g_strdup_printf("PUT /api/v1/months/%s/criteria/%s", month, id);
    json_decref(ask(house, session, "PUT /months/{month}/criteria/{id}", what, body, status));
}

static void a_criterion_is_met_by_its_figure(void **state)
{
    House *house = *state;
    g_autoptr(Json) none = criteria(house);
    assert_int_equal(json_array_size(none), 0);
    g_autofree char *few = add(house, "{\"text\":\"Đánh nhau không quá một vụ\",\"figure\":"
                                      "\"reports-fight\",\"compare\":\"most\",\"threshold\":1}");
    g_autofree char *answered = add(house, "{\"text\":\"Trả lời tin báo\",\"figure\":\"until-"
                                           "answered\",\"compare\":\"most\",\"threshold\":24}");
    tell(house, "fight");
    g_autoptr(Json) one = criteria(house);
    assert_int_equal(json_array_size(one), 2);
    assert_true(json_is_true(json_object_get(json_array_get(one, 0), "met")));
    assert_true(json_number_value(json_object_get(json_array_get(one, 0), "value")) == 1);
    assert_true(json_is_null(json_object_get(json_array_get(one, 1), "met"))); /* none answered */
    tell(house, "fight");
    g_autoptr(Json) two = criteria(house);
    assert_true(json_is_false(json_object_get(json_array_get(two, 0), "met")));

    g_autofree char *admin = house_session(house, ROLE_ADMIN);
    g_autofree char *what = g_strconcat("PATCH /api/v1/criteria/", few, NULL);
    json_decref(ask(house, admin, "PATCH /criteria/{id}", what, "{\"threshold\":2}", 200));
    g_autoptr(Json) eased = criteria(house);
    assert_true(json_is_true(json_object_get(json_array_get(eased, 0), "met")));
    g_autofree char *gone = g_strconcat("DELETE /api/v1/criteria/", answered, NULL);
    json_decref(ask(house, admin, "DELETE /criteria/{id}", gone, NULL, 204));
    json_decref(ask(house, admin, "DELETE /criteria/{id}", gone, NULL, 404));
    g_autoptr(Json) left = criteria(house);
    assert_int_equal(json_array_size(left), 1);
}

static void what_has_no_figure_is_judged_by_hand_each_month(void **state)
{
    House *house = *state;
    g_autofree char *id = add(house, "{\"text\":\"Nhân dân đồng tình\"}");
    g_autofree char *counted =
        add(house, "{\"text\":\"Ít vụ\",\"figure\":\"cases\",\"compare\":\"most\","
                   "\"threshold\":3}");
    judge(house, ROLE_COMMANDER, id, "{\"met\":true,\"note\":\"Họp dân ngày 20\"}", 204);
    g_autoptr(Json) met = criteria(house);
    const Json *one = json_array_get(met, 0);
    assert_true(json_is_true(json_object_get(one, "met")));
    assert_string_equal(json_string_value(json_object_get(one, "note")), "Họp dân ngày 20");
    judge(house, ROLE_ADMIN, id, "{\"met\":null}", 204);
    g_autoptr(Json) taken_back = criteria(house);
    assert_true(json_is_null(json_object_get(json_array_get(taken_back, 0), "met")));
    judge(house, ROLE_COMMANDER, counted, "{\"met\":true}", 400); /* its figure tells */
    judge(house, ROLE_COMMANDER, id, "{\"note\":\"?\"}", 400);
    judge(house, ROLE_OFFICER, id, "{\"met\":true}", 403);
    judge(house, ROLE_AUDITOR, id, "{\"met\":true}", 403);
    judge(house, ROLE_COMMANDER, "00000000-0000-0000-0000-000000000001", "{\"met\":true}", 404);
}

static void the_table_of_the_month_has_its_criteria(void **state)
{
    House *house = *state;
    g_autofree char *id = add(house, "{\"text\":\"=Ít vụ\",\"figure\":\"reports\",\"compare\":"
                                     "\"most\",\"threshold\":2.5}");
    g_autofree char *officer = house_session(house, ROLE_OFFICER), *month = this_month(house);
    g_autofree char *path = g_strdup_printf("/api/v1/months/%s/figures.csv", month);
    const ApiRequest request = {.method = API_GET,
                                .path = path,
                                .session = officer,
                                .address = "10.0.0.9",
                                .device = "test"};
    g_auto(ApiResponse) answer = {0};
    api_dispatch(&house->api, &request, &answer);
    assert_int_equal(answer.status, 200);
    g_autofree char *text = g_strndup((const char *)answer.bytes->data, answer.bytes->size);
    assert_non_null(strstr(text, "\"criterion-threshold\","));
    assert_non_null(strstr(text, "Ít vụ\",2.5\r\n"));
    assert_null(strstr(text, "\"=Ít")); /* no formula for a spreadsheet */
    assert_non_null(strstr(text, "\"criterion-met\","));
}

static void what_is_no_criterion_is_refused(void **state)
{
    House *house = *state;
    g_autofree char *commander = house_session(house, ROLE_COMMANDER),
                    *officer = house_session(house, ROLE_OFFICER);
    static const char *const wrong[] = {
        "{}",
        "{\"text\":\" \"}",
        "{\"text\":\"a\\u0007\"}",
        "{\"text\":\"a\",\"figure\":\"weather\",\"compare\":\"most\",\"threshold\":1}",
        "{\"text\":\"a\",\"figure\":\"reports\",\"compare\":\"about\",\"threshold\":1}",
        "{\"text\":\"a\",\"figure\":\"reports\",\"compare\":\"most\",\"threshold\":-1}",
        "{\"text\":\"a\",\"figure\":\"reports\",\"compare\":\"most\",\"threshold\":1e9}"};
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++)
        json_decref(
            ask(house, commander, "POST /criteria", "POST /api/v1/criteria", wrong[i], 400));
    json_decref(
        ask(house, officer, "POST /criteria", "POST /api/v1/criteria", "{\"text\":\"a\"}", 403));
    for (int i = 0; i < 50; i++)
        json_decref(ask(house, commander, "POST /criteria", "POST /api/v1/criteria",
                        "{\"text\":\"Một tiêu chí\"}", 201));
    json_decref(
        ask(house, commander, "POST /criteria", "POST /api/v1/criteria", "{\"text\":\"a\"}", 400));
    g_autoptr(Json) list = ask(house, officer, "GET /criteria", "GET /api/v1/criteria", NULL, 200);
    assert_int_equal(json_array_size(json_object_get(list, "items")), 50);
    assert_true(json_array_size(json_object_get(list, "figures")) >= 20);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, house_open, house_close)
    const struct CMUnitTest tests[] = {
        TEST(a_criterion_is_met_by_its_figure),
        TEST(what_has_no_figure_is_judged_by_hand_each_month),
        TEST(the_table_of_the_month_has_its_criteria),
        TEST(what_is_no_criterion_is_refused),
    };
    return cmocka_run_group_tests(tests, read_document, drop_document);
}
