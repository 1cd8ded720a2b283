/* hash.h — a SHA-256 as a value: an entry of a Merkle tree, a link of a chain. */
#pragma once

#include "base/digest.h"

#include <string.h>

typedef struct Hash {
    uint8_t bytes[SHA256_BYTES];
} Hash;

static inline Hash hash_of(const void *data, size_t size)
{
    Hash hash = {0};
    sha256(data, size, hash.bytes);
    return hash;
}

static inline bool hash_equal(const Hash *a, const Hash *b)
{
    return memcmp(a->bytes, b->bytes, SHA256_BYTES) == 0;
}

static inline bool hash_is_zero(const Hash *hash)
{
    static const Hash zero;
    return hash_equal(hash, &zero);
}
