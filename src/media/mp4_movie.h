/* mp4_movie.h — the front of a progressive MP4: `ftyp moov` with sample tables, and the header of
 * `mdat` (ISO/IEC 14496-12 §8.5–8.7).
 *
 * Samples are told one by one and kept as the tables they become: 4 bytes a picture for its size,
 * and little more while spacing and order of the pictures stay the same.
 */
#pragma once

#include "base/bytes.h"
#include "media/access_unit.h"

typedef struct Mp4Track Mp4Track;

/* `timescale` counts decode and presentation times of the samples. */
Mp4Track *mp4_track_new(Track track, uint32_t timescale);
void mp4_track_free(Mp4Track *track); /* NULL is allowed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Mp4Track, mp4_track_free)

/* The samples that follow lie side by side from `offset` of the mdat's content on and are coded as
 * `params` says (holds a reference): a new sample description when it differs from all before. */
void mp4_track_chunk(Mp4Track *track, CodecParams *params, uint64_t offset);

/* Decode times rise; one that does not is moved behind the one before it, its presentation time
 * stays. A sample lasts until the decode time of the next, the last one for `duration`. */
void mp4_track_sample(Mp4Track *track, int64_t decode_time, int64_t presentation_time,
                      uint32_t duration, uint32_t size, bool key);

unsigned mp4_track_samples(const Mp4Track *track);
int64_t mp4_track_origin(const Mp4Track *track); /* decode time of the first sample */

/* What is played, §8.6.6: after `delay` of nothing, `duration` from presentation time `from` on.
 * `delay` and `duration` in movie ticks (VIDEO_TIMESCALE), `from` in those of the track. */
void mp4_track_play(Mp4Track *track, uint64_t delay, int64_t from, uint64_t duration);

typedef struct Mp4Movie {
    Mp4Track *tracks[TRACKS]; /* borrowed; NULL where there is none, or it has no samples */
    int64_t created_us;
    uint64_t duration;       /* movie ticks */
    const ByteWriter *extra; /* whole boxes to stand at the end of moov; NULL: none */
    uint64_t data_bytes;     /* content of mdat */
} Mp4Movie;

/* Appends everything before the content of mdat. Chunk offsets are 64 bits wide where they must. */
void mp4_write_movie(ByteWriter *to, const Mp4Movie *movie);
