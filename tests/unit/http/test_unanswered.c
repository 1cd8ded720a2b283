/* A report that somebody took and then left rises to the commanders, by the clock. */
#include "api_ask.h"
#include "base/clock.h"
#include "base/time_text.h"
#include "unit.h"

#include <string.h>

/* By the officer. */
static Json *told(House *house, const char *officer)
{
    int64_t now_us = clock_now_us();
    char from[TIME_TEXT], to[TIME_TEXT], location[UUID_TEXT];
    g_autofree char *body = g_strdup_printf(
        "{\"kind\":\"fight\",\"from\":\"%s\",\"to\":\"%s\",\"location\":\"%s\",\"text\":\"x\"}",
        time_text(now_us - MINUTE_US, from), time_text(now_us, to),
        uuid_text(&house->location, location));
    return ask(house, officer, "POST /reports", "POST /api/v1/reports", body, 201);
}

static void change(House *house, const char *session, const Json *report, const char *body)
{
    g_autofree char *what = g_strconcat("PATCH /api/v1/reports/", text_of(report, "id"), NULL);
    json_decref(ask(house, session, "PATCH /reports/{id}", what, body, 200));
}

static Json *taken(House *house, const char *officer)
{
    Json *report = told(house, officer);
    change(house, officer, report, "{\"state\":\"taken\"}");
    return report;
}

static Json *case_from(House *house, const char *session, const Json *report)
{
    g_autofree char *body = g_strdup_printf("{\"reports\":[\"%s\"]}", text_of(report, "number"));
    return ask(house, session, "POST /cases", "POST /api/v1/cases", body, 201);
}

/* Which rose, by number, and who had it. */
typedef struct Risen {
    House *house;
    GString *numbers;
    Uuid by;
} Risen;

static void note_risen(void *data, const ReportRow *row, ReportNews news)
{
    Risen *risen = data;
    if (news != REPORT_NEWS_RISES)
        return;
    char number[REPORT_NUMBER_TEXT];
    g_string_append_printf(risen->numbers, "%s ", report_number(row->year, row->seq, number));
    risen->by = row->taken_by;
}

/* Looks, twice, so many minutes from now; what rose, borrowed until the next. */
static const char *risen_after(Risen *risen, int64_t minutes)
{
    int64_t mono_us = clock_mono_us(), wall_us = clock_wall_us();
    g_string_truncate(risen->numbers, 0);
    clock_test_set(mono_us + minutes * MINUTE_US, wall_us + minutes * MINUTE_US);
    report_desk_look(risen->house->reports);
    report_desk_look(risen->house->reports);
    clock_test_set(-1, -1);
    return risen->numbers->str;
}

static Risen listen_to(House *house)
{
    return (Risen){.house = house, .numbers = g_string_new("")};
}

static void what_was_taken_and_left_rises_once_by_who_has_it(void **state)
{
    House *house = *state;
    Account officer;
    Risen risen = listen_to(house);
    g_autoptr(GString) numbers = risen.numbers;
    report_desk_listen(house->reports, note_risen, &risen);
    g_autofree char *session = house_session(house, ROLE_OFFICER),
                    *commander = house_session(house, ROLE_COMMANDER);
    assert_true(people_account_named(house->people, "officer-1", &officer));
    g_autoptr(Json) left = taken(house, session), answered = taken(house, session);
    change(house, session, answered, "{\"answer\":\"Đã xong.\"}");
    g_autofree char *number = g_strdup_printf("%s ", text_of(left, "number"));
    assert_string_equal(risen_after(&risen, 14), "");
    assert_string_equal(risen_after(&risen, 16), number);
    assert_true(uuid_equal(&risen.by, &officer.id));
    assert_string_equal(risen_after(&risen, 60), "");
    /* Whoever takes it over has the same time. */
    int64_t mono_us = clock_mono_us(), wall_us = clock_wall_us();
    clock_test_set(mono_us + 20 * MINUTE_US, wall_us + 20 * MINUTE_US);
    change(house, commander, left, "{\"state\":\"taken\",\"from_colleague\":true}");
    clock_test_set(-1, -1);
    assert_string_equal(risen_after(&risen, 34), "");
    assert_string_equal(risen_after(&risen, 36), number);
}

static void what_rose_before_it_was_taken_rises_again_when_it_is_left(void **state)
{
    House *house = *state;
    Risen risen = listen_to(house);
    g_autoptr(GString) numbers = risen.numbers;
    report_desk_listen(house->reports, note_risen, &risen);
    g_autofree char *session = house_session(house, ROLE_OFFICER);
    g_autoptr(Json) report = told(house, session);
    g_autofree char *number = g_strdup_printf("%s ", text_of(report, "number"));
    assert_string_equal(risen_after(&risen, 16), number);
    int64_t mono_us = clock_mono_us(), wall_us = clock_wall_us();
    clock_test_set(mono_us + 17 * MINUTE_US, wall_us + 17 * MINUTE_US);
    change(house, session, report, "{\"state\":\"taken\"}");
    clock_test_set(-1, -1);
    assert_string_equal(risen_after(&risen, 30), "");
    assert_string_equal(risen_after(&risen, 33), number);
}

static void what_has_a_case_does_not_rise_nor_what_is_joined_with_it(void **state)
{
    House *house = *state;
    Risen risen = listen_to(house);
    g_autoptr(GString) numbers = risen.numbers;
    report_desk_listen(house->reports, note_risen, &risen);
    g_autofree char *session = house_session(house, ROLE_OFFICER);
    g_autoptr(Json) first = taken(house, session), second = taken(house, session);
    g_autofree char *join = g_strdup_printf("{\"join\":\"%s\"}", text_of(second, "number"));
    json_decref(case_from(house, session, first));
    change(house, session, first, join);
    assert_string_equal(risen_after(&risen, 16), "");
}

static void a_case_that_was_rejected_does_not_answer_its_report(void **state)
{
    House *house = *state;
    Risen risen = listen_to(house);
    g_autoptr(GString) numbers = risen.numbers;
    report_desk_listen(house->reports, note_risen, &risen);
    g_autofree char *session = house_session(house, ROLE_OFFICER);
    g_autoptr(Json) report = taken(house, session), of = case_from(house, session, report);
    g_autofree char *what = g_strconcat("PATCH /api/v1/cases/", text_of(of, "id"), NULL);
    g_autofree char *body =
        g_strdup_printf("{\"revision\":%d,\"state\":\"rejected\",\"reason\":\"Không có việc ấy\"}",
                        (int)json_integer_value(json_object_get(of, "revision")));
    json_decref(ask(house, session, "PATCH /cases/{id}", what, body, 200));
    g_autofree char *number = g_strdup_printf("%s ", text_of(report, "number"));
    assert_string_equal(risen_after(&risen, 16), number);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, house_open, house_close)
    const struct CMUnitTest tests[] = {
        TEST(what_was_taken_and_left_rises_once_by_who_has_it),
        TEST(what_rose_before_it_was_taken_rises_again_when_it_is_left),
        TEST(what_has_a_case_does_not_rise_nor_what_is_joined_with_it),
        TEST(a_case_that_was_rejected_does_not_answer_its_report),
    };
    return cmocka_run_group_tests(tests, read_document, drop_document);
}
