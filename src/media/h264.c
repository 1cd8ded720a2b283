#include "media/h264.h"

#include "base/bytes.h"

#include <string.h>

enum {
    SPS_BYTES_MAX = 1024, /* of which the parser looks; real ones have 10 to 200 */
    SETS_MAX = 31,        /* numOfSequenceParameterSets has 5 bits */
    REF_FRAMES_MAX = 255, /* num_ref_frames_in_pic_order_cnt_cycle */
    SIDE_MAX = 16384,     /* px; level 6.2 ends at 16384 */
};

/* ITU-T H.264 §7.3.2.1.1.1: sizes do not matter, so only the deltas are walked over. */
static void skip_scaling_list(BitReader *bits, unsigned size)
{
    int last = 8, next = 8;
    for (unsigned i = 0; i < size && !bits->failed; i++) {
        if (next != 0)
            next = (int)(((int64_t)last + read_se(bits) + 256) & 255);
        last = next == 0 ? last : next;
    }
}

/* The profiles that carry chroma format, depths and scaling matrix. */
static bool is_high_profile(unsigned profile)
{
    static const uint8_t high[] = {100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135};
    return memchr(high, (int)profile, sizeof high) != NULL;
}

static bool parse_high(BitReader *bits, H264Sps *sps, bool *separate_planes)
{
    uint32_t chroma = read_ue(bits);
    if (chroma > 3)
        return false;
    sps->chroma_format_idc = (uint8_t)chroma;
    *separate_planes = chroma == 3 && read_flag(bits);
    uint32_t luma_depth = read_ue(bits), chroma_depth = read_ue(bits);
    if (luma_depth > 6 || chroma_depth > 6)
        return false;
    sps->bit_depth_luma = (uint8_t)(8 + luma_depth);
    sps->bit_depth_chroma = (uint8_t)(8 + chroma_depth);
    read_flag(bits); /* qpprime_y_zero_transform_bypass_flag */
    if (read_flag(bits))
        for (unsigned i = 0; i < (chroma == 3 ? 12u : 8u); i++)
            if (read_flag(bits))
                skip_scaling_list(bits, i < 6 ? 16 : 64);
    return !bits->failed;
}

static bool skip_picture_order(BitReader *bits)
{
    uint32_t type = read_ue(bits);
    if (type == 0) {
        read_ue(bits); /* log2_max_pic_order_cnt_lsb_minus4 */
    } else if (type == 1) {
        read_flag(bits);
        read_se(bits);
        read_se(bits);
        uint32_t count = read_ue(bits);
        if (count > REF_FRAMES_MAX)
            return false;
        for (uint32_t i = 0; i < count; i++)
            read_se(bits);
    }
    return type <= 2 && !bits->failed;
}

static void skip_hrd(BitReader *bits)
{
    uint32_t count = read_ue(bits) + 1; /* cpb_cnt_minus1 */
    if (count > 32)
        bits->failed = true;
    read_bits(bits, 8);
    for (uint32_t i = 0; i < count && !bits->failed; i++) {
        read_ue(bits);
        read_ue(bits);
        read_flag(bits);
    }
    read_bits(bits, 20);
}

/* ITU-T H.264 §E.1.1. What it tells is welcome, never needed. */
static void parse_vui(BitReader *bits, H264Sps *sps)
{
    if (read_flag(bits) && read_bits(bits, 8) == 255) /* aspect_ratio_idc Extended_SAR */
        read_bits(bits, 32);
    if (read_flag(bits)) /* overscan_info_present_flag */
        read_flag(bits);
    if (read_flag(bits)) { /* video_signal_type_present_flag */
        read_bits(bits, 4);
        if (read_flag(bits))
            read_bits(bits, 24);
    }
    if (read_flag(bits)) { /* chroma_loc_info_present_flag */
        read_ue(bits);
        read_ue(bits);
    }
    if (read_flag(bits)) { /* timing_info_present_flag */
        uint32_t tick = read_bits(bits, 32), scale = read_bits(bits, 32);
        read_flag(bits);
        if (bits->failed)
            return;
        sps->num_units_in_tick = tick;
        sps->time_scale = scale;
    }
    bool nal_hrd = read_flag(bits);
    if (nal_hrd)
        skip_hrd(bits);
    bool vcl_hrd = read_flag(bits);
    if (vcl_hrd)
        skip_hrd(bits);
    if (nal_hrd || vcl_hrd)
        read_flag(bits);
    read_flag(bits);       /* pic_struct_present_flag */
    if (read_flag(bits)) { /* bitstream_restriction_flag */
        read_flag(bits);
        for (unsigned i = 0; i < 4; i++)
            read_ue(bits);
        uint32_t reorder = read_ue(bits);
        if (!bits->failed && reorder <= 16)
            sps->max_num_reorder_frames = reorder;
    }
}

/* Size in samples (§7.4.2.1.1). The crop counts in units of the chroma grid. */
static bool parse_size(BitReader *bits, H264Sps *sps, bool separate_planes)
{
    int64_t width = ((int64_t)read_ue(bits) + 1) * 16;
    int64_t map_height = ((int64_t)read_ue(bits) + 1) * 16;
    sps->frame_mbs_only = read_flag(bits);
    int64_t height = sps->frame_mbs_only ? map_height : 2 * map_height;
    if (!sps->frame_mbs_only)
        read_flag(bits); /* mb_adaptive_frame_field_flag */
    read_flag(bits);     /* direct_8x8_inference_flag */
    if (read_flag(bits)) {
        unsigned chroma = separate_planes ? 0 : sps->chroma_format_idc;
        int unit_x = chroma == 1 || chroma == 2 ? 2 : 1;
        int unit_y = (chroma == 1 ? 2 : 1) * (sps->frame_mbs_only ? 1 : 2);
        int64_t left = read_ue(bits), right = read_ue(bits);
        int64_t top = read_ue(bits), bottom = read_ue(bits);
        width -= (left + right) * unit_x;
        height -= (top + bottom) * unit_y;
    }
    if (bits->failed || width < 1 || height < 1 || width > SIDE_MAX || height > SIDE_MAX)
        return false;
    sps->width = (int)width;
    sps->height = (int)height;
    return true;
}

bool h264_sps_parse(const uint8_t *nal, size_t size, H264Sps *sps)
{
    *sps = (H264Sps){.chroma_format_idc = 1,
                     .bit_depth_luma = 8,
                     .bit_depth_chroma = 8,
                     .max_num_reorder_frames = UINT32_MAX};
    if (size < 4 || nal_role(CODEC_H264, nal) != NAL_SPS)
        return false;
    uint8_t clean[SPS_BYTES_MAX];
    BitReader bits = bit_reader(clean, nal_unescape(nal + 1, MIN(size - 1, sizeof clean), clean));
    sps->profile_idc = (uint8_t)read_bits(&bits, 8);
    sps->constraints = (uint8_t)read_bits(&bits, 8);
    sps->level_idc = (uint8_t)read_bits(&bits, 8);
    uint32_t id = read_ue(&bits);
    bool separate_planes = false;
    if (id > 31 || (is_high_profile(sps->profile_idc) && !parse_high(&bits, sps, &separate_planes)))
        return false;
    sps->id = (uint8_t)id;
    read_ue(&bits); /* log2_max_frame_num_minus4 */
    if (!skip_picture_order(&bits))
        return false;
    read_ue(&bits);   /* max_num_ref_frames */
    read_flag(&bits); /* gaps_in_frame_num_value_allowed_flag */
    if (!parse_size(&bits, sps, separate_planes))
        return false;
    if (read_flag(&bits))
        parse_vui(&bits, sps);
    return true;
}

double h264_sps_fps(const H264Sps *sps)
{
    /* A tick is a field (§E.2.1). */
    if (!sps->num_units_in_tick || !sps->time_scale)
        return 0;
    double fps = (double)sps->time_scale / (2.0 * sps->num_units_in_tick);
    return fps > 0.01 && fps <= 1000 ? fps : 0;
}

static bool sets_fit(const Nal *sets, size_t count, size_t least)
{
    for (size_t i = 0; i < count; i++)
        if (sets[i].size < least || sets[i].size > UINT16_MAX)
            return false;
    return count > 0;
}

static void write_sets(ByteWriter *out, const Nal *sets, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        write_u16(out, (uint16_t)sets[i].size);
        write_bytes(out, sets[i].data, sets[i].size);
    }
}

void h264_name(CodecParams *params)
{
    const uint8_t *config = params->config;
    g_snprintf(params->rfc6381, sizeof params->rfc6381, "avc1.%02X%02X%02X", config[1], config[2],
               config[3]);
}

CodecParams *h264_params(const Nal *sps, size_t sps_count, const Nal *pps, size_t pps_count)
{
    sps_count = MIN(sps_count, SETS_MAX);
    pps_count = MIN(pps_count, UINT8_MAX);
    if (!sets_fit(sps, sps_count, 4) || !sets_fit(pps, pps_count, 2))
        return NULL;
    H264Sps parsed;
    bool known = h264_sps_parse(sps[0].data, sps[0].size, &parsed);
    const uint8_t *profile = sps[0].data + 1; /* profile, constraints, level */

    g_auto(ByteWriter) out = {0};
    write_u8(&out, 1); /* configurationVersion */
    write_bytes(&out, profile, 3);
    write_u8(&out, 0xfc | 3); /* lengthSizeMinusOne */
    write_u8(&out, (uint8_t)(0xe0 | sps_count));
    write_sets(&out, sps, sps_count);
    write_u8(&out, (uint8_t)pps_count);
    write_sets(&out, pps, pps_count);
    bool extended = profile[0] != 66 && profile[0] != 77 && profile[0] != 88;
    if (extended && known) {
        write_u8(&out, 0xfc | parsed.chroma_format_idc);
        write_u8(&out, (uint8_t)(0xf8 | (parsed.bit_depth_luma - 8)));
        write_u8(&out, (uint8_t)(0xf8 | (parsed.bit_depth_chroma - 8)));
        write_u8(&out, 0); /* numOfSequenceParameterSetExt */
    }
    CodecParams *params = codec_params_new(CODEC_H264, VIDEO_TIMESCALE, out.data, out.size);
    params->width = known ? parsed.width : 0;
    params->height = known ? parsed.height : 0;
    h264_name(params);
    return params;
}
