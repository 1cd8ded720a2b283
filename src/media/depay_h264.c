/* RTP packets of H.264: RFC 6184 §5. All kinds are taken, whatever packetization-mode says. */
#include "media/depay_video.h"

enum { STAP_A = 24, STAP_B, MTAP16, MTAP24, FU_A, FU_B };

static void take_fragment(DepayVideo *video, unsigned type, const uint8_t *data, size_t size)
{
    if (size < 2) {
        video->notes |= DEPAY_BAD_FRAGMENTS;
        return;
    }
    bool start = data[1] & 0x80, end = data[1] & 0x40;
    if ((data[1] & 0x20) || (start && end))
        video->notes |= DEPAY_BAD_FRAGMENTS;
    uint8_t header = (uint8_t)((data[0] & 0xe0) | (data[1] & 0x1f));
    size_t head = type == FU_B && start ? 4 : 2; /* FU-B: a decoding order number */
    if (video->fragment_open && !start &&
        (video->picture.data[video->nal_at + 4] & 0x1f) != (header & 0x1f))
        video->notes |= DEPAY_BAD_FRAGMENTS; /* the type of the first fragment stays */
    if (size >= head)
        depay_video_fragment(video, start, end, &header, 1, data + head, size - head);
}

/* `skip` bytes stand between each length and its NAL unit (MTAP: order and time offset). */
static void take_aggregate(DepayVideo *video, const uint8_t *data, size_t size, size_t don,
                           size_t skip)
{
    ByteReader reader = byte_reader(data, size);
    read_skip(&reader, 1 + don);
    while (byte_reader_left(&reader) > 2 + skip) {
        size_t bytes = read_u16(&reader);
        read_skip(&reader, skip);
        const uint8_t *nal = read_bytes(&reader, bytes);
        if (!nal || (bytes && (nal[0] & 0x1f) >= STAP_A)) {
            video->notes |= DEPAY_UNKNOWN_PACKETS;
            if (!nal)
                return;
            continue;
        }
        depay_video_nal(video, nal, bytes);
    }
}

void depay_h264_packet(DepayVideo *video, const RtpPacket *packet)
{
    const uint8_t *data = packet->payload;
    size_t size = packet->size;
    depay_video_begin(video, packet->timestamp);
    unsigned type = size ? data[0] & 0x1f : 0;
    if (type == STAP_A)
        take_aggregate(video, data, size, 0, 0);
    else if (type == STAP_B)
        take_aggregate(video, data, size, 2, 0);
    else if (type == MTAP16 || type == MTAP24)
        take_aggregate(video, data, size, 2, type == MTAP16 ? 3 : 4);
    else if (type == FU_A || type == FU_B)
        take_fragment(video, type, data, size);
    else if (type > FU_B || (type == 0 && !nal_starts_annexb(data, size)))
        video->notes |= size ? DEPAY_UNKNOWN_PACKETS : 0;
    else
        depay_video_nal(video, data, size);
    depay_video_end(video, packet->marker);
}
