#include "camera/assembler.h"

#include "base/clock.h"
#include "camera/timeline.h"

#include <string.h>

enum { TORN_GAP_US = 500 * 1000 }; /* without a picture, because some were lost on the way */

struct Assembler {
    Hub *hub;
    Timeline *timelines[TRACKS];
    uint32_t timescale[TRACKS];
    uint32_t run;
    uint32_t clock_steps; /* of the node's clock, when the run began */
    bool run_pending;     /* the next video unit starts a run */
    GapCause run_cause;
    bool waiting_key;
    bool damaged;        /* until the next key picture, as some before it were lost */
    bool torn;           /* pictures were lost on the way since the last good one */
    int64_t good_us;     /* when that was taken */
    GPtrArray *settling; /* units whose run is too young for its times to be final */
    AccessUnit *last;    /* video */

    /* Sound whose stamps began anew goes on in the same run: its pts are those of its timeline and
     * `shift`, from `from_pts` on. */
    int64_t sound_shift, sound_from_pts;
    int64_t sound_pts, sound_us; /* of the newest unit, if it is of this run */
    uint32_t sound_run;
};

Assembler *assembler_new(Hub *hub)
{
    Assembler *assembler = g_new0(Assembler, 1);
    assembler->hub = hub_ref(hub);
    assembler->settling = g_ptr_array_new_with_free_func((GDestroyNotify)access_unit_unref);
    return assembler;
}

void assembler_free(Assembler *assembler)
{
    if (!assembler)
        return;
    for (Track track = TRACK_VIDEO; track < TRACKS; track++)
        timeline_free(assembler->timelines[track]);
    g_ptr_array_unref(assembler->settling);
    access_unit_unref(assembler->last);
    hub_unref(assembler->hub);
    g_free(assembler);
}

static void begin_run(Assembler *assembler, GapCause cause)
{
    assembler->run++;
    assembler->run_pending = true;
    assembler->run_cause = cause;
    assembler->clock_steps = clock_steps();
    if (assembler->timelines[TRACK_AUDIO])
        timeline_restart(assembler->timelines[TRACK_AUDIO]);
}

void assembler_begin(Assembler *assembler, GapCause cause)
{
    if (assembler->timelines[TRACK_VIDEO])
        timeline_restart(assembler->timelines[TRACK_VIDEO]);
    begin_run(assembler, cause);
    assembler->waiting_key = true;
    assembler->torn = assembler->damaged = false;
}

void assembler_restart(Assembler *assembler, Track track)
{
    if (assembler->timelines[track])
        timeline_restart(assembler->timelines[track]);
}

static Timeline *timeline_of(Assembler *assembler, Track track, const CodecParams *params)
{
    Timeline **timeline = &assembler->timelines[track];
    if (*timeline && assembler->timescale[track] != params->timescale)
        g_clear_pointer(timeline, timeline_free);
    if (!*timeline)
        *timeline = timeline_new(params->timescale);
    assembler->timescale[track] = params->timescale;
    return *timeline;
}

static void publish(Assembler *assembler, AccessUnit *unit)
{
    hub_publish(assembler->hub, unit);
    if (unit->track != TRACK_VIDEO)
        return;
    access_unit_unref(assembler->last);
    assembler->last = access_unit_ref(unit);
}

/* Their times as they would be if the run were settled now. */
static void time_settling(Assembler *assembler)
{
    for (guint i = 0; i < assembler->settling->len; i++) {
        AccessUnit *unit = g_ptr_array_index(assembler->settling, i);
        bool sound = unit->track == TRACK_AUDIO;
        if (!sound || unit->pts >= assembler->sound_from_pts)
            unit->capture_us =
                timeline_capture_us(assembler->timelines[unit->track],
                                    unit->pts - (sound ? assembler->sound_shift : 0));
    }
}

static void publish_settling(Assembler *assembler)
{
    for (guint i = 0; i < assembler->settling->len; i++)
        publish(assembler, g_ptr_array_index(assembler->settling, i));
    g_ptr_array_set_size(assembler->settling, 0);
}

const AccessUnit *assembler_end(Assembler *assembler)
{
    const AccessUnit *before = assembler->last;
    time_settling(assembler);
    publish_settling(assembler);
    return assembler->last != before ? assembler->last : NULL;
}

/* Pictures that were lost on the way leave a gap, where one that the camera did not send leaves the
 * last one to be shown. The times go on: it is the same session. */
static void tell_torn(Assembler *assembler, int64_t capture_us)
{
    if (assembler->torn && !assembler->run_pending &&
        capture_us - assembler->good_us > TORN_GAP_US) {
        assembler->run++;
        assembler->run_pending = true;
        assembler->run_cause = GAP_NETWORK_STALL;
    }
    assembler->torn = false;
    assembler->good_us = capture_us;
}

/* The first sound of a run, or of stamps that do not connect to those before. */
static void join_sound(Assembler *assembler, int64_t capture_us, const CodecParams *params)
{
    bool goes_on = assembler->sound_run == assembler->run;
    /* Before the first sound of all, sound_us is 0: nothing has passed that could be counted. */
    int64_t passed_us = goes_on ? CLAMP(capture_us - assembler->sound_us, 0, DAY_US) : 0;
    int64_t passed = MAX(passed_us * params->timescale / SECOND_US, 1);
    assembler->sound_shift = assembler->sound_from_pts =
        goes_on ? assembler->sound_pts + passed : 0;
}

static int64_t pts_of(Assembler *assembler, Track track, TimelinePoint point)
{
    if (track == TRACK_VIDEO)
        return point.pts;
    assembler->sound_pts = point.pts + assembler->sound_shift;
    assembler->sound_us = point.capture_us;
    assembler->sound_run = assembler->run;
    return assembler->sound_pts;
}

static AccessUnit *make_unit(Assembler *assembler, Track track, const DepayFrame *frame,
                             CodecParams *params, TimelinePoint point, int64_t arrival_us)
{
    AccessUnit *unit = access_unit_new(params, track, frame->size);
    memcpy(unit->data, frame->data, frame->size);
    unit->key = frame->key;
    unit->damaged = track == TRACK_VIDEO && assembler->damaged;
    unit->run = assembler->run;
    unit->pts = pts_of(assembler, track, point);
    unit->capture_us = point.capture_us;
    unit->arrival_us = arrival_us;
    if (track == TRACK_VIDEO && assembler->run_pending) {
        unit->run_start = true;
        unit->gap_cause = assembler->run_cause;
        assembler->run_pending = false;
    }
    return unit;
}

/* A step of the node's clock, or stamps that jumped for good, start a new run of the same session.
 */
static TimelinePoint map(Assembler *assembler, Track track, const DepayFrame *frame,
                         const CodecParams *params, int64_t arrival_us)
{
    bool stepped = track == TRACK_VIDEO && clock_steps() != assembler->clock_steps;
    Timeline *timeline = timeline_of(assembler, track, params);
    if (stepped)
        timeline_restart(timeline);
    bool was_pending = assembler->run_pending;
    time_settling(assembler);
    TimelinePoint point = timeline_map(timeline, frame->timestamp, arrival_us);
    if (track == TRACK_AUDIO && point.run_start)
        join_sound(assembler, point.capture_us, params);
    if (track == TRACK_VIDEO && point.run_start && !was_pending) {
        publish_settling(assembler); /* of the run that ends: its times are not the new one's */
        begin_run(assembler, stepped ? GAP_CLOCK_STEP : GAP_UNKNOWN);
    }
    return point;
}

const AccessUnit *assembler_frame(Assembler *assembler, Track track, const DepayFrame *frame,
                                  CodecParams *params, int64_t arrival_us)
{
    if (!params)
        return NULL; /* parameter sets have not come yet */
    TimelinePoint point = map(assembler, track, frame, params, arrival_us);
    if (assembler->waiting_key && !(track == TRACK_VIDEO && frame->key && !frame->damaged))
        return NULL;
    if (track == TRACK_VIDEO && (frame->damaged || frame->after_loss))
        assembler->torn = assembler->damaged = true;
    if (frame->damaged)
        return NULL;
    assembler->waiting_key = false;
    if (track == TRACK_VIDEO) {
        assembler->damaged &= !frame->key;
        tell_torn(assembler, point.capture_us);
    }
    g_autoptr(AccessUnit) unit = make_unit(assembler, track, frame, params, point, arrival_us);
    if (!timeline_settled(assembler->timelines[TRACK_VIDEO], arrival_us)) {
        g_ptr_array_add(assembler->settling, g_steal_pointer(&unit));
        return NULL;
    }
    time_settling(assembler);
    publish_settling(assembler);
    publish(assembler, unit);
    return track == TRACK_VIDEO ? assembler->last : NULL;
}

bool assembler_wants_arrivals(const Assembler *assembler)
{
    const Timeline *video = assembler->timelines[TRACK_VIDEO];
    return video && timeline_wants_arrivals(video);
}
