/* merkle.h — the Merkle tree hash of RFC 6962 §2.1, and its audit paths (§2.1.1).
 *
 * An *entry* is 32 bytes, itself a SHA-256 (of a fragment, or of a line's signed bytes). A leaf of
 * the tree is SHA-256(0x00 || entry), a node SHA-256(0x01 || left || right); the tree of no entry
 * is SHA-256 of nothing.
 */
#pragma once

#include "ledger/hash.h"

enum { MERKLE_PATH_MOST = 64 };

Hash merkle_leaf(const void *data, size_t size);

/* A tree that grows leaf by leaf; zero-initialise. Holds one hash a level, not the leaves. */
typedef struct MerkleTree {
    uint64_t leaves;
    unsigned depth;
    Hash stack[MERKLE_PATH_MOST];
} MerkleTree;

void merkle_add(MerkleTree *tree, const Hash *leaf); /* a leaf hash: merkle_leaf() */
void merkle_add_entry(MerkleTree *tree, const Hash *entry);
Hash merkle_end(const MerkleTree *tree); /* may go on to grow afterwards */

Hash merkle_root(const Hash *entries, size_t count);

/* Writes the audit path of entry `index` (< count), lowest first; returns its length. */
size_t merkle_path(const Hash *entries, size_t count, size_t index, Hash path[MERKLE_PATH_MOST]);

/* True when `entry` stands at `index` of the tree of `count` entries with this root. */
bool merkle_path_holds(const Hash *entry, uint64_t index, uint64_t count, const Hash *path,
                       size_t path_length, const Hash *root);
