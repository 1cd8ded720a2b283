#include "archive/journal.h"
#include "archive/journal_files.h"
#include "unit.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *folder;

static int set_up(void **state)
{
    folder = g_dir_make_tmp("vonglau-journal-XXXXXX", NULL);
    return folder ? 0 : -1;
}

static int tear_down(void **state)
{
    g_autofree char *command = g_strdup_printf("rm -rf %s", folder);
    int answer = system(command);
    g_free(folder);
    return answer;
}

static JournalRecord record_of(uint8_t camera, unsigned number)
{
    JournalRecord record = {.type = JOURNAL_FRAGMENT,
                            .segment = {.camera = {{camera}},
                                        .stream = STREAM_SUB,
                                        .start_us = INT64_C(1795428060123456),
                                        .copy = 7},
                            .key = true,
                            .cause = GAP_OVERLOAD,
                            .pictures = 15,
                            .offset = UINT64_C(1) << 40 | number,
                            .bytes = UINT32_MAX,
                            .from_us = -1,
                            .to_us = INT64_MAX};
    memset(record.hash, 0xa5, sizeof record.hash);
    return record;
}

static void a_record_comes_back_as_it_was(void **state)
{
    uint8_t bytes[JOURNAL_RECORD_BYTES];
    JournalRecord before = record_of(9, 3), after;
    journal_record_encode(&before, bytes);
    assert_memory_equal(bytes, "VLJ1", 4);
    assert_true(journal_record_decode(bytes, &after));
    assert_true(segment_id_equal(&before.segment, &after.segment));
    assert_int_equal(after.type, before.type);
    assert_int_equal(after.key, true);
    assert_int_equal(after.cause, GAP_OVERLOAD);
    assert_int_equal(after.pictures, 15);
    assert_int_equal(after.offset, before.offset);
    assert_int_equal(after.bytes, UINT32_MAX);
    assert_int_equal(after.from_us, -1);
    assert_int_equal(after.to_us, INT64_MAX);
    assert_memory_equal(after.hash, before.hash, sizeof after.hash);
}

static void a_record_with_any_bit_turned_is_refused(void **state)
{
    uint8_t bytes[JOURNAL_RECORD_BYTES];
    JournalRecord before = record_of(9, 3), after;
    journal_record_encode(&before, bytes);
    for (unsigned bit = 0; bit < 8 * sizeof bytes; bit++) {
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_false(journal_record_decode(bytes, &after));
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
}

static void a_torn_tail_and_a_damaged_record_are_skipped(void **state)
{
    g_autofree char *path = journal_folder(folder);
    assert_int_equal(mkdir(path, 0750), 0);
    g_autofree char *file = journal_file_path(folder, 5);
    uint8_t bytes[4 * JOURNAL_RECORD_BYTES];
    for (unsigned i = 0; i < 4; i++) {
        JournalRecord record = record_of(1, i);
        journal_record_encode(&record, bytes + i * JOURNAL_RECORD_BYTES);
    }
    bytes[JOURNAL_RECORD_BYTES + 50] ^= 1;
    assert_true(g_file_set_contents(file, (char *)bytes, sizeof bytes - 1, NULL));
    g_autoptr(GArray) records = journal_load(folder, NULL);
    assert_int_equal(records->len, 2);
    assert_int_equal(g_array_index(records, JournalRecord, 1).offset & 0xff, 2);
}

static guint files_left(void)
{
    g_autoptr(GArray) numbers = journal_numbers(folder, NULL);
    return numbers->len;
}

static void a_file_goes_when_all_its_segments_are_forgotten(void **state)
{
    Journal *journal = journal_open(folder);
    JournalRecord first = record_of(1, 0), second = record_of(2, 0);
    assert_true(journal_append(journal, &first, 1, NULL));
    assert_true(journal_append(journal, &second, 1, NULL));
    journal_restart(journal);
    assert_true(journal_append(journal, &second, 1, NULL));
    journal_restart(journal);
    assert_int_equal(files_left(), 2);
    journal_forget(journal, &first.segment);
    assert_int_equal(files_left(), 2);
    g_autoptr(GArray) records = journal_load(folder, NULL);
    assert_int_equal(records->len, 3);
    journal_forget(journal, &second.segment);
    assert_int_equal(files_left(), 0);
    journal_close(journal);
}

static void a_full_file_is_followed_by_the_next_and_numbers_go_on(void **state)
{
    Journal *journal = journal_open(folder);
    JournalRecord records[1000];
    for (unsigned i = 0; i < 1000; i++)
        records[i] = record_of(1, i);
    for (unsigned i = 0; i < 10; i++)
        assert_true(journal_append(journal, records, 1000, NULL));
    assert_int_equal(files_left(), 2);
    assert_int_equal(journal_first(journal), 1);
    journal_close(journal); /* as after a crash: nothing is sealed */
    journal = journal_open(folder);
    assert_true(journal_append(journal, records, 1, NULL));
    assert_int_equal(journal_first(journal), 3);
    g_autoptr(GArray) all = journal_load(folder, NULL);
    assert_int_equal(all->len, 10001);
    journal_close(journal);
}

static void names_of_segments_go_both_ways(void **state)
{
    SegmentId id = {.stream = STREAM_MAIN, .start_us = INT64_C(1795428060123456)}, back = {0};
    g_autofree char *name = segment_file_name(&id);
    assert_string_equal(name, "2026-11-23/100100.123Z-main.mp4");
    assert_true(segment_file_parse(name, &back));
    assert_int_equal(back.start_us, INT64_C(1795428060123000));
    assert_int_equal(back.copy, 0);
    id.stream = STREAM_SUB;
    id.copy = 12;
    g_autofree char *second = segment_file_name(&id);
    assert_string_equal(second, "2026-11-23/100100.123Z-sub-12.mp4");
    assert_true(segment_file_parse(second, &back));
    assert_int_equal(back.stream, STREAM_SUB);
    assert_int_equal(back.copy, 12);
}

static void other_names_are_no_segments(void **state)
{
    static const char *const names[] = {
        "",
        "2026-11-23",
        "2026-11-23/",
        "2026-11-23/seals.jsonl",
        "2026-13-23/100100.123Z-main.mp4",
        "2026-11-23/240000.000Z-main.mp4",
        "2026-11-23/100160.000Z-main.mp4",
        "2026-11-23/100100.123Z-third.mp4",
        "2026-11-23/100100.123Z-main-0.mp4",
        "2026-11-23/100100.123Z-main-.mp4",
        "2026-11-23/100100.123Z-main.mp4.new",
        "2026-11-23/100100.12Z-main.mp4",
        "2026-11-23/100100.123Z-main-99999999999.mp4",
        "../../etc/100100.123Z-main.mp4",
    };
    SegmentId id;
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        if (segment_file_parse(names[i], &id))
            fail_msg("%s is taken for a segment", names[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_comes_back_as_it_was),
        cmocka_unit_test(a_record_with_any_bit_turned_is_refused),
        cmocka_unit_test_setup_teardown(a_torn_tail_and_a_damaged_record_are_skipped, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_file_goes_when_all_its_segments_are_forgotten, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_full_file_is_followed_by_the_next_and_numbers_go_on,
                                        set_up, tear_down),
        cmocka_unit_test(names_of_segments_go_both_ways),
        cmocka_unit_test(other_names_are_no_segments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
