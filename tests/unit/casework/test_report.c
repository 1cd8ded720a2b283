/* What a report may say, and what is held for it. */
#include "base/clock.h"
#include "casework/report_hold.h"
#include "unit.h"

#include <string.h>

#define NOW (INT64_C(1764406800) * SECOND_US)

static ReportTold told_by(const char *source)
{
    return (ReportTold){.kind = "fight",
                        .source = source,
                        .where = "Trước cổng chợ",
                        .from_us = NOW - 30 * MINUTE_US,
                        .to_us = NOW,
                        .span_words = "half-hour",
                        .text = "Hai người đánh nhau"};
}

static void refuse(const ReportTold *told, const char *member)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(ReportRow) row = report_of(told, NOW, &error);
    assert_null(row);
    assert_true(g_error_matches(error, ERR, ERR_INVALID));
    if (!strstr(error->message, member))
        fail_msg("‘%s’ does not name ‘%s’", error->message, member);
}

static void what_is_told_is_kept_as_it_was_said(void **state)
{
    ReportTold told = told_by(REPORT_BY_RESIDENT);
    told.text = "  <script>alert('x')</script>\nRobert'); DROP TABLE reports;-- \xcc\x81 ";
    told.reporter = "Lò Văn A";
    g_autoptr(ReportRow) row = report_of(&told, NOW, NULL);
    assert_non_null(row);
    assert_string_equal(row->state, REPORT_NEW);
    assert_true(g_str_has_prefix(row->text, "<script>alert('x')</script>\nRobert'); DROP TABLE"));
    assert_string_equal(row->reporter, "Lò Văn A");
    assert_int_equal(row->told_us, NOW);
}

static void what_makes_no_sense_is_refused_by_its_name(void **state)
{
    const ReportTold sound = told_by(REPORT_BY_RESIDENT);
    g_autofree char *long_text = g_strnfill(2001, 'x');
    ReportTold told = sound;
    told.kind = "murder";
    refuse(&told, "kind");
    told = sound;
    told.to_us = NOW + 6 * MINUTE_US;
    refuse(&told, "future");
    told = sound;
    told.from_us = NOW - 31 * DAY_US;
    refuse(&told, "30 days");
    told = sound;
    told.from_us = told.to_us + 1;
    refuse(&told, "from");
    told = sound;
    told.from_us = NOW - 25 * HOUR_US;
    refuse(&told, "24 hours");
    told = sound;
    told.where = "  ";
    refuse(&told, "where");
    told = sound;
    told.text = " \n ";
    refuse(&told, "text");
    told = sound;
    told.text = long_text;
    refuse(&told, "text");
    told = sound;
    told.phone = "09\x07";
    refuse(&told, "phone");
    told = sound;
    told.place = &(PlacePoint){91, 0};
    refuse(&told, "place");
    told = sound;
    told.span_words = "yesteryear";
    refuse(&told, "span_words");
    told = sound;
    told.source = "neighbour";
    refuse(&told, "source");
}

static void who_has_an_account_may_say_less_and_longer_ago(void **state)
{
    ReportTold told = told_by("patrol");
    told.text = NULL;
    told.from_us = NOW - 7 * DAY_US;
    g_autoptr(ReportRow) row = report_of(&told, NOW, NULL);
    assert_non_null(row);
    assert_string_equal(row->text, "");
    told.from_us--;
    refuse(&told, "7 days");
}

static void its_number_is_read_as_it_is_written(void **state)
{
    int year, seq;
    char text[REPORT_NUMBER_TEXT];
    assert_string_equal(report_number(2026, 123, text), "2026-000123");
    assert_true(report_number_parse(text, &year, &seq) && year == 2026 && seq == 123);
    assert_true(report_number_parse("2026-1000123", &year, &seq) && seq == 1000123);
    static const char *const wrong[] = {"",           "2026",        "2026-123",
                                        "26-000123",  "2026000123",  "2026-00012x",
                                        "-26-000123", "2026-000000", "2026-0000000000001"};
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++)
        assert_false(report_number_parse(wrong[i], &year, &seq));
}

static void residents_have_two_hours_a_camera_held_and_the_newest(void **state)
{
    bool cut;
    ReportTold told = told_by(REPORT_BY_RESIDENT);
    const Uuid cameras[] = {{{1}}, {{2}}};
    g_autoptr(GArray) list = g_array_new(FALSE, FALSE, sizeof(Uuid));
    g_array_append_vals(list, cameras, 2);
    g_autoptr(ReportRow) row = report_of(&told, NOW, NULL);
    g_autoptr(GArray) whole = report_hold_plan(row, list, 10 * MINUTE_US, true, &cut);
    assert_int_equal(whole->len, 2);
    const ArchiveHold *one = &g_array_index(whole, ArchiveHold, 1);
    assert_false(cut);
    assert_int_equal(one->camera.bytes[0], 2);
    assert_int_equal(one->from_us, NOW - 40 * MINUTE_US);
    assert_int_equal(one->to_us, NOW + 10 * MINUTE_US);
    row->from_us = NOW - 8 * HOUR_US;
    g_autoptr(GArray) newest = report_hold_plan(row, list, 10 * MINUTE_US, true, &cut);
    one = &g_array_index(newest, ArchiveHold, 0);
    assert_true(cut);
    assert_int_equal(one->to_us, NOW + 10 * MINUTE_US);
    assert_int_equal(one->to_us - one->from_us, 2 * HOUR_US);
    g_autoptr(GArray) all = report_hold_plan(row, list, 10 * MINUTE_US, false, &cut);
    one = &g_array_index(all, ArchiveHold, 0);
    assert_false(cut);
    assert_int_equal(one->from_us, NOW - 8 * HOUR_US - 10 * MINUTE_US);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_told_is_kept_as_it_was_said),
        cmocka_unit_test(what_makes_no_sense_is_refused_by_its_name),
        cmocka_unit_test(who_has_an_account_may_say_less_and_longer_ago),
        cmocka_unit_test(its_number_is_read_as_it_is_written),
        cmocka_unit_test(residents_have_two_hours_a_camera_held_and_the_newest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
