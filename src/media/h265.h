/* h265.h — sequence parameter sets of H.265 (ITU-T H.265 §7.3.2.2), and what MP4 wants to know.
 */
#pragma once

#include "media/nal.h"

/* The fields of profile_tier_level that hvcC and RFC 6381 repeat. */
typedef struct H265Profile {
    uint8_t space, tier, idc, level_idc;
    uint32_t compatibility; /* general_profile_compatibility_flags */
    uint8_t constraints[6]; /* general_constraint_indicator_flags */
} H265Profile;

typedef struct H265Sps {
    H265Profile profile;
    uint8_t id;              /* sps_seq_parameter_set_id */
    uint8_t temporal_layers; /* sps_max_sub_layers_minus1 + 1 */
    bool temporal_nesting;
    uint8_t chroma_format_idc;                /* 1 = 4:2:0 */
    uint8_t bit_depth_luma, bit_depth_chroma; /* bits */
    uint32_t min_spatial_segmentation;        /* 0 when not told */
    int width, height;                        /* px, after the conformance window */
    uint32_t num_units_in_tick, time_scale;   /* 0 when the VUI has no timing */
    bool whole; /* parsed to its end; otherwise only what stands before the trouble is true, size
                   included */
} H265Sps;

/* `nal` with its header. False when profile or size cannot be understood. */
bool h265_sps_parse(const uint8_t *nal, size_t size, H265Sps *sps);

/* Pictures a second as the VUI tells it, or 0. */
double h265_sps_fps(const H265Sps *sps);

/* "hvc1.A1.6.L93.B0" by ISO/IEC 14496-15 §E.3 into `params`, from its hvcC of at least 13 bytes. */
void h265_name(CodecParams *params);

/* Parameters for MP4: `config` is the body of hvcC (ISO/IEC 14496-15 §8.3.3.1). At least one of
 * each kind; the first SPS gives size and profile. An SPS that cannot be understood leaves the size
 * 0. Returns owned, or NULL when a set is missing, too short or too long. */
CodecParams *h265_params(const Nal *vps, size_t vps_count, const Nal *sps, size_t sps_count,
                         const Nal *pps, size_t pps_count);
