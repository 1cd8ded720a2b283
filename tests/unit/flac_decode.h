/* flac_decode.h — the G.711 bytes that a camera sent, out of the FLAC they were recorded as, by
 * libav, which is not what coded them. */
#pragma once

#include "media/access_unit.h"
#include "media/g711.h"

typedef struct FlacDecoder FlacDecoder;

FlacDecoder *flac_decoder_new(const CodecParams *params);
void flac_decoder_free(FlacDecoder *decoder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FlacDecoder, flac_decoder_free)

/* Appends the bytes of one frame; fails the test when it cannot be decoded, or when a value is none
 * of this law. */
void flac_decoder_add(FlacDecoder *decoder, G711Law law, const uint8_t *frame, size_t size,
                      GByteArray *bytes);
