/* A resident's report, with a real server and a camera that is recorded: told within two seconds,
 * its footage held whatever befalls the disk and the catalog; and a flood that leaves recording
 * alone. */
#include "app_socket.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/time_text.h"
#include "footage.h"
#include "harness.h"
#include "hook_listener.h"
#include "scripted_camera.h"
#include "unit.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { TOLD_MS = 5000, TOLD_MOST_US = 2000000, FLOOD = 1000 };

typedef struct World {
    char *data;
    ScriptedCamera *cameras[2];
    char *ids[2];
    char *location; /* of the first camera */
    HookListener *hook;
    Server server;
    Api api;
    bool serves;
} World;

static void write_config(const World *world, const char *storage)
{
    g_autofree char *config = g_build_filename(world->data, "config.yaml", NULL);
    g_autofree char *text = g_strdup_printf("eye:\n  off: true\nnotify:\n  webhook: %s\n%s",
                                            hook_listener_url(world->hook), storage);
    assert_true(g_file_set_contents(config, text, -1, NULL));
}

static void serve(World *world)
{
    world->server = server_start(world->data);
    world->api = api_open(&world->server);
    world->serves = true;
    for (int i = 0; i < 2 && world->ids[i]; i++)
        api_wait_recorded(&world->api, world->ids[i], 15000);
}

static void stop(World *world)
{
    world->serves = false;
    api_close(&world->api);
    assert_int_equal(server_stop(&world->server, SIGTERM), 0);
}

/* ---- asking ---- */

static Json *call(const World *world, const char *method, const char *path, const char *body,
                  bool public, int status)
{
    char *answer = NULL;
    g_autofree char *url = g_strconcat(world->api.url, path, NULL);
    int got = http_call(method, url, public ? NULL : world->api.token, body, &answer, NULL);
    g_autofree char *text = answer;
    if (got != status)
        fail_msg("%s %s: %d %s", method, path, got, text);
    Json *json = json_parse(text, strlen(text), NULL);
    assert_non_null(json);
    return json;
}

/* The first camera stands at a location. */
static void place_camera(World *world)
{
    g_autoptr(Json) made = call(world, "POST", "/locations",
                                "{\"name\":\"Chợ\",\"village\":\"Che Căn\",\"latitude\":21.45,"
                                "\"longitude\":103.15}",
                                false, 201);
    g_autofree char *body = g_strdup_printf("{\"location\":\"%s\"}", text_in(made, "id"));
    api_change_camera(&world->api, world->ids[0], body);
    world->location = g_strdup(text_in(made, "id"));
}

static char *told_at(const char *location)
{
    char from[TIME_TEXT], to[TIME_TEXT];
    int64_t now_us = clock_wall_us();
    time_text(now_us - 5 * MINUTE_US, from);
    return g_strdup_printf("{\"kind\":\"fight\",\"location\":\"%s\",\"from\":\"%s\",\"to\":\"%s\","
                           "\"text\":\"Đánh nhau trước chợ\",\"reporter\":{\"name\":\"Lò Thị B\"}}",
                           location, from, time_text(now_us, to));
}

static size_t take_answer(char *data, size_t size, size_t count, void *text)
{
    g_string_append_len(text, data, (gssize)(size * count));
    return size * count;
}

/* What a resident reads with the secret. */
static long follow(const World *world, const char *number, const char *secret, GString *text)
{
    long status = 0;
    g_autofree char *url = g_strconcat(world->api.url, "/public/reports/", number, NULL);
    g_autofree char *line = g_strconcat("X-Report-Secret: ", secret, NULL);
    struct curl_slist *headers = curl_slist_append(NULL, line);
    CURL *curl = curl_easy_init();
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_answer);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, text);
    assert_int_equal(curl_easy_perform(curl), CURLE_OK);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_cleanup(curl);
    curl_slist_free_all(headers);
    return status;
}

static Json *next_report(int fd)
{
    for (;;) {
        bool is_text;
        g_autoptr(GByteArray) frame = app_socket_next(fd, &is_text);
        g_autoptr(Json) json =
            is_text ? json_parse((const char *)frame->data, frame->len, NULL) : NULL;
        if (json && strcmp(text_in(json, "op"), "report") == 0)
            return g_steal_pointer(&json);
    }
}

static guint files_of(const World *world, int camera)
{
    g_auto(Footage) footage = footage_read(world->data, world->ids[camera]);
    return footage.files->len;
}

/* Pictures of the first camera that are not in the footage; the server has stopped. */
static unsigned lost_between(World *world, int64_t from_us, int64_t until_us)
{
    int64_t lost_us = 0;
    stop(world);
    g_autoptr(Json) sent = scripted_camera_sent(world->cameras[0]);
    g_auto(Footage) footage = footage_read(world->data, world->ids[0]);
    unsigned lost = footage_missing(&footage, sent, from_us, until_us, &lost_us);
    print_message("%u pictures lost, the first %.2f s after the beginning\n", lost,
                  lost ? (double)(lost_us - from_us) / 1e6 : 0);
    return lost;
}

static int set_up(void **state)
{
    World *world = g_new0(World, 1);
    world->data = temp_folder();
    world->hook = hook_listener_new();
    write_config(world, "");
    serve(world);
    for (int i = 0; i < 2; i++) {
        g_autofree char *name = g_strdup_printf("camera-%d", i + 1);
        world->cameras[i] = scripted_camera_new(name, NULL);
        world->ids[i] =
            api_add_camera(&world->api, name, scripted_camera_url(world->cameras[i]), NULL, NULL);
    }
    for (int i = 0; i < 2; i++)
        api_wait_recorded(&world->api, world->ids[i], 15000);
    place_camera(world);
    *state = world;
    return 0;
}

static int tear_down(void **state)
{
    World *world = *state;
    if (world->serves)
        stop(world);
    for (int i = 0; i < 2; i++) {
        scripted_camera_free(world->cameras[i]);
        g_free(world->ids[i]);
    }
    hook_listener_free(world->hook);
    remove_tree(world->data);
    g_free(world->location);
    g_free(world->data);
    g_free(world);
    return 0;
}

/* The server, which has stopped, runs without the catalog of before, and on a disk on which it must
 * make room. */
static void lose_catalog_and_room(World *world)
{
    g_autofree char *catalog = g_build_filename(world->data, "catalog.db", NULL);
    assert_int_equal(unlink(catalog), 0);
    write_config(world, "storage:\n  free_space_floor: 4TB\n"); /* there is never so much */
    serve(world);
    sleep_ms(2000); /* retention does its first round at the start */
    stop(world);
    footage_assert_verifies(world->data);
    write_config(world, "");
}

/* ---- the tests ---- */

static void a_report_is_told_at_once_and_its_footage_outlives_a_full_disk_and_the_catalog(
    void **state)
{
    World *world = *state;
    unsigned heard = 0;
    serve(world);
    g_autofree char *body = told_at(world->location);
    int socket = app_socket_open(&world->api, TOLD_MS);
    int64_t sent_us = clock_wall_us();
    g_autoptr(Json) sent = call(world, "POST", "/public/reports", body, true, 201);
    g_autoptr(Json) notice = next_report(socket);
    const Posted *hook = hook_listener_wait(world->hook, &heard, "report", "new", TOLD_MS);
    int64_t told_us = clock_wall_us() - sent_us;
    print_message("told after %.2f s\n", (double)told_us / 1e6);
    assert_true(told_us < TOLD_MOST_US);
    assert_string_equal(text_in(notice, "number"), text_in(sent, "number"));
    assert_string_equal(text_in(notice, "location"), world->location);
    assert_string_equal(text_in(hook->json, "about"), "fight");
    assert_string_equal(text_in(hook->json, "location"), "Chợ");
    g_autofree char *posted = json_line(hook->json), *shown = json_line(notice);
    assert_null(strstr(posted, "Lò"));
    assert_null(strstr(shown, "Lò"));

    g_autofree char *path = g_strconcat("/reports/", text_in(notice, "id"), NULL);
    json_decref(call(world, "PATCH", path, "{\"answer\":\"Đã đến nơi.\"}", false, 200));
    g_autoptr(Json) change = next_report(socket);
    assert_string_equal(text_in(change, "state"), "answered");
    close(socket);
    g_autoptr(GString) read = g_string_new(NULL), refused = g_string_new(NULL);
    assert_int_equal(follow(world, text_in(sent, "number"), text_in(sent, "secret"), read), 200);
    assert_non_null(strstr(read->str, "Đã đến nơi."));
    assert_int_equal(follow(world, text_in(sent, "number"), "guessed", refused), 404);

    stop(world);
    guint held = files_of(world, 0), others = files_of(world, 1);
    assert_true(held > 0 && others > 0);
    lose_catalog_and_room(world);
    assert_true(files_of(world, 0) > held);
    assert_true(files_of(world, 1) <= others);
}

/* ---- a case ---- */

static char *token_of(const World *world, const char *role)
{
    char *out = NULL;
    assert_int_equal(run_vonglau(&out, NULL, "token", "create", "--role", role, "--purpose", "test",
                                 "--data", world->data, NULL),
                     0);
    return g_strstrip(out);
}

/* Whoever does not work on cases changes none, nor the auditor, who reads them. */
static void refuse_others(World *world, const char *path)
{
    static const struct {
        const char *method, *below, *body;
    } steps[] = {
        {"PATCH", "", "{\"revision\":1,\"state\":\"searching\"}"},
        {"POST", "/items", "{\"kind\":\"note\",\"text\":\"x\"}"},
        {"POST", "/holds", "{\"confirm\":true}"},
        {"DELETE", "/items/1", NULL},
    };
    static const char *const roles[] = {"household", "auditor"};
    char *admin = world->api.token;
    for (size_t r = 0; r < G_N_ELEMENTS(roles); r++) {
        g_autofree char *token = token_of(world, roles[r]);
        world->api.token = token;
        for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
            g_autofree char *at = g_strconcat(path, steps[i].below, NULL);
            json_decref(call(world, steps[i].method, at, steps[i].body, false, 403));
        }
        json_decref(
            call(world, "GET", path, NULL, false, strcmp(roles[r], "auditor") == 0 ? 200 : 403));
    }
    world->api.token = admin;
}

static void what_is_held_for_a_case_outlives_a_full_disk_and_the_catalog(void **state)
{
    World *world = *state;
    char from[TIME_TEXT], to[TIME_TEXT];
    serve(world);
    int64_t now_us = clock_wall_us();
    time_text(now_us - 10 * MINUTE_US, from);
    time_text(now_us, to);
    g_autofree char *told =
        g_strdup_printf("{\"kind\":\"theft\",\"from\":\"%s\",\"to\":\"%s\"}", from, to);
    g_autoptr(Json) opened = call(world, "POST", "/cases", told, false, 201);
    g_autofree char *path = g_strconcat("/cases/", text_in(opened, "number"), NULL);
    g_autofree char *items = g_strconcat(path, "/items", NULL);
    g_autofree char *footage =
        g_strdup_printf("{\"kind\":\"footage\",\"camera\":\"%s\",\"from\":\"%s\",\"to\":\"%s\"}",
                        world->ids[1], from, to);
    json_decref(call(world, "POST", items, footage, false, 201));
    refuse_others(world, path);
    g_autoptr(Json) after = call(world, "GET", path, NULL, false, 200);
    assert_string_equal(text_in(after, "state"), "preserved");
    stop(world);
    guint held = files_of(world, 1);
    assert_true(held > 0);
    lose_catalog_and_room(world);
    assert_true(files_of(world, 1) > held);
}

/* ---- pictures and videos ---- */

/* A video by its first bytes, of no sense behind them. */
static GByteArray *made_video(size_t size)
{
    static const uint8_t head[] = "\0\0\0\x20"
                                  "ftypisom\0\0\2\0isomiso2avc1mp41";
    uint32_t seed = 1;
    GByteArray *video = g_byte_array_sized_new((guint)size);
    g_byte_array_set_size(video, (guint)size);
    for (size_t i = 0; i < size; i++)
        video->data[i] = (uint8_t)((seed = seed * 1664525 + 1013904223) >> 24);
    memcpy(video->data, head, sizeof head - 1);
    return video;
}

/* Sends the first `size` bytes from this address of the machine; 0: the server hung up. */
static long send_file_from(const char *address, const World *world, const char *path,
                           const char *secret, const void *bytes, size_t size, GString *text)
{
    long status = 0;
    g_autofree char *url = g_strconcat(world->api.url, path, NULL);
    g_autofree char *line = g_strconcat("X-Report-Secret: ", secret, NULL);
    struct curl_slist *headers = curl_slist_append(NULL, line);
    headers = curl_slist_append(headers, "Content-Type: image/jpeg");
    headers = curl_slist_append(headers, "Expect:");
    CURL *curl = curl_easy_init();
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_INTERFACE, address);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, bytes);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)size);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_answer);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, text);
    (void)curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_cleanup(curl);
    curl_slist_free_all(headers);
    return status;
}

static long send_file(const World *world, const char *path, const char *secret, const void *bytes,
                      size_t size, GString *text)
{
    return send_file_from("127.0.0.1", world, path, secret, bytes, size, text);
}

/* A connection to the server on which nothing was said yet. */
static int plain_connection(const Api *api)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)atoi(strrchr(api->url, ':') + 1)),
                             .sin_addr = {htonl(INADDR_LOOPBACK)}};
    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
    return fd;
}

/* The most memory the server ever had, in KiB. */
static int64_t peak_kib(const World *world)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/status", (int)world->server.pid);
    g_autofree char *text = NULL;
    assert_true(g_file_get_contents(path, &text, NULL, NULL));
    return g_ascii_strtoll(strstr(text, "VmHWM:") + 6, NULL, 10);
}

static guint left_in(const World *world, const char *name)
{
    g_autofree char *path = g_build_filename(world->data, "reports", name, NULL);
    g_autoptr(GPtrArray) names = folder_names(path);
    return names->len;
}

static void a_video_is_kept_to_the_byte_and_what_is_cut_off_or_no_video_leaves_nothing(void **state)
{
    enum { VIDEO = 60 << 20 };
    World *world = *state;
    char digest[SHA256_HEX];
    uint8_t hash[SHA256_BYTES];
    g_autofree char *body = told_at(world->location);
    g_autoptr(Json) sent = call(world, "POST", "/public/reports", body, true, 201);
    const char *secret = text_in(sent, "secret");
    g_autofree char *path =
        g_strdup_printf("/public/reports/%s/attachments", text_in(sent, "number"));
    g_autoptr(GByteArray) video = made_video(VIDEO);
    int64_t from_us = clock_wall_us(), before = peak_kib(world);
    g_autoptr(GString) kept = g_string_new(NULL), refused = g_string_new(NULL);
    assert_int_equal(send_file(world, path, secret, video->data, VIDEO, kept), 201);
    int64_t grown = peak_kib(world) - before;
    print_message("%d MiB taken in %.2f s, %d KiB more memory at the most\n", VIDEO >> 20,
                  (double)(clock_wall_us() - from_us) / 1e6, (int)grown);
    sha256(video->data, VIDEO, hash);
    hex_encode(hash, sizeof hash, digest);
    assert_non_null(strstr(kept->str, digest));
    assert_true(grown < 24 << 10);

    static const char page[] = "<!doctype html><script>alert(1)</script>";
    assert_int_equal(send_file(world, path, secret, page, sizeof page, refused), 422);
    assert_int_equal(send_file(world, path, "guessed", page, sizeof page, refused), 404);
    g_autoptr(GByteArray) huge = made_video(65 << 20);
    long status = send_file(world, path, secret, huge->data, huge->len, refused);
    assert_true(status == 413 || status == 0); /* hung up on before all was sent */
    int64_t until_us = clock_wall_us();

    char begun[512];
    int fd = plain_connection(&world->api);
    int size = g_snprintf(begun, sizeof begun,
                          "POST /api/v1%s HTTP/1.1\r\nHost: x\r\nX-Report-Secret: %s\r\n"
                          "Content-Length: 5000000\r\n\r\n\xff\xd8\xff and then no more",
                          path, secret);
    assert_int_equal(write(fd, begun, (size_t)size), size);
    for (int i = 0; i < 100 && left_in(world, "incoming") == 0; i++)
        sleep_ms(10);
    assert_int_equal(left_in(world, "incoming"), 1);
    close(fd);
    for (int i = 0; i < 200 && left_in(world, "incoming") > 0; i++)
        sleep_ms(10);
    assert_int_equal(left_in(world, "incoming"), 0);
    assert_int_equal(left_in(world, ""), 2); /* incoming, and the report's own */

    assert_int_equal(lost_between(world, from_us, until_us), 0);
}

enum { SLOW = 6 };

/* Each says that a large video is to come, and sends its first bytes. */
static void begin_slowly(World *world, const char *path, const char *secret, int fds[SLOW])
{
    for (int i = 0; i < SLOW; i++) {
        char begun[512];
        int size = g_snprintf(begun, sizeof begun,
                              "POST /api/v1%s HTTP/1.1\r\nHost: x\r\nX-Report-Secret: %s\r\n"
                              "Content-Length: 60000000\r\n\r\n\xff\xd8\xff",
                              path, secret);
        fds[i] = plain_connection(&world->api);
        assert_int_equal(write(fds[i], begun, (size_t)size), size);
    }
}

static void end_slowly(int fds[SLOW])
{
    for (int i = 0; i < SLOW; i++)
        close(fds[i]);
}

static long send_picture(World *world, const char *from, const char *path, const char *secret)
{
    static const char picture[] = "\xff\xd8\xff\xe0\0\x10JFIF\0\1\1";
    g_autoptr(GString) answer = g_string_new(NULL);
    return send_file_from(from, world, path, secret, picture, sizeof picture, answer);
}

static void who_sends_slowly_takes_no_place_of_others_and_who_guesses_a_secret_none(void **state)
{
    World *world = *state;
    int guessed[SLOW], known[SLOW];
    long status = 503;
    serve(world);
    g_autofree char *body = told_at(world->location);
    g_autoptr(Json) sent = call(world, "POST", "/public/reports", body, true, 201);
    const char *secret = text_in(sent, "secret");
    g_autofree char *path =
        g_strdup_printf("/public/reports/%s/attachments", text_in(sent, "number"));
    begin_slowly(world, path, "guessed", guessed);
    for (int i = 0; i < 100 && status == 503; i++) { /* they are asked before they are refused */
        status = send_picture(world, "127.0.0.1", path, secret);
        sleep_ms(status == 503 ? 50 : 0);
    }
    assert_int_equal(status, 201);
    assert_int_equal(left_in(world, "incoming"), 0);
    end_slowly(guessed);

    begin_slowly(world, path, secret, known);
    for (int i = 0; i < 1000 && left_in(world, "incoming") < SLOW / 2; i++)
        sleep_ms(10);
    assert_int_equal(send_picture(world, "127.0.0.1", path, secret), 503);
    assert_int_equal(send_picture(world, "127.0.0.2", path, secret), 201);
    end_slowly(known);
    stop(world);
}

static void a_thousand_reports_in_a_minute_leave_recording_alone(void **state)
{
    World *world = *state;
    unsigned taken = 0, waits = 0;
    serve(world);
    g_autofree char *body = told_at(world->location);
    g_autofree char *url = g_strconcat(world->api.url, "/public/reports", NULL);
    int64_t from_us = clock_wall_us();
    for (int i = 0; i < FLOOD; i++) {
        char *answer = NULL;
        int status = http_call("POST", url, NULL, body, &answer, NULL);
        taken += status == 201;
        waits += status == 429;
        g_free(answer);
    }
    int64_t until_us = clock_wall_us();
    print_message("%u taken, %u told to wait in %.1f s\n", taken, waits,
                  (double)(until_us - from_us) / 1e6);
    assert_int_equal(taken + waits, FLOOD);
    assert_in_range(taken, 1, 200);
    assert_int_equal(lost_between(world, from_us, until_us), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        /* the one with the flood comes last: it uses up what all may tell */
        cmocka_unit_test(
            a_video_is_kept_to_the_byte_and_what_is_cut_off_or_no_video_leaves_nothing),
        cmocka_unit_test(who_sends_slowly_takes_no_place_of_others_and_who_guesses_a_secret_none),
        cmocka_unit_test(
            a_report_is_told_at_once_and_its_footage_outlives_a_full_disk_and_the_catalog),
        cmocka_unit_test(what_is_held_for_a_case_outlives_a_full_disk_and_the_catalog),
        cmocka_unit_test(a_thousand_reports_in_a_minute_leave_recording_alone),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
