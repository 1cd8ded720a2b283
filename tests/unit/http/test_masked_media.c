/* No route gives a picture of a camera with a privacy mask without it, made from the table of
 * routes; but to who may see without for some minutes. */
#include "api_ask.h"
#include "archive/thumbnails.h"
#include "audit_rows.h"
#include "base/clock.h"
#include "base/time_text.h"
#include "covered.h"
#include "http/api/routes.h"
#include "make_video.h"
#include "picture/picture.h"
#include "unit.h"

#include <string.h>

enum { RECORDED_S = 6 };

/* A camera with footage, a thumbnail, an event with a picture. */
typedef struct Scene {
    House *house;
    int64_t from_us;
    Uuid event;
    char *segment;         /* "segments/….mp4" */
    char *sessions[ROLES]; /* NULL: not yet */
} Scene;

static const char *session_of(Scene *scene, Role role)
{
    if (!scene->sessions[role])
        scene->sessions[role] = house_session(scene->house, role);
    return scene->sessions[role];
}

static void close_scene(Scene *scene)
{
    for (int i = 0; i < ROLES; i++)
        g_free(scene->sessions[i]);
    g_free(scene->segment);
}

/* What is to come of a route. */
typedef enum Look { LOOK_JPEG, LOOK_FILM, LOOK_NOTHING } Look;

static char *path_of(const Scene *scene, const char *tail)
{
    char camera[UUID_TEXT];
    return g_strdup_printf("GET /api/v1/cameras/%s/%s", uuid_text(&scene->house->camera, camera),
                           tail);
}

static char *span_of(const Scene *scene)
{
    char from[TIME_TEXT], to[TIME_TEXT];
    return g_strdup_printf("from=%s&to=%s", time_text(scene->from_us, from),
                           time_text(scene->from_us + RECORDED_S * SECOND_US, to));
}

static Buffer *picture_of(Codec codec)
{
    Buffer *jpeg;
    const VideoRecipe recipe = {
        .codec = codec, .width = 320, .height = 180, .fps = 10, .pictures = 1, .key_interval = 10};
    g_autoptr(MadeVideo) video = make_video(&recipe);
    assert_true(picture_jpeg_from_unit(video->units->pdata[0], 0, NULL, &jpeg, NULL));
    return jpeg;
}

static void wait_for_picture(Scene *scene)
{
    const char *officer = session_of(scene, ROLE_OFFICER);
    char id[UUID_TEXT];
    g_autofree char *what =
        g_strdup_printf("GET /api/v1/events/%s/picture.jpg", uuid_text(&scene->event, id));
    for (int i = 0; i < 1500; i++) {
        g_auto(ApiResponse) got = {0};
        house_ask(scene->house, officer, what, NULL, &got);
        if (got.status == 200)
            return;
        g_usleep(10000);
    }
    fail_msg("the event has no picture");
}

static Buffer *get(Scene *scene, Role role, const char *what, int status)
{
    g_auto(ApiResponse) response = {0};
    house_ask(scene->house, session_of(scene, role), what, NULL, &response);
    if (response.status != status)
        fail_msg("%s: %d", what, response.status);
    if (status >= 400)
        return NULL;
    if (response.bytes)
        return buffer_ref(response.bytes);
    Buffer *bytes = buffer_new(response.file->size);
    assert_true(
        response.file->read(response.file->data, 0, bytes->data, response.file->size, NULL));
    return bytes;
}

static void open_scene(Scene *scene, House *house, Codec codec)
{
    *scene = (Scene){.house = house};
    scene->from_us = house_record_as(house, codec, RECORDED_S);
    g_autoptr(Buffer) jpeg = picture_of(codec);
    Thumbnails *thumbnails = thumbnails_new(house->archive);
    thumbnails_put(thumbnails, &house->camera, scene->from_us + SECOND_US, jpeg);
    thumbnails_free(thumbnails);
    scene->event =
        events_begin(house->events, &house->camera, EVENT_MOVED, scene->from_us + SECOND_US, NULL);
    events_picture(house->events, &scene->event, jpeg->data, jpeg->size);
    wait_for_picture(scene);
    g_autofree char *span = span_of(scene);
    g_autofree char *tail = g_strconcat("playlist.m3u8?", span, NULL);
    g_autofree char *what = path_of(scene, tail);
    g_autoptr(Buffer) list = get(scene, ROLE_OFFICER, what, 200);
    g_autofree char *text = g_strndup((const char *)list->data, list->size);
    const char *at = strstr(text, "segments/");
    assert_non_null(at);
    scene->segment = g_strndup(at, strcspn(at, "\"\n"));
}

static char *post(Scene *scene, Role role, const char *path, const char *body, int status)
{
    g_auto(ApiResponse) response = {0};
    house_ask(scene->house, session_of(scene, role), path, body, &response);
    if (response.status != status)
        fail_msg("%s: %d", path, response.status);
    return g_strdup(json_string_value(json_object_get(response.json, "id")));
}

/* Its id, returned owned. */
static char *draw(Scene *scene)
{
    g_autofree char *get_it = path_of(scene, "masks");
    g_autofree char *what = g_strconcat("POST ", get_it + strlen("GET "), NULL);
    return post(scene, ROLE_ADMIN, what, "{\"name\":\"Sân nhà\",\"points\":" COVERED_POINTS "}",
                201);
}

/* All that a playlist names is fetched and joined: init part, parts. */
static Buffer *film_of(Scene *scene, Role role, const char *what)
{
    g_autoptr(Buffer) list = get(scene, role, what, 200);
    g_autofree char *text = g_strndup((const char *)list->data, list->size);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_autoptr(GByteArray) film = g_byte_array_new();
    bool init = false;
    for (char **line = lines; *line; line++) {
        const char *map = strstr(*line, "URI=\"");
        bool first = map && !init;
        if (!first && (**line == '#' || !**line))
            continue;
        g_autofree char *name = map ? g_strndup(map + 5, strcspn(map + 5, "\"")) : g_strdup(*line);
        g_autofree char *path = path_of(scene, name);
        if (!g_str_has_prefix(name, "h264/"))
            fail_msg("the playlist names %s", name);
        g_autoptr(Buffer) part = get(scene, role, path, 200);
        g_byte_array_append(film, part->data, (guint)part->size);
        init = true;
    }
    return buffer_copy(film->data, film->len);
}

/* ---- each route ---- */

static char *ask_snapshot(const Scene *scene)
{
    char at[TIME_TEXT];
    g_autofree char *tail =
        g_strdup_printf("snapshot.jpg?at=%s", time_text(scene->from_us + 2 * SECOND_US, at));
    return path_of(scene, tail);
}

static char *ask_thumbnail(const Scene *scene)
{
    char at[TIME_TEXT];
    g_autofree char *tail =
        g_strdup_printf("thumbnail.jpg?at=%s", time_text(scene->from_us + SECOND_US, at));
    return path_of(scene, tail);
}

static char *ask_clip(const Scene *scene)
{
    g_autofree char *span = span_of(scene), *tail = g_strconcat("clip.mp4?", span, NULL);
    return path_of(scene, tail);
}

static char *ask_playlist(const Scene *scene)
{
    g_autofree char *span = span_of(scene), *tail = g_strconcat("playlist.m3u8?", span, NULL);
    return path_of(scene, tail);
}

static char *ask_segment(const Scene *scene)
{
    return path_of(scene, scene->segment);
}

static char *ask_event(const Scene *scene)
{
    char id[UUID_TEXT];
    return g_strdup_printf("GET /api/v1/events/%s/picture.jpg", uuid_text(&scene->event, id));
}

/* Each route of PICTURES_COVERED. Those without `ask` are shown elsewhere: live pictures by
 * test_masked_live.c, copies by test_masked_copies.c; a look at an address has no camera yet. */
static const struct {
    const char *pattern;
    char *(*ask)(const Scene *scene);
    Look look;
} routes[] = {
    {"/cameras/{id}/snapshot.jpg", ask_snapshot, LOOK_JPEG},
    {"/cameras/{id}/thumbnail.jpg", ask_thumbnail, LOOK_JPEG},
    {"/cameras/{id}/clip.mp4", ask_clip, LOOK_NOTHING},
    {"/cameras/{id}/playlist.m3u8", ask_playlist, LOOK_FILM},
    {"/cameras/{id}/segments/{name}.mp4", ask_segment, LOOK_NOTHING},
    {"/cameras/{id}/h264/{name}.mp4", NULL, LOOK_FILM}, /* by the playlist */
    {"/events/{id}/picture.jpg", ask_event, LOOK_JPEG},
    {"/exports", NULL, LOOK_NOTHING},
    {"/exports/{id}/file", NULL, LOOK_NOTHING},
    {"/packages", NULL, LOOK_NOTHING},
    {"/live", NULL, LOOK_NOTHING},
    {"/cameras/probe", NULL, LOOK_NOTHING},
    {"/cameras/import/probe", NULL, LOOK_NOTHING},
    {"/cameras/{id}/live.m3u8", NULL, LOOK_NOTHING}, /* test_live_hls.c */
    {"/cameras/{id}/live/{name}.mp4", NULL, LOOK_NOTHING},
};

static void each_route_with_pictures_is_looked_at(void **state)
{
    for (size_t i = 0; i < api_route_count; i++) {
        bool known = api_routes[i].pictures != PICTURES_COVERED;
        for (size_t j = 0; j < G_N_ELEMENTS(routes); j++)
            known |= strcmp(routes[j].pattern, api_routes[i].pattern) == 0;
        if (!known)
            fail_msg("%s is looked at by nobody", api_routes[i].pattern);
    }
}

/* 409, and why: even with a reason. */
static void expect_masked(Scene *scene, Role role, const char *what)
{
    g_auto(ApiResponse) response = {0};
    const char *session = session_of(scene, role);
    g_autofree char *grant = house_grant(scene->house, session);
    g_autofree char *with =
        g_strdup_printf("%s%cgrant=%s", what, strchr(what, '?') ? '&' : '?', grant);
    house_ask(scene->house, session, with, NULL, &response);
    assert_int_equal(response.status, 409);
    assert_string_equal(json_string_value(json_object_get(response.json, "cause_code")), "masked");
}

static void look_at(Scene *scene, size_t route, Role role)
{
    g_autofree char *what = routes[route].ask(scene);
    if (routes[route].look == LOOK_NOTHING) {
        expect_masked(scene, role, what);
    } else if (routes[route].look == LOOK_JPEG) {
        g_autoptr(Buffer) jpeg = get(scene, role, what, 200);
        if (!covered_jpeg(jpeg))
            fail_msg("%s is not covered for %s", what, role_text(role));
    } else {
        unsigned pictures;
        g_autoptr(Buffer) film = film_of(scene, role, what);
        if (!covered_film(film->data, film->size, &pictures) || pictures < 40)
            fail_msg("%s: %u pictures, for %s", what, pictures, role_text(role));
    }
}

/* Films are made for one person at a time in this house. */
static void look_at_each(Scene *scene, Role role)
{
    for (size_t i = 0; i < G_N_ELEMENTS(routes); i++)
        if (routes[i].ask && (role == ROLE_OFFICER || routes[i].look != LOOK_FILM))
            look_at(scene, i, role);
}

static void no_route_gives_a_picture_without_the_mask(House *house, Codec codec)
{
    Scene scene;
    open_scene(&scene, house, codec);
    g_autofree char *snapshot = ask_snapshot(&scene);
    g_autoptr(Buffer) before = get(&scene, ROLE_OFFICER, snapshot, 200);
    assert_false(covered_jpeg(before)); /* or what follows shows nothing */
    g_autofree char *mask = draw(&scene);
    look_at_each(&scene, ROLE_ADMIN);
    look_at_each(&scene, ROLE_COMMANDER);
    look_at_each(&scene, ROLE_OFFICER);
    close_scene(&scene);
}

static void no_route_gives_a_picture_of_h264_without_the_mask(void **state)
{
    no_route_gives_a_picture_without_the_mask(*state, CODEC_H264);
}

static void no_route_gives_a_picture_of_h265_without_the_mask(void **state)
{
    no_route_gives_a_picture_without_the_mask(*state, CODEC_H265);
}

/* ---- in time ---- */

static void a_file_that_is_read_ends_when_a_mask_is_drawn(void **state)
{
    Scene scene;
    char bytes[64];
    open_scene(&scene, *state, CODEC_H264);
    g_auto(ApiResponse) response = {0};
    g_autofree char *what = ask_segment(&scene);
    const char *officer = session_of(&scene, ROLE_OFFICER);
    house_ask(scene.house, officer, what, NULL, &response);
    VirtualFile *file = response.file;
    assert_int_equal(response.status, 200);
    assert_true(file->read(file->data, 0, bytes, sizeof bytes, NULL));
    g_autofree char *mask = draw(&scene);
    assert_false(file->read(file->data, 64, bytes, sizeof bytes, NULL));
    close_scene(&scene);
}

static void end_by_two(Scene *scene, const char *mask)
{
    char camera[UUID_TEXT];
    g_autofree char *ask_it = g_strdup_printf("POST /api/v1/cameras/%s/masks/%s/end",
                                              uuid_text(&scene->house->camera, camera), mask);
    g_autofree char *approve = g_strconcat(ask_it, "/approval", NULL);
    g_free(post(scene, ROLE_ADMIN, ask_it, "{\"reason\":\"Nhà đã dỡ\"}", 200));
    g_free(post(scene, ROLE_COMMANDER, approve, "{\"approve\":true}", 200));
}

static void a_mask_that_was_taken_away_covers_what_was_recorded_under_it(void **state)
{
    Scene scene;
    House *house = *state;
    scene = (Scene){.house = house};
    const int64_t before_us = clock_now_us() - SECOND_US;
    g_autofree char *mask = draw(&scene);
    const int64_t under_us = clock_now_us();
    end_by_two(&scene, mask);
    const int64_t later_us = clock_now_us() + SECOND_US;
    g_autoptr(MaskSet) before = masks_over(house->masks, &house->camera, before_us, before_us);
    g_autoptr(MaskSet) under = masks_over(house->masks, &house->camera, under_us, under_us);
    g_autoptr(MaskSet) later = masks_over(house->masks, &house->camera, later_us, later_us);
    assert_null(before);
    assert_non_null(under);
    assert_null(later);
    close_scene(&scene);
}

/* The officer's, approved by the commander; its id, returned owned. */
static char *lift(Scene *scene)
{
    char camera[UUID_TEXT];
    g_autofree char *body = g_strdup_printf("{\"camera\":\"%s\",\"reason\":\"routine-check\"}",
                                            uuid_text(&scene->house->camera, camera));
    char *id = post(scene, ROLE_OFFICER, "POST /api/v1/mask-liftings", body, 201);
    g_autofree char *what = g_strdup_printf("POST /api/v1/mask-liftings/%s/approval", id);
    g_free(post(scene, ROLE_COMMANDER, what, "{\"approve\":true}", 200));
    return id;
}

static bool is_audited(Scene *scene, const char *action, const char *lifting)
{
    bool found = false;
    assert_true(audit_flush(scene->house->audit, NULL));
    g_autoptr(GPtrArray) rows = audit_rows(scene->house->audit, 100);
    for (guint i = 0; i < rows->len; i++) {
        const AuditRow *row = rows->pdata[i];
        found |= g_str_equal(row->action, action) && strstr(row->reason, lifting);
    }
    return found;
}

static void who_may_sees_without_masks_until_it_ends(void **state)
{
    Scene scene;
    open_scene(&scene, *state, CODEC_H264);
    g_autofree char *mask = draw(&scene), *id = lift(&scene), *what = ask_snapshot(&scene);
    g_autofree char *segment = ask_segment(&scene), *clip = ask_clip(&scene);
    g_autoptr(Buffer) bare = get(&scene, ROLE_OFFICER, what, 200);
    g_autoptr(Buffer) other = get(&scene, ROLE_COMMANDER, what, 200);
    assert_false(covered_jpeg(bare));
    assert_true(covered_jpeg(other));
    assert_true(is_audited(&scene, "snapshot", id));
    expect_masked(&scene, ROLE_OFFICER, clip); /* it is for looking, not for taking along */
    g_auto(ApiResponse) open = {0}, ended = {0};
    char bytes[64];
    const char *officer = session_of(&scene, ROLE_OFFICER);
    house_ask(scene.house, officer, segment, NULL, &open);
    assert_true(open.file->read(open.file->data, 0, bytes, sizeof bytes, NULL));
    g_autofree char *end = g_strdup_printf("DELETE /api/v1/mask-liftings/%s", id);
    house_ask(scene.house, officer, end, NULL, &ended);
    assert_int_equal(ended.status, 200);
    assert_false(open.file->read(open.file->data, 64, bytes, sizeof bytes, NULL));
    g_autoptr(Buffer) again = get(&scene, ROLE_OFFICER, what, 200);
    assert_true(covered_jpeg(again));
    close_scene(&scene);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, house_open, house_close)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_route_with_pictures_is_looked_at),
        TEST(no_route_gives_a_picture_of_h264_without_the_mask),
        TEST(no_route_gives_a_picture_of_h265_without_the_mask),
        TEST(a_file_that_is_read_ends_when_a_mask_is_drawn),
        TEST(a_mask_that_was_taken_away_covers_what_was_recorded_under_it),
        TEST(who_may_sees_without_masks_until_it_ends),
    };
    return cmocka_run_group_tests(tests, read_document, drop_document);
}
