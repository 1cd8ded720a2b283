#include "watch/view_frozen.h"

#include "base/clock.h"

#include <string.h>

const int64_t VIEW_FROZEN_US = 60 * SECOND_US;

/* Clock and name take less than a tenth of any camera's picture. */
enum { SAME_CELLS = VIEW_CELLS * 9 / 10 };

/* FNV-1a over the samples, whose sums of pixels differ by one step of one pixel. */
static uint64_t cell_digest(const uint16_t *small, int cell)
{
    uint64_t digest = UINT64_C(14695981039346656037);
    const size_t down = (size_t)cell / VIEW_ACROSS, across = (size_t)cell % VIEW_ACROSS;
    const uint16_t *row = small + down * VIEW_CELL * VIEW_WIDTH + across * VIEW_CELL;
    for (int y = 0; y < VIEW_CELL; y++, row += VIEW_WIDTH)
        for (int x = 0; x < VIEW_CELL; x++)
            digest = (digest ^ row[x]) * UINT64_C(1099511628211);
    return digest;
}

bool view_frozen_see(ViewFrozen *frozen, const ViewSketch *sketch, int64_t at_us, bool key)
{
    uint64_t cells[VIEW_CELLS];
    int same = 0;
    for (int i = 0; i < VIEW_CELLS; i++) {
        cells[i] = cell_digest(sketch->small, i);
        same += cells[i] == frozen->cells[i];
    }
    if (same < SAME_CELLS || !frozen->since_us || at_us < frozen->since_us) {
        memcpy(frozen->cells, cells, sizeof cells);
        frozen->since_us = at_us;
        frozen->keys = 0;
        return false;
    }
    frozen->keys += key;
    return at_us - frozen->since_us >= VIEW_FROZEN_US && frozen->keys >= VIEW_FROZEN_KEYS;
}
