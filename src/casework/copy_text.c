#include "casework/copy_text.h"

#include "base/clock.h"
#include "people/audit.h"

#include <inttypes.h>
#include <string.h>

static GDateTime *local_time(int64_t time_us, GTimeZone *zone)
{
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(time_us / SECOND_US);
    return utc ? g_date_time_to_timezone(utc, zone) : NULL;
}

static const char *day_format(bool vietnamese)
{
    return vietnamese ? "%d/%m/%Y" : "%Y-%m-%d";
}

char *copy_clock_text(int64_t time_us, GTimeZone *zone, bool vietnamese)
{
    g_autoptr(GDateTime) local = local_time(time_us, zone);
    if (!local)
        return g_strdup("");
    g_autofree char *day = g_date_time_format(local, day_format(vietnamese));
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

/* "Vụ việc VV-2026-0042", or a routine's name; NULL for anything else. Returned owned. */
static char *why_text(const char *reason, bool vietnamese)
{
    static const struct {
        const char *code, *vietnamese, *english;
    } routines[] = {
        {"resident-report", "Có dân báo tin", "A resident reported"},
        {"routine-check", "Kiểm tra thường lệ", "Routine check"},
        {"technical-check", "Kiểm tra kỹ thuật", "Technical check"},
        {"training", "Tập huấn", "Training"},
    };
    const char *why = reason ? audit_why(reason) : "", *begins = "case ";
    if (g_str_has_prefix(why, begins))
        return g_strdup_printf(vietnamese ? "Vụ việc %s" : "Case %s", why + strlen(begins));
    for (size_t i = 0; i < G_N_ELEMENTS(routines); i++)
        if (strcmp(why, routines[i].code) == 0)
            return g_strdup(vietnamese ? routines[i].vietnamese : routines[i].english);
    return NULL;
}

char *copy_made_text(int64_t made_us, GTimeZone *zone, const char *device, const char *reason,
                     bool vietnamese)
{
    g_autoptr(GDateTime) local = local_time(made_us, zone);
    g_autofree char *why = why_text(reason, vietnamese);
    g_autofree char *day = local ? g_date_time_format(local, day_format(vietnamese)) : NULL;
    g_autofree char *clock = local ? g_date_time_format(local, "%H:%M UTC%:z") : NULL;
    const char *made = why ? vietnamese ? "sao lúc" : "made" : vietnamese ? "Sao lúc" : "Made";
    return g_strconcat(why ? why : "", why ? " · " : "", made, " ", day ? day : "", " ",
                       clock ? clock : "", *device ? " · " : "", device, NULL);
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
