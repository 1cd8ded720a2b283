/* The words that are burnt into a copy, and where moments stand in it. */
#include "casework/copy_text.h"
#include "casework/copy_time.h"
#include "unit.h"

#define AT_US INT64_C(1795966428550000) /* 2026-11-29T15:33:48.550Z */

static void the_clock_is_the_sites_with_its_offset(void **state)
{
    static const struct {
        const char *zone;
        bool vietnamese;
        int64_t after_us;
        const char *text;
    } cases[] = {
        {"Asia/Ho_Chi_Minh", true, 0, "29/11/2026 22:33:48.5 UTC+07:00"},
        {"Asia/Ho_Chi_Minh", false, 0, "2026-11-29 22:33:48.5 UTC+07:00"},
        {"Asia/Ho_Chi_Minh", true, 449999, "29/11/2026 22:33:48.9 UTC+07:00"},
        {"Asia/Ho_Chi_Minh", true, 450000, "29/11/2026 22:33:49.0 UTC+07:00"},
        {"America/St_Johns", false, 0, "2026-11-29 12:03:48.5 UTC-03:30"},
        {"Europe/Berlin", false, 200 * DAY_US, "2027-06-17 17:33:48.5 UTC+02:00"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(cases[i].zone);
        g_autofree char *text =
            copy_clock_text(AT_US + cases[i].after_us, zone, cases[i].vietnamese);
        assert_string_equal(text, cases[i].text);
    }
}

static void a_copy_says_in_both_languages_that_it_is_one_and_whose(void **state)
{
    g_autofree char *vi = copy_maker_text("an.nv", "0f6b5a93", true);
    g_autofree char *en = copy_maker_text("an.nv", "0f6b5a93", false);
    assert_string_equal(vi, "Người sao: an.nv · Số 0f6b5a93");
    assert_string_equal(en, "Made for an.nv · No. 0f6b5a93");
    assert_string_equal(copy_notice(false, true), "BẢN SAO – KHÔNG PHẢI BẢN GỐC");
    assert_string_equal(copy_notice(false, false), "COPY – NOT ORIGINAL");
    assert_string_equal(copy_notice(true, true), "BẢN SAO ĐÃ CHE – KHÔNG PHẢI BẢN GỐC");
    assert_string_equal(copy_notice(true, false), "REDACTED COPY – NOT ORIGINAL");
}

static void a_copy_says_what_for_when_and_with_what_it_was_made(void **state)
{
    static const struct {
        const char *device, *reason, *vietnamese, *english;
    } cases[] = {
        {"Android · Chrome", "case VV-2026-0042",
         "Vụ việc VV-2026-0042 · sao lúc 29/11/2026 22:33 UTC+07:00 · Android · Chrome",
         "Case VV-2026-0042 · made 2026-11-29 22:33 UTC+07:00 · Android · Chrome"},
        {"Máy tổ 1", "training", "Tập huấn · sao lúc 29/11/2026 22:33 UTC+07:00 · Máy tổ 1",
         "Training · made 2026-11-29 22:33 UTC+07:00 · Máy tổ 1"},
        {"", "unmasked 0b0c0d0e-0000-4000-8000-000000000000; case VV-2026-0007",
         "Vụ việc VV-2026-0007 · sao lúc 29/11/2026 22:33 UTC+07:00",
         "Case VV-2026-0007 · made 2026-11-29 22:33 UTC+07:00"},
        /* somebody's words name nobody in a picture */
        {"", "mất xe của bà Lan", "Sao lúc 29/11/2026 22:33 UTC+07:00",
         "Made 2026-11-29 22:33 UTC+07:00"},
        {"", NULL, "Sao lúc 29/11/2026 22:33 UTC+07:00", "Made 2026-11-29 22:33 UTC+07:00"},
    };
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier("Asia/Ho_Chi_Minh");
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *vi = copy_made_text(AT_US, zone, cases[i].device, cases[i].reason, true);
        g_autofree char *en = copy_made_text(AT_US, zone, cases[i].device, cases[i].reason, false);
        assert_string_equal(vi, cases[i].vietnamese);
        assert_string_equal(en, cases[i].english);
    }
}

static void a_gap_takes_no_longer_than_its_card(void **state)
{
    const ClipGap gaps[] = {
        {0, 10 * SECOND_US}, {20 * SECOND_US, 21 * SECOND_US}, {30 * SECOND_US, 3630 * SECOND_US}};
    const CopyTime time = {gaps, G_N_ELEMENTS(gaps), 0};
    static const struct {
        int64_t at_s, film_s;
        bool gap;
    } cases[] = {
        {0, 0, true},   {2, 2, true},     {9, 3, true},      {10, 3, false},
        {15, 8, false}, {20, 13, true},   {21, 14, false},   {29, 22, false},
        {30, 23, true}, {3629, 26, true}, {3630, 26, false}, {3640, 36, false},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        int64_t at_us = cases[i].at_s * SECOND_US;
        assert_int_equal(copy_film_us(&time, at_us), cases[i].film_s * SECOND_US);
        assert_int_equal(copy_in_gap(&time, at_us), cases[i].gap);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_clock_is_the_sites_with_its_offset),
        cmocka_unit_test(a_copy_says_in_both_languages_that_it_is_one_and_whose),
        cmocka_unit_test(a_copy_says_what_for_when_and_with_what_it_was_made),
        cmocka_unit_test(a_gap_takes_no_longer_than_its_card),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
