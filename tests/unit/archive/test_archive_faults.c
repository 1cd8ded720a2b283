/* Bad days: kill -9, a full disk, a volume that is foreign or goes away. Pictures are counted. */
#include "../make_video.h"
#include "archive_rig.h"
#include "small_disk.h"

#include "base/file.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SPEED = 5, LOST_MOST = 16 }; /* a second of pictures, and the one that ends the fragment */

/* What the killed process had published; survives it. */
typedef struct Published {
    _Atomic uint64_t from, count;
    _Atomic int64_t now_us;
} Published;

static Published *published_new(void)
{
    void *memory =
        mmap(NULL, sizeof(Published), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(memory != MAP_FAILED);
    return memory;
}

/* Records for ever, faster than life, until it is killed. */
static void record_until_killed(Rig *rig, Published *published)
{
    rig_reopen(rig);
    for (;;) {
        rig_feed(rig, 1);
        atomic_fetch_add(&published->count, 1);
        atomic_store(&published->now_us, rig->now_us);
        g_usleep((gulong)rig->frame_us / SPEED);
    }
}

static void run_and_kill(Rig *rig, Published *published, int64_t after_us)
{
    atomic_store(&published->from, rig->number);
    atomic_store(&published->count, 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        record_until_killed(rig, published);
    g_usleep((gulong)after_us);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    rig->number = published->from + published->count;
    rig->number += rig->key_every - rig->number % rig->key_every;
    rig_time(rig, published->now_us + 7 * SECOND_US);
}

/* All pictures of the run but for the last second are there, once and in order. */
static void expect_run(const GArray *found, const Published *published, guint *at)
{
    uint64_t kept = 0;
    while (*at < found->len && g_array_index(found, Found, *at).number == published->from + kept) {
        kept++;
        (*at)++;
    }
    if (kept + LOST_MOST < published->count)
        fail_msg("%lu of %lu pictures were lost", published->count - kept, published->count);
}

static void a_killed_server_loses_at_most_a_second(void **state)
{
    Published *published[3];
    Rig rig = {0};
    rig_start(&rig);
    rig_close(&rig);
    for (int i = 0; i < 3; i++) {
        published[i] = published_new();
        run_and_kill(&rig, published[i], 700000 + random() % 900000);
        if (i == 1)
            continue; /* two killed runs, one after the other */
        rig_reopen(&rig);
        assert_true(archive_settle(rig.archive, 10 * SECOND_US));
        g_autoptr(Coverage) coverage = rig_coverage(&rig, RIG_START_US, rig.now_us);
        assert_true(rig_gap_us(coverage, GAP_SERVER_DOWN) >= 7 * SECOND_US);
        assert_int_equal(rig_gap_us(coverage, GAP_UNKNOWN), 0);
        rig_close(&rig);
    }
    g_autoptr(GArray) found = rig_footage(&rig);
    guint at = 0;
    for (int i = 0; i < 3; i++)
        expect_run(found, published[i], &at);
    assert_int_equal(at, found->len);
    g_autoptr(GArray) seals = rig_seals(&rig);
    assert_int_equal(seals->len, 3);
    for (guint i = 0; i < seals->len; i++)
        assert_true(g_array_index(seals, SegmentSeal, i).recovered);
    rig_end(&rig);
}

static void recovery_may_be_killed_and_done_again(void **state)
{
    Published *published = published_new();
    Rig rig = {0};
    rig_start(&rig);
    rig_close(&rig);
    run_and_kill(&rig, published, 1500000);
    for (int i = 0; i < 12; i++) {
        pid_t child = fork();
        if (child == 0) {
            rig_reopen(&rig);
            g_usleep(5 * G_USEC_PER_SEC);
            _exit(0);
        }
        g_usleep((gulong)(random() % 25000));
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
    }
    rig_reopen(&rig);
    assert_true(archive_settle(rig.archive, 10 * SECOND_US));
    rig_close(&rig);
    g_autoptr(GArray) found = rig_footage(&rig);
    guint at = 0;
    expect_run(found, published, &at);
    assert_int_equal(at, found->len);
    g_autoptr(GArray) seals = rig_seals(&rig);
    assert_int_equal(seals->len, 1);
    assert_int_equal(g_array_index(seals, SegmentSeal, 0).seq, 1);
    rig_end(&rig);
}

static char *footage_file(Rig *rig, const char *name)
{
    return g_build_filename(rig->dir, "footage", name, NULL);
}

static void bytes_that_do_not_hold_are_cut_off(void **state)
{
    Published *published = published_new();
    Rig rig = {0};
    rig_start(&rig);
    rig_close(&rig);
    run_and_kill(&rig, published, 1500000);
    g_autoptr(GArray) before = rig_footage(&rig);
    assert_true(before->len > 45);
    /* A power cut left zeros in the third fragment. */
    g_autofree char *command =
        g_strdup_printf("f=$(ls %s/footage/*-*/*/*.mp4) && dd if=/dev/zero of=$f bs=1 count=50 "
                        "seek=$(($(stat -c %%s $f) / %u * 40)) conv=notrunc status=none",
                        rig.dir, before->len);
    assert_int_equal(system(command), 0);
    rig_reopen(&rig);
    assert_true(archive_settle(rig.archive, 10 * SECOND_US));
    rig_close(&rig);
    rig_expect_pictures(&rig, 0, 30);
    g_autoptr(GArray) seals = rig_seals(&rig);
    assert_int_equal(g_array_index(seals, SegmentSeal, 0).pictures, 30);
    rig_end(&rig);
}

static void a_file_nobody_knows_is_moved_and_kept(void **state)
{
    Rig rig = {0};
    rig_start(&rig);
    rig_feed(&rig, 30);
    rig_close(&rig);
    char id[UUID_TEXT];
    uuid_text(&rig.camera, id);
    g_autofree char *name = g_build_filename(id, "2026-11-23/235959.000Z-main.mp4", NULL);
    g_autofree char *stray = footage_file(&rig, name);
    assert_true(g_file_set_contents(stray, "who am I", -1, NULL));
    struct timespec old[2] = {{.tv_sec = RIG_START_US / SECOND_US - 1000},
                              {.tv_sec = RIG_START_US / SECOND_US - 1000}};
    assert_int_equal(utimensat(AT_FDCWD, stray, old, 0), 0);
    rig_reopen(&rig);
    assert_true(archive_settle(rig.archive, 10 * SECOND_US));
    g_autofree char *lost_name = g_build_filename("lost", name, NULL);
    g_autofree char *lost = footage_file(&rig, lost_name);
    assert_int_equal(access(stray, F_OK), -1);
    assert_int_equal(access(lost, F_OK), 0);
    rig_close(&rig);
    rig_expect_pictures(&rig, 0, 30);
    rig_end(&rig);
}

static void nothing_is_written_to_a_foreign_volume(void **state)
{
    Rig rig = {.settings.sync_us = 20000};
    rig_start(&rig);
    rig_close(&rig);
    g_autofree char *path = footage_file(&rig, "volume.json");
    const char *foreign = "{\"format\":1,\"volume\":\"3f2b8c1e-0000-4000-8000-000000000001\","
                          "\"node\":\"3f2b8c1e-0000-4000-8000-000000000002\"}\n";
    assert_true(g_file_set_contents(path, foreign, -1, NULL));
    g_autofree char *list =
        g_strdup_printf("find %s/footage -printf '%%p %%T@\\n' | sort", rig.dir);
    g_autofree char *before = run_program(list);
    rig_reopen(&rig);
    rig_feed(&rig, 60);
    g_usleep(100000);
    ArchiveFigures figures = archive_figures(rig.archive);
    assert_false(figures.volume_present);
    assert_int_equal(figures.trouble, GAP_VOLUME_MISSING);
    g_autoptr(Coverage) coverage = rig_coverage(&rig, RIG_START_US, rig.now_us);
    assert_true(coverage->to_us > RIG_START_US + 3 * SECOND_US);
    assert_int_equal(rig_gap_us(coverage, GAP_VOLUME_MISSING), coverage->to_us - RIG_START_US);
    rig_close(&rig);
    g_autofree char *after = run_program(list);
    assert_string_equal(before, after);
    rig_end(&rig);
}

static void wait_recovered(Rig *rig)
{
    for (int i = 0; i < 1500 && archive_figures(rig->archive).recovering; i++)
        g_usleep(10000);
    assert_true(archive_settle(rig->archive, 10 * SECOND_US));
}

static void wait_present(Rig *rig, bool present)
{
    for (int i = 0; i < 1500 && archive_figures(rig->archive).volume_present != present; i++)
        g_usleep(10000);
    assert_int_equal(archive_figures(rig->archive).volume_present, present);
}

static void a_volume_that_comes_back_is_recorded_to_again(void **state)
{
    Rig rig = {.settings.sync_us = 20000};
    rig_start(&rig);
    rig_feed(&rig, 60);
    rig_wait_written(&rig, rig.now_us - SECOND_US - rig.frame_us);
    g_autofree char *path = footage_file(&rig, "volume.json");
    g_autofree char *aside = footage_file(&rig, "aside.json");
    assert_int_equal(rename(path, aside), 0);
    wait_present(&rig, false);
    rig_feed(&rig, 90);
    g_usleep(100000);
    uint64_t written = archive_figures(rig.archive).pictures;
    assert_true(written <= 60);
    assert_int_equal(rename(aside, path), 0);
    wait_present(&rig, true);
    rig_feed(&rig, 60);
    rig_stop(&rig);
    g_autoptr(GArray) seals = rig_seals(&rig);
    assert_int_equal(seals->len, 2);
    const SegmentSeal *after = &g_array_index(seals, SegmentSeal, 1);
    assert_int_equal(after->pictures, 60);
    assert_int_equal(after->gap_count, 1);
    assert_int_equal(after->gaps[0].cause, GAP_VOLUME_MISSING);
    assert_int_equal(after->gaps[0].to_us, after->from_us);
    rig_end(&rig);
}

static void a_camera_that_went_while_the_volume_was_away_has_its_own_gap(void **state)
{
    Rig rig = {.settings.sync_us = 20000};
    rig_start(&rig);
    rig_feed(&rig, 60);
    rig_wait_written(&rig, rig.now_us - SECOND_US - rig.frame_us);
    g_autofree char *path = footage_file(&rig, "volume.json");
    g_autofree char *aside = footage_file(&rig, "aside.json");
    assert_int_equal(rename(path, aside), 0);
    wait_present(&rig, false);
    rig_feed(&rig, 90);
    int64_t gone_us = rig.now_us;
    rig_gap(&rig, HOUR_US, GAP_CAMERA_OFFLINE);
    g_usleep(1200000); /* the last pictures do not wait longer to be written */
    assert_int_equal(rename(aside, path), 0);
    wait_present(&rig, true);
    int64_t back_us = rig.now_us;
    rig_feed(&rig, 60);
    rig_stop(&rig);
    g_autoptr(GArray) seals = rig_seals(&rig);
    assert_int_equal(seals->len, 2);
    const SegmentSeal *after = &g_array_index(seals, SegmentSeal, 1);
    assert_int_equal(after->gap_count, 2);
    assert_int_equal(after->gaps[0].cause, GAP_VOLUME_MISSING);
    assert_true(llabs(after->gaps[0].to_us - gone_us) <= rig.frame_us);
    assert_int_equal(after->gaps[1].cause, GAP_CAMERA_OFFLINE);
    assert_int_equal(after->gaps[1].from_us, after->gaps[0].to_us);
    assert_int_equal(after->gaps[1].to_us, back_us);
    rig_end(&rig);
}

static void a_journal_that_cannot_be_read_at_first_is_read_later(void **state)
{
    Published *published = published_new();
    Rig rig = {.settings.sync_us = 20000};
    rig_start(&rig);
    rig_close(&rig);
    run_and_kill(&rig, published, 1500000);
    g_autofree char *path = footage_file(&rig, "volume.json");
    g_autofree char *aside = footage_file(&rig, "aside.json");
    g_autofree char *bad = footage_file(&rig, "journal/0000000000.journal");
    assert_int_equal(rename(path, aside), 0);
    assert_int_equal(g_mkdir_with_parents(bad, 0700), 0); /* a folder cannot be read as a file */
    rig_reopen(&rig);
    assert_int_equal(rename(aside, path), 0);
    wait_present(&rig, true);
    g_usleep(1500000); /* the keeper has looked */
    assert_int_equal(rmdir(bad), 0);
    rig_time(&rig, rig.now_us + 11 * SECOND_US);
    wait_recovered(&rig);
    g_autoptr(GArray) seals = rig_seals(&rig);
    assert_int_equal(seals->len, 1);
    assert_true(g_array_index(seals, SegmentSeal, 0).recovered);
    rig_end(&rig);
}

static void a_journal_that_cannot_be_read_keeps_nobody_from_recording(void **state)
{
    Published *published = published_new();
    Rig rig = {.settings.sync_us = 20000};
    rig_start(&rig);
    rig_close(&rig);
    run_and_kill(&rig, published, 1500000);
    g_autofree char *bad = footage_file(&rig, "journal/0000000000.journal");
    assert_int_equal(g_mkdir_with_parents(bad, 0700), 0); /* a folder cannot be read as a file */
    rig_reopen(&rig);
    rig_feed(&rig, 60);
    rig_wait_written(&rig, rig.now_us - SECOND_US - rig.frame_us);
    assert_int_equal(rmdir(bad), 0);
    rig_time(&rig, rig.now_us + 11 * SECOND_US);
    wait_recovered(&rig);
    rig_stop(&rig);
    g_autoptr(GArray) seals = rig_seals(&rig);
    assert_int_equal(seals->len, 2);
    rig_end(&rig);
}

static void a_torn_segment_that_cannot_be_read_at_first_is_recovered_later(void **state)
{
    Published *published = published_new();
    Rig rig = {.settings = {.sync_us = 20000, .segment_us = MINUTE_US}};
    rig_start(&rig);
    rig_close(&rig);
    run_and_kill(&rig, published, 800000);
    g_autofree char *swap = g_strdup_printf(
        "f=$(ls -d %s/footage/*-*/*/*.mp4) && mv $f %s/aside && mkdir $f", rig.dir, rig.dir);
    g_free(run_program(swap)); /* a folder cannot be read as a file */
    rig_reopen(&rig);
    assert_false(archive_settle(rig.archive, 0));
    assert_true(archive_figures(rig.archive).recovering);
    int64_t again_us = rig.now_us;
    rig_feed_us(&rig, 90 * SECOND_US); /* what is recorded now is sealed first */
    rig_gap(&rig, 5 * SECOND_US, GAP_NETWORK_STALL);
    rig_feed_us(&rig, 10 * SECOND_US);
    rig_wait_written(&rig, rig.now_us - SECOND_US - rig.frame_us);
    for (int i = 0; i < 10 && !archive_settle(rig.archive, 0); i++)
        rig_gap(&rig, MINUTE_US, GAP_NETWORK_STALL); /* nobody waits for it for ever */
    assert_true(archive_settle(rig.archive, 0));
    assert_true(archive_figures(rig.archive).recovering);
    g_autofree char *back = g_strdup_printf(
        "f=$(ls -d %s/footage/*-*/*/*0*.mp4 | head -1) && rmdir $f && mv %s/aside $f", rig.dir,
        rig.dir);
    g_free(run_program(back));
    rig_gap(&rig, HOUR_US, GAP_NETWORK_STALL); /* the longest wait until it is tried again */
    wait_recovered(&rig);
    rig_feed_us(&rig, 90 * SECOND_US);
    rig_stop(&rig);
    g_autoptr(GArray) seals = rig_seals(&rig);
    unsigned recovered = 0, down = 0;
    for (guint i = 0; i < seals->len; i++) {
        const SegmentSeal *seal = &g_array_index(seals, SegmentSeal, i);
        recovered += seal->recovered;
        for (size_t j = 0; j < seal->gap_count; j++)
            down += seal->gaps[j].cause == GAP_SERVER_DOWN;
    }
    assert_int_equal(recovered, 1);
    assert_int_equal(down, 1);
    rig_open(&rig);
    g_autoptr(Coverage) coverage = rig_coverage(&rig, RIG_START_US, rig.now_us - SECOND_US);
    assert_int_equal(coverage->spans->len, 4);
    assert_int_equal(coverage->gaps->len, 3);
    assert_in_range(g_array_index(coverage->spans, CoverageSpan, 1).from_us, again_us,
                    again_us + SECOND_US);
    assert_true(rig_gap_us(coverage, GAP_NETWORK_STALL) >= 20 * SECOND_US);
    rig_end(&rig);
}

static void a_journal_that_cannot_be_written_stops_the_writing_before_memory_is_full(void **state)
{
    enum { PICTURES = 36000 };
    Rig rig = {0};
    rig_start(&rig);
    rig.key_every = 1;
    rig.frame_us = SECOND_US; /* a fragment each */
    rig.bytes = 32;
    g_autofree char *journal = footage_file(&rig, "journal");
    assert_true(g_file_set_contents(journal, "", 0, NULL)); /* no file can be made in it */
    rig_feed(&rig, PICTURES);
    for (int i = 0; i < 1000 && archive_figures(rig.archive).lost_pictures == 0; i++)
        g_usleep(10000);
    assert_true(archive_figures(rig.archive).lost_pictures > 0);
    assert_int_equal(unlink(journal), 0);
    rig_wait_written(&rig, RIG_START_US + HOUR_US);
    rig_feed(&rig, 10);
    rig_stop(&rig);
    g_autoptr(GArray) seals = rig_seals(&rig);
    size_t gaps = 0;
    for (guint i = 0; i < seals->len; i++) {
        const SegmentSeal *seal = &g_array_index(seals, SegmentSeal, i);
        for (size_t j = 0; j < seal->gap_count; j++, gaps++)
            assert_int_equal(seal->gaps[j].cause, GAP_DISK_ERROR);
    }
    assert_true(gaps > 0);
    rig_end(&rig);
}

static void wait_trouble(Rig *rig, GapCause trouble)
{
    for (int i = 0; i < 1500 && archive_figures(rig->archive).trouble != trouble; i++)
        g_usleep(10000);
    assert_int_equal(archive_figures(rig->archive).trouble, trouble);
}

static void a_full_disk_is_a_gap_and_passes_by_itself(void **state)
{
    g_autofree char *volume = g_dir_make_tmp("vonglau-full-XXXXXX", NULL);
    small_disk_mount(volume);
    Rig rig = {.settings = {.volume_path = volume, .sync_us = 20000}};
    rig_start(&rig);
    g_autofree char *filler = g_build_filename(volume, "filler", NULL);
    g_autofree char *fill = g_strdup_printf("head -c 2000000 /dev/zero > %s", filler);
    assert_int_equal(system(fill), 0);
    rig.bytes = 20000;
    rig_feed(&rig, 150);
    wait_trouble(&rig, GAP_DISK_FULL);
    assert_int_equal(unlink(filler), 0);
    rig.bytes = 500;
    rig_feed(&rig, 90);
    wait_trouble(&rig, GAP_UNKNOWN);
    rig_stop(&rig);
    g_autoptr(GArray) seals = rig_seals(&rig);
    assert_int_equal(seals->len, 1);
    const SegmentSeal *seal = &g_array_index(seals, SegmentSeal, 0);
    assert_true(seal->gap_count >= 1);
    for (size_t i = 0; i < seal->gap_count; i++)
        assert_int_equal(seal->gaps[i].cause, GAP_DISK_FULL);
    /* What is there is whole, in order, and begins after each gap with a key picture. */
    g_autoptr(GArray) found = rig_footage(&rig);
    assert_int_equal(found->len, seal->pictures);
    for (guint i = 1; i < found->len; i++) {
        const Found *picture = &g_array_index(found, Found, i);
        assert_true(picture->number > picture[-1].number);
        assert_true(picture->key || picture->number == picture[-1].number + 1);
    }
    assert_int_equal(g_array_index(found, Found, found->len - 1).number, rig.number - 1);
    rig_end(&rig);
    small_disk_unmount(volume);
}

static void what_was_synced_is_durable(void **state)
{
    Rig rig = {.settings.sync_us = 20000};
    rig_start(&rig);
    rig_feed(&rig, 46);
    rig_wait_written(&rig, RIG_START_US + 45 * rig.frame_us);
    for (int i = 0; i < 300; i++) {
        if (archive_durable_us(rig.archive, &rig.camera, STREAM_MAIN) >=
            RIG_START_US + 45 * rig.frame_us)
            break;
        g_usleep(10000);
    }
    assert_int_equal(archive_durable_us(rig.archive, &rig.camera, STREAM_MAIN),
                     RIG_START_US + 45 * rig.frame_us);
    rig_end(&rig);
}

int main(void)
{
    srandom((unsigned)getpid());
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_killed_server_loses_at_most_a_second),
        cmocka_unit_test(recovery_may_be_killed_and_done_again),
        cmocka_unit_test(bytes_that_do_not_hold_are_cut_off),
        cmocka_unit_test(a_file_nobody_knows_is_moved_and_kept),
        cmocka_unit_test(nothing_is_written_to_a_foreign_volume),
        cmocka_unit_test(a_volume_that_comes_back_is_recorded_to_again),
        cmocka_unit_test(a_camera_that_went_while_the_volume_was_away_has_its_own_gap),
        cmocka_unit_test(a_journal_that_cannot_be_read_at_first_is_read_later),
        cmocka_unit_test(a_journal_that_cannot_be_read_keeps_nobody_from_recording),
        cmocka_unit_test(a_torn_segment_that_cannot_be_read_at_first_is_recovered_later),
        cmocka_unit_test(a_journal_that_cannot_be_written_stops_the_writing_before_memory_is_full),
        cmocka_unit_test(a_full_disk_is_a_gap_and_passes_by_itself),
        cmocka_unit_test(what_was_synced_is_durable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
