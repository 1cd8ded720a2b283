/* view.h — one viewer's look at one camera: which stream it gets, and what it does when its viewer
 * is too slow. Service thread.
 */
#pragma once

#include "live/stream.h"
#include "live/viewer.h"

struct LiveView {
    LiveViewer *viewer;
    Uuid camera;
    StreamKind asked;
    bool audio;
    bool h264;             /* it is shown no H.265 */
    MaskSet *masks;        /* a reference: what covers what it is shown; NULL: nothing does */
    bool bare;             /* masks are lifted for it */
    bool told_limit;       /* that it has to wait for a stream of H.264 */
    LiveStream *stream;    /* what it gets; NULL before the first key picture */
    LiveStream *next;      /* what it changes to at that stream's next key picture; NULL: none */
    unsigned seen[TRACKS]; /* generation of the init part that was sent */
    bool wait_key;         /* pictures are skipped up to the next key picture */
    unsigned lost;         /* since the viewer was last told */
    size_t queued;         /* binary messages in the viewer's queue */
    unsigned rung;         /* steps below what was asked for (ladder.h) */
    bool keys_only;        /* only key pictures are sent */
    bool left_out;         /* others were left out since the newest key picture */
    LiveStream *tries;     /* where it would get more, one rung up; NULL: nothing is tried */
    uint64_t tried_bytes;  /* so much more, since it is tried */
    bool tried_key;        /* a key picture came meanwhile */
};

LiveView *live_view_new(LiveViewer *viewer, Uuid camera);
void live_view_free(LiveView *view);

/* Changes to `stream` at its next key picture, at once when it has one that is younger than
 * `fresh_us`. */
void live_view_change(LiveView *view, LiveStream *stream, bool audio, int64_t fresh_us);

/* What covers the camera is looked up. True: it changed; all that waits is dropped, the view has no
 * stream any more, and live_view_begin_again() is needed. */
bool live_view_remask(LiveView *view);
void live_view_begin_again(LiveView *view); /* may end the view */

/* The view knows no H.265, and `stream` has nothing else; or other masks cover the stream. */
bool live_view_cannot_show(const LiveView *view, const LiveStream *stream);

/* `made`, of which the view gets its pictures, ends: it waits for another one, and is told. */
void live_view_wait(LiveView *view, LiveStream *made);

/* Counts what `stream` has and the view does not get, until told otherwise; NULL: nothing. */
void live_view_try(LiveView *view, LiveStream *stream);

/* Drops what waits; the next picture sent is a key picture. */
void live_view_skip(LiveView *view);

/* A unit of `stream`, borrowed. */
void live_view_take(LiveView *view, LiveStream *stream, const LiveRecent *unit);

/* Pictures of `stream` were lost before anyone could see them. */
void live_view_lost(LiveView *view, LiveStream *stream, unsigned pictures);

/* {"op":…,"camera":…}; more is added by the caller. */
Json *live_op(const char *op, const Uuid *camera);
