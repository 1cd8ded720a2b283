/* A closed app is told: from a camera that dies to the words that only one phone can read, over a
 * push service that is a real HTTP server. */
#include "base/clock.h"
#include "base/time_text.h"
#include "cameras_api.h"
#include "harness.h"
#include "hook_listener.h"
#include "push_phone.h"
#include "scripted_camera.h"
#include "unit.h"

#include <signal.h>
#include <string.h>

enum { LATE_S = 5, TOLD_MS = 30000, PATIENCE_MS = 20000 };

typedef struct World {
    char *data, *session, *url, *id;
    ScriptedCamera *camera;
    HookListener *service;
    PushPhone *phone;
    Server server;
    Api api;
} World;

/* An officer's session, as the browser has it. */
static char *sign_in(const World *world, const char *name)
{
    g_autofree char *url = g_strconcat(world->api.url, "/session", NULL);
    g_autofree char *body =
        g_strdup_printf("{\"name\":\"%s\",\"password\":\"ten-characters\"}", name);
    g_autofree char *headers = NULL;
    assert_int_equal(http_call_headers("POST", url, NULL, body, NULL, NULL, &headers), 200);
    const char *cookie = strstr(headers, "session=");
    assert_non_null(cookie);
    const char *value = strchr(cookie, '=') + 1;
    return g_strndup(value, strcspn(value, ";"));
}

static char *session_of(const World *world, const char *name, const char *role)
{
    g_autofree char *users = g_strconcat(world->api.url, "/users", NULL);
    g_autofree char *body = g_strdup_printf(
        "{\"name\":\"%s\",\"role\":\"%s\",\"password\":\"ten-characters\"}", name, role);
    assert_int_equal(http_call("POST", users, world->api.token, body, NULL, NULL), 201);
    return sign_in(world, name);
}

static int set_up(void **state)
{
    World *world = g_new0(World, 1);
    world->data = temp_folder();
    world->service = hook_listener_new();
    world->phone = push_phone_new();
    hook_listener_read_by(world->service, push_phone_open, world->phone);
    hook_listener_answer(world->service, 201, NULL);
    g_autofree char *origin = g_strdup(hook_listener_url(world->service));
    *strrchr(origin, '/') = '\0';
    g_autofree char *config = g_build_filename(world->data, "config.yaml", NULL);
    g_autofree char *text = g_strdup_printf("eye:\n  off: true\n"
                                            "notify:\n  not_recorded_after: %d\n"
                                            "  push_services: [\"%s\"]\n"
                                            "  push_contact: mailto:admin@commune.example\n",
                                            LATE_S, origin);
    assert_true(g_file_set_contents(config, text, -1, NULL));
    world->server = server_start(world->data);
    world->api = api_open(&world->server);
    world->session = session_of(world, "lan", "officer");
    world->url = g_strconcat(world->api.url, "/me/push", NULL);
    world->camera = scripted_camera_new("Cổng chợ", NULL);
    world->id =
        api_add_camera(&world->api, "Cổng chợ", scripted_camera_url(world->camera), NULL, NULL);
    api_wait_recorded(&world->api, world->id, PATIENCE_MS);
    *state = world;
    return 0;
}

static int tear_down(void **state)
{
    World *world = *state;
    server_stop(&world->server, SIGTERM);
    api_close(&world->api);
    scripted_camera_free(world->camera);
    hook_listener_free(world->service);
    push_phone_free(world->phone);
    remove_tree(world->data);
    g_free(world->data);
    g_free(world->session);
    g_free(world->url);
    g_free(world->id);
    g_free(world);
    return 0;
}

static Json *own_push(const World *world)
{
    return http_json(world->url, world->session);
}

static const Json *first_device(const Json *push)
{
    return json_array_get(json_object_get(push, "devices"), 0);
}

static void an_address_that_is_no_push_service_is_refused(void **state)
{
    World *world = *state;
    static const char *const endpoints[] = {"http://127.0.0.1:22/x",
                                            "https://192.168.1.1/admin",
                                            "file:///etc/passwd",
                                            "https://user@fcm.googleapis.com/x",
                                            "https://fcm.googleapis.com.example/x",
                                            "https://fcm.googleapis.com:8443/x",
                                            "http://fcm.googleapis.com/x",
                                            "https://push.apple.com/x"};
    for (size_t i = 0; i < G_N_ELEMENTS(endpoints); i++) {
        g_autofree char *body = push_phone_subscription(world->phone, endpoints[i]);
        g_autoptr(Json) problem = http_problem("POST", world->url, world->session, body, 400);
        assert_non_null(problem);
    }
    g_autoptr(Json) none = http_problem("POST", world->url, world->api.token, "{}", 400);
    assert_non_null(none); /* a token has no phone */
}

static void a_phone_subscribes_once_however_often_it_asks(void **state)
{
    World *world = *state;
    g_autofree char *body =
        push_phone_subscription(world->phone, hook_listener_url(world->service));
    for (int i = 0; i < 2; i++)
        assert_int_equal(http_call("POST", world->url, world->session, body, NULL, NULL), 201);
    g_autoptr(Json) push = own_push(world);
    assert_int_equal(json_array_size(json_object_get(push, "devices")), 1);
    assert_string_equal(text_in(first_device(push), "device"), "Chrome, Android");
    assert_null(strstr(text_in(first_device(push), "service"), "secret-path"));
}

static void a_test_gets_there_and_only_the_phone_can_read_it(void **state)
{
    World *world = *state;
    unsigned from = 0;
    g_autofree char *url = g_strconcat(world->url, "/test", NULL);
    assert_int_equal(http_call("POST", url, world->session, "{}", NULL, NULL), 200);
    const Posted *posted = hook_listener_wait(world->service, &from, "test", NULL, TOLD_MS);
    assert_non_null(strstr(posted->head, "Authorization: vapid t="));
    assert_non_null(strstr(posted->head, "TTL: "));
    g_autoptr(Json) push = own_push(world);
    assert_true(json_is_string(json_object_get(first_device(push), "delivered")));
}

static void a_sign_in_on_a_new_device_is_told_at_once_to_who_wants_to_hear_of_it(void **state)
{
    World *world = *state;
    unsigned from = 0;
    for (int i = 0; i < 2; i++) { /* the first time it is not wanted */
        g_autofree char *choice = g_strdup_printf("{\"silent\":[%s]}", i ? "" : "\"sign-in\"");
        assert_int_equal(http_call("PATCH", world->url, world->session, choice, NULL, NULL), 200);
        g_autofree char *elsewhere = sign_in(world, "lan");
        g_autofree char *test = g_strconcat(world->url, "/test", NULL);
        assert_int_equal(http_call("POST", test, world->session, "{}", NULL, NULL), 200);
    }
    const Posted *told = hook_listener_wait(world->service, &from, "sign-in", NULL, PATIENCE_MS);
    assert_string_equal(text_in(told->json, "address"), "127.0.0.1");
    assert_string_equal(text_in(told->json, "language"), "vi");
    unsigned rest = from;
    sleep_ms(200);
    for (; rest < hook_listener_count(world->service); rest++) {
        unsigned one = rest;
        const Posted *posted = hook_listener_wait(world->service, &one, NULL, NULL, PATIENCE_MS);
        assert_string_not_equal(text_in(posted->json, "kind"), "sign-in");
    }
}

static void a_report_is_told_at_once_without_what_was_told(void **state)
{
    World *world = *state;
    unsigned from = 0;
    char begun[TIME_TEXT], now[TIME_TEXT];
    int64_t now_us = clock_wall_us();
    g_autofree char *url = g_strconcat(world->api.url, "/public/reports", NULL);
    g_autofree char *body =
        g_strdup_printf("{\"kind\":\"fire\",\"where\":\"sau "
                        "chợ\",\"from\":\"%s\",\"to\":\"%s\",\"text\":\"Cháy to\"}",
                        time_text(now_us - MINUTE_US, begun), time_text(now_us, now));
    assert_int_equal(http_call("POST", url, NULL, body, NULL, NULL), 201);
    const Posted *told = hook_listener_wait(world->service, &from, "report", "new", PATIENCE_MS);
    assert_string_equal(text_in(told->json, "about"), "fire");
    g_autofree char *text = json_line(told->json);
    assert_null(strstr(text, "Cháy"));
    assert_null(strstr(text, "sau"));
}

static Json *opened_by_either(const char *head, const void *body, size_t size, void *data)
{
    PushPhone *const *phones = data;
    for (int i = 0; i < 2; i++) {
        Json *json = push_phone_open(head, body, size, phones[i]);
        if (json) {
            json_object_set_new(json, "phone", json_integer(i));
            return json;
        }
    }
    return NULL;
}

static int phone_of(const Posted *posted)
{
    return (int)json_integer_value(json_object_get(posted->json, "phone"));
}

/* `session` asks for all of the last minute, for a case of its own. */
static void ask_package(const World *world, const char *session)
{
    char from[TIME_TEXT], to[TIME_TEXT];
    int64_t now_us = clock_wall_us();
    size_t size = 0;
    time_text(now_us - MINUTE_US, from);
    time_text(now_us, to);
    g_autofree char *cases = g_strconcat(world->api.url, "/cases", NULL), *answer = NULL;
    g_autofree char *packages = g_strconcat(world->api.url, "/packages", NULL);
    g_autofree char *opening =
        g_strdup_printf("{\"kind\":\"theft\",\"from\":\"%s\",\"to\":\"%s\"}", from, to);
    assert_int_equal(http_call("POST", cases, session, opening, &answer, &size), 201);
    g_autoptr(Json) opened = json_parse(answer, size, NULL);
    g_autofree char *asking =
        g_strdup_printf("{\"case\":\"%s\",\"cameras\":[\"%s\"],\"from\":\"%s\",\"to\":\"%s\","
                        "\"reason\":\"Vụ mất xe của nhà Lò\"}",
                        text_in(opened, "number"), world->id, from, to);
    assert_int_equal(http_call("POST", packages, session, asking, NULL, NULL), 201);
}

static void a_package_that_waits_is_told_to_who_may_approve_it_and_not_to_who_asked(void **state)
{
    World *world = *state;
    PushPhone *chief = push_phone_new();
    PushPhone *phones[] = {world->phone, chief};
    g_autofree char *endpoint = g_strconcat(hook_listener_url(world->service), "-3", NULL);
    g_autofree char *body = push_phone_subscription(chief, endpoint);
    g_autofree char *session = session_of(world, "mai", "commander");
    g_autofree char *test = g_strconcat(world->url, "/test", NULL);
    hook_listener_read_by(world->service, opened_by_either, phones);
    assert_int_equal(http_call("POST", world->url, session, body, NULL, NULL), 201);
    unsigned from = hook_listener_count(world->service), all = from;
    ask_package(world, world->session);
    const Posted *told = hook_listener_wait(world->service, &from, "package", "asked", PATIENCE_MS);
    assert_int_equal(phone_of(told), 1);
    assert_true(g_str_has_prefix(text_in(told->json, "number"), "CC-"));
    g_autofree char *text = json_line(told->json);
    assert_null(strstr(text, "Lò"));
    ask_package(world, session); /* nobody but herself may approve that one */
    assert_int_equal(http_call("POST", test, session, "{}", NULL, NULL), 200);
    hook_listener_wait(world->service, &from, "test", NULL, PATIENCE_MS);
    unsigned packages = 0;
    for (; all < from;) {
        const Posted *posted = hook_listener_wait(world->service, &all, NULL, NULL, PATIENCE_MS);
        packages += strcmp(text_in(posted->json, "kind"), "package") == 0;
    }
    assert_int_equal(packages, 1);
    g_autoptr(Json) push = http_json(world->url, session);
    g_autofree char *device = g_strconcat(world->url, "/", text_in(first_device(push), "id"), NULL);
    assert_int_equal(http_call("DELETE", device, session, NULL, NULL, NULL), 204);
    hook_listener_read_by(world->service, push_phone_open, world->phone);
    push_phone_free(chief);
}

static void what_one_wants_to_hear_is_kept_and_checked(void **state)
{
    World *world = *state;
    static const char *const wrong[] = {"{\"silent\":[\"motion\"]}",
                                        "{\"silent\":[\"black,frozen\"]}",
                                        "{\"after_s\":-1}",
                                        "{\"quiet\":{\"from\":\"24:00\",\"to\":\"06:00\"}}",
                                        "{\"quiet\":{\"from\":\"22:00\"}}",
                                        "{\"loud\":true}"};
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autoptr(Json) problem = http_problem("PATCH", world->url, world->session, wrong[i], 400);
        assert_non_null(problem);
    }
    assert_int_equal(http_call("PATCH", world->url, world->session,
                               "{\"after_s\":0,\"silent\":[\"black\"],\"quiet\":null}", NULL, NULL),
                     200);
    g_autoptr(Json) push = own_push(world);
    const Json *choice = json_object_get(push, "choice");
    assert_int_equal(json_integer_value(json_object_get(choice, "after_s")), 0);
    assert_int_equal(json_array_size(json_object_get(choice, "silent")), 1);
}

/* Day and night; `who` NULL: nobody. */
static void put_on_duty(const World *world, const char *who)
{
    static const char *const week[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    for (size_t i = 0; i < G_N_ELEMENTS(week); i++) {
        g_autofree char *url = g_strdup_printf("%s/shifts/%s", world->api.url, week[i]);
        g_autofree char *shift =
            who ? g_strdup_printf("{\"from\":\"00:00\",\"to\":\"00:00\",\"people\":[\"%s\"]}", who)
                : g_strdup("");
        g_autofree char *body = g_strdup_printf("{\"shifts\":[%s]}", shift);
        assert_int_equal(http_call("PUT", url, world->api.token, body, NULL, NULL), 200);
    }
}

/* Another officer's phone is told at once, at the same service. Returns the account; owned. */
static char *second_phone(const World *world, const PushPhone *phone)
{
    g_autofree char *endpoint = g_strconcat(hook_listener_url(world->service), "-2", NULL);
    g_autofree char *body = push_phone_subscription(phone, endpoint);
    g_autofree char *session = session_of(world, "minh", "officer");
    g_autofree char *me_url = g_strconcat(world->api.url, "/me", NULL);
    assert_int_equal(http_call("POST", world->url, session, body, NULL, NULL), 201);
    assert_int_equal(http_call("PATCH", world->url, session, "{\"after_s\":0}", NULL, NULL), 200);
    g_autoptr(Json) me = http_json(me_url, session);
    return g_strdup(text_in(me, "id"));
}

static void a_dead_camera_is_told_to_who_is_on_duty_and_to_all_when_nobody_is(void **state)
{
    World *world = *state;
    PushPhone *other = push_phone_new();
    PushPhone *phones[] = {world->phone, other};
    hook_listener_read_by(world->service, opened_by_either, phones);
    g_autofree char *minh = second_phone(world, other);
    unsigned from = hook_listener_count(world->service);
    put_on_duty(world, minh);
    int64_t died_us = clock_wall_us();
    scripted_camera_power(world->camera, false);
    const Posted *begun =
        hook_listener_wait(world->service, &from, "not-recorded", "begun", TOLD_MS);
    print_message("told %.1f s after the camera died\n", (double)(begun->at_us - died_us) / 1e6);
    assert_int_equal(phone_of(begun), 1); /* though the other one would be the first to be told */
    assert_string_equal(text_in(begun->json, "name"), "Cổng chợ");
    assert_string_equal(text_in(begun->json, "language"), "vi");
    assert_null(json_object_get(begun->json, "cause"));
    put_on_duty(world, NULL); /* it goes on, and now it is for everybody */
    const Posted *too = hook_listener_wait(world->service, &from, "not-recorded", "begun", TOLD_MS);
    assert_int_equal(phone_of(too), 0);
    scripted_camera_power(world->camera, true);
    for (int i = 0; i < 2; i++)
        hook_listener_wait(world->service, &from, "not-recorded", "over", TOLD_MS);
    hook_listener_read_by(world->service, push_phone_open, world->phone);
    push_phone_free(other);
}

static void a_phone_whose_sessions_an_admin_ends_is_told_no_more(void **state)
{
    World *world = *state;
    g_autofree char *body =
        push_phone_subscription(world->phone, hook_listener_url(world->service));
    g_autofree char *me_url = g_strconcat(world->api.url, "/me", NULL);
    g_autoptr(Json) me = http_json(me_url, world->session);
    g_autofree char *sessions =
        g_strdup_printf("%s/users/%s/sessions", world->api.url, text_in(me, "id"));
    assert_int_equal(http_call("DELETE", sessions, world->api.token, NULL, NULL, NULL), 204);
    g_free(world->session);
    world->session = sign_in(world, "lan");
    g_autoptr(Json) none = own_push(world);
    assert_int_equal(json_array_size(json_object_get(none, "devices")), 0);
    assert_int_equal(http_call("POST", world->url, world->session, body, NULL, NULL), 201);
}

static void a_service_that_fails_is_said_so_and_one_that_knows_it_no_more_ends_it(void **state)
{
    World *world = *state;
    g_autofree char *url = g_strconcat(world->url, "/test", NULL);
    hook_listener_answer(world->service, 500, NULL);
    g_autoptr(Json) problem = http_problem("POST", url, world->session, "{}", 503);
    assert_non_null(problem);
    g_autoptr(Json) failing = own_push(world);
    assert_non_null(strstr(text_in(first_device(failing), "trouble"), "500"));
    hook_listener_answer(world->service, 410, NULL);
    g_autoptr(Json) again = http_problem("POST", url, world->session, "{}", 503);
    assert_non_null(again);
    g_autoptr(Json) gone = own_push(world);
    assert_int_equal(json_array_size(json_object_get(gone, "devices")), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_address_that_is_no_push_service_is_refused),
        cmocka_unit_test(a_phone_subscribes_once_however_often_it_asks),
        cmocka_unit_test(a_test_gets_there_and_only_the_phone_can_read_it),
        cmocka_unit_test(a_sign_in_on_a_new_device_is_told_at_once_to_who_wants_to_hear_of_it),
        cmocka_unit_test(a_report_is_told_at_once_without_what_was_told),
        cmocka_unit_test(a_package_that_waits_is_told_to_who_may_approve_it_and_not_to_who_asked),
        cmocka_unit_test(what_one_wants_to_hear_is_kept_and_checked),
        cmocka_unit_test(a_dead_camera_is_told_to_who_is_on_duty_and_to_all_when_nobody_is),
        cmocka_unit_test(a_phone_whose_sessions_an_admin_ends_is_told_no_more),
        cmocka_unit_test(a_service_that_fails_is_said_so_and_one_that_knows_it_no_more_ends_it),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
