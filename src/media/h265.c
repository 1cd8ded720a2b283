#include "media/h265.h"

#include "base/bytes.h"

#include <string.h>

enum {
    SPS_BYTES_MAX = 4096, /* of which the parser looks; long-term picture lists may be long */
    SETS_MAX = 64,
    SIDE_MAX = 16384,  /* px; level 6.2 ends at 16888 */
    RPS_MAX = 64,      /* num_short_term_ref_pic_sets, §7.4.3.2.1 */
    RPS_PICTURES = 16, /* sps_max_dec_pic_buffering_minus1 */
    POC_DISTANCE_MAX = 1 << 15,
    LONG_TERM_MAX = 32, /* num_long_term_ref_pics_sps */
};

/* profile_tier_level (§7.3.3) for all temporal layers. */
static void parse_profile(BitReader *bits, unsigned sub_layers_minus1, H265Profile *profile)
{
    profile->space = (uint8_t)read_bits(bits, 2);
    profile->tier = (uint8_t)read_bits(bits, 1);
    profile->idc = (uint8_t)read_bits(bits, 5);
    profile->compatibility = read_bits(bits, 32);
    for (unsigned i = 0; i < sizeof profile->constraints; i++)
        profile->constraints[i] = (uint8_t)read_bits(bits, 8);
    profile->level_idc = (uint8_t)read_bits(bits, 8);

    bool has_profile[8] = {0}, has_level[8] = {0};
    for (unsigned i = 0; i < sub_layers_minus1; i++) {
        has_profile[i] = read_flag(bits);
        has_level[i] = read_flag(bits);
    }
    if (sub_layers_minus1 > 0)
        for (unsigned i = sub_layers_minus1; i < 8; i++)
            read_bits(bits, 2);
    for (unsigned i = 0; i < sub_layers_minus1; i++) {
        if (has_profile[i]) {
            read_bits(bits, 32);
            read_bits(bits, 32);
            read_bits(bits, 24);
        }
        if (has_level[i])
            read_bits(bits, 8);
    }
}

static bool parse_size(BitReader *bits, H265Sps *sps)
{
    uint32_t chroma = read_ue(bits);
    if (chroma > 3)
        return false;
    sps->chroma_format_idc = (uint8_t)chroma;
    bool separate_planes = chroma == 3 && read_flag(bits);
    int64_t width = read_ue(bits), height = read_ue(bits);
    if (read_flag(bits)) { /* conformance_window_flag, in units of the chroma grid (table 6-1) */
        int64_t unit_x = !separate_planes && (chroma == 1 || chroma == 2) ? 2 : 1;
        int64_t unit_y = !separate_planes && chroma == 1 ? 2 : 1;
        int64_t left = read_ue(bits), right = read_ue(bits);
        int64_t top = read_ue(bits), bottom = read_ue(bits);
        width -= (left + right) * unit_x;
        height -= (top + bottom) * unit_y;
    }
    uint32_t luma = read_ue(bits), chroma_depth = read_ue(bits);
    if (bits->failed || width < 1 || height < 1 || width > SIDE_MAX || height > SIDE_MAX ||
        luma > 7 || chroma_depth > 7)
        return false;
    sps->width = (int)width;
    sps->height = (int)height;
    sps->bit_depth_luma = (uint8_t)(8 + luma);
    sps->bit_depth_chroma = (uint8_t)(8 + chroma_depth);
    return true;
}

/* §7.3.4 */
static void skip_scaling_lists(BitReader *bits)
{
    for (unsigned size = 0; size < 4; size++)
        for (unsigned matrix = 0; matrix < 6; matrix += size == 3 ? 3 : 1) {
            if (!read_flag(bits)) {
                read_ue(bits); /* scaling_list_pred_matrix_id_delta */
                continue;
            }
            if (size > 1)
                read_se(bits); /* scaling_list_dc_coef_minus8 */
            for (unsigned i = 0; i < MIN(64u, 1u << (4 + 2 * size)); i++)
                read_se(bits);
        }
}

/* A short-term picture set: the distances in output order to what a picture refers to, those before
 * it first, nearest first. Kept because a set may be predicted from the one before it. */
typedef struct RefSet {
    unsigned count;
    int delta[RPS_PICTURES];
} RefSet;

static bool is_before(int a, int b)
{
    if ((a < 0) != (b < 0))
        return a < 0;
    return a < 0 ? a > b : a < b;
}

static bool ref_set_add(RefSet *set, int delta)
{
    if (set->count == RPS_PICTURES)
        return false;
    unsigned at = set->count++;
    for (; at > 0 && is_before(delta, set->delta[at - 1]); at--)
        set->delta[at] = set->delta[at - 1];
    set->delta[at] = delta;
    return true;
}

/* Each picture of `from`, and the one that owned it, is taken over or not (equations 7-61, 7-62).
 */
static bool predict_ref_set(BitReader *bits, const RefSet *from, RefSet *set)
{
    bool negative = read_flag(bits);   /* delta_rps_sign */
    uint32_t distance = read_ue(bits); /* abs_delta_rps_minus1 */
    if (distance >= POC_DISTANCE_MAX)
        return false;
    int shift = negative ? -(int)distance - 1 : (int)distance + 1;
    for (unsigned i = 0; i <= from->count && !bits->failed; i++) {
        bool used = read_flag(bits);
        bool taken = used || read_flag(bits); /* use_delta_flag, inferred 1 where absent */
        int delta = (i < from->count ? from->delta[i] : 0) + shift;
        if (taken && delta != 0 && !ref_set_add(set, delta))
            return false;
    }
    return !bits->failed;
}

static bool read_ref_set(BitReader *bits, RefSet *set)
{
    uint32_t negative = read_ue(bits), positive = read_ue(bits);
    if (negative > RPS_PICTURES || positive > RPS_PICTURES - negative)
        return false;
    int delta = 0;
    for (uint32_t i = 0; i < negative + positive && !bits->failed; i++) {
        uint32_t step = read_ue(bits); /* delta_poc_s0_minus1, delta_poc_s1_minus1 */
        read_flag(bits);
        if (step >= POC_DISTANCE_MAX)
            return false;
        if (i == negative)
            delta = 0;
        delta += i < negative ? -(int)step - 1 : (int)step + 1;
        set->delta[set->count++] = delta;
    }
    return !bits->failed;
}

static bool skip_picture_sets(BitReader *bits, unsigned poc_bits)
{
    uint32_t count = read_ue(bits);
    if (count > RPS_MAX)
        return false;
    RefSet last = {0};
    for (unsigned i = 0; i < count; i++) { /* st_ref_pic_set, §7.3.7 */
        RefSet set = {0};
        bool predicted = i > 0 && read_flag(bits);
        if (!(predicted ? predict_ref_set(bits, &last, &set) : read_ref_set(bits, &set)))
            return false;
        last = set;
    }
    if (read_flag(bits)) { /* long_term_ref_pics_present_flag */
        uint32_t long_terms = read_ue(bits);
        if (long_terms > LONG_TERM_MAX)
            return false;
        for (uint32_t i = 0; i < long_terms; i++)
            read_bits(bits, poc_bits + 1);
    }
    return !bits->failed;
}

/* §E.2.2 sub_pic_hrd and friends */
static void skip_hrd(BitReader *bits, unsigned layers)
{
    bool nal = read_flag(bits), vcl = read_flag(bits), sub_pictures = false;
    if (nal || vcl) {
        sub_pictures = read_flag(bits);
        if (sub_pictures)
            read_bits(bits, 19);
        read_bits(bits, 8);
        if (sub_pictures)
            read_bits(bits, 4);
        read_bits(bits, 15);
    }
    for (unsigned i = 0; i < layers && !bits->failed; i++) {
        bool fixed_general = read_flag(bits);
        bool fixed_cvs = fixed_general || read_flag(bits);
        bool low_delay = false;
        if (fixed_cvs)
            read_ue(bits); /* elemental_duration_in_tc_minus1 */
        else
            low_delay = read_flag(bits);
        uint32_t cpbs = low_delay ? 0 : read_ue(bits); /* cpb_cnt_minus1 */
        if (cpbs > 31) {
            bits->failed = true;
            return;
        }
        for (uint32_t cpb = 0; cpb < (cpbs + 1) * ((uint32_t)nal + vcl) && !bits->failed; cpb++) {
            read_ue(bits);
            read_ue(bits);
            if (sub_pictures) {
                read_ue(bits);
                read_ue(bits);
            }
            read_flag(bits);
        }
    }
}

/* §E.2.1 */
static void parse_vui(BitReader *bits, H265Sps *sps)
{
    if (read_flag(bits) && read_bits(bits, 8) == 255) /* aspect_ratio_idc EXTENDED_SAR */
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
    read_bits(bits, 3);  /* neutral chroma, fields, frame and field info */
    if (read_flag(bits)) /* default_display_window_flag: a hint for display, not the size */
        for (unsigned i = 0; i < 4; i++)
            read_ue(bits);
    if (read_flag(bits)) { /* vui_timing_info_present_flag */
        uint32_t tick = read_bits(bits, 32), scale = read_bits(bits, 32);
        if (!bits->failed) {
            sps->num_units_in_tick = tick;
            sps->time_scale = scale;
        }
        if (read_flag(bits)) /* vui_poc_proportional_to_timing_flag */
            read_ue(bits);
        if (read_flag(bits)) /* vui_hrd_parameters_present_flag */
            skip_hrd(bits, sps->temporal_layers);
    }
    if (read_flag(bits)) { /* bitstream_restriction_flag */
        read_bits(bits, 3);
        uint32_t segmentation = read_ue(bits);
        for (unsigned i = 0; i < 4; i++)
            read_ue(bits);
        if (!bits->failed && segmentation < 4096)
            sps->min_spatial_segmentation = segmentation;
    }
}

/* What follows the size; only the VUI at its end is of interest. */
static bool parse_rest(BitReader *bits, H265Sps *sps)
{
    uint32_t poc_bits = read_ue(bits) + 4; /* log2_max_pic_order_cnt_lsb_minus4 */
    if (poc_bits > 16)
        return false;
    unsigned layers = read_flag(bits) ? sps->temporal_layers : 1;
    for (unsigned i = 0; i < 3 * layers; i++)
        read_ue(bits);
    for (unsigned i = 0; i < 6; i++)
        read_ue(bits); /* coding and transform block sizes and depths */
    bool scaling = read_flag(bits);
    if (scaling && read_flag(bits)) /* otherwise the default lists */
        skip_scaling_lists(bits);
    read_bits(bits, 2);    /* amp_enabled_flag, sample_adaptive_offset_enabled_flag */
    if (read_flag(bits)) { /* pcm_enabled_flag */
        read_bits(bits, 8);
        read_ue(bits);
        read_ue(bits);
        read_flag(bits);
    }
    if (bits->failed || !skip_picture_sets(bits, poc_bits))
        return false;
    read_bits(bits, 2); /* sps_temporal_mvp_enabled_flag, strong_intra_smoothing_enabled_flag */
    if (read_flag(bits))
        parse_vui(bits, sps);
    return !bits->failed;
}

bool h265_sps_parse(const uint8_t *nal, size_t size, H265Sps *sps)
{
    *sps = (H265Sps){0};
    if (size < 4 || nal_role(CODEC_H265, nal) != NAL_SPS)
        return false;
    uint8_t clean[SPS_BYTES_MAX];
    BitReader bits = bit_reader(clean, nal_unescape(nal + 2, MIN(size - 2, sizeof clean), clean));
    read_bits(&bits, 4); /* sps_video_parameter_set_id */
    unsigned sub_layers_minus1 = read_bits(&bits, 3);
    if (sub_layers_minus1 > 6)
        return false;
    sps->temporal_layers = (uint8_t)(sub_layers_minus1 + 1);
    sps->temporal_nesting = read_flag(&bits);
    parse_profile(&bits, sub_layers_minus1, &sps->profile);
    uint32_t id = read_ue(&bits);
    if (bits.failed || id > 15)
        return false;
    sps->id = (uint8_t)id;
    if (!parse_size(&bits, sps))
        return false;
    sps->whole = parse_rest(&bits, sps);
    return true;
}

double h265_sps_fps(const H265Sps *sps)
{
    if (!sps->num_units_in_tick || !sps->time_scale)
        return 0;
    double fps = (double)sps->time_scale / sps->num_units_in_tick;
    return fps > 0.01 && fps <= 1000 ? fps : 0;
}

void h265_name(CodecParams *params)
{
    const uint8_t *config = params->config;
    static const char *const spaces[] = {"", "A", "B", "C"};
    uint32_t compatible = 0;
    for (unsigned i = 0; i < 32; i++)
        compatible |= (get_u32(config + 2) >> i & 1) << (31 - i);
    unsigned constraints = 6;
    while (constraints > 0 && config[5 + constraints] == 0)
        constraints--;
    g_autoptr(GString) name = g_string_new(NULL);
    g_string_printf(name, "hvc1.%s%u.%X.%c%u", spaces[config[1] >> 6], config[1] & 0x1fu,
                    compatible, config[1] & 0x20 ? 'H' : 'L', config[12]);
    for (unsigned i = 0; i < constraints; i++)
        g_string_append_printf(name, ".%X", config[6 + i]);
    g_strlcpy(params->rfc6381, name->str, sizeof params->rfc6381);
}

static bool sets_fit(const Nal *sets, size_t count, size_t least)
{
    for (size_t i = 0; i < count; i++)
        if (sets[i].size < least || sets[i].size > UINT16_MAX)
            return false;
    return count > 0;
}

static void write_sets(ByteWriter *out, unsigned type, const Nal *sets, size_t count)
{
    write_u8(out, (uint8_t)(0x80 | type)); /* array_completeness: hvc1 has all sets here */
    write_u16(out, (uint16_t)count);
    for (size_t i = 0; i < count; i++) {
        write_u16(out, (uint16_t)sets[i].size);
        write_bytes(out, sets[i].data, sets[i].size);
    }
}

static void write_hvcc_head(ByteWriter *out, const H265Sps *sps)
{
    write_u8(out, 1); /* configurationVersion */
    write_u8(out, (uint8_t)(sps->profile.space << 6 | sps->profile.tier << 5 | sps->profile.idc));
    write_u32(out, sps->profile.compatibility);
    write_bytes(out, sps->profile.constraints, sizeof sps->profile.constraints);
    write_u8(out, sps->profile.level_idc);
    write_u16(out, (uint16_t)(0xf000 | sps->min_spatial_segmentation));
    write_u8(out, 0xfc); /* parallelismType: unknown */
    write_u8(out, 0xfc | sps->chroma_format_idc);
    write_u8(out, (uint8_t)(0xf8 | (sps->bit_depth_luma - 8)));
    write_u8(out, (uint8_t)(0xf8 | (sps->bit_depth_chroma - 8)));
    write_u16(out, 0); /* avgFrameRate: unspecified */
    write_u8(out, (uint8_t)(sps->temporal_layers << 3 | sps->temporal_nesting << 2 | 3));
    write_u8(out, 3); /* numOfArrays */
}

/* Main profile, level 4: what a decoder is told when the SPS could not be understood. */
static const H265Sps assumed = {
    .profile = {.idc = 1, .level_idc = 120, .compatibility = 0x60000000, .constraints = {0x90}},
    .temporal_layers = 1,
    .temporal_nesting = true,
    .chroma_format_idc = 1,
    .bit_depth_luma = 8,
    .bit_depth_chroma = 8,
};

CodecParams *h265_params(const Nal *vps, size_t vps_count, const Nal *sps, size_t sps_count,
                         const Nal *pps, size_t pps_count)
{
    vps_count = MIN(vps_count, SETS_MAX);
    sps_count = MIN(sps_count, SETS_MAX);
    pps_count = MIN(pps_count, SETS_MAX);
    if (!sets_fit(vps, vps_count, 3) || !sets_fit(sps, sps_count, 3) ||
        !sets_fit(pps, pps_count, 3))
        return NULL;
    H265Sps parsed;
    if (!h265_sps_parse(sps[0].data, sps[0].size, &parsed))
        parsed = assumed;

    g_auto(ByteWriter) out = {0};
    write_hvcc_head(&out, &parsed);
    write_sets(&out, 32, vps, vps_count);
    write_sets(&out, 33, sps, sps_count);
    write_sets(&out, 34, pps, pps_count);
    CodecParams *params = codec_params_new(CODEC_H265, VIDEO_TIMESCALE, out.data, out.size);
    params->width = parsed.width;
    params->height = parsed.height;
    h265_name(params);
    return params;
}
