#include "base/clock.h"
#include "ledger/chain.h"
#include "ledger/jsonl.h"
#include "ledger/node_key.h"
#include "ledger_fixture.h"

#include <fcntl.h>
#include <sys/stat.h>

typedef struct Seen {
    unsigned lines;
    GString *faults;
} Seen;

static bool see(void *data, const ChainLine *line)
{
    ((Seen *)data)->lines++;
    return true;
}

static void see_fault(void *data, const char *path, unsigned number, const char *what)
{
    g_string_append_printf(((Seen *)data)->faults, "%u %s\n", number, what);
}

static void append(Chain *chain, int64_t utc_us, const char *what)
{
    g_autoptr(GString) fields = g_string_new(NULL);
    line_put_text(fields, "action", what);
    assert_true(chain_append(chain, "audit", utc_us, fields, NULL));
}

static char *data_with_chain(const char *folder, unsigned lines)
{
    g_autoptr(NodeKey) key = node_key_open(folder, NULL);
    assert_non_null(key);
    char *path = g_build_filename(folder, "ledger", "holds.jsonl", NULL);
    g_autoptr(Chain) chain = chain_open(path, key, NULL);
    for (unsigned i = 0; i < lines; i++) {
        g_autofree char *what = g_strdup_printf("act-%u", i);
        append(chain, 0, what);
    }
    return path;
}

static KeyRing *ring_of(const char *folder)
{
    g_autofree char *path = g_build_filename(folder, "ledger", "keys.jsonl", NULL);
    KeyRing *ring = key_ring_load(path, NULL);
    assert_non_null(ring);
    return ring;
}

/* Faults found; what they say must hold `wanted`. */
static unsigned faults_of(const char *folder, const char *path, const char *wanted)
{
    g_autoptr(KeyRing) ring = ring_of(folder);
    Seen seen = {.faults = g_string_new(NULL)};
    unsigned faults = chain_check(path, ring, see, see_fault, &seen);
    if (wanted && !strstr(seen.faults->str, wanted))
        fail_msg("‘%s’ is not in: %s", wanted, seen.faults->str);
    g_string_free(seen.faults, TRUE);
    return faults;
}

static void an_untouched_chain_has_no_fault(void **state)
{
    g_autofree char *path = data_with_chain(*state, 5);
    assert_int_equal(faults_of(*state, path, NULL), 0);
}

static void a_chain_goes_on_where_it_was_closed(void **state)
{
    g_autofree char *path = data_with_chain(*state, 2);
    g_autofree char *again = data_with_chain(*state, 2);
    g_autoptr(NodeKey) key = node_key_open(*state, NULL);
    g_autoptr(Chain) chain = chain_open(path, key, NULL);
    assert_int_equal(chain_seq(chain), 4);
    assert_int_equal(faults_of(*state, path, NULL), 0);
}

static void an_edited_line_is_caught(void **state)
{
    g_autofree char *path = data_with_chain(*state, 5);
    text_edit(path, "act-2", "act-9");
    assert_int_equal(faults_of(*state, path, "3 was changed"), 2);
}

static void a_removed_line_is_caught(void **state)
{
    g_autofree char *path = data_with_chain(*state, 5);
    g_auto(GStrv) lines = lines_load(path);
    g_free(lines[1]);
    memmove(lines + 1, lines + 2, 4 * sizeof *lines);
    lines_store(path, lines);
    assert_int_equal(faults_of(*state, path, "2 has number 3 where 2 must come"), 1);
}

static void swapped_lines_are_caught(void **state)
{
    g_autofree char *path = data_with_chain(*state, 5);
    g_auto(GStrv) lines = lines_load(path);
    char *moved = lines[1];
    lines[1] = lines[2];
    lines[2] = moved;
    lines_store(path, lines);
    assert_true(faults_of(*state, path, "2 has number 3 where 2 must come") >= 2);
}

static void a_line_by_a_stranger_is_caught(void **state)
{
    g_autofree char *path = data_with_chain(*state, 2);
    g_autoptr(NodeKey) stranger = node_key_from_seed((const uint8_t[NODE_KEY_SEED_BYTES]){9});
    g_autoptr(Chain) chain = chain_open(path, stranger, NULL);
    append(chain, 0, "forged");
    assert_int_equal(faults_of(*state, path, "3 is signed by key"), 1);
}

static void a_torn_last_line_is_cut_and_kept_aside(void **state)
{
    g_autofree char *path = data_with_chain(*state, 3);
    g_autofree char *text = text_load(path);
    g_autofree char *torn = g_strconcat(text, "{\"v\":1,\"type\":\"aud", NULL);
    text_store(path, torn);
    g_autofree char *again = data_with_chain(*state, 1);
    assert_int_equal(faults_of(*state, path, NULL), 0);
    g_autofree char *aside_path = g_strconcat(path, ".torn", NULL);
    g_autofree char *aside = text_load(aside_path);
    assert_string_equal(aside, "{\"v\":1,\"type\":\"aud\n");
}

static void a_chain_goes_on_behind_a_damaged_last_line_and_the_check_tells(void **state)
{
    g_autofree char *path = data_with_chain(*state, 3);
    text_edit(path, "act-2\",", "act-2\",,");
    g_autofree char *again = data_with_chain(*state, 1);
    assert_int_equal(faults_of(*state, path, "3 cannot be read"), 1);
}

static void a_daily_chain_goes_on_from_day_to_day(void **state)
{
    g_autoptr(NodeKey) key = node_key_open(*state, NULL);
    g_autofree char *folder = g_build_filename(*state, "ledger", "audit", NULL);
    g_autoptr(Chain) chain = chain_open_daily(folder, key, NULL);
    append(chain, 0, "a");
    append(chain, DAY_US, "b");
    append(chain, DAY_US - 1, "late: stays in the newer file");
    append(chain, 3 * DAY_US, "c");
    g_clear_pointer(&chain, chain_close);
    chain = chain_open_daily(folder, key, NULL);
    assert_int_equal(chain_seq(chain), 4);
    append(chain, 3 * DAY_US, "d");
    assert_int_equal(faults_of(*state, folder, NULL), 0);
    Seen seen = {0};
    assert_true(chain_each(folder, 3, see, &seen, NULL));
    assert_int_equal(seen.lines, 3);
    g_autofree char *day = g_build_filename(folder, "1970-01-02.jsonl", NULL);
    unlink(day);
    assert_true(faults_of(*state, folder, "1 has number 4 where 2 must come") > 0);
}

static void many_waiting_lines_are_written_at_once_into_their_days(void **state)
{
    g_autoptr(NodeKey) key = node_key_open(*state, NULL);
    g_autofree char *folder = g_build_filename(*state, "ledger", "audit", NULL);
    g_autoptr(Chain) chain = chain_open_daily(folder, key, NULL);
    g_autoptr(GString) fields = g_string_new(NULL);
    for (int64_t i = 0; i < 300; i++)
        assert_true(chain_add(chain, "audit", i / 100 * DAY_US, fields, NULL));
    assert_int_equal(chain_seq(chain), 0);
    assert_true(chain_sync(chain, NULL));
    assert_int_equal(chain_seq(chain), 300);
    g_autofree char *day = g_build_filename(folder, "1970-01-03.jsonl", NULL);
    g_auto(GStrv) lines = lines_load(day);
    assert_int_equal(g_strv_length(lines), 100);
    assert_int_equal(faults_of(*state, folder, NULL), 0);
}

static void a_failed_write_leaves_the_chain_as_it_was(void **state)
{
    g_autofree char *path = data_with_chain(*state, 2);
    g_autoptr(NodeKey) key = node_key_open(*state, NULL);
    g_autoptr(Chain) chain = chain_open(path, key, NULL);
    g_autofree char *aside = g_strconcat(path, ".aside", NULL);
    assert_int_equal(rename(path, aside), 0);
    assert_int_equal(mkdir(path, 0700), 0);
    g_autoptr(GString) fields = g_string_new(NULL);
    assert_false(chain_append(chain, "hold", 0, fields, NULL));
    assert_int_equal(rmdir(path), 0);
    assert_int_equal(rename(aside, path), 0);
    assert_true(chain_append(chain, "hold", 0, fields, NULL));
    assert_int_equal(chain_seq(chain), 3);
    assert_int_equal(faults_of(*state, path, NULL), 0);
}

static void lines_come_backward_as_they_come_forward(void **state)
{
    g_autofree char *path = g_build_filename(*state, "lines", NULL);
    g_autoptr(GString) text = g_string_new("\n");
    for (size_t i = 0; i < 40; i++) {
        for (size_t n = 0; n < i * 997; n++)
            g_string_append_c(text, (char)('a' + i % 26));
        g_string_append_c(text, '\n');
    }
    g_string_append(text, "torn");
    text_store(path, text->str);
    g_autoptr(GPtrArray) forward = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(JsonlReader) reader = jsonl_reader_open(path, NULL);
    g_autoptr(JsonlReader) back = jsonl_reader_open_back(path, NULL);
    const char *line;
    size_t size;
    while (jsonl_next(reader, &line, &size, NULL) > 0)
        g_ptr_array_add(forward, g_strndup(line, size));
    assert_int_equal(forward->len, 41);
    for (size_t i = forward->len; i > 0; i--) {
        assert_int_equal(jsonl_next(back, &line, &size, NULL), 1);
        assert_string_equal(line, g_ptr_array_index(forward, i - 1));
    }
    assert_int_equal(jsonl_next(back, &line, &size, NULL), 0);
    assert_int_equal(jsonl_reader_torn(reader), 4);
    assert_int_equal(jsonl_reader_torn(back), 4);
}

static void a_line_without_end_is_refused_both_ways(void **state)
{
    g_autofree char *path = g_build_filename(*state, "lines", NULL);
    g_autofree char *text = g_malloc(LINE_MOST_BYTES * 2);
    memset(text, 'a', LINE_MOST_BYTES * 2 - 1);
    text[LINE_MOST_BYTES * 2 - 1] = '\0';
    text[LINE_MOST_BYTES * 2 - 2] = '\n';
    text_store(path, text);
    g_autoptr(JsonlReader) reader = jsonl_reader_open(path, NULL);
    g_autoptr(JsonlReader) back = jsonl_reader_open_back(path, NULL);
    const char *line;
    size_t size;
    assert_int_equal(jsonl_next(reader, &line, &size, NULL), -1);
    assert_int_equal(jsonl_next(back, &line, &size, NULL), -1);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, folder_set_up, folder_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(an_untouched_chain_has_no_fault),
        IN_FOLDER(a_chain_goes_on_where_it_was_closed),
        IN_FOLDER(an_edited_line_is_caught),
        IN_FOLDER(a_removed_line_is_caught),
        IN_FOLDER(swapped_lines_are_caught),
        IN_FOLDER(a_line_by_a_stranger_is_caught),
        IN_FOLDER(a_torn_last_line_is_cut_and_kept_aside),
        IN_FOLDER(a_chain_goes_on_behind_a_damaged_last_line_and_the_check_tells),
        IN_FOLDER(a_daily_chain_goes_on_from_day_to_day),
        IN_FOLDER(many_waiting_lines_are_written_at_once_into_their_days),
        IN_FOLDER(a_failed_write_leaves_the_chain_as_it_was),
        IN_FOLDER(lines_come_backward_as_they_come_forward),
        IN_FOLDER(a_line_without_end_is_refused_both_ways),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
