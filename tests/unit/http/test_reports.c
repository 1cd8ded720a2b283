/* Reports over the API: told, seen, taken, answered, joined, followed, and the footage that is held
 * in the same moment. Each answer fits openapi.yaml. */
#include "api_ask.h"
#include "archive/known_volumes.h"
#include "audit_rows.h"
#include "base/clock.h"
#include "base/time_text.h"
#include "catalog/segments.h"
#include "unit.h"

#include <string.h>

/* ---- asking ---- */

/* A body with a span of the last ten minutes. Owned. */
static char *body_with(const char *more)
{
    char from[TIME_TEXT], to[TIME_TEXT];
    int64_t now_us = clock_now_us();
    time_text(now_us - 10 * MINUTE_US, from);
    return g_strdup_printf("{\"kind\":\"fight\",\"from\":\"%s\",\"to\":\"%s\"%s}", from,
                           time_text(now_us, to), more);
}

static char *at_location(const Uuid *location, const char *more)
{
    char id[UUID_TEXT];
    g_autofree char *members = g_strdup_printf(",\"location\":\"%s\",\"text\":\"Đánh nhau\"%s",
                                               uuid_text(location, id), more);
    return body_with(members);
}

static Json *tell(House *house, const char *session, const char *body)
{
    return ask(house, session, "POST /reports", "POST /api/v1/reports", body, 201);
}

static Json *send_public(House *house, const char *body)
{
    return ask(house, NULL, "POST /public/reports", "POST /api/v1/public/reports", body, 201);
}

static Json *get(House *house, const char *session, const char *id, int status)
{
    g_autofree char *what = g_strconcat("GET /api/v1/reports/", id, NULL);
    return ask(house, session, "GET /reports/{id}", what, NULL, status);
}

static Json *change(House *house, const char *session, const char *id, const char *body, int status)
{
    g_autofree char *what = g_strconcat("PATCH /api/v1/reports/", id, NULL);
    return ask(house, session, "PATCH /reports/{id}", what, body, status);
}

static size_t listed(House *house, const char *session, const char *query)
{
    g_autofree char *what = g_strconcat("GET /api/v1/reports", query, NULL);
    g_autoptr(Json) page = ask(house, session, "GET /reports", what, NULL, 200);
    return json_array_size(json_object_get(page, "items"));
}

/* What a resident reads. Owned; NULL: 404. */
static Json *follow(House *house, const char *number, const char *secret)
{
    g_autofree char *path = g_strconcat("/api/v1/public/reports/", number, NULL);
    const ApiRequest request = {.method = API_GET,
                                .path = path,
                                .report_secret = secret,
                                .address = "10.0.0.9",
                                .device = "test"};
    g_auto(ApiResponse) answer = {0};
    api_dispatch(&house->api, &request, &answer);
    assert_true(answer.status == 200 || answer.status == 404);
    return answer.status == 200 ? json_incref(answer.json) : NULL;
}

/* The id of the newest report, as the commander sees it. Owned. */
static char *newest(House *house)
{
    g_autofree char *commander = house_session(house, ROLE_COMMANDER);
    g_autoptr(Json) page = ask(house, commander, "GET /reports", "GET /api/v1/reports", NULL, 200);
    return g_strdup(text_of(json_array_get(json_object_get(page, "items"), 0), "id"));
}

/* ---- the tests ---- */

static void a_residents_report_is_held_answered_and_followed_by_its_secret(void **state)
{
    House *house = *state;
    g_autofree char *body = at_location(&house->location, "");
    g_autoptr(Json) sent = send_public(house, body);
    const char *number = text_of(sent, "number"), *secret = text_of(sent, "secret");
    assert_true(strlen(secret) >= 22);
    g_autofree char *id = newest(house), *officer = house_session(house, ROLE_OFFICER);
    g_autoptr(Json) report = get(house, officer, id, 200);
    char camera[UUID_TEXT];
    const Json *holds = json_object_get(report, "holds");
    assert_int_equal(json_array_size(holds), 1);
    assert_string_equal(text_of(json_array_get(holds, 0), "camera"),
                        uuid_text(&house->camera, camera));
    assert_false(json_boolean_value(json_object_get(report, "hold_waits")));
    archive_retain_now(house->archive);
    assert_int_equal(archive_figures(house->archive).holds, 1);

    g_autoptr(Json) fresh = follow(house, number, secret);
    assert_string_equal(text_of(fresh, "state"), "new");
    json_decref(change(house, officer, id, "{\"state\":\"taken\"}", 200));
    json_decref(change(house, officer, id, "{\"answer\":\"Đã hòa giải, cảm ơn bà con.\"}", 200));
    g_autoptr(Json) after = follow(house, number, secret);
    assert_string_equal(text_of(after, "state"), "answered");
    assert_string_equal(text_of(after, "answer"), "Đã hòa giải, cảm ơn bà con.");
    assert_int_equal(json_object_size(after), 5);
    static const char *const wrong[] = {"", "AAAAAAAAAAAAAAAAAAAAAA"};
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++)
        assert_null(follow(house, number, wrong[i]));
    assert_null(follow(house, "2026-999999", secret));
}

static void a_households_camera_is_not_held_for_what_people_tell(void **state)
{
    House *house = *state;
    house_give_away(house, &house->camera);
    g_autofree char *body = at_location(&house->location, "");
    json_decref(send_public(house, body));
    archive_retain_now(house->archive);
    assert_int_equal(archive_figures(house->archive).holds, 0);
}

static void nothing_of_cameras_or_their_places_is_told_without_an_account(void **state)
{
    House *house = *state;
    char camera[UUID_TEXT];
    g_autoptr(Json) form =
        ask(house, NULL, "GET /public/report-form", "GET /api/v1/public/report-form", NULL, 200);
    g_autofree char *text = json_line(form);
    assert_non_null(strstr(text, "Chợ"));
    assert_null(strstr(text, uuid_text(&house->camera, camera)));
    assert_null(strstr(text, "Cổng chợ"));
    assert_null(strstr(text, "21.45"));
}

/* A poster's code brings its own location all the same, and a report of it is taken. */
static void where_the_site_names_no_locations_the_form_names_that_of_the_poster_alone(void **state)
{
    House *house = *state;
    char poster[UUID_TEXT];
    g_autofree char *admin = house_session(house, ROLE_ADMIN),
                    *of_poster = g_strconcat("GET /api/v1/public/report-form?location=",
                                             uuid_text(&house->location, poster), NULL),
                    *body = at_location(&house->location, "");
    house_location(house, "Nhà văn hóa", HOUSE_VILLAGE);
    g_autoptr(Json) all = ask(house, NULL, "GET /public/report-form", of_poster, NULL, 200);
    assert_int_equal(json_array_size(json_object_get(all, "locations")), 2);
    json_decref(ask(house, admin, "PATCH /site", "PATCH /api/v1/site",
                    "{\"public_locations\":\"none\"}", 200));
    g_autoptr(Json) none =
        ask(house, NULL, "GET /public/report-form", "GET /api/v1/public/report-form", NULL, 200);
    assert_int_equal(json_array_size(json_object_get(none, "locations")), 0);
    g_autoptr(Json) one = ask(house, NULL, "GET /public/report-form", of_poster, NULL, 200);
    const Json *named = json_object_get(one, "locations");
    assert_int_equal(json_array_size(named), 1);
    assert_string_equal(text_of(json_array_get(named, 0), "id"), poster);
    json_decref(send_public(house, body));
}

static void who_told_it_is_seen_by_the_commander_and_whoever_has_it(void **state)
{
    House *house = *state;
    g_autofree char *body =
        at_location(&house->location, ",\"vneid\":\"ND-77\",\"reporter\":"
                                      "{\"name\":\"Lò Thị B\",\"phone\":\"0912\"}");
    json_decref(send_public(house, body));
    g_autofree char *id = newest(house), *officer = house_session(house, ROLE_OFFICER),
                    *commander = house_session(house, ROLE_COMMANDER),
                    *admin = house_session(house, ROLE_ADMIN),
                    *head = house_session(house, ROLE_VILLAGE_HEAD);
    const char *const blind[] = {officer, admin, head};
    for (size_t i = 0; i < G_N_ELEMENTS(blind); i++) {
        g_autoptr(Json) report = get(house, blind[i], id, 200);
        g_autofree char *line = json_line(report);
        assert_null(json_object_get(report, "reporter"));
        assert_null(strstr(line, "ND-77"));
    }
    g_autoptr(Json) seen = get(house, commander, id, 200);
    assert_string_equal(text_of(json_object_get(seen, "reporter"), "name"), "Lò Thị B");
    assert_string_equal(text_of(json_object_get(seen, "reporter"), "vneid"), "ND-77");
    json_decref(change(house, officer, id, "{\"state\":\"taken\"}", 200));
    g_autoptr(Json) own = get(house, officer, id, 200);
    assert_string_equal(text_of(json_object_get(own, "reporter"), "phone"), "0912");
    g_autoptr(Json) page = ask(house, commander, "GET /reports", "GET /api/v1/reports", NULL, 200);
    g_autofree char *list = json_line(page);
    assert_null(strstr(list, "Lò Thị B"));
    assert_null(strstr(list, "ND-77"));
    assert_true(audit_flush(house->audit, NULL));
    g_autoptr(GPtrArray) rows = audit_rows(house->audit, 100);
    unsigned looks = 0;
    for (guint i = 0; i < rows->len; i++) {
        const AuditRow *row = rows->pdata[i];
        looks += strcmp(row->action, "report-person") == 0;
        for (guint n = 0; n < row->changes->len; n++) {
            const AuditRowChange *one = &g_array_index(row->changes, AuditRowChange, n);
            assert_null(strstr(one->after, "Lò"));
        }
    }
    assert_int_equal(looks, 2);
}

static void what_one_has_taken_another_takes_only_by_saying_so(void **state)
{
    House *house = *state;
    g_autofree char *officer = house_session(house, ROLE_OFFICER),
                    *commander = house_session(house, ROLE_COMMANDER);
    g_autofree char *body = at_location(&house->location, "");
    g_autoptr(Json) told = tell(house, officer, body);
    const char *id = text_of(told, "id");
    assert_string_equal(text_of(told, "by"), "officer-1");
    json_decref(change(house, officer, id, "{\"state\":\"taken\"}", 200));
    json_decref(change(house, officer, id, "{\"state\":\"taken\"}", 200));
    g_autoptr(Json) refused = change(house, commander, id, "{\"state\":\"taken\"}", 409);
    assert_string_equal(text_of(refused, "cause_code"), "report-taken");
    assert_non_null(strstr(text_of(refused, "detail"), "officer-1"));
    g_autoptr(Json) taken =
        change(house, commander, id, "{\"state\":\"taken\",\"from_colleague\":true}", 200);
    assert_string_equal(text_of(taken, "taken_by"), "commander-1");
    static const char *const nonsense[] = {"{\"state\":\"new\"}",       "{\"state\":\"answered\"}",
                                           "{\"answer\":\"\"}",         "{\"kind\":\"quarrel\"}",
                                           "{\"join\":\"12\"}",         "{\"colour\":1}",
                                           "{\"location\":\"nowhere\"}"};
    for (size_t i = 0; i < G_N_ELEMENTS(nonsense); i++)
        json_decref(change(house, commander, id, nonsense[i], 400));
    json_decref(change(house, commander, id, "{\"join\":\"2026-999999\"}", 404));
}

static void reports_of_one_thing_are_joined_and_answered_together(void **state)
{
    House *house = *state;
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    g_autofree char *body = at_location(&house->location, "");
    g_autoptr(Json) first = send_public(house, body);
    g_autofree char *first_id = newest(house);
    g_autoptr(Json) second = send_public(house, body);
    g_autofree char *second_id = newest(house);
    g_autofree char *join = g_strdup_printf("{\"join\":\"%s\"}", text_of(first, "number"));
    json_decref(change(house, officer, first_id, join, 400)); /* to itself */
    g_autoptr(Json) joined = change(house, officer, second_id, join, 200);
    assert_string_equal(text_of(joined, "joined_to"), text_of(first, "number"));
    assert_int_equal(listed(house, officer, "?state=new,taken"), 1);
    assert_int_equal(listed(house, officer, "?state=joined&kind=fight"), 1);
    json_decref(change(house, officer, first_id, "{\"answer\":\"Đã xong.\"}", 200));
    g_autoptr(Json) followed = follow(house, text_of(second, "number"), text_of(second, "secret"));
    assert_string_equal(text_of(followed, "state"), "answered");
    assert_string_equal(text_of(followed, "answer"), "Đã xong.");
    assert_string_equal(text_of(followed, "number"), text_of(second, "number"));
}

static void what_is_joined_to_a_joined_report_is_answered_with_it_too(void **state)
{
    House *house = *state;
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    g_autofree char *body = at_location(&house->location, "");
    g_autoptr(Json) first = send_public(house, body);
    g_autofree char *first_id = newest(house);
    g_autoptr(Json) second = send_public(house, body);
    g_autofree char *second_id = newest(house);
    g_autoptr(Json) third = send_public(house, body);
    g_autofree char *third_id = newest(house);
    g_autofree char *to_second = g_strdup_printf("{\"join\":\"%s\"}", text_of(second, "number")),
                    *to_third = g_strdup_printf("{\"join\":\"%s\"}", text_of(third, "number"));
    json_decref(change(house, officer, first_id, to_second, 200));
    json_decref(change(house, officer, second_id, to_third, 200));
    json_decref(change(house, officer, third_id, "{\"answer\":\"Đã xong.\"}", 200));
    const Json *told[] = {first, second, third};
    for (size_t i = 0; i < G_N_ELEMENTS(told); i++) {
        g_autoptr(Json) followed =
            follow(house, text_of(told[i], "number"), text_of(told[i], "secret"));
        assert_string_equal(text_of(followed, "state"), "answered");
        assert_string_equal(text_of(followed, "answer"), "Đã xong.");
    }
}

static void a_village_head_sees_the_own_village_and_what_he_told(void **state)
{
    House *house = *state;
    Uuid far = house_location(house, "Cầu", "Bản Bua");
    g_autofree char *head = house_session(house, ROLE_VILLAGE_HEAD),
                    *officer = house_session(house, ROLE_OFFICER);
    g_autofree char *here = at_location(&house->location, ""), *there = at_location(&far, ""),
                    *words = body_with(",\"where\":\"Bờ suối\"");
    json_decref(tell(house, officer, here));
    g_autoptr(Json) foreign = tell(house, officer, there);
    assert_int_equal(listed(house, head, ""), 1);
    json_decref(get(house, head, text_of(foreign, "id"), 404));
    g_autoptr(Json) own = tell(house, head, words);
    assert_string_equal(text_of(own, "source"), "village-head");
    assert_true(json_boolean_value(json_object_get(own, "hold_waits"))); /* nobody knows where */
    assert_int_equal(listed(house, head, ""), 2);
    json_decref(ask(house, head, "POST /reports", "POST /api/v1/reports", there, 400));
    g_autoptr(Json) refused = change(house, head, text_of(own, "id"), "{\"state\":\"taken\"}", 403);
    assert_string_equal(text_of(refused, "cause_code"), "no-right");
}

static void what_waits_is_held_when_an_officer_says_where_it_was(void **state)
{
    House *house = *state;
    char id[UUID_TEXT];
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    g_autofree char *words = body_with(",\"where\":\"gần chợ\",\"text\":\"x\"");
    json_decref(send_public(house, words));
    g_autofree char *report = newest(house);
    g_autofree char *edit =
        g_strdup_printf("{\"location\":\"%s\",\"hold\":true}", uuid_text(&house->location, id));
    g_autoptr(Json) held = change(house, officer, report, edit, 200);
    assert_false(json_boolean_value(json_object_get(held, "hold_waits")));
    assert_int_equal(json_array_size(json_object_get(held, "holds")), 1);
    g_autoptr(Json) again = get(house, officer, report, 200);
    assert_int_equal(json_array_size(json_object_get(again, "holds")), 1);
}

static bool put_segment(CatalogDb *db, void *data, GError **error)
{
    return segments_put(db, data, error);
}

/* By what the catalog says, footage of the last minutes fills a third of its volume. */
static void fill_third(House *house)
{
    ArchiveVolume volume;
    int64_t now_us = clock_now_us();
    SegmentRow row = {.camera = house->camera,
                      .file = (char *)"2026-11-23/100100.000Z-main.mp4",
                      .state = SEGMENT_SEALED,
                      .from_us = now_us - 2 * MINUTE_US,
                      .to_us = now_us - MINUTE_US};
    house_record(house, 4);
    assert_int_equal(archive_volumes(house->archive, &volume, 1), 1);
    for (int i = 0; i < 1500 && uuid_is_nil(&row.volume); i++) { /* known when that is synced */
        g_usleep(10000);
        assert_true(known_volume_find(house->folder, volume.path, &row.volume, NULL));
    }
    assert_false(uuid_is_nil(&row.volume));
    row.bytes = volume.total_bytes / 3;
    assert_true(catalog_write_wait(house->catalog, put_segment, &row, NULL));
}

/* A village head names any place on the map, for any of 30 days, six times a minute. */
static void what_accounts_tell_holds_no_more_than_a_fifth_of_a_volume_before_an_officer_asks(
    void **state)
{
    House *house = *state;
    fill_third(house);
    g_autofree char *head = house_session(house, ROLE_VILLAGE_HEAD),
                    *officer = house_session(house, ROLE_OFFICER);
    g_autofree char *body = at_location(&house->location, "");
    g_autoptr(Json) told = tell(house, head, body);
    assert_true(json_boolean_value(json_object_get(told, "hold_waits")));
    assert_int_equal(json_array_size(json_object_get(told, "holds")), 0);
    g_autoptr(Json) held = change(house, officer, text_of(told, "id"), "{\"hold\":true}", 200);
    assert_false(json_boolean_value(json_object_get(held, "hold_waits")));
    assert_int_equal(json_array_size(json_object_get(held, "holds")), 1);
}

static void the_same_report_sent_twice_is_one(void **state)
{
    House *house = *state;
    g_autofree char *body =
        at_location(&house->location, ",\"key\":\"5d6a3a4e-0f1c-4b7e-9a55-0c2f9f4f3b11\"");
    g_autoptr(Json) first = send_public(house, body), second = send_public(house, body);
    assert_string_equal(text_of(first, "number"), text_of(second, "number"));
    assert_null(follow(house, text_of(first, "number"), text_of(first, "secret")));
    g_autoptr(Json) followed = follow(house, text_of(second, "number"), text_of(second, "secret"));
    assert_non_null(followed);
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    assert_int_equal(listed(house, officer, ""), 1);
    json_decref(ask(house, officer, "POST /reports", "POST /api/v1/reports", body, 409));
}

static void a_flood_is_told_to_wait_and_leaves_what_there_is(void **state)
{
    House *house = *state;
    unsigned taken = 0, waits = 0;
    g_autofree char *body = at_location(&house->location, "");
    for (int i = 0; i < 200; i++) {
        g_auto(ApiResponse) answer = {0};
        house_ask(house, NULL, "POST /api/v1/public/reports", body, &answer);
        taken += answer.status == 201;
        waits += answer.status == 429 && strcmp(answer.headers[0].name, "retry-after") == 0;
    }
    assert_int_equal(taken + waits, 200);
    assert_in_range(taken, 120, 125);
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    assert_int_equal(listed(house, officer, "?limit=200"), taken);
}

static void cameras_near_the_place_are_held_and_no_others(void **state)
{
    House *house = *state;
    Uuid far = house_location(house, "Đập", "Bản Bua");
    double latitude = 21.50, longitude = 103.20;
    LocationEdit edit = {.latitude = &latitude, .longitude = &longitude};
    assert_true(site_location_edit(house->site, &far, &edit, NULL));
    Uuid other = house_camera(house, "Đập", &far);
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    g_autofree char *near = body_with(",\"place\":{\"lat\":21.5005,\"lon\":103.2002}"),
                    *nowhere = body_with(",\"place\":{\"lat\":21.6,\"lon\":103.3}");
    g_autoptr(Json) held = tell(house, officer, near), none = tell(house, officer, nowhere);
    char id[UUID_TEXT];
    const Json *holds = json_object_get(held, "holds");
    assert_int_equal(json_array_size(holds), 1);
    assert_string_equal(text_of(json_array_get(holds, 0), "camera"), uuid_text(&other, id));
    assert_int_equal(json_array_size(json_object_get(none, "holds")), 0);
    assert_false(json_boolean_value(json_object_get(none, "hold_waits")));
}

/* A picture that differs from others by its last byte. */
static void make_picture(char picture[16], char last)
{
    memcpy(picture, "\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0", 16);
    picture[15] = last;
}

static void pictures_are_kept_as_they_came_and_shown_in_a_box(void **state)
{
    House *house = *state;
    char picture[16];
    g_autofree char *body = at_location(&house->location, "");
    g_autoptr(Json) sent = send_public(house, body);
    g_autofree char *id = newest(house), *officer = house_session(house, ROLE_OFFICER);
    g_autofree char *path =
        g_strdup_printf("/public/reports/%s/attachments", text_of(sent, "number"));
    make_picture(picture, 'a');
    json_decref(send_file(house, NULL, path, "guessed", picture, sizeof picture, 404));
    g_autoptr(Json) kept =
        send_file(house, NULL, path, text_of(sent, "secret"), picture, sizeof picture, 201);
    g_autoptr(Json) again =
        send_file(house, NULL, path, text_of(sent, "secret"), picture, sizeof picture, 201);
    assert_int_equal(json_integer_value(json_object_get(again, "n")), 1);
    g_autoptr(Json) report = get(house, officer, id, 200);
    const Json *files = json_object_get(report, "attachments");
    assert_int_equal(json_array_size(files), 1);
    assert_string_equal(text_of(json_array_get(files, 0), "sha256"), text_of(kept, "sha256"));
    assert_string_equal(text_of(json_array_get(files, 0), "type"), "image/jpeg");

    g_autofree char *look = g_strdup_printf("GET /api/v1/reports/%s/attachments/1", id);
    g_auto(ApiResponse) answer = {0};
    house_ask(house, officer, look, NULL, &answer);
    assert_int_equal(answer.status, 200);
    char read[sizeof picture];
    assert_true(answer.file->read(answer.file->data, 0, read, sizeof read, NULL));
    assert_memory_equal(read, picture, sizeof read);
    bool boxed = false;
    for (size_t i = 0; i < answer.header_count; i++)
        boxed |= strcmp(answer.headers[i].name, "content-security-policy") == 0 &&
                 g_str_has_prefix(answer.headers[i].value, "sandbox");
    assert_true(boxed);
    g_autofree char *other = g_strdup_printf("GET /api/v1/reports/%s/attachments/2", id);
    json_decref(ask(house, officer, "GET /reports/{id}/attachments/{n}", other, NULL, 404));
}

static void what_is_no_picture_or_one_too_many_is_refused(void **state)
{
    House *house = *state;
    char picture[16];
    g_autofree char *officer = house_session(house, ROLE_OFFICER),
                    *head = house_session(house, ROLE_VILLAGE_HEAD);
    g_autofree char *body = at_location(&house->location, "");
    g_autoptr(Json) told = tell(house, officer, body);
    g_autofree char *path = g_strdup_printf("/reports/%s/attachments", text_of(told, "id"));
    static const char page[] = "<html><script>alert(1)</script></html>";
    json_decref(send_file(house, officer, path, NULL, page, sizeof page, 422));
    for (char last = 'a'; last < 'f'; last++) {
        make_picture(picture, last);
        json_decref(send_file(house, officer, path, NULL, picture, sizeof picture, 201));
    }
    make_picture(picture, 'z');
    json_decref(send_file(house, officer, path, NULL, picture, sizeof picture, 400));
    json_decref(send_file(house, head, path, NULL, picture, sizeof picture, 403));
    static const char video[] = "\0\0\0\x20"
                                "ftypisom\0\0\0\0isomiso2avc1";
    json_decref(send_file(house, officer, path, NULL, video, sizeof video, 201));
    g_autoptr(Json) report = get(house, officer, text_of(told, "id"), 200);
    assert_int_equal(json_array_size(json_object_get(report, "attachments")), 6);
    g_autofree char *large = g_malloc0((8 << 20) + 1);
    make_picture(large, 'y');
    json_decref(send_file(house, officer, path, NULL, large, (8 << 20) + 1, 400));
}

static void count_rises(void *data, const ReportRow *row, ReportNews news)
{
    unsigned *rises = data;
    *rises += news == REPORT_NEWS_RISES;
}

static void what_nobody_takes_rises_to_the_commanders_once(void **state)
{
    House *house = *state;
    unsigned rises = 0;
    report_desk_listen(house->reports, count_rises, &rises);
    g_autofree char *body = at_location(&house->location, "");
    json_decref(send_public(house, body));
    json_decref(send_public(house, body));
    g_autofree char *officer = house_session(house, ROLE_OFFICER), *second = newest(house);
    json_decref(change(house, officer, second, "{\"answer\":\"Đã xong.\"}", 200));
    int64_t mono_us = clock_mono_us(), wall_us = clock_wall_us();
    report_desk_look(house->reports);
    assert_int_equal(rises, 0);
    clock_test_set(mono_us + 16 * MINUTE_US, wall_us + 16 * MINUTE_US);
    report_desk_look(house->reports);
    report_desk_look(house->reports);
    clock_test_set(-1, -1);
    assert_int_equal(rises, 1);
}

/* Whoever hears that the first rises takes the other in the same moment. */
typedef struct Quick {
    House *house;
    Uuid other, officer;
    unsigned rises;
} Quick;

static void take_the_other(void *data, const ReportRow *row, ReportNews news)
{
    Quick *quick = data;
    if (news != REPORT_NEWS_RISES)
        return;
    quick->rises++;
    Uuid colleague;
    g_autoptr(ReportRow) before = NULL;
    const ReportEdit take = {.state = REPORT_TAKEN};
    g_autoptr(ReportRow) after = report_desk_change(quick->house->reports, &quick->other, &take,
                                                    &quick->officer, &before, &colleague, NULL);
    assert_non_null(after);
}

static void what_is_taken_while_others_rise_does_not_rise(void **state)
{
    House *house = *state;
    Quick quick = {.house = house, .officer = uuid_new()};
    g_autofree char *body = at_location(&house->location, "");
    json_decref(send_public(house, body));
    json_decref(send_public(house, body));
    g_autofree char *second = newest(house);
    assert_true(uuid_parse(second, &quick.other));
    report_desk_listen(house->reports, take_the_other, &quick);
    int64_t mono_us = clock_mono_us(), wall_us = clock_wall_us();
    clock_test_set(mono_us + 16 * MINUTE_US, wall_us + 16 * MINUTE_US);
    report_desk_look(house->reports);
    clock_test_set(-1, -1);
    assert_int_equal(quick.rises, 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, house_open, house_close)
    const struct CMUnitTest tests[] = {
        TEST(a_residents_report_is_held_answered_and_followed_by_its_secret),
        TEST(a_households_camera_is_not_held_for_what_people_tell),
        TEST(nothing_of_cameras_or_their_places_is_told_without_an_account),
        TEST(where_the_site_names_no_locations_the_form_names_that_of_the_poster_alone),
        TEST(who_told_it_is_seen_by_the_commander_and_whoever_has_it),
        TEST(what_one_has_taken_another_takes_only_by_saying_so),
        TEST(reports_of_one_thing_are_joined_and_answered_together),
        TEST(what_is_joined_to_a_joined_report_is_answered_with_it_too),
        TEST(a_village_head_sees_the_own_village_and_what_he_told),
        TEST(what_accounts_tell_holds_no_more_than_a_fifth_of_a_volume_before_an_officer_asks),
        TEST(what_waits_is_held_when_an_officer_says_where_it_was),
        TEST(the_same_report_sent_twice_is_one),
        TEST(a_flood_is_told_to_wait_and_leaves_what_there_is),
        TEST(cameras_near_the_place_are_held_and_no_others),
        TEST(what_nobody_takes_rises_to_the_commanders_once),
        TEST(what_is_taken_while_others_rise_does_not_rise),
        TEST(pictures_are_kept_as_they_came_and_shown_in_a_box),
        TEST(what_is_no_picture_or_one_too_many_is_refused),
    };
    return cmocka_run_group_tests(tests, read_document, drop_document);
}
