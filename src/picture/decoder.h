/* decoder.h — the pictures of one stream, decoded one after another for those who look at them.
 *
 * One decoder a stream, no threads of its own, used by one thread at a time. The bytes may be
 * anything: what cannot be decoded is left out, and decoding goes on with a later picture.
 *
 * A stream is followed picture by picture, or only its key pictures are looked at, each alone:
 * then the decoder holds no pictures between two calls. Deblocking is left out, which saves a
 * sixth; what that does to motion is in docs/design/motion.md.
 */
#pragma once

#include "base/buffer.h"
#include "media/access_unit.h"
#include "picture/luma.h"

typedef struct Decoder Decoder;

typedef enum DecoderResult {
    DECODER_TOOK,        /* ask decoder_next() */
    DECODER_WAITS,       /* left out: nothing can follow before the next key picture */
    DECODER_BROKEN,      /* this picture cannot be decoded */
    DECODER_UNSUPPORTED, /* no picture of this stream can: another codec, or larger than allowed */
} DecoderResult;

/* Pictures of more than `most_pixels` are DECODER_UNSUPPORTED; 8K is the most in any case. Returns
 * owned. */
Decoder *decoder_new(int64_t most_pixels);
void decoder_free(Decoder *decoder); /* NULL is allowed */

/* Its pictures are for people to see: they are deblocked. Before the first picture. */
void decoder_deblock(Decoder *decoder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Decoder, decoder_free)

/* Decodes the picture `unit` (borrowed), the next of the stream; where the stream's parameters
 * changed, as those say. `alone`: it is a key picture, and the one after it is left out unless it
 * is another. Tell with decoder_lost() that pictures before it are missing. */
DecoderResult decoder_put(Decoder *decoder, const AccessUnit *unit, bool alone);
void decoder_lost(Decoder *decoder);

/* No picture follows: what is held back for the order of display comes by decoder_next() now. It
 * goes on with a key picture. */
void decoder_end(Decoder *decoder);

/* The next decoded picture, in order of display, borrowed until the next call of this or of
 * decoder_put(). False: none now. Mostly one for each picture put. */
bool decoder_next(Decoder *decoder, LumaPicture *picture);

/* The picture that decoder_next() gave last, in colour, as a JPEG (picture.h says how wide).
 * Returns owned, or NULL when there is none or it cannot be. */
Buffer *decoder_jpeg(const Decoder *decoder, int width_px);
