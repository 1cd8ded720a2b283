/* rtp.h — RTP packets (RFC 3550 §5.1), their order, and their time stamps without the wrap. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct RtpPacket {
    uint8_t payload_type;
    bool marker;
    uint16_t sequence;
    uint32_t timestamp;
    uint32_t ssrc;
    const uint8_t *payload; /* borrowed; behind CSRCs and extension, without padding */
    size_t size;            /* may be 0 */
} RtpPacket;

/* False when it is no RTP packet of version 2 or its lengths do not fit. */
bool rtp_parse(const uint8_t *data, size_t size, RtpPacket *packet);

/* The order of one source's packets. Zero-initialise; again for another source. */
typedef struct RtpSequence {
    bool started, strayed;
    uint16_t base;       /* first sequence number since the last restart */
    uint16_t stray_next; /* what follows the packet far off */
    uint64_t highest;    /* of the newest, with the wraps, counted from `base` */
    uint64_t received, lost, late, restarts; /* counts of packets */
} RtpSequence;

typedef enum RtpOrder {
    RTP_NEXT,    /* the one expected, or the first */
    RTP_HOLE,    /* `*missing` packets before it did not come */
    RTP_LATE,    /* older than the newest, or a copy: not to be used */
    RTP_RESTART, /* a jump of thousands either way: the source began anew */
} RtpOrder;

/* `missing` is 0 but for RTP_HOLE. A single packet far off is RTP_LATE; the one that goes on from
 * there is RTP_RESTART (RFC 3550 §A.1). */
RtpOrder rtp_sequence_add(RtpSequence *sequence, uint16_t number, unsigned *missing);

/* 32-bit time stamps as 64-bit ones. Zero-initialise. */
typedef struct RtpUnwrap {
    bool started;
    int64_t last;
} RtpUnwrap;

/* The value nearest to the last one; the first is taken as it is. */
int64_t rtp_unwrap(RtpUnwrap *unwrap, uint32_t timestamp);
