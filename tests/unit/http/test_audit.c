#include "audit_rows.h"
#include "base/clock.h"
#include "base/time_text.h"
#include "house.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>

/* The audit log as it was written, oldest first, once looks and the log itself are closed. */
static GPtrArray *closed_log(House *house)
{
    g_autofree char *folder = g_build_filename(house->folder, "ledger/audit", NULL);
    audit_close(house->audit);
    house->api.audit = house->audit = audit_open(folder, house->key, NULL);
    GPtrArray *rows = audit_rows(house->audit, 1000);
    assert_non_null(rows);
    for (guint i = 0; i < rows->len / 2; i++) {
        void *row = rows->pdata[i];
        rows->pdata[i] = rows->pdata[rows->len - 1 - i];
        rows->pdata[rows->len - 1 - i] = row;
    }
    return rows;
}

/* The first line of this action. */
static const AuditRow *line_of(const GPtrArray *rows, const char *action)
{
    for (guint i = 0; i < rows->len; i++)
        if (g_str_equal(((const AuditRow *)rows->pdata[i])->action, action))
            return rows->pdata[i];
    fail_msg("no line ‘%s’", action);
    return NULL;
}

static unsigned count_of(const GPtrArray *rows, const char *action)
{
    unsigned count = 0;
    for (guint i = 0; i < rows->len; i++)
        count += g_str_equal(((const AuditRow *)rows->pdata[i])->action, action);
    return count;
}

static void expect(House *house, const char *session, int status, const char *body,
                   const char *what)
{
    g_auto(ApiResponse) response = {0};
    house_ask(house, session, what, body, &response);
    if (response.status != status)
        fail_msg("%s: %d", what, response.status);
}

/* The first segment that a playlist of the last seconds names. Returns owned. */
static char *segment_of(House *house, const char *session, int64_t from_us)
{
    char camera[UUID_TEXT], from[TIME_TEXT], to[TIME_TEXT];
    uuid_text(&house->camera, camera);
    g_auto(ApiResponse) response = {0};
    g_autofree char *what =
        g_strdup_printf("GET /api/v1/cameras/%s/playlist.m3u8?from=%s&to=%s", camera,
                        time_text(from_us, from), time_text(from_us + 8 * SECOND_US, to));
    house_ask(house, session, what, NULL, &response);
    assert_int_equal(response.status, 200);
    g_autofree char *text = g_strndup((const char *)response.bytes->data, response.bytes->size);
    const char *name = strstr(text, "\nsegments/");
    assert_non_null(name);
    return g_strdup_printf("GET /api/v1/cameras/%s/%.*s", camera, (int)strcspn(name + 1, "\n"),
                           name + 1);
}

static void what_is_read_of_footage_is_one_look_with_its_span(void **state)
{
    House *house = *state;
    int64_t from_us = house_record(house, 12);
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    g_autofree char *segment = segment_of(house, officer, from_us);
    for (int half = 0; half < 2; half++) {
        g_auto(ApiResponse) response = {0};
        house_ask(house, officer, segment, NULL, &response);
        assert_int_equal(response.status, 200);
        size_t bytes = response.file->size / 2;
        g_autofree char *read = g_malloc(bytes);
        assert_true(response.file->read(response.file->data, half ? bytes : 0, read, bytes, NULL));
    }
    g_autoptr(GPtrArray) rows = closed_log(house);
    assert_int_equal(count_of(rows, "replay"), 1);
    const AuditRow *end = line_of(rows, "replay-end");
    assert_in_range(end->from_us, from_us - SECOND_US, from_us + SECOND_US);
    assert_in_range(end->to_us, from_us + 8 * SECOND_US, from_us + 13 * SECOND_US);
    const AuditRow *begin = line_of(rows, "replay");
    assert_int_equal(begin->from_us, end->from_us);
    assert_true(begin->to_us < end->to_us);
    assert_string_equal(begin->address, "127.0.0.1");
}

static void a_change_is_told_with_before_and_after_and_without_secrets(void **state)
{
    House *house = *state;
    char camera[UUID_TEXT];
    g_autofree char *admin = house_session(house, ROLE_ADMIN);
    g_autofree char *what =
        g_strdup_printf("PATCH /api/v1/cameras/%s", uuid_text(&house->camera, camera));
    expect(house, admin, 200,
           "{\"retention_days\":40,\"password\":\"quite-secret\",\"name\":\"Nhà ông Ba\"}", what);
    g_autoptr(GPtrArray) rows = closed_log(house);
    const AuditRow *edit = line_of(rows, "camera-edit");
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < edit->changes->len; i++) {
        const AuditRowChange *change = &g_array_index(edit->changes, AuditRowChange, i);
        g_string_append_printf(text, "%s:%s>%s ", change->field, change->before, change->after);
    }
    assert_string_equal(text->str, "name:> password:> retention_days:0>40 ");
}

static void a_change_that_fails_half_the_way_is_told_as_far_as_it_went(void **state)
{
    House *house = *state;
    char id[UUID_TEXT];
    Account account;
    g_autofree char *admin = house_session(house, ROLE_ADMIN);
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    assert_true(people_account_named(house->people, "officer-1", &account));
    g_autofree char *what = g_strdup_printf("PATCH /api/v1/users/%s", uuid_text(&account.id, id));
    expect(house, admin, 400, "{\"password\":\"short\"}", what);
    expect(house, admin, 400, "{\"role\":\"admin\",\"password\":\"short\"}", what);
    g_autoptr(GPtrArray) rows = closed_log(house);
    assert_int_equal(count_of(rows, "user-edit"), 1);
    const AuditRow *edit = line_of(rows, "user-edit");
    assert_int_equal(edit->changes->len, 1);
    assert_string_equal(g_array_index(edit->changes, AuditRowChange, 0).after, "admin");
}

static void what_is_refused_is_told_with_whom_it_concerns(void **state)
{
    House *house = *state;
    char camera[UUID_TEXT], id[UUID_TEXT];
    Account account;
    uuid_text(&house->camera, camera);
    g_autofree char *head = house_session(house, ROLE_VILLAGE_HEAD);
    g_autofree char *old =
        g_strdup_printf("GET /api/v1/cameras/%s/snapshot.jpg?at=2026-11-24T07:30:00Z", camera);
    expect(house, head, 403, NULL, old);
    expect(house, head, 403, NULL, "GET /api/v1/users");
    expect(house, NULL, 401, "{\"name\":\"village-head-1\",\"password\":\"wrong wrong\"}",
           "POST /api/v1/session");
    assert_true(people_account_named(house->people, "village-head-1", &account));
    uuid_text(&account.id, id);
    g_autoptr(GPtrArray) rows = closed_log(house);
    assert_string_equal(line_of(rows, "snapshot")->result, "no-right");
    assert_string_equal(line_of(rows, "snapshot")->object, camera);
    assert_string_equal(line_of(rows, "users")->result, "no-right");
    assert_string_equal(line_of(rows, "users")->actor, id);
    assert_string_equal(line_of(rows, "sign-in")->result, "refused");
    assert_string_equal(line_of(rows, "sign-in")->object, id);
}

static Json *asked(House *house, const char *session, const char *what, int status)
{
    g_auto(ApiResponse) response = {0};
    house_ask(house, session, what, NULL, &response);
    if (response.status != status)
        fail_msg("%s: %d", what, response.status);
    return json_incref(response.json);
}

static void who_reads_the_log_sees_names_and_is_told_in_it(void **state)
{
    House *house = *state;
    char camera[UUID_TEXT];
    g_autofree char *admin = house_session(house, ROLE_ADMIN);
    g_autofree char *auditor = house_session(house, ROLE_AUDITOR);
    uuid_text(&house->camera, camera);
    g_autofree char *patch = g_strdup_printf("PATCH /api/v1/cameras/%s", camera);
    expect(house, admin, 200, "{\"paused\":true}", patch);
    g_autofree char *what = g_strdup_printf("GET /api/v1/audit?camera=%s&kind=change", camera);
    g_autoptr(Json) list = asked(house, auditor, what, 200);
    const Json *line = json_array_get(json_object_get(list, "items"), 0);
    assert_string_equal(json_string_value(json_object_get(line, "actor_name")), "admin-1");
    assert_string_equal(json_string_value(json_object_get(line, "object_name")), "Cổng chợ");
    const Json *change = json_array_get(json_object_get(line, "changes"), 0);
    assert_string_equal(json_string_value(json_object_get(change, "after")), "true");
    assert_int_equal(json_array_size(json_object_get(list, "people")), 2);
    assert_int_equal(json_array_size(json_object_get(list, "cameras")), 1);
    g_autofree char *upper = g_ascii_strup(camera, -1);
    g_autofree char *same = g_strdup_printf("GET /api/v1/audit?camera=%s", upper);
    g_autoptr(Json) found = asked(house, auditor, same, 200);
    assert_int_equal(json_array_size(json_object_get(found, "items")), 1);
    json_decref(asked(house, auditor, "GET /api/v1/audit?kind=secrets", 400));
    json_decref(asked(house, auditor, "GET /api/v1/audit?actor=x", 400));
    json_decref(asked(house, auditor, "GET /api/v1/audit?refused=maybe", 400));
    g_autoptr(GPtrArray) rows = closed_log(house);
    assert_int_equal(count_of(rows, "audit-read"), 2);
}

static void the_table_quotes_what_a_spreadsheet_would_calculate(void **state)
{
    House *house = *state;
    g_autofree char *admin = house_session(house, ROLE_ADMIN);
    audit_append(house->audit, &(AuditEntry){.action = "clip",
                                             .device = "=HYPERLINK(\"http://x\")",
                                             .reason = "a \"b\", c"});
    g_auto(ApiResponse) response = {0};
    house_ask(house, admin, "GET /api/v1/audit.csv?kind=export", NULL, &response);
    assert_int_equal(response.status, 200);
    g_autofree char *text = g_strndup((const char *)response.bytes->data, response.bytes->size);
    assert_true(g_str_has_prefix(text, "\xef\xbb\xbf\"seq\",\"time\",\"local time\""));
    assert_non_null(strstr(text, ",\"'=HYPERLINK(\"\"http://x\"\")\","));
    assert_non_null(strstr(text, ",\"a \"\"b\"\", c\","));
    g_auto(GStrv) lines = g_strsplit(text, "\r\n", -1);
    assert_int_equal(g_strv_length(lines), 3); /* head, line, and nothing behind the last */
}

static void a_table_of_many_pages_has_each_line_once(void **state)
{
    House *house = *state;
    g_autofree char *admin = house_session(house, ROLE_ADMIN);
    for (int i = 0; i < 2500; i++)
        audit_append(house->audit, &(AuditEntry){.action = "clip", .result = "ok"});
    assert_true(audit_flush(house->audit, NULL));
    g_auto(ApiResponse) response = {0};
    house_ask(house, admin, "GET /api/v1/audit.csv?kind=export", NULL, &response);
    g_autofree char *text = g_strndup((const char *)response.bytes->data, response.bytes->size);
    g_auto(GStrv) lines = g_strsplit(text, "\r\n", -1);
    assert_int_equal(g_strv_length(lines), 1 + 2500 + 1);
    int newest = atoi(lines[1] + 1);
    for (int i = 0; i < 2500; i++)
        assert_int_equal(atoi(lines[1 + i] + 1), newest - i);
}

static void an_evidence_package_stands_in_the_log_with_its_reason_before_it_is_made(void **state)
{
    House *house = *state;
    const char *package = "11111111-2222-4333-8444-555555555555";
    g_autofree char *admin = house_session(house, ROLE_ADMIN);
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    char camera[UUID_TEXT];
    uuid_text(&house->camera, camera);
    const struct {
        const char *package, *camera, *to, *reason;
        int status;
    } asked[] = {
        {package, camera, "2026-11-01T01:00:00Z", "scuffle at the gate", 201},
        {"1", camera, "2026-11-01T01:00:00Z", "scuffle at the gate", 400},
        {package, camera, "2026-11-01T01:00:00Z", " a ", 400},
        {package, camera, "2026-10-31T23:00:00Z", "scuffle at the gate", 400},
        {package, camera, "2096-11-01T01:00:00Z", "scuffle at the gate", 400},
        {package, package, "2026-11-01T01:00:00Z", "scuffle at the gate", 404},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(asked); i++) {
        g_autofree char *body = g_strdup_printf(
            "{\"package\":\"%s\",\"cameras\":[\"%s\"],\"from\":\"2026-11-01T00:00:00Z\","
            "\"to\":\"%s\",\"reason\":\"%s\"}",
            asked[i].package, asked[i].camera, asked[i].to, asked[i].reason);
        expect(house, officer, 403, body, "POST /api/v1/evidence");
        expect(house, admin, asked[i].status, body, "POST /api/v1/evidence");
    }
    g_autoptr(GPtrArray) rows = closed_log(house);
    const AuditRow *noted = line_of(rows, "evidence"), *footage = line_of(rows, "evidence-camera");
    assert_string_equal(noted->object, package);
    assert_string_equal(noted->reason, "scuffle at the gate");
    assert_string_equal(footage->object, camera);
    assert_int_equal(footage->to_us - footage->from_us, HOUR_US);
    assert_int_equal(count_of(rows, "evidence-camera"), 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, house_open, house_close)
    const struct CMUnitTest tests[] = {
        TEST(what_is_read_of_footage_is_one_look_with_its_span),
        TEST(a_change_is_told_with_before_and_after_and_without_secrets),
        TEST(a_change_that_fails_half_the_way_is_told_as_far_as_it_went),
        TEST(who_reads_the_log_sees_names_and_is_told_in_it),
        TEST(the_table_quotes_what_a_spreadsheet_would_calculate),
        TEST(a_table_of_many_pages_has_each_line_once),
        TEST(what_is_refused_is_told_with_whom_it_concerns),
        TEST(an_evidence_package_stands_in_the_log_with_its_reason_before_it_is_made),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
