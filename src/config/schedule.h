/* schedule.h — when a camera is to be recorded, as its setting `schedule` says it.
 *
 *   always                                     (also an empty text)
 *   mon-fri 06:00-22:00; sat,sun 00:00-24:00   hours of the week, in the site's time zone
 *   event                                      while something is noticed, and 10 s around it
 *   event 20s                                  … 2 to 30 s
 *
 * Hours: entries parted by ‘;’, each days (a list of days and ranges, or “daily”), a space, and a
 * list of times. A time that ends before it begins ends on the next day. A plain value; pure.
 */
#pragma once

#include "base/clock.h"
#include "base/error.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef enum ScheduleKind { SCHEDULE_ALWAYS, SCHEDULE_HOURS, SCHEDULE_EVENT } ScheduleKind;

enum { SCHEDULE_WEEK_MINUTES = 7 * DAY_MINUTES, SCHEDULE_TEXT_MOST = 400 };

typedef struct Schedule {
    ScheduleKind kind;
    int64_t around_us; /* SCHEDULE_EVENT: recorded before an event, and after its end */
    uint8_t minutes[SCHEDULE_WEEK_MINUTES / 8]; /* SCHEDULE_HOURS: a bit a minute from Monday on */
} Schedule;

/* NULL is always. ERR_INVALID quotes what is not understood and says what would be. */
bool schedule_parse(const char *text, Schedule *schedule, GError **error);

/* Whether the hours are open at `at_us` where `zone` is, and around it a time for which that holds:
 * [*from_us, *until_us), of an hour at most either way. Other kinds: always open. */
bool schedule_is_open(const Schedule *schedule, GTimeZone *zone, int64_t at_us, int64_t *from_us,
                      int64_t *until_us);
