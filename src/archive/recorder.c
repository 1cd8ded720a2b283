#include "archive/recorder.h"

#include "archive/balance.h"
#include "archive/owed.h"
#include "archive/writer.h"
#include "base/clock.h"

enum {
    FLUSH_AFTER_US = 1500000, /* a picture waits this long for its successor */
    BACKWARDS_US = 500000,    /* a new run that begins so much earlier gets a segment of its own */
    AUDIO_CHANGE_US = 10000000, /* a segment lives this long before new audio ends it */
    DRAIN_FRAGMENTS = 4,        /* written at a time */
};

Recorder *recorder_new(Archive *archive, Hub *hub)
{
    Recorder *recorder = g_new0(Recorder, 1);
    Uuid camera = hub_camera(hub);
    *recorder = (Recorder){.archive = archive,
                           .hub = hub_ref(hub),
                           .stream = archive_stream(archive, &camera, hub_kind(hub)),
                           .plan = archive_plan(archive, &camera),
                           .since_us = clock_now_us(),
                           .fragment_start = NO_FRAGMENT,
                           .waits_for_key = true,
                           .broken = true};
    /* Recorded before in this run, and not since: somebody had it so. */
    if (!atomic_load(&recorder->stream->after_restart))
        recorder->missing = GAP_SCHEDULED;
    fragment_init(&recorder->fragment);
    fragment_init(&recorder->put_off.fragment);
    g_queue_init(&recorder->held.units);
    writer_adopt(recorder);
    return recorder;
}

/* Ingest thread. Until the writer has taken the unit that ends a fragment, each further one wakes
 * it again, which costs it nothing. */
static void unit_queued(void *data, const AccessUnit *unit)
{
    Recorder *recorder = data;
    if (unit && (unit->track != TRACK_VIDEO ||
                 atomic_load_explicit(&recorder->resting, memory_order_relaxed)))
        return; /* at rest, the writer looks by itself a few times a second */
    int64_t start = atomic_load_explicit(&recorder->fragment_start, memory_order_relaxed);
    int64_t interval = atomic_load_explicit(&recorder->interval, memory_order_relaxed);
    bool ends = unit && start != NO_FRAGMENT &&
                (fragment_time_is_up(start, unit) || fragment_nearly_up(start, interval, unit));
    if (ends) /* the wanted one is there: what the writer wants next, it says next */
        hub_want(recorder->hub, INT64_MAX);
    if (!unit || unit->run_start || start == NO_FRAGMENT || ends)
        writer_ready(recorder);
}

void recorder_listen(Recorder *recorder)
{
    HubListener *listener =
        hub_listen(recorder->hub, false, recorder->archive->queue_bytes, unit_queued, recorder);
    atomic_store(&recorder->listener, listener);
    writer_ready(recorder);
}

static void show_segment(Archive *archive, Store *store, Segment *segment)
{
    pthread_mutex_lock(&archive->lock);
    segment->stream->store = store;
    g_ptr_array_add(archive->segments, segment);
    pthread_mutex_unlock(&archive->lock);
    atomic_fetch_add(&archive->unsealed, 1);
}

static void hide_segment(Archive *archive, Segment *segment)
{
    pthread_mutex_lock(&archive->lock);
    g_ptr_array_remove(archive->segments, segment);
    pthread_mutex_unlock(&archive->lock);
    atomic_fetch_sub(&archive->unsealed, 1);
}

/* Nothing was ever written to it: as if it had not been made. */
static void drop_segment(Recorder *recorder)
{
    hide_segment(recorder->archive, recorder->segment);
    segment_remove_empty(recorder->segment);
    recorder->segment = NULL;
}

static void end_segment(Recorder *recorder, Batch *batch)
{
    if (recorder->segment)
        batch_close_segment(batch, recorder->segment);
    recorder->segment = NULL;
}

/* The fragment's pictures are lost; the next ones are of use from a key picture on. */
static void lose_fragment(Recorder *recorder, const Fragment *fragment, GapCause cause)
{
    if (recorder->stream->cursor_us == 0)
        recorder->stream->cursor_us = fragment_first(fragment)->capture_us;
    atomic_fetch_add_explicit(&recorder->archive->lost_pictures, fragment_pictures(fragment),
                              memory_order_relaxed);
    recorder->broken = true;
    recorder->waits_for_key = true;
    recorder->missing = cause;
    recorder->missing_us = fragment_last(fragment)->capture_us;
}

static bool open_segment(Recorder *recorder, Batch *batch, const Fragment *fragment,
                         GapCause *cause)
{
    if (recorder->segment)
        return true;
    GError *error = NULL;
    Store *store = batch->store;
    const AccessUnit *first = fragment_first(fragment);
    recorder->segment = segment_create(store, recorder->stream, first, recorder->audio, &error);
    if (!recorder->segment) {
        *cause = batch_failed(batch, store->volume.path, error);
        return false;
    }
    show_segment(recorder->archive, store, recorder->segment);
    return true;
}

static bool store_fragment(Recorder *recorder, Batch *batch, Fragment *fragment,
                           const FragmentFacts *facts, GapCause *cause)
{
    if (!atomic_load(&batch->store->volume.present)) {
        end_segment(recorder, batch);
        *cause = GAP_VOLUME_MISSING;
        return false;
    }
    if (!open_segment(recorder, batch, fragment, cause))
        return false;
    bool unusable;
    recorder->written++;
    if (batch_write(batch, recorder->stream, recorder->segment, fragment, facts, cause, &unusable))
        return true;
    if (recorder->segment->size == 0)
        drop_segment(recorder);
    else if (unusable)
        end_segment(recorder, batch);
    return false;
}

/* The recorder leaves this volume behind what is written. */
static void leave(Recorder *recorder, Batch *batch, Store *store)
{
    end_segment(recorder, batch);
    recorder->next_store = store;
}

/* The fragment in work is written by `store`, which the recorder is handed over to. */
static void put_off(Recorder *recorder, Batch *batch, const FragmentFacts *facts, Store *store)
{
    PutOff *later = &recorder->put_off;
    Fragment empty = later->fragment;
    later->fragment = recorder->fragment;
    recorder->fragment = empty;
    later->next = facts->next ? access_unit_ref((AccessUnit *)facts->next) : NULL;
    later->most_us = facts->most_us;
    later->ends_us = facts->ends_us;
    later->waits = true;
    leave(recorder, batch, store);
}

/* Where else a fragment may go that this volume could not take. */
static Store *elsewhere(Batch *batch)
{
    balance_avoid(batch->store, "failed");
    return balance_instead(batch->store);
}

static void drop_fragment(Recorder *recorder)
{
    atomic_fetch_add_explicit(&recorder->archive->lost_pictures,
                              fragment_pictures(&recorder->fragment), memory_order_relaxed);
    fragment_empty(&recorder->fragment);
    atomic_store_explicit(&recorder->fragment_start, NO_FRAGMENT, memory_order_relaxed);
}

/* Writes what another volume could not take. False when this one cannot either and it goes on to a
 * third. */
static bool write_put_off(Recorder *recorder, Batch *batch)
{
    PutOff *later = &recorder->put_off;
    FragmentFacts facts = {later->next, later->most_us, later->ends_us};
    GapCause cause;
    bool written = store_fragment(recorder, batch, &later->fragment, &facts, &cause);
    Store *other = written || ++later->tries >= FRAGMENT_TRIES_MOST ? NULL : elsewhere(batch);
    if (other) {
        leave(recorder, batch, other);
        return false;
    }
    if (!written) {
        lose_fragment(recorder, &later->fragment, cause);
        if (fragment_pictures(&recorder->fragment) > 0)
            recorder->missing_us = fragment_last(&recorder->fragment)->capture_us;
        drop_fragment(recorder); /* it went on from there */
    } else if (recorder->owes_later && fragment_pictures(&recorder->fragment) > 0) {
        owed_gap_before(recorder, fragment_first(&recorder->fragment));
        recorder->missing = GAP_UNKNOWN;
    }
    fragment_empty(&later->fragment);
    g_clear_pointer(&later->next, access_unit_unref);
    later->waits = recorder->owes_later = false;
    later->tries = 0;
    return true;
}

static int64_t interval_us(const Recorder *recorder)
{
    return atomic_load_explicit(&recorder->interval, memory_order_relaxed) * SECOND_US /
           VIDEO_TIMESCALE;
}

/* Writes the fragment in work, here or, if that cannot be or the segment is to begin elsewhere, on
 * another volume. */
static void write_fragment(Recorder *recorder, Batch *batch, const FragmentFacts *facts)
{
    Fragment *fragment = &recorder->fragment;
    GapCause cause = GAP_UNKNOWN;
    Store *other = recorder->segment ? NULL : balance_better(batch->store);
    atomic_store_explicit(&recorder->interval, fragment_interval(fragment), memory_order_relaxed);
    if (other) {
        put_off(recorder, batch, facts, other);
    } else if (!store_fragment(recorder, batch, fragment, facts, &cause)) {
        other = elsewhere(batch);
        if (other)
            put_off(recorder, batch, facts, other);
        else
            lose_fragment(recorder, fragment, cause);
    } else if (balance_is_avoided(batch->store) && (other = balance_instead(batch->store))) {
        leave(recorder, batch, other); /* written, but slowly */
    }
    fragment_empty(&recorder->fragment);
    atomic_store_explicit(&recorder->fragment_start, NO_FRAGMENT, memory_order_relaxed);
}

/* `next` has come: the picture that follows without a break; NULL: none does, by `now_us`. */
static void write_before(Recorder *recorder, Batch *batch, const AccessUnit *next, int64_t now_us)
{
    int64_t last_us = fragment_last(&recorder->fragment)->capture_us;
    write_fragment(recorder, batch, &(FragmentFacts){.next = next, .most_us = now_us - last_us});
}

/* Writes a fragment whose last picture has come, without waiting for the next one: what a kill can
 * take is then less than a second. */
static void write_full(Recorder *recorder, Batch *batch)
{
    const GPtrArray *units = recorder->fragment.units[TRACK_VIDEO];
    const AccessUnit *last = g_ptr_array_index(units, units->len - 1);
    const AccessUnit *before = g_ptr_array_index(units, units->len - 2);
    int64_t lasts_us = last->capture_us - before->capture_us;
    int64_t next_end_us = last->capture_us + SECOND_US;
    int64_t next_pts = last->pts + (last->pts - before->pts);
    write_fragment(recorder, batch,
                   &(FragmentFacts){.most_us = SECOND_US, .ends_us = last->capture_us + lasts_us});
    /* The picture that begins the next one need not wake the writer, only the one that ends it. */
    atomic_store_explicit(&recorder->fragment_start, next_pts, memory_order_relaxed);
    hub_want(recorder->hub, next_end_us);
}

static bool audio_is_other(const Recorder *recorder)
{
    const CodecParams *now = recorder->segment->tracks[TRACK_AUDIO];
    return recorder->audio && recorder->audio != now && !codec_params_equal(recorder->audio, now);
}

/* Whether the open segment ends before picture `unit`. */
static bool segment_ends_before(const Recorder *recorder, const AccessUnit *unit)
{
    const Segment *segment = recorder->segment;
    const CodecParams *video = segment->tracks[TRACK_VIDEO];
    int64_t until_us = atomic_load_explicit(&segment->until_us, memory_order_relaxed);
    if (unit->params != video && !codec_params_equal(unit->params, video))
        return true;
    if (unit->capture_us >= until_us + SEGMENT_WAIT_US)
        return true;
    if (unit->run != recorder->run && unit->capture_us < segment->to_us - BACKWARDS_US)
        return true;
    if (!unit->key)
        return false;
    return unit->capture_us >= until_us || segment_full(segment) ||
           (audio_is_other(recorder) &&
            (!segment->tracks[TRACK_AUDIO] ||
             unit->capture_us >= segment->id.start_us + AUDIO_CHANGE_US));
}

static void take_audio(Recorder *recorder, AccessUnit *unit)
{
    Fragment *fragment = &recorder->fragment;
    if (unit->params != recorder->audio && !codec_params_equal(unit->params, recorder->audio)) {
        codec_params_unref(recorder->audio);
        recorder->audio = codec_params_ref(unit->params);
        fragment_empty_track(fragment, TRACK_AUDIO); /* a track has one coding */
    }
    bool fits = fragment->units[TRACK_AUDIO]->len < FRAGMENT_UNITS_MOST &&
                fragment->bytes[TRACK_AUDIO] + unit->size <= FRAGMENT_AUDIO_BYTES_MOST;
    bool belongs = recorder->segment ? !audio_is_other(recorder) : fragment_pictures(fragment) > 0;
    if (fits && belongs)
        fragment_add(fragment, unit);
    else
        access_unit_unref(unit);
}

/* Begins a fragment with `unit`, the next picture to be written. */
static void begin_fragment(Recorder *recorder, Batch *batch, const AccessUnit *unit)
{
    if (recorder->segment && segment_ends_before(recorder, unit))
        end_segment(recorder, batch);
    recorder->owes_later = recorder->broken && recorder->put_off.waits;
    if (recorder->broken && !recorder->owes_later)
        owed_gap_before(recorder, unit);
    recorder->broken = false;
    recorder->waits_for_key = false;
    if (!recorder->owes_later)
        recorder->missing = GAP_UNKNOWN;
    recorder->run = unit->run;
    recorder->fragment_since_us = clock_mono_us();
    atomic_store_explicit(&recorder->fragment_start, unit->pts, memory_order_relaxed);
    /* However the camera is read, the picture that ends the fragment is to be had in time. */
    hub_want(recorder->hub, unit->capture_us + SECOND_US - interval_us(recorder));
}

/* Whether the next picture but one may begin another segment. The last picture of a segment is kept
 * for that one, so that the sound which comes between them is written to its own segment. */
static bool segment_is_near_end(const Recorder *recorder, const AccessUnit *unit)
{
    int64_t two_us = 2 * fragment_interval(&recorder->fragment) * SECOND_US / VIDEO_TIMESCALE;
    int64_t until_us = recorder->segment
                           ? recorder->segment->until_us
                           : segment_until_us(&recorder->stream->camera,
                                              fragment_first(&recorder->fragment)->capture_us,
                                              recorder->archive->segment_us);
    return unit->capture_us + two_us >= until_us;
}

static void take_picture(Recorder *recorder, Batch *batch, AccessUnit *unit, unsigned lost)
{
    Fragment *fragment = &recorder->fragment;
    bool connects = !lost && unit->run == recorder->run;
    if (fragment_pictures(fragment) > 0 &&
        (!connects || fragment_ends_before(fragment, unit) ||
         (recorder->segment && segment_ends_before(recorder, unit))))
        write_before(recorder, batch, connects ? unit : NULL, unit->capture_us);
    if (!connects)
        recorder->broken = true;
    if (lost) {
        recorder->missing = GAP_OVERLOAD;
        atomic_fetch_add_explicit(&recorder->archive->lost_pictures, lost, memory_order_relaxed);
    } else if (unit->run_start && !recorder->put_off.waits) {
        owed_cause_turns(recorder, unit);
    }
    if (recorder->waits_for_key && !unit->key) {
        recorder->missing_us = unit->capture_us;
        access_unit_unref(unit);
        return;
    }
    if (fragment_pictures(fragment) == 0)
        begin_fragment(recorder, batch, unit);
    fragment_add(fragment, unit);
    if (fragment_is_full(fragment, segment_is_near_end(recorder, unit)))
        write_full(recorder, batch);
}

/* Picture `unit` is not to be recorded, and the one before it was. */
static void begin_rest(Recorder *recorder, Batch *batch, const AccessUnit *unit, unsigned lost)
{
    bool connects = !lost && unit->run == recorder->run;
    if (fragment_pictures(&recorder->fragment) > 0)
        write_before(recorder, batch, connects ? unit : NULL, unit->capture_us);
    end_segment(recorder, batch);
    fragment_empty(&recorder->fragment);
    if (lost)
        recorder->missing = GAP_OVERLOAD;
    if (recorder->stream->cursor_us == 0)
        recorder->stream->cursor_us = unit->capture_us;
    if ((recorder->broken || !connects) && !recorder->put_off.waits)
        owed_gap_before(recorder, unit);
    recorder->broken = true;
    recorder->waits_for_key = true;
    recorder->missing = GAP_SCHEDULED;
    atomic_store_explicit(&recorder->resting, true, memory_order_relaxed);
    hub_want(recorder->hub, INT64_MAX);
}

static void take(Recorder *recorder, Batch *batch, AccessUnit *unit)
{
    if (unit->track == TRACK_VIDEO)
        take_picture(recorder, batch, unit, 0);
    else
        take_audio(recorder, unit);
}

static bool is_resting(const Recorder *recorder)
{
    return atomic_load_explicit(&recorder->resting, memory_order_relaxed);
}

/* What was held goes before all that comes; less of it when the recorder changes its volume. */
static void take_held(Recorder *recorder, Batch *batch)
{
    AccessUnit *unit;
    while (!recorder->next_store && (unit = held_take(&recorder->held)))
        take(recorder, batch, unit);
}

static void hold(Recorder *recorder, AccessUnit *unit)
{
    held_add(&recorder->held, unit, plan_held_us(recorder->plan));
}

/* A picture is recorded, or held, by the time at which it was taken. */
static void judge_picture(Recorder *recorder, Batch *batch, AccessUnit *unit, unsigned lost)
{
    int64_t from_us;
    bool open = plan_is_open(recorder->plan, unit->capture_us, &from_us);
    if (!open && !is_resting(recorder))
        begin_rest(recorder, batch, unit, lost);
    if (lost)
        held_clear(&recorder->held);
    if (!open || recorder->next_store) {
        hold(recorder, unit);
    } else if (!is_resting(recorder)) {
        take_picture(recorder, batch, unit, lost);
    } else { /* from here on, and from `from_us` of what is held */
        atomic_store_explicit(&recorder->resting, false, memory_order_relaxed);
        held_push(&recorder->held, unit);
        held_begin_at(&recorder->held, from_us);
        take_held(recorder, batch);
    }
}

size_t recorder_waiting(Recorder *recorder)
{
    HubListener *listener = atomic_load(&recorder->listener);
    return listener ? hub_listener_waiting(listener) : 0;
}

bool recorder_drain(Recorder *recorder, Batch *batch)
{
    HubListener *listener = atomic_load(&recorder->listener);
    AccessUnit *unit;
    unsigned lost;
    if (recorder->put_off.waits && !write_put_off(recorder, batch))
        return true;
    if (!is_resting(recorder))
        take_held(recorder, batch);
    unsigned until = recorder->written + DRAIN_FRAGMENTS;
    while (listener && !recorder->next_store && recorder->written != until &&
           (unit = hub_listener_next(listener, &lost))) {
        if (unit->track == TRACK_VIDEO)
            judge_picture(recorder, batch, unit, lost);
        else if (is_resting(recorder))
            hold(recorder, unit);
        else
            take_audio(recorder, unit);
    }
    return recorder->written != until;
}

static bool waits_too_long(const Recorder *recorder)
{
    return fragment_pictures(&recorder->fragment) > 0 &&
           clock_mono_us() - recorder->fragment_since_us >= FLUSH_AFTER_US;
}

void recorder_tick(Recorder *recorder, Batch *batch)
{
    int64_t now_us = clock_now_us();
    if (waits_too_long(recorder) || fragment_pictures(&recorder->fragment) == 0)
        recorder_drain(recorder, batch); /* what came without ending the fragment */
    if (waits_too_long(recorder) && !recorder->next_store)
        write_before(recorder, batch, NULL, now_us);
    if (!recorder->segment || fragment_pictures(&recorder->fragment) > 0)
        return;
    if (now_us >= recorder->segment->until_us + SEGMENT_WAIT_US ||
        !atomic_load(&batch->store->volume.present))
        end_segment(recorder, batch);
}

void recorder_stop(Recorder *recorder)
{
    hub_unlisten(atomic_exchange(&recorder->listener, NULL));
}

void recorder_end(Recorder *recorder, Batch *batch)
{
    if (fragment_pictures(&recorder->fragment) > 0)
        write_before(recorder, batch, NULL, clock_now_us());
    end_segment(recorder, batch);
    fragment_clear(&recorder->fragment);
    fragment_clear(&recorder->put_off.fragment);
    held_clear(&recorder->held);
    codec_params_unref(recorder->audio);
    hub_unref(recorder->hub);
    g_free(recorder);
}
