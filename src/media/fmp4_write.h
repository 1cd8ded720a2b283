/* fmp4_write.h — fragmented MP4 as footage and live viewers get it (FOOTAGE.md §2).
 *
 * Writes only what stands around the samples: the caller appends the samples themselves (by a
 * gathered write, or into the buffer behind the head). The same values always give the same bytes.
 */
#pragma once

#include "base/bytes.h"
#include "base/uuid.h"
#include "media/access_unit.h"

enum { FMP4_FORMAT = 1 }; /* number of the footage format */

typedef struct Fmp4Init {
    const CodecParams *tracks[TRACKS]; /* borrowed; NULL where there is no such track */
    bool footage;                      /* name camera, stream and start in a box, as below */
    Uuid camera;
    StreamKind stream;
    int64_t from_us; /* when decode time 0 is */
} Fmp4Init;

/* `ftyp moov`. With `footage` the last box in moov is a `uuid` box (type FMP4_FOOTAGE_BOX): format
 * number (4 bytes), stream (4), camera (16), from_us (8). */
void fmp4_write_init(ByteWriter *to, const Fmp4Init *init);

#define FMP4_FOOTAGE_BOX "\x8a\x0e\x2b\x89\xac\x59\x42\xe2\xa6\xa2\x19\x04\x74\x10\xae\x89"

typedef struct Fmp4Sample {
    uint32_t duration;   /* ticks of the track's timescale */
    uint32_t size;       /* bytes */
    int32_t composition; /* presentation minus decode time, ticks */
    bool key;
} Fmp4Sample;

typedef struct Fmp4Run {
    uint64_t decode_time;      /* of the first sample, ticks */
    const Fmp4Sample *samples; /* borrowed */
    unsigned count;            /* 0: the fragment has nothing of this track */
} Fmp4Run;

#define FMP4_NO_PRFT INT64_MIN

typedef struct Fmp4Fragment {
    uint32_t sequence; /* counts the fragments of a file from 1 */
    int64_t prft_us; /* wall clock of the first picture (of the first audio frame where there is no
                        picture), or FMP4_NO_PRFT */
    Fmp4Run tracks[TRACKS];
} Fmp4Fragment;

/* Appends `prft moof` and the header of `mdat`. Behind it belong the bytes of all video samples,
 * then of all audio samples, in the order given. At least one sample; under 4 GiB together. */
void fmp4_write_fragment(ByteWriter *to, const Fmp4Fragment *fragment);

/* Bytes of the head of a fragment with one sample and no prft. */
enum { FMP4_PICTURE_HEAD = 112 };

/* Writes that head; the sample's bytes belong right behind it. */
void fmp4_put_picture_head(uint8_t head[FMP4_PICTURE_HEAD], uint32_t sequence, Track track,
                           uint64_t decode_time, const Fmp4Sample *sample);
