/* Care for the cameras: repair tickets with their history, papers, uptime, and the first look. Each
 * answer fits openapi.yaml.
 */
#include "base/clock.h"
#include "house.h"
#include "openapi.h"
#include "unit.h"

#include <string.h>

/* `path` below /api/v1 as it is asked for, `pattern` as openapi.yaml names it. */
static Json *ask(House *house, const char *method, const char *path, const char *pattern,
                 const char *body, int status)
{
    g_autofree char *session = house_session(house, ROLE_ADMIN);
    g_autofree char *what = g_strconcat(method, " /api/v1", path, NULL);
    g_auto(ApiResponse) answer = {0};
    house_ask(house, session, what, body, &answer);
    g_autofree char *told = json_line(answer.json);
    if (answer.status != status)
        fail_msg("%s %s: %d %s", what, body ? body : "", answer.status, told);
    g_autoptr(Json) document = openapi_read();
    const char *type;
    bool known;
    const Json *schema = openapi_answer(document, openapi_operation(document, method, pattern),
                                        status, &type, &known);
    g_autofree char *wrong = openapi_check(document, schema, answer.json);
    if (wrong)
        fail_msg("%s: %s in %s", what, wrong, told);
    return json_incref(answer.json);
}

static char *open_ticket(House *house, const char *more)
{
    char camera[UUID_TEXT];
    g_autofree char *body = g_strdup_printf("{\"camera\":\"%s\",\"fault\":\"Kính vỡ\"%s}",
                                            uuid_text(&house->camera, camera), more);
    g_autoptr(Json) json = ask(house, "POST", "/repairs", "/repairs", body, 201);
    assert_string_equal(json_string_value(json_object_get(json, "state")), "open");
    return g_strdup(json_string_value(json_object_get(json, "id")));
}

static Json *change(House *house, const char *id, const char *body, int status)
{
    g_autofree char *path = g_strconcat("/repairs/", id, NULL);
    return ask(house, "PATCH", path, "/repairs/{id}", body, status);
}

static Json *ticket(House *house, const char *id)
{
    g_autofree char *path = g_strconcat("/repairs/", id, NULL);
    return ask(house, "GET", path, "/repairs/{id}", NULL, 200);
}

static size_t count(House *house, const char *query)
{
    g_autofree char *path = g_strconcat("/repairs", query, NULL);
    g_autoptr(Json) json = ask(house, "GET", path, "/repairs", NULL, 200);
    return json_array_size(json_object_get(json, "items"));
}

static void a_ticket_tells_each_change_with_before_and_after(void **state)
{
    House *house = *state;
    g_autofree char *id = open_ticket(house, ",\"owner\":\"Tổ kỹ thuật\"");
    json_decref(change(house, id, "{\"owner\":\"Tổ kỹ thuật\"}", 200)); /* as it was */
    json_decref(change(house, id, "{\"state\":\"ordered\",\"due\":\"2026-12-24\"}", 200));
    json_decref(
        change(house, id, "{\"state\":\"done\",\"cost\":350000,\"note\":\"Thay kính\"}", 200));
    g_autoptr(Json) json = ticket(house, id);
    const Json *history = json_object_get(json, "history");
    assert_int_equal(json_array_size(history), 3);
    const Json *last = json_array_get(history, 2);
    g_autofree char *changes = json_line(json_object_get(last, "changes"));
    assert_string_equal(changes, "{\"state\":[\"ordered\",\"done\"],\"cost\":[null,350000]}");
    assert_string_equal(json_string_value(json_object_get(last, "note")), "Thay kính");
    assert_true(json_is_string(json_object_get(last, "who")));
    assert_true(json_is_string(json_object_get(json, "done")));
    json_decref(change(house, id, "{\"state\":\"open\",\"cost\":null}", 200));
    g_autoptr(Json) again = ticket(house, id);
    assert_true(json_is_null(json_object_get(again, "done")));
    assert_true(json_is_null(json_object_get(again, "cost")));
}

static void tickets_are_listed_by_state_and_camera_in_pages(void **state)
{
    House *house = *state;
    char camera[UUID_TEXT];
    g_autofree char *first = open_ticket(house, ""), *second = open_ticket(house, "");
    json_decref(change(house, first, "{\"state\":\"dropped\"}", 200));
    assert_int_equal(count(house, ""), 2);
    assert_int_equal(count(house, "?state=open"), 1);
    assert_int_equal(count(house, "?state=settled"), 1);
    g_autofree char *here = g_strconcat("?camera=", uuid_text(&house->camera, camera), NULL);
    Uuid other = house_camera(house, "Đập tràn", &house->location);
    g_autofree char *there = g_strconcat("?camera=", uuid_text(&other, camera), NULL);
    assert_int_equal(count(house, here), 2);
    assert_int_equal(count(house, there), 0);
    g_autoptr(Json) page = ask(house, "GET", "/repairs?limit=1", "/repairs", NULL, 200);
    const Json *newest = json_array_get(json_object_get(page, "items"), 0);
    assert_string_equal(json_string_value(json_object_get(newest, "id")), second);
    g_autofree char *next =
        g_strconcat("?cursor=", json_string_value(json_object_get(page, "next")), NULL);
    assert_int_equal(count(house, next), 1);
}

static void what_makes_no_sense_is_refused_and_changes_nothing(void **state)
{
    House *house = *state;
    g_autofree char *id = open_ticket(house, "");
    static const char *const bodies[] = {
        "{\"fault\":\"\"}",       "{\"state\":\"broken\"}", "{\"due\":\"2026-02-30\"}",
        "{\"due\":\"tomorrow\"}", "{\"cost\":-1}",          "{\"cost\":1000000000001}",
        "{\"price\":1}",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(bodies); i++)
        json_decref(change(house, id, bodies[i], 400));
    g_autofree char *long_text = g_strnfill(501, 'x');
    g_autofree char *too_long = g_strdup_printf("{\"note\":\"%s\"}", long_text);
    json_decref(change(house, id, too_long, 400));
    g_autoptr(Json) json = ticket(house, id);
    assert_int_equal(json_array_size(json_object_get(json, "history")), 1);
    json_decref(ask(house, "POST", "/repairs", "/repairs", "{\"fault\":\"x\"}", 400));
    json_decref(ask(house, "POST", "/repairs", "/repairs",
                    "{\"camera\":\"9d1c1f1e-0000-4000-8000-000000000001\",\"fault\":\"x\"}", 404));
    json_decref(change(house, "9d1c1f1e-0000-4000-8000-000000000001", "{\"state\":\"done\"}", 404));
}

static void papers_keep_what_is_not_given(void **state)
{
    House *house = *state;
    char camera[UUID_TEXT];
    g_autofree char *path =
        g_strdup_printf("/cameras/%s/papers", uuid_text(&house->camera, camera));
    const char *pattern = "/cameras/{id}/papers";
    json_decref(ask(house, "PATCH", path, pattern,
                    "{\"serial\":\"7A-19\",\"sign\":\"in-place\",\"warranty\":\"2028-01-31\"}",
                    200));
    json_decref(ask(house, "PATCH", path, pattern, "{\"sign\":\"missing\"}", 200));
    json_decref(ask(house, "PATCH", path, pattern, "{\"sign\":\"perhaps\"}", 400));
    json_decref(ask(house, "PATCH", path, pattern, "{\"bought\":\"last year\"}", 400));
    g_autoptr(Json) json = ask(house, "GET", path, pattern, NULL, 200);
    assert_string_equal(json_string_value(json_object_get(json, "serial")), "7A-19");
    assert_string_equal(json_string_value(json_object_get(json, "sign")), "missing");
    assert_string_equal(json_string_value(json_object_get(json, "warranty")), "2028-01-31");
    assert_string_equal(json_string_value(json_object_get(json, "make")), "");
}

static int64_t whole(const Json *object, const char *name)
{
    return json_integer_value(json_object_get(object, name));
}

static void the_first_look_counts_what_works_what_lacks_and_what_is_overdue(void **state)
{
    House *house = *state;
    char camera[UUID_TEXT];
    g_usleep(4000000); /* what is recorded lies behind the camera's beginning */
    house_record(house, 3);
    g_autofree char *late = open_ticket(house, ",\"due\":\"2020-01-01\"");
    g_autofree char *settled = open_ticket(house, ",\"due\":\"2020-01-01\"");
    g_autofree char *undated = open_ticket(house, "");
    json_decref(change(house, settled, "{\"state\":\"done\"}", 200));
    events_begin(house->events, &house->camera, EVENT_MOTION, clock_now_us() - HOUR_US, NULL);
    events_begin(house->events, &house->camera, EVENT_COVERED, clock_now_us() - MINUTE_US, NULL);
    g_autoptr(Json) care = ask(house, "GET", "/care", "/care", NULL, 200);
    const Json *repairs = json_object_get(care, "repairs");
    assert_int_equal(whole(repairs, "open"), 2);
    assert_int_equal(whole(repairs, "overdue"), 1);
    assert_int_equal(whole(json_object_get(care, "cameras"), "total"), 1);
    const Json *oldest = json_object_get(care, "oldest_fault");
    assert_string_equal(json_string_value(json_object_get(oldest, "kind")), "covered");
    const Json *month = json_object_get(care, "month");
    assert_in_range(whole(month, "recorded_s"), 1, 4);

    g_autofree char *path =
        g_strdup_printf("/cameras/%s/uptime", uuid_text(&house->camera, camera));
    g_autoptr(Json) uptime = ask(house, "GET", path, "/cameras/{id}/uptime", NULL, 200);
    const Json *now = json_array_get(json_object_get(uptime, "items"), 0);
    assert_int_equal(whole(now, "recorded_s"), whole(month, "recorded_s"));
    assert_int_equal(whole(now, "missing_s"), whole(month, "missing_s"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_ticket_tells_each_change_with_before_and_after,
                                        house_open, house_close),
        cmocka_unit_test_setup_teardown(tickets_are_listed_by_state_and_camera_in_pages, house_open,
                                        house_close),
        cmocka_unit_test_setup_teardown(what_makes_no_sense_is_refused_and_changes_nothing,
                                        house_open, house_close),
        cmocka_unit_test_setup_teardown(papers_keep_what_is_not_given, house_open, house_close),
        cmocka_unit_test_setup_teardown(
            the_first_look_counts_what_works_what_lacks_and_what_is_overdue, house_open,
            house_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
