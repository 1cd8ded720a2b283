/* view_frozen.h — whether a camera sends the same picture again and again.
 *
 * A sensor's noise changes every part of a picture; a camera that hangs repeats it, to the bit but
 * for the clock it writes in. Cells are compared with how they were at the start of the stretch, so
 * slow change counts. An encoder repeats a still night scene to the bit between key pictures: a
 * stretch must hold several of them. Pure.
 */
#pragma once

#include "watch/view_sketch.h"

enum { VIEW_FROZEN_KEYS = 3 };

typedef struct ViewFrozen {
    uint64_t cells[VIEW_CELLS]; /* digests of the start of the stretch */
    int64_t since_us;           /* 0: no picture yet */
    int keys;                   /* key pictures since, the first not counted */
} ViewFrozen;

/* Takes the next picture. Returns whether it has been the same for `VIEW_FROZEN_US`. */
bool view_frozen_see(ViewFrozen *frozen, const ViewSketch *sketch, int64_t at_us, bool key);

extern const int64_t VIEW_FROZEN_US;
