#include "config/site_day.h"

#include "base/clock.h"

GTimeZone *site_zone(Site *site)
{
    g_autofree char *name = site_time_zone(site);
    GTimeZone *zone = g_time_zone_new_identifier(name);
    return zone ? zone : g_time_zone_new_utc();
}

static GDateTime *local_time(Site *site, int64_t at_us)
{
    g_autoptr(GTimeZone) zone = site_zone(site);
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(at_us / SECOND_US);
    return g_date_time_to_timezone(utc, zone);
}

/* Midnight of that day of the month of `now`. */
static int64_t midnight_us(GDateTime *now, int day)
{
    g_autoptr(GDateTime) midnight =
        g_date_time_new(g_date_time_get_timezone(now), g_date_time_get_year(now),
                        g_date_time_get_month(now), day, 0, 0, 0);
    return g_date_time_to_unix(midnight) * SECOND_US;
}

int64_t site_day_start_us(Site *site, int64_t at_us)
{
    g_autoptr(GDateTime) now = local_time(site, at_us);
    return midnight_us(now, g_date_time_get_day_of_month(now));
}

int64_t site_month_start_us(Site *site, int64_t at_us)
{
    g_autoptr(GDateTime) now = local_time(site, at_us);
    return midnight_us(now, 1);
}

char *site_day_text(Site *site, int64_t at_us)
{
    g_autoptr(GDateTime) now = local_time(site, at_us);
    return g_date_time_format(now, "%Y-%m-%d");
}

int64_t site_working_days_end_us(Site *site, int64_t at_us, int64_t days)
{
    g_autoptr(GDateTime) now = local_time(site, at_us);
    g_autoptr(GDateTime) day =
        g_date_time_new(g_date_time_get_timezone(now), g_date_time_get_year(now),
                        g_date_time_get_month(now), g_date_time_get_day_of_month(now), 0, 0, 0);
    for (int64_t worked = 0; worked < days;) {
        GDateTime *next = g_date_time_add_days(day, 1);
        worked += g_date_time_get_day_of_week(next) <= G_DATE_FRIDAY;
        g_date_time_unref(day);
        day = next;
    }
    g_autoptr(GDateTime) end = g_date_time_add_days(day, 1);
    return g_date_time_to_unix(end) * SECOND_US;
}
