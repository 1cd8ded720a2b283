/* spoil.h — what befalls a camera's view, done to its pictures.
 *
 * A camera whose pictures are drawn as they run has each one spoilt; one that shows a scene gets a
 * clip of its own, made once, of the two seconds of the scene at which it befell.
 */
#pragma once

#include "encoder.h"

typedef enum Spoil {
    SPOIL_NONE,
    SPOIL_FREEZE, /* the same picture for ever, to the bit */
    SPOIL_BLACK,
    SPOIL_COVER, /* cloth before all but the right edge */
    SPOIL_BLUR,  /* the lens out of focus: about 4 px of 640 */
    SPOIL_SHIFT, /* the camera turned aside, by a fifth of the view */
    SPOILS
} Spoil;

/* Changes `frame`, which must be writable. SPOIL_FREEZE is for who sends it: it changes nothing. */
void spoil_picture(Spoil spoil, AVFrame *frame);

/* A clip to be shown again and again in place of `clip`, coded alike: of its group around picture
 * `place`. Blocks for a second or so. Returns owned, or NULL. */
Clip *spoil_clip(Spoil spoil, const Clip *clip, uint32_t place, const EncoderSettings *encoding,
                 GError **error);
