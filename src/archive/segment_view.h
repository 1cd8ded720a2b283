/* segment_view.h — a footage file as browsers may have it: with sound they play, or without any.
 *
 * Without sound it has the same size and every byte of the pictures in the same place, so that
 * playlists and ranges hold for both: boxes of the audio track are called `free`, its samples are
 * zeros. G.711 never goes along: Chromium refuses a whole file for an audio track that it does not
 * know.
 *
 * Blocking; by one thread at a time. To open it without sound reads the head of every fragment
 * (about 1 ms from the page cache): keep a view for the next range of the same file.
 */
#pragma once

#include "base/error.h"
#include "media/access_unit.h"

#include <stddef.h>
#include <stdint.h>

typedef struct SegmentView SegmentView;

/* `valid_bytes` as in segment_reader_open(). `audio`: whoever asks may listen. */
SegmentView *segment_view_open(const char *path, int64_t valid_bytes, bool audio, GError **error);
void segment_view_free(SegmentView *view); /* NULL is allowed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SegmentView, segment_view_free)

/* Whole fragments only: of an open or damaged file this may be less than there is. */
int64_t segment_view_size(const SegmentView *view);

/* Is this sound that browsers play? */
bool segment_view_plays(Codec codec);

/* How many bytes at its front hold no pictures. */
int64_t segment_view_init(const SegmentView *view);

/* Exactly `size` bytes at `offset`; both must lie within segment_view_size(). */
bool segment_view_read(SegmentView *view, int64_t offset, void *buffer, size_t size,
                       GError **error);
