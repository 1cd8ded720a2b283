/* h264.h — sequence parameter sets of H.264 (ITU-T H.264 §7.3.2.1), and what MP4 wants to know.
 */
#pragma once

#include "media/nal.h"

typedef struct H264Sps {
    uint8_t profile_idc, constraints, level_idc;
    uint8_t id;                               /* seq_parameter_set_id */
    uint8_t chroma_format_idc;                /* 1 = 4:2:0 */
    uint8_t bit_depth_luma, bit_depth_chroma; /* bits */
    bool frame_mbs_only;                      /* no interlaced coding */
    int width, height;                        /* px, after cropping */
    uint32_t num_units_in_tick, time_scale;   /* 0 when the VUI has no timing */
    uint32_t max_num_reorder_frames;          /* UINT32_MAX when not told */
} H264Sps;

/* `nal` with its header. False when it is no SPS that can be understood. */
bool h264_sps_parse(const uint8_t *nal, size_t size, H264Sps *sps);

/* Pictures a second as the VUI tells it, or 0. */
double h264_sps_fps(const H264Sps *sps);

/* "avc1.640028" by RFC 6381 §3.3 into `params`, from its avcC of at least 4 bytes. */
void h264_name(CodecParams *params);

/* Parameters for MP4: `config` is the body of avcC (ISO/IEC 14496-15 §5.3.3.1). At least one SPS of
 * 4 bytes and one PPS; the first SPS gives size and profile. An SPS that cannot be understood
 * leaves the size 0. Returns owned, or NULL when a set is missing, too short or too long. */
CodecParams *h264_params(const Nal *sps, size_t sps_count, const Nal *pps, size_t pps_count);
