/* The server over real sockets: what clients send, good and bad. */
#include "base/clock.h"
#include "base/time_text.h"
#include "client.h"
#include "house.h"
#include "http/static_files.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static int open_served(void **state)
{
    house_open(state);
    House *house = *state;
    g_autofree char *web = g_build_filename(house->folder, "web/assets", NULL);
    assert_int_equal(g_mkdir_with_parents(web, 0700), 0);
    static const struct {
        const char *name, *text;
    } files[] = {
        {"web/index.html", "<!doctype html>app"},
        {"web/bao-tin.html", "<!doctype html>form"},
        {"web/verify.html", "<!doctype html>check"},
        {"web/assets/app-1234.js", "plain script"},
        {"web/assets/app-1234.js.gz", "gzip script"},
        {"web/.secret", "hidden"},
        {"web/big.bin", NULL},
        {"beside.txt", "not the app's"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *path = g_build_filename(house->folder, files[i].name, NULL);
        g_autoptr(GString) big = g_string_new(NULL);
        while (!files[i].text && big->len < 5000000)
            g_string_append_printf(big, "%08zu", big->len);
        assert_true(g_file_set_contents(path, files[i].text ? files[i].text : big->str, -1, NULL));
    }
    g_autofree char *dist = g_build_filename(house->folder, "web", NULL);
    HttpConfig config = {
        .host = "127.0.0.1", .no_tls = true, .data_dir = house->folder, .web_dir = dist};
    house_serve(house, &config);
    return 0;
}

static int port_of(void **state)
{
    return http_server_port(((House *)*state)->server);
}

static char *cookie_of(House *house, Role role)
{
    g_autofree char *token = house_session(house, role);
    return g_strdup_printf("Cookie: session=%s\r\n", token);
}

static void the_app_is_served_with_a_strict_policy(void **state)
{
    g_auto(Answer) root = {0}, screen = {0}, script = {0}, zipped = {0}, none = {0}, hidden = {0};
    client_ask(port_of(state), "GET /", "", NULL, &root);
    assert_int_equal(root.status, 200);
    assert_string_equal(root.body->str, "<!doctype html>app");
    g_autofree char *policy = answer_header(&root, "content-security-policy");
    assert_non_null(strstr(policy, "default-src 'self'"));
    assert_non_null(strstr(policy, "frame-ancestors 'none'"));
    assert_null(strstr(policy, "unsafe"));
    assert_null(answer_header(&root, "strict-transport-security"));
    client_ask(port_of(state), "GET /cameras/somewhere", "", NULL, &screen);
    assert_string_equal(screen.body->str, "<!doctype html>app");
    g_auto(Answer) form = {0};
    client_ask(port_of(state), "GET /bao-tin?noi=somewhere", "", NULL, &form);
    assert_string_equal(form.body->str, "<!doctype html>form");
    g_autofree char *type = answer_header(&form, "content-type");
    assert_string_equal(type, "text/html; charset=utf-8");
    client_ask(port_of(state), "GET /assets/app-1234.js", "", NULL, &script);
    g_autofree char *caching = answer_header(&script, "cache-control");
    assert_non_null(strstr(caching, "immutable"));
    assert_string_equal(script.body->str, "plain script");
    client_ask(port_of(state), "GET /assets/app-1234.js", "Accept-Encoding: br, gzip\r\n", NULL,
               &zipped);
    g_autofree char *coding = answer_header(&zipped, "content-encoding");
    assert_string_equal(coding, "gzip");
    assert_string_equal(zipped.body->str, "gzip script");
    client_ask(port_of(state), "GET /assets/none.js", "", NULL, &none);
    assert_int_equal(none.status, 404);
    client_ask(port_of(state), "GET /.secret", "", NULL, &hidden);
    assert_int_equal(hidden.status, 404);
}

/* Its script stands in it; it must not be able to do anything as the app. */
static void the_page_that_checks_packages_has_a_policy_of_its_own_and_a_sandbox(void **state)
{
    g_auto(Answer) page = {0};
    client_ask(port_of(state), "GET /verify.html", "", NULL, &page);
    assert_int_equal(page.status, 200);
    assert_string_equal(page.body->str, "<!doctype html>check");
    g_autofree char *policy = answer_header(&page, "content-security-policy");
    assert_true(
        g_str_has_prefix(policy, "sandbox allow-scripts allow-downloads; default-src 'none'"));
    assert_null(strstr(policy, "allow-same-origin"));
    const char *one = strstr(page.head, "content-security-policy");
    assert_null(strstr(one + 1, "content-security-policy"));
}

static void dots_lead_nowhere(void **state)
{
    static const char *const paths[] = {"/../catalog.db",     "/assets/../../catalog.db",
                                        "/%2e%2e/catalog.db", "/assets/%2e%2e/%2e%2e/catalog.db",
                                        "/..%2fcatalog.db",   "/assets/..%5c..%5ccatalog.db"};
    for (size_t i = 0; i < G_N_ELEMENTS(paths); i++) {
        g_auto(Answer) answer = {0};
        g_autofree char *what = g_strdup_printf("GET %s", paths[i]);
        client_ask(port_of(state), what, "", NULL, &answer);
        assert_true(answer.status == 0 || answer.status == 400 || answer.status == 404);
    }
}

/* "//etc/passwd" below a folder would be /etc/passwd. */
static void two_slashes_do_not_lead_out_of_the_apps_folder(void **state)
{
    House *house = *state;
    g_autofree char *beside = g_build_filename(house->folder, "beside.txt", NULL);
    g_autofree char *web = g_build_filename(house->folder, "web", NULL);
    static const char *const begins[] = {"/", "/%2f", "/assets//", "/assets/%2f"};
    for (size_t i = 0; i < G_N_ELEMENTS(begins); i++) {
        g_auto(Answer) answer = {0};
        g_autofree char *what = g_strdup_printf("GET %s%s", begins[i], beside);
        client_ask(port_of(state), what, "", NULL, &answer);
        assert_int_equal(answer.status, 404);
    }
    /* libwebsockets folds the slashes; the files do not depend on it. */
    StaticFiles *files = static_files_new(web, NULL);
    g_auto(ApiResponse) response = {0};
    g_autofree char *path = g_strconcat("/", beside, NULL);
    static_files_answer(files, path, "", &response);
    assert_int_equal(response.status, 404);
    static_files_free(files);
}

static void ranges_of_a_file_are_exact(void **state)
{
    g_auto(Answer) whole = {0}, part = {0}, tail = {0}, beyond = {0}, head = {0}, same = {0},
                   stale = {0};
    client_ask(port_of(state), "GET /big.bin", "", NULL, &whole);
    assert_int_equal(whole.status, 200);
    assert_int_equal(whole.body->len, 5000000);
    assert_memory_equal(whole.body->str + 4999992, "04999992", 8);
    client_ask(port_of(state), "GET /big.bin", "Range: bytes=800000-2800003\r\n", NULL, &part);
    assert_int_equal(part.status, 206);
    assert_int_equal(part.body->len, 2000004);
    assert_memory_equal(part.body->str, whole.body->str + 800000, part.body->len);
    g_autofree char *range = answer_header(&part, "content-range");
    assert_string_equal(range, "bytes 800000-2800003/5000000");
    client_ask(port_of(state), "GET /big.bin", "Range: bytes=-8\r\n", NULL, &tail);
    assert_string_equal(tail.body->str, "04999992");
    client_ask(port_of(state), "GET /big.bin", "Range: bytes=5000000-\r\n", NULL, &beyond);
    assert_int_equal(beyond.status, 416);
    client_ask(port_of(state), "HEAD /big.bin", "", NULL, &head);
    assert_int_equal(head.status, 200);
    g_autofree char *length = answer_header(&head, "content-length");
    assert_string_equal(length, "5000000");
    g_autofree char *etag = answer_header(&head, "etag");
    g_autofree char *if_none = g_strdup_printf("If-None-Match: %s\r\n", etag);
    client_ask(port_of(state), "GET /big.bin", if_none, NULL, &same);
    assert_int_equal(same.status, 304);
    client_ask(port_of(state), "GET /big.bin", "Range: bytes=0-9\r\nIf-Range: \"other\"\r\n", NULL,
               &stale);
    assert_int_equal(stale.status, 200);
}

static void a_connection_carries_many_requests(void **state)
{
    House *house = *state;
    g_autofree char *cookie = cookie_of(house, ROLE_ADMIN);
    int fd = client_connect(port_of(state));
    static const char *const lines[] = {
        "GET /api/v1/me",  "GET /healthz",       "GET /", "GET /big.bin", "GET /api/v1/nothing",
        "HEAD /api/v1/me", "GET /api/v1/cameras"};
    static const int statuses[] = {200, 200, 200, 200, 404, 200, 200};
    for (size_t i = 0; i < G_N_ELEMENTS(lines); i++) {
        g_auto(Answer) answer = {0};
        g_autofree char *text =
            g_strdup_printf("%s HTTP/1.1\r\nHost: h\r\n%s\r\n", lines[i], cookie);
        client_send(fd, text);
        client_read(fd, g_str_has_prefix(lines[i], "HEAD"), &answer);
        assert_int_equal(answer.status, statuses[i]);
        assert_true(answer.whole);
    }
    close(fd);
}

/* Reads one answer byte by byte, so that nothing of the next one is taken. Its status; 0: hung up.
 */
static int read_exactly(int fd)
{
    g_autoptr(GString) head = g_string_new(NULL);
    char c;
    while (!strstr(head->str, "\r\n\r\n"))
        if (recv(fd, &c, 1, 0) != 1)
            return 0;
        else
            g_string_append_c(head, c);
    size_t length = strtoul(strstr(head->str, "content-length: ") + 16, NULL, 10);
    while (length && recv(fd, &c, 1, 0) == 1)
        length--;
    return atoi(head->str + 9);
}

static void pipelined_requests_are_answered_in_order(void **state)
{
    int fd = client_connect(port_of(state));
    client_send(fd, "POST /api/v1/session HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n"
                    "Content-Length: 2\r\n\r\n{}GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n"
                    "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    assert_int_equal(read_exactly(fd), 400);
    assert_int_equal(read_exactly(fd), 200);
    assert_int_equal(read_exactly(fd), 200);
    close(fd);
}

/* It would stop the service thread for good. */
static void a_body_in_the_wake_of_another_request_is_hung_up_on(void **state)
{
    static const char post[] = "POST /api/v1/session HTTP/1.1\r\nHost: h\r\n"
                               "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";
    static const char get[] = "GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n";
    const char *const pairs[][2] = {{get, post}, {post, post}};
    for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++) {
        int fd = client_connect(port_of(state));
        g_autofree char *both = g_strconcat(pairs[i][0], pairs[i][1], get, NULL);
        client_send(fd, both);
        assert_true(read_exactly(fd) > 0);
        assert_int_equal(read_exactly(fd), 0);
        close(fd);
        g_auto(Answer) alive = {0};
        client_ask(port_of(state), "GET /healthz", "", NULL, &alive);
        assert_int_equal(alive.status, 200);
    }
    /* Head and body of the first apart, the second at the heels of the body. */
    int fd = client_connect(port_of(state));
    client_send(fd, "POST /api/v1/session HTTP/1.1\r\nHost: h\r\n"
                    "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n");
    g_usleep(50000);
    g_autofree char *rest = g_strconcat("{}", post, get, NULL);
    client_send(fd, rest);
    assert_int_equal(read_exactly(fd), 400);
    assert_int_equal(read_exactly(fd), 0);
    close(fd);
}

/* What comes while an answer is on its way may be read and kept: it would stop the service thread.
 */
static void a_body_that_does_not_wait_for_the_answer_harms_nobody(void **state)
{
    static const char *const slow[] = {
        "POST /api/v1/session HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n"
        "Content-Length: 36\r\n\r\n{\"name\":\"nobody\",\"password\":\"wrong\"}", /* hashes */
        "GET /big.bin HTTP/1.1\r\nHost: h\r\n\r\n"};
    for (size_t i = 0; i < G_N_ELEMENTS(slow); i++) {
        g_auto(Answer) first = {0}, second = {0}, alive = {0};
        int fd = client_connect(port_of(state));
        client_send(fd, slow[i]);
        g_usleep(20000);
        client_send(fd, "POST /api/v1/session HTTP/1.1\r\nHost: h\r\n"
                        "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
        g_usleep(20000);
        client_read(fd, FALSE, &first);
        assert_int_equal(first.status, i == 0 ? 401 : 200);
        assert_true(first.whole);
        client_read(fd, FALSE, &second);
        assert_true(second.status == 0 || second.status == 400); /* it may still be in the socket */
        close(fd);
        client_ask(port_of(state), "GET /healthz", "", NULL, &alive);
        assert_int_equal(alive.status, 200);
    }
}

/* Whoever is refused by the head of a request may send its body after the answer, and the next
 * request at its heels: that too would stop the service thread, for anyone who has no account. */
static void a_request_at_the_heels_of_a_refused_body_is_hung_up_on(void **state)
{
    static const char refused[] = "POST /api/v1/session HTTP/1.1\r\nHost: h\r\n"
                                  "Content-Type: multipart/form-data\r\nContent-Length: 2\r\n\r\n";
    static const char *const nexts[] = {
        "POST /api/v1/session HTTP/1.1\r\nHost: h\r\n"
        "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
        "POST /api/v1/session HTTP/1.1\r\nHost: h\r\n"
        "Content-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}",
        "GET /healthz HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n{}",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(nexts); i++) {
        int fd = client_connect(port_of(state));
        client_send(fd, refused);
        assert_int_equal(read_exactly(fd), 415);
        g_autofree char *rest = g_strconcat("{}", nexts[i], NULL);
        client_send(fd, rest);
        assert_int_equal(read_exactly(fd), 0);
        close(fd);
        g_auto(Answer) alive = {0};
        client_ask(port_of(state), "GET /healthz", "", NULL, &alive);
        assert_int_equal(alive.status, 200);
    }
}

static double thread_seconds(void)
{
    struct timespec spent;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &spent);
    return (double)spent.tv_sec + (double)spent.tv_nsec / 1e9;
}

static void a_client_that_neither_reads_nor_waits_costs_little(void **state)
{
    int fd = client_connect(port_of(state));
    int small = 4096;
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    client_send(fd, "GET /big.bin HTTP/1.1\r\nHost: h\r\n\r\nGET / HTTP/1.1\r\n");
    g_usleep(200000);
    client_send(fd, "Host: h\r\n\r\n");
    shutdown(fd, SHUT_WR);
    g_usleep(200000);
    double before = thread_seconds();
    g_usleep(500000);
    assert_true(thread_seconds() - before < 0.15);
    close(fd);
}

static void signing_in_sets_a_cookie_that_works(void **state)
{
    House *house = *state;
    g_autofree char *unused = house_session(house, ROLE_OFFICER);
    g_auto(Answer) in = {0}, me = {0}, foreign = {0}, out = {0}, after = {0};
    client_ask(port_of(state), "POST /api/v1/session", "",
               "{\"name\":\"officer-1\",\"password\":\"" HOUSE_PASSWORD "\"}", &in);
    assert_int_equal(in.status, 200);
    g_autofree char *set = answer_header(&in, "set-cookie");
    g_autofree char *cookie = g_strdup_printf("Cookie: %.*s\r\n", (int)strcspn(set, ";"), set);
    client_ask(port_of(state), "GET /api/v1/me", cookie, NULL, &me);
    assert_int_equal(me.status, 200);
    assert_non_null(strstr(me.body->str, "\"name\":\"officer-1\""));
    g_autofree char *evil = g_strconcat(cookie, "Origin: http://evil.example\r\n", NULL);
    client_ask(port_of(state), "DELETE /api/v1/session", evil, NULL, &foreign);
    assert_int_equal(foreign.status, 403);
    g_autofree char *own =
        g_strdup_printf("%sOrigin: http://localhost:%d\r\n", cookie, port_of(state));
    client_ask(port_of(state), "DELETE /api/v1/session", own, NULL, &out);
    assert_int_equal(out.status, 204);
    client_ask(port_of(state), "GET /api/v1/me", cookie, NULL, &after);
    assert_int_equal(after.status, 401);
    g_autofree char *type = answer_header(&after, "content-type");
    assert_string_equal(type, "application/problem+json");
}

static void bad_bodies_are_refused(void **state)
{
    static const struct {
        const char *text;
        int status;
    } bad[] = {
        {"POST /api/v1/session HTTP/1.1\r\nHost: h\r\n\r\n", 411},
        {"POST /api/v1/session HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
         411},
        {"POST /api/v1/session HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n"
         "Content-Length: 4294967296\r\n\r\n{",
         413},
        {"POST /api/v1/session HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n"
         "Content-Length: -1\r\n\r\n{",
         400},
        {"POST /api/v1/session HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\nContent-Length: "
         "2\r\n\r\n{}",
         415},
        {"POST /api/v1/session HTTP/1.1\r\nHost: h\r\nContent-Type: "
         "application/json\r\nContent-Length: 2\r\n\r\n{]",
         400},
        {"OPTIONS / HTTP/1.1\r\nHost: h\r\n\r\n", 405},
        {"GET /a%ff HTTP/1.1\r\nHost: h\r\n\r\n", 400},
        {"GET /?a=%ff HTTP/1.1\r\nHost: h\r\n\r\n", 400},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_auto(Answer) answer = {0};
        int fd = client_connect(port_of(state));
        client_send(fd, bad[i].text);
        client_read(fd, FALSE, &answer);
        if (answer.status != bad[i].status)
            fail_msg("%s: %d", bad[i].text, answer.status);
        close(fd);
    }
}

static void what_is_no_request_is_hung_up_on(void **state)
{
    g_autofree char *long_header = g_strnfill(40000, 'x');
    g_autofree char *too_long =
        g_strdup_printf("GET / HTTP/1.1\r\nHost: h\r\nX-Y: %s\r\n\r\n", long_header);
    const char *const bad[] = {
        "\x16\x03\x01\x02\x00\x01", "CONNECT h:1 HTTP/1.1\r\nHost: h\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", too_long,
        "GET / HTTP/1.1\r\nHost: h\r\nUpgrade: h2c\r\nConnection: upgrade\r\n"
        "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n\r\n"};
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_auto(Answer) answer = {0}, alive = {0};
        int fd = client_connect(port_of(state));
        client_send(fd, bad[i]);
        shutdown(fd, SHUT_WR);
        client_read(fd, FALSE, &answer);
        assert_true(answer.status == 0 || answer.status >= 400);
        close(fd);
        client_ask(port_of(state), "GET /healthz", "", NULL, &alive);
        assert_int_equal(alive.status, 200);
    }
}

static void a_download_cut_off_frees_what_it_held(void **state)
{
    for (int i = 0; i < 20; i++) {
        int fd = client_connect(port_of(state));
        client_send(fd, "GET /big.bin HTTP/1.1\r\nHost: h\r\n\r\n");
        char some[4096];
        recv(fd, some, sizeof some, 0);
        close(fd);
    }
    g_auto(Answer) alive = {0};
    client_ask(port_of(state), "GET /big.bin", "", NULL, &alive);
    assert_int_equal(alive.body->len, 5000000);
}

static void a_clip_is_downloaded_whole_and_in_parts(void **state)
{
    House *house = *state;
    g_autofree char *session = house_session(house, ROLE_OFFICER);
    g_autofree char *cookie = g_strdup_printf("Cookie: session=%s\r\n", session);
    g_autofree char *grant = house_grant(house, session);
    char camera[UUID_TEXT], from[TIME_TEXT], to[TIME_TEXT];
    int64_t from_us = house_record(house, 5);
    g_autofree char *what = g_strdup_printf(
        "GET /api/v1/cameras/%s/clip.mp4?from=%s&to=%s&name=ch%%E1%%BB%%A3&grant=%s",
        uuid_text(&house->camera, camera), time_text(from_us + 1000, from),
        time_text(from_us + 2 * SECOND_US, to), grant);
    g_auto(Answer) whole = {0}, part = {0};
    client_ask(port_of(state), what, cookie, NULL, &whole);
    assert_int_equal(whole.status, 200);
    assert_true(whole.whole);
    assert_memory_equal(whole.body->str + 4, "ftyp", 4);
    g_autofree char *gaps = answer_header(&whole, "footage-gaps");
    assert_non_null(gaps);
    g_autofree char *name = answer_header(&whole, "content-disposition");
    assert_non_null(strstr(name, "filename*=UTF-8''ch%E1%BB%A3"));
    g_autofree char *etag = answer_header(&whole, "etag");
    g_autofree char *headers =
        g_strdup_printf("%sRange: bytes=100-199\r\nIf-Range: %s\r\n", cookie, etag);
    client_ask(port_of(state), what, headers, NULL, &part);
    assert_int_equal(part.status, 206);
    assert_int_equal(part.body->len, 100);
    assert_memory_equal(part.body->str, whole.body->str + 100, 100);
}

static void refused(const HttpConfig *config, House *house, ErrCode code)
{
    g_autoptr(GError) error = NULL;
    assert_null(http_server_start(config, &house->api, &error));
    assert_true(g_error_matches(error, ERR, (int)code));
}

static void what_cannot_be_served_is_refused_at_start(void **state)
{
    House *house = *state;
    HttpConfig open_wire = {.host = "0.0.0.0", .no_tls = true};
    HttpConfig taken = {.host = "127.0.0.1", .no_tls = true, .port = port_of(state)};
    HttpConfig half = {.host = "127.0.0.1", .cert_file = "/nowhere"};
    HttpConfig bad_cert = {.host = "127.0.0.1", .cert_file = "/nowhere", .key_file = "/nowhere"};
    HttpConfig named = {.host = "localhost", .no_tls = true};
    HttpConfig no_app = {.host = "127.0.0.1", .no_tls = true, .web_dir = "/nowhere"};
    refused(&open_wire, house, ERR_INVALID);
    refused(&taken, house, ERR_EXISTS);
    refused(&half, house, ERR_INVALID);
    refused(&bad_cert, house, ERR_INVALID);
    refused(&named, house, ERR_INVALID);
    refused(&no_app, house, ERR_NOT_FOUND);
}

/* A flood of connections leaves those who are there in peace, and ends when it goes. */
static void more_connections_than_there_may_be_are_hung_up_on(void **state)
{
    House *house = *state;
    http_server_stop(house->server);
    HttpConfig config = {
        .host = "127.0.0.1", .no_tls = true, .data_dir = house->folder, .connections_most = 20};
    house_serve(house, &config);
    int held[20];
    for (size_t i = 0; i < G_N_ELEMENTS(held); i++) {
        g_auto(Answer) answer = {0};
        held[i] = client_connect(port_of(state));
        client_send(held[i], "GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n");
        client_read(held[i], FALSE, &answer);
        assert_int_equal(answer.status, 200);
    }
    g_auto(Answer) refused = {0}, held_on = {0}, later = {0};
    client_ask(port_of(state), "GET /healthz", "", NULL, &refused);
    assert_int_equal(refused.status, 0);
    client_send(held[0], "GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n");
    client_read(held[0], FALSE, &held_on);
    assert_int_equal(held_on.status, 200);
    for (size_t i = 0; i < G_N_ELEMENTS(held); i++)
        close(held[i]);
    for (int i = 0; i < 1000 && later.status != 200; i++) {
        g_usleep(20000);
        answer_clear(&later);
        client_ask(port_of(state), "GET /healthz", "", NULL, &later);
    }
    assert_int_equal(later.status, 200);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_served, house_close)
    const struct CMUnitTest tests[] = {
        TEST(the_app_is_served_with_a_strict_policy),
        TEST(the_page_that_checks_packages_has_a_policy_of_its_own_and_a_sandbox),
        TEST(dots_lead_nowhere),
        TEST(two_slashes_do_not_lead_out_of_the_apps_folder),
        TEST(ranges_of_a_file_are_exact),
        TEST(a_connection_carries_many_requests),
        TEST(pipelined_requests_are_answered_in_order),
        TEST(a_body_in_the_wake_of_another_request_is_hung_up_on),
        TEST(a_body_that_does_not_wait_for_the_answer_harms_nobody),
        TEST(a_request_at_the_heels_of_a_refused_body_is_hung_up_on),
        TEST(a_client_that_neither_reads_nor_waits_costs_little),
        TEST(signing_in_sets_a_cookie_that_works),
        TEST(bad_bodies_are_refused),
        TEST(what_is_no_request_is_hung_up_on),
        TEST(a_download_cut_off_frees_what_it_held),
        TEST(a_clip_is_downloaded_whole_and_in_parts),
        TEST(what_cannot_be_served_is_refused_at_start),
        TEST(more_connections_than_there_may_be_are_hung_up_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
