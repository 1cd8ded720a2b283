/* trouble.c — the words for states and troubles, and what kind of gap each trouble makes. */
#include "camera/cameras.h"

typedef struct TroubleFacts {
    const char *text;
    GapCause gap;
} TroubleFacts;

static const TroubleFacts facts[TROUBLES] = {
    [TROUBLE_NONE] = {"", GAP_UNKNOWN},
    [TROUBLE_BAD_ADDRESS] = {"bad-address", GAP_CAMERA_OFFLINE},
    [TROUBLE_NAME_UNKNOWN] = {"name-unknown", GAP_CAMERA_OFFLINE},
    [TROUBLE_UNREACHABLE] = {"unreachable", GAP_CAMERA_OFFLINE},
    [TROUBLE_REFUSED] = {"refused", GAP_CAMERA_OFFLINE},
    [TROUBLE_TIMEOUT] = {"timeout", GAP_CAMERA_OFFLINE},
    [TROUBLE_NOT_RTSP] = {"not-rtsp", GAP_CAMERA_OFFLINE},
    [TROUBLE_CERTIFICATE] = {"certificate", GAP_CAMERA_OFFLINE},
    [TROUBLE_WRONG_PASSWORD] = {"wrong-password", GAP_CAMERA_OFFLINE},
    [TROUBLE_SENT_ON] = {"sent-on", GAP_CAMERA_OFFLINE},
    [TROUBLE_NOT_FOUND] = {"not-found", GAP_CAMERA_OFFLINE},
    [TROUBLE_TOO_MANY_SESSIONS] = {"too-many-sessions", GAP_CAMERA_OFFLINE},
    [TROUBLE_BUSY] = {"busy", GAP_CAMERA_OFFLINE},
    [TROUBLE_NO_VIDEO] = {"no-video", GAP_CAMERA_OFFLINE},
    [TROUBLE_CODEC_UNKNOWN] = {"codec-unknown", GAP_CAMERA_OFFLINE},
    [TROUBLE_PROTOCOL] = {"protocol", GAP_CAMERA_OFFLINE},
    [TROUBLE_TRANSPORT] = {"transport", GAP_CAMERA_OFFLINE},
    [TROUBLE_CLOSED] = {"closed", GAP_CAMERA_OFFLINE},
    [TROUBLE_NO_KEY] = {"no-key-picture", GAP_CAMERA_OFFLINE},
    [TROUBLE_STALL] = {"stall", GAP_NETWORK_STALL},
    [TROUBLE_PAUSED] = {"paused", GAP_PAUSED},
};

const char *sound_trouble_text(SoundTrouble trouble)
{
    static const char *const texts[SOUND_TROUBLES] = {
        [SOUND_FINE] = "",
        [SOUND_NOT_OFFERED] = "not-offered",
        [SOUND_CODEC_UNKNOWN] = "codec-unknown",
        [SOUND_MISDESCRIBED] = "misdescribed",
        [SOUND_REFUSED] = "refused",
    };
    return texts[trouble];
}

CameraTransport camera_transport(const char *text)
{
    return g_strcmp0(text, "tcp") == 0   ? CAMERA_TRANSPORT_TCP
           : g_strcmp0(text, "udp") == 0 ? CAMERA_TRANSPORT_UDP
                                         : CAMERA_TRANSPORT_AUTO;
}

const char *camera_state_text(CameraState state)
{
    static const char *const texts[] = {
        [CAMERA_CONNECTING] = "connecting", [CAMERA_RUNNING] = "running",
        [CAMERA_STALLED] = "stalled",       [CAMERA_WAITING] = "waiting",
        [CAMERA_PAUSED] = "paused",
    };
    return texts[state];
}

const char *camera_trouble_text(CameraTrouble trouble)
{
    return facts[trouble].text;
}

GapCause camera_trouble_gap(CameraTrouble trouble)
{
    return facts[trouble].gap;
}
