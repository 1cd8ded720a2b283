/* A report whose place or time was wrong: once it is corrected, footage of the right one is held
 * without anybody asking. Each answer fits openapi.yaml. */
#include "api_ask.h"
#include "audit_rows.h"
#include "base/clock.h"
#include "base/time_text.h"
#include "catalog/db.h"
#include "unit.h"

#include <string.h>

/* A kilometre from the market for each of `steps`, with a camera. */
static Uuid place(House *house, const char *name, int steps, Uuid *camera)
{
    Uuid location;
    double latitude = 21.45 + 0.01 * steps, longitude = 103.15;
    const LocationEdit edit = {.name = name, .latitude = &latitude, .longitude = &longitude};
    assert_true(site_location_add(house->site, &edit, &location, NULL));
    *camera = house_camera(house, name, &location);
    return location;
}

/* At the house's location, from `from_us` to `to_us`; by a resident without a session. Its id,
 * owned. */
static char *tell(House *house, const char *session, int64_t from_us, int64_t to_us)
{
    char from[TIME_TEXT], to[TIME_TEXT], location[UUID_TEXT];
    g_autofree char *body = g_strdup_printf(
        "{\"kind\":\"fight\",\"from\":\"%s\",\"to\":\"%s\",\"location\":\"%s\",\"text\":\"x\"}",
        time_text(from_us, from), time_text(to_us, to), uuid_text(&house->location, location));
    g_autoptr(Json) told =
        session
            ? ask(house, session, "POST /reports", "POST /api/v1/reports", body, 201)
            : ask(house, NULL, "POST /public/reports", "POST /api/v1/public/reports", body, 201);
    if (session)
        return g_strdup(text_of(told, "id"));
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    g_autoptr(Json) page = ask(house, officer, "GET /reports", "GET /api/v1/reports", NULL, 200);
    return g_strdup(text_of(json_array_get(json_object_get(page, "items"), 0), "id"));
}

static Json *change(House *house, const char *id, const char *body, int status)
{
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    g_autofree char *what = g_strconcat("PATCH /api/v1/reports/", id, NULL);
    return ask(house, officer, "PATCH /reports/{id}", what, body, status);
}

static Json *move(House *house, const char *id, const Uuid *location, bool hold)
{
    char text[UUID_TEXT];
    g_autofree char *body = g_strdup_printf("{\"location\":\"%s\",\"hold\":%s}",
                                            uuid_text(location, text), hold ? "true" : "false");
    return change(house, id, body, 200);
}

static Json *move_to(House *house, const char *id, const Uuid *location)
{
    return move(house, id, location, false);
}

static Json *correct(House *house, const char *id, int64_t from_us, int64_t to_us, int status)
{
    char from[TIME_TEXT], to[TIME_TEXT];
    g_autofree char *body = g_strdup_printf("{\"from\":\"%s\",\"to\":\"%s\"}",
                                            time_text(from_us, from), time_text(to_us, to));
    return change(house, id, body, status);
}

/* How many holds of the report are of the camera and hold all of the span. */
static unsigned held(const Json *report, const Uuid *camera, int64_t from_us, int64_t to_us)
{
    size_t i;
    Json *one;
    unsigned count = 0;
    char id[UUID_TEXT];
    uuid_text(camera, id);
    json_array_foreach(json_object_get(report, "holds"), i, one)
    {
        int64_t from = 0, to = 0;
        assert_true(time_parse(text_of(one, "from"), &from));
        assert_true(time_parse(text_of(one, "to"), &to));
        count += strcmp(text_of(one, "camera"), id) == 0 && from <= from_us && to >= to_us;
    }
    return count;
}

static size_t holds(const Json *report)
{
    return json_array_size(json_object_get(report, "holds"));
}

static bool waits(const Json *report)
{
    return json_boolean_value(json_object_get(report, "hold_waits"));
}

/* The hours that the last of its holds has yet, to the nearest. */
static int hours_left(const Json *report)
{
    int64_t until_us = 0;
    const Json *all = json_object_get(report, "holds");
    assert_true(
        time_parse(text_of(json_array_get(all, json_array_size(all) - 1), "until"), &until_us));
    return (int)((until_us - clock_now_us() + HOUR_US / 2) / HOUR_US);
}

static unsigned holds_of_archive(House *house)
{
    archive_retain_now(house->archive);
    return archive_figures(house->archive).holds;
}

static void the_cameras_of_the_right_place_are_held_and_the_others_stay_so(void **state)
{
    House *house = *state;
    Uuid at_bridge;
    int64_t now_us = clock_now_us(), from_us = now_us - 10 * MINUTE_US;
    const Uuid bridge = place(house, "Cầu treo", 2, &at_bridge);
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    g_autofree char *id = tell(house, officer, from_us, now_us);
    assert_int_equal(holds_of_archive(house), 1);
    g_autoptr(Json) moved = move_to(house, id, &bridge);
    assert_int_equal(holds(moved), 2);
    assert_int_equal(held(moved, &at_bridge, from_us, now_us), 1);
    assert_int_equal(held(moved, &house->camera, from_us, now_us), 1);
    assert_false(waits(moved));
    assert_int_equal(holds_of_archive(house), 2);

    g_autoptr(Json) back = move_to(house, id, &house->location);
    assert_int_equal(holds(back), 2); /* it is held already */
    assert_int_equal(holds_of_archive(house), 2);
}

/* The change of this field in the newest line of the audit log, "before > after", and the line's
 * reason. Returned owned. */
static char *audited(House *house, const char *field)
{
    assert_true(audit_flush(house->audit, NULL));
    g_autoptr(GPtrArray) rows = audit_rows(house->audit, 1);
    const AuditRow *row = rows->pdata[0];
    assert_string_equal(row->action, "report-edit");
    for (guint i = 0; i < row->changes->len; i++) {
        const AuditRowChange *one = &g_array_index(row->changes, AuditRowChange, i);
        if (strcmp(one->field, field) == 0)
            return g_strdup_printf("%s > %s (%s)", one->before ? one->before : "", one->after,
                                   row->reason);
    }
    return g_strdup("not changed");
}

static void the_point_on_the_map_is_corrected_for_a_reason_and_held_there(void **state)
{
    House *house = *state;
    Uuid at_bridge, at_ford;
    int64_t now_us = clock_now_us(), from_us = now_us - 10 * MINUTE_US;
    place(house, "Cầu treo", 2, &at_bridge);
    place(house, "Ngầm tràn", 4, &at_ford);
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    g_autofree char *id = tell(house, officer, from_us, now_us);
    g_autoptr(Json) moved =
        change(house, id,
               "{\"place\":{\"lat\":21.4701,\"lon\":103.15},\"place_why\":\"place-seen\"}", 200);
    assert_int_equal(held(moved, &at_bridge, from_us, now_us), 1);
    assert_int_equal(held(moved, &house->camera, from_us, now_us), 1); /* what was held stays */
    assert_int_equal(holds(moved), 2);
    assert_false(waits(moved));
    const Json *at = json_object_get(moved, "place");
    assert_true(json_real_value(json_object_get(at, "lat")) > 21.47);
    g_autofree char *first = audited(house, "place");
    assert_string_equal(first, " > 21.4701,103.1500 (place-seen)");
    g_autoptr(Json) again = change(house, id,
                                   "{\"place\":{\"lat\":21.49,\"lon\":103.15},"
                                   "\"place_why\":\"place-misplaced\"}",
                                   200);
    assert_int_equal(held(again, &at_ford, from_us, now_us), 1);
    g_autofree char *second = audited(house, "place");
    assert_string_equal(second, "21.4701,103.1500 > 21.4900,103.1500 (place-misplaced)");
    static const char *const wrong[] = {
        "{\"place\":{\"lat\":21.49,\"lon\":103.15}}",
        "{\"place_why\":\"place-seen\"}",
        "{\"place\":{\"lat\":21.49,\"lon\":103.15},\"place_why\":\"so\"}",
        "{\"place\":{\"lat\":91,\"lon\":103.15},\"place_why\":\"place-seen\"}",
        "{\"place\":{\"lat\":21.49},\"place_why\":\"place-seen\"}",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++)
        json_decref(change(house, id, wrong[i], 400));
}

static void the_right_time_is_held_where_it_was_not(void **state)
{
    House *house = *state;
    int64_t now_us = clock_now_us() / SECOND_US * SECOND_US, hour_us = now_us - HOUR_US;
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    g_autofree char *id = tell(house, officer, now_us - 10 * MINUTE_US, now_us);
    g_autoptr(Json) earlier = correct(house, id, hour_us - MINUTE_US, hour_us, 200);
    assert_int_equal(holds(earlier), 2);
    assert_int_equal(held(earlier, &house->camera, hour_us - MINUTE_US, hour_us), 1);
    g_autoptr(Json) within =
        correct(house, id, hour_us - MINUTE_US + 30 * SECOND_US, hour_us - SECOND_US, 200);
    assert_int_equal(holds(within), 2); /* all of it is held already */
    json_decref(correct(house, id, hour_us, hour_us - SECOND_US, 400));
    json_decref(correct(house, id, now_us + HOUR_US, now_us + 2 * HOUR_US, 400));
    json_decref(change(house, id, "{\"from\":\"2026-11-24T07:30:00Z\"}", 400));
}

static void of_a_residents_report_two_hours_are_held_and_the_rest_waits_for_an_officer(void **state)
{
    House *house = *state;
    Uuid at_bridge;
    int64_t now_us = clock_now_us(), from_us = now_us - 10 * MINUTE_US,
            long_us = now_us - 5 * HOUR_US;
    const Uuid bridge = place(house, "Cầu treo", 2, &at_bridge);
    g_autofree char *id = tell(house, NULL, from_us, now_us);
    g_autoptr(Json) wide = correct(house, id, long_us, now_us, 200);
    assert_true(waits(wide));
    assert_int_equal(held(wide, &house->camera, long_us, now_us), 0);
    g_autoptr(Json) moved = move_to(house, id, &bridge);
    assert_true(waits(moved));
    assert_int_equal(held(moved, &at_bridge, from_us, now_us), 1);
    assert_int_equal(held(moved, &at_bridge, long_us, now_us), 0);
    g_autoptr(Json) whole = change(house, id, "{\"hold\":true}", 200);
    assert_false(waits(whole));
    assert_int_equal(held(whole, &at_bridge, long_us, now_us), 1);
}

static void hours_pass(int hours)
{
    clock_test_set(clock_mono_us() + hours * HOUR_US, clock_wall_us() + hours * HOUR_US);
}

/* The report is of the bridge for a moment, and of the house again. */
static Json *there_and_back(House *house, const char *id, const Uuid *bridge, bool hold)
{
    json_decref(move(house, id, bridge, hold));
    return move(house, id, &house->location, hold);
}

static void what_lapses_within_the_hour_is_held_anew(void **state)
{
    House *house = *state;
    Uuid at_bridge;
    int64_t now_us = clock_now_us(), from_us = now_us - 10 * MINUTE_US;
    const Uuid bridge = place(house, "Cầu treo", 2, &at_bridge);
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    g_autofree char *id = tell(house, officer, from_us, now_us);
    hours_pass(10);
    g_autoptr(Json) early = there_and_back(house, id, &bridge, false);
    assert_int_equal(held(early, &house->camera, from_us, now_us), 1);
    hours_pass(61);
    g_autoptr(Json) late = there_and_back(house, id, &bridge, false);
    assert_int_equal(held(late, &house->camera, from_us, now_us), 2);
    assert_int_equal(hours_left(late), 72);
    clock_test_set(-1, -1);
}

static void what_an_officer_asks_to_be_held_is_held_for_three_days_from_then(void **state)
{
    House *house = *state;
    Uuid at_bridge;
    int64_t now_us = clock_now_us(), from_us = now_us - 10 * MINUTE_US;
    const Uuid bridge = place(house, "Cầu treo", 2, &at_bridge);
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    g_autofree char *id = tell(house, officer, from_us, now_us);
    hours_pass(10);
    g_autoptr(Json) whole = there_and_back(house, id, &bridge, true);
    assert_int_equal(held(whole, &house->camera, from_us, now_us), 2);
    assert_int_equal(hours_left(whole), 72);
    clock_test_set(-1, -1);
}

static bool run_sql(CatalogDb *db, void *sql, GError **error)
{
    return db_exec(db, sql, error);
}

static void write_sql(House *house, const char *sql)
{
    assert_true(catalog_write_wait(house->catalog, run_sql, (char *)sql, NULL));
}

/* The last change of the log that the report's edits made to it. Returns owned; NULL: none. */
static char *edited(House *house, const char *field)
{
    char *after = NULL;
    assert_true(audit_flush(house->audit, NULL));
    g_autoptr(GPtrArray) rows = audit_rows(house->audit, 100);
    for (guint i = 0; i < rows->len; i++) {
        const AuditRow *row = rows->pdata[i];
        for (guint n = 0; strcmp(row->action, "report-edit") == 0 && n < row->changes->len; n++) {
            const AuditRowChange *one = &g_array_index(row->changes, AuditRowChange, n);
            if (strcmp(one->field, field) == 0) {
                g_free(after);
                after = g_strdup(one->after);
            }
        }
    }
    return after;
}

static void a_correction_whose_holds_cannot_be_noted_stands_is_audited_and_waits(void **state)
{
    House *house = *state;
    Uuid at_bridge;
    char to[UUID_TEXT];
    int64_t now_us = clock_now_us();
    const Uuid bridge = place(house, "Cầu treo", 2, &at_bridge);
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    g_autofree char *id = tell(house, officer, now_us - 10 * MINUTE_US, now_us);
    write_sql(house, "CREATE TRIGGER full BEFORE INSERT ON report_holds"
                     " BEGIN SELECT RAISE(ABORT, 'on purpose'); END");
    g_autoptr(Json) moved = move_to(house, id, &bridge);
    assert_string_equal(text_of(moved, "location"), uuid_text(&bridge, to));
    assert_true(waits(moved));
    assert_int_equal(holds(moved), 1);
    g_autofree char *location = edited(house, "location");
    assert_string_equal(location, to);
    write_sql(house, "DROP TRIGGER full");
    g_autoptr(Json) again = change(house, id, "{\"hold\":true}", 200); /* as it waits */
    assert_int_equal(held(again, &at_bridge, now_us - MINUTE_US, now_us), 1);
    assert_false(waits(again));
}

static void a_correction_is_audited_with_its_times_and_holds(void **state)
{
    House *house = *state;
    int64_t now_us = clock_now_us();
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    g_autofree char *id = tell(house, officer, now_us - 10 * MINUTE_US, now_us);
    json_decref(correct(house, id, now_us - HOUR_US, now_us - HOUR_US + SECOND_US, 200));
    g_autofree char *from = edited(house, "from"), *counted = edited(house, "holds");
    assert_non_null(from);
    assert_string_equal(counted, "2");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, house_open, house_close)
    const struct CMUnitTest tests[] = {
        TEST(the_cameras_of_the_right_place_are_held_and_the_others_stay_so),
        TEST(the_point_on_the_map_is_corrected_for_a_reason_and_held_there),
        TEST(the_right_time_is_held_where_it_was_not),
        TEST(of_a_residents_report_two_hours_are_held_and_the_rest_waits_for_an_officer),
        TEST(what_lapses_within_the_hour_is_held_anew),
        TEST(what_an_officer_asks_to_be_held_is_held_for_three_days_from_then),
        TEST(a_correction_whose_holds_cannot_be_noted_stands_is_audited_and_waits),
        TEST(a_correction_is_audited_with_its_times_and_holds),
    };
    return cmocka_run_group_tests(tests, read_document, drop_document);
}
