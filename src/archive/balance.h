/* balance.h — which volume a stream is written to.
 *
 * Streams are spread by the room that volumes have. One stays where it is, a segment after the
 * other, as long as its volume is well and not much fuller than another: so a day of a camera is
 * mostly one chain of seals. A volume that fails, or is slow, is left alone for a minute, then
 * twice as long each time it fails again. With one volume there is no choice. Any thread.
 */
#pragma once

#include "archive/store.h"

/* For a stream that is served by none yet. Called with ready_lock held. */
Store *balance_first(Archive *archive);

/* Where a new segment of a stream should rather begin than on `now`, which it is written to; NULL:
 * there. */
Store *balance_better(Store *now);

/* `store` could not take a fragment: another that may, or NULL. */
Store *balance_instead(Store *store);

/* Leaves `store` alone for a while; `why` is told. */
void balance_avoid(Store *store, const char *why);

/* Time spent in writing to `store`, as a level that leaks: it rises while more than half of the
 * time is spent so. One that rises too far is slow, and left alone. Of the store's writer. */
typedef struct BalanceLevel {
    int64_t level_us, at_us; /* monotonic */
} BalanceLevel;

/* Writing from `begin_us` (clock_mono_us()) until now. */
void balance_spent(Store *store, BalanceLevel *level, int64_t begin_us);

/* It failed or was slow, not long ago. */
bool balance_is_avoided(const Store *store);
