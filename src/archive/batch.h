/* batch.h — what the writer does in one go: fragments into files, then their journal records, then
 * it is shown to readers.
 *
 * Private to the writer thread.
 */
#pragma once

#include "archive/balance.h"
#include "archive/segment.h"

typedef struct Batch {
    Store *store;
    Archive *archive;   /* its */
    GArray *records;    /* JournalRecord not in the journal yet */
    GPtrArray *touched; /* Segment, borrowed: written to, not shown yet */
    GPtrArray *closed;  /* Segment, owned: for the keeper, once the journal has all of it */
    Sha256 *hash;
    ByteWriter init, head;
    GArray *samples[TRACKS]; /* Fmp4Sample */
    GArray *parts;           /* struct iovec */
    BalanceLevel spent;      /* in writing to the volume */
} Batch;

void batch_init(Batch *batch, Store *store);
void batch_clear(Batch *batch);

/* Appends `fragment` to `segment`, with the init part when it is the first, and with the gaps that
 * the stream still owes. On failure nothing of it is in the file; `*cause` says why, `*unusable`
 * that this segment can take no more. */
bool batch_write(Batch *batch, Stream *stream, Segment *segment, Fragment *fragment,
                 const FragmentFacts *facts, GapCause *cause, bool *unusable);

/* `path` could not be made or written: logs `error`, which it takes; returns the gap's cause. */
GapCause batch_failed(Batch *batch, const char *path, GError *error);

/* What `segment` holds is shown until `until_us`, when the picture that follows it was taken. */
void batch_reach(Batch *batch, Stream *stream, Segment *segment, int64_t until_us);

/* Takes `segment`: no more is written to it. */
void batch_close_segment(Batch *batch, Segment *segment);

/* Journals what was written, shows it, hands closed segments to the keeper. When the journal fails
 * all this waits for the next call, but not at the `last`. */
void batch_end(Batch *batch, bool last);
