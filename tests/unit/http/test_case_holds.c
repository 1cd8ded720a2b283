/* What a case holds over the API: from found footage until two persons let it go. Each answer fits
 * openapi.yaml. */
#include "audit_rows.h"
#include "base/clock.h"
#include "base/time_text.h"
#include "case_ask.h"
#include "unit.h"

#include <string.h>

static Json *step(House *house, const char *session, const char *id, const Json *hold,
                  const char *body, int status)
{
    const char *name = strstr(body, "{}") ? "approval" : "release";
    g_autofree char *what =
        g_strdup_printf("POST /api/v1/cases/%s/holds/%s/%s", id, text_of(hold, "id"), name);
    g_autofree char *pattern = g_strconcat("POST /cases/{id}/holds/{hold}/", name, NULL);
    return ask(house, session, pattern, what, body, status);
}

static bool may(const Json *hold, const char *word)
{
    size_t i;
    Json *one;
    json_array_foreach(json_object_get(hold, "may"), i, one)
    {
        if (strcmp(json_string_value(one), word) == 0)
            return true;
    }
    return false;
}

static unsigned held(House *house)
{
    archive_retain_now(house->archive);
    return archive_figures(house->archive).holds;
}

static Json *hold_of(const Json *found, size_t index)
{
    return json_array_get(json_object_get(found, "holds"), index);
}

/* A case with footage of the house's camera; its id is in what is returned. */
static Json *case_with_footage(House *house, const char *session)
{
    char camera[UUID_TEXT];
    g_autoptr(Json) opened = ask_case_open(house, session, "\"kind\":\"theft\"", 201);
    g_autofree char *more = g_strdup_printf("\"kind\":\"footage\",\"camera\":\"%s\"",
                                            uuid_text(&house->camera, camera));
    g_autofree char *body = case_body(more);
    json_decref(ask_case_put(house, session, text_of(opened, "id"), body, 201));
    return ask_case_get(house, session, text_of(opened, "id"), 200);
}

static void footage_that_is_found_is_held_until_two_persons_let_it_go(void **state)
{
    House *house = *state;
    g_autofree char *officer = house_session(house, ROLE_OFFICER),
                    *commander = house_session(house, ROLE_COMMANDER);
    g_autoptr(Json) found = case_with_footage(house, officer);
    const char *id = text_of(found, "id");
    const Json *hold = hold_of(found, 0);
    assert_string_equal(text_of(found, "state"), "preserved");
    assert_string_equal(text_of(hold, "by"), "officer-1");
    assert_true(may(hold, "ask") && !may(hold, "approve") && !may(hold, "release"));
    assert_int_equal(held(house), 1);

    json_decref(step(house, officer, id, hold, "{}", 403));
    g_autoptr(Json) approved = step(house, commander, id, hold, "{}", 200);
    assert_string_equal(text_of(approved, "approved_by"), "commander-1");
    json_decref(step(house, commander, id, hold, "{}", 409));
    json_decref(step(house, commander, id, hold, "{\"approve\":true}", 409)); /* nobody asked */
    json_decref(step(house, officer, id, hold, "{\"reason\":\"x\"}", 400));
    g_autoptr(Json) asked = step(house, officer, id, hold, "{\"reason\":\"Nhầm camera\"}", 200);
    assert_string_equal(text_of(json_object_get(asked, "release"), "by"), "officer-1");
    json_decref(step(house, officer, id, hold, "{\"approve\":true}", 409));
    assert_int_equal(held(house), 1);
    g_autoptr(Json) let_go = step(house, commander, id, hold, "{\"approve\":true}", 200);
    assert_string_equal(text_of(let_go, "released_by"), "commander-1");
    assert_false(json_boolean_value(json_object_get(let_go, "holds")));
    assert_int_equal(held(house), 0);
    g_autoptr(Json) gone = step(house, officer, id, hold, "{\"reason\":\"Thôi giữ\"}", 409);
    assert_string_equal(text_of(gone, "cause_code"), "hold-released");
    g_autoptr(Json) after = ask_case_get(house, officer, id, 200);
    assert_true(case_has_history(after, "released", ""));
    assert_int_equal(number_of(json_object_get(after, "counts"), "holds"), 0);
}

static void whoever_asks_for_a_release_does_not_give_it_whatever_the_role(void **state)
{
    House *house = *state;
    g_autofree char *officer = house_session(house, ROLE_OFFICER),
                    *commander = house_session(house, ROLE_COMMANDER),
                    *admin = house_session(house, ROLE_ADMIN);
    g_autoptr(Json) found = case_with_footage(house, commander);
    const char *id = text_of(found, "id");
    const Json *hold = hold_of(found, 0);
    g_autoptr(Json) own = step(house, commander, id, hold, "{}", 409);
    assert_string_equal(text_of(own, "cause_code"), "same-person");
    json_decref(step(house, commander, id, hold, "{\"reason\":\"Hết cần\"}", 200));
    g_autoptr(Json) same = step(house, commander, id, hold, "{\"approve\":true}", 409);
    assert_string_equal(text_of(same, "cause_code"), "same-person");
    json_decref(step(house, officer, id, hold, "{\"approve\":true}", 403));
    g_autofree char *keep =
        g_strdup_printf("DELETE /api/v1/cases/%s/holds/%s/release", id, text_of(hold, "id"));
    json_decref(ask(house, officer, "DELETE /cases/{id}/holds/{hold}/release", keep, NULL, 403));
    json_decref(ask(house, admin, "DELETE /cases/{id}/holds/{hold}/release", keep, NULL, 200));
    json_decref(step(house, admin, id, hold, "{\"approve\":true}", 409));
    assert_int_equal(held(house), 1);
}

static void holds_that_overlap_each_hold_for_themselves(void **state)
{
    House *house = *state;
    char camera[UUID_TEXT];
    g_autofree char *officer = house_session(house, ROLE_OFFICER),
                    *commander = house_session(house, ROLE_COMMANDER);
    g_autoptr(Json) found = case_with_footage(house, officer);
    const char *id = text_of(found, "id");
    g_autofree char *more =
        g_strdup_printf("\"cameras\":[\"%s\"]", uuid_text(&house->camera, camera));
    g_autofree char *body = case_body(more),
                    *what = g_strdup_printf("POST /api/v1/cases/%s/holds", id);
    json_decref(ask(house, officer, "POST /cases/{id}/holds", what, body, 201));
    assert_int_equal(held(house), 2);
    json_decref(step(house, officer, id, hold_of(found, 0), "{\"reason\":\"Trùng\"}", 200));
    json_decref(step(house, commander, id, hold_of(found, 0), "{\"approve\":true}", 200));
    assert_int_equal(held(house), 1);
    json_decref(ask(house, officer, "POST /cases/{id}/holds", what, "{\"confirm\":true}", 400));
}

static void what_a_report_holds_for_days_is_confirmed_for_the_case(void **state)
{
    House *house = *state;
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    g_autoptr(Json) told = ask_case_report(house, officer),
                    opened = ask_case_from(house, officer, told);
    g_autofree char *what = g_strdup_printf("POST /api/v1/cases/%s/holds", text_of(opened, "id"));
    g_autoptr(Json) hold = ask(house, officer, "POST /cases/{id}/holds", what,
                               "{\"confirm\":true,\"reason\":\"Giữ lại\"}", 201);
    assert_int_equal(json_array_size(json_object_get(hold, "cameras")), 1);
    g_autoptr(Json) after = ask_case_get(house, officer, text_of(opened, "id"), 200);
    assert_string_equal(text_of(after, "state"), "preserved");
    int64_t now_us = clock_now_us();
    clock_test_set(clock_mono_us() + 80 * HOUR_US, now_us + 80 * HOUR_US);
    unsigned later = held(house); /* the report's has lapsed */
    clock_test_set(-1, -1);
    assert_int_equal(later, 1);
}

static guint files(House *house, int64_t from_us)
{
    g_autoptr(GArray) segments = archive_segments(house->archive, &house->camera, STREAM_MAIN,
                                                  from_us, from_us + 10 * SECOND_US, NULL);
    return segments->len;
}

/* Of footage that is older than the rule by two hours. */
static guint files_after_retention(House *house, int64_t from_us)
{
    int64_t now_us = clock_now_us();
    archive_set_retention(house->archive, MINUTE_US, 0);
    clock_test_set(-1, now_us + 2 * HOUR_US);
    archive_retain_now(house->archive);
    clock_test_set(-1, -1);
    return files(house, from_us);
}

static void retention_keeps_what_is_held_and_deletes_it_after_two_have_let_it_go(void **state)
{
    House *house = *state;
    g_autofree char *officer = house_session(house, ROLE_OFFICER),
                    *commander = house_session(house, ROLE_COMMANDER);
    int64_t from_us = house_record(house, 8);
    archive_unrecord(house->archive, house->hub);
    assert_true(archive_settle(house->archive, 5 * SECOND_US));
    assert_true(files(house, from_us) > 0);
    g_autoptr(Json) found = case_with_footage(house, officer);
    const Json *one = json_array_get(json_object_get(hold_of(found, 0), "cameras"), 0);
    assert_true(number_of(one, "bytes") > 0);
    assert_true(files_after_retention(house, from_us) > 0);
    const char *id = text_of(found, "id");
    json_decref(step(house, officer, id, hold_of(found, 0), "{\"reason\":\"Hết cần\"}", 200));
    assert_true(files_after_retention(house, from_us) > 0);
    json_decref(step(house, commander, id, hold_of(found, 0), "{\"approve\":true}", 200));
    assert_int_equal(files_after_retention(house, from_us), 0);
}

static void a_case_that_is_over_holds_nothing_more_and_what_it_was_refused_is_not_held(void **state)
{
    House *house = *state;
    char camera[UUID_TEXT];
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    g_autoptr(Json) found = case_with_footage(house, officer);
    const char *id = text_of(found, "id");
    json_decref(
        ask_case_change(house, officer, id, "\"state\":\"decided\",\"outcome\":\"mediated\"", 200));
    json_decref(ask_case_change(house, officer, id,
                                "\"state\":\"closed\",\"answer\":\"Đã hòa giải.\"", 200));
    unsigned before = held(house);
    g_autofree char *more =
        g_strdup_printf("\"cameras\":[\"%s\"]", uuid_text(&house->camera, camera));
    g_autofree char *body = case_body(more),
                    *what = g_strdup_printf("POST /api/v1/cases/%s/holds", id);
    g_autoptr(Json) refused = ask(house, officer, "POST /cases/{id}/holds", what, body, 409);
    assert_string_equal(text_of(refused, "cause_code"), "case-over");
    assert_int_equal(held(house), before);
}

static void what_is_held_is_told_with_its_gaps(void **state)
{
    House *house = *state;
    char camera[UUID_TEXT], from[TIME_TEXT], to[TIME_TEXT];
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    int64_t from_us = house_record(house, 8);
    g_autoptr(Json) opened = ask_case_open(house, officer, "\"kind\":\"theft\"", 201);
    g_autofree char *what = g_strdup_printf("POST /api/v1/cases/%s/holds", text_of(opened, "id"));
    g_autofree char *body = g_strdup_printf(
        "{\"cameras\":[\"%s\"],\"from\":\"%s\",\"to\":\"%s\"}", uuid_text(&house->camera, camera),
        time_text(from_us - 60 * SECOND_US, from), time_text(from_us + 4 * SECOND_US, to));
    g_autoptr(Json) hold = ask(house, officer, "POST /cases/{id}/holds", what, body, 201);
    const Json *one = json_array_get(json_object_get(hold, "cameras"), 0);
    assert_in_range(number_of(one, "gaps_s"), 59, 61);
    assert_false(json_boolean_value(json_object_get(one, "complete")));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, house_open, house_close)
    const struct CMUnitTest tests[] = {
        TEST(footage_that_is_found_is_held_until_two_persons_let_it_go),
        TEST(whoever_asks_for_a_release_does_not_give_it_whatever_the_role),
        TEST(holds_that_overlap_each_hold_for_themselves),
        TEST(what_a_report_holds_for_days_is_confirmed_for_the_case),
        TEST(retention_keeps_what_is_held_and_deletes_it_after_two_have_let_it_go),
        TEST(a_case_that_is_over_holds_nothing_more_and_what_it_was_refused_is_not_held),
        TEST(what_is_held_is_told_with_its_gaps),
    };
    return cmocka_run_group_tests(tests, read_document, drop_document);
}
