#include "media/audio_frame.h"

#include "media/aac.h"
#include "media/flac.h"
#include "media/opus.h"

/* HE-AAC has a clock of twice its core's rate. */
static uint32_t aac_ticks(const CodecParams *params)
{
    AacConfig config;
    if (!aac_config_parse(params->config, params->config_bytes, &config))
        return 1024;
    return (uint32_t)((uint64_t)config.frame_samples * params->timescale /
                      (unsigned)config.sample_rate_hz);
}

uint32_t audio_frame_ticks(const CodecParams *params, const uint8_t *data, size_t size)
{
    uint32_t ticks = params->codec == CODEC_AAC    ? aac_ticks(params)
                     : params->codec == CODEC_FLAC ? flac_frame_samples(data, size)
                     : params->codec == CODEC_OPUS
                         ? opus_packet_ticks(data, size)
                         : (uint32_t)MIN(size, UINT32_MAX) / (uint32_t)MAX(params->channels, 1);
    return MAX(ticks, 1);
}
