#include "burnt_copy.h"

#include "base/clock.h"
#include "base/time_text.h"
#include "burnt.h"
#include "casework/copy_text.h"
#include "footage.h"
#include "make_video.h"
#include "unit.h"

#include <string.h>

enum { WAIT_MS = 20000, STRIP_PX = 160 };

static char *ask(const Api *api, const char *camera, int64_t from_us, int64_t to_us)
{
    char from[TIME_TEXT], to[TIME_TEXT];
    size_t size = 0;
    g_autofree char *url = g_strconcat(api->url, "/exports", NULL), *answer = NULL;
    g_autofree char *body =
        g_strdup_printf("{\"cameras\":[\"%s\"],\"from\":\"%s\",\"to\":\"%s\",\"burn_in\":true}",
                        camera, time_text(from_us, from), time_text(to_us, to));
    assert_int_equal(http_call("POST", url, api->token, body, &answer, &size), 202);
    g_autoptr(Json) job = json_parse(answer, size, NULL);
    return g_strdup_printf("%s/%s", url, text_in(job, "id"));
}

static void wait_done(const Api *api, const char *url)
{
    for (int i = 0; i < WAIT_MS / 50; i++) {
        g_autoptr(Json) job = http_json(url, api->token);
        if (strcmp(text_in(job, "state"), "done") == 0)
            return;
        if (strcmp(text_in(job, "state"), "failed") == 0)
            fail_msg("the copy failed: %s", text_in(job, "error"));
        sleep_ms(50);
    }
    fail_msg("the copy was not done within %d s", WAIT_MS / 1000);
}

static char *fetch(const Api *api, const char *data, const char *url)
{
    size_t size = 0;
    g_autofree char *file_url = g_strconcat(url, "/file", NULL), *bytes = NULL;
    assert_int_equal(http_call("GET", file_url, api->token, NULL, &bytes, &size), 200);
    char *file = g_build_filename(data, "copy.mp4", NULL);
    assert_true(g_file_set_contents(file, bytes, (gssize)size, NULL));
    return file;
}

/* Brightness of the upper edge of all pictures, one after another. Returned owned. */
static uint8_t *upper_edges(const char *data, const char *file, int *width, int *height,
                            size_t *count)
{
    char *bytes = NULL;
    gsize size;
    g_autofree char *raw = g_build_filename(data, "copy.raw", NULL);
    g_autofree char *probe = g_strdup_printf(
        "ffprobe -v error -select_streams v -show_entries stream=width,height -of csv=p=0 %s",
        file);
    g_autofree char *said = run_program(probe);
    g_auto(GStrv) px = g_strsplit(said, ",", 2);
    *width = (int)g_ascii_strtoll(px[0], NULL, 10);
    *height = (int)g_ascii_strtoll(px[1], NULL, 10);
    g_autofree char *command =
        g_strdup_printf("ffmpeg -y -v error -i %s -map 0:v -fps_mode passthrough "
                        "-enc_time_base:v 1:90000 -vf "
                        "extractplanes=y,crop=iw:%d:0:0 -f rawvideo %s",
                        file, STRIP_PX, raw);
    g_free(run_program(command));
    assert_true(g_file_get_contents(raw, &bytes, &size, NULL));
    *count = size / ((size_t)*width * STRIP_PX);
    return (uint8_t *)bytes;
}

void burnt_copy_assert(const Api *api, const char *data, const char *camera, int64_t from_us,
                       int64_t to_us)
{
    int width, height;
    size_t count, at = 0;
    bool gap = false;
    from_us -= from_us % 1000; /* as a request tells times */
    to_us -= to_us % 1000;
    g_autofree char *url = ask(api, camera, from_us, to_us);
    wait_done(api, url);
    g_autofree char *file = fetch(api, data, url);
    g_autofree uint8_t *edges = upper_edges(data, file, &width, &height, &count);
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier("Asia/Ho_Chi_Minh");
    g_auto(Footage) footage = footage_read(data, camera);
    int64_t before_us = 0;
    for (guint i = 0; i < footage.pictures->len; i++) {
        int64_t capture_us = g_array_index(footage.pictures, Picture, i).capture_us;
        if (capture_us < from_us || capture_us > to_us)
            continue;
        bool card = before_us && capture_us - before_us > SECOND_US / 2;
        gap |= card;
        at += card;
        before_us = capture_us;
        g_autofree char *clock = copy_clock_text(capture_us, zone, true);
        g_autofree char *after = copy_clock_text(capture_us + SECOND_US / 10, zone, true);
        const BurntEdge edge = {edges + at * (size_t)width * STRIP_PX, width, width, height};
        if (at >= count || !burnt_is_there(&edge, 1, clock, after))
            fail_msg("picture %zu of %zu does not show %s", at, count, clock);
        at++;
    }
    assert_true(gap);
    assert_int_equal(at, count);
    size_t size = 0;
    assert_int_equal(http_call("DELETE", url, api->token, NULL, NULL, &size), 204);
}
