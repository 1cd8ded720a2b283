#include "camera/rtsp_dialogue.h"

#include "base/clock.h"
#include "base/secret.h"
#include "camera/redirect.h"
#include "media/rtsp_auth.h"
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
    RtspUrl *home; /* what user and password were given for */
    char *home_address;
    RtspUrl *url;
    char *request_url; /* of `url`, without credentials */
    char *base_url;    /* for PLAY and what follows it, once described */
    char *user, *password;
    bool abroad; /* where user and password are not sent to */
    bool want_audio;

    Step step;
    unsigned cseq, step_cseq; /* of the newest request; of the one that `step` waits for */
    bool signed_in; /* the step's request carried credentials that were made for its nonce */
    bool accepted;  /* credentials were, on this connection */
    unsigned new_nonces, redirects;
    bool range_refused;
    bool heard;
    RtspAuth auth;
    char *session, *latest_session; /* ids of the first SETUP and of the newest one */
    unsigned timeout_s;
    RtspMethod keepalive;
    unsigned keepalives_refused;
    bool keepalive_urgent;
    char server[80];

    Sdp *sdp;
    const SdpMedia *media[TRACKS]; /* in `sdp` */
    char *control_url[TRACKS];
    uint8_t channel[TRACKS];

    CameraTrouble trouble;
    char *cause;
};

static RtspDialogueOutcome fail(RtspDialogue *dialogue, CameraTrouble trouble, const char *format,
                                ...) G_GNUC_PRINTF(3, 4);

static RtspDialogueOutcome fail(RtspDialogue *dialogue, CameraTrouble trouble, const char *format,
                                ...)
{
    va_list args;
    va_start(args, format);
    g_free(dialogue->cause);
    dialogue->cause = g_strdup_vprintf(format, args);
    va_end(args);
    dialogue->trouble = trouble;
    return RTSP_FAILED;
}

/* ---- asking ---- */

static void ask(RtspDialogue *dialogue, ByteWriter *out, RtspMethod method, const char *url,
                const char *name, const char *value)
{
    g_autofree char *cnonce = secret_token(12);
    g_autofree char *authorization =
        dialogue->user && !dialogue->abroad
            ? rtsp_auth_answer(&dialogue->auth, dialogue->user, dialogue->password,
                               rtsp_method_text(method), url, cnonce)
            : NULL;
    dialogue->signed_in = authorization != NULL;
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
    dialogue->channel[track] = (uint8_t)(track * 2);
    g_snprintf(transport, sizeof transport, "RTP/AVP/TCP;unicast;interleaved=%u-%u",
               dialogue->channel[track], dialogue->channel[track] + 1u);
    ask(dialogue, out, RTSP_SETUP, dialogue->control_url[track], "Transport", transport);
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
            ask(dialogue, out, RTSP_PLAY, dialogue->base_url, NULL, NULL);
        else
            ask(dialogue, out, RTSP_PLAY, dialogue->base_url, "Range", "npt=0.000-");
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
    dialogue->new_nonces = 0;
    return ask_step(dialogue, out);
}

void rtsp_dialogue_begin(RtspDialogue *dialogue, const char *address, ByteWriter *out)
{
    if (!dialogue->home_address)
        dialogue->home_address = g_strdup(address);
    g_clear_pointer(&dialogue->session, g_free);
    g_clear_pointer(&dialogue->latest_session, g_free);
    dialogue->auth = (RtspAuth){0};
    dialogue->accepted = false;
    next_step(dialogue, STEP_OPTIONS, out);
}

void rtsp_dialogue_keepalive(RtspDialogue *dialogue, ByteWriter *out)
{
    ask(dialogue, out, dialogue->keepalive, dialogue->base_url, NULL, NULL);
}

void rtsp_dialogue_teardown(RtspDialogue *dialogue, ByteWriter *out)
{
    if (dialogue->session)
        ask(dialogue, out, RTSP_TEARDOWN, dialogue->base_url, NULL, NULL);
}

/* ---- answers ---- */

static void printable(char *text, size_t room, RtspText from)
{
    size_t used = 0;
    for (size_t i = 0; i < from.size && used + 1 < room; i++)
        if (g_ascii_isprint(from.data[i]))
            text[used++] = from.data[i];
    text[used] = '\0';
}

static void take_media(RtspDialogue *dialogue, Track track, const SdpMedia *media)
{
    dialogue->media[track] = media;
    g_free(dialogue->control_url[track]);
    dialogue->control_url[track] = rtsp_url_join(dialogue->base_url, media->control);
}

/* Controls are joined to the base without the session's own control, as cameras expect it. */
static void take_urls(RtspDialogue *dialogue, const RtspItem *answer)
{
    RtspText told = rtsp_header(answer, "Content-Base");
    if (!told.data)
        told = rtsp_header(answer, "Content-Location");
    g_autofree char *text = told.data ? rtsp_text_dup(told) : NULL;
    g_free(dialogue->base_url);
    dialogue->base_url = rtsp_url_base(text, dialogue->request_url);
}

static RtspDialogueOutcome on_described(RtspDialogue *dialogue, const RtspItem *answer,
                                        ByteWriter *out)
{
    g_clear_pointer(&dialogue->sdp, sdp_free);
    memset(dialogue->media, 0, sizeof dialogue->media);
    dialogue->sdp = sdp_parse(answer->data, answer->size);
    const SdpMedia *video = dialogue->sdp ? sdp_choose(dialogue->sdp, SDP_VIDEO) : NULL;
    if (!video)
        return fail(dialogue, TROUBLE_NO_VIDEO,
                    "the camera offers no video at this address; check the path after the host");
    if (video->codec == CODEC_NONE)
        return fail(dialogue, TROUBLE_CODEC_UNKNOWN,
                    "the camera sends %s; set it to H.264 or H.265 in the camera's own settings",
                    video->encoding);
    take_urls(dialogue, answer);
    take_media(dialogue, TRACK_VIDEO, video);
    const SdpMedia *audio = sdp_choose(dialogue->sdp, SDP_AUDIO);
    if (audio && audio->codec != CODEC_NONE && dialogue->want_audio)
        take_media(dialogue, TRACK_AUDIO, audio);
    g_autofree char *aggregate = rtsp_url_join(dialogue->base_url, dialogue->sdp->control);
    g_free(dialogue->base_url);
    dialogue->base_url = g_steal_pointer(&aggregate);
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

/* The camera's word on the channels counts, not what was asked (CAMERAS.md S12). */
static void take_channels(RtspDialogue *dialogue, const RtspItem *answer, Track track)
{
    RtspTransport transport;
    if (rtsp_transport_parse(rtsp_header(answer, "Transport"), &transport) &&
        transport.rtp_channel >= 0)
        dialogue->channel[track] = (uint8_t)MIN(transport.rtp_channel, 254);
}

static RtspDialogueOutcome on_success(RtspDialogue *dialogue, const RtspItem *answer,
                                      ByteWriter *out)
{
    RtspText server = rtsp_header(answer, "Server");
    if (server.data)
        printable(dialogue->server, sizeof dialogue->server, server);
    dialogue->accepted |= dialogue->signed_in;
    switch (dialogue->step) {
    case STEP_OPTIONS:
        if (rtsp_public_parse(rtsp_header(answer, "Public")) & RTSP_GET_PARAMETER)
            dialogue->keepalive = RTSP_GET_PARAMETER;
        return next_step(dialogue, STEP_DESCRIBE, out);
    case STEP_DESCRIBE:
        return on_described(dialogue, answer, out);
    case STEP_VIDEO:
        take_session(dialogue, answer);
        take_channels(dialogue, answer, TRACK_VIDEO);
        return next_step(dialogue, dialogue->media[TRACK_AUDIO] ? STEP_AUDIO : STEP_PLAY, out);
    case STEP_AUDIO:
        take_session(dialogue, answer);
        take_channels(dialogue, answer, TRACK_AUDIO);
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
    bool was_signed_in = dialogue->signed_in;
    g_autofree char *nonce = g_strdup(dialogue->auth.nonce);
    if (!rtsp_auth_choose(answer, &dialogue->auth))
        return fail(dialogue, TROUBLE_PROTOCOL,
                    "the camera asks for a kind of sign-in that is not known");
    if (!dialogue->user)
        return fail(dialogue, TROUBLE_WRONG_PASSWORD,
                    "the camera asks for a user and a password; none is set");
    if (dialogue->abroad)
        return fail(dialogue, TROUBLE_SENT_ON,
                    "the camera sends us on to %s, which asks for a password; the stored one is "
                    "not sent there: if this is right, set that address and give its password",
                    dialogue->request_url);
    /* Some give out nonces for one request, and do not say that the old one is stale. */
    bool stale =
        dialogue->auth.stale || (dialogue->accepted && strcmp(nonce, dialogue->auth.nonce) != 0);
    if (!was_signed_in || (stale && dialogue->new_nonces++ == 0))
        return ask_step(dialogue, out);
    return fail(dialogue, TROUBLE_WRONG_PASSWORD,
                "wrong user or password (%s refused); check them in the camera's own settings",
                rtsp_auth_text(dialogue->auth.kind));
}

static RtspDialogueOutcome on_redirect(RtspDialogue *dialogue, const RtspItem *answer)
{
    RtspText text = rtsp_header(answer, "Location");
    g_autofree char *location = text.data ? rtsp_text_dup(text) : NULL;
    g_autoptr(RtspUrl) url = location ? rtsp_url_parse(location, NULL) : NULL;
    if (!url || url->tls || ++dialogue->redirects > REDIRECTS_MAX)
        return fail(dialogue, TROUBLE_PROTOCOL,
                    "the camera sends us on to an address that cannot be used");
    rtsp_url_free(dialogue->url);
    dialogue->url = g_steal_pointer(&url);
    g_free(dialogue->request_url);
    dialogue->request_url = rtsp_url_text(dialogue->url);
    dialogue->abroad =
        !redirect_keeps_password(dialogue->home, dialogue->home_address, dialogue->url);
    return RTSP_MOVED;
}

static RtspDialogueOutcome on_refusal(RtspDialogue *dialogue, const RtspItem *answer)
{
    char reason[60];
    switch (answer->status) {
    case 404:
        return fail(dialogue, TROUBLE_NOT_FOUND,
                    "the camera knows no stream at this address (404); check the path after the "
                    "host");
    case 453:
        return fail(dialogue, TROUBLE_TOO_MANY_SESSIONS,
                    "the camera serves too many viewers already (453); end others or raise its "
                    "limit");
    case 461:
        return fail(dialogue, TROUBLE_PROTOCOL,
                    "the camera does not send its pictures through the RTSP connection (461); "
                    "switch RTP over TCP on in it");
    case 503:
        return fail(dialogue, TROUBLE_BUSY, "the camera is busy (503); it will be tried again");
    default:
        printable(reason, sizeof reason, answer->reason);
        return fail(dialogue, TROUBLE_PROTOCOL, "the camera refused to play: %d %s", answer->status,
                    reason);
    }
}

/* What can be done without goes on; the rest is a refusal. */
static RtspDialogueOutcome on_error(RtspDialogue *dialogue, const RtspItem *answer, ByteWriter *out)
{
    if (dialogue->step == STEP_OPTIONS) /* not all know it; DESCRIBE tells more */
        return next_step(dialogue, STEP_DESCRIBE, out);
    if (dialogue->step == STEP_AUDIO) { /* audio trouble never stops video */
        dialogue->media[TRACK_AUDIO] = NULL;
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
    return on_refusal(dialogue, answer);
}

/* A bad answer to a keep-alive ends nothing. The other method is used from then on, and tried at
 * once when that has not been tried before; a new nonce is signed with at once (S7, S9). */
static void on_kept_alive(RtspDialogue *dialogue, const RtspItem *answer)
{
    if (answer->status == 401) {
        dialogue->keepalive_urgent |= rtsp_auth_choose(answer, &dialogue->auth);
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

/* ---- life and facts ---- */

RtspDialogue *rtsp_dialogue_new(const RtspUrl *url, const char *user, const char *password,
                                bool audio)
{
    RtspDialogue *dialogue = g_new0(RtspDialogue, 1);
    dialogue->home = rtsp_url_copy(url);
    dialogue->url = rtsp_url_copy(url);
    dialogue->request_url = rtsp_url_text(url);
    dialogue->user = g_strdup(user);
    dialogue->password = g_strdup(password ? password : "");
    dialogue->want_audio = audio;
    dialogue->timeout_s = SESSION_TIMEOUT_S;
    dialogue->keepalive = RTSP_OPTIONS;
    return dialogue;
}

void rtsp_dialogue_free(RtspDialogue *dialogue)
{
    if (!dialogue)
        return;
    rtsp_url_free(dialogue->home);
    g_free(dialogue->home_address);
    rtsp_url_free(dialogue->url);
    g_free(dialogue->request_url);
    g_free(dialogue->base_url);
    g_free(dialogue->user);
    secret_free(dialogue->password);
    g_free(dialogue->session);
    g_free(dialogue->latest_session);
    for (Track track = TRACK_VIDEO; track < TRACKS; track++)
        g_free(dialogue->control_url[track]);
    sdp_free(dialogue->sdp);
    g_free(dialogue->cause);
    g_free(dialogue);
}

const RtspUrl *rtsp_dialogue_url(const RtspDialogue *dialogue)
{
    return dialogue->url;
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

const char *rtsp_dialogue_server(const RtspDialogue *dialogue)
{
    return dialogue->server;
}

const SdpMedia *rtsp_dialogue_media(const RtspDialogue *dialogue, Track track, uint8_t *channel)
{
    *channel = dialogue->channel[track];
    return dialogue->media[track];
}
