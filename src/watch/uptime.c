#include "watch/uptime.h"

#include "archive/coverage.h"
#include "config/site_day.h"

bool uptime_of(Archive *archive, const CameraRow *camera, int64_t from_us, int64_t to_us,
               GapCause now_cause, Uptime *uptime, GError **error)
{
    g_autoptr(Coverage) coverage = archive_coverage(archive, &camera->id, STREAM_MAIN, from_us,
                                                    to_us, camera->created_us, now_cause, error);
    if (!coverage)
        return false;
    *uptime = (Uptime){.from_us = coverage->from_us, .to_us = coverage->to_us};
    for (guint i = 0; i < coverage->spans->len; i++) {
        const CoverageSpan *span = &g_array_index(coverage->spans, CoverageSpan, i);
        uptime->recorded_us += span->to_us - span->from_us;
    }
    for (guint i = 0; i < coverage->gaps->len; i++) {
        const CoverageGap *gap = &g_array_index(coverage->gaps, CoverageGap, i);
        if (gap->cause == GAP_RETIRED)
            uptime->recorded_us += gap->to_us - gap->from_us;
        else if (gap_cause_is_missing(gap->cause))
            uptime->missing_us += gap->to_us - gap->from_us;
    }
    return true;
}

int64_t uptime_month_us(Site *site, int64_t now_us, unsigned back)
{
    int64_t begin_us = site_month_start_us(site, now_us);
    for (unsigned i = 0; i < back; i++)
        begin_us = site_month_start_us(site, begin_us - 1);
    return begin_us;
}
