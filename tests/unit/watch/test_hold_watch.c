/* Whoever can let footage go is told when what is held takes the room of what is to come. */
#include "watch/hold_watch.h"

#include "../archive/archive_rig.h"
#include "archive/retention.h"

#include <string.h>

typedef struct Told {
    unsigned begun, ended;
    char *detail;
} Told;

static void on_event(void *data, const Event *event)
{
    Told *told = data;
    assert_int_equal(event->kind, EVENT_HELD);
    assert_true(uuid_is_nil(&event->camera));
    if (event->to_us) {
        told->ended++;
        return;
    }
    told->begun++;
    g_free(told->detail);
    told->detail = g_strdup(event->detail);
}

/* Ten minutes of footage. */
static void start(Rig *rig)
{
    rig->settings.segment_us = MINUTE_US;
    rig_start(rig);
    rig_feed_us(rig, 10 * MINUTE_US);
    rig_stop(rig);
    rig_open(rig);
    assert_true(archive_settle(rig->archive, 10 * SECOND_US));
}

/* The same disk, on which footage may take no more room. */
static void fill_disk(Rig *rig)
{
    rig_stop(rig);
    rig->settings.floor_bytes = INT64_MAX / 2;
    rig_open(rig);
    archive_retain_now(rig->archive);
}

static Site *open_site(const Rig *rig)
{
    g_autofree char *file = g_build_filename(rig->dir, "site.json", NULL);
    g_autofree char *key = g_build_filename(rig->dir, "secrets.key", NULL);
    const SiteOptions options = {.site_file = file, .secrets_key = key};
    Site *site = site_open(rig->catalog, &options, NULL);
    assert_non_null(site);
    return site;
}

static void what_is_held_is_counted_to_the_byte_and_once(void **state)
{
    Rig rig = {0};
    ArchiveHeld none, held;
    start(&rig);
    assert_true(archive_held(rig.archive, &none, NULL));
    assert_int_equal(none.held_bytes, 0);
    rig_hold(&rig, "hold", RIG_START_US + 150 * SECOND_US, RIG_START_US + 170 * SECOND_US);
    rig_hold(&rig, "hold", RIG_START_US + 155 * SECOND_US, RIG_START_US + 160 * SECOND_US);
    assert_true(archive_held(rig.archive, &held, NULL));
    g_autoptr(GArray) files =
        archive_segments(rig.archive, &rig.camera, STREAM_MAIN, RIG_START_US + 150 * SECOND_US,
                         RIG_START_US + 170 * SECOND_US, NULL);
    g_array_set_clear_func(files, archive_segment_clear);
    int64_t bytes = 0;
    for (guint i = 0; i < files->len; i++)
        bytes += g_array_index(files, ArchiveSegment, i).bytes;
    assert_true(bytes > 0);
    assert_int_equal(held.held_bytes, bytes);
    assert_int_equal(archive_figures(rig.archive).held_bytes, bytes);
    rig_end(&rig);
}

static void holds_that_take_the_room_are_told_once_and_so_is_their_end(void **state)
{
    Rig rig = {0};
    Told told = {0};
    HoldWatch watch = {0};
    start(&rig);
    Site *site = open_site(&rig);
    g_autofree char *folder = g_build_filename(rig.dir, "events", NULL);
    Events *events = events_open(rig.catalog, folder, 0, NULL);
    events_listen(events, on_event, &told);
    rig_hold(&rig, "hold", RIG_START_US, RIG_START_US + 10 * MINUTE_US);
    archive_retain_now(rig.archive);
    hold_watch_look(&watch, site, rig.archive, events);
    assert_int_equal(told.begun, 0); /* a corner of the disk */
    fill_disk(&rig);
    watch.next_mono_us = 0;
    for (int i = 0; i < 3; i++)
        hold_watch_look(&watch, site, rig.archive, events);
    assert_int_equal(told.begun, 1);
    assert_non_null(strstr(told.detail, "100 %"));
    assert_int_equal(told.ended, 0);
    rig_hold(&rig, "release", RIG_START_US, RIG_START_US + 10 * MINUTE_US);
    archive_retain_now(rig.archive);
    hold_watch_look(&watch, site, rig.archive, events);
    assert_int_equal(told.begun, 1);
    assert_int_equal(told.ended, 1);
    events_close(events);
    site_free(site);
    g_free(told.detail);
    rig_end(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_held_is_counted_to_the_byte_and_once),
        cmocka_unit_test(holds_that_take_the_room_are_told_once_and_so_is_their_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
