#include "live/view.h"

#include "base/clock.h"
#include "live/ladder.h"
#include "live/message.h"
#include "live/private.h"

#include <string.h>

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
        live_stream_remove(*stream, view);
    *stream = NULL;
}

void live_view_try(LiveView *view, LiveStream *stream)
{
    /* Its own stream has the view already: what is left out of it is tried. */
    if (view->tries && view->tries != view->stream)
        live_stream_remove(view->tries, view);
    if (stream && stream != view->stream)
        live_stream_add(stream, view);
    view->tries = stream;
    view->tried_bytes = 0;
    view->tried_key = false;
}

void live_view_free(LiveView *view)
{
    live_view_try(view, NULL);
    leave(view, &view->stream);
    leave(view, &view->next);
    live_viewer_drop(view->viewer, view, NULL);
    mask_set_unref(view->masks);
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
    json_object_set_new(json, "transcoded", json_boolean(stream->transcoding));
    if (view->masks)
        json_object_set_new(json, "masked", json_true());
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
    view->wait_key = view->told_limit = false;
    memset(view->seen, 0, sizeof view->seen);
    view->left_out = false;
}

bool live_view_cannot_show(const LiveView *view, const LiveStream *stream)
{
    return mask_set_key(view->masks) != mask_set_key(stream->masks) ||
           (view->h264 && live_stream_codec(stream) == CODEC_H265);
}

static void tell_limit(const LiveView *view)
{
    const unsigned most = live_transcodings_most(view->viewer->live);
    const char *why = view->masks ? "this camera has privacy masks" : "this camera sends H.265";
    g_autofree char *detail =
        most ? g_strdup_printf("%s, and H.264 is made of %u cameras at once, not more", why, most)
             : g_strdup_printf("%s, and this server makes no H.264", why);
    live_viewer_refuse(view->viewer, &view->camera, most ? LIVE_CAUSE_LIMIT : LIVE_CAUSE_OFF,
                       detail);
}

/* The stream shown in place of one that the view cannot show; that one while there is none: then
 * the viewer is told, and it is tried again with each key picture. */
static LiveStream *shown_for(LiveView *view, LiveStream *stream)
{
    if (!live_view_cannot_show(view, stream))
        return stream;
    LiveStream *shown =
        live_stream_h264(view->viewer->live, stream, view->masks, &view->viewer->person);
    if (!shown && !view->told_limit)
        tell_limit(view);
    view->told_limit = !shown;
    return shown ? shown : stream;
}

/* Is a picture sent, or left out because it refers to others that are? */
static bool wanted(LiveView *view, const LiveRecent *picture)
{
    view->left_out = !picture->key && (view->keys_only || view->left_out);
    return !view->left_out;
}

static bool has_fresh(const LiveStream *stream, int64_t fresh_us)
{
    return stream->recent->len && clock_now_us() - stream->key_us < fresh_us;
}

void live_view_change(LiveView *view, LiveStream *stream, bool audio, int64_t fresh_us)
{
    view->audio = audio;
    stream = shown_for(view, stream);
    if (view->next == stream)
        return;
    leave(view, &view->next);
    if (view->stream == stream) {
        view->seen[TRACK_AUDIO] = 0;
        return;
    }
    view->next = stream;
    live_stream_add(stream, view);
    if (!has_fresh(stream, fresh_us) || live_view_cannot_show(view, stream))
        return;
    promote(view);
    send_lost(view);
    for (guint i = 0; i < stream->recent->len; i++) {
        const LiveRecent *unit = &g_array_index(stream->recent, LiveRecent, i);
        if (wanted(view, unit))
            send_unit(view, unit);
    }
    view->wait_key = stream->cut;
    live_ladder_opened(view->viewer, clock_now_us() - stream->key_us);
}

void live_view_wait(LiveView *view, LiveStream *made)
{
    if (view->tries == made)
        live_view_try(view, NULL);
    bool shown = view->stream == made || view->next == made;
    if (view->next == made)
        leave(view, &view->next);
    if (view->stream == made)
        leave(view, &view->stream);
    LiveStream *source = live_stream_get(view->viewer->live, view->camera, made->kind);
    if (!shown || view->stream || view->next)
        return;
    if (source)
        live_view_change(view, source, view->audio, INT64_MAX);
    else
        live_viewer_end(view->viewer, view);
}

bool live_view_remask(LiveView *view)
{
    const LiveSource *source = live_source(view->viewer->live);
    bool lifted = false;
    g_autoptr(MaskSet) masks =
        source->masks ? source->masks(source->data, view->viewer->account, view->camera, &lifted)
                      : NULL;
    if (lifted != view->bare)
        source->viewed(source->data, view->viewer->account, view->camera,
                       lifted ? LIVE_BARE_BEGINS : LIVE_BARE_ENDS);
    view->bare = lifted;
    if (mask_set_key(masks) == mask_set_key(view->masks))
        return false;
    live_view_try(view, NULL);
    leave(view, &view->stream);
    leave(view, &view->next);
    live_viewer_drop(view->viewer, view, NULL);
    mask_set_unref(view->masks);
    view->masks = g_steal_pointer(&masks);
    view->told_limit = false;
    return true;
}

void live_view_begin_again(LiveView *view)
{
    LiveStream *stream = live_stream_get(view->viewer->live, view->camera, view->asked);
    if (stream)
        live_view_change(view, live_ladder_begin(view, stream), view->audio, INT64_MAX);
    else
        live_viewer_end(view->viewer, view);
}

void live_view_skip(LiveView *view)
{
    unsigned pictures = 0;
    live_viewer_drop(view->viewer, view, &pictures);
    view->lost += pictures;
    view->wait_key = true;
    memset(view->seen, 0, sizeof view->seen); /* an init part may have been dropped */
}

static void try_unit(LiveView *view, const LiveRecent *unit)
{
    view->tried_bytes += unit->message->size;
    view->tried_key |= unit->key;
}

void live_view_take(LiveView *view, LiveStream *stream, const LiveRecent *unit)
{
    if (view->tries == stream && view->stream != stream) {
        try_unit(view, unit);
        return;
    }
    if (live_view_cannot_show(view, stream)) {
        if (unit->key && shown_for(view, stream) != stream)
            live_view_change(view, stream, view->audio, INT64_MAX);
        return;
    }
    if (view->next == stream) {
        if (!unit->key)
            return;
        promote(view);
        live_ladder_opened(view->viewer, clock_now_us() - stream->key_us);
    }
    if (view->stream != stream || (unit->track == TRACK_AUDIO && !view->audio))
        return;
    live_ladder_look(view->viewer);
    if (view->stream != stream)
        return;
    if (unit->track == TRACK_AUDIO) {
        send_unit(view, unit);
        return;
    }
    if (view->wait_key && !unit->key) {
        view->lost++;
        return;
    }
    view->wait_key = false;
    view->tried_key |= unit->key;
    if (!wanted(view, unit)) {
        if (view->tries == stream)
            try_unit(view, unit);
        return;
    }
    send_lost(view);
    send_unit(view, unit);
}

void live_view_lost(LiveView *view, LiveStream *stream, unsigned pictures)
{
    if (view->stream == stream)
        view->lost += pictures;
}
