/* timeline.h — from a track's RTP time stamps and arrival times to continuous media time and UTC.
 *
 * FOOTAGE.md §7: spacing of pictures from RTP; the start of a run from min(arrival − media time);
 * then slewed by at most 500 ppm towards the minimum of the last 10 s. A new run begins only when
 * that minimum is off by more than 0.5 s, when the stamps have jumped for good, or when the node's
 * clock was stepped. A strange stamp never stops recording (CAMERAS.md R12, R13).
 *
 * Pure: no clock of its own. One thread.
 */
#pragma once

#include "media/gap.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct Timeline Timeline;

typedef struct TimelinePoint {
    int64_t pts; /* ticks, unwrapped, continuous within the run; starts at 0 */
    int64_t capture_us;
    bool run_start;
} TimelinePoint;

Timeline *timeline_new(uint32_t timescale);
void timeline_free(Timeline *timeline); /* NULL is allowed */

/* The next point starts a new run (after a reconnect, a step of the node's clock). */
void timeline_restart(Timeline *timeline);

/* Maps a stamp that arrived at `arrival_us`. Capture times never go backwards within a run but for
 * the reordering of B-pictures. */
TimelinePoint timeline_map(Timeline *timeline, uint32_t stamp, int64_t arrival_us);

/* While a run is younger than TIMELINE_SETTLE_US since its first arrival, its offset may still
 * drop (a camera may send old pictures in a burst at first); points handed out before are mended by
 * timeline_capture_us(). */
enum { TIMELINE_SETTLE_US = 200000 };
bool timeline_settled(const Timeline *timeline, int64_t now_us);
int64_t timeline_capture_us(const Timeline *timeline, int64_t pts);
