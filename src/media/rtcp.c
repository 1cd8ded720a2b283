#include "media/rtcp.h"

#include "base/bytes.h"

#include <string.h>

enum { SR = 200, RR = 201, SDES = 202, BYE = 203, CNAME = 1, CNAME_BYTES_MAX = 63 };

bool rtcp_parse(const uint8_t *data, size_t size, RtcpInfo *info)
{
    *info = (RtcpInfo){0};
    ByteReader reader = byte_reader(data, size);
    while (byte_reader_left(&reader) >= 4) {
        uint8_t first = read_u8(&reader), type = read_u8(&reader);
        size_t bytes = 4 * (size_t)read_u16(&reader);
        if (first >> 6 != 2)
            break;
        /* A last packet cut short, or with a wrong length, is still read as far as it goes. */
        ByteReader body = read_sub(&reader, MIN(bytes, byte_reader_left(&reader)));
        if (type == SR && byte_reader_left(&body) >= 24) {
            info->sender_report = true;
            info->ssrc = read_u32(&body);
            info->ntp = read_u64(&body);
            info->timestamp = read_u32(&body);
            info->packets = read_u32(&body);
            info->octets = read_u32(&body);
        } else if (type == BYE) {
            info->bye = true;
        }
    }
    return info->sender_report || info->bye;
}

/* RFC 3550 §6.4.1 and §A.3 */
static void write_block(RtcpReport *report, const RtpSequence *sequence, uint8_t out[24])
{
    uint32_t expected = (uint32_t)(sequence->received + sequence->lost);
    uint32_t received = (uint32_t)sequence->received;
    int64_t expected_now = (int64_t)expected - report->expected_before;
    int64_t lost_now = expected_now - ((int64_t)received - report->received_before);
    uint32_t fraction = 0;
    if (expected_now > 0 && lost_now > 0)
        fraction = (uint32_t)MIN(lost_now * 256 / expected_now, 255);
    report->expected_before = expected;
    report->received_before = received;

    put_u32(out, report->source_ssrc);
    put_u32(out + 4, fraction << 24 | (uint32_t)MIN(sequence->lost, 0x7fffffu));
    put_u32(out + 8, (uint32_t)(sequence->base + sequence->highest));
    put_u32(out + 12, 0); /* jitter, which is not measured */
    put_u32(out + 16, (uint32_t)(report->last_sr_ntp >> 16));
    int64_t delay = report->last_sr_ntp ? MAX(report->since_sr_us, 0) : 0;
    put_u32(out + 20, (uint32_t)MIN(delay * 65536 / G_USEC_PER_SEC, (int64_t)UINT32_MAX));
}

size_t rtcp_report_write(RtcpReport *report, const RtpSequence *sequence, const char *cname,
                         uint8_t out[RTCP_REPORT_BYTES_MAX])
{
    memset(out, 0, RTCP_REPORT_BYTES_MAX);
    out[0] = 0x80 | 1; /* version 2, one report block */
    out[1] = RR;
    put_u16(out + 2, 7);
    put_u32(out + 4, report->own_ssrc);
    write_block(report, sequence, out + 8);

    size_t name = MIN(strlen(cname), (size_t)CNAME_BYTES_MAX);
    uint8_t *sdes = out + 32;
    size_t chunk = (4 + 2 + name + 1 + 3) / 4 * 4; /* ends with a zero, padded to a word */
    sdes[0] = 0x80 | 1;
    sdes[1] = SDES;
    put_u16(sdes + 2, (uint16_t)(chunk / 4));
    put_u32(sdes + 4, report->own_ssrc);
    sdes[8] = CNAME;
    sdes[9] = (uint8_t)name;
    memcpy(sdes + 10, cname, name); /* NOLINT: counted, not terminated */
    return 32 + 4 + chunk;
}
