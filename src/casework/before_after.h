/* before_after.h — what happened around a camera before it stood, and after: over equal spans of
 * time. Pure. It tells what was counted; why it was so, it cannot know.
 */
#pragma once

#include "casework/incidents.h"

#define BEFORE_AFTER_MOST_US (INT64_C(365) * 86400 * 1000000)
#define BEFORE_AFTER_LEAST_US (INT64_C(30) * 86400 * 1000000)
enum { BEFORE_AFTER_LEAST_COUNT = 10 };

typedef enum BeforeAfterVerdict {
    BEFORE_AFTER_SHORT, /* less than 30 days on one side are known */
    BEFORE_AFTER_FEW,   /* fewer than ten incidents in both spans */
    BEFORE_AFTER_ALIKE, /* as far apart as chance alone puts them, 19 times of 20 */
    BEFORE_AFTER_FEWER, /* after it stood */
    BEFORE_AFTER_MORE,  /* after it stood */
} BeforeAfterVerdict;

/* "short", "few", … */
const char *before_after_text(BeforeAfterVerdict verdict);

typedef struct BeforeAfter {
    int64_t span_us; /* of each side; 0: there is none */
    unsigned before, after;
    BeforeAfterVerdict verdict;
} BeforeAfter;

/* Around `at`, within `radius_m`, of a camera that stands there since `stood_us`; up to `to_us`.
 * Before the first incident became known nobody wrote down any, so that time does not count. */
BeforeAfter before_after(const Incidents *incidents, PlacePoint at, double radius_m,
                         int64_t stood_us, int64_t to_us);
