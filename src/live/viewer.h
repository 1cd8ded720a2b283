/* viewer.h — one socket's viewer: its views, and the queue of what it has yet to be sent. */
#pragma once

#include "live/ladder.h"
#include "live/live.h"

/* Causes that a client tells its user in words of its own (docs/reference/live.md). */
#define LIVE_CAUSE_LIMIT "transcoding-limit"
#define LIVE_CAUSE_OFF "transcoding-off"
#define LIVE_CAUSE_CODEC "transcoding-failed"

struct LiveViewer {
    Live *live;
    const void *account;
    Uuid person;
    void *data;
    GPtrArray *views;  /* LiveView *, owned */
    GQueue queue;      /* messages in order */
    unsigned texts;    /* in the queue */
    bool told;         /* `ready` was called since the last message was taken */
    size_t filler;     /* bytes of it that are sent when nothing else waits */
    int64_t filler_us; /* since when there is some */
    LiveLadder ladder;
};

/* Appends a message of `view`; takes a new reference to `message`. */
void live_viewer_binary(LiveViewer *viewer, LiveView *view, Buffer *message, bool picture);

/* Drops what waits of `view` (but texts); counts pictures into `*pictures` (may be NULL). */
void live_viewer_drop(LiveViewer *viewer, LiveView *view, unsigned *pictures);

/* Sends so many bytes more of filler, behind all else; 0: none of what waits. */
void live_viewer_filler(LiveViewer *viewer, size_t bytes);

/* Since when some waits without a pause; INT64_MAX: none does. */
int64_t live_viewer_filler_us(const LiveViewer *viewer);

/* When the oldest waiting message was appended; INT64_MAX when none waits. */
int64_t live_viewer_oldest_us(const LiveViewer *viewer);

/* The view of `camera`, or NULL. */
LiveView *live_viewer_find(const LiveViewer *viewer, const Uuid *camera);

/* Tells the state of the camera, when it is known. */
void live_viewer_state(LiveViewer *viewer, const Uuid *camera);

/* Says that the view of `camera` cannot be had; `cause` is NULL or a LIVE_CAUSE_…. */
void live_viewer_refuse(LiveViewer *viewer, const Uuid *camera, const char *cause,
                        const char *detail);

/* Ends the view of `camera`, and says so. */
void live_viewer_end(LiveViewer *viewer, LiveView *view);
