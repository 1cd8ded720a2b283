#include "casework/before_after.h"

#include <math.h>

const char *before_after_text(BeforeAfterVerdict verdict)
{
    static const char *const texts[] = {[BEFORE_AFTER_SHORT] = "short",
                                        [BEFORE_AFTER_FEW] = "few",
                                        [BEFORE_AFTER_ALIKE] = "alike",
                                        [BEFORE_AFTER_FEWER] = "fewer",
                                        [BEFORE_AFTER_MORE] = "more"};
    return texts[verdict];
}

/* Were both spans alike, each incident would fall into either by the toss of a coin: of n, the two
 * sides differ by 1.96 √n or less 19 times of 20. */
static BeforeAfterVerdict judge(const BeforeAfter *found)
{
    double all = found->before + found->after;
    if (found->span_us < BEFORE_AFTER_LEAST_US)
        return BEFORE_AFTER_SHORT;
    if (all < BEFORE_AFTER_LEAST_COUNT)
        return BEFORE_AFTER_FEW;
    if (fabs((double)found->before - found->after) <= 1.96 * sqrt(all))
        return BEFORE_AFTER_ALIKE;
    return found->after < found->before ? BEFORE_AFTER_FEWER : BEFORE_AFTER_MORE;
}

BeforeAfter before_after(const Incidents *incidents, PlacePoint at, double radius_m,
                         int64_t stood_us, int64_t to_us)
{
    BeforeAfter found = {0};
    int64_t known_us = incidents->since_us ? stood_us - incidents->since_us : 0;
    found.span_us = MAX(MIN(MIN(known_us, to_us - stood_us), BEFORE_AFTER_MOST_US), 0);
    for (guint i = 0; found.span_us > 0 && i < incidents->list->len; i++) {
        const Incident *incident = &g_array_index(incidents->list, Incident, i);
        int64_t away_us = incident->when_us - stood_us;
        if (away_us < -found.span_us || away_us >= found.span_us ||
            place_distance_m(at, incident->at) > radius_m)
            continue;
        found.before += away_us < 0;
        found.after += away_us >= 0;
    }
    found.verdict = judge(&found);
    return found;
}
