#include "archive/root_line.h"
#include "ledger/chain.h"
#include "ledger/merkle.h"
#include "seal_fixture.h"

/* Root lines there are, parsed; free with lines_free(). */
typedef struct RootLines {
    RootLine line[64];
    unsigned count;
} RootLines;

static bool take(void *data, const ChainLine *line)
{
    RootLines *lines = data;
    assert_true(root_line_parse(line->text, line->size, &lines->line[lines->count++]));
    return true;
}

static void lines_free(RootLines *lines)
{
    for (unsigned i = 0; i < lines->count; i++)
        root_line_clear(&lines->line[i]);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(RootLines, lines_free)

static RootLines lines_of(const Footage *footage)
{
    RootLines lines = {0};
    g_autofree char *path = g_build_filename(footage->data, "ledger", "roots.jsonl", NULL);
    assert_true(chain_each(path, 1, take, &lines, NULL));
    return lines;
}

static void an_interim_root_is_made_every_hour_when_lines_are_new(void **state)
{
    g_autoptr(Footage) footage = footage_new(*state);
    g_autoptr(Roots) roots = footage_roots(footage);
    int64_t now = FOOTAGE_START_US + 2 * HOUR_US;
    assert_true(roots_run(roots, now, NULL));
    g_free(footage_add(footage, now));
    for (int minute = 0; minute < 300; minute++)
        assert_true(roots_run(roots, now + minute * MINUTE_US, NULL));
    g_free(footage_add(footage, now + 5 * HOUR_US));
    g_free(footage_add(footage, now + 5 * HOUR_US + MINUTE_US));
    assert_true(roots_run(roots, now + 6 * HOUR_US, NULL));
    g_auto(RootLines) lines = lines_of(footage);
    assert_int_equal(lines.count, 2);
    assert_int_equal(lines.line[0].entries, 1);
    assert_int_equal(lines.line[1].entries, 2);
    assert_int_equal(root_line_last(&lines.line[1], &footage->camera, &footage->volume), 3);
}

static void a_root_is_the_tree_of_line_hashes_by_camera_volume_and_number(void **state)
{
    g_autoptr(Footage) a = footage_new(*state);
    g_autoptr(Footage) b = footage_beside(a);
    g_autoptr(Roots) roots = footage_roots(a);
    Footage *const in_order[2] = {uuid_compare(&a->camera, &b->camera) < 0 ? a : b,
                                  uuid_compare(&a->camera, &b->camera) < 0 ? b : a};
    for (int i = 0; i < 3; i++) {
        g_free(footage_add(a, FOOTAGE_START_US + i * MINUTE_US));
        g_free(footage_add(b, FOOTAGE_START_US + i * MINUTE_US));
    }
    assert_true(roots_make_interim(roots, FOOTAGE_START_US + HOUR_US, NULL));
    Hash hashes[6];
    for (size_t i = 0; i < 6; i++) {
        g_auto(SegmentSeal) seal = {0};
        g_autofree char *file = g_strdup_printf("2026-11-24/00%02zu00.000Z-main.mp4", i % 3);
        assert_int_equal(seal_find(a->volume_folder, &in_order[i / 3]->camera, file, &seal, NULL),
                         1);
        hashes[i] = seal.seal.hash;
    }
    Hash root = merkle_root(hashes, 6);
    g_auto(RootLines) lines = lines_of(a);
    assert_true(hash_equal(&lines.line[0].root, &root));
}

static void a_day_root_covers_the_whole_day_and_names_the_one_before(void **state)
{
    g_autoptr(Footage) footage = footage_new(*state);
    g_autoptr(Roots) roots = footage_roots(footage);
    for (int hour = 0; hour < 48; hour++) {
        g_free(footage_add(footage, FOOTAGE_START_US + hour * HOUR_US));
        assert_true(roots_run(roots, FOOTAGE_START_US + hour * HOUR_US + 2 * MINUTE_US, NULL));
    }
    int64_t second_end = FOOTAGE_START_US + 2 * DAY_US;
    assert_true(roots_run(roots, second_end, NULL));
    assert_true(roots_run(roots, second_end + 2 * MINUTE_US, NULL));
    g_auto(RootLines) lines = lines_of(footage);
    assert_int_equal(lines.count, 49);
    const RootLine *first = &lines.line[24], *second = &lines.line[48];
    assert_int_equal(first->kind, ROOT_DAY);
    assert_int_equal(first->day_us, FOOTAGE_START_US);
    assert_int_equal(first->entries, 25);
    assert_true(hash_is_zero(&first->before));
    assert_int_equal(second->kind, ROOT_DAY);
    assert_int_equal(second->entries, 23);
    assert_true(hash_equal(&second->before, &first->head.seal.hash));
    int64_t day;
    Hash newest;
    assert_true(roots_newest_day(roots, &day, &newest));
    assert_int_equal(day, FOOTAGE_START_US + DAY_US);
    assert_true(hash_equal(&newest, &second->head.seal.hash));
}

static void days_missed_while_off_are_caught_up_once(void **state)
{
    g_autoptr(Footage) footage = footage_new(*state);
    g_free(footage_add(footage, FOOTAGE_START_US));
    g_autoptr(Roots) before = footage_roots(footage);
    assert_true(roots_run(before, FOOTAGE_START_US + HOUR_US, NULL));
    g_free(footage_add(footage, FOOTAGE_START_US + 2 * HOUR_US));
    for (int start = 0; start < 2; start++) {
        g_autoptr(Roots) roots = footage_roots(footage);
        assert_true(roots_run(roots, FOOTAGE_START_US + 3 * DAY_US + HOUR_US, NULL));
    }
    g_auto(RootLines) lines = lines_of(footage);
    assert_int_equal(lines.count, 4);
    assert_int_equal(lines.line[1].entries, 2);
    assert_int_equal(lines.line[1].day_us, FOOTAGE_START_US);
    assert_int_equal(lines.line[3].entries, 0);
    assert_int_equal(lines.line[3].day_us, FOOTAGE_START_US + 2 * DAY_US);
}

static void a_clock_that_was_ahead_does_not_end_the_day_roots(void **state)
{
    g_autoptr(Footage) footage = footage_new(*state);
    g_autoptr(Roots) roots = footage_roots(footage);
    g_free(footage_add(footage, FOOTAGE_START_US));
    assert_true(roots_run(roots, FOOTAGE_START_US + 3000 * DAY_US, NULL));
    assert_true(roots_run(roots, FOOTAGE_START_US + 3001 * DAY_US + HOUR_US, NULL));
    assert_true(roots_run(roots, FOOTAGE_START_US + DAY_US + HOUR_US, NULL));
    assert_true(roots_run(roots, FOOTAGE_START_US + 2 * DAY_US + HOUR_US, NULL));
    int64_t day;
    Hash hash;
    assert_true(roots_newest_day(roots, &day, &hash));
    assert_int_equal(day, FOOTAGE_START_US + DAY_US);
}

static void the_audit_log_has_its_own_tree(void **state)
{
    g_autoptr(Footage) footage = footage_new(*state);
    g_autoptr(Roots) roots = footage_roots(footage);
    g_autofree char *folder = g_build_filename(footage->data, "ledger", "audit", NULL);
    g_autoptr(Chain) audit = chain_open_daily(folder, footage->key, NULL);
    g_autoptr(GString) fields = g_string_new(NULL);
    assert_true(chain_append(audit, "audit", FOOTAGE_START_US, fields, NULL));
    Hash first = chain_head(audit);
    assert_true(roots_make_interim(roots, FOOTAGE_START_US + HOUR_US, NULL));
    assert_true(roots_make_interim(roots, FOOTAGE_START_US + HOUR_US, NULL));
    assert_true(chain_append(audit, "audit", FOOTAGE_START_US + DAY_US, fields, NULL));
    Hash second = chain_head(audit);
    assert_true(roots_make_interim(roots, FOOTAGE_START_US + DAY_US, NULL));
    g_auto(RootLines) lines = lines_of(footage);
    assert_int_equal(lines.count, 2);
    assert_int_equal(lines.line[1].audit_last, 2);
    Hash root = merkle_root(&first, 1);
    assert_true(hash_equal(&lines.line[0].audit_root, &root));
    root = merkle_root(&second, 1);
    assert_true(hash_equal(&lines.line[1].audit_root, &root));
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, folder_set_up, folder_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(an_interim_root_is_made_every_hour_when_lines_are_new),
        IN_FOLDER(a_root_is_the_tree_of_line_hashes_by_camera_volume_and_number),
        IN_FOLDER(a_day_root_covers_the_whole_day_and_names_the_one_before),
        IN_FOLDER(days_missed_while_off_are_caught_up_once),
        IN_FOLDER(a_clock_that_was_ahead_does_not_end_the_day_roots),
        IN_FOLDER(the_audit_log_has_its_own_tree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
