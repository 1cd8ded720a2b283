/* view_look.h — what one look at a view says, against its reference. Numbers only; view_judge.h
 * makes words of them. Pure.
 */
#pragma once

#include "watch/view_reference.h"

typedef struct ViewLook {
    int light;      /* of the reference, the one that fits best */
    int structured; /* cells with edges in that light that can be judged */
    double kept;    /* part of them whose edges are where they were */
    double veiled;  /* part of them with neither the old edges nor sharp new ones */
    double busy; /* cells that hold sharp edges now, wherever, of those with edges in that light */
    double together; /* how far kept cells lie side by side: 0 as by chance, 1 in one piece */
    double layout;   /* correlation of the brightness of all cells; -1 to 1 */
    double contrast; /* spread of that brightness, of the reference's */
    double focus;    /* sharpness of the edges, of the reference's; -1: too few to tell */
    bool noisy;      /* the picture has too much noise to tell sharp from soft */
    CellFate fates[VIEW_CELLS];
    ViewEdges edges;
} ViewLook;

/* `reference` holds at least one light; `light` is the one that fitted last. */
void view_look(const ViewReference *reference, int light, const ViewSketch *now, ViewLook *look);

/* Hardly any light and no grain. */
bool view_is_black(const ViewSketch *now);
