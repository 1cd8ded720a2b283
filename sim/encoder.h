/* encoder.h — I420 pictures in, access units out, by libav's libx264 and libx265.
 *
 * As cameras do it: no B-pictures, closed groups, parameter sets repeated before each key picture,
 * key pictures only where asked for. One thread at a time.
 */
#pragma once

#include "clip.h"
#include "picture.h"

typedef struct Encoder Encoder;

typedef struct EncoderSettings {
    Codec codec;
    int width, height;
    int64_t bits_per_second;
    const char *preset; /* of x264 or x265 */
    bool delimiters;    /* an access unit delimiter before each picture (H.264) */
} EncoderSettings;

/* Returns owned, or NULL when the codec is missing from this libav. */
Encoder *encoder_new(const EncoderSettings *settings, GError **error);
void encoder_free(Encoder *encoder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Encoder, encoder_free)

/* Encodes `frame` (borrowed; NULL: no more will come) and appends what came out to `clip`. */
bool encoder_add(Encoder *encoder, AVFrame *frame, bool key, Clip *clip, GError **error);
