#include "http/api/audit_csv.h"

#include "base/clock.h"
#include "base/time_text.h"
#include "http/api/audit_names.h"

#include <string.h>

void csv_cell(GString *text, const char *cell)
{
    g_string_append_c(text, '"');
    if (*cell && strchr("=+-@\t\r\n", *cell))
        g_string_append_c(text, '\'');
    for (; *cell; cell++) {
        if (*cell == '"')
            g_string_append_c(text, '"');
        g_string_append_c(text, *cell);
    }
    g_string_append_c(text, '"');
}

static void next_cell(GString *text, const char *cell)
{
    if (text->len > 0 && text->str[text->len - 1] == '"')
        g_string_append_c(text, ',');
    csv_cell(text, cell ? cell : "");
}

static void time_cell(GString *text, int64_t time_us)
{
    char utc[TIME_TEXT];
    next_cell(text, time_us > 0 ? time_text(time_us, utc) : "");
}

static void local_cell(GString *text, int64_t time_us, GTimeZone *zone)
{
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(time_us / SECOND_US);
    g_autoptr(GDateTime) local = utc ? g_date_time_to_timezone(utc, zone) : NULL;
    g_autofree char *shown = local ? g_date_time_format(local, "%Y-%m-%d %H:%M:%S") : NULL;
    next_cell(text, shown);
}

static void changes_cell(GString *text, const GArray *changes)
{
    g_autoptr(GString) all = g_string_new(NULL);
    for (guint i = 0; i < changes->len; i++) {
        const AuditRowChange *change = &g_array_index(changes, AuditRowChange, i);
        g_string_append_printf(all, "%s%s", i ? "; " : "", change->field);
        if (*change->before || *change->after)
            g_string_append_printf(all, ": %s → %s", change->before, change->after);
    }
    next_cell(text, all->str);
}

static void add_row(GString *text, ApiContext *api, const AuditRow *row, GTimeZone *zone)
{
    g_autofree char *actor = audit_actor_name(api, row->actor),
                    *object = audit_object_name(api, row->object);
    g_autofree char *seq = g_strdup_printf("%" G_GINT64_FORMAT, row->seq);
    next_cell(text, seq);
    time_cell(text, row->time_us);
    local_cell(text, row->time_us, zone);
    next_cell(text, row->actor);
    next_cell(text, actor);
    next_cell(text, row->device);
    next_cell(text, row->address);
    next_cell(text, row->action);
    next_cell(text, row->object);
    next_cell(text, object);
    next_cell(text, row->result);
    next_cell(text, row->reason);
    time_cell(text, row->from_us);
    time_cell(text, row->to_us);
    changes_cell(text, row->changes);
    g_string_append(text, "\r\n");
}

GString *audit_csv_new(void)
{
    static const char *const columns[] = {"seq",        "time",        "local time", "actor",
                                          "actor name", "device",      "address",    "action",
                                          "object",     "object name", "result",     "reason",
                                          "from",       "to",          "changes"};
    GString *text = g_string_new("\xef\xbb\xbf");
    for (size_t i = 0; i < G_N_ELEMENTS(columns); i++)
        next_cell(text, columns[i]);
    g_string_append(text, "\r\n");
    return text;
}

void audit_csv_add(GString *text, ApiContext *api, const GPtrArray *rows, GTimeZone *zone)
{
    for (guint i = 0; i < rows->len; i++)
        add_row(text, api, rows->pdata[i], zone);
}
