/* depay.h — from RTP packets to pictures and audio frames: H.264 (RFC 6184), H.265 (RFC 7798), AAC
 * (RFC 3640), Opus (RFC 7587), and G.711 (RFC 3551), which comes out as FLAC.
 *
 * Packets go in in order; frames come out through a callback, in data that is borrowed until the
 * callback returns. Bytes are copied once, into a scratch buffer that is used again. Nothing a
 * camera sends is an error: what can be understood is used, what was strange is noted once
 * (CAMERAS.md R1–R9).
 */
#pragma once

#include "media/rtp.h"
#include "media/sdp.h"

enum { DEPAY_FRAME_BYTES_MAX = 12 * 1024 * 1024, DEPAY_NALS_MAX = 4096 };

typedef struct DepayFrame {
    const uint8_t *data; /* video: NAL units each behind a 4-byte length; audio: one raw frame */
    size_t size;
    uint32_t timestamp; /* RTP clock of the media */
    uint32_t lag;       /* ticks that the packet it came out with was stamped later than it */
    bool key;           /* can be decoded alone; always for audio */
    bool damaged;       /* packets of it were lost; audio: or just before it */
    bool after_loss;    /* video: packets before it were lost, perhaps pictures; it is whole */
} DepayFrame;

typedef void (*DepayEmit)(void *data, const DepayFrame *frame);

typedef struct Depay Depay;

/* Borrows `media` until return; its fmtp gives the first parameters. Returns owned; NULL when
 * `codec` is CODEC_NONE. */
Depay *depay_new(Codec codec, const SdpMedia *media);
void depay_free(Depay *depay); /* NULL is allowed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Depay, depay_free)

/* Emits no frame, one or several. A picture comes out with its marker, or with the first packet of
 * the next one when there is no marker to trust. */
void depay_packet(Depay *depay, const RtpPacket *packet, DepayEmit emit, void *data);

/* `packets` were lost before the next one. */
void depay_lost(Depay *depay, unsigned packets);

/* Emits the sound that waits for its end, and the picture that does so because markers never come:
 * the stream is over. A picture that a marker should end was cut. */
void depay_flush(Depay *depay, DepayEmit emit, void *data);

/* Forgets what is half done, keeps the parameters: the source began anew. */
void depay_reset(Depay *depay);

/* How the frame emitted now, or last, is coded. Borrowed until the next call; take a reference to
 * keep it. NULL until known. Changes (another object) only with a key picture, and only when the
 * content changed. `timescale` is the clock of the media for audio, 90000 for video. */
CodecParams *depay_params(const Depay *depay);

/* Pictures a second as the SPS or the SDP tells it, or 0. */
double depay_fps(const Depay *depay);

/* What was strange, each told once per depay. */
typedef enum DepayNote {
    DEPAY_NO_MARKER = 1 << 0,       /* R1 */
    DEPAY_MARKER_EARLY = 1 << 1,    /* R2 */
    DEPAY_FRAME_TOO_BIG = 1 << 2,   /* R3 */
    DEPAY_ANNEXB = 1 << 3,          /* R4 */
    DEPAY_BAD_FRAGMENTS = 1 << 4,   /* R5 */
    DEPAY_SETS_ALTERNATE = 1 << 5,  /* R9 */
    DEPAY_UNKNOWN_PACKETS = 1 << 6, /* packet types of no use */
    DEPAY_SPS_UNKNOWN = 1 << 7,     /* R8 */
    DEPAY_ADTS = 1 << 8,            /* ADTS headers within RFC 3640 */
    DEPAY_BAD_AUDIO = 1 << 9,       /* AU headers that do not fit the packet */
    DEPAY_NOTES = 10,               /* how many kinds */
} DepayNote;

unsigned depay_notes(const Depay *depay);    /* bits */
const char *depay_note_text(DepayNote note); /* for a technician */
