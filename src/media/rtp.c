#include "media/rtp.h"

#include "base/bytes.h"

enum {
    HEADER = 12,
    JUMP_MAX = 3000, /* RFC 3550 §A.1 MAX_DROPOUT: further is another beginning */
};

bool rtp_parse(const uint8_t *data, size_t size, RtpPacket *packet)
{
    if (size < HEADER || data[0] >> 6 != 2)
        return false;
    size_t head = HEADER + 4 * (size_t)(data[0] & 15);
    if (data[0] & 0x10) { /* extension: 16 bits of profile, length in words */
        if (size < head + 4)
            return false;
        head += 4 + 4 * (size_t)get_u16(data + head + 2);
    }
    size_t padding = data[0] & 0x20 ? data[size - 1] : 0;
    if (head > size || padding > size - head)
        return false;
    *packet = (RtpPacket){
        .payload_type = data[1] & 0x7f,
        .marker = data[1] >> 7,
        .sequence = get_u16(data + 2),
        .timestamp = get_u32(data + 4),
        .ssrc = get_u32(data + 8),
        .payload = data + head,
        .size = size - head - padding,
    };
    return true;
}

static RtpOrder begin(RtpSequence *sequence, uint16_t number, RtpOrder order)
{
    sequence->started = true;
    sequence->base = number;
    sequence->highest = 0;
    sequence->strayed = false;
    sequence->received++;
    return order;
}

RtpOrder rtp_sequence_add(RtpSequence *sequence, uint16_t number, unsigned *missing)
{
    *missing = 0;
    if (!sequence->started)
        return begin(sequence, number, RTP_NEXT);
    uint16_t newest = (uint16_t)(sequence->base + sequence->highest);
    int ahead = (int16_t)(uint16_t)(number - newest);
    if (ahead > 0 && ahead <= JUMP_MAX) {
        sequence->highest += (uint64_t)ahead;
        sequence->lost += (uint64_t)ahead - 1;
        sequence->received++;
        sequence->strayed = false;
        *missing = (unsigned)ahead - 1;
        return *missing ? RTP_HOLE : RTP_NEXT;
    }
    if (sequence->strayed && number == sequence->stray_next) {
        sequence->restarts++;
        return begin(sequence, number, RTP_RESTART);
    }
    /* Near behind: a latecomer. Far off: remembered, for the case that the next one follows it. */
    sequence->strayed = ahead < -JUMP_MAX || ahead > JUMP_MAX;
    sequence->stray_next = (uint16_t)(number + 1);
    sequence->late++;
    return RTP_LATE;
}

int64_t rtp_unwrap(RtpUnwrap *unwrap, uint32_t timestamp)
{
    if (!unwrap->started)
        unwrap->last = timestamp;
    else
        unwrap->last += (int32_t)(timestamp - (uint32_t)unwrap->last);
    unwrap->started = true;
    return unwrap->last;
}
