/* The reading half of zip.h: takes directories from anyone. */
#include "media/zip.h"

#include <string.h>

enum { END_BYTES = 22, LOCATOR_BYTES = 20, END64_BYTES = 56, CENTRAL_BYTES = 46 };

static uint32_t get16(const uint8_t *at)
{
    return (uint32_t)(at[0] | at[1] << 8);
}

static uint32_t get32(const uint8_t *at)
{
    return get16(at) | get16(at + 2) << 16;
}

static uint64_t get64(const uint8_t *at)
{
    return get32(at) | (uint64_t)get32(at + 4) << 32;
}

bool zip_directory_find(const uint8_t *end, size_t size, uint64_t file_bytes, uint64_t *offset)
{
    if (size < END_BYTES || size > file_bytes)
        return false;
    const uint8_t *record = end + size - END_BYTES;
    *offset = get32(record + 16);
    if (*offset == 0xffffffff || get16(record + 10) == 0xffff) {
        if (size < END_BYTES + LOCATOR_BYTES + END64_BYTES)
            return false;
        *offset = get64(record - LOCATOR_BYTES - END64_BYTES + 48);
    }
    return memcmp(record, "PK\5\6", 4) == 0 && *offset < file_bytes &&
           file_bytes - *offset <= ZIP_DIRECTORY_MOST_BYTES;
}

/* The numbers that a ZIP64 field holds, in its order. */
static bool read_large(ByteReader extra, uint32_t bytes, uint32_t offset, ZipEntry *entry)
{
    const uint8_t *head = read_bytes(&extra, 4);
    if (!head || get16(head) != 1 || get16(head + 2) != byte_reader_left(&extra))
        return false;
    if (bytes == 0xffffffff) {
        const uint8_t *sizes = read_bytes(&extra, 16);
        if (!sizes)
            return false;
        entry->bytes = get64(sizes);
    }
    if (offset == 0xffffffff) {
        const uint8_t *where = read_bytes(&extra, 8);
        if (!where)
            return false;
        entry->offset = get64(where);
    }
    return true;
}

static bool read_central(ByteReader *in, ZipEntry *entry)
{
    const uint8_t *head = read_bytes(in, CENTRAL_BYTES);
    if (!head || memcmp(head, "PK\1\2", 4) != 0)
        return false;
    uint32_t bytes = get32(head + 24), offset = get32(head + 42);
    size_t name_bytes = get16(head + 28);
    const uint8_t *name = read_bytes(in, name_bytes);
    ByteReader extra = read_sub(in, get16(head + 30));
    if (!name || extra.failed || name_bytes >= ZIP_NAME_TEXT || memchr(name, 0, name_bytes))
        return false;
    *entry = (ZipEntry){.bytes = bytes, .offset = offset, .crc = get32(head + 16)};
    memcpy(entry->name, name, name_bytes);
    return zip_name_plausible(entry->name) &&
           (byte_reader_left(&extra) == 0 || read_large(extra, bytes, offset, entry));
}

/* Each entry begins where the one before ends, the first where the file does. */
static bool lie_side_by_side(const GArray *entries, uint64_t until)
{
    uint64_t at = 0;
    for (size_t i = 0; i < entries->len; i++) {
        const ZipEntry *entry = &g_array_index(entries, ZipEntry, i);
        if (entry->offset != at || entry->bytes > until)
            return false;
        at += zip_local_bytes(entry) + entry->bytes;
        if (at > until)
            return false;
    }
    return at == until;
}

static bool names_differ(const GArray *entries)
{
    g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
    for (size_t i = 0; i < entries->len; i++)
        if (!g_hash_table_add(names, g_array_index(entries, ZipEntry, i).name))
            return false;
    return true;
}

GArray *zip_directory_read(const uint8_t *data, size_t size, uint64_t offset)
{
    g_autoptr(GArray) entries = g_array_new(FALSE, TRUE, sizeof(ZipEntry));
    ByteReader in = byte_reader(data, size);
    while (byte_reader_left(&in) >= CENTRAL_BYTES && memcmp(in.data + in.at, "PK\1\2", 4) == 0) {
        ZipEntry entry;
        if (!read_central(&in, &entry) || entries->len == ZIP_ENTRIES_MOST)
            return NULL;
        g_array_append_val(entries, entry);
    }
    if (!lie_side_by_side(entries, offset) || !names_differ(entries))
        return NULL;
    g_auto(ByteWriter) again = {0};
    zip_put_directory(&again, (const ZipEntry *)(void *)entries->data, entries->len, offset);
    bool same = again.size == size && memcmp(again.data, data, size) == 0;
    return same ? g_steal_pointer(&entries) : NULL;
}
