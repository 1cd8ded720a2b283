/* sdp.h — what a camera offers: the session description it answers DESCRIBE with (RFC 8866).
 *
 * Line-tolerant: a line that cannot be understood is skipped, never the session (CAMERAS.md D1–D9).
 * Counts and lengths are bounded. All strings are NUL-terminated, trimmed and never NULL.
 */
#pragma once

#include "media/nal.h"

enum { SDP_MEDIA_MAX = 16, SDP_BYTES_MAX = 64 * 1024, SDP_SET_MAX = 8 };

typedef enum SdpKind { SDP_OTHER, SDP_VIDEO, SDP_AUDIO } SdpKind;

/* As the camera words it: from the client's side, so that `sendonly` marks the back channel to its
 * loudspeaker and what it sends is `recvonly` or nothing (ONVIF Streaming §5.3); some word it the
 * other way round. sdp_choose() knows. */
typedef enum SdpDirection { SDP_SENDRECV, SDP_SENDONLY, SDP_RECVONLY, SDP_INACTIVE } SdpDirection;

typedef struct SdpMedia {
    SdpKind kind;
    SdpDirection direction;
    Codec codec;       /* CODEC_NONE when `encoding` is not one of ours */
    int payload_type;  /* 0–127, of the format chosen: the first with a codec of ours; -1 none */
    char encoding[32]; /* as told: "H264", "MPEG4-GENERIC", "vnd.onvif.metadata" … */
    uint32_t clock_hz; /* never 0: told, else by the static table, else 90000 or 8000 */
    int channels;      /* audio; 1 when not told */
    double frame_rate; /* a=framerate, or 0 */
    char *control;     /* a=control of this media, or "" */
    char *fmtp;        /* parameters of that payload type, without it, or "" */
} SdpMedia;

typedef struct Sdp {
    char *control; /* of the session, or "" */
    size_t media_count;
    SdpMedia media[SDP_MEDIA_MAX];
} Sdp;

/* Returns owned; NULL only when there is no media at all (then it was no SDP). */
Sdp *sdp_parse(const void *data, size_t size);
void sdp_free(Sdp *sdp); /* NULL is allowed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Sdp, sdp_free)

/* The media to record of this kind: the first with a codec of ours that is no back channel; back
 * channels only when all media of the session are marked so (D7); else one with codec CODEC_NONE,
 * so that its `encoding` can be told. Borrowed from `sdp`; NULL when there is none of the kind. */
const SdpMedia *sdp_choose(const Sdp *sdp, SdpKind kind);

/* Whether its `encoding` is one of ours, though clock or parameters may be none that can be. */
bool sdp_knows(const SdpMedia *media);

/* The value of one fmtp parameter, names compared without case. Returns owned, or NULL. */
char *sdp_fmtp(const SdpMedia *media, const char *name);

/* The bytes of an fmtp parameter in hexadecimal, as far as they go and fit. Returns how many. */
size_t sdp_fmtp_hex(const SdpMedia *media, const char *name, uint8_t *out, size_t room);

/* Parameter sets told out of band; bytes owned by the struct. */
typedef struct SdpSets {
    uint8_t *bytes; /* owned */
    size_t count;
    Nal sets[3 * SDP_SET_MAX]; /* in `bytes`, each of role VPS, SPS or PPS */
} SdpSets;

/* From sprop-parameter-sets (H.264) or sprop-vps/-sps/-pps (H.265): base64 with or without padding,
 * Annex B inside accepted, what is not a parameter set ignored. H.265 with one of the three missing
 * counts as none (D2). False when there are none. */
bool sdp_sets(const SdpMedia *media, SdpSets *sets);
void sdp_sets_clear(SdpSets *sets);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SdpSets, sdp_sets_clear)
