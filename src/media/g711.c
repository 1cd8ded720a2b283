#include "media/g711.h"

CodecParams *g711_params(Codec codec, uint32_t clock_hz, int channels)
{
    CodecParams *params = codec_params_new(codec, clock_hz, NULL, 0);
    params->sample_rate_hz = (int)MIN(clock_hz, 192000u);
    params->channels = CLAMP(channels, 1, 8);
    g_strlcpy(params->rfc6381, codec == CODEC_PCMU ? "ulaw" : "alaw", sizeof params->rfc6381);
    return params;
}
