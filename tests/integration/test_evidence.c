/* An evidence package made beside a recording server, and after it was killed: it plays, it passes,
 * and recording never noticed. */
#include "base/clock.h"
#include "base/time_text.h"
#include "cameras_api.h"
#include "footage.h"
#include "harness.h"
#include "unit.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

enum { KILL_LOSES_US = 1200000 };

typedef struct World {
    Sim sim;
    char *data, *package;
    Server server;
    Api api;
    char *cameras[2];
} World;

static World world;

static int set_up(void **state)
{
    world.sim = sim_start(2);
    world.data = temp_folder();
    world.package = g_build_filename(world.data, "package.zip", NULL);
    world.server = server_start(world.data);
    world.api = api_open(&world.server);
    for (int i = 0; i < 2; i++)
        world.cameras[i] =
            api_add_sim_camera(&world.api, i ? "gate" : "square", sim_camera(&world.sim, i));
    for (int i = 0; i < 2; i++)
        api_wait_recorded(&world.api, world.cameras[i], 10000);
    return 0;
}

static int tear_down(void **state)
{
    for (int i = 0; i < 2; i++)
        g_free(world.cameras[i]);
    api_close(&world.api);
    if (world.server.pid)
        server_stop(&world.server, SIGTERM);
    sim_stop(&world.sim);
    remove_tree(world.data);
    g_free(world.package);
    return 0;
}

static int make(char **out, char **err, int64_t from_us, int64_t to_us)
{
    char from[TIME_TEXT], to[TIME_TEXT];
    g_autofree char *cameras = g_strjoin(",", world.cameras[0], world.cameras[1], NULL);
    return run_vonglau(out, err, "evidence", "--data", world.data, "--camera", cameras, "--from",
                       time_text(from_us, from), "--to", time_text(to_us, to), "--reason",
                       "scuffle at the gate", "--out", world.package, NULL);
}

/* The answer of `verify --json`, owned. */
static Json *verify(int status)
{
    g_autofree char *out = NULL;
    int got = run_vonglau(&out, NULL, "verify", world.package, "--json", NULL);
    if (got != status)
        fail_msg("verify: %d, %s", got, out);
    Json *answer = json_parse(out, strlen(out), NULL);
    assert_non_null(answer);
    return answer;
}

static bool is_complete(const Json *answer, const char *camera)
{
    size_t i;
    Json *item;
    json_array_foreach(json_object_get(answer, "complete"), i,
                       item) if (strcmp(text_in(item, "camera"), camera) ==
                                 0) return json_is_true(json_object_get(item, "complete"));
    fail_msg("verify says nothing of camera %s", camera);
    return false;
}

/* Seconds of a camera with this verdict. */
static int64_t seconds(const Json *answer, const char *camera, const char *verdict)
{
    int64_t all_us = 0;
    size_t i;
    Json *item;
    json_array_foreach(json_object_get(answer, "seconds"), i, item)
    {
        int64_t from_us, to_us;
        assert_true(time_parse(text_in(item, "from"), &from_us));
        assert_true(time_parse(text_in(item, "to"), &to_us));
        if (strcmp(text_in(item, "camera"), camera) == 0 &&
            strcmp(text_in(item, "verdict"), verdict) == 0)
            all_us += to_us - from_us;
    }
    return all_us / SECOND_US;
}

static void shell(const char *format, ...) G_GNUC_PRINTF(1, 2);
static void shell(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *command = g_strdup_vprintf(format, args);
    va_end(args);
    if (system(command) != 0)
        fail_msg("%s", command);
}

/* Each file of footage decodes from its first picture to its last without a word. */
static void assert_plays(const char *folder)
{
    shell("cd %s && python3 -m zipfile -e %s . && n=0 && for f in media/*/*.mp4; do n=$((n+1)); "
          "[ -z \"$(ffmpeg -v warning -i $f -f null - 2>&1)\" ] || exit 1; done && [ $n -ge 2 ]",
          folder, world.package);
    /* the statement shows both cameras, and says when one was paused */
    shell(
        "cd %s && [ $(pdfimages -list report.pdf | grep -c jpeg) -ge 2 ] && pdftotext report.pdf - "
        "| grep -q 'tạm dừng ghi'",
        folder);
    shell("grep -q '\"action\":\"evidence\"' %s/custody.jsonl", folder);
}

/* As a program would that only keeps the pictures: it plays the same, and is no original. */
static void assert_remuxed_is_seen(const char *folder)
{
    static const char script[] =
        "import sys,zipfile\n"
        "old,new=zipfile.ZipFile(sys.argv[1]),zipfile.ZipFile(sys.argv[2],\"w\")\n"
        "for n in old.namelist():\n"
        "    i=zipfile.ZipInfo(n); i.create_system=3; i.external_attr=0o100644<<16\n"
        "    new.writestr(i,open(sys.argv[3],\"rb\").read() if n==sys.argv[4] else old.read(n))\n"
        "new.close()\n";
    g_autofree char *copy = g_build_filename(folder, "remuxed.zip", NULL);
    shell("cd %s && f=$(ls media/01/*.mp4 | head -1) && ffmpeg -v error -i $f -c copy -movflags "
          "frag_keyframe+empty_moov remuxed.mp4 && python3 -c '%s' %s %s remuxed.mp4 $f",
          folder, script, world.package, copy);
    g_autofree char *out = NULL;
    assert_int_equal(run_vonglau(&out, NULL, "verify", copy, NULL), 1);
    assert_non_null(strstr(out, "NOT CONSISTENT"));
    assert_non_null(strstr(out, "altered"));
}

static void a_package_made_while_recording_goes_on_plays_and_passes(void **state)
{
    g_autofree char *out = NULL, *err = NULL, *folder = temp_folder();
    int64_t from_us = clock_wall_us();
    api_change_camera(&world.api, world.cameras[1], "{\"paused\":true,\"pause_reason\":\"test\"}");
    sleep_ms(1800);
    api_change_camera(&world.api, world.cameras[1], "{\"paused\":false}");
    api_wait_recorded(&world.api, world.cameras[1], 10000);
    sleep_ms(500);
    int status = make(&out, &err, from_us, clock_wall_us());
    if (status != 0)
        fail_msg("evidence: %s", err);
    assert_non_null(strstr(err, "have no pictures"));
    g_autoptr(Json) answer = verify(0);
    assert_string_equal(text_in(answer, "verdict"), "key-not-confirmed");
    assert_true(is_complete(answer, world.cameras[0]));
    assert_false(is_complete(answer, world.cameras[1]));
    assert_true(seconds(answer, world.cameras[1], "gap") >= 1);
    assert_int_equal(seconds(answer, world.cameras[0], "gap"), 0);
    assert_int_equal(seconds(answer, world.cameras[0], "altered"), 0);
    const char *fingerprint = strstr(out, "key fingerprint: ") + strlen("key fingerprint: ");
    g_autofree char *key = g_strndup(fingerprint, strcspn(fingerprint, "\n"));
    assert_int_equal(run_vonglau(NULL, NULL, "verify", world.package, "--key", key, NULL), 0);
    assert_plays(folder);
    assert_remuxed_is_seen(folder);
    remove_tree(folder);
}

static void what_makes_no_sense_is_refused(void **state)
{
    int64_t now_us = clock_wall_us();
    char from[TIME_TEXT], to[TIME_TEXT];
    time_text(now_us - 5 * SECOND_US, from);
    time_text(now_us - SECOND_US, to);
    g_autofree char *out = g_build_filename(world.data, "no.zip", NULL);
    assert_int_equal(run_vonglau(NULL, NULL, "evidence", "--data", world.data, "--camera",
                                 world.cameras[0], "--from", from, "--to", to, "--out", out, NULL),
                     2);
    assert_int_equal(run_vonglau(NULL, NULL, "evidence", "--data", world.data, "--camera",
                                 "00000000-0000-4000-8000-000000000000", "--from", from, "--to", to,
                                 "--reason", "why not", "--out", out, NULL),
                     1);
    assert_false(g_file_test(out, G_FILE_TEST_EXISTS));
}

/* Without a server, the command seals what the kill left; and the cut before has lost nothing. */
static void after_a_kill_the_package_still_holds_what_was_recorded(void **state)
{
    g_autofree char *err = NULL;
    int64_t now_us = clock_wall_us();
    assert_int_equal(server_stop(&world.server, SIGKILL), -1);
    if (make(NULL, &err, now_us - 4 * SECOND_US, now_us - KILL_LOSES_US) != 0)
        fail_msg("evidence: %s", err);
    g_autoptr(Json) answer = verify(0);
    assert_true(is_complete(answer, world.cameras[0]));
    g_auto(Footage) footage = footage_read(world.data, world.cameras[0]);
    const char *name = text_in(sim_camera(&world.sim, 0), "name");
    g_autoptr(Json) sent = sim_sent(&world.sim, name, "main");
    int64_t lost_us = 0, first_us = g_array_index(footage.pictures, Picture, 0).sent_us;
    footage_assert_in_order(&footage, name);
    assert_int_equal(footage_missing(&footage, sent, first_us, now_us - KILL_LOSES_US, &lost_us),
                     0);
    footage_assert_verifies(world.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_package_made_while_recording_goes_on_plays_and_passes),
        cmocka_unit_test(what_makes_no_sense_is_refused),
        cmocka_unit_test(after_a_kill_the_package_still_holds_what_was_recorded),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
