#include "base/time_text.h"

#include "base/clock.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

int64_t day_start_us(int64_t time_us)
{
    int64_t into = time_us % DAY_US;
    return time_us - (into < 0 ? into + DAY_US : into);
}

static struct tm utc_of(int64_t time_us, int *millis)
{
    int64_t floor_s = time_us / SECOND_US - (time_us % SECOND_US < 0);
    *millis = (int)((time_us - floor_s * SECOND_US) / 1000);
    time_t seconds = (time_t)floor_s;
    struct tm utc;
    gmtime_r(&seconds, &utc);
    return utc;
}

const char *time_text(int64_t time_us, char text[TIME_TEXT])
{
    int millis;
    struct tm utc = utc_of(time_us, &millis);
    snprintf(text, TIME_TEXT, "%04u-%02u-%02uT%02u:%02u:%02u.%03uZ",
             (unsigned)(utc.tm_year + 1900) % 10000u, (unsigned)(utc.tm_mon + 1) % 100u,
             (unsigned)utc.tm_mday % 100u, (unsigned)utc.tm_hour % 100u,
             (unsigned)utc.tm_min % 100u, (unsigned)utc.tm_sec % 100u, (unsigned)millis % 1000u);
    return text;
}

const char *day_text(int64_t time_us, char text[DAY_TEXT])
{
    char full[TIME_TEXT];
    time_text(time_us, full);
    g_strlcpy(text, full, 11);
    return text;
}

/* Reads exactly `digits` digits. */
static bool take_number(const char **at, unsigned digits, int *value)
{
    *value = 0;
    for (unsigned i = 0; i < digits; i++, (*at)++) {
        if (!g_ascii_isdigit(**at))
            return false;
        *value = *value * 10 + (**at - '0');
    }
    return true;
}

static bool take_char(const char **at, const char *any_of)
{
    if (!**at || !strchr(any_of, **at))
        return false;
    (*at)++;
    return true;
}

static bool take_day(const char **at, int64_t *start_us)
{
    struct tm utc = {0};
    if (!take_number(at, 4, &utc.tm_year) || !take_char(at, "-") ||
        !take_number(at, 2, &utc.tm_mon) || !take_char(at, "-") ||
        !take_number(at, 2, &utc.tm_mday))
        return false;
    if (!g_date_valid_dmy((GDateDay)utc.tm_mday, (GDateMonth)utc.tm_mon, (GDateYear)utc.tm_year))
        return false;
    utc.tm_year -= 1900;
    utc.tm_mon -= 1;
    *start_us = (int64_t)timegm(&utc) * SECOND_US;
    return true;
}

static bool take_fraction(const char **at, int64_t *fraction_us)
{
    *fraction_us = 0;
    if (!take_char(at, "."))
        return true;
    int64_t unit = 100000;
    unsigned digits = 0;
    for (; g_ascii_isdigit(**at); (*at)++, digits++) {
        *fraction_us += (**at - '0') * unit;
        unit /= 10;
    }
    return digits >= 1 && digits <= 9;
}

static bool take_offset(const char **at, int64_t *offset_us)
{
    *offset_us = 0;
    if (take_char(at, "Zz"))
        return true;
    bool west = **at == '-';
    int hours, minutes;
    if (!take_char(at, "+-") || !take_number(at, 2, &hours) || !take_char(at, ":") ||
        !take_number(at, 2, &minutes) || hours > 23 || minutes > 59)
        return false;
    *offset_us = (hours * HOUR_US + minutes * MINUTE_US) * (west ? -1 : 1);
    return true;
}

bool time_parse(const char *text, int64_t *time_us)
{
    if (!text)
        return false;
    const char *at = text;
    int64_t day, fraction, offset;
    int hour, minute, second;
    if (!take_day(&at, &day) || !take_char(&at, "Tt ") || !take_number(&at, 2, &hour) ||
        !take_char(&at, ":") || !take_number(&at, 2, &minute) || !take_char(&at, ":") ||
        !take_number(&at, 2, &second) || !take_fraction(&at, &fraction) ||
        !take_offset(&at, &offset) || *at)
        return false;
    if (hour > 23 || minute > 59 || second > 60)
        return false;
    *time_us = day + hour * HOUR_US + minute * MINUTE_US + second * SECOND_US + fraction - offset;
    return true;
}

bool day_parse(const char *text, int64_t *day_start)
{
    const char *at = text;
    return text && take_day(&at, day_start) && !*at;
}
