#include "casework/month_figures.h"

#include "base/clock.h"
#include "config/site_day.h"
#include "place/place.h"
#include "watch/uptime.h"

#include <string.h>

enum { LOOKS_PAGE = 1000, CASES_PAGE = 500, VILLAGE_NEAR_M = 1000 };

void month_clear(Month *month)
{
    month_reports_clear(&month->reports);
    month_cases_clear(&month->cases);
    g_clear_pointer(&month->cameras, g_array_unref);
}

/* ---- which month ---- */

/* The first midnight of the month behind the one that begins at `from_us`. */
static int64_t next_month_us(Site *site, int64_t from_us)
{
    return site_month_start_us(site, from_us + 32 * DAY_US);
}

/* "2026-11" */
static bool read_month(const char *text, int *year, int *month)
{
    guint64 years, months;
    g_auto(GStrv) parts = g_strsplit(text, "-", 3);
    if (g_strv_length(parts) != 2 || strlen(parts[0]) != 4 || strlen(parts[1]) != 2 ||
        !g_ascii_string_to_unsigned(parts[0], 10, 2000, 9999, &years, NULL) ||
        !g_ascii_string_to_unsigned(parts[1], 10, 1, 12, &months, NULL))
        return false;
    *year = (int)years;
    *month = (int)months;
    return true;
}

bool month_span(Site *site, const char *text, int64_t now_us, int64_t *from_us, int64_t *to_us,
                GError **error)
{
    int year, month;
    if (!read_month(text, &year, &month))
        return err_set(error, ERR_INVALID, "‘%.20s’ is no month; it is written 2026-11", text);
    g_autoptr(GTimeZone) zone = site_zone(site);
    g_autoptr(GDateTime) first = g_date_time_new(zone, year, month, 1, 0, 0, 0);
    *from_us = g_date_time_to_unix(first) * SECOND_US;
    if (*from_us > now_us)
        return err_set(error, ERR_INVALID, "the month %s has not begun", text);
    *to_us = MIN(now_us, next_month_us(site, *from_us));
    return true;
}

/* ---- reports ---- */

typedef struct Counting {
    MonthReports *reports;
    GPtrArray *locations; /* LocationRow */
    GTimeZone *zone;
} Counting;

/* Of the report's location, or of the one nearest to its place; NULL: it is not known. */
static const char *village_of(const Counting *counting, const ReportRow *row)
{
    PlacePoint place = {row->latitude, row->longitude};
    const char *village = NULL;
    double nearest_m = VILLAGE_NEAR_M;
    for (guint i = 0; i < counting->locations->len; i++) {
        const LocationRow *location = counting->locations->pdata[i];
        if (uuid_equal(&location->id, &row->location))
            return location->village;
        double away_m =
            row->has_place
                ? place_distance_m(place, (PlacePoint){location->latitude, location->longitude})
                : VILLAGE_NEAR_M;
        if (away_m < nearest_m) {
            nearest_m = away_m;
            village = location->village;
        }
    }
    return village;
}

static int hour_of(const Counting *counting, const ReportRow *row)
{
    int64_t middle_us = row->from_us + (row->to_us - row->from_us) / 2;
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(middle_us / SECOND_US);
    g_autoptr(GDateTime) local = g_date_time_to_timezone(utc, counting->zone);
    return g_date_time_get_hour(local);
}

static void count_report(void *data, const ReportRow *row)
{
    const Counting *counting = data;
    month_reports_add(counting->reports, row, village_of(counting, row), hour_of(counting, row));
}

static bool count_reports(const MonthSources *sources, Month *month, GError **error)
{
    g_autoptr(CatalogDb) db = catalog_read(sources->catalog, error);
    g_autoptr(GPtrArray) locations = site_location_list(sources->site);
    g_autoptr(GTimeZone) zone = site_zone(sources->site);
    Counting counting = {&month->reports, locations, zone};
    return db && reports_each(db, month->from_us, month->to_us, count_report, &counting, error);
}

/* ---- cases ---- */

static bool count_cases(const MonthSources *sources, Month *month, GError **error)
{
    CaseQuery query = {.from_us = month->from_us, .to_us = month->to_us, .limit = CASES_PAGE};
    g_autoptr(CatalogDb) db = catalog_read(sources->catalog, error);
    bool more = db != NULL;
    while (more) {
        g_autoptr(GPtrArray) rows = cases_list(db, &query, error);
        if (!rows)
            return false;
        for (guint i = 0; i < rows->len; i++) {
            const CaseRow *row = rows->pdata[i];
            month_cases_add(&month->cases, row);
            query.before_ref = row->ref;
        }
        more = rows->len == query.limit;
    }
    return db != NULL;
}

/* ---- cameras ---- */

static bool add_camera(const MonthSources *sources, const CameraRow *row, Month *month,
                       GError **error)
{
    Uptime uptime;
    if (!uptime_of(sources->archive, row, month->from_us, month->to_us,
                   sources->now_cause(sources->data, row), &uptime, error))
        return false;
    MonthCamera camera = {row->id, uptime.recorded_us, uptime.missing_us};
    if (uptime.from_us < uptime.to_us)
        g_array_append_val(month->cameras, camera);
    return true;
}

bool month_figures(const MonthSources *sources, Month *month, GError **error)
{
    month_reports_init(&month->reports);
    month_cases_init(&month->cases);
    month->cameras = g_array_new(FALSE, FALSE, sizeof(MonthCamera));
    g_autoptr(GPtrArray) cameras = site_camera_list(sources->site);
    for (guint i = 0; i < cameras->len; i++)
        if (!add_camera(sources, cameras->pdata[i], month, error))
            return false;
    return count_reports(sources, month, error) && count_cases(sources, month, error);
}

/* ---- looks at footage ---- */

static unsigned *counter_of(MonthLooks *looks, const char *action)
{
    return strcmp(action, "replay") == 0         ? &looks->replays
           : strcmp(action, "clip") == 0         ? &looks->copies
           : strcmp(action, "export-make") == 0  ? &looks->copies
           : strcmp(action, "evidence") == 0     ? &looks->packages
           : strcmp(action, "package-make") == 0 ? &looks->packages
                                                 : NULL;
}

static void count_look(MonthLooks *looks, const AuditRow *row)
{
    looks->requests += strcmp(row->action, "household-ask") == 0 && !audit_is_refused(row);
    looks->unmasked += strcmp(row->action, "unmask-approve") == 0 && !audit_is_refused(row);
    unsigned *counter = counter_of(looks, row->action);
    if (!counter)
        return;
    if (audit_is_refused(row)) {
        looks->refused++;
        return;
    }
    (*counter)++;
    month_count(looks->reasons, month_reason(audit_why(row->reason)));
}

bool month_looks(Audit *audit, int64_t from_us, int64_t to_us, MonthLooks *looks, GError **error)
{
    g_autofree char *next = NULL;
    do {
        g_autofree char *cursor = g_steal_pointer(&next);
        AuditQuery query = {
            .from_us = from_us, .to_us = to_us, .cursor = cursor, .limit = LOOKS_PAGE};
        g_autoptr(GPtrArray) rows = audit_search(audit, &query, &next, error);
        if (!rows)
            return false;
        for (guint i = 0; i < rows->len; i++)
            count_look(looks, rows->pdata[i]);
    } while (next);
    return true;
}
