/* A camera whose pictures are lost on the way: all that came are recorded, but nobody is shown what
 * refers to the lost ones (CAMERAS.md R17). */
#include "app_socket.h"
#include "base/bytes.h"
#include "base/secret.h"
#include "footage.h"
#include "live/message.h"
#include "media/fmp4_write.h"
#include "media/sim_sei.h"
#include "scripted_camera.h"
#include "unit.h"

#include <curl/curl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

enum {
    TORN = 5,    /* the picture of each second that arrives without its last packet */
    DROPPED = 1, /* it alone: the next one begins as others do */
    PICTURES = 60,
    PATIENCE_MS = 10000,
};

static void lose_a_packet(const ScriptPicture *picture, GArray *packets)
{
    if (picture->number % SCRIPT_KEY_EVERY == TORN)
        g_array_set_size(packets, packets->len - 1);
}

static const CameraScript script = {.packets = lose_a_packet};

/* The number in the mark of a picture as a viewer gets it; -1: an init part. */
static int64_t number_of(const GByteArray *message)
{
    const size_t head = LIVE_HEADER + FMP4_PICTURE_HEAD;
    SimSei mark;
    if (message->data[1] & LIVE_INIT)
        return -1;
    assert_true(message->len > head);
    assert_true(sim_sei_parse(CODEC_H264, message->data + head, message->len - head, &mark));
    return (int64_t)mark.number;
}

/* What is shown to a viewer of the camera: only the pictures of each second before the torn one. */
static void watch(int fd)
{
    int64_t before = -1, told = 0;
    for (unsigned shown = 0; shown < PICTURES;) {
        bool is_text;
        g_autoptr(GByteArray) message = app_socket_next(fd, &is_text);
        if (is_text) {
            g_autoptr(Json) json = json_parse((const char *)message->data, message->len, NULL);
            if (strcmp(text_in(json, "op"), "lost") == 0)
                told += json_integer_value(json_object_get(json, "pictures"));
            continue;
        }
        int64_t number = number_of(message);
        if (number < 0)
            continue;
        if (number % SCRIPT_KEY_EVERY >= TORN)
            fail_msg("picture %d behind a loss was shown", (int)number);
        if (before >= 0 && number != before + 1) {
            assert_int_equal(number % SCRIPT_KEY_EVERY, 0);
            assert_int_equal(told, SCRIPT_KEY_EVERY - TORN - DROPPED);
        }
        told = 0;
        before = number;
        shown++;
    }
}

static void what_refers_to_lost_pictures_is_recorded_but_not_shown(void **state)
{
    g_autofree char *data = temp_folder();
    Server server = server_start(data);
    Api api = api_open(&server);
    ScriptedCamera *camera = scripted_camera_new("lossy", &script);
    g_autofree char *id = api_add_camera(&api, "lossy", scripted_camera_url(camera), NULL, NULL);
    api_wait_recorded(&api, id, PATIENCE_MS);
    int fd = app_socket_open(&api, PATIENCE_MS);
    g_autofree char *ask =
        g_strdup_printf("{\"op\":\"subscribe\",\"camera\":\"%s\",\"stream\":\"main\"}", id);
    app_socket_send(fd, ask);
    watch(fd);
    close(fd);
    assert_int_equal(server_stop(&server, SIGTERM), 0);
    g_auto(Footage) footage = footage_read(data, id);
    footage_assert_in_order(&footage, "lossy");
    unsigned behind = 0;
    for (guint i = 0; i < footage.pictures->len; i++) {
        uint64_t place = g_array_index(footage.pictures, Picture, i).number % SCRIPT_KEY_EVERY;
        assert_false(place >= TORN && place < TORN + DROPPED);
        behind += place > TORN;
    }
    assert_true(behind > PICTURES);
    footage_assert_verifies(data);
    scripted_camera_free(camera);
    api_close(&api);
    remove_tree(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_refers_to_lost_pictures_is_recorded_but_not_shown),
    };
    secret_init();
    curl_global_init(CURL_GLOBAL_DEFAULT);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
