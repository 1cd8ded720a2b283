/* aac.h — AudioSpecificConfig (ISO/IEC 14496-3 §1.6.2.1) and ADTS headers (§1.A.2.2). */
#pragma once

#include "media/access_unit.h"

typedef struct AacConfig {
    unsigned object_type; /* 2 = AAC-LC, 5 = HE-AAC, 29 = HE-AACv2 */
    int sample_rate_hz;   /* of the core, before any extension */
    int channels;
    unsigned frame_samples; /* 1024 or 960 */
} AacConfig;

bool aac_config_parse(const uint8_t *data, size_t size, AacConfig *config);

/* Writes the 2 bytes of an AAC-LC configuration. False when rate or channels have no code. */
bool aac_config_make(int sample_rate_hz, int channels, uint8_t config[2]);

/* Parameters for MP4: `config` is the AudioSpecificConfig itself. `clock_hz` is the clock of the
 * time stamps. Returns owned, or NULL when the configuration cannot be understood. */
CodecParams *aac_params(const uint8_t *config, size_t size, uint32_t clock_hz);

/* Bytes of the ADTS header at `data` when `size` bytes hold exactly one ADTS frame, else 0. */
size_t aac_adts_header(const uint8_t *data, size_t size);
