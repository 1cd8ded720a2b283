#include "live/view.h"

#include "base/clock.h"
#include "live/message.h"
#include "live/private.h"

#include <string.h>

/* A viewer is too slow when what it was handed this long ago has not left yet; when that happens as
 * often as a view remembers within FALLS_US, the stream is too much for its line. */
#define BEHIND_US (2 * SECOND_US)
#define FALLS_US (30 * SECOND_US)
enum { VIEW_QUEUE_MOST = 1000 };

LiveView *live_view_new(LiveViewer *viewer, Uuid camera)
{
    LiveView *view = g_new0(LiveView, 1);
    view->viewer = viewer;
    view->camera = camera;
    return view;
}

static void leave(LiveView *view, LiveStream **stream)
{
    if (*stream)
        g_ptr_array_remove((*stream)->views, view);
    *stream = NULL;
}

void live_view_free(LiveView *view)
{
    leave(view, &view->stream);
    leave(view, &view->next);
    live_viewer_drop(view->viewer, view, NULL);
    g_free(view);
}

Json *live_op(const char *op, const Uuid *camera)
{
    char id[UUID_TEXT];
    return json_pack("{s:s, s:s}", "op", op, "camera", uuid_text(camera, id));
}

static void send_subscribed(LiveView *view)
{
    const LiveStream *stream = view->stream;
    const CodecParams *video = stream->params[TRACK_VIDEO], *audio = stream->params[TRACK_AUDIO];
    Json *json = live_op("subscribed", &view->camera);
    json_object_set_new(json, "stream", json_string(stream_kind_text(stream->kind)));
    json_object_set_new(json, "id", json_integer(stream->id));
    json_object_set_new(json, "codec", json_string(video ? video->rfc6381 : ""));
    json_object_set_new(json, "width", json_integer(video ? video->width : 0));
    json_object_set_new(json, "height", json_integer(video ? video->height : 0));
    json_object_set_new(json, "audio", json_string(view->audio && audio ? audio->rfc6381 : ""));
    live_viewer_text(view->viewer, json);
}

/* Sends the init part of a track unless the viewer has it. */
static void send_init(LiveView *view, Track track)
{
    if (view->seen[track] == view->stream->generation[track])
        return;
    view->seen[track] = view->stream->generation[track];
    send_subscribed(view);
    live_viewer_binary(view->viewer, view, view->stream->init[track], false);
}

static void send_lost(LiveView *view)
{
    if (!view->lost)
        return;
    Json *json = live_op("lost", &view->camera);
    json_object_set_new(json, "pictures", json_integer(view->lost));
    live_viewer_text(view->viewer, json);
    live_count_lost(view->viewer->live, view->lost);
    view->lost = 0;
}

static void send_unit(LiveView *view, const LiveRecent *unit)
{
    send_init(view, unit->track);
    live_viewer_binary(view->viewer, view, unit->message, unit->track == TRACK_VIDEO);
}

/* The change asked for happens now: `next` has a key picture. */
static void promote(LiveView *view)
{
    leave(view, &view->stream);
    view->stream = view->next;
    view->next = NULL;
    view->wait_key = false;
    memset(view->seen, 0, sizeof view->seen);
    memset(view->falls_us, 0, sizeof view->falls_us);
}

void live_view_change(LiveView *view, LiveStream *stream, bool audio)
{
    view->audio = audio;
    if (view->next == stream)
        return;
    leave(view, &view->next);
    if (view->stream == stream) {
        view->seen[TRACK_AUDIO] = 0;
        return;
    }
    view->next = stream;
    g_ptr_array_add(stream->views, view);
    if (!stream->recent->len)
        return;
    promote(view);
    send_lost(view);
    for (guint i = 0; i < stream->recent->len; i++) {
        const LiveRecent *unit = &g_array_index(stream->recent, LiveRecent, i);
        if (unit->track == TRACK_VIDEO || audio)
            send_unit(view, unit);
    }
}

/* Too slow: what waits is dropped, the next picture is a key picture; if that goes on, the sub
 * stream. */
static void fall_behind(LiveView *view, int64_t now_us)
{
    unsigned pictures = 0;
    live_viewer_drop(view->viewer, view, &pictures);
    view->lost += pictures;
    view->wait_key = true;
    memset(view->seen, 0, sizeof view->seen); /* an init part may have been dropped */
    memmove(view->falls_us + 1, view->falls_us, sizeof view->falls_us - sizeof *view->falls_us);
    view->falls_us[0] = now_us;
    int64_t oldest_us = view->falls_us[G_N_ELEMENTS(view->falls_us) - 1];
    if (!oldest_us || now_us - oldest_us > FALLS_US || view->stream->kind != STREAM_MAIN ||
        view->next)
        return;
    LiveStream *sub = live_stream_get(view->viewer->live, view->camera, STREAM_SUB);
    if (!sub)
        return;
    Json *json = live_op("lowered", &view->camera);
    json_object_set_new(json, "stream", json_string(stream_kind_text(STREAM_SUB)));
    json_object_set_new(json, "cause",
                        json_string("the connection is too slow for the main stream"));
    live_viewer_text(view->viewer, json);
    live_view_change(view, sub, view->audio);
}

void live_view_take(LiveView *view, LiveStream *stream, const LiveRecent *unit)
{
    if (view->next == stream) {
        if (!unit->key)
            return;
        promote(view);
    }
    if (view->stream != stream || (unit->track == TRACK_AUDIO && !view->audio))
        return;
    int64_t now_us = clock_mono_us();
    if (view->queued && (view->queued > VIEW_QUEUE_MOST ||
                         live_viewer_oldest_us(view->viewer) < now_us - BEHIND_US)) {
        fall_behind(view, now_us);
        if (view->stream != stream)
            return;
    }
    if (view->wait_key && !unit->key) {
        view->lost += unit->track == TRACK_VIDEO;
        return;
    }
    view->wait_key = false;
    if (unit->track == TRACK_VIDEO)
        send_lost(view);
    send_unit(view, unit);
}

void live_view_lost(LiveView *view, LiveStream *stream, unsigned pictures)
{
    if (view->stream == stream)
        view->lost += pictures;
}
