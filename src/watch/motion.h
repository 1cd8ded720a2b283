/* motion.h — where something moved, second by second: 32 × 18 cells, a bit each.
 *
 * Pictures of one camera in, about five a second or key pictures alone; whole seconds out. A cell
 * moved when its samples differ from the learnt background, differ in shape and not only in light,
 * change now, and did so in the picture before. What could not be watched is told apart from what
 * did not move. How it works and what it reaches: docs/design/motion.md.
 *
 * Pure: no clock, no I/O, no threads; one camera, one thread.
 */
#pragma once

#include "watch/motion_scale.h"

enum { GRID_BYTES = GRID_CELLS / 8, MOTION_STEP_US = 180000 };

typedef enum MotionSeen {
    SEEN_NOT,    /* no picture */
    SEEN_SPARSE, /* one or two pictures, or between two key pictures at most 10 s apart */
    SEEN_UNSURE, /* pictures, but all of the scene changed or is being learnt */
    SEEN_FULL,   /* three pictures or more */
} MotionSeen;

typedef struct MotionSecond {
    int64_t second; /* since the Unix epoch, UTC */
    MotionSeen seen;
    /* Cell 0 is top left, row by row; the highest bit of a byte comes first. */
    uint8_t moved[GRID_BYTES];
    uint8_t blind[GRID_BYTES]; /* too dark, too bright or too restless to see anything move there */
} MotionSecond;

static inline bool grid_has(const uint8_t grid[GRID_BYTES], int cell)
{
    return grid[cell >> 3] >> (7 - (cell & 7)) & 1;
}

static inline void grid_set(uint8_t grid[GRID_BYTES], int cell)
{
    grid[cell >> 3] = (uint8_t)(grid[cell >> 3] | 0x80 >> (cell & 7));
}

typedef struct Motion Motion;

/* Called with each second that is complete, in order. Seconds without a picture are left out. */
typedef void (*MotionReady)(void *data, const MotionSecond *second);

Motion *motion_new(MotionReady ready, void *data);
void motion_free(Motion *motion); /* what is not complete is not told */

/* Pictures sooner than MOTION_STEP_US after the last one taken are passed over, so is one that is
 * too small or too large. A picture from before the last one begins anew. */
void motion_picture(Motion *motion, const LumaPicture *picture);
