#include "camera_rows.h"

#include "base/clock.h"
#include "base/secret.h"
#include "camera_row.h"
#include "unit.h"

#include <curl/curl.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

enum {
    RECORDED_MS = 25000, /* the slowest is tried again 10 s after it was busy */
    OFF_MS = 1500,
    PLAY_LEAST_MS = 3000, /* after all are recorded */
    LOOK_AGAIN_MS = 50,
    ROWS_MOST = 96,
};

static struct {
    char *data;
    int play_ms;
    unsigned count;
    PlayedRow played[ROWS_MOST];
    char *titles[ROWS_MOST];
    bool has_secrets;
} world;

static char *log_path(void)
{
    return g_build_filename(world.data, "server.log", NULL);
}

static void add_camera(const Api *api, PlayedRow *played)
{
    const CameraRow *row = played->row;
    played->camera = scripted_camera_new(row->name, &row->script);
    const char *own = scripted_camera_url(played->camera);
    g_autoptr(GString) address = g_string_new(row->address ? row->address : own);
    g_autofree char *host =
        g_strndup(own + strlen("rtsp://"), strcspn(own + strlen("rtsp://"), "/"));
    g_string_replace(address, "%a", host, 0);
    const char *fingerprint = g_strcmp0(row->fingerprint, "own") == 0
                                  ? scripted_camera_fingerprint(played->camera)
                                  : row->fingerprint;
    g_autoptr(Json) body =
        json_pack("{s:s, s:s, s:s*, s:s*, s:s*, s:s*, s:b}", "name", row->name, "url", address->str,
                  "user", row->user, "password", row->password, "fingerprint", fingerprint,
                  "transport", row->transport, "audio", row->audio);
    played->added_us = clock_wall_us();
    played->id = api_add(api, body);
}

static bool is_settled(const Api *api, const PlayedRow *played)
{
    g_autoptr(Json) status = api_camera_status(api, played->id);
    if (played->row->code)
        return strcmp(text_in(status, "cause_code"), played->row->code) == 0;
    return json_is_true(json_object_get(status, "recording"));
}

/* One that never is settled fails its own test, not all. */
static void wait_settled(const Api *api, bool only_reboots)
{
    int64_t until_us = clock_mono_us() + RECORDED_MS * INT64_C(1000);
    for (unsigned i = 0; i < world.count; i++)
        while ((!only_reboots || world.played[i].row->is_reboot) &&
               !is_settled(api, &world.played[i]) && clock_mono_us() < until_us)
            sleep_ms(LOOK_AGAIN_MS);
}

static void power(bool on)
{
    for (unsigned i = 0; i < world.count; i++)
        if (world.played[i].row->is_reboot)
            scripted_camera_power(world.played[i].camera, on);
}

static void sleep_until(int64_t at_us, int least_ms)
{
    int left_ms = (int)((at_us - clock_mono_us()) / 1000);
    sleep_ms(MAX(left_ms, least_ms));
}

static void play(const Api *api)
{
    int64_t began_us = clock_mono_us(), play_us = world.play_ms * INT64_C(1000);
    wait_settled(api, true);
    sleep_until(began_us + play_us / 4, 0);
    power(false);
    sleep_ms(OFF_MS);
    power(true);
    wait_settled(api, false);
    sleep_until(began_us + play_us, PLAY_LEAST_MS);
    for (unsigned i = 0; i < world.count; i++) {
        PlayedRow *played = &world.played[i];
        played->coverage = api_coverage(api, played->id);
        played->status = api_camera_status(api, played->id);
    }
}

/* The server's log goes where the last test looks for secrets. */
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
    secret_init();
    curl_global_init(CURL_GLOBAL_DEFAULT);
    world.data = temp_folder();
    Server server = start_with_log();
    Api api = api_open(&server);
    for (unsigned i = 0; i < world.count; i++)
        add_camera(&api, &world.played[i]);
    play(&api);
    int64_t stopped_us = clock_wall_us();
    for (unsigned i = 0; i < world.count; i++)
        world.played[i].stopped_us = stopped_us;
    assert_int_equal(server_stop(&server, SIGTERM), 0);
    api_close(&api);
    return 0;
}

static int tear_down(void **state)
{
    for (unsigned i = 0; i < world.count; i++) {
        PlayedRow *played = &world.played[i];
        scripted_camera_free(played->camera);
        g_free(played->id);
        json_decref(played->status);
        json_decref(played->coverage);
    }
    remove_tree(world.data);
    g_free(world.data);
    return 0;
}

static void look_at(void **state)
{
    camera_row_assert(world.data, *state);
}

static void all_footage_verifies(void **state)
{
    footage_assert_verifies(world.data);
}

static void no_secret_is_in_the_log(void **state)
{
    g_autofree char *path = log_path(), *log = NULL;
    assert_true(g_file_get_contents(path, &log, NULL, NULL));
    assert_non_null(strstr(log, "camera.running"));
    for (unsigned i = 0; i < world.count; i++)
        if (world.played[i].row->secret && strstr(log, world.played[i].row->secret))
            fail_msg("%s: ‘%s’ is in the log", world.played[i].row->name,
                     world.played[i].row->secret);
}

int camera_rows_run(const char *group, const CameraRow *rows, size_t count, int play_ms,
                    const char *only)
{
    struct CMUnitTest tests[ROWS_MOST + 2] = {0};
    world.play_ms = play_ms;
    for (size_t i = 0; i < count; i++) {
        if (only && !g_str_has_prefix(rows[i].name, only))
            continue;
        g_assert(world.count < ROWS_MOST);
        PlayedRow *played = &world.played[world.count];
        char *title = g_strdup_printf("%s: %s", rows[i].name, rows[i].what);
        played->row = &rows[i];
        world.has_secrets |= rows[i].secret != NULL;
        world.titles[world.count] = title;
        tests[world.count++] =
            (struct CMUnitTest){.name = title, .test_func = look_at, .initial_state = played};
    }
    size_t tests_count = world.count;
    tests[tests_count++] = (struct CMUnitTest)cmocka_unit_test(all_footage_verifies);
    if (world.has_secrets)
        tests[tests_count++] = (struct CMUnitTest)cmocka_unit_test(no_secret_is_in_the_log);
    int failed = _cmocka_run_group_tests(group, tests, tests_count, set_up, tear_down);
    for (size_t i = 0; i < world.count; i++) /* the list of failed tests named them */
        g_free(world.titles[i]);
    return failed;
}
