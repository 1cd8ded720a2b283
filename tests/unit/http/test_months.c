/* The figures of a month over the API: reports, cameras, looks; as JSON and as a table. */
#include "api_ask.h"
#include "audit_rows.h"
#include "base/clock.h"
#include "base/time_text.h"
#include "casework/month_figures.h"
#include "config/site_day.h"
#include "http/api/public_page.h"
#include "unit.h"

#include <string.h>

/* This month of the site, as in paths. Owned. */
static char *this_month(House *house)
{
    char *text = site_day_text(house->site, clock_now_us());
    text[7] = '\0';
    return text;
}

static Json *month_of(House *house, const char *session, const char *month, int status)
{
    g_autofree char *what = g_strconcat("GET /api/v1/months/", month, NULL);
    return ask(house, session, "GET /months/{month}", what, NULL, status);
}

static void tell(House *house, const char *session, const char *kind)
{
    char id[UUID_TEXT], at[TIME_TEXT];
    g_autofree char *body =
        g_strdup_printf("{\"kind\":\"%s\",\"location\":\"%s\",\"from\":\"%s\",\"to\":\"%s\"}", kind,
                        uuid_text(&house->location, id), time_text(clock_now_us(), at), at);
    json_decref(ask(house, session, "POST /reports", "POST /api/v1/reports", body, 201));
}

/* The count of `name` in a list of {`member`, count}; −1: it is not in it. */
static int64_t count_of(const Json *list, const char *member, const char *name)
{
    size_t index;
    Json *item;
    json_array_foreach(list, index,
                       item) if (strcmp(json_string_value(json_object_get(item, member)), name) ==
                                 0) return json_integer_value(json_object_get(item, "count"));
    return -1;
}

static void look(House *house, const char *action, const char *reason, const char *result)
{
    char camera[UUID_TEXT];
    AuditEntry entry = {.actor = uuid_new(),
                        .action = action,
                        .object = uuid_text(&house->camera, camera),
                        .reason = reason,
                        .result = result,
                        .from_us = 1,
                        .to_us = 2};
    audit_append(house->audit, &entry);
}

static void a_month_tells_its_reports_cameras_and_looks(void **state)
{
    House *house = *state;
    g_autofree char *officer = house_session(house, ROLE_OFFICER),
                    *commander = house_session(house, ROLE_COMMANDER), *now = this_month(house);
    tell(house, officer, "fight");
    tell(house, officer, "fight");
    tell(house, officer, "theft");
    look(house, "replay", "case VV-2026-0001", "ok");
    look(house, "replay-end", "case VV-2026-0001", "ok"); /* of the same look */
    look(house, "replay", "xem xe của nhà bên", "ok");
    look(house, "clip", "routine-check", "ok");
    look(house, "clip", "routine-check", "no-right");
    look(house, "package-make", "case VV-2026-0001", "ok");
    look(house, "household-ask", "VV-2026-0001", "ok");
    look(house, "household-ask", "VV-2026-0001", "no-right");
    look(house, "unmask-approve", "case VV-2026-0001", "ok");
    look(house, "unmask-approve", "case VV-2026-0001", "refused");
    look(house, "replay", "unmasked 0b0c0d0e-0000-4000-8000-000000000000; case VV-2026-0001", "ok");
    assert_true(audit_flush(house->audit, NULL));

    g_autoptr(Json) month = month_of(house, commander, now, 200);
    assert_false(json_boolean_value(json_object_get(month, "over")));
    const Json *reports = json_object_get(month, "reports");
    assert_int_equal(json_integer_value(json_object_get(reports, "told")), 3);
    assert_int_equal(count_of(json_object_get(reports, "kinds"), "kind", "fight"), 2);
    assert_int_equal(count_of(json_object_get(reports, "villages"), "village", HOUSE_VILLAGE), 3);
    const Json *looks = json_object_get(month, "looks");
    assert_int_equal(json_integer_value(json_object_get(looks, "replays")), 3);
    assert_int_equal(json_integer_value(json_object_get(looks, "packages")), 1);
    assert_int_equal(json_integer_value(json_object_get(looks, "unmasked")), 1);
    assert_int_equal(json_integer_value(json_object_get(looks, "requests")), 1);
    assert_int_equal(json_integer_value(json_object_get(looks, "copies")), 1);
    assert_int_equal(json_integer_value(json_object_get(looks, "refused")), 1);
    const Json *reasons = json_object_get(looks, "reasons");
    assert_int_equal(count_of(reasons, "reason", "case"), 3);
    assert_int_equal(count_of(reasons, "reason", "other"), 1);
    assert_int_equal(json_array_size(json_object_get(month, "earlier")), 0);
    assert_true(json_is_null(json_object_get(month, "year_before")));
    g_autofree char *all = json_line(month);
    assert_null(strstr(all, "xem xe"));
    assert_null(strstr(all, "VV-2026"));
}

/* "2026-11" and 12: "2025-11". Owned. */
static char *months_ago(const char *month, int count)
{
    int months =
        (int)(g_ascii_strtoll(month, NULL, 10) * 12 + g_ascii_strtoll(month + 5, NULL, 10) - 1) -
        count;
    return g_strdup_printf("%04d-%02d", months / 12, months % 12 + 1);
}

static bool tell_once(CatalogDb *db, void *data, GError **error)
{
    return reports_add(db, data, error);
}

static void a_month_is_put_beside_those_before_it_and_itself_a_year_ago(void **state)
{
    House *house = *state;
    int64_t from_us, to_us;
    g_autofree char *auditor = house_session(house, ROLE_AUDITOR), *now = this_month(house),
                    *year = months_ago(now, 12);
    assert_true(month_span(house->site, year, clock_now_us(), &from_us, &to_us, NULL));
    g_autoptr(ReportRow) row = report_row_new();
    row->id = uuid_new();
    row->year = 2000;
    g_free(row->kind);
    row->kind = g_strdup("fight");
    g_free(row->state);
    row->state = g_strdup("new");
    row->told_us = row->from_us = row->to_us = from_us + DAY_US;
    assert_true(catalog_write_wait(house->catalog, tell_once, row, NULL));
    g_autoptr(Json) month = month_of(house, auditor, now, 200);
    const Json *before = json_object_get(month, "year_before");
    assert_string_equal(json_string_value(json_object_get(before, "month")), year);
    assert_int_equal(json_integer_value(json_object_get(before, "told")), 1);
    const Json *cases = json_object_get(before, "cases");
    assert_int_equal(json_integer_value(json_object_get(cases, "opened")), 0);
}

static void who_may_not_see_figures_is_refused_and_no_month_is_said_to_be_none(void **state)
{
    House *house = *state;
    g_autofree char *head = house_session(house, ROLE_VILLAGE_HEAD),
                    *household = house_session(house, ROLE_HOUSEHOLD),
                    *auditor = house_session(house, ROLE_AUDITOR), *now = this_month(house);
    json_decref(month_of(house, head, now, 403));
    json_decref(month_of(house, household, now, 403));
    json_decref(month_of(house, NULL, now, 401));
    json_decref(month_of(house, auditor, now, 200));
    static const char *const none[] = {"2026-13", "2026-00", "2026-1", "now", "2999-01"};
    for (size_t i = 0; i < G_N_ELEMENTS(none); i++)
        json_decref(month_of(house, auditor, none[i], 400));
}

/* Returns owned. */
static char *table(House *house, const char *session, const char *month)
{
    g_autofree char *path = g_strdup_printf("/api/v1/months/%s/figures.csv", month);
    const ApiRequest request = {.method = API_GET,
                                .path = path,
                                .session = session,
                                .address = "10.0.0.9",
                                .device = "test"};
    g_auto(ApiResponse) answer = {0};
    api_dispatch(&house->api, &request, &answer);
    assert_int_equal(answer.status, 200);
    return g_strndup((const char *)answer.bytes->data, answer.bytes->size);
}

static void the_table_has_a_figure_a_line(void **state)
{
    House *house = *state;
    g_autofree char *officer = house_session(house, ROLE_OFFICER), *now = this_month(house);
    tell(house, officer, "fire");
    g_autofree char *text = table(house, officer, now);
    assert_non_null(strstr(text, "\r\n\"reports-of-kind\",\"fire\",1\r\n"));
    assert_non_null(strstr(text, "\r\n\"reports-of-village\",\"" HOUSE_VILLAGE "\",1\r\n"));
    assert_non_null(strstr(text, "\r\n\"camera-recorded-s\",\"Cổng chợ\","));
}

static void the_table_puts_before_each_camera_beside_after_it_for_who_may_see_reports(void **state)
{
    House *house = *state;
    g_autofree char *officer = house_session(house, ROLE_OFFICER), *now = this_month(house),
                    *auditor = house_session(house, ROLE_AUDITOR);
    tell(house, officer, "fire");
    g_autofree char *text = table(house, officer, now), *outside = table(house, auditor, now);
    assert_non_null(strstr(text, "\r\n\"camera-compared-days\",\"Cổng chợ\",0\r\n"));
    assert_non_null(strstr(text, "\r\n\"camera-before\",\"Cổng chợ\","));
    assert_non_null(strstr(text, "\r\n\"camera-after\",\"Cổng chợ\","));
    assert_non_null(strstr(outside, "\r\n\"camera-recorded-s\",\"Cổng chợ\","));
    assert_null(strstr(outside, "camera-before"));
}

static Json *public_page(House *house)
{
    return ask(house, NULL, "GET /public/page", "GET /api/v1/public/page", NULL, 200);
}

static void set_site(House *house, const char *body)
{
    g_autofree char *admin = house_session(house, ROLE_ADMIN);
    json_decref(ask(house, admin, "PATCH /site", "PATCH /api/v1/site", body, 200));
}

static void anyone_sees_how_often_and_why_footage_is_opened_and_no_camera(void **state)
{
    House *house = *state;
    char camera[UUID_TEXT];
    set_site(house, "{\"public_contact\":\"Công an xã, 0215 000 000\"}");
    look(house, "replay", "case VV-2026-0001", "ok");
    look(house, "replay", "xem xe của nhà bên", "ok");
    assert_true(audit_flush(house->audit, NULL));
    g_autoptr(Json) page = public_page(house);
    const Json *looks = json_object_get(page, "looks");
    assert_int_equal(json_integer_value(json_object_get(looks, "replays")), 2);
    assert_int_equal(count_of(json_object_get(looks, "reasons"), "reason", "case"), 1);
    const Json *place = json_array_get(json_object_get(page, "places"), 0);
    assert_string_equal(json_string_value(json_object_get(place, "name")), "Chợ");
    assert_int_equal(json_integer_value(json_object_get(place, "cameras")), 1);
    assert_string_equal(json_string_value(json_object_get(page, "contact")),
                        "Công an xã, 0215 000 000");
    g_autofree char *all = json_line(page);
    assert_null(strstr(all, "Cổng chợ")); /* the camera's name */
    assert_null(strstr(all, uuid_text(&house->camera, camera)));
    assert_null(strstr(all, "xem xe"));
    assert_null(strstr(all, "VV-2026"));
}

static void a_site_that_does_not_name_its_places_names_none(void **state)
{
    House *house = *state;
    set_site(house, "{\"public_locations\":\"none\"}");
    g_autoptr(Json) page = public_page(house);
    assert_null(json_object_get(page, "places"));
    assert_int_equal(json_integer_value(json_object_get(json_object_get(page, "cameras"), "count")),
                     1);
}

static int64_t told_in_public(House *house)
{
    g_autoptr(Json) page = public_page(house);
    return json_integer_value(json_object_get(json_object_get(page, "reports"), "told"));
}

static void however_many_ask_the_public_page_is_made_once_in_ten_minutes(void **state)
{
    House *house = *state;
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    assert_int_equal(told_in_public(house), 0);
    tell(house, officer, "fight");
    assert_int_equal(told_in_public(house), 0);
    clock_test_set(clock_mono_us() + PUBLIC_PAGE_KEEP_US, clock_now_us() + PUBLIC_PAGE_KEEP_US);
    int64_t told = told_in_public(house);
    clock_test_set(-1, -1);
    assert_int_equal(told, 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, house_open, house_close)
    const struct CMUnitTest tests[] = {
        TEST(a_month_tells_its_reports_cameras_and_looks),
        TEST(a_month_is_put_beside_those_before_it_and_itself_a_year_ago),
        TEST(who_may_not_see_figures_is_refused_and_no_month_is_said_to_be_none),
        TEST(the_table_has_a_figure_a_line),
        TEST(the_table_puts_before_each_camera_beside_after_it_for_who_may_see_reports),
        TEST(anyone_sees_how_often_and_why_footage_is_opened_and_no_camera),
        TEST(a_site_that_does_not_name_its_places_names_none),
        TEST(however_many_ask_the_public_page_is_made_once_in_ten_minutes),
    };
    return cmocka_run_group_tests(tests, read_document, drop_document);
}
