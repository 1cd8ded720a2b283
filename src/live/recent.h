/* recent.h — the newest recorded parts of streams as windows that slide on, each part with its
 * number, for players that know HLS alone.
 *
 * A playlist that goes on must number its parts without a hole for as long as somebody loads it
 * (RFC 8216bis §6.2.2); the files do not know these numbers. Any thread.
 */
#pragma once

#include "base/uuid.h"
#include "media/access_unit.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct Recent Recent;

typedef struct RecentPart {
    char *file; /* owned; with `offset`: which part it is */
    uint64_t offset;
    int64_t time_us, duration_us;
    bool joins;           /* it goes on from the part before it in the file */
    uint64_t number;      /* given by recent_slide(), as what follows */
    uint64_t break_count; /* how often media time broke off before it */
} RecentPart;
void recent_part_clear(void *part); /* for GArray of them */

Recent *recent_new(void);
void recent_free(Recent *recent); /* NULL is allowed */

/* Puts what is new of `found` (GArray of RecentPart, by time) behind what the window of the stream
 * held, drops what ended before `from_us` or begins after `to_us` (the clock was set back), and
 * returns the window: GArray of RecentPart, owned. `*longest_us`: the longest part that ever stood
 * in it. */
GArray *recent_slide(Recent *recent, const Uuid *camera, StreamKind stream, const GArray *found,
                     int64_t from_us, int64_t to_us, int64_t *longest_us);
