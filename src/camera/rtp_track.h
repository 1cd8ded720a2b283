/* rtp_track.h — one RTP source of a session: its packets in order, its frames out, its reports. */
#pragma once

#include "media/depay.h"
#include "media/rtcp.h"
#include "media/rtp.h"
#include "media/sdp.h"

typedef struct RtpTrack RtpTrack;

typedef struct RtpTrackEvents {
    /* `frame` and `params` are borrowed until return; `params` is NULL until known. `arrival_us`:
     * of the last packet of a picture. */
    void (*frame)(void *data, Track track, const DepayFrame *frame, CodecParams *params,
                  int64_t arrival_us);
    void (*restarted)(void *data, Track track); /* the source began anew: its times too */
} RtpTrackEvents;

/* Borrows `media` until return. */
RtpTrack *rtp_track_new(Track track, const SdpMedia *media, const RtpTrackEvents *events,
                        void *data);
void rtp_track_free(RtpTrack *track); /* NULL is allowed */

/* Its packets come in any order from here on, as UDP has it: they are put in order (rtp_reorder.h).
 */
void rtp_track_reorder(RtpTrack *track);
/* Until when a packet waits for one before it, on the clock of arrivals; INT64_MAX: none does. */
int64_t rtp_track_waits_until_us(const RtpTrack *track);
void rtp_track_give_up(RtpTrack *track, int64_t now_us); /* what was waited for long enough */

void rtp_track_packet(RtpTrack *track, const uint8_t *data, size_t size, int64_t arrival_us);
void rtp_track_rtcp(RtpTrack *track, const uint8_t *data, size_t size, int64_t now_us);

/* No more packets come: gives the picture that waits for the next one to tell its end. */
void rtp_track_flush(RtpTrack *track);

/* A receiver report on what came so far (RFC 3550 §6.4.2). Returns the bytes written, 0 before the
 * first packet. */
size_t rtp_track_report(RtpTrack *track, int64_t now_us, uint8_t out[RTCP_REPORT_BYTES_MAX]);

/* What to tell when the newest packet was of another payload type than the one described; NULL: it
 * was not. Of NULL: NULL. Returned owned. */
char *rtp_track_other_type(const RtpTrack *track);

/* Of NULL: 0. */
uint64_t rtp_track_lost(const RtpTrack *track); /* packets */
unsigned rtp_track_notes(const RtpTrack *track);
double rtp_track_fps(const RtpTrack *track);
