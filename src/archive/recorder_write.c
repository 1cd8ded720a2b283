#include "archive/recorder_write.h"

#include "archive/balance.h"
#include "archive/owed.h"
#include "base/clock.h"

enum { AUDIO_SILENT_US = 3000000 }; /* unheard for so long, there is no sound */

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

void recorder_end_segment(Recorder *recorder, Batch *batch)
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

/* A film that declares sound which never comes is not shown by browsers: what was switched off, or
 * died, is not expected of the next segment. */
static void forget_old_sound(Recorder *recorder, int64_t now_us)
{
    if (recorder->audio && ABS(now_us - recorder->audio_us) > AUDIO_SILENT_US)
        g_clear_pointer(&recorder->audio, codec_params_unref);
}

static bool open_segment(Recorder *recorder, Batch *batch, const Fragment *fragment,
                         GapCause *cause)
{
    if (recorder->segment)
        return true;
    GError *error = NULL;
    Store *store = batch->store;
    const AccessUnit *first = fragment_first(fragment);
    forget_old_sound(recorder, first->capture_us);
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
        recorder_end_segment(recorder, batch);
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
        recorder_end_segment(recorder, batch);
    return false;
}

/* The recorder leaves this volume behind what is written. */
static void leave(Recorder *recorder, Batch *batch, Store *store)
{
    recorder_end_segment(recorder, batch);
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
    later->apart_us = facts->apart_us;
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
bool recorder_write_put_off(Recorder *recorder, Batch *batch)
{
    PutOff *later = &recorder->put_off;
    FragmentFacts facts = {later->next, later->most_us, later->apart_us, later->ends_us};
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

int64_t recorder_interval_us(const Recorder *recorder)
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
void recorder_write_before(Recorder *recorder, Batch *batch, const AccessUnit *next, int64_t now_us)
{
    int64_t passed_us = now_us - fragment_last(&recorder->fragment)->capture_us;
    write_fragment(recorder, batch,
                   &(FragmentFacts){.next = next,
                                    .most_us = passed_us,
                                    .apart_us = MIN(recorder->apart_us, passed_us)});
}

/* Writes what has waited long enough by `now_us`. The next picture of a slow camera is still on its
 * way: without the time until then, each of them would be followed by a gap. */
void recorder_write_waiting(Recorder *recorder, Batch *batch, int64_t now_us)
{
    int64_t passed_us = now_us - fragment_last(&recorder->fragment)->capture_us;
    write_fragment(recorder, batch,
                   &(FragmentFacts){.most_us = passed_us,
                                    .apart_us = MIN(recorder->apart_us, PICTURE_APART_MOST_US)});
}

/* Writes a fragment whose last picture has come, without waiting for the next one: what a kill can
 * take is then less than a second. */
void recorder_write_full(Recorder *recorder, Batch *batch)
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
