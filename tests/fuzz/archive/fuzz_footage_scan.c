/* Bytes as a footage file that `verify` cuts into its fragments. */
#include "archive/footage_scan.h"
#include "fuzz/memory_file.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The parts lie side by side and are the whole file. */
static void check_parts(const GArray *parts, size_t size)
{
    uint64_t at = 0;
    for (size_t i = 0; i < parts->len; i++) {
        const FootagePart *part = &g_array_index(parts, FootagePart, i);
        if (part->offset != at || part->bytes == 0)
            abort();
        at += part->bytes;
    }
    if (at != size)
        abort();
}

static void scan(const char *path, size_t size, GHashTable *known)
{
    g_autoptr(GArray) parts = footage_scan(path, known, NULL);
    if (!parts)
        abort();
    check_parts(parts, size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *path = memory_file(data, size);
    g_autoptr(GHashTable) nothing = g_hash_table_new(hash_key_hash, hash_key_equal);
    scan(path, size, NULL);
    scan(path, size, nothing);
    return 0;
}
