#include "camera/rtsp_dialogue.h"

#include "base/clock.h"
#include "camera/rtsp_access.h"
#include "camera/rtsp_offer.h"
#include "camera/rtsp_refusal.h"
#include "media/rtsp_header.h"

#include <string.h>

enum {
    KEEPALIVE_MOST_US = 25 * 1000 * 1000,
    SESSION_TIMEOUT_S = 60, /* RFC 2326 §12.37 */
    REDIRECTS_MAX = 5,
};

/* In order; the audio step is left out when there is none to set up. */
typedef enum Step {
    STEP_OPTIONS,
    STEP_DESCRIBE,
    STEP_VIDEO,
    STEP_AUDIO,
    STEP_PLAY,
    STEP_PLAYING
} Step;

struct RtspDialogue {
    RtspUrl *url;
    char *request_url; /* of `url`, without credentials */
    RtspAccess access;
    bool want_audio, may_udp;

    Step step;
    unsigned cseq, step_cseq; /* of the newest request; of the one that `step` waits for */
    unsigned redirects;
    bool range_refused;
    bool heard;
    char *session, *latest_session; /* ids of the first SETUP and of the newest one */
    unsigned timeout_s;
    RtspMethod keepalive;
    unsigned keepalives_refused;
    bool keepalive_urgent;
    char server[80];

    RtspOffer offer;
    uint8_t channel[TRACKS];
    uint16_t ports[TRACKS]; /* ours; 0: by the connection */
    int server_ports[TRACKS][2];

    CameraTrouble trouble;
    char *cause;
};

/* Takes `cause`. */
static RtspDialogueOutcome fail(RtspDialogue *dialogue, CameraTrouble trouble, char *cause)
{
    g_free(dialogue->cause);
    dialogue->cause = cause;
    dialogue->trouble = trouble;
    return RTSP_FAILED;
}

/* ---- asking ---- */

static void ask(RtspDialogue *dialogue, ByteWriter *out, RtspMethod method, const char *url,
                const char *name, const char *value)
{
    g_autofree char *authorization = rtsp_access_sign(&dialogue->access, method, url);
    const RtspField fields[] = {
        {"User-Agent", "vonglau/" VONGLAU_VERSION},
        {"Authorization", authorization},
        {"Session", dialogue->session},
        {name, value},
    };
    rtsp_request_write(out, method, url, ++dialogue->cseq, fields,
                       G_N_ELEMENTS(fields) - (name ? 0 : 1));
}

static void ask_setup(RtspDialogue *dialogue, ByteWriter *out, Track track)
{
    char transport[64];
    unsigned port = dialogue->ports[track];
    dialogue->channel[track] = (uint8_t)(track * 2);
    dialogue->server_ports[track][0] = dialogue->server_ports[track][1] = -1;
    if (port)
        g_snprintf(transport, sizeof transport, "RTP/AVP;unicast;client_port=%u-%u", port,
                   port + 1);
    else
        g_snprintf(transport, sizeof transport, "RTP/AVP/TCP;unicast;interleaved=%u-%u",
                   dialogue->channel[track], dialogue->channel[track] + 1u);
    ask(dialogue, out, RTSP_SETUP, dialogue->offer.control_url[track], "Transport", transport);
}

static RtspDialogueOutcome ask_step(RtspDialogue *dialogue, ByteWriter *out)
{
    switch (dialogue->step) {
    case STEP_OPTIONS:
        ask(dialogue, out, RTSP_OPTIONS, dialogue->request_url, NULL, NULL);
        break;
    case STEP_DESCRIBE:
        ask(dialogue, out, RTSP_DESCRIBE, dialogue->request_url, "Accept", "application/sdp");
        break;
    case STEP_VIDEO:
        ask_setup(dialogue, out, TRACK_VIDEO);
        break;
    case STEP_AUDIO:
        ask_setup(dialogue, out, TRACK_AUDIO);
        break;
    case STEP_PLAY:
        if (dialogue->range_refused)
            ask(dialogue, out, RTSP_PLAY, dialogue->offer.base_url, NULL, NULL);
        else
            ask(dialogue, out, RTSP_PLAY, dialogue->offer.base_url, "Range", "npt=0.000-");
        break;
    case STEP_PLAYING:
        break;
    }
    dialogue->step_cseq = dialogue->cseq;
    return RTSP_GOES_ON;
}

static RtspDialogueOutcome next_step(RtspDialogue *dialogue, Step step, ByteWriter *out)
{
    dialogue->step = step;
    rtsp_access_next(&dialogue->access);
    return ask_step(dialogue, out);
}

void rtsp_dialogue_begin(RtspDialogue *dialogue, const char *address, ByteWriter *out)
{
    rtsp_access_connected(&dialogue->access, address);
    g_clear_pointer(&dialogue->session, g_free);
    g_clear_pointer(&dialogue->latest_session, g_free);
    next_step(dialogue, STEP_OPTIONS, out);
}

void rtsp_dialogue_keepalive(RtspDialogue *dialogue, ByteWriter *out)
{
    ask(dialogue, out, dialogue->keepalive, dialogue->offer.base_url, NULL, NULL);
}

void rtsp_dialogue_teardown(RtspDialogue *dialogue, ByteWriter *out)
{
    if (dialogue->session)
        ask(dialogue, out, RTSP_TEARDOWN, dialogue->offer.base_url, NULL, NULL);
}

/* ---- answers ---- */

static RtspDialogueOutcome on_described(RtspDialogue *dialogue, const RtspItem *answer,
                                        ByteWriter *out)
{
    char *cause = NULL;
    CameraTrouble trouble = rtsp_offer_take(&dialogue->offer, answer, dialogue->request_url,
                                            dialogue->want_audio, &cause);
    if (trouble != TROUBLE_NONE)
        return fail(dialogue, trouble, cause);
    return next_step(dialogue, STEP_VIDEO, out);
}

/* The id of the first SETUP is used as long as the camera knows it (CAMERAS.md S11). */
static void take_session(RtspDialogue *dialogue, const RtspItem *answer)
{
    RtspSession session;
    if (!rtsp_session_parse(rtsp_header(answer, "Session"), &session))
        return;
    if (session.timeout_s)
        dialogue->timeout_s = CLAMP(session.timeout_s, 5u, 3600u);
    if (!dialogue->session)
        dialogue->session = g_strdup(session.id);
    g_free(dialogue->latest_session);
    dialogue->latest_session = g_strdup(session.id);
}

/* The camera's word on channels and ports counts, not what was asked (CAMERAS.md S12). */
static void take_transport(RtspDialogue *dialogue, const RtspItem *answer, Track track)
{
    RtspTransport transport;
    if (!rtsp_transport_parse(rtsp_header(answer, "Transport"), &transport))
        return;
    if (transport.rtp_channel >= 0) {
        dialogue->channel[track] = (uint8_t)MIN(transport.rtp_channel, 254);
        dialogue->ports[track] = 0;
        if (track == TRACK_VIDEO) /* it does so for both */
            dialogue->ports[TRACK_AUDIO] = 0;
    }
    dialogue->server_ports[track][0] = transport.server_rtp_port;
    dialogue->server_ports[track][1] = transport.server_rtcp_port;
}

static RtspDialogueOutcome on_success(RtspDialogue *dialogue, const RtspItem *answer,
                                      ByteWriter *out)
{
    RtspText server = rtsp_header(answer, "Server");
    if (server.data)
        rtsp_printable(dialogue->server, sizeof dialogue->server, server);
    rtsp_access_accepted(&dialogue->access);
    switch (dialogue->step) {
    case STEP_OPTIONS:
        if (rtsp_public_parse(rtsp_header(answer, "Public")) & RTSP_GET_PARAMETER)
            dialogue->keepalive = RTSP_GET_PARAMETER;
        return next_step(dialogue, STEP_DESCRIBE, out);
    case STEP_DESCRIBE:
        return on_described(dialogue, answer, out);
    case STEP_VIDEO:
        take_session(dialogue, answer);
        take_transport(dialogue, answer, TRACK_VIDEO);
        return next_step(dialogue, dialogue->offer.media[TRACK_AUDIO] ? STEP_AUDIO : STEP_PLAY,
                         out);
    case STEP_AUDIO:
        take_session(dialogue, answer);
        take_transport(dialogue, answer, TRACK_AUDIO);
        return next_step(dialogue, STEP_PLAY, out);
    case STEP_PLAY:
        dialogue->step = STEP_PLAYING;
        return RTSP_PLAYS;
    case STEP_PLAYING:
        break;
    }
    return RTSP_GOES_ON;
}

static RtspDialogueOutcome on_unauthorized(RtspDialogue *dialogue, const RtspItem *answer,
                                           ByteWriter *out)
{
    char *cause = NULL;
    CameraTrouble trouble =
        rtsp_access_refused(&dialogue->access, answer, dialogue->request_url, &cause);
    return trouble == TROUBLE_NONE ? ask_step(dialogue, out) : fail(dialogue, trouble, cause);
}

static RtspDialogueOutcome on_redirect(RtspDialogue *dialogue, const RtspItem *answer)
{
    RtspText text = rtsp_header(answer, "Location");
    g_autofree char *location = text.data ? rtsp_text_dup(text) : NULL;
    g_autoptr(RtspUrl) url = location ? rtsp_url_parse(location, NULL) : NULL;
    if (url && dialogue->url->tls && !url->tls)
        return fail(dialogue, TROUBLE_PROTOCOL,
                    g_strdup_printf("the camera sends us on from rtsps to plain rtsp, where all "
                                    "could be read on the way; if this is right, set the address "
                                    "rtsp://%s…",
                                    url->host));
    if (!url || ++dialogue->redirects > REDIRECTS_MAX)
        return fail(dialogue, TROUBLE_PROTOCOL,
                    g_strdup("the camera sends us on to an address that cannot be used"));
    rtsp_url_free(dialogue->url);
    dialogue->url = g_steal_pointer(&url);
    g_free(dialogue->request_url);
    dialogue->request_url = rtsp_url_text(dialogue->url);
    rtsp_access_moved(&dialogue->access, dialogue->url);
    return RTSP_MOVED;
}

/* What can be done without goes on; the rest is a refusal. */
static RtspDialogueOutcome on_error(RtspDialogue *dialogue, const RtspItem *answer, ByteWriter *out)
{
    if (dialogue->step == STEP_OPTIONS) /* not all know it; DESCRIBE tells more */
        return next_step(dialogue, STEP_DESCRIBE, out);
    if (dialogue->step == STEP_VIDEO && answer->status == 461 && dialogue->may_udp &&
        !rtsp_dialogue_udp(dialogue, TRACK_VIDEO) && !dialogue->url->tls)
        return RTSP_WANTS_UDP;
    if (dialogue->step == STEP_AUDIO) { /* audio trouble never stops video */
        dialogue->offer.media[TRACK_AUDIO] = NULL;
        dialogue->offer.sound_trouble = SOUND_REFUSED;
        return next_step(dialogue, STEP_PLAY, out);
    }
    if (dialogue->step == STEP_PLAY && answer->status == 454 &&
        g_strcmp0(dialogue->session, dialogue->latest_session) != 0) {
        g_free(dialogue->session);
        dialogue->session = g_strdup(dialogue->latest_session);
        return ask_step(dialogue, out);
    }
    if (dialogue->step == STEP_PLAY && !dialogue->range_refused) {
        dialogue->range_refused = true;
        return ask_step(dialogue, out);
    }
    char *cause = NULL;
    CameraTrouble trouble = rtsp_refusal(answer, &cause);
    return fail(dialogue, trouble, cause);
}

/* A bad answer to a keep-alive ends nothing. The other method is used from then on, and tried at
 * once when that has not been tried before; a new nonce is signed with at once (S7, S9). */
static void on_kept_alive(RtspDialogue *dialogue, const RtspItem *answer)
{
    if (answer->status == 401) {
        dialogue->keepalive_urgent |= rtsp_auth_choose(answer, &dialogue->access.auth);
    } else if (answer->status >= 400) {
        dialogue->keepalive =
            dialogue->keepalive == RTSP_OPTIONS ? RTSP_GET_PARAMETER : RTSP_OPTIONS;
        dialogue->keepalive_urgent |= dialogue->keepalives_refused++ == 0;
    }
}

RtspDialogueOutcome rtsp_dialogue_answer(RtspDialogue *dialogue, const RtspItem *answer,
                                         ByteWriter *out)
{
    dialogue->heard = true;
    if (dialogue->step == STEP_PLAYING) {
        on_kept_alive(dialogue, answer);
        return RTSP_GOES_ON;
    }
    int64_t cseq = rtsp_cseq(answer);
    if (cseq >= 0 && cseq != dialogue->step_cseq)
        return RTSP_GOES_ON;
    if (answer->status >= 200 && answer->status < 300)
        return on_success(dialogue, answer, out);
    if (answer->status == 401)
        return on_unauthorized(dialogue, answer, out);
    if (answer->status == 301 || answer->status == 302)
        return on_redirect(dialogue, answer);
    return on_error(dialogue, answer, out);
}

void rtsp_dialogue_use_udp(RtspDialogue *dialogue, const uint16_t ports[TRACKS])
{
    memset(dialogue->ports, 0, sizeof dialogue->ports);
    if (ports)
        memcpy(dialogue->ports, ports, sizeof dialogue->ports);
}

void rtsp_dialogue_describe(RtspDialogue *dialogue, ByteWriter *out)
{
    g_clear_pointer(&dialogue->session, g_free);
    g_clear_pointer(&dialogue->latest_session, g_free);
    next_step(dialogue, STEP_DESCRIBE, out);
}

/* ---- life and facts ---- */

RtspDialogue *rtsp_dialogue_new(const RtspUrl *url, const char *user, const char *password,
                                bool audio, bool may_udp)
{
    RtspDialogue *dialogue = g_new0(RtspDialogue, 1);
    dialogue->url = rtsp_url_copy(url);
    dialogue->request_url = rtsp_url_text(url);
    rtsp_access_init(&dialogue->access, url, user, password);
    dialogue->want_audio = audio;
    dialogue->may_udp = may_udp;
    dialogue->timeout_s = SESSION_TIMEOUT_S;
    dialogue->keepalive = RTSP_OPTIONS;
    return dialogue;
}

void rtsp_dialogue_free(RtspDialogue *dialogue)
{
    if (!dialogue)
        return;
    rtsp_url_free(dialogue->url);
    g_free(dialogue->request_url);
    rtsp_access_clear(&dialogue->access);
    g_free(dialogue->session);
    g_free(dialogue->latest_session);
    rtsp_offer_clear(&dialogue->offer);
    g_free(dialogue->cause);
    g_free(dialogue);
}

const RtspUrl *rtsp_dialogue_url(const RtspDialogue *dialogue)
{
    return dialogue->url;
}

bool rtsp_dialogue_udp(const RtspDialogue *dialogue, Track track)
{
    return dialogue->ports[track] != 0;
}

void rtsp_dialogue_server_ports(const RtspDialogue *dialogue, Track track, int *rtp, int *rtcp)
{
    *rtp = dialogue->server_ports[track][0];
    *rtcp = dialogue->server_ports[track][1];
}

bool rtsp_dialogue_playing(const RtspDialogue *dialogue)
{
    return dialogue->step == STEP_PLAYING;
}

bool rtsp_dialogue_heard(const RtspDialogue *dialogue)
{
    return dialogue->heard;
}

bool rtsp_dialogue_keepalive_urgent(RtspDialogue *dialogue)
{
    bool urgent = dialogue->keepalive_urgent;
    dialogue->keepalive_urgent = false;
    return urgent;
}

CameraTrouble rtsp_dialogue_trouble(const RtspDialogue *dialogue, const char **cause)
{
    *cause = dialogue->cause;
    return dialogue->trouble;
}

int64_t rtsp_dialogue_keepalive_us(const RtspDialogue *dialogue)
{
    return MIN((int64_t)dialogue->timeout_s * SECOND_US / 2, (int64_t)KEEPALIVE_MOST_US);
}

Codec rtsp_dialogue_sound(const RtspDialogue *dialogue, int *rate_hz)
{
    const SdpMedia *sound =
        rtsp_dialogue_playing(dialogue) ? dialogue->offer.media[TRACK_AUDIO] : NULL;
    if (rate_hz)
        *rate_hz = sound ? (int)sound->clock_hz : 0;
    return sound ? sound->codec : CODEC_NONE;
}

SoundTrouble rtsp_dialogue_sound_trouble(const RtspDialogue *dialogue, const char **codec)
{
    *codec = rtsp_offer_sound(&dialogue->offer);
    return dialogue->offer.sound_trouble;
}

const char *rtsp_dialogue_server(const RtspDialogue *dialogue)
{
    return dialogue->server;
}

const SdpMedia *rtsp_dialogue_media(const RtspDialogue *dialogue, Track track, uint8_t *channel)
{
    *channel = dialogue->channel[track];
    return dialogue->offer.media[track];
}
