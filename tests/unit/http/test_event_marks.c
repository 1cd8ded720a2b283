/* What people think of events: set, taken back, found again, and in the audit log. */
#include "api_ask.h"
#include "audit_rows.h"
#include "base/clock.h"
#include "people/rights.h"
#include "unit.h"

#include <string.h>

#define T0 (INT64_C(1795000000) * SECOND_US)

static bool nothing(CatalogDb *db, void *data, GError **error)
{
    return true;
}

static Uuid begin(House *house, const Uuid *camera, EventKind kind, int64_t from_us)
{
    Uuid id = events_begin(house->events, camera, kind, from_us, "why");
    assert_true(catalog_write_wait(house->catalog, nothing, NULL, NULL));
    return id;
}

static Json *mark(House *house, const char *session, const Uuid *id, const char *body, int status)
{
    char text[UUID_TEXT];
    g_autofree char *what = g_strdup_printf("PATCH /api/v1/events/%s", uuid_text(id, text));
    return ask(house, session, "PATCH /events/{id}", what, body, status);
}

static size_t count(House *house, const char *session, const char *query)
{
    g_autofree char *what = g_strconcat("GET /api/v1/events", query, NULL);
    g_autoptr(Json) json = ask(house, session, "GET /events", what, NULL, 200);
    return json_array_size(json_object_get(json, "items"));
}

static AuditRow *newest_line(House *house)
{
    assert_true(audit_flush(house->audit, NULL));
    g_autoptr(GPtrArray) lines = audit_rows(house->audit, 1);
    return g_ptr_array_steal_index(lines, 0);
}

static void a_mark_says_who_set_it_and_can_be_taken_back(void **state)
{
    House *house = *state;
    char id_text[UUID_TEXT];
    g_autofree char *session = house_session(house, ROLE_OFFICER);
    Uuid id = begin(house, &house->camera, EVENT_MOTION, T0);
    g_autoptr(Json) real = mark(house, session, &id, "{\"mark\":\"real\"}", 200);
    assert_string_equal(text_of(real, "mark"), "real");
    assert_string_equal(text_of(json_object_get(real, "marked_by"), "name"), "officer-1");
    assert_string_not_equal(text_of(real, "marked"), "");
    g_autoptr(AuditRow) line = newest_line(house);
    assert_string_equal(line->action, "event-mark");
    assert_string_equal(line->object, uuid_text(&id, id_text));
    assert_string_equal(g_array_index(line->changes, AuditRowChange, 0).after, "real");
    g_autoptr(Json) none = mark(house, session, &id, "{\"mark\":null}", 200);
    assert_true(json_is_null(json_object_get(none, "mark")));
    g_autoptr(AuditRow) undone = newest_line(house);
    assert_string_equal(g_array_index(undone->changes, AuditRowChange, 0).before, "real");
    json_decref(mark(house, session, &id, "{\"mark\":\"maybe\"}", 400));
    json_decref(mark(house, session, &id, "{}", 400));
    json_decref(mark(house, session, &house->camera, "{\"mark\":\"seen\"}", 404));
}

static void an_event_that_ends_keeps_its_mark(void **state)
{
    House *house = *state;
    g_autofree char *session = house_session(house, ROLE_OFFICER);
    Uuid id = begin(house, &house->camera, EVENT_COVERED, T0);
    json_decref(mark(house, session, &id, "{\"mark\":\"seen\"}", 200));
    events_end(house->events, &id, T0 + MINUTE_US);
    assert_true(catalog_write_wait(house->catalog, nothing, NULL, NULL));
    assert_int_equal(count(house, session, "?mark=seen"), 1);
}

static void events_are_found_by_mark_kinds_and_place(void **state)
{
    House *house = *state;
    char place[UUID_TEXT];
    g_autofree char *session = house_session(house, ROLE_OFFICER);
    Uuid elsewhere = house_location(house, "Đập tràn", "");
    Uuid other = house_camera(house, "Đập", &elsewhere);
    Uuid moved = begin(house, &house->camera, EVENT_MOTION, T0);
    begin(house, &house->camera, EVENT_BLACK, T0 + SECOND_US);
    begin(house, &other, EVENT_COVERED, T0 + 2 * SECOND_US);
    json_decref(mark(house, session, &moved, "{\"mark\":\"false-alarm\"}", 200));
    assert_int_equal(count(house, session, "?mark=none"), 2);
    assert_int_equal(count(house, session, "?mark=false-alarm"), 1);
    assert_int_equal(count(house, session, "?mark=false-alarm&kind=black"), 0);
    assert_int_equal(count(house, session, "?kind=black,covered"), 2);
    assert_int_equal(count(house, session, "?kind=black,covered&mark=real"), 0);
    g_autofree char *there = g_strdup_printf("?location=%s", uuid_text(&elsewhere, place));
    g_autofree char *camera = g_strdup_printf("?mark=none&camera=%s", uuid_text(&other, place));
    assert_int_equal(count(house, session, there), 1);
    assert_int_equal(count(house, session, camera), 1);
    static const char *const wrong[] = {"mark=", "mark=maybe", "location=x", "kind=black,",
                                        "kind="};
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autofree char *what = g_strconcat("GET /api/v1/events?", wrong[i], NULL);
        fits(house, session, "GET /events", what, NULL, 400);
    }
}

static void many_are_seen_at_once_and_no_judgement_is_lost(void **state)
{
    House *house = *state;
    char one[UUID_TEXT], two[UUID_TEXT], none[UUID_TEXT];
    g_autofree char *session = house_session(house, ROLE_OFFICER);
    Uuid judged = begin(house, &house->camera, EVENT_MOTION, T0);
    Uuid fresh = begin(house, &house->camera, EVENT_MOTION, T0 + SECOND_US);
    json_decref(mark(house, session, &judged, "{\"mark\":\"real\"}", 200));
    g_autofree char *ids =
        g_strdup_printf("\"ids\":[\"%s\",\"%s\",\"%s\"]", uuid_text(&judged, one),
                        uuid_text(&fresh, two), uuid_text(&house->location, none));
    g_autofree char *seen = g_strdup_printf("{%s,\"seen\":true}", ids);
    g_autofree char *undo = g_strdup_printf("{%s,\"seen\":false}", ids);
    g_autoptr(Json) after = ask(house, session, "PATCH /events", "PATCH /api/v1/events", seen, 200);
    const Json *items = json_object_get(after, "items");
    assert_int_equal(json_array_size(items), 2);
    assert_string_equal(text_of(json_array_get(items, 0), "mark"), "real");
    assert_string_equal(text_of(json_array_get(items, 1), "mark"), "seen");
    fits(house, session, "PATCH /events", "PATCH /api/v1/events", undo, 200);
    assert_int_equal(count(house, session, "?mark=real"), 1);
    assert_int_equal(count(house, session, "?mark=none"), 1);
    static const char *const wrong[] = {"{\"ids\":[],\"seen\":true}",
                                        "{\"ids\":[\"x\"],\"seen\":true}", "{\"seen\":true}",
                                        "{\"ids\":[1]}"};
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++)
        fits(house, session, "PATCH /events", "PATCH /api/v1/events", wrong[i], 400);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, house_open, house_close)
    const struct CMUnitTest tests[] = {
        TEST(a_mark_says_who_set_it_and_can_be_taken_back),
        TEST(an_event_that_ends_keeps_its_mark),
        TEST(events_are_found_by_mark_kinds_and_place),
        TEST(many_are_seen_at_once_and_no_judgement_is_lost),
    };
    return cmocka_run_group_tests(tests, read_document, drop_document);
}
