/* view_judge.h — from what a look says to what is wrong with the view, and what to learn from it.
 *
 * Keeps what goes beyond one look: how well the view usually fits (a cover comes suddenly, fog does
 * not) and the last search for a moved view (searching is dear and done seldom). Pure.
 */
#pragma once

#include "watch/view_look.h"

typedef enum ViewState {
    VIEW_FITS,
    VIEW_UNSURE,      /* neither what it was, nor clearly something else */
    VIEW_OTHER_LIGHT, /* the same place in a light that is not in the reference */
    VIEW_IS_COVERED,
    VIEW_IS_SOFT,
    VIEW_IS_ELSEWHERE,
} ViewState;

typedef struct ViewJudge {
    double usual;        /* part of the cells that is kept as a rule; 0: not known yet */
    int64_t searched_us; /* when the view was last searched; 0: it fits */
    int64_t pause_us;    /* until the next search */
    ViewShift shift;     /* of the last search */
    int parts_moved;
    int64_t at_us; /* the last look */
} ViewJudge;

/* Whether it is a view of the reference, in its place. */
bool view_judge_fits(const ViewLook *look);

ViewState view_judge(ViewJudge *judge, const ViewReference *reference, const ViewLook *look,
                     int64_t at_us);
