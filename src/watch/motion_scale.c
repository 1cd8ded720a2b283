#include "watch/motion_scale.h"

#include <stddef.h>
#include <string.h>

/* Rows are added up in 16 bits: room for 257, more than the 92 of the highest picture. */
enum { LANES = 16 };

/* In steps of a fixed size, so that the compiler makes vectors of them. */
static void add_row(uint16_t *sums, const uint8_t *row, int width)
{
    int x = 0;
    for (; x + LANES <= width; x += LANES)
        for (int lane = 0; lane < LANES; lane++)
            sums[x + lane] = (uint16_t)(sums[x + lane] + row[x + lane]);
    for (; x < width; x++)
        sums[x] = (uint16_t)(sums[x] + row[x]);
}

static void take_means(const uint16_t *sums, int width, int rows, uint8_t *out)
{
    for (int i = 0; i < SMALL_WIDTH; i++) {
        const int from = i * width / SMALL_WIDTH, to = (i + 1) * width / SMALL_WIDTH;
        uint32_t sum = 0;
        for (int x = from; x < to; x++)
            sum += sums[x];
        const uint32_t pixels = (uint32_t)((to - from) * rows);
        out[i] = (uint8_t)((sum + pixels / 2) / pixels);
    }
}

bool motion_scale(const LumaPicture *picture, uint8_t small[SMALL_SAMPLES])
{
    if (picture->width < SMALL_WIDTH || picture->height < SMALL_HEIGHT ||
        picture->width > MOTION_MAX_PX || picture->height > MOTION_MAX_PX)
        return false;
    uint16_t sums[MOTION_MAX_PX];
    for (int i = 0; i < SMALL_HEIGHT; i++) {
        const int from = i * picture->height / SMALL_HEIGHT;
        const int to = (i + 1) * picture->height / SMALL_HEIGHT;
        memset(sums, 0, sizeof *sums * (size_t)picture->width);
        for (int y = from; y < to; y++)
            add_row(sums, picture->pixels + (ptrdiff_t)y * picture->stride, picture->width);
        take_means(sums, picture->width, to - from, small + (ptrdiff_t)i * SMALL_WIDTH);
    }
    return true;
}
