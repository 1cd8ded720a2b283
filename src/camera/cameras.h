/* cameras.h — all cameras of this node: a supervisor for each stream, spread over ingest loops.
 *
 * A stream is connected, watched for stalls, and reconnected for ever (back-off with jitter up to
 * 4 s; longer only after 401, 453 or 503). Changing one camera touches no other. Each stream has a
 * hub (hub.h) that lives as long as the camera is registered.
 *
 * All functions may be called on any thread unless said otherwise.
 */
#pragma once

#include "base/buffer.h"
#include "base/digest.h"
#include "base/uuid.h"
#include "camera/hub.h"
#include "media/access_unit.h"
#include "media/gap.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct Cameras Cameras;

typedef enum CameraState {
    CAMERA_CONNECTING, /* on the way to the first picture */
    CAMERA_RUNNING,
    CAMERA_STALLED, /* connected, but no picture for 5 s */
    CAMERA_WAITING, /* failed; will try again */
    CAMERA_PAUSED,
} CameraState;
const char *camera_state_text(CameraState state); /* "connecting" … */

/* Why a stream is not running. The word is stable: the app translates it. */
typedef enum CameraTrouble {
    TROUBLE_NONE,
    TROUBLE_BAD_ADDRESS,
    TROUBLE_NAME_UNKNOWN,
    TROUBLE_UNREACHABLE,
    TROUBLE_REFUSED,
    TROUBLE_TIMEOUT,
    TROUBLE_NOT_RTSP,
    TROUBLE_CERTIFICATE, /* not trusted, or not the one that was accepted */
    TROUBLE_WRONG_PASSWORD,
    TROUBLE_SENT_ON, /* redirected to where the password is not sent */
    TROUBLE_NOT_FOUND,
    TROUBLE_TOO_MANY_SESSIONS,
    TROUBLE_BUSY,
    TROUBLE_NO_VIDEO,
    TROUBLE_CODEC_UNKNOWN,
    TROUBLE_PROTOCOL,
    TROUBLE_TRANSPORT, /* pictures do not come the way that is set: TCP or UDP */
    TROUBLE_CLOSED,
    TROUBLE_NO_KEY, /* it sends, but no whole key picture yet */
    TROUBLE_STALL,
    TROUBLE_PAUSED,
    TROUBLES,
} CameraTrouble;
const char *camera_trouble_text(CameraTrouble trouble); /* "wrong-password" … "" for none */
GapCause camera_trouble_gap(CameraTrouble trouble);

/* Why sound that is wanted is not recorded; the pictures are. */
typedef enum SoundTrouble {
    SOUND_FINE, /* it is recorded, or not wanted */
    SOUND_NOT_OFFERED,
    SOUND_CODEC_UNKNOWN,
    SOUND_MISDESCRIBED, /* a codec of ours, but clock or configuration cannot be understood */
    SOUND_REFUSED,      /* its SETUP */
    SOUND_TROUBLES,
} SoundTrouble;
const char *sound_trouble_text(SoundTrouble trouble); /* "codec-unknown" … "" for fine */

enum { SOUND_CODEC_TEXT = 32 };

/* How pictures are to come. */
typedef enum CameraTransport {
    CAMERA_TRANSPORT_AUTO, /* by the RTSP connection; by UDP from a camera that refuses that */
    CAMERA_TRANSPORT_TCP,
    CAMERA_TRANSPORT_UDP, /* never with rtsps, which stays within its connection */
} CameraTransport;
/* "tcp", "udp"; anything else, NULL too: automatic. */
CameraTransport camera_transport(const char *text);

typedef struct StreamStatus {
    CameraState state;
    CameraTrouble trouble;
    char cause[256];  /* plain English with what to do; "" while running; never holds a secret */
    int64_t since_us; /* node time of entering the state */
    const char *transport; /* "tcp", "udp", "tls": how pictures come or came; NULL: none did */
    Codec codec;
    char rfc6381[32];
    int width, height;
    Codec audio; /* CODEC_NONE: none, or not taken */
    SoundTrouble sound_trouble;
    char sound_codec[SOUND_CODEC_TEXT]; /* with sound_trouble: as the camera names it; or "" */
    int64_t bitrate_bps;
    double fps;
    int64_t key_interval_ms;
    int64_t last_picture_us; /* capture time of the newest picture; 0: none yet */
    uint64_t pictures;
    uint64_t lost_packets;
    uint32_t reconnects;
    uint32_t notes; /* quirks met, depay_note_text() */
} StreamStatus;

typedef struct CameraStatus {
    bool has_stream[STREAM_KINDS];
    StreamStatus streams[STREAM_KINDS];
} CameraStatus;

/* What a camera is reached by. Texts are borrowed during the call. */
typedef struct CameraSource {
    Uuid id;
    const char *name;
    const char *url[STREAM_KINDS]; /* without credentials; NULL or "": no such stream */
    const char *user, *password;   /* NULL: none */
    const char *fingerprint; /* of the certificate accepted, 64 lower-case hex digits; NULL: none */
    CameraTransport transport;
    bool audio;           /* take the audio track */
    unsigned connections; /* its host takes at most so many at once; 0: not known */
    bool paused;
} CameraSource;

/* Starts `loops` ingest threads (0: chosen by the number of processors). */
Cameras *cameras_new(unsigned loops);

/* Ends all sessions (TEARDOWN), closes the hubs, joins the threads. NULL is allowed. */
void cameras_free(Cameras *cameras);

/* Adds the camera, or changes it: streams whose facts did not change go on undisturbed. */
void cameras_set(Cameras *cameras, const CameraSource *source);
void cameras_remove(Cameras *cameras, Uuid id);

/* Returns owned, or NULL when there is no such camera or stream. */
Hub *cameras_hub(Cameras *cameras, Uuid id, StreamKind kind);

/* False when there is no such camera. */
bool cameras_status(Cameras *cameras, Uuid id, CameraStatus *status);

/* Called on an ingest thread at each change of a stream's state; must be quick. Set once, before
 * the first camera. */
typedef void (*CamerasWatch)(void *data, Uuid camera, StreamKind kind, const StreamStatus *status);
void cameras_watch(Cameras *cameras, CamerasWatch watch, void *data);

/* What a look at an address found. */
typedef struct CameraProbe {
    CodecParams *video;  /* owned; NULL when nothing came */
    AccessUnit *picture; /* owned; first key picture */
    Codec audio;
    int audio_rate_hz;
    double fps;
    char server[80];              /* Server header, printable ASCII */
    const char *transport;        /* as in StreamStatus */
    char fingerprint[SHA256_HEX]; /* of the certificate shown; "" when none was */
    uint32_t notes;
} CameraProbe;
void camera_probe_clear(CameraProbe *probe);

/* Where to look, and as whom; what is NULL is not given. */
typedef struct CameraLook {
    const char *url; /* credentials in it count where `user` and `password` are NULL */
    const char *user, *password;
    const char *fingerprint; /* as in CameraSource */
    CameraTransport transport;
} CameraLook;

/* Connects to one stream and waits for its first key picture. Blocking, up to `timeout_us`: on a
 * pool thread. The message of `error` says in plain words what is wrong and what to do;
 * `*trouble` and the fingerprint in `probe` are set in any case. */
bool camera_probe(const CameraLook *look, int64_t timeout_us, CameraProbe *probe,
                  CameraTrouble *trouble, GError **error);
