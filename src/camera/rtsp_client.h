/* rtsp_client.h — one RTSP session with a camera: over TCP, interleaved (RFC 2326 §10.12), the
 * same through TLS, or with its packets by UDP.
 *
 * From connecting to TEARDOWN: OPTIONS, DESCRIBE, SETUP of the video (and audio) track, PLAY, then
 * keep-alive and receiver reports. It ends once, by `ended`, or by rtsp_client_free(); it never
 * reconnects but for redirects. Functions and callbacks run on the ingest thread.
 */
#pragma once

#include "camera/cameras.h"
#include "camera/ingest.h"
#include "camera/rtp_track.h"
#include "media/depay.h"
#include "media/rtsp_url.h"

typedef struct RtspClient RtspClient;

typedef struct RtspClientEvents {
    /* PLAY was answered. */
    void (*playing)(void *data);
    /* `frame`, `params` are borrowed until return. `arrival_us`: node time of the kernel's receipt.
     */
    void (*frame)(void *data, Track track, const DepayFrame *frame, CodecParams *params,
                  int64_t arrival_us);
    /* The RTP source of the track began anew: its times do not connect to those before. */
    void (*restarted)(void *data, Track track);
    /* The session is over; `cause` is borrowed. The client is to be freed later, as in no callback.
     */
    void (*ended)(void *data, CameraTrouble trouble, const char *cause);
} RtspClientEvents;

/* What to play. All is borrowed until rtsp_client_new() returns. */
typedef struct RtspWish {
    const RtspUrl *url;
    const char *user, *password; /* NULL: none */
    const char *fingerprint;     /* of the only certificate to be taken; NULL: what is trusted */
    bool audio;
    bool udp;     /* by UDP; not with rtsps */
    bool may_udp; /* by UDP when the camera refuses to send by the connection */
} RtspWish;

/* `hub`: whose listeners decide how soon arrivals are read; borrowed for the client's life, NULL:
 * always at once. */
RtspClient *rtsp_client_new(Ingest *ingest, const RtspWish *wish, const Hub *hub,
                            const RtspClientEvents *events, void *data);

/* Whether each arrival is read at once whoever listens: its time is all there is to time it. */
void rtsp_client_read_at_once(RtspClient *client, bool at_once);

/* Takes what has arrived and was not read yet: before a session is ended on purpose. In no
 * callback. */
void rtsp_client_drain(RtspClient *client);

/* Sends TEARDOWN if a session stands, closes. No callback comes any more. NULL is allowed. */
void rtsp_client_free(RtspClient *client);

Codec rtsp_client_audio(const RtspClient *client, int *rate_hz); /* CODEC_NONE: none or not taken */
/* Why sound that was wanted is not taken; `*codec`: as the camera names it. Borrowed. */
SoundTrouble rtsp_client_sound_trouble(const RtspClient *client, const char **codec);
const RtpTrack *rtsp_client_video(const RtspClient *client); /* borrowed; NULL: not played yet */
uint64_t rtsp_client_bytes(const RtspClient *client);        /* received in all */
/* Why what came since the newest picture could not be understood, for a technician; NULL: that is
 * not why there is none. Returned owned. */
char *rtsp_client_unread(const RtspClient *client);
unsigned rtsp_client_notes(const RtspClient *client);
const char *rtsp_client_server(const RtspClient *client); /* printable; "" when not told */
/* SHA-256 of the certificate that the camera showed, in hex; "" when none was. */
const char *rtsp_client_fingerprint(const RtspClient *client);
bool rtsp_client_silent(const RtspClient *client); /* it plays by UDP, but nothing came */
const char *rtsp_client_transport(
    const RtspClient *client); /* "tcp", "udp", "tls": while playing */
