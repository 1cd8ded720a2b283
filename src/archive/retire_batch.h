/* retire_batch.h — segments of one camera on one volume that are deleted together. The keeper's
 * thread.
 */
#pragma once

#include "archive/sealer.h"
#include "catalog/segments.h"

enum { RETIRE_BATCH_MOST = 12 }; /* an hour: a day's seals are written anew for each batch */

typedef struct RetireBatch {
    SegmentRow *rows[RETIRE_BATCH_MOST]; /* owned */
    unsigned count;
    int64_t bytes;
} RetireBatch;

void retire_batch_clear(RetireBatch *batch);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(RetireBatch, retire_batch_clear)

/* Copies `row`. There must be room. */
void retire_batch_add(RetireBatch *batch, const SegmentRow *row);

/* Takes them off the timeline: from here on nobody can ask that they be held. Without room for
 * that it is passed over, for they make it. */
bool retire_batch_mark(Store *store, RetireBatch *batch, GError **error);

/* Takes out of the batch what `holds` cover (NULL: all), and puts it back on the timeline. A hold
 * that was set before the mark was made is kept to, if it is looked for after that. */
bool retire_batch_keep(Store *store, Sealer *sealer, RetireBatch *batch, const GArray *holds,
                       GError **error);

/* Seals, files, catalog: done anew, with the mark, where a stop cut it off. Counts what went. */
bool retire_batch_delete(Store *store, Sealer *sealer, RetireBatch *batch, const char *reason,
                         int64_t at_us, GError **error);
