#include "watch/motion_scale.h"

#include <stddef.h>
#include <string.h>

/* Rows are added up in 16 bits: room for 257, more than the 92 of the highest picture. */
enum { LANES = 16 };

/* In steps of a fixed size, so that the compiler makes vectors of them. */
static void add_row(uint16_t *restrict sums, const uint8_t *restrict row, int width)
{
    int x = 0;
    for (; x + LANES <= width; x += LANES)
        for (int lane = 0; lane < LANES; lane++)
            sums[x + lane] = (uint16_t)(sums[x + lane] + row[x + lane]);
    for (; x < width; x++)
        sums[x] = (uint16_t)(sums[x] + row[x]);
}

static void add_block(uint16_t *restrict sums, const uint8_t *restrict first,
                      const uint8_t *restrict second, const uint8_t *restrict third,
                      const uint8_t *restrict fourth)
{
    for (int i = 0; i < LANES; i++) {
        const uint16_t upper = (uint16_t)(first[i] + second[i]);
        const uint16_t lower = (uint16_t)(third[i] + fourth[i]);
        sums[i] = (uint16_t)(sums[i] + upper + lower);
    }
}

/* Four rows at once: the sums are read and written once. */
static void add_four(uint16_t *restrict sums, const uint8_t *restrict row, ptrdiff_t stride,
                     int width)
{
    const uint8_t *restrict second = row + stride, *restrict third = second + stride,
                            *restrict fourth = third + stride;
    int x = 0;
    for (; x + LANES <= width; x += LANES)
        add_block(sums + x, row + x, second + x, third + x, fourth + x);
    for (; x < width; x++)
        sums[x] = (uint16_t)(sums[x] + row[x] + second[x] + third[x] + fourth[x]);
}

static void add_rows(uint16_t *sums, const LumaPicture *picture, int from, int to)
{
    const ptrdiff_t stride = picture->stride;
    int y = from;
    memset(sums, 0, sizeof *sums * (size_t)picture->width);
    for (; y + 4 <= to; y += 4)
        add_four(sums, picture->pixels + y * stride, stride, picture->width);
    for (; y < to; y++)
        add_row(sums, picture->pixels + y * stride, picture->width);
}

/* Divisions by few divisors are multiplications by their inverses, here exact: sums are below 2^21,
 * divisors below 2^13. */
enum { INVERSE_BITS = 34 };

static uint64_t inverse_of(int pixels)
{
    return ((UINT64_C(1) << INVERSE_BITS) + (uint64_t)pixels - 1) / (uint64_t)pixels;
}

/* Of a picture as wide as most sub streams: each mean takes the same few columns. */
static void take_means_of_four(const uint16_t *sums, int rows, uint8_t *out)
{
    const uint64_t inverse = inverse_of(4 * rows);
    const uint32_t half = (uint32_t)(4 * rows) / 2;
    for (int i = 0; i < SMALL_WIDTH; i++, sums += 4)
        out[i] =
            (uint8_t)((half + sums[0] + sums[1] + sums[2] + sums[3]) * inverse >> INVERSE_BITS);
}

static void take_means(const uint16_t *sums, int width, int rows, uint8_t *out)
{
    const int least = width / SMALL_WIDTH;
    const uint64_t inverses[] = {inverse_of(least * rows), inverse_of((least + 1) * rows)};
    for (int i = 0; i < SMALL_WIDTH; i++) {
        const int from = i * width / SMALL_WIDTH, to = (i + 1) * width / SMALL_WIDTH;
        uint32_t sum = (uint32_t)((to - from) * rows) / 2;
        for (int x = from; x < to; x++)
            sum += sums[x];
        out[i] = (uint8_t)(sum * inverses[to - from - least] >> INVERSE_BITS);
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
        add_rows(sums, picture, from, to);
        uint8_t *row = small + (ptrdiff_t)i * SMALL_WIDTH;
        if (picture->width == 4 * SMALL_WIDTH)
            take_means_of_four(sums, to - from, row);
        else
            take_means(sums, picture->width, to - from, row);
    }
    return true;
}
