#include "cameras_api.h"

#include "base/clock.h"
#include "base/time_text.h"
#include "unit.h"

#include <string.h>

enum { LOOK_AGAIN_MS = 50 };

Api api_open(const Server *server)
{
    return (Api){g_strconcat(server->url, "/api/v1", NULL), server_token(server)};
}

void api_close(Api *api)
{
    g_free(api->url);
    g_free(api->token);
    *api = (Api){0};
}

const char *text_in(const Json *object, const char *member)
{
    const char *text = json_string_value(json_object_get(object, member));
    return text ? text : "";
}

static char *camera_url(const Api *api, const char *id, const char *path)
{
    return g_strdup_printf("%s/cameras/%s%s", api->url, id, path);
}

char *api_add(const Api *api, const Json *body)
{
    g_autofree char *text = json_line(body), *answer = NULL;
    g_autofree char *where = g_strconcat(api->url, "/cameras", NULL);
    size_t size = 0;
    if (http_call("POST", where, api->token, text, &answer, &size) != 201)
        fail_msg("camera %s: %s", text_in(body, "name"), answer);
    g_autoptr(Json) made = json_parse(answer, size, NULL);
    return g_strdup(text_in(made, "id"));
}

char *api_add_camera(const Api *api, const char *name, const char *url, const char *user,
                     const char *password)
{
    g_autoptr(Json) body = json_pack("{s:s, s:s, s:s*, s:s*}", "name", name, "url", url, "user",
                                     user, "password", password);
    return api_add(api, body);
}

char *api_add_sim_camera(const Api *api, const char *name, const Json *camera)
{
    g_autoptr(Json) body = json_pack("{s:s, s:s, s:s}", "name", name, "url",
                                     text_in(camera, "main"), "sub_url", text_in(camera, "sub"));
    if (*text_in(camera, "user")) {
        json_object_set_new(body, "user", json_string(text_in(camera, "user")));
        json_object_set_new(body, "password", json_string(text_in(camera, "password")));
    }
    return api_add(api, body);
}

void api_change_camera(const Api *api, const char *id, const char *body)
{
    g_autofree char *url = camera_url(api, id, ""), *answer = NULL;
    size_t size = 0;
    if (http_call(body ? "PATCH" : "DELETE", url, api->token, body, &answer, &size) >= 300)
        fail_msg("%s: %s", url, answer);
}

Json *api_camera_status(const Api *api, const char *id)
{
    g_autofree char *url = camera_url(api, id, "/status");
    return http_json(url, api->token);
}

Json *api_coverage(const Api *api, const char *id)
{
    char from[TIME_TEXT], to[TIME_TEXT];
    int64_t now_us = clock_now_us();
    g_autofree char *path = g_strdup_printf(
        "/coverage?from=%s&to=%s", time_text(now_us - HOUR_US, from), time_text(now_us, to));
    g_autofree char *url = camera_url(api, id, path);
    return http_json(url, api->token);
}

Json *api_camera_problem(const Api *api, const char *id, const char *path, int status)
{
    g_autofree char *url = camera_url(api, id, path);
    return http_problem("GET", url, api->token, NULL, status);
}

int api_wait(const Api *api, const char *id, const char *member, const char *value, int most_ms)
{
    for (int64_t began_us = clock_mono_us();; sleep_ms(LOOK_AGAIN_MS)) {
        g_autoptr(Json) status = api_camera_status(api, id);
        int passed_ms = (int)((clock_mono_us() - began_us) / 1000);
        if (strcmp(text_in(status, member), value) == 0)
            return passed_ms;
        if (passed_ms > most_ms) {
            g_autofree char *text = json_line(status);
            fail_msg("%s is not ‘%s’ after %d ms: %s", member, value, passed_ms, text);
        }
    }
}

int api_wait_recorded(const Api *api, const char *id, int most_ms)
{
    for (int64_t began_us = clock_mono_us();; sleep_ms(LOOK_AGAIN_MS)) {
        g_autoptr(Json) status = api_camera_status(api, id);
        int passed_ms = (int)((clock_mono_us() - began_us) / 1000);
        if (json_is_true(json_object_get(status, "recording")) &&
            strcmp(text_in(status, "state"), "running") == 0)
            return passed_ms;
        if (passed_ms > most_ms) {
            g_autofree char *text = json_line(status);
            fail_msg("not recorded after %d ms: %s", passed_ms, text);
        }
    }
}

void api_expect_picture(const Api *api, const Json *event, size_t least)
{
    g_autofree char *url =
        g_strdup_printf("%s/events/%s/picture.jpg", api->url, text_in(event, "id"));
    g_autofree char *picture = NULL;
    size_t bytes = 0;
    assert_int_equal(http_call("GET", url, api->token, NULL, &picture, &bytes), 200);
    assert_true(bytes > least);
    assert_memory_equal(picture, "\xff\xd8\xff", 3);
}
