/* Privacy masks: drawn by one, taken away by two; and no route gives a picture without them. */
#include "api_ask.h"
#include "base/clock.h"
#include "base/time_text.h"
#include "unit.h"

#include <string.h>

#define SQUARE                                                                                    \
    "[{\"x\":2000,\"y\":2000},{\"x\":6000,\"y\":2000},{\"x\":6000,\"y\":6000},{\"x\":2000,\"y\":" \
    "6000}]"
#define LARGER                                                                                    \
    "[{\"x\":1000,\"y\":1000},{\"x\":6000,\"y\":1000},{\"x\":6000,\"y\":6000},{\"x\":1000,\"y\":" \
    "6000}]"

static char *of_camera(const House *house, const char *method, const char *tail)
{
    char id[UUID_TEXT];
    return g_strdup_printf("%s /api/v1/cameras/%s%s", method, uuid_text(&house->camera, id), tail);
}

/* Draws the square; its id, returned owned. */
static char *draw(House *house)
{
    g_autofree char *admin = house_session(house, ROLE_ADMIN);
    g_autofree char *what = of_camera(house, "POST", "/masks");
    g_autoptr(Json) made = ask(house, admin, "POST /cameras/{id}/masks", what,
                               "{\"name\":\"Cửa sổ nhà dân\",\"points\":" SQUARE "}", 201);
    return g_strdup(json_string_value(json_object_get(made, "id")));
}

static size_t standing(House *house)
{
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    g_autofree char *what = of_camera(house, "GET", "/masks");
    g_autoptr(Json) list = ask(house, officer, "GET /cameras/{id}/masks", what, NULL, 200);
    return json_array_size(json_object_get(list, "items"));
}

/* Of a mask: `tail` "", "/end", "/end/approval". */
static Json *of_mask(House *house, Role role, const char *method, const char *id, const char *tail,
                     const char *body, int status)
{
    g_autofree char *session = house_session(house, role);
    g_autofree char *route = g_strdup_printf("%s /cameras/{id}/masks/{mask}%s", method, tail);
    g_autofree char *path = g_strdup_printf("/masks/%s%s", id, tail);
    g_autofree char *what = of_camera(house, method, path);
    return ask(house, session, route, what, body, status);
}

static void a_mask_is_drawn_and_seen_by_who_watches(void **state)
{
    House *house = *state;
    assert_int_equal(standing(house), 0);
    g_autofree char *id = draw(house);
    assert_int_equal(standing(house), 1);
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    g_autofree char *one = of_camera(house, "GET", ""), *post = of_camera(house, "POST", "/masks");
    g_autoptr(Json) camera = ask(house, officer, "GET /cameras/{id}", one, NULL, 200);
    assert_int_equal(json_integer_value(json_object_get(camera, "masks")), 1);
    json_decref(ask(house, officer, "POST /cameras/{id}/masks", post,
                    "{\"name\":\"Sân\",\"points\":" SQUARE "}", 403));
}

static void a_mask_grows_at_once_and_does_not_shrink(void **state)
{
    House *house = *state;
    g_autofree char *id = draw(house);
    json_decref(of_mask(house, ROLE_ADMIN, "PATCH", id, "", "{\"points\":" LARGER "}", 200));
    g_autoptr(Json) no =
        of_mask(house, ROLE_ADMIN, "PATCH", id, "", "{\"points\":" SQUARE "}", 409);
    assert_string_equal(json_string_value(json_object_get(no, "cause_code")), "mask-smaller");
}

static void a_mask_covers_its_own_camera_and_no_other(void **state)
{
    House *house = *state;
    g_autofree char *id = draw(house);
    Uuid other = house_camera(house, "Nhà văn hóa", &house->location);
    g_autoptr(MaskSet) own = masks_over(house->masks, &house->camera, 1, INT64_MAX),
                       none = masks_over(house->masks, &other, 1, INT64_MAX);
    assert_non_null(own);
    assert_null(none);
}

static void two_persons_take_a_mask_away(void **state)
{
    House *house = *state;
    g_autofree char *id = draw(house);
    const char *yes = "{\"approve\":true}";
    json_decref(of_mask(house, ROLE_COMMANDER, "POST", id, "/end/approval", yes, 409));
    json_decref(of_mask(house, ROLE_ADMIN, "POST", id, "/end", "{\"reason\":\"Nhà đã dỡ\"}", 200));
    g_autoptr(Json) own = of_mask(house, ROLE_ADMIN, "POST", id, "/end/approval", yes, 403);
    assert_string_equal(json_string_value(json_object_get(own, "cause_code")), "two-persons");
    json_decref(of_mask(house, ROLE_OFFICER, "POST", id, "/end/approval", yes, 403));
    assert_int_equal(standing(house), 1);
    json_decref(of_mask(house, ROLE_ADMIN, "DELETE", id, "/end", NULL, 200));
    json_decref(of_mask(house, ROLE_COMMANDER, "POST", id, "/end/approval", yes, 409));
    json_decref(of_mask(house, ROLE_ADMIN, "POST", id, "/end", "{\"reason\":\"Nhà đã dỡ\"}", 200));
    g_autoptr(Json) gone = of_mask(house, ROLE_COMMANDER, "POST", id, "/end/approval", yes, 200);
    assert_true(json_is_string(json_object_get(gone, "until")));
    assert_int_equal(standing(house), 0);
}

static void the_console_is_no_second_person(void **state)
{
    House *house = *state;
    g_autofree char *id = draw(house);
    json_decref(of_mask(house, ROLE_ADMIN, "POST", id, "/end", "{\"reason\":\"Nhà đã dỡ\"}", 200));
    g_autofree char *path = g_strdup_printf("/masks/%s/end/approval", id);
    char camera[UUID_TEXT];
    g_autofree char *whole =
        g_strdup_printf("/api/v1/cameras/%s%s", uuid_text(&house->camera, camera), path);
    g_autoptr(Json) body = json_pack("{s:b}", "approve", 1);
    ApiRequest request = {.method = API_POST, .path = whole, .body = body, .console = true};
    g_auto(ApiResponse) response = {0};
    api_dispatch(&house->api, &request, &response);
    assert_int_equal(response.status, 403);
    assert_int_equal(standing(house), 1);
}

static Json *lift(House *house, Role role, const char *what, const char *route, const char *body,
                  int status)
{
    g_autofree char *session = house_session(house, role);
    return ask(house, session, route, what, body, status);
}

/* The officer's, asked for; its id, returned owned. */
static char *ask_lifting(House *house, int status)
{
    char camera[UUID_TEXT];
    g_autofree char *body =
        g_strdup_printf("{\"camera\":\"%s\",\"reason\":\"routine-check\",\"minutes\":5}",
                        uuid_text(&house->camera, camera));
    g_autoptr(Json) made = lift(house, ROLE_OFFICER, "POST /api/v1/mask-liftings",
                                "POST /mask-liftings", body, status);
    return g_strdup(json_string_value(json_object_get(made, "id")));
}

static char *state_of(House *house, Role role)
{
    g_autoptr(Json) list =
        lift(house, role, "GET /api/v1/mask-liftings", "GET /mask-liftings", NULL, 200);
    const Json *one = json_array_get(json_object_get(list, "items"), 0);
    return g_strdup(json_string_value(json_object_get(one, "state")));
}

static void who_says_no_minutes_gets_what_the_site_is_set_to(void **state)
{
    House *house = *state;
    char camera[UUID_TEXT];
    g_autofree char *mask = draw(house);
    g_autofree char *body = g_strdup_printf("{\"camera\":\"%s\",\"reason\":\"routine-check\"}",
                                            uuid_text(&house->camera, camera));
    assert_non_null(mask);
    json_decref(lift(house, ROLE_ADMIN, "PATCH /api/v1/site", "PATCH /site",
                     "{\"unmask_minutes\":121}", 400));
    json_decref(lift(house, ROLE_ADMIN, "PATCH /api/v1/site", "PATCH /site",
                     "{\"unmask_minutes\":40}", 200));
    g_autoptr(Json) made =
        lift(house, ROLE_OFFICER, "POST /api/v1/mask-liftings", "POST /mask-liftings", body, 201);
    assert_int_equal(json_integer_value(json_object_get(made, "minutes")), 40);
    g_autoptr(Json) me = lift(house, ROLE_OFFICER, "GET /api/v1/me", "GET /me", NULL, 200);
    const Json *site = json_object_get(me, "site");
    assert_int_equal(json_integer_value(json_object_get(site, "unmask_minutes")), 40);
    g_autoptr(Config) config = config_default();
    config->site.unmask_minutes = 20;
    assert_true(site_apply(house->site, config, NULL));
    json_decref(lift(house, ROLE_ADMIN, "PATCH /api/v1/site", "PATCH /site",
                     "{\"unmask_minutes\":40}", 403));
    assert_int_equal(site_number(house->site, SITE_VALUE_UNMASK_MINUTES), 20);
}

static void a_lifting_is_decided_by_another_and_ended(void **state)
{
    House *house = *state;
    g_autofree char *none = ask_lifting(house, 404);
    assert_null(none);
    g_autofree char *mask = draw(house), *id = ask_lifting(house, 201);
    g_autofree char *decide = g_strdup_printf("POST /api/v1/mask-liftings/%s/approval", id);
    g_autofree char *end = g_strdup_printf("DELETE /api/v1/mask-liftings/%s", id);
    const char *yes = "{\"approve\":true}", *at = "POST /mask-liftings/{id}/approval";
    json_decref(lift(house, ROLE_OFFICER, decide, at, yes, 403));
    g_autofree char *waits = state_of(house, ROLE_COMMANDER);
    assert_string_equal(waits, "waiting");
    json_decref(lift(house, ROLE_COMMANDER, decide, at, yes, 200));
    g_autofree char *runs = state_of(house, ROLE_OFFICER);
    assert_string_equal(runs, "running");
    json_decref(lift(house, ROLE_COMMANDER, decide, at, yes, 409));
    json_decref(lift(house, ROLE_OFFICER, end, "DELETE /mask-liftings/{id}", NULL, 200));
    g_autofree char *over = state_of(house, ROLE_OFFICER);
    assert_string_equal(over, "ended");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, house_open, house_close)
    const struct CMUnitTest tests[] = {
        TEST(a_mask_is_drawn_and_seen_by_who_watches),
        TEST(a_mask_grows_at_once_and_does_not_shrink),
        TEST(a_mask_covers_its_own_camera_and_no_other),
        TEST(two_persons_take_a_mask_away),
        TEST(the_console_is_no_second_person),
        TEST(who_says_no_minutes_gets_what_the_site_is_set_to),
        TEST(a_lifting_is_decided_by_another_and_ended),
    };
    return cmocka_run_group_tests(tests, read_document, drop_document);
}
