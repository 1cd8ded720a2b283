#include "media/nal.h"

#include "base/bytes.h"

#include <string.h>

/* nal_unit_type values: ITU-T H.264 table 7-1, ITU-T H.265 table 7-1. */
static const uint8_t h264_roles[32] = {
    [1] = NAL_SLICE, [2] = NAL_SLICE, [3] = NAL_SLICE, [4] = NAL_SLICE, [5] = NAL_KEY,
    [6] = NAL_SEI,   [7] = NAL_SPS,   [8] = NAL_PPS,   [9] = NAL_AUD,
};

static const uint8_t h265_roles[64] = {
    /* 0–9 are the trailing, sub-layer and leading pictures, 16–21 the IRAP ones. */
    [0] = NAL_SLICE, [1] = NAL_SLICE, [2] = NAL_SLICE, [3] = NAL_SLICE, [4] = NAL_SLICE,
    [5] = NAL_SLICE, [6] = NAL_SLICE, [7] = NAL_SLICE, [8] = NAL_SLICE, [9] = NAL_SLICE,
    [16] = NAL_KEY,  [17] = NAL_KEY,  [18] = NAL_KEY,  [19] = NAL_KEY,  [20] = NAL_KEY,
    [21] = NAL_KEY,  [32] = NAL_VPS,  [33] = NAL_SPS,  [34] = NAL_PPS,  [35] = NAL_AUD,
    [39] = NAL_SEI,
};

unsigned nal_type(Codec codec, const uint8_t *nal)
{
    return codec == CODEC_H265 ? nal[0] >> 1 & 63 : nal[0] & 31;
}

NalRole nal_role(Codec codec, const uint8_t *nal)
{
    unsigned type = nal_type(codec, nal);
    return codec == CODEC_H265 ? h265_roles[type] : h264_roles[type];
}

bool nal_is_vcl(Codec codec, const uint8_t *nal)
{
    return nal_role(codec, nal) >= NAL_SLICE;
}

bool nal_starts_picture(Codec codec, const Nal *nal)
{
    /* H.264: ue(v) 0 is the bit 1. Data partitions B and C (types 3, 4) never come first. */
    size_t header = codec == CODEC_H265 ? 2 : 1;
    if (nal->size <= header || !nal_is_vcl(codec, nal->data))
        return false;
    unsigned type = nal_type(codec, nal->data);
    if (codec == CODEC_H264 && (type == 3 || type == 4))
        return false;
    return (nal->data[header] & 0x80) != 0;
}

/* Sub-layers of the stream as its hvcC says, ISO/IEC 14496-15 §8.3.3.1; 0: it does not. */
static unsigned h265_layers(const CodecParams *params)
{
    return params->config_bytes > 21 ? params->config[21] >> 3 & 7 : 0;
}

/* Types up to RSV_VCL_N14 that are even are of pictures that none of their sub-layer refers to. */
static bool is_left_alone(const CodecParams *params, const Nal *nal)
{
    if (params->codec == CODEC_H264)
        return (nal->data[0] >> 5 & 3) == 0;
    unsigned type = nal_type(CODEC_H265, nal->data);
    return nal->size > 1 && type < 16 && type % 2 == 0 &&
           (nal->data[1] & 7u) == h265_layers(params); /* nuh_temporal_id_plus1 */
}

bool nal_is_left_alone(const AccessUnit *picture)
{
    bool any = false;
    NalReader reader = nal_reader(picture->data, picture->size);
    for (Nal nal; nal_next(&reader, &nal);) {
        if (!nal_is_vcl(picture->params->codec, nal.data))
            continue;
        if (!is_left_alone(picture->params, &nal))
            return false;
        any = true;
    }
    return any;
}

NalReader nal_reader(const void *data, size_t size)
{
    return (NalReader){.data = data, .size = size};
}

bool nal_next(NalReader *reader, Nal *nal)
{
    while (reader->size - reader->at >= 4) {
        size_t bytes = get_u32(reader->data + reader->at);
        if (bytes > reader->size - reader->at - 4)
            break;
        *nal = (Nal){reader->data + reader->at + 4, bytes};
        reader->at += 4 + bytes;
        if (bytes)
            return true;
    }
    reader->at = reader->size;
    return false;
}

bool nal_starts_annexb(const uint8_t *data, size_t size)
{
    return size >= 4 && data[0] == 0 && data[1] == 0 &&
           (data[2] == 1 || (data[2] == 0 && data[3] == 1));
}

size_t nal_find_start_code(const uint8_t *data, size_t size, size_t from)
{
    /* A 1 is rarer than a 0 in coded video, so look for it. */
    size_t at = from + 2;
    while (at < size) {
        const uint8_t *one = memchr(data + at, 1, size - at);
        if (!one)
            break;
        at = (size_t)(one - data);
        if (data[at - 1] == 0 && data[at - 2] == 0)
            return at - 2;
        at++;
    }
    return size;
}

bool nal_next_annexb(NalReader *reader, Nal *nal)
{
    const uint8_t *data = reader->data;
    size_t size = reader->size;
    size_t code = nal_find_start_code(data, size, reader->at);
    while (code < size) {
        size_t start = code + 3, end = nal_find_start_code(data, size, start);
        reader->at = code = end;
        while (end > start && data[end - 1] == 0)
            end--;
        if (end > start) {
            *nal = (Nal){data + start, end - start};
            return true;
        }
    }
    reader->at = size;
    return false;
}

size_t nal_unescape(const uint8_t *data, size_t size, uint8_t *out)
{
    size_t written = 0, zeros = 0;
    for (size_t i = 0; i < size; i++) {
        if (zeros >= 2 && data[i] == 3) {
            zeros = 0;
            continue;
        }
        zeros = data[i] == 0 ? zeros + 1 : 0;
        out[written++] = data[i];
    }
    return written;
}
