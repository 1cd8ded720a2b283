/* Camera health by the running server: its reference of a camera shows another place, so that the
 * simulated camera's view is wrong until somebody says that it is right. */
#include "base/file.h"
#include "cameras_api.h"
#include "harness.h"
#include "unit.h"
#include "watch/view_reference.h"

#include <signal.h>
#include <string.h>

enum { TOLD_MS = 90000, ENDED_MS = 40000 };

typedef struct World {
    Sim sim;
    char *data;
    Server server;
    Api api;
    char *camera;
} World;

static World world;

static char *reference_path(void)
{
    return g_strdup_printf("%s/views/%s.view", world.data, world.camera);
}

/* A place of many small squares, which the simulated camera never saw. */
static void write_other_place(void)
{
    static ViewSketch sketch;
    static ViewReference reference;
    for (int i = 0; i < VIEW_AREA; i++) {
        const int x = i % VIEW_WIDTH / 9, y = i / VIEW_WIDTH / 7;
        sketch.small[i] = (uint16_t)((40 + (x * 37 + y * 53) % 170) * VIEW_LEVEL);
    }
    memset(sketch.range, 120, sizeof sketch.range);
    memset(sketch.steepest, 60, sizeof sketch.steepest);
    view_light_start(&reference.lights[0], &sketch, 1);
    reference.count = 1;
    g_auto(ByteWriter) file = {0};
    view_reference_write(&reference, &file);
    g_autofree char *path = reference_path(), *folder = g_path_get_dirname(path);
    assert_true(folder_make(folder, NULL));
    assert_true(file_write_atomic(path, file.data, file.size, 0640, NULL));
}

static int set_up(void **state)
{
    world.sim = sim_start(1);
    world.data = temp_folder();
    world.server = server_start(world.data);
    world.api = api_open(&world.server);
    world.camera = api_add_sim_camera(&world.api, "square", sim_camera(&world.sim, 0));
    api_close(&world.api);
    server_stop(&world.server, SIGTERM);
    write_other_place();
    world.server = server_start(world.data);
    world.api = api_open(&world.server);
    return 0;
}

static int tear_down(void **state)
{
    g_free(world.camera);
    api_close(&world.api);
    server_stop(&world.server, SIGTERM);
    sim_stop(&world.sim);
    remove_tree(world.data);
    return 0;
}

/* Waits until the status names `count` things that are wrong with the view; the first, owned. */
static char *wait_for_view(size_t count, int most_ms)
{
    g_autofree char *url = g_strdup_printf("%s/cameras/%s/status", world.api.url, world.camera);
    for (int waited = 0; waited < most_ms; waited += 500) {
        g_autoptr(Json) status = http_json(url, world.api.token);
        const Json *view = json_object_get(status, "view");
        assert_true(json_is_array(view));
        if (json_array_size(view) == count)
            return g_strdup(count ? json_string_value(json_array_get(view, 0)) : "");
        sleep_ms(500);
    }
    fail_msg("not within %d ms: %zu troubles with the view", most_ms, count);
    return NULL;
}

static Json *only_event(const char *kind)
{
    g_autofree char *url =
        g_strdup_printf("%s/events?camera=%s&kind=%s", world.api.url, world.camera, kind);
    g_autoptr(Json) list = http_json(url, world.api.token);
    const Json *events = json_object_get(list, "items");
    assert_int_equal(json_array_size(events), 1);
    return json_incref(json_array_get(events, 0));
}

static void a_wrong_view_is_an_event_with_a_picture_until_it_is_said_to_be_right(void **state)
{
    g_autofree char *kind = wait_for_view(1, TOLD_MS);
    assert_true(strcmp(kind, "covered") == 0 || strcmp(kind, "moved") == 0);
    sleep_ms(1500); /* the journal writes each half second */
    g_autoptr(Json) event = only_event(kind);
    assert_true(json_is_null(json_object_get(event, "to")));
    api_expect_picture(&world.api, event, 1000);

    g_autofree char *accept_url =
        g_strdup_printf("%s/cameras/%s/reference", world.api.url, world.camera);
    assert_int_equal(http_call("POST", accept_url, world.api.token, "{}", NULL, NULL), 204);
    g_autofree char *none = wait_for_view(0, ENDED_MS);
    sleep_ms(1500);
    g_autoptr(Json) ended = only_event(kind);
    assert_true(json_is_string(json_object_get(ended, "to")));

    static ViewReference kept;
    g_autofree char *path = reference_path();
    size_t size = 0;
    g_autofree char *file = file_read(path, VIEW_FILE_MOST_BYTES, &size, NULL);
    assert_true(file && view_reference_read((const uint8_t *)file, size, &kept));
    assert_true(kept.lights[0].seen_us > 1);
}

static bool reference_is_there(void)
{
    g_autofree char *path = reference_path();
    return g_file_test(path, G_FILE_TEST_EXISTS);
}

static void a_removed_camera_leaves_no_reference_behind(void **state)
{
    assert_true(reference_is_there());
    api_change_camera(&world.api, world.camera, NULL);
    sleep_ms(3000); /* time enough for a picture on its way */
    assert_false(reference_is_there());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wrong_view_is_an_event_with_a_picture_until_it_is_said_to_be_right),
        cmocka_unit_test(a_removed_camera_leaves_no_reference_behind),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
