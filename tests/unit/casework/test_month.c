/* What the reports of a month come to. */
#include "base/clock.h"
#include "casework/month.h"
#include "casework/report.h"
#include "unit.h"

#include <string.h>

#define TOLD (INT64_C(1764406800) * SECOND_US)

static void add(MonthReports *reports, const char *kind, const char *state, int64_t answered_min,
                const char *village, int hour)
{
    g_autoptr(ReportRow) row = report_row_new();
    g_free(row->kind);
    g_free(row->state);
    row->kind = g_strdup(kind);
    row->state = g_strdup(state);
    row->told_us = TOLD;
    row->taken_us = strcmp(state, REPORT_NEW) == 0 ? 0 : TOLD + MINUTE_US;
    row->answered_us = answered_min ? TOLD + answered_min * MINUTE_US : 0;
    month_reports_add(reports, row, village, hour);
}

static unsigned kind_count(const MonthReports *reports, const char *kind)
{
    for (unsigned i = 0; report_kinds[i]; i++)
        if (strcmp(report_kinds[i], kind) == 0)
            return reports->kinds[i];
    fail_msg("there is no kind %s", kind);
    return 0;
}

static unsigned village_count(const MonthReports *reports, const char *village)
{
    return GPOINTER_TO_UINT(g_hash_table_lookup(reports->villages, village));
}

static void reports_are_counted_by_kind_village_and_hour(void **state)
{
    g_auto(MonthReports) reports;
    month_reports_init(&reports);
    add(&reports, "fight", REPORT_ANSWERED, 30, "Bản Một", 20);
    add(&reports, "fight", REPORT_TAKEN, 0, "Bản Một", 20);
    add(&reports, "theft", REPORT_REJECTED, 0, "Bản Hai", 3);
    add(&reports, "other", REPORT_NEW, 0, NULL, 23);
    assert_int_equal(reports.told, 4);
    assert_int_equal(reports.answered, 1);
    assert_int_equal(reports.rejected, 1);
    assert_int_equal(kind_count(&reports, "fight"), 2);
    assert_int_equal(kind_count(&reports, "theft"), 1);
    assert_int_equal(kind_count(&reports, "fire"), 0);
    assert_int_equal(village_count(&reports, "Bản Một"), 2);
    assert_int_equal(village_count(&reports, ""), 1);
    assert_int_equal(reports.hours[20], 2);
    assert_int_equal(reports.hours[23], 1);
}

static void what_several_people_told_is_counted_once(void **state)
{
    g_auto(MonthReports) reports;
    month_reports_init(&reports);
    add(&reports, "fight", REPORT_ANSWERED, 10, "Bản Một", 20);
    add(&reports, "fight", REPORT_JOINED, 0, "Bản Một", 20);
    assert_int_equal(reports.told, 1);
    assert_int_equal(reports.joined, 1);
    assert_int_equal(kind_count(&reports, "fight"), 1);
    assert_int_equal(village_count(&reports, "Bản Một"), 1);
}

static void waits_are_told_by_the_middle_one_and_by_nine_of_ten(void **state)
{
    g_auto(MonthReports) reports;
    month_reports_init(&reports);
    assert_int_equal(month_wait(reports.answered_us).count, 0);
    static const int minutes[] = {90, 5, 7, 600, 9, 11, 13, 15, 17, 19};
    for (size_t i = 0; i < G_N_ELEMENTS(minutes); i++)
        add(&reports, "fight", REPORT_ANSWERED, minutes[i], "", 0);
    add(&reports, "fight", REPORT_NEW, 0, "", 0); /* nobody answered: no wait that ended */
    MonthWait wait = month_wait(reports.answered_us);
    assert_int_equal(wait.count, 10);
    assert_int_equal(wait.median_us, 13 * MINUTE_US);
    assert_int_equal(wait.nine_of_ten_us, 90 * MINUTE_US);
    assert_int_equal(month_wait(reports.taken_us).median_us, MINUTE_US);
}

static void add_case(MonthCases *cases, const char *state, const char *outcome, int footage_min)
{
    g_autoptr(CaseRow) row = case_row_new();
    g_free(row->state);
    g_free(row->outcome);
    row->state = g_strdup(state);
    row->outcome = g_strdup(outcome);
    row->told_us = TOLD;
    row->opened_us = TOLD + MINUTE_US;
    row->state_us = TOLD + 3 * HOUR_US;
    row->footage_us = footage_min ? TOLD + footage_min * MINUTE_US : 0;
    month_cases_add(cases, row);
}

static void cases_are_counted_by_what_became_of_them(void **state)
{
    g_auto(MonthCases) cases;
    month_cases_init(&cases);
    add_case(&cases, "closed", "mediated", 4);
    add_case(&cases, "decided", "nothing-found", 8);
    add_case(&cases, "reopened", "mediated", 0);
    add_case(&cases, "searching", "", 0);
    assert_int_equal(cases.opened, 4);
    assert_int_equal(cases.decided, 2);
    assert_int_equal(cases.cleared, 1);
    assert_int_equal(cases.closed, 1);
    assert_int_equal(month_wait(cases.footage_us).count, 2);
    assert_int_equal(month_wait(cases.footage_us).median_us, 4 * MINUTE_US);
    assert_int_equal(month_wait(cases.resolved_us).median_us, 3 * HOUR_US - MINUTE_US);
    assert_int_equal(GPOINTER_TO_UINT(g_hash_table_lookup(cases.outcomes, "mediated")), 1);
}

static void peoples_own_words_and_case_numbers_are_not_told(void **state)
{
    assert_string_equal(month_reason("case VV-2026-0042"), "case");
    assert_string_equal(month_reason("routine-check"), "routine-check");
    assert_string_equal(month_reason("tìm xe của ông Lò"), "other");
    assert_string_equal(month_reason(""), "none");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reports_are_counted_by_kind_village_and_hour),
        cmocka_unit_test(what_several_people_told_is_counted_once),
        cmocka_unit_test(waits_are_told_by_the_middle_one_and_by_nine_of_ten),
        cmocka_unit_test(cases_are_counted_by_what_became_of_them),
        cmocka_unit_test(peoples_own_words_and_case_numbers_are_not_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
