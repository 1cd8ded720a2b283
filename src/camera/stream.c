#include "camera/stream.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/secret.h"
#include "camera/assembler.h"
#include "camera/key_seen.h"
#include "camera/rtsp_client.h"
#include "camera/rtsp_refusal.h"
#include "media/rtsp_url.h"

#include <pthread.h>
#include <sodium.h>
#include <string.h>

enum {
    STALL_US = 5 * 1000 * 1000,
    SILENT_US = 3 * 1000 * 1000, /* by UDP, without a single packet */
    FIRST_RETRY_US = 250 * 1000,
    MOST_RETRY_US = 2500 * 1000,          /* a camera that is back is connected within 5 s */
    PASSWORD_RETRY_US = 30 * 1000 * 1000, /* cameras lock out who guesses */
    BUSY_RETRY_US = 10 * 1000 * 1000,
    REFUSALS_EXCUSED = 2,         /* few enough for cameras that lock out whoever guesses */
    STEADY_US = 10 * 1000 * 1000, /* a session that held this long starts the back-off anew */
    RATE_WINDOW_US = 2 * 1000 * 1000,
};

struct Stream {
    Ingest *ingest;
    Uuid camera;
    StreamKind kind;
    CamerasWatch watch;
    void *watch_data;
    Hub *hub;
    Assembler *assembler;
    HostPlace *place; /* among the streams of its host */

    StreamSettings *settings;
    RtspClient *client;
    LoopTimer *timer; /* next try, or time to look for a stall */
    bool over;        /* the client has ended and waits to be freed */
    bool has_run;     /* with these settings */
    bool udp;         /* it came by UDP last: to be asked so first, when the choice is ours */
    unsigned failures;
    unsigned refusals;                 /* of the password, since it was taken last */
    int64_t started_us, last_frame_us; /* monotonic */
    GapCause outage;                   /* cause of the gap that goes on */

    int64_t window_us, window_pictures; /* of the rates shown */
    uint64_t window_bytes;
    int64_t last_key_us;
    KeySeen key_seen; /* in this session */

    pthread_mutex_t lock;
    StreamStatus status; /* guarded by lock */
};

/* ---- settings ---- */

StreamSettings *stream_settings_new(const CameraSource *source, StreamKind kind)
{
    StreamSettings *settings = g_new(StreamSettings, 1);
    *settings = (StreamSettings){
        .url = g_strdup(source->url[kind]),
        .user = source->user && *source->user ? g_strdup(source->user) : NULL,
        .password = g_strdup(source->password),
        .fingerprint = g_strdup(source->fingerprint),
        .transport = source->transport,
        .audio = source->audio,
        .connections = source->connections,
        .paused = source->paused,
    };
    return settings;
}

bool stream_settings_equal(const StreamSettings *a, const StreamSettings *b)
{
    return a && b && g_strcmp0(a->url, b->url) == 0 && g_strcmp0(a->user, b->user) == 0 &&
           g_strcmp0(a->password, b->password) == 0 &&
           g_strcmp0(a->fingerprint, b->fingerprint) == 0 && a->transport == b->transport &&
           a->audio == b->audio && a->connections == b->connections && a->paused == b->paused;
}

void stream_settings_free(StreamSettings *settings)
{
    if (!settings)
        return;
    g_free(settings->url);
    g_free(settings->user);
    secret_free(settings->password);
    g_free(settings->fingerprint);
    g_free(settings);
}

/* ---- state ---- */

static void enter(Stream *stream, CameraState state, CameraTrouble trouble, const char *cause)
{
    pthread_mutex_lock(&stream->lock);
    StreamStatus *status = &stream->status;
    bool was_running = status->state == CAMERA_RUNNING, was_paused = status->state == CAMERA_PAUSED;
    if (was_running != (state == CAMERA_RUNNING) || was_paused != (state == CAMERA_PAUSED) ||
        !status->since_us)
        status->since_us = clock_now_us();
    bool changed = status->state != state || status->trouble != trouble;
    status->state = state;
    status->trouble = trouble;
    g_strlcpy(status->cause, cause, sizeof status->cause);
    StreamStatus copy = *status;
    pthread_mutex_unlock(&stream->lock);
    if (!changed)
        return;
    char id[UUID_TEXT];
    uuid_text(&stream->camera, id);
    if (state == CAMERA_RUNNING)
        log_info("camera.running", "camera=%s stream=%s", id, stream_kind_text(stream->kind));
    else if (state == CAMERA_WAITING || state == CAMERA_STALLED)
        log_warning("camera.lost", "camera=%s stream=%s trouble=%s cause=\"%s\"", id,
                    stream_kind_text(stream->kind), camera_trouble_text(trouble), cause);
    stream->watch(stream->watch_data, stream->camera, stream->kind, &copy);
}

/* What went wrong stays to be read while the next try is under way. */
static void enter_connecting(Stream *stream)
{
    char cause[sizeof stream->status.cause];
    pthread_mutex_lock(&stream->lock);
    CameraTrouble trouble = stream->status.trouble;
    g_strlcpy(cause, stream->status.cause, sizeof cause);
    pthread_mutex_unlock(&stream->lock);
    enter(stream, CAMERA_CONNECTING, trouble == TROUBLE_PAUSED ? TROUBLE_NONE : trouble,
          trouble == TROUBLE_PAUSED ? "" : cause);
}

/* The first cause of an outage is the true one; what follows are its echoes. But a camera that
 * cannot be reached after the server's start is not the server's fault. */
static void note_outage(Stream *stream, CameraTrouble trouble)
{
    if (stream->outage == GAP_UNKNOWN || stream->outage == GAP_SERVER_DOWN)
        stream->outage = camera_trouble_gap(trouble);
    hub_tell_outage(stream->hub, stream->outage);
}

/* A camera that starts anew takes connections before it can answer, and passwords before it knows
 * its users. */
static bool is_starting(Stream *stream, CameraTrouble trouble)
{
    if (!stream->has_run)
        return false;
    return trouble == TROUBLE_NOT_RTSP ||
           (trouble == TROUBLE_WRONG_PASSWORD && stream->refusals++ < REFUSALS_EXCUSED);
}

static int64_t retry_after_us(Stream *stream, CameraTrouble trouble)
{
    int64_t delay = MIN((int64_t)FIRST_RETRY_US << MIN(stream->failures, 8), MOST_RETRY_US);
    if (trouble == TROUBLE_WRONG_PASSWORD || trouble == TROUBLE_SENT_ON)
        delay = PASSWORD_RETRY_US;
    else if (trouble == TROUBLE_TOO_MANY_SESSIONS || trouble == TROUBLE_BUSY)
        delay = BUSY_RETRY_US;
    /* up to a quarter less, so that cameras lost together do not come back together */
    return delay - (int64_t)randombytes_uniform((uint32_t)(delay / 4) + 1);
}

/* The client cannot be freed within its own callback: the timer does it. */
static void lose(Stream *stream, CameraState state, CameraTrouble trouble, const char *cause)
{
    int64_t now = clock_mono_us();
    if (stream->last_frame_us - stream->started_us > STEADY_US)
        stream->failures = 0;
    if (is_starting(stream, trouble)) {
        trouble = TROUBLE_CLOSED;
        cause = "the camera was reached but does not answer as before; it may be starting anew";
    }
    note_outage(stream, trouble);
    stream->over = true;
    host_place_leave(stream->place, trouble == TROUBLE_TOO_MANY_SESSIONS || trouble == TROUBLE_BUSY
                                        ? HOST_END_REFUSED
                                    : trouble == TROUBLE_TIMEOUT ? HOST_END_SLOW
                                                                 : HOST_END_OTHER);
    pthread_mutex_lock(&stream->lock);
    stream->status.reconnects++;
    pthread_mutex_unlock(&stream->lock);
    enter(stream, state, trouble, cause);
    loop_timer_set(stream->timer, now + retry_after_us(stream, trouble));
    stream->failures++;
}

/* ---- what the client tells ---- */

static void on_playing(void *data)
{
    Stream *stream = data;
    stream->last_frame_us = clock_mono_us();
    host_place_playing(stream->place);
    loop_timer_set(stream->timer, stream->last_frame_us +
                                      (rtsp_client_silent(stream->client) ? SILENT_US : STALL_US));
}

static void describe(Stream *stream, const AccessUnit *unit)
{
    StreamStatus *status = &stream->status;
    status->codec = unit->params->codec;
    status->width = unit->params->width;
    status->height = unit->params->height;
    g_strlcpy(status->rfc6381, unit->params->rfc6381, sizeof status->rfc6381);
    const char *sound;
    status->transport = rtsp_client_transport(stream->client);
    stream->udp = g_str_equal(status->transport, "udp");
    status->audio = rtsp_client_audio(stream->client, NULL);
    status->sound_trouble = rtsp_client_sound_trouble(stream->client, &sound);
    rtsp_printable(status->sound_codec, sizeof status->sound_codec,
                   (RtspText){sound, strlen(sound)});
    status->notes = rtsp_client_notes(stream->client);
    if (stream->last_key_us)
        status->key_interval_ms = (unit->capture_us - stream->last_key_us) / 1000;
    stream->last_key_us = unit->capture_us;
}

static void measure(Stream *stream, int64_t now)
{
    stream->window_pictures++;
    int64_t passed = now - stream->window_us;
    if (passed < RATE_WINDOW_US)
        return;
    uint64_t bytes = rtsp_client_bytes(stream->client);
    if (stream->window_us) {
        stream->status.fps = (double)stream->window_pictures * SECOND_US / (double)passed;
        stream->status.bitrate_bps =
            (int64_t)((double)(bytes - stream->window_bytes) * 8 * SECOND_US / (double)passed);
    }
    stream->window_us = now;
    stream->window_bytes = bytes;
    stream->window_pictures = 0;
}

/* `unit` is in the hub. */
static void note_picture(Stream *stream, const AccessUnit *unit)
{
    pthread_mutex_lock(&stream->lock);
    bool running = stream->status.state == CAMERA_RUNNING;
    stream->status.last_picture_us = unit->capture_us;
    stream->status.pictures++;
    stream->status.lost_packets = rtp_track_lost(rtsp_client_video(stream->client));
    if (unit->key || !running)
        describe(stream, unit);
    measure(stream, stream->last_frame_us);
    pthread_mutex_unlock(&stream->lock);
    if (!running) {
        stream->has_run = true;
        stream->refusals = 0;
        stream->outage = GAP_UNKNOWN;
        hub_tell_outage(stream->hub, GAP_UNKNOWN);
        enter(stream, CAMERA_RUNNING, TROUBLE_NONE, "");
    }
}

/* What its last session has given and that waits for its times yet: before the client is freed. */
static void end_session(Stream *stream)
{
    const AccessUnit *unit = assembler_end(stream->assembler);
    if (unit)
        note_picture(stream, unit);
}

static void on_frame(void *data, Track track, const DepayFrame *frame, CodecParams *params,
                     int64_t arrival_us)
{
    Stream *stream = data;
    if (params) /* as if it had come by itself: what it was joined with came later */
        arrival_us -= (int64_t)frame->lag * SECOND_US / params->timescale;
    const AccessUnit *unit = assembler_frame(stream->assembler, track, frame, params, arrival_us);
    if (track != TRACK_VIDEO)
        return;
    stream->last_frame_us = clock_mono_us();
    key_seen_note(&stream->key_seen, frame, params);
    rtsp_client_read_at_once(stream->client, assembler_wants_arrivals(stream->assembler));
    if (unit)
        note_picture(stream, unit);
}

static void on_restarted(void *data, Track track)
{
    Stream *stream = data;
    assembler_restart(stream->assembler, track);
}

static void on_ended(void *data, CameraTrouble trouble, const char *cause)
{
    Stream *stream = data;
    end_session(stream);
    if (trouble == TROUBLE_TRANSPORT)
        stream->udp = false;
    lose(stream, CAMERA_WAITING, trouble, cause);
}

static const RtspClientEvents client_events = {on_playing, on_frame, on_restarted, on_ended};

/* ---- supervising ---- */

static void disconnect(Stream *stream)
{
    if (stream->client)
        end_session(stream);
    g_clear_pointer(&stream->client, rtsp_client_free);
    stream->over = false;
    loop_timer_set(stream->timer, 0);
}

/* It stands in line behind other streams of the same host. */
static void wait_in_line(Stream *stream, HostTurn turn, unsigned most)
{
    int64_t wait_us = turn == HOST_FULL ? HOST_FULL_US : HOST_WAIT_US;
    wait_us += (int64_t)randombytes_uniform((uint32_t)(wait_us / 4));
    loop_timer_set(stream->timer, clock_mono_us() + wait_us);
    if (turn == HOST_WAIT) {
        enter_connecting(stream);
        return;
    }
    char cause[sizeof stream->status.cause];
    g_snprintf(cause, sizeof cause,
               "the recorder takes no more than %u connections at once; end other viewers, raise "
               "its limit, or leave out sub streams; it is tried again each minute",
               most);
    note_outage(stream, TROUBLE_TOO_MANY_SESSIONS);
    enter(stream, CAMERA_WAITING, TROUBLE_TOO_MANY_SESSIONS, cause);
}

static void try_to_connect(Stream *stream)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(RtspUrl) url = rtsp_url_parse(stream->settings->url, &error);
    stream->started_us = stream->last_frame_us = clock_mono_us();
    stream->window_us = 0;
    stream->last_key_us = 0;
    stream->key_seen = KEY_NONE;
    if (!url) {
        lose(stream, CAMERA_WAITING, TROUBLE_BAD_ADDRESS, error->message);
        return;
    }
    unsigned most = 0;
    HostTurn turn =
        host_place_ask(stream->place, url->host, url->port, stream->settings->connections, &most);
    if (turn != HOST_GO) {
        wait_in_line(stream, turn, most);
        return;
    }
    enter_connecting(stream);
    assembler_begin(stream->assembler, stream->outage);
    const StreamSettings *settings = stream->settings;
    const RtspWish wish = {.url = url,
                           .user = settings->user,
                           .password = settings->password,
                           .fingerprint = settings->fingerprint,
                           .audio = settings->audio,
                           .udp = settings->transport == CAMERA_TRANSPORT_UDP ||
                                  (settings->transport == CAMERA_TRANSPORT_AUTO && stream->udp),
                           .may_udp = settings->transport == CAMERA_TRANSPORT_AUTO};
    stream->client = rtsp_client_new(stream->ingest, &wish, stream->hub, &client_events, stream);
}

/* It is not connected anew: some send a key picture once a minute only. */
static void tell_no_key(Stream *stream)
{
    if (stream->status.state == CAMERA_CONNECTING)
        enter(stream, CAMERA_CONNECTING, TROUBLE_NO_KEY,
              key_seen_cause(stream->key_seen, rtsp_client_notes(stream->client)));
}

/* What UDP carries does not come through; the connection is the way that firewalls let pass. */
static void on_silent(Stream *stream)
{
    bool chosen = stream->settings->transport == CAMERA_TRANSPORT_UDP;
    stream->udp = false;
    disconnect(stream);
    lose(stream, CAMERA_WAITING, TROUBLE_TRANSPORT,
         chosen ? "the camera plays, but none of its UDP packets arrives; let them through the "
                  "firewall, or set its transport to auto"
                : "the camera plays, but none of its UDP packets arrives; it is asked to send "
                  "through the RTSP connection");
}

static void timer_fired(void *data)
{
    Stream *stream = data;
    if (stream->client && !stream->over) {
        if (rtsp_client_silent(stream->client)) {
            on_silent(stream);
            return;
        }
        int64_t due = stream->last_frame_us + STALL_US;
        if (clock_mono_us() < due) {
            tell_no_key(stream);
            loop_timer_set(stream->timer, due);
            return;
        }
        rtsp_client_drain(stream->client);
        if (stream->over)
            return;
        due = stream->last_frame_us + STALL_US;
        if (clock_mono_us() < due) { /* it was this server that did not look */
            loop_timer_set(stream->timer, due);
            return;
        }
        g_autofree char *unread = rtsp_client_unread(stream->client);
        disconnect(stream);
        if (unread)
            lose(stream, CAMERA_WAITING, TROUBLE_PROTOCOL, unread);
        else
            lose(stream, CAMERA_STALLED, TROUBLE_STALL, "no picture for 5 s; connecting anew");
        return;
    }
    disconnect(stream);
    try_to_connect(stream);
}

static void on_turn(void *data, HostTurn turn, unsigned most)
{
    Stream *stream = data;
    if (turn == HOST_FULL) {
        wait_in_line(stream, turn, most);
        return;
    }
    if (turn == HOST_YIELD) {
        if (stream->client && !stream->over)
            rtsp_client_drain(stream->client);
        disconnect(stream);
        host_place_leave(stream->place, HOST_END_OTHER);
    }
    try_to_connect(stream);
}

void stream_set(Stream *stream, StreamSettings *settings)
{
    if (stream->client && !stream->over)
        rtsp_client_drain(stream->client);
    disconnect(stream);
    host_place_leave(stream->place, HOST_END_OTHER);
    stream_settings_free(stream->settings);
    stream->settings = settings;
    stream->has_run = stream->udp = false;
    stream->failures = 0;
    if (settings->paused) {
        stream->outage = GAP_PAUSED;
        hub_tell_outage(stream->hub, GAP_PAUSED);
        enter(stream, CAMERA_PAUSED, TROUBLE_PAUSED, "paused");
        return;
    }
    try_to_connect(stream);
}

Stream *stream_new(Ingest *ingest, HostLimits *limits, Uuid camera, StreamKind kind,
                   CamerasWatch watch, void *watch_data)
{
    Stream *stream = g_new0(Stream, 1);
    *stream = (Stream){.ingest = ingest,
                       .camera = camera,
                       .kind = kind,
                       .watch = watch,
                       .watch_data = watch_data,
                       .outage = GAP_SERVER_DOWN};
    pthread_mutex_init(&stream->lock, NULL);
    stream->hub = hub_new(camera, kind);
    stream->assembler = assembler_new(stream->hub);
    stream->place = host_place_new(limits, ingest->loop, kind == STREAM_MAIN, on_turn, stream);
    stream->timer = loop_timer_new(ingest->loop, timer_fired, stream);
    return stream;
}

void stream_free(Stream *stream)
{
    if (stream->client && !stream->over)
        rtsp_client_drain(stream->client);
    disconnect(stream);
    host_place_free(stream->place);
    hub_close(stream->hub);
    assembler_free(stream->assembler);
    hub_unref(stream->hub);
    loop_timer_free(stream->timer);
    stream_settings_free(stream->settings);
    pthread_mutex_destroy(&stream->lock);
    g_free(stream);
}

Ingest *stream_ingest(const Stream *stream)
{
    return stream->ingest;
}

Hub *stream_hub(const Stream *stream)
{
    return stream->hub;
}

void stream_status(Stream *stream, StreamStatus *status)
{
    pthread_mutex_lock(&stream->lock);
    *status = stream->status;
    pthread_mutex_unlock(&stream->lock);
}
