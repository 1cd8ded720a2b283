/* strip.h — a 32-bit number as a strip of blocks that survives compression and scaling.
 *
 * The strip lies along the bottom edge, over the whole width, 1/24 of the picture high, in 40
 * blocks of equal width: light, dark, 32 bits (most significant first, light = 1), 4 check bits
 * (XOR of the eight nibbles of the number, most significant first), dark, light. sim/README.md says
 * how to read it.
 */
#pragma once

#include <libavutil/frame.h>
#include <stdint.h>

enum { STRIP_BLOCKS = 40, STRIP_HEIGHT_DIVISOR = 24 };

void strip_draw(AVFrame *frame, uint32_t number);
