#include "unit.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "watch/motion_search.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* What sanitizers make of the time; they look for faults, not for how fast it is, and have that in
 * three of the thirty days. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SLOWER 60
#define BUSY_DAYS 3
#endif
#endif
#ifndef SLOWER
#define SLOWER 1
#define BUSY_DAYS 30
#endif

/* A store in a folder of its own, and one camera. Day 20,000 since the epoch is 2024-10-04. */
enum { DAY = 20000, NOON = DAY * MOTION_DAY_S + MOTION_DAY_S / 2 };

typedef struct Bench {
    char *folder;
    MotionStore *store;
    Uuid camera;
} Bench;

static int set_up(void **state)
{
    Bench *bench = g_new0(Bench, 1);
    bench->folder = g_dir_make_tmp("motion-XXXXXX", NULL);
    bench->store = motion_store_new(bench->folder, 3650);
    bench->camera = uuid_new();
    log_set_level(LOG_ERROR);
    *state = bench;
    return 0;
}

static void remove_all(const char *folder)
{
    g_autoptr(GPtrArray) names = folder_names(folder);
    for (guint i = 0; i < names->len; i++) {
        g_autofree char *path = g_build_filename(folder, g_ptr_array_index(names, i), NULL);
        if (g_file_test(path, G_FILE_TEST_IS_DIR))
            remove_all(path);
        else
            unlink(path);
    }
    rmdir(folder);
}

static int tear_down(void **state)
{
    Bench *bench = *state;
    motion_store_free(bench->store);
    remove_all(bench->folder);
    g_free(bench->folder);
    g_free(bench);
    return 0;
}

static void start_again(Bench *bench)
{
    motion_store_free(bench->store);
    bench->store = motion_store_new(bench->folder, 3650);
}

static char *file_of(const Bench *bench, const char *day)
{
    char text[UUID_TEXT];
    return g_build_filename(bench->folder, uuid_text(&bench->camera, text), day, NULL);
}

/* `cell` < 0: nothing moved. */
static void add(Bench *bench, int64_t second, int cell)
{
    MotionSecond at = {.second = second, .seen = SEEN_FULL};
    if (cell >= 0)
        grid_set(at.moved, cell);
    motion_store_add(bench->store, &bench->camera, &at);
}

static MotionFound *find(Bench *bench, int64_t from, int64_t to, int cell)
{
    MotionQuery query = {.camera = bench->camera, .from = from, .to = to, .most = 1000};
    if (cell >= 0)
        grid_set(query.region, cell);
    else
        memset(query.region, 0xff, GRID_BYTES);
    return motion_search(bench->store, &query);
}

static void expect_span(const GArray *spans, guint index, int64_t from, int64_t to)
{
    assert_true(index < spans->len);
    const MotionSpan *span = &g_array_index(spans, MotionSpan, index);
    assert_int_equal(span->from - NOON, from - NOON);
    assert_int_equal(span->to - NOON, to - NOON);
}

static void what_moved_is_found_in_its_cell_only(void **state)
{
    Bench *bench = *state;
    for (int i = 0; i < 200; i++)
        add(bench, NOON + i, i >= 100 && i < 110 ? 77 : -1);
    g_autoptr(MotionFound) there = find(bench, NOON, NOON + 200, 77);
    assert_int_equal(there->moved->len, 1);
    expect_span(there->moved, 0, NOON + 100, NOON + 110);
    assert_int_equal(there->unknown->len, 0);
    assert_int_equal(there->seen_fully, 200);
    g_autoptr(MotionFound) beside = find(bench, NOON, NOON + 200, 78);
    assert_int_equal(beside->moved->len, 0);
}

static void what_was_not_watched_is_unknown(void **state)
{
    Bench *bench = *state;
    for (int i = 0; i < 90; i++)
        if (i < 20 || i >= 30)
            add(bench, NOON + i, -1);
    MotionSecond unsure = {.second = NOON + 90, .seen = SEEN_UNSURE};
    motion_store_add(bench->store, &bench->camera, &unsure);
    g_autoptr(MotionFound) found = find(bench, NOON - 60, NOON + 100, -1);
    assert_int_equal(found->unknown->len, 3);
    expect_span(found->unknown, 0, NOON - 60, NOON);
    expect_span(found->unknown, 1, NOON + 20, NOON + 30);
    expect_span(found->unknown, 2, NOON + 90, NOON + 100);
    assert_int_equal(found->moved->len, 0);
}

static void a_region_that_is_blind_is_unknown_and_its_blind_cells_are_counted(void **state)
{
    Bench *bench = *state;
    for (int i = 0; i < 10; i++) {
        MotionSecond at = {.second = NOON + i, .seen = SEEN_FULL};
        grid_set(at.blind, 5);
        motion_store_add(bench->store, &bench->camera, &at);
    }
    g_autoptr(MotionFound) blind = find(bench, NOON, NOON + 10, 5);
    expect_span(blind->unknown, 0, NOON, NOON + 10);
    g_autoptr(MotionFound) whole = find(bench, NOON, NOON + 10, -1);
    assert_int_equal(whole->unknown->len, 0);
    assert_int_equal(whole->blind[5], 10);
    assert_int_equal(whole->blind[6], 0);
}

static void all_is_there_after_a_restart(void **state)
{
    Bench *bench = *state;
    for (int i = 0; i < 500; i++)
        add(bench, NOON + i, i % 7 == 0 ? i : -1);
    start_again(bench);
    for (int i = 500; i < 520; i++)
        add(bench, NOON + i, -1);
    g_autoptr(MotionFound) found = find(bench, NOON, NOON + 520, -1);
    assert_int_equal(found->moved->len, 72);
    expect_span(found->moved, 71, NOON + 497, NOON + 498);
    assert_int_equal(found->unknown->len, 0);
}

/* A second store reads what a server that was killed left on the disk. */
static void a_kill_loses_ten_seconds_at_most(void **state)
{
    Bench *bench = *state;
    MotionStore *killed = bench->store;
    for (int i = 0; i < 119; i++)
        add(bench, NOON + i, i % 2 ? 9 : -1); /* every token of its own */
    bench->store = motion_store_new(bench->folder, 3650);
    g_autoptr(MotionFound) left = find(bench, NOON, NOON + 119, -1);
    assert_int_equal(left->seen_fully, 110);
    assert_int_equal(left->moved->len, 55);
    expect_span(left->unknown, 0, NOON + 110, NOON + 119);
    add(bench, NOON + 119, -1); /* the next server goes on in the same minute */
    start_again(bench);
    g_autoptr(MotionFound) later = find(bench, NOON, NOON + 120, -1);
    assert_int_equal(later->seen_fully, 111);
    motion_store_free(bench->store);
    bench->store = killed;
}

static void a_day_ends_at_midnight_utc(void **state)
{
    Bench *bench = *state;
    const int64_t midnight = (int64_t)(DAY + 1) * MOTION_DAY_S;
    for (int i = -90; i < 90; i++)
        add(bench, midnight + i, i >= -5 && i < 5 ? 3 : -1);
    start_again(bench);
    g_autofree char *before = file_of(bench, "2024-10-04"), *after = file_of(bench, "2024-10-05");
    assert_true(g_file_test(before, G_FILE_TEST_EXISTS));
    assert_true(g_file_test(after, G_FILE_TEST_EXISTS));
    g_autoptr(MotionFound) found = find(bench, midnight - 90, midnight + 90, 3);
    assert_int_equal(found->moved->len, 1);
    expect_span(found->moved, 0, midnight - 5, midnight + 5);
    assert_int_equal(found->unknown->len, 0);
}

static void a_torn_tail_is_cut_and_the_day_goes_on(void **state)
{
    Bench *bench = *state;
    for (int i = 0; i < 120; i++)
        add(bench, NOON + i, 9);
    start_again(bench);
    g_autofree char *path = file_of(bench, "2024-10-04");
    GStatBuf facts;
    assert_int_equal(g_stat(path, &facts), 0);
    assert_int_equal(truncate(path, facts.st_size - 3), 0); /* the second minute is torn */
    for (int i = 120; i < 180; i++)
        add(bench, NOON + i, 9);
    start_again(bench);
    g_autoptr(MotionFound) found = find(bench, NOON, NOON + 180, 9);
    assert_int_equal(found->moved->len, 2);
    expect_span(found->moved, 0, NOON, NOON + 60);
    expect_span(found->moved, 1, NOON + 120, NOON + 180);
    expect_span(found->unknown, 0, NOON + 60, NOON + 120);
}

static void every_grid_comes_back_as_it_was(void **state)
{
    Bench *bench = *state;
    uint32_t dice = 7;
    MotionSecond told[60];
    g_auto(ByteWriter) file = {0};
    motion_file_begin(&file, DAY);
    for (int i = 0; i < 60; i++) {
        told[i] = (MotionSecond){.second = NOON + i, .seen = (MotionSeen)(i % 4)};
        for (int cell = 0; cell < GRID_CELLS; cell++) {
            dice = dice * 1664525 + 1013904223;
            if ((dice >> 16) % 60 < (uint32_t)i) /* from empty to full */
                grid_set(told[i].moved, cell);
            if (cell % 60 < i / 6)
                grid_set(told[i].blind, cell);
        }
        motion_store_add(bench->store, &bench->camera, &told[i]);
    }
    start_again(bench);
    for (int i = 0; i < 60; i++)
        for (int cell = 0; cell < GRID_CELLS; cell++) {
            const bool watched = told[i].seen == SEEN_SPARSE || told[i].seen == SEEN_FULL;
            g_autoptr(MotionFound) found = find(bench, NOON + i, NOON + i + 1, cell);
            if (watched)
                assert_int_equal(found->moved->len, grid_has(told[i].moved, cell));
        }
}

static void motion_parted_by_little_quiet_is_one_span_where_asked(void **state)
{
    Bench *bench = *state;
    for (int i = 0; i < 60; i++)
        add(bench, NOON + i, i == 10 || i == 14 || i == 30 ? 9 : -1);
    MotionQuery query = {
        .camera = bench->camera, .from = NOON, .to = NOON + 60, .most = 10, .join = 5};
    grid_set(query.region, 9);
    g_autoptr(MotionFound) found = motion_search(bench->store, &query);
    assert_int_equal(found->moved->len, 2);
    expect_span(found->moved, 0, NOON + 10, NOON + 15);
}

static void too_many_spans_end_the_answer_where_the_next_begins(void **state)
{
    Bench *bench = *state;
    for (int i = 0; i < 60; i++)
        add(bench, NOON + i, i % 2 ? 9 : -1);
    MotionQuery query = {.camera = bench->camera, .from = NOON, .to = NOON + 60, .most = 7};
    grid_set(query.region, 9);
    int spans = 0;
    while (query.from < NOON + 60) {
        g_autoptr(MotionFound) found = motion_search(bench->store, &query);
        assert_in_range(found->moved->len, 1, 7);
        spans += (int)found->moved->len;
        query.from = found->to;
    }
    assert_int_equal(spans, 30);
}

static void old_days_are_deleted_and_no_others(void **state)
{
    Bench *bench = *state;
    add(bench, NOON - 2 * MOTION_DAY_S, 1);
    add(bench, NOON, 1);
    start_again(bench);
    motion_store_free(bench->store);
    bench->store = motion_store_new(bench->folder, 1);
    motion_store_tidy(bench->store, (int64_t)(DAY + 1) * DAY_US);
    g_autofree char *old = file_of(bench, "2024-10-02"), *young = file_of(bench, "2024-10-04");
    assert_false(g_file_test(old, G_FILE_TEST_EXISTS));
    assert_true(g_file_test(young, G_FILE_TEST_EXISTS));
}

/* Of processor time, so that the tests beside it don't count; the files are in memory. */
static int64_t cpu_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return now.tv_sec * SECOND_US + now.tv_nsec / 1000;
}

/* A square of nine cells that wanders, all day, four seconds of five. */
static void thirty_busy_days_are_searched_within_a_second(void **state)
{
    Bench *bench = *state;
    const int64_t from = (int64_t)DAY * MOTION_DAY_S, to = from + BUSY_DAYS * MOTION_DAY_S;
    for (int64_t second = from; second < to; second++) {
        MotionSecond at = {.second = second, .seen = SEEN_FULL};
        const int column = (int)(second % 30), row = (int)(second / 30 % 16);
        for (int i = 0; i < 9 && second % 5; i++)
            grid_set(at.moved, (row + i / 3) * GRID_COLUMNS + column + i % 3);
        grid_set(at.blind, 0);
        motion_store_add(bench->store, &bench->camera, &at);
    }
    start_again(bench);
    MotionQuery query = {
        .camera = bench->camera, .from = from, .to = to, .join = 0, .most = 1000000};
    const double corners[][2] = {{0.4, 0.4}, {0.6, 0.4}, {0.6, 0.6}, {0.4, 0.6}};
    motion_region_polygon(corners, 4, query.region);
    const int64_t start_us = cpu_us();
    g_autoptr(MotionFound) found = motion_search(bench->store, &query);
    const int64_t took_us = cpu_us() - start_us;
    GStatBuf facts;
    g_autofree char *path = file_of(bench, "2024-10-05");
    assert_int_equal(g_stat(path, &facts), 0);
    print_message("%d days, %u spans: %lld ms; %lld bytes a day\n", BUSY_DAYS, found->moved->len,
                  (long long)(took_us / 1000), (long long)facts.st_size);
    assert_true(found->moved->len > 333 * BUSY_DAYS);
    assert_int_equal(found->seen_fully, BUSY_DAYS * MOTION_DAY_S);
    assert_true(took_us < SECOND_US * SLOWER);
}

static void a_polygon_covers_the_cells_inside_and_a_tiny_one_its_corners(void **state)
{
    uint8_t region[GRID_BYTES];
    const double left[][2] = {{0, 0}, {0.5, 0}, {0.5, 1}, {0, 1}};
    motion_region_polygon(left, 4, region);
    assert_true(grid_has(region, 0));
    assert_true(grid_has(region, 15));
    assert_false(grid_has(region, 16));
    const double tiny[][2] = {{0.501, 0.5}, {0.502, 0.5}, {0.502, 0.501}};
    motion_region_polygon(tiny, 3, region);
    assert_true(grid_has(region, 9 * GRID_COLUMNS + 16));
}

int main(void)
{
#define ROW(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        ROW(what_moved_is_found_in_its_cell_only),
        ROW(what_was_not_watched_is_unknown),
        ROW(a_region_that_is_blind_is_unknown_and_its_blind_cells_are_counted),
        ROW(all_is_there_after_a_restart),
        ROW(a_kill_loses_ten_seconds_at_most),
        ROW(a_day_ends_at_midnight_utc),
        ROW(a_torn_tail_is_cut_and_the_day_goes_on),
        ROW(every_grid_comes_back_as_it_was),
        ROW(motion_parted_by_little_quiet_is_one_span_where_asked),
        ROW(too_many_spans_end_the_answer_where_the_next_begins),
        ROW(old_days_are_deleted_and_no_others),
        ROW(thirty_busy_days_are_searched_within_a_second),
        ROW(a_polygon_covers_the_cells_inside_and_a_tiny_one_its_corners),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
