#include "media/opus.h"

#include "base/bytes.h"

enum { PACKET_TICKS_MOST = OPUS_CLOCK_HZ * 120 / 1000 };

CodecParams *opus_params(int channels)
{
    g_auto(ByteWriter) config = {0};
    channels = CLAMP(channels, 1, 2);
    write_u8(&config, 0); /* version */
    write_u8(&config, (uint8_t)channels);
    write_u16(&config, 0); /* PreSkip */
    write_u32(&config, OPUS_CLOCK_HZ);
    write_u16(&config, 0); /* OutputGain */
    write_u8(&config, 0);  /* ChannelMappingFamily: one stream */
    g_assert(config.size == OPUS_CONFIG_BYTES);
    CodecParams *params = codec_params_new(CODEC_OPUS, OPUS_CLOCK_HZ, config.data, config.size);
    params->sample_rate_hz = OPUS_CLOCK_HZ;
    params->channels = channels;
    g_strlcpy(params->rfc6381, "opus", sizeof params->rfc6381);
    return params;
}

/* Ticks of a frame by the `config` of the TOC byte (§3.1, table 2). */
static uint32_t frame_ticks(unsigned config)
{
    static const uint16_t silk[] = {480, 960, 1920, 2880}, hybrid[] = {480, 960},
                          celt[] = {120, 240, 480, 960};
    if (config < 12)
        return silk[config & 3];
    return config < 16 ? hybrid[config & 1] : celt[config & 3];
}

uint32_t opus_packet_ticks(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    unsigned code = data[0] & 3, frames = code == 0 ? 1 : 2; /* §3.2 */
    if (code == 3)
        frames = size > 1 ? data[1] & 63 : 0;
    uint32_t ticks = frames * frame_ticks(data[0] >> 3);
    return ticks <= PACKET_TICKS_MOST ? ticks : 0;
}
