/* Camera health end to end: simulated cameras whose views go wrong on command, all at the same
 * time, and what the running server tells of them. */
#include "base/clock.h"
#include "cameras_api.h"
#include "harness.h"
#include "scripted_onvif.h"
#include "unit.h"

#include <signal.h>
#include <string.h>

/* docs/design/camera-health.md; beside that, a fault waits for a key picture, and the machine may
 * be busy. */
enum { SLACK_MS = 10000, STEP_MS = 500, READY_MS = 30000, SETTLED_MS = 4000, LIVE = 7 };

/* What is done to a camera, and what is to be told of it; times since it began and since it ended.
 */
typedef struct Row {
    const char *fault, *kind; /* "": nothing is told */
    int told_ms, ended_ms;
    const OnvifScript *device;
    bool steered;
} Row;

static const OnvifScript ZOOMS = {.ptz = true, .zoom_only = true, .no_token = true};
static const OnvifScript TURNS = {.ptz = true, .no_token = true};

/* The first two show the scene for tests, the others are drawn as they run. */
static const Row ROWS[] = {
    {"black", "black", 10000, 10000, NULL, false},
    {"freeze", "frozen", 60000, 0, NULL, false},
    {"cover", "covered", 32000, 10000, NULL, false},
    {"blur", "out-of-focus", 30000, 30000, NULL, false},
    {"shift", "moved", 33000, 10000, NULL, false},
    {"shift", "", 0, 0, &ZOOMS, true},
    {"shift", "", 0, 0, &TURNS, false},
    {"black", "black", 10000, 0, NULL, false}, /* told, switched off, and later on again */
    {"none", "", 0, 0, NULL, false},
};
enum { ROWS_COUNT = G_N_ELEMENTS(ROWS), COVERED = 2, SWITCHED = ROWS_COUNT - 2 };

typedef struct Watched {
    char *id;
    const char *name; /* in the simulator */
    ScriptedOnvif *device;
    int64_t begun_us, mended_us;
    bool told, ended, on_again;
} Watched;

static struct {
    Sim sim;
    char *data;
    Server server;
    Api api;
    Watched cameras[ROWS_COUNT];
} world;

static char *address(int i, const char *path)
{
    return g_strdup_printf("%s/cameras/%s%s", world.api.url, world.cameras[i].id, path);
}

static int post(int i, const char *path, const char *body)
{
    g_autofree char *url = address(i, path);
    return http_call("POST", url, world.api.token, body, NULL, NULL);
}

static void add_device(int i)
{
    Watched *camera = &world.cameras[i];
    if (!ROWS[i].device)
        return;
    camera->device = scripted_onvif_new("127.0.0.1", ROWS[i].device, false);
    g_autofree char *body =
        g_strdup_printf("{\"onvif\":\"%s\"}", scripted_onvif_url(camera->device));
    api_change_camera(&world.api, camera->id, body);
}

static void wait_for_device(int i)
{
    for (int waited = 0; ROWS[i].device; waited += STEP_MS) {
        g_autoptr(Json) status = api_camera_status(&world.api, world.cameras[i].id);
        if (json_is_object(json_object_get(status, "ptz")))
            return;
        assert_true(waited < READY_MS);
        sleep_ms(STEP_MS);
    }
}

/* Its view as it is now is right. */
static void accept_view(int i)
{
    int status = 0;
    for (int waited = 0; waited < READY_MS && status != 204; waited += STEP_MS) {
        if (waited)
            sleep_ms(STEP_MS);
        status = post(i, "/reference", "{}");
    }
    assert_int_equal(status, 204);
}

static int set_up(void **state)
{
    world.sim = sim_start_with_live(ROWS_COUNT, LIVE);
    world.data = temp_folder();
    world.server = server_start(world.data);
    world.api = api_open(&world.server);
    for (int i = 0; i < ROWS_COUNT; i++) {
        const Json *camera = sim_camera(&world.sim, i);
        world.cameras[i].name = text_in(camera, "name");
        world.cameras[i].id = api_add_sim_camera(&world.api, world.cameras[i].name, camera);
        add_device(i);
    }
    for (int i = 0; i < ROWS_COUNT; i++) {
        wait_for_device(i);
        accept_view(i);
    }
    sleep_ms(SETTLED_MS);
    return 0;
}

static int tear_down(void **state)
{
    for (int i = 0; i < ROWS_COUNT; i++) {
        g_free(world.cameras[i].id);
        scripted_onvif_free(world.cameras[i].device);
    }
    api_close(&world.api);
    server_stop(&world.server, SIGTERM);
    sim_stop(&world.sim);
    remove_tree(world.data);
    return 0;
}

/* ---- what is told ---- */

/* What stands of the view now; "" for nothing. Owned. */
static char *view_of(int i)
{
    g_autoptr(Json) status = api_camera_status(&world.api, world.cameras[i].id);
    const Json *view = json_object_get(status, "view");
    assert_true(json_is_array(view) && json_array_size(view) <= 1);
    return g_strdup(json_array_size(view) ? json_string_value(json_array_get(view, 0)) : "");
}

static void assert_within(const char *what, int64_t from_us, int most_ms)
{
    const int64_t passed_ms = (clock_mono_us() - from_us) / 1000;
    if (passed_ms > most_ms + SLACK_MS)
        fail_msg("%s: %d s, where %d + %d are allowed", what, (int)(passed_ms / 1000),
                 most_ms / 1000, SLACK_MS / 1000);
}

static void mend(int i)
{
    Watched *camera = &world.cameras[i];
    if (i == SWITCHED)
        api_change_camera(&world.api, camera->id, "{\"view_off\":true}");
    else
        sim_fault(&world.sim, camera->name, "none");
    camera->mended_us = clock_mono_us();
}

static void look(int i)
{
    Watched *camera = &world.cameras[i];
    const Row *row = &ROWS[i];
    g_autofree char *view = view_of(i);
    g_autofree char *what =
        g_strdup_printf("%s: %s", row->fault, camera->told ? "the end of it" : row->kind);
    if (camera->told) {
        assert_true(!*view || (!camera->ended && g_str_equal(view, row->kind)));
        camera->ended = !*view;
        if (!camera->ended)
            assert_within(what, camera->mended_us, row->ended_ms);
    } else if (*view) {
        assert_string_equal(view, row->kind);
        camera->told = true;
        mend(i);
    } else if (*row->kind) {
        assert_within(what, camera->begun_us, row->told_ms);
    }
}

/* While it is off for some twenty seconds, nothing of it is told; then it is told anew. */
static void switch_on_again(void)
{
    Watched *camera = &world.cameras[SWITCHED];
    if (camera->on_again || !camera->ended || !world.cameras[COVERED].told)
        return;
    api_change_camera(&world.api, camera->id, "{\"view_off\":false}");
    camera->on_again = true;
    camera->told = camera->ended = false;
    camera->begun_us = clock_mono_us();
}

static bool all_done(void)
{
    for (int i = 0; i < ROWS_COUNT; i++)
        if (*ROWS[i].kind && !world.cameras[i].ended)
            return false;
    return world.cameras[SWITCHED].on_again;
}

static void assert_told(int i, size_t times)
{
    static const char *const kinds[] = {"black", "frozen", "covered", "out-of-focus", "moved"};
    for (size_t k = 0; k < G_N_ELEMENTS(kinds); k++) {
        g_autofree char *url = g_strdup_printf("%s/events?camera=%s&kind=%s", world.api.url,
                                               world.cameras[i].id, kinds[k]);
        g_autoptr(Json) list = http_json(url, world.api.token);
        const Json *events = json_object_get(list, "items");
        const size_t expected = g_str_equal(kinds[k], ROWS[i].kind) ? times : 0;
        if (json_array_size(events) != expected)
            fail_msg("%s: %zu events of %s", ROWS[i].fault, json_array_size(events), kinds[k]);
        if (!expected)
            continue;
        const Json *event = json_array_get(events, times - 1); /* the newest comes first */
        assert_true(json_is_string(json_object_get(event, "to")));
        api_expect_picture(&world.api, event, 500);
    }
}

static void a_view_that_goes_wrong_is_told_by_its_kind_and_one_that_is_steered_or_right_is_not(
    void **state)
{
    for (int i = 0; i < ROWS_COUNT; i++) {
        if (ROWS[i].steered)
            assert_int_equal(post(i, "/ptz", "{\"zoom\":1}"), 204);
        sim_fault(&world.sim, world.cameras[i].name, ROWS[i].fault);
        world.cameras[i].begun_us = clock_mono_us();
    }
    while (!all_done()) {
        sleep_ms(STEP_MS);
        for (int i = 0; i < ROWS_COUNT; i++)
            look(i);
        switch_on_again();
    }
    sleep_ms(1500); /* the journal writes each half second */
    for (int i = 0; i < ROWS_COUNT; i++)
        assert_told(i, i == SWITCHED ? 2 : 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            a_view_that_goes_wrong_is_told_by_its_kind_and_one_that_is_steered_or_right_is_not),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
