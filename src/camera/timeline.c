#include "camera/timeline.h"

#include "base/clock.h"

#include <glib.h>
#include <stdlib.h>

enum {
    WINDOW_US = 10 * 1000 * 1000,
    NEW_RUN_US = 500 * 1000,
    SLEW_PPM = 500,
    DRIFT_MOST_PPM = 20000,       /* of a clock, to be believed */
    CATCH_UP_PPM = 10000,         /* when a drift was found out, towards … */
    CATCH_UP_FROM_US = 20 * 1000, /* … what is further off than this */
    JUMP_S = 5,
    JUMPS_FOR_GOOD = 3,
    FROZEN_STAMPS = 3,
    BURST_MOST_US = 5 * 1000 * 1000, /* pictures of a new run are held back so long at most */
    BURST_FALL_US = 20 * 1000,       /* of the least lag: a burst still goes on */
    RISING_S = 10,                   /* lag that rises for so long is no crowded network */
    RISE_US = 20 * 1000,             /* a second */
    TRUE_PPM = 10000,                /* rate of stamps that can be relied on again … */
    TRUE_WINDOWS = 3,                /* … when it lasts */
    AGAIN_US = 60 * 1000 * 1000, /* runs that end so soon for the same reason: it is the clock */
};

struct Timeline {
    uint32_t timescale;
    bool started;
    uint32_t last_stamp;
    int64_t stamp_pts; /* of last_stamp */
    int64_t last_pts;  /* of the newest picture, in order of arrival */
    int64_t last_arrival_us;
    unsigned alike;            /* pictures with last_stamp */
    int64_t step, step_before; /* usual distance of two pictures, ticks */
    int64_t offset_us;         /* capture = media time + offset */
    int64_t target_us;         /* what the offset is slewed towards */
    int64_t run_arrival_us, settling_from_us;
    bool settled;
    int64_t window_start_us, window_min_us;
    unsigned windows; /* that count for the drift */
    int64_t minimum_before_us,
        rise_before_ppm; /* of the window before; how the lag changed in it */
    int64_t drift_ppm;   /* how much faster than the stamps the time goes; kept from run to run */
    int64_t drift_rest;  /* what was not a whole tick yet, in millionths */
    int64_t off_us, off_at_us; /* how far a window was off when it ended a run, and when */
    int64_t second_start_us, second_min_us, second_before_us; /* least lag of this second, before */
    unsigned rising;
    unsigned jumps;
    uint32_t jump_stamp;

    bool by_arrival; /* the stamps are of no use */
    uint32_t rate_stamp;
    int64_t rate_from_us;
    unsigned rate_true; /* windows */
};

Timeline *timeline_new(uint32_t timescale)
{
    g_assert(timescale > 0);
    Timeline *timeline = g_new0(Timeline, 1);
    timeline->timescale = timescale;
    timeline->step = timeline->step_before = timescale / 25;
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

static void start_rate(Timeline *timeline, uint32_t stamp, int64_t arrival_us)
{
    timeline->rate_stamp = stamp;
    timeline->rate_from_us = arrival_us;
    timeline->rate_true = 0;
}

static void start_run(Timeline *timeline, uint32_t stamp, int64_t arrival_us)
{
    timeline->started = true;
    timeline->settled = false;
    timeline->last_stamp = stamp;
    timeline->stamp_pts = timeline->last_pts = 0;
    timeline->alike = 1;
    timeline->offset_us = timeline->target_us = arrival_us;
    timeline->run_arrival_us = timeline->last_arrival_us = arrival_us;
    timeline->settling_from_us = arrival_us;
    timeline->window_start_us = timeline->second_start_us = arrival_us;
    timeline->window_min_us = timeline->second_min_us = arrival_us;
    timeline->second_before_us = arrival_us;
    timeline->jumps = timeline->rising = timeline->windows = 0;
    start_rate(timeline, stamp, arrival_us);
}

static void forget_drift(Timeline *timeline)
{
    timeline->windows = 0;
    timeline->drift_ppm = timeline->drift_rest = 0;
}

/* From here on a picture was taken when it arrived (CAMERAS.md R12, R14): this run goes on. */
static void rely_on_arrival(Timeline *timeline, uint32_t stamp, int64_t arrival_us)
{
    timeline->by_arrival = true;
    timeline->target_us = timeline->offset_us;
    forget_drift(timeline);
    start_rate(timeline, stamp, arrival_us);
}

/* Looks each window whether the stamps have come to their senses. */
static void watch_rate(Timeline *timeline, uint32_t stamp, int64_t arrival_us)
{
    int64_t passed_us = arrival_us - timeline->rate_from_us;
    if (passed_us < WINDOW_US)
        return;
    int64_t told_us = media_us(timeline, (int32_t)(stamp - timeline->rate_stamp));
    bool is_true = llabs(told_us - passed_us) <= passed_us * TRUE_PPM / 1000000;
    unsigned windows = is_true ? timeline->rate_true + 1 : 0;
    start_rate(timeline, stamp, arrival_us);
    timeline->rate_true = windows;
    timeline->by_arrival = windows < TRUE_WINDOWS;
}

static int64_t ticks_by_arrival(Timeline *timeline, uint32_t stamp, int64_t arrival_us)
{
    int64_t pts = ticks_of_us(timeline, arrival_us - timeline->offset_us);
    pts = MAX(pts, timeline->last_pts + 1);
    timeline->last_stamp = stamp;
    timeline->stamp_pts = pts;
    timeline->alike = 1;
    timeline->rising = timeline->jumps = 0;
    watch_rate(timeline, stamp, arrival_us);
    return pts - timeline->last_pts;
}

/* A stamp equal to the last one, or back by less than any B-picture goes. */
static bool is_alike(const Timeline *timeline, int64_t delta)
{
    return delta <= 0 && delta > -MAX(timeline->step / 8, 1);
}

/* A picture that was taken after it arrived, or long before the one that came before it, or at
 * another time altogether. */
static bool is_strange(const Timeline *timeline, int64_t delta, int64_t arrival_us)
{
    int64_t waited = ticks_of_us(timeline, arrival_us - timeline->last_arrival_us);
    int64_t most = (int64_t)JUMP_S * timeline->timescale;
    int64_t least = -MAX((int64_t)timeline->timescale, 4 * timeline->step); /* B-pictures */
    int64_t taken_us = timeline_capture_us(timeline, timeline->stamp_pts + delta);
    /* A stream that paused has a stamp far ahead, and rightly so if the clock on the wall agrees.
     */
    if (delta < least || (delta > most && llabs(delta - waited) > most))
        return true;
    return timeline->settled && taken_us - arrival_us > NEW_RUN_US;
}

/* A strange stamp: put just after the last one. Returns false when the stamps have jumped for good,
 * as this one follows the last strange ones as pictures follow each other. */
static bool pass_over(Timeline *timeline, uint32_t stamp, int64_t *ticks)
{
    int64_t since = (int32_t)(stamp - timeline->jump_stamp);
    bool follows = llabs(since) <= (int64_t)JUMP_S * timeline->timescale;
    timeline->jumps = timeline->jumps && follows ? timeline->jumps + 1 : 1;
    timeline->jump_stamp = stamp;
    *ticks = timeline->step;
    timeline->last_stamp += (uint32_t)timeline->step;
    timeline->stamp_pts = timeline->last_pts + timeline->step;
    timeline->alike = 1;
    return timeline->jumps < JUMPS_FOR_GOOD;
}

/* Ticks of the camera's clock as they would be if it went right. */
static int64_t without_drift(Timeline *timeline, int64_t ticks)
{
    timeline->drift_rest += ticks * timeline->drift_ppm;
    int64_t whole = timeline->drift_rest / 1000000;
    timeline->drift_rest -= whole * 1000000;
    return ticks + whole;
}

/* Where the stamp puts the picture; of several with one stamp the first is put there, the others
 * follow at the usual distance. */
static int64_t ticks_by_stamp(Timeline *timeline, uint32_t stamp, int64_t delta)
{
    if (is_alike(timeline, delta)) {
        timeline->alike++;
        return MIN(timeline->step, timeline->step_before); /* rather too early than too late */
    }
    if (delta > 0 && delta < timeline->timescale) {
        timeline->step_before = timeline->step;
        timeline->step = MAX(delta / timeline->alike, 1);
    }
    int64_t pts = timeline->stamp_pts + without_drift(timeline, delta);
    if (delta > 0 && timeline->alike > 1)
        pts = MAX(pts, timeline->last_pts + 1);
    timeline->last_stamp = stamp;
    timeline->stamp_pts = pts;
    timeline->alike = 1;
    return pts - timeline->last_pts;
}

/* Ticks since the last picture; what cannot be true is replaced by what is likely. Returns false
 * when the stamps have jumped for good. */
static bool advance(Timeline *timeline, uint32_t stamp, int64_t arrival_us, int64_t *ticks)
{
    int64_t delta = (int32_t)(stamp - timeline->last_stamp); /* wraps by 2^32, RFC 3550 §5.1 */
    bool frozen = is_alike(timeline, delta) && timeline->alike >= FROZEN_STAMPS;
    bool strange = !timeline->by_arrival && is_strange(timeline, delta, arrival_us);
    /* It came to be strange by usual steps: the camera's clock runs too fast. */
    bool fast = strange && delta > 0 && delta <= 2 * timeline->step;
    if (!timeline->by_arrival && (frozen || fast))
        rely_on_arrival(timeline, stamp, arrival_us);
    if (timeline->by_arrival) {
        *ticks = ticks_by_arrival(timeline, stamp, arrival_us);
        return true;
    }
    if (strange)
        return pass_over(timeline, stamp, ticks);
    timeline->jumps = 0;
    *ticks = ticks_by_stamp(timeline, stamp, delta);
    return true;
}

/* Whether the least lag of a second has risen all the time, and so far that no network is to
 * blame: the camera's clock runs too slowly. */
static bool rises_for_long(Timeline *timeline, int64_t lag_us, int64_t arrival_us)
{
    timeline->second_min_us = MIN(timeline->second_min_us, lag_us);
    if (arrival_us - timeline->second_start_us < SECOND_US)
        return false;
    bool risen = timeline->second_min_us > timeline->second_before_us + RISE_US;
    timeline->rising = risen ? timeline->rising + 1 : 0;
    timeline->second_before_us = timeline->second_min_us;
    timeline->second_start_us = arrival_us;
    timeline->second_min_us = lag_us;
    return timeline->rising >= RISING_S && lag_us - timeline->offset_us > NEW_RUN_US;
}

/* A lag that grows, or falls, by the same from window to window is the camera's clock, as long as
 * it is a likely one. Small drifts are left to the slew: a network makes them, too. */
static void learn_drift(Timeline *timeline, int64_t minimum_us, int64_t passed_us)
{
    int64_t risen_us = minimum_us - timeline->minimum_before_us;
    int64_t ppm = timeline->windows > 0 ? risen_us * 1000000 / (passed_us - risen_us) : 0;
    int64_t before_ppm = timeline->windows > 1 ? timeline->rise_before_ppm : 0;
    int64_t least = MIN(llabs(ppm), llabs(before_ppm));
    timeline->windows++;
    timeline->minimum_before_us = minimum_us;
    timeline->rise_before_ppm = ppm;
    int64_t drift_ppm = timeline->drift_ppm + (ppm + before_ppm) / 2;
    if (least < SLEW_PPM || llabs(ppm - before_ppm) > least / 4 + SLEW_PPM / 2 ||
        llabs(drift_ppm) > DRIFT_MOST_PPM)
        return;
    timeline->drift_ppm = drift_ppm;
    timeline->windows = 0;
}

static bool off_for_long(Timeline *timeline, int64_t lag_us, int64_t arrival_us)
{
    timeline->window_min_us = MIN(timeline->window_min_us, lag_us);
    if (arrival_us - timeline->window_start_us < WINDOW_US)
        return false;
    int64_t minimum = timeline->window_min_us;
    int64_t passed_us = arrival_us - timeline->window_start_us;
    timeline->window_start_us = arrival_us;
    timeline->window_min_us = lag_us;
    if (llabs(minimum - timeline->offset_us) > NEW_RUN_US)
        return true;
    timeline->target_us = minimum;
    learn_drift(timeline, minimum, passed_us);
    return false;
}

/* Runs that are off again and again in the same way: the clock creeps away from the stamps. */
static bool off_again(Timeline *timeline, int64_t lag_us, int64_t arrival_us)
{
    int64_t off_us = lag_us - timeline->offset_us;
    bool again = timeline->off_at_us && arrival_us - timeline->off_at_us < AGAIN_US &&
                 (off_us > 0) == (timeline->off_us > 0);
    timeline->off_us = off_us;
    timeline->off_at_us = arrival_us;
    return again;
}

static void slew(Timeline *timeline, int64_t passed_us, int64_t lag_us, int64_t arrival_us)
{
    if (!timeline_settled(timeline, arrival_us)) {
        if (lag_us < timeline->offset_us - BURST_FALL_US)
            timeline->settling_from_us = arrival_us;
        timeline->offset_us = MIN(timeline->offset_us, lag_us);
        timeline->target_us = timeline->offset_us;
        return;
    }
    timeline->settled = true;
    /* A capture time after the arrival cannot be: such a picture corrects the target at once. */
    timeline->target_us = MIN(timeline->target_us, lag_us);
    int64_t want = timeline->target_us - timeline->offset_us;
    bool far = timeline->drift_ppm && llabs(want) > CATCH_UP_FROM_US;
    int64_t most = MAX(passed_us, 0) * (far ? CATCH_UP_PPM : SLEW_PPM) / 1000000;
    timeline->offset_us += CLAMP(want, -most, most);
}

static TimelinePoint first_point(Timeline *timeline, uint32_t stamp, int64_t arrival_us)
{
    start_run(timeline, stamp, arrival_us);
    return (TimelinePoint){.pts = 0, .capture_us = arrival_us, .run_start = true};
}

/* The stamps have jumped, but the pictures go on: the arrival tells no more than that the next one
 * is there by now. */
static TimelinePoint joined_point(Timeline *timeline, uint32_t stamp, int64_t arrival_us)
{
    int64_t next_us = timeline_capture_us(timeline, timeline->last_pts + timeline->step);
    TimelinePoint point = first_point(timeline, stamp, arrival_us);
    if (next_us > arrival_us || arrival_us - next_us > NEW_RUN_US)
        return point;
    timeline->offset_us = timeline->target_us = point.capture_us = next_us;
    return point;
}

TimelinePoint timeline_map(Timeline *timeline, uint32_t stamp, int64_t arrival_us)
{
    int64_t ticks;
    if (!timeline->started)
        return first_point(timeline, stamp, arrival_us);
    if (!advance(timeline, stamp, arrival_us, &ticks))
        return joined_point(timeline, stamp, arrival_us);
    timeline->last_pts += ticks;
    timeline->last_arrival_us = MAX(timeline->last_arrival_us, arrival_us);
    if (!timeline->by_arrival) {
        int64_t lag_us = arrival_us - media_us(timeline, timeline->last_pts);
        if (rises_for_long(timeline, lag_us, arrival_us)) {
            rely_on_arrival(timeline, stamp, arrival_us);
        } else if (off_for_long(timeline, lag_us, arrival_us)) {
            timeline->by_arrival = off_again(timeline, lag_us, arrival_us);
            forget_drift(timeline);
            return first_point(timeline, stamp, arrival_us);
        } else {
            slew(timeline, media_us(timeline, ticks), lag_us, arrival_us);
        }
    }
    return (TimelinePoint){.pts = timeline->last_pts,
                           .capture_us = timeline_capture_us(timeline, timeline->last_pts)};
}

bool timeline_settled(const Timeline *timeline, int64_t now_us)
{
    if (!timeline->started)
        return false;
    return timeline->settled || timeline->by_arrival ||
           now_us - timeline->settling_from_us >= TIMELINE_SETTLE_US ||
           now_us - timeline->run_arrival_us >= BURST_MOST_US;
}

bool timeline_wants_arrivals(const Timeline *timeline)
{
    return timeline->by_arrival || !timeline->settled;
}

int64_t timeline_capture_us(const Timeline *timeline, int64_t pts)
{
    return media_us(timeline, pts) + timeline->offset_us;
}
