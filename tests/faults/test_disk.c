/* Disks that lose power, fill up, fail, turn read-only, go away: the whole data folder is on one.
 */
#include "base/clock.h"
#include "base/secret.h"
#include "disk.h"
#include "judge.h"
#include "unit.h"

#include <curl/curl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { CAMERAS = 4, CUTS = 2, CUTS_LONG = 20, SICK_MS = 8000, NOT_RUN = 77 };

static void start(World *world, Disk *disk, const char *below)
{
    g_autofree char *data = temp_folder();
    g_autofree char *mount = g_build_filename(data, below, NULL);
    g_assert(g_mkdir_with_parents(mount, 0700) == 0);
    disk_start(disk, mount);
    world_start_at(world, CAMERAS, NULL, data);
}

static void end(World *world, Disk *disk)
{
    sim_stop(&world->sim);
    disk_end(disk);
    world_forget(world);
}

static void a_power_cut_loses_at_most_3_s_a_camera(void **state)
{
    World world;
    Disk disk;
    int cuts = g_getenv("FAULTS_LONG") ? CUTS_LONG : CUTS;
    start(&world, &disk, "");
    for (int i = 0; i < cuts; i++) {
        sleep_ms(g_random_int_range(3000, 6000));
        int64_t from_us = clock_wall_us();
        disk_is(&disk, "cut");
        world_stop(&world, SIGKILL);
        disk_pull(&disk);
        disk_put_back(&disk);
        world_serve(&world);
        world_note(&world, FAULT_POWER_CUT, -1, from_us);
        world_wait_recorded(&world);
    }
    sleep_ms(3000);
    judge_promises_kept(&world);
    end(&world, &disk);
}

static void sicken(const char *mood, FaultKind kind)
{
    World world;
    Disk disk;
    start(&world, &disk, "");
    sleep_ms(4000);
    int64_t from_us = clock_wall_us();
    disk_is(&disk, mood);
    sleep_ms(SICK_MS);
    disk_is(&disk, "well");
    world_note(&world, kind, -1, from_us);
    sleep_ms(14000);
    world_wait_recorded(&world);
    judge_promises_kept(&world);
    end(&world, &disk);
}

static void a_full_disk_is_a_gap_and_recording_comes_back_by_itself(void **state)
{
    sicken("full", FAULT_FULL);
}

static void a_disk_that_fails_is_a_gap_and_recording_comes_back_by_itself(void **state)
{
    sicken("fail", FAULT_IO_ERROR);
}

static void a_disk_that_turns_read_only_is_a_gap_and_recording_comes_back_by_itself(void **state)
{
    sicken("read-only", FAULT_READ_ONLY);
}

static void a_volume_that_vanishes_and_returns_is_recorded_to_again(void **state)
{
    World world;
    Disk disk;
    start(&world, &disk, "footage");
    sleep_ms(4000);
    int64_t from_us = clock_wall_us();
    disk_pull(&disk);
    sleep_ms(SICK_MS);
    disk_put_back(&disk);
    world_note(&world, FAULT_VANISHED, -1, from_us);
    sleep_ms(14000);
    world_wait_recorded(&world);
    judge_promises_kept(&world);
    end(&world, &disk);
}

static void a_sync_that_fails_once_is_told_at_once_though_the_next_one_does_not(void **state)
{
    World world;
    g_autofree char *folder = temp_folder();
    g_autofree char *fails = g_build_filename(folder, "fails", NULL);
    g_setenv("BAD_DAY_SYNC", fails, TRUE);
    world_start(&world, 1, NULL);
    g_unsetenv("BAD_DAY_SYNC");
    assert_true(g_file_set_contents(fails, "", 0, NULL));
    g_autofree char *url = g_strconcat(world.api.url, "/events?kind=storage", NULL);
    g_autoptr(Json) list = NULL;
    const Json *event = NULL;
    for (int tries = 0; tries < 150 && !event; tries++) {
        sleep_ms(100);
        g_clear_pointer(&list, json_decref);
        list = http_json(url, world.api.token);
        event = json_array_get(json_object_get(list, "items"), 0);
    }
    assert_non_null(event);
    assert_false(g_file_test(fails, G_FILE_TEST_EXISTS));
    assert_non_null(strstr(text_in(event, "detail"), "does not confirm"));
    world_end(&world);
    remove_tree(folder);
}

int main(void)
{
    const char *why;
    if (!disk_possible(&why)) {
        fprintf(stderr, "NOT RUN: nothing of disks was tried, because %s\n", why);
        return NOT_RUN;
    }
    secret_init();
    curl_global_init(CURL_GLOBAL_DEFAULT);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_power_cut_loses_at_most_3_s_a_camera),
        cmocka_unit_test(a_full_disk_is_a_gap_and_recording_comes_back_by_itself),
        cmocka_unit_test(a_disk_that_fails_is_a_gap_and_recording_comes_back_by_itself),
        cmocka_unit_test(a_sync_that_fails_once_is_told_at_once_though_the_next_one_does_not),
        cmocka_unit_test(a_disk_that_turns_read_only_is_a_gap_and_recording_comes_back_by_itself),
        cmocka_unit_test(a_volume_that_vanishes_and_returns_is_recorded_to_again),
    };
    if (g_getenv("FAULTS_ONLY"))
        cmocka_set_test_filter(g_getenv("FAULTS_ONLY"));
    return cmocka_run_group_tests(tests, NULL, NULL);
}
