/* The writing half of zip.h. */
#include "media/zip.h"

#include <string.h>
#include <zlib.h>

enum {
    LOCAL_BYTES = 30,
    LOCAL_EXTRA_BYTES = 20,
    PLAIN_VERSION = 20,   /* 2.0 */
    ZIP64_VERSION = 45,   /* 4.5 */
    UNIX = 3,             /* whose file attributes these are */
    FIRST_DAY = 0x0021,   /* 1980-01-01, the first that MS-DOS knew: no time is told */
    ZIP64_END_BYTES = 44, /* of the record, behind its first 12 */
    ZIP64_EXTRA = 0x0001,
};

#define SIGN_LOCAL 0x04034b50u
#define SIGN_CENTRAL 0x02014b50u
#define SIGN_END 0x06054b50u
#define SIGN_END64 0x06064b50u
#define SIGN_LOCATOR 0x07064b50u
#define FILE_MODE (0100644u << 16)
#define NOT_HERE 0xffffffffu /* the number stands in a ZIP64 field */

static void put16(ByteWriter *to, unsigned value)
{
    write_u8(to, (uint8_t)value);
    write_u8(to, (uint8_t)(value >> 8));
}

static void put32(ByteWriter *to, uint32_t value)
{
    put16(to, value & 0xffff);
    put16(to, value >> 16);
}

static void put64(ByteWriter *to, uint64_t value)
{
    put32(to, (uint32_t)value);
    put32(to, (uint32_t)(value >> 32));
}

static uint32_t fitting(uint64_t value)
{
    return value >= NOT_HERE ? NOT_HERE : (uint32_t)value;
}

uint32_t zip_crc(uint32_t crc, const void *data, size_t size)
{
    return (uint32_t)crc32_z(crc, data, size);
}

bool zip_name_plausible(const char *name)
{
    if (*name == '\0' || strlen(name) >= ZIP_NAME_TEXT)
        return false;
    for (const char *at = name; *at; at++) {
        bool begins = at == name || at[-1] == '/';
        bool plain = g_ascii_isalnum(*at) || *at == '-' || *at == '_';
        if (!plain && (begins || (*at != '.' && *at != '/')))
            return false;
    }
    return name[strlen(name) - 1] != '/';
}

size_t zip_local_bytes(const ZipEntry *entry)
{
    return LOCAL_BYTES + strlen(entry->name) + (entry->bytes >= NOT_HERE ? LOCAL_EXTRA_BYTES : 0);
}

/* From the version to the length of the name: the same in both kinds of headers. */
static void put_common(ByteWriter *to, const ZipEntry *entry, bool zip64)
{
    put16(to, zip64 ? ZIP64_VERSION : PLAIN_VERSION);
    put16(to, 0); /* flags */
    put16(to, 0); /* stored */
    put16(to, 0);
    put16(to, FIRST_DAY);
    put32(to, entry->crc);
    put32(to, fitting(entry->bytes));
    put32(to, fitting(entry->bytes));
    put16(to, (unsigned)strlen(entry->name));
}

void zip_put_local(ByteWriter *to, const ZipEntry *entry)
{
    bool large = entry->bytes >= NOT_HERE;
    put32(to, SIGN_LOCAL);
    put_common(to, entry, large);
    put16(to, large ? LOCAL_EXTRA_BYTES : 0);
    write_bytes(to, entry->name, strlen(entry->name));
    if (!large)
        return;
    put16(to, ZIP64_EXTRA);
    put16(to, LOCAL_EXTRA_BYTES - 4);
    put64(to, entry->bytes);
    put64(to, entry->bytes);
}

static void put_central(ByteWriter *to, const ZipEntry *entry)
{
    bool large = entry->bytes >= NOT_HERE, far = entry->offset >= NOT_HERE, zip64 = large || far;
    unsigned extra = (large ? 16u : 0u) + (far ? 8u : 0u);
    put32(to, SIGN_CENTRAL);
    put16(to, UNIX << 8 | (zip64 ? ZIP64_VERSION : PLAIN_VERSION));
    put_common(to, entry, zip64);
    put16(to, zip64 ? extra + 4 : 0);
    put16(to, 0); /* comment */
    put16(to, 0); /* disk */
    put16(to, 0); /* internal attributes */
    put32(to, FILE_MODE);
    put32(to, fitting(entry->offset));
    write_bytes(to, entry->name, strlen(entry->name));
    if (!zip64)
        return;
    put16(to, ZIP64_EXTRA);
    put16(to, extra);
    if (large) {
        put64(to, entry->bytes);
        put64(to, entry->bytes);
    }
    if (far)
        put64(to, entry->offset);
}

static void put_end64(ByteWriter *to, size_t count, uint64_t offset, uint64_t bytes)
{
    put32(to, SIGN_END64);
    put64(to, ZIP64_END_BYTES);
    put16(to, UNIX << 8 | ZIP64_VERSION);
    put16(to, ZIP64_VERSION);
    put32(to, 0);
    put32(to, 0);
    put64(to, count);
    put64(to, count);
    put64(to, bytes);
    put64(to, offset);
    put32(to, SIGN_LOCATOR);
    put32(to, 0);
    put64(to, offset + bytes);
    put32(to, 1);
}

void zip_put_directory(ByteWriter *to, const ZipEntry *entries, size_t count, uint64_t offset)
{
    size_t begin = to->size;
    for (size_t i = 0; i < count; i++)
        put_central(to, &entries[i]);
    uint64_t bytes = to->size - begin;
    bool many = count >= 0xffff;
    if (many || offset >= NOT_HERE)
        put_end64(to, count, offset, bytes);
    put32(to, SIGN_END);
    put32(to, 0);
    put16(to, many ? 0xffff : (unsigned)count);
    put16(to, many ? 0xffff : (unsigned)count);
    put32(to, fitting(bytes));
    put32(to, fitting(offset));
    put16(to, 0); /* comment */
}
