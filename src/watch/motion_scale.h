/* motion_scale.h — brings a picture of any size to the small one that motion works on: 5 × 5
 * samples a cell, each the mean of the pixels it covers. Pure.
 */
#pragma once

#include "picture/luma.h"

enum {
    GRID_COLUMNS = 32,
    GRID_ROWS = 18,
    GRID_CELLS = GRID_COLUMNS * GRID_ROWS,
    CELL_SIDE = 5, /* samples */
    SMALL_WIDTH = GRID_COLUMNS * CELL_SIDE,
    SMALL_HEIGHT = GRID_ROWS * CELL_SIDE,
    SMALL_SAMPLES = SMALL_WIDTH * SMALL_HEIGHT,
    MOTION_MAX_PX = 8192, /* the widest and highest picture taken */
};

/* False when the picture is smaller than the grid of samples or wider or higher than
 * MOTION_MAX_PX. */
bool motion_scale(const LumaPicture *picture, uint8_t small[SMALL_SAMPLES]);
