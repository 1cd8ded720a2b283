/* drawn_view.h — a street drawn for the tests of camera health, with the grain of a sensor. */
#pragma once

#include "picture/luma.h"

enum { DRAWN_WIDTH = 640, DRAWN_HEIGHT = 360, DRAWN_AREA = DRAWN_WIDTH * DRAWN_HEIGHT };

/* The street as it is seen when the camera has turned by `dx`, `dy` px. The same every time. */
void draw_street(int dx, int dy, uint8_t out[DRAWN_AREA]);

/* Courses of a long wall, and the posts of a gate in it from `gate_x` on. */
void draw_wall(int gate_x, uint8_t out[DRAWN_AREA]);

/* Brightness between -`most` and `most` is added to each pixel, another each time. */
void draw_grain(int most, uint8_t out[DRAWN_AREA]);

/* A defocused lens: means over squares of 2 × `reach` + 1 px, twice. */
void draw_blur(int reach, uint8_t out[DRAWN_AREA]);

/* Columns up to `to_x` become `level`. */
void draw_cover(int to_x, uint8_t level, uint8_t out[DRAWN_AREA]);

LumaPicture drawn_picture(const uint8_t pixels[DRAWN_AREA], int64_t at_us);
