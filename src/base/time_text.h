/* time_text.h — points in time as text: RFC 3339 UTC on the API, compact UTC in file names. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum { TIME_TEXT = 32, DAY_TEXT = 16 };

/* "2026-11-24T07:27:39.123Z"; returns `text`. */
const char *time_text(int64_t time_us, char text[TIME_TEXT]);

/* RFC 3339 with any offset ("…Z", "…+07:00"), fraction optional up to 9 digits. False on anything
 * else. */
bool time_parse(const char *text, int64_t *time_us);

/* "2026-11-24" of the UTC day; returns `text`. */
const char *day_text(int64_t time_us, char text[DAY_TEXT]);
bool day_parse(const char *text, int64_t *day_start_us);

/* Start of the UTC day that holds `time_us`. */
int64_t day_start_us(int64_t time_us);
