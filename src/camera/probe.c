/* probe.c — a single look at an address: connects, waits for the first key picture, hangs up. */
#include "base/clock.h"
#include "base/error.h"
#include "camera/cameras.h"
#include "camera/ingest.h"
#include "camera/key_seen.h"
#include "camera/rtsp_client.h"
#include "media/rtsp_url.h"

#include <string.h>

typedef struct Probing {
    Ingest *ingest;
    RtspClient *client;
    CameraProbe *found;
    CameraTrouble trouble;
    char *cause;
    bool played, any_picture;
    KeySeen key_seen;
} Probing;

void camera_probe_clear(CameraProbe *probe)
{
    codec_params_unref(probe->video);
    access_unit_unref(probe->picture);
    *probe = (CameraProbe){0};
}

static void on_playing(void *data)
{
    ((Probing *)data)->played = true;
}

static void on_frame(void *data, Track track, const DepayFrame *frame, CodecParams *params,
                     int64_t arrival_us)
{
    Probing *probing = data;
    CameraProbe *found = probing->found;
    if (track == TRACK_VIDEO) {
        probing->any_picture = true;
        key_seen_note(&probing->key_seen, frame, params);
    }
    if (track != TRACK_VIDEO || !params || !frame->key || frame->damaged || found->picture)
        return;
    found->video = codec_params_ref(params);
    found->picture = access_unit_new(params, TRACK_VIDEO, frame->size);
    memcpy(found->picture->data, frame->data, frame->size);
    found->picture->key = true;
    found->picture->capture_us = arrival_us;
    found->audio = rtsp_client_audio(probing->client, &found->audio_rate_hz);
    found->transport = rtsp_client_transport(probing->client);
    found->fps = rtp_track_fps(rtsp_client_video(probing->client));
    found->notes = rtsp_client_notes(probing->client);
    loop_stop(probing->ingest->loop);
}

static void on_restarted(void *data, Track track)
{
}

static void on_ended(void *data, CameraTrouble trouble, const char *cause)
{
    Probing *probing = data;
    probing->trouble = trouble;
    probing->cause = g_strdup(cause);
    loop_stop(probing->ingest->loop);
}

static void on_timeout(void *data)
{
    Probing *probing = data;
    g_autofree char *unread = rtsp_client_unread(probing->client);
    unsigned notes = rtsp_client_notes(probing->client);
    probing->trouble = unread                 ? TROUBLE_PROTOCOL
                       : probing->any_picture ? TROUBLE_NO_KEY
                       : probing->played      ? TROUBLE_STALL
                                              : TROUBLE_TIMEOUT;
    probing->cause = g_strdup(unread                 ? unread
                              : probing->any_picture ? key_seen_cause(probing->key_seen, notes)
                              : probing->played      ? "the camera plays, but sends no picture"
                                                     : "the camera did not answer in time");
    loop_stop(probing->ingest->loop);
}

bool camera_probe(const CameraLook *look, int64_t timeout_us, CameraProbe *found,
                  CameraTrouble *trouble, GError **error)
{
    *found = (CameraProbe){0};
    *trouble = TROUBLE_BAD_ADDRESS;
    g_autoptr(RtspUrl) url = rtsp_url_parse(look->url, error);
    if (!url)
        return false;
    static const RtspClientEvents events = {on_playing, on_frame, on_restarted, on_ended};
    Pool *names = pool_new("probe-names", 1);
    Probing probing = {.ingest = ingest_new(names), .found = found};
    LoopTimer *timer = loop_timer_new(probing.ingest->loop, on_timeout, &probing);
    loop_timer_set(timer, clock_mono_us() + timeout_us);
    const RtspWish wish = {.url = url,
                           .user = look->user ? look->user : url->user,
                           .password = look->password ? look->password : url->password,
                           .fingerprint = look->fingerprint,
                           .audio = true,
                           .udp = look->transport == CAMERA_TRANSPORT_UDP,
                           .may_udp = look->transport == CAMERA_TRANSPORT_AUTO};
    probing.client = rtsp_client_new(probing.ingest, &wish, NULL, &events, &probing);
    loop_run(probing.ingest->loop);
    g_strlcpy(found->server, rtsp_client_server(probing.client), sizeof found->server);
    char fingerprint[SHA256_HEX];
    g_strlcpy(fingerprint, rtsp_client_fingerprint(probing.client), sizeof fingerprint);
    g_strlcpy(found->fingerprint, fingerprint, sizeof fingerprint);
    rtsp_client_free(probing.client);
    pool_free(names);
    loop_run(probing.ingest->loop); /* stopped already: only lets a look-up come home */
    loop_timer_free(timer);
    ingest_free(probing.ingest);
    *trouble = probing.trouble;
    g_autofree char *cause = probing.cause;
    if (found->picture)
        return true;
    camera_probe_clear(found);
    g_strlcpy(found->fingerprint, fingerprint, sizeof found->fingerprint);
    return err_set(error, probing.trouble == TROUBLE_WRONG_PASSWORD ? ERR_DENIED : ERR_UNAVAILABLE,
                   "%s", cause);
}
