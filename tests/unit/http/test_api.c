/* Answers of each route against openapi.yaml. Rights on the routes: test_rights.c. */
#include "api_ask.h"
#include "base/clock.h"
#include "base/qr.h"
#include "base/time_text.h"
#include "house.h"
#include "http/control.h"
#include "openapi.h"
#include "unit.h"

#include <math.h>
#include <string.h>

static char *id_of(Json *json)
{
    char *id = g_strdup(json_string_value(json_object_get(json, "id")));
    json_decref(json);
    return id;
}

static void sessions_fit(void **state)
{
    House *house = *state;
    g_autofree char *admin = house_session(house, ROLE_ADMIN);
    g_auto(ApiResponse) answer = {0};
    house_ask(house, NULL, "POST /api/v1/session",
              "{\"name\":\"admin-1\",\"password\":\"" HOUSE_PASSWORD "\"}", &answer);
    assert_int_equal(answer.status, 200);
    assert_string_equal(answer.headers[0].name, "set-cookie");
    assert_true(g_str_has_prefix(answer.headers[0].value, "session="));
    assert_non_null(strstr(answer.headers[0].value, "HttpOnly; SameSite=Strict"));
    fits(house, NULL, "POST /session", "POST /api/v1/session",
         "{\"name\":\"admin-1\",\"password\":\"wrong wrong wrong\"}", 401);
    fits(house, NULL, "POST /session", "POST /api/v1/session", "{\"name\":\"admin-1\"}", 400);
    fits(house, NULL, "POST /session", "POST /api/v1/session", NULL, 400);
    fits(house, admin, "GET /me", "GET /api/v1/me", NULL, 200);
    fits(house, admin, "PATCH /me", "PATCH /api/v1/me", "{\"language\":\"en\"}", 200);
    fits(house, admin, "PATCH /me", "PATCH /api/v1/me", "{\"colour\":\"red\"}", 400);
    fits(house, admin, "PATCH /me", "PATCH /api/v1/me", "{\"password_new\":\"a new long one\"}",
         400);
    fits(house, admin, "DELETE /session", "DELETE /api/v1/session", NULL, 204);
    fits(house, admin, "GET /me", "GET /api/v1/me", NULL, 401);
}

static size_t count_of(House *house, const char *session, const char *what)
{
    g_auto(ApiResponse) answer = {0};
    house_ask(house, session, what, NULL, &answer);
    assert_int_equal(answer.status, 200);
    return json_array_size(json_object_get(answer.json, "items"));
}

static void a_village_head_sees_the_own_village_and_nothing_else(void **state)
{
    House *house = *state;
    Uuid foreign = house_location(house, "foreign", "Bản Bua");
    house_camera(house, "foreign", &foreign);
    g_autofree char *head = house_session(house, ROLE_VILLAGE_HEAD);
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    g_autofree char *admin = house_session(house, ROLE_ADMIN);
    assert_int_equal(count_of(house, officer, "GET /api/v1/cameras"), 2);
    assert_int_equal(count_of(house, head, "GET /api/v1/cameras"), 1);
    assert_int_equal(count_of(house, officer, "GET /api/v1/locations"), 2);
    assert_int_equal(count_of(house, head, "GET /api/v1/locations"), 1);
    char camera[UUID_TEXT];
    uuid_text(&house->camera, camera);
    g_autofree char *get = g_strdup_printf("GET /api/v1/cameras/%s", camera);
    Json *for_head = ask(house, head, "GET /cameras/{id}", get, NULL, 200);
    Json *for_admin = ask(house, admin, "GET /cameras/{id}", get, NULL, 200);
    assert_true(json_is_null(json_object_get(for_head, "url")));
    assert_true(json_is_null(json_object_get(for_head, "user")));
    assert_string_equal(json_string_value(json_object_get(for_admin, "user")), "u");
    json_decref(for_head);
    json_decref(for_admin);
    static const struct {
        const char *path;
        int status;
    } asked[] = {
        {"status", 200},
        {"snapshot.jpg", 503}, /* allowed, but there is no cameras floor here */
        {"snapshot.jpg?at=2026-11-24T07:30:00Z", 403},
        {"coverage?from=2026-11-24T07:30:00Z&to=2026-11-24T07:31:00Z", 403},
        {"playlist.m3u8?from=2026-11-24T07:30:00Z&to=2026-11-24T07:31:00Z", 403},
        {"clip.mp4?from=2026-11-24T07:30:00Z&to=2026-11-24T07:31:00Z", 403},
        {"segments/2026-11-24-000000.000Z-main.mp4", 403},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(asked); i++) {
        g_auto(ApiResponse) answer = {0};
        g_autofree char *line = g_strdup_printf("GET /api/v1/cameras/%s/%s", camera, asked[i].path);
        house_ask(house, head, line, NULL, &answer);
        if (answer.status != asked[i].status)
            fail_msg("%s: %d", line, answer.status);
    }
    /* Moved to the other village, the account sees that; the session it had has ended. */
    Account account;
    assert_true(people_account_named(house->people, "village-head-1", &account));
    char id[UUID_TEXT];
    g_autofree char *patch = g_strdup_printf("PATCH /api/v1/users/%s", uuid_text(&account.id, id));
    fits(house, admin, "PATCH /users/{id}", patch, "{\"village\":\"nowhere\"}", 400);
    fits(house, admin, "PATCH /users/{id}", patch, "{\"village\":\"bản bua\"}", 200);
    fits(house, head, "GET /me", "GET /api/v1/me", NULL, 401);
    g_autofree char *again = house_session(house, ROLE_VILLAGE_HEAD);
    Json *me = ask(house, again, "GET /me", "GET /api/v1/me", NULL, 200);
    assert_string_equal(json_string_value(json_object_get(me, "village")), "Bản Bua");
    json_decref(me);
    g_autofree char *old = g_strdup_printf("GET /api/v1/cameras/%s", camera);
    fits(house, again, "GET /cameras/{id}", old, NULL, 404);
    assert_int_equal(count_of(house, again, "GET /api/v1/cameras"), 1);
    fits(house, admin, "PATCH /users/{id}", patch, "{\"role\":\"officer\"}", 200);
    fits(house, admin, "PATCH /users/{id}", patch, "{\"role\":\"village-head\"}", 400);
    fits(house, admin, "POST /tokens", "POST /api/v1/tokens",
         "{\"role\":\"village-head\",\"purpose\":\"x\"}", 400);
    fits(house, admin, "POST /tokens", "POST /api/v1/tokens",
         "{\"role\":\"village-head\",\"village\":\"Bản Bua\",\"purpose\":\"x\"}", 201);
}

static void locations_and_cameras_fit(void **state)
{
    House *house = *state;
    g_autofree char *s = house_session(house, ROLE_ADMIN);
    g_autofree char *location =
        id_of(ask(house, s, "POST /locations", "POST /api/v1/locations",
                  "{\"name\":\"Chợ Mường "
                  "Phăng\",\"kind\":\"market\",\"latitude\":21.45,\"longitude\":103.15}",
                  201));
    g_autofree char *at_location = g_strdup_printf("GET /api/v1/locations/%s", location);
    fits(house, s, "GET /locations/{id}", at_location, NULL, 200);
    fits(house, s, "GET /locations", "GET /api/v1/locations?limit=1", NULL, 200);
    g_autofree char *body = g_strdup_printf(
        "{\"name\":\"Ngã "
        "tư\",\"url\":\"rtsp://u:secret@10.0.0.7/main\",\"sub_url\":null,\"location\":\"%s\"}",
        location);
    Json *added = ask(house, s, "POST /cameras", "POST /api/v1/cameras", body, 201);
    g_autofree char *text = json_line(added);
    assert_null(strstr(text, "secret"));
    g_autofree char *camera = id_of(added);
    fits(house, s, "POST /cameras", "POST /api/v1/cameras", body, 409);
    fits(house, s, "POST /cameras", "POST /api/v1/cameras", "{\"name\":\"x\",\"url\":\"http://a\"}",
         400);
    fits(house, s, "GET /cameras", "GET /api/v1/cameras", NULL, 200);
    fits(house, s, "GET /cameras", "GET /api/v1/cameras?limit=0", NULL, 400);
    g_autofree char *get = g_strdup_printf("GET /api/v1/cameras/%s", camera);
    g_autofree char *status = g_strdup_printf("GET /api/v1/cameras/%s/status", camera);
    g_autofree char *patch = g_strdup_printf("PATCH /api/v1/cameras/%s", camera);
    g_autofree char *remove = g_strdup_printf("DELETE /api/v1/cameras/%s", camera);
    g_autofree char *still_used = g_strdup_printf("DELETE /api/v1/locations/%s", location);
    fits(house, s, "GET /cameras/{id}", get, NULL, 200);
    fits(house, s, "GET /cameras/{id}/status", status, NULL, 200);
    fits(house, s, "PATCH /cameras/{id}", patch, "{\"paused\":true,\"pause_reason\":\"repair\"}",
         200);
    fits(house, s, "PATCH /cameras/{id}", patch, "{\"location\":7}", 400);
    Json *moved =
        ask(house, s, "PATCH /cameras/{id}", patch, "{\"url\":\"rtsp://evil.example/main\"}", 422);
    assert_string_equal(json_string_value(json_object_get(moved, "cause_code")), "password-needed");
    json_decref(moved);
    g_autofree char *look = g_strdup_printf(
        "{\"camera\":\"%s\",\"url\":\"rtsp://evil.example/main\",\"user\":\"u\"}", camera);
    Json *looked = ask(house, s, "POST /cameras/probe", "POST /api/v1/cameras/probe", look, 422);
    assert_string_equal(json_string_value(json_object_get(looked, "cause_code")),
                        "password-needed");
    json_decref(looked);
    fits(house, s, "DELETE /locations/{id}", still_used, NULL, 409);
    fits(house, s, "DELETE /cameras/{id}", remove, NULL, 204);
    fits(house, s, "GET /cameras/{id}", get, NULL, 404);
    fits(house, s, "GET /cameras/{id}", "GET /api/v1/cameras/not-an-id", NULL, 404);
    fits(house, s, "DELETE /locations/{id}", still_used, NULL, 204);
}

static void what_retention_holds_is_told_and_whose_it_is(void **state)
{
    House *house = *state;
    g_autofree char *s = house_session(house, ROLE_ADMIN);
    g_autoptr(Config) config = config_default();
    config->retention = (ConfigRetention){.days = 12, .bytes = UINT64_C(2) << 30};
    assert_true(site_apply(house->site, config, NULL));
    static const struct {
        const char *patch;
        int days;
        bool is_default;
    } steps[] = {{"{}", 12, true},
                 {"{\"retention_days\":90,\"retention_bytes\":3221225472}", 90, false},
                 {"{\"retention_days\":0,\"retention_bytes\":0}", 12, true}};
    char camera[UUID_TEXT];
    g_autofree char *patch =
        g_strdup_printf("PATCH /api/v1/cameras/%s", uuid_text(&house->camera, camera));
    for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
        if (i == 2) /* which keeps less */
            ask_by_two(house, s, "PATCH /cameras/{id}", patch, steps[i].patch);
        g_autoptr(Json) json =
            ask(house, s, "PATCH /cameras/{id}", patch, i == 2 ? "{}" : steps[i].patch, 200);
        assert_int_equal(json_integer_value(json_object_get(json, "retention_days")),
                         steps[i].days);
        assert_int_equal(json_is_true(json_object_get(json, "retention_days_default")),
                         steps[i].is_default);
        assert_int_equal(json_integer_value(json_object_get(json, "retention_bytes")),
                         steps[i].is_default ? INT64_C(2) << 30 : INT64_C(3) << 30);
        assert_int_equal(json_is_true(json_object_get(json, "retention_bytes_default")),
                         steps[i].is_default);
    }
}

static void users_and_tokens_fit(void **state)
{
    House *house = *state;
    g_autofree char *s = house_session(house, ROLE_ADMIN);
    g_autofree char *user = id_of(
        ask(house, s, "POST /users", "POST /api/v1/users",
            "{\"name\":\"lan\",\"role\":\"officer\",\"password\":\"" HOUSE_PASSWORD "\"}", 201));
    fits(house, s, "POST /users", "POST /api/v1/users",
         "{\"name\":\"x\",\"role\":\"king\",\"password\":\"" HOUSE_PASSWORD "\"}", 400);
    fits(house, s, "GET /users", "GET /api/v1/users", NULL, 200);
    g_autofree char *patch = g_strdup_printf("PATCH /api/v1/users/%s", user);
    g_autofree char *disable = g_strdup_printf("DELETE /api/v1/users/%s", user);
    fits(house, s, "PATCH /users/{id}", patch, "{\"role\":\"commander\"}", 200);
    fits(house, s, "DELETE /users/{id}", disable, NULL, 204);
    Json *made = ask(house, s, "POST /tokens", "POST /api/v1/tokens",
                     "{\"role\":\"auditor\",\"days\":7,\"purpose\":\"figures\"}", 201);
    g_autofree char *token = g_strdup(json_string_value(json_object_get(made, "token")));
    g_autofree char *token_id = id_of(made);
    fits(house, s, "GET /tokens", "GET /api/v1/tokens", NULL, 200);
    ApiRequest request = {
        .method = API_GET, .path = "/metrics", .bearer = token, .address = "", .device = ""};
    g_auto(ApiResponse) metrics = {0};
    api_dispatch(&house->api, &request, &metrics);
    assert_int_equal(metrics.status, 200);
    g_autofree char *text = g_strndup((const char *)metrics.bytes->data, metrics.bytes->size);
    assert_non_null(strstr(text, "\nvonglau_cameras 1\n"));
    g_autofree char *remove = g_strdup_printf("DELETE /api/v1/tokens/%s", token_id);
    fits(house, s, "DELETE /tokens/{id}", remove, NULL, 204);
    fits(house, s, "DELETE /tokens/{id}", remove, NULL, 404);
}

static void health_and_audit_fit(void **state)
{
    House *house = *state;
    g_autofree char *s = house_session(house, ROLE_ADMIN);
    fits(house, NULL, "GET /healthz", "GET /healthz", NULL, 200);
    fits(house, s, "POST /locations", "POST /api/v1/locations",
         "{\"name\":\"Cầu\",\"latitude\":21.45,\"longitude\":103.15}", 201);
    assert_true(audit_flush(house->audit, NULL));
    Json *lines = ask(house, s, "GET /audit", "GET /api/v1/audit?limit=1", NULL, 200);
    Json *newest = json_array_get(json_object_get(lines, "items"), 0);
    assert_string_equal(json_string_value(json_object_get(newest, "action")), "location-add");
    json_decref(lines);
}

static void footage_fits(void **state)
{
    House *house = *state;
    g_autofree char *s = house_session(house, ROLE_OFFICER);
    char camera[UUID_TEXT], from[TIME_TEXT], to[TIME_TEXT], later[TIME_TEXT];
    int64_t from_us = house_record(house, 5);
    g_autofree char *grant = house_grant(house, s);
    uuid_text(&house->camera, camera);
    time_text(from_us + SECOND_US, from);
    time_text(from_us + 2 * SECOND_US, to);
    time_text(from_us + HOUR_US, later);
    const struct {
        const char *pattern, *name, *query;
        int status;
    } asked[] = {
        {"GET /cameras/{id}/coverage", "coverage", "from=%s&to=%s", 200},
        {"GET /cameras/{id}/coverage", "coverage", "to=%s&from=%s", 400},
        {"GET /cameras/{id}/coverage", "coverage", "from=%s", 400},
        {"GET /cameras/{id}/clip.mp4", "clip.mp4", "from=%s&to=%s", 200},
        {"GET /cameras/{id}/clip.mp4", "clip.mp4", "to=%s&from=%s", 400},
        {"GET /cameras/{id}/playlist.m3u8", "playlist.m3u8", "from=%s&to=%s", 200},
        {"GET /cameras/{id}/snapshot.jpg", "snapshot.jpg", "at=%s&width=160", 200},
        {"GET /cameras/{id}/snapshot.jpg", "snapshot.jpg", "width=9&at=%s", 400},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(asked); i++) {
        g_autofree char *first =
            g_strdup_printf("GET /api/v1/cameras/%s/%s?grant=%s&", camera, asked[i].name, grant);
        g_auto(GStrv) parts = g_strsplit(asked[i].query, "%s", -1);
        g_autofree char *what =
            g_strconcat(first, parts[0], from, parts[1], parts[2] ? to : NULL, NULL);
        fits(house, s, asked[i].pattern, what, NULL, asked[i].status);
    }
    g_autofree char *future =
        g_strdup_printf("GET /api/v1/cameras/%s/clip.mp4?from=%s&to=%s", camera, from, later);
    g_autofree char *before = g_strdup_printf(
        "GET /api/v1/cameras/%s/clip.mp4?from=2026-01-01T00:00:00Z&to=2026-01-01T00:01:00Z",
        camera);
    g_autofree char *live = g_strdup_printf("GET /api/v1/cameras/%s/snapshot.jpg", camera);
    fits(house, s, "GET /cameras/{id}/clip.mp4", future, NULL, 400);
    fits(house, s, "GET /cameras/{id}/clip.mp4", before, NULL, 404);
    fits(house, s, "GET /cameras/{id}/snapshot.jpg", live, NULL, 503); /* no cameras floor here */
}

static void a_playlist_names_segments_that_are_there(void **state)
{
    House *house = *state;
    g_autofree char *s = house_session(house, ROLE_OFFICER);
    char camera[UUID_TEXT], from[TIME_TEXT], to[TIME_TEXT];
    int64_t from_us = house_record(house, 5);
    uuid_text(&house->camera, camera);
    g_autofree char *what =
        g_strdup_printf("GET /api/v1/cameras/%s/playlist.m3u8?from=%s&to=%s", camera,
                        time_text(from_us, from), time_text(from_us + HOUR_US, to));
    g_auto(ApiResponse) answer = {0}, segment = {0};
    house_ask(house, s, what, NULL, &answer);
    assert_int_equal(answer.status, 200);
    g_autofree char *text = g_strndup((const char *)answer.bytes->data, answer.bytes->size);
    assert_null(strstr(text, "EXT-X-ENDLIST"));
    char *name = strstr(text, "\nsegments/") + 1;
    *strchr(name, '\n') = '\0';
    g_autofree char *get = g_strdup_printf("GET /api/v1/cameras/%s/%s", camera, name);
    house_ask(house, s, get, NULL, &segment);
    assert_int_equal(segment.status, 200);
    char box[8];
    assert_true(segment.file->read(segment.file->data, 0, box, 8, NULL));
    assert_memory_equal(box + 4, "ftyp", 4);
}

static void paths_that_are_none_are_told(void **state)
{
    House *house = *state;
    g_autofree char *s = house_session(house, ROLE_ADMIN);
    g_auto(ApiResponse) nothing = {0}, method = {0}, segment = {0};
    house_ask(house, s, "GET /api/v1/nothing", NULL, &nothing);
    assert_int_equal(nothing.status, 404);
    house_ask(house, s, "PUT /api/v1/cameras", NULL, &method);
    assert_int_equal(method.status, 405);
    assert_string_equal(method.headers[0].value, "GET, POST");
    char camera[UUID_TEXT];
    g_autofree char *odd = g_strdup_printf("GET /api/v1/cameras/%s/segments/2026-11-24-main.mp4",
                                           uuid_text(&house->camera, camera));
    house_ask(house, s, odd, NULL, &segment);
    assert_int_equal(segment.status, 404);
}

static void the_console_has_all_rights_and_no_account(void **state)
{
    House *house = *state;
    int status;
    g_autoptr(Json) list =
        control_call_local(&house->api, API_GET, "/api/v1/cameras?limit=1", NULL, &status, NULL);
    assert_int_equal(status, 200);
    assert_int_equal(json_array_size(json_object_get(list, "items")), 1);
    g_autoptr(Json) me =
        control_call_local(&house->api, API_GET, "/api/v1/me", NULL, &status, NULL);
    assert_string_equal(json_string_value(json_object_get(me, "name")), "console");
}

static void a_posters_code_is_a_picture_of_an_address_and_of_nothing_else(void **state)
{
    House *house = *state;
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    char id[UUID_TEXT];
    uuid_text(&house->location, id);
    static const struct {
        const char *query;
        int status;
    } asked[] = {
        {"?app=https://vms.example", 200},
        {"", 400},
        {"?app=javascript:alert(1)", 400},
        {"?app=https://vms.example/%22", 400},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(asked); i++) {
        g_autofree char *line =
            g_strdup_printf("GET /api/v1/locations/%s/poster.svg%s", id, asked[i].query);
        g_auto(ApiResponse) answer = {0};
        house_ask(house, officer, line, NULL, &answer);
        assert_int_equal(answer.status, asked[i].status);
        if (answer.status != 200)
            continue;
        assert_string_equal(answer.type, "image/svg+xml");
        g_autofree char *link = g_strconcat("https://vms.example/bao-tin?noi=", id, NULL);
        g_autofree char *svg = qr_svg(link);
        assert_int_equal(answer.bytes->size, strlen(svg));
        assert_memory_equal(answer.bytes->data, svg, strlen(svg));
    }
}

static void the_control_socket_answers_in_one_line(void **state)
{
    House *house = *state;
    g_autoptr(GError) error = NULL;
    int status = 0;
    assert_null(control_call(house->folder, API_GET, "/api/v1/cameras", NULL, &status, &error));
    assert_true(g_error_matches(error, ERR, ERR_UNAVAILABLE));
    g_autoptr(ControlServer) server = control_server_start(house->folder, &house->api, NULL);
    assert_non_null(server);
    g_autoptr(Json) body =
        json_pack("{s:s, s:f, s:f}", "name", "Đồi", "latitude", 21.4, "longitude", 103.1);
    g_autoptr(Json) added =
        control_call(house->folder, API_POST, "/api/v1/locations", body, &status, NULL);
    assert_int_equal(status, 201);
    assert_string_equal(json_string_value(json_object_get(added, "name")), "Đồi");
    g_autoptr(Json) health = control_call(house->folder, API_GET, "/healthz", NULL, &status, NULL);
    assert_int_equal(status, 200);
    g_autoptr(Json) none = control_call(house->folder, API_GET, "/../x", NULL, &status, NULL);
    assert_int_equal(status, 400);
}

static Uuid camera_at(House *house, const char *name, const char *latitude, const char *aim)
{
    Uuid location = house_location(house, name, HOUSE_VILLAGE);
    Uuid camera = house_camera(house, name, &location);
    g_autofree char *admin = house_session(house, ROLE_ADMIN);
    char id[UUID_TEXT];
    g_autofree char *where =
        g_strconcat("PATCH /api/v1/locations/", uuid_text(&location, id), NULL);
    g_autofree char *place = g_strdup_printf("{\"latitude\":%s,\"longitude\":103.1512}", latitude);
    fits(house, admin, "PATCH /locations/{id}", where, place, 200);
    g_autofree char *which = g_strconcat("PATCH /api/v1/cameras/", uuid_text(&camera, id), NULL);
    fits(house, admin, "PATCH /cameras/{id}", which, aim, 200);
    return camera;
}

static void how_high_a_camera_stands_is_set_told_and_forgotten(void **state)
{
    House *house = *state;
    char id[UUID_TEXT];
    g_autofree char *admin = house_session(house, ROLE_ADMIN);
    g_autofree char *which =
        g_strconcat("PATCH /api/v1/cameras/", uuid_text(&house->camera, id), NULL);
    g_autoptr(Json) high =
        ask(house, admin, "PATCH /cameras/{id}", which, "{\"height_m\":4.5}", 200);
    assert_true(json_number_value(json_object_get(high, "height_m")) == 4.5);
    assert_true(json_is_null(json_object_get(high, "heading_deg")));
    g_autoptr(Json) unknown =
        ask(house, admin, "PATCH /cameras/{id}", which, "{\"height_m\":null}", 200);
    assert_true(json_is_null(json_object_get(unknown, "height_m")));
    static const char *const wrong[] = {"{\"height_m\":0.3}", "{\"height_m\":101}",
                                        "{\"height_m\":-4}", "{\"height_m\":\"4\"}",
                                        "{\"height_m\":1e308}"};
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++)
        json_decref(ask(house, admin, "PATCH /cameras/{id}", which, wrong[i], 400));
}

static const Json *item_is(const Json *list, size_t at, const Uuid *camera)
{
    char id[UUID_TEXT];
    const Json *item = json_array_get(json_object_get(list, "items"), at);
    assert_string_equal(json_string_value(json_object_get(item, "camera")), uuid_text(camera, id));
    return item;
}

static void the_cameras_that_see_a_point_come_before_the_nearer_ones_that_do_not(void **state)
{
    House *house = *state;
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    const double nowhere = 0;
    assert_true(site_location_edit(house->site, &house->location,
                                   &(LocationEdit){.latitude = &nowhere, .longitude = &nowhere},
                                   NULL));
    Uuid away = camera_at(house, "away", "21.44975", "{\"heading_deg\":180}");
    Uuid unknown = camera_at(house, "unknown", "21.44990", "{}");
    Uuid sees =
        camera_at(house, "sees", "21.4494", "{\"heading_deg\":0,\"fov_deg\":60,\"reach_m\":80}");
    g_autoptr(Json) list = ask(house, officer, "GET /cameras/nearest",
                               "GET /api/v1/cameras/nearest?at=21.4498,103.1512", NULL, 200);
    const Json *first = item_is(list, 0, &sees);
    assert_int_equal(json_array_size(json_object_get(list, "items")), 3); /* one has no place */
    assert_true(json_is_true(json_object_get(first, "sees")));
    assert_true(fabs(json_number_value(json_object_get(first, "distance_m")) - 44.3) < 0.2);
    assert_true(json_number_value(json_object_get(first, "bearing_deg")) < 1);
    const Json *second = item_is(list, 1, &away);
    assert_true(json_number_value(json_object_get(second, "distance_m")) < 12);
    assert_true(json_is_false(json_object_get(second, "sees")));
    const Json *third = item_is(list, 2, &unknown);
    assert_true(json_is_null(json_object_get(third, "sees")));
    static const char *const wrong[] = {"",
                                        "?at=",
                                        "?at=21.4",
                                        "?at=91,103",
                                        "?at=21,103,5",
                                        "?at=nan,103",
                                        "?at=21.4498,",
                                        "?at=21,181"};
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autofree char *what = g_strconcat("GET /api/v1/cameras/nearest", wrong[i], NULL);
        fits(house, officer, "GET /cameras/nearest", what, NULL, 400);
    }
}

static void a_map_of_the_site_fits(void **state)
{
    House *house = *state;
    g_autofree char *admin = house_session(house, ROLE_ADMIN);
    g_autoptr(Json) none = ask(house, admin, "GET /map", "GET /api/v1/map", NULL, 200);
    assert_int_equal(json_array_size(json_object_get(none, "features")), 0);
    fits(house, admin, "PUT /map", "PUT /api/v1/map", "{\"type\":\"Topology\"}", 400);
    g_autoptr(Json) set = ask(
        house, admin, "PUT /map", "PUT /api/v1/map",
        "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"properties\":{"
        "\"kind\":\"road\"},\"geometry\":{\"type\":\"LineString\",\"coordinates\":[[103,21],[103,"
        "22]]}}]}",
        200);
    assert_int_equal(json_integer_value(json_object_get(set, "taken")), 1);
    g_auto(ApiResponse) answer = {0};
    house_ask(house, admin, "GET /api/v1/map", NULL, &answer);
    assert_string_equal(answer.file->type, "application/geo+json");
    fits(house, admin, "DELETE /map", "DELETE /api/v1/map", NULL, 204);
    assert_false(g_file_test(house->map, G_FILE_TEST_EXISTS));
    fits(house, admin, "DELETE /map", "DELETE /api/v1/map", NULL, 204);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, house_open, house_close)
    const struct CMUnitTest tests[] = {
        TEST(a_village_head_sees_the_own_village_and_nothing_else),
        TEST(sessions_fit),
        TEST(locations_and_cameras_fit),
        TEST(what_retention_holds_is_told_and_whose_it_is),
        TEST(users_and_tokens_fit),
        TEST(health_and_audit_fit),
        TEST(footage_fits),
        TEST(a_playlist_names_segments_that_are_there),
        TEST(paths_that_are_none_are_told),
        TEST(the_console_has_all_rights_and_no_account),
        TEST(a_posters_code_is_a_picture_of_an_address_and_of_nothing_else),
        TEST(the_control_socket_answers_in_one_line),
        TEST(how_high_a_camera_stands_is_set_told_and_forgotten),
        TEST(the_cameras_that_see_a_point_come_before_the_nearer_ones_that_do_not),
        TEST(a_map_of_the_site_fits),
    };
    return cmocka_run_group_tests(tests, read_document, drop_document);
}
