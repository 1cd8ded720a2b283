/* What one camera notices is told in time, though other devices have stopped to answer. */
#include "base/clock.h"
#include "cameras_api.h"
#include "scripted_onvif.h"
#include "unit.h"

enum {
    HUNG = 6, /* the last two of them from the beginning */
    HUNG_LATER = HUNG - 2,
    IN_TIME_MS = 2000,
    START_MS = 15000,
    CHANGES = 6,
    APART_MS = 1500,
};

static const OnvifScript script = {.topic = "VideoSource/MotionAlarm", .item = "State"};

static struct {
    Server server;
    Api api;
    char *data;
    ScriptedOnvif *good, *hung[HUNG];
    char *id; /* of the good one's camera */
} world;

static char *add(const ScriptedOnvif *device, const char *name)
{
    g_autoptr(Json) body =
        json_pack("{s:s, s:s, s:s, s:s, s:s}", "name", name, "url", "rtsp://127.0.0.1:1/main1",
                  "onvif", scripted_onvif_url(device), "user", "admin", "password", ONVIF_PASSWORD);
    return api_add(&world.api, body);
}

static int set_up(void **state)
{
    world.data = temp_folder();
    world.server = server_start(world.data);
    world.api = api_open(&world.server);
    for (size_t i = HUNG; i-- > 0;) {
        world.hung[i] = scripted_onvif_new("127.0.0.1", &script, false);
        scripted_onvif_hang(world.hung[i], i >= HUNG_LATER);
        g_autofree char *name = g_strdup_printf("hangs %zu", i);
        g_free(add(world.hung[i], name));
    }
    world.good = scripted_onvif_new("127.0.0.1", &script, false);
    world.id = add(world.good, "answers");
    return 0;
}

static int tear_down(void **state)
{
    api_close(&world.api);
    server_stop(&world.server, SIGTERM);
    for (size_t i = 0; i < HUNG; i++)
        scripted_onvif_free(world.hung[i]);
    scripted_onvif_free(world.good);
    remove_tree(world.data);
    g_free(world.data);
    g_free(world.id);
    return 0;
}

/* Events of the good one's camera that have ended, and those that go on. */
static unsigned count(unsigned *open)
{
    g_autofree char *url =
        g_strdup_printf("%s/events?camera=%s&kind=motion", world.api.url, world.id);
    g_autoptr(Json) list = http_json(url, world.api.token);
    const Json *items = json_object_get(list, "items");
    *open = 0;
    for (size_t i = 0; i < json_array_size(items); i++)
        *open += json_is_null(json_object_get(json_array_get(items, i), "to"));
    return (unsigned)json_array_size(items) - *open;
}

static void wait_for_point(const ScriptedOnvif *device)
{
    unsigned made = 0, pulls = 0, early = 0;
    for (int waited = 0; pulls < 2 && waited < START_MS; waited += 50, sleep_ms(50))
        scripted_onvif_counts((ScriptedOnvif *)device, &made, &pulls, &early);
    assert_in_range(pulls, 2, 100);
}

static int told_after_ms(unsigned ended, unsigned open)
{
    int64_t from_us = clock_mono_us();
    for (;;) {
        unsigned is_open, is_ended = count(&is_open);
        int64_t passed_ms = (clock_mono_us() - from_us) / 1000;
        if ((is_ended == ended && is_open == open) || passed_ms > 5 * IN_TIME_MS)
            return (int)passed_ms;
        sleep_ms(20);
    }
}

static void an_event_is_in_the_journal_in_time_though_other_devices_hang(void **state)
{
    int worst_ms = 0;
    wait_for_point(world.good);
    for (size_t i = 0; i < HUNG_LATER; i++)
        wait_for_point(world.hung[i]);
    for (size_t i = 0; i < HUNG_LATER; i++)
        scripted_onvif_hang(world.hung[i], true);
    sleep_ms(APART_MS);
    for (unsigned i = 0; i < CHANGES; i++) {
        scripted_onvif_say(world.good, i % 2 == 0);
        int took_ms = told_after_ms(i / 2 + i % 2, i % 2 == 0);
        print_message("told after %d ms\n", took_ms);
        worst_ms = MAX(worst_ms, took_ms);
        sleep_ms(APART_MS);
    }
    assert_in_range(worst_ms, 0, IN_TIME_MS);
}

static void devices_that_answer_again_are_asked_again(void **state)
{
    unsigned made, before, after, early;
    scripted_onvif_counts(world.hung[0], &made, &before, &early);
    scripted_onvif_hang(world.hung[0], false);
    for (int waited = 0; waited < 2 * START_MS; waited += 100, sleep_ms(100)) {
        scripted_onvif_counts(world.hung[0], &made, &after, &early);
        if (made == 2 && after > before + 1)
            break;
    }
    assert_int_equal(made, 2);
    assert_in_range(after, before + 2, 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_event_is_in_the_journal_in_time_though_other_devices_hang),
        cmocka_unit_test(devices_that_answer_again_are_asked_again),
    };
    return cmocka_run_group_tests_name("onvif_hung", tests, set_up, tear_down);
}
