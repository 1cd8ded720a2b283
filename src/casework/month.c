#include "casework/month.h"

#include "casework/case.h"
#include "casework/report.h"

#include <string.h>

void month_reports_init(MonthReports *reports)
{
    *reports =
        (MonthReports){.villages = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
                       .taken_us = g_array_new(FALSE, FALSE, sizeof(int64_t)),
                       .answered_us = g_array_new(FALSE, FALSE, sizeof(int64_t))};
}

void month_reports_clear(MonthReports *reports)
{
    g_clear_pointer(&reports->villages, g_hash_table_unref);
    g_clear_pointer(&reports->taken_us, g_array_unref);
    g_clear_pointer(&reports->answered_us, g_array_unref);
}

void month_count(GHashTable *counts, const char *name)
{
    guint count = GPOINTER_TO_UINT(g_hash_table_lookup(counts, name));
    g_hash_table_replace(counts, g_strdup(name), GUINT_TO_POINTER(count + 1));
}

static void count_kind(MonthReports *reports, const char *kind)
{
    for (unsigned i = 0; i < MONTH_KINDS_MOST && report_kinds[i]; i++)
        reports->kinds[i] += strcmp(report_kinds[i], kind) == 0;
}

static void add_wait(GArray *waits, int64_t from_us, int64_t to_us)
{
    int64_t wait_us = to_us - from_us;
    if (to_us > 0 && wait_us >= 0)
        g_array_append_val(waits, wait_us);
}

void month_reports_add(MonthReports *reports, const ReportRow *row, const char *village, int hour)
{
    if (strcmp(row->state, REPORT_JOINED) == 0) {
        reports->joined++;
        return;
    }
    reports->told++;
    reports->answered += strcmp(row->state, REPORT_ANSWERED) == 0;
    reports->rejected += strcmp(row->state, REPORT_REJECTED) == 0;
    count_kind(reports, row->kind);
    reports->hours[CLAMP(hour, 0, MONTH_HOURS - 1)]++;
    month_count(reports->villages, village ? village : "");
    add_wait(reports->taken_us, row->told_us, row->taken_us);
    add_wait(reports->answered_us, row->told_us, row->answered_us);
}

static gint by_length(gconstpointer a, gconstpointer b)
{
    int64_t first = *(const int64_t *)a, second = *(const int64_t *)b;
    return (first > second) - (first < second);
}

MonthWait month_wait(GArray *waits)
{
    MonthWait wait = {.count = waits->len};
    if (waits->len == 0)
        return wait;
    g_array_sort(waits, by_length);
    wait.median_us = g_array_index(waits, int64_t, (waits->len - 1) / 2);
    wait.nine_of_ten_us = g_array_index(waits, int64_t, (waits->len * 9 + 9) / 10 - 1);
    return wait;
}

void month_cases_init(MonthCases *cases)
{
    *cases = (MonthCases){.footage_us = g_array_new(FALSE, FALSE, sizeof(int64_t)),
                          .resolved_us = g_array_new(FALSE, FALSE, sizeof(int64_t)),
                          .outcomes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL)};
}

void month_cases_clear(MonthCases *cases)
{
    g_clear_pointer(&cases->footage_us, g_array_unref);
    g_clear_pointer(&cases->resolved_us, g_array_unref);
    g_clear_pointer(&cases->outcomes, g_hash_table_unref);
}

void month_cases_add(MonthCases *cases, const CaseRow *row)
{
    bool closed = strcmp(row->state, CASE_CLOSED) == 0;
    cases->opened++;
    add_wait(cases->footage_us, row->told_us ? row->told_us : row->opened_us, row->footage_us);
    if (closed || strcmp(row->state, CASE_DECIDED) == 0) {
        cases->decided++;
        cases->cleared += strcmp(row->outcome, CASE_NOTHING_FOUND) != 0;
        month_count(cases->outcomes, row->outcome);
    }
    if (closed) {
        cases->closed++;
        add_wait(cases->resolved_us, row->opened_us, row->state_us);
    }
}

void month_looks_init(MonthLooks *looks)
{
    *looks = (MonthLooks){.reasons = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL)};
}

void month_looks_clear(MonthLooks *looks)
{
    g_clear_pointer(&looks->reasons, g_hash_table_unref);
}

const char *month_reason(const char *reason)
{
    static const char *const routines[] = {"resident-report", "routine-check", "technical-check",
                                           "training"};
    for (size_t i = 0; i < G_N_ELEMENTS(routines); i++)
        if (strcmp(reason, routines[i]) == 0)
            return routines[i];
    if (!*reason)
        return "none";
    return g_str_has_prefix(reason, "case ") ? "case" : "other";
}
