/* view_sketch.h — one picture of a camera made small, for camera health to judge the view by.
 *
 * The picture is reduced to 160 × 90 means, whatever its size, and to 32 × 18 cells with the steps
 * of brightness in them at full size: a defocused lens keeps the means and loses the steps. Pure:
 * no clock, no allocation. Costs about 60 µs for 640 × 360.
 */
#pragma once

#include "picture/luma.h"

enum {
    VIEW_WIDTH = 160,
    VIEW_HEIGHT = 90,
    VIEW_AREA = VIEW_WIDTH * VIEW_HEIGHT,
    VIEW_CELL = 5, /* samples a side */
    VIEW_ACROSS = VIEW_WIDTH / VIEW_CELL,
    VIEW_DOWN = VIEW_HEIGHT / VIEW_CELL,
    VIEW_CELLS = VIEW_ACROSS * VIEW_DOWN,
    VIEW_LEVEL = 256, /* one step of brightness in `small` */
    VIEW_MAX_PX = 4096,
};

typedef struct ViewSketch {
    uint16_t small[VIEW_AREA];    /* means, in 1/256 of a step of brightness, row by row */
    uint8_t range[VIEW_CELLS];    /* the lightest pixel less the darkest */
    uint8_t steepest[VIEW_CELLS]; /* the greatest step between neighbours in a row */
    uint8_t mean[VIEW_CELLS];
} ViewSketch;

/* False, and `sketch` is not touched, for a picture smaller than 160 × 90 or larger than
 * VIEW_MAX_PX a side. */
bool view_sketch_make(const LumaPicture *picture, ViewSketch *sketch);

/* Means of the cells of any `small`. */
void view_sketch_means(const uint16_t small[VIEW_AREA], uint8_t mean[VIEW_CELLS]);
