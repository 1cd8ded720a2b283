#include "camera/rtsp_client.h"

#include "base/clock.h"
#include "camera/batch.h"
#include "camera/dial.h"
#include "camera/rtsp_dialogue.h"
#include "camera/rtsp_media.h"
#include "camera/wire.h"

#include <errno.h>
#include <netdb.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

enum {
    ANSWER_WITHIN_US = 6 * 1000 * 1000,
    REPORT_EVERY_US = 5 * 1000 * 1000,
    WAITING_MAX = 64 * 1024,           /* bytes that a socket does not take: the camera is gone */
    GARBAGE_ASKING_MAX = 64 * 1024,    /* bytes of no item before PLAY is answered */
    GARBAGE_PLAYING_MAX = 1024 * 1024, /* and between two pictures */
};

struct RtspClient {
    Ingest *ingest;
    RtspDialogue *dialogue;
    RtspClientEvents events;
    void *data;

    const Hub *hub;
    Dial *dial;
    Wire *wire;
    char *accepted;               /* fingerprint of the certificate, or NULL */
    char fingerprint[SHA256_HEX]; /* of the certificate shown */
    Batch *batch;                 /* while playing */
    LoopFd *watch;
    LoopTimer *timer; /* an answer is late, or keep-alive and report are due */
    ByteWriter out;   /* what the socket did not take yet */
    ByteWriter kept;  /* the beginning of an item that has not come whole */
    RtspFraming framing;
    int64_t keepalive_at_us, report_at_us;

    RtspMedia *media;
    bool udp;           /* to begin with */
    int64_t arrival_us; /* of the bytes being parsed */
    uint64_t bytes;
    size_t garbage; /* bytes that were no item since PLAY was answered, or the newest picture */
    bool ended;
};

static void end(RtspClient *client, CameraTrouble trouble, const char *format, ...)
    G_GNUC_PRINTF(3, 4);
static bool flush_out(RtspClient *client);
static void receive(void *data);

static void hang_up(RtspClient *client)
{
    if (client->wire && client->ended) { /* an open session blocks some cameras (CAMERAS.md S15) */
        rtsp_dialogue_teardown(client->dialogue, &client->out);
        flush_out(client);
    }
    g_clear_pointer(&client->dial, dial_cancel);
    g_clear_pointer(&client->batch, batch_free);
    g_clear_pointer(&client->watch, loop_fd_remove);
    if (client->wire)
        g_strlcpy(client->fingerprint, wire_fingerprint(client->wire), sizeof client->fingerprint);
    g_clear_pointer(&client->wire, wire_free);
    loop_timer_set(client->timer, 0);
}

static void end(RtspClient *client, CameraTrouble trouble, const char *format, ...)
{
    if (client->ended)
        return;
    rtsp_media_flush(client->media);
    client->ended = true;
    va_list args;
    va_start(args, format);
    g_autofree char *cause = g_strdup_vprintf(format, args);
    va_end(args);
    hang_up(client);
    client->events.ended(client->data, trouble, cause);
}

/* ---- sending ---- */

static void on_broken(RtspClient *client, int trouble)
{
    const char *cause;
    CameraTrouble told = wire_trouble(client->wire, &cause);
    if (told != TROUBLE_NONE)
        end(client, told, "%s", cause);
    else
        end(client, TROUBLE_CLOSED, "the connection broke (%s)", g_strerror(trouble));
}

/* What the wire waits for. */
static uint32_t wanted_events(const RtspClient *client)
{
    bool has_more = client->out.size > 0 && !wire_shakes_hands(client->wire);
    return EPOLLIN | (has_more || wire_wants_out(client->wire) ? (uint32_t)EPOLLOUT : 0);
}

/* Returns false when the connection is over. */
static bool flush_out(RtspClient *client)
{
    while (client->out.size > 0) {
        ssize_t part = wire_write(client->wire, client->out.data, client->out.size);
        if (part < 0 && (errno == EAGAIN || errno == EINTR))
            break;
        if (part < 0) {
            on_broken(client, errno);
            return false;
        }
        client->out.size -= (size_t)part;
        memmove(client->out.data, client->out.data + part, client->out.size);
    }
    if (client->out.size > WAITING_MAX) {
        end(client, TROUBLE_CLOSED, "the camera takes no more data");
        return false;
    }
    loop_fd_events(client->watch, wanted_events(client));
    return true;
}

static void keep_alive(RtspClient *client)
{
    int64_t now = clock_mono_us();
    if (rtsp_dialogue_keepalive_urgent(client->dialogue))
        client->keepalive_at_us = now;
    if (now >= client->report_at_us) {
        client->report_at_us = now + REPORT_EVERY_US;
        rtsp_media_report(client->media, &client->out);
    }
    if (now >= client->keepalive_at_us) {
        client->keepalive_at_us = now + rtsp_dialogue_keepalive_us(client->dialogue);
        rtsp_dialogue_keepalive(client->dialogue, &client->out);
    }
    if (flush_out(client))
        loop_timer_set(client->timer, MIN(client->report_at_us, client->keepalive_at_us));
}

static const char SENDS_GARBAGE[] = "what the camera sends cannot be understood; restart it, and "
                                    "look for newer firmware";

static void timer_fired(void *data)
{
    RtspClient *client = data;
    const RtspUrl *url = rtsp_dialogue_url(client->dialogue);
    if (rtsp_dialogue_playing(client->dialogue))
        keep_alive(client);
    else if (client->garbage)
        end(client, TROUBLE_PROTOCOL, "%s", SENDS_GARBAGE);
    else if (wire_shakes_hands(client->wire))
        end(client, TROUBLE_NOT_RTSP,
            "something listens at %s port %u, but it does not answer TLS; check the port, or use "
            "an rtsp:// address",
            url->host, url->port);
    else if (rtsp_dialogue_heard(client->dialogue))
        end(client, TROUBLE_TIMEOUT, "the camera stopped answering in the middle of RTSP");
    else
        end(client, TROUBLE_NOT_RTSP,
            "something listens at %s port %u, but it does not answer RTSP; check the port",
            url->host, url->port);
}

/* ---- answers ---- */

static void track_frame(void *data, Track track, const DepayFrame *frame, CodecParams *params,
                        int64_t arrival_us)
{
    RtspClient *client = data;
    if (track == TRACK_VIDEO)
        client->garbage = 0;
    client->events.frame(client->data, track, frame, params, arrival_us);
}

static void track_restarted(void *data, Track track)
{
    RtspClient *client = data;
    client->events.restarted(client->data, track);
}

static void udp_read(void *data)
{
    RtspClient *client = data;
    client->bytes += rtsp_media_read(client->media);
    if (client->batch)
        batch_was_read(client->batch);
}

static bool udp_wait(void *data, bool coarse)
{
    RtspClient *client = data;
    return rtsp_media_wait(client->media, coarse);
}

/* Ports of our own for the tracks. False, and over, when there are none. */
static bool open_udp(RtspClient *client)
{
    uint16_t ports[TRACKS];
    if (rtsp_media_open_udp(client->media, wire_fd(client->wire), ports)) {
        rtsp_dialogue_use_udp(client->dialogue, ports);
        return true;
    }
    end(client, TROUBLE_TRANSPORT, "no pair of UDP ports is free on this server");
    return false;
}

static void on_playing(RtspClient *client)
{
    rtsp_media_begin(client->media, client->dialogue, &client->framing);
    client->garbage = 0;
    client->batch =
        rtsp_media_udp(client->media)
            ? batch_new_timed(client->ingest, client->hub, udp_wait, udp_read, client)
            : batch_new(client->ingest, wire_fd(client->wire), client->hub, receive, client);
    client->report_at_us = clock_mono_us() + REPORT_EVERY_US;
    client->keepalive_at_us = clock_mono_us() + rtsp_dialogue_keepalive_us(client->dialogue);
    loop_timer_set(client->timer, MIN(client->report_at_us, client->keepalive_at_us));
    client->events.playing(client->data);
}

static void dial_now(RtspClient *client);

/* Returns false when the connection is no more to be read. */
static bool on_answer(RtspClient *client, const RtspItem *item)
{
    const char *cause;
    CameraTrouble trouble;
    switch (rtsp_dialogue_answer(client->dialogue, item, &client->out)) {
    case RTSP_WANTS_UDP:
        if (!open_udp(client))
            return false;
        rtsp_dialogue_describe(client->dialogue, &client->out);
        return flush_out(client);
    case RTSP_GOES_ON:
        rtsp_media_expect(client->media, client->dialogue);
        if (!rtsp_dialogue_playing(client->dialogue) && client->out.size)
            loop_timer_set(client->timer, clock_mono_us() + ANSWER_WITHIN_US);
        return flush_out(client);
    case RTSP_PLAYS:
        on_playing(client);
        return true;
    case RTSP_MOVED:
        hang_up(client);
        rtsp_media_close_udp(client->media);
        rtsp_dialogue_use_udp(client->dialogue, NULL);
        byte_writer_clear(&client->out);
        byte_writer_clear(&client->kept);
        client->framing = (RtspFraming){0};
        dial_now(client);
        return false;
    case RTSP_FAILED:
        trouble = rtsp_dialogue_trouble(client->dialogue, &cause);
        end(client, trouble, "%s", cause);
        return false;
    }
    return false;
}

/* ---- receiving ---- */

/* Framing was lost; what follows may make sense again (S15), but not for ever. */
static bool on_garbage(RtspClient *client, size_t bytes)
{
    client->garbage += bytes;
    bool playing = rtsp_dialogue_playing(client->dialogue);
    if (rtsp_dialogue_heard(client->dialogue)) {
        if (client->garbage <= (playing ? GARBAGE_PLAYING_MAX : GARBAGE_ASKING_MAX))
            return true;
        end(client, TROUBLE_PROTOCOL, "%s", SENDS_GARBAGE);
        return false;
    }
    const RtspUrl *url = rtsp_dialogue_url(client->dialogue);
    end(client, TROUBLE_NOT_RTSP, "what listens at %s port %u does not speak RTSP; check the port",
        url->host, url->port);
    return false;
}

/* Returns false when the connection is no more to be read. */
static bool on_item(RtspClient *client, const RtspItem *item)
{
    switch (item->kind) {
    case RTSP_FRAME:
        rtsp_media_frame(client->media, item, client->arrival_us);
        return true;
    case RTSP_RESPONSE:
        return on_answer(client, item);
    case RTSP_REQUEST:
        rtsp_response_write(&client->out, 200, "OK", rtsp_cseq(item));
        return flush_out(client);
    case RTSP_GARBAGE:
        return on_garbage(client, item->consumed);
    case RTSP_NEED_MORE:
        break;
    }
    return true;
}

/* Parses what stands in the ingest's buffer; what has not come whole is kept for the next time. */
static void parse(RtspClient *client, size_t size)
{
    const uint8_t *at = client->ingest->buffer;
    RtspItem item;
    RtspItemKind kind;
    do {
        kind = rtsp_next(&client->framing, at, size, &item);
        if (kind != RTSP_NEED_MORE && !on_item(client, &item))
            return;
        at += item.consumed;
        size -= item.consumed;
    } while (kind != RTSP_NEED_MORE);
    byte_writer_clear(&client->kept);
    write_bytes(&client->kept, at, size);
}

static void on_hang_up(RtspClient *client, int trouble)
{
    const RtspUrl *url = rtsp_dialogue_url(client->dialogue);
    if (trouble == EPROTO)
        on_broken(client, trouble);
    else if (!rtsp_dialogue_heard(client->dialogue))
        end(client, TROUBLE_NOT_RTSP,
            "%s port %u hung up without an answer; check the port, and that it is RTSP%s",
            url->host, url->port, url->tls ? " over TLS" : "");
    else
        end(client, TROUBLE_CLOSED, "the camera ended the connection%s%s", trouble ? ": " : "",
            trouble ? g_strerror(trouble) : "");
}

static void receive(void *data)
{
    RtspClient *client = data;
    uint8_t *buffer = client->ingest->buffer;
    size_t kept = client->kept.size;
    if (kept)
        memcpy(buffer, client->kept.data, kept);
    ssize_t got = wire_read(client->wire, buffer + kept, INGEST_BUFFER_BYTES - kept);
    int trouble = got < 0 ? errno : 0;
    if (client->batch && !rtsp_media_udp(client->media))
        batch_was_read(client->batch); /* before parsing: single arrivals then time late sound */
    if (trouble == EAGAIN || trouble == EINTR)
        return;
    if (got <= 0) {
        on_hang_up(client, trouble);
        return;
    }
    client->bytes += (uint64_t)got;
    client->arrival_us = wire_arrival_us(client->wire);
    parse(client, kept + (size_t)got);
}

static void socket_ready(void *data, uint32_t events)
{
    RtspClient *client = data;
    bool shaking = wire_shakes_hands(client->wire);
    if ((events & EPOLLOUT) && !flush_out(client))
        return;
    if (events & (EPOLLIN | EPOLLHUP | EPOLLERR))
        receive(client);
    if (shaking && client->wire) /* what waited for the handshake */
        flush_out(client);
}

/* ---- life ---- */

static void connected(void *data, int fd, CameraTrouble trouble, const char *cause)
{
    RtspClient *client = data;
    client->dial = NULL;
    if (fd < 0) {
        end(client, trouble, "%s", cause);
        return;
    }
    const RtspUrl *url = rtsp_dialogue_url(client->dialogue);
    client->wire = url->tls
                       ? wire_new_tls(fd, ingest_tls(client->ingest), url->host, client->accepted)
                       : wire_new(fd);
    client->watch = loop_fd_add(client->ingest->loop, fd, EPOLLIN, socket_ready, client);
    char address[NI_MAXHOST];
    wire_peer(client->wire, address);
    if (client->udp && !url->tls && !open_udp(client))
        return;
    rtsp_dialogue_begin(client->dialogue, address, &client->out);
    loop_timer_set(client->timer, clock_mono_us() + ANSWER_WITHIN_US);
    flush_out(client);
}

static void dial_now(RtspClient *client)
{
    const RtspUrl *url = rtsp_dialogue_url(client->dialogue);
    client->dial = dial_start(client->ingest->loop, client->ingest->names, url->host, url->port,
                              ANSWER_WITHIN_US, connected, client);
}

RtspClient *rtsp_client_new(Ingest *ingest, const RtspWish *wish, const Hub *hub,
                            const RtspClientEvents *events, void *data)
{
    static const RtpTrackEvents track_events = {track_frame, track_restarted};
    RtspClient *client = g_new0(RtspClient, 1);
    *client = (RtspClient){
        .ingest = ingest,
        .dialogue =
            rtsp_dialogue_new(wish->url, wish->user, wish->password, wish->audio, wish->may_udp),
        .udp = wish->udp,
        .accepted = g_strdup(wish->fingerprint),
        .events = *events,
        .data = data,
        .hub = hub,
    };
    client->timer = loop_timer_new(ingest->loop, timer_fired, client);
    client->media = rtsp_media_new(ingest, &track_events, udp_read, client);
    dial_now(client);
    return client;
}

void rtsp_client_read_at_once(RtspClient *client, bool at_once)
{
    if (client->batch)
        batch_at_once(client->batch, at_once);
}

void rtsp_client_drain(RtspClient *client)
{
    if (client->batch && !client->ended)
        receive(client);
    if (!client->ended && rtsp_media_udp(client->media))
        udp_read(client);
    if (!client->ended)
        rtsp_media_flush(client->media);
}

void rtsp_client_free(RtspClient *client)
{
    if (!client)
        return;
    client->ended = true; /* no callback from here on */
    hang_up(client);
    loop_timer_free(client->timer);
    rtsp_media_free(client->media);
    rtsp_dialogue_free(client->dialogue);
    g_free(client->accepted);
    byte_writer_free(&client->out);
    byte_writer_free(&client->kept);
    g_free(client);
}

Codec rtsp_client_audio(const RtspClient *client, int *rate_hz)
{
    return rtsp_dialogue_sound(client->dialogue, rate_hz);
}

SoundTrouble rtsp_client_sound_trouble(const RtspClient *client, const char **codec)
{
    return rtsp_dialogue_sound_trouble(client->dialogue, codec);
}

const RtpTrack *rtsp_client_video(const RtspClient *client)
{
    return rtsp_media_track(client->media, TRACK_VIDEO);
}

char *rtsp_client_unread(const RtspClient *client)
{
    return client->garbage > 0 ? g_strdup(SENDS_GARBAGE)
                               : rtp_track_other_type(rtsp_client_video(client));
}

uint64_t rtsp_client_bytes(const RtspClient *client)
{
    return client->bytes;
}

unsigned rtsp_client_notes(const RtspClient *client)
{
    return rtsp_media_notes(client->media);
}

const char *rtsp_client_server(const RtspClient *client)
{
    return rtsp_dialogue_server(client->dialogue);
}

const char *rtsp_client_fingerprint(const RtspClient *client)
{
    return client->wire ? wire_fingerprint(client->wire) : client->fingerprint;
}

bool rtsp_client_silent(const RtspClient *client)
{
    return rtsp_media_silent(client->media);
}

const char *rtsp_client_transport(const RtspClient *client)
{
    return rtsp_media_udp(client->media)              ? "udp"
           : rtsp_dialogue_url(client->dialogue)->tls ? "tls"
                                                      : "tcp";
}
