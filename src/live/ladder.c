#include "live/ladder.h"

#include "base/clock.h"
#include "live/private.h"
#include "live/view.h"

/* What is not there within LAG_US, beyond the time that the way there and back takes, is late: with
 * what the line itself still holds, a picture is then shown within 2 s of its capture. What has
 * come below CALM_US keeps up. */
#define LOOK_US (SECOND_US / 5)
#define LAG_US (12 * SECOND_US / 10)
#define CALM_US (8 * SECOND_US / 10)
#define REST_US (4 * SECOND_US)
#define REST_MOST_US (120 * SECOND_US)
/* More is tried for so long at least. It begins with little, doubled each second, and pauses while
 * pictures lag by PAUSE_US, so that a line that is too weak is not flooded; filler that waits
 * longer than FILLER_US, or pictures that lag by TRIAL_LAG_US, end it. A line that is good for more
 * has a quarter to spare. */
#define TRIAL_US (6 * SECOND_US)
#define FILLER_US (4 * SECOND_US / 10)
#define PAUSE_US (SECOND_US / 2)
#define TRIAL_LAG_US SECOND_US
enum { TRIAL_BYTES_PER_S = 25000, TRIAL_DOUBLINGS = 10 };
/* A line that lags so soon after views stepped up was not good enough for that. */
#define PROVEN_US (20 * SECOND_US)
/* A sub stream whose newest key picture is older is not gone through from there. */
#define FRESH_US SECOND_US
#define SIGN_US (2 * SECOND_US)
/* Pictures of longer than OPENING_US that come at once have so long to get through. */
#define OPENING_US (4 * SECOND_US)
#define OPENS_US (5 * SECOND_US)
enum { QUEUE_MOST = 2500, OPENING_QUEUE_MOST = 10000, STEP_MOST = 64 };

static void tell(LiveView *view, const char *op)
{
    const LiveStream *stream = view->next ? view->next : view->stream;
    Json *json = live_op(op, &view->camera);
    json_object_set_new(json, "stream", json_string(stream_kind_text(stream->kind)));
    json_object_set_new(json, "pictures", json_string(view->keys_only ? "key" : "all"));
    if (view->rung)
        json_object_set_new(json, "cause", json_string("the connection is too slow for more"));
    live_viewer_text(view->viewer, json);
}

/* The other stream of its camera, where the view can show it as it is. Of one that it cannot, it
 * has what is made of it, and nothing lies between that and its key pictures. */
static LiveStream *rung_of(const LiveView *view, StreamKind kind)
{
    LiveStream *stream = live_stream_get(view->viewer->live, view->camera, kind);
    return stream && !live_view_cannot_show(view, stream) ? stream : NULL;
}

static bool step_down(LiveView *view)
{
    const LiveStream *stream = view->next ? view->next : view->stream;
    LiveStream *sub = NULL;
    if (!stream || view->keys_only)
        return false;
    if (stream->kind == STREAM_MAIN)
        sub = rung_of(view, STREAM_SUB);
    view->keys_only = !sub;
    view->rung++;
    if (sub)
        live_view_change(view, sub, view->audio, FRESH_US);
    tell(view, "lowered");
    return true;
}

static void end_trial(LiveViewer *viewer)
{
    viewer->ladder.tried_us = 0;
    live_viewer_filler(viewer, 0);
    for (guint i = 0; i < viewer->views->len; i++)
        live_view_try(viewer->views->pdata[i], NULL);
}

static void fail_trial(LiveViewer *viewer, int64_t lag_us, int64_t now_us)
{
    LiveLadder *ladder = &viewer->ladder;
    end_trial(viewer);
    ladder->calm_us = 0;
    ladder->settles_us = now_us + lag_us;
    ladder->rest_us = MIN(REST_MOST_US, 2 * ladder->rest_us);
    ladder->step = 1;
}

static void all_down(LiveViewer *viewer, int64_t now_us)
{
    LiveLadder *ladder = &viewer->ladder;
    for (guint i = 0; i < viewer->views->len; i++)
        ladder->weak |= step_down(viewer->views->pdata[i]);
    if (ladder->rose_us && now_us - ladder->rose_us < PROVEN_US)
        ladder->rest_us = MIN(REST_MOST_US, 2 * ladder->rested_us);
    ladder->step = 1;
}

static void fall(LiveViewer *viewer, int64_t lag_us, int64_t now_us)
{
    LiveLadder *ladder = &viewer->ladder;
    if (ladder->tried_us)
        fail_trial(viewer, lag_us, now_us);
    ladder->calm_us = 0;
    bool settling = now_us - lag_us <= ladder->settles_us;
    if (settling && now_us - live_viewer_oldest_us(viewer) < LAG_US)
        return;
    for (guint i = 0; i < viewer->views->len; i++)
        live_view_skip(viewer->views->pdata[i]);
    if (settling)
        return;
    all_down(viewer, now_us);
    ladder->settles_us = now_us + lag_us;
}

/* Of those that may step up, NULL when there is none. */
static LiveView *lowest(const LiveViewer *viewer)
{
    LiveView *found = NULL;
    for (guint i = 0; i < viewer->views->len; i++) {
        LiveView *view = viewer->views->pdata[i];
        if (view->rung && !view->tries && !view->next && (!found || view->rung > found->rung))
            found = view;
    }
    return found;
}

/* What the view would get one rung up; NULL: nothing now. */
static LiveStream *rung_above(LiveView *view)
{
    if (!view->stream || view->keys_only)
        return view->stream;
    LiveStream *up = rung_of(view, STREAM_MAIN);
    if (!up) { /* it is there no more: it stands on the highest */
        view->rung = 0;
        tell(view, "raised");
    }
    return up;
}

static void begin_trial(LiveViewer *viewer, int64_t now_us)
{
    LiveLadder *ladder = &viewer->ladder;
    ladder->weak = false;
    for (unsigned i = 0; i < ladder->step; i++) {
        LiveView *view = lowest(viewer);
        LiveStream *up = view ? rung_above(view) : NULL;
        if (!up)
            break;
        live_view_try(view, up);
        ladder->weak = true;
        ladder->tried_us = now_us;
    }
}

/* Sends what is due of the filler. */
static void go_on_trying(LiveViewer *viewer, int64_t lag_us, int64_t since_us, int64_t now_us)
{
    int64_t for_us = MIN(now_us - since_us, 2 * LOOK_US);
    if (lag_us > PAUSE_US) {
        viewer->ladder.tried_us = MIN(now_us, viewer->ladder.tried_us + for_us);
        return;
    }
    int64_t tried_us = now_us - viewer->ladder.tried_us, bytes = 0;
    for (guint i = 0; i < viewer->views->len; i++)
        bytes += (int64_t)((const LiveView *)viewer->views->pdata[i])->tried_bytes;
    int64_t most = TRIAL_BYTES_PER_S << MIN(tried_us / SECOND_US, TRIAL_DOUBLINGS);
    int64_t wanted = bytes * 5 / 4 * SECOND_US / MAX(tried_us, LOOK_US);
    live_viewer_filler(viewer, (size_t)(MIN(most, wanted) * for_us / SECOND_US));
}

/* For long enough, and with what the key pictures weigh? */
static bool tried_enough(const LiveViewer *viewer, int64_t now_us)
{
    if (now_us - viewer->ladder.tried_us < TRIAL_US)
        return false;
    for (guint i = 0; i < viewer->views->len; i++) {
        const LiveView *view = viewer->views->pdata[i];
        if (view->tries && !view->tried_key)
            return false;
    }
    return true;
}

static void all_tried_up(LiveViewer *viewer, int64_t now_us)
{
    LiveLadder *ladder = &viewer->ladder;
    for (guint i = 0; i < viewer->views->len; i++) {
        LiveView *view = viewer->views->pdata[i];
        LiveStream *up = view->tries;
        if (!up)
            continue;
        live_view_try(view, NULL);
        view->rung--;
        view->keys_only = false;
        live_view_change(view, up, view->audio, 0);
        tell(view, "raised");
    }
    end_trial(viewer);
    ladder->rose_us = ladder->calm_us = now_us;
    ladder->rested_us = ladder->rest_us;
    ladder->rest_us = REST_US; /* the line has become better */
    ladder->step = MIN(2 * ladder->step, STEP_MOST);
}

static bool all_up(const LiveViewer *viewer)
{
    for (guint i = 0; i < viewer->views->len; i++)
        if (((const LiveView *)viewer->views->pdata[i])->rung)
            return false;
    return true;
}

static void keep_up(LiveViewer *viewer, int64_t now_us)
{
    LiveLadder *ladder = &viewer->ladder;
    if (!ladder->calm_us)
        ladder->calm_us = now_us;
    if (ladder->tried_us) {
        if (tried_enough(viewer, now_us))
            all_tried_up(viewer, now_us);
    } else if (ladder->weak && all_up(viewer) && now_us - ladder->rose_us >= PROVEN_US) {
        ladder->weak = false;
        ladder->rest_us = REST_US;
    } else if (!all_up(viewer) && now_us - ladder->calm_us >= ladder->rest_us) {
        begin_trial(viewer, now_us);
    }
}

/* Key pictures may be far apart: a client that hears nothing for long takes the line for dead. */
static void give_sign(LiveViewer *viewer, int64_t now_us)
{
    LiveLadder *ladder = &viewer->ladder;
    if (now_us - ladder->sign_us < SIGN_US)
        return;
    ladder->sign_us = now_us;
    live_viewer_filler(viewer, 1);
}

void live_ladder_look(LiveViewer *viewer)
{
    LiveLadder *ladder = &viewer->ladder;
    int64_t now_us = clock_mono_us();
    if (!ladder->looked_us) {
        ladder->rest_us = REST_US;
        ladder->step = 1;
    }
    int64_t looked_us = ladder->looked_us;
    if (now_us - looked_us < LOOK_US)
        return;
    ladder->looked_us = now_us;
    if (now_us < ladder->opens_us && viewer->queue.length <= OPENING_QUEUE_MOST)
        return;
    int64_t lag_us = MAX(live_lag_us(viewer->live, viewer->data),
                         now_us - MIN(now_us, live_viewer_oldest_us(viewer)));
    bool slow = lag_us > TRIAL_LAG_US || now_us - live_viewer_filler_us(viewer) > FILLER_US;
    if (lag_us > LAG_US || viewer->queue.length > QUEUE_MOST) {
        fall(viewer, lag_us, now_us);
    } else if (ladder->tried_us && slow) {
        fail_trial(viewer, lag_us, now_us);
    } else if (lag_us < CALM_US) {
        keep_up(viewer, now_us);
    } else if (!ladder->tried_us) {
        ladder->calm_us = 0;
    }
    if (ladder->tried_us)
        go_on_trying(viewer, lag_us, looked_us, now_us);
    else if (ladder->weak)
        give_sign(viewer, now_us);
}

void live_ladder_opened(LiveViewer *viewer, int64_t pictures_us)
{
    LiveLadder *ladder = &viewer->ladder;
    int64_t now_us = clock_mono_us();
    if (pictures_us <= OPENING_US || now_us < ladder->opens_us || ladder->weak)
        return;
    ladder->opens_us = ladder->settles_us = now_us + OPENS_US;
}

LiveStream *live_ladder_begin(LiveView *view, LiveStream *stream)
{
    live_view_try(view, NULL);
    view->rung = view->keys_only;
    if (!view->viewer->ladder.weak || stream->kind != STREAM_MAIN ||
        live_view_cannot_show(view, stream))
        return stream;
    LiveStream *sub = rung_of(view, STREAM_SUB);
    view->rung += sub != NULL;
    return sub ? sub : stream;
}

void live_ladder_tell(LiveView *view)
{
    if (view->rung)
        tell(view, "lowered");
}
