/* Traces over the API: begun from a picture, sightings marked, changed by who may, shared and not,
 * within the reach of whoever looks, within bounds, and in the audit log without a word. */
#include "api_ask.h"
#include "audit_rows.h"
#include "base/clock.h"
#include "base/time_text.h"
#include "casework/trace.h"
#include "unit.h"

#include <string.h>

#define AT(minute) "\"from\":\"2026-11-24T07:" minute ":00Z\""

static char *body_of(const Uuid *camera, const char *more)
{
    char id[UUID_TEXT];
    return g_strdup_printf("{\"camera\":\"%s\",%s}", uuid_text(camera, id), more);
}

/* The id of what an answer tells. */
static char *id_of(const Json *json)
{
    return g_strdup(json_string_value(json_object_get(json, "id")));
}

static char *begin(House *house, const char *session, const char *more, int status)
{
    g_autofree char *body = body_of(&house->camera, more);
    g_autoptr(Json) json = ask(house, session, "POST /traces", "POST /api/v1/traces", body, status);
    return id_of(json);
}

/* The id of the sighting that is the last in time. */
static char *mark(House *house, const char *session, const char *trace, const Uuid *camera,
                  const char *more, int status)
{
    g_autofree char *what = g_strdup_printf("POST /api/v1/traces/%s/sightings", trace);
    g_autofree char *body = body_of(camera, more);
    g_autoptr(Json) json = ask(house, session, "POST /traces/{id}/sightings", what, body, status);
    const Json *all = json_object_get(json, "sightings");
    size_t count = json_array_size(all);
    return count ? id_of(json_array_get(all, count - 1)) : NULL;
}

static Json *look(House *house, const char *session, const char *trace, int status)
{
    g_autofree char *what = g_strconcat("GET /api/v1/traces/", trace, NULL);
    return ask(house, session, "GET /traces/{id}", what, NULL, status);
}

static size_t sightings(House *house, const char *session, const char *trace)
{
    g_autoptr(Json) json = look(house, session, trace, 200);
    return json_array_size(json_object_get(json, "sightings"));
}

static size_t count(House *house, const char *session, const char *query)
{
    g_autofree char *what = g_strconcat("GET /api/v1/traces", query, NULL);
    g_autoptr(Json) json = ask(house, session, "GET /traces", what, NULL, 200);
    return json_array_size(json_object_get(json, "items"));
}

static void change(House *house, const char *session, const char *id, const char *body, int status)
{
    g_autofree char *what = g_strconcat("PATCH /api/v1/traces/", id, NULL);
    fits(house, session, "PATCH /traces/{id}", what, body, status);
}

static void drop(House *house, const char *session, const char *id, int status)
{
    g_autofree char *what = g_strconcat("DELETE /api/v1/traces/", id, NULL);
    fits(house, session, "DELETE /traces/{id}", what, NULL, status);
}

/* PATCH with a body, DELETE without. */
static void sighting(House *house, const char *session, const char *trace, const char *id,
                     const char *body, int status)
{
    const char *method = body ? "PATCH" : "DELETE";
    g_autofree char *pattern = g_strconcat(method, " /traces/{id}/sightings/{sighting}", NULL);
    g_autofree char *what = g_strdup_printf("%s /api/v1/traces/%s/sightings/%s", method, trace, id);
    fits(house, session, pattern, what, body, status);
}

#define SEEN "\"verdict\":\"seen\""
#define RED "\"name\":\"Xe máy đỏ\"," SEEN ","

static void a_chain_of_sightings_is_kept_in_its_order_in_time(void **state)
{
    House *house = *state;
    g_autofree char *session = house_session(house, ROLE_OFFICER);
    Uuid bridge = house_camera(house, "Cầu", &house->location);
    g_autofree char *id = begin(house, session, RED AT("30"), 201);
    g_free(mark(house, session, id, &bridge, SEEN "," AT("36"), 201));
    g_free(mark(house, session, id, &house->camera,
                "\"verdict\":\"not-seen\"," AT("31") ",\"to\":\"2026-11-24T07:34:00Z\"", 201));
    g_autoptr(Json) trace = look(house, session, id, 200);
    static const char *const verdicts[] = {"seen", "not-seen", "seen"};
    for (size_t i = 0; i < 3; i++) {
        const Json *one = json_array_get(json_object_get(trace, "sightings"), i);
        assert_string_equal(json_string_value(json_object_get(one, "verdict")), verdicts[i]);
        assert_int_equal(json_is_null(json_object_get(one, "to")), i != 1);
    }
    assert_false(json_boolean_value(json_object_get(trace, "shared")));
}

static void a_mark_is_changed_and_taken_back(void **state)
{
    House *house = *state;
    g_autofree char *session = house_session(house, ROLE_OFFICER);
    g_autofree char *id = begin(house, session, RED AT("30"), 201);
    g_autofree char *one =
        mark(house, session, id, &house->camera,
             "\"verdict\":\"unclear\"," AT("31") ",\"to\":\"2026-11-24T07:34:00Z\"", 201);
    sighting(house, session, id, one, "{\"verdict\":\"seen\",\"note\":\"rẽ trái\"}", 200);
    g_autoptr(Json) trace = look(house, session, id, 200);
    const Json *last = json_array_get(json_object_get(trace, "sightings"), 1);
    assert_true(json_is_null(json_object_get(last, "to"))); /* what was seen has one moment */
    assert_string_equal(json_string_value(json_object_get(last, "note")), "rẽ trái");
    sighting(house, session, id, one, NULL, 200);
    sighting(house, session, id, one, NULL, 404);
    assert_int_equal(sightings(house, session, id), 1);
}

static bool any_trace(void *data, TraceRow *row)
{
    (void)data;
    (void)row;
    return true;
}

/* What a colleague marks of the same camera while ours waits for the writer. */
static bool mark_meanwhile(CatalogDb *db, void *data, GError **error)
{
    House *house = data;
    TraceQuery query = {.limit = 1, .may = any_trace};
    g_usleep(200000); /* ours has looked at the trace by then */
    g_autoptr(GPtrArray) rows = traces_list(db, &query, error);
    if (!rows)
        return false;
    const TraceRow *trace = rows->pdata[0];
    SightingRow theirs = {.id = uuid_new(),
                          .camera = house->camera,
                          .verdict = (char *)"seen",
                          .note = (char *)"",
                          .who = uuid_new()};
    return sightings_put(db, &trace->id, &theirs, error);
}

static void the_answer_and_the_log_name_the_sighting_that_was_made_and_no_colleagues(void **state)
{
    House *house = *state;
    g_autofree char *session = house_session(house, ROLE_OFFICER);
    g_autofree char *id = begin(house, session, RED AT("30"), 201);
    g_autofree char *what = g_strdup_printf("POST /api/v1/traces/%s/sightings", id);
    g_autofree char *body = body_of(&house->camera, SEEN "," AT("33"));
    catalog_write(house->catalog, mark_meanwhile, house, NULL);
    g_autoptr(Json) trace = ask(house, session, "POST /traces/{id}/sightings", what, body, 201);
    const Json *all = json_object_get(trace, "sightings");
    assert_int_equal(json_array_size(all), 3); /* theirs is the first in time */
    g_autofree char *ours = id_of(json_array_get(all, 2));
    assert_string_equal(json_string_value(json_object_get(trace, "added")), ours);
    assert_true(audit_flush(house->audit, NULL));
    g_autoptr(GPtrArray) lines = audit_rows(house->audit, 3);
    static const char *const wanted[] = {"sighting-add", "sighting-add", "trace-add"};
    assert_int_equal(lines->len, 3);
    for (guint i = 0; i < lines->len; i++)
        assert_string_equal(((const AuditRow *)lines->pdata[i])->action, wanted[i]);
    const AuditRow *line = lines->pdata[0];
    assert_string_equal(g_array_index(line->changes, AuditRowChange, 0).after, ours);
}

static void traces_are_found_by_their_names_and_newest_first(void **state)
{
    House *house = *state;
    g_autofree char *session = house_session(house, ROLE_OFFICER);
    g_autofree char *red = begin(house, session, RED AT("30"), 201);
    g_autofree char *dog = begin(house, session, "\"name\":\"Chó lạc\"," SEEN "," AT("31"), 201);
    assert_int_equal(count(house, session, "?q=xe%20do"), 1);
    assert_int_equal(count(house, session, "?q=CHO"), 1);
    assert_int_equal(count(house, session, "?q=meo"), 0);
    change(house, session, red, "{\"name\":\"Xe đỏ mất ở chợ\"}", 200);
    g_autoptr(Json) page =
        ask(house, session, "GET /traces", "GET /api/v1/traces?limit=1", NULL, 200);
    g_autofree char *first = id_of(json_array_get(json_object_get(page, "items"), 0));
    assert_string_equal(first, red); /* changed last */
    g_autofree char *next =
        g_strconcat("?limit=1&cursor=", json_string_value(json_object_get(page, "next")), NULL);
    assert_int_equal(count(house, session, next), 1);
    drop(house, session, dog, 204);
    assert_int_equal(count(house, session, ""), 1);
}

static void ones_own_is_nobody_elses_until_it_is_shared(void **state)
{
    House *house = *state;
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    g_autofree char *commander = house_session(house, ROLE_COMMANDER);
    g_autofree char *admin = house_session(house, ROLE_ADMIN);
    g_autofree char *id = begin(house, officer, RED AT("30"), 201);
    json_decref(look(house, commander, id, 404));
    g_free(mark(house, commander, id, &house->camera, SEEN "," AT("33"), 404));
    drop(house, admin, id, 404);
    assert_int_equal(count(house, commander, ""), 0);
    change(house, officer, id, "{\"shared\":true}", 200);
    assert_int_equal(count(house, commander, ""), 1);
    assert_int_equal(count(house, commander, "?who=me"), 0);
    change(house, commander, id, "{\"name\":\"x\"}", 403);
    drop(house, commander, id, 403);
    /* A colleague goes on with it, and changes what is theirs. */
    g_autofree char *theirs = mark(house, commander, id, &house->camera, SEEN "," AT("33"), 201);
    g_autoptr(Json) trace = look(house, officer, id, 200);
    g_autofree char *first = id_of(json_array_get(json_object_get(trace, "sightings"), 0));
    sighting(house, commander, id, first, "{\"verdict\":\"unclear\"}", 403);
    sighting(house, commander, id, theirs, "{\"verdict\":\"unclear\"}", 200);
    sighting(house, officer, id, theirs, NULL, 200);
    drop(house, admin, id, 204);
    json_decref(look(house, officer, id, 404));
}

static void a_shared_trace_tells_nothing_of_cameras_out_of_reach(void **state)
{
    House *house = *state;
    Uuid own = house_camera(house, "Nhà dân", &house->location);
    house_give_away(house, &own);
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    g_autofree char *admin = house_session(house, ROLE_ADMIN);
    g_autofree char *body = body_of(&own, RED AT("30"));
    g_autoptr(Json) made = ask(house, admin, "POST /traces", "POST /api/v1/traces", body, 201);
    g_autofree char *id = id_of(made);
    change(house, admin, id, "{\"shared\":true}", 200);
    json_decref(look(house, officer, id, 404)); /* nothing in it is theirs */
    assert_int_equal(count(house, officer, ""), 0);
    g_free(mark(house, admin, id, &house->camera, SEEN "," AT("36"), 201));
    assert_int_equal(sightings(house, admin, id), 2);
    g_autoptr(Json) told = look(house, officer, id, 200);
    g_autofree char *line = json_line(told);
    char hidden[UUID_TEXT];
    assert_null(strstr(line, uuid_text(&own, hidden)));
    assert_int_equal(sightings(house, officer, id), 1);
    assert_int_equal(count(house, officer, ""), 1);
    /* Nor is one marked of them, changed or taken out. */
    g_autoptr(Json) all = look(house, admin, id, 200);
    g_autofree char *first = id_of(json_array_get(json_object_get(all, "sightings"), 0));
    sighting(house, officer, id, first, "{\"note\":\"x\"}", 404);
    sighting(house, officer, id, first, NULL, 404);
    g_free(mark(house, officer, id, &own, SEEN "," AT("36"), 404));
}

static void what_makes_no_sense_is_refused(void **state)
{
    House *house = *state;
    g_autofree char *session = house_session(house, ROLE_OFFICER);
    g_autofree char *long_name = g_strnfill(81, 'x'), *long_note = g_strnfill(301, 'x');
    g_autofree char *named = g_strdup_printf("\"name\":\"%s\"," SEEN "," AT("30"), long_name);
    g_autofree char *noted = g_strdup_printf(RED AT("30") ",\"note\":\"%s\"", long_note);
    const char *const wrong[] = {
        SEEN "," AT("30"),
        "\"name\":\"  \"," SEEN "," AT("30"),
        "\"name\":\"x\"," AT("30"),
        "\"name\":\"x\"," SEEN,
        "\"name\":\"x\",\"verdict\":\"maybe\"," AT("30"),
        "\"name\":\"x\",\"verdict\":7," AT("30"),
        "\"name\":[]," SEEN "," AT("30"),
        RED "\"from\":\"noon\"",
        RED "\"from\":\"2126-11-24T07:30:00Z\"",
        RED "\"from\":\"0001-01-01T00:00:00Z\"",
        "\"name\":\"x\",\"verdict\":\"unclear\"," AT("30") ",\"to\":\"2026-11-24T07:29:00Z\"",
        "\"name\":\"x\",\"verdict\":\"unclear\"," AT("30") ",\"to\":\"2026-11-25T07:31:00Z\"",
        RED AT("30") ",\"shared\":1",
        RED AT("30") ",\"who\":\"me\"",
        named,
        noted,
    };
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++)
        g_free(begin(house, session, wrong[i], 400));
    static const char *const queries[] = {"who=x", "cursor=1", "cursor=-", "limit=101", "limit=0"};
    for (size_t i = 0; i < G_N_ELEMENTS(queries); i++) {
        g_autofree char *what = g_strconcat("GET /api/v1/traces?", queries[i], NULL);
        fits(house, session, "GET /traces", what, NULL, 400);
    }
    json_decref(look(house, session, "x", 404));
    json_decref(look(house, session, "9d1c1f1e-0000-4000-8000-000000000001", 404));
    g_autofree char *id = begin(house, session, RED AT("30"), 201);
    sighting(house, session, id, "x", "{\"note\":\"x\"}", 404);
    Uuid none = uuid_new();
    g_free(mark(house, session, id, &none, SEEN "," AT("30"), 404));
}

static bool fill(CatalogDb *db, void *data, GError **error)
{
    TraceRow *row = data;
    SightingRow made = {.camera = row->id, .verdict = (char *)"seen", .note = (char *)""};
    Uuid first = row->id;
    for (int i = 1; i < TRACES_MOST; i++) {
        row->id = uuid_new();
        made.id = uuid_new();
        if (!traces_put(db, row, error) || !sightings_put(db, &first, &made, error))
            return false;
    }
    return true;
}

static void traces_and_sightings_have_a_bound(void **state)
{
    House *house = *state;
    g_autofree char *session = house_session(house, ROLE_OFFICER);
    g_autofree char *id = begin(house, session, RED AT("30"), 201);
    Identity who;
    assert_true(people_session(house->people, session, &who));
    TraceRow row = {.name = (char *)"x", .who = who.account};
    assert_true(uuid_parse(id, &row.id));
    assert_true(catalog_write_wait(house->catalog, fill, &row, NULL));
    g_free(begin(house, session, RED AT("30"), 400));
    g_free(mark(house, session, id, &house->camera, SEEN "," AT("33"), 400));
    drop(house, session, id, 204);
    g_autofree char *again = begin(house, session, RED AT("30"), 201);
    assert_int_equal(sightings(house, session, again), 1);
}

/* Four traces as long as they get: two fit into a page. */
static bool fill_long(CatalogDb *db, void *data, GError **error)
{
    TraceRow *row = data;
    const Uuid camera = row->id;
    for (int64_t i = 0; i < 4; i++) {
        row->id = uuid_new();
        row->changed_us = i + 1;
        if (!traces_put(db, row, error))
            return false;
        for (int n = 0; n < SIGHTINGS_MOST; n++) {
            SightingRow made = {.id = uuid_new(),
                                .camera = camera,
                                .verdict = (char *)"seen",
                                .note = (char *)"",
                                .who = row->who};
            if (!sightings_put(db, &row->id, &made, error))
                return false;
        }
    }
    return true;
}

static void a_page_of_long_traces_is_short_and_the_next_goes_on_behind_it(void **state)
{
    House *house = *state;
    g_autofree char *session = house_session(house, ROLE_OFFICER);
    Identity who;
    assert_true(people_session(house->people, session, &who));
    TraceRow row = {.name = (char *)"x", .who = who.account, .id = house->camera};
    assert_true(catalog_write_wait(house->catalog, fill_long, &row, NULL));
    g_autoptr(Json) page = ask(house, session, "GET /traces", "GET /api/v1/traces", NULL, 200);
    assert_int_equal(json_array_size(json_object_get(page, "items")), 2);
    g_autofree char *what = g_strconcat(
        "GET /api/v1/traces?cursor=", json_string_value(json_object_get(page, "next")), NULL);
    g_autoptr(Json) rest = ask(house, session, "GET /traces", what, NULL, 200);
    assert_int_equal(json_array_size(json_object_get(rest, "items")), 2);
    assert_true(json_is_null(json_object_get(rest, "next")));
}

static void who_else_saw_this_is_told_nearest_first_with_the_footage_there_is(void **state)
{
    House *house = *state;
    g_autofree char *session = house_session(house, ROLE_OFFICER);
    double latitude = 21.454, longitude = 103.15;
    LocationEdit at = {.name = "Cầu", .latitude = &latitude, .longitude = &longitude};
    Uuid bridge, nowhere = {{0}};
    assert_true(site_location_add(house->site, &at, &bridge, NULL));
    house_camera(house, "Không chỗ", &nowhere);
    Uuid far = house_camera(house, "Cầu", &bridge);
    Uuid near = house_camera(house, "Chợ sau", &house->location);
    char id[UUID_TEXT], now[TIME_TEXT], names[2][UUID_TEXT];
    int64_t now_us = clock_now_us();
    g_autofree char *what =
        g_strdup_printf("GET /api/v1/cameras/%s/arrivals?at=%s&by=walking",
                        uuid_text(&house->camera, id), time_text(now_us - MINUTE_US, now));
    g_autoptr(Json) page = ask(house, session, "GET /cameras/{id}/arrivals", what, NULL, 200);
    const Json *items = json_object_get(page, "items");
    assert_int_equal(json_array_size(items), 3);
    const char *wanted[] = {uuid_text(&near, names[0]), uuid_text(&far, names[1])};
    for (size_t i = 0; i < 2; i++)
        assert_string_equal(json_string_value(json_object_get(json_array_get(items, i), "camera")),
                            wanted[i]);
    const Json *last = json_array_get(items, 2), *second = json_array_get(items, 1);
    assert_true(json_is_null(json_object_get(last, "distance_m")));
    assert_true(json_real_value(json_object_get(second, "distance_m")) > 430);
    /* The market's other camera has nothing of the minute before it was added; at the bridge it is
     * not yet time. */
    assert_string_equal(json_string_value(json_object_get(json_array_get(items, 0), "footage")),
                        "none");
    assert_string_equal(json_string_value(json_object_get(second, "footage")), "not-yet");
}

static void who_else_saw_this_asks_for_a_moment_that_can_be(void **state)
{
    House *house = *state;
    g_autofree char *session = house_session(house, ROLE_OFFICER);
    char id[UUID_TEXT];
    static const char *const wrong[] = {"",
                                        "?at=noon",
                                        "?at=2126-11-24T07:30:00Z",
                                        "?at=0001-01-01T00:00:00Z",
                                        "?at=2026-11-24T07:30:00Z&by=flying",
                                        "?at=2026-11-24T07:30:00Z&way=up",
                                        "?at=2026-11-24T07:30:00Z&limit=0"};
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autofree char *what = g_strdup_printf("GET /api/v1/cameras/%s/arrivals%s",
                                                uuid_text(&house->camera, id), wrong[i]);
        fits(house, session, "GET /cameras/{id}/arrivals", what, NULL, 400);
    }
}

static void the_audit_log_tells_of_it_without_a_word(void **state)
{
    House *house = *state;
    g_autofree char *session = house_session(house, ROLE_OFFICER);
    g_autofree char *id = begin(house, session, RED AT("30") ",\"note\":\"ông ấy\"", 201);
    change(house, session, id, "{\"name\":\"Tìm ông ấy\",\"shared\":true}", 200);
    g_autofree char *one = mark(house, session, id, &house->camera, SEEN "," AT("33"), 201);
    sighting(house, session, id, one, "{\"note\":\"ông ấy\"}", 200);
    sighting(house, session, id, one, NULL, 200);
    drop(house, session, id, 204);
    assert_true(audit_flush(house->audit, NULL));
    static const char *const wanted[] = {"trace-remove", "sighting-remove", "sighting-edit",
                                         "sighting-add", "trace-edit",      "sighting-add",
                                         "trace-add"};
    g_autoptr(GPtrArray) lines = audit_rows(house->audit, 7);
    assert_int_equal(lines->len, 7);
    for (guint i = 0; i < lines->len; i++) {
        const AuditRow *line = lines->pdata[i];
        assert_string_equal(line->action, wanted[i]);
        assert_string_equal(line->object, id);
        assert_true(line->changes->len > 0);
        for (guint n = 0; n < line->changes->len; n++) {
            const AuditRowChange *field = &g_array_index(line->changes, AuditRowChange, n);
            assert_null(strstr(field->before, "ông"));
            assert_null(strstr(field->after, "ông"));
        }
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, house_open, house_close)
    const struct CMUnitTest tests[] = {
        TEST(a_chain_of_sightings_is_kept_in_its_order_in_time),
        TEST(a_mark_is_changed_and_taken_back),
        TEST(the_answer_and_the_log_name_the_sighting_that_was_made_and_no_colleagues),
        TEST(traces_are_found_by_their_names_and_newest_first),
        TEST(ones_own_is_nobody_elses_until_it_is_shared),
        TEST(a_shared_trace_tells_nothing_of_cameras_out_of_reach),
        TEST(what_makes_no_sense_is_refused),
        TEST(traces_and_sightings_have_a_bound),
        TEST(a_page_of_long_traces_is_short_and_the_next_goes_on_behind_it),
        TEST(who_else_saw_this_is_told_nearest_first_with_the_footage_there_is),
        TEST(who_else_saw_this_asks_for_a_moment_that_can_be),
        TEST(the_audit_log_tells_of_it_without_a_word),
    };
    return cmocka_run_group_tests(tests, read_document, drop_document);
}
