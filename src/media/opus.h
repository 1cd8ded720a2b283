/* opus.h — Opus (RFC 6716) as it stands in MP4 ("Encapsulation of Opus in ISO Base Media File
 * Format"): one sample of a track is one Opus packet, the clock is always 48000 Hz. */
#pragma once

#include "media/access_unit.h"

enum { OPUS_CLOCK_HZ = 48000, OPUS_CONFIG_BYTES = 11 };

/* Parameters of mono or stereo: `config` is the body of dOps. Nothing is skipped at the beginning:
 * what came before a segment stands in the one before. Returns owned. */
CodecParams *opus_params(int channels);

/* Ticks that the packet lasts, by its first bytes (RFC 6716 §3); 0 when it is none. */
uint32_t opus_packet_ticks(const uint8_t *data, size_t size);
