/* Proofs that come later: once its day is over a package is led up to the root of the day, and
 * nothing else of it changes. */
#include "evidence_case.h"

#include "../ledger/ledger_fixture.h"
#include "archive/archive.h"
#include "archive/root_line.h"
#include "archive/roots.h"
#include "archive/volume.h"
#include "base/spoken.h"
#include "base/time_text.h"
#include "casework/evidence_upgrade.h"
#include "ledger/node_key.h"

#include <string.h>

static EvidenceCase *test;

#define MIDNIGHT_US (day_start_us(RIG_START_US) + DAY_US)

/* As far as the day roots that are due by then. */
static void time_passes(int64_t now_us)
{
    g_autofree char *volume = g_build_filename(test->rig.dir, "footage", NULL);
    RootsVolume one = {.folder = volume};
    Uuid node;
    assert_true(volume_read_ids(volume, &one.id, &node, NULL));
    rig_stop(&test->rig);
    g_autoptr(Roots) roots = roots_open(test->rig.dir, &one, 1, test->rig.key, NULL);
    assert_non_null(roots);
    assert_true(roots_run(roots, now_us, NULL));
}

static int set_up(void **state)
{
    test = case_start();
    return 0;
}

static int tear_down(void **state)
{
    rig_open(&test->rig);
    case_end(test);
    return 0;
}

static GString *lines_at(int64_t now_us, GError **error)
{
    g_autofree char *volume = g_build_filename(test->rig.dir, "footage", NULL);
    const char *volumes[] = {volume, NULL};
    return evidence_day_proofs(test->rig.dir, volumes, test->copy, now_us, error);
}

static void copy_package(void)
{
    g_autofree char *data = NULL;
    gsize size;
    assert_true(g_file_get_contents(test->zip, &data, &size, NULL));
    assert_true(g_file_set_contents(test->copy, data, (gssize)size, NULL));
}

static void as_it_was(const char *data, gsize size)
{
    g_autofree char *now = NULL;
    gsize now_size;
    assert_true(g_file_get_contents(test->copy, &now, &now_size, NULL));
    assert_int_equal(now_size, size);
    assert_memory_equal(now, data, size);
}

static void before_its_day_is_over_it_is_told_when_the_root_comes(void **state)
{
    g_autoptr(GError) error = NULL;
    copy_package();
    assert_null(lines_at(RIG_START_US + HOUR_US, &error));
    assert_true(g_error_matches(error, ERR, ERR_UNAVAILABLE));
    assert_non_null(strstr(error->message, "2026-11-24T00:01Z"));
}

static bool notes(const char *what)
{
    for (size_t i = 0; i < test->report.notes->len; i++)
        if (strstr(g_ptr_array_index(test->report.notes, i), what))
            return true;
    return false;
}

/* The words of the first of the lines, which is a day's root. */
static char *words_of(const GString *lines)
{
    g_auto(RootLine) root = {0};
    assert_true(root_line_parse(lines->str, strcspn(lines->str, "\n"), &root));
    assert_int_equal(root.kind, ROOT_DAY);
    return spoken_words(root.head.seal.hash.bytes, DAY_SPOKEN_BYTES);
}

static void behind_its_files_stands_the_proof_and_no_other_byte_changes(void **state)
{
    g_autoptr(GError) error = NULL;
    time_passes(MIDNIGHT_US + 2 * MINUTE_US);
    copy_package();
    g_autoptr(GString) lines = lines_at(MIDNIGHT_US + 2 * MINUTE_US, &error);
    assert_non_null(lines);
    assert_true(evidence_upgrade(test->copy, lines->str, lines->len, &error));
    assert_true(case_passes(test, test->copy, test->fingerprint));
    g_autofree char *all = g_strdup_printf("%" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " files",
                                           test->result.files, test->result.files);
    assert_true(notes(all));
    g_autofree char *words = words_of(lines);
    g_autofree char *told = g_strdup_printf("fingerprint of 2026-11-23: %s ", words);
    assert_true(notes(told));
    g_autoptr(GPtrArray) before = parts_load(test->zip), after = parts_load(test->copy);
    assert_int_equal(after->len, before->len + 1);
    for (size_t i = 0; i < before->len;
         i++) { /* in the same places, too: the ZIP is side by side */
        const Part *one = before->pdata[i], *same = after->pdata[i];
        assert_string_equal(one->name, same->name);
        assert_int_equal(one->data->len, same->data->len);
        assert_memory_equal(one->data->data, same->data->data, one->data->len);
    }
    assert_string_equal(((Part *)after->pdata[before->len])->name, PACKAGE_DAYS);
}

static void the_second_time_there_is_nothing_to_add(void **state)
{
    g_autoptr(GError) error = NULL, again = NULL;
    g_autofree char *data = NULL;
    gsize size;
    copy_package();
    g_autoptr(GString) lines = lines_at(MIDNIGHT_US + 2 * MINUTE_US, NULL);
    assert_true(evidence_upgrade(test->copy, lines->str, lines->len, NULL));
    assert_true(g_file_get_contents(test->copy, &data, &size, NULL));
    assert_null(lines_at(MIDNIGHT_US + HOUR_US, &error));
    assert_true(g_error_matches(error, ERR, ERR_EXISTS));
    assert_false(evidence_upgrade(test->copy, lines->str, lines->len, &again));
    assert_true(g_error_matches(again, ERR, ERR_EXISTS));
    as_it_was(data, size);
}

static void a_byte_changed_in_what_was_added_is_seen(void **state)
{
    g_autofree char *data = NULL;
    gsize size, whole;
    copy_package();
    assert_true(g_file_get_contents(test->copy, &data, &whole, NULL));
    g_clear_pointer(&data, g_free);
    g_autoptr(GString) lines = lines_at(MIDNIGHT_US + 2 * MINUTE_US, NULL);
    assert_true(evidence_upgrade(test->copy, lines->str, lines->len, NULL));
    assert_true(g_file_get_contents(test->copy, &data, &size, NULL));
    const char *added = memmem(data, size, lines->str, lines->len);
    size_t begin = (size_t)(added - data) - strlen(PACKAGE_DAYS) - 30;
    for (size_t i = begin; i < size; i += 11) {
        data[i] ^= 0x10;
        assert_true(g_file_set_contents(test->copy, data, (gssize)size, NULL));
        if (case_passes(test, test->copy, NULL))
            fail_msg("byte %zu was changed, and nobody saw it", i);
        data[i] ^= 0x10;
    }
}

/* Even when the ZIP around it is mended. */
static void refused(const char *from, const char *to, const char *what)
{
    g_autofree char *data = NULL;
    g_autoptr(GError) error = NULL;
    gsize size;
    copy_package();
    assert_true(g_file_get_contents(test->copy, &data, &size, NULL));
    g_autoptr(GString) lines = lines_at(MIDNIGHT_US + 2 * MINUTE_US, NULL);
    assert_true(g_string_replace(lines, from, to, 1) == 1);
    assert_false(evidence_upgrade(test->copy, lines->str, lines->len, &error));
    assert_true(g_error_matches(error, ERR, ERR_CORRUPT));
    as_it_was(data, size);
    g_autoptr(GPtrArray) parts = parts_load(test->zip);
    Part *part = g_new0(Part, 1);
    part->name = g_strdup(PACKAGE_DAYS);
    part->data = g_byte_array_new();
    g_byte_array_append(part->data, (const uint8_t *)lines->str, (guint)lines->len);
    g_ptr_array_add(parts, part);
    parts_store(parts, test->copy);
    assert_false(case_passes(test, test->copy, NULL));
    case_fault(test, what);
}

static bool take_day(void *data, const ChainLine *line)
{
    GPtrArray *days = data;
    g_auto(RootLine) root = {0};
    if (root_line_parse(line->text, line->size, &root) && root.kind == ROOT_DAY)
        g_ptr_array_add(days, g_strndup(line->text, line->size));
    return true;
}

static void a_root_of_another_day_and_forged_lines_are_seen(void **state)
{
    time_passes(MIDNIGHT_US + DAY_US + 2 * MINUTE_US);
    g_autoptr(GPtrArray) days = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *path = g_build_filename(test->rig.dir, "ledger", "roots.jsonl", NULL);
    assert_true(chain_each(path, 1, take_day, days, NULL));
    assert_int_equal(days->len, 2);
    RootLine first, second;
    assert_true(root_line_parse(days->pdata[0], strlen(days->pdata[0]), &first));
    assert_true(root_line_parse(days->pdata[1], strlen(days->pdata[1]), &second));
    g_autofree char *both =
        g_strdup_printf("%s\n%s", (char *)days->pdata[0], (char *)days->pdata[1]);
    g_autofree char *seq =
        g_strdup_printf(",\"root\":%" G_GINT64_FORMAT ",\"index\"", first.head.seq);
    refused(days->pdata[0], both, "has a root that nothing of this package is under");
    refused(days->pdata[0], days->pdata[1], "leads from or to a line that is not in this package");
    refused("\"kind\":\"day\"", "\"kind\":\"interim\"", "its signature does not hold");
    refused(",\"index\":", ",\"index\":9", "the seal is not under the root that was signed");
    refused(seq, ",\"root\":7777,\"index\"", "leads from or to a line");
    root_line_clear(&first);
    root_line_clear(&second);
}

static void a_package_that_was_changed_gets_nothing(void **state)
{
    g_autoptr(GError) error = NULL;
    copy_package();
    g_autoptr(GString) lines = lines_at(MIDNIGHT_US + 2 * MINUTE_US, NULL);
    g_autoptr(GPtrArray) parts = parts_load(test->zip);
    Part *part = parts_media(parts, 0);
    part->data->data[part->data->len / 2] ^= 1;
    parts_store(parts, test->copy);
    assert_false(evidence_upgrade(test->copy, lines->str, lines->len, &error));
    assert_true(g_error_matches(error, ERR, ERR_CORRUPT));
    assert_non_null(strstr(error->message, "nothing is added to it"));
}

static void a_package_of_another_node_is_refused(void **state)
{
    g_autofree char *elsewhere = g_dir_make_tmp("vonglau-stranger-XXXXXX", NULL);
    g_autoptr(NodeKey) stranger = node_key_open(elsewhere, NULL);
    g_autoptr(GError) error = NULL;
    const char *volumes[] = {NULL};
    assert_null(evidence_day_proofs(elsewhere, volumes, test->zip, MIDNIGHT_US, &error));
    assert_true(g_error_matches(error, ERR, ERR_DENIED));
    folder_remove(elsewhere);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(before_its_day_is_over_it_is_told_when_the_root_comes),
        cmocka_unit_test(behind_its_files_stands_the_proof_and_no_other_byte_changes),
        cmocka_unit_test(the_second_time_there_is_nothing_to_add),
        cmocka_unit_test(a_byte_changed_in_what_was_added_is_seen),
        cmocka_unit_test(a_root_of_another_day_and_forged_lines_are_seen),
        cmocka_unit_test(a_package_that_was_changed_gets_nothing),
        cmocka_unit_test(a_package_of_another_node_is_refused),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
