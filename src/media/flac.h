/* flac.h — FLAC (RFC 9639) as it stands in MP4, and the coding of samples into it by libFLAC.
 *
 * One sample of a track is one FLAC frame ("Encapsulation of FLAC in ISO Base Media File Format").
 */
#pragma once

#include "media/access_unit.h"

enum { FLAC_BLOCK_LEAST = 16, FLAC_BLOCK_MOST = 4608 }; /* §8.2, §7: the streamable subset */

/* Parameters of 16-bit FLAC: `config` is what follows version and flags in dfLa: STREAMINFO, then a
 * comment SOURCE=`source`. Frames have `block_samples`, or fewer before a break. Returns owned;
 * NULL when FLAC has no such rate or number of channels. */
CodecParams *flac_params(uint32_t rate_hz, int channels, unsigned block_samples,
                         const char *source);

/* Rate and channels of the STREAMINFO in `config`; false when it does not begin with one. */
bool flac_config_parse(const uint8_t *config, size_t size, int *rate_hz, int *channels);

/* Samples of a channel in the frame at `data`, by its header (§9.1); 0 when it is none. */
uint32_t flac_frame_samples(const uint8_t *data, size_t size);

typedef struct FlacEncoder FlacEncoder;

/* `samples` of a channel are in `frame`, which is borrowed until return. */
typedef void (*FlacFrame)(void *data, const uint8_t *frame, size_t size, uint32_t samples);

/* Returns owned; NULL when libFLAC has no memory for it or does not take the parameters. */
FlacEncoder *flac_encoder_new(const CodecParams *params, unsigned block_samples, FlacFrame frame,
                              void *data);
void flac_encoder_free(FlacEncoder *encoder); /* NULL is allowed; what is half done is dropped */

/* Interleaved samples, `count` of a channel. A full block comes out with the first sample after it.
 * False when libFLAC failed: then free it. */
bool flac_encoder_add(FlacEncoder *encoder, const int32_t *samples, unsigned count);

/* What was added comes out, and the next sample begins a frame. */
bool flac_encoder_flush(FlacEncoder *encoder);
