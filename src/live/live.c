#include "live/live.h"

#include "base/clock.h"
#include "live/private.h"
#include "live/recent.h"
#include "live/replay.h"
#include "live/transcoding.h"
#include "live/view.h"

#include <pthread.h>
#include <stdatomic.h>

/* A stream whose newest key picture is older is not the one to begin with. */
#define SILENT_US (20 * SECOND_US)

typedef struct Notice {
    LiveAudience audience;
    Json *json; /* owned */
} Notice;

struct Live {
    LiveSource source;
    size_t head_room;
    LiveTransport transport;
    atomic_bool woken;  /* it was, since the last pump */
    GPtrArray *streams; /* LiveStream *, owned */
    GPtrArray *viewers; /* LiveViewer *, borrowed */
    Places *places;
    Transcodings *transcodings;
    Replay *replay;
    Recent *recent;
    pthread_mutex_t lock;
    GArray *changed; /* Uuid: cameras with a new state; under `lock` */
    GArray *notices; /* Notice; under `lock` */
    atomic_bool masks_changed;
    atomic_bool any_changed; /* a look that needs no lock: who wakes us may still hold it */
    atomic_uint viewer_count, stream_count;
    _Atomic uint64_t messages, bytes, lost_pictures;
};

static void notice_clear(void *data)
{
    Notice *notice = data;
    notice->audience.free(notice->audience.data);
    json_decref(notice->json);
}

static GArray *notices_new(void)
{
    GArray *notices = g_array_new(FALSE, FALSE, sizeof(Notice));
    g_array_set_clear_func(notices, notice_clear);
    return notices;
}

Live *live_new(const LiveSource *source, size_t head_room)
{
    Live *live = g_new0(Live, 1);
    live->source = *source;
    live->head_room = head_room;
    live->streams = g_ptr_array_new();
    live->viewers = g_ptr_array_new();
    live->places = places_new(source->transcodings_most);
    live->transcodings = transcodings_new(source->transcodings_most);
    live->replay = replay_new(live->places);
    live->recent = recent_new();
    live->changed = g_array_new(FALSE, FALSE, sizeof(Uuid));
    live->notices = notices_new();
    pthread_mutex_init(&live->lock, NULL);
    return live;
}

void live_free(Live *live)
{
    if (!live)
        return;
    g_assert(!live->viewers->len && !live->streams->len);
    g_ptr_array_unref(live->streams);
    g_ptr_array_unref(live->viewers);
    transcodings_free(live->transcodings);
    replay_free(live->replay);
    recent_free(live->recent);
    places_free(live->places);
    g_array_unref(live->changed);
    g_array_unref(live->notices);
    pthread_mutex_destroy(&live->lock);
    g_free(live);
}

void live_attach(Live *live, const LiveTransport *transport)
{
    /* Under the lock: when this returns, no call of the old `wake` runs any more. */
    pthread_mutex_lock(&live->lock);
    live->transport = transport ? *transport : (LiveTransport){0};
    if (transport) /* for what came before */
        transport->wake(transport->data);
    pthread_mutex_unlock(&live->lock);
}

void live_wake(Live *live)
{
    if (atomic_exchange(&live->woken, true))
        return;
    pthread_mutex_lock(&live->lock);
    if (live->transport.wake)
        live->transport.wake(live->transport.data);
    pthread_mutex_unlock(&live->lock);
}

void live_camera_changed(Live *live, Uuid camera)
{
    pthread_mutex_lock(&live->lock);
    g_array_append_val(live->changed, camera);
    atomic_store(&live->any_changed, true);
    pthread_mutex_unlock(&live->lock);
    live_wake(live);
}

void live_masks_changed(Live *live)
{
    atomic_store(&live->masks_changed, true);
    live_wake(live);
}

/* First all leave what they see, so that there is room for what they are to see. */
void live_review_masks(Live *live)
{
    if (!atomic_exchange(&live->masks_changed, false))
        return;
    for (guint v = 0; v < live->viewers->len; v++) {
        const LiveViewer *viewer = live->viewers->pdata[v];
        for (guint i = 0; i < viewer->views->len; i++)
            live_view_remask(viewer->views->pdata[i]);
    }
    live_sweep(live);
    for (guint v = 0; v < live->viewers->len; v++) {
        const LiveViewer *viewer = live->viewers->pdata[v];
        for (guint i = viewer->views->len; i-- > 0;) {
            LiveView *view = viewer->views->pdata[i];
            if (!view->stream && !view->next)
                live_view_begin_again(view);
        }
    }
}

void live_notice(Live *live, const LiveAudience *audience, Json *json)
{
    const Notice notice = {*audience, json};
    pthread_mutex_lock(&live->lock);
    g_array_append_val(live->notices, notice);
    atomic_store(&live->any_changed, true);
    pthread_mutex_unlock(&live->lock);
    live_wake(live);
}

/* Each viewer has a copy: a count of references that threads share is not JSON's strength. */
static void tell_notices(Live *live, GArray *notices)
{
    for (guint i = 0; i < notices->len; i++)
        for (guint v = 0; v < live->viewers->len; v++) {
            const Notice *notice = &g_array_index(notices, Notice, i);
            LiveViewer *viewer = live->viewers->pdata[v];
            if (notice->audience.includes(notice->audience.data, viewer->account))
                live_viewer_text(viewer, json_deep_copy(notice->json));
        }
    g_array_unref(notices);
}

static void tell_changes(Live *live)
{
    if (!atomic_exchange(&live->any_changed, false))
        return;
    pthread_mutex_lock(&live->lock);
    GArray *changed = live->changed, *notices = live->notices;
    live->changed = g_array_new(FALSE, FALSE, sizeof(Uuid));
    live->notices = notices_new();
    pthread_mutex_unlock(&live->lock);
    tell_notices(live, notices);
    for (guint i = 0; i < changed->len; i++)
        for (guint v = 0; v < live->viewers->len; v++) {
            const Uuid *camera = &g_array_index(changed, Uuid, i);
            if (live_viewer_find(live->viewers->pdata[v], camera))
                live_viewer_state(live->viewers->pdata[v], camera);
        }
    g_array_unref(changed);
}

/* The camera is gone, or nothing can be made of it: its views end. */
static void end_stream(LiveStream *stream)
{
    const bool failed = stream->transcoding && transcoding_failed(stream->transcoding);
    while (stream->views->len) {
        LiveView *view = stream->views->pdata[0];
        if (failed)
            live_viewer_refuse(
                view->viewer, &view->camera, LIVE_CAUSE_CODEC,
                "what this camera sends cannot be made into H.264, or not fast enough");
        live_viewer_end(view->viewer, view);
    }
}

/* Its viewers have to wait, so that somebody who sees nothing sees something. */
static void take_back(LiveStream *stream)
{
    stream->taken_back = true;
    while (stream->views->len)
        live_view_wait(stream->views->pdata[0], stream);
}

void live_pump(Live *live)
{
    atomic_store(&live->woken, false);
    tell_changes(live);
    live_review_masks(live);
    /* A stream may be added meanwhile (a view is lowered), none is freed. */
    for (guint i = 0; i < live->streams->len; i++) {
        LiveStream *stream = live->streams->pdata[i];
        if (!live_stream_pump(stream))
            end_stream(stream);
        else if (stream->place && place_wanted(stream->place))
            take_back(stream);
    }
    live_sweep(live);
}

static bool is_open(const LiveStream *stream, Uuid camera)
{
    return uuid_equal(&stream->camera, &camera) && !stream->taken_back &&
           !hub_listener_closed(stream->listener);
}

/* Takes `hub`. */
static LiveStream *add_stream(Live *live, Hub *hub)
{
    LiveStream *stream = live_stream_new(live, hub);
    g_ptr_array_add(live->streams, stream);
    atomic_fetch_add(&live->stream_count, 1);
    live_wake(live); /* the hub may have had units at once */
    return stream;
}

LiveStream *live_stream_get(Live *live, Uuid camera, StreamKind kind)
{
    for (guint i = 0; i < live->streams->len; i++) {
        LiveStream *stream = live->streams->pdata[i];
        if (stream->kind == kind && !stream->transcoding && is_open(stream, camera))
            return stream;
    }
    Hub *hub = live->source.hub(live->source.data, camera, kind);
    return hub ? add_stream(live, hub) : NULL;
}

/* Of the streams that a camera has, the one of which H.264 is made at the least cost. */
static LiveStream *lightest(Live *live, LiveStream *stream)
{
    LiveStream *sub = live_stream_get(live, stream->camera, STREAM_SUB);
    g_autoptr(AccessUnit) key = sub ? hub_key_picture(sub->hub) : NULL;
    return key && clock_now_us() - key->capture_us < SILENT_US ? sub : stream;
}

LiveStream *live_stream_h264(Live *live, LiveStream *stream, MaskSet *masks, const Uuid *who)
{
    for (guint i = 0; i < live->streams->len; i++) {
        LiveStream *made = live->streams->pdata[i];
        if (made->transcoding && is_open(made, stream->camera) &&
            mask_set_key(made->masks) == mask_set_key(masks))
            return made;
    }
    LiveStream *source = lightest(live, stream);
    if (!masks && live_stream_codec(source) == CODEC_H264)
        return source;
    Place *place = places_take(live->places, who);
    Transcoding *transcoding =
        place ? transcoding_begin(live->transcodings, source->hub, masks) : NULL;
    if (!transcoding) {
        place_give(place);
        return NULL;
    }
    LiveStream *made = add_stream(live, hub_ref(transcoding_hub(transcoding)));
    made->transcoding = transcoding;
    made->masks = mask_set_ref(masks);
    made->place = place;
    return made;
}

void live_sweep(Live *live)
{
    for (guint i = live->streams->len; i-- > 0;) {
        LiveStream *stream = live->streams->pdata[i];
        if (stream->views->len)
            continue;
        g_ptr_array_remove_index_fast(live->streams, i);
        atomic_fetch_sub(&live->stream_count, 1);
        live_stream_free(stream);
    }
}

unsigned live_transcodings_most(const Live *live)
{
    return places_most(live->places);
}

Replay *live_replay(Live *live)
{
    return live->replay;
}

Recent *live_recent(Live *live)
{
    return live->recent;
}

size_t live_head_room(const Live *live)
{
    return live->head_room;
}

const LiveSource *live_source(const Live *live)
{
    return &live->source;
}

void live_ready(Live *live, void *viewer_data)
{
    if (live->transport.ready)
        live->transport.ready(viewer_data);
}

int64_t live_lag_us(Live *live, void *viewer_data)
{
    return live->transport.lag_us ? live->transport.lag_us(viewer_data) : 0;
}

void live_add_viewer(Live *live, LiveViewer *viewer)
{
    g_ptr_array_add(live->viewers, viewer);
    atomic_fetch_add(&live->viewer_count, 1);
}

void live_remove_viewer(Live *live, LiveViewer *viewer)
{
    g_ptr_array_remove_fast(live->viewers, viewer);
    atomic_fetch_sub(&live->viewer_count, 1);
}

void live_count_sent(Live *live, size_t bytes)
{
    /* Figures only: no order with anything else is needed. */
    atomic_fetch_add_explicit(&live->messages, 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&live->bytes, bytes, memory_order_relaxed);
}

void live_count_lost(Live *live, unsigned pictures)
{
    atomic_fetch_add_explicit(&live->lost_pictures, pictures, memory_order_relaxed);
}

LiveFigures live_figures(Live *live)
{
    return (LiveFigures){
        .viewers = atomic_load(&live->viewer_count),
        .streams = atomic_load(&live->stream_count),
        .transcodings = places_taken(live->places),
        .messages = atomic_load(&live->messages),
        .bytes = atomic_load(&live->bytes),
        .lost_pictures = atomic_load(&live->lost_pictures),
    };
}
