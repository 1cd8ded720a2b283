#include "quirks.h"

#include "base/clock.h"
#include "base/secret.h"
#include "cameras_api.h"
#include "footage.h"
#include "scripted_picture.h"
#include "unit.h"

#include <curl/curl.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

enum {
    RECORDED_MS = 25000, /* the slowest is tried again 10 s after it was busy */
    OFF_MS = 1500,
    ON_THE_WAY_US = 200000, /* what was sent just before the end may not have been written */
    OFF_MOST_US = 500000,
    ROWS_MOST = 96,
};

typedef struct Played {
    const Quirk *row;
    ScriptedCamera *camera;
    char *id;
    int64_t added_us;
    Json *status, *coverage;
} Played;

typedef struct World {
    char *data;
    int play_ms;
    unsigned count;
    Played played[ROWS_MOST];
    int64_t stopped_us;
} World;

static World world;

static char *log_path(void)
{
    return g_build_filename(world.data, "server.log", NULL);
}

/* ---- the run ---- */

static void add_camera(const Api *api, Played *played)
{
    const Quirk *row = played->row;
    played->camera = scripted_camera_new(row->name, &row->script);
    const char *own = scripted_camera_url(played->camera);
    g_autoptr(GString) address = g_string_new(row->address ? row->address : own);
    g_autofree char *host =
        g_strndup(own + strlen("rtsp://"), strcspn(own + strlen("rtsp://"), "/"));
    g_string_replace(address, "%a", host, 0);
    g_autoptr(Json) body =
        json_pack("{s:s, s:s, s:s*, s:s*, s:b}", "name", row->name, "url", address->str, "user",
                  row->user, "password", row->password, "audio", row->audio);
    played->added_us = clock_wall_us();
    played->id = api_add(api, body);
}

static bool is_settled(const Api *api, const Played *played)
{
    g_autoptr(Json) status = api_camera_status(api, played->id);
    if (played->row->code)
        return strcmp(text_in(status, "cause_code"), played->row->code) == 0;
    return json_is_true(json_object_get(status, "recording"));
}

/* One that never is settled fails its own test, not all. */
static void wait_for(const Api *api, bool only_reboots)
{
    int64_t until_us = clock_mono_us() + RECORDED_MS * INT64_C(1000);
    for (unsigned i = 0; i < world.count; i++)
        while ((!only_reboots || world.played[i].row->is_reboot) &&
               !is_settled(api, &world.played[i]) && clock_mono_us() < until_us)
            sleep_ms(50);
}

static void power(bool on)
{
    for (unsigned i = 0; i < world.count; i++)
        if (world.played[i].row->is_reboot)
            scripted_camera_power(world.played[i].camera, on);
}

static void keep_what_is_told(const Api *api)
{
    for (unsigned i = 0; i < world.count; i++) {
        Played *played = &world.played[i];
        played->coverage = api_coverage(api, played->id);
        played->status = api_camera_status(api, played->id);
    }
}

/* The server's log goes where the last test looks for passwords. */
static Server start_with_log(void)
{
    g_autofree char *path = log_path();
    int own = dup(STDERR_FILENO), log = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    assert_true(log >= 0 && dup2(log, STDERR_FILENO) >= 0);
    Server server = server_start(world.data);
    dup2(own, STDERR_FILENO);
    close(own);
    close(log);
    return server;
}

static int set_up(void **state)
{
    world.data = temp_folder();
    Server server = start_with_log();
    Api api = api_open(&server);
    for (unsigned i = 0; i < world.count; i++)
        add_camera(&api, &world.played[i]);
    int64_t began_us = clock_mono_us();
    wait_for(&api, true);
    sleep_ms(1000);
    power(false);
    sleep_ms(OFF_MS);
    power(true);
    wait_for(&api, false);
    int left_ms = world.play_ms - (int)((clock_mono_us() - began_us) / 1000);
    sleep_ms(MAX(left_ms, 3000));
    keep_what_is_told(&api);
    world.stopped_us = clock_wall_us();
    assert_int_equal(server_stop(&server, SIGTERM), 0);
    api_close(&api);
    return 0;
}

static int tear_down(void **state)
{
    for (unsigned i = 0; i < world.count; i++) {
        Played *played = &world.played[i];
        scripted_camera_free(played->camera);
        g_free(played->id);
        json_decref(played->status);
        json_decref(played->coverage);
    }
    remove_tree(world.data);
    g_free(world.data);
    return 0;
}

/* ---- what came of it ---- */

static void assert_requests(const Played *played)
{
    const Quirk *row = played->row;
    g_autofree char *requests = scripted_camera_requests(played->camera);
    if (row->never && strstr(requests, row->never))
        fail_msg("‘%s’ was asked:\n%s", row->never, requests);
    if (row->ever && !strstr(requests, row->ever))
        fail_msg("‘%s’ was not asked:\n%s", row->ever, requests);
    if (strstr(requests, "Require:")) /* the back channel is never asked for (D9) */
        fail_msg("something is required:\n%s", requests);
    unsigned wanted = MAX(row->connections, 1u), made = scripted_camera_connections(played->camera);
    if (!row->code && made != wanted)
        fail_msg("%u connections were made in place of %u:\n%s", made, wanted, requests);
}

static void assert_told(const Played *played)
{
    assert_string_equal(text_in(played->status, "cause_code"), played->row->code);
    const char *cause = text_in(played->status, "cause");
    if (!strstr(cause, played->row->cause))
        fail_msg("‘%s’ does not say ‘%s’", cause, played->row->cause);
}

/* Whether there is a gap of this cause (NULL: any) after the first picture. */
static bool has_gap(const Played *played, const char *cause)
{
    const Json *spans = json_object_get(played->coverage, "spans"),
               *gaps = json_object_get(played->coverage, "gaps"), *gap;
    const char *first = text_in(json_array_get(spans, 0), "from");
    size_t index;
    json_array_foreach(gaps, index, gap)
    {
        if (strcmp(text_in(gap, "from"), first) >= 0 &&
            (!cause || strcmp(text_in(gap, "cause"), cause) == 0))
            return true;
    }
    return false;
}

static void assert_gap(const Played *played)
{
    const char *gap = played->row->gap;
    if (has_gap(played, gap) == (gap != NULL))
        return;
    g_autofree char *text = json_line(played->coverage);
    fail_msg("not %s gap: %s", gap ? gap : "without a", text);
}

static void assert_times(const Footage *footage)
{
    for (guint i = 0; i < footage->pictures->len; i++) {
        const Picture *picture = &g_array_index(footage->pictures, Picture, i);
        if (ABS(picture->capture_us - picture->sent_us) > OFF_MOST_US)
            fail_msg("picture %u is %.1f s off", i,
                     (double)(picture->capture_us - picture->sent_us) / SECOND_US);
    }
}

static void assert_recorded(const Played *played)
{
    g_autoptr(Json) sent = scripted_camera_sent(played->camera);
    if (json_array_size(sent) == 0) {
        g_autofree char *status = json_line(played->status);
        fail_msg("no picture was sent: %s", status);
    }
    int64_t first_us = json_integer_value(json_object_get(json_array_get(sent, 0), "sent_us"));
    assert_true(first_us - played->added_us >= played->row->seconds * SECOND_US);
    g_auto(Footage) footage = footage_read(world.data, played->id);
    footage_assert_in_order(&footage, played->row->name);
    assert_times(&footage);
    int64_t lost_us = 0;
    unsigned missing =
        footage_missing(&footage, sent, 0, world.stopped_us - ON_THE_WAY_US, &lost_us);
    if (missing > played->row->lost)
        fail_msg("%u of %zu pictures are missing, the first %.1f s before the end", missing,
                 json_array_size(sent), (double)(world.stopped_us - lost_us) / SECOND_US);
    const Json *stream = json_object_get(played->status, "main");
    g_autofree char *by_sps = scripted_rfc6381();
    assert_string_equal(text_in(stream, played->row->codec ? "codec" : "rfc6381"),
                        played->row->codec ? played->row->codec : by_sps);
    if (played->row->sound)
        assert_string_equal(text_in(stream, "audio"), played->row->sound);
}

static void look_at(void **state)
{
    const Played *played = *state;
    print_message("             %s\n", played->row->what);
    if (played->row->code) {
        assert_told(played);
    } else {
        assert_recorded(played);
        assert_gap(played);
    }
    assert_requests(played);
}

static void all_footage_verifies(void **state)
{
    footage_assert_verifies(world.data);
}

static void no_password_is_in_the_log(void **state)
{
    g_autofree char *path = log_path(), *log = NULL;
    assert_true(g_file_get_contents(path, &log, NULL, NULL));
    assert_non_null(strstr(log, "camera.running"));
    for (unsigned i = 0; i < world.count; i++)
        if (world.played[i].row->secret && strstr(log, world.played[i].row->secret))
            fail_msg("%s: ‘%s’ is in the log", world.played[i].row->name,
                     world.played[i].row->secret);
}

int quirks_run(const Quirk *rows, unsigned count, int play_ms, const char *argument)
{
    secret_init();
    curl_global_init(CURL_GLOBAL_DEFAULT);
    struct CMUnitTest tests[ROWS_MOST + 2];
    world.play_ms = play_ms;
    for (unsigned i = 0; i < count; i++) {
        if (argument && !g_str_has_prefix(rows[i].name, argument))
            continue;
        g_assert(world.count < ROWS_MOST);
        Played *played = &world.played[world.count];
        played->row = &rows[i];
        tests[world.count++] = (struct CMUnitTest){
            .name = rows[i].name, .test_func = look_at, .initial_state = played};
    }
    tests[world.count] = (struct CMUnitTest)cmocka_unit_test(all_footage_verifies);
    tests[world.count + 1] = (struct CMUnitTest)cmocka_unit_test(no_password_is_in_the_log);
    return _cmocka_run_group_tests("quirks", tests, world.count + 2, set_up, tear_down);
}
