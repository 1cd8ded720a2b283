/* What is kept of a camera, as its settings say: the sub stream beside the main one, hours only. */
#include "base/clock.h"
#include "base/time_text.h"
#include "cameras_api.h"
#include "footage.h"
#include "harness.h"
#include "unit.h"

#include <signal.h>
#include <string.h>

enum {
    SETTLE_MS = 6000,
    RECORD_MS = 10000,
    STOP_LATE_US = 100000,
    READ_LATE_US = 400000, /* a camera is read every 250 ms, while it is */
};

typedef struct World {
    Sim sim;
    char *data;
    Server server;
    Api api;
} World;

static World world;

static int set_up(void **state)
{
    world.sim = sim_start(2);
    world.data = temp_folder();
    world.server = server_start(world.data);
    world.api = api_open(&world.server);
    return 0;
}

static int tear_down(void **state)
{
    api_close(&world.api);
    if (world.server.pid)
        server_stop(&world.server, SIGTERM);
    sim_stop(&world.sim);
    remove_tree(world.data);
    return 0;
}

/* The simulated camera, its sub stream recorded or not; `name` in this site. */
static char *add_camera(int index, const char *name, bool record_sub)
{
    const Json *camera = sim_camera(&world.sim, index);
    g_autoptr(Json) body =
        json_pack("{s:s, s:s, s:s, s:b}", "name", name, "url", text_in(camera, "main"), "sub_url",
                  text_in(camera, "sub"), "record_sub", record_sub);
    if (*text_in(camera, "user")) {
        json_object_set_new(body, "user", json_string(text_in(camera, "user")));
        json_object_set_new(body, "password", json_string(text_in(camera, "password")));
    }
    return api_add(&world.api, body);
}

static void assert_none_missing(int index, const Footage *footage, const char *stream,
                                int64_t until_us)
{
    const char *name = text_in(sim_camera(&world.sim, index), "name");
    g_autoptr(Json) sent = sim_sent(&world.sim, name, stream);
    int64_t lost_us = 0;
    g_assert_cmpuint(footage->pictures->len, >, 0);
    footage_assert_in_order(footage, name);
    int64_t first_us = g_array_index(footage->pictures, Picture, 0).sent_us;
    unsigned missing = footage_missing(footage, sent, first_us, until_us, &lost_us);
    if (missing)
        fail_msg("%u pictures of the %s stream are missing, the first %.3f s before the end",
                 missing, stream, (double)(until_us - lost_us) / 1e6);
}

static Json *coverage(const char *id, const char *stream)
{
    char from[TIME_TEXT], to[TIME_TEXT];
    int64_t now_us = clock_wall_us();
    g_autofree char *url =
        g_strdup_printf("%s/cameras/%s/coverage?stream=%s&from=%s&to=%s", world.api.url, id, stream,
                        time_text(now_us - HOUR_US, from), time_text(now_us, to));
    return http_json(url, world.api.token);
}

static size_t spans_of(const char *id, const char *stream)
{
    g_autoptr(Json) json = coverage(id, stream);
    return json_array_size(json_object_get(json, "spans"));
}

static int clip_status(const char *id, const char *stream)
{
    char from[TIME_TEXT], to[TIME_TEXT];
    int64_t now_us = clock_wall_us();
    g_autofree char *out = g_build_filename(world.data, "clip.mp4", NULL);
    return run_vonglau(NULL, NULL, "clip", "--data", world.data, "--camera", id, "--stream", stream,
                       "--from", time_text(now_us - 8 * SECOND_US, from), "--to",
                       time_text(now_us - 3 * SECOND_US, to), "--out", out, NULL);
}

static void a_sub_stream_is_recorded_beside_the_main_one_when_asked_for(void **state)
{
    g_autofree char *both = add_camera(0, "both", true), *one = add_camera(1, "one", false);
    sleep_ms(SETTLE_MS + RECORD_MS);
    assert_int_equal(spans_of(both, "main"), 1);
    assert_int_equal(spans_of(both, "sub"), 1);
    assert_int_equal(spans_of(one, "main"), 1);
    assert_int_equal(spans_of(one, "sub"), 0);
    assert_int_equal(clip_status(both, "sub"), 0);
    assert_int_equal(clip_status(one, "sub"), 1);
    /* from here on without the sub stream; the main one must not notice */
    int64_t off_us = clock_wall_us();
    api_change_camera(&world.api, both, "{\"record_sub\":false}");
    sleep_ms(4000);
    int64_t stop_us = clock_wall_us();
    assert_int_equal(server_stop(&world.server, SIGTERM), 0);
    g_auto(Footage) main_stream = footage_read(world.data, both);
    g_auto(Footage) sub = footage_read_stream(world.data, both, "sub");
    g_auto(Footage) none = footage_read_stream(world.data, one, "sub");
    assert_none_missing(0, &main_stream, "main", stop_us - STOP_LATE_US);
    assert_none_missing(0, &sub, "sub", off_us - READ_LATE_US);
    assert_int_equal(none.pictures->len, 0);
    for (guint i = 0; i < sub.pictures->len; i++)
        assert_true(g_array_index(sub.pictures, Picture, i).sent_us < off_us + SECOND_US);
    footage_assert_verifies(world.data);
}

/* Hours that are open now, or closed now, wherever the second hand stands. */
static const char *hours(bool open)
{
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier("Asia/Ho_Chi_Minh");
    g_autoptr(GDateTime) now = g_date_time_new_now(zone);
    static const char *const days[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    int today = g_date_time_get_day_of_week(now) - 1;
    static char text[64];
    if (open)
        g_strlcpy(text, "daily 00:00-24:00", sizeof text);
    else
        g_snprintf(text, sizeof text, "%s-%s 00:00-24:00", days[(today + 2) % 7],
                   days[(today + 5) % 7]);
    return text;
}

static void set_schedule(const char *id, const char *schedule)
{
    g_autoptr(Json) body = json_pack("{s:s}", "schedule", schedule);
    g_autofree char *text = json_line(body);
    api_change_camera(&world.api, id, text);
}

static int64_t gaps_of(const char *id, const char *cause)
{
    g_autoptr(Json) json = coverage(id, "main");
    int64_t count = 0;
    size_t i;
    Json *gap;
    json_array_foreach(json_object_get(json, "gaps"), i, gap) count +=
        strcmp(text_in(gap, "cause"), cause) == 0;
    return count;
}

static void outside_its_hours_a_camera_is_not_recorded_and_that_is_no_trouble(void **state)
{
    g_autofree char *id = add_camera(0, "hours", false);
    api_wait_recorded(&world.api, id, 10000);
    set_schedule(id, hours(false));
    sleep_ms(8000);
    g_autoptr(Json) resting = api_camera_status(&world.api, id);
    assert_string_equal(text_in(resting, "state"), "running");
    assert_true(json_is_false(json_object_get(resting, "recording")));
    assert_true(json_is_false(json_object_get(resting, "should_record")));
    assert_int_equal(json_integer_value(json_object_get(resting, "gaps_today")), 0);
    assert_int_equal(gaps_of(id, "scheduled"), 1);
    set_schedule(id, hours(true));
    sleep_ms(5000);
    g_autoptr(Json) running = api_camera_status(&world.api, id);
    assert_true(json_is_true(json_object_get(running, "recording")));
    assert_true(json_is_true(json_object_get(running, "should_record")));
    assert_int_equal(gaps_of(id, "scheduled"), 1);
    assert_int_equal(spans_of(id, "main"), 2);
    /* a schedule nobody understands is refused with what would be */
    g_autofree char *url = g_strdup_printf("%s/cameras/%s", world.api.url, id);
    g_autoptr(Json) problem =
        http_problem("PATCH", url, world.api.token, "{\"schedule\":\"mon 6:00-22:00\"}", 400);
    assert_non_null(strstr(text_in(problem, "detail"), "06:00-22:00"));
    api_change_camera(&world.api, id, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(outside_its_hours_a_camera_is_not_recorded_and_that_is_no_trouble),
        cmocka_unit_test(a_sub_stream_is_recorded_beside_the_main_one_when_asked_for),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
