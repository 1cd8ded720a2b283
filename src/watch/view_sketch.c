#include "watch/view_sketch.h"

#include <glib.h>
#include <string.h>

/* Loops over a row work in blocks of constant length, which compilers turn into vectors at -O2. */
enum { BLOCK = 16, BAND_ROWS = 4 };

/* What a band of rows holds at each column. */
typedef struct Columns {
    uint16_t sum[VIEW_MAX_PX];
    uint8_t low[VIEW_MAX_PX], high[VIEW_MAX_PX], step[VIEW_MAX_PX];
} Columns;

static void columns_clear(Columns *columns, int width)
{
    memset(columns->sum, 0, (size_t)width * sizeof columns->sum[0]);
    memset(columns->low, 255, (size_t)width);
    memset(columns->high, 0, (size_t)width);
    memset(columns->step, 0, (size_t)width);
}

static inline void add_one(Columns *columns, const uint8_t *row, int x)
{
    const uint8_t here = row[x], next = row[x + 1];
    const uint8_t step = (uint8_t)(here > next ? here - next : next - here);
    columns->sum[x] = (uint16_t)(columns->sum[x] + here);
    columns->low[x] = MIN(columns->low[x], here);
    columns->high[x] = MAX(columns->high[x], here);
    columns->step[x] = MAX(columns->step[x], step);
}

static inline void add_block(uint16_t *restrict sum, uint8_t *restrict low, uint8_t *restrict high,
                             uint8_t *restrict step, const uint8_t *restrict row)
{
    for (int i = 0; i < BLOCK; i++)
        sum[i] = (uint16_t)(sum[i] + row[i]);
    for (int i = 0; i < BLOCK; i++) {
        low[i] = MIN(low[i], row[i]);
        high[i] = MAX(high[i], row[i]);
        const uint8_t up = MAX(row[i], row[i + 1]), down = MIN(row[i], row[i + 1]);
        step[i] = MAX(step[i], (uint8_t)(up - down));
    }
}

static void columns_add(Columns *columns, const uint8_t *row, int width)
{
    int x = 0;
    for (; x + BLOCK < width; x += BLOCK)
        add_block(columns->sum + x, columns->low + x, columns->high + x, columns->step + x,
                  row + x);
    for (; x < width - 1; x++)
        add_one(columns, row, x);
    columns->sum[x] = (uint16_t)(columns->sum[x] + row[x]); /* the last has no neighbour */
    columns->low[x] = MIN(columns->low[x], row[x]);
    columns->high[x] = MAX(columns->high[x], row[x]);
}

/* The band's columns into the samples of one row. */
static void fold_sums(const Columns *columns, int width, int rows, uint16_t *out)
{
    for (int i = 0; i < VIEW_WIDTH; i++) {
        const int from = i * width / VIEW_WIDTH, to = (i + 1) * width / VIEW_WIDTH;
        uint32_t sum = 0;
        for (int x = from; x < to; x++)
            sum += columns->sum[x];
        out[i] = (uint16_t)(sum * VIEW_LEVEL / (uint32_t)((to - from) * rows));
    }
}

typedef struct CellEdges {
    uint8_t low[VIEW_ACROSS], high[VIEW_ACROSS], step[VIEW_ACROSS];
} CellEdges;

static void fold_cells(const Columns *columns, int width, CellEdges *cells)
{
    for (int i = 0; i < VIEW_ACROSS; i++) {
        const int from = i * width / VIEW_ACROSS, to = (i + 1) * width / VIEW_ACROSS;
        for (int x = from; x < to; x++) {
            cells->low[i] = MIN(cells->low[i], columns->low[x]);
            cells->high[i] = MAX(cells->high[i], columns->high[x]);
            /* the step over the edge of a cell would be counted in the wrong one of two */
            if (x + 1 < to)
                cells->step[i] = MAX(cells->step[i], columns->step[x]);
        }
    }
}

/* Adds at most BAND_ROWS of the band's rows, evenly spread; returns how many. */
static int add_band(Columns *columns, const LumaPicture *picture, int from, int to)
{
    const int rows = MIN(to - from, BAND_ROWS);
    columns_clear(columns, picture->width);
    for (int i = 0; i < rows; i++) {
        const int y = from + i * (to - from) / rows;
        columns_add(columns, picture->pixels + (ptrdiff_t)y * picture->stride, picture->width);
    }
    return rows;
}

void view_sketch_means(const uint16_t small[VIEW_AREA], uint8_t mean[VIEW_CELLS])
{
    uint32_t sums[VIEW_CELLS] = {0};
    for (int y = 0; y < VIEW_HEIGHT; y++)
        for (int x = 0; x < VIEW_WIDTH; x++)
            sums[y / VIEW_CELL * VIEW_ACROSS + x / VIEW_CELL] += small[y * VIEW_WIDTH + x];
    for (int i = 0; i < VIEW_CELLS; i++)
        mean[i] = (uint8_t)(sums[i] / (VIEW_CELL * VIEW_CELL * VIEW_LEVEL));
}

bool view_sketch_make(const LumaPicture *picture, ViewSketch *sketch)
{
    const int width = picture->width, height = picture->height;
    if (width < VIEW_WIDTH || height < VIEW_HEIGHT || width > VIEW_MAX_PX || height > VIEW_MAX_PX)
        return false;
    Columns columns;
    CellEdges cells;
    for (int row = 0; row < VIEW_HEIGHT; row++) {
        if (row % VIEW_CELL == 0) {
            memset(&cells, 0, sizeof cells);
            memset(cells.low, 255, sizeof cells.low);
        }
        const int rows = add_band(&columns, picture, row * height / VIEW_HEIGHT,
                                  (row + 1) * height / VIEW_HEIGHT);
        fold_sums(&columns, width, rows, sketch->small + (size_t)row * VIEW_WIDTH);
        fold_cells(&columns, width, &cells);
        const size_t cell = (size_t)row / VIEW_CELL * VIEW_ACROSS;
        uint8_t *range = sketch->range + cell;
        for (int i = 0; i < VIEW_ACROSS; i++)
            range[i] = (uint8_t)(cells.high[i] - cells.low[i]);
        memcpy(sketch->steepest + cell, cells.step, sizeof cells.step);
    }
    view_sketch_means(sketch->small, sketch->mean);
    return true;
}
