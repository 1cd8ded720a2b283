/* uptime.h — of how much of a time that footage was wanted of a camera it was recorded, by months
 * of the site. Footage that retention deleted since counts as recorded.
 */
#pragma once

#include "archive/archive.h"
#include "config/site.h"
#include "media/gap.h"

typedef struct Uptime {
    int64_t from_us, to_us; /* equal: the camera was not there, or nothing is known of it */
    int64_t recorded_us;
    int64_t missing_us; /* was wanted, and is not there */
} Uptime;

/* Of the camera's main stream in [from_us, to_us). `now_cause` as for archive_coverage(). Blocking
 * for a moment. */
bool uptime_of(Archive *archive, const CameraRow *camera, int64_t from_us, int64_t to_us,
               GapCause now_cause, Uptime *uptime, GError **error);

/* When the month of the site begins that lies `back` months before that of `now_us`. */
int64_t uptime_month_us(Site *site, int64_t now_us, unsigned back);
