/* thumbnails.h — small pictures of what was recorded, kept beside it as long as it is.
 *
 * Put on one thread and written on another, a few seconds later: only then it is known whether the
 * moment was recorded at all; of what was not, no picture is kept either. A disk that fails or is
 * slow costs thumbnails and nothing else.
 */
#pragma once

#include "archive/archive.h"
#include "base/buffer.h"

typedef struct Thumbnails Thumbnails;

/* Borrows `archive`, which is closed later. Returns owned. */
Thumbnails *thumbnails_new(Archive *archive);
void thumbnails_free(Thumbnails *thumbnails); /* writes what waits; NULL is allowed */

/* `data` is the Thumbnails; copies `jpeg`. Never waits. */
void thumbnails_put(void *data, const Uuid *camera, int64_t capture_us, const Buffer *jpeg);

/* The thumbnail nearest to `at_us`, at most `within_us` from it, and its time. Returns owned;
 * ERR_NOT_FOUND: there is none. Blocking; any thread. */
Buffer *thumbnail_get(Archive *archive, const Uuid *camera, int64_t at_us, int64_t within_us,
                      int64_t *capture_us, GError **error);
