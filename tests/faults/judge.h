/* judge.h — what the faults of a world cost: pictures counted by their marks against the
 * simulator's own record, gaps held against the faults, `vonglau verify`.
 */
#pragma once

#include "world.h"

/* What one fault cost the camera that lost most by it. */
typedef struct FaultCost {
    int64_t lost_before_us; /* the oldest picture that was sent before it and is not there */
    int64_t back_us;        /* from its end to the sending of the first picture recorded again */
} FaultCost;

typedef struct Verdict {
    GPtrArray *complaints; /* owned texts; none: all promises were kept */
    GArray *costs;         /* FaultCost, as the world's faults */
    unsigned sent, recorded;
    unsigned lost;  /* sent, and not there, for whatever reason */
    unsigned joins; /* segments that went on in the next one without losing a picture */
    unsigned gaps, gaps_of[GAP_CAUSES];
    int64_t gap_us, worst_lost_before_us, worst_back_us; /* back_us: of cameras' faults */
} Verdict;

/* Stops the server, looks at all there is, starts the server once more for the coverage, and stops
 * it. Sleep or wait until all is recorded before. */
Verdict judge(World *world);
void verdict_clear(Verdict *verdict);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Verdict, verdict_clear)

/* Judges, tells in a line, and fails the test for each promise that was not kept. */
void judge_promises_kept(World *world);
