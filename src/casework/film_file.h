/* film_file.h — a progressive MP4 that is written while its pictures are made, with its tables in
 * front all the same: a player can begin before it has the rest.
 *
 * Room for the tables is left at the front; what they do not fill belongs to `mdat`, and no sample
 * lies there. Nothing stays of a film that was not ended. Blocking, one thread at a time.
 */
#pragma once

#include "base/bytes.h"
#include "base/error.h"
#include "media/access_unit.h"

typedef struct FilmFile FilmFile;

/* Begins the film of at most `most_samples` pictures and frames of sound beside `path`, for its
 * owner's eyes only (mode 0600). Returns owned, or NULL. */
FilmFile *film_file_new(const char *path, size_t most_samples, GError **error);
void film_file_free(FilmFile *film); /* NULL is allowed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FilmFile, film_file_free)

/* Appends `unit` (borrowed) as what is shown or heard from `time` on, for `duration` where it is
 * the last of its track; both in the timescale of its params. Times of a track rise. */
bool film_file_add(FilmFile *film, const AccessUnit *unit, int64_t time, uint32_t duration,
                   GError **error);

int64_t film_file_bytes(const FilmFile *film); /* so far */

/* Writes the tables, with the boxes `extra` at the end of `moov`, syncs, and gives the file its
 * name. ERR_NOT_FOUND: it has no picture. */
bool film_file_end(FilmFile *film, const ByteWriter *extra, int64_t created_us, GError **error);
