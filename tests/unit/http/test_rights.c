/* Rights of each role on each route, at each place: made from the route table and the rights table,
 * and compared with openapi.yaml both ways. */
#include "house.h"
#include "http/api/routes.h"
#include "openapi.h"
#include "unit.h"

#include <string.h>

static void the_route_table_and_openapi_tell_the_same(void **state)
{
    g_autoptr(Json) document = openapi_read();
    size_t operations = 0;
    const char *path, *method;
    Json *methods, *operation;
    json_object_foreach(json_object_get(document, "paths"), path, methods)
        json_object_foreach(methods, method, operation) operations +=
        json_object_get(operation, "responses") != NULL;
    assert_int_equal(operations, api_route_count);
    for (size_t i = 0; i < api_route_count; i++) {
        const ApiRoute *route = &api_routes[i];
        const Json *told =
            openapi_operation(document, api_method_text(route->method), route->pattern);
        if (!told)
            fail_msg("openapi.yaml lacks %s %s", api_method_text(route->method), route->pattern);
        assert_string_equal(json_string_value(json_object_get(told, "x-action")),
                            action_text(route->action));
        assert_string_equal(json_string_value(json_object_get(told, "x-scope")),
                            api_scope_text(route->scope));
    }
}

static char *replace(const char *text, const char *what, const char *with)
{
    g_auto(GStrv) parts = g_strsplit(text, what, -1);
    return g_strjoinv(with, parts);
}

/* An id that exists for no one. */
#define NO_ID "00000000-0000-4000-8000-000000000000"

/* "GET /api/v1/cameras/…/status" of a route. */
static char *request_line(const ApiRoute *route, const char *id)
{
    g_autofree char *with_id = replace(route->pattern, "{id}", id);
    g_autofree char *with_name = replace(with_id, "{name}", "2026-11-24-000000.000Z-main");
    return g_strdup_printf("%s " API_PREFIX "%s", api_method_text(route->method), with_name);
}

/* Does a request end the session it is asked in? Those are tested by themselves. */
static bool ends_session(const ApiRoute *route)
{
    return route->handler && strcmp(route->pattern, "/session") == 0;
}

/* Every route, in the session of whoever counts as `role`. */
static void walk_routes(House *house, const char *session, Role role)
{
    for (size_t i = 0; i < api_route_count; i++) {
        const ApiRoute *route = &api_routes[i];
        if (ends_session(route))
            continue;
        g_autofree char *line = request_line(route, NO_ID);
        g_auto(ApiResponse) answer = {0};
        house_ask(house, session, line, NULL, &answer);
        bool refused = answer.status == 401 || answer.status == 403;
        bool allowed = route->action == ACTION_PUBLIC || rights_allow(role, route->action);
        if (refused == allowed)
            fail_msg("%s as %s: %d", line, role_text(role), answer.status);
        if (role == ROLE_NONE && refused)
            assert_int_equal(answer.status, 401);
    }
}

static void each_role_gets_what_the_rights_table_says(void **state)
{
    House *house = *state;
    walk_routes(house, NULL, ROLE_NONE);
    for (int role = ROLE_ADMIN; role < ROLES; role++) {
        g_autofree char *session = house_session(house, (Role)role);
        walk_routes(house, session, (Role)role);
    }
}

static void without_the_second_factor_that_is_wanted_every_role_may_only_get_it(void **state)
{
    House *house = *state;
    bool wanted[ROLES];
    memset(wanted, true, sizeof wanted);
    assert_true(people_totp_roles_set(house->people, wanted, NULL));
    for (int role = ROLE_ADMIN; role < ROLES; role++) {
        g_autofree char *session = house_session(house, (Role)role);
        walk_routes(house, session, ROLE_UNPROVEN);
    }
}

typedef struct Place {
    const char *name; /* of camera and location */
    const char *village;
    Uuid camera, location;
} Place;

static void put_place(House *house, Place *place)
{
    place->location = house_location(house, place->name, place->village);
    place->camera = house_camera(house, place->name, &place->location);
}

/* Each route that names a camera or a location × each role × each place, reading only. */
static void beyond_the_reach_of_a_role_nothing_exists(void **state)
{
    House *house = *state;
    Place places[] = {{"own", "CHE CĂN"}, {"foreign", "Bản Bua"}, {"none", ""}};
    for (size_t i = 0; i < G_N_ELEMENTS(places); i++)
        put_place(house, &places[i]);
    for (int r = ROLE_ADMIN; r < ROLES; r++) {
        g_autofree char *session = house_session(house, (Role)r);
        Identity who;
        assert_true(people_session(house->people, session, &who));
        for (size_t i = 0; i < api_route_count; i++)
            for (size_t p = 0; p < G_N_ELEMENTS(places); p++) {
                const ApiRoute *route = &api_routes[i];
                bool camera = route->scope == SCOPE_CAMERA;
                if (route->method != API_GET || (!camera && route->scope != SCOPE_LOCATION) ||
                    !rights_allow((Role)r, route->action))
                    continue;
                char id[UUID_TEXT];
                uuid_text(camera ? &places[p].camera : &places[p].location, id);
                g_autoptr(CameraRow) row = site_camera_get(house->site, &places[p].camera);
                g_autoptr(LocationRow) at = site_location_get(house->site, &places[p].location);
                bool within = camera ? rights_allow_camera(&who, route->action, house->site, row)
                                     : rights_allow_location(&who, route->action, at);
                g_autofree char *line = request_line(route, id);
                g_autofree char *other = request_line(route, NO_ID);
                g_auto(ApiResponse) answer = {0}, nothing = {0};
                house_ask(house, session, line, NULL, &answer);
                house_ask(house, session, other, NULL, &nothing);
                assert_int_equal(nothing.status, 404);
                g_autofree char *told = answer.json ? json_line(answer.json) : g_strdup("");
                g_autofree char *no_such = json_line(nothing.json);
                g_autofree char *same = replace(no_such, NO_ID, id);
                if ((strcmp(told, same) == 0) == within)
                    fail_msg("%s as %s, %s: %s", line, role_text((Role)r), places[p].name, told);
            }
    }
}

static bool names(const Json *told, const Uuid *id)
{
    char text[UUID_TEXT];
    g_autofree char *line = told ? json_line(told) : g_strdup("");
    return strstr(line, uuid_text(id, text)) != NULL;
}

/* Each list × each role × each place. */
static void lists_name_nothing_beyond_the_reach_of_a_role(void **state)
{
    House *house = *state;
    Place places[] = {{"own", "CHE CĂN"}, {"foreign", "Bản Bua"}, {"none", ""}};
    for (size_t i = 0; i < G_N_ELEMENTS(places); i++)
        put_place(house, &places[i]);
    for (int r = ROLE_ADMIN; r < ROLES; r++) {
        g_autofree char *session = house_session(house, (Role)r);
        Identity who;
        assert_true(people_session(house->people, session, &who));
        for (size_t i = 0; i < api_route_count; i++) {
            const ApiRoute *route = &api_routes[i];
            if (route->method != API_GET || route->scope != SCOPE_EACH || !route->handler ||
                strchr(route->pattern, '{'))
                continue;
            g_autofree char *line =
                g_strdup_printf("GET " API_PREFIX "%s?at=21.45,103.15", route->pattern);
            g_auto(ApiResponse) answer = {0};
            house_ask(house, session, line, NULL, &answer);
            bool of_cameras = g_str_has_prefix(route->pattern, "/cameras");
            for (size_t p = 0; p < G_N_ELEMENTS(places); p++) {
                g_autoptr(CameraRow) row = site_camera_get(house->site, &places[p].camera);
                g_autoptr(LocationRow) at = site_location_get(house->site, &places[p].location);
                bool within = rights_allow_camera(&who, route->action, house->site, row);
                bool told = names(answer.json, &places[p].camera);
                if (told ? !within : within && of_cameras)
                    fail_msg("%s as %s: camera ‘%s’", line, role_text((Role)r), places[p].name);
                if (names(answer.json, &places[p].location) &&
                    !rights_allow_location(&who, route->action, at))
                    fail_msg("%s as %s: location ‘%s’", line, role_text((Role)r), places[p].name);
            }
        }
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, house_open, house_close)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_route_table_and_openapi_tell_the_same),
        TEST(each_role_gets_what_the_rights_table_says),
        TEST(without_the_second_factor_that_is_wanted_every_role_may_only_get_it),
        TEST(beyond_the_reach_of_a_role_nothing_exists),
        TEST(lists_name_nothing_beyond_the_reach_of_a_role),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
