/* g711.h — parameters of G.711 audio (ITU-T G.711): one byte a sample, no configuration. */
#pragma once

#include "media/access_unit.h"

/* `codec` is CODEC_PCMA or CODEC_PCMU; rates other than 8000 Hz are met, too. Returns owned. */
CodecParams *g711_params(Codec codec, uint32_t clock_hz, int channels);
