/* Requests that make no sense, by the API and on the command line, to a server that records: clips
 * over a gap, the wrong way round, of the future; cameras that do not exist; bodies that are none.
 * Each is told what is wrong, and no picture is lost. */
#include "base/clock.h"
#include "base/secret.h"
#include "base/time_text.h"
#include "burnt_copy.h"
#include "cameras_api.h"
#include "footage.h"
#include "media/sim_sei.h"
#include "server_figures.h"
#include "unit.h"

#include <curl/curl.h>
#include <libavformat/avformat.h>
#include <signal.h>
#include <string.h>

enum { RECORDED_MS = 10000, STRETCH_MS = 2500 };

#define NOBODY "3f8a1c52-6f6e-4b0e-9d8e-0c6d9b1f0a11" /* no camera's id */

typedef struct World {
    Sim sim;
    Server server;
    Api api;
    char *data;
    char *good, *gappy;
    int64_t began_us, paused_us, resumed_us, ended_us; /* of the gappy one; in the gap in between */
    ServerFigures before;
} World;

static World world;

static char *add_sim_camera(int index, const char *name)
{
    const Json *camera = sim_camera(&world.sim, index);
    return api_add_camera(&world.api, name, text_in(camera, "main"), text_in(camera, "user"),
                          text_in(camera, "password"));
}

/* A stretch of footage, a gap, another stretch. */
static int set_up(void **state)
{
    world.sim = sim_start(2);
    world.data = temp_folder();
    world.server = server_start(world.data);
    world.api = api_open(&world.server);
    world.good = add_sim_camera(0, "good");
    world.gappy = add_sim_camera(1, "gappy");
    api_wait_recorded(&world.api, world.good, RECORDED_MS);
    api_wait_recorded(&world.api, world.gappy, RECORDED_MS);
    world.began_us = clock_now_us();
    sleep_ms(STRETCH_MS);
    api_change_camera(&world.api, world.gappy, "{\"paused\":true,\"pause_reason\":\"test\"}");
    api_wait(&world.api, world.gappy, "state", "paused", RECORDED_MS);
    sleep_ms(300);
    world.paused_us = clock_now_us();
    sleep_ms(1000);
    world.resumed_us = clock_now_us();
    api_change_camera(&world.api, world.gappy, "{\"paused\":false}");
    api_wait_recorded(&world.api, world.gappy, RECORDED_MS);
    sleep_ms(STRETCH_MS);
    world.ended_us = clock_now_us() - SECOND_US;
    return 0;
}

static int tear_down(void **state)
{
    sim_stop(&world.sim);
    api_close(&world.api);
    remove_tree(world.data);
    g_free(world.data);
    g_free(world.good);
    g_free(world.gappy);
    return 0;
}

/* ---- clips ---- */

static char *span_path(const char *what, int64_t from_us, int64_t to_us)
{
    char from[TIME_TEXT], to[TIME_TEXT];
    return g_strdup_printf("/%s?from=%s&to=%s", what, time_text(from_us, from),
                           time_text(to_us, to));
}

static Run begin_clip(const char *camera, int64_t from_us, int64_t to_us, const char *out)
{
    char from[TIME_TEXT], to[TIME_TEXT];
    return run_begin("clip", "--data", world.data, "--camera", camera, "--from",
                     time_text(from_us, from), "--to", time_text(to_us, to), "--out", out, NULL);
}

/* One line that holds these words, and this exit status. */
static void assert_refused(Run run, int wanted, const char *words)
{
    g_autofree char *err = NULL;
    int status = run_end(&run, NULL, &err);
    if (status != wanted || !g_str_has_prefix(err, "vonglau: ") || !strstr(err, words) ||
        strcmp(strchr(err, '\n'), "\n") != 0)
        fail_msg("status %d (wanted %d): ‘%s’ does not say ‘%s’ in one line", status, wanted, err,
                 words);
}

static void assert_clip_refused(const char *camera, int64_t from_us, int64_t to_us, int status,
                                const char *words)
{
    g_autofree char *path = span_path("clip.mp4", from_us, to_us);
    g_autoptr(Json) problem = api_camera_problem(&world.api, camera, path, status);
    if (!strstr(text_in(problem, "detail"), words))
        fail_msg("‘%s’ does not say ‘%s’", text_in(problem, "detail"), words);
}

static GArray *numbers_in_clip(const char *path)
{
    GArray *numbers = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    AVFormatContext *format = NULL;
    assert_int_equal(avformat_open_input(&format, path, NULL, NULL), 0);
    AVPacket *packet = av_packet_alloc();
    for (; av_read_frame(format, packet) == 0; av_packet_unref(packet)) {
        SimSei mark;
        if (format->streams[packet->stream_index]->codecpar->codec_type != AVMEDIA_TYPE_VIDEO)
            continue;
        assert_true(sim_sei_parse(CODEC_H264, packet->data, (size_t)packet->size, &mark));
        g_array_append_val(numbers, mark.number);
    }
    av_packet_free(&packet);
    avformat_close_input(&format);
    return numbers;
}

/* All pictures that were taken between the two, and they go on before and after the gap. */
static void assert_clip_is_whole(const char *path)
{
    g_autoptr(GArray) numbers = numbers_in_clip(path);
    g_auto(Footage) footage = footage_read(world.data, world.gappy);
    guint at = 0;
    unsigned before = 0, after = 0;
    for (guint i = 0; i < footage.pictures->len; i++) {
        const Picture *picture = &g_array_index(footage.pictures, Picture, i);
        while (at < numbers->len && g_array_index(numbers, uint64_t, at) < picture->number)
            at++;
        if (picture->capture_us < world.began_us || picture->capture_us >= world.ended_us)
            continue;
        if (at == numbers->len || g_array_index(numbers, uint64_t, at) != picture->number)
            fail_msg("picture %u of the footage is not in the clip", i);
        before += picture->capture_us < world.paused_us;
        after += picture->capture_us > world.resumed_us;
    }
    assert_true(before >= 15 && after >= 15);
}

static void a_clip_over_a_gap_has_what_is_there_and_tells_the_gap(void **state)
{
    g_autofree char *path = span_path("clip.mp4", world.began_us, world.ended_us);
    g_autofree char *url = g_strconcat(world.api.url, "/cameras/", world.gappy, path, NULL);
    g_autofree char *bytes = NULL, *headers = NULL;
    g_autofree char *file = g_build_filename(world.data, "api.mp4", NULL);
    size_t size = 0;
    assert_int_equal(http_call_headers("GET", url, world.api.token, NULL, &bytes, &size, &headers),
                     200);
    assert_non_null(strstr(headers, "footage-gaps: 1\r\n"));
    assert_true(g_file_set_contents(file, bytes, (gssize)size, NULL));
    assert_clip_is_whole(file);
}

static void a_copy_over_a_gap_shows_the_time_of_each_picture(void **state)
{
    burnt_copy_assert(&world.api, world.data, world.gappy, world.paused_us - 2 * SECOND_US,
                      world.ended_us);
    /* the libraries that a first copy needs stay */
    world.before = server_figures_at_rest(&world.server, &world.api);
}

static void the_command_line_tells_the_gap_and_succeeds(void **state)
{
    g_autofree char *file = g_build_filename(world.data, "cli.mp4", NULL), *err = NULL;
    Run run = begin_clip(world.gappy, world.began_us, world.ended_us, file);
    assert_int_equal(run_end(&run, NULL, &err), 0);
    assert_true(g_str_has_prefix(err, "vonglau: no footage from 20"));
    assert_string_equal(strchr(err, '\n'), "\n");
    assert_clip_is_whole(file);
}

static void a_span_that_lies_in_the_gap_has_no_clip(void **state)
{
    g_autofree char *file = g_build_filename(world.data, "none.mp4", NULL);
    assert_clip_refused(world.gappy, world.paused_us, world.resumed_us, 404,
                        "there is no footage in this span");
    assert_refused(begin_clip(world.gappy, world.paused_us, world.resumed_us, file), 1,
                   "there is no footage in this span");
    assert_false(g_file_test(file, G_FILE_TEST_EXISTS));
}

static void from_after_to_is_told(void **state)
{
    assert_clip_refused(world.gappy, world.ended_us, world.began_us, 400,
                        "‘from’ must be before ‘to’");
    assert_clip_refused(world.gappy, world.began_us, world.began_us, 400,
                        "‘from’ must be before ‘to’");
    assert_refused(begin_clip(world.gappy, world.ended_us, world.began_us, "/dev/null"), 2,
                   "--from must be before --to");
}

static void a_clip_of_the_future_is_told(void **state)
{
    int64_t later_us = clock_now_us() + HOUR_US;
    assert_clip_refused(world.gappy, later_us, later_us + MINUTE_US, 400,
                        "‘from’ lies in the future: nothing is recorded there yet");
    assert_clip_refused(world.gappy, world.began_us, later_us, 400, "‘to’ lies in the future");
    assert_refused(begin_clip(world.gappy, later_us, later_us + MINUTE_US, "/dev/null"), 2,
                   "--from lies in the future");
    assert_refused(begin_clip(world.gappy, world.began_us, later_us, "/dev/null"), 2,
                   "--to lies in the future");
}

static void times_that_are_none_and_spans_too_long_are_told(void **state)
{
    static const struct {
        const char *path, *words;
    } rows[] = {
        {"/clip.mp4", "the query needs ‘from’, a time such as 2026-11-24T07:30:00Z"},
        {"/clip.mp4?from=yesterday&to=now", "‘from’ must be a time such as"},
        {"/clip.mp4?from=2026-02-30T00:00:00Z&to=2026-03-01T00:00:00Z", "‘from’ must be a time"},
        {"/clip.mp4?from=2026-01-01T00:00:00Z&to=2026-01-03T00:00:00Z", "at most 24 hours"},
        {"/playlist.m3u8?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z",
         "‘from’ must be before ‘to’"},
        {"/coverage?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z", "‘from’ must be before"},
        {"/snapshot.jpg?at=noon", "‘at’ must be a time"},
        {"/snapshot.jpg?width=0", "‘width’ must be a whole number from"},
        {"/clip.mp4?from=2026-01-01T00:00:00Z&to=2026-01-01T00:01:00Z&stream=third",
         "‘stream’ must be main or sub"},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(Json) problem = api_camera_problem(&world.api, world.good, rows[i].path, 400);
        if (!strstr(text_in(problem, "detail"), rows[i].words))
            fail_msg("%s: ‘%s’", rows[i].path, text_in(problem, "detail"));
    }
    assert_refused(run_begin("clip", "--data", world.data, "--camera", world.good, "--from",
                             "yesterday", "--to", "now", "--out", "/dev/null", NULL),
                   2, "--from and --to take times such as 2026-11-24T07:30:00Z");
}

static void a_clip_that_cannot_be_written_is_told_and_leaves_nothing(void **state)
{
    assert_refused(begin_clip(world.good, world.began_us, world.ended_us, "/nonexistent/x.mp4"), 1,
                   "/nonexistent/x.mp4");
}

/* ---- cameras that do not exist ---- */

static void a_camera_that_does_not_exist_is_told_by_every_route(void **state)
{
    static const char *const paths[] = {
        "",
        "/status",
        "/coverage?from=2026-01-01T00:00:00Z&to=2026-01-01T00:01:00Z",
        "/snapshot.jpg",
        "/clip.mp4?from=2026-01-01T00:00:00Z&to=2026-01-01T00:01:00Z",
        "/playlist.m3u8?from=2026-01-01T00:00:00Z&to=2026-01-01T00:01:00Z",
        "/segments/2026-01-01-000000.000Z-main.mp4",
    };
    static const char *const ids[] = {NOBODY, "cong-cho", "%2e%2e%2fkeys"};
    for (unsigned i = 0; i < G_N_ELEMENTS(ids); i++)
        for (unsigned p = 0; p < G_N_ELEMENTS(paths); p++) {
            g_autoptr(Json) problem = api_camera_problem(&world.api, ids[i], paths[p], 404);
            assert_string_equal(text_in(problem, "cause_code"), "not-found");
            if (!strstr(text_in(problem, "detail"), "there is no"))
                fail_msg("%s%s: ‘%s’", ids[i], paths[p], text_in(problem, "detail"));
        }
    g_autofree char *url = g_strconcat(world.api.url, "/cameras/" NOBODY, NULL);
    json_decref(http_problem("PATCH", url, world.api.token, "{\"name\":\"x\"}", 404));
    json_decref(http_problem("DELETE", url, world.api.token, NULL, 404));
}

static void a_camera_that_does_not_exist_is_told_on_the_command_line(void **state)
{
    assert_refused(begin_clip(NOBODY, world.began_us, world.ended_us, "/dev/null"), 1,
                   "there is no camera ‘" NOBODY "’; vonglau camera list shows them");
    assert_refused(begin_clip("cong-cho", world.began_us, world.ended_us, "/dev/null"), 2,
                   "‘cong-cho’ is not a camera's id; vonglau camera list shows them");
    assert_refused(run_begin("camera", "edit", NOBODY, "--name", "x", "--data", world.data, NULL),
                   1, "there is no camera ‘" NOBODY "’");
    assert_refused(run_begin("camera", "remove", "cong-cho", "--data", world.data, NULL), 1,
                   "there is no camera ‘cong-cho’");
}

/* ---- bodies ---- */

static void a_camera_that_makes_no_sense_is_not_added(void **state)
{
    static const struct {
        const char *body;
        int status;
        const char *words;
    } rows[] = {
        {"not json", 400, "JSON"},
        {"[]", 400, "the body must be a JSON object"},
        {"{\"name\":\"x\",\"ulr\":\"rtsp://h/x\"}", 400, "‘ulr’ is not known here"},
        {"{\"name\":\"x\"}", 400, "‘url’ is missing: the camera's address, such as rtsp://"},
        {"{\"url\":\"rtsp://127.0.0.1/x\"}", 400, "‘name’ is missing"},
        {"{\"name\":7,\"url\":\"rtsp://127.0.0.1/x\"}", 400, "name"},
        {"{\"name\":\"x\",\"url\":\"http://127.0.0.1/x\"}", 400, "does not begin with rtsp://"},
        {"{\"name\":\"x\",\"url\":\"rtsp://\"}", 400, "has no host"},
        {"{\"name\":\"good\",\"url\":\"rtsp://127.0.0.1/x\"}", 409,
         "another camera is called ‘good’: choose another name"},
        {"{\"name\":\"x\",\"url\":\"rtsp://127.0.0.1/x\",\"location\":\"" NOBODY "\"}", 400,
         "there is no such location"},
        {"{\"name\":\"x\",\"url\":\"rtsp://127.0.0.1/x\",\"retention_days\":99999}", 400,
         "‘retention_days’ must be 1 to 3650"},
    };
    g_autofree char *url = g_strconcat(world.api.url, "/cameras", NULL);
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(Json) problem =
            http_problem("POST", url, world.api.token, rows[i].body, rows[i].status);
        if (!strstr(text_in(problem, "detail"), rows[i].words))
            fail_msg("%s: ‘%s’", rows[i].body, text_in(problem, "detail"));
    }
    g_autoptr(Json) list = http_json(url, world.api.token);
    assert_int_equal(json_array_size(json_object_get(list, "items")), 2);
}

static void a_body_beyond_all_measure_is_refused(void **state)
{
    g_autofree char *url = g_strconcat(world.api.url, "/cameras", NULL);
    g_autofree char *filler = g_strnfill(8 << 20, 'x');
    g_autofree char *body = g_strdup_printf("{\"name\":\"%s\"}", filler);
    json_decref(http_problem("POST", url, world.api.token, body, 413));
}

static void without_an_account_nothing_is_told(void **state)
{
    g_autofree char *url = g_strconcat(world.api.url, "/cameras/", world.good, "/status", NULL);
    json_decref(http_problem("GET", url, NULL, NULL, 401));
    json_decref(http_problem("GET", url, "no-token", NULL, 401));
}

/* ---- nothing lost ---- */

static void nothing_is_held_on_to_after_all_these_requests(void **state)
{
    server_gives_back(&world.server, &world.api, &world.before);
}

static void the_good_camera_lost_no_picture_and_all_verifies(void **state)
{
    int64_t until_us = clock_wall_us() - 100000, lost_us = 0;
    assert_int_equal(server_stop(&world.server, SIGTERM), 0);
    const char *name = text_in(sim_camera(&world.sim, 0), "name");
    g_autoptr(Json) sent = sim_sent(&world.sim, name, "main");
    g_auto(Footage) footage = footage_read(world.data, world.good);
    footage_assert_in_order(&footage, name);
    const Picture *first = &g_array_index(footage.pictures, Picture, 0);
    assert_int_equal(footage_missing(&footage, sent, first->sent_us, until_us, &lost_us), 0);
    g_autofree char *out = NULL;
    if (run_vonglau(&out, NULL, "verify", world.data, NULL) != 0)
        fail_msg("%s", out);
}

int main(void)
{
    secret_init();
    curl_global_init(CURL_GLOBAL_DEFAULT);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_copy_over_a_gap_shows_the_time_of_each_picture),
        cmocka_unit_test(a_clip_over_a_gap_has_what_is_there_and_tells_the_gap),
        cmocka_unit_test(the_command_line_tells_the_gap_and_succeeds),
        cmocka_unit_test(a_span_that_lies_in_the_gap_has_no_clip),
        cmocka_unit_test(from_after_to_is_told),
        cmocka_unit_test(a_clip_of_the_future_is_told),
        cmocka_unit_test(times_that_are_none_and_spans_too_long_are_told),
        cmocka_unit_test(a_clip_that_cannot_be_written_is_told_and_leaves_nothing),
        cmocka_unit_test(a_camera_that_does_not_exist_is_told_by_every_route),
        cmocka_unit_test(a_camera_that_does_not_exist_is_told_on_the_command_line),
        cmocka_unit_test(a_camera_that_makes_no_sense_is_not_added),
        cmocka_unit_test(a_body_beyond_all_measure_is_refused),
        cmocka_unit_test(without_an_account_nothing_is_told),
        cmocka_unit_test(nothing_is_held_on_to_after_all_these_requests),
        cmocka_unit_test(the_good_camera_lost_no_picture_and_all_verifies),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
