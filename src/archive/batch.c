#include "archive/batch.h"

#include "archive/keeper.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* So many that the journal could not take wait in memory: minutes of 200 cameras. Then nothing more
 * is written, for a kill would take it. */
enum { RECORDS_WAIT_MOST = 32768 };

void batch_init(Batch *batch, Store *store)
{
    *batch = (Batch){
        .store = store,
        .archive = store->archive,
        .records = g_array_new(FALSE, FALSE, sizeof(JournalRecord)),
        .touched = g_ptr_array_new(),
        .closed = g_ptr_array_new(),
        .hash = sha256_new(),
        .parts = g_array_new(FALSE, FALSE, sizeof(struct iovec)),
    };
    for (int i = 0; i < TRACKS; i++)
        batch->samples[i] = g_array_new(FALSE, FALSE, sizeof(Fmp4Sample));
}

void batch_clear(Batch *batch)
{
    g_array_unref(batch->records);
    g_ptr_array_unref(batch->touched);
    g_ptr_array_unref(batch->closed);
    sha256_free(batch->hash);
    byte_writer_free(&batch->init);
    byte_writer_free(&batch->head);
    for (int i = 0; i < TRACKS; i++)
        g_array_unref(batch->samples[i]);
    g_array_unref(batch->parts);
}

static void add_part(Batch *batch, const void *data, size_t size)
{
    struct iovec part = {(void *)data, size};
    g_array_append_val(batch->parts, part);
    sha256_add(batch->hash, data, size);
}

static void add_units(Batch *batch, const GPtrArray *units, size_t *total)
{
    for (guint i = 0; i < units->len; i++) {
        const AccessUnit *unit = g_ptr_array_index(units, i);
        add_part(batch, unit->data, unit->size);
        *total += unit->size;
    }
}

/* The init part as the first of the parts to write. */
static void lay_init(Batch *batch, const Segment *segment, JournalRecord *record)
{
    Fmp4Init init = {.tracks = {segment->tracks[TRACK_VIDEO], segment->tracks[TRACK_AUDIO]},
                     .footage = true,
                     .camera = segment->id.camera,
                     .stream = segment->id.stream,
                     .from_us = segment->id.start_us};
    byte_writer_clear(&batch->init);
    fmp4_write_init(&batch->init, &init);
    add_part(batch, batch->init.data, batch->init.size);
    sha256_end(batch->hash, record->hash);
    record->type = JOURNAL_INIT;
    record->bytes = (uint32_t)batch->init.size;
    record->from_us = record->to_us = segment->id.start_us;
}

static void add_record(Batch *batch, const Segment *segment, JournalRecord record)
{
    record.segment = segment->id;
    g_array_append_val(batch->records, record);
}

static void account_init(Batch *batch, Segment *segment, JournalRecord record)
{
    add_record(batch, segment, record);
    segment_add_entry(segment, record.hash);
}

static void declare_gaps(Batch *batch, Stream *stream, Segment *segment)
{
    for (guint i = 0; i < stream->owed->len; i++) {
        const SealGap *gap = &g_array_index(stream->owed, SealGap, i);
        add_record(batch, segment,
                   (JournalRecord){.type = JOURNAL_GAP,
                                   .from_us = gap->from_us,
                                   .to_us = gap->to_us,
                                   .cause = gap->cause});
    }
    pthread_mutex_lock(&batch->archive->lock);
    g_array_append_vals(segment->gaps, stream->owed->data, stream->owed->len);
    pthread_mutex_unlock(&batch->archive->lock);
    g_array_set_size(stream->owed, 0);
}

static GapCause cause_of(int code)
{
    return code == ENOSPC || code == EDQUOT ? GAP_DISK_FULL : GAP_DISK_ERROR;
}

static void tell_failure(Batch *batch, const char *path, GapCause cause, const char *reason)
{
    atomic_store(&batch->store->trouble, (int)cause);
    atomic_fetch_add_explicit(&batch->store->write_errors, 1, memory_order_relaxed);
    log_error("archive.write_failed", "file=%s cause=%s error=\"%s\"", path, gap_cause_text(cause),
              reason);
    if (cause == GAP_DISK_FULL)
        keeper_make_room(batch->store->keeper);
}

GapCause batch_failed(Batch *batch, const char *path, GError *error)
{
    GapCause cause = g_error_matches(error, ERR, ERR_FULL) ? GAP_DISK_FULL : GAP_DISK_ERROR;
    tell_failure(batch, path, cause, error->message);
    g_error_free(error);
    return cause;
}

void batch_reach(Batch *batch, Stream *stream, Segment *segment, int64_t until_us)
{
    segment->to_us = MAX(segment->to_us, until_us);
    stream->cursor_us = MAX(stream->cursor_us, until_us);
    if (!segment->touched)
        g_ptr_array_add(batch->touched, segment);
    segment->touched = true;
}

/* Notes a fragment that is in the file. */
static void account(Batch *batch, Stream *stream, Segment *segment, JournalRecord record)
{
    add_record(batch, segment, record);
    segment_add_entry(segment, record.hash);
    segment->sequence++;
    segment->pictures += record.pictures;
    batch_reach(batch, stream, segment, record.to_us);
    stream->after_restart = false;
    Archive *archive = batch->archive;
    atomic_store_explicit(&batch->store->trouble, 0, memory_order_relaxed);
    atomic_fetch_add_explicit(&archive->fragments, 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&archive->pictures, record.pictures, memory_order_relaxed);
    atomic_fetch_add_explicit(&batch->store->bytes, record.bytes, memory_order_relaxed);
}

/* Times and parts of the fragment, behind the init part where there is one yet to be written. */
static void lay_fragment(Batch *batch, Segment *segment, Fragment *fragment,
                         const FragmentFacts *facts, JournalRecord *record)
{
    const AccessUnit *first = fragment_first(fragment);
    const GPtrArray *pictures = fragment->units[TRACK_VIDEO];
    Fmp4Fragment shape = {.sequence = segment->sequence + 1, .prft_us = first->capture_us};
    record->from_us = first->capture_us;
    record->to_us = segment_clock_video(&segment->clock, fragment, facts,
                                        batch->samples[TRACK_VIDEO], &shape.tracks[TRACK_VIDEO]);
    if (facts->ends_us)
        record->to_us = facts->ends_us;
    if (segment->tracks[TRACK_AUDIO])
        segment_clock_audio(&segment->clock, fragment, batch->samples[TRACK_AUDIO],
                            &shape.tracks[TRACK_AUDIO]);
    byte_writer_clear(&batch->head);
    fmp4_write_fragment(&batch->head, &shape);
    size_t total = batch->head.size;
    add_part(batch, batch->head.data, batch->head.size);
    add_units(batch, pictures, &total);
    if (shape.tracks[TRACK_AUDIO].count)
        add_units(batch, fragment->units[TRACK_AUDIO], &total);
    sha256_end(batch->hash, record->hash);
    record->type = JOURNAL_FRAGMENT;
    record->key = ((const AccessUnit *)g_ptr_array_index(pictures, 0))->key;
    record->pictures = pictures->len;
    record->bytes = (uint32_t)total;
}

bool batch_write(Batch *batch, Stream *stream, Segment *segment, Fragment *fragment,
                 const FragmentFacts *facts, GapCause *cause, bool *unusable)
{
    SegmentClock before = segment->clock;
    JournalRecord init = {0}, record = {0};
    if (batch->records->len >= RECORDS_WAIT_MOST) {
        GapCause trouble = (GapCause)atomic_load(&batch->store->trouble);
        *cause = trouble != GAP_UNKNOWN ? trouble : GAP_DISK_ERROR;
        *unusable = false;
        return false;
    }
    g_array_set_size(batch->parts, 0);
    if (segment->size == 0)
        lay_init(batch, segment, &init);
    lay_fragment(batch, segment, fragment, facts, &record);
    record.offset = segment->size + init.bytes;
    int code;
    int64_t begin_us = clock_mono_us();
    bool appended =
        segment_append(segment, (struct iovec *)(void *)batch->parts->data, (int)batch->parts->len,
                       (size_t)init.bytes + record.bytes, &code, unusable);
    balance_spent(batch->store, &batch->spent, begin_us);
    if (!appended) {
        segment->clock = before;
        *cause = cause_of(code);
        *unusable = *unusable || *cause != GAP_DISK_FULL;
        tell_failure(batch, segment->path, *cause, g_strerror(code));
        return false;
    }
    if (init.bytes)
        account_init(batch, segment, init);
    declare_gaps(batch, stream, segment);
    account(batch, stream, segment, record);
    return true;
}

void batch_close_segment(Batch *batch, Segment *segment)
{
    segment_close_file(segment);
    g_ptr_array_add(batch->closed, segment);
}

static bool journal_all(Batch *batch)
{
    GError *error = NULL;
    if (atomic_exchange(&batch->store->returned, false))
        journal_restart(batch->store->journal);
    if (batch->records->len == 0)
        return true;
    int64_t begin_us = clock_mono_us();
    bool done =
        journal_append(batch->store->journal, (const JournalRecord *)(void *)batch->records->data,
                       batch->records->len, &error);
    balance_spent(batch->store, &batch->spent, begin_us);
    if (done)
        g_array_set_size(batch->records, 0);
    else
        batch_failed(batch, "journal", error);
    return done;
}

static void show(Batch *batch)
{
    Archive *archive = batch->archive;
    pthread_mutex_lock(&archive->lock);
    for (guint i = 0; i < batch->touched->len; i++) {
        Segment *segment = g_ptr_array_index(batch->touched, i);
        segment->touched = false;
        segment->shown_bytes = (int64_t)segment->size;
        segment->shown_to_us = segment->to_us;
        if (segment->stream->store != batch->store)
            continue; /* newer ones are on another */
        atomic_store_explicit(&segment->stream->written_us, segment->to_us, memory_order_relaxed);
        atomic_store_explicit(&segment->stream->written_at_us, clock_mono_us(),
                              memory_order_relaxed);
    }
    pthread_mutex_unlock(&archive->lock);
    g_ptr_array_set_size(batch->touched, 0);
}

void batch_end(Batch *batch, bool last)
{
    if (!journal_all(batch) && !last)
        return; /* tried again with the next batch */
    show(batch);
    for (guint i = 0; i < batch->closed->len; i++)
        keeper_seal(batch->store->keeper, g_ptr_array_index(batch->closed, i));
    g_ptr_array_set_size(batch->closed, 0);
}
