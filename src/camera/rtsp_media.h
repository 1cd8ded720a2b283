/* rtsp_media.h — what a session plays: its tracks, by channels of the RTSP connection (RFC 2326
 * §10.12) or by UDP ports of their own.
 *
 * Ingest thread only. Owned by the client, whose dialogue asks for what is opened here.
 */
#pragma once

#include "base/bytes.h"
#include "camera/ingest.h"
#include "camera/rtp_track.h"
#include "camera/rtp_udp.h"
#include "camera/rtsp_dialogue.h"

typedef struct RtspMedia RtspMedia;

/* `ready`: something came by UDP, and rtsp_media_read() is to be called. */
RtspMedia *rtsp_media_new(Ingest *ingest, const RtpTrackEvents *events, void (*ready)(void *data),
                          void *data);
void rtsp_media_free(RtspMedia *media); /* NULL is allowed */

/* Opens ports for each track; `fd` is the connected RTSP socket. Written to `ports`. False when
 * there are none left. */
bool rtsp_media_open_udp(RtspMedia *media, int fd, uint16_t ports[TRACKS]);
void rtsp_media_close_udp(RtspMedia *media); /* not playing */
/* A SETUP was answered: where the camera sends from, maybe. */
void rtsp_media_expect(RtspMedia *media, const RtspDialogue *dialogue);

/* PLAY was answered. */
void rtsp_media_begin(RtspMedia *media, const RtspDialogue *dialogue, RtspFraming *framing);
bool rtsp_media_udp(const RtspMedia *media);    /* plays by UDP */
bool rtsp_media_silent(const RtspMedia *media); /* by UDP, by which nothing came */

void rtsp_media_frame(RtspMedia *media, const RtspItem *item, int64_t arrival_us);

/* Takes what came by UDP; returns the bytes of it. */
size_t rtsp_media_read(RtspMedia *media);
/* As rtp_udp_wait(), for all tracks. */
bool rtsp_media_wait(RtspMedia *media, bool coarse);

/* Receiver reports: by UDP, or appended to `out`. */
void rtsp_media_report(RtspMedia *media, ByteWriter *out);

/* No more comes: gives what waits for more. */
void rtsp_media_flush(RtspMedia *media);

unsigned rtsp_media_notes(const RtspMedia *media);                     /* of all tracks */
const RtpTrack *rtsp_media_track(const RtspMedia *media, Track track); /* NULL: not played */
