#include "archive/owed.h"

enum { GAP_LEAST_US = 1000 }; /* what rounding leaves is no gap */

static void owe_part(Stream *stream, int64_t to_us, GapCause cause)
{
    SealGap gap = {stream->cursor_us, to_us, cause};
    if (gap.to_us - gap.from_us < GAP_LEAST_US)
        return;
    SealGap *newest =
        stream->owed->len > 0 ? &g_array_index(stream->owed, SealGap, stream->owed->len - 1) : NULL;
    if (newest && newest->to_us == gap.from_us &&
        (newest->cause == cause || stream->owed->len >= OWED_GAPS_MOST))
        newest->to_us = to_us;
    else
        g_array_append_val(stream->owed, gap);
    stream->cursor_us = to_us;
}

/* What lies outside the hours of the plan is scheduled, whatever else was wrong. */
static void owe_gap(Recorder *recorder, int64_t to_us, GapCause cause)
{
    Stream *stream = recorder->stream;
    if (stream->cursor_us == 0)
        return;
    g_autoptr(GArray) parts = plan_parts(recorder->plan, stream->cursor_us, to_us, cause);
    for (guint i = 0; i < parts->len; i++) {
        const PlanPart *part = &g_array_index(parts, PlanPart, i);
        owe_part(stream, part->to_us, part->cause);
    }
}

static GapCause cause_before(const Recorder *recorder, const AccessUnit *unit)
{
    GapCause told = unit->run_start ? unit->gap_cause : GAP_UNKNOWN;
    /* Within the hours, it was not the hours. */
    if (recorder->missing == GAP_SCHEDULED && told != GAP_UNKNOWN && plan_has_hours(recorder->plan))
        return told;
    return recorder->missing != GAP_UNKNOWN ? recorder->missing : told;
}

/* The gap before the first picture since the start: the server was down; if the picture took long,
 * for the rest something else ailed the stream, or it was not to be recorded. */
static void owe_first_gap(Recorder *recorder, const AccessUnit *unit)
{
    int64_t opened_us = recorder->archive->opened_us;
    recorder->stream->start_owed = true;
    if (unit->capture_us <= opened_us + ARCHIVE_STARTING_US && recorder->missing != GAP_SCHEDULED) {
        owe_gap(recorder, unit->capture_us, GAP_SERVER_DOWN);
        return;
    }
    GapCause cause = cause_before(recorder, unit);
    owe_gap(recorder, opened_us, GAP_SERVER_DOWN);
    if (recorder->since_us > opened_us + ARCHIVE_STARTING_US)
        owe_gap(recorder, recorder->since_us, GAP_SCHEDULED);
    owe_gap(recorder, unit->capture_us, cause == GAP_UNKNOWN ? GAP_CAMERA_OFFLINE : cause);
}

void owed_gap_before(Recorder *recorder, const AccessUnit *unit)
{
    if (atomic_load(&recorder->stream->after_restart) && !recorder->stream->start_owed)
        owe_first_gap(recorder, unit);
    else
        owe_gap(recorder, unit->capture_us, cause_before(recorder, unit));
}

void owed_cause_turns(Recorder *recorder, const AccessUnit *unit)
{
    const Stream *stream = recorder->stream;
    bool first = atomic_load(&stream->after_restart) && !stream->start_owed;
    if (first || unit->gap_cause == GAP_UNKNOWN || recorder->missing == GAP_UNKNOWN ||
        recorder->missing == GAP_SCHEDULED || recorder->missing_us >= unit->capture_us)
        return;
    if (recorder->missing_us > stream->cursor_us)
        owe_gap(recorder, recorder->missing_us, recorder->missing);
    recorder->missing = unit->gap_cause;
}
