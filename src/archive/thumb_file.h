/* thumb_file.h — one hour's thumbnails of one camera, in a file beside its footage
 * (docs/reference/thumbnails.md).
 *
 * Only appended to: a head and a JPEG, again and again. What a stop tore off at the end is passed
 * over by readers and cut off by the next writer. Takes any bytes. Blocking.
 */
#pragma once

#include "base/buffer.h"
#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

typedef struct ThumbEntry {
    int64_t capture_us;
    off_t offset; /* of the JPEG */
    uint32_t bytes, sum;
} ThumbEntry;

/* <day folder>/thumbs-<HH>, the hour by the time of the picture (UTC). Returned owned. */
char *thumb_file_path(const char *day_folder, int64_t capture_us);

/* What is whole of the file, in order: GArray of ThumbEntry, returned owned; NULL when it cannot be
 * read (ERR_NOT_FOUND: there is none). */
GArray *thumb_file_list(const char *path, GError **error);

/* The picture, returned owned; ERR_CORRUPT when it is not what was written. */
Buffer *thumb_file_picture(const char *path, const ThumbEntry *entry, GError **error);

/* Appends whole or not at all. `mend`: cuts off first what is not whole; once in a run of the
 * program is enough. The folder must be there. */
bool thumb_file_append(const char *path, bool mend, int64_t capture_us, const Buffer *jpeg,
                       GError **error);

/* Deletes the thumbnail files of a day folder in whose hour no footage is left. */
void thumb_files_tidy(const char *day_folder);
