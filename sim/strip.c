#include "strip.h"

#include <stdbool.h>
#include <string.h>

enum { DARK = 40, LIGHT = 205, NEUTRAL = 128 };

/* The 40 blocks as bits, the leftmost the most significant. */
static uint64_t strip_bits(uint32_t number)
{
    uint32_t check = 0;
    for (int nibble = 0; nibble < 8; nibble++)
        check ^= number >> (4 * nibble) & 0xf;
    return UINT64_C(2) << 38 | (uint64_t)number << 6 | (uint64_t)check << 2 | 1;
}

void strip_draw(AVFrame *frame, uint32_t number)
{
    const uint64_t bits = strip_bits(number);
    const int height = frame->height / STRIP_HEIGHT_DIVISOR;
    const int top = frame->height - height;
    uint8_t *first = frame->data[0] + (ptrdiff_t)top * frame->linesize[0];
    for (int block = 0; block < STRIP_BLOCKS; block++) {
        const int from = block * frame->width / STRIP_BLOCKS;
        const int to = (block + 1) * frame->width / STRIP_BLOCKS;
        const bool light = bits >> (STRIP_BLOCKS - 1 - block) & 1;
        memset(first + from, light ? LIGHT : DARK, (size_t)(to - from));
    }
    for (int y = 1; y < height; y++)
        memcpy(first + (ptrdiff_t)y * frame->linesize[0], first, (size_t)frame->width);
    for (int plane = 1; plane < 3; plane++)
        for (int y = (top + 1) / 2; y < frame->height / 2; y++)
            memset(frame->data[plane] + (ptrdiff_t)y * frame->linesize[plane], NEUTRAL,
                   (size_t)frame->width / 2);
}
