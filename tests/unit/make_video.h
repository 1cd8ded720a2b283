/* make_video.h — real coded pictures and sound for tests, made by libav as the test runs, and
 * footage files of them.
 */
#pragma once

#include "base/bytes.h"
#include "base/uuid.h"
#include "media/access_unit.h"

typedef struct MadeVideo {
    CodecParams *params;
    GPtrArray *units; /* AccessUnit, in decode order; pts from 0, 90 kHz */
    unsigned fps;
} MadeVideo;

typedef struct VideoRecipe {
    Codec codec; /* CODEC_H264 when 0 */
    int width, height;
    unsigned fps, pictures, key_interval, b_frames;
    unsigned slices; /* of each picture; 0: one */
    unsigned seed;   /* other pictures for another seed */
    bool ten_bit;    /* four times as fine, and the same to the eye */
} VideoRecipe;

/* Fails the test when libav cannot. */
MadeVideo *make_video(const VideoRecipe *recipe);
void made_video_free(MadeVideo *video);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MadeVideo, made_video_free)

/* `seconds` of a saw tooth: AAC of 1024 samples a frame at 16 kHz, G.711 of 320 or FLAC of 512 at
 * 8 kHz, Opus of 960 at 48 kHz. */
GPtrArray *make_audio(Codec codec, unsigned seconds);

typedef struct SegmentRecipe {
    const MadeVideo *video;
    unsigned first, pictures; /* of its units */
    GPtrArray *audio;         /* NULL: none; from its first frame, as much as the pictures last */
    Uuid camera;
    int64_t from_us;
    unsigned gap_at, gap_ms; /* with gap_ms: so long nothing before picture `gap_at` of the file */
} SegmentRecipe;

/* Appends init part and fragments of about a second, each new one at a key picture, as the recorder
 * writes them. */
void make_segment(ByteWriter *to, const SegmentRecipe *recipe);
void make_segment_file(const char *path, const SegmentRecipe *recipe);

/* Output of a program run by the shell; the test fails when it does not end with status 0. */
char *run_program(const char *command);
