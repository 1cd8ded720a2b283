#include "archive/recorder.h"

#include "archive/owed.h"
#include "archive/recorder_write.h"
#include "archive/writer.h"
#include "base/clock.h"

#include <string.h>

enum {
    FLUSH_AFTER_US = 1500000, /* a picture waits this long for its successor */
    BACKWARDS_US = 500000,    /* a new run that begins so much earlier gets a segment of its own */
    AUDIO_CHANGE_US = 10000000,   /* a segment lives this long before new audio ends it */
    DRAIN_FRAGMENTS = 4,          /* written at a time */
    KEY_WAIT_MOST_US = 120000000, /* however far apart the key pictures are */
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

static bool audio_is_other(const Recorder *recorder)
{
    const CodecParams *now = recorder->segment->tracks[TRACK_AUDIO];
    return recorder->audio && recorder->audio != now && !codec_params_equal(recorder->audio, now);
}

/* Without a key picture at its front a segment is shown only from its first one on: it is worth
 * waiting for, but not when somebody wants the segment, nor past midnight. */
static int64_t key_wait_us(const Recorder *recorder)
{
    const Segment *segment = recorder->segment;
    int64_t until_us = atomic_load_explicit(&segment->until_us, memory_order_relaxed);
    int64_t longest_us = 0;
    for (int i = 0; i < GROUPS_LOOKED; i++)
        longest_us = MAX(longest_us, recorder->groups_us[i]);
    bool known = recorder->groups_us[GROUPS_LOOKED - 1] > 0;
    if (!known || until_us != segment->due_us || until_us % DAY_US == 0)
        return SEGMENT_WAIT_US;
    return CLAMP(longest_us + longest_us / 2, SEGMENT_WAIT_US, KEY_WAIT_MOST_US);
}

/* Whether the open segment ends before picture `unit`. */
static bool segment_ends_before(const Recorder *recorder, const AccessUnit *unit)
{
    const Segment *segment = recorder->segment;
    const CodecParams *video = segment->tracks[TRACK_VIDEO];
    int64_t until_us = atomic_load_explicit(&segment->until_us, memory_order_relaxed);
    if (unit->params != video && !codec_params_equal(unit->params, video))
        return true;
    if (unit->capture_us >= until_us + key_wait_us(recorder))
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
    recorder->audio_us = unit->capture_us;
    bool fits = fragment->units[TRACK_AUDIO]->len < FRAGMENT_UNITS_MOST &&
                fragment->bytes[TRACK_AUDIO] + unit->size <= FRAGMENT_AUDIO_BYTES_MOST;
    bool belongs = recorder->segment ? !audio_is_other(recorder) : fragment_pictures(fragment) > 0;
    if (fits && belongs)
        fragment_add(fragment, unit);
    else
        access_unit_unref(unit);
}

/* Ends the open segment before picture `unit`. What was written without waiting for that one is
 * shown until then, if it follows without a break: within a segment it is, too. */
static void end_segment_before(Recorder *recorder, Batch *batch, const AccessUnit *unit)
{
    if (!recorder->broken)
        batch_reach(batch, recorder->stream, recorder->segment, unit->capture_us);
    recorder_end_segment(recorder, batch);
}

/* Begins a fragment with `unit`, the next picture to be written. */
static void begin_fragment(Recorder *recorder, Batch *batch, const AccessUnit *unit)
{
    if (recorder->segment && segment_ends_before(recorder, unit))
        end_segment_before(recorder, batch, unit);
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
    hub_want(recorder->hub, unit->capture_us + SECOND_US - recorder_interval_us(recorder));
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

/* What the next picture and the next key picture are measured from. */
static void forget_distances(Recorder *recorder)
{
    recorder->newest_us = recorder->key_us = 0;
}

static void note_distances(Recorder *recorder, const AccessUnit *unit)
{
    if (recorder->newest_us > 0 && unit->capture_us > recorder->newest_us)
        recorder->apart_us = unit->capture_us - recorder->newest_us;
    recorder->newest_us = unit->capture_us;
    if (!unit->key)
        return;
    if (recorder->key_us > 0 && unit->capture_us > recorder->key_us) {
        memmove(recorder->groups_us + 1, recorder->groups_us,
                sizeof recorder->groups_us - sizeof *recorder->groups_us);
        recorder->groups_us[0] = unit->capture_us - recorder->key_us;
    }
    recorder->key_us = unit->capture_us;
}

static void take_picture(Recorder *recorder, Batch *batch, AccessUnit *unit, unsigned lost)
{
    Fragment *fragment = &recorder->fragment;
    bool connects = !lost && unit->run == recorder->run;
    if (!connects)
        forget_distances(recorder);
    note_distances(recorder, unit);
    if (fragment_pictures(fragment) > 0 &&
        (!connects || fragment_ends_before(fragment, unit) ||
         (recorder->segment && segment_ends_before(recorder, unit))))
        recorder_write_before(recorder, batch, connects ? unit : NULL, unit->capture_us);
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
        recorder_write_full(recorder, batch);
}

/* Picture `unit` is not to be recorded, and the one before it was. */
static void begin_rest(Recorder *recorder, Batch *batch, const AccessUnit *unit, unsigned lost)
{
    bool connects = !lost && unit->run == recorder->run;
    if (fragment_pictures(&recorder->fragment) > 0)
        recorder_write_before(recorder, batch, connects ? unit : NULL, unit->capture_us);
    recorder_end_segment(recorder, batch);
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
    forget_distances(recorder);
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
    if (recorder->put_off.waits && !recorder_write_put_off(recorder, batch))
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

/* The very first picture alone waits until the second one, or silence, tells how long it lasts. */
static bool waits_too_long(const Recorder *recorder)
{
    guint pictures = fragment_pictures(&recorder->fragment);
    bool told = pictures > 1 || recorder->apart_us > 0;
    return pictures > 0 && clock_mono_us() - recorder->fragment_since_us >=
                               (told ? FLUSH_AFTER_US : PICTURE_APART_MOST_US);
}

/* By the clock, when no picture comes that would end it. One that is due yet tells how long the
 * last one lasts. */
static bool segment_is_over(const Recorder *recorder, int64_t now_us)
{
    if (now_us < recorder->newest_us + recorder->apart_us + FLUSH_AFTER_US)
        return false;
    bool silent = now_us - recorder->newest_us >= SEGMENT_WAIT_US;
    int64_t wait_us = silent ? SEGMENT_WAIT_US : key_wait_us(recorder);
    return now_us >= recorder->segment->until_us + wait_us;
}

void recorder_tick(Recorder *recorder, Batch *batch)
{
    int64_t now_us = clock_now_us();
    if (waits_too_long(recorder) || fragment_pictures(&recorder->fragment) == 0)
        recorder_drain(recorder, batch); /* what came without ending the fragment */
    if (waits_too_long(recorder) && !recorder->next_store)
        recorder_write_waiting(recorder, batch, now_us);
    if (!recorder->segment || fragment_pictures(&recorder->fragment) > 0)
        return;
    if (segment_is_over(recorder, now_us) || !atomic_load(&batch->store->volume.present))
        recorder_end_segment(recorder, batch);
}

void recorder_stop(Recorder *recorder)
{
    hub_unlisten(atomic_exchange(&recorder->listener, NULL));
}

void recorder_end(Recorder *recorder, Batch *batch)
{
    if (fragment_pictures(&recorder->fragment) > 0)
        recorder_write_before(recorder, batch, NULL, clock_now_us());
    recorder_end_segment(recorder, batch);
    fragment_clear(&recorder->fragment);
    fragment_clear(&recorder->put_off.fragment);
    held_clear(&recorder->held);
    codec_params_unref(recorder->audio);
    hub_unref(recorder->hub);
    g_free(recorder);
}
