/* Cameras that go, lines that die: the others lose nothing, and the gap has the true cause. */
#include "base/secret.h"
#include "judge.h"
#include "relay.h"
#include "unit.h"

#include "base/clock.h"

#include <curl/curl.h>
#include <stdio.h>
#include <string.h>

enum { CAMERAS = 4 };

static void cameras_that_reboot_cut_or_stall_are_back_within_5_s_and_the_others_lose_nothing(
    void **state)
{
    World world;
    world_start(&world, CAMERAS, NULL);
    sleep_ms(2000);
    world_camera_fault(&world, FAULT_OFFLINE, 0, 8000);
    sleep_ms(6000);
    world_camera_fault(&world, FAULT_DISCONNECT, 1, 0);
    world_camera_fault(&world, FAULT_STALL, 2, 6000);
    sleep_ms(6000);
    judge_promises_kept(&world);
    world_end(&world);
}

static int rtsp_port(const World *world)
{
    int port = 0;
    g_assert(sscanf(text_in(sim_camera(&world->sim, 0), "main"), "rtsp://127.0.0.1:%d", &port) ==
             1);
    return port;
}

/* All cameras by way of `relay`. */
static void reroute(World *world, const Relay *relay)
{
    for (int i = 0; i < world->cameras; i++) {
        const Json *camera = sim_camera(&world->sim, i);
        const char *path = strstr(text_in(camera, "main"), "/cam");
        g_autofree char *url = g_strdup_printf("rtsp://127.0.0.1:%d%s", relay_port(relay), path);
        g_autoptr(Json) body =
            json_pack("{s:s, s:s, s:s}", "url", url, "user", text_in(camera, "user"), "password",
                      text_in(camera, "password"));
        g_autofree char *text = json_line(body);
        api_change_camera(&world->api, world->ids[i], text);
    }
    sleep_ms(4000);
    world_wait_recorded(world);
    world->begin_us = clock_wall_us();
}

static void a_line_that_dies_without_a_word_is_noticed_and_told_and_made_anew(void **state)
{
    World world;
    world_start(&world, CAMERAS, NULL);
    Relay *relay = relay_start(rtsp_port(&world));
    reroute(&world, relay);
    sleep_ms(3000);
    int64_t from_us = clock_wall_us();
    relay_silent(relay, true);
    sleep_ms(12000);
    relay_silent(relay, false);
    world_note(&world, FAULT_SILENT_NET, -1, from_us);
    sleep_ms(12000);
    judge_promises_kept(&world);
    relay_stop(relay);
    world_end(&world);
}

static void a_slow_and_lossy_line_loses_no_picture(void **state)
{
    World world;
    world_start(&world, CAMERAS, NULL);
    Relay *relay = relay_start(rtsp_port(&world));
    reroute(&world, relay);
    relay_slow(relay, 150, 5);
    sleep_ms(20000);
    relay_slow(relay, 0, 0);
    sleep_ms(4000);
    judge_promises_kept(&world);
    relay_stop(relay);
    world_end(&world);
}

int main(void)
{
    secret_init();
    curl_global_init(CURL_GLOBAL_DEFAULT);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            cameras_that_reboot_cut_or_stall_are_back_within_5_s_and_the_others_lose_nothing),
        cmocka_unit_test(a_line_that_dies_without_a_word_is_noticed_and_told_and_made_anew),
        cmocka_unit_test(a_slow_and_lossy_line_loses_no_picture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
