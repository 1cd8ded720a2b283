/* rtsp_header.h — the headers of RTSP answers that mean something to a client (RFC 2326 §12). */
#pragma once

#include "media/rtsp_message.h"

typedef struct RtspSession {
    char id[128];
    unsigned timeout_s; /* 0 when not told; the standard then says 60 */
} RtspSession;

/* False when there is no id, or one too long to be true. */
bool rtsp_session_parse(RtspText value, RtspSession *session);

typedef struct RtspTransport {
    bool tcp;
    int rtp_channel, rtcp_channel; /* interleaved; -1 when not told */
    int server_rtp_port, server_rtcp_port, client_rtp_port, client_rtcp_port; /* -1 when not told */
    bool has_ssrc;
    uint32_t ssrc;
    char source[64]; /* "" when not told */
} RtspTransport;

/* Any order, blanks anywhere, unknown parameters skipped (row S12). False when it is no transport.
 */
bool rtsp_transport_parse(RtspText value, RtspTransport *transport);

/* The methods named in Public (or Allow): RtspMethod bits; others are skipped. */
unsigned rtsp_public_parse(RtspText value);

/* One stream of RTP-Info: a hint only (row S13). */
typedef struct RtspRtpInfo {
    RtspText url;
    bool has_sequence, has_timestamp;
    uint16_t sequence;
    uint32_t timestamp;
} RtspRtpInfo;

/* Takes the next entry off the head of `rest`; false at the end. */
bool rtsp_rtp_info_next(RtspText *rest, RtspRtpInfo *info);
