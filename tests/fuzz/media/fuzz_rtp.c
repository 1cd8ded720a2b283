/* RTP and its order, RTCP and the bytes of NAL units. */
#include "media/nal.h"
#include "media/rtcp.h"
#include "media/rtp_reorder.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Each packet comes once, whole, and no arrival goes back. */
typedef struct Came {
    size_t count;
    int64_t newest_us;
} Came;

static void come(void *data, const uint8_t *packet, size_t size, int64_t arrival_us)
{
    Came *came = data;
    g_assert(size == 4 && arrival_us >= came->newest_us);
    came->newest_us = arrival_us;
    came->count++;
}

/* Four bytes are a packet: two of its number, one of how much later it came, one for what else. */
static void put_in_order(const uint8_t *data, size_t size)
{
    Came came = {0};
    int64_t now_us = 0;
    g_autoptr(RtpReorder) reorder = rtp_reorder_new(come, &came);
    size_t added = 0;
    for (size_t at = 0; at + 4 <= size; at += 4, added++) {
        uint16_t number;
        memcpy(&number, data + at, 2);
        now_us += data[at + 2] * INT64_C(1000);
        if (data[at + 3] == 1)
            rtp_reorder_give_up(reorder, now_us);
        rtp_reorder_add(reorder, number, data + at, 4, now_us);
    }
    rtp_reorder_flush(reorder);
    g_assert(came.count <= added);
    g_assert(rtp_reorder_until_us(reorder) == INT64_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    put_in_order(data, size);
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
