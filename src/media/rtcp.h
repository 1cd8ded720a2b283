/* rtcp.h — sender reports in, receiver reports out (RFC 3550 §6). */
#pragma once

#include "media/rtp.h"

typedef struct RtcpInfo {
    bool sender_report; /* the fields down to `octets` are set */
    uint32_t ssrc;
    uint64_t ntp; /* 32.32 fixed point since 1900; may be any nonsense (row R15) */
    uint32_t timestamp;
    uint32_t packets, octets;
    bool bye;
} RtcpInfo;

/* Takes what it understands of a compound packet; broken rules of compounding do not matter. False
 * when there is neither SR nor BYE in it. */
bool rtcp_parse(const uint8_t *data, size_t size, RtcpInfo *info);

/* What a receiver report tells about one source. */
typedef struct RtcpReport {
    uint32_t own_ssrc, source_ssrc;
    uint32_t expected_before,
        received_before;  /* at the last report; rtcp_report_write() moves them */
    uint64_t last_sr_ntp; /* 0 when none came */
    int64_t since_sr_us;  /* delay since then */
} RtcpReport;

enum { RTCP_REPORT_BYTES_MAX = 128 };

/* Writes RR and SDES with CNAME (up to 63 bytes of `cname`). Returns the bytes written. */
size_t rtcp_report_write(RtcpReport *report, const RtpSequence *sequence, const char *cname,
                         uint8_t out[RTCP_REPORT_BYTES_MAX]);
