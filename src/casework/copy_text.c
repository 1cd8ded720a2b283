#include "casework/copy_text.h"

#include "base/clock.h"

#include <inttypes.h>

char *copy_clock_text(int64_t time_us, GTimeZone *zone, bool vietnamese)
{
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(time_us / SECOND_US);
    g_autoptr(GDateTime) local = utc ? g_date_time_to_timezone(utc, zone) : NULL;
    if (!local)
        return g_strdup("");
    g_autofree char *day = g_date_time_format(local, vietnamese ? "%d/%m/%Y" : "%Y-%m-%d");
    g_autofree char *clock = g_date_time_format(local, "%H:%M:%S");
    g_autofree char *offset = g_date_time_format(local, "%:z");
    return g_strdup_printf("%s %s.%" PRId64 " UTC%s", day, clock,
                           time_us % SECOND_US / (SECOND_US / 10), offset);
}

const char *copy_notice(bool redacted, bool vietnamese)
{
    if (redacted)
        return vietnamese ? "BẢN SAO ĐÃ CHE – KHÔNG PHẢI BẢN GỐC" : "REDACTED COPY – NOT ORIGINAL";
    return vietnamese ? "BẢN SAO – KHÔNG PHẢI BẢN GỐC" : "COPY – NOT ORIGINAL";
}

char *copy_maker_text(const char *who, const char *number, bool vietnamese)
{
    return g_strdup_printf(vietnamese ? "Người sao: %s · Số %s" : "Made for %s · No. %s", who,
                           number);
}

void copy_gap_lines(int64_t from_us, int64_t to_us, GTimeZone *zone, bool vietnamese,
                    char *lines[3])
{
    g_autofree char *from = copy_clock_text(from_us, zone, vietnamese);
    g_autofree char *to = copy_clock_text(to_us, zone, vietnamese);
    lines[0] = g_strdup(vietnamese ? "KHÔNG CÓ HÌNH" : "NO PICTURES");
    lines[1] = g_strconcat(vietnamese ? "từ " : "from ", from, NULL);
    lines[2] = g_strconcat(vietnamese ? "đến " : "to ", to, NULL);
}
