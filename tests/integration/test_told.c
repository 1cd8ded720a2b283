/* What is not recorded is told: in the log, to a real webhook, over the socket of an open app. */
#include "app_socket.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/time_text.h"
#include "harness.h"
#include "hook_listener.h"
#include "scripted_camera.h"
#include "unit.h"
#include "watch/daily.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The setting of the tests, and what a minute (DESIGN §6) leaves of it. */
enum { LATE_S = 5, TOLD_MS = 12000, CAMERAS = 3 };

typedef struct World {
    char *data, *log;
    ScriptedCamera *cameras[CAMERAS];
    char *ids[CAMERAS];
    HookListener *hook;
    Server server;
    Api api;
    int socket;
} World;

/* The next event that the socket tells. Owned. */
static Json *next_event(int fd)
{
    for (;;) {
        bool is_text;
        g_autoptr(GByteArray) frame = app_socket_next(fd, &is_text);
        g_autoptr(Json) json =
            is_text ? json_parse((const char *)frame->data, frame->len, NULL) : NULL;
        if (json && strcmp(text_in(json, "op"), "event") == 0)
            return g_steal_pointer(&json);
    }
}

/* ---- the world ---- */

static void start_server(World *world)
{
    int kept = dup(STDERR_FILENO);
    int log = open(world->log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    dup2(log, STDERR_FILENO);
    world->server = server_start(world->data);
    dup2(kept, STDERR_FILENO);
    close(kept);
    close(log);
    world->api = api_open(&world->server);
}

static int set_up(void **state)
{
    World *world = g_new0(World, 1);
    world->data = temp_folder();
    world->log = g_build_filename(world->data, "server.log", NULL);
    world->hook = hook_listener_new();
    g_autofree char *config = g_build_filename(world->data, "config.yaml", NULL);
    g_autofree char *token = g_build_filename(world->data, "token", NULL);
    g_autofree char *text = g_strdup_printf(
        "eye:\n  off: true\n" /* or what moves would open the schedule of who waits for events */
        "notify:\n  not_recorded_after: %d\n  webhook: %s\n  webhook_token_file: token\n",
        LATE_S, hook_listener_url(world->hook));
    assert_true(g_file_set_contents(config, text, -1, NULL));
    assert_true(g_file_set_contents(token, "let-me-in\n", -1, NULL));
    start_server(world);
    for (int i = 0; i < CAMERAS; i++) {
        g_autofree char *name = g_strdup_printf("Camera %d", i + 1);
        world->cameras[i] = scripted_camera_new(name, NULL);
        world->ids[i] =
            api_add_camera(&world->api, name, scripted_camera_url(world->cameras[i]), NULL, NULL);
    }
    for (int i = 0; i < CAMERAS; i++)
        api_wait_recorded(&world->api, world->ids[i], 15000);
    world->socket = app_socket_open(&world->api, TOLD_MS);
    *state = world;
    return 0;
}

static int tear_down(void **state)
{
    World *world = *state;
    close(world->socket);
    api_close(&world->api);
    assert_int_equal(server_stop(&world->server, SIGTERM), 0);
    for (int i = 0; i < CAMERAS; i++) {
        scripted_camera_free(world->cameras[i]);
        g_free(world->ids[i]);
    }
    hook_listener_free(world->hook);
    remove_tree(world->data);
    g_free(world->log);
    g_free(world->data);
    g_free(world);
    return 0;
}

/* Lines of the log that hold both texts. */
static unsigned logged(const World *world, const char *one, const char *two)
{
    g_autofree char *text = NULL;
    assert_true(g_file_get_contents(world->log, &text, NULL, NULL));
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    unsigned count = 0;
    for (char **line = lines; *line; line++)
        count += strstr(*line, one) && strstr(*line, two);
    return count;
}

static int64_t time_in(const Json *json, const char *name)
{
    int64_t time_us = 0;
    assert_true(time_parse(text_in(json, name), &time_us));
    return time_us;
}

/* ---- the tests ---- */

static void a_camera_that_stops_is_told_within_the_time_and_again_when_it_is_back(void **state)
{
    World *world = *state;
    unsigned heard = 0;
    int64_t off_us = clock_wall_us();
    scripted_camera_power(world->cameras[1], false);
    const Posted *begun = hook_listener_wait(world->hook, &heard, "not-recorded", "begun", TOLD_MS);
    g_autoptr(Json) notice = next_event(world->socket);
    int64_t seen_us = clock_wall_us();
    print_message("told after %.1f s by webhook, %.1f s by socket (set: %d s)\n",
                  (double)(begun->at_us - off_us) / 1e6, (double)(seen_us - off_us) / 1e6, LATE_S);
    assert_in_range(begun->at_us - off_us, (LATE_S - 1) * SECOND_US, (LATE_S + 5) * SECOND_US);
    assert_string_equal(text_in(begun->json, "camera"), world->ids[1]);
    assert_string_equal(text_in(begun->json, "name"), "Camera 2");
    assert_true(strlen(text_in(begun->json, "cause")) > 0);
    assert_in_range(time_in(begun->json, "since"), off_us - 2 * SECOND_US, off_us + SECOND_US);
    assert_non_null(strstr(begun->head, "Authorization: Bearer let-me-in"));
    assert_string_equal(text_in(notice, "kind"), "not-recorded");
    assert_string_equal(text_in(notice, "camera"), world->ids[1]);
    assert_string_equal(text_in(notice, "name"), "Camera 2");
    assert_int_equal(logged(world, "error trouble.begun kind=not-recorded", "name=\"Camera 2\""),
                     1);

    int64_t on_us = clock_wall_us();
    scripted_camera_power(world->cameras[1], true);
    const Posted *over = hook_listener_wait(world->hook, &heard, "not-recorded", "over", 20000);
    g_autoptr(Json) end = next_event(world->socket);
    print_message("told of the return after %.1f s\n", (double)(over->at_us - on_us) / 1e6);
    assert_string_equal(text_in(over->json, "event"), text_in(begun->json, "event"));
    assert_in_range(time_in(over->json, "until"), on_us, over->at_us);
    assert_string_equal(text_in(end, "id"), text_in(notice, "id"));
    assert_true(strlen(text_in(end, "to")) > 0);
    assert_int_equal(logged(world, "info trouble.over", "name=\"Camera 2\""), 1);
    assert_int_equal(hook_listener_count(world->hook), 2);

    g_autofree char *url = g_strdup_printf("%s/events?kind=not-recorded", world->api.url);
    g_autoptr(Json) list = http_json(url, world->api.token);
    assert_int_equal(json_array_size(json_object_get(list, "items")), 1);
    assert_int_equal(logged(world, "secret-path", ""), 0);
    assert_int_equal(logged(world, "let-me-in", ""), 0);
}

static void a_camera_never_recorded_since_the_start_is_told(void **state)
{
    World *world = *state;
    unsigned heard = 0;
    scripted_camera_power(world->cameras[0], false);
    hook_listener_wait(world->hook, &heard, "not-recorded", "begun", TOLD_MS);
    close(world->socket);
    api_close(&world->api);
    assert_int_equal(server_stop(&world->server, SIGTERM), 0);
    int64_t start_us = clock_wall_us();
    start_server(world);
    const Posted *begun = hook_listener_wait(world->hook, &heard, "not-recorded", "begun", TOLD_MS);
    assert_string_equal(text_in(begun->json, "camera"), world->ids[0]);
    assert_true(time_in(begun->json, "since") >= start_us);
    world->socket =
        app_socket_open(&world->api, TOLD_MS); /* an app that is opened later is told too */
    g_autoptr(Json) standing = next_event(world->socket);
    assert_string_equal(text_in(standing, "id"), text_in(begun->json, "event"));
}

static void a_camera_that_waits_for_events_is_told_when_it_is_off(void **state)
{
    World *world = *state;
    unsigned heard = 0;
    api_change_camera(&world->api, world->ids[1], "{\"schedule\":\"event 2s\"}");
    sleep_ms((LATE_S + 3) * 1000); /* what is not recorded until an event comes is no trouble … */
    assert_int_equal(hook_listener_count(world->hook), 0);
    int64_t off_us = clock_wall_us();
    scripted_camera_power(world->cameras[1], false); /* … but one could not be recorded now */
    const Posted *begun = hook_listener_wait(world->hook, &heard, "not-recorded", "begun", TOLD_MS);
    assert_string_equal(text_in(begun->json, "name"), "Camera 2");
    assert_true(g_str_has_prefix(text_in(begun->json, "cause"), "no event could be recorded: "));
    assert_in_range(time_in(begun->json, "since"), off_us - 2 * SECOND_US, off_us + SECOND_US);
    scripted_camera_power(world->cameras[1], true);
    hook_listener_wait(world->hook, &heard, "not-recorded", "over", 20000);
}

static void an_outage_that_a_kill_cut_off_ends_at_the_kill(void **state)
{
    World *world = *state;
    unsigned heard = 0;
    scripted_camera_power(world->cameras[1], false);
    hook_listener_wait(world->hook, &heard, "not-recorded", "begun", TOLD_MS);
    sleep_ms(8000);
    close(world->socket);
    api_close(&world->api);
    int64_t killed_us = clock_wall_us();
    server_stop(&world->server, SIGKILL);
    sleep_ms(2000);
    start_server(world);
    g_autofree char *url = g_strdup_printf("%s/events?kind=not-recorded", world->api.url);
    g_autoptr(Json) list = http_json(url, world->api.token);
    const Json *items = json_object_get(list, "items");
    const Json *event = json_array_get(items, json_array_size(items) - 1);
    print_message("ends %.1f s before the kill\n",
                  (double)(killed_us - time_in(event, "to")) / 1e6);
    assert_in_range(time_in(event, "to"), killed_us - 7 * SECOND_US, killed_us + SECOND_US);
    world->socket = app_socket_open(&world->api, TOLD_MS);
}

static void a_paused_camera_is_no_trouble(void **state)
{
    World *world = *state;
    unsigned heard = 0;
    scripted_camera_power(world->cameras[2], false);
    api_change_camera(&world->api, world->ids[2], "{\"paused\":true,\"pause_reason\":\"feast\"}");
    scripted_camera_power(world->cameras[0], false); /* so that the end of the wait is known */
    hook_listener_wait(world->hook, &heard, "not-recorded", "begun", TOLD_MS);
    sleep_ms(2000);
    assert_int_equal(hook_listener_count(world->hook), 1);
}

static void a_volume_that_is_gone_is_told_once_and_not_for_each_camera(void **state)
{
    World *world = *state;
    unsigned heard = 0;
    g_autofree char *footage = g_build_filename(world->data, "footage", NULL);
    g_autofree char *aside = g_build_filename(world->data, "aside", NULL);
    assert_int_equal(rename(footage, aside), 0);
    const Posted *begun = hook_listener_wait(world->hook, &heard, "storage", "begun", TOLD_MS);
    assert_true(json_is_null(json_object_get(begun->json, "camera")));
    sleep_ms(3000);
    assert_int_equal(hook_listener_count(world->hook), 1);
    assert_int_equal(rename(aside, footage), 0);
    hook_listener_wait(world->hook, &heard, "storage", "over", 20000);
    sleep_ms(LATE_S * 1000);
    assert_int_equal(hook_listener_count(world->hook), 2);
}

static void a_webhook_that_is_down_for_a_moment_gets_the_message_later(void **state)
{
    World *world = *state;
    unsigned heard = 0;
    hook_listener_answer(world->hook, 503, NULL);
    scripted_camera_power(world->cameras[1], false);
    hook_listener_wait(world->hook, &heard, "not-recorded", "begun", TOLD_MS);
    hook_listener_answer(world->hook, 200, NULL);
    hook_listener_wait(world->hook, &heard, "not-recorded", "begun", 8000);
    sleep_ms(1500);
    assert_int_equal(hook_listener_count(world->hook), 2);
    assert_int_equal(logged(world, "warning webhook.failed", "status 503"), 1);
}

static void the_test_message_says_whether_the_other_side_takes_it(void **state)
{
    World *world = *state;
    unsigned heard = 0;
    g_autofree char *url = g_strdup_printf("%s/notify/test", world->api.url);
    g_autofree char *about = g_strdup_printf("%s/notify", world->api.url);
    assert_int_equal(http_call("POST", url, world->api.token, "{}", NULL, NULL), 204);
    const Posted *test = hook_listener_wait(world->hook, &heard, "test", NULL, 1000);
    assert_string_equal(text_in(test->json, "site"), "Vọng Lâu");

    g_autofree char *elsewhere = g_strdup_printf("%s-other", hook_listener_url(world->hook));
    hook_listener_answer(world->hook, 302, elsewhere);
    g_autoptr(Json) problem = http_problem("POST", url, world->api.token, "{}", 502);
    assert_non_null(strstr(text_in(problem, "detail"), "302"));
    assert_null(strstr(text_in(problem, "detail"), "secret-path"));
    assert_int_equal(hook_listener_count(world->hook), 2); /* it was not sent on */
    hook_listener_answer(world->hook, 200, NULL);

    g_autoptr(Json) told = http_json(about, world->api.token);
    assert_true(g_str_has_prefix(hook_listener_url(world->hook), text_in(told, "webhook")));
    assert_null(strstr(text_in(told, "webhook"), "secret-path"));
    assert_true(json_is_true(json_object_get(told, "has_token")));
    json_decref(http_problem("PATCH", about, world->api.token, "{\"webhook\":null}", 403));
}

/* Where it is about noon now, so that no test runs at a midnight. */
static char *noon_zone(void)
{
    int hour = (int)(clock_wall_us() / HOUR_US % 24), west = hour - 12;
    return west >= 0 ? g_strdup_printf("Etc/GMT+%d", west) : g_strdup_printf("Etc/GMT-%d", -west);
}

/* The server last told of a day two days ago. */
static void restart_two_days_later(World *world)
{
    close(world->socket);
    api_close(&world->api);
    assert_int_equal(server_stop(&world->server, SIGTERM), 0);
    g_autofree char *path = g_build_filename(world->data, "catalog.db", NULL);
    Catalog *catalog = catalog_open(path, NULL);
    assert_non_null(catalog);
    assert_true(daily_set_told(catalog, clock_wall_us() - 2 * DAY_US, NULL));
    catalog_close(catalog);
    g_autofree char *config = g_build_filename(world->data, "config.yaml", NULL);
    g_autofree char *zone = noon_zone(), *text = NULL;
    assert_true(g_file_get_contents(config, &text, NULL, NULL));
    g_autofree char *with_zone = g_strdup_printf("site:\n  time_zone: %s\n%s", zone, text);
    assert_true(g_file_set_contents(config, with_zone, -1, NULL));
    start_server(world);
    world->socket = app_socket_open(&world->api, TOLD_MS);
}

static void the_day_before_is_told_once(void **state)
{
    World *world = *state;
    unsigned heard = 0;
    restart_two_days_later(world);
    const Posted *daily = hook_listener_wait(world->hook, &heard, "daily", NULL, 10000);
    assert_true(json_is_array(json_object_get(daily->json, "cameras")));
    assert_int_equal(strlen(text_in(daily->json, "day")), strlen("2026-11-27"));
    assert_int_equal(time_in(daily->json, "to") - time_in(daily->json, "from"), DAY_US);
    assert_int_equal(logged(world, "info daily day=", text_in(daily->json, "day")), 1);
    close(world->socket);
    api_close(&world->api);
    assert_int_equal(server_stop(&world->server, SIGTERM), 0);
    start_server(world); /* it looks at once */
    world->socket = app_socket_open(&world->api, TOLD_MS);
    sleep_ms(3000);
    assert_int_equal(hook_listener_count(world->hook), 1);
}

int main(int argc, char **argv)
{
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_camera_that_stops_is_told_within_the_time_and_again_when_it_is_back),
        TEST(a_camera_never_recorded_since_the_start_is_told),
        TEST(a_camera_that_waits_for_events_is_told_when_it_is_off),
        TEST(an_outage_that_a_kill_cut_off_ends_at_the_kill),
        TEST(a_paused_camera_is_no_trouble),
        TEST(a_volume_that_is_gone_is_told_once_and_not_for_each_camera),
        TEST(a_webhook_that_is_down_for_a_moment_gets_the_message_later),
        TEST(the_test_message_says_whether_the_other_side_takes_it),
        TEST(the_day_before_is_told_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
