/* private.h — what the parts of live/ know of the whole. Service thread unless told otherwise. */
#pragma once

#include "live/stream.h"
#include "live/viewer.h"

/* Any thread: the service thread is to pump. */
void live_wake(Live *live);

size_t live_head_room(const Live *live);
const LiveSource *live_source(const Live *live);
void live_ready(Live *live, void *viewer_data);
int64_t live_lag_us(Live *live, void *viewer_data);

/* The stream, made when it is not watched yet; NULL when the camera has none. Borrowed. */
LiveStream *live_stream_get(Live *live, Uuid camera, StreamKind kind);

/* A stream of H.264 in place of `stream`, which has H.265, or pictures that `masks` (borrowed,
 * NULL: nothing) cover; NULL: there is no place for `who` now. Borrowed. */
LiveStream *live_stream_h264(Live *live, LiveStream *stream, MaskSet *masks, const Uuid *who);

/* Looks what covers the views of all, where that may have changed. Not from live_pump()'s loop. */
void live_review_masks(Live *live);

/* How many may be made at once. */
unsigned live_transcodings_most(const Live *live);

/* Frees streams that nobody watches. */
void live_sweep(Live *live);

void live_add_viewer(Live *live, LiveViewer *viewer);
void live_remove_viewer(Live *live, LiveViewer *viewer);
void live_count_sent(Live *live, size_t bytes);
void live_count_lost(Live *live, unsigned pictures);
