/* file_kind.h — what a file that somebody sent is, by its first bytes, whatever it is called. Pure.
 *
 * Only kinds that every browser shows, and that hold no script.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum FileKind {
    FILE_UNKNOWN,
    FILE_JPEG,
    FILE_PNG,
    FILE_WEBP,
    FILE_MP4,
    FILE_QUICKTIME,
    FILE_WEBM,
    FILE_KINDS,
} FileKind;

enum { FILE_KIND_BYTES = 64 }; /* so many are enough, where the file has them */

FileKind file_kind(const uint8_t *data, size_t size);

bool file_kind_is_video(FileKind kind);
const char *file_kind_type(FileKind kind);    /* "image/jpeg" …; a constant, NULL: unknown */
FileKind file_kind_of_type(const char *type); /* of what file_kind_type() tells */
