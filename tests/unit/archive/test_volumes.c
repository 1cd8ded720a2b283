/* Several volumes: streams are spread over them, and one that fails is left without losing a
 * picture. */
#include "archive/verify.h"
#include "archive_rig.h"
#include "base/file.h"
#include "catalog/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { STREAMS = 3, VOLUMES = 2 };

/* The rig's own stream, and three more of other cameras; two volumes. */
typedef struct Shelf {
    Rig rig;
    char *paths[VOLUMES];
    Hub *hubs[STREAMS];
    int64_t start_us;
} Shelf;

static void open_hubs(Shelf *shelf)
{
    for (int i = 0; i < STREAMS; i++) {
        shelf->hubs[i] = hub_new(uuid_new(), STREAM_MAIN);
        archive_record(shelf->rig.archive, shelf->hubs[i]);
    }
}

static void start(Shelf *shelf)
{
    static const char *more[1];
    *shelf = (Shelf){0};
    for (int i = 0; i < VOLUMES; i++)
        shelf->paths[i] = g_dir_make_tmp("vonglau-volume-XXXXXX", NULL);
    more[0] = shelf->paths[1];
    shelf->rig.settings =
        (ArchiveSettings){.volume_path = shelf->paths[0],
                          .more_paths = more,
                          .more_count = 1,
                          .segment_us = MINUTE_US,
                          .queue_bytes = 256 << 20, /* who feeds is faster than any camera */
                          .sync_us = 20000};
    rig_start(&shelf->rig);
    open_hubs(shelf);
}

static void stop(Shelf *shelf)
{
    for (int i = 0; i < STREAMS; i++) {
        hub_close(shelf->hubs[i]);
        g_clear_pointer(&shelf->hubs[i], hub_unref);
    }
    rig_stop(&shelf->rig);
}

static void end(Shelf *shelf)
{
    rig_end(&shelf->rig);
    for (int i = 0; i < VOLUMES; i++) {
        g_autofree char *remove = g_strdup_printf("rm -rf %s", shelf->paths[i]);
        assert_int_equal(system(remove), 0);
        g_free(shelf->paths[i]);
    }
}

/* All streams get the same pictures. */
static void feed(Shelf *shelf, unsigned pictures)
{
    Rig *rig = &shelf->rig;
    for (unsigned i = 0; i < pictures; i++) {
        uint64_t number = rig->number;
        uint32_t run = rig->run;
        bool begins = rig->run_begins, key = number % rig->key_every == 0;
        int64_t now_us = rig->now_us;
        Hub *own = rig->hub;
        for (int s = 0; s <= STREAMS; s++) {
            rig->number = number;
            rig->run = run;
            rig->run_begins = begins;
            rig_time(rig, now_us);
            rig->hub = s < STREAMS ? shelf->hubs[s] : own;
            rig_feed_one(rig, key);
        }
    }
}

/* Feeds at about the pace at which pictures come, ten times as fast. */
static void feed_slowly(Shelf *shelf, unsigned pictures)
{
    for (unsigned i = 0; i < pictures; i += 15) {
        feed(shelf, 15);
        usleep(100000);
    }
}

static void look(Shelf *shelf, ArchiveVolume volumes[VOLUMES])
{
    assert_int_equal(archive_volumes(shelf->rig.archive, volumes, VOLUMES), VOLUMES);
}

static void expect_recorders(Shelf *shelf, unsigned first, unsigned second)
{
    ArchiveVolume volumes[VOLUMES];
    for (int i = 0; i < 1500; i++) {
        look(shelf, volumes);
        if (volumes[0].recorders == first && volumes[1].recorders == second)
            return;
        usleep(10000);
    }
    fail_msg("%u and %u streams, not %u and %u", volumes[0].recorders, volumes[1].recorders, first,
             second);
}

/* Nothing was lost: the coverage of the rig's stream is one span, and all footage verifies. */
static void expect_one_span(Shelf *shelf)
{
    g_autoptr(Coverage) coverage = rig_coverage(&shelf->rig, RIG_START_US, shelf->rig.now_us);
    assert_int_equal(coverage->spans->len, 1);
    for (int i = 0; i < VOLUMES; i++) {
        g_autoptr(GError) error = NULL;
        g_auto(VerifyReport) report;
        VerifyOptions options = {.keys_path = NULL};
        verify_report_init(&report);
        assert_true(verify_target(shelf->paths[i], &options, &report, &error));
        if (!verify_passed(&report)) {
            verify_print(&report, stderr);
            fail_msg("%s does not verify", shelf->paths[i]);
        }
    }
}

/* All volumes in one report: a camera that is on two of them is one. */
static void expect_cameras(Shelf *shelf, int cameras)
{
    g_auto(VerifyReport) report;
    VerifyOptions options = {.keys_path = NULL};
    verify_report_init(&report);
    for (int i = 0; i < VOLUMES; i++)
        assert_true(verify_target(shelf->paths[i], &options, &report, NULL));
    assert_int_equal(report.cameras, cameras);
}

static void streams_are_spread_over_the_volumes(void **state)
{
    Shelf shelf;
    start(&shelf);
    expect_recorders(&shelf, 2, 2);
    feed_slowly(&shelf, 300);
    stop(&shelf);
    rig_open(&shelf.rig);
    open_hubs(&shelf);
    expect_recorders(&shelf, 2, 2);
    g_autoptr(GArray) segments = archive_segments(shelf.rig.archive, &shelf.rig.camera, STREAM_MAIN,
                                                  RIG_START_US, INT64_MAX, NULL);
    assert_true(segments->len > 0);
    for (guint i = 0; i < segments->len; i++)
        assert_int_equal(access(g_array_index(segments, ArchiveSegment, i).path, R_OK), 0);
    expect_one_span(&shelf);
    stop(&shelf);
    end(&shelf);
}

static void a_volume_that_vanishes_is_left_and_taken_up_again_without_losing_a_picture(void **state)
{
    Shelf shelf;
    start(&shelf);
    feed_slowly(&shelf, 300);
    g_autofree char *facts = g_build_filename(shelf.paths[1], "volume.json", NULL);
    g_autofree char *aside = g_build_filename(shelf.paths[1], "aside", NULL);
    assert_int_equal(rename(facts, aside), 0);
    feed_slowly(&shelf, 300);
    expect_recorders(&shelf, 4, 0);
    assert_int_equal(rename(aside, facts), 0);
    feed_slowly(&shelf, 1500); /* over the next joins of segments */
    expect_recorders(&shelf, 2, 2);
    feed(&shelf, 30);
    uint64_t pictures = shelf.rig.number;
    usleep(300000);
    stop(&shelf);
    rig_open(&shelf.rig);
    open_hubs(&shelf);
    assert_true(archive_settle(shelf.rig.archive, 10 * SECOND_US));
    expect_one_span(&shelf);
    g_autoptr(GArray) segments = archive_segments(shelf.rig.archive, &shelf.rig.camera, STREAM_MAIN,
                                                  RIG_START_US, INT64_MAX, NULL);
    assert_true(segments->len >= 2);
    assert_true(pictures > 2000);
    expect_cameras(&shelf, STREAMS + 1);
    stop(&shelf);
    end(&shelf);
}

static void a_volume_that_cannot_be_written_is_left_without_losing_a_picture(void **state)
{
    Shelf shelf;
    start(&shelf);
    /* No folder can be made where a file is. */
    for (int i = 0; i <= STREAMS; i++) {
        char name[UUID_TEXT];
        Uuid camera = i < STREAMS ? hub_camera(shelf.hubs[i]) : shelf.rig.camera;
        g_autofree char *path = g_build_filename(shelf.paths[1], uuid_text(&camera, name), NULL);
        assert_true(g_file_set_contents(path, "", 0, NULL));
    }
    feed_slowly(&shelf, 450);
    expect_recorders(&shelf, 4, 0);
    ArchiveVolume volumes[VOLUMES];
    look(&shelf, volumes);
    assert_true(volumes[1].avoided && volumes[1].write_errors > 0);
    feed_slowly(&shelf, 150);
    usleep(300000);
    rig_wait_written(&shelf.rig, shelf.rig.now_us - 2 * SECOND_US);
    ArchiveFigures figures = archive_figures(shelf.rig.archive);
    assert_int_equal(figures.lost_pictures, 0);
    g_autoptr(Coverage) coverage =
        rig_coverage(&shelf.rig, RIG_START_US, shelf.rig.now_us - 2 * SECOND_US);
    assert_int_equal(coverage->gaps->len, 0);
    stop(&shelf);
    end(&shelf);
}

/* As when a camera's settings are changed: it is recorded by a new recorder, which the other volume
 * with its fewer streams would take, while the old one has pictures to write yet. */
static void a_stream_that_is_recorded_anew_goes_on_behind_what_waits_to_be_written(void **state)
{
    Shelf shelf;
    start(&shelf);
    feed(&shelf, 30); /* … and the next one is a key picture, as all below */
    for (int i = 0; i < 30; i++) {
        feed(&shelf, 450);
        archive_unrecord(shelf.rig.archive, shelf.rig.hub);
        archive_record(shelf.rig.archive, shelf.rig.hub);
    }
    feed(&shelf, 31);
    stop(&shelf);
    rig_open(&shelf.rig);
    open_hubs(&shelf);
    assert_true(archive_settle(shelf.rig.archive, 10 * SECOND_US));
    expect_one_span(&shelf);
    stop(&shelf);
    end(&shelf);
}

static void one_volume_named_twice_is_refused(void **state)
{
    Shelf shelf;
    start(&shelf);
    stop(&shelf);
    g_autoptr(GError) error = NULL;
    g_autofree char *link = g_strconcat(shelf.paths[0], "-again", NULL);
    assert_int_equal(symlink(shelf.paths[0], link), 0);
    const char *more[] = {link};
    ArchiveSettings settings = shelf.rig.settings;
    settings.more_paths = more;
    assert_null(archive_open(&settings, shelf.rig.catalog, shelf.rig.key, &error));
    assert_non_null(strstr(error->message, "same volume"));
    unlink(link);
    end(&shelf);
}

static void a_damaged_list_of_volumes_keeps_none_from_recording_and_makes_none(void **state)
{
    Shelf shelf;
    ArchiveVolume volumes[VOLUMES];
    start(&shelf);
    feed(&shelf, 30);
    stop(&shelf);
    g_autofree char *list = g_build_filename(shelf.rig.dir, "volumes.json", NULL),
                    *gone = g_build_filename(shelf.paths[1], "volume.json", NULL);
    assert_true(g_file_set_contents(list, "{\"format\":1,\"volu", -1, NULL));
    assert_int_equal(unlink(gone), 0);
    rig_open(&shelf.rig);
    open_hubs(&shelf);
    look(&shelf, volumes);
    assert_true(volumes[0].present);
    assert_false(volumes[1].present); /* perhaps its disk is not mounted */
    assert_int_equal(access(gone, F_OK), -1);
    feed(&shelf, 30);
    stop(&shelf);
    g_autoptr(GArray) seals = rig_seals(&shelf.rig);
    assert_in_range(seals->len, 1, 2);
    g_autofree char *text = NULL;
    assert_true(g_file_get_contents(list, &text, NULL, NULL));
    assert_string_equal(text, "{\"format\":1,\"volu"); /* for whoever looks */
    end(&shelf);
}

static bool put_old_setting(CatalogDb *db, void *data, GError **error)
{
    char id[UUID_TEXT];
    Uuid old = uuid_new();
    g_autofree char *name = g_strconcat("archive.volume:", data, NULL);
    return settings_put(db, name, uuid_text(&old, id), error);
}

static void a_disk_whose_line_was_taken_out_is_replaced_whatever_an_old_catalog_says(void **state)
{
    Shelf shelf;
    ArchiveVolume volumes[VOLUMES];
    start(&shelf);
    feed(&shelf, 30);
    stop(&shelf);
    assert_true(catalog_write_wait(shelf.rig.catalog, put_old_setting, shelf.paths[1], NULL));
    g_autofree char *list = g_build_filename(shelf.rig.dir, "volumes.json", NULL),
                    *gone = g_build_filename(shelf.paths[1], "volume.json", NULL), *text = NULL;
    assert_true(g_file_get_contents(list, &text, NULL, NULL));
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_autoptr(GString) left = g_string_new(NULL);
    for (char **line = lines; *line; line++)
        if (!strstr(*line, shelf.paths[1]))
            g_string_append_printf(left, "%s\n", *line);
    g_string_replace(left, "\",\n  }", "\"\n  }", 1); /* of what was not the last one any more */
    assert_true(g_file_set_contents(list, left->str, -1, NULL));
    assert_int_equal(unlink(gone), 0);
    rig_open(&shelf.rig);
    open_hubs(&shelf);
    look(&shelf, volumes);
    assert_true(volumes[1].present);
    assert_int_equal(access(gone, F_OK), 0);
    stop(&shelf);
    end(&shelf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(streams_are_spread_over_the_volumes),
        cmocka_unit_test(
            a_volume_that_vanishes_is_left_and_taken_up_again_without_losing_a_picture),
        cmocka_unit_test(a_volume_that_cannot_be_written_is_left_without_losing_a_picture),
        cmocka_unit_test(a_stream_that_is_recorded_anew_goes_on_behind_what_waits_to_be_written),
        cmocka_unit_test(one_volume_named_twice_is_refused),
        cmocka_unit_test(a_damaged_list_of_volumes_keeps_none_from_recording_and_makes_none),
        cmocka_unit_test(a_disk_whose_line_was_taken_out_is_replaced_whatever_an_old_catalog_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
