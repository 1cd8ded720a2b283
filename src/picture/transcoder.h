/* transcoder.h — pictures of one stream made into H.264, for those whose device knows no other.
 *
 * Smaller and fewer than they came, which bounds what it costs. One thread at a time, no threads of
 * its own. The bytes may be anything, as for a Decoder: what cannot be decoded is left out.
 */
#pragma once

#include "media/access_unit.h"
#include "media/mask.h"
#include "picture/decoder.h"

typedef struct Transcoder Transcoder;

typedef struct TranscoderRules {
    int width_px, height_px; /* what is larger is made to fit */
    unsigned pictures_s;     /* at most; 1 at least */
    unsigned key_every_s;    /* a key picture so often */
    MaskSet *masks;          /* cover its pictures; borrowed, NULL: nothing does */
} TranscoderRules;

/* Returns owned. */
Transcoder *transcoder_new(const TranscoderRules *rules);
void transcoder_free(Transcoder *transcoder); /* NULL is allowed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Transcoder, transcoder_free)

/* The next picture of the stream, borrowed; tell with transcoder_lost() that some before it are
 * missing. DECODER_TOOK: ask transcoder_next(). */
DecoderResult transcoder_put(Transcoder *transcoder, const AccessUnit *unit);
void transcoder_lost(Transcoder *transcoder);

/* The stream is over: ask transcoder_next() for what was held back. */
void transcoder_end(Transcoder *transcoder);

/* The next picture in H.264, returned owned, or NULL: none now. `late`: it would come too late for
 * anyone, so none is coded, and only the decoder goes on. Times of capture are those of the source;
 * where they do not connect, a run starts. */
AccessUnit *transcoder_next(Transcoder *transcoder, bool late);
