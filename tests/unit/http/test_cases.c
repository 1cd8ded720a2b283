/* Cases over the API: opened from reports, worked on, decided, closed, with what they gather. Each
 * answer fits openapi.yaml. */
#include "api_ask.h"
#include "audit_rows.h"
#include "base/clock.h"
#include "base/time_text.h"
#include "unit.h"

#include <string.h>

/* ---- asking ---- */

/* A span of the last ten minutes and `more`, as members of a body. Owned. */
static char *body_with(const char *more)
{
    char from[TIME_TEXT], to[TIME_TEXT];
    int64_t now_us = clock_now_us();
    time_text(now_us - 10 * MINUTE_US, from);
    return g_strdup_printf("{\"from\":\"%s\",\"to\":\"%s\",%s}", from,
                           time_text(now_us - SECOND_US, to), more);
}

static Json *open_case(House *house, const char *session, const char *more, int status)
{
    g_autofree char *body = body_with(more);
    return ask(house, session, "POST /cases", "POST /api/v1/cases", body, status);
}

static Json *get(House *house, const char *session, const char *id, int status)
{
    g_autofree char *what = g_strconcat("GET /api/v1/cases/", id, NULL);
    return ask(house, session, "GET /cases/{id}", what, NULL, status);
}

/* With the revision that stands. */
static Json *change(House *house, const char *session, const char *id, const char *members,
                    int status)
{
    g_autofree char *admin = house_session(house, ROLE_ADMIN);
    g_autoptr(Json) seen = get(house, admin, id, 200);
    g_autofree char *what = g_strconcat("PATCH /api/v1/cases/", id, NULL);
    g_autofree char *body =
        g_strdup_printf("{\"revision\":%d,%s}", (int)number_of(seen, "revision"), members);
    return ask(house, session, "PATCH /cases/{id}", what, body, status);
}

static Json *put(House *house, const char *session, const char *id, const char *body, int status)
{
    g_autofree char *what = g_strdup_printf("POST /api/v1/cases/%s/items", id);
    return ask(house, session, "POST /cases/{id}/items", what, body, status);
}

static size_t listed(House *house, const char *session, const char *query)
{
    g_autofree char *what = g_strconcat("GET /api/v1/cases", query, NULL);
    g_autoptr(Json) page = ask(house, session, "GET /cases", what, NULL, 200);
    return json_array_size(json_object_get(page, "items"));
}

/* An officer's report at the house's location. Owned. */
static Json *report(House *house, const char *session)
{
    char id[UUID_TEXT];
    g_autofree char *more =
        g_strdup_printf("\"kind\":\"fight\",\"location\":\"%s\",\"text\":\"Đánh nhau trước chợ\"",
                        uuid_text(&house->location, id));
    g_autofree char *body = body_with(more);
    return ask(house, session, "POST /reports", "POST /api/v1/reports", body, 201);
}

static Json *report_now(House *house, const char *session, const Json *told)
{
    g_autofree char *what = g_strconcat("GET /api/v1/reports/", text_of(told, "id"), NULL);
    return ask(house, session, "GET /reports/{id}", what, NULL, 200);
}

static Json *case_from(House *house, const char *session, const Json *told)
{
    g_autofree char *body = g_strdup_printf("{\"reports\":[\"%s\"]}", text_of(told, "number"));
    return ask(house, session, "POST /cases", "POST /api/v1/cases", body, 201);
}

/* A line of the history of a case that says so. */
static bool has_history(const Json *found, const char *what, const char *to)
{
    size_t i;
    Json *line;
    json_array_foreach(json_object_get(found, "history"), i, line)
    {
        if (strcmp(text_of(line, "what"), what) == 0 && strcmp(text_of(line, "to"), to) == 0)
            return true;
    }
    return false;
}

/* ---- the tests ---- */

static void a_case_goes_from_a_report_to_what_its_reporter_reads(void **state)
{
    House *house = *state;
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    g_autoptr(Json) told = report(house, officer), opened = case_from(house, officer, told);
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

    json_decref(change(house, officer, id, "\"state\":\"searching\"", 200));
    json_decref(change(house, officer, id,
                       "\"state\":\"decided\",\"outcome\":\"mediated\",\"document\":\"3/BB\"",
                       200));
    g_autoptr(Json) closed =
        change(house, officer, id, "\"state\":\"closed\",\"answer\":\"Đã hòa giải tại bản.\"", 200);
    assert_string_equal(text_of(closed, "outcome"), "mediated");
    assert_true(has_history(closed, "opened", "new"));
    assert_true(has_history(closed, "state", "searching"));
    assert_true(has_history(closed, "state", "decided"));
    assert_true(has_history(closed, "outcome", "mediated"));
    g_autoptr(Json) answered = report_now(house, officer, told);
    assert_string_equal(text_of(answered, "state"), "answered");
    assert_string_equal(text_of(answered, "answer"), "Đã hòa giải tại bản.");
    g_autoptr(Json) over = put(house, officer, id, "{\"kind\":\"note\",\"text\":\"x\"}", 409);
    assert_string_equal(text_of(over, "cause_code"), "case-over");
    g_autoptr(Json) by_number = get(house, officer, text_of(opened, "number"), 200);
    assert_string_equal(text_of(by_number, "id"), id);
}

static void what_cannot_follow_and_what_is_stale_is_told_with_a_word(void **state)
{
    House *house = *state;
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    g_autoptr(Json) opened = open_case(house, officer, "\"kind\":\"theft\"", 201);
    const char *id = text_of(opened, "id");
    g_autoptr(Json) refused = change(house, officer, id, "\"state\":\"closed\"", 409);
    assert_string_equal(text_of(refused, "cause_code"), "case-state");
    assert_non_null(strstr(text_of(refused, "detail"), "searching"));
    json_decref(change(house, officer, id, "\"title\":\"Mất xe máy\"", 200));
    g_autofree char *what = g_strconcat("PATCH /api/v1/cases/", id, NULL);
    g_autoptr(Json) stale =
        ask(house, officer, "PATCH /cases/{id}", what, "{\"revision\":1,\"title\":\"Khác\"}", 409);
    assert_string_equal(text_of(stale, "cause_code"), "changed");
    static const char *const nonsense[] = {"\"colour\":1", "\"state\":\"solved\"",
                                           "\"state\":\"rejected\"", "\"kind\":\"quarrel\"",
                                           "\"assignee\":\"nobody\""};
    for (size_t i = 0; i < G_N_ELEMENTS(nonsense); i++)
        json_decref(change(house, officer, id, nonsense[i], 400));
    json_decref(ask(house, officer, "PATCH /cases/{id}", what, "{\"title\":\"x\"}", 400));
    json_decref(open_case(house, officer, "\"kind\":\"theft\",\"reports\":[\"2026-999999\"]", 400));
    json_decref(get(house, officer, "VV-2026-9999", 404));
}

static void a_report_belongs_to_one_case_until_it_is_taken_out(void **state)
{
    House *house = *state;
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    g_autoptr(Json) told = report(house, officer), first = case_from(house, officer, told);
    g_autoptr(Json) second = open_case(house, officer, "\"kind\":\"theft\"", 201);
    g_autofree char *body =
        g_strdup_printf("{\"kind\":\"report\",\"report\":\"%s\"}", text_of(told, "id"));
    g_autoptr(Json) refused = put(house, officer, text_of(second, "id"), body, 409);
    assert_string_equal(text_of(refused, "cause_code"), "report-in-case");
    assert_string_equal(text_of(refused, "detail"), text_of(first, "number"));
    g_autofree char *item =
        g_strdup_printf("DELETE /api/v1/cases/%s/items/1", text_of(first, "id"));
    g_auto(ApiResponse) gone = {0};
    house_ask(house, officer, item, NULL, &gone);
    assert_int_equal(gone.status, 204);
    json_decref(put(house, officer, text_of(second, "id"), body, 201));
    g_autoptr(Json) left = get(house, officer, text_of(first, "id"), 200);
    assert_int_equal(json_array_size(json_object_get(left, "reports")), 0);
    assert_int_equal(json_array_size(json_object_get(left, "items")), 0);
    assert_true(has_history(left, "item-removed", "report"));
    g_autoptr(Json) moved = get(house, officer, text_of(second, "id"), 200);
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
    g_autoptr(Json) told = report(house, officer), opened = case_from(house, officer, told);
    const char *id = text_of(opened, "id");
    uuid_text(&house->camera, camera);
    g_autofree char *more = g_strdup_printf("\"kind\":\"footage\",\"camera\":\"%s\"", camera);
    g_autofree char *nothing = g_strdup_printf(
        "\"kind\":\"nothing-seen\",\"cameras\":[\"%s\"],\"words\":\"trời tối\"", camera);
    g_autofree char *footage = body_with(more), *unseen = body_with(nothing);
    json_decref(put(house, officer, id, unseen, 201));
    g_autoptr(Json) searched = get(house, officer, id, 200);
    assert_string_equal(text_of(searched, "state"), "searching");
    assert_null(json_object_get(searched, "minutes_to_footage"));
    json_decref(put(house, officer, id, footage, 201));
    g_autoptr(Json) found = get(house, officer, id, 200);
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
        g_autofree char *body = body_with(refused[i]);
        json_decref(put(house, officer, id, body, 400));
    }
    json_decref(put(house, officer, id, "{\"kind\":\"event\",\"event\":\"x\"}", 400));
    json_decref(
        put(house, officer, id, "{\"kind\":\"person\",\"role\":\"victim\",\"count\":2}", 201));
}

static void a_colleagues_own_bookmark_goes_into_no_case(void **state)
{
    House *house = *state;
    char camera[UUID_TEXT];
    g_autofree char *officer = house_session(house, ROLE_OFFICER),
                    *commander = house_session(house, ROLE_COMMANDER);
    g_autofree char *more = g_strdup_printf("\"camera\":\"%s\",\"note\":\"xe đỏ\",\"shared\":false",
                                            uuid_text(&house->camera, camera));
    g_autofree char *body = body_with(more);
    g_autoptr(Json) made =
        ask(house, commander, "POST /bookmarks", "POST /api/v1/bookmarks", body, 201);
    g_autoptr(Json) opened = open_case(house, officer, "\"kind\":\"theft\"", 201);
    g_autofree char *item =
        g_strdup_printf("{\"kind\":\"bookmark\",\"bookmark\":\"%s\"}", text_of(made, "id"));
    json_decref(put(house, officer, text_of(opened, "id"), item, 400));
    g_autoptr(Json) kept = put(house, commander, text_of(opened, "id"), item, 201);
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
    g_autoptr(Json) opened = open_case(house, officer, "\"kind\":\"theft\"", 201);
    const char *id = text_of(opened, "id");
    g_autofree char *to_auditor =
        g_strdup_printf("\"assignee\":\"%s\"", uuid_text(&auditor.id, ids[0]));
    g_autofree char *to_commander =
        g_strdup_printf("\"assignee\":\"%s\"", uuid_text(&commander.id, ids[1]));
    json_decref(change(house, officer, id, to_auditor, 400));
    assert_int_equal(listed(house, session, "?assignee=me"), 0);
    g_autoptr(Json) handed = change(house, officer, id, to_commander, 200);
    assert_true(has_history(handed, "assignee", "commander-1"));
    assert_int_equal(listed(house, session, "?assignee=me"), 1);
    assert_int_equal(listed(house, officer, "?assignee=me"), 0);
    json_decref(change(house, officer, id, "\"assignee\":null", 200));
    assert_int_equal(listed(house, outsider, "?assignee=none&state=new,searching"), 1);
}

static void who_does_not_work_on_cases_reads_none_and_the_auditor_changes_none(void **state)
{
    House *house = *state;
    static const Role blind[] = {ROLE_VILLAGE_HEAD, ROLE_HOUSEHOLD};
    g_autofree char *officer = house_session(house, ROLE_OFFICER),
                    *auditor = house_session(house, ROLE_AUDITOR);
    g_autoptr(Json) opened = open_case(house, officer, "\"kind\":\"theft\"", 201);
    const char *id = text_of(opened, "id");
    for (size_t i = 0; i < G_N_ELEMENTS(blind); i++) {
        g_autofree char *session = house_session(house, blind[i]);
        json_decref(get(house, session, id, 403));
        json_decref(open_case(house, session, "\"kind\":\"theft\"", 403));
        json_decref(put(house, session, id, "{\"kind\":\"note\",\"text\":\"x\"}", 403));
        json_decref(change(house, session, id, "\"state\":\"searching\"", 403));
    }
    json_decref(get(house, auditor, id, 200));
    json_decref(open_case(house, auditor, "\"kind\":\"theft\"", 403));
    json_decref(put(house, auditor, id, "{\"kind\":\"note\",\"text\":\"x\"}", 403));
    json_decref(change(house, auditor, id, "\"state\":\"searching\"", 403));
}

/* ---- holds ---- */

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
    g_autoptr(Json) opened = open_case(house, session, "\"kind\":\"theft\"", 201);
    g_autofree char *more = g_strdup_printf("\"kind\":\"footage\",\"camera\":\"%s\"",
                                            uuid_text(&house->camera, camera));
    g_autofree char *body = body_with(more);
    json_decref(put(house, session, text_of(opened, "id"), body, 201));
    return get(house, session, text_of(opened, "id"), 200);
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
    g_autoptr(Json) after = get(house, officer, id, 200);
    assert_true(has_history(after, "released", ""));
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
    g_autofree char *body = body_with(more),
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
    g_autoptr(Json) told = report(house, officer), opened = case_from(house, officer, told);
    g_autofree char *what = g_strdup_printf("POST /api/v1/cases/%s/holds", text_of(opened, "id"));
    g_autoptr(Json) hold = ask(house, officer, "POST /cases/{id}/holds", what,
                               "{\"confirm\":true,\"reason\":\"Giữ lại\"}", 201);
    assert_int_equal(json_array_size(json_object_get(hold, "cameras")), 1);
    g_autoptr(Json) after = get(house, officer, text_of(opened, "id"), 200);
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
    json_decref(change(house, officer, id, "\"state\":\"decided\",\"outcome\":\"mediated\"", 200));
    json_decref(
        change(house, officer, id, "\"state\":\"closed\",\"answer\":\"Đã hòa giải.\"", 200));
    unsigned before = held(house);
    g_autofree char *more =
        g_strdup_printf("\"cameras\":[\"%s\"]", uuid_text(&house->camera, camera));
    g_autofree char *body = body_with(more),
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
    g_autoptr(Json) opened = open_case(house, officer, "\"kind\":\"theft\"", 201);
    g_autofree char *what = g_strdup_printf("POST /api/v1/cases/%s/holds", text_of(opened, "id"));
    g_autofree char *body = g_strdup_printf(
        "{\"cameras\":[\"%s\"],\"from\":\"%s\",\"to\":\"%s\"}", uuid_text(&house->camera, camera),
        time_text(from_us - 60 * SECOND_US, from), time_text(from_us + 4 * SECOND_US, to));
    g_autoptr(Json) hold = ask(house, officer, "POST /cases/{id}/holds", what, body, 201);
    const Json *one = json_array_get(json_object_get(hold, "cameras"), 0);
    assert_in_range(number_of(one, "gaps_s"), 59, 61);
    assert_false(json_boolean_value(json_object_get(one, "complete")));
}

static void the_same_case_sent_twice_is_one(void **state)
{
    House *house = *state;
    g_autofree char *officer = house_session(house, ROLE_OFFICER),
                    *commander = house_session(house, ROLE_COMMANDER);
    static const char told[] =
        "\"kind\":\"theft\",\"note\":\"Mất xe\",\"key\":\"11111111-1111-4111-8111-111111111111\"";
    g_autoptr(Json) first = open_case(house, officer, told, 201);
    g_autoptr(Json) again = open_case(house, officer, told, 201);
    assert_string_equal(text_of(first, "number"), text_of(again, "number"));
    assert_int_equal(listed(house, officer, ""), 1);
    json_decref(open_case(house, commander, told, 409));
}

static void a_state_that_lasts_too_long_is_overdue(void **state)
{
    House *house = *state;
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    g_autoptr(Json) opened = open_case(house, officer, "\"kind\":\"theft\"", 201);
    assert_false(json_boolean_value(json_object_get(opened, "overdue")));
    assert_int_equal(listed(house, officer, "?overdue=true"), 0);
    int64_t now_us = clock_now_us();
    clock_test_set(-1, now_us + 61 * MINUTE_US);
    g_autoptr(Json) later = get(house, officer, text_of(opened, "id"), 200);
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
        open_case(house, officer, "\"kind\":\"theft\",\"title\":\"Xe nhà Lò\"", 201);
    json_decref(change(house, officer, text_of(opened, "id"), "\"title\":\"Xe của Lò\"", 200));
    json_decref(change(house, officer, text_of(opened, "id"),
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
        TEST(footage_that_is_found_is_held_until_two_persons_let_it_go),
        TEST(whoever_asks_for_a_release_does_not_give_it_whatever_the_role),
        TEST(holds_that_overlap_each_hold_for_themselves),
        TEST(what_a_report_holds_for_days_is_confirmed_for_the_case),
        TEST(retention_keeps_what_is_held_and_deletes_it_after_two_have_let_it_go),
        TEST(a_case_that_is_over_holds_nothing_more_and_what_it_was_refused_is_not_held),
        TEST(what_is_held_is_told_with_its_gaps),
        TEST(the_same_case_sent_twice_is_one),
        TEST(a_state_that_lasts_too_long_is_overdue),
        TEST(that_a_state_lasts_too_long_is_told_once),
        TEST(the_audit_log_has_the_number_and_no_words),
    };
    return cmocka_run_group_tests(tests, read_document, drop_document);
}
