/* Twenty cameras that cannot be recorded, all at once beside two good ones: each is told by its
 * true cause, and the good ones lose no picture. */
#include "bad_cameras.h"
#include "base/clock.h"
#include "base/secret.h"
#include "cameras_api.h"
#include "footage.h"
#include "server_figures.h"
#include "unit.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    TOLD_MS = 25000, /* the slowest is told after 6 s on a quiet machine */
    RECORDED_MS = 10000,
    ALIVE_MS = 5000,
};

typedef struct World {
    Sim sim;
    Server server;
    Api api;
    char *data;
    int64_t stopped_us;
    char *good, *clumsy_id;
    ScriptedCamera *clumsy_camera, *scripted[BAD_CAMERAS];
    char *urls[BAD_CAMERAS], *ids[BAD_CAMERAS];
    Run probes[BAD_CAMERAS];
    int blocked, blockers[4]; /* a listener whose queue is full */
    ServerFigures before;
} World;

static World world;

static const char *sim_text(int index, const char *member)
{
    return json_string_value(json_object_get(sim_camera(&world.sim, index), member));
}

/* A listener that takes no more connections: a SYN to it gets no answer, as from a host that is
 * switched off. */
static char *swallowing_url(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    world.blocked = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(world.blocked, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(world.blocked, 0), 0);
    getsockname(world.blocked, (struct sockaddr *)&address, &size);
    for (unsigned i = 0; i < G_N_ELEMENTS(world.blockers); i++) {
        world.blockers[i] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        (void)connect(world.blockers[i], (struct sockaddr *)&address, size);
    }
    return g_strdup_printf("rtsp://127.0.0.1:%u/main", ntohs(address.sin_port));
}

static char *url_of(unsigned row)
{
    const BadCamera *bad = &bad_cameras[row];
    if (bad->script) {
        world.scripted[row] = scripted_camera_new(bad->name, bad->script);
        return g_strdup(scripted_camera_url(world.scripted[row]));
    }
    if (bad->sim)
        return g_strdup(sim_text(bad->sim, "main"));
    if (strcmp(bad->url, "swallows") == 0)
        return swallowing_url();
    const char *port = strstr(bad->url, "%d");
    return port ? g_strdup_printf("%.*s%s%s", (int)(port - bad->url), bad->url,
                                  strrchr(world.server.url, ':') + 1, port + 2)
                : g_strdup(bad->url);
}

static const char *user_of(const BadCamera *bad)
{
    return g_strcmp0(bad->user, "own") == 0 ? sim_text(bad->sim, "user") : bad->user;
}

/* ---- before and after ---- */

static Run begin_probe(unsigned row)
{
    const char *user = user_of(&bad_cameras[row]);
    g_autofree char *file = g_build_filename(world.data, "wrong-password", NULL);
    return user ? run_begin("camera", "probe", world.urls[row], "--user", user, "--password-file",
                            file, NULL)
                : run_begin("camera", "probe", world.urls[row], NULL);
}

static void add_bad_cameras(void)
{
    for (unsigned row = 0; row < BAD_CAMERAS; row++) {
        const char *user = user_of(&bad_cameras[row]);
        world.urls[row] = url_of(row);
        world.ids[row] = api_add_camera(&world.api, bad_cameras[row].name, world.urls[row], user,
                                        user ? "wrong" : NULL);
        world.probes[row] = begin_probe(row);
    }
}

/* What the server takes with its two cameras, and all that a first bad one opens for good. */
static ServerFigures figures_before(void)
{
    const BadCamera *bad = &bad_cameras[bad_camera("refused")];
    g_autofree char *id = api_add_camera(&world.api, "first", bad->url, NULL, NULL);
    api_wait(&world.api, id, "cause_code", bad->code, TOLD_MS);
    api_change_camera(&world.api, id, NULL);
    return server_figures_at_rest(&world.server, &world.api);
}

static int set_up(void **state)
{
    setenv("RES_OPTIONS", "timeout:1 attempts:1", 1); /* a name server that is silent is so soon */
    world.sim = sim_start(4);
    world.data = temp_folder();
    g_autofree char *wrong = g_build_filename(world.data, "wrong-password", NULL);
    assert_true(g_file_set_contents(wrong, "wrong\n", -1, NULL));
    world.server = server_start(world.data);
    world.api = api_open(&world.server);
    const char *user = sim_text(0, "user"), *password = sim_text(0, "password");
    world.good = api_add_camera(&world.api, "good", sim_text(0, "main"), *user ? user : NULL,
                                *password ? password : NULL);
    world.clumsy_camera = scripted_camera_new("clumsy", &clumsy_script);
    world.clumsy_id =
        api_add_camera(&world.api, "clumsy", scripted_camera_url(world.clumsy_camera), NULL, NULL);
    api_wait_recorded(&world.api, world.good, RECORDED_MS);
    api_wait_recorded(&world.api, world.clumsy_id, RECORDED_MS);
    world.before = figures_before();
    add_bad_cameras();
    return 0;
}

static int tear_down(void **state)
{
    sim_stop(&world.sim);
    scripted_camera_free(world.clumsy_camera);
    for (unsigned row = 0; row < BAD_CAMERAS; row++) {
        scripted_camera_free(world.scripted[row]);
        g_free(world.urls[row]);
        g_free(world.ids[row]);
    }
    api_close(&world.api);
    remove_tree(world.data);
    g_free(world.data);
    g_free(world.good);
    g_free(world.clumsy_id);
    return 0;
}

/* ---- what is told ---- */

static void assert_sentence(const char *name, const char *sentence, const char *words)
{
    if (!strstr(sentence, words))
        fail_msg("%s: ‘%s’ does not say ‘%s’", name, sentence, words);
    if (strstr(sentence, "wrong\n") || strchr(sentence, '\n'))
        fail_msg("%s: ‘%s’ is more than a line", name, sentence);
}

/* In the status by API: state, stable word, sentence; and on the command line, by a probe. */
static void assert_told(const char *name)
{
    unsigned row = bad_camera(name);
    const BadCamera *bad = &bad_cameras[row];
    api_wait(&world.api, world.ids[row], "cause_code", bad->code, TOLD_MS);
    g_autoptr(Json) status = api_camera_status(&world.api, world.ids[row]);
    assert_sentence(name, text_in(status, "cause"), bad->cause);
    assert_string_not_equal(text_in(status, "state"), "running");
    assert_false(json_is_true(json_object_get(status, "recording")));
    g_autofree char *err = NULL;
    assert_int_equal(run_end(&world.probes[row], NULL, &err), 1);
    assert_true(g_str_has_prefix(err, "vonglau: "));
    assert_string_equal(strchr(err, '\n'), "\n");
    assert_sentence(name, g_strchomp(err), bad->cause);
}

static void assert_all_told(const char *const *names)
{
    for (; *names; names++)
        assert_told(*names);
}

#define ASSERT_TOLD(...) assert_all_told((const char *const[]){__VA_ARGS__, NULL})

static void an_address_where_nobody_listens_is_told_as_refused(void **state)
{
    ASSERT_TOLD("refused");
}

static void an_address_without_a_route_is_told_as_unreachable(void **state)
{
    ASSERT_TOLD("no-route");
}

static void a_host_that_does_not_answer_is_told_by_its_port(void **state)
{
    ASSERT_TOLD("swallows");
}

static void a_name_that_does_not_resolve_is_told_by_that_name(void **state)
{
    ASSERT_TOLD("no-name");
}

static void a_wrong_or_missing_password_is_told_and_never_shown(void **state)
{
    ASSERT_TOLD("no-password", "wrong-basic", "wrong-digest", "wrong-user");
}

static void what_does_not_speak_rtsp_is_told_so(void **state)
{
    ASSERT_TOLD("http", "ssh", "silent");
}

static void a_path_that_the_camera_does_not_know_is_told(void **state)
{
    ASSERT_TOLD("wrong-path");
}

static void a_codec_that_is_not_known_is_named_with_what_to_set(void **state)
{
    ASSERT_TOLD("jpeg", "mpegts", "vp8");
}

static void a_stream_without_video_is_told_so(void **state)
{
    ASSERT_TOLD("only-sound", "no-sdp");
}

static void answers_without_an_end_are_given_up(void **state)
{
    ASSERT_TOLD("half-body", "open-header", "open-headers", "open-answer", "open-lines",
                "huge-body");
}

static void a_camera_that_hangs_up_in_the_middle_is_told_so(void **state)
{
    ASSERT_TOLD("leaver");
}

static void a_camera_that_sends_noise_in_place_of_pictures_is_told_so(void **state)
{
    ASSERT_TOLD("noise");
}

static void a_camera_of_which_no_picture_can_be_shown_is_told_by_what_is_missing(void **state)
{
    ASSERT_TOLD("other-type", "no-key", "torn-key", "bare-key");
}

static void the_probe_of_the_api_answers_with_the_same_cause(void **state)
{
    for (unsigned row = 0; row < BAD_CAMERAS; row++) {
        const BadCamera *bad = &bad_cameras[row];
        const char *user = user_of(bad);
        if (bad->slow)
            continue;
        g_autoptr(Json) body = json_pack("{s:s, s:s*, s:s*}", "url", world.urls[row], "user", user,
                                         "password", user ? "wrong" : NULL);
        g_autofree char *text = json_line(body);
        g_autofree char *url = g_strconcat(world.api.url, "/cameras/probe", NULL);
        g_autoptr(Json) problem = http_problem("POST", url, world.api.token, text, 422);
        assert_string_equal(text_in(problem, "cause_code"), bad->code);
        assert_sentence(bad->name, text_in(problem, "detail"), bad->cause);
    }
}

static void every_cause_has_words_of_its_own_in_both_languages(void **state)
{
    static const char *const languages[] = {"vi", "en"};
    for (unsigned i = 0; i < G_N_ELEMENTS(languages); i++) {
        g_autofree char *path = g_strdup_printf("%s/web/src/texts/%s/cameras.json",
                                                g_getenv("SOURCE_ROOT"), languages[i]);
        g_autofree char *text = NULL;
        gsize size;
        assert_true(g_file_get_contents(path, &text, &size, NULL));
        g_autoptr(Json) texts = json_parse(text, size, NULL);
        for (unsigned row = 0; row < BAD_CAMERAS; row++) {
            g_autofree char *key = g_strconcat("cause.", bad_cameras[row].code, NULL);
            if (!*text_in(texts, key))
                fail_msg("%s has no text ‘%s’", path, key);
        }
    }
}

static void a_camera_that_was_never_reached_has_one_gap_as_camera_offline(void **state)
{
    g_autoptr(Json) coverage = api_coverage(&world.api, world.ids[bad_camera("refused")]);
    const Json *gaps = json_object_get(coverage, "gaps");
    assert_int_equal(json_array_size(json_object_get(coverage, "spans")), 0);
    assert_int_equal(json_array_size(gaps), 1);
    assert_string_equal(text_in(json_array_get(gaps, 0), "cause"), "camera-offline");
}

/* ---- when the trouble is over ---- */

static void a_wrong_password_that_is_corrected_is_recorded_within_seconds(void **state)
{
    static const char *const names[] = {"wrong-basic", "wrong-digest"};
    for (unsigned i = 0; i < G_N_ELEMENTS(names); i++) {
        unsigned row = bad_camera(names[i]);
        g_autoptr(Json) body =
            json_pack("{s:s}", "password", sim_text(bad_cameras[row].sim, "password"));
        g_autofree char *text = json_line(body);
        api_change_camera(&world.api, world.ids[row], text);
        print_message("%s: recorded %d ms after the change\n", names[i],
                      api_wait_recorded(&world.api, world.ids[row], ALIVE_MS));
    }
}

static void an_address_that_comes_alive_is_recorded_within_5_s(void **state)
{
    ScriptedCamera *camera = scripted_camera_new("sleeper", NULL);
    scripted_camera_power(camera, false);
    g_autofree char *id =
        api_add_camera(&world.api, "sleeper", scripted_camera_url(camera), NULL, NULL);
    api_wait(&world.api, id, "cause_code", "refused", TOLD_MS);
    sleep_ms(6000); /* the back-off has grown to its most */
    scripted_camera_power(camera, true);
    print_message("recorded %d ms after it came alive\n",
                  api_wait_recorded(&world.api, id, ALIVE_MS));
    scripted_camera_power(camera, false);
    api_change_camera(&world.api, id, NULL);
    scripted_camera_free(camera);
}

static void a_camera_that_mends_its_ways_is_recorded(void **state)
{
    unsigned row = bad_camera("noise");
    scripted_camera_set(world.scripted[row], NULL);
    print_message("recorded %d ms after the noise\n",
                  api_wait_recorded(&world.api, world.ids[row], 2 * ALIVE_MS));
}

/* ---- nothing lost ---- */

static void when_the_bad_ones_are_gone_so_is_what_they_took(void **state)
{
    for (unsigned row = 0; row < BAD_CAMERAS; row++)
        api_change_camera(&world.api, world.ids[row], NULL);
    server_gives_back(&world.server, &world.api, &world.before);
}

static unsigned gaps_after_the_first_picture(const char *id)
{
    g_autoptr(Json) coverage = api_coverage(&world.api, id);
    const Json *spans = json_object_get(coverage, "spans"),
               *gaps = json_object_get(coverage, "gaps");
    const char *first = text_in(json_array_get(spans, 0), "from");
    unsigned after = 0;
    size_t index;
    Json *gap;
    json_array_foreach(gaps, index, gap) after += strcmp(text_in(gap, "from"), first) >= 0;
    return after;
}

static const Picture *picture_at(const Footage *footage, guint index)
{
    return &g_array_index(footage->pictures, Picture, index);
}

static void the_good_camera_was_never_connected_anew_and_has_no_gap(void **state)
{
    g_autoptr(Json) status = api_camera_status(&world.api, world.good);
    const Json *stream = json_object_get(status, "main");
    assert_int_equal(json_integer_value(json_object_get(stream, "reconnects")), 0);
    assert_int_equal(gaps_after_the_first_picture(world.good), 0);
}

static void the_server_still_stops_cleanly(void **state)
{
    world.stopped_us = clock_wall_us();
    assert_int_equal(server_stop(&world.server, SIGTERM), 0);
}

static void the_good_camera_lost_no_picture_in_all_that_time(void **state)
{
    g_autoptr(Json) sent = sim_sent(&world.sim, sim_text(0, "name"), "main");
    g_auto(Footage) footage = footage_read(world.data, world.good);
    footage_assert_in_order(&footage, sim_text(0, "name"));
    int64_t lost_us = 0;
    assert_int_equal(footage_missing(&footage, sent, picture_at(&footage, 0)->sent_us,
                                     world.stopped_us - 100000, &lost_us),
                     0);
}

static void a_camera_that_loses_its_framing_is_recorded_on_without_what_was_torn(void **state)
{
    g_autoptr(Json) sent = scripted_camera_sent(world.clumsy_camera);
    g_auto(Footage) footage = footage_read(world.data, world.clumsy_id);
    footage_assert_in_order(&footage, "clumsy");
    int64_t lost_us = 0;
    unsigned torn = footage_missing(&footage, sent, picture_at(&footage, 0)->sent_us,
                                    world.stopped_us - 100000, &lost_us);
    print_message("%u of %zu pictures were lost\n", torn, json_array_size(sent));
    assert_in_range(torn, 1, json_array_size(sent) / 4);
    assert_int_equal(scripted_camera_connections(world.clumsy_camera), 1);
}

static void all_footage_verifies(void **state)
{
    footage_assert_verifies(world.data);
}

int main(void)
{
    secret_init();
    curl_global_init(CURL_GLOBAL_DEFAULT);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_address_where_nobody_listens_is_told_as_refused),
        cmocka_unit_test(an_address_without_a_route_is_told_as_unreachable),
        cmocka_unit_test(a_host_that_does_not_answer_is_told_by_its_port),
        cmocka_unit_test(a_name_that_does_not_resolve_is_told_by_that_name),
        cmocka_unit_test(a_wrong_or_missing_password_is_told_and_never_shown),
        cmocka_unit_test(what_does_not_speak_rtsp_is_told_so),
        cmocka_unit_test(a_path_that_the_camera_does_not_know_is_told),
        cmocka_unit_test(a_codec_that_is_not_known_is_named_with_what_to_set),
        cmocka_unit_test(a_stream_without_video_is_told_so),
        cmocka_unit_test(answers_without_an_end_are_given_up),
        cmocka_unit_test(a_camera_that_hangs_up_in_the_middle_is_told_so),
        cmocka_unit_test(a_camera_that_sends_noise_in_place_of_pictures_is_told_so),
        cmocka_unit_test(a_camera_of_which_no_picture_can_be_shown_is_told_by_what_is_missing),
        cmocka_unit_test(the_probe_of_the_api_answers_with_the_same_cause),
        cmocka_unit_test(every_cause_has_words_of_its_own_in_both_languages),
        cmocka_unit_test(a_camera_that_was_never_reached_has_one_gap_as_camera_offline),
        cmocka_unit_test(a_wrong_password_that_is_corrected_is_recorded_within_seconds),
        cmocka_unit_test(an_address_that_comes_alive_is_recorded_within_5_s),
        cmocka_unit_test(a_camera_that_mends_its_ways_is_recorded),
        cmocka_unit_test(when_the_bad_ones_are_gone_so_is_what_they_took),
        cmocka_unit_test(the_good_camera_was_never_connected_anew_and_has_no_gap),
        cmocka_unit_test(the_server_still_stops_cleanly),
        cmocka_unit_test(the_good_camera_lost_no_picture_in_all_that_time),
        cmocka_unit_test(a_camera_that_loses_its_framing_is_recorded_on_without_what_was_torn),
        cmocka_unit_test(all_footage_verifies),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
