#include "parameter_sets.h"

#include "base/bytes.h"

#include <string.h>

enum { H264_SPS = 7, H264_PPS = 8, H265_VPS = 32, H265_SPS = 33, H265_PPS = 34 };
enum { PROFILE_TIER_LEVEL = 12 };

typedef struct Nal {
    const uint8_t *data;
    size_t size;
} Nal;

static const uint8_t START[] = {0, 0, 1};

NalWalk nal_walk(const uint8_t *annex_b, size_t size)
{
    const uint8_t *start = memmem(annex_b, size, START, sizeof START);
    return (NalWalk){.next = start ? start + sizeof START : NULL, .end = annex_b + size};
}

const uint8_t *nal_next(NalWalk *walk, size_t *size)
{
    const uint8_t *nal = walk->next;
    if (!nal)
        return NULL;
    const uint8_t *code = memmem(nal, (size_t)(walk->end - nal), START, sizeof START);
    const uint8_t *last = code ? code : walk->end;
    while (last > nal + 1 && last[-1] == 0) /* trailing_zero_8bits and zero_byte */
        last--;
    *size = (size_t)(last - nal);
    walk->next = code ? code + sizeof START : NULL;
    return nal;
}

static int nal_type(Codec codec, const uint8_t *nal)
{
    return codec == CODEC_H265 ? nal[0] >> 1 & 0x3f : nal[0] & 0x1f;
}

bool nal_is_slice(Codec codec, const uint8_t *nal)
{
    int type = nal_type(codec, nal);
    return codec == CODEC_H265 ? type < 32 : type >= 1 && type <= 5;
}

static Nal find(Codec codec, const uint8_t *annex_b, size_t size, int type)
{
    NalWalk walk = nal_walk(annex_b, size);
    Nal nal;
    while ((nal.data = nal_next(&walk, &nal.size)))
        if (nal_type(codec, nal.data) == type)
            return nal;
    g_error("the encoder sent no parameter set of type %d with its first key picture", type);
}

static void write_nal(ByteWriter *writer, Nal nal)
{
    write_u16(writer, (uint16_t)nal.size);
    write_bytes(writer, nal.data, nal.size);
}

static void avcc_write(ByteWriter *writer, Nal sps, Nal pps)
{
    write_u8(writer, 1);
    write_bytes(writer, sps.data + 1, 3); /* profile, constraints, level */
    write_u8(writer, 0xfc | 3);           /* lengths of 4 bytes */
    write_u8(writer, 0xe0 | 1);
    write_nal(writer, sps);
    write_u8(writer, 1);
    write_nal(writer, pps);
}

/* general_profile_space … general_level_idc: 12 bytes behind the NAL header and one byte of ids. */
static void profile_tier_level(Nal sps, uint8_t out[PROFILE_TIER_LEVEL])
{
    size_t got = 0;
    int zeros = 0;
    for (size_t at = 3; at < sps.size && got < PROFILE_TIER_LEVEL; at++) {
        if (zeros == 2 && sps.data[at] == 3) {
            zeros = 0;
            continue;
        }
        zeros = sps.data[at] == 0 ? zeros + 1 : 0;
        out[got++] = sps.data[at];
    }
}

static void hvcc_write(ByteWriter *writer, const Nal sets[3])
{
    static const uint8_t TYPES[] = {H265_VPS, H265_SPS, H265_PPS};
    uint8_t level[PROFILE_TIER_LEVEL] = {0};
    profile_tier_level(sets[1], level);
    write_u8(writer, 1);
    write_bytes(writer, level, sizeof level);
    write_u16(writer, 0xf000);             /* min_spatial_segmentation_idc: unknown */
    write_u8(writer, 0xfc);                /* parallelismType: unknown */
    write_u8(writer, 0xfc | 1);            /* 4:2:0 */
    write_u8(writer, 0xf8);                /* 8 bits luma */
    write_u8(writer, 0xf8);                /* 8 bits chroma */
    write_u16(writer, 0);                  /* avgFrameRate: unknown */
    write_u8(writer, 1 << 3 | 1 << 2 | 3); /* one layer, nested, lengths of 4 bytes */
    write_u8(writer, 3);
    for (size_t i = 0; i < 3; i++) {
        write_u8(writer, 0x80 | TYPES[i]);
        write_u16(writer, 1);
        write_nal(writer, sets[i]);
    }
}

void decoder_config_make(Codec codec, const uint8_t *annex_b, size_t size, GByteArray *config)
{
    g_auto(ByteWriter) writer = {0};
    if (codec == CODEC_H265) {
        const Nal sets[] = {find(codec, annex_b, size, H265_VPS),
                            find(codec, annex_b, size, H265_SPS),
                            find(codec, annex_b, size, H265_PPS)};
        hvcc_write(&writer, sets);
    } else {
        avcc_write(&writer, find(codec, annex_b, size, H264_SPS),
                   find(codec, annex_b, size, H264_PPS));
    }
    g_byte_array_append(config, writer.data, (guint)writer.size);
}
