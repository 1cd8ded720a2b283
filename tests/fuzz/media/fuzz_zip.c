/* Bytes as an evidence package's ZIP: found directory and entries lie in the file, and are what the
 * writer would write. */
#include "media/zip.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const GArray *entries, const uint8_t *data, size_t size, uint64_t offset)
{
    uint64_t at = 0;
    g_auto(ByteWriter) directory = {0};
    for (size_t i = 0; i < entries->len; i++) {
        const ZipEntry *entry = &g_array_index(entries, ZipEntry, i);
        if (entry->offset != at || !zip_name_plausible(entry->name))
            abort();
        at += zip_local_bytes(entry) + entry->bytes;
    }
    zip_put_directory(&directory, (const ZipEntry *)(void *)entries->data, entries->len, offset);
    if (at != offset || directory.size != size || memcmp(directory.data, data, size) != 0)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint64_t offset;
    size_t seen = size < ZIP_END_MOST_BYTES ? size : ZIP_END_MOST_BYTES;
    if (zip_directory_find(data + size - seen, seen, size, &offset)) {
        g_autoptr(GArray) entries = zip_directory_read(data + offset, size - offset, offset);
        if (entries)
            check(entries, data + offset, size - offset, offset);
    }
    if (size < 8) /* else: a directory alone, of a file as large as its first bytes say */
        return 0;
    offset = get_u64(data) >> 16;
    g_autoptr(GArray) large = zip_directory_read(data + 8, size - 8, offset);
    if (large)
        check(large, data + 8, size - 8, offset);
    return 0;
}
