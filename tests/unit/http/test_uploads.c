/* Files sent over real sockets: whoever may not send one hears so before it comes, and nothing of
 * it is written. */
#include "base/clock.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/time_text.h"
#include "client.h"
#include "house.h"
#include "unit.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* A picture as far as its first bytes tell, with where it was taken in a comment. */
#define PHOTO "\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0\xff\xfe\0\x0a" PLACE "\xff\xd9"
#define PLACE "21.4N103"
enum { PHOTO_BYTES = sizeof PHOTO - 1 };
enum { LARGE_BYTES = 40 << 20, SMALL_BYTES = 64 << 10 };

typedef struct World {
    House *house;
    char *number, *secret, *id; /* of a resident's report */
} World;

static Json *ask_house(House *house, const char *session, const char *what, const char *body)
{
    g_auto(ApiResponse) answer = {0};
    house_ask(house, session, what, body, &answer);
    assert_true(answer.status / 100 == 2);
    return json_incref(answer.json);
}

static char *member(const Json *json, const char *name)
{
    return g_strdup(json_string_value(json_object_get(json, name)));
}

static int open_world(void **state)
{
    char location[UUID_TEXT], at[TIME_TEXT];
    World *world = g_new0(World, 1);
    void *house = NULL;
    house_open(&house);
    world->house = house;
    const HttpConfig config = {
        .host = "127.0.0.1", .no_tls = true, .data_dir = world->house->folder};
    house_serve(world->house, &config);
    time_text(clock_now_us(), at);
    g_autofree char *body = g_strdup_printf(
        "{\"kind\":\"fight\",\"from\":\"%s\",\"to\":\"%s\",\"location\":\"%s\",\"text\":\"Có\"}",
        at, at, uuid_text(&world->house->location, location));
    g_autoptr(Json) told = ask_house(world->house, NULL, "POST /api/v1/public/reports", body);
    world->number = member(told, "number");
    world->secret = member(told, "secret");
    g_autofree char *officer = house_session(world->house, ROLE_OFFICER);
    g_autoptr(Json) list = ask_house(world->house, officer, "GET /api/v1/reports", NULL);
    world->id = member(json_array_get(json_object_get(list, "items"), 0), "id");
    *state = world;
    return 0;
}

static int close_world(void **state)
{
    World *world = *state;
    void *house = world->house;
    g_free(world->number);
    g_free(world->secret);
    g_free(world->id);
    g_free(world);
    return house_close(&house);
}

/* The head of a request that says that `bytes` are to come. */
static int announce(const World *world, const char *path, const char *headers, size_t bytes)
{
    int port = http_server_port(world->house->server), fd = client_connect(port);
    g_autofree char *head = g_strdup_printf("POST /api/v1%s HTTP/1.1\r\nHost: localhost:%d\r\n%s"
                                            "Content-Length: %zu\r\n\r\n",
                                            path, port, headers, bytes);
    client_send(fd, head);
    return fd;
}

static void assert_nothing_came(const World *world)
{
    g_autoptr(GPtrArray) names = folder_names(report_desk_incoming(world->house->reports));
    assert_int_equal(names->len, 0);
}

static void assert_refused_at_once(const World *world, const char *path, const char *headers,
                                   int status)
{
    g_auto(Answer) answer = {0};
    int fd = announce(world, path, headers, LARGE_BYTES);
    client_read(fd, FALSE, &answer);
    assert_int_equal(answer.status, status);
    assert_nothing_came(world);
    close(fd);
}

/* What a resident's phone would send to its report, with this secret. */
static void assert_form_refuses(const World *world, const char *number, const char *secret,
                                int status)
{
    g_autofree char *path = g_strdup_printf("/public/reports/%s/attachments", number),
                    *header = g_strdup_printf("X-Report-Secret: %s\r\n", secret);
    assert_refused_at_once(world, path, header, status);
}

static void a_file_with_a_wrong_secret_is_refused_before_it_comes(void **state)
{
    const World *world = *state;
    assert_form_refuses(world, world->number, "not-the-secret", 404);
    assert_form_refuses(world, "2026-999999", world->secret, 404);
    assert_refused_at_once(world, "/public/requests/9d1c1f1e-0000-4000-8000-00000000000a/files/1",
                           "X-Request-Secret: none\r\n", 404);
}

static void a_file_of_whoever_has_no_right_is_refused_before_it_comes(void **state)
{
    const World *world = *state;
    g_autofree char *head = house_session(world->house, ROLE_VILLAGE_HEAD),
                    *cookie = g_strdup_printf("Cookie: session=%s\r\n", head),
                    *foreign = g_strconcat(cookie, "Origin: https://elsewhere.example\r\n", NULL),
                    *path = g_strdup_printf("/reports/%s/attachments", world->id);
    assert_refused_at_once(world, path, cookie, 403); /* somebody else told it */
    assert_refused_at_once(world, path, foreign, 403);
    assert_refused_at_once(world, path, "", 401);
    assert_refused_at_once(world, "/households/9d1c1f1e-0000-4000-8000-00000000000a/photo", cookie,
                           404);
}

/* A small one is read to its end: a phone that sends on hears why. */
static void whoever_sends_all_the_same_hears_why(void **state)
{
    const World *world = *state;
    g_auto(Answer) answer = {0};
    g_autofree char *path = g_strdup_printf("/public/reports/%s/attachments", world->number),
                    *junk = g_strnfill(SMALL_BYTES, 'x');
    int fd = announce(world, path, "X-Report-Secret: wrong\r\n", SMALL_BYTES);
    client_send(fd, junk);
    client_read(fd, FALSE, &answer);
    assert_int_equal(answer.status, 404);
    assert_true(answer.whole);
    assert_nothing_came(world);
    close(fd);
}

static void send_photo(int fd)
{
    for (size_t sent = 0; sent < PHOTO_BYTES;) {
        ssize_t size = send(fd, &PHOTO[sent], PHOTO_BYTES - sent, MSG_NOSIGNAL);
        assert_true(size > 0);
        sent += (size_t)size;
    }
}

/* Whoever tells of something does not tell where they live. */
static void a_photo_is_taken_and_tells_nothing_beside_what_it_shows(void **state)
{
    const World *world = *state;
    g_auto(Answer) taken = {0}, shown = {0};
    g_autofree char *path = g_strdup_printf("/public/reports/%s/attachments", world->number),
                    *header = g_strdup_printf("X-Report-Secret: %s\r\n", world->secret),
                    *officer = house_session(world->house, ROLE_OFFICER),
                    *cookie = g_strdup_printf("Cookie: session=%s\r\n", officer),
                    *what = g_strdup_printf("GET /api/v1/reports/%s/attachments/1", world->id);
    int fd = announce(world, path, header, PHOTO_BYTES);
    send_photo(fd);
    client_read(fd, FALSE, &taken);
    close(fd);
    assert_int_equal(taken.status, 201);
    assert_nothing_came(world);
    client_ask(http_server_port(world->house->server), what, cookie, NULL, &shown);
    assert_int_equal(shown.status, 200);
    assert_int_equal(shown.body->len, PHOTO_BYTES);
    assert_memory_equal(shown.body->str, PHOTO, 24);
    assert_null(memmem(shown.body->str, shown.body->len, PLACE, strlen(PLACE)));
    uint8_t digest[SHA256_BYTES];
    char hex[SHA256_HEX];
    sha256(shown.body->str, shown.body->len, digest);
    hex_encode(digest, sizeof digest, hex);
    g_autofree char *etag = answer_header(&shown, "etag");
    assert_non_null(strstr(etag, hex));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)
    const struct CMUnitTest tests[] = {
        TEST(a_file_with_a_wrong_secret_is_refused_before_it_comes),
        TEST(a_file_of_whoever_has_no_right_is_refused_before_it_comes),
        TEST(whoever_sends_all_the_same_hears_why),
        TEST(a_photo_is_taken_and_tells_nothing_beside_what_it_shows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
