/* access_unit.h — one picture or one audio frame with its time, and what describes its coding.
 *
 * An access unit is made once by the ingest loop, in one allocation, and is immutable and
 * reference-counted from then on: recorder, live viewers and watch all read the same bytes.
 */
#pragma once

#include "media/gap.h"

#include <glib.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { VIDEO_TIMESCALE = 90000 };
/* Sound with another clock is none: its times would not fit those of the pictures. */
enum { AUDIO_TIMESCALE_LEAST = 1000, AUDIO_TIMESCALE_MOST = 1000000 };

typedef enum StreamKind { STREAM_MAIN, STREAM_SUB, STREAM_KINDS } StreamKind;
const char *stream_kind_text(StreamKind kind); /* "main", "sub" */

typedef enum Track { TRACK_VIDEO, TRACK_AUDIO, TRACKS } Track;

/* G.711 is what a camera sends; it is recorded as FLAC (003-g711-in-mp4). */
typedef enum Codec {
    CODEC_NONE,
    CODEC_H264,
    CODEC_H265,
    CODEC_AAC,
    CODEC_PCMA,
    CODEC_PCMU,
    CODEC_OPUS,
    CODEC_FLAC,
} Codec;
const char *codec_text(Codec codec); /* "H.264" … for people */

/* How one track is coded. Immutable, reference-counted. */
typedef struct CodecParams {
    atomic_uint refs;
    Codec codec;
    uint32_t timescale; /* of pts: 90000 for video, the sample rate for audio */
    int width, height;  /* px, after cropping; 0 when the SPS could not be understood */
    int sample_rate_hz, channels;
    char rfc6381[32];    /* "avc1.640028", "hvc1.1.6.L93.B0", "mp4a.40.2", "opus", "flac" … */
    size_t config_bytes; /* body of avcC / hvcC / dOps, blocks of dfLa, or AudioSpecificConfig */
    uint8_t config[];
} CodecParams;

/* Returns owned, all zero but `codec`, `timescale` and a copy of `config`. */
CodecParams *codec_params_new(Codec codec, uint32_t timescale, const void *config,
                              size_t config_bytes);
CodecParams *codec_params_ref(CodecParams *params);
void codec_params_unref(CodecParams *params);                        /* NULL is allowed */
bool codec_params_equal(const CodecParams *a, const CodecParams *b); /* by content */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CodecParams, codec_params_unref)

typedef struct AccessUnit {
    atomic_uint refs;
    Track track;
    bool key;            /* a picture that can be decoded alone (IDR, CRA, BLA); always for audio */
    bool damaged;        /* a picture that refers to what was lost, up to the next key picture */
    bool run_start;      /* first video picture of a run: times before and after do not connect */
    GapCause gap_cause;  /* with run_start: why there is a gap before it */
    uint32_t run;        /* counts runs of this stream since the server started */
    int64_t pts;         /* params->timescale ticks, unwrapped, continuous within the run */
    int64_t capture_us;  /* node time, mapped once in camera/ */
    int64_t arrival_us;  /* node time of the kernel's receipt of the last packet */
    uint64_t number;     /* set by the hub: counts the units of this stream, both tracks */
    CodecParams *params; /* holds a reference */
    size_t size;
    uint8_t data[]; /* video: NAL units, each behind its 4-byte length; audio: one raw frame */
} AccessUnit;

/* Returns owned with `size` bytes of undefined data; holds a new reference to `params`. The maker
 * fills in the rest before it publishes. */
AccessUnit *access_unit_new(CodecParams *params, Track track, size_t size);
AccessUnit *access_unit_ref(AccessUnit *unit);
void access_unit_unref(AccessUnit *unit); /* NULL is allowed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AccessUnit, access_unit_unref)
