#include "picture/masker.h"

#include <string.h>

enum { NO_COLOUR = 128, STRIPE_BLOCKS = 2 };

struct Masker {
    MaskSet *masks;
    int width, height; /* of the pictures that `covered` is for */
    int across, down;  /* blocks */
    uint8_t *covered;  /* of each block, row by row */
};

Masker *masker_new(MaskSet *masks)
{
    Masker *masker = g_new0(Masker, 1);
    masker->masks = mask_set_ref(masks);
    return masker;
}

void masker_free(Masker *masker)
{
    if (!masker)
        return;
    mask_set_unref(masker->masks);
    g_free(masker->covered);
    g_free(masker);
}

/* ---- which blocks: whole numbers, a pixel is MASK_WHOLE wide ---- */

typedef struct Block {
    int64_t left, top, right, bottom;
} Block;

static MaskPoint corner(const Masker *masker, const MaskShape *shape, unsigned index)
{
    const MaskPoint *point = &shape->points[index % shape->count];
    return (MaskPoint){point->x * masker->width, point->y * masker->height};
}

static int side(MaskPoint a, MaskPoint b, int64_t x, int64_t y)
{
    int64_t turn = (b.x - a.x) * (y - a.y) - (b.y - a.y) * (x - a.x);
    return turn > 0 ? 1 : turn < 0 ? -1 : 0;
}

/* They are apart when a line between them is, of the four edges and the line itself. */
static bool touches_line(const Block *block, MaskPoint a, MaskPoint b)
{
    if (MAX(a.x, b.x) < block->left || MIN(a.x, b.x) > block->right || MAX(a.y, b.y) < block->top ||
        MIN(a.y, b.y) > block->bottom)
        return false;
    int sides = side(a, b, block->left, block->top) + side(a, b, block->right, block->top) +
                side(a, b, block->left, block->bottom) + side(a, b, block->right, block->bottom);
    return sides != 4 && sides != -4;
}

static bool touches(const Masker *masker, const MaskShape *shape, const Block *block)
{
    const int64_t x = (block->left + block->right) / 2, y = (block->top + block->bottom) / 2;
    bool within = false;
    for (unsigned i = 0; i < shape->count; i++) {
        MaskPoint a = corner(masker, shape, i), b = corner(masker, shape, i + 1);
        if (touches_line(block, a, b))
            return true;
        if ((a.y > y) != (b.y > y))
            within ^= side(a.y < b.y ? a : b, a.y < b.y ? b : a, x, y) > 0;
    }
    return within;
}

static Block block_at(int column, int row)
{
    const int64_t size = (int64_t)MASKER_BLOCK_PX * MASK_WHOLE;
    return (Block){column * size, row * size, (column + 1) * size, (row + 1) * size};
}

/* The block and those around it. */
static void cover_around(Masker *masker, int column, int row)
{
    for (int y = MAX(row - 1, 0); y <= MIN(row + 1, masker->down - 1); y++)
        for (int x = MAX(column - 1, 0); x <= MIN(column + 1, masker->across - 1); x++)
            masker->covered[y * masker->across + x] = 1;
}

static int block_of(int64_t part, int whole_px, int blocks)
{
    return (int)CLAMP(part * whole_px / MASK_WHOLE / MASKER_BLOCK_PX, 0, blocks - 1);
}

/* Blocks beside its corners are looked at, too: an edge between two blocks touches both. */
static void cover_shape(Masker *masker, const MaskShape *shape)
{
    MaskPoint least = shape->points[0], most = least;
    for (unsigned i = 1; i < shape->count; i++) {
        const MaskPoint *point = &shape->points[i];
        least = (MaskPoint){MIN(least.x, point->x), MIN(least.y, point->y)};
        most = (MaskPoint){MAX(most.x, point->x), MAX(most.y, point->y)};
    }
    int left = MAX(block_of(least.x, masker->width, masker->across) - 1, 0);
    int right = MIN(block_of(most.x, masker->width, masker->across) + 1, masker->across - 1);
    int top = MAX(block_of(least.y, masker->height, masker->down) - 1, 0);
    int bottom = MIN(block_of(most.y, masker->height, masker->down) + 1, masker->down - 1);
    for (int row = top; row <= bottom; row++)
        for (int column = left; column <= right; column++) {
            const Block block = block_at(column, row);
            if (touches(masker, shape, &block))
                cover_around(masker, column, row);
        }
}

static void fit(Masker *masker, int width, int height)
{
    if (masker->covered && masker->width == width && masker->height == height)
        return;
    masker->width = width;
    masker->height = height;
    masker->across = (width + MASKER_BLOCK_PX - 1) / MASKER_BLOCK_PX;
    masker->down = (height + MASKER_BLOCK_PX - 1) / MASKER_BLOCK_PX;
    g_free(masker->covered);
    masker->covered = g_malloc0((size_t)masker->across * (size_t)masker->down);
    for (unsigned i = 0; i < mask_set_count(masker->masks); i++)
        cover_shape(masker, mask_set_shape(masker->masks, i));
}

bool masker_covers(Masker *masker, int width, int height, int x, int y)
{
    fit(masker, width, height);
    return masker->covered[y / MASKER_BLOCK_PX * masker->across + x / MASKER_BLOCK_PX];
}

/* ---- what stands there then ---- */

/* A block of a plane that is `scale` times smaller than the picture. */
static void fill(const MaskerPicture *picture, int plane, int scale, int column, int row,
                 uint8_t value)
{
    const int size = MASKER_BLOCK_PX / scale;
    const int width = (picture->width + scale - 1) / scale;
    const int height = (picture->height + scale - 1) / scale;
    const int left = column * size, bottom = MIN((row + 1) * size, height);
    const size_t count = (size_t)(MIN(left + size, width) - left);
    for (int y = row * size; y < bottom; y++)
        memset(picture->planes[plane] + (ptrdiff_t)y * picture->strides[plane] + left, value,
               count);
}

/* Stripes, so that nobody takes it for a wall. */
void masker_apply(Masker *masker, const MaskerPicture *picture)
{
    fit(masker, picture->width, picture->height);
    for (int row = 0; row < masker->down; row++)
        for (int column = 0; column < masker->across; column++) {
            if (!masker->covered[row * masker->across + column])
                continue;
            bool light = (row + column) / STRIPE_BLOCKS % 2;
            fill(picture, 0, 1, column, row, light ? MASKER_LIGHT : MASKER_DARK);
            fill(picture, 1, 2, column, row, NO_COLOUR);
            fill(picture, 2, 2, column, row, NO_COLOUR);
        }
}
