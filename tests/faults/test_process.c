/* The server is killed, stopped, loses its catalog: what that costs is counted in pictures. */
#include "base/clock.h"
#include "base/secret.h"
#include "judge.h"
#include "unit.h"

#include <curl/curl.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CAMERAS = 8, KILLS = 5, KILLS_LONG = 100 };

static void a_server_killed_at_any_moment_loses_at_most_a_second_a_camera(void **state)
{
    World world;
    int kills = g_getenv("FAULTS_LONG") ? KILLS_LONG : KILLS;
    guint32 seed = g_random_int();
    print_message("seed %u\n", seed);
    g_autoptr(GRand) dice = g_rand_new_with_seed(seed);
    world_start(&world, CAMERAS, NULL);
    for (int i = 0; i < kills; i++) {
        world_wait_recorded(&world);
        sleep_ms(g_rand_int_range(dice, 0, 4000));
        world_kill(&world, g_rand_int_range(dice, 0, 500));
    }
    world_wait_recorded(&world);
    sleep_ms(3000);
    judge_promises_kept(&world);
    world_end(&world);
}

static void put_officer(const World *world)
{
    g_autofree char *file = g_build_filename(world->data, "password", NULL);
    g_assert(g_file_set_contents(file, "a good password\n", -1, NULL));
    assert_int_equal(run_vonglau(NULL, NULL, "user", "add", "lan", "--data", world->data, "--role",
                                 "officer", "--password-file", file, NULL),
                     0);
}

static int sign_in_officer(const World *world)
{
    g_autofree char *url = g_strconcat(world->api.url, "/session", NULL);
    return http_call("POST", url, NULL, "{\"name\":\"lan\",\"password\":\"a good password\"}", NULL,
                     NULL);
}

/* The newest entries of the audit log as the API tells them, owned. */
static size_t audited(const World *world)
{
    g_autofree char *url = g_strconcat(world->api.url, "/audit?limit=100", NULL);
    g_autoptr(Json) log = http_json(url, world->api.token);
    return json_array_size(json_object_get(log, "items"));
}

static void a_catalog_deleted_while_stopped_is_made_anew_and_nothing_is_lost(void **state)
{
    World world;
    world_start(&world, CAMERAS, NULL);
    put_officer(&world);
    size_t before = audited(&world);
    assert_true(before > 0);
    sleep_ms(3000);
    world_rebuild(&world);
    world_wait_recorded(&world);
    assert_int_equal(sign_in_officer(&world), 200);
    assert_true(audited(&world) >= before);
    sleep_ms(3000);
    judge_promises_kept(&world);
    world_end(&world);
}

int main(void)
{
    secret_init();
    curl_global_init(CURL_GLOBAL_DEFAULT);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_server_killed_at_any_moment_loses_at_most_a_second_a_camera),
        cmocka_unit_test(a_catalog_deleted_while_stopped_is_made_anew_and_nothing_is_lost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
