/* rtsp_dialogue.h — what to ask a camera next, and what its answers mean (RFC 2326, RFC 7616).
 *
 * OPTIONS, DESCRIBE, SETUP of the video (and audio) track, PLAY. Requests are appended to a writer,
 * answers handed in; sockets and clocks are the client's business. One thread.
 */
#pragma once

#include "base/bytes.h"
#include "camera/cameras.h"
#include "media/rtsp_message.h"
#include "media/rtsp_url.h"
#include "media/sdp.h"

typedef struct RtspDialogue RtspDialogue;

typedef enum RtspDialogueOutcome {
    RTSP_GOES_ON,   /* something was asked, or nothing need be done */
    RTSP_PLAYS,     /* PLAY was answered */
    RTSP_MOVED,     /* connect anew to rtsp_dialogue_url(), then rtsp_dialogue_begin() */
    RTSP_WANTS_UDP, /* the camera does not send by the connection; rtsp_dialogue_use_udp(), then
                       rtsp_dialogue_describe() */
    RTSP_FAILED,    /* rtsp_dialogue_trouble() says why */
} RtspDialogueOutcome;

/* Borrows all until return. `user` NULL: none. `may_udp`: UDP is taken when the camera refuses to
 * send by the connection. */
RtspDialogue *rtsp_dialogue_new(const RtspUrl *url, const char *user, const char *password,
                                bool audio, bool may_udp);
void rtsp_dialogue_free(RtspDialogue *dialogue); /* NULL is allowed; wipes the password */

/* On a fresh connection to `address` (numeric, "" when not known; borrowed until return): forgets
 * session and nonce, asks the first question. */
void rtsp_dialogue_begin(RtspDialogue *dialogue, const char *address, ByteWriter *out);
RtspDialogueOutcome rtsp_dialogue_answer(RtspDialogue *dialogue, const RtspItem *answer,
                                         ByteWriter *out);

/* From the next SETUP on: by UDP, at these ports and those behind them; NULL: by the connection. */
void rtsp_dialogue_use_udp(RtspDialogue *dialogue, const uint16_t ports[TRACKS]);
/* Whether a track is asked for, or comes, by UDP. */
bool rtsp_dialogue_udp(const RtspDialogue *dialogue, Track track);
/* Begins again with DESCRIBE, on the same connection (CAMERAS.md S5). */
void rtsp_dialogue_describe(RtspDialogue *dialogue, ByteWriter *out);

/* While playing; sent and forgotten, as cameras answer it in every way there is (S9). */
void rtsp_dialogue_keepalive(RtspDialogue *dialogue, ByteWriter *out);
/* Nothing when no session stands. */
void rtsp_dialogue_teardown(RtspDialogue *dialogue, ByteWriter *out);

const RtspUrl *rtsp_dialogue_url(const RtspDialogue *dialogue);
bool rtsp_dialogue_playing(const RtspDialogue *dialogue);
bool rtsp_dialogue_heard(const RtspDialogue *dialogue); /* any answer came: it speaks RTSP */
/* Whether a keep-alive is to be sent at once, told once: the last one was refused (S7, S9). */
bool rtsp_dialogue_keepalive_urgent(RtspDialogue *dialogue);
CameraTrouble rtsp_dialogue_trouble(const RtspDialogue *dialogue, const char **cause);
int64_t rtsp_dialogue_keepalive_us(const RtspDialogue *dialogue); /* period */
const char *rtsp_dialogue_server(const RtspDialogue *dialogue);   /* printable */

/* The codec of the sound that plays, CODEC_NONE when none does; `rate_hz` may be NULL. */
Codec rtsp_dialogue_sound(const RtspDialogue *dialogue, int *rate_hz);
/* Why sound that was wanted is not set up; `*codec`: as the camera names it, "" when it offers
 * none. Borrowed. */
SoundTrouble rtsp_dialogue_sound_trouble(const RtspDialogue *dialogue, const char **codec);
/* The ports that the camera sends a track from, −1 when it did not tell. */
void rtsp_dialogue_server_ports(const RtspDialogue *dialogue, Track track, int *rtp, int *rtcp);

/* The track that was set up, borrowed, or NULL; `*channel` is that of its RTP, RTCP is the next. */
const SdpMedia *rtsp_dialogue_media(const RtspDialogue *dialogue, Track track, uint8_t *channel);
