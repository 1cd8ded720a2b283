/* Households that are asked, and what comes by their links: as a family's phone and an officer do
 * it over the API. */
#include "given_story.h"

#include "api_ask.h"
#include "base/clock.h"
#include "base/time_text.h"
#include "unit.h"

#include <string.h>

#define AGREED "\"agreed_at\":\"2026-11-20T08:00:00Z\""

const char film[] = "\0\0\0\x20"
                    "ftypisom\0\0\0\0isomiso2avc1 and the rest...";

/* ---- officers ---- */

/* A household that may be asked, or (level 0) only stands in the register. Its id, owned. */
char *given_household(House *house, int level)
{
    g_autofree char *head = house_session(house, ROLE_VILLAGE_HEAD),
                    *body = g_strdup_printf("{\"place\":{\"lat\":21.45,\"lon\":103.15}," AGREED
                                            ",\"contact\":{\"name\":\"Lò Thị B\"},\"level\":%d}",
                                            level);
    g_autoptr(Json) made =
        ask(house, head, "POST /households", "POST /api/v1/households", body, 201);
    return g_strdup(text_of(made, "id"));
}

/* Its number. Owned. */
char *given_case(House *house, const char *officer)
{
    char from[TIME_TEXT];
    g_autofree char *body =
        g_strdup_printf("{\"kind\":\"theft\",\"where\":\"Chợ\",\"from\":\"%s\",\"to\":\"%s\"}",
                        time_text(clock_now_us() - HOUR_US, from), from);
    g_autoptr(Json) made = ask(house, officer, "POST /cases", "POST /api/v1/cases", body, 201);
    return g_strdup(text_of(made, "number"));
}

char *given_request_body(const char *number, const char *household, int64_t window_us)
{
    char from[TIME_TEXT], to[TIME_TEXT], deadline[TIME_TEXT];
    int64_t now_us = clock_now_us();
    time_text(now_us - window_us, from);
    time_text(now_us, to);
    return g_strdup_printf(
        "{\"case\":\"%s\",\"what\":\"Xe máy đỏ\",\"unit\":\"Công an xã\","
        "\"place\":{\"lat\":21.45,\"lon\":103.15},\"radius\":150,\"from\":\"%s\","
        "\"to\":\"%s\",\"deadline\":\"%s\",\"households\":[\"%s\"]}",
        number, from, to, time_text(now_us + 2 * DAY_US, deadline), household);
}

Json *given_request(House *house, const char *session, const char *body, int status)
{
    return ask(house, session, "POST /footage-requests", "POST /api/v1/footage-requests", body,
               status);
}

Json *given_seen(House *house, const char *session, const char *id)
{
    g_autofree char *what = g_strconcat("GET /api/v1/footage-requests/", id, NULL);
    return ask(house, session, "GET /footage-requests/{id}", what, NULL, 200);
}

const Json *given_files(const Json *request)
{
    return json_object_get(json_array_get(json_object_get(request, "households"), 0), "files");
}

/* ---- the household ---- */

void link_clear(Link *link)
{
    g_free(link->id);
    g_free(link->secret);
}

Link given_link(House *house, const char *session, const char *request, const char *household)
{
    g_autofree char *what = g_strdup_printf("POST /api/v1/footage-requests/%s/links", request),
                    *body = g_strdup_printf(
                        "{\"household\":\"%s\",\"app\":\"https://vms.example\"}", household);
    g_autoptr(Json) made =
        ask(house, session, "POST /footage-requests/{id}/links", what, body, 201);
    assert_true(g_str_has_prefix(text_of(made, "url"), "https://vms.example/gop-hinh#r="));
    assert_non_null(strstr(text_of(made, "qr"), "<svg"));
    g_auto(GStrv) parts = g_strsplit(strstr(text_of(made, "url"), "#r=") + 3, ".", 2);
    return (Link){g_strdup(parts[0]), g_strdup(parts[1])};
}

/* Without an account, by the link. Returns owned; NULL: no body. */
Json *by_link(House *house, const Link *link, ApiMethod method, const char *rest, const char *body,
              int status)
{
    g_autofree char *path = g_strdup_printf("/api/v1/public/requests/%s%s", link->id, rest);
    g_autoptr(Json) parsed = body ? json_parse(body, strlen(body), NULL) : NULL;
    const ApiRequest request = {.method = method,
                                .path = path,
                                .body = parsed,
                                .report_secret = link->secret,
                                .address = "10.0.0.9",
                                .device = "test"};
    g_auto(ApiResponse) answer = {0};
    api_dispatch(&house->api, &request, &answer);
    g_autofree char *text = answer.json ? json_line(answer.json) : g_strdup("");
    if (answer.status != status)
        fail_msg("%s: %d %s", path, answer.status, text);
    return answer.json ? json_incref(answer.json) : NULL;
}

Json *send_piece_of(House *house, const Link *link, int n, int64_t offset, const char *bytes,
                    size_t size, int status)
{
    g_autofree char *file = g_build_filename(report_desk_incoming(house->reports), "piece", NULL),
                    *path = g_strdup_printf("/api/v1/public/requests/%s/files/%d", link->id, n),
                    *at = g_strdup_printf("%d", (int)offset);
    assert_int_equal(g_mkdir_with_parents(report_desk_incoming(house->reports), 0700), 0);
    assert_true(g_file_set_contents(file, bytes, (gssize)size, NULL));
    ApiUpload upload = {.path = file, .bytes = (int64_t)size, .first_bytes = MIN(size, 64)};
    memcpy(upload.first, bytes, upload.first_bytes);
    const ApiRequest request = {.method = API_POST,
                                .path = path,
                                .query = {{"offset", at}},
                                .query_count = 1,
                                .report_secret = link->secret,
                                .upload = &upload,
                                .address = "10.0.0.9",
                                .device = "test"};
    g_auto(ApiResponse) answer = {0};
    api_dispatch(&house->api, &request, &answer);
    g_autofree char *text = json_line(answer.json);
    if (answer.status != status)
        fail_msg("%s: %d %s", path, answer.status, text);
    return json_incref(answer.json);
}

Json *send_piece(House *house, const Link *link, int64_t offset, const char *bytes, size_t size,
                 int status)
{
    return send_piece_of(house, link, 1, offset, bytes, size, status);
}

/* The film in two pieces; its id for officers, owned. */
char *give(House *house, const char *officer, const char *request, const Link *link)
{
    json_decref(by_link(house, link, API_POST, "/files", BEGIN, 201));
    json_decref(send_piece(house, link, 0, film, FIRST_BYTES, 200));
    json_decref(
        send_piece(house, link, FIRST_BYTES, film + FIRST_BYTES, FILM_BYTES - FIRST_BYTES, 200));
    g_autoptr(Json) after = given_seen(house, officer, request);
    return g_strdup(text_of(json_array_get(given_files(after), 0), "id"));
}

void story_clear(Story *story)
{
    g_free(story->officer);
    g_free(story->household);
    g_free(story->number);
    g_free(story->request);
    link_clear(&story->link);
}

Story story_begin_for(House *house, const char *officer, const char *number)
{
    Story story = {.officer = g_strdup(officer),
                   .household = given_household(house, 1),
                   .number = g_strdup(number)};
    g_autofree char *body = given_request_body(story.number, story.household, HOUR_US);
    g_autoptr(Json) made = given_request(house, story.officer, body, 201);
    story.request = g_strdup(text_of(made, "id"));
    story.link = given_link(house, story.officer, story.request, story.household);
    return story;
}

Story begin_story(House *house)
{
    g_autofree char *officer = house_session(house, ROLE_OFFICER),
                    *number = given_case(house, officer);
    return story_begin_for(house, officer, number);
}

void case_is_let_go(House *house, const char *number)
{
    g_autofree char *officer = house_session(house, ROLE_COMMANDER),
                    *what = g_strconcat("/api/v1/cases/", number, NULL),
                    *read = g_strconcat("GET ", what, NULL),
                    *edit = g_strconcat("PATCH ", what, NULL);
    g_autoptr(Json) of = ask(house, officer, "GET /cases/{id}", read, NULL, 200);
    g_autofree char *body =
        g_strdup_printf("{\"revision\":%d,\"state\":\"rejected\",\"reason\":\"Không có việc ấy\"}",
                        (int)json_integer_value(json_object_get(of, "revision")));
    json_decref(ask(house, officer, "PATCH /cases/{id}", edit, body, 200));
}

/* ---- time ---- */

void pass_time(int64_t us)
{
    clock_test_set(clock_mono_us() + us, clock_wall_us() + us);
}

int stop_time(void **state)
{
    clock_test_set(clock_mono_us(), clock_wall_us());
    return house_open(state);
}

int start_time(void **state)
{
    int closed = house_close(state);
    clock_test_set(-1, -1);
    return closed;
}
