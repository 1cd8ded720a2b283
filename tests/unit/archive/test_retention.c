/* What goes, what stays, and that holds outrank all. */
#include "archive_rig.h"

#include "archive/rebuild.h"
#include "archive/retention.h"
#include "archive/seal_rows.h"
#include "base/file.h"
#include "catalog/coverage.h"
#include "catalog/segments.h"
#include "ledger/chain.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
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

static int64_t oldest_us(Rig *rig)
{
    g_autoptr(GArray) found = rig_footage(rig);
    assert_true(found->len > 0);
    return g_array_index(found, Found, 0).time_us;
}

static int64_t bytes_left(Rig *rig)
{
    g_autoptr(CatalogDb) db = catalog_read(rig->catalog, NULL);
    g_autoptr(GArray) usage = segments_usage(db, NULL);
    return usage->len ? g_array_index(usage, SegmentUsage, 0).bytes : 0;
}

static void footage_older_than_its_age_goes(void **state)
{
    Rig rig = {0};
    start_with_footage(&rig);
    rig.settings.retention_us = 5 * MINUTE_US;
    rig_open(&rig);
    archive_retain_now(rig.archive);
    int64_t limit_us = rig.now_us - 5 * MINUTE_US;
    int64_t left_us = oldest_us(&rig);
    assert_true(left_us > limit_us - MINUTE_US && left_us <= limit_us);
    assert_true(archive_figures(rig.archive).retired >= 4);
    /* The seals stay, without their leaves, and the catalog agrees with the disk. */
    g_autoptr(GArray) seals = rig_seals(&rig);
    assert_true(seals->len >= 10);
    assert_null(g_array_index(seals, SegmentSeal, 0).entries);
    g_autoptr(GArray) segments =
        archive_segments(rig.archive, &rig.camera, STREAM_MAIN, RIG_START_US, rig.now_us, NULL);
    for (guint i = 0; i < segments->len; i++)
        assert_int_equal(access(g_array_index(segments, ArchiveSegment, i).path, F_OK), 0);
    g_autoptr(Coverage) coverage = rig_coverage(&rig, RIG_START_US, rig.now_us);
    assert_true(g_array_index(coverage->spans, CoverageSpan, 0).from_us >= left_us - 100);
    assert_int_equal(rig_gap_us(coverage, GAP_UNKNOWN), 0);
    assert_true(rig_gap_us(coverage, GAP_RETIRED) >= left_us - RIG_START_US - 1000);
    rig_end(&rig);
}

/* Somebody sets the clock wrong: what is deleted by it would not come back. */
static void a_clock_set_a_year_ahead_deletes_nothing_and_ends_no_hold_for_three_days(void **state)
{
    Rig rig = {0};
    const int64_t year_us = 365 * DAY_US;
    Uuid hold = uuid_new(), object = uuid_new();
    start_with_footage(&rig);
    rig.settings.retention_us = 30 * DAY_US;
    rig_open(&rig);
    archive_retain_now(rig.archive); /* the clock as it was is known */
    const ArchiveHold held = {rig.camera, RIG_START_US, rig.now_us};
    assert_true(archive_hold(rig.archive, &hold, "report", &object, rig.now_us + 3 * DAY_US, &held,
                             1, NULL));
    int64_t all_bytes = bytes_left(&rig);
    rig_step(&rig, year_us);
    archive_retain_now(rig.archive);
    assert_true(archive_end_lapsed_holds(rig.archive, NULL));
    rig_stop(&rig); /* a restart does not believe it either */
    rig_open(&rig);
    archive_retain_now(rig.archive);
    assert_int_equal(bytes_left(&rig), all_bytes);
    assert_int_equal(archive_figures(rig.archive).holds, 1);

    rig_time(&rig, rig.now_us + 4 * DAY_US); /* nobody has set it right: it is */
    archive_retain_now(rig.archive);
    assert_true(archive_end_lapsed_holds(rig.archive, NULL));
    archive_retain_now(rig.archive);
    assert_int_equal(bytes_left(&rig), 0);
    rig_step(&rig, -year_us);
    rig_end(&rig);
}

/* Microseconds of [from_us, to_us) that the catalog tells as gaps of this cause. */
static int64_t told_us(Catalog *catalog, const Rig *rig, GapCause cause, int64_t to_us)
{
    g_autoptr(CatalogDb) db = catalog_read(catalog, NULL);
    g_autoptr(GArray) spans = NULL, gaps = NULL;
    assert_true(coverage_read(db, &rig->camera, STREAM_MAIN, 0, to_us, &spans, &gaps, NULL));
    int64_t sum_us = 0;
    for (guint i = 0; i < gaps->len; i++) {
        const GapRow *gap = &g_array_index(gaps, GapRow, i);
        sum_us += gap->cause == cause ? gap->to_us - gap->from_us : 0;
    }
    return sum_us;
}

static void a_rebuilt_catalog_knows_what_was_retired_and_why_the_rest_is_missing(void **state)
{
    Rig rig = {0};
    rig.settings.segment_us = MINUTE_US;
    rig_start(&rig);
    rig.bytes = 100;
    rig_feed_us(&rig, 90 * SECOND_US);
    rig_gap(&rig, 20 * SECOND_US, GAP_NETWORK_STALL);
    rig_feed_us(&rig, 8 * MINUTE_US);
    rig_stop(&rig);
    rig.settings.retention_us = 5 * MINUTE_US;
    rig_open(&rig);
    archive_retain_now(rig.archive);
    int64_t to_us = oldest_us(&rig);
    int64_t retired_us = told_us(rig.catalog, &rig, GAP_RETIRED, to_us);
    assert_true(retired_us > 3 * MINUTE_US);
    g_autofree char *path = g_build_filename(rig.dir, "rebuilt.db", NULL);
    g_autofree char *volume = g_build_filename(rig.dir, "footage", NULL);
    Catalog *rebuilt = catalog_open(path, NULL);
    ArchiveRebuild rebuild = {.volume_path = volume};
    assert_true(catalog_write_wait(rebuilt, archive_rebuild_rows, &rebuild, NULL));
    assert_in_range(told_us(rebuilt, &rig, GAP_RETIRED, to_us), retired_us - 1000,
                    retired_us + 1000);
    assert_in_range(told_us(rebuilt, &rig, GAP_NETWORK_STALL, to_us), 19 * SECOND_US,
                    21 * SECOND_US);
    assert_int_equal(told_us(rebuilt, &rig, GAP_UNKNOWN, to_us), 0);
    catalog_close(rebuilt);
    rig_end(&rig);
}

static bool enter(CatalogDb *db, void *data, GError **error)
{
    return seal_enter(db, data, error);
}

static void a_seal_of_nonsense_length_is_entered_too(void **state)
{
    Rig rig = {0};
    rig_start(&rig);
    Hash entry = {0};
    SegmentSeal seal = {.camera = uuid_new(),
                        .volume = uuid_new(),
                        .file = "2026-11-24/2026-11-24-000000.000Z-main.mp4",
                        .from_us = RIG_START_US,
                        .to_us = RIG_START_US + 30 * DAY_US,
                        .entry_count = 1,
                        .entries = &entry};
    assert_true(catalog_write_wait(rig.catalog, enter, &seal, NULL));
    g_autoptr(CatalogDb) db = catalog_read(rig.catalog, NULL);
    g_autoptr(GArray) spans = NULL, gaps = NULL;
    assert_true(coverage_read(db, &seal.camera, STREAM_MAIN, 0, INT64_MAX, &spans, &gaps, NULL));
    assert_int_equal(spans->len, 1);
    assert_int_equal(g_array_index(spans, SpanRow, 0).to_us, RIG_START_US + HOUR_US);
    g_clear_pointer(&db, catalog_read_end);
    rig_end(&rig);
}

static void a_camera_keeps_no_more_than_its_bytes(void **state)
{
    Rig rig = {0};
    start_with_footage(&rig);
    int64_t most = bytes_left(&rig) / 2;
    rig.settings.retention_bytes = most;
    rig_open(&rig);
    archive_retain_now(rig.archive);
    assert_true(bytes_left(&rig) <= most);
    assert_true(bytes_left(&rig) > most / 2);
    assert_true(oldest_us(&rig) > RIG_START_US + 3 * MINUTE_US);
    rig_end(&rig);
}

static void footage_goes_for_room_on_the_disk(void **state)
{
    Rig rig = {0};
    start_with_footage(&rig);
    rig.settings.floor_bytes = INT64_MAX;
    rig_open(&rig);
    archive_retain_now(rig.archive);
    assert_int_equal(bytes_left(&rig), 0);
    rig_end(&rig);
}

static void what_is_held_stays_until_it_is_released(void **state)
{
    Rig rig = {0};
    start_with_footage(&rig);
    int64_t from_us = RIG_START_US + 150 * SECOND_US, to_us = from_us + 20 * SECOND_US;
    rig_hold(&rig, "hold", from_us, to_us);
    rig.settings.floor_bytes = INT64_MAX;
    rig.settings.retention_us = SECOND_US;
    rig_open(&rig);
    archive_retain_now(rig.archive);
    assert_int_equal(archive_figures(rig.archive).holds, 1);
    g_autoptr(GArray) held = rig_footage(&rig);
    unsigned within = 0;
    for (guint i = 0; i < held->len; i++) {
        int64_t at_us = g_array_index(held, Found, i).time_us;
        within += at_us >= from_us && at_us < to_us;
        assert_true(at_us > from_us - MINUTE_US && at_us < to_us + MINUTE_US);
    }
    assert_int_equal(within, 300);
    rig_hold(&rig, "release", from_us, to_us);
    archive_retain_now(rig.archive);
    assert_int_equal(bytes_left(&rig), 0);
    rig_end(&rig);
}

/* The third minute is held until an hour from now, on a basis that counts. Returns where it begins.
 */
static int64_t hold_third_minute(Rig *rig)
{
    const Uuid id = uuid_new(), report = uuid_new();
    const ArchiveHold hold = {rig->camera, RIG_START_US + 130 * SECOND_US,
                              RIG_START_US + 170 * SECOND_US};
    assert_true(archive_hold(rig->archive, &id, "report-resident", &report, rig->now_us + HOUR_US,
                             &hold, 1, NULL));
    return hold.from_us;
}

static void what_is_held_for_a_time_goes_when_that_is_over_and_the_ledger_tells_it(void **state)
{
    Rig rig = {0};
    start_with_footage(&rig);
    rig.settings.retention_us = SECOND_US;
    rig_open(&rig);
    int64_t held_us = hold_third_minute(&rig), end_us = rig.now_us + HOUR_US;
    rig_time(&rig, rig.now_us + MINUTE_US); /* all of it is older than its age */
    archive_retain_now(rig.archive);
    int64_t left = bytes_left(&rig);
    assert_true(left > 0 && oldest_us(&rig) <= held_us);
    rig_time(&rig, end_us - SECOND_US);
    assert_true(archive_end_lapsed_holds(rig.archive, NULL));
    archive_retain_now(rig.archive);
    assert_int_equal(bytes_left(&rig), left);
    rig_time(&rig, end_us);
    archive_retain_now(rig.archive);
    assert_int_equal(bytes_left(&rig), 0);
    assert_int_equal(archive_figures(rig.archive).holds, 0);
    for (int i = 0; i < 2; i++) /* once, however often it is looked */
        assert_true(archive_end_lapsed_holds(rig.archive, NULL));
    g_autofree char *path = g_build_filename(rig.dir, "ledger", "holds.jsonl", NULL);
    g_autofree char *text = file_read(path, 1 << 20, NULL, NULL);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    assert_int_equal(g_strv_length(lines), 3);
    assert_non_null(strstr(lines[1], "\"type\":\"release\""));
    assert_non_null(strstr(lines[1], "\"reason\":\"lapsed\""));
    assert_int_equal(chain_check(path, NULL, NULL, NULL, NULL), 0);
    rig_end(&rig);
}

static void what_is_held_on_a_basis_is_counted_once_and_only_while_it_lasts(void **state)
{
    Rig rig = {0};
    double none, one, same, more, over;
    start_with_footage(&rig);
    rig_open(&rig);
    const ArchiveHold third = {rig.camera, RIG_START_US + 130 * SECOND_US,
                               RIG_START_US + 170 * SECOND_US};
    const ArchiveHold all = {rig.camera, RIG_START_US, RIG_START_US + 10 * MINUTE_US};
    assert_true(archive_held_part(rig.archive, "report-resident", NULL, 0, &none, NULL));
    assert_true(archive_held_part(rig.archive, "report-resident", &third, 1, &one, NULL));
    hold_third_minute(&rig);
    assert_true(archive_held_part(rig.archive, "report-resident", &third, 1, &same, NULL));
    assert_true(archive_held_part(rig.archive, "report-resident", &all, 1, &more, NULL));
    assert_true(none == 0 && one > 0 && same == one && more > 5 * one);
    assert_true(archive_held_part(rig.archive, "report", NULL, 0, &none, NULL));
    rig_time(&rig, rig.now_us + HOUR_US);
    assert_true(archive_held_part(rig.archive, "report-resident", NULL, 0, &over, NULL));
    assert_true(none == 0 && over == 0);
    rig_end(&rig);
}

static int64_t cpu_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return now.tv_sec * SECOND_US + now.tv_nsec / 1000;
}

/* So many holds of `basis`, each with an id of its own, and their releases, in one go. */
static void hold_often(Rig *rig, unsigned count, const char *basis, bool released)
{
    g_autofree char *path = g_build_filename(rig->dir, "ledger", "holds.jsonl", NULL);
    g_autoptr(Chain) chain = chain_open(path, rig->key, NULL);
    for (unsigned i = 0; i < count * (released ? 2 : 1); i++) {
        const Uuid id = {{9, (uint8_t)(i % count >> 8), (uint8_t)(i % count)}};
        g_autoptr(GString) fields = g_string_new(NULL);
        line_put_uuid(fields, "id", &id);
        line_put_uuid(fields, "camera", &rig->camera);
        line_put_int(fields, "from_us", RIG_START_US + i % count * SECOND_US);
        line_put_int(fields, "to_us", RIG_START_US + (i % count + 2) * SECOND_US);
        line_put_int(fields, "until_us", rig->now_us + HOUR_US);
        line_put_text(fields, "basis", basis);
        assert_true(chain_add(chain, i < count ? "hold" : "release", rig->now_us, fields, NULL));
    }
    assert_true(chain_sync(chain, NULL));
}

/* Reading them costs no more than writing them did: what months of reports leave in the ledger must
 * not keep the next one waiting. */
static void holds_are_read_in_a_time_that_grows_with_their_number_alone(void **state)
{
    Rig rig = {0};
    rig_start(&rig);
    int64_t begin_us = cpu_us();
    hold_often(&rig, 30000, "report-resident", true);
    int64_t written_us = cpu_us();
    g_autoptr(GArray) none = holds_load(rig.dir, 0, NULL);
    int64_t read_us = cpu_us();
    assert_non_null(none);
    assert_int_equal(none->len, 0);
    if (read_us - written_us > written_us - begin_us)
        fail_msg("read in %d ms, written in %d", (int)((read_us - written_us) / 1000),
                 (int)((written_us - begin_us) / 1000));
    hold_often(&rig, 1, "report-resident", false); /* set anew after its release */
    g_autoptr(GArray) one = holds_load(rig.dir, 0, NULL);
    assert_int_equal(one->len, 1);
    rig_end(&rig);
}

static void a_flood_of_holds_ends_where_a_basis_has_as_many_as_it_may(void **state)
{
    Rig rig = {0};
    double few, many, other;
    start_with_footage(&rig);
    rig_open(&rig);
    hold_often(&rig, 10, "report-resident", false);
    assert_true(archive_held_part(rig.archive, "report-resident", NULL, 0, &few, NULL));
    hold_often(&rig, HOLDS_OF_BASIS_MOST, "report-resident", false);
    assert_true(archive_held_part(rig.archive, "report-resident", NULL, 0, &many, NULL));
    assert_true(archive_held_part(rig.archive, "report", NULL, 0, &other, NULL));
    assert_true(few > 0 && few < 0.05 && many >= 1 && other == 0);
    rig_end(&rig);
}

/* Ten minutes of two days ago, the third of them held, and five of now. */
static void start_with_old_footage(Rig *rig)
{
    rig->settings.segment_us = MINUTE_US;
    rig_start(rig);
    rig->bytes = 100;
    rig_feed_us(rig, 10 * MINUTE_US);
    rig_gap(rig, 2 * DAY_US, GAP_NETWORK_STALL);
    rig_feed_us(rig, 5 * MINUTE_US);
    rig_stop(rig);
    rig_hold(rig, "hold", RIG_START_US + 150 * SECOND_US, RIG_START_US + 170 * SECOND_US);
    rig_open(rig);
    assert_true(archive_settle(rig->archive, 10 * SECOND_US));
}

static RetentionEffect effect_of(Rig *rig, const Uuid *camera, int64_t days, int64_t bytes)
{
    RetentionEffect effect;
    assert_true(archive_retention_effect(rig->archive, camera, days, bytes, &effect, NULL));
    return effect;
}

static void what_a_shorter_age_would_delete_is_told_to_the_byte(void **state)
{
    Rig rig = {0};
    start_with_old_footage(&rig);
    int64_t before = bytes_left(&rig);
    RetentionEffect same = effect_of(&rig, NULL, 30, 0);
    assert_int_equal(same.deletes_bytes, 0);
    assert_int_equal(same.footage_bytes, before);
    assert_in_range(same.oldest_us, RIG_START_US - SECOND_US, RIG_START_US + SECOND_US);
    assert_int_equal(same.rule_days, 30);
    assert_true(same.day_bytes > before / 3); /* five minutes, made up to a day */
    RetentionEffect effect = effect_of(&rig, NULL, 1, 0);
    RetentionEffect of_camera = effect_of(&rig, &rig.camera, 1, 0);
    assert_int_equal(effect.deletes_bytes, of_camera.deletes_bytes);
    assert_true(effect.held_bytes > 0);
    archive_set_retention(rig.archive, DAY_US, 0);
    archive_retain_now(rig.archive);
    assert_int_equal(before - bytes_left(&rig), effect.deletes_bytes);
    assert_int_equal(effect_of(&rig, NULL, 1, 0).deletes_bytes, 0);
    rig_end(&rig);
}

static void a_bound_of_bytes_never_counts_on_what_is_held(void **state)
{
    Rig rig = {0};
    start_with_old_footage(&rig);
    int64_t before = bytes_left(&rig), most = before / 2;
    RetentionEffect half = effect_of(&rig, NULL, 30, most);
    assert_int_equal(half.deletes_bytes, before - most);
    RetentionEffect none = effect_of(&rig, NULL, 30, 1);
    assert_true(none.held_bytes > 0);
    archive_set_retention(rig.archive, 30 * DAY_US, 1);
    archive_retain_now(rig.archive);
    assert_int_equal(before - bytes_left(&rig), none.deletes_bytes);
    rig_end(&rig);
}

static bool begin_to_retire(CatalogDb *db, void *data, GError **error)
{
    const SegmentRow *row = data;
    return segments_retire(db, &row->camera, &row->volume, row->file, error);
}

/* Whether the camera's seals tell of a deletion for `reason`. */
static bool tells_reason(Rig *rig, const char *reason)
{
    g_autofree char *command = g_strdup_printf(
        "grep -q '\"reason\":\"%s\"' %s/footage/*-*/*/seals.jsonl", reason, rig->dir);
    return system(command) == 0;
}

static void resume_and_expect(int64_t retention_us, int64_t retention_bytes, const char *reason)
{
    static const char *const reasons[] = {"age", "quota", "space"};
    Rig rig = {0};
    start_with_footage(&rig);
    rig.settings.retention_us = retention_us;
    rig.settings.retention_bytes = retention_bytes;
    rig.settings.floor_bytes = -1;
    g_autoptr(CatalogDb) db = catalog_read(rig.catalog, NULL);
    g_autoptr(GPtrArray) rows =
        segments_oldest(db, &rig.camera, STREAM_MAIN, NULL, INT64_MIN, 1, NULL);
    g_clear_pointer(&db, catalog_read_end);
    assert_true(catalog_write_wait(rig.catalog, begin_to_retire, rows->pdata[0], NULL));
    rig_open(&rig);
    assert_true(archive_settle(rig.archive, 10 * SECOND_US));
    for (size_t i = 0; i < G_N_ELEMENTS(reasons); i++)
        assert_int_equal(tells_reason(&rig, reasons[i]), strcmp(reasons[i], reason) == 0);
    rig_end(&rig);
}

static void a_deletion_that_goes_on_after_a_stop_is_told_by_its_reason(void **state)
{
    resume_and_expect(MINUTE_US, 0, "age");
    resume_and_expect(DAY_US, INT64_C(1) << 40, "quota");
    resume_and_expect(DAY_US, 0, "space");
}

static void without_its_holds_nothing_is_deleted(void **state)
{
    static const char *const damages[] = {"", "{\"v\":1,\"type\":\"hold\",\"seq\":2\n", "junk\n"};
    for (size_t i = 0; i < G_N_ELEMENTS(damages); i++) {
        Rig rig = {0};
        start_with_footage(&rig);
        int64_t bytes = bytes_left(&rig);
        /* A type that a later program made counts as damage as well. */
        rig_hold(&rig, i == 0 ? "hold-of-tomorrow" : "hold", 1, 2);
        g_autofree char *path = g_build_filename(rig.dir, "ledger", "holds.jsonl", NULL);
        g_autofree char *text = file_read(path, 1 << 20, NULL, NULL);
        g_autofree char *damaged = g_strconcat(text, damages[i], NULL);
        assert_true(g_file_set_contents(path, damaged, -1, NULL));
        rig.settings.retention_us = SECOND_US;
        rig_open(&rig);
        archive_retain_now(rig.archive);
        assert_int_equal(archive_figures(rig.archive).retired, 0);
        assert_int_equal(bytes_left(&rig), bytes);
        rig_end(&rig);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(footage_older_than_its_age_goes),
        cmocka_unit_test(a_clock_set_a_year_ahead_deletes_nothing_and_ends_no_hold_for_three_days),
        cmocka_unit_test(a_rebuilt_catalog_knows_what_was_retired_and_why_the_rest_is_missing),
        cmocka_unit_test(a_seal_of_nonsense_length_is_entered_too),
        cmocka_unit_test(a_camera_keeps_no_more_than_its_bytes),
        cmocka_unit_test(footage_goes_for_room_on_the_disk),
        cmocka_unit_test(what_is_held_stays_until_it_is_released),
        cmocka_unit_test(what_is_held_for_a_time_goes_when_that_is_over_and_the_ledger_tells_it),
        cmocka_unit_test(what_is_held_on_a_basis_is_counted_once_and_only_while_it_lasts),
        cmocka_unit_test(holds_are_read_in_a_time_that_grows_with_their_number_alone),
        cmocka_unit_test(a_flood_of_holds_ends_where_a_basis_has_as_many_as_it_may),
        cmocka_unit_test(what_a_shorter_age_would_delete_is_told_to_the_byte),
        cmocka_unit_test(a_bound_of_bytes_never_counts_on_what_is_held),
        cmocka_unit_test(a_deletion_that_goes_on_after_a_stop_is_told_by_its_reason),
        cmocka_unit_test(without_its_holds_nothing_is_deleted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
