/* daily.h — what was recorded on a day and what is missing, with causes: once a day, for people who
 * want to know that all is well, and for those who must prove it. */
#pragma once

#include "archive/archive.h"
#include "base/clock.h"
#include "base/json.h"
#include "config/site.h"

/* How long after midnight the day before is told: its last footage is then in the catalog. */
#define DAILY_AFTER_US (2 * MINUTE_US)

/* Is the day before `now_us` to be told, when all before `told_us` is (0: nothing was yet, and the
 * day before the first start is nobody's)? Then from..to is that day. */
bool daily_is_due(Site *site, int64_t told_us, int64_t now_us, int64_t *from_us, int64_t *to_us);

/* {kind: "daily", day, from, to, recorded_s, missing_s, cameras: [{camera, name, recorded_s,
 * missing_s, causes: {cause: s}}]} of the main streams. What was not wanted (paused, outside a
 * household's hours) is told under its cause and is not missing. Returns owned; NULL on error.
 * Blocking. */
Json *daily_report(Site *site, Archive *archive, int64_t from_us, int64_t to_us, GError **error);

/* The same as fields of one line of the log. Returns owned. */
char *daily_line(const Json *report);

/* Keeps in the catalog until when days were told. Blocking. */
bool daily_told_until(Catalog *catalog, int64_t *told_us, GError **error);
bool daily_set_told(Catalog *catalog, int64_t told_us, GError **error);
