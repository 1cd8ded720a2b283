#include "live/stream.h"

#include "base/loop.h"
#include "live/message.h"
#include "live/private.h"
#include "live/view.h"
#include "media/audio_frame.h"

/* Waiting between ingest and service thread: a moment of it, never more than a late thread. */
enum { LISTEN_BYTES = 16 << 20 };
/* Kept for those who come later: a minute of 4 Mbit/s. */
enum { RECENT_MOST = 2000, RECENT_BYTES = 32 << 20 };

static void recent_clear(void *data)
{
    buffer_unref(((LiveRecent *)data)->message);
}

static void wake(void *data)
{
    live_wake(data);
}

/* One wake of the service thread for all cameras that were read together. */
static void hub_has_unit(void *data, const AccessUnit *unit)
{
    LiveStream *stream = data;
    atomic_store(&stream->fresh, true);
    loop_after_batch(wake, stream->live);
}

LiveStream *live_stream_new(Live *live, Hub *hub)
{
    LiveStream *stream = g_new0(LiveStream, 1);
    stream->live = live;
    stream->hub = hub;
    stream->id = hub_id(hub);
    stream->camera = hub_camera(hub);
    stream->kind = hub_kind(hub);
    stream->views = g_ptr_array_new();
    stream->recent = g_array_new(FALSE, FALSE, sizeof(LiveRecent));
    g_array_set_clear_func(stream->recent, recent_clear);
    stream->listener = hub_listen(hub, true, LISTEN_BYTES, hub_has_unit, stream);
    atomic_store(&stream->fresh, true);
    return stream;
}

void live_stream_free(LiveStream *stream)
{
    hub_unlisten(stream->listener);
    transcoding_end(stream->transcoding);
    place_give(stream->place);
    mask_set_unref(stream->masks);
    hub_unref(stream->hub);
    for (int track = 0; track < TRACKS; track++) {
        codec_params_unref(stream->params[track]);
        buffer_unref(stream->init[track]);
    }
    g_array_unref(stream->recent);
    g_ptr_array_unref(stream->views);
    g_free(stream);
}

void live_stream_add(LiveStream *stream, LiveView *view)
{
    g_ptr_array_add(stream->views, view);
    if (stream->place)
        place_join(stream->place, &view->viewer->person);
}

void live_stream_remove(LiveStream *stream, LiveView *view)
{
    g_ptr_array_remove(stream->views, view);
    if (stream->place)
        place_leave(stream->place, &view->viewer->person);
}

Codec live_stream_codec(const LiveStream *stream)
{
    if (stream->params[TRACK_VIDEO])
        return stream->params[TRACK_VIDEO]->codec;
    g_autoptr(AccessUnit) key = hub_key_picture(stream->hub);
    return key ? key->params->codec : CODEC_NONE;
}

/* A new init part when the coding is new. */
static void follow_params(LiveStream *stream, const AccessUnit *unit)
{
    Track track = unit->track;
    CodecParams *known = stream->params[track];
    if (known == unit->params || (known && codec_params_equal(known, unit->params)))
        return;
    codec_params_unref(known);
    stream->params[track] = codec_params_ref(unit->params);
    LiveHeader header = {
        .flags = LIVE_INIT | (track == TRACK_AUDIO ? LIVE_AUDIO : 0),
        .stream = stream->id,
        .sequence = stream->sequence[track],
        .capture_us = unit->capture_us,
    };
    buffer_unref(stream->init[track]);
    stream->init[track] =
        live_message_init(live_head_room(stream->live), &header, track, unit->params);
    stream->generation[track]++;
}

/* How long a picture lasts is known only when the next one is here: as long as the one before.
 * Sound behind a pause does not last as long as that. */
static uint32_t duration_of(LiveStream *stream, const AccessUnit *unit)
{
    if (unit->track == TRACK_AUDIO)
        return audio_frame_ticks(unit->params, unit->data, unit->size);
    int64_t ticks = unit->pts - stream->last_pts[unit->track];
    int64_t second = unit->params->timescale;
    stream->last_pts[unit->track] = unit->pts;
    return ticks > 0 && ticks < 10 * second ? (uint32_t)ticks : (uint32_t)(second / 15);
}

/* Takes the unit's message when it is kept. */
static bool keep(LiveStream *stream, const LiveRecent *unit)
{
    if (unit->key) {
        g_array_set_size(stream->recent, 0);
        stream->recent_bytes = 0;
        stream->cut = false;
    } else if (unit->track != TRACK_VIDEO || !stream->recent->len) {
        return false;
    }
    stream->recent_bytes += unit->message->size;
    if (!unit->key && (stream->recent->len >= RECENT_MOST || stream->recent_bytes > RECENT_BYTES))
        stream->cut = true;
    if (stream->cut)
        g_array_set_size(stream->recent, 1);
    else
        g_array_append_val(stream->recent, *unit);
    return !stream->cut;
}

static void take_unit(LiveStream *stream, const AccessUnit *unit)
{
    follow_params(stream, unit);
    LiveHeader header = {
        .flags = (unit->key ? LIVE_KEY : 0) | (unit->run_start ? LIVE_DISCONTINUITY : 0) |
                 (unit->track == TRACK_AUDIO ? LIVE_AUDIO : 0),
        .stream = stream->id,
        .sequence = stream->sequence[unit->track]++,
        .capture_us = unit->capture_us,
    };
    LiveRecent recent = {
        .message = live_message_unit(live_head_room(stream->live), &header, unit,
                                     duration_of(stream, unit)),
        .track = unit->track,
        .key = unit->key && unit->track == TRACK_VIDEO,
    };
    if (recent.key)
        stream->key_us = unit->capture_us;
    bool kept = keep(stream, &recent);
    /* From the end: a view that is handed a unit may leave this stream. */
    for (guint i = stream->views->len; i-- > 0;)
        live_view_take(stream->views->pdata[i], stream, &recent);
    if (!kept)
        buffer_unref(recent.message);
}

static void tell_lost(LiveStream *stream, unsigned lost)
{
    stream->sequence[TRACK_VIDEO] += lost;
    g_array_set_size(stream->recent, 0);
    for (guint i = 0; i < stream->views->len; i++)
        live_view_lost(stream->views->pdata[i], stream, lost);
}

/* Recorded, but shown to nobody: what it refers to was lost on the way from the camera, and a smear
 * looks as if it had happened (CAMERAS.md R17). */
static void pass_over(LiveStream *stream, const AccessUnit *unit)
{
    stream->sequence[TRACK_VIDEO]++;
    stream->last_pts[TRACK_VIDEO] = unit->pts;
    for (guint i = 0; i < stream->views->len; i++)
        live_view_lost(stream->views->pdata[i], stream, 1);
}

bool live_stream_pump(LiveStream *stream)
{
    if (!atomic_exchange(&stream->fresh, false))
        return true;
    unsigned lost = 0;
    AccessUnit *unit;
    while ((unit = hub_listener_next(stream->listener, &lost))) {
        if (lost)
            tell_lost(stream, lost);
        if (unit->damaged)
            pass_over(stream, unit);
        else
            take_unit(stream, unit);
        access_unit_unref(unit);
    }
    return !hub_listener_closed(stream->listener);
}
