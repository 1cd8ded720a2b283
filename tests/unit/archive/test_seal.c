#include "base/error.h"
#include "base/json.h"
#include "ledger/merkle.h"
#include "seal_fixture.h"

static char *day_seals(const Footage *footage, const char *day)
{
    g_autofree char *file = g_strdup_printf("%s/seals.jsonl", day);
    return footage_path(footage, file);
}

static SealChain *reload(const Footage *footage)
{
    SealChain *chain = seal_chain_load(footage->volume_folder, footage->volume, footage->camera,
                                       footage->key, NULL);
    assert_non_null(chain);
    return chain;
}

static void a_seal_has_the_members_of_the_format_in_their_order(void **state)
{
    static const char *const members[] = {"v",         "type",   "camera",  "volume",    "seq",
                                          "file",      "stream", "from_us", "to_us",     "bytes",
                                          "pictures",  "codec",  "width",   "height",    "audio",
                                          "offset_us", "ntp_us", "gaps",    "recovered", "entries",
                                          "root",      "prev",   "key",     "sig",       "leaves"};
    g_autoptr(Footage) footage = footage_new(*state);
    g_autofree char *file = footage_add(footage, FOOTAGE_START_US);
    g_autofree char *path = day_seals(footage, "2026-11-24");
    g_autofree char *text = text_load(path);
    g_autoptr(Json) json = json_parse(text, strlen(text), NULL);
    assert_non_null(json);
    size_t i = 0;
    for (void *at = json_object_iter(json); at; at = json_object_iter_next(json, at))
        assert_string_equal(json_object_iter_key(at), members[i++]);
    assert_int_equal(i, G_N_ELEMENTS(members));
}

static void a_seal_is_read_back_as_it_was_written(void **state)
{
    g_autoptr(Footage) footage = footage_new(*state);
    g_auto(ByteWriter) bytes = {0};
    Hash entries[FRAGMENTS + 1];
    SegmentSeal seal;
    SealGap gaps[2] = {{FOOTAGE_START_US, FOOTAGE_START_US + 5, GAP_NETWORK_STALL},
                       {FOOTAGE_START_US + 7, FOOTAGE_START_US + 9, GAP_OVERLOAD}};
    footage_make(footage, FOOTAGE_START_US, &bytes, &seal, entries);
    seal.gaps = gaps;
    seal.gap_count = 2;
    seal.recovered = true;
    seal.offset_us = -1234;
    seal.stream = STREAM_SUB;
    assert_true(seal_chain_append(footage->chain, &seal, NULL));
    g_auto(SegmentSeal) found = {0};
    assert_int_equal(seal_find(footage->volume_folder, &footage->camera, seal.file, &found, NULL),
                     1);
    assert_int_equal(found.gap_count, 2);
    assert_int_equal(found.gaps[1].cause, GAP_OVERLOAD);
    assert_int_equal(found.gaps[1].to_us, gaps[1].to_us);
    assert_int_equal(found.offset_us, -1234);
    assert_int_equal(found.stream, STREAM_SUB);
    assert_true(found.recovered);
    assert_int_equal(found.seq, 1);
    assert_int_equal(found.entry_count, FRAGMENTS + 1);
    assert_memory_equal(found.entries, entries, sizeof entries);
    assert_true(hash_equal(&found.root, &seal.root));
    assert_true(hash_equal(&found.seal.hash, &seal.seal.hash));
    assert_int_equal(found.seal.signed_bytes, seal.seal.signed_bytes);
}

static void a_chain_goes_on_across_days_and_restarts(void **state)
{
    g_autoptr(Footage) footage = footage_new(*state);
    for (int day = 0; day < 20; day++)
        g_free(footage_add(footage, FOOTAGE_START_US + day * DAY_US));
    g_autoptr(SealChain) chain = reload(footage);
    assert_int_equal(seal_chain_seq(chain), 20);
}

static void a_segment_recovered_late_does_not_fork_the_chain(void **state)
{
    g_autoptr(Footage) footage = footage_new(*state);
    g_free(footage_add(footage, FOOTAGE_START_US + DAY_US));
    g_free(footage_add(footage, FOOTAGE_START_US));
    g_autoptr(SealChain) chain = reload(footage);
    assert_int_equal(seal_chain_seq(chain), 2);
}

static void a_clock_lost_for_a_while_does_not_fork_the_chain(void **state)
{
    g_autoptr(Footage) footage = footage_new(*state);
    for (int day = 0; day < 20; day++)
        g_free(footage_add(footage, FOOTAGE_START_US + day * DAY_US));
    g_free(footage_add(footage, FOOTAGE_START_US + 4000 * DAY_US));
    g_free(footage_add(footage, FOOTAGE_START_US + 20 * DAY_US));
    g_free(footage_add(footage, 0));
    g_autoptr(SealChain) chain = reload(footage);
    assert_int_equal(seal_chain_seq(chain), 23);
}

static void a_torn_seal_is_written_again_under_its_number(void **state)
{
    g_autoptr(Footage) footage = footage_new(*state);
    g_free(footage_add(footage, FOOTAGE_START_US));
    g_free(footage_add(footage, FOOTAGE_START_US + MINUTE_US));
    g_autofree char *path = day_seals(footage, "2026-11-24");
    g_autofree char *text = text_load(path);
    text[strlen(text) - 100] = '\0';
    text_store(path, text);
    g_autoptr(SealChain) chain = reload(footage);
    assert_int_equal(seal_chain_seq(chain), 1);
    g_autofree char *kept = text_load(path);
    assert_true(g_str_has_suffix(kept, "}\n"));
}

static void retiring_deletes_the_file_and_keeps_the_bare_line(void **state)
{
    g_autoptr(Footage) footage = footage_new(*state);
    g_autofree char *first = footage_add(footage, FOOTAGE_START_US);
    g_autofree char *second = footage_add(footage, FOOTAGE_START_US + MINUTE_US);
    const char *files[] = {first};
    int64_t at_us = FOOTAGE_START_US + 30 * DAY_US;
    assert_true(seal_chain_retire(footage->chain, files, 1, "age", at_us, NULL));
    g_autofree char *path = footage_path(footage, first);
    assert_int_not_equal(access(path, F_OK), 0);
    g_auto(SegmentSeal) bare = {0}, whole = {0};
    assert_int_equal(seal_find(footage->volume_folder, &footage->camera, first, &bare, NULL), 1);
    assert_null(bare.entries);
    assert_int_equal(seal_find(footage->volume_folder, &footage->camera, second, &whole, NULL), 1);
    assert_non_null(whole.entries);
    g_autoptr(SealChain) chain = reload(footage);
    assert_int_equal(seal_chain_seq(chain), 3);
    assert_true(seal_chain_retire(footage->chain, files, 1, "age", at_us, NULL));
    assert_int_equal(seal_chain_seq(footage->chain), 3);
}

static void many_days_are_retired_in_one_call(void **state)
{
    g_autoptr(Footage) footage = footage_new(*state);
    const char *files[6];
    for (int i = 0; i < 6; i++)
        files[i] = footage_add(footage, FOOTAGE_START_US + i % 3 * DAY_US + i * MINUTE_US);
    assert_true(seal_chain_retire(footage->chain, files, 6, "quota",
                                  FOOTAGE_START_US + 2 * DAY_US + HOUR_US, NULL));
    assert_int_equal(seal_chain_seq(footage->chain), 12);
    for (int i = 0; i < 6; i++) {
        g_autofree char *path = footage_path(footage, files[i]);
        assert_int_not_equal(access(path, F_OK), 0);
        g_free((char *)(uintptr_t)files[i]);
    }
}

static bool count_retired(void *data, SegmentSeal *segment, RetiredSeal *retired)
{
    *(int *)data += retired ? 1 : 0;
    return true;
}

static void nothing_is_deleted_when_a_name_has_no_seal(void **state)
{
    g_autoptr(Footage) footage = footage_new(*state);
    g_autofree char *first = footage_add(footage, FOOTAGE_START_US);
    const char *files[] = {first, "2026-11-25/000000.000Z-main.mp4"};
    g_autoptr(GError) error = NULL;
    assert_false(seal_chain_retire(footage->chain, files, 2, "age", FOOTAGE_START_US, &error));
    assert_true(g_error_matches(error, ERR, ERR_NOT_FOUND));
    g_autofree char *path = footage_path(footage, first);
    assert_int_equal(access(path, F_OK), 0);
    int retired = 0;
    assert_true(seal_day_each(footage->volume_folder, &footage->camera, "2026-11-24", count_retired,
                              &retired, NULL));
    assert_int_equal(retired, 0);
}

static void names_that_lead_elsewhere_are_no_seals(void **state)
{
    const char *const wrong[] = {"../../../etc/passwd.mp4", "2026-11-24/../x.mp4",
                                 "2026-11-24/a/b.mp4",      "2026-11-24/.x.mp4",
                                 "2026-11-24/x.jsonl",      "2026-13-24/x.mp4"};
    g_autoptr(Footage) footage = footage_new(*state);
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        RetiredSeal made = {.seq = 1}, read;
        g_strlcpy(made.file, wrong[i], sizeof made.file);
        g_autoptr(GString) line = retired_seal_write(&made, footage->key);
        assert_false(retired_seal_parse(line->str, line->len - 1, &read));
    }
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, folder_set_up, folder_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(a_seal_has_the_members_of_the_format_in_their_order),
        IN_FOLDER(a_seal_is_read_back_as_it_was_written),
        IN_FOLDER(a_chain_goes_on_across_days_and_restarts),
        IN_FOLDER(a_segment_recovered_late_does_not_fork_the_chain),
        IN_FOLDER(a_clock_lost_for_a_while_does_not_fork_the_chain),
        IN_FOLDER(a_torn_seal_is_written_again_under_its_number),
        IN_FOLDER(retiring_deletes_the_file_and_keeps_the_bare_line),
        IN_FOLDER(many_days_are_retired_in_one_call),
        IN_FOLDER(nothing_is_deleted_when_a_name_has_no_seal),
        IN_FOLDER(names_that_lead_elsewhere_are_no_seals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
