/* parameter_sets.h — NAL units of a byte stream, and the decoder configuration made from them. */
#pragma once

#include "media/access_unit.h"

typedef struct NalWalk {
    const uint8_t *next, *end;
} NalWalk;

/* Over the NAL units of an Annex B byte stream (ITU-T H.264 §B.1). */
NalWalk nal_walk(const uint8_t *annex_b, size_t size);
const uint8_t *nal_next(NalWalk *walk, size_t *size); /* borrows; NULL at the end */

bool nal_is_slice(Codec codec, const uint8_t *nal);

/* Body of avcC or hvcC (ISO/IEC 14496-15 §5.3.3, §8.3.3) from the parameter sets of a key picture.
 */
void decoder_config_make(Codec codec, const uint8_t *annex_b, size_t size, GByteArray *config);
