/* burner.h — pictures of one stream with words burnt in, coded as H.264: where and when, on top,
 * and below that it is a copy, and whose.
 *
 * Decodes, burns and codes in the calls of one thread, without threads of its own: so it takes one
 * core at most. The bytes may be anything, as for a Decoder: what cannot be decoded is left out.
 */
#pragma once

#include "media/access_unit.h"
#include "media/mask.h"
#include "media/redaction.h"
#include "picture/decoder.h"

typedef struct Burner Burner;

/* Larger pictures are made to fit: what a copy costs is bounded. */
enum { BURNER_WIDTH_MOST_PX = 3840, BURNER_HEIGHT_MOST_PX = 2160 };

enum { BURNER_BELOW = 4 };

typedef struct BurnerRules {
    const char *where;               /* above the clock */
    const char *below[BURNER_BELOW]; /* lines at the bottom; NULL: no more */
    unsigned pictures_s;             /* about so many come */
    unsigned key_every_s;            /* a key picture so often */
    const Redaction *redaction;      /* made unrecognisable; NULL: nothing is */
    MaskSet *masks;                  /* cover the pictures; borrowed, NULL: nothing does */
} BurnerRules;

/* Returns owned. */
Burner *burner_new(const BurnerRules *rules);
void burner_free(Burner *burner); /* NULL is allowed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Burner, burner_free)

/* The next picture of the stream, borrowed. DECODER_TOOK: ask burner_next(). */
DecoderResult burner_put(Burner *burner, const AccessUnit *unit);

/* What follows does not belong to what was put: burner_next() gives what is held back. */
void burner_end(Burner *burner);

/* What codes the pictures, and how. A constant. */
const char *burner_encoder(void);

/* When the next decoded picture was captured; false: none now. */
bool burner_next(Burner *burner, int64_t *capture_us);

/* The picture that burner_next() told of, with `clock` burnt in, as the one at `pts` (90 kHz, later
 * than all before). Returns owned, or NULL when libav cannot. */
AccessUnit *burner_picture(Burner *burner, const char *clock, int64_t pts, bool key);

/* A black key picture, of the size that burner_next() told of last, with up to BURNER_CARD_LINES in
 * its middle (NULL: no more). As burner_picture(); NULL too before the first picture. */
enum { BURNER_CARD_LINES = 3 };
AccessUnit *burner_card(Burner *burner, const char *const lines[BURNER_CARD_LINES], int64_t pts);

/* How high the lines are in a picture of that height, px: the first stands at (half a line, half a
 * line), the clock below it. */
int burner_line_px(int height_px);
