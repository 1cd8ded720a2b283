/* All channels of a recorder behind one address, which takes so many connections and no more
 * (CAMERAS.md S18). */
#include "base/clock.h"
#include "cameras_api.h"
#include "footage.h"
#include "scripted_camera.h"
#include "unit.h"

#include <string.h>

enum {
    CHANNELS = 16,
    TAKES = 12, /* connections, of the recorder that takes fewer than it has channels */
    DESCRIBE_MS = 300,
    SET_UP_MOST = 3, /* two, and one in place of another that is slower than a second */
    SOON_MS = 20000, /* so long it is given time after a refusal, and more */

};

typedef struct Site {
    Server server;
    Api api;
    char *data;
    ScriptedCamera *recorder;
    char *ids[CHANNELS];
} Site;

/* ---- the recorder ---- */

/* The address of the request that `at` begins, owned. */
static char *address_of(const char *at)
{
    const char *from = strstr(at, "rtsp://");
    return from ? g_strndup(from, strcspn(from, " \r")) : g_strdup("");
}

/* 453 to PLAY when so many addresses play already. */
static char *judge_most(const ScriptRequest *request, const void *most)
{
    if (!g_str_has_prefix(request->text, "PLAY "))
        return NULL;
    g_autoptr(GHashTable) playing = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_auto(GStrv) all = g_strsplit(request->before, "\r\n\r\n", -1);
    for (char **one = all; *one; one++) {
        char *address = address_of(*one);
        if (g_str_has_prefix(*one, "TEARDOWN "))
            g_hash_table_remove(playing, address);
        if (g_str_has_prefix(*one, "PLAY ") &&
            g_hash_table_size(playing) < GPOINTER_TO_UINT(most)) {
            g_hash_table_add(playing, address);
            continue;
        }
        g_free(address);
    }
    return g_hash_table_size(playing) < GPOINTER_TO_UINT(most)
               ? NULL
               : g_strdup("RTSP/1.0 453 Not Enough Bandwidth\r\nCSeq: %u\r\n\r\n");
}

/* Takes its time for each description. */
static char *judge_slowly(const ScriptRequest *request, const void *unused)
{
    if (g_str_has_prefix(request->text, "DESCRIBE "))
        g_usleep(DESCRIBE_MS * 1000);
    return NULL;
}

/* The most connections that were set up at the same time: asked for their description, and not
 * playing yet. */
static unsigned most_at_once(ScriptedCamera *recorder)
{
    g_autofree char *requests = scripted_camera_requests(recorder);
    g_auto(GStrv) all = g_strsplit(requests, "\r\n\r\n", -1);
    int now = 0, most = 0;
    for (char **one = all; *one; one++) {
        now += g_str_has_prefix(*one, "DESCRIBE ");
        now -= g_str_has_prefix(*one, "PLAY ");
        most = MAX(most, now);
    }
    return (unsigned)most;
}

/* ---- the site ---- */

/* The first `with_sub` channels have a sub stream, too. */
static Site site_of(const CameraScript *script, unsigned with_sub, int connections)
{
    Site site = {.data = temp_folder()};
    site.recorder = scripted_camera_new("channel", script);
    site.server = server_start(site.data);
    site.api = api_open(&site.server);
    g_autofree char *host = g_strdup(scripted_camera_url(site.recorder));
    *strrchr(host, '/') = '\0';
    for (unsigned i = 0; i < CHANNELS; i++) {
        g_autofree char *name = g_strdup_printf("channel %u", i + 1);
        g_autofree char *url = g_strdup_printf("%s/%u/main", host, i + 1);
        g_autofree char *sub = i < with_sub ? g_strdup_printf("%s/%u/sub", host, i + 1) : NULL;
        g_autoptr(Json) body = json_pack("{s:s, s:s, s:s*, s:i}", "name", name, "url", url,
                                         "sub_url", sub, "connections", connections);
        site.ids[i] = api_add(&site.api, body);
    }
    return site;
}

static void site_close(Site *site)
{
    api_close(&site->api);
    server_stop(&site->server, SIGTERM);
    scripted_camera_free(site->recorder);
    remove_tree(site->data);
    g_free(site->data);
    for (unsigned i = 0; i < CHANNELS; i++)
        g_free(site->ids[i]);
}

typedef struct Found {
    unsigned recorded, told, subs;
} Found;

/* How many are recorded, and how many say that the recorder takes no more than TAKES. */
static Found look(const Site *site)
{
    Found found = {0};
    for (unsigned i = 0; i < CHANNELS; i++) {
        if (!site->ids[i]) /* removed */
            continue;
        g_autoptr(Json) status = api_camera_status(&site->api, site->ids[i]);
        bool runs = strcmp(text_in(status, "state"), "running") == 0;
        found.recorded += runs && json_is_true(json_object_get(status, "recording"));
        found.subs += strcmp(text_in(json_object_get(status, "sub"), "state"), "running") == 0;
        found.told += strcmp(text_in(status, "cause_code"), "too-many-sessions") == 0 &&
                      strstr(text_in(status, "cause"), "takes no more than 12 connections at once");
    }
    return found;
}

static Found wait_for(const Site *site, unsigned recorded, unsigned told)
{
    Found found = {0};
    for (int64_t began_us = clock_mono_us(); clock_mono_us() - began_us < SOON_MS * INT64_C(1000);
         sleep_ms(200)) {
        found = look(site);
        if (found.recorded == recorded && found.told == told)
            return found;
    }
    fail_msg("%u are recorded, %u tell why not", found.recorded, found.told);
    return found;
}

/* ---- tests ---- */

static void a_slow_recorder_is_asked_for_two_at_a_time_and_all_are_recorded(void **state)
{
    static const CameraScript script = {.judge = judge_slowly};
    Site site = site_of(&script, 0, 0);
    wait_for(&site, CHANNELS, 0);
    api_close(&site.api);
    assert_int_equal(server_stop(&site.server, SIGTERM), 0);
    g_free(site.server.data);
    g_free(site.server.url);
    site.server = server_start(site.data);
    site.api = api_open(&site.server);
    wait_for(&site, CHANNELS, 0);
    unsigned most = most_at_once(site.recorder);
    print_message("%u were set up at the same time\n", most);
    assert_in_range(most, 1, SET_UP_MOST);
    site_close(&site);
}

static void what_a_recorder_does_not_take_waits_and_says_why(void **state)
{
    static const CameraScript script = {.judge = judge_most, .judge_data = GUINT_TO_POINTER(TAKES)};
    Site site = site_of(&script, 4, 0);
    Found found = wait_for(&site, TAKES, CHANNELS - TAKES);
    assert_int_equal(found.subs, 0); /* they made room for main streams */
    unsigned before = scripted_camera_connections(site.recorder);
    sleep_ms(12000);
    assert_in_range(scripted_camera_connections(site.recorder), before, before + 2);

    api_change_camera(&site.api, site.ids[0], NULL);
    g_clear_pointer(&site.ids[0], g_free);
    wait_for(&site, TAKES, CHANNELS - TAKES - 1);
    site_close(&site);
}

static void a_limit_that_is_known_is_kept_without_trying(void **state)
{
    Site site = site_of(NULL, 4, TAKES);
    Found found = wait_for(&site, TAKES, CHANNELS - TAKES);
    assert_int_equal(found.subs, 0);
    g_autofree char *requests = scripted_camera_requests(site.recorder);
    g_auto(GStrv) plays = g_strsplit(requests, "PLAY ", -1);
    assert_in_range(g_strv_length(plays) - 1, TAKES, TAKES + 4); /* and of sub streams at first */
    site_close(&site);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_slow_recorder_is_asked_for_two_at_a_time_and_all_are_recorded),
        cmocka_unit_test(a_limit_that_is_known_is_kept_without_trying),
        cmocka_unit_test(what_a_recorder_does_not_take_waits_and_says_why),
    };
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests_name("recorder", tests, NULL, NULL);
}
