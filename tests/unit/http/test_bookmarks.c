/* Bookmarks over the API: made, found by words with and without marks, shared or not, changed by
 * who may, and in the audit log without a word of the note. */
#include "api_ask.h"
#include "audit_rows.h"
#include "base/clock.h"
#include "unit.h"

#include <string.h>

static char *add(House *house, const char *session, const char *more, int status)
{
    char camera[UUID_TEXT];
    g_autofree char *body =
        g_strdup_printf("{\"camera\":\"%s\",%s}", uuid_text(&house->camera, camera), more);
    g_autoptr(Json) json =
        ask(house, session, "POST /bookmarks", "POST /api/v1/bookmarks", body, status);
    return g_strdup(json_string_value(json_object_get(json, "id")));
}

static size_t count(House *house, const char *session, const char *query)
{
    g_autofree char *what = g_strconcat("GET /api/v1/bookmarks", query, NULL);
    g_autoptr(Json) json = ask(house, session, "GET /bookmarks", what, NULL, 200);
    return json_array_size(json_object_get(json, "items"));
}

static void change(House *house, const char *session, const char *id, const char *body, int status)
{
    g_autofree char *what = g_strconcat("PATCH /api/v1/bookmarks/", id, NULL);
    fits(house, session, "PATCH /bookmarks/{id}", what, body, status);
}

static void drop(House *house, const char *session, const char *id, int status)
{
    g_autofree char *what = g_strconcat("DELETE /api/v1/bookmarks/", id, NULL);
    fits(house, session, "DELETE /bookmarks/{id}", what, NULL, status);
}

#define AT(minute) "\"from\":\"2026-11-24T07:" minute ":00Z\""

static void a_note_is_found_with_and_without_marks(void **state)
{
    House *house = *state;
    g_autofree char *session = house_session(house, ROLE_OFFICER);
    g_free(add(house, session, AT("30") ",\"note\":\"Xe máy ĐỎ rẽ vào đường Hoàng Diệu\"", 201));
    g_free(add(house, session, AT("40") ",\"note\":\"cho den\"", 201));
    assert_int_equal(count(house, session, "?q=xe%20may%20do"), 1);
    assert_int_equal(count(house, session, "?q=%C4%91%C6%B0%E1%BB%9Dng%20%C4%91%E1%BB%8F"), 1);
    assert_int_equal(count(house, session, "?q=CHO"), 1);
    assert_int_equal(count(house, session, "?q=ch%E1%BB%A3%20%C4%91en"), 1);
    assert_int_equal(count(house, session, "?q=xe%20tai"), 0);
    assert_int_equal(count(house, session, ""), 2);
    assert_int_equal(count(house, session, "?from=2026-11-24T07:35:00Z"), 1);
    assert_int_equal(count(house, session, "?to=2026-11-24T07:35:00Z"), 1);
    g_autoptr(Json) page =
        ask(house, session, "GET /bookmarks", "GET /api/v1/bookmarks?limit=1", NULL, 200);
    const char *next = json_string_value(json_object_get(page, "next"));
    g_autofree char *more = g_strconcat("?limit=1&cursor=", next, NULL);
    assert_int_equal(count(house, session, more), 1);
}

static void ones_own_is_nobody_elses_unless_it_is_shared(void **state)
{
    House *house = *state;
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    g_autofree char *commander = house_session(house, ROLE_COMMANDER);
    g_autofree char *admin = house_session(house, ROLE_ADMIN);
    g_autofree char *own = add(house, officer, AT("30") ",\"shared\":false", 201);
    g_autofree char *shared = add(house, officer, AT("31"), 201);
    assert_int_equal(count(house, officer, "?who=me"), 2);
    assert_int_equal(count(house, commander, ""), 1);
    assert_int_equal(count(house, commander, "?who=me"), 0);
    change(house, commander, own, "{\"note\":\"x\"}", 404);
    change(house, commander, shared, "{\"note\":\"x\"}", 403);
    drop(house, commander, shared, 403);
    drop(house, admin, own, 404);
    change(house, officer, own, "{\"shared\":true,\"note\":\"xem lại\"}", 200);
    assert_int_equal(count(house, commander, "?q=xem"), 1);
    drop(house, admin, shared, 204);
    drop(house, officer, own, 204);
    drop(house, officer, own, 404);
    assert_int_equal(count(house, officer, ""), 0);
}

static void what_makes_no_sense_is_refused(void **state)
{
    House *house = *state;
    g_autofree char *session = house_session(house, ROLE_OFFICER);
    static const char *const wrong[] = {
        "\"note\":\"x\"",
        "\"from\":\"noon\"",
        "\"from\":\"2126-11-24T07:30:00Z\"",
        AT("30") ",\"to\":\"2026-11-24T07:29:00Z\"",
        AT("30") ",\"to\":\"2026-11-25T07:31:00Z\"",
        AT("30") ",\"shared\":1",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++)
        g_free(add(house, session, wrong[i], 400));
    static const char *const queries[] = {"who=x", "camera=x", "cursor=1", "cursor=-", "from=x"};
    for (size_t i = 0; i < G_N_ELEMENTS(queries); i++) {
        g_autofree char *what = g_strconcat("GET /api/v1/bookmarks?", queries[i], NULL);
        fits(house, session, "GET /bookmarks", what, NULL, 400);
    }
    fits(house, session, "POST /bookmarks", "POST /api/v1/bookmarks",
         "{\"camera\":\"9d1c1f1e-0000-4000-8000-000000000001\"," AT("30") "}", 404);
}

static void the_audit_log_tells_of_it_without_the_note(void **state)
{
    House *house = *state;
    g_autofree char *session = house_session(house, ROLE_OFFICER);
    g_autofree char *id = add(house, session, AT("30") ",\"note\":\"ông ấy\"", 201);
    assert_true(audit_flush(house->audit, NULL));
    g_autoptr(GPtrArray) lines = audit_rows(house->audit, 1);
    const AuditRow *line = lines->pdata[0];
    assert_string_equal(line->action, "bookmark-add");
    assert_string_equal(line->object, id);
    bool camera = false, note = false;
    for (guint i = 0; i < line->changes->len; i++) {
        const AuditRowChange *one = &g_array_index(line->changes, AuditRowChange, i);
        camera |= strcmp(one->field, "camera") == 0;
        note |= strcmp(one->field, "note") == 0;
        assert_null(strstr(one->after, "ông"));
    }
    assert_true(camera && note);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, house_open, house_close)
    const struct CMUnitTest tests[] = {
        TEST(a_note_is_found_with_and_without_marks),
        TEST(ones_own_is_nobody_elses_unless_it_is_shared),
        TEST(what_makes_no_sense_is_refused),
        TEST(the_audit_log_tells_of_it_without_the_note),
    };
    return cmocka_run_group_tests(tests, read_document, drop_document);
}
