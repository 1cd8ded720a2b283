/* depay_g711.h — RTP packets of G.711 (RFC 3551 §4.5.14) joined to frames of FLAC; within depay
 * only. Why FLAC: docs/design/decisions/003-g711-in-mp4.md. */
#pragma once

#include "media/depay.h"
#include "media/flac.h"
#include "media/g711.h"

typedef struct DepayG711 {
    G711Law law;
    unsigned channels, block_samples;
    CodecParams *params;  /* owned; NULL when FLAC cannot hold it */
    FlacEncoder *encoder; /* owned; NULL until the first packet */
    uint32_t stamp;       /* of the first sample of the block that comes out next */
    unsigned held;        /* samples of it so far; a full one waits for the sample after it */
    uint32_t packet;      /* stamp of the packet in work */
    uint32_t next;        /* stamp that connects to the newest sample */
    bool lost;            /* packets, since the last one */
    DepayEmit emit;
    void *emit_data;
} DepayG711;

void depay_g711_init(DepayG711 *g711, Codec codec, const SdpMedia *media);
void depay_g711_clear(DepayG711 *g711);
void depay_g711_packet(DepayG711 *g711, const RtpPacket *packet, DepayEmit emit, void *data);
void depay_g711_flush(DepayG711 *g711, DepayEmit emit, void *data);
void depay_g711_reset(DepayG711 *g711);
