#include "media/aac.h"

#include "base/bytes.h"

#include <stdio.h>

enum { CONFIG_BYTES_MAX = 64, ESCAPE_TYPE = 31, ESCAPE_RATE = 15 };

/* samplingFrequencyIndex, ISO/IEC 14496-3 table 1.18 */
static const int rates_hz[] = {96000, 88200, 64000, 48000, 44100, 32000, 24000,
                               22050, 16000, 12000, 11025, 8000,  7350};
/* channelConfiguration, table 1.19; 0 means that a program_config_element tells */
static const int channel_counts[16] = {[1] = 1, [2] = 2,  [3] = 3,  [4] = 4,   [5] = 5, [6] = 6,
                                       [7] = 8, [11] = 7, [12] = 8, [13] = 24, [14] = 8};

static unsigned read_object_type(BitReader *bits)
{
    unsigned type = read_bits(bits, 5);
    return type == ESCAPE_TYPE ? 32 + read_bits(bits, 6) : type;
}

static int read_rate(BitReader *bits)
{
    unsigned index = read_bits(bits, 4);
    if (index == ESCAPE_RATE)
        return (int)read_bits(bits, 24);
    return index < G_N_ELEMENTS(rates_hz) ? rates_hz[index] : 0;
}

bool aac_config_parse(const uint8_t *data, size_t size, AacConfig *config)
{
    *config = (AacConfig){0};
    BitReader bits = bit_reader(data, size);
    config->object_type = read_object_type(&bits);
    config->sample_rate_hz = read_rate(&bits);
    config->channels = channel_counts[read_bits(&bits, 4)];
    unsigned core_type = config->object_type;
    if (core_type == 5 || core_type == 29) { /* explicit SBR or PS: the core follows */
        read_rate(&bits);
        core_type = read_object_type(&bits);
    }
    /* GASpecificConfig §4.4.1: the first bit of AAC Main, LC, SSR, LTP */
    bool short_frames = core_type >= 1 && core_type <= 4 && read_flag(&bits);
    config->frame_samples = short_frames ? 960 : 1024;
    return !bits.failed && config->object_type && config->sample_rate_hz > 0 &&
           config->sample_rate_hz <= 192000;
}

bool aac_config_make(int sample_rate_hz, int channels, uint8_t config[2])
{
    for (unsigned rate = 0; rate < G_N_ELEMENTS(rates_hz); rate++)
        for (unsigned code = 1; code < G_N_ELEMENTS(channel_counts); code++)
            if (rates_hz[rate] == sample_rate_hz && channel_counts[code] == channels) {
                put_u16(config, (uint16_t)(2u << 11 | rate << 7 | code << 3));
                return true;
            }
    return false;
}

CodecParams *aac_params(const uint8_t *config, size_t size, uint32_t clock_hz)
{
    AacConfig parsed;
    if (size > CONFIG_BYTES_MAX || !aac_config_parse(config, size, &parsed))
        return NULL;
    CodecParams *params = codec_params_new(CODEC_AAC, clock_hz, config, size);
    params->sample_rate_hz = parsed.sample_rate_hz;
    params->channels = parsed.channels;
    snprintf(params->rfc6381, sizeof params->rfc6381, "mp4a.40.%u", parsed.object_type);
    return params;
}

size_t aac_adts_header(const uint8_t *data, size_t size)
{
    if (size < 8 || data[0] != 0xff || (data[1] & 0xf6) != 0xf0) /* syncword, layer 0 */
        return 0;
    size_t frame = (size_t)(data[3] & 3) << 11 | (size_t)data[4] << 3 | data[5] >> 5;
    size_t header = data[1] & 1 ? 7 : 9; /* protection_absent: no CRC */
    return frame == size && header < size ? header : 0;
}
