/* A camera of the simulator that is masked while somebody watches it: what comes from then on is
 * covered, live and recorded. */
#include "app_socket.h"
#include "base/clock.h"
#include "base/secret.h"
#include "base/time_text.h"
#include "http/covered.h"
#include "live/message.h"
#include "unit.h"

#include <curl/curl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

enum { PATIENCE_MS = 30000, PICTURES = 10, FRAMES_MOST = 3000 };

/* The film that comes since the newest “subscribed”, until so many pictures of a stream that is
 * masked, or not, have come. Returned owned. */
static GByteArray *watch(int fd, bool masked)
{
    unsigned pictures = 0;
    bool is = false, any = false;
    GByteArray *film = g_byte_array_new();
    for (int i = 0; i < FRAMES_MOST; i++) {
        bool is_text;
        g_autoptr(GByteArray) message = app_socket_next(fd, &is_text);
        if (!is_text) {
            bool picture = !(message->data[1] & (LIVE_INIT | LIVE_FILLER));
            if (message->data[1] & LIVE_FILLER)
                continue;
            g_byte_array_append(film, message->data + LIVE_HEADER, message->len - LIVE_HEADER);
            pictures += picture;
            if (any && is == masked && pictures >= PICTURES)
                return film;
            continue;
        }
        g_autoptr(Json) json = json_parse((const char *)message->data, message->len, NULL);
        if (strcmp(text_in(json, "op"), "subscribed") != 0)
            continue;
        any = true;
        is = json_is_true(json_object_get(json, "masked"));
        pictures = 0;
        g_byte_array_set_size(film, 0);
    }
    fail_msg("no %s pictures came", masked ? "masked" : "bare");
    return film;
}

static void draw(const Api *api, const char *id)
{
    g_autofree char *url = g_strdup_printf("%s/cameras/%s/masks", api->url, id), *answer = NULL;
    size_t size;
    assert_int_equal(http_call("POST", url, api->token,
                               "{\"name\":\"Cửa sổ nhà dân\",\"points\":" COVERED_POINTS "}",
                               &answer, &size),
                     201);
}

static Buffer *still(const Api *api, const char *id)
{
    g_autofree char *url = g_strdup_printf("%s/cameras/%s/snapshot.jpg", api->url, id);
    g_autofree char *answer = NULL;
    size_t size;
    assert_int_equal(http_call("GET", url, api->token, NULL, &answer, &size), 200);
    return buffer_copy(answer, size);
}

/* What the command says on its standard error, and whether it cut a clip of a camera that is
 * masked. */
static bool cuts_a_clip(const char *data, const char *id, const char *how)
{
    char from[TIME_TEXT], to[TIME_TEXT];
    g_autofree char *out = g_build_filename(data, "clip.mp4", NULL), *told = NULL;
    int64_t now = clock_wall_us();
    time_text(now - 3 * SECOND_US, from);
    time_text(now - SECOND_US, to);
    int status = run_vonglau(NULL, &told, "clip", "--data", data, "--camera", id, "--from", from,
                             "--to", to, "--out", out, how, NULL);
    assert_true(status == 0 || strstr(told, "--unmasked"));
    return status == 0 && g_file_test(out, G_FILE_TEST_EXISTS);
}

static void a_camera_that_is_masked_is_covered_in_the_running_view(void **state)
{
    unsigned pictures;
    g_autofree char *data = temp_folder();
    Sim sim = sim_start(1);
    Server server = server_start(data);
    Api api = api_open(&server);
    g_autofree char *id = api_add_sim_camera(&api, "Cổng chợ", sim_camera(&sim, 0));
    api_wait_recorded(&api, id, PATIENCE_MS);
    int fd = app_socket_open(&api, PATIENCE_MS);
    g_autofree char *ask =
        g_strdup_printf("{\"op\":\"subscribe\",\"camera\":\"%s\",\"stream\":\"main\"}", id);
    app_socket_send(fd, ask);
    g_autoptr(GByteArray) bare = watch(fd, false);
    assert_false(covered_film(bare->data, bare->len, &pictures));
    draw(&api, id);
    g_autoptr(GByteArray) masked = watch(fd, true);
    assert_true(covered_film(masked->data, masked->len, &pictures));
    assert_true(pictures > 0);
    g_autoptr(Buffer) jpeg = still(&api, id);
    assert_true(covered_jpeg(jpeg));
    assert_false(cuts_a_clip(data, id, NULL));
    assert_true(cuts_a_clip(data, id, "--unmasked"));
    close(fd);
    assert_int_equal(server_stop(&server, SIGTERM), 0);
    sim_stop(&sim);
    api_close(&api);
    remove_tree(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_camera_that_is_masked_is_covered_in_the_running_view),
    };
    secret_init();
    curl_global_init(CURL_GLOBAL_DEFAULT);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
