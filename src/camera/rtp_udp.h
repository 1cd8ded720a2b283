/* rtp_udp.h — the pair of UDP ports by which one track of a session comes (RFC 3550 §11).
 *
 * RTP arrives at an even port, RTCP at the next one. Only what comes from the camera's own address,
 * and from the port it told, is taken. Datagrams of up to 64 KiB are taken, many with one call,
 * each with the kernel's time of its receipt. Ingest thread only.
 */
#pragma once

#include "camera/ingest.h"

#include <stdbool.h>

typedef struct RtpUdp RtpUdp;

typedef struct RtpUdpEvents {
    /* Something is there: rtp_udp_read() is to be called. */
    void (*ready)(void *data);
    /* Bytes are borrowed until return; `arrival_us` is node time. */
    void (*rtp)(void *data, const uint8_t *bytes, size_t size, int64_t arrival_us);
    void (*rtcp)(void *data, const uint8_t *bytes, size_t size);
} RtpUdpEvents;

/* `fd` is the connected RTSP socket (borrowed until return): what comes from its other end, to its
 * own address, is taken. Nothing is told before rtp_udp_begin(). NULL: there are no ports. */
RtpUdp *rtp_udp_open(Ingest *ingest, int fd, const RtpUdpEvents *events, void *data);
void rtp_udp_free(RtpUdp *udp); /* NULL is allowed */

uint16_t rtp_udp_port(const RtpUdp *udp); /* of RTP; RTCP is the next one */

/* The camera sends from these ports (−1: not told). The first word counts: a packet is sent to
 * each, which opens the way through firewalls. */
void rtp_udp_expect(RtpUdp *udp, int rtp_port, int rtcp_port);

void rtp_udp_begin(RtpUdp *udp);

/* Gives all that has come, without waiting. Returns the bytes of it. */
size_t rtp_udp_read(RtpUdp *udp);

/* Whether arrivals wake the loop no more: the caller reads by its clock. False when the socket's
 * buffer is too small to wait with. */
bool rtp_udp_wait(RtpUdp *udp, bool coarse);

/* Sends RTCP to the camera, if it told where. */
void rtp_udp_report(RtpUdp *udp, const uint8_t *report, size_t size);

uint64_t rtp_udp_datagrams(const RtpUdp *udp); /* of RTP, taken */
