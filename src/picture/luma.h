/* luma.h — the brightness of one decoded picture, as the analysers of watch/ see it. A plain
 * value; the pixels are borrowed. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

typedef struct LumaPicture {
    const uint8_t *pixels;     /* 8 bits each, full or limited range as the camera sends */
    int width, height, stride; /* px, px, bytes */
    int64_t capture_us;        /* node time of the picture */
    bool key;
} LumaPicture;
