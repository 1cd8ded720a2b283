/* A hold that comes while a deletion is under way. */
#include "archive_rig.h"

#include "archive/retention.h"
#include "catalog/segments.h"

#include <unistd.h>

/* Ten minutes in segments of one, sealed; the archive is open on them. */
static void start_with_footage(Rig *rig)
{
    rig->settings.segment_us = MINUTE_US;
    rig_start(rig);
    rig->bytes = 100;
    rig_feed_us(rig, 10 * MINUTE_US);
    rig_stop(rig);
}

static bool begin_to_retire(CatalogDb *db, void *data, GError **error)
{
    const SegmentRow *row = data;
    return segments_retire(db, &row->camera, &row->volume, row->file, error);
}

static void a_hold_stops_a_deletion_that_had_begun(void **state)
{
    Rig rig = {0};
    start_with_footage(&rig);
    g_autoptr(CatalogDb) db = catalog_read(rig.catalog, NULL);
    g_autoptr(GPtrArray) rows =
        segments_oldest(db, &rig.camera, STREAM_MAIN, NULL, INT64_MIN, 2, NULL);
    g_clear_pointer(&db, catalog_read_end);
    for (guint i = 0; i < 2; i++)
        assert_true(catalog_write_wait(rig.catalog, begin_to_retire, rows->pdata[i], NULL));
    const SegmentRow *held = rows->pdata[0], *gone = rows->pdata[1];
    rig_hold(&rig, "hold", held->from_us, held->from_us + SECOND_US);
    rig_open(&rig);
    archive_retain_now(rig.archive);
    g_autofree char *held_path =
        segment_file_path(rig.archive->stores[0]->volume.path, &rig.camera, held->file);
    g_autofree char *gone_path =
        segment_file_path(rig.archive->stores[0]->volume.path, &rig.camera, gone->file);
    assert_int_equal(access(held_path, F_OK), 0);
    assert_int_equal(access(gone_path, F_OK), -1);
    g_autoptr(Coverage) coverage =
        rig_coverage(&rig, held->from_us, held->from_us + 30 * SECOND_US);
    assert_int_equal(coverage->gaps->len, 0); /* it is on the timeline again */
    rig_end(&rig);
}

/* Keeps the catalog's writer until it is let go. */
typedef struct Busy {
    Catalog *catalog;
    atomic_bool begun, go;
} Busy;

static bool be_busy(CatalogDb *db, void *data, GError **error)
{
    Busy *busy = data;
    atomic_store(&busy->begun, true);
    while (!atomic_load(&busy->go))
        g_usleep(1000);
    return true;
}

static void *be_busy_meanwhile(void *data)
{
    Busy *busy = data;
    assert_true(catalog_write_wait(busy->catalog, be_busy, busy, NULL));
    return NULL;
}

static void *retain(void *archive)
{
    archive_retain_now(archive);
    return NULL;
}

/* The catalog's writer is kept, and somebody waits for it. */
static void wait_for_a_write(Busy *busy)
{
    for (int i = 0; i < 1500 && catalog_waiting(busy->catalog) == 0; i++)
        g_usleep(10000);
    assert_true(catalog_waiting(busy->catalog) > 0);
}

/* Seen by a write that has its turn behind those that wait by now. */
typedef struct Seen {
    Uuid camera;
    ArchiveHold held;
    bool listed;
} Seen;

static bool see_listed(CatalogDb *db, void *data, GError **error)
{
    Seen *seen = data;
    g_autoptr(GPtrArray) rows =
        segments_in(db, &seen->camera, STREAM_MAIN, seen->held.from_us, seen->held.to_us, 0, error);
    seen->listed = rows && rows->len > 0;
    return rows != NULL;
}

/* It is chosen, and not yet off the timeline, when somebody asks that it stay. */
static void a_hold_that_is_answered_before_a_deletion_is_noted_stops_it(void **state)
{
    Rig rig = {0};
    start_with_footage(&rig);
    rig.settings.retention_us = 4 * HOUR_US;
    rig_open(&rig);
    assert_true(archive_settle(rig.archive, 10 * SECOND_US));
    const Uuid id = uuid_new(), report = uuid_new();
    const ArchiveHold held = {rig.camera, RIG_START_US + 70 * SECOND_US,
                              RIG_START_US + 110 * SECOND_US};
    archive_set_retention(rig.archive, SECOND_US, 0);
    Busy busy = {.catalog = rig.catalog};
    GThread *writer = g_thread_new("busy", be_busy_meanwhile, &busy);
    while (!atomic_load(&busy.begun))
        g_usleep(1000);
    GThread *keeper = g_thread_new("retain", retain, rig.archive);
    wait_for_a_write(&busy);
    Seen seen = {rig.camera, held, true};
    catalog_write(rig.catalog, see_listed, &seen, NULL);
    assert_true(archive_hold(rig.archive, &id, "report", &report, INT64_MAX, &held, 1, NULL));
    atomic_store(&busy.go, true);
    g_thread_join(writer);
    g_thread_join(keeper);
    assert_false(seen.listed); /* what waited when the hold came was this deletion */
    assert_true(archive_figures(rig.archive).retired > 0);
    g_autoptr(GArray) left = rig_footage(&rig);
    unsigned within = 0;
    for (guint i = 0; i < left->len; i++) {
        int64_t at_us = g_array_index(left, Found, i).time_us;
        within += at_us >= held.from_us && at_us < held.to_us;
    }
    assert_int_equal(within, 600);
    g_autoptr(Coverage) after = rig_coverage(&rig, held.from_us, held.to_us);
    assert_int_equal(after->spans->len, 1);
    assert_int_equal(after->gaps->len, 0);
    rig_end(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hold_stops_a_deletion_that_had_begun),
        cmocka_unit_test(a_hold_that_is_answered_before_a_deletion_is_noted_stops_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
