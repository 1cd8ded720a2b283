/* Live pictures of a camera with a privacy mask, over real sockets: covered for everyone from the
 * moment it is drawn, but for who may see without for some minutes. */
#include "audit_rows.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "client.h"
#include "covered.h"
#include "live/message.h"
#include "live_client.h"
#include "make_video.h"
#include "unit.h"

#include <poll.h>
#include <string.h>
#include <unistd.h>

enum { PICTURES = 300, PATIENCE_MS = 30000, PACE_MS = 40 };

/* A camera that sends, and somebody who watches it. */
typedef struct Scene {
    House *house;
    MadeVideo *video;
    guint sent;
    char *officer;
    int fd;
    GByteArray *film; /* since the newest “subscribed” */
    unsigned pictures;
    bool masked, transcoded; /* as it told */
    unsigned told;           /* “subscribed” that came */
} Scene;

static int set_up(void **state)
{
    Scene *scene = g_new0(Scene, 1);
    open_served(state);
    scene->house = *state;
    const VideoRecipe recipe = {
        .width = 320, .height = 180, .fps = 10, .pictures = PICTURES, .key_interval = 5};
    scene->video = make_video(&recipe);
    scene->film = g_byte_array_new();
    scene->officer = house_session(scene->house, ROLE_OFFICER);
    scene->fd = open_with(scene->house, scene->officer);
    *state = scene;
    return 0;
}

static int tear_down(void **state)
{
    Scene *scene = *state;
    void *house = scene->house;
    close(scene->fd);
    made_video_free(scene->video);
    g_byte_array_unref(scene->film);
    g_free(scene->officer);
    g_free(scene);
    return house_close(&house);
}

static void publish(Scene *scene)
{
    assert_true(scene->sent < scene->video->units->len);
    AccessUnit *unit = scene->video->units->pdata[scene->sent++];
    unit->run = 1;
    unit->capture_us = unit->arrival_us = clock_now_us();
    hub_publish(scene->house->hub, unit);
}

static void take_text(Scene *scene, const Buffer *frame)
{
    g_autoptr(Json) json = json_parse((const char *)frame->data, frame->size, NULL);
    const char *op = json_string_value(json_object_get(json, "op"));
    if (g_strcmp0(op, "subscribed") != 0)
        return;
    scene->told++;
    scene->masked = json_is_true(json_object_get(json, "masked"));
    scene->transcoded = json_is_true(json_object_get(json, "transcoded"));
    g_byte_array_set_size(scene->film, 0);
    scene->pictures = 0;
}

/* False: nothing comes within so many milliseconds. */
static bool take_frame(Scene *scene, int wait_ms)
{
    unsigned opcode;
    struct pollfd wait = {.fd = scene->fd, .events = POLLIN};
    if (poll(&wait, 1, wait_ms) <= 0)
        return false;
    g_autoptr(Buffer) frame = read_frame(scene->fd, &opcode);
    assert_non_null(frame);
    if (opcode == 1) {
        take_text(scene, frame);
    } else if (frame->size > LIVE_HEADER && !(frame->data[1] & LIVE_FILLER)) {
        scene->pictures += !(frame->data[1] & LIVE_INIT);
        g_byte_array_append(scene->film, frame->data + LIVE_HEADER,
                            (guint)frame->size - LIVE_HEADER);
    }
    return true;
}

/* The camera sends until so many pictures have come of a stream told by then. */
static void watch_until(Scene *scene, unsigned told, unsigned pictures)
{
    for (int ms = 0; ms < PATIENCE_MS; ms += PACE_MS) {
        if (scene->sent < scene->video->units->len)
            publish(scene);
        while (take_frame(scene, PACE_MS))
            if (scene->told >= told && scene->pictures >= pictures)
                return;
    }
    fail_msg("%u pictures, told %u times", scene->pictures, scene->told);
}

static bool is_covered(const Scene *scene)
{
    unsigned pictures;
    bool covered = covered_film(scene->film->data, scene->film->len, &pictures);
    assert_true(pictures > 0);
    return covered;
}

static char *post(Scene *scene, Role role, const char *method, const char *path, const char *body,
                  int status)
{
    g_auto(ApiResponse) response = {0};
    g_autofree char *own = role == ROLE_OFFICER ? NULL : house_session(scene->house, role);
    g_autofree char *what = g_strdup_printf("%s /api/v1%s", method, path);
    house_ask(scene->house, own ? own : scene->officer, what, body, &response);
    assert_int_equal(response.status, status);
    return g_strdup(json_string_value(json_object_get(response.json, "id")));
}

static void draw(Scene *scene)
{
    char camera[UUID_TEXT];
    g_autofree char *path =
        g_strdup_printf("/cameras/%s/masks", uuid_text(&scene->house->camera, camera));
    g_free(post(scene, ROLE_ADMIN, "POST", path, "{\"name\":\"Sân\",\"points\":" COVERED_POINTS "}",
                201));
}

static void who_watches_sees_it_covered(void **state)
{
    Scene *scene = *state;
    draw(scene);
    publish(scene);
    subscribe(scene->house, scene->fd);
    watch_until(scene, 1, 8);
    assert_true(scene->masked && scene->transcoded);
    assert_true(is_covered(scene));
}

static void after_the_answer_no_picture_comes_without_the_mask(void **state)
{
    Scene *scene = *state;
    publish(scene);
    subscribe(scene->house, scene->fd);
    watch_until(scene, 1, 8);
    assert_false(scene->masked);
    assert_false(is_covered(scene)); /* or what follows shows nothing */
    while (take_frame(scene, 300)) {
    }
    const unsigned before = scene->pictures, told = scene->told;
    draw(scene);
    for (int i = 0; i < 5; i++)
        publish(scene);
    while (scene->told == told && take_frame(scene, 2000))
        assert_int_equal(scene->told == told ? scene->pictures : before, before);
    watch_until(scene, told + 1, 8);
    assert_true(scene->masked);
    assert_true(is_covered(scene));
}

/* The officer's, approved by the commander; its id, returned owned. */
static char *lift(Scene *scene)
{
    char camera[UUID_TEXT];
    g_autofree char *body = g_strdup_printf("{\"camera\":\"%s\",\"reason\":\"routine-check\"}",
                                            uuid_text(&scene->house->camera, camera));
    char *id = post(scene, ROLE_OFFICER, "POST", "/mask-liftings", body, 201);
    g_autofree char *path = g_strdup_printf("/mask-liftings/%s/approval", id);
    g_free(post(scene, ROLE_COMMANDER, "POST", path, "{\"approve\":true}", 200));
    return id;
}

static unsigned audited(Scene *scene, const char *action)
{
    unsigned count = 0;
    assert_true(audit_flush(scene->house->audit, NULL));
    g_autoptr(GPtrArray) rows = audit_rows(scene->house->audit, 100);
    for (guint i = 0; i < rows->len; i++)
        count += g_str_equal(((const AuditRow *)rows->pdata[i])->action, action);
    return count;
}

static void a_lifting_shows_it_bare_and_ends_in_the_running_view(void **state)
{
    Scene *scene = *state;
    draw(scene);
    publish(scene);
    subscribe(scene->house, scene->fd);
    watch_until(scene, 1, 3);
    assert_true(scene->masked);
    unsigned told = scene->told;
    g_autofree char *id = lift(scene), *path = g_strdup_printf("/mask-liftings/%s", id);
    watch_until(scene, told + 1, 8);
    assert_false(scene->masked);
    assert_false(is_covered(scene));
    assert_int_equal(audited(scene, "live-unmasked"), 1);
    while (take_frame(scene, 300)) {
    }
    told = scene->told;
    g_free(post(scene, ROLE_OFFICER, "DELETE", path, NULL, 200));
    watch_until(scene, told + 1, 8);
    assert_true(scene->masked);
    assert_true(is_covered(scene));
    assert_int_equal(audited(scene, "live-unmasked-end"), 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(who_watches_sees_it_covered),
        TEST(after_the_answer_no_picture_comes_without_the_mask),
        TEST(a_lifting_shows_it_bare_and_ends_in_the_running_view),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
