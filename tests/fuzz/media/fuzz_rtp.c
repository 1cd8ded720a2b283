/* RTP, RTCP and the bytes of NAL units. */
#include "media/nal.h"
#include "media/rtcp.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    RtpPacket packet;
    if (rtp_parse(data, size, &packet))
        g_assert(packet.payload >= data && packet.payload + packet.size <= data + size);
    RtcpInfo info;
    rtcp_parse(data, size, &info);

    RtpSequence sequence = {0};
    RtcpReport report = {0};
    RtpUnwrap unwrap = {0};
    for (size_t at = 0; at + 4 <= size; at += 4) {
        unsigned missing;
        uint32_t value;
        memcpy(&value, data + at, 4);
        rtp_sequence_add(&sequence, (uint16_t)value, &missing);
        g_assert((uint32_t)rtp_unwrap(&unwrap, value) == value);
    }
    uint8_t out[RTCP_REPORT_BYTES_MAX];
    size_t written = rtcp_report_write(&report, &sequence, "name", out);
    g_assert(written <= sizeof out);

    Nal nal;
    NalReader reader = nal_reader(data, size);
    while (nal_next(&reader, &nal))
        g_assert(nal.size && nal.data + nal.size <= data + size);
    reader = nal_reader(data, size);
    while (nal_next_annexb(&reader, &nal))
        g_assert(nal.size && nal.data + nal.size <= data + size);
    g_autofree uint8_t *clean = g_malloc(size + 1);
    g_assert(nal_unescape(data, size, clean) <= size);
    return 0;
}
