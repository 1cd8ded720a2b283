/* held.h — the newest units of a stream that is not recorded now, in memory: where the recording
 * begins if it is wanted after all. Begins with a key picture. One thread.
 */
#pragma once

#include "media/access_unit.h"

#include <glib.h>

enum { HELD_BYTES_MOST = 32 << 20 };

typedef struct Held {
    GQueue units; /* AccessUnit, a reference each */
    size_t bytes;
} Held;

void held_clear(Held *held);

/* Takes `unit`. What is not needed to show the last `keep_us` before it goes; if that is more than
 * HELD_BYTES_MOST, the oldest. */
void held_add(Held *held, AccessUnit *unit, int64_t keep_us);

/* Takes `unit`, and lets nothing go. */
void held_push(Held *held, AccessUnit *unit);

/* Lets go what is not needed to show `from_us` and what follows. */
void held_begin_at(Held *held, int64_t from_us);

/* The oldest, returned owned, or NULL. */
AccessUnit *held_take(Held *held);
