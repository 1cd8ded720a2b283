#include "archive/silence.h"

#include "archive/recorder.h"
#include "base/clock.h"
#include "base/log.h"
#include "catalog/coverage.h"

typedef struct Silent {
    Uuid camera;
    StreamKind stream;
    Plan *plan; /* borrowed */
    GapCause cause;
    bool resting;       /* it is not to be recorded now */
    int64_t since_us;   /* when it began to be listened to */
    int64_t written_us; /* by this run; 0: nothing */
} Silent;

typedef struct Silence {
    GArray *streams; /* Silent */
    int64_t opened_us, now_us, least_us;
} Silence;

static bool note_gap(CatalogDb *db, const Silent *one, int64_t from_us, int64_t to_us,
                     GapCause cause, GError **error)
{
    g_autoptr(GArray) parts = plan_parts(one->plan, from_us, to_us, cause);
    for (guint i = 0; i < parts->len; i++) {
        const PlanPart *part = &g_array_index(parts, PlanPart, i);
        if (part->cause == GAP_UNKNOWN) /* within the hours: what comes next tells why */
            continue;
        if (!coverage_add_gap(db, &one->camera, one->stream, part->from_us, part->to_us,
                              part->cause, error))
            return false;
    }
    return true;
}

/* By the account of a stream that never had footage, it was off line since it was added: nothing
 * needs to be noted. */
static bool note_stream(CatalogDb *db, const Silence *silence, const Silent *one, GError **error)
{
    int64_t until_us;
    if (!coverage_reach(db, &one->camera, one->stream, NULL, &until_us, error))
        return false;
    until_us = MAX(until_us, one->written_us);
    if (until_us == 0 && one->resting)
        until_us = one->since_us;
    if (until_us == 0 || silence->now_us - until_us < silence->least_us)
        return true;
    int64_t begin_us = MAX(until_us, silence->opened_us);
    return note_gap(db, one, until_us, begin_us, GAP_SERVER_DOWN, error) &&
           note_gap(db, one, begin_us, silence->now_us, one->cause, error);
}

static bool note_work(CatalogDb *db, void *data, GError **error)
{
    const Silence *silence = data;
    for (guint i = 0; i < silence->streams->len; i++)
        if (!note_stream(db, silence, &g_array_index(silence->streams, Silent, i), error))
            return false;
    return true;
}

static GapCause cause_now(const Recorder *recorder, bool resting)
{
    GapCause cause = hub_outage(recorder->hub);
    bool scheduled = cause == GAP_UNKNOWN && resting && !plan_has_hours(recorder->plan);
    return scheduled ? GAP_SCHEDULED : cause;
}

/* Called with the archive's lock held. A cause that has just changed is noted up to now as it was:
 * later, all of it would take the new one's name. */
static void look_at(const Recorder *recorder, int64_t now_us, GArray *found)
{
    Stream *stream = recorder->stream;
    bool resting = !plan_is_open(recorder->plan, now_us, NULL);
    GapCause cause = cause_now(recorder, resting), before = stream->silent_as;
    stream->silent_as = cause;
    Silent one = {.camera = stream->camera,
                  .stream = stream->kind,
                  .plan = recorder->plan,
                  .cause = before != GAP_UNKNOWN && cause != GAP_UNKNOWN ? before : cause,
                  .resting = resting,
                  .since_us = recorder->since_us,
                  .written_us = atomic_load_explicit(&stream->written_us, memory_order_relaxed)};
    if (one.cause != GAP_UNKNOWN || one.resting)
        g_array_append_val(found, one);
}

static GArray *silent_streams(Archive *archive)
{
    GArray *found = g_array_new(FALSE, FALSE, sizeof(Silent));
    int64_t now_us = clock_now_us();
    pthread_mutex_lock(&archive->lock);
    for (guint i = 0; i < archive->recorders->len; i++)
        look_at(g_ptr_array_index(archive->recorders, i), now_us, found);
    pthread_mutex_unlock(&archive->lock);
    return found;
}

bool silence_turned(Archive *archive)
{
    bool turned = false;
    int64_t now_us = clock_now_us();
    pthread_mutex_lock(&archive->lock);
    for (guint i = 0; i < archive->recorders->len; i++) {
        const Recorder *recorder = g_ptr_array_index(archive->recorders, i);
        Stream *stream = recorder->stream;
        GapCause cause = cause_now(recorder, !plan_is_open(recorder->plan, now_us, NULL));
        if (stream->silent_as == GAP_UNKNOWN || cause == GAP_UNKNOWN)
            stream->silent_as = cause;
        turned |= stream->silent_as != cause;
    }
    pthread_mutex_unlock(&archive->lock);
    return turned;
}

void silence_note(Archive *archive, int64_t least_us)
{
    Silence silence = {silent_streams(archive), archive->opened_us, clock_now_us(), least_us};
    g_autoptr(GArray) streams = silence.streams;
    g_autoptr(GError) error = NULL;
    /* In its first moments the server is what keeps streams silent. */
    if (streams->len == 0 || silence.now_us <= archive->opened_us + ARCHIVE_STARTING_US)
        return;
    if (!catalog_write_wait(archive->catalog, note_work, &silence, &error))
        log_error("archive.silence_not_noted", "error=\"%s\"", error->message);
}
