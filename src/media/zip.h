/* zip.h — ZIP as evidence packages use it (PKWARE APPNOTE 6.3.10): entries stored one behind the
 * other, no compression, no times, ZIP64 only where a number does not fit.
 *
 * There is one way to write given entries, to the byte. The reader takes just that: it reads the
 * directory, writes it again from what it has read, and refuses what is not the same. So nothing
 * can hide between, before or behind the entries, in comments or in extra fields.
 */
#pragma once

#include "base/bytes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    ZIP_NAME_TEXT = 128,
    ZIP_ENTRIES_MOST = 65536,
    ZIP_END_MOST_BYTES = 98, /* what zip_directory_find() wants to see of the end of a file */
    ZIP_DIRECTORY_MOST_BYTES = 16 << 20,
    ZIP_CRC_AT = 14, /* in a local header; in the directory two bytes further */
};

typedef struct ZipEntry {
    char name[ZIP_NAME_TEXT];
    uint64_t bytes;
    uint64_t offset; /* of its local header */
    uint32_t crc;    /* CRC-32 of its bytes, zip_crc() */
} ZipEntry;

/* A relative path of letters, digits and - _ . /, no part of it empty or beginning with a dot. */
bool zip_name_plausible(const char *name);

/* CRC-32 of more bytes; begin with 0. */
uint32_t zip_crc(uint32_t crc, const void *data, size_t size);

/* What stands before the bytes of an entry, and how long that is. */
void zip_put_local(ByteWriter *to, const ZipEntry *entry);
size_t zip_local_bytes(const ZipEntry *entry);

/* What stands behind the last entry: the directory begins at `offset` of the file. */
void zip_put_directory(ByteWriter *to, const ZipEntry *entries, size_t count, uint64_t offset);

/* Where the directory of a file of `file_bytes` begins, by its last `size` bytes (of
 * ZIP_END_MOST_BYTES, or all). False when there is none, or an implausible one. */
bool zip_directory_find(const uint8_t *end, size_t size, uint64_t file_bytes, uint64_t *offset);

/* The entries of a directory that stands from `offset` of the file to its end (`size` bytes):
 * GArray of ZipEntry, returned owned. NULL when it is not, to the byte, what zip_put_directory()
 * writes for entries that fill the file from its beginning to `offset`, each name once. The local
 * headers are for the caller to compare with zip_put_local(). */
GArray *zip_directory_read(const uint8_t *data, size_t size, uint64_t offset);
