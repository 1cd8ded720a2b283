#include "watch/motion_light.h"

#include <glib.h>
#include <math.h>
#include <stdlib.h>

enum {
    ONE = 256,
    ROUNDS = 4,       /* of leaving out the cells that fit worst */
    MARGIN = 1,       /* samples looked at around a cell */
    SHAPE_LEVELS = 3, /* root mean square of what light does not explain */
};

/* Light leaves over less than so much of the change of the patch, and of its texture. */
static const float LIGHT_PART = 0.12F, TEXTURE_PART = 0.15F;

/* A change of light: y = factor × x + shift. */
typedef struct Light {
    float factor, shift;
} Light;

/* Sums over the rows of one row of cells, column by column. */
static void add_rows(const uint16_t *restrict back, const uint8_t *restrict small,
                     uint32_t *restrict back_sums, uint16_t *restrict sums)
{
    for (int x = 0; x < SMALL_WIDTH; x++) {
        uint32_t was = 0;
        uint16_t is = 0;
        for (int y = 0; y < CELL_SIDE; y++) {
            was += back[y * SMALL_WIDTH + x];
            is = (uint16_t)(is + small[y * SMALL_WIDTH + x]);
        }
        back_sums[x] = was;
        sums[x] = is;
    }
}

/* Means of the cells, in levels: of the background, and of the picture. */
static void take_means(const uint16_t *back, const uint8_t *small, float x[GRID_CELLS],
                       float y[GRID_CELLS])
{
    for (int cell = 0; cell < GRID_CELLS; cell += GRID_COLUMNS) {
        const int from = cell / GRID_COLUMNS * CELL_SIDE * SMALL_WIDTH;
        uint32_t back_sums[SMALL_WIDTH];
        uint16_t sums[SMALL_WIDTH];
        add_rows(back + from, small + from, back_sums, sums);
        for (int column = 0; column < GRID_COLUMNS; column++) {
            uint32_t was = 0, is = 0;
            for (int i = column * CELL_SIDE; i < (column + 1) * CELL_SIDE; i++)
                was += back_sums[i], is += sums[i];
            x[cell + column] = (float)was / (CELL_SIDE * CELL_SIDE * ONE);
            y[cell + column] = (float)is / (CELL_SIDE * CELL_SIDE);
        }
    }
}

static Light fit_where(const float *x, const float *y, const float *errors, float most)
{
    float n = 0, sx = 0, sy = 0, sxx = 0, sxy = 0;
    for (int i = 0; i < GRID_CELLS; i++) {
        if (errors[i] > most)
            continue;
        n += 1, sx += x[i], sy += y[i], sxx += x[i] * x[i], sxy += x[i] * y[i];
    }
    const float spread = n * sxx - sx * sx;
    const float factor = spread > n * n ? (n * sxy - sx * sy) / spread : 1;
    return (Light){factor, n > 0 ? (sy - factor * sx) / n : 0};
}

/* To a quarter of a level; what is 64 or more counts as 64. */
static float median(const float *values)
{
    enum { BINS = 256 };
    int counts[BINS] = {0};
    for (int i = 0; i < GRID_CELLS; i++)
        counts[(int)MIN(values[i] * 4, BINS - 1)]++;
    int bin = 0;
    for (int seen = counts[0]; seen < GRID_CELLS / 2; seen += counts[bin])
        bin++;
    return (float)(bin + 1) / 4;
}

/* Least squares over the cells that fit best, found in a few rounds. */
static Light fit(const float *x, const float *y)
{
    float errors[GRID_CELLS];
    Light light = {1, 0};
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < GRID_CELLS; i++)
            errors[i] = fabsf(light.factor * x[i] + light.shift - y[i]);
        light = fit_where(x, y, errors, 2 * median(errors) + 0.5F);
    }
    return light;
}

static bool is_little(Light light)
{
    return fabsf(light.factor * 48 + light.shift - 48) < 1 &&
           fabsf(light.factor * 208 + light.shift - 208) < 1;
}

void motion_light_follow(uint16_t back[SMALL_SAMPLES], uint8_t *past, int count,
                         const uint8_t small[SMALL_SAMPLES])
{
    float x[GRID_CELLS], y[GRID_CELLS];
    take_means(back, small, x, y);
    const Light light = fit(x, y);
    if (is_little(light) || light.factor < 0.4F || light.factor > 2.5F)
        return;
    for (int i = 0; i < SMALL_SAMPLES; i++)
        back[i] = (uint16_t)CLAMP(light.factor * (float)back[i] + light.shift * ONE, 0, 255 * ONE);
    for (int i = 0; i < SMALL_SAMPLES * count; i++)
        past[i] = (uint8_t)CLAMP(light.factor * (float)past[i] + light.shift + 0.5F, 0, 255);
}

enum { PATCH = CELL_SIDE + 2 * MARGIN, PATCH_SAMPLES = PATCH * PATCH };

/* Takes the mean and the slope out of the patch. Returns the mean. */
static float level(float patch[PATCH_SAMPLES])
{
    const int middle = PATCH / 2;
    float mean = 0, across = 0, down = 0, squares = 0;
    for (int row = 0, i = 0; row < PATCH; row++)
        for (int column = 0; column < PATCH; column++, i++) {
            const float u = (float)(column - middle), v = (float)(row - middle);
            mean += patch[i], across += u * patch[i], down += v * patch[i], squares += u * u;
        }
    mean /= PATCH_SAMPLES, across /= squares, down /= squares;
    for (int row = 0, i = 0; row < PATCH; row++)
        for (int column = 0; column < PATCH; column++, i++)
            patch[i] -= mean + across * (float)(column - middle) + down * (float)(row - middle);
    return mean;
}

bool motion_light_is_shape(const uint16_t back[SMALL_SAMPLES], const uint8_t small[SMALL_SAMPLES],
                           int column, int row)
{
    float was[PATCH_SAMPLES], is[PATCH_SAMPLES];
    for (int i = 0; i < PATCH_SAMPLES; i++) {
        const int x = CLAMP(column * CELL_SIDE - MARGIN + i % PATCH, 0, SMALL_WIDTH - 1);
        const int y = CLAMP(row * CELL_SIDE - MARGIN + i / PATCH, 0, SMALL_HEIGHT - 1);
        was[i] = (float)back[y * SMALL_WIDTH + x] / ONE;
        is[i] = small[y * SMALL_WIDTH + x];
    }
    const float change = level(was) - level(is);
    float xx = 0, xy = 0, yy = 0;
    for (int i = 0; i < PATCH_SAMPLES; i++)
        xx += was[i] * was[i], xy += was[i] * is[i], yy += is[i] * is[i];
    const float factor = xx > 1 ? CLAMP(xy / xx, 0.3F, 3.0F) : 1;
    const float left = yy - 2 * factor * xy + factor * factor * xx;
    const float light = LIGHT_PART * fabsf(change);
    return left > MAX(SHAPE_LEVELS * SHAPE_LEVELS, light * light) * PATCH_SAMPLES &&
           left > TEXTURE_PART * yy;
}
