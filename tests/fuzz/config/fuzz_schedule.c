/* A schedule as somebody types it: what is taken answers for every moment, and the span it tells
 * holds the moment that was asked about. */
#include "base/clock.h"
#include "config/schedule.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text = g_strndup((const char *)data, size);
    g_autoptr(GError) error = NULL;
    g_autoptr(GTimeZone) zone = g_time_zone_new_utc();
    Schedule schedule;
    if (!schedule_parse(text, &schedule, &error)) {
        g_assert(error && error->message[0] && g_utf8_validate(error->message, -1, NULL));
        return 0;
    }
    for (int64_t at_us = 0; at_us < 8 * DAY_US; at_us += 7 * HOUR_US + 13 * MINUTE_US) {
        int64_t from_us, until_us;
        schedule_is_open(&schedule, zone, at_us, &from_us, &until_us);
        g_assert(from_us <= at_us && at_us < until_us);
    }
    return 0;
}
