/* Thumbnails of simulated cameras: one each ten seconds, of the right camera and moment, and still
 * there after a kill. */
#include "base/buffer.h"
#include "base/clock.h"
#include "base/time_text.h"
#include "cameras_api.h"
#include "footage.h"
#include "jpeg_decode.h"
#include "unit.h"

#include <signal.h>
#include <string.h>

enum { CAMERAS = 3, SLOTS = 3, BLOCKS = 40, NEAR_US = 300000 };

/* Enough for three slots that are settled, wherever in a slot it begins. */
enum { RECORD_MS = 46000 };

typedef struct World {
    Sim sim;
    char *data;
    Server server;
    Api api;
    char *ids[CAMERAS];
    int64_t recorded_us, asked_us; /* since when; when the thumbnails were looked at first */
} World;

static World world;

static int64_t first_slot(void)
{
    return world.recorded_us / (10 * SECOND_US) + 1;
}

static char *address(const char *id, int64_t at_us)
{
    char time[TIME_TEXT];
    return g_strdup_printf("%s/cameras/%s/thumbnail.jpg?at=%s", world.api.url, id,
                           time_text(at_us, time));
}

/* The JPEG, owned; the time that the answer tells goes into `*time_us`. */
static Buffer *thumbnail(const char *id, int64_t at_us, int64_t *time_us)
{
    g_autofree char *url = address(id, at_us), *answer = NULL, *headers = NULL;
    size_t size = 0;
    assert_int_equal(http_call_headers("GET", url, world.api.token, NULL, &answer, &size, &headers),
                     200);
    const char *told = strstr(headers, "footage-time: ");
    assert_non_null(told);
    g_autofree char *text = g_strndup(told + 14, strcspn(told + 14, "\r\n"));
    assert_true(time_parse(text, time_us));
    return buffer_copy(answer, size);
}

/* The number in the strip along the bottom edge, as sim/README.md says; fails when its check bits
 * do not fit. */
static uint32_t strip_number(const Buffer *jpeg)
{
    AVFrame *frame = jpeg_decode(jpeg);
    int y = frame->height - 1 - frame->height / 48;
    uint8_t light[BLOCKS];
    for (int i = 0; i < BLOCKS; i++)
        light[i] = frame->data[0][y * frame->linesize[0] + (2 * i + 1) * frame->width / 80];
    int threshold = (light[0] + light[1]) / 2;
    uint32_t number = 0, check = 0, sum = 0;
    for (int i = 0; i < 32; i++)
        number = number << 1 | (light[2 + i] > threshold);
    for (int i = 0; i < 4; i++)
        check = check << 1 | (light[34 + i] > threshold);
    for (int shift = 0; shift < 32; shift += 4)
        sum ^= number >> shift & 15;
    assert_int_equal(check, sum);
    assert_in_range(frame->width, 160, 320);
    av_frame_free(&frame);
    return number;
}

static int64_t number_in(const Json *object, const char *member)
{
    return (int64_t)json_integer_value(json_object_get(object, member));
}

/* Was this place of its scene sent by the camera at that time? */
static bool was_sent(int camera, uint32_t place, int64_t at_us)
{
    const Json *facts = sim_camera(&world.sim, camera);
    g_autoptr(Json) sent = sim_sent(&world.sim, text_in(facts, "name"), "sub");
    for (size_t i = 0; i < json_array_size(sent); i++) {
        const Json *picture = json_array_get(sent, i);
        int64_t off_us = number_in(picture, "sent_us") - at_us;
        int64_t shown = (number_in(picture, "number") + number_in(facts, "shift")) %
                        number_in(facts, "pictures");
        if (shown == place && off_us > -NEAR_US && off_us < NEAR_US)
            return true;
    }
    return false;
}

static int set_up(void **state)
{
    world.sim = sim_start(CAMERAS);
    world.data = temp_folder();
    world.server = server_start(world.data);
    world.api = api_open(&world.server);
    for (int i = 0; i < CAMERAS; i++) {
        const Json *facts = sim_camera(&world.sim, i);
        g_autoptr(Json) body =
            json_pack("{s:s, s:s, s:s, s:s, s:s}", "name", text_in(facts, "name"), "url",
                      text_in(facts, "main"), "sub_url", text_in(facts, "sub"), "user",
                      text_in(facts, "user"), "password", text_in(facts, "password"));
        world.ids[i] = api_add(&world.api, body);
    }
    for (int i = 0; i < CAMERAS; i++)
        api_wait_recorded(&world.api, world.ids[i], 10000);
    world.recorded_us = clock_wall_us();
    sleep_ms(RECORD_MS);
    world.asked_us = clock_wall_us();
    return 0;
}

static int tear_down(void **state)
{
    server_stop(&world.server, SIGKILL);
    sim_stop(&world.sim);
    api_close(&world.api);
    remove_tree(world.data);
    return 0;
}

static void each_ten_seconds_have_a_thumbnail_of_that_camera_and_moment(void **state)
{
    for (int i = 0; i < CAMERAS; i++) {
        int64_t before_us = 0;
        for (int64_t slot = first_slot(); slot < first_slot() + SLOTS; slot++) {
            int64_t time_us = 0;
            g_autoptr(Buffer) jpeg = thumbnail(world.ids[i], (slot * 10 + 1) * SECOND_US, &time_us);
            assert_int_equal(time_us / (10 * SECOND_US), slot);
            assert_true(time_us > before_us);
            assert_true(was_sent(i, strip_number(jpeg), time_us));
            before_us = time_us;
        }
    }
}

static void a_moment_without_footage_has_none(void **state)
{
    g_autofree char *past = address(world.ids[0], world.recorded_us - MINUTE_US);
    json_decref(http_problem("GET", past, world.api.token, NULL, 404));
    g_autofree char *other = address("11111111-1111-4111-8111-111111111111", world.recorded_us);
    json_decref(http_problem("GET", other, world.api.token, NULL, 404));
    g_autofree char *timeless =
        g_strdup_printf("%s/cameras/%s/thumbnail.jpg", world.api.url, world.ids[0]);
    json_decref(http_problem("GET", timeless, world.api.token, NULL, 400));
}

static void the_status_tells_how_a_camera_is_looked_at(void **state)
{
    g_autoptr(Json) status = api_camera_status(&world.api, world.ids[0]);
    const Json *eye = json_object_get(status, "eye");
    assert_string_not_equal(text_in(eye, "mode"), "off");
    assert_string_equal(text_in(eye, "cause"), "");
}

static void a_kill_loses_no_thumbnail_but_the_last(void **state)
{
    server_stop(&world.server, SIGKILL);
    api_close(&world.api);
    world.server = server_start(world.data);
    world.api = api_open(&world.server);
    for (int i = 0; i < CAMERAS; i++) {
        api_wait_recorded(&world.api, world.ids[i], 10000);
        for (int64_t slot = first_slot(); slot < first_slot() + SLOTS; slot++) {
            int64_t time_us = 0;
            g_autoptr(Buffer) jpeg = thumbnail(world.ids[i], (slot * 10 + 1) * SECOND_US, &time_us);
            assert_int_equal(time_us / (10 * SECOND_US), slot);
        }
    }
    footage_assert_verifies(world.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_ten_seconds_have_a_thumbnail_of_that_camera_and_moment),
        cmocka_unit_test(a_moment_without_footage_has_none),
        cmocka_unit_test(the_status_tells_how_a_camera_is_looked_at),
        cmocka_unit_test(a_kill_loses_no_thumbnail_but_the_last),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
