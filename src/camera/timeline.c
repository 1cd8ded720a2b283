#include "camera/timeline.h"

#include "base/clock.h"

#include <glib.h>
#include <stdlib.h>

enum {
    WINDOW_US = 10 * 1000 * 1000,
    NEW_RUN_US = 500 * 1000,
    SLEW_PPM = 500,
    JUMP_S = 5,
    JUMPS_FOR_GOOD = 3,
    FROZEN_STAMPS = 3,
};

struct Timeline {
    uint32_t timescale;
    bool started;
    uint32_t last_stamp;
    int64_t last_pts; /* of the newest stamp, in order of arrival */
    int64_t last_arrival_us;
    int64_t step;      /* usual distance of two stamps, ticks */
    int64_t offset_us; /* capture = media time + offset */
    int64_t target_us; /* what the offset is slewed towards */
    int64_t run_arrival_us;
    int64_t window_start_us, window_min_us;
    unsigned jumps, frozen;
    uint32_t jump_stamp;
};

Timeline *timeline_new(uint32_t timescale)
{
    g_assert(timescale > 0);
    Timeline *timeline = g_new0(Timeline, 1);
    timeline->timescale = timescale;
    timeline->step = timescale / 25;
    return timeline;
}

void timeline_free(Timeline *timeline)
{
    g_free(timeline);
}

void timeline_restart(Timeline *timeline)
{
    timeline->started = false;
}

static int64_t media_us(const Timeline *timeline, int64_t ticks)
{
    int64_t whole = ticks / timeline->timescale, rest = ticks % timeline->timescale;
    return whole * SECOND_US + rest * SECOND_US / timeline->timescale;
}

static int64_t ticks_of_us(const Timeline *timeline, int64_t us)
{
    return us * timeline->timescale / SECOND_US;
}

static void start_run(Timeline *timeline, uint32_t stamp, int64_t arrival_us)
{
    timeline->started = true;
    timeline->last_stamp = stamp;
    timeline->last_pts = 0;
    timeline->offset_us = timeline->target_us = arrival_us;
    timeline->run_arrival_us = timeline->last_arrival_us = arrival_us;
    timeline->window_start_us = arrival_us;
    timeline->window_min_us = arrival_us;
    timeline->jumps = timeline->frozen = 0;
}

/* Ticks since the last stamp; what cannot be true is replaced by what is likely. Returns false when
 * the stamps have jumped for good. */
static bool advance(Timeline *timeline, uint32_t stamp, int64_t arrival_us, int64_t *ticks)
{
    int64_t delta = (int32_t)(stamp - timeline->last_stamp); /* wraps by 2^32, RFC 3550 §5.1 */
    int64_t waited = ticks_of_us(timeline, arrival_us - timeline->last_arrival_us);
    int64_t most = (int64_t)JUMP_S * timeline->timescale;
    /* A stream that paused has a stamp far ahead, and rightly so if the clock on the wall agrees.
     */
    bool jumped = llabs(delta) > most && llabs(delta - waited) > most;
    if (jumped) {
        /* It goes on if this stamp follows the last strange one as pictures follow each other. */
        int64_t since = (int32_t)(stamp - timeline->jump_stamp);
        timeline->jumps = timeline->jumps && llabs(since) <= most ? timeline->jumps + 1 : 1;
        timeline->jump_stamp = stamp;
        *ticks = timeline->step;
        if (timeline->jumps >= JUMPS_FOR_GOOD)
            return false;
        timeline->last_stamp += (uint32_t)timeline->step;
        return true;
    }
    timeline->jumps = 0;
    timeline->last_stamp = stamp;
    timeline->frozen = delta == 0 ? timeline->frozen + 1 : 0;
    if (timeline->frozen >= FROZEN_STAMPS)
        delta =
            MAX(waited, 1); /* a camera that stamps everything alike: the arrival is all we have */
    else if (delta == 0)
        delta = 1;
    else if (delta > 0 && delta < timeline->timescale)
        timeline->step = delta;
    *ticks = delta;
    return true;
}

static bool off_for_long(Timeline *timeline, int64_t lag_us, int64_t arrival_us)
{
    timeline->window_min_us = MIN(timeline->window_min_us, lag_us);
    if (arrival_us - timeline->window_start_us < WINDOW_US)
        return false;
    int64_t minimum = timeline->window_min_us;
    timeline->window_start_us = arrival_us;
    timeline->window_min_us = lag_us;
    if (llabs(minimum - timeline->offset_us) > NEW_RUN_US)
        return true;
    timeline->target_us = minimum;
    return false;
}

static void slew(Timeline *timeline, int64_t passed_us, int64_t lag_us, int64_t arrival_us)
{
    if (!timeline_settled(timeline, arrival_us)) {
        timeline->offset_us = MIN(timeline->offset_us, lag_us);
        timeline->target_us = timeline->offset_us;
        return;
    }
    /* A capture time after the arrival cannot be: such a picture corrects the target at once. */
    timeline->target_us = MIN(timeline->target_us, lag_us);
    int64_t most = MAX(passed_us, 0) * SLEW_PPM / 1000000;
    int64_t want = timeline->target_us - timeline->offset_us;
    timeline->offset_us += CLAMP(want, -most, most);
}

TimelinePoint timeline_map(Timeline *timeline, uint32_t stamp, int64_t arrival_us)
{
    int64_t ticks;
    if (!timeline->started || !advance(timeline, stamp, arrival_us, &ticks)) {
        start_run(timeline, stamp, arrival_us);
        return (TimelinePoint){.pts = 0, .capture_us = arrival_us, .run_start = true};
    }
    timeline->last_pts += ticks;
    timeline->last_arrival_us = MAX(timeline->last_arrival_us, arrival_us);
    int64_t lag_us = arrival_us - media_us(timeline, timeline->last_pts);
    if (off_for_long(timeline, lag_us, arrival_us)) {
        start_run(timeline, stamp, arrival_us);
        return (TimelinePoint){.pts = 0, .capture_us = arrival_us, .run_start = true};
    }
    slew(timeline, media_us(timeline, ticks), lag_us, arrival_us);
    return (TimelinePoint){.pts = timeline->last_pts,
                           .capture_us = timeline_capture_us(timeline, timeline->last_pts)};
}

bool timeline_settled(const Timeline *timeline, int64_t now_us)
{
    return timeline->started && now_us - timeline->run_arrival_us >= TIMELINE_SETTLE_US;
}

int64_t timeline_capture_us(const Timeline *timeline, int64_t pts)
{
    return media_us(timeline, pts) + timeline->offset_us;
}
