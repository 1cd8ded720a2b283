/* `vonglau doctor` on an installation that is well, and on ones that are not. */
#include "cameras_api.h"
#include "harness.h"
#include "hook_listener.h"
#include "scripted_camera.h"
#include "unit.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>

typedef struct World {
    char *data;
    ScriptedCamera *camera;
    Server server;
    Api api;
    bool runs;
} World;

static int set_up(void **state)
{
    World *world = g_new0(World, 1);
    world->data = temp_folder();
    world->camera = scripted_camera_new("A", NULL);
    world->server = server_start(world->data);
    world->runs = true;
    world->api = api_open(&world->server);
    g_autofree char *id =
        api_add_camera(&world->api, "Cổng chợ", scripted_camera_url(world->camera), NULL, NULL);
    api_wait_recorded(&world->api, id, 15000);
    sleep_ms(2500); /* until it is durable too */
    *state = world;
    return 0;
}

static void stop(World *world)
{
    api_close(&world->api);
    assert_int_equal(server_stop(&world->server, SIGTERM), 0);
    world->runs = false;
}

static int tear_down(void **state)
{
    World *world = *state;
    if (world->runs)
        stop(world);
    scripted_camera_free(world->camera);
    remove_tree(world->data);
    g_free(world->data);
    g_free(world);
    return 0;
}

/* What doctor finds, owned; it must end with `status`. */
static Json *look(const World *world, int status)
{
    g_autofree char *out = NULL, *err = NULL;
    int got = run_vonglau(&out, &err, "doctor", "--data", world->data, "--json", NULL);
    if (got != status)
        fail_msg("status %d instead of %d: %s%s", got, status, out, err);
    Json *found = json_parse(out, strlen(out), NULL);
    assert_non_null(found);
    return json_incref(json_object_get(found, "checks"));
}

/* The lines of a check at this level, as one text. Owned. */
static char *lines_of(const Json *checks, const char *check, const char *level)
{
    size_t i;
    Json *line;
    g_autoptr(GString) text = g_string_new(NULL);
    json_array_foreach(checks, i, line) if (strcmp(text_in(line, "check"), check) == 0 &&
                                            strcmp(text_in(line, "level"), level) == 0)
        g_string_append_printf(text, "%s\n", text_in(line, "text"));
    return g_strdup(text->str);
}

static void assert_told(const Json *checks, const char *check, const char *level, const char *part)
{
    g_autofree char *text = lines_of(checks, check, level);
    if (!strstr(text, part))
        fail_msg("no %s of %s says “%s”: %s", level, check, part, text);
}

static void an_installation_that_is_well_has_no_problem(void **state)
{
    const World *world = *state;
    g_autoptr(Json) checks = look(world, 0);
    assert_told(checks, "server", "ok", "1 of 1 cameras are being recorded");
    assert_told(checks, "camera", "ok", "‘Cổng chợ’: running, newest footage on disk is ");
    assert_told(checks, "rights", "ok", "closed to others");
    assert_told(checks, "room", "ok", "days at the present rate");
    assert_told(checks, "certificate", "ok", "none yet");
    assert_told(checks, "webhook", "ok", "none is set");
    g_autofree char *out = NULL;
    assert_int_equal(run_vonglau(&out, NULL, "doctor", "--data", world->data, NULL), 0);
    assert_non_null(strstr(out, "ok       server: running"));
    assert_non_null(strstr(out, " clock: "));
    assert_non_null(strstr(out, " disk: "));
}

static void a_camera_that_is_not_recorded_is_a_problem(void **state)
{
    const World *world = *state;
    g_free(api_add_camera(&world->api, "Đập tràn", "rtsp://127.0.0.1:9/x", NULL, NULL));
    sleep_ms(1000);
    g_autoptr(Json) checks = look(world, 1);
    assert_told(checks, "camera", "problem", "‘Đập tràn’: not recorded: ");
    assert_told(checks, "camera", "ok", "‘Cổng chợ’");
}

static void a_disk_that_is_not_mounted_is_a_problem_and_the_one_below_is_not_praised(void **state)
{
    const World *world = *state;
    g_autofree char *footage = g_build_filename(world->data, "footage", NULL);
    g_autofree char *aside = g_build_filename(world->data, "aside", NULL);
    assert_int_equal(rename(footage, aside), 0);
    assert_int_equal(g_mkdir(footage, 0750), 0);
    g_autoptr(Json) checks = look(world, 1);
    assert_told(checks, "disk", "problem", "mount its disk");
    g_autofree char *praise = lines_of(checks, "disk", "ok");
    assert_string_equal(praise, "");
    assert_told(checks, "room", "ok", world->data); /* of the data folder itself */
    assert_int_equal(g_rmdir(footage), 0);
    assert_int_equal(rename(aside, footage), 0);
}

/* A volume.json of this node, or of another, made into a text; owned. */
static char *mark_of(const World *world, bool ours)
{
    g_autofree char *path = g_build_filename(world->data, "site.json", NULL);
    g_autofree char *text = NULL;
    size_t size;
    assert_true(g_file_get_contents(path, &text, &size, NULL));
    g_autoptr(Json) site = json_parse(text, size, NULL);
    return g_strdup_printf("{\"format\":1,\"volume\":\"3f2b8c1e-0000-4000-8000-000000000001\","
                           "\"node\":\"%s\"}",
                           ours ? text_in(site, "node") : "3f2b8c1e-0000-4000-8000-000000000002");
}

static void a_disk_of_another_node_or_in_anothers_place_is_a_problem(void **state)
{
    const World *world = *state;
    g_autofree char *mark = g_build_filename(world->data, "footage", "volume.json", NULL);
    g_autofree char *aside = g_build_filename(world->data, "aside.json", NULL);
    g_autofree char *foreign = mark_of(world, false), *other = mark_of(world, true);
    static const char *const praise[] = {"disk", "room"};
    assert_int_equal(rename(mark, aside), 0);
    assert_true(g_file_set_contents(mark, foreign, -1, NULL));
    g_autoptr(Json) checks = look(world, 1);
    assert_told(checks, "disk", "problem", "holds a volume of another node");
    assert_true(g_file_set_contents(mark, other, -1, NULL));
    g_autoptr(Json) again = look(world, 1);
    assert_told(again, "disk", "problem", "another volume of this node than the one used so far");
    for (size_t i = 0; i < G_N_ELEMENTS(praise); i++) {
        g_autofree char *told = lines_of(checks, praise[i], "ok");
        assert_null(strstr(told, "/footage "));
    }
    assert_int_equal(rename(aside, mark), 0);
}

static void the_room_of_the_data_folder_is_told_where_footage_is_elsewhere(void **state)
{
    const World *world = *state;
    g_autofree char *elsewhere = g_strdup("/dev/shm/vonglau-doctor-XXXXXX");
    assert_non_null(g_mkdtemp(elsewhere));
    g_autofree char *mark = g_build_filename(elsewhere, "volume.json", NULL);
    g_autofree char *config = g_build_filename(world->data, "config.yaml", NULL);
    g_autofree char *text = g_strdup_printf("storage:\n  footage: [%s]\n", elsewhere);
    g_autofree char *data_has = g_strdup_printf("%s has ", world->data);
    g_autofree char *disk_has = g_strdup_printf("%s has ", elsewhere);
    assert_true(g_file_set_contents(config, text, -1, NULL));
    g_autoptr(Json) before = look(world, 0);
    assert_told(before, "disk", "warning", "is not in use yet");
    g_autofree char *ours = mark_of(world, true);
    assert_true(g_file_set_contents(mark, ours, -1, NULL));
    g_autoptr(Json) checks = look(world, 0);
    assert_told(checks, "room", "ok", data_has);
    assert_told(checks, "room", "ok", disk_has);
    remove_tree(elsewhere);
}

static void a_camera_that_waits_for_events_and_is_off_is_a_problem(void **state)
{
    const World *world = *state;
    g_autofree char *id =
        api_add_camera(&world->api, "Đập tràn", "rtsp://127.0.0.1:9/x", NULL, NULL);
    api_change_camera(&world->api, id, "{\"schedule\":\"event\"}");
    sleep_ms(1000);
    g_autoptr(Json) checks = look(world, 1);
    assert_told(checks, "camera", "problem", "‘Đập tràn’: no event could be recorded: ");
}

static void a_key_that_others_can_read_is_a_problem(void **state)
{
    const World *world = *state;
    g_autofree char *key = g_build_filename(world->data, "keys", "secrets.key", NULL);
    assert_int_equal(chmod(key, 0644), 0);
    g_autoptr(Json) checks = look(world, 1);
    assert_told(checks, "rights", "problem", "secrets.key can be read by others");
}

static void a_webhook_is_tried_with_a_test_message(void **state)
{
    const World *world = *state;
    unsigned heard = 0;
    HookListener *hook = hook_listener_new();
    g_autofree char *url = g_strdup_printf("%s/notify", world->api.url);
    g_autofree char *body = g_strdup_printf("{\"webhook\":\"%s\"}", hook_listener_url(hook));
    assert_int_equal(http_call("PATCH", url, world->api.token, body, NULL, NULL), 200);
    g_autoptr(Json) well = look(world, 0);
    assert_told(well, "webhook", "ok", "took a test message");
    hook_listener_wait(hook, &heard, "test", NULL, 1000);
    hook_listener_answer(hook, 500, NULL);
    g_autoptr(Json) ill = look(world, 1);
    assert_told(ill, "webhook", "problem", "status 500");
    hook_listener_free(hook);
}

static void a_server_that_does_not_run_is_a_problem(void **state)
{
    World *world = *state;
    stop(world);
    g_autoptr(Json) checks = look(world, 1);
    assert_told(checks, "server", "problem", "not running");
    assert_told(checks, "rights", "ok", "closed to others");
}

static void a_folder_that_is_none_is_told(void **state)
{
    g_autofree char *err = NULL;
    assert_int_equal(run_vonglau(NULL, &err, "doctor", "--data", "/nowhere", NULL), 1);
    assert_non_null(strstr(err, "/nowhere is not a data folder"));
    assert_int_equal(run_vonglau(NULL, NULL, "doctor", NULL), 2);
}

int main(int argc, char **argv)
{
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(an_installation_that_is_well_has_no_problem),
        TEST(a_camera_that_is_not_recorded_is_a_problem),
        TEST(a_camera_that_waits_for_events_and_is_off_is_a_problem),
        TEST(a_disk_that_is_not_mounted_is_a_problem_and_the_one_below_is_not_praised),
        TEST(a_disk_of_another_node_or_in_anothers_place_is_a_problem),
        TEST(the_room_of_the_data_folder_is_told_where_footage_is_elsewhere),
        TEST(a_key_that_others_can_read_is_a_problem),
        TEST(a_webhook_is_tried_with_a_test_message),
        TEST(a_server_that_does_not_run_is_a_problem),
        cmocka_unit_test(a_folder_that_is_none_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
