/* copy_time.h — where a moment stands in a copy. Pure.
 *
 * Time runs as it was, but a gap takes no longer than the card that stands for it: the burnt clock
 * jumps, the film goes on.
 */
#pragma once

#include "archive/clip.h"
#include "base/clock.h"

#define COPY_CARD_US (3 * SECOND_US)

typedef struct CopyTime {
    const ClipGap *gaps; /* in order; borrowed */
    unsigned count;
    int64_t begin_us; /* the moment at which the film begins */
} CopyTime;

/* Since the film's begin; what lies in a gap stands where its card is. */
int64_t copy_film_us(const CopyTime *time, int64_t at_us);

/* Is the moment within a gap? */
bool copy_in_gap(const CopyTime *time, int64_t at_us);
