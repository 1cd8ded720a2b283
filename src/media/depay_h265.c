/* RTP packets of H.265: RFC 7798 §4.4. */
#include "media/depay_video.h"

enum { AGGREGATION = 48, FRAGMENTATION = 49, PACI = 50 };

static void take_fragment(DepayVideo *video, const uint8_t *data, size_t size)
{
    if (size < 3) {
        video->notes |= DEPAY_BAD_FRAGMENTS;
        return;
    }
    bool start = data[2] & 0x80, end = data[2] & 0x40;
    if (start && end)
        video->notes |= DEPAY_BAD_FRAGMENTS;
    uint8_t header[2] = {(uint8_t)((data[0] & 0x81) | (data[2] & 0x3f) << 1), data[1]};
    if (video->fragment_open && !start &&
        nal_type(CODEC_H265, video->picture.data + video->nal_at + 4) != (data[2] & 0x3fu))
        video->notes |= DEPAY_BAD_FRAGMENTS; /* the type of the first fragment stays */
    size_t head = video->has_don && start ? 5 : 3;
    if (size >= head)
        depay_video_fragment(video, start, end, header, 2, data + head, size - head);
}

static void take_aggregate(DepayVideo *video, const uint8_t *data, size_t size)
{
    ByteReader reader = byte_reader(data, size);
    read_skip(&reader, 2);
    bool first = true;
    while (byte_reader_left(&reader) > 2) {
        if (video->has_don) /* DONL, then DOND */
            read_skip(&reader, first ? 2 : 1);
        first = false;
        size_t bytes = read_u16(&reader);
        const uint8_t *nal = read_bytes(&reader, bytes);
        if (!nal || (bytes && nal_type(CODEC_H265, nal) >= AGGREGATION)) {
            video->notes |= DEPAY_UNKNOWN_PACKETS;
            if (!nal)
                return;
            continue;
        }
        depay_video_nal(video, nal, bytes);
    }
}

static void take_single(DepayVideo *video, const uint8_t *data, size_t size)
{
    if (!video->has_don) {
        depay_video_nal(video, data, size);
    } else if (size > 4) { /* DONL stands behind the header */
        depay_video_fragment(video, true, true, data, 2, data + 4, size - 4);
    }
}

void depay_h265_packet(DepayVideo *video, const RtpPacket *packet)
{
    const uint8_t *data = packet->payload;
    size_t size = packet->size;
    depay_video_begin(video, packet->timestamp);
    unsigned type = size >= 2 ? nal_type(CODEC_H265, data) : PACI;
    if (type == AGGREGATION)
        take_aggregate(video, data, size);
    else if (type == FRAGMENTATION)
        take_fragment(video, data, size);
    else if (type >= PACI)
        video->notes |= size ? DEPAY_UNKNOWN_PACKETS : 0;
    else
        take_single(video, data, size);
    depay_video_end(video, packet->marker);
}
