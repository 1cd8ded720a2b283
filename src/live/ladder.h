/* ladder.h — sends a viewer less when its line lags, and more when it keeps up.
 *
 * Each view stands on a rung: what was asked for, its sub stream, or key pictures only. When what
 * was handed to the line some time ago has not arrived, all that waits is dropped and every view
 * steps down. When the line has kept up for a while, more is tried without anyone's seeing it: as
 * much as a view would get one rung up is sent as filler, behind all pictures. A line that carries
 * this for a while gets the pictures; else the next try waits twice as long. First one view is
 * tried, then two, then four. Service thread.
 */
#pragma once

#include "live/live.h"

typedef struct LiveStream LiveStream;
typedef struct LiveView LiveView;

/* One viewer's line. */
typedef struct LiveLadder {
    int64_t looked_us;  /* when the line was last looked at */
    int64_t calm_us;    /* since when it keeps up; 0: it does not */
    int64_t settles_us; /* what was handed over before is late because of what views had before
                           they last stepped down, or of what came at once */
    int64_t opens_us;   /* until then what came at once in the beginning is on its way */
    int64_t tried_us;   /* since when more is tried; 0: it is not */
    int64_t rose_us;    /* when views last stepped up; 0: never */
    int64_t rest_us;    /* so long it must keep up before more is tried */
    int64_t rested_us;  /* so long it had to before views last stepped up */
    int64_t sign_us;    /* when a sign of life was last sent */
    unsigned step;      /* so many views are tried next */
    bool weak;          /* views stepped down, and not all are up again */
} LiveLadder;

/* Looks at the line of `viewer` unless that was just done, and lets its views step. Called for
 * each picture there is, sent or not. */
void live_ladder_look(LiveViewer *viewer);

/* A view was sent, at once, all pictures of so long. Of many it is not the line's weakness that
 * they take a while. */
void live_ladder_opened(LiveViewer *viewer, int64_t pictures_us);

/* What `view` gets when `stream` is asked for: on a line known to be weak, the sub stream. */
LiveStream *live_ladder_begin(LiveView *view, LiveStream *stream);

/* Tells the viewer when `view` gets less than was asked for. */
void live_ladder_tell(LiveView *view);
