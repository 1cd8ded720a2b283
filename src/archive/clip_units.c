#include "archive/clip_units.h"

#include "archive/clip_plan.h"
#include "base/clock.h"
#include "base/file.h"

/* Sound lies up to this much after the pictures that it belongs to. */
#define SOUND_LATE_US SECOND_US

struct ClipUnits {
    ClipPlan *plan;
    unsigned source;
    const Fmp4FragmentInfo *fragment; /* of the source's reader; NULL: the next one is to be read */
    uint64_t offset;                  /* of the fragment */
    Track track;                      /* whose samples come */
    unsigned sample;
    uint64_t at;        /* where the sample lies in the file */
    int64_t time;       /* its decode time */
    unsigned passed;    /* pictures of the first fragment before the clip's */
    int64_t covered_us; /* decode time at which the newest picture ends; INT64_MIN: none came */
    bool pictures_over; /* those that follow lie behind the clip */
};

ClipUnits *clip_units_new(ClipPlan *plan)
{
    ClipUnits *units = g_new0(ClipUnits, 1);
    units->plan = plan;
    units->source = plan->start.source;
    units->passed = plan->start.sample;
    units->covered_us = INT64_MIN;
    segment_reader_seek(plan->readers->pdata[units->source], plan->start.offset);
    return units;
}

void clip_units_free(ClipUnits *units)
{
    g_free(units);
}

static SegmentReader *reader_of(const ClipUnits *units)
{
    return units->plan->readers->pdata[units->source];
}

static void begin_track(ClipUnits *units, Track track)
{
    const Fmp4ReadRun *run = &units->fragment->tracks[track];
    units->track = track;
    units->sample = 0;
    units->at = units->offset + run->offset;
    units->time = (int64_t)run->decode_time;
}

static bool is_past(const ClipUnits *units)
{
    const Fmp4ReadRun *run = &units->fragment->tracks[TRACK_VIDEO];
    return run->count && segment_time_us(reader_of(units), TRACK_VIDEO, (int64_t)run->decode_time) >
                             units->plan->to_us + SOUND_LATE_US;
}

/* False at the end, and on error. */
static bool next_fragment(ClipUnits *units, GError **error)
{
    while (units->source < units->plan->readers->len) {
        GError *trouble = NULL;
        if (segment_reader_next_good(reader_of(units), &units->fragment, &units->offset,
                                     &trouble)) {
            if (is_past(units))
                break;
            begin_track(units, TRACK_VIDEO);
            return true;
        }
        if (trouble) {
            g_propagate_error(error, trouble);
            return false;
        }
        units->passed = 0;
        if (++units->source < units->plan->readers->len)
            segment_reader_seek(reader_of(units), 0);
    }
    units->fragment = NULL;
    units->source = units->plan->readers->len;
    return false;
}

/* The sample that comes next belongs to the clip. */
static bool is_wanted(ClipUnits *units, const Fmp4Sample *sample)
{
    const SegmentReader *reader = reader_of(units);
    const ClipPlan *plan = units->plan;
    if (units->track == TRACK_AUDIO)
        return plan->audio &&
               segment_time_us(reader, TRACK_AUDIO, units->time + sample->duration) >
                   plan->from_us &&
               segment_time_us(reader, TRACK_AUDIO, units->time) < plan->to_us;
    int64_t shown = units->time + sample->composition;
    units->pictures_over |=
        segment_time_us(reader, TRACK_VIDEO, MIN(units->time, shown)) > plan->to_us;
    return !units->pictures_over && units->sample >= units->passed;
}

static void tell_run(ClipUnits *units, const Fmp4Sample *sample, AccessUnit *unit)
{
    const SegmentReader *reader = reader_of(units);
    unit->run_start =
        units->covered_us != INT64_MIN &&
        segment_time_us(reader, TRACK_VIDEO, units->time) - units->covered_us > SEGMENT_GAP_US;
    units->covered_us = segment_time_us(reader, TRACK_VIDEO, units->time + sample->duration);
}

static AccessUnit *read_unit(ClipUnits *units, const Fmp4Sample *sample, GError **error)
{
    const SegmentReader *reader = reader_of(units);
    CodecParams *params = segment_reader_init(reader)->tracks[units->track];
    int64_t shown = units->time + sample->composition;
    g_autoptr(AccessUnit) unit = access_unit_new(params, units->track, sample->size);
    if (!fd_read_at(segment_reader_fd(reader), unit->data, sample->size, (off_t)units->at, error))
        return NULL;
    unit->key = sample->key || units->track == TRACK_AUDIO;
    unit->pts = shown;
    unit->capture_us = unit->arrival_us = segment_time_us(reader, units->track, shown);
    if (units->track == TRACK_VIDEO)
        tell_run(units, sample, unit);
    return g_steal_pointer(&unit);
}

AccessUnit *clip_units_next(ClipUnits *units, GError **error)
{
    for (;;) {
        if (!units->fragment && !next_fragment(units, error))
            return NULL;
        const Fmp4ReadRun *run = &units->fragment->tracks[units->track];
        if (units->sample >= run->count) {
            if (units->track == TRACK_VIDEO) {
                begin_track(units, TRACK_AUDIO);
            } else {
                units->fragment = NULL;
                units->passed = 0;
            }
            continue;
        }
        const Fmp4Sample *sample = &run->samples[units->sample];
        bool wanted = is_wanted(units, sample);
        AccessUnit *unit = wanted ? read_unit(units, sample, error) : NULL;
        units->sample++;
        units->at += sample->size;
        units->time += sample->duration;
        if (wanted)
            return unit;
    }
}
