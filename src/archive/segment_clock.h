/* segment_clock.h — media time inside one segment: decode times, durations, composition offsets.
 *
 * Decode time 0 is the segment's first picture. Within a run times are exact differences of the
 * RTP clock. Where a new run begins they jump by what passed on the wall clock, never backwards.
 * Decode times are the presentation times of a fragment in order; a picture that is shown later
 * than that has a composition offset (negative ones come from B-pictures).
 *
 * Pure; the writer's.
 */
#pragma once

#include "archive/fragment.h"
#include "media/fmp4_write.h"

typedef struct TrackClock {
    bool started;
    uint32_t run;
    int64_t run_pts, run_tick; /* run_tick is the time of run_pts, of the run that is going on */
    int64_t next_tick;         /* no later sample decodes before it */
    int64_t end_tick;          /* where the last sample ends */
    uint32_t last_duration;    /* of a sample whose end was known; 0: none yet */
} TrackClock;

typedef struct SegmentClock {
    int64_t from_us; /* wall clock at decode time 0 */
    TrackClock tracks[TRACKS];
} SegmentClock;

/* Times of all pictures of `fragment`, which has at least one. Without a picture that follows, the
 * last one lasts as long as its predecessor but at most `facts->most_us`; one that is alone is told
 * to last `facts->apart_us`, also beyond that. `samples` (GArray of Fmp4Sample) is filled, `run`
 * points into it. Returns when the last picture ends, wall clock, by what has passed. */
int64_t segment_clock_video(SegmentClock *clock, const Fragment *fragment,
                            const FragmentFacts *facts, GArray *samples, Fmp4Run *run);

/* Times of all audio frames of `fragment`. What was heard before the segment's first picture, and
 * came after it, lies at its start, in order; what is older than a second is taken out. The run is
 * empty when none is left. */
void segment_clock_audio(SegmentClock *clock, Fragment *fragment, GArray *samples, Fmp4Run *run);
