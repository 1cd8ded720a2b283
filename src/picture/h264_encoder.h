/* h264_encoder.h — decoded pictures into H.264, one coded picture for each, at once.
 *
 * No thread of its own, no picture kept back, no picture that refers to a later one: what goes in
 * comes out of the same call. Private to picture/.
 */
#pragma once

#include "picture/libav.h"

typedef struct H264Encoder H264Encoder;

typedef struct H264EncoderRules {
    int width_px, height_px; /* even */
    unsigned pictures_s;     /* about so many will come */
    unsigned key_every;      /* pictures between key pictures, at most */
    const char *preset;      /* of libx264: how much work for a byte saved */
    int quality;             /* its constant rate factor: less is better */
    int64_t most_bits_s;     /* 0: as many as the quality takes */
} H264EncoderRules;

/* Returns owned; NULL when libav has no libx264, or it wants no such pictures. */
H264Encoder *h264_encoder_new(const H264EncoderRules *rules);

/* The same in `*encoder` (NULL at first), made anew where it is for pictures of another size. */
bool h264_encoder_fit(H264Encoder **encoder, const H264EncoderRules *rules);
void h264_encoder_free(H264Encoder *encoder); /* NULL is allowed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(H264Encoder, h264_encoder_free)

/* Codes `frame` (YUV 4:2:0 of the size of the rules; its `pts` is set) as the picture at `pts`
 * (90 kHz, later than the one before), as a key picture when `key`. Returns owned, with its time
 * of capture 0, or NULL when libav cannot. */
AccessUnit *h264_encoder_take(H264Encoder *encoder, AVFrame *frame, int64_t pts, bool key);
