/* Every manipulation is caught, and what is whole is not blamed. */
#include "archive/journal.h"
#include "archive/verify.h"
#include "ledger/chain.h"
#include "seal_fixture.h"

enum { SEGMENTS = 3 };

/* Three sealed segments, a minute apart, a root over them, an audit log, and the server gone. */
typedef struct Case {
    Footage *footage;
    char *file[SEGMENTS], *path[SEGMENTS];
    char *seals; /* path of the day's seals.jsonl */
    VerifyReport report;
} Case;

static Case *case_new(const char *folder)
{
    Case *test = g_new0(Case, 1);
    test->footage = footage_new(folder);
    for (int i = 0; i < SEGMENTS; i++) {
        test->file[i] = footage_add(test->footage, FOOTAGE_START_US + i * MINUTE_US);
        test->path[i] = footage_path(test->footage, test->file[i]);
    }
    test->seals = footage_path(test->footage, "2026-11-24/seals.jsonl");
    g_autofree char *audit_folder = g_build_filename(folder, "ledger", "audit", NULL);
    g_autoptr(Chain) audit = chain_open_daily(audit_folder, test->footage->key, NULL);
    g_autoptr(GString) fields = g_string_new(NULL);
    line_put_text(fields, "action", "sign-in");
    for (int i = 0; i < 3; i++)
        assert_true(chain_append(audit, "audit", FOOTAGE_START_US, fields, NULL));
    g_autoptr(Roots) roots = footage_roots(test->footage);
    assert_true(roots_run(roots, FOOTAGE_START_US + HOUR_US, NULL));
    assert_true(roots_run(roots, FOOTAGE_START_US + DAY_US + HOUR_US, NULL));
    verify_report_init(&test->report);
    return test;
}

static void case_free(Case *test)
{
    verify_report_clear(&test->report);
    for (int i = 0; i < SEGMENTS; i++) {
        g_free(test->file[i]);
        g_free(test->path[i]);
    }
    g_free(test->seals);
    footage_free(test->footage);
    g_free(test);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Case, case_free)

static bool passes(Case *test, const char *target, const char *fingerprint)
{
    VerifyOptions options = {.key_fingerprint = fingerprint};
    verify_report_clear(&test->report);
    verify_report_init(&test->report);
    assert_true(
        verify_target(target ? target : test->footage->data, &options, &test->report, NULL));
    return verify_passed(&test->report);
}

/* The fault whose text holds `what`; fails the test when there is none. */
static const VerifyFault *fault_with(const Case *test, const char *what)
{
    for (size_t i = 0; i < test->report.faults->len; i++) {
        const VerifyFault *fault = g_ptr_array_index(test->report.faults, i);
        if (strstr(fault->what, what))
            return fault;
    }
    verify_print(&test->report, stderr);
    fail_msg("no fault says ‘%s’", what);
    return NULL;
}

static void caught(Case *test, const char *what)
{
    assert_false(passes(test, NULL, NULL));
    fault_with(test, what);
}

/* `seconds` after the start of the first segment. */
static void caught_at(Case *test, const char *what, int64_t from_s, int64_t to_s)
{
    char uuid[UUID_TEXT];
    caught(test, what);
    const VerifyFault *fault = fault_with(test, what);
    assert_string_equal(fault->camera, uuid_text(&test->footage->camera, uuid));
    assert_int_equal((fault->from_us - FOOTAGE_START_US) / SECOND_US, from_s);
    assert_int_equal((fault->to_us - FOOTAGE_START_US) / SECOND_US, to_s);
}

typedef struct Bytes {
    uint8_t *data;
    gsize size;
} Bytes;

static Bytes bytes_load(const char *path)
{
    Bytes bytes;
    assert_true(g_file_get_contents(path, (char **)&bytes.data, &bytes.size, NULL));
    return bytes;
}

static void bytes_store(const char *path, const void *data, size_t size)
{
    assert_true(g_file_set_contents(path, data, (gssize)size, NULL));
}

/* Where fragment `index` (0 … FRAGMENTS) begins; all are of one size. */
static size_t fragment_at(const Bytes *bytes, int index)
{
    size_t each = 32 + 68 + 608;
    return bytes->size - each * (size_t)(FRAGMENTS - index);
}

static void untouched_footage_passes(void **state)
{
    g_autoptr(Case) test = case_new(*state);
    if (!passes(test, NULL, NULL))
        verify_print(&test->report, stderr);
    assert_int_equal(test->report.faults->len, 0);
    assert_int_equal(test->report.notes->len, 0);
    assert_int_equal(test->report.segments, SEGMENTS);
    assert_int_equal(test->report.fragments, SEGMENTS * FRAGMENTS);
    assert_int_equal(test->report.roots, 2);
    assert_false(test->report.key_confirmed);
    char fingerprint[FINGERPRINT_TEXT];
    public_key_fingerprint(node_key_public(test->footage->key), fingerprint);
    assert_string_equal(test->report.fingerprint, fingerprint);
    assert_true(passes(test, NULL, fingerprint));
    assert_true(test->report.key_confirmed);
}

static void each_part_alone_passes_too(void **state)
{
    g_autoptr(Case) test = case_new(*state);
    char uuid[UUID_TEXT];
    uuid_text(&test->footage->camera, uuid);
    g_autofree char *camera = g_build_filename(test->footage->volume_folder, uuid, NULL);
    g_autofree char *day = g_build_filename(camera, "2026-11-24", NULL);
    assert_true(passes(test, test->footage->volume_folder, NULL));
    assert_true(passes(test, camera, NULL));
    assert_true(passes(test, day, NULL));
    assert_true(passes(test, test->path[1], NULL));
    assert_int_equal(test->report.segments, 1);
}

static void one_flipped_bit_anywhere_in_a_fragment_names_its_second(void **state)
{
    g_autoptr(Case) test = case_new(*state);
    Bytes whole = bytes_load(test->path[1]);
    size_t start = fragment_at(&whole, 4), end = fragment_at(&whole, 5);
    for (size_t at = start; at < end; at += at < start + 120 ? 1 : 97) {
        whole.data[at] ^= 0x40;
        bytes_store(test->path[1], whole.data, whole.size);
        caught_at(test, "fragment 5 was changed", 64, 65);
        assert_int_equal(test->report.faults->len, 1);
        whole.data[at] ^= 0x40;
    }
    g_free(whole.data);
}

static void a_changed_init_part_is_caught(void **state)
{
    g_autoptr(Case) test = case_new(*state);
    Bytes whole = bytes_load(test->path[0]);
    for (size_t at = 0; at < fragment_at(&whole, 0); at++) {
        whole.data[at] ^= 1;
        bytes_store(test->path[0], whole.data, whole.size);
        caught_at(test, "the init part", 0, 10);
        assert_int_equal(test->report.faults->len, 1);
        whole.data[at] ^= 1;
    }
    g_free(whole.data);
}

static void a_dropped_fragment_is_caught(void **state)
{
    g_autoptr(Case) test = case_new(*state);
    Bytes whole = bytes_load(test->path[0]);
    size_t start = fragment_at(&whole, 6), end = fragment_at(&whole, 7);
    memmove(whole.data + start, whole.data + end, whole.size - end);
    bytes_store(test->path[0], whole.data, whole.size - (end - start));
    caught_at(test, "fragment 7 is missing", 6, 7);
    g_free(whole.data);
}

static void two_swapped_fragments_are_caught(void **state)
{
    g_autoptr(Case) test = case_new(*state);
    Bytes whole = bytes_load(test->path[0]);
    size_t start = fragment_at(&whole, 2), each = fragment_at(&whole, 3) - start;
    g_autofree uint8_t *moved = g_memdup2(whole.data + start, each);
    memcpy(whole.data + start, whole.data + start + each, each);
    memcpy(whole.data + start + each, moved, each);
    bytes_store(test->path[0], whole.data, whole.size);
    caught_at(test, "fragment 3 was moved", 2, 3);
    g_free(whole.data);
}

static void a_fragment_put_in_twice_or_from_elsewhere_is_caught(void **state)
{
    g_autoptr(Case) test = case_new(*state);
    Bytes whole = bytes_load(test->path[0]), other = bytes_load(test->path[1]);
    size_t at = fragment_at(&whole, 2), each = fragment_at(&whole, 3) - at;
    g_autofree uint8_t *longer = g_malloc(whole.size + each);
    memcpy(longer, whole.data, at + each);
    memcpy(longer + at + each, whole.data + at, whole.size - at);
    bytes_store(test->path[0], longer, whole.size + each);
    caught_at(test, "fragment 3 stands there twice", 2, 3);
    memcpy(longer + at, other.data + at, each);
    bytes_store(test->path[0], longer, whole.size + each);
    caught_at(test, "were put in after sealing", 2, 2);
    memcpy(whole.data + at, other.data + at, each);
    bytes_store(test->path[0], whole.data, whole.size);
    caught_at(test, "fragment 3 was changed", 2, 3);
    g_free(whole.data);
    g_free(other.data);
}

static void a_file_cut_off_or_with_bytes_behind_is_caught(void **state)
{
    g_autoptr(Case) test = case_new(*state);
    Bytes whole = bytes_load(test->path[0]);
    bytes_store(test->path[0], whole.data, fragment_at(&whole, 8));
    caught_at(test, "fragments 9 to 10 and the end of the file: cut off", 8, 10);
    bytes_store(test->path[0], whole.data, whole.size - 1);
    caught_at(test, "fragment 10 was changed", 9, 10);
    g_autofree uint8_t *longer = g_malloc0(whole.size + 3);
    memcpy(longer, whole.data, whole.size);
    bytes_store(test->path[0], longer, whole.size + 3);
    caught_at(test, "3 bytes at offset", 10, 10);
    bytes_store(test->path[0], "", 0);
    caught(test, "the init part");
    g_free(whole.data);
}

static void a_file_exchanged_for_another_sealed_one_is_caught(void **state)
{
    g_autoptr(Case) test = case_new(*state);
    Bytes other = bytes_load(test->path[1]);
    bytes_store(test->path[0], other.data, other.size);
    caught_at(test, "fragments 1 to 10 were changed", 0, 10);
    g_free(other.data);
}

static void a_deleted_file_is_caught(void **state)
{
    g_autoptr(Case) test = case_new(*state);
    unlink(test->path[1]);
    caught_at(test, "the file is gone, and no retired line says why", 60, 70);
}

static void a_file_nobody_sealed_is_caught_wherever_it_lies(void **state)
{
    g_autoptr(Case) test = case_new(*state);
    Bytes some = bytes_load(test->path[0]);
    g_autofree char *beside = footage_path(test->footage, "2026-11-24/000500.000Z-main.mp4");
    bytes_store(beside, some.data, some.size);
    caught_at(test, "neither a seal nor the journal knows this file", 0, 9);
    unlink(beside);
    g_autofree char *above = footage_path(test->footage, "x.mp4");
    bytes_store(above, some.data, some.size);
    caught(test, "a file where no footage belongs");
    g_free(some.data);
}

static void a_removed_line_is_caught(void **state)
{
    g_autoptr(Case) test = case_new(*state);
    g_auto(GStrv) lines = lines_load(test->seals);
    g_free(lines[1]);
    lines[1] = lines[2];
    lines[2] = NULL;
    lines_store(test->seals, lines);
    caught_at(test, "has number 3 where 2 must come", 10, 120);
    fault_with(test, "neither a seal nor the journal knows this file");
    unlink(test->path[1]);
    caught(test, "has number 3 where 2 must come");
}

static void the_newest_line_removed_with_its_file_is_caught_by_the_roots(void **state)
{
    g_autoptr(Case) test = case_new(*state);
    g_auto(GStrv) lines = lines_load(test->seals);
    g_clear_pointer(&lines[2], g_free);
    lines_store(test->seals, lines);
    unlink(test->path[2]);
    caught(test, "the newest lines of this camera that it covers are gone");
}

static void a_whole_camera_removed_is_caught_by_the_roots(void **state)
{
    g_autoptr(Case) test = case_new(*state);
    g_autofree char *camera = footage_path(test->footage, "");
    folder_remove(camera);
    caught(test, "all of this camera's lines are gone");
}

static void an_edited_line_is_caught(void **state)
{
    g_autoptr(Case) test = case_new(*state);
    text_edit(test->seals, "\"ntp_us\":-1000000000", "\"ntp_us\":5");
    caught_at(test, "line 1 was changed: its signature does not hold", 0, 10);
    fault_with(test, "it is not the root of the lines that it covers");
}

static void reordered_lines_are_caught(void **state)
{
    g_autoptr(Case) test = case_new(*state);
    g_auto(GStrv) lines = lines_load(test->seals);
    char *first = lines[0];
    lines[0] = lines[1];
    lines[1] = first;
    lines_store(test->seals, lines);
    caught_at(test, "line 2 was moved", 0, 10);
}

static void leaves_that_were_changed_with_the_file_are_caught(void **state)
{
    g_autoptr(Case) test = case_new(*state);
    text_edit(test->seals, "\"leaves\":\"", "\"leaves\":\"AAAA");
    caught(test, "line 1 cannot be read");
    g_autofree char *text = text_load(test->seals);
    char *leaves = strstr(text, "AAAA");
    memmove(leaves, leaves + 4, strlen(leaves + 4) + 1);
    leaves[0] = leaves[0] == 'A' ? 'B' : 'A';
    text_store(test->seals, text);
    caught_at(test, "leaves do not have the root that was signed", 0, 10);
}

static void leaves_taken_out_without_a_retired_line_are_caught(void **state)
{
    g_autoptr(Case) test = case_new(*state);
    g_autofree char *text = text_load(test->seals);
    char *leaves = strstr(text, ",\"leaves\":\"");
    char *end = strchr(leaves, '}');
    memmove(leaves, end, strlen(end) + 1);
    text_store(test->seals, text);
    unlink(test->path[0]);
    caught_at(test, "lost its leaves, and no retired line says why", 0, 10);
}

/* The same footage sealed anew by another key. */
static void seal_anew(Case *test, const NodeKey *stranger, unsigned from)
{
    g_auto(GStrv) lines = lines_load(test->seals);
    Hash prev = {0};
    for (unsigned i = 0; lines[i]; i++) {
        g_auto(SegmentSeal) seal = {0};
        assert_true(segment_seal_parse(lines[i], strlen(lines[i]) - 1, &seal));
        if (i >= from) {
            seal.prev = prev;
            g_free(lines[i]);
            lines[i] = g_string_free(segment_seal_write(&seal, stranger), FALSE);
        }
        prev = seal.seal.hash;
    }
    lines_store(test->seals, lines);
}

static void a_seal_by_another_key_is_caught(void **state)
{
    g_autoptr(Case) test = case_new(*state);
    g_autoptr(NodeKey) stranger = node_key_from_seed((const uint8_t[NODE_KEY_SEED_BYTES]){9});
    seal_anew(test, stranger, 2);
    caught_at(test, "line 3 is signed by key", 120, 130);
}

static void everything_signed_anew_is_caught_by_the_fingerprint(void **state)
{
    g_autoptr(Case) test = case_new(*state);
    char fingerprint[FINGERPRINT_TEXT];
    public_key_fingerprint(node_key_public(test->footage->key), fingerprint);
    g_autofree char *ledger = g_build_filename(*state, "ledger", NULL);
    g_autofree char *keys = g_build_filename(*state, "keys", NULL);
    folder_remove(ledger);
    folder_remove(keys);
    g_autoptr(NodeKey) stranger = node_key_open(*state, NULL);
    seal_anew(test, stranger, 0);
    assert_true(passes(test, NULL, NULL));
    assert_false(passes(test, NULL, fingerprint));
    fault_with(test, "signed by another key than the one asked for");
    assert_false(test->report.key_confirmed);
}

static void a_changed_root_is_caught(void **state)
{
    g_autoptr(Case) test = case_new(*state);
    g_autofree char *roots = g_build_filename(*state, "ledger", "roots.jsonl", NULL);
    text_edit(roots, "\"kind\":\"day\"", "\"kind\":\"interim\"");
    caught(test, "line 2 was changed");
}

static void audit_lines_cut_off_behind_a_root_are_caught(void **state)
{
    g_autoptr(Case) test = case_new(*state);
    g_autofree char *audit = g_build_filename(*state, "ledger", "audit", "2026-11-24.jsonl", NULL);
    g_auto(GStrv) lines = lines_load(audit);
    g_clear_pointer(&lines[2], g_free);
    lines_store(audit, lines);
    caught(test, "lines of the audit log that it covers are gone or were changed");
}

static void an_audit_log_with_a_line_changed_removed_or_moved_is_caught(void **state)
{
    g_autoptr(Case) test = case_new(*state);
    g_autofree char *audit = g_build_filename(*state, "ledger", "audit", "2026-11-24.jsonl", NULL);
    text_edit(audit, "sign-in", "sign-on");
    caught(test, "signature");
    text_edit(audit, "sign-on", "sign-in");
    assert_true(passes(test, NULL, NULL));
    g_auto(GStrv) lines = lines_load(audit);
    char *second = lines[1];
    lines[1] = lines[0], lines[0] = second; /* the first two change places */
    lines_store(audit, lines);
    caught(test, "has number");
    lines[0] = lines[1], lines[1] = lines[2], lines[2] = NULL; /* the second is gone */
    lines_store(audit, lines);
    caught(test, "has number");
    g_free(second);
}

/* Whether a root line is among the faults. */
static bool root_is_faulty(const Case *test, unsigned line)
{
    g_autofree char *name = g_strdup_printf("line %u", line);
    for (guint i = 0; i < test->report.faults->len; i++) {
        const VerifyFault *fault = g_ptr_array_index(test->report.faults, i);
        if (strstr(fault->path, "roots.jsonl") && strstr(fault->what, name))
            return true;
    }
    return false;
}

static void a_damaged_audit_line_is_told_and_later_roots_are_made_and_hold(void **state)
{
    g_autoptr(Case) test = case_new(*state);
    g_autofree char *audit = g_build_filename(*state, "ledger", "audit", "2026-11-24.jsonl", NULL);
    g_autofree char *folder = g_path_get_dirname(audit);
    g_auto(GStrv) lines = lines_load(audit);
    lines[1][0] = '#';
    lines_store(audit, lines);
    g_autoptr(Chain) chain = chain_open_daily(folder, test->footage->key, NULL);
    g_autoptr(GString) fields = g_string_new(NULL);
    line_put_text(fields, "action", "sign-in");
    assert_true(chain_append(chain, "audit", FOOTAGE_START_US, fields, NULL));
    g_autoptr(Roots) roots = footage_roots(test->footage);
    assert_true(roots_make_interim(roots, FOOTAGE_START_US + DAY_US + 3 * HOUR_US, NULL));
    caught(test, "cannot be read");
    assert_true(root_is_faulty(test, 1)); /* it covers the line as it was */
    assert_false(root_is_faulty(test, 3));
}

static void a_retired_segment_passes(void **state)
{
    g_autoptr(Case) test = case_new(*state);
    const char *files[] = {test->file[0], test->file[1]};
    assert_true(seal_chain_retire(test->footage->chain, files, 2, "age",
                                  FOOTAGE_START_US + 2 * DAY_US, NULL));
    if (!passes(test, NULL, NULL))
        verify_print(&test->report, stderr);
    assert_int_equal(test->report.faults->len, 0);
    assert_int_equal(test->report.retired, 2);
    assert_int_equal(test->report.segments, 1);
}

static void a_forged_retired_line_is_caught(void **state)
{
    g_autoptr(Case) test = case_new(*state);
    g_autoptr(NodeKey) stranger = node_key_from_seed((const uint8_t[NODE_KEY_SEED_BYTES]){9});
    g_autoptr(SealChain) forger = seal_chain_load(
        test->footage->volume_folder, test->footage->volume, test->footage->camera, stranger, NULL);
    const char *files[] = {test->file[1]};
    assert_true(seal_chain_retire(forger, files, 1, "age", FOOTAGE_START_US + 2 * DAY_US, NULL));
    caught(test, "is signed by key");
    const VerifyFault *fault = fault_with(test, "lost its leaves, and no retired line says why");
    assert_int_equal(fault->from_us, FOOTAGE_START_US + MINUTE_US);
}

/* The states in which a kill can leave a retirement: all pass, and can be taken up again. */
static void a_retirement_cut_off_at_any_point_passes_and_can_be_ended(void **state)
{
    g_autoptr(Case) test = case_new(*state);
    const char *files[] = {test->file[1]};
    Bytes whole = bytes_load(test->path[1]);
    g_autofree char *before = text_load(test->seals);
    int64_t at_us = FOOTAGE_START_US + 2 * DAY_US;
    assert_true(seal_chain_retire(test->footage->chain, files, 1, "age", at_us, NULL));
    text_store(test->seals, before);
    assert_true(passes(test, NULL, NULL)); /* file deleted, leaves still there */
    bytes_store(test->path[1], whole.data, whole.size);
    assert_true(passes(test, NULL, NULL)); /* only the retired line is there */
    assert_true(seal_chain_retire(test->footage->chain, files, 1, "age", at_us, NULL));
    assert_true(passes(test, NULL, NULL));
    assert_int_equal(test->report.retired, 1);
    g_free(whole.data);
}

static void footage_of_one_camera_under_the_name_of_another_is_caught(void **state)
{
    g_autoptr(Case) test = case_new(*state);
    g_autofree char *camera = footage_path(test->footage, "");
    g_autofree char *other = g_strdup(camera);
    char *last = &other[strlen(other) - 1];
    *last = *last == '0' ? '1' : '0';
    assert_int_equal(rename(camera, other), 0);
    caught(test, "is of another camera or volume");
}

static void a_rotated_key_goes_on_to_be_trusted(void **state)
{
    g_autoptr(Case) test = case_new(*state);
    char old_fingerprint[FINGERPRINT_TEXT], new_fingerprint[FINGERPRINT_TEXT];
    public_key_fingerprint(node_key_public(test->footage->key), old_fingerprint);
    g_autoptr(NodeKey) key = node_key_rotate(*state, test->footage->key, NULL);
    public_key_fingerprint(node_key_public(key), new_fingerprint);
    g_autoptr(SealChain) chain = seal_chain_load(
        test->footage->volume_folder, test->footage->volume, test->footage->camera, key, NULL);
    SealChain *old_chain = test->footage->chain;
    test->footage->chain = chain;
    g_free(footage_add(test->footage, FOOTAGE_START_US + 5 * MINUTE_US));
    test->footage->chain = old_chain;
    assert_true(passes(test, NULL, old_fingerprint));
    assert_true(passes(test, NULL, new_fingerprint));
    SealChain *stale = seal_chain_load(test->footage->volume_folder, test->footage->volume,
                                       test->footage->camera, test->footage->key, NULL);
    test->footage->chain = stale;
    g_free(footage_add(test->footage, FOOTAGE_START_US + 6 * MINUTE_US));
    caught(test, "is signed by a key that had been replaced by then");
    seal_chain_free(stale);
    test->footage->chain = old_chain;
}

/* A segment that is being written: its bytes, and the journal's records of them. */
static char *open_segment(Footage *footage, Journal *journal)
{
    g_auto(ByteWriter) bytes = {0};
    Hash entries[FRAGMENTS + 1];
    SegmentSeal seal;
    SegmentId id = {.camera = footage->camera, .start_us = FOOTAGE_START_US + HOUR_US};
    footage_make(footage, id.start_us, &bytes, &seal, entries);
    footage_store(footage, seal.file, &bytes);
    uint32_t each = 32 + 68 + 608, init = (uint32_t)bytes.size - FRAGMENTS * each;
    JournalRecord records[FRAGMENTS + 1];
    for (uint32_t i = 0; i <= FRAGMENTS; i++) {
        records[i] = (JournalRecord){.type = i ? JOURNAL_FRAGMENT : JOURNAL_INIT,
                                     .segment = id,
                                     .pictures = i ? 15 : 0,
                                     .offset = i ? init + (i - 1) * each : 0,
                                     .bytes = i ? each : init,
                                     .from_us = id.start_us + (i ? (i - 1) * SECOND_US : 0),
                                     .to_us = id.start_us + i * SECOND_US};
        memcpy(records[i].hash, entries[i].bytes, SHA256_BYTES);
    }
    assert_true(journal_append(journal, records, FRAGMENTS + 1, NULL));
    return footage_path(footage, seal.file);
}

static void an_open_segment_is_held_against_the_journal(void **state)
{
    g_autoptr(Case) test = case_new(*state);
    Journal *journal = journal_open(test->footage->volume_folder);
    assert_non_null(journal);
    g_autofree char *path = open_segment(test->footage, journal);
    if (!passes(test, NULL, NULL))
        verify_print(&test->report, stderr);
    assert_int_equal(test->report.faults->len, 0);
    assert_int_equal(test->report.open_segments, 1);
    Bytes whole = bytes_load(path);
    bytes_store(path, whole.data, whole.size - 700);
    assert_true(passes(test, NULL, NULL));
    assert_int_equal(test->report.notes->len, 1);
    whole.data[fragment_at(&whole, 3) + 200] ^= 1;
    bytes_store(path, whole.data, whole.size);
    caught_at(test, "not what the journal says was written", 3603, 3610);
    g_free(whole.data);
    journal_close(journal);
}

static void an_empty_target_does_not_pass(void **state)
{
    g_autoptr(NodeKey) key = node_key_open(*state, NULL);
    g_auto(VerifyReport) report;
    verify_report_init(&report);
    assert_true(verify_target(*state, NULL, &report, NULL));
    assert_int_equal(report.faults->len, 0);
    assert_false(verify_passed(&report));
}

static void a_target_that_is_none_is_an_error(void **state)
{
    g_auto(VerifyReport) report;
    g_autoptr(GError) missing = NULL, foreign = NULL, key = NULL;
    verify_report_init(&report);
    g_autofree char *path = g_build_filename(*state, "nothing", NULL);
    assert_false(verify_target(path, NULL, &report, &missing));
    assert_non_null(strstr(missing->message, "No such file"));
    assert_false(verify_target(*state, NULL, &report, &foreign));
    assert_non_null(strstr(foreign->message, "is not a data folder"));
    VerifyOptions options = {.key_fingerprint = "1234"};
    assert_false(verify_target(*state, &options, &report, &key));
    assert_non_null(strstr(key->message, "is no fingerprint"));
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, folder_set_up, folder_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(untouched_footage_passes),
        IN_FOLDER(each_part_alone_passes_too),
        IN_FOLDER(one_flipped_bit_anywhere_in_a_fragment_names_its_second),
        IN_FOLDER(a_changed_init_part_is_caught),
        IN_FOLDER(a_dropped_fragment_is_caught),
        IN_FOLDER(two_swapped_fragments_are_caught),
        IN_FOLDER(a_fragment_put_in_twice_or_from_elsewhere_is_caught),
        IN_FOLDER(a_file_cut_off_or_with_bytes_behind_is_caught),
        IN_FOLDER(a_file_exchanged_for_another_sealed_one_is_caught),
        IN_FOLDER(a_deleted_file_is_caught),
        IN_FOLDER(a_file_nobody_sealed_is_caught_wherever_it_lies),
        IN_FOLDER(a_removed_line_is_caught),
        IN_FOLDER(the_newest_line_removed_with_its_file_is_caught_by_the_roots),
        IN_FOLDER(a_whole_camera_removed_is_caught_by_the_roots),
        IN_FOLDER(an_edited_line_is_caught),
        IN_FOLDER(reordered_lines_are_caught),
        IN_FOLDER(leaves_that_were_changed_with_the_file_are_caught),
        IN_FOLDER(leaves_taken_out_without_a_retired_line_are_caught),
        IN_FOLDER(a_seal_by_another_key_is_caught),
        IN_FOLDER(everything_signed_anew_is_caught_by_the_fingerprint),
        IN_FOLDER(a_changed_root_is_caught),
        IN_FOLDER(audit_lines_cut_off_behind_a_root_are_caught),
        IN_FOLDER(an_audit_log_with_a_line_changed_removed_or_moved_is_caught),
        IN_FOLDER(a_damaged_audit_line_is_told_and_later_roots_are_made_and_hold),
        IN_FOLDER(a_retired_segment_passes),
        IN_FOLDER(a_forged_retired_line_is_caught),
        IN_FOLDER(a_retirement_cut_off_at_any_point_passes_and_can_be_ended),
        IN_FOLDER(footage_of_one_camera_under_the_name_of_another_is_caught),
        IN_FOLDER(a_rotated_key_goes_on_to_be_trusted),
        IN_FOLDER(an_open_segment_is_held_against_the_journal),
        IN_FOLDER(an_empty_target_does_not_pass),
        IN_FOLDER(a_target_that_is_none_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
