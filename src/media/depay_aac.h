/* depay_aac.h — RTP packets of AAC (RFC 3640); within depay only. */
#pragma once

#include "base/bytes.h"
#include "media/depay.h"

typedef struct DepayAac {
    /* Bits of the fields of an AU header (§3.2.1), from the fmtp. */
    unsigned size_bits, index_bits, index_delta_bits, cts_bits, dts_bits, state_bits, aux_bits;
    bool random_access;
    uint32_t frame_ticks; /* of the RTP clock */
    CodecParams *params;  /* owned; NULL when the configuration is unknown */
    ByteWriter fragment;  /* of an AU over several packets */
    size_t fragment_size; /* bytes it will have; 0 when none is open */
    uint32_t fragment_timestamp;
    bool placed;         /* a unit came since the beginning, or the newest hole */
    uint32_t next;       /* where it ends */
    int64_t stray_ticks; /* stamps that are off by less are not taken at their word */
    unsigned notes;
} DepayAac;

void depay_aac_init(DepayAac *aac, const SdpMedia *media);
void depay_aac_clear(DepayAac *aac);
void depay_aac_lost(DepayAac *aac);
void depay_aac_packet(DepayAac *aac, const RtpPacket *packet, DepayEmit emit, void *data);
