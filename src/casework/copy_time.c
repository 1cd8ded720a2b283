#include "casework/copy_time.h"

int64_t copy_film_us(const CopyTime *time, int64_t at_us)
{
    int64_t film_us = at_us - time->begin_us;
    for (unsigned i = 0; i < time->count; i++) {
        const ClipGap *gap = &time->gaps[i];
        int64_t passed_us = MIN(at_us, gap->to_us) - gap->from_us;
        film_us -= MAX(passed_us - COPY_CARD_US, 0);
    }
    return film_us;
}

bool copy_in_gap(const CopyTime *time, int64_t at_us)
{
    for (unsigned i = 0; i < time->count; i++)
        if (at_us >= time->gaps[i].from_us && at_us < time->gaps[i].to_us)
            return true;
    return false;
}
