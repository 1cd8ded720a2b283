/* What happened where, against what cameras see, over the API. */
#include "api_ask.h"
#include "base/clock.h"
#include "base/time_text.h"
#include "catalog/segments.h"
#include "config/site_day.h"
#include "unit.h"

#include <string.h>

/* The house's camera stands at 21.45, 103.15. */
static void tell(House *house, const char *kind, const char *where)
{
    char at[TIME_TEXT];
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    g_autofree char *body = g_strdup_printf("{\"kind\":\"%s\",%s,\"from\":\"%s\",\"to\":\"%s\"}",
                                            kind, where, time_text(clock_now_us(), at), at);
    json_decref(ask(house, officer, "POST /reports", "POST /api/v1/reports", body, 201));
}

static Json *places(House *house, Role role, const char *query, int status)
{
    g_autofree char *session = house_session(house, role);
    g_autofree char *month = site_day_text(house->site, clock_now_us());
    month[7] = '\0';
    g_autofree char *what = g_strdup_printf("GET /api/v1/months/%s/places%s", month, query);
    return ask(house, session, "GET /months/{month}/places", what, NULL, status);
}

static size_t length(const Json *json, const char *name)
{
    return json_array_size(json_object_get(json, name));
}

static void aim(House *house)
{
    const int64_t heading = 0, fov = 84, reach = 60, height = 400;
    const CameraEdit edit = {
        .heading_deg = &heading, .fov_deg = &fov, .reach_m = &reach, .height_cm = &height};
    assert_true(site_camera_edit(house->site, &house->camera, &edit, NULL));
}

static void what_no_camera_sees_is_shown_with_where_the_next_one_would_help(void **state)
{
    House *house = *state;
    aim(house);
    tell(house, "fight", "\"place\":{\"lat\":21.4503,\"lon\":103.15}");    /* 33 m before it */
    tell(house, "theft", "\"place\":{\"lat\":21.4480,\"lon\":103.15}");    /* behind it */
    tell(house, "theft", "\"place\":{\"lat\":21.4480,\"lon\":103.15002}"); /* there again */
    tell(house, "fire", "\"where\":\"sau đồi\"");                          /* nobody knows where */
    tell(house, "camera-damage", "\"place\":{\"lat\":21.4480,\"lon\":103.15}");
    g_autoptr(Json) json = places(house, ROLE_COMMANDER, "", 200);
    assert_int_equal(number_of(json, "incidents"), 3);
    assert_int_equal(number_of(json, "unseen"), 2);
    assert_int_equal(number_of(json, "unplaced"), 1);
    const Json *worst = json_array_get(json_object_get(json, "spots"), 0);
    assert_int_equal(number_of(worst, "unseen"), 2);
    const Json *next = json_array_get(json_object_get(json, "proposals"), 0);
    assert_int_equal(number_of(next, "sees"), 2);
    const Json *camera = json_array_get(json_object_get(json, "cameras"), 0);
    assert_true(json_is_false(json_object_get(camera, "by_pixels"))); /* nothing was recorded */
    const Json *compared = json_array_get(json_object_get(json, "compared"), 0);
    assert_string_equal(json_string_value(json_object_get(compared, "verdict")), "short");
}

static bool put_segment(CatalogDb *db, void *data, GError **error)
{
    return segments_put(db, data, error);
}

/* A sealed segment of full HD of the house's camera. */
static void recorded(House *house)
{
    const int64_t from_us = clock_now_us() - HOUR_US;
    SegmentRow row = {.camera = house->camera,
                      .volume = uuid_new(),
                      .file = (char *)"2026-11-29/a.mp4",
                      .stream = STREAM_MAIN,
                      .state = SEGMENT_SEALED,
                      .from_us = from_us,
                      .to_us = from_us + MINUTE_US,
                      .bytes = 1,
                      .pictures = 1,
                      .seq = 1,
                      .codec = (char *)"avc1.640028",
                      .width = 1920,
                      .height = 1080};
    assert_true(catalog_write_wait(house->catalog, put_segment, &row, NULL));
}

static void recorded_pictures_tell_how_far_a_camera_sees_well_enough(void **state)
{
    House *house = *state;
    aim(house);
    recorded(house);
    tell(house, "fight", "\"place\":{\"lat\":21.4503,\"lon\":103.15}"); /* 33 m before it */
    g_autoptr(Json) fine = places(house, ROLE_OFFICER, "?least=identify&months=1", 200);
    const Json *camera = json_array_get(json_object_get(fine, "cameras"), 0);
    assert_true(json_is_true(json_object_get(camera, "by_pixels")));
    double reach_m = json_number_value(json_object_get(camera, "reach_m"));
    assert_true(reach_m > 3 && reach_m < 4); /* 4.3 m from the lens, 4 m up */
    assert_int_equal(number_of(fine, "unseen"), 1);
}

static void a_camera_that_looks_nobody_knows_where_is_told_and_sees_nothing(void **state)
{
    House *house = *state;
    tell(house, "fight", "\"place\":{\"lat\":21.4503,\"lon\":103.15}");
    g_autoptr(Json) json = places(house, ROLE_ADMIN, "?least=detect", 200);
    assert_int_equal(length(json, "cameras"), 0);
    assert_int_equal(length(json, "not_counted"), 1);
    assert_int_equal(number_of(json, "unseen"), 1);
}

static void who_may_not_see_all_reports_sees_no_places(void **state)
{
    House *house = *state;
    static const Role roles[] = {ROLE_VILLAGE_HEAD, ROLE_HOUSEHOLD, ROLE_AUDITOR};
    for (size_t i = 0; i < G_N_ELEMENTS(roles); i++)
        json_decref(places(house, roles[i], "", 403));
    static const char *const wrong[] = {"?least=all", "?months=0", "?months=37", "?radius_m=5"};
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++)
        json_decref(places(house, ROLE_OFFICER, wrong[i], 400));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, house_open, house_close)
    const struct CMUnitTest tests[] = {
        TEST(what_no_camera_sees_is_shown_with_where_the_next_one_would_help),
        TEST(recorded_pictures_tell_how_far_a_camera_sees_well_enough),
        TEST(a_camera_that_looks_nobody_knows_where_is_told_and_sees_nothing),
        TEST(who_may_not_see_all_reports_sees_no_places),
    };
    return cmocka_run_group_tests(tests, read_document, drop_document);
}
