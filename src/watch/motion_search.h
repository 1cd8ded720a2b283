/* motion_search.h — when something moved in a drawn region, and when that is not known. */
#pragma once

#include "watch/motion_store.h"

/* Seconds since the Unix epoch; `to` is the first that is no longer in it. */
typedef struct MotionSpan {
    int64_t from, to;
} MotionSpan;

typedef struct MotionQuery {
    Uuid camera;
    int64_t from, to; /* seconds, as above */
    uint8_t region[GRID_BYTES];
    int join;   /* seconds of quiet that don't part two spans of motion */
    guint most; /* spans of each kind, then the search ends */
} MotionQuery;

typedef struct MotionFound {
    int64_t to;      /* all before it is told; less than asked when there was too much */
    GArray *moved;   /* of MotionSpan, in order */
    GArray *unknown; /* of MotionSpan: not seen, unsure, or all of the region blind */
    GArray *partly;  /* of MotionSpan: some of the region was blind, and the rest was seen */
    int64_t seen_fully, seen_sparsely; /* seconds */
    int64_t moved_in[GRID_CELLS];      /* of the region: seconds in which it moved */
    int64_t blind[GRID_CELLS]; /* of the region: for how many of the seconds seen it was blind */
} MotionFound;

/* Blocking: reads a file a day. Returns owned. */
MotionFound *motion_search(MotionStore *store, const MotionQuery *query);
void motion_found_free(MotionFound *found);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MotionFound, motion_found_free)

/* The cells that a polygon of `count` corners (x, y in parts of the picture) touches with their
 * middle; where it is smaller than a cell, the cells of its corners. */
void motion_region_polygon(const double (*corners)[2], int count, uint8_t region[GRID_BYTES]);
