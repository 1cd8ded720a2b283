#include "watch/view_judge.h"

#include "base/clock.h"

#include <glib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The thresholds were set on drawn and real streets (docs/design/camera-health.md). */
static const double FITS = 0.45, VEILED = 0.5, SUDDEN = 0.35, SOFT = 0.5, SAME_LAYOUT = 0.85,
                    SAME_CONTRAST = 0.5, TOGETHER = 0.5, BUSY = 0.75, BLURRED_BUSY = 0.25,
                    GONE = 0.2, OTHER_BUSY = 0.4, AS_SHARP = 0.7, AS_LIT = 0.2, LESS = 0.2,
                    SURE = 0.6;
static const int64_t USUAL_US = 5 * MINUTE_US, SEARCH_US = 5 * SECOND_US,
                     SEARCH_MOST_US = MINUTE_US;
enum { PARTS_MOVED = 60 }; /* of 100 */

/* Blurred pictures keep what is light and what is dark where it was, and have no sharp edges
 * elsewhere instead. */
static bool is_soft(const ViewLook *look)
{
    if (look->noisy || look->layout < SAME_LAYOUT || look->contrast < SAME_CONTRAST)
        return false;
    return (look->veiled >= VEILED && look->busy < BLURRED_BUSY) ||
           (look->focus >= 0 && look->focus < SOFT);
}

bool view_judge_fits(const ViewLook *look)
{
    return look->structured >= VIEW_LEAST_STRUCTURE && !is_soft(look) && look->kept >= FITS;
}

static bool is_sudden(const ViewJudge *judge, const ViewLook *look)
{
    return look->kept <= judge->usual - SUDDEN;
}

static void search(ViewJudge *judge, const ViewReference *reference, const ViewLook *look,
                   int64_t at_us)
{
    if (judge->searched_us && at_us < judge->searched_us + judge->pause_us)
        return;
    judge->pause_us = judge->searched_us ? MIN(judge->pause_us * 2, SEARCH_MOST_US) : SEARCH_US;
    judge->searched_us = at_us;
    judge->shift = (ViewShift){0};
    judge->parts_moved = 0;
    for (int i = 0; i < reference->count; i++) {
        const ViewEdges *edges = &reference->lights[i].edges;
        const ViewShift shift = view_edges_search(edges, &look->edges);
        if ((shift.found || shift.score >= SURE) && shift.score > judge->shift.score) {
            judge->shift = shift;
            judge->shift.found = true;
        }
        judge->parts_moved = MAX(judge->parts_moved, view_edges_parts_moved(edges, &look->edges));
    }
}

/* As much light and as sharp as before, but hardly an edge where it was, and many where none was:
 * another light would have changed the one or the other. A turn does this, which no shift undoes.
 */
static bool is_other_place(const ViewLook *look)
{
    return look->kept <= GONE && look->busy >= OTHER_BUSY && look->together < TOGETHER &&
           look->focus >= AS_SHARP && fabs(look->contrast - 1) <= AS_LIT && !look->noisy;
}

static bool is_shifted(const ViewShift *shift)
{
    return shift->found && MAX(abs(shift->dx), abs(shift->dy)) >= VIEW_MOVED_LEAST;
}

static ViewState judge_misfit(ViewJudge *judge, const ViewReference *reference,
                              const ViewLook *look, int64_t at_us)
{
    search(judge, reference, look, at_us);
    const ViewShift *shift = &judge->shift;
    if (is_shifted(shift) || is_other_place(look))
        return VIEW_IS_ELSEWHERE;
    if (look->veiled >= VEILED && look->busy < BUSY)
        return is_sudden(judge, look) ? VIEW_IS_COVERED : VIEW_UNSURE;
    if (judge->parts_moved >= PARTS_MOVED)
        return VIEW_IS_ELSEWHERE;
    if (look->together >= TOGETHER && is_sudden(judge, look))
        return VIEW_IS_COVERED; /* by something sharp: the rest stands where it stood */
    if (shift->found)
        return VIEW_OTHER_LIGHT;
    return look->busy >= BUSY ? VIEW_IS_ELSEWHERE : VIEW_UNSURE;
}

/* Level lines stay in place when the view is shifted along them: one that fits less well than usual
 * is looked for elsewhere too. */
static ViewState judge_fit(ViewJudge *judge, const ViewReference *reference, const ViewLook *look,
                           int64_t at_us)
{
    if (look->kept > judge->usual - LESS) {
        judge->searched_us = 0;
        return VIEW_FITS;
    }
    search(judge, reference, look, at_us);
    return is_shifted(&judge->shift) && judge->shift.score >= SURE ? VIEW_IS_ELSEWHERE : VIEW_FITS;
}

/* What is usual follows slowly, and waits while something sudden is judged. */
static void follow_usual(ViewJudge *judge, const ViewLook *look, int64_t at_us)
{
    const int64_t passed_us = CLAMP(at_us - judge->at_us, 0, 10 * SECOND_US);
    const bool elsewhere = judge->searched_us && is_shifted(&judge->shift);
    if (!elsewhere && !is_sudden(judge, look))
        judge->usual += (look->kept - judge->usual) * (double)passed_us / (double)USUAL_US;
    judge->at_us = at_us;
}

ViewState view_judge(ViewJudge *judge, const ViewReference *reference, const ViewLook *look,
                     int64_t at_us)
{
    if (look->structured < VIEW_LEAST_STRUCTURE)
        return VIEW_UNSURE;
    if (judge->at_us == 0) /* a reference is there, so the view once looked like it */
        *judge = (ViewJudge){.usual = 0.9, .at_us = at_us};
    follow_usual(judge, look, at_us);
    if (is_soft(look))
        return VIEW_IS_SOFT;
    if (look->kept < FITS)
        return judge_misfit(judge, reference, look, at_us);
    return judge_fit(judge, reference, look, at_us);
}
