/* view_edges.h — where the edges of a view stand, whatever the light; and whether two views are of
 * the same place.
 *
 * An edge is a step of brightness that stands out from its surroundings, whichever side is the
 * lighter one: walls, kerbs and poles give the same edges by day, by lamps and by infrared. Each
 * sample of the 160 × 90 view is a bit in one of two planes, steps to the side and steps upwards.
 * Pure.
 */
#pragma once

#include "watch/view_sketch.h"

enum {
    VIEW_WORDS = (VIEW_WIDTH + 63) / 64,
    VIEW_PLANES = 2,
    VIEW_MOVED_LEAST = 3, /* samples: 2 % of the width; less is wind and warmth */
};

typedef struct ViewEdges {
    uint64_t bits[VIEW_PLANES][VIEW_HEIGHT][VIEW_WORDS]; /* the lowest bit is on the left */
} ViewEdges;

/* What one cell of a reference has become. */
typedef enum CellFate {
    CELL_PLAIN, /* the reference has no edges there */
    CELL_KEPT,
    CELL_LOST,
} CellFate;

/* Where a view was found in another: what stood at x, y stands at x + dx, y + dy now. */
typedef struct ViewShift {
    int dx, dy;   /* samples: 1/160 of the width, 1/90 of the height */
    bool found;   /* it stands out from chance */
    double score; /* part of the edges found there; 0 to 1 */
} ViewShift;

void view_edges_find(const uint16_t small[VIEW_AREA], ViewEdges *edges);

/* Compares in place. Returns the number of cells that are not plain. */
int view_edges_fates(const ViewEdges *reference, const ViewEdges *now, CellFate fates[VIEW_CELLS]);

/* Looks up to half of the picture in all directions: about 20 ms. */
ViewShift view_edges_search(const ViewEdges *reference, const ViewEdges *now);

/* Parts of the view are looked for one by one: a turn or a zoom moves them differently. Returns how
 * many of the parts that were found again stand elsewhere, of 100; 0 when too few were found. About
 * 5 ms. */
int view_edges_parts_moved(const ViewEdges *reference, const ViewEdges *now);
