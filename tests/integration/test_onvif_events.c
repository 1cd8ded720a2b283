/* What cameras notice by themselves, as events of a running server: each device with a quirk of its
 * own, all side by side. */
#include "base/clock.h"
#include "cameras_api.h"
#include "scripted_onvif.h"
#include "unit.h"

#include <string.h>

enum {
    SOON_MS = 6000,
    POINT_LIFE_MS = 11000, /* a pull point that is not renewed is gone after it */
};

typedef struct Row {
    const char *name, *kind;
    OnvifScript script;
    bool forgets; /* its pull point, in the middle */
} Row;

#define CELLS "RuleEngine/CellMotionDetector/Motion"

static const Row rows[] = {
    {"IsMotion, as the standard says", "motion", {.topic = CELLS, .item = "IsMotion"}},
    {"State, and a clock of 1970",
     "motion",
     {.topic = "VideoSource/MotionAlarm", .item = "State", .ahead_s = -1000000000}},
    {"active, told at 0.0.0.0 with prefix env",
     "motion",
     {.topic = CELLS, .item = "active", .told_host = "0.0.0.0", .prefix = "env"}},
    {"tampering",
     "tamper",
     {.topic = "RuleEngine/TamperDetector/Tamper", .item = "IsTamper", .media1_only = true}},
    {"Renew refused, faults with HTTP 200",
     "motion",
     {.topic = CELLS, .item = "IsMotion", .renew_refused = true, .fault_status = 200}},
    {"wants time to answer", "motion", {.topic = CELLS, .item = "IsMotion", .wants_time = true}},
    {"starts anew, with HTTP Digest",
     "motion",
     {.topic = CELLS, .item = "IsMotion", .http_digest = true},
     .forgets = true},
};

static struct {
    Server server;
    Api api;
    char *data;
    ScriptedOnvif *devices[G_N_ELEMENTS(rows)];
    char *ids[G_N_ELEMENTS(rows)];
} world;

static int set_up(void **state)
{
    world.data = temp_folder();
    world.server = server_start(world.data);
    world.api = api_open(&world.server);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        world.devices[i] = scripted_onvif_new("127.0.0.1", &rows[i].script, false);
        scripted_onvif_say(world.devices[i], true); /* before anybody listens */
        g_autoptr(Json) body =
            json_pack("{s:s, s:s, s:s, s:s, s:s}", "name", rows[i].name, "url",
                      "rtsp://127.0.0.1:1/main1", "onvif", scripted_onvif_url(world.devices[i]),
                      "user", "admin", "password", ONVIF_PASSWORD);
        world.ids[i] = api_add(&world.api, body);
    }
    return 0;
}

static int tear_down(void **state)
{
    api_close(&world.api);
    server_stop(&world.server, SIGTERM);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        scripted_onvif_free(world.devices[i]);
        g_free(world.ids[i]);
    }
    remove_tree(world.data);
    g_free(world.data);
    return 0;
}

/* Events of the row's kind; those that go on are counted by `open`. */
static unsigned count(size_t at, unsigned *open)
{
    g_autofree char *url =
        g_strdup_printf("%s/events?camera=%s&kind=%s", world.api.url, world.ids[at], rows[at].kind);
    g_autoptr(Json) list = http_json(url, world.api.token);
    const Json *items = json_object_get(list, "items");
    *open = 0;
    for (size_t i = 0; i < json_array_size(items); i++)
        *open += json_is_null(json_object_get(json_array_get(items, i), "to"));
    return (unsigned)json_array_size(items);
}

static void wait_for_all(unsigned wanted, unsigned wanted_open)
{
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        unsigned open = 0, found = 0;
        for (int waited = 0; waited < SOON_MS; waited += 100, sleep_ms(100)) {
            found = count(i, &open);
            if (found == wanted && open == wanted_open)
                break;
        }
        if (found != wanted || open != wanted_open)
            fail_msg("%s: %u events, %u go on", rows[i].name, found, open);
    }
}

static void wait_for_points(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        unsigned made = 0, pulls = 0, early = 0;
        for (int waited = 0; pulls < 2 && waited < SOON_MS * 2; waited += 50, sleep_ms(50))
            scripted_onvif_counts(world.devices[i], &made, &pulls, &early);
        if (pulls < 2)
            fail_msg("%s: was not asked", rows[i].name);
    }
}

static void say(bool active)
{
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        scripted_onvif_say(world.devices[i], active);
}

static void each_change_is_one_event_and_how_it_stood_is_none(void **state)
{
    wait_for_points();
    wait_for_all(0, 0); /* it was told to go on when the server came */
    say(true);
    sleep_ms(2500);
    wait_for_all(0, 0);
    say(false);
    sleep_ms(2500); /* what changes twice while a pull point is made anew, nobody can tell */
    say(true);
    wait_for_all(1, 1);
    say(true); /* once more how it stands */
    sleep_ms(2500);
    wait_for_all(1, 1);
    say(false);
    wait_for_all(1, 0);
}

static void it_is_told_after_a_pull_point_has_gone_too(void **state)
{
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        if (rows[i].forgets)
            scripted_onvif_forget(world.devices[i]);
    sleep_ms(POINT_LIFE_MS);
    say(true);
    wait_for_all(2, 1);
    say(false);
    wait_for_all(2, 0);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        unsigned made, pulls, early;
        scripted_onvif_counts(world.devices[i], &made, &pulls, &early);
        bool anew = rows[i].forgets || rows[i].script.renew_refused || rows[i].script.wants_time;
        print_message("%s: %u pull points, asked %u times\n", rows[i].name, made, pulls);
        assert_in_range(made, 1 + anew, anew ? 8 : 1);
        assert_in_range(early, 0, 1);
    }
}

static void what_goes_on_ends_when_the_camera_is_removed(void **state)
{
    say(true);
    wait_for_all(3, 1);
    api_change_camera(&world.api, world.ids[0], "{\"onvif\":null}");
    unsigned open = 1;
    for (int waited = 0; open && waited < SOON_MS; waited += 100, sleep_ms(100))
        assert_int_equal(count(0, &open), 3);
    assert_int_equal(open, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_change_is_one_event_and_how_it_stood_is_none),
        cmocka_unit_test(it_is_told_after_a_pull_point_has_gone_too),
        cmocka_unit_test(what_goes_on_ends_when_the_camera_is_removed),
    };
    return cmocka_run_group_tests_name("onvif_events", tests, set_up, tear_down);
}
