#include "archive/segment_clock.h"

#include "base/clock.h"
#include "media/audio_frame.h"

enum {
    DURATION_UNKNOWN = VIDEO_TIMESCALE / 30,
    EARLY_US = SECOND_US, /* what of the sound came so late belongs to no picture here */
};

static int64_t us_to_ticks(int64_t us, uint32_t timescale)
{
    return us / SECOND_US * timescale + us % SECOND_US * timescale / SECOND_US;
}

static int64_t ticks_to_us(int64_t ticks, uint32_t timescale)
{
    return ticks / timescale * SECOND_US + ticks % timescale * SECOND_US / timescale;
}

/* Sets the clock of a track by `unit`, the first of a run. In a segment that goes on from another
 * one, sound may begin before the first picture: then at a time below 0. */
static void anchor(TrackClock *clock, const AccessUnit *unit, int64_t from_us)
{
    int64_t tick = us_to_ticks(unit->capture_us - from_us, unit->params->timescale);
    clock->run_tick = clock->started ? MAX(tick, clock->end_tick) : tick;
    clock->run_pts = unit->pts;
    clock->run = unit->run;
    clock->started = true;
}

static int64_t tick_of(const TrackClock *clock, int64_t pts)
{
    return clock->run_tick + (pts - clock->run_pts);
}

static uint32_t duration(int64_t ticks)
{
    return (uint32_t)CLAMP(ticks, 1, (int64_t)UINT32_MAX);
}

static int compare_times(const void *a, const void *b)
{
    int64_t first = *(const int64_t *)a, second = *(const int64_t *)b;
    return first < second ? -1 : first > second;
}

/* Decode times from presentation times: the same ones in order, each after the one before. */
static void sort_times(const TrackClock *clock, int64_t *times, guint count)
{
    bool sorted = true;
    for (guint i = 1; i < count && sorted; i++)
        sorted = times[i - 1] <= times[i];
    if (!sorted)
        qsort(times, count, sizeof *times, compare_times);
    int64_t least = clock->next_tick;
    for (guint i = 0; i < count; i++) {
        times[i] = MAX(times[i], least);
        least = times[i] + 1;
    }
}

static uint32_t by_what_passed(uint32_t ticks, const FragmentFacts *facts)
{
    return duration(MIN((int64_t)ticks, us_to_ticks(MAX(facts->most_us, 0), VIDEO_TIMESCALE)));
}

/* How long the last picture lasts, in ticks. */
static uint32_t last_duration(TrackClock *clock, const Fragment *fragment, const int64_t *times,
                              guint count, const FragmentFacts *facts)
{
    const AccessUnit *next = facts->next;
    bool told = count == 1 && facts->apart_us > 0;
    uint32_t known = told        ? duration(us_to_ticks(facts->apart_us, VIDEO_TIMESCALE))
                     : count > 1 ? duration(times[count - 1] - times[count - 2])
                                 : clock->last_duration;
    const AccessUnit *newest = g_ptr_array_index(fragment->units[TRACK_VIDEO], count - 1);
    bool in_order = newest->pts == fragment->last_pts;
    /* Behind B-pictures the next one to come is not the next one to be shown. */
    if (next && (in_order || !known))
        known = duration(tick_of(clock, next->pts) - times[count - 1]);
    if (count > 1 || next)
        clock->last_duration = known;
    if (!known)
        known = DURATION_UNKNOWN;
    return next || told ? known : by_what_passed(known, facts);
}

static void fill_samples(const TrackClock *clock, const GPtrArray *units, const int64_t *times,
                         uint32_t last, GArray *samples)
{
    for (guint i = 0; i < units->len; i++) {
        const AccessUnit *unit = g_ptr_array_index(units, i);
        bool is_last = i + 1 == units->len;
        Fmp4Sample *sample = &g_array_index(samples, Fmp4Sample, i);
        int64_t shown = unit->track == TRACK_VIDEO ? tick_of(clock, unit->pts) : times[i];
        *sample = (Fmp4Sample){.duration = is_last ? last : duration(times[i + 1] - times[i]),
                               .size = (uint32_t)unit->size,
                               .composition = (int32_t)(shown - times[i]),
                               .key = unit->key};
    }
}

static void end_at(TrackClock *clock, int64_t time, uint32_t lasts)
{
    clock->next_tick = time + 1;
    clock->end_tick = MAX(clock->end_tick, time + lasts);
}

int64_t segment_clock_video(SegmentClock *clock, const Fragment *fragment,
                            const FragmentFacts *facts, GArray *samples, Fmp4Run *run)
{
    const AccessUnit *next = facts->next;
    TrackClock *track = &clock->tracks[TRACK_VIDEO];
    const GPtrArray *units = fragment->units[TRACK_VIDEO];
    const AccessUnit *first = fragment_first(fragment), *last = fragment_last(fragment);
    guint count = units->len;
    int64_t times[FRAGMENT_UNITS_MOST];
    g_assert(count > 0 && count <= FRAGMENT_UNITS_MOST);
    if (!track->started || track->run != first->run)
        anchor(track, first, clock->from_us);
    for (guint i = 0; i < count; i++)
        times[i] = tick_of(track, ((const AccessUnit *)g_ptr_array_index(units, i))->pts);
    sort_times(track, times, count);
    uint32_t lasts = last_duration(track, fragment, times, count, facts);
    uint32_t lasted = next ? lasts : by_what_passed(lasts, facts);
    g_array_set_size(samples, count);
    fill_samples(track, units, times, lasts, samples);
    end_at(track, times[count - 1], lasted);
    *run = (Fmp4Run){(uint64_t)times[0], (const Fmp4Sample *)(void *)samples->data, count};
    if (next && last == g_ptr_array_index(units, count - 1) && next->capture_us > last->capture_us)
        return next->capture_us;
    return last->capture_us + ticks_to_us(lasted, VIDEO_TIMESCALE);
}

static uint32_t frame_duration(const AccessUnit *unit)
{
    return audio_frame_ticks(unit->params, unit->data, unit->size);
}

void segment_clock_audio(SegmentClock *clock, Fragment *fragment, GArray *samples, Fmp4Run *run)
{
    TrackClock *track = &clock->tracks[TRACK_AUDIO];
    GPtrArray *units = fragment->units[TRACK_AUDIO];
    guint early = 0;
    while (early < units->len && ((const AccessUnit *)g_ptr_array_index(units, early))->capture_us <
                                     clock->from_us - EARLY_US)
        early++;
    if (early)
        g_ptr_array_remove_range(units, 0, early);
    *run = (Fmp4Run){0};
    if (units->len == 0)
        return;
    int64_t times[FRAGMENT_UNITS_MOST];
    g_assert(units->len <= FRAGMENT_UNITS_MOST);
    for (guint i = 0; i < units->len; i++) {
        const AccessUnit *unit = g_ptr_array_index(units, i);
        if (!track->started || track->run != unit->run)
            anchor(track, unit, clock->from_us);
        times[i] = MAX(tick_of(track, unit->pts), track->next_tick);
        end_at(track, times[i], frame_duration(unit));
    }
    g_array_set_size(samples, units->len);
    fill_samples(track, units, times, frame_duration(g_ptr_array_index(units, units->len - 1)),
                 samples);
    *run = (Fmp4Run){(uint64_t)times[0], (const Fmp4Sample *)(void *)samples->data, units->len};
}
