/* A viewer whose line becomes weak: what he sees stays young, with less of it, and all of it comes
 * back when the line does. */
#include "../integration/app_socket.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/secret.h"
#include "live/message.h"
#include "unit.h"
#include "weak_line.h"

#include <curl/curl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

/* A packet that is lost twice holds up what is behind it for longer: one picture of ten may be
 * late, and of the dozen key pictures that a line of 200 kbit/s carries, two. */
#define LATE_US (2 * SECOND_US)
enum { PATIENCE_MS = 15000 };

/* What a viewer saw for some time. */
typedef struct Watched {
    unsigned pictures, deltas; /* deltas: those that are no key pictures */
    unsigned lowered, raised;
    unsigned late;         /* pictures that took LATE_US or more */
    int64_t delay_most_us; /* from a picture's capture until all of it was here */
    int64_t hole_most_us;  /* between two pictures */
    int64_t last_us;
    bool main; /* the last picture was of the main stream */
} Watched;

typedef struct Scene {
    WeakLine *line;
    Sim sim;
    Server server;
    Api api;
    char *data, *id;
    int fd;
    uint32_t main_stream;
    int64_t begun_us;
} Scene;

static void heard(Scene *scene, Watched *watched, const GByteArray *message)
{
    g_autoptr(Json) json = json_parse((const char *)message->data, message->len, NULL);
    const char *op = text_in(json, "op");
    if (strcmp(op, "subscribed") == 0 && strcmp(text_in(json, "stream"), "main") == 0)
        scene->main_stream = (uint32_t)json_integer_value(json_object_get(json, "id"));
    bool lowered = strcmp(op, "lowered") == 0, raised = strcmp(op, "raised") == 0;
    watched->lowered += lowered;
    watched->raised += raised;
    if (lowered || raised)
        print_message("%5.1f s  %s: %s, %s pictures\n",
                      (double)(clock_mono_us() - scene->begun_us) / 1e6, op,
                      text_in(json, "stream"), text_in(json, "pictures"));
}

static void saw(const Scene *scene, Watched *watched, const GByteArray *message)
{
    int64_t now_us = clock_wall_us();
    if (message->data[1] & (LIVE_INIT | LIVE_FILLER))
        return;
    int64_t delay_us = now_us - (int64_t)get_u64(message->data + 16);
    watched->pictures++;
    watched->deltas += !(message->data[1] & LIVE_KEY);
    watched->late += delay_us >= LATE_US;
    watched->delay_most_us = MAX(watched->delay_most_us, delay_us);
    if (watched->last_us)
        watched->hole_most_us = MAX(watched->hole_most_us, now_us - watched->last_us);
    watched->last_us = now_us;
    watched->main = get_u32(message->data + 4) == scene->main_stream;
}

static void watch(Scene *scene, Watched *watched, int64_t until_us)
{
    while (clock_mono_us() < until_us) {
        bool is_text;
        g_autoptr(GByteArray) message = app_socket_next(scene->fd, &is_text);
        if (is_text)
            heard(scene, watched, message);
        else
            saw(scene, watched, message);
    }
}

/* What is seen for `seconds` on such a line; tells each second. */
static Watched play(Scene *scene, const char *what, const WeakLineNature *nature, int seconds)
{
    Watched all = {0};
    print_message("--- %s: %d kbit/s, %d ms there and back, %.0f %% lost\n", what,
                  nature->kbit_per_s, 2 * nature->delay_ms, nature->loss * 100);
    weak_line_set(scene->line, nature);
    for (int second = 0; second < seconds; second++) {
        Watched part = {.last_us = all.last_us};
        watch(scene, &part, clock_mono_us() + SECOND_US);
        print_message("%5.1f s  %-4s %2u pictures (%2u key), delay at most %4d ms\n",
                      (double)(clock_mono_us() - scene->begun_us) / 1e6, part.main ? "main" : "sub",
                      part.pictures, part.pictures - part.deltas, (int)(part.delay_most_us / 1000));
        all.pictures += part.pictures;
        all.deltas += part.deltas;
        all.late += part.late;
        all.lowered += part.lowered;
        all.raised += part.raised;
        all.delay_most_us = MAX(all.delay_most_us, part.delay_most_us);
        all.hole_most_us = MAX(all.hole_most_us, part.hole_most_us);
        all.last_us = part.last_us;
        all.main = part.pictures ? part.main : all.main;
    }
    return all;
}

static const WeakLineNature good = {.kbit_per_s = 20000, .delay_ms = 25};
static const WeakLineNature weak = {.kbit_per_s = 1000, .delay_ms = 150, .loss = 0.02};
static const WeakLineNature hardly = {.kbit_per_s = 200, .delay_ms = 150, .loss = 0.02};

static int start(void **state)
{
    Scene *scene = g_new0(Scene, 1);
    scene->line = weak_line_start();
    weak_line_set(scene->line, &good);
    scene->data = temp_folder();
    scene->sim = sim_start(1);
    scene->server = server_start_open(scene->data);
    scene->api = api_open(&scene->server);
    scene->id = api_add_sim_camera(&scene->api, "one", sim_camera(&scene->sim, 0));
    api_wait_recorded(&scene->api, scene->id, PATIENCE_MS);
    scene->fd = weak_line_socket(scene->line);
    app_socket_connect(scene->fd, WEAK_LINE_NEAR, &scene->api, PATIENCE_MS);
    g_autofree char *ask =
        g_strdup_printf("{\"op\":\"subscribe\",\"camera\":\"%s\",\"stream\":\"main\"}", scene->id);
    app_socket_send(scene->fd, ask);
    scene->begun_us = clock_mono_us();
    *state = scene;
    return 0;
}

static int stop(void **state)
{
    Scene *scene = *state;
    close(scene->fd);
    server_stop(&scene->server, SIGTERM);
    sim_stop(&scene->sim);
    weak_line_stop(scene->line);
    api_close(&scene->api);
    remove_tree(scene->data);
    g_free(scene->data);
    g_free(scene->id);
    g_free(scene);
    return 0;
}

static void a_viewer_on_a_weak_line_sees_less_but_nothing_late_and_all_again_when_it_is_good(
    void **state)
{
    Scene *scene = *state;
    play(scene, "begins", &good, 2);
    Watched seen = play(scene, "good", &good, 4);
    assert_true(seen.main && seen.delay_most_us < SECOND_US && !seen.lowered);

    play(scene, "becomes weak", &weak, 5);
    seen = play(scene, "weak", &weak, 20);
    assert_true(10 * seen.late <= seen.pictures);
    assert_true(seen.hole_most_us < 4 * SECOND_US);
    assert_true(seen.deltas > 20 * 15 / 2); /* it moves */
    assert_true(seen.lowered <= 4);

    play(scene, "becomes weaker", &hardly, 10);
    seen = play(scene, "hardly a line", &hardly, 12);
    assert_true(5 * seen.late <= seen.pictures);
    assert_true(seen.pictures - seen.deltas >= 4);
    assert_true(seen.hole_most_us < 5 * SECOND_US);

    for (int tries = 0; tries < 12 && !seen.main; tries++)
        seen = play(scene, "becomes good", &good, 5);
    seen = play(scene, "good again", &good, 5);
    assert_true(seen.main && seen.delay_most_us < SECOND_US);
    assert_int_equal(seen.lowered, 0);
    assert_true(seen.pictures > 5 * 15 * 9 / 10);
}

int main(void)
{
    secret_init();
    curl_global_init(CURL_GLOBAL_DEFAULT);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            a_viewer_on_a_weak_line_sees_less_but_nothing_late_and_all_again_when_it_is_good, start,
            stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
