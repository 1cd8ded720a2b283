/* GET /events and the pictures: the answers fit openapi.yaml, and nobody sees what is not theirs.
 */
#include "audit_rows.h"
#include "base/clock.h"
#include "base/time_text.h"
#include "catalog/cameras.h"
#include "house.h"
#include "openapi.h"
#include "people/rights.h"
#include "unit.h"

#include <string.h>

#define T0 (INT64_C(1795000000) * SECOND_US)

static Json *ask(House *house, Role role, const char *query, int status)
{
    g_autofree char *session = house_session(house, role);
    g_autofree char *what = g_strconcat("GET /api/v1/events", query, NULL);
    g_auto(ApiResponse) answer = {0};
    house_ask(house, session, what, NULL, &answer);
    if (answer.status != status)
        fail_msg("%s as %s: %d", what, role_text(role), answer.status);
    g_autoptr(Json) document = openapi_read();
    const Json *operation = openapi_operation(document, "GET", "/events");
    const char *type;
    bool told;
    const Json *schema = openapi_answer(document, operation, status, &type, &told);
    g_autofree char *wrong = openapi_check(document, schema, answer.json);
    if (wrong)
        fail_msg("%s: %s", what, wrong);
    return json_incref(answer.json);
}

static bool nothing(CatalogDb *db, void *data, GError **error)
{
    return true;
}

static Uuid begin(House *house, const Uuid *camera, EventKind kind, int64_t from_us)
{
    Uuid id = events_begin(house->events, camera, kind, from_us, "why");
    assert_true(catalog_write_wait(house->catalog, nothing, NULL, NULL));
    return id;
}

static size_t count(House *house, Role role, const char *query)
{
    g_autoptr(Json) json = ask(house, role, query, 200);
    return json_array_size(json_object_get(json, "items"));
}

static void ask_picture(House *house, Role role, const Uuid *id, ApiResponse *answer)
{
    char text[UUID_TEXT];
    g_autofree char *session = house_session(house, role);
    g_autofree char *what =
        g_strdup_printf("GET /api/v1/events/%s/picture.jpg", uuid_text(id, text));
    house_ask(house, session, what, NULL, answer);
}

static void an_event_is_there_only_for_who_may_replay_its_camera(void **state)
{
    House *house = *state;
    Uuid private = house_camera(house, "Ngõ 3", &house->location);
    begin(house, &house->camera, EVENT_MOTION, T0);
    Uuid hidden = begin(house, &private, EVENT_MOTION, T0);
    begin(house, NULL, EVENT_STORAGE, T0);
    house_give_away(house, &private);
    assert_int_equal(count(house, ROLE_ADMIN, ""), 3);
    assert_int_equal(count(house, ROLE_OFFICER, ""), 2);
    json_decref(ask(house, ROLE_VILLAGE_HEAD, "", 403));
    json_decref(ask(house, ROLE_AUDITOR, "", 403));
    char camera[UUID_TEXT];
    g_autofree char *of_camera = g_strdup_printf("?camera=%s", uuid_text(&private, camera));
    assert_int_equal(count(house, ROLE_OFFICER, of_camera), 0);
    g_auto(ApiResponse) picture = {0}, nobody = {0};
    ask_picture(house, ROLE_OFFICER, &hidden, &picture);
    ask_picture(house, ROLE_OFFICER, &private, &nobody); /* there is no event of this id */
    g_autofree char *told = json_line(picture.json), *same = json_line(nobody.json);
    assert_int_equal(picture.status, 404);
    assert_int_equal(strlen(told), strlen(same));
}

static void the_query_chooses_and_pages(void **state)
{
    House *house = *state;
    char camera[UUID_TEXT];
    Uuid other = house_camera(house, "Đập tràn", &house->location);
    for (int i = 0; i < 3; i++)
        begin(house, &house->camera, EVENT_MOTION, T0 + i * HOUR_US);
    begin(house, &other, EVENT_COVERED, T0 + HOUR_US);
    uuid_text(&house->camera, camera);
    g_autofree char *of_camera = g_strdup_printf("?camera=%s", camera);
    assert_int_equal(count(house, ROLE_OFFICER, of_camera), 3);
    assert_int_equal(count(house, ROLE_OFFICER, "?kind=covered"), 1);
    assert_int_equal(count(house, ROLE_OFFICER, "?to=2020-01-01T00:00:00Z"), 0);
    json_decref(ask(house, ROLE_OFFICER, "?kind=earthquake", 400));
    json_decref(ask(house, ROLE_OFFICER, "?camera=x", 400));
    json_decref(ask(house, ROLE_OFFICER, "?cursor=5", 400));
    g_autoptr(Json) first = ask(house, ROLE_OFFICER, "?limit=3", 200);
    const char *next = json_string_value(json_object_get(first, "next"));
    assert_non_null(next);
    g_autofree char *more = g_strdup_printf("?limit=3&cursor=%s", next);
    g_autoptr(Json) second = ask(house, ROLE_OFFICER, more, 200);
    assert_int_equal(json_array_size(json_object_get(second, "items")), 1);
    assert_true(json_is_null(json_object_get(second, "next")));
}

/* The event has this picture from now on. */
static void wait_picture(House *house, const Uuid *id, const uint8_t *jpeg, size_t bytes)
{
    events_picture(house->events, id, jpeg, bytes);
    for (int i = 0; i < 1500; i++) {
        g_autoptr(EventRow) row = events_get(house->events, id, NULL);
        if (row && row->picture_bytes > 0)
            return;
        g_usleep(10000);
    }
    fail_msg("no picture within 15 s");
}

/* The grant of a reason for the hour around T0; owned. */
static char *tell_reason(House *house, const char *session)
{
    char camera[UUID_TEXT], from[TIME_TEXT], to[TIME_TEXT];
    g_autofree char *body = g_strdup_printf(
        "{\"cameras\":[\"%s\"],\"from\":\"%s\",\"to\":\"%s\",\"reason\":\"training\"}",
        uuid_text(&house->camera, camera), time_text(T0 - HOUR_US, from),
        time_text(T0 + HOUR_US, to));
    g_auto(ApiResponse) answer = {0};
    house_ask(house, session, "POST /api/v1/access", body, &answer);
    assert_int_equal(answer.status, 201);
    return g_strdup(json_string_value(json_object_get(answer.json, "grant")));
}

static void an_old_picture_is_looked_at_for_a_reason_as_footage_is(void **state)
{
    House *house = *state;
    static const uint8_t jpeg[] = {0xff, 0xd8, 0xff, 0xd9};
    char text[UUID_TEXT];
    Uuid id = begin(house, &house->camera, EVENT_MOVED, T0);
    wait_picture(house, &id, jpeg, sizeof jpeg);
    g_autofree char *session = house_session(house, ROLE_OFFICER),
                    *grant = tell_reason(house, session),
                    *bare =
                        g_strdup_printf("GET /api/v1/events/%s/picture.jpg", uuid_text(&id, text)),
                    *told = g_strdup_printf("%s?grant=%s", bare, grant);
    g_auto(ApiResponse) refused = {0}, got = {0}, young = {0};
    house_ask(house, session, bare, NULL, &refused);
    assert_int_equal(refused.status, 403);
    assert_string_equal(json_string_value(json_object_get(refused.json, "cause_code")),
                        "reason-needed");
    house_ask(house, session, told, NULL, &got);
    assert_int_equal(got.status, 200);
    assert_true(audit_flush(house->audit, NULL));
    g_autoptr(GPtrArray) lines = audit_rows(house->audit, 1);
    const AuditRow *line = lines->pdata[0];
    assert_string_equal(line->action, "event-picture");
    assert_string_equal(line->reason, "training");

    Uuid now = begin(house, &house->camera, EVENT_MOVED, clock_now_us());
    wait_picture(house, &now, jpeg, sizeof jpeg);
    ask_picture(house, ROLE_OFFICER, &now, &young);
    assert_int_equal(young.status, 200);
}

/* As an hourly round would, so many days after T0. */
static bool outlives(House *house, const Uuid *id, int days)
{
    assert_true(events_tidy(house->events, T0 + days * DAY_US, NULL));
    g_autoptr(EventRow) row = events_get(house->events, id, NULL);
    return row->picture_bytes > 0;
}

static void post(House *house, const char *what, const char *body)
{
    g_auto(ApiResponse) answer = {0};
    g_autofree char *session = house_session(house, ROLE_OFFICER);
    house_ask(house, session, what, body, &answer);
    assert_int_equal(answer.status, 201);
}

static void a_picture_that_is_held_or_named_by_a_case_stays_when_others_go(void **state)
{
    House *house = *state;
    static const uint8_t jpeg[] = {0xff, 0xd8, 0xff, 0xd9};
    char text[UUID_TEXT], camera[UUID_TEXT], from[TIME_TEXT], to[TIME_TEXT];
    Uuid named = begin(house, &house->camera, EVENT_MOVED, T0),
         held = begin(house, &house->camera, EVENT_MOVED, T0 + HOUR_US),
         other = begin(house, &house->camera, EVENT_MOVED, T0 + 2 * HOUR_US);
    wait_picture(house, &named, jpeg, sizeof jpeg);
    wait_picture(house, &held, jpeg, sizeof jpeg);
    wait_picture(house, &other, jpeg, sizeof jpeg);
    g_autofree char *number = house_case(house),
                    *items = g_strdup_printf("POST /api/v1/cases/%s/items", number),
                    *holds = g_strdup_printf("POST /api/v1/cases/%s/holds", number);
    g_autofree char *item =
        g_strdup_printf("{\"kind\":\"event\",\"event\":\"%s\"}", uuid_text(&named, text));
    g_autofree char *hold = g_strdup_printf(
        "{\"cameras\":[\"%s\"],\"from\":\"%s\",\"to\":\"%s\",\"reason\":\"Vụ trộm\"}",
        uuid_text(&house->camera, camera), time_text(T0 + HOUR_US - MINUTE_US, from),
        time_text(T0 + HOUR_US + MINUTE_US, to));
    post(house, items, item);
    post(house, holds, hold);
    events_keep_pictures(house->events, 7);
    assert_true(outlives(house, &other, 7));
    assert_false(outlives(house, &other, 8));
    assert_true(outlives(house, &named, 8));
    assert_true(outlives(house, &held, 8));
}

static void a_look_at_the_picture_is_audited(void **state)
{
    House *house = *state;
    static const uint8_t jpeg[] = {0xff, 0xd8, 0xff, 0xd9};
    g_auto(ApiResponse) none = {0}, got = {0};
    Uuid id = begin(house, &house->camera, EVENT_MOVED, T0);
    assert_true(site_reason_set(house->site, 0, NULL));
    ask_picture(house, ROLE_OFFICER, &id, &none);
    assert_int_equal(none.status, 404);
    wait_picture(house, &id, jpeg, sizeof jpeg);
    ask_picture(house, ROLE_OFFICER, &id, &got);
    assert_int_equal(got.status, 200);
    assert_string_equal(got.type, "image/jpeg");
    assert_int_equal(got.bytes->size, sizeof jpeg);
    assert_true(audit_flush(house->audit, NULL));
    g_autoptr(GPtrArray) lines = audit_rows(house->audit, 1);
    const AuditRow *line = lines->pdata[0];
    assert_string_equal(line->action, "event-picture");
    assert_int_equal(line->from_us, T0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, house_open, house_close)
    const struct CMUnitTest tests[] = {
        TEST(an_event_is_there_only_for_who_may_replay_its_camera),
        TEST(the_query_chooses_and_pages),
        TEST(an_old_picture_is_looked_at_for_a_reason_as_footage_is),
        TEST(a_picture_that_is_held_or_named_by_a_case_stays_when_others_go),
        TEST(a_look_at_the_picture_is_audited),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
