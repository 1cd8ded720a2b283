/* What a case may say, which state follows which, and what it gathers. */
#include "base/clock.h"
#include "base/json.h"
#include "casework/case.h"
#include "casework/case_item.h"
#include "casework/report.h"
#include "unit.h"

#include <string.h>

#define NOW (INT64_C(1764406800) * SECOND_US)

static const int64_t from_us = NOW - HOUR_US, to_us = NOW - MINUTE_US;

static CaseRow *made(void)
{
    const CaseTold told = {.kind = "theft", .from_us = &from_us, .to_us = &to_us};
    g_autoptr(GPtrArray) none = g_ptr_array_new();
    CaseRow *row = case_of(&told, none, NOW, NULL);
    assert_non_null(row);
    return row;
}

static CaseRow *in_state(const char *state)
{
    CaseRow *row = made();
    case_set_state(row, state, NOW - HOUR_US);
    return row;
}

static CaseEdit to_state(const char *state)
{
    return (CaseEdit){.state = state,
                      .reason = "Chuyển công an huyện",
                      .outcome = strcmp(state, CASE_DECIDED) == 0 ? "mediated" : NULL,
                      .answer = strcmp(state, CASE_CLOSED) == 0 ? "Đã hòa giải." : NULL};
}

static void each_state_is_followed_by_those_of_the_course_and_no_other(void **state)
{
    static const char course[] = "new>searching new>rejected new>transferred "
                                 "searching>preserved searching>decided searching>rejected "
                                 "searching>transferred "
                                 "preserved>searching preserved>exported preserved>decided "
                                 "preserved>transferred "
                                 "exported>preserved exported>decided exported>transferred "
                                 "decided>closed decided>reopened closed>reopened "
                                 "rejected>reopened transferred>reopened "
                                 "reopened>searching reopened>preserved reopened>exported "
                                 "reopened>decided reopened>rejected reopened>transferred ";
    for (size_t i = 0; case_states[i]; i++)
        for (size_t k = 0; case_states[k]; k++) {
            g_autoptr(GError) error = NULL;
            g_autoptr(CaseRow) row = in_state(case_states[i]);
            g_autofree char *step = g_strdup_printf("%s>%s ", case_states[i], case_states[k]);
            const CaseEdit edit = to_state(case_states[k]);
            bool follows = strstr(course, step) != NULL;
            if (case_apply(row, &edit, NOW, &error) != follows)
                fail_msg("%s: %s", step, error ? error->message : "was made");
            assert_string_equal(row->state, case_states[follows ? k : i]);
            if (!follows)
                assert_true(g_error_matches(error, ERR, ERR_EXISTS));
        }
}

static void refuse(const char *was, CaseEdit edit, const char *member)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CaseRow) row = in_state(was);
    assert_false(case_apply(row, &edit, NOW, &error));
    assert_true(g_error_matches(error, ERR, ERR_INVALID));
    if (!strstr(error->message, member))
        fail_msg("‘%s’ does not name ‘%s’", error->message, member);
    assert_string_equal(row->state, was);
}

static void an_end_needs_its_outcome_its_reason_or_its_answer(void **state)
{
    refuse(CASE_SEARCHING, (CaseEdit){.state = CASE_DECIDED}, "outcome");
    refuse(CASE_SEARCHING, (CaseEdit){.state = CASE_DECIDED, .outcome = "guilty"}, "outcome");
    refuse(CASE_DECIDED, (CaseEdit){.state = CASE_CLOSED}, "answer");
    refuse(CASE_NEW, (CaseEdit){.state = CASE_REJECTED}, "reason");
    refuse(CASE_NEW, (CaseEdit){.state = CASE_TRANSFERRED, .reason = "x"}, "reason");
    refuse(CASE_CLOSED, (CaseEdit){.state = CASE_REOPENED}, "reason");
    refuse(CASE_NEW, (CaseEdit){.outcome = "mediated"}, "outcome");
    refuse(CASE_NEW, (CaseEdit){.answer = "Xong."}, "answer");
    refuse(CASE_NEW, (CaseEdit){.state = "solved"}, "state");
    refuse(CASE_NEW, (CaseEdit){.kind = "murder"}, "kind");
    refuse(CASE_NEW, (CaseEdit){.to_us = &(int64_t){NOW + HOUR_US}}, "future");
}

static void what_was_decided_is_open_again_when_the_case_is(void **state)
{
    g_autoptr(CaseRow) row = in_state(CASE_SEARCHING);
    CaseEdit edit = {.state = CASE_DECIDED, .outcome = "administrative", .document = "12/QĐ-XP"};
    assert_true(case_apply(row, &edit, NOW, NULL));
    assert_string_equal(row->document, "12/QĐ-XP");
    assert_int_equal(row->state_us, NOW);
    assert_false(case_is_over(row));
    edit = (CaseEdit){.state = CASE_REOPENED, .reason = "Có hình mới"};
    assert_true(case_apply(row, &edit, NOW, NULL));
    assert_string_equal(row->outcome, "");
    assert_string_equal(row->document, "");
}

static void what_is_done_to_a_case_moves_it_on(void **state)
{
    static const struct {
        const char *was;
        CaseDeed deed;
        const char *is;
    } steps[] = {
        {CASE_NEW, CASE_DEED_SEARCH, CASE_SEARCHING},
        {CASE_SEARCHING, CASE_DEED_SEARCH, NULL},
        {CASE_NEW, CASE_DEED_PRESERVE, CASE_PRESERVED},
        {CASE_REOPENED, CASE_DEED_PRESERVE, CASE_PRESERVED},
        {CASE_EXPORTED, CASE_DEED_PRESERVE, NULL},
        {CASE_PRESERVED, CASE_DEED_HAND_OVER, CASE_EXPORTED},
        {CASE_DECIDED, CASE_DEED_HAND_OVER, NULL},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
        g_autoptr(CaseRow) row = in_state(steps[i].was);
        assert_int_equal(g_strcmp0(case_by_deed(row, steps[i].deed), steps[i].is), 0);
    }
}

static void what_is_not_told_comes_from_the_reports_the_oldest_first(void **state)
{
    g_autoptr(GPtrArray) reports = g_ptr_array_new_with_free_func((GDestroyNotify)report_row_free);
    ReportTold told = {.kind = "fight",
                       .source = REPORT_BY_OFFICER,
                       .where = "Trước cổng chợ",
                       .from_us = NOW - 30 * MINUTE_US,
                       .to_us = NOW - 20 * MINUTE_US};
    g_ptr_array_add(reports, report_of(&told, NOW, NULL));
    told.kind = "theft";
    told.from_us = NOW - 40 * MINUTE_US;
    told.where = "Bờ suối";
    g_ptr_array_add(reports, report_of(&told, NOW, NULL));
    const CaseTold nothing = {0}, own = {.kind = "missing", .where = "Ngã ba"};
    g_autoptr(CaseRow) row = case_of(&nothing, reports, NOW, NULL);
    assert_string_equal(row->kind, "fight");
    assert_string_equal(row->where_text, "Trước cổng chợ");
    assert_int_equal(row->from_us, NOW - 40 * MINUTE_US);
    assert_int_equal(row->to_us, NOW - 20 * MINUTE_US);
    g_autoptr(CaseRow) other = case_of(&own, reports, NOW, NULL);
    assert_string_equal(other->kind, "missing");
    assert_string_equal(other->where_text, "Ngã ba");
    g_autoptr(GPtrArray) none = g_ptr_array_new();
    assert_null(case_of(&nothing, none, NOW, NULL));
}

static void minutes_to_footage_count_from_the_oldest_report_or_the_opening(void **state)
{
    g_autoptr(CaseRow) row = made();
    assert_int_equal(case_minutes_to_footage(row), -1);
    row->footage_us = NOW + 7 * MINUTE_US + SECOND_US;
    assert_int_equal(case_minutes_to_footage(row), 7);
    row->told_us = NOW - 5 * MINUTE_US;
    assert_int_equal(case_minutes_to_footage(row), 12);
}

static void its_number_is_read_as_it_is_written(void **state)
{
    int year, seq;
    char text[CASE_NUMBER_TEXT];
    assert_string_equal(case_number(2026, 42, text), "VV-2026-0042");
    assert_true(case_number_parse(text, &year, &seq) && year == 2026 && seq == 42);
    assert_true(case_number_parse("VV-2026-10042", &year, &seq) && seq == 10042);
    static const char *const wrong[] = {"",
                                        "VV-2026-42",
                                        "2026-0042",
                                        "VV-2026-004x",
                                        "VV-26-000042",
                                        "VV-2026-0000",
                                        "vv-2026-0042",
                                        "VV-2026000042",
                                        "VV-2026-0000000042"};
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++)
        assert_false(case_number_parse(wrong[i], &year, &seq));
}

static void an_item_says_what_its_kind_says_and_no_more(void **state)
{
    const Uuid cameras[] = {{{1}}, {{2}}};
    CaseItemTold told = {
        .kind = "person", .role = "witness", .count = 2, .text = "a name", .thing = "x"};
    g_autofree char *person = case_item_body(&told, NULL);
    assert_string_equal(person, "{\"role\":\"witness\",\"count\":2}");
    told.role = "suspect";
    assert_null(case_item_body(&told, NULL));
    told = (CaseItemTold){.kind = "person", .role = "victim", .count = 100};
    assert_null(case_item_body(&told, NULL));
    told = (CaseItemTold){.kind = CASE_ITEM_FOOTAGE,
                          .cameras = cameras,
                          .camera_count = 1,
                          .from_us = NOW,
                          .to_us = NOW + SECOND_US,
                          .words = " áo đỏ "};
    g_autofree char *footage = case_item_body(&told, NULL);
    g_autoptr(Json) json = json_parse(footage, strlen(footage), NULL);
    assert_string_equal(json_string_value(json_object_get(json, "words")), "áo đỏ");
    assert_string_equal(json_string_value(json_object_get(json, "camera")),
                        "01000000-0000-0000-0000-000000000000");
    told.camera_count = 2;
    assert_null(case_item_body(&told, NULL));
    told.kind = CASE_ITEM_NOTHING_SEEN;
    g_autofree char *nothing = case_item_body(&told, NULL);
    assert_non_null(strstr(nothing, "\"cameras\":["));
    told = (CaseItemTold){.kind = CASE_ITEM_NOTE, .text = "  "};
    assert_null(case_item_body(&told, NULL));
    told.kind = "rumour";
    assert_null(case_item_body(&told, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_state_is_followed_by_those_of_the_course_and_no_other),
        cmocka_unit_test(an_end_needs_its_outcome_its_reason_or_its_answer),
        cmocka_unit_test(what_was_decided_is_open_again_when_the_case_is),
        cmocka_unit_test(what_is_done_to_a_case_moves_it_on),
        cmocka_unit_test(what_is_not_told_comes_from_the_reports_the_oldest_first),
        cmocka_unit_test(minutes_to_footage_count_from_the_oldest_report_or_the_opening),
        cmocka_unit_test(its_number_is_read_as_it_is_written),
        cmocka_unit_test(an_item_says_what_its_kind_says_and_no_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
