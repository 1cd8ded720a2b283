/* Thumbnails: found by their moment, whole after any stop, gone with the footage. */
#include "archive_rig.h"

#include "archive/thumb_file.h"
#include "archive/thumbnails.h"
#include "base/error.h"
#include "base/file.h"
#include "media/thumb_head.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Stands for a JPEG: the time in bytes, some of it. */
static Buffer *picture_of(int64_t time_us)
{
    Buffer *jpeg = buffer_new(600 + (size_t)(time_us / SECOND_US % 7) * 50);
    for (size_t i = 0; i < jpeg->size; i++)
        jpeg->data[i] = (uint8_t)((uint64_t)time_us >> (i % 6 * 8));
    return jpeg;
}

static void put_from_to(Thumbnails *thumbnails, const Rig *rig, int64_t from_us, int64_t to_us)
{
    for (int64_t at_us = from_us; at_us < to_us; at_us += 10 * SECOND_US) {
        g_autoptr(Buffer) jpeg = picture_of(at_us);
        thumbnails_put(thumbnails, &rig->camera, at_us, jpeg);
    }
}

static void keep_from_to(Rig *rig, int64_t from_us, int64_t to_us)
{
    Thumbnails *thumbnails = thumbnails_new(rig->archive);
    put_from_to(thumbnails, rig, from_us, to_us);
    thumbnails_free(thumbnails);
}

/* The time of the thumbnail nearest to `at_us`, looked at; 0: there is none. */
static int64_t nearest(Rig *rig, int64_t at_us)
{
    int64_t time_us = 0;
    g_autoptr(GError) error = NULL;
    g_autoptr(Buffer) jpeg =
        thumbnail_get(rig->archive, &rig->camera, at_us, 15 * SECOND_US, &time_us, &error);
    if (!jpeg) {
        assert_true(g_error_matches(error, ERR, ERR_NOT_FOUND));
        return 0;
    }
    g_autoptr(Buffer) expect = picture_of(time_us);
    assert_int_equal(jpeg->size, expect->size);
    assert_memory_equal(jpeg->data, expect->data, expect->size);
    return time_us;
}

static void the_thumbnail_nearest_to_a_moment_is_found(void **state)
{
    Rig rig = {0};
    rig_start(&rig);
    rig_feed_us(&rig, 3 * MINUTE_US);
    rig_wait_written(&rig, rig.now_us - SECOND_US);
    keep_from_to(&rig, RIG_START_US, RIG_START_US + 2 * MINUTE_US);
    assert_int_equal(nearest(&rig, RIG_START_US + 44 * SECOND_US), RIG_START_US + 40 * SECOND_US);
    assert_int_equal(nearest(&rig, RIG_START_US + 46 * SECOND_US), RIG_START_US + 50 * SECOND_US);
    assert_int_equal(nearest(&rig, RIG_START_US + 124 * SECOND_US), RIG_START_US + 110 * SECOND_US);
    assert_int_equal(nearest(&rig, RIG_START_US + 126 * SECOND_US), 0);
    assert_int_equal(nearest(&rig, RIG_START_US - DAY_US), 0);
    rig_end(&rig);
}

static void of_what_was_not_recorded_no_thumbnail_is_kept(void **state)
{
    Rig rig = {0};
    rig_start(&rig);
    rig_feed_us(&rig, MINUTE_US);
    rig_wait_written(&rig, rig.now_us - SECOND_US);
    keep_from_to(&rig, RIG_START_US + 20 * SECOND_US, RIG_START_US + 150 * SECOND_US);
    rig_gap(&rig, 2 * MINUTE_US, GAP_PAUSED);
    rig_feed_us(&rig, MINUTE_US);
    rig_wait_written(&rig, rig.now_us - SECOND_US);
    keep_from_to(&rig, rig.now_us - 30 * SECOND_US, rig.now_us - 10 * SECOND_US);
    assert_int_equal(nearest(&rig, RIG_START_US + 2 * MINUTE_US), 0);
    assert_true(nearest(&rig, rig.now_us - 30 * SECOND_US) > 0);
    rig_end(&rig);
}

static char *hour_file(const Rig *rig, int hour)
{
    char id[UUID_TEXT];
    return g_strdup_printf("%s/footage/%s/2026-11-23/thumbs-%02d", rig->dir,
                           uuid_text(&rig->camera, id), hour);
}

static void what_a_stop_tore_off_costs_that_thumbnail_only(void **state)
{
    g_autofree char *path = g_strdup_printf("%s/thumbs-%d", g_get_tmp_dir(), (int)getpid());
    g_autoptr(Buffer) first = picture_of(1), second = picture_of(2), third = picture_of(3);
    size_t whole = THUMB_HEAD_BYTES + first->size, all = whole + THUMB_HEAD_BYTES + second->size;
    for (size_t left = whole; left < all; left += left < whole + 30 ? 1 : 97) {
        unlink(path);
        assert_true(thumb_file_append(path, true, 1, first, NULL));
        assert_true(thumb_file_append(path, false, 2, second, NULL));
        assert_int_equal(truncate(path, (off_t)left), 0);
        g_autoptr(GArray) torn = thumb_file_list(path, NULL);
        assert_int_equal(torn->len, 1);
        assert_true(thumb_file_append(path, true, 3, third, NULL));
        g_autoptr(GArray) mended = thumb_file_list(path, NULL);
        assert_int_equal(mended->len, 2);
        assert_int_equal(g_array_index(mended, ThumbEntry, 1).capture_us, 3);
        g_autoptr(Buffer) read =
            thumb_file_picture(path, &g_array_index(mended, ThumbEntry, 1), NULL);
        assert_memory_equal(read->data, third->data, third->size);
    }
    unlink(path);
}

static void damage_is_told_and_never_shown(void **state)
{
    g_autofree char *path = g_strdup_printf("%s/thumbs-%d", g_get_tmp_dir(), (int)getpid());
    g_autoptr(Buffer) jpeg = picture_of(1);
    unlink(path);
    for (int i = 0; i < 3; i++)
        assert_true(thumb_file_append(path, true, i, jpeg, NULL));
    size_t size;
    g_autofree char *bytes = file_read(path, 1 << 20, &size, NULL);
    size_t record = size / 3;
    for (size_t at = record; at < 2 * record; at += 5) {
        g_autoptr(GError) error = NULL;
        bytes[at] ^= 4;
        assert_true(g_file_set_contents(path, bytes, (gssize)size, NULL));
        bytes[at] ^= 4;
        g_autoptr(GArray) entries = thumb_file_list(path, NULL);
        assert_int_equal(entries->len, at < record + THUMB_HEAD_BYTES ? 1 : 3);
        if (entries->len == 1)
            continue;
        assert_null(thumb_file_picture(path, &g_array_index(entries, ThumbEntry, 1), &error));
        assert_true(g_error_matches(error, ERR, ERR_CORRUPT));
    }
    unlink(path);
}

static void thumbnails_go_with_the_footage_and_stay_with_a_hold(void **state)
{
    for (int held = 0; held < 2; held++) {
        Rig rig = {0};
        rig.settings.segment_us = MINUTE_US;
        rig_start(&rig);
        rig.bytes = 100;
        rig_feed_us(&rig, 5 * MINUTE_US);
        rig_gap(&rig, HOUR_US, GAP_CAMERA_OFFLINE);
        rig_feed_us(&rig, 5 * MINUTE_US);
        rig_wait_written(&rig, rig.now_us - SECOND_US);
        keep_from_to(&rig, RIG_START_US, RIG_START_US + 4 * MINUTE_US);
        keep_from_to(&rig, rig.now_us - 4 * MINUTE_US, rig.now_us - MINUTE_US);
        g_autofree char *before = hour_file(&rig, 10), *after = hour_file(&rig, 11);
        assert_int_equal(access(before, F_OK), 0);
        assert_int_equal(access(after, F_OK), 0);
        if (held)
            rig_hold(&rig, "hold", RIG_START_US + 100 * SECOND_US, RIG_START_US + 101 * SECOND_US);
        rig_stop(&rig);
        rig.settings.retention_us = 30 * MINUTE_US;
        rig_open(&rig);
        archive_retain_now(rig.archive);
        assert_int_equal(access(before, F_OK), held ? 0 : -1);
        assert_int_equal(access(after, F_OK), 0);
        assert_true(nearest(&rig, rig.now_us - 2 * MINUTE_US) > 0);
        assert_int_equal(nearest(&rig, RIG_START_US + 100 * SECOND_US) > 0, held);
        rig_end(&rig);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_thumbnail_nearest_to_a_moment_is_found),
        cmocka_unit_test(of_what_was_not_recorded_no_thumbnail_is_kept),
        cmocka_unit_test(what_a_stop_tore_off_costs_that_thumbnail_only),
        cmocka_unit_test(damage_is_told_and_never_shown),
        cmocka_unit_test(thumbnails_go_with_the_footage_and_stay_with_a_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
