/* Reasons for footage: what is asked, what a grant opens, what the audit log says of it. */
#include "api_ask.h"
#include "archive/thumbnails.h"
#include "audit_rows.h"
#include "base/clock.h"
#include "base/time_text.h"
#include "http/api/routes.h"
#include "unit.h"
#include "watch/motion_store.h"

#include <string.h>

#define RECORDED_S 8

/* Footage of which all but the last second needs a reason, with a thumbnail. Returns its begin. */
static int64_t old_footage(House *house)
{
    int64_t from_us = house_record(house, RECORDED_S);
    Thumbnails *thumbnails = thumbnails_new(house->archive);
    g_autoptr(Buffer) jpeg = buffer_copy("\xff\xd8jpeg\xff\xd9", 8);
    thumbnails_put(thumbnails, &house->camera, from_us + SECOND_US, jpeg);
    thumbnails_free(thumbnails);
    assert_true(site_reason_set(house->site, 1, NULL));
    return from_us;
}

/* "&from=…&to=…&at=…" of the first seconds. Returned owned. */
static char *span_query(int64_t from_us)
{
    char from[TIME_TEXT], to[TIME_TEXT], at[TIME_TEXT];
    return g_strdup_printf("from=%s&to=%s&at=%s", time_text(from_us, from),
                           time_text(from_us + 4 * SECOND_US, to),
                           time_text(from_us + SECOND_US, at));
}

/* POST /access for the house's camera and all that was recorded. Returns the grant, owned. */
static char *tell(House *house, const char *session, const char *why, int64_t from_us)
{
    char camera[UUID_TEXT], from[TIME_TEXT], to[TIME_TEXT];
    g_autofree char *body =
        g_strdup_printf("{\"cameras\":[\"%s\"],\"from\":\"%s\",\"to\":\"%s\",%s}",
                        uuid_text(&house->camera, camera), time_text(from_us - SECOND_US, from),
                        time_text(from_us + HOUR_US, to), why);
    g_autoptr(Json) told = ask(house, session, "POST /access", "POST /api/v1/access", body, 201);
    return g_strdup(json_string_value(json_object_get(told, "grant")));
}

static char *replace(const char *text, const char *what, const char *with)
{
    g_auto(GStrv) parts = g_strsplit(text, what, -1);
    return g_strjoinv(with, parts);
}

/* "2026-…Z-main", the segment that holds the footage. Returned owned. */
static char *segment_name(House *house, const char *session, int64_t from_us, const char *grant)
{
    char camera[UUID_TEXT];
    g_autofree char *span = span_query(from_us);
    g_autofree char *what =
        g_strdup_printf("GET /api/v1/cameras/%s/playlist.m3u8?%s&grant=%s",
                        uuid_text(&house->camera, camera), span, grant ? grant : "");
    g_auto(ApiResponse) response = {0};
    house_ask(house, session, what, NULL, &response);
    assert_int_equal(response.status, 200);
    g_autofree char *text = g_strndup((const char *)response.bytes->data, response.bytes->size);
    const char *name = strstr(text, "\nsegments/");
    assert_non_null(name);
    name += strlen("\nsegments/");
    if (grant) { /* who plays it asks for its pieces with the same grant */
        g_autofree char *carried = g_strdup_printf(".mp4?grant=%s\n", grant);
        assert_non_null(strstr(name, carried));
    }
    return g_strndup(name, (size_t)(strstr(name, ".mp4") - name));
}

static bool is_footage(const ApiResponse *response)
{
    return response->type &&
           (g_str_has_prefix(response->type, "image/") ||
            g_str_has_prefix(response->type, "video/") || strstr(response->type, "mpegurl"));
}

static bool asks_reason(const ApiResponse *response)
{
    return response->status == 403 && !is_footage(response) &&
           g_strcmp0(json_string_value(json_object_get(response->json, "cause_code")),
                     "reason-needed") == 0;
}

/* Every route about a camera that is read: those that give footage give it for a reason only. */
static void every_route_that_gives_footage_asks_for_a_reason(void **state)
{
    House *house = *state;
    int64_t from_us = old_footage(house);
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    g_autofree char *grant = tell(house, officer, "\"reason\":\"routine-check\"", from_us);
    g_autofree char *segment = segment_name(house, officer, from_us, grant);
    g_autofree char *span = span_query(from_us);
    char camera[UUID_TEXT];
    uuid_text(&house->camera, camera);
    unsigned asked = 0;
    g_usleep(1500000); /* the newest moment of the segment is old, too */
    for (size_t i = 0; i < api_route_count; i++) {
        const ApiRoute *route = &api_routes[i];
        if (route->scope != SCOPE_CAMERA || route->method != API_GET)
            continue;
        g_autofree char *of_camera = replace(route->pattern, "{id}", camera);
        g_autofree char *path = replace(of_camera, "{name}", segment);
        g_autofree char *without = g_strdup_printf("GET /api/v1%s?%s", path, span);
        g_autofree char *with = g_strdup_printf("%s&grant=%s", without, grant);
        g_auto(ApiResponse) refused = {0}, given = {0};
        house_ask(house, officer, without, NULL, &refused);
        house_ask(house, officer, with, NULL, &given);
        if (is_footage(&refused) || (is_footage(&given) && !asks_reason(&refused)))
            fail_msg("%s: %d without a reason", without, refused.status);
        asked += is_footage(&given) && given.status == 200;
    }
    assert_int_equal(asked, 5); /* snapshot, thumbnail, clip, playlist, segment */
}

/* When people come and go needs a reason as what they do; that there is footage needs none. */
static void old_movement_is_searched_for_a_reason_and_coverage_without(void **state)
{
    House *house = *state;
    int64_t from_us = old_footage(house);
    char camera[UUID_TEXT];
    uuid_text(&house->camera, camera);
    g_autofree char *folder = g_build_filename(house->folder, "motion", NULL),
                    *officer = house_session(house, ROLE_OFFICER),
                    *grant = tell(house, officer, "\"reason\":\"routine-check\"", from_us),
                    *span = span_query(from_us),
                    *bare = g_strdup_printf("GET /api/v1/cameras/%s/motion?%s", camera, span),
                    *told = g_strdup_printf("%s&grant=%s", bare, grant),
                    *coverage = g_strdup_printf("GET /api/v1/cameras/%s/coverage?%s", camera, span);
    MotionStore *store = house->api.motion = motion_store_new(folder, 1);
    g_autoptr(Json) refused = ask(house, officer, "GET /cameras/{id}/motion", bare, NULL, 403);
    assert_string_equal(json_string_value(json_object_get(refused, "cause_code")), "reason-needed");
    json_decref(ask(house, officer, "GET /cameras/{id}/motion", told, NULL, 200));
    json_decref(ask(house, officer, "GET /cameras/{id}/coverage", coverage, NULL, 200));
    assert_true(audit_flush(house->audit, NULL));
    g_autoptr(GPtrArray) rows = audit_rows(house->audit, 1);
    assert_string_equal(((const AuditRow *)rows->pdata[0])->action, "motion");
    assert_string_equal(((const AuditRow *)rows->pdata[0])->reason, "routine-check");
    assert_true(site_reason_set(house->site, SITE_REASON_AFTER_DEFAULT_S, NULL));
    json_decref(ask(house, officer, "GET /cameras/{id}/motion", bare, NULL, 200));
    house->api.motion = NULL;
    motion_store_free(store);
}

/* What `name` of the camera, "clip.mp4", answers for the first seconds. */
static int status_of(House *house, const char *session, const char *name, int64_t from_us,
                     const char *grant)
{
    char camera[UUID_TEXT];
    g_autofree char *span = span_query(from_us);
    g_autofree char *what =
        g_strdup_printf("GET /api/v1/cameras/%s/%s?%s&grant=%s", uuid_text(&house->camera, camera),
                        name, span, grant ? grant : "none");
    g_auto(ApiResponse) response = {0};
    house_ask(house, session, what, NULL, &response);
    return response.status;
}

static int clip_status(House *house, const char *session, int64_t from_us, const char *grant)
{
    return status_of(house, session, "clip.mp4", from_us, grant);
}

static void young_footage_needs_no_reason_and_none_is_asked_where_the_site_wants_none(void **state)
{
    House *house = *state;
    int64_t from_us = old_footage(house);
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    static const struct {
        int64_t after_s;
        int status;
    } ages[] = {{1, 403}, {SITE_REASON_AFTER_DEFAULT_S, 200}, {1, 403}, {0, 200}};
    for (size_t i = 0; i < G_N_ELEMENTS(ages); i++) {
        assert_true(site_reason_set(house->site, ages[i].after_s, NULL));
        assert_int_equal(status_of(house, officer, "playlist.m3u8", from_us, NULL), ages[i].status);
        assert_int_equal(status_of(house, officer, "snapshot.jpg", from_us, NULL), ages[i].status);
        /* what is taken along as a film has one, whatever its age */
        assert_int_equal(clip_status(house, officer, from_us, NULL), 403);
    }
}

/* One that was told to look at what is older does not cover what is younger. */
static void a_clip_is_taken_for_a_reason_that_covers_all_of_it(void **state)
{
    House *house = *state;
    char camera[UUID_TEXT], from[TIME_TEXT], to[TIME_TEXT];
    int64_t from_us = old_footage(house);
    assert_true(site_reason_set(house->site, SITE_REASON_AFTER_DEFAULT_S, NULL));
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    const GrantAsked half = {.holder = officer,
                             .cameras = &house->camera,
                             .camera_count = 1,
                             .from_us = from_us - SECOND_US,
                             .to_us = from_us + 2 * SECOND_US,
                             .reason = "training"};
    g_autofree char *of_half = grants_give(house->grants, &half);
    assert_int_equal(clip_status(house, officer, from_us, of_half), 403);
    g_autofree char *grant = tell(house, officer, "\"reason\":\"resident-report\"", from_us);
    assert_int_equal(clip_status(house, officer, from_us, grant), 200);
    assert_true(audit_flush(house->audit, NULL));
    g_autoptr(GPtrArray) rows = audit_rows(house->audit, 1);
    const AuditRow *row = rows->pdata[0];
    assert_string_equal(row->action, "clip");
    assert_string_equal(row->reason, "resident-report");
    assert_string_equal(row->object, uuid_text(&house->camera, camera));
    assert_string_equal(time_text(row->from_us, from), time_text(from_us / 1000 * 1000, to));
}

static void a_grant_is_of_no_use_in_another_session_or_for_another_camera(void **state)
{
    House *house = *state;
    int64_t from_us = old_footage(house);
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    g_autofree char *commander = house_session(house, ROLE_COMMANDER);
    g_autofree char *again = house_session(house, ROLE_OFFICER);
    g_autofree char *number = house_case(house), *why = g_strdup_printf("\"case\":\"%s\"", number);
    g_autofree char *grant = tell(house, officer, why, from_us);
    assert_int_equal(clip_status(house, officer, from_us, grant), 200);
    assert_int_equal(clip_status(house, commander, from_us, grant), 403);
    assert_int_equal(clip_status(house, again, from_us, grant), 403);
    const Uuid recorded = house->camera;
    house->camera = house_camera(house, "other", &house->location);
    g_autofree char *of_other = tell(house, officer, why, from_us);
    house->camera = recorded;
    assert_int_equal(clip_status(house, officer, from_us, of_other), 403);
}

/* The newest line of this action. */
static const AuditRow *line_of(const GPtrArray *rows, const char *action)
{
    for (guint i = 0; i < rows->len; i++)
        if (g_str_equal(((const AuditRow *)rows->pdata[i])->action, action))
            return rows->pdata[i];
    fail_msg("no line ‘%s’", action);
    return NULL;
}

static void the_reason_stands_in_the_audit_log_with_each_look(void **state)
{
    House *house = *state;
    int64_t from_us = old_footage(house);
    char camera[UUID_TEXT];
    uuid_text(&house->camera, camera);
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    g_autofree char *commander = house_session(house, ROLE_COMMANDER);
    g_autofree char *number = house_case(house), *reason = g_strconcat("case ", number, NULL),
                    *why = g_strdup_printf("\"case\":\" %s \"", number);
    g_autofree char *grant = tell(house, officer, why, from_us);
    assert_int_equal(clip_status(house, officer, from_us, grant), 200);
    g_autofree char *span = span_query(from_us);
    g_autofree char *small =
        g_strdup_printf("GET /api/v1/cameras/%s/thumbnail.jpg?%s&grant=%s", camera, span, grant);
    g_auto(ApiResponse) response = {0};
    house_ask(house, officer, small, NULL, &response);
    assert_int_equal(response.status, 200);
    assert_true(audit_flush(house->audit, NULL));
    g_autoptr(GPtrArray) rows = audit_rows(house->audit, 100);
    static const char *const looks[] = {"access", "clip", "thumbnail"};
    for (size_t i = 0; i < G_N_ELEMENTS(looks); i++) {
        const AuditRow *row = line_of(rows, looks[i]);
        assert_string_equal(row->reason, reason);
        assert_string_equal(row->object, camera);
        assert_true(row->from_us > 0);
    }
    assert_int_equal(clip_status(house, commander, from_us, grant), 403);
    assert_true(audit_flush(house->audit, NULL));
    g_autoptr(GPtrArray) later = audit_rows(house->audit, 100);
    assert_string_equal(line_of(later, "access")->result, "refused");
}

static void the_purpose_of_an_api_token_is_its_reason(void **state)
{
    House *house = *state;
    int64_t from_us = old_footage(house);
    ApiToken made;
    g_autofree char *token = people_token_create(house->people, ROLE_OFFICER, NULL, 1, "figures",
                                                 &(Uuid){{0}}, &made, NULL);
    assert_non_null(token);
    char camera[UUID_TEXT], from[TIME_TEXT], to[TIME_TEXT];
    g_autofree char *path =
        g_strdup_printf("/api/v1/cameras/%s/clip.mp4", uuid_text(&house->camera, camera));
    ApiRequest request = {
        .method = API_GET,
        .path = path,
        .query = {{"from", time_text(from_us, from)},
                  {"to", time_text(from_us + 2 * SECOND_US, to)}},
        .query_count = 2,
        .bearer = token,
        .address = "127.0.0.1",
        .device = "test",
    };
    g_auto(ApiResponse) response = {0};
    api_dispatch(&house->api, &request, &response);
    assert_int_equal(response.status, 200);
    assert_true(audit_flush(house->audit, NULL));
    g_autoptr(GPtrArray) rows = audit_rows(house->audit, 100);
    assert_string_equal(line_of(rows, "clip")->reason, "figures");
}

static void what_is_told_must_be_a_reason_for_cameras_and_a_span_that_there_are(void **state)
{
    House *house = *state;
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    char camera[UUID_TEXT];
    uuid_text(&house->camera, camera);
    const struct {
        const char *cameras, *from, *to, *why;
        int status;
    } asked[] = {
        {camera, "2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z", "\"reason\":\"training\"", 201},
        {camera, "2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z", "\"case\":\"1\"", 422},
        {camera, "2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z", "\"reason\":\"theft\"", 422},
        {camera, "2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z", "\"reason\":\"  ab  \"", 400},
        {camera, "2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z", "\"reason\":\"a\\nbcd\"", 400},
        {camera, "2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z", "\"case\":\"\"", 400},
        {camera, "2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z",
         "\"case\":\"1\",\"reason\":\"theft\"", 400},
        {camera, "2026-11-01T00:00:00Z", "2026-12-03T00:00:00Z", "\"case\":\"1\"", 400},
        {camera, "2026-11-02T00:00:00Z", "2026-11-01T00:00:00Z", "\"case\":\"1\"", 400},
        {camera, "yesterday", "2026-11-01T00:00:00Z", "\"case\":\"1\"", 400},
        {"00000000-0000-4000-8000-000000000000", "2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z",
         "\"case\":\"1\"", 404},
        {"", "2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z", "\"case\":\"1\"", 404},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(asked); i++) {
        g_autofree char *body =
            g_strdup_printf("{\"cameras\":[\"%s\"],\"from\":\"%s\",\"to\":\"%s\",%s}",
                            asked[i].cameras, asked[i].from, asked[i].to, asked[i].why);
        fits(house, officer, "POST /access", "POST /api/v1/access", body, asked[i].status);
    }
    fits(house, officer, "POST /access", "POST /api/v1/access",
         "{\"cameras\":[],\"from\":\"2026-11-01T00:00:00Z\",\"to\":\"2026-11-02T00:00:00Z\","
         "\"case\":\"1\"}",
         400);
}

/* What POST /access answers to this reason. */
static const char *told(House *house, const char *session, const char *why, int status)
{
    static char code[40];
    char camera[UUID_TEXT];
    g_autofree char *body =
        g_strdup_printf("{\"cameras\":[\"%s\"],\"from\":\"2026-11-01T00:00:00Z\","
                        "\"to\":\"2026-11-02T00:00:00Z\",%s}",
                        uuid_text(&house->camera, camera), why);
    g_autoptr(Json) json = ask(house, session, "POST /access", "POST /api/v1/access", body, status);
    const char *text = json_string_value(json_object_get(json, "cause_code"));
    g_strlcpy(code, text ? text : "", sizeof code);
    return code;
}

static const char *state_of(House *house, const char *number)
{
    static char state[16];
    g_autoptr(CaseRow) row = case_desk_find(house->cases, number, NULL);
    g_strlcpy(state, row->state, sizeof state);
    return state;
}

static void a_case_is_a_reason_while_it_stands_and_is_then_searched_for(void **state)
{
    House *house = *state;
    g_autofree char *officer = house_session(house, ROLE_OFFICER), *number = house_case(house),
                    *why = g_strdup_printf("\"case\":\"%s\"", number);
    assert_string_equal(state_of(house, number), "new");
    assert_string_equal(told(house, officer, why, 201), "");
    assert_string_equal(state_of(house, number), "searching");
    g_autofree char *what = g_strconcat("PATCH /api/v1/cases/", number, NULL);
    fits(house, officer, "PATCH /cases/{id}", what,
         "{\"revision\":2,\"state\":\"rejected\",\"reason\":\"Nhầm\"}", 200);
    assert_string_equal(told(house, officer, why, 409), "case-over");
    assert_string_equal(told(house, officer, "\"case\":\"VV-2026-9999\"", 422), "no-such-case");
}

static void ones_own_words_are_a_reason_where_the_site_says_so(void **state)
{
    House *house = *state;
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    const char *asked[SITE_VALUES] = {[SITE_VALUE_REASONS] = "free"};
    assert_string_equal(told(house, officer, "\"reason\":\"xem thử\"", 422), "case-needed");
    assert_string_equal(told(house, officer, "\"reason\":\"training\"", 201), "");
    assert_true(site_set(house->site, asked, NULL));
    assert_string_equal(told(house, officer, "\"reason\":\"xem thử\"", 201), "");
    asked[SITE_VALUE_REASONS] = "anything";
    assert_false(site_set(house->site, asked, NULL));
}

static void the_age_is_a_setting_of_the_site_that_its_file_locks(void **state)
{
    House *house = *state;
    g_autofree char *admin = house_session(house, ROLE_ADMIN);
    Json *policy = ask(house, admin, "GET /policy", "GET /api/v1/policy", NULL, 200);
    assert_int_equal(json_integer_value(json_object_get(policy, "reason_after_s")), 900);
    json_decref(policy);
    fits(house, admin, "PATCH /policy", "PATCH /api/v1/policy", "{\"reason_after_s\":-1}", 400);
    policy = ask(house, admin, "PATCH /policy", "PATCH /api/v1/policy", "{\"reason_after_s\":3600}",
                 200);
    assert_int_equal(json_integer_value(json_object_get(policy, "reason_after_s")), 3600);
    json_decref(policy);
    g_autoptr(Config) config = config_default();
    config->site.reason_after = 60;
    assert_true(site_apply(house->site, config, NULL));
    policy = ask(house, admin, "GET /policy", "GET /api/v1/policy", NULL, 200);
    assert_int_equal(json_integer_value(json_object_get(policy, "reason_after_s")), 60);
    assert_true(json_is_true(json_object_get(policy, "reason_locked")));
    json_decref(policy);
    fits(house, admin, "PATCH /policy", "PATCH /api/v1/policy", "{\"reason_after_s\":0}", 403);
    Json *me = ask(house, admin, "GET /me", "GET /api/v1/me", NULL, 200);
    assert_int_equal(
        json_integer_value(json_object_get(json_object_get(me, "site"), "reason_after_s")), 60);
    json_decref(me);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, house_open, house_close)
    const struct CMUnitTest tests[] = {
        TEST(every_route_that_gives_footage_asks_for_a_reason),
        TEST(old_movement_is_searched_for_a_reason_and_coverage_without),
        TEST(young_footage_needs_no_reason_and_none_is_asked_where_the_site_wants_none),
        TEST(a_clip_is_taken_for_a_reason_that_covers_all_of_it),
        TEST(a_grant_is_of_no_use_in_another_session_or_for_another_camera),
        TEST(the_reason_stands_in_the_audit_log_with_each_look),
        TEST(the_purpose_of_an_api_token_is_its_reason),
        TEST(what_is_told_must_be_a_reason_for_cameras_and_a_span_that_there_are),
        TEST(a_case_is_a_reason_while_it_stands_and_is_then_searched_for),
        TEST(ones_own_words_are_a_reason_where_the_site_says_so),
        TEST(the_age_is_a_setting_of_the_site_that_its_file_locks),
    };
    return cmocka_run_group_tests(tests, read_document, drop_document);
}
