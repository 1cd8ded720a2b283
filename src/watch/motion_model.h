/* motion_model.h — the learnt background of one camera, and which cells of a picture differ from
 * it.
 *
 * For each of 160 × 90 samples: its usual brightness, and how far it strays in nine of ten pictures
 * (a tree in the wind, a clock in the picture, noise). Pure, one thread.
 */
#pragma once

#include "watch/motion_scale.h"

typedef struct MotionModel MotionModel;

typedef struct MotionChange {
    bool cells[GRID_CELLS]; /* something of another shape stands here, and changes now */
    bool blind[GRID_CELLS]; /* too dark, too bright or too restless to tell */
    bool unsure;            /* all of the scene changed, or it is being learnt */
} MotionChange;

MotionModel *motion_model_new(void);
void motion_model_free(MotionModel *model);

/* Compares the picture with the background and learns from it. `elapsed_us`: since the picture
 * before; 0 for the first. */
void motion_model_picture(MotionModel *model, const uint8_t small[SMALL_SAMPLES],
                          int64_t elapsed_us, MotionChange *change);
