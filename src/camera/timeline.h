/* timeline.h — from a track's RTP time stamps and arrival times to continuous media time and UTC.
 *
 * FOOTAGE.md §7: spacing of pictures from RTP; the start of a run from min(arrival − media time);
 * then slewed by at most 500 ppm towards the minimum of the last 10 s. A clock that drifts by more
 * is measured, and its stamps are stretched (decision 73). A new run begins only when that minimum
 * is off by more than 0.5 s, when the stamps have jumped for good, or when the node's clock was
 * stepped. A strange stamp never stops recording (CAMERAS.md R12, R13).
 *
 * Stamps that are of no use (all alike, or of a clock that runs much too fast or slowly, R14) are
 * left aside for the arrival, until they have kept pace with it for half a minute.
 *
 * Pure: no clock of its own. One thread.
 */
#pragma once

#include "media/gap.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct Timeline Timeline;

typedef struct TimelinePoint {
    int64_t pts; /* ticks, unwrapped, mended, continuous within the run; starts at 0 */
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

/* Within TIMELINE_SETTLE_US of the start of a run its offset may still drop, and longer while it
 * drops on and on, up to 5 s: a camera may send old pictures in a burst at first (R18). Points
 * handed out before are mended by timeline_capture_us(). */
enum { TIMELINE_SETTLE_US = 200000 };
bool timeline_settled(const Timeline *timeline, int64_t now_us);

/* Whether each arrival should be read at once: a run is young, or a picture counts as taken when it
 * arrived. */
bool timeline_wants_arrivals(const Timeline *timeline);
int64_t timeline_capture_us(const Timeline *timeline, int64_t pts);
