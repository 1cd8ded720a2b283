/* Whoever is shut out of the running server sees nothing more: a lost phone, an account whose
 * password was changed; and a page of somebody else gets no socket by the cookie of one's own. */
#include "../unit/http/client.h"
#include "../unit/phone.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/time_text.h"
#include "harness.h"
#include "people/devices.h"
#include "unit.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SENT_BYTES = 48 << 20, RECEIVES = 256 << 10, CODE_SESSION_ENDED = 4401 };

#define PASSWORD "a good password"
#define SOON_US (2 * SECOND_US) /* a second is promised; the machine may be busy */

typedef struct Post {
    char *data, *admin; /* token */
    Server server;
    int port;
    char *user, *path; /* id of the officer; of the film of a report */
    Phone *phone;
    char *device;
} Post;

static const char *text_of(const Json *json, const char *name)
{
    const char *text = json_string_value(json_object_get(json, name));
    return text ? text : "";
}

/* ---- asking ---- */

/* `credentials`: lines of the head. The answer's JSON, owned; NULL: none. */
static Json *ask(const Post *post, const char *credentials, const char *what, const char *body,
                 int status)
{
    g_auto(Answer) answer = {0};
    client_ask(post->port, what, credentials, body, &answer);
    if (answer.status != status)
        fail_msg("%s: %d instead of %d: %s", what, answer.status, status, answer.body->str);
    return json_parse(answer.body->str, answer.body->len, NULL);
}

static char *bearer(const Post *post)
{
    return g_strdup_printf("Authorization: Bearer %s\r\n", post->admin);
}

/* Signs in; the cookie as a line of the head, owned. `device`: a member of the body, or "". */
static char *sign_in(const Post *post, const char *device)
{
    g_auto(Answer) answer = {0};
    g_autofree char *body =
        g_strdup_printf("{\"name\":\"lan\",\"password\":\"" PASSWORD "\"%s}", device);
    client_ask(post->port, "POST /api/v1/session", "", body, &answer);
    if (answer.status != 200)
        fail_msg("sign in: %d %s", answer.status, answer.body->str);
    g_autofree char *set = answer_header(&answer, "set-cookie");
    return g_strdup_printf("Cookie: %.*s\r\n", (int)strcspn(set, ";"), set);
}

/* ---- the phone ---- */

static void enrol(Post *post)
{
    uint8_t key[P256_KEY_BYTES];
    char key_hex[2 * P256_KEY_BYTES + 1];
    g_autofree char *admin = bearer(post),
                    *whose = g_strdup_printf(
                        "{\"user\":\"%s\",\"name\":\"Máy trực\",\"app\":\"https://vms.example\"}",
                        post->user);
    g_autoptr(Json) made = ask(post, admin, "POST /api/v1/devices/codes", whose, 201);
    g_autofree char *text = device_enrol_text(text_of(made, "code")),
                    *signature = phone_sign_hex(post->phone, text);
    phone_key(post->phone, key);
    hex_encode(key, sizeof key, key_hex);
    g_autofree char *body = g_strdup_printf("{\"code\":\"%s\",\"key\":\"%s\",\"signature\":\"%s\"}",
                                            text_of(made, "code"), key_hex, signature);
    g_autoptr(Json) device = ask(post, "", "POST /api/v1/devices", body, 201);
    post->device = g_strdup(text_of(device, "id"));
}

static char *sign_in_by_phone(const Post *post)
{
    Uuid device;
    assert_true(uuid_parse(post->device, &device));
    g_autofree char *asked = g_strdup_printf("{\"device\":\"%s\"}", post->device);
    g_autoptr(Json) given = ask(post, "", "POST /api/v1/session/challenge", asked, 200);
    g_autofree char *text = device_proof_text(&device, text_of(given, "challenge")),
                    *signature = phone_sign_hex(post->phone, text);
    g_autofree char *proof =
        g_strdup_printf(",\"device\":{\"id\":\"%s\",\"challenge\":\"%s\",\"signature\":\"%s\"}",
                        post->device, text_of(given, "challenge"), signature);
    return sign_in(post, proof);
}

/* ---- what is open ---- */

/* Status of an attempt to open a socket, which stays open. */
static int upgrade(int fd, const char *headers)
{
    g_auto(Answer) answer = {0};
    g_autofree char *request = g_strdup_printf(
        "GET /api/v1/live HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n%s\r\n",
        headers);
    client_send(fd, request);
    client_read(fd, TRUE, &answer);
    return answer.status;
}

/* A socket and a download of one session, of which not all has come. */
typedef struct Open {
    const char *cookie;
    int socket, download;
    int64_t missing;
} Open;

static Open open_all(const Post *post, const char *cookie)
{
    int small = RECEIVES;
    g_auto(Answer) head = {0};
    Open open = {cookie, client_connect(post->port), client_connect(post->port), SENT_BYTES};
    assert_int_equal(upgrade(open.socket, cookie), 101);
    setsockopt(open.download, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    g_autofree char *request = g_strdup_printf(
        "GET %s HTTP/1.1\r\nHost: h\r\n%sConnection: close\r\n\r\n", post->path, cookie);
    client_send(open.download, request);
    client_read(open.download, TRUE, &head);
    assert_int_equal(head.status, 200);
    return open;
}

/* Both end soon after `from_us`, the download with what the kernel had not taken by then; and
 * nothing else is answered. */
static void expect_ended(const Post *post, Open *open, int64_t from_us)
{
    char piece[65536];
    ssize_t n;
    bool closed = false;
    while (!closed && (n = recv(open->socket, piece, sizeof piece, 0)) > 0)
        for (ssize_t i = 0; i + 3 < n && !closed; i += 2 + (piece[i + 1] & 0x7f))
            closed = (uint8_t)piece[i] == 0x88 &&
                     ((uint8_t)piece[i + 2] << 8 | (uint8_t)piece[i + 3]) == CODE_SESSION_ENDED;
    int64_t took_us = clock_mono_us() - from_us;
    assert_true(closed);
    assert_true(took_us < SOON_US);
    g_usleep(SECOND_US); /* nobody reads: what comes later than that is too much */
    while ((n = recv(open->download, piece, sizeof piece, 0)) > 0)
        open->missing -= n;
    print_message("the socket ended after %.2f s, %.1f MB of the download never came\n",
                  (double)took_us / 1e6, (double)open->missing / 1e6);
    assert_true(open->missing > SENT_BYTES / 2);
    g_autofree char *again = g_strconcat("GET ", post->path, NULL);
    json_decref(ask(post, open->cookie, "GET /api/v1/me", NULL, 401));
    json_decref(ask(post, open->cookie, again, NULL, 401));
    close(open->socket);
    close(open->download);
}

/* Nothing was closed, and the rest still comes. */
static void expect_open(const Post *post, Open *open)
{
    char piece[65536];
    json_decref(ask(post, open->cookie, "GET /api/v1/me", NULL, 200));
    assert_int_equal(recv(open->socket, piece, sizeof piece, MSG_DONTWAIT | MSG_PEEK), -1);
    for (ssize_t n; (n = recv(open->download, piece, sizeof piece, 0)) > 0;)
        open->missing -= n;
    assert_int_equal(open->missing, 0);
    close(open->socket);
    close(open->download);
}

/* ---- the tests ---- */

static void a_phone_that_is_shut_out_sees_nothing_more_and_a_browser_beside_it_goes_on(void **state)
{
    Post *post = *state;
    g_autofree char *admin = bearer(post),
                    *lost = g_strconcat("DELETE /api/v1/devices/", post->device, NULL);
    g_autofree char *by_phone = sign_in_by_phone(post), *browser = sign_in(post, "");
    Open held = open_all(post, by_phone), beside = open_all(post, browser);
    json_decref(ask(post, admin, lost, NULL, 200));
    expect_ended(post, &held, clock_mono_us());
    expect_open(post, &beside);
}

static void a_changed_password_ends_all_that_is_open_but_of_who_changed_it(void **state)
{
    Post *post = *state;
    g_autofree char *admin = bearer(post), *own = sign_in(post, ""), *stolen = sign_in(post, ""),
                    *change = g_strconcat("PATCH /api/v1/users/", post->user, NULL);
    Open mine = open_all(post, own), other = open_all(post, stolen);
    json_decref(ask(post, own, "PATCH /api/v1/me",
                    "{\"password_old\":\"" PASSWORD "\",\"password_new\":\"" PASSWORD "\"}", 200));
    expect_ended(post, &other, clock_mono_us());
    expect_open(post, &mine);

    Open last = open_all(post, own);
    json_decref(ask(post, admin, change, "{\"password\":\"another good one\"}", 200));
    expect_ended(post, &last, clock_mono_us());
    json_decref(ask(post, admin, change, "{\"password\":\"" PASSWORD "\"}", 200));
}

static void a_page_of_another_origin_gets_no_socket_and_changes_nothing(void **state)
{
    Post *post = *state;
    g_autofree char *cookie = sign_in(post, "");
    static const char *const foreign[] = {"https://evil.example", "null", "http://h.evil.example",
                                          "http://h:81", "file://"};
    for (size_t i = 0; i < G_N_ELEMENTS(foreign); i++) {
        int fd = client_connect(post->port);
        g_autofree char *lines = g_strdup_printf("%sOrigin: %s\r\n", cookie, foreign[i]);
        int status = upgrade(fd, lines);
        if (status != 403)
            fail_msg("a socket from %s: %d", foreign[i], status);
        json_decref(ask(post, lines, "DELETE /api/v1/session", NULL, 403));
        close(fd);
    }
    g_autofree char *ours = g_strconcat(cookie, "Origin: http://h\r\n", NULL);
    int fd = client_connect(post->port);
    assert_int_equal(upgrade(fd, ours), 101);
    close(fd);
}

/* ---- the post ---- */

/* A report with a film, which is long enough not to be under way all at once. */
static void put_film(Post *post)
{
    static const char begin[] = "\0\0\0\x20"
                                "ftypisom\0\0\2\0isomiso2avc1mp41";
    char from[TIME_TEXT];
    g_auto(Answer) answer = {0};
    g_autofree char *admin = bearer(post), *film = g_malloc0(SENT_BYTES),
                    *body = g_strdup_printf("{\"kind\":\"fight\",\"where\":\"ngoài chợ\","
                                            "\"from\":\"%s\",\"to\":\"%s\"}",
                                            time_text(clock_wall_us() - MINUTE_US, from), from);
    g_autoptr(Json) report = ask(post, admin, "POST /api/v1/reports", body, 201);
    g_autofree char *to = g_strdup_printf("/api/v1/reports/%s/attachments", text_of(report, "id")),
                    *head = g_strdup_printf(
                        "POST %s HTTP/1.1\r\nHost: h\r\n%sContent-Type: video/mp4\r\n"
                        "Content-Length: %d\r\n\r\n",
                        to, admin, SENT_BYTES);
    memcpy(film, begin, sizeof begin - 1);
    int fd = client_connect(post->port);
    client_send(fd, head);
    for (ssize_t at = 0, n; at < SENT_BYTES; at += n) {
        n = send(fd, film + at, (size_t)(SENT_BYTES - at), MSG_NOSIGNAL);
        assert_true(n > 0);
    }
    client_read(fd, FALSE, &answer);
    if (answer.status != 201)
        fail_msg("the film: %d %s", answer.status, answer.body->str);
    close(fd);
    post->path = g_strconcat(to, "/1", NULL);
}

static int set_up(void **state)
{
    Post *post = g_new0(Post, 1);
    post->data = temp_folder();
    post->server = server_start(post->data);
    post->admin = server_token(&post->server);
    post->port = (int)strtol(strrchr(post->server.url, ':') + 1, NULL, 10);
    post->phone = phone_new();
    g_autofree char *admin = bearer(post);
    g_autoptr(Json) user =
        ask(post, admin, "POST /api/v1/users",
            "{\"name\":\"lan\",\"role\":\"officer\",\"password\":\"" PASSWORD "\"}", 201);
    post->user = g_strdup(text_of(user, "id"));
    put_film(post);
    enrol(post);
    *state = post;
    return 0;
}

static int tear_down(void **state)
{
    Post *post = *state;
    server_stop(&post->server, SIGTERM);
    remove_tree(post->data);
    phone_free(post->phone);
    g_free(post->data);
    g_free(post->admin);
    g_free(post->user);
    g_free(post->path);
    g_free(post->device);
    g_free(post);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            a_phone_that_is_shut_out_sees_nothing_more_and_a_browser_beside_it_goes_on),
        cmocka_unit_test(a_changed_password_ends_all_that_is_open_but_of_who_changed_it),
        cmocka_unit_test(a_page_of_another_origin_gets_no_socket_and_changes_nothing),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
