/* Motion of a simulated camera by the running server: a white field runs through the picture once
 * in eight seconds, and the simulator tells when which picture was sent. */
#include "base/clock.h"
#include "base/time_text.h"
#include "cameras_api.h"
#include "harness.h"
#include "unit.h"

#include <signal.h>
#include <string.h>

/* Of 120 pictures a loop, the field of 240 px is in the middle of the picture, 1920 px wide, at
 * this one; it is in the region below from 13 pictures before to 13 after. */
enum { WATCH_MS = 34000, LOOP_PICTURES = 120, MIDDLE_PICTURE = 64, AWAY_PICTURE = 4 };
static const char REGION[] = "0.5,0.4,0.5625,0.56";

typedef struct World {
    Sim sim;
    char *data;
    Server server;
    Api api;
    char *camera;
} World;

static World world;

static int set_up(void **state)
{
    world.sim = sim_start(1);
    world.data = temp_folder();
    world.server = server_start(world.data);
    world.api = api_open(&world.server);
    world.camera = api_add_sim_camera(&world.api, "field", sim_camera(&world.sim, 0));
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

static Json *motion(const char *region, int64_t from_us, int64_t to_us)
{
    char from[TIME_TEXT], to[TIME_TEXT];
    g_autofree char *url =
        g_strdup_printf("%s/cameras/%s/motion?join=0&region=%s&from=%s&to=%s", world.api.url,
                        world.camera, region, time_text(from_us, from), time_text(to_us, to));
    return http_json(url, world.api.token);
}

/* Is `time_us`, or the second before or after, in one of the spans? */
static bool is_in(const Json *spans, int64_t time_us)
{
    size_t i;
    Json *span;
    json_array_foreach(spans, i, span)
    {
        int64_t from_us, to_us;
        assert_true(time_parse(text_in(span, "from"), &from_us));
        assert_true(time_parse(text_in(span, "to"), &to_us));
        if (time_us >= from_us - SECOND_US && time_us < to_us + SECOND_US)
            return true;
    }
    return false;
}

/* How often the field passed while all was watched. */
static int check_passes(const Json *found, const Json *sent, int64_t from_us, int64_t to_us)
{
    const Json *moved = json_object_get(found, "moved");
    int passes = 0;
    size_t i;
    Json *entry;
    json_array_foreach(sent, i, entry)
    {
        const int64_t at_us = json_integer_value(json_object_get(entry, "sent_us"));
        const int picture =
            (int)(json_integer_value(json_object_get(entry, "number")) % LOOP_PICTURES);
        if (at_us < from_us || at_us >= to_us)
            continue;
        if (picture == MIDDLE_PICTURE && !is_in(moved, at_us))
            fail_msg("the field passed, and nothing moved");
        if (picture == AWAY_PICTURE && is_in(moved, at_us))
            fail_msg("the field was far away, and something moved");
        passes += picture == MIDDLE_PICTURE;
    }
    return passes;
}

static void motion_is_found_when_and_where_the_simulator_moves_something(void **state)
{
    const int64_t start_us = clock_wall_us();
    sleep_ms(WATCH_MS);
    const int64_t from_us = start_us + 12 * SECOND_US, to_us = clock_wall_us() - 3 * SECOND_US;
    g_autoptr(Json) sent = sim_sent(&world.sim, "cam01", "sub");
    g_autoptr(Json) found = motion(REGION, from_us, to_us);
    assert_in_range(check_passes(found, sent, from_us, to_us), 2, 4);
    assert_true(json_integer_value(json_object_get(found, "seen_fully")) > 10);
    assert_int_equal(json_array_size(json_object_get(found, "unknown")), 0);

    g_autoptr(Json) above = motion("0.6,0.05,1,0.3", from_us, to_us);
    assert_int_equal(json_array_size(json_object_get(above, "moved")), 0);

    g_autoptr(Json) past = motion(REGION, start_us - 600 * SECOND_US, start_us - SECOND_US);
    assert_int_equal(json_array_size(json_object_get(past, "unknown")), 1);

    g_autofree char *url =
        g_strdup_printf("%s/events?kind=motion&camera=%s", world.api.url, world.camera);
    g_autoptr(Json) events = http_json(url, world.api.token);
    assert_true(json_array_size(json_object_get(events, "items")) >= 1);

    /* The server ends and comes back: what it saw is still known. */
    assert_int_equal(server_stop(&world.server, SIGTERM), 0);
    world.server = server_start(world.data);
    g_free(world.api.url);
    world.api.url = g_strdup_printf("%s/api/v1", world.server.url);
    g_autoptr(Json) again = motion(REGION, from_us, to_us);
    assert_true(json_equal(json_object_get(again, "moved"), json_object_get(found, "moved")));
}

static void a_region_that_makes_no_sense_is_refused(void **state)
{
    static const char *const REGIONS[] = {"0,0",      "0,0,2,1", "a,b,c,d", "0,0,1,nan",
                                          "0,0,1,1,", "0,0,1",   ""};
    char from[TIME_TEXT], to[TIME_TEXT];
    const int64_t now_us = clock_wall_us();
    for (size_t i = 0; i < G_N_ELEMENTS(REGIONS); i++) {
        g_autofree char *path =
            g_strdup_printf("/motion?region=%s&from=%s&to=%s", REGIONS[i],
                            time_text(now_us - MINUTE_US, from), time_text(now_us, to));
        g_autoptr(Json) problem = api_camera_problem(&world.api, world.camera, path, 400);
        assert_non_null(strstr(text_in(problem, "detail"), "region"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(motion_is_found_when_and_where_the_simulator_moves_something),
        cmocka_unit_test(a_region_that_makes_no_sense_is_refused),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
