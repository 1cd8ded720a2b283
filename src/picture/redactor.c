#include "picture/redactor.h"

#include <string.h>

enum { CELLS = REDACTOR_CELLS_MOST * REDACTOR_CELLS_MOST, NO_COLOUR = 128 };

/* What is remembered of a box: how many cells it has as long as pictures keep their size, and how
 * bright they are in this second. */
typedef struct Cells {
    int64_t least_width, least_height; /* of all its moments, in parts of the picture */
    int64_t second;
    int across, down;
    uint8_t levels[CELLS];
} Cells;

typedef struct Rect {
    int left, top, right, bottom; /* px, even; right and bottom are behind it */
} Rect;

struct Redactor {
    Redaction *redaction;
    Cells *cells;      /* of each box */
    int width, height; /* of the picture before */
};

static void measure(const Redaction *redaction, unsigned index, Cells *cells)
{
    const RedactionBox *box = &g_array_index(redaction->boxes, RedactionBox, index);
    *cells = (Cells){REDACTION_WHOLE, REDACTION_WHOLE, .second = -1};
    for (unsigned i = 0; i < box->count; i++) {
        const RedactionMoment *moment =
            &g_array_index(redaction->moments, RedactionMoment, box->first + i);
        cells->least_width = MIN(cells->least_width, moment->width);
        cells->least_height = MIN(cells->least_height, moment->height);
    }
}

Redactor *redactor_new(const Redaction *redaction)
{
    Redactor *redactor = g_new0(Redactor, 1);
    redactor->redaction = redaction_copy(redaction);
    redactor->cells = g_new0(Cells, redaction->boxes->len);
    for (unsigned i = 0; i < redaction->boxes->len; i++)
        measure(redaction, i, &redactor->cells[i]);
    return redactor;
}

void redactor_free(Redactor *redactor)
{
    if (!redactor)
        return;
    redaction_free(redactor->redaction);
    g_free(redactor->cells);
    g_free(redactor);
}

/* ---- where ---- */

/* Outward to whole samples of colour, of which each stands for two by two pixels. */
static int down_to_even(int64_t part, int64_t whole_px)
{
    return (int)(part * whole_px / REDACTION_WHOLE) & ~1;
}

static int up_to_even(int64_t part, int64_t whole_px)
{
    int px = (int)((part * whole_px + REDACTION_WHOLE - 1) / REDACTION_WHOLE);
    return MIN((px + 1) & ~1, (int)whole_px);
}

static Rect rect_of(const RedactionMoment *where, const RedactorPicture *picture)
{
    return (Rect){
        .left = down_to_even(where->x, picture->width),
        .top = down_to_even(where->y, picture->height),
        .right = up_to_even(where->x + where->width, picture->width),
        .bottom = up_to_even(where->y + where->height, picture->height),
    };
}

/* Cells of at least so many pixels, as the box is when it is smallest. */
static int cell_count(int64_t least, int whole_px)
{
    int64_t px = least * whole_px / REDACTION_WHOLE;
    return (int)CLAMP(px / REDACTOR_CELL_LEAST_PX, 1, REDACTOR_CELLS_MOST);
}

static Rect cell_rect(const Rect *box, const Cells *cells, int index)
{
    int column = index % cells->across, row = index / cells->across;
    int width = box->right - box->left, height = box->bottom - box->top;
    return (Rect){
        .left = box->left + width * column / cells->across,
        .top = box->top + height * row / cells->down,
        .right = box->left + width * (column + 1) / cells->across,
        .bottom = box->top + height * (row + 1) / cells->down,
    };
}

/* ---- what ---- */

static uint8_t level_of(const RedactorPicture *picture, const Rect *rect)
{
    int64_t sum = 0, count = (int64_t)(rect->right - rect->left) * (rect->bottom - rect->top);
    for (int y = rect->top; y < rect->bottom; y++) {
        const uint8_t *line = picture->planes[0] + (ptrdiff_t)y * picture->strides[0];
        for (int x = rect->left; x < rect->right; x++)
            sum += line[x];
    }
    int64_t average = count > 0 ? sum / count : 0;
    return (uint8_t)(average / REDACTOR_LEVEL * REDACTOR_LEVEL + REDACTOR_LEVEL / 2);
}

static void fill(uint8_t *plane, int stride, const Rect *rect, int scale, uint8_t value)
{
    int left = rect->left / scale;
    int width = rect->right / scale - left;
    for (int y = rect->top / scale; y < rect->bottom / scale; y++)
        memset(plane + (ptrdiff_t)y * stride + left, value, (size_t)MAX(width, 0));
}

static void look(const RedactorPicture *picture, const Rect *box, int64_t second, Cells *cells)
{
    if (cells->second == second)
        return;
    cells->second = second;
    cells->across = cell_count(cells->least_width, picture->width);
    cells->down = cell_count(cells->least_height, picture->height);
    for (int i = 0; i < cells->across * cells->down; i++) {
        const Rect rect = cell_rect(box, cells, i);
        cells->levels[i] = level_of(picture, &rect);
    }
}

static void cover(const RedactorPicture *picture, const Rect *box, const Cells *cells)
{
    for (int i = 0; i < cells->across * cells->down; i++) {
        const Rect rect = cell_rect(box, cells, i);
        fill(picture->planes[0], picture->strides[0], &rect, 1, cells->levels[i]);
    }
    fill(picture->planes[1], picture->strides[1], box, 2, NO_COLOUR);
    fill(picture->planes[2], picture->strides[2], box, 2, NO_COLOUR);
}

void redactor_apply(Redactor *redactor, const RedactorPicture *picture, int64_t at_us)
{
    const Redaction *redaction = redactor->redaction;
    int64_t second = MAX(at_us - redaction->from_us, 0) / REDACTOR_STANDS_US;
    bool another = picture->width != redactor->width || picture->height != redactor->height;
    redactor->width = picture->width;
    redactor->height = picture->height;
    for (unsigned i = 0; i < redaction->boxes->len; i++) {
        RedactionMoment where;
        Cells *cells = &redactor->cells[i];
        if (another)
            cells->second = -1;
        if (!redaction_at(redaction, i, at_us, &where))
            continue;
        const Rect box = rect_of(&where, picture);
        look(picture, &box, second, cells);
        cover(picture, &box, cells);
    }
}
