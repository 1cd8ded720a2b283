#include "base/clock.h"
#include "catalog/bookmarks.h"
#include "catalog/cameras.h"
#include "catalog/care.h"
#include "catalog/catalog.h"
#include "catalog/coverage.h"
#include "catalog/repairs.h"
#include "catalog/segments.h"
#include "scratch.h"
#include "unit.h"

#include <string.h>

/* One catalog a test; `run` does `work` in a write that must succeed. */
typedef struct Fixture {
    char *folder;
    char *path;
    Catalog *catalog;
} Fixture;

static int setup(void **state)
{
    Fixture *fixture = g_new0(Fixture, 1);
    fixture->folder = scratch_new();
    fixture->path = g_build_filename(fixture->folder, "catalog.db", NULL);
    fixture->catalog = catalog_open(fixture->path, NULL);
    *state = fixture;
    return fixture->catalog ? 0 : -1;
}

static int teardown(void **state)
{
    Fixture *fixture = *state;
    catalog_close(fixture->catalog);
    scratch_remove(fixture->folder);
    g_free(fixture->path);
    g_free(fixture);
    return 0;
}

static void run(Fixture *fixture, CatalogWork work, void *data)
{
    g_autoptr(GError) error = NULL;
    if (!catalog_write_wait(fixture->catalog, work, data, &error))
        fail_msg("%s", error->message);
}

static const Uuid *camera(void)
{
    static Uuid id;
    id = uuid_of(1);
    return &id;
}

static bool put(CatalogDb *db, int64_t from_s, int64_t to_s, SegmentState state, GError **error)
{
    g_autofree char *file = g_strdup_printf("2026-11-24/%06d.000Z-main.mp4", (int)from_s);
    SegmentRow row = {
        .camera = *camera(),
        .volume = uuid_of(200),
        .file = file,
        .stream = STREAM_MAIN,
        .state = state,
        .from_us = from_s * SECOND_US,
        .to_us = to_s * SECOND_US,
        .bytes = 1000,
        .pictures = 15 * (to_s - from_s),
        .codec = (char *)"avc1.640028",
        .width = 1920,
        .height = 1080,
    };
    return segments_put(db, &row, error) &&
           coverage_add_segment(db, camera(), STREAM_MAIN, row.from_us, row.to_us, NULL, 0, error);
}

static bool put_an_hour(CatalogDb *db, void *data, GError **error)
{
    for (int i = 0; i < 12; i++)
        if (!put(db, 10000 + i * 300, 10300 + i * 300, SEGMENT_SEALED, error))
            return false;
    return true;
}

static void segments_that_overlap_a_span_are_found_in_order(void **state)
{
    Fixture *fixture = *state;
    run(fixture, put_an_hour, NULL);
    g_autoptr(CatalogDb) db = catalog_read(fixture->catalog, NULL);
    g_autoptr(GPtrArray) found =
        segments_in(db, camera(), STREAM_MAIN, 10299 * SECOND_US, 10601 * SECOND_US, 0, NULL);
    assert_int_equal(found->len, 3);
    const SegmentRow *first = found->pdata[0], *last = found->pdata[2];
    assert_int_equal(first->from_us, 10000 * SECOND_US);
    assert_int_equal(last->from_us, 10600 * SECOND_US);
    assert_string_equal(first->codec, "avc1.640028");
    g_autoptr(GPtrArray) exact =
        segments_in(db, camera(), STREAM_MAIN, 10300 * SECOND_US, 10600 * SECOND_US, 0, NULL);
    assert_int_equal(exact->len, 1);
    g_autoptr(GPtrArray) sub = segments_in(db, camera(), STREAM_SUB, 0, 20000 * SECOND_US, 0, NULL);
    assert_int_equal(sub->len, 0);
}

static bool retire_first(CatalogDb *db, void *data, GError **error)
{
    Uuid volume = uuid_of(200);
    return segments_retire(db, camera(), &volume, "2026-11-24/010000.000Z-main.mp4", error);
}

static bool forget_first(CatalogDb *db, void *data, GError **error)
{
    Uuid volume = uuid_of(200);
    return segments_forget(db, camera(), &volume, "2026-11-24/010000.000Z-main.mp4", error);
}

static void retiring_takes_a_segment_out_of_lists_sums_and_coverage(void **state)
{
    Fixture *fixture = *state;
    run(fixture, put_an_hour, NULL);
    run(fixture, retire_first, NULL);
    Uuid volume = uuid_of(200), other = uuid_of(201);
    g_autoptr(CatalogDb) db = catalog_read(fixture->catalog, NULL);
    g_autoptr(GPtrArray) oldest = segments_oldest(db, camera(), STREAM_MAIN, &volume, 0, 1, NULL);
    assert_int_equal(((SegmentRow *)oldest->pdata[0])->from_us, 10300 * SECOND_US);
    g_autoptr(GPtrArray) elsewhere = segments_oldest(db, camera(), STREAM_MAIN, &other, 0, 1, NULL);
    assert_int_equal(elsewhere->len, 0);
    g_autoptr(GPtrArray) retired = segments_with_state(db, SEGMENT_RETIRED, NULL);
    assert_int_equal(retired->len, 1);
    g_autoptr(GArray) usage = segments_usage(db, NULL);
    assert_int_equal(usage->len, 1);
    assert_int_equal(g_array_index(usage, SegmentUsage, 0).segments, 11);
    assert_int_equal(g_array_index(usage, SegmentUsage, 0).bytes, 11000);
    g_autoptr(GArray) spans = NULL;
    g_autoptr(GArray) gaps = NULL;
    assert_true(coverage_read(db, camera(), STREAM_MAIN, 0, INT64_MAX, &spans, &gaps, NULL));
    assert_int_equal(spans->len, 1);
    assert_int_equal(g_array_index(spans, SpanRow, 0).from_us, 10300 * SECOND_US);
    g_clear_pointer(&db, catalog_read_end);
    run(fixture, forget_first, NULL);
    db = catalog_read(fixture->catalog, NULL);
    g_autoptr(GPtrArray) none = segments_with_state(db, SEGMENT_RETIRED, NULL);
    assert_int_equal(none->len, 0);
}

static bool seal_an_open_one(CatalogDb *db, void *data, GError **error)
{
    return put(db, 50000, 50000, SEGMENT_OPEN, error) &&
           put(db, 50000, 50300, SEGMENT_SEALED, error);
}

static bool open_one(CatalogDb *db, void *data, GError **error)
{
    return put(db, 60000, 60000, SEGMENT_OPEN, error);
}

static void open_segments_are_found_at_start_and_in_any_span_after_their_begin(void **state)
{
    Fixture *fixture = *state;
    run(fixture, seal_an_open_one, NULL);
    run(fixture, open_one, NULL);
    g_autoptr(CatalogDb) db = catalog_read(fixture->catalog, NULL);
    g_autoptr(GPtrArray) open = segments_with_state(db, SEGMENT_OPEN, NULL);
    assert_int_equal(open->len, 1);
    assert_int_equal(((SegmentRow *)open->pdata[0])->from_us, 60000 * SECOND_US);
    g_autoptr(GPtrArray) found =
        segments_in(db, camera(), STREAM_MAIN, 60100 * SECOND_US, 60200 * SECOND_US, 0, NULL);
    assert_int_equal(found->len, 1);
}

static bool put_two_hours_in_one(CatalogDb *db, void *data, GError **error)
{
    return put(db, 1000, 1000 + 7200, SEGMENT_SEALED, error);
}

static void a_segment_longer_than_reads_look_back_is_refused(void **state)
{
    Fixture *fixture = *state;
    g_autoptr(GError) error = NULL;
    assert_false(catalog_write_wait(fixture->catalog, put_two_hours_in_one, NULL, &error));
    assert_true(g_error_matches(error, ERR, ERR_INVALID));
}

/* The timeline as text: "s10-20 g20-30:camera-offline". */
static char *timeline(Fixture *fixture, int64_t from_s, int64_t to_s)
{
    g_autoptr(CatalogDb) db = catalog_read(fixture->catalog, NULL);
    g_autoptr(GArray) spans = NULL;
    g_autoptr(GArray) gaps = NULL;
    assert_true(coverage_read(db, camera(), STREAM_MAIN, from_s * SECOND_US, to_s * SECOND_US,
                              &spans, &gaps, NULL));
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < spans->len; i++) {
        SpanRow *span = &g_array_index(spans, SpanRow, i);
        g_string_append_printf(text, "s%d-%d ", (int)(span->from_us / SECOND_US),
                               (int)(span->to_us / SECOND_US));
    }
    for (guint i = 0; i < gaps->len; i++) {
        GapRow *gap = &g_array_index(gaps, GapRow, i);
        g_string_append_printf(text, "g%d-%d:%s ", (int)(gap->from_us / SECOND_US),
                               (int)(gap->to_us / SECOND_US), gap_cause_text(gap->cause));
    }
    return g_string_free(text, FALSE);
}

typedef struct Step {
    char kind; /* s: span, g: gap, r: retire */
    int64_t from_s, to_s;
    GapCause cause;
} Step;

static bool take_step(CatalogDb *db, void *data, GError **error)
{
    const Step *step = data;
    int64_t from_us = step->from_s * SECOND_US, to_us = step->to_s * SECOND_US;
    if (step->kind == 's')
        return coverage_add(db, camera(), STREAM_MAIN, from_us, to_us, error);
    if (step->kind == 'g')
        return coverage_add_gap(db, camera(), STREAM_MAIN, from_us, to_us, step->cause, error);
    return coverage_retire(db, camera(), STREAM_MAIN, from_us, to_us, error);
}

static void assert_timeline(Fixture *fixture, const Step *steps, size_t count, const char *wanted)
{
    for (size_t i = 0; i < count; i++)
        run(fixture, take_step, (void *)&steps[i]);
    g_autofree char *got = timeline(fixture, 0, 100000);
    assert_string_equal(got, wanted);
}

static void spans_that_touch_are_one_in_whatever_order_they_come(void **state)
{
    const Step steps[] = {{'s', 10, 20}, {'s', 30, 40}, {'s', 20, 30}, {'s', 5, 12}};
    assert_timeline(*state, steps, G_N_ELEMENTS(steps), "s5-40 ");
}

static void footage_found_later_takes_its_time_out_of_a_gap(void **state)
{
    const Step steps[] = {
        {'s', 0, 10}, {'g', 10, 30, GAP_SERVER_DOWN}, {'s', 30, 40}, {'s', 10, 15}, {'s', 20, 22}};
    assert_timeline(*state, steps, G_N_ELEMENTS(steps),
                    "s0-15 s20-22 s30-40 g15-20:server-down g22-30:server-down ");
}

static void a_gap_fills_only_what_nothing_else_accounts_for(void **state)
{
    const Step steps[] = {
        {'s', 10, 20}, {'g', 25, 30, GAP_CAMERA_OFFLINE}, {'g', 5, 40, GAP_SERVER_DOWN}};
    assert_timeline(*state, steps, G_N_ELEMENTS(steps),
                    "s10-20 g5-10:server-down g20-25:server-down g25-30:camera-offline "
                    "g30-40:server-down ");
}

static void a_gap_told_again_with_a_later_end_grows(void **state)
{
    const Step steps[] = {{'g', 10, 20, GAP_CAMERA_OFFLINE},
                          {'g', 10, 40, GAP_CAMERA_OFFLINE},
                          {'g', 40, 50, GAP_CAMERA_OFFLINE}};
    assert_timeline(*state, steps, G_N_ELEMENTS(steps), "g10-50:camera-offline ");
}

static void retired_footage_becomes_a_gap_and_other_gaps_keep_their_cause(void **state)
{
    const Step steps[] = {{'s', 10, 40}, {'g', 40, 60, GAP_PAUSED},
                          {'s', 60, 80}, {'r', 20, 30},
                          {'r', 30, 35}, {'r', 50, 70}};
    assert_timeline(*state, steps, G_N_ELEMENTS(steps),
                    "s10-20 s35-40 s70-80 g20-35:retired g40-60:paused g60-70:retired ");
}

static void a_read_is_cut_to_what_was_asked(void **state)
{
    Fixture *fixture = *state;
    const Step steps[] = {{'s', 10, 40}, {'g', 40, 60, GAP_PAUSED}};
    for (size_t i = 0; i < G_N_ELEMENTS(steps); i++)
        run(fixture, take_step, (void *)&steps[i]);
    g_autofree char *got = timeline(fixture, 20, 45);
    assert_string_equal(got, "s20-40 g40-45:paused ");
    g_autoptr(CatalogDb) db = catalog_read(fixture->catalog, NULL);
    int64_t from_us, until_us;
    assert_true(coverage_reach(db, camera(), STREAM_MAIN, &from_us, &until_us, NULL));
    assert_int_equal(from_us, 10 * SECOND_US);
    assert_int_equal(until_us, 60 * SECOND_US);
}

static void gaps_behind_the_newest_footage_are_open_even_when_it_was_retired(void **state)
{
    const Step steps[] = {{'g', 5, 10, GAP_PAUSED},
                          {'s', 10, 40},
                          {'g', 40, 60, GAP_CAMERA_OFFLINE},
                          {'g', 60, 70, GAP_SERVER_DOWN},
                          {'r', 0, 80}};
    Fixture *fixture = *state;
    for (size_t i = 0; i < G_N_ELEMENTS(steps); i++)
        run(fixture, take_step, (void *)&steps[i]);
    g_autoptr(CatalogDb) db = catalog_read(fixture->catalog, NULL);
    g_autoptr(GArray) gaps = coverage_open_gaps(db, camera(), STREAM_MAIN, 64, NULL);
    assert_int_equal(gaps->len, 2);
    assert_int_equal(g_array_index(gaps, GapRow, 0).cause, GAP_CAMERA_OFFLINE);
    assert_int_equal(g_array_index(gaps, GapRow, 1).to_us, 70 * SECOND_US);
    g_autoptr(GArray) newest = coverage_open_gaps(db, camera(), STREAM_MAIN, 1, NULL);
    assert_int_equal(newest->len, 1);
    assert_int_equal(g_array_index(newest, GapRow, 0).cause, GAP_SERVER_DOWN);
}

/* Random steps against an array with one cell a second. */
static void the_timeline_agrees_with_a_cell_a_second_model(void **state)
{
    enum { SECONDS = 200 };
    Fixture *fixture = *state;
    char cells[SECONDS + 1];
    memset(cells, ' ', SECONDS);
    cells[SECONDS] = '\0';
    g_autoptr(GRand) dice = g_rand_new_with_seed(8);
    for (int i = 0; i < 150; i++) {
        int from = g_rand_int_range(dice, 0, SECONDS), to = g_rand_int_range(dice, from, SECONDS);
        Step step = {"sgr"[g_rand_int_range(dice, 0, 3)], from, MIN(to, from + 40),
                     (GapCause)g_rand_int_range(dice, 1, 3)};
        run(fixture, take_step, &step);
        for (int64_t at = step.from_s; at < step.to_s; at++)
            if (step.kind == 's')
                cells[at] = 's';
            else if (step.kind == 'g' && cells[at] == ' ')
                cells[at] = (char)('0' + step.cause);
            else if (step.kind == 'r' && cells[at] == 's')
                cells[at] = (char)('0' + GAP_RETIRED);
    }
    g_autoptr(CatalogDb) db = catalog_read(fixture->catalog, NULL);
    g_autoptr(GArray) spans = NULL;
    g_autoptr(GArray) gaps = NULL;
    assert_true(
        coverage_read(db, camera(), STREAM_MAIN, 0, SECONDS * SECOND_US, &spans, &gaps, NULL));
    char got[SECONDS + 1];
    memset(got, ' ', SECONDS);
    got[SECONDS] = '\0';
    for (guint i = 0; i < spans->len; i++) {
        SpanRow *span = &g_array_index(spans, SpanRow, i);
        memset(got + span->from_us / SECOND_US, 's',
               (size_t)((span->to_us - span->from_us) / SECOND_US));
    }
    for (guint i = 0; i < gaps->len; i++) {
        GapRow *gap = &g_array_index(gaps, GapRow, i);
        memset(got + gap->from_us / SECOND_US, '0' + (int)gap->cause,
               (size_t)((gap->to_us - gap->from_us) / SECOND_US));
    }
    assert_string_equal(got, cells);
}

static bool remove_cameras(CatalogDb *db, void *data, GError **error)
{
    for (uint8_t i = 1; i <= 2; i++) {
        CameraRow row = {.id = uuid_of(i),
                         .name = (char *)"a",
                         .owner = (char *)"commune",
                         .url = (char *)"rtsp://a/",
                         .created_us = 1,
                         .removed_us = 2};
        BookmarkRow mark = {.id = uuid_of(10 + i), .camera = row.id, .note = (char *)""};
        if (!cameras_put(db, &row, error) || !bookmarks_put(db, &mark, error))
            return false;
    }
    RepairRow repair = {.id = uuid_of(20),
                        .camera = uuid_of(2),
                        .fault = (char *)"cable",
                        .state = (char *)"done",
                        .owner = (char *)"",
                        .due = (char *)"",
                        .funding = (char *)""};
    return repairs_put(db, &repair, error);
}

static bool forget(CatalogDb *db, void *data, GError **error)
{
    return cameras_forget(db, data, error);
}

static void a_removed_camera_is_forgotten_with_its_bookmarks_unless_its_repairs_tell_of_it(
    void **state)
{
    Fixture *fixture = *state;
    Uuid plain = uuid_of(1), repaired = uuid_of(2), lost = uuid_of(11), kept = uuid_of(12);
    run(fixture, remove_cameras, NULL);
    run(fixture, forget, &plain);
    g_autoptr(GError) error = NULL;
    assert_false(catalog_write_wait(fixture->catalog, forget, &repaired, &error));
    assert_true(g_error_matches(error, ERR, ERR_NOT_FOUND));
    g_autoptr(CatalogDb) db = catalog_read(fixture->catalog, NULL);
    g_autoptr(CameraRow) gone = cameras_get(db, &plain, NULL);
    g_autoptr(CameraRow) there = cameras_get(db, &repaired, NULL);
    g_autoptr(BookmarkRow) went = bookmarks_get(db, &lost, NULL);
    g_autoptr(BookmarkRow) stays = bookmarks_get(db, &kept, NULL);
    assert_true(!gone && !went && there && stays);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(segments_that_overlap_a_span_are_found_in_order),
        TEST(retiring_takes_a_segment_out_of_lists_sums_and_coverage),
        TEST(open_segments_are_found_at_start_and_in_any_span_after_their_begin),
        TEST(a_segment_longer_than_reads_look_back_is_refused),
        TEST(spans_that_touch_are_one_in_whatever_order_they_come),
        TEST(footage_found_later_takes_its_time_out_of_a_gap),
        TEST(a_gap_fills_only_what_nothing_else_accounts_for),
        TEST(a_gap_told_again_with_a_later_end_grows),
        TEST(retired_footage_becomes_a_gap_and_other_gaps_keep_their_cause),
        TEST(a_read_is_cut_to_what_was_asked),
        TEST(gaps_behind_the_newest_footage_are_open_even_when_it_was_retired),
        TEST(the_timeline_agrees_with_a_cell_a_second_model),
        TEST(a_removed_camera_is_forgotten_with_its_bookmarks_unless_its_repairs_tell_of_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
