/* A disk that is not there when the server starts, and comes while it runs. */
#include "../make_video.h"
#include "archive_rig.h"
#include "small_disk.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <unistd.h>

enum { FLOOR = (4 << 20) / 50 }; /* of a small disk, nobody having asked for another */

/* The place that the configuration names, and a small disk that was there with ten minutes on it.
 * The server was stopped, and is started without it. */
typedef struct Shelf {
    Rig rig;
    char *disk;           /* where it is mounted */
    char *volume, *aside; /* the name in the configuration; where it is meanwhile */
} Shelf;

static void start_without(Shelf *shelf, unsigned free_bytes, const char *below)
{
    Rig *rig = &shelf->rig;
    rig->settings =
        (ArchiveSettings){.volume_path = shelf->volume, .segment_us = MINUTE_US, .sync_us = 20000};
    rig_start(rig);
    rig->bytes = 100;
    rig_feed_us(rig, 10 * MINUTE_US);
    rig_stop(rig);
    small_disk_fill(shelf->disk, free_bytes);
    assert_int_equal(rename(shelf->volume, shelf->aside), 0);
    if (below)
        assert_int_equal(symlink(below, shelf->volume), 0);
    rig->settings.floor_bytes = 0;
    rig_open(rig);
    assert_false(archive_figures(rig->archive).volume_present);
}

static void wait_present(Rig *rig)
{
    for (int i = 0; i < 1500 && !archive_figures(rig->archive).volume_present; i++)
        g_usleep(10000);
    assert_true(archive_figures(rig->archive).volume_present);
}

static void come_back(Shelf *shelf)
{
    assert_int_equal(rename(shelf->aside, shelf->volume), 0);
    wait_present(&shelf->rig);
}

static void end(Shelf *shelf)
{
    rig_end(&shelf->rig);
    small_disk_unmount(shelf->disk);
    g_free(shelf->disk);
    g_free(shelf->volume);
    g_free(shelf->aside);
}

/* Time passes for the keeper until it has made room; pictures come meanwhile. */
static void feed_until_there_is_room(Rig *rig)
{
    ArchiveVolume volume = {0};
    for (int i = 0; i < 500; i++) {
        rig_feed(rig, 30);
        g_usleep(20000);
        archive_volumes(rig->archive, &volume, 1);
        if (archive_figures(rig->archive).retired > 0 && volume.free_bytes >= FLOOR)
            return;
    }
    fail_msg("%d bytes are free, %d footage files went", (int)volume.free_bytes,
             (int)archive_figures(rig->archive).retired);
}

static void a_full_disk_that_was_away_at_the_start_is_cleared_and_recorded_to(void **state)
{
    Shelf shelf = {.disk = g_dir_make_tmp("vonglau-disk-XXXXXX", NULL)};
    shelf.volume = g_build_filename(shelf.disk, "footage", NULL);
    shelf.aside = g_build_filename(shelf.disk, "elsewhere", NULL);
    small_disk_mount(shelf.disk);
    start_without(&shelf, FLOOR / 4, NULL);
    Rig *rig = &shelf.rig;
    rig->bytes = 400;
    rig_feed(rig, 30);
    come_back(&shelf);
    feed_until_there_is_room(rig);
    int64_t room_us = rig->now_us;
    rig_feed(rig, 90);
    rig_wait_written(rig, room_us + 3 * SECOND_US);
    assert_int_equal(archive_figures(rig->archive).trouble, GAP_UNKNOWN);
    rig_stop(rig);
    g_autoptr(GArray) left = rig_footage(rig);
    assert_true(g_array_index(left, Found, 0).time_us > RIG_START_US + 50 * SECOND_US);
    assert_int_equal(g_array_index(left, Found, left->len - 1).number, rig->number - 1);
    end(&shelf);
}

/* The mount point itself is named: what is found there without the disk is another, far larger. */
static void a_disk_that_was_away_is_not_kept_as_free_as_the_one_below_it(void **state)
{
    g_autofree char *place = g_dir_make_tmp("vonglau-place-XXXXXX", NULL);
    g_autofree char *below = g_build_filename(place, "below", NULL);
    Shelf shelf = {.disk = g_dir_make_tmp("vonglau-disk-XXXXXX", NULL)};
    shelf.volume = g_build_filename(place, "footage", NULL);
    shelf.aside = g_build_filename(place, "elsewhere", NULL);
    small_disk_mount(shelf.disk);
    assert_int_equal(symlink(shelf.disk, shelf.volume), 0);
    assert_int_equal(g_mkdir(below, 0700), 0);
    start_without(&shelf, 3 * FLOOR, below);
    come_back(&shelf);
    archive_retain_now(shelf.rig.archive);
    assert_int_equal(archive_figures(shelf.rig.archive).retired, 0);
    rig_stop(&shelf.rig);
    unlink(shelf.volume);
    rmdir(below);
    end(&shelf);
    rmdir(place);
}

static void a_volume_first_made_while_running_is_not_made_again(void **state)
{
    g_autofree char *place = g_dir_make_tmp("vonglau-volume-XXXXXX", NULL);
    g_autofree char *mount = g_build_filename(place, "disk", NULL);
    g_autofree char *volume = g_build_filename(mount, "footage", NULL);
    g_autofree char *file = g_build_filename(volume, "volume.json", NULL);
    Rig rig = {.settings = {.volume_path = volume, .sync_us = 20000}};
    assert_true(g_file_set_contents(mount, "", 0, NULL)); /* no folder can be made there */
    rig_start(&rig);
    assert_false(archive_figures(rig.archive).volume_present);
    assert_int_equal(unlink(mount), 0);
    wait_present(&rig);
    rig_close(&rig);
    g_autofree char *remove = g_strdup_printf("rm -r %s", mount);
    g_free(run_program(remove));
    rig_reopen(&rig);
    g_usleep(100000);
    assert_false(archive_figures(rig.archive).volume_present);
    assert_int_equal(access(file, F_OK), -1);
    rig_end(&rig);
    rmdir(place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_full_disk_that_was_away_at_the_start_is_cleared_and_recorded_to),
        cmocka_unit_test(a_volume_first_made_while_running_is_not_made_again),
        cmocka_unit_test(a_disk_that_was_away_is_not_kept_as_free_as_the_one_below_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
