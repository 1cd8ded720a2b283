/* footage_scan.h — cuts a footage file into the parts that have an entry of their own, and hashes
 * them: the init part, then each `prft moof mdat` (FOOTAGE.md §2, §4).
 *
 * Reads the file once, in large pieces, with no memory of its size. Where the boxes make no sense
 * it looks for the next fragment, so that one damaged byte costs one fragment. Takes any bytes.
 */
#pragma once

#include "ledger/hash.h"

#include <glib.h>

#define FOOTAGE_NO_TIME INT64_MIN

typedef struct FootagePart {
    uint64_t offset, bytes;
    int64_t prft_us; /* wall clock as its prft box says, or FOOTAGE_NO_TIME */
    bool broken;     /* its boxes make no sense; not hashed */
    Hash hash;
} FootagePart;

/* `known` (may be NULL): a set of the Hashes that are expected, which tells where damage began.
 * Returns owned, GArray of FootagePart, empty for an empty file; NULL when it cannot be read. */
GArray *footage_scan(const char *path, GHashTable *known, GError **error);

/* The same of part of an open file: the `bytes` bytes from `base` on, from where offsets count.
 * `path` is for messages. */
GArray *footage_scan_part(int fd, const char *path, uint64_t base, uint64_t bytes,
                          GHashTable *known, GError **error);

/* For hash tables with Hash * as keys. */
guint hash_key_hash(const void *hash);
gboolean hash_key_equal(const void *a, const void *b);
