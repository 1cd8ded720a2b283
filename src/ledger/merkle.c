#include "ledger/merkle.h"

#include <glib.h>

static Hash hash_with_prefix(uint8_t prefix, const void *data, size_t size)
{
    Hash hash = {0};
    g_autoptr(Sha256) running = sha256_new();
    sha256_add(running, &prefix, 1);
    sha256_add(running, data, size);
    sha256_end(running, hash.bytes);
    return hash;
}

Hash merkle_leaf(const void *data, size_t size)
{
    return hash_with_prefix(0x00, data, size);
}

static Hash node_of(const Hash *left, const Hash *right)
{
    Hash both[2] = {*left, *right};
    return hash_with_prefix(0x01, both, sizeof both);
}

/* The stack holds the roots of full subtrees, largest first: one for each bit set in `leaves`. */
void merkle_add(MerkleTree *tree, const Hash *leaf)
{
    Hash hash = *leaf;
    for (uint64_t full = tree->leaves; full & 1; full >>= 1)
        hash = node_of(&tree->stack[--tree->depth], &hash);
    tree->stack[tree->depth++] = hash;
    tree->leaves++;
}

void merkle_add_entry(MerkleTree *tree, const Hash *entry)
{
    Hash leaf = merkle_leaf(entry->bytes, sizeof entry->bytes);
    merkle_add(tree, &leaf);
}

Hash merkle_end(const MerkleTree *tree)
{
    if (tree->leaves == 0)
        return hash_of("", 0);
    Hash hash = tree->stack[tree->depth - 1];
    for (unsigned level = tree->depth - 1; level > 0; level--)
        hash = node_of(&tree->stack[level - 1], &hash);
    return hash;
}

Hash merkle_root(const Hash *entries, size_t count)
{
    MerkleTree tree = {0};
    for (size_t i = 0; i < count; i++)
        merkle_add_entry(&tree, &entries[i]);
    return merkle_end(&tree);
}

/* Largest power of two smaller than `count` (≥ 2): k of RFC 6962 §2.1. */
static size_t split_of(size_t count)
{
    size_t split = 1;
    while (split < count - split)
        split *= 2;
    return split;
}

size_t merkle_path(const Hash *entries, size_t count, size_t index, Hash path[MERKLE_PATH_MOST])
{
    g_assert(index < count);
    Hash downward[MERKLE_PATH_MOST];
    size_t length = 0;
    while (count > 1) {
        size_t split = split_of(count);
        if (index < split) {
            downward[length++] = merkle_root(entries + split, count - split);
            count = split;
        } else {
            downward[length++] = merkle_root(entries, split);
            entries += split;
            index -= split;
            count -= split;
        }
    }
    for (size_t i = 0; i < length; i++)
        path[i] = downward[length - 1 - i];
    return length;
}

/* RFC 9162 §2.1.3.2, which spells out for RFC 6962's trees how a path is checked. */
bool merkle_path_holds(const Hash *entry, uint64_t index, uint64_t count, const Hash *path,
                       size_t path_length, const Hash *root)
{
    if (index >= count)
        return false;
    uint64_t node = index, last = count - 1;
    Hash hash = merkle_leaf(entry->bytes, sizeof entry->bytes);
    for (size_t i = 0; i < path_length; i++) {
        if (last == 0)
            return false;
        if (node & 1 || node == last) {
            hash = node_of(&path[i], &hash);
            while (!(node & 1) && node) {
                node >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_of(&hash, &path[i]);
        }
        node >>= 1;
        last >>= 1;
    }
    return last == 0 && hash_equal(&hash, root);
}
