#include "base/error.h"
#include "ledger/keyring.h"
#include "ledger/node_key.h"
#include "ledger_fixture.h"

#include <sys/stat.h>

static char *keys_path(const char *folder)
{
    return g_build_filename(folder, "ledger", "keys.jsonl", NULL);
}

static char *key_path(const char *folder, const char *name)
{
    return g_build_filename(folder, "keys", name, NULL);
}

static void a_key_is_made_once_and_kept_from_others(void **state)
{
    g_autoptr(NodeKey) made = node_key_open(*state, NULL);
    g_autoptr(NodeKey) found = node_key_open(*state, NULL);
    assert_string_equal(node_key_id(made), node_key_id(found));
    g_autofree char *path = key_path(*state, "node.key");
    struct stat facts;
    assert_int_equal(stat(path, &facts), 0);
    assert_int_equal(facts.st_mode & 0777, 0600);
}

static void a_new_key_is_vouched_for_by_the_old_one(void **state)
{
    g_autoptr(NodeKey) old = node_key_open(*state, NULL);
    g_autoptr(NodeKey) key = node_key_rotate(*state, old, NULL);
    assert_non_null(key);
    assert_string_not_equal(node_key_id(old), node_key_id(key));
    g_autoptr(NodeKey) found = node_key_open(*state, NULL);
    assert_string_equal(node_key_id(found), node_key_id(key));
    g_autofree char *path = keys_path(*state);
    g_autoptr(KeyRing) ring = key_ring_load(path, NULL);
    assert_int_equal(key_ring_count(ring), 2);
    assert_int_equal(key_ring_find(ring, node_key_id(old)), 0);
    assert_int_equal(key_ring_find(ring, node_key_id(key)), 1);
    assert_null(node_key_rotate(*state, old, NULL));
}

static void a_first_use_cut_off_before_its_line_is_ended(void **state)
{
    g_autoptr(NodeKey) made = node_key_open(*state, NULL);
    g_autofree char *path = keys_path(*state);
    text_store(path, "{\"v\":1,\"ty");
    g_autoptr(NodeKey) found = node_key_open(*state, NULL);
    assert_string_equal(node_key_id(made), node_key_id(found));
    g_autoptr(KeyRing) ring = key_ring_load(path, NULL);
    assert_int_equal(key_ring_count(ring), 1);
}

static void a_rotation_cut_off_after_its_line_is_ended(void **state)
{
    g_autoptr(NodeKey) old = node_key_open(*state, NULL);
    g_autofree char *current = key_path(*state, "node.key");
    g_autofree char *next = key_path(*state, "node.key.next");
    uint8_t seed[NODE_KEY_SEED_BYTES];
    node_key_seed(old, seed);
    g_autoptr(NodeKey) key = node_key_rotate(*state, old, NULL);
    assert_int_equal(rename(current, next), 0);
    assert_true(file_write_atomic(current, seed, sizeof seed, 0600, NULL));
    g_autoptr(NodeKey) found = node_key_open(*state, NULL);
    assert_string_equal(node_key_id(found), node_key_id(key));
    assert_int_not_equal(access(next, F_OK), 0);
}

static void a_rotation_cut_off_before_its_line_is_undone(void **state)
{
    g_autoptr(NodeKey) old = node_key_open(*state, NULL);
    g_autofree char *next = key_path(*state, "node.key.next");
    uint8_t seed[NODE_KEY_SEED_BYTES] = {3};
    assert_true(file_write_atomic(next, seed, sizeof seed, 0600, NULL));
    g_autoptr(NodeKey) found = node_key_open(*state, NULL);
    assert_string_equal(node_key_id(found), node_key_id(old));
    assert_int_not_equal(access(next, F_OK), 0);
}

static void a_lost_key_is_not_silently_replaced(void **state)
{
    g_autoptr(NodeKey) made = node_key_open(*state, NULL);
    g_autofree char *path = key_path(*state, "node.key");
    unlink(path);
    g_autoptr(GError) error = NULL;
    assert_null(node_key_open(*state, &error));
    assert_true(g_error_matches(error, ERR, ERR_CORRUPT));
    assert_non_null(strstr(error->message, "restore it from a backup"));
    assert_int_not_equal(access(path, F_OK), 0);
}

/* Else a thief who changes the past would need no key: the server would take a new one. */
static void another_key_is_not_taken_where_an_old_one_has_signed(void **state)
{
    g_autoptr(NodeKey) made = node_key_open(*state, NULL);
    g_autofree char *ring = keys_path(*state), *key = key_path(*state, "node.key");
    g_autofree char *roots = g_build_filename(*state, "ledger", "roots.jsonl", NULL);
    text_store(roots, "{\"v\":1}\n");
    unlink(ring);
    unlink(key);
    g_autoptr(GError) error = NULL;
    assert_null(node_key_open(*state, &error));
    assert_true(g_error_matches(error, ERR, ERR_CORRUPT));
    assert_non_null(strstr(error->message, "copy the keys.jsonl of a volume there"));
    assert_int_not_equal(access(key, F_OK), 0);
}

static void a_ring_whose_key_was_put_in_by_hand_is_refused(void **state)
{
    g_autoptr(NodeKey) old = node_key_open(*state, NULL);
    g_autoptr(NodeKey) key = node_key_rotate(*state, old, NULL);
    g_autofree char *path = keys_path(*state);
    g_auto(GStrv) lines = lines_load(path);
    const char *proof = strstr(lines[1], "\"proof\":\"") + 9;
    text_edit(path, proof,
              "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
              "AAAAAAAAAAAAAAAAAAAAAA==\"}\n");
    g_autoptr(GError) error = NULL;
    assert_null(key_ring_load(path, &error));
    assert_non_null(strstr(error->message, "line 2 is not signed by the key it names"));
}

static void a_volume_carries_the_public_keys(void **state)
{
    g_autoptr(NodeKey) old = node_key_open(*state, NULL);
    g_autofree char *copy = g_build_filename(*state, "keys.jsonl", NULL);
    assert_true(key_ring_publish(*state, *state, NULL));
    g_autoptr(NodeKey) key = node_key_rotate(*state, old, NULL);
    assert_true(key_ring_publish(*state, *state, NULL));
    g_autoptr(KeyRing) ring = key_ring_load(copy, NULL);
    assert_int_equal(key_ring_count(ring), 2);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, folder_set_up, folder_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(a_key_is_made_once_and_kept_from_others),
        IN_FOLDER(a_new_key_is_vouched_for_by_the_old_one),
        IN_FOLDER(a_first_use_cut_off_before_its_line_is_ended),
        IN_FOLDER(a_rotation_cut_off_after_its_line_is_ended),
        IN_FOLDER(a_rotation_cut_off_before_its_line_is_undone),
        IN_FOLDER(a_lost_key_is_not_silently_replaced),
        IN_FOLDER(another_key_is_not_taken_where_an_old_one_has_signed),
        IN_FOLDER(a_ring_whose_key_was_put_in_by_hand_is_refused),
        IN_FOLDER(a_volume_carries_the_public_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
