/* motion_light.h — tells another light from another shape. Pure. */
#pragma once

#include "watch/motion_scale.h"

/* Brightness of the whole picture that changed by a factor and a shift (lamp, cloud, exposure) is
 * carried into the background (in 1/256 of a level) and the `count` pictures at `past`. */
void motion_light_follow(uint16_t back[SMALL_SAMPLES], uint8_t *past, int count,
                         const uint8_t small[SMALL_SAMPLES]);

/* Whether the picture in and around one cell is more than the background in another light: more
 * than a factor, a shift and a slope can explain. */
bool motion_light_is_shape(const uint16_t back[SMALL_SAMPLES], const uint8_t small[SMALL_SAMPLES],
                           int column, int row);
