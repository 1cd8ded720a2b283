#include "ledger/merkle.h"
#include "unit.h"

/* The leaves of the tests of Certificate Transparency, and the roots of the first 1 … 8 of them. */
static const char *const leaves[] = {"",
                                     "00",
                                     "10",
                                     "2021",
                                     "3031",
                                     "40414243",
                                     "5051525354555657",
                                     "606162636465666768696a6b6c6d6e6f"};
static const char *const roots[] = {
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
};

static const char *hex(const Hash *hash)
{
    static char text[SHA256_HEX];
    hex_encode(hash->bytes, sizeof hash->bytes, text);
    return text;
}

static void the_standards_trees_have_the_known_roots(void **state)
{
    MerkleTree tree = {0};
    Hash empty = merkle_end(&tree);
    assert_string_equal(hex(&empty),
                        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    for (size_t i = 0; i < G_N_ELEMENTS(leaves); i++) {
        uint8_t data[16];
        size_t size = strlen(leaves[i]) / 2;
        assert_true(hex_decode(leaves[i], data, size));
        Hash leaf = merkle_leaf(data, size);
        merkle_add(&tree, &leaf);
        Hash root = merkle_end(&tree);
        assert_string_equal(hex(&root), roots[i]);
    }
}

static void make_entries(Hash *entries, size_t count)
{
    for (size_t i = 0; i < count; i++)
        entries[i] = hash_of(&i, sizeof i);
}

static void every_entry_of_every_small_tree_has_a_path_that_holds(void **state)
{
    Hash entries[33], path[MERKLE_PATH_MOST];
    make_entries(entries, G_N_ELEMENTS(entries));
    for (size_t count = 1; count <= G_N_ELEMENTS(entries); count++) {
        Hash root = merkle_root(entries, count);
        for (size_t i = 0; i < count; i++) {
            size_t length = merkle_path(entries, count, i, path);
            assert_true(merkle_path_holds(&entries[i], i, count, path, length, &root));
        }
    }
}

static void a_path_holds_for_its_own_entry_place_and_root_only(void **state)
{
    Hash entries[21], path[MERKLE_PATH_MOST];
    make_entries(entries, G_N_ELEMENTS(entries));
    Hash root = merkle_root(entries, 21);
    size_t length = merkle_path(entries, 21, 5, path);
    assert_false(merkle_path_holds(&entries[6], 5, 21, path, length, &root));
    assert_false(merkle_path_holds(&entries[5], 6, 21, path, length, &root));
    assert_false(merkle_path_holds(&entries[5], 5, 5, path, length, &root));
    assert_false(merkle_path_holds(&entries[5], 21, 21, path, length, &root));
    assert_false(merkle_path_holds(&entries[5], 5, 21, path, length - 1, &root));
    path[2].bytes[0] ^= 1;
    assert_false(merkle_path_holds(&entries[5], 5, 21, path, length, &root));
}

static void an_entry_is_hashed_as_a_leaf_and_not_taken_for_one(void **state)
{
    Hash entry = hash_of("fragment", 8);
    Hash leaf = merkle_leaf(entry.bytes, sizeof entry.bytes);
    Hash root = merkle_root(&entry, 1);
    assert_true(hash_equal(&root, &leaf));
    assert_false(hash_equal(&root, &entry));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_standards_trees_have_the_known_roots),
        cmocka_unit_test(every_entry_of_every_small_tree_has_a_path_that_holds),
        cmocka_unit_test(a_path_holds_for_its_own_entry_place_and_root_only),
        cmocka_unit_test(an_entry_is_hashed_as_a_leaf_and_not_taken_for_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
