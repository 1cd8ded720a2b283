/* Figures, short words and rows of a statement. */
#include "base/clock.h"
#include "casework/statement.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

void statement_para(const StatementText *text, const char *vietnamese, const char *english)
{
    page_text(text->pages, PAGE_PLAIN, PAGE_LEFT, text->vietnamese ? vietnamese : english);
}

void statement_heading(const StatementText *text, const char *vietnamese, const char *english)
{
    page_heading(text->pages, text->vietnamese ? vietnamese : english);
}

const PackagePerson *statement_person(const Statement *statement, const char *part)
{
    const EvidenceOrder *order = statement->order;
    for (size_t i = 0; i < order->person_count; i++)
        if (strcmp(order->people[i].part, part) == 0)
            return &order->people[i];
    return NULL;
}

static void row_free(void *row)
{
    g_strfreev(row);
}

GPtrArray *statement_rows_new(void)
{
    return g_ptr_array_new_with_free_func(row_free);
}

void statement_row(GPtrArray *rows, const char *const *texts)
{
    g_ptr_array_add(rows, g_strdupv((char **)texts));
}

char *statement_number(double value, bool vietnamese)
{
    char *text = g_strdup_printf("%.1f", value);
    char *point = strchr(text, '.');
    if (point && vietnamese)
        *point = ',';
    return text;
}

/* A part of a duration, unless it is nothing. */
static void add_part(GString *text, int64_t count, const char *unit)
{
    if (count > 0)
        g_string_append_printf(text, "%s%" PRId64 " %s", text->len > 0 ? " " : "", count, unit);
}

/* With its offset from UTC each time: no hour of a change of clocks is told twice. */
char *statement_clock(const Statement *statement, int64_t time_us, bool vietnamese)
{
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(time_us / SECOND_US);
    g_autoptr(GDateTime) local = utc ? g_date_time_to_timezone(utc, statement->zone) : NULL;
    if (!local)
        return g_strdup("?");
    g_autofree char *clock =
        g_date_time_format(local, vietnamese ? "%d/%m/%Y %H:%M:%S," : "%Y-%m-%d %H:%M:%S.");
    g_autofree char *offset = g_date_time_format(local, "%:z");
    return g_strdup_printf("%s%" PRId64 " %s", clock, time_us % SECOND_US / (SECOND_US / 10),
                           offset);
}

char *statement_duration(int64_t span_us, bool vietnamese)
{
    if (span_us < MINUTE_US) {
        g_autofree char *seconds = statement_number((double)span_us / 1e6, vietnamese);
        return g_strconcat(seconds, vietnamese ? " giây" : " s", NULL);
    }
    int64_t seconds = (span_us + SECOND_US / 2) / SECOND_US;
    GString *text = g_string_new(NULL);
    add_part(text, seconds / 86400, vietnamese ? "ngày" : "d");
    add_part(text, seconds / 3600 % 24, vietnamese ? "giờ" : "h");
    add_part(text, seconds / 60 % 60, vietnamese ? "phút" : "min");
    add_part(text, seconds % 60, vietnamese ? "giây" : "s");
    return g_string_free(text, FALSE);
}

char *statement_offset(int64_t offset_us, bool vietnamese)
{
    bool small = llabs(offset_us) < SECOND_US;
    g_autofree char *number =
        statement_number(fabs((double)offset_us) / (small ? 1e3 : 1e6), vietnamese);
    return g_strconcat(offset_us < 0 ? "−" : "+", number,
                       small ? " ms" : (vietnamese ? " giây" : " s"), NULL);
}

const char *statement_cause(GapCause cause, bool vietnamese)
{
    static const struct {
        const char *vietnamese, *english;
    } words[GAP_CAUSES] = {
        [GAP_UNKNOWN] = {"không rõ nguyên nhân", "cause not known"},
        [GAP_CAMERA_OFFLINE] = {"mất kết nối camera", "camera offline"},
        [GAP_NETWORK_STALL] = {"mạng bị nghẽn", "network stalled"},
        [GAP_SERVER_DOWN] = {"máy chủ dừng", "server was not running"},
        [GAP_DISK_FULL] = {"đầy ổ đĩa", "disk full"},
        [GAP_DISK_ERROR] = {"lỗi ổ đĩa", "disk error"},
        [GAP_VOLUME_MISSING] = {"thiếu ổ đĩa", "disk missing"},
        [GAP_OVERLOAD] = {"máy chủ quá tải", "server overloaded"},
        [GAP_PAUSED] = {"tạm dừng ghi", "recording paused"},
        [GAP_HOUSEHOLD_HOURS] = {"ngoài giờ chia sẻ của hộ gia đình",
                                 "outside the household's hours"},
        [GAP_CLOCK_STEP] = {"đồng hồ máy chủ bị chỉnh", "server's clock was set"},
        [GAP_RETIRED] = {"đã xóa theo thời hạn lưu", "deleted by its age"},
        [GAP_SCHEDULED] = {"không phải ghi, theo cài đặt", "not to be recorded, by its settings"},
    };
    return vietnamese ? words[cause].vietnamese : words[cause].english;
}

char *statement_groups(const Hash *hash)
{
    GString *text = g_string_new(NULL);
    for (size_t i = 0; i < sizeof hash->bytes; i++)
        g_string_append_printf(text, "%s%02x", i > 0 && i % 2 == 0 ? " " : "", hash->bytes[i]);
    return g_string_free(text, FALSE);
}
