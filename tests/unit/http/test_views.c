/* Saved views of the wall: of whom they are, who may share and change them, and that what one may
 * not watch is not shown by them. Each answer fits openapi.yaml.
 */
#include "house.h"
#include "openapi.h"
#include "unit.h"

#include <string.h>

/* `path` below /api/v1 as it is asked for, `pattern` as openapi.yaml names it. Returned owned. */
static Json *ask(House *house, Role role, const char *method, const char *path, const char *pattern,
                 const char *body, int status)
{
    g_autofree char *session = house_session(house, role);
    g_autofree char *what = g_strconcat(method, " /api/v1", path, NULL);
    g_auto(ApiResponse) answer = {0};
    house_ask(house, session, what, body, &answer);
    g_autofree char *told = answer.json ? json_line(answer.json) : g_strdup("");
    if (answer.status != status)
        fail_msg("%s %s: %d %s", what, body ? body : "", answer.status, told);
    if (!answer.json)
        return NULL;
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

static char *body_of(const char *name, const Uuid *camera, const char *more)
{
    char id[UUID_TEXT];
    return g_strdup_printf("{\"name\":\"%s\",\"layout\":4,\"places\":[null,\"%s\"]%s}", name,
                           uuid_text(camera, id), more);
}

static char *save(House *house, Role role, const char *name, const char *more)
{
    g_autofree char *body = body_of(name, &house->camera, more);
    g_autoptr(Json) json = ask(house, role, "POST", "/views", "/views", body, 201);
    return g_strconcat("/views/", json_string_value(json_object_get(json, "id")), NULL);
}

static Json *list(House *house, Role role)
{
    g_autoptr(Json) page = ask(house, role, "GET", "/views", "/views", NULL, 200);
    return json_incref(json_object_get(page, "items"));
}

static Json *change(House *house, Role role, const char *path, const char *body, int status)
{
    return ask(house, role, "PATCH", path, "/views/{id}", body, status);
}

static void a_view_keeps_its_cameras_in_their_places(void **state)
{
    House *house = *state;
    char id[UUID_TEXT];
    g_autofree char *path = save(house, ROLE_OFFICER, "Khu chợ", "");
    json_decref(change(house, ROLE_OFFICER, path, "{\"turn_s\":30,\"layout\":9}", 200));
    g_autoptr(Json) views = list(house, ROLE_OFFICER);
    const Json *view = json_array_get(views, 0);
    g_autofree char *told = json_line(view);
    g_autofree char *wanted = g_strdup_printf(
        "{\"id\":\"%s\",\"name\":\"Khu chợ\",\"layout\":9,\"turn_s\":30,\"shared\":false,"
        "\"own\":true,\"may_change\":true,\"places\":[null,\"%s\"],\"withheld\":[]}",
        path + strlen("/views/"), uuid_text(&house->camera, id));
    assert_string_equal(told, wanted);
}

static void a_view_of_ones_own_is_seen_and_changed_by_nobody_else(void **state)
{
    House *house = *state;
    g_autofree char *path = save(house, ROLE_OFFICER, "Của tôi", "");
    g_autoptr(Json) others = list(house, ROLE_ADMIN);
    assert_int_equal(json_array_size(others), 0);
    json_decref(change(house, ROLE_ADMIN, path, "{\"name\":\"x\"}", 404));
    json_decref(ask(house, ROLE_ADMIN, "DELETE", path, "/views/{id}", NULL, 404));
    assert_null(ask(house, ROLE_OFFICER, "DELETE", path, "/views/{id}", NULL, 204));
    g_autoptr(Json) none = list(house, ROLE_OFFICER);
    assert_int_equal(json_array_size(none), 0);
}

static void only_who_has_the_right_shares_a_view_or_changes_a_shared_one(void **state)
{
    House *house = *state;
    g_autofree char *body = body_of("Chung", &house->camera, ",\"shared\":true");
    g_autofree char *own = save(house, ROLE_OFFICER, "Của tôi", "");
    json_decref(ask(house, ROLE_OFFICER, "POST", "/views", "/views", body, 403));
    json_decref(change(house, ROLE_OFFICER, own, "{\"shared\":true}", 403));
    g_autofree char *path = save(house, ROLE_COMMANDER, "Chung", ",\"shared\":true");
    g_autoptr(Json) seen = list(house, ROLE_OFFICER);
    assert_int_equal(json_array_size(seen), 2);
    assert_false(json_is_true(json_object_get(json_array_get(seen, 0), "may_change")));
    json_decref(change(house, ROLE_OFFICER, path, "{\"name\":\"x\"}", 403));
    json_decref(ask(house, ROLE_OFFICER, "DELETE", path, "/views/{id}", NULL, 403));
    json_decref(change(house, ROLE_ADMIN, path, "{\"name\":\"Chung cả xã\"}", 200));
}

static void a_shared_view_shows_only_what_one_may_watch(void **state)
{
    House *house = *state;
    char here[UUID_TEXT], there[UUID_TEXT];
    Uuid location = house_location(house, "Đập", "Bản Bua");
    Uuid other = house_camera(house, "Đập tràn", &location);
    g_autofree char *body =
        g_strdup_printf("{\"name\":\"Chung\",\"shared\":true,\"places\":[\"%s\",\"%s\",null]}",
                        uuid_text(&other, there), uuid_text(&house->camera, here));
    json_decref(ask(house, ROLE_COMMANDER, "POST", "/views", "/views", body, 201));
    g_autoptr(Json) views = list(house, ROLE_VILLAGE_HEAD);
    const Json *view = json_array_get(views, 0);
    g_autofree char *places = json_line(json_object_get(view, "places"));
    g_autofree char *withheld = json_line(json_object_get(view, "withheld"));
    g_autofree char *wanted = g_strdup_printf("[null,\"%s\",null]", here);
    assert_string_equal(places, wanted);
    assert_string_equal(withheld, "[0]");
    /* nor is it a way to ask which cameras there are */
    g_autofree char *foreign = body_of("x", &other, "");
    json_decref(ask(house, ROLE_VILLAGE_HEAD, "POST", "/views", "/views", foreign, 400));
}

static void what_makes_no_sense_is_refused(void **state)
{
    House *house = *state;
    g_autofree char *path = save(house, ROLE_OFFICER, "Khu chợ", "");
    g_autofree char *letters = g_strnfill(61, 'x');
    g_autofree char *long_name = g_strdup_printf("{\"name\":\"%s\"}", letters);
    const char *const bodies[] = {
        "{\"name\":\"\"}",  "{\"layout\":5}",  "{\"turn_s\":4}",
        "{\"turn_s\":601}", "{\"places\":[]}", "{\"places\":[\"a\"]}",
        "{\"places\":7}",   "{\"size\":1}",    "{\"shared\":\"no\"}",
        long_name,
    };
    for (size_t i = 0; i < G_N_ELEMENTS(bodies); i++)
        json_decref(change(house, ROLE_OFFICER, path, bodies[i], 400));
    json_decref(ask(house, ROLE_OFFICER, "POST", "/views", "/views", "{\"name\":\"x\"}", 400));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, house_open, house_close)
    const struct CMUnitTest tests[] = {
        TEST(a_view_keeps_its_cameras_in_their_places),
        TEST(a_view_of_ones_own_is_seen_and_changed_by_nobody_else),
        TEST(only_who_has_the_right_shares_a_view_or_changes_a_shared_one),
        TEST(a_shared_view_shows_only_what_one_may_watch),
        TEST(what_makes_no_sense_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
