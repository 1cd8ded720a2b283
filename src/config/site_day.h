/* site_day.h — days as people of the site count them. */
#pragma once

#include "config/site.h"

/* Where the site's days begin and end; UTC where this machine knows no such zone. Returns owned. */
GTimeZone *site_zone(Site *site);

/* The last midnight of the site's time zone at or before `at_us`. */
int64_t site_day_start_us(Site *site, int64_t at_us);

/* The midnight at or before `at_us` that began a month of the site. */
int64_t site_month_start_us(Site *site, int64_t at_us);

/* "2026-11-24": the day of the site that holds `at_us`. Returns owned. */
char *site_day_text(Site *site, int64_t at_us);

/* The midnight that ends the last of `days` working days after the day of `at_us`: Mondays to
 * Fridays; days off of a year are not known. */
int64_t site_working_days_end_us(Site *site, int64_t at_us, int64_t days);
