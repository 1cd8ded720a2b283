/* month_figures.h — what a month of the site was like: reports, cases, how long cameras recorded,
 * and why footage was looked at. For the committee, which sees figures and no persons.
 */
#pragma once

#include "archive/archive.h"
#include "casework/month.h"
#include "config/site.h"
#include "people/audit.h"

typedef struct MonthCamera {
    Uuid camera;
    int64_t recorded_us, missing_us; /* of the time that footage was wanted */
} MonthCamera;

typedef struct Month {
    int64_t from_us, to_us; /* of the site's calendar; a month that is not over ends now */
    MonthReports reports;
    MonthCases cases;
    GArray *cameras; /* MonthCamera, by name of the camera; none that was not there yet */
} Month;

void month_clear(Month *month);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Month, month_clear)

/* What figures are taken from; all is borrowed. */
typedef struct MonthSources {
    Catalog *catalog;
    Site *site;
    Archive *archive;
    /* Why nothing of the camera is recorded right now; GAP_UNKNOWN when it is. */
    GapCause (*now_cause)(void *data, const CameraRow *camera);
    void *data;
} MonthSources;

/* "2026-11" in the site's calendar; ERR_INVALID when it is no month, or has not begun by `now_us`.
 */
bool month_span(Site *site, const char *text, int64_t now_us, int64_t *from_us, int64_t *to_us,
                GError **error);

/* Fills `month` for its span. Blocking: a moment. */
bool month_figures(const MonthSources *sources, Month *month, GError **error);

/* Counts the audit log's lines of the span. Blocking: a second for some 100,000 lines. */
bool month_looks(Audit *audit, int64_t from_us, int64_t to_us, MonthLooks *looks, GError **error);
