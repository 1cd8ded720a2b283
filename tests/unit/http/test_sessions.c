/* The list of sessions by the API: one's own, those of others, and what ends with them. */
#include "api_ask.h"
#include "audit_rows.h"
#include "base/clock.h"
#include "base/time_text.h"
#include "client.h"
#include "unit.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static Json *item_of(const Json *page, size_t i)
{
    return json_array_get(json_object_get(page, "items"), i);
}

/* The id of the session in the page that does not ask. */
static const char *other_id(const Json *page)
{
    bool first = json_is_true(json_object_get(item_of(page, 0), "current"));
    return text_of(item_of(page, first ? 1 : 0), "id");
}

static char *account_id(House *house, const char *name)
{
    char id[UUID_TEXT];
    Account account;
    assert_true(people_account_named(house->people, name, &account));
    return g_strdup(uuid_text(&account.id, id));
}

static void one_sees_the_own_sessions_and_ends_one_or_all_others(void **state)
{
    House *house = *state;
    g_autofree char *here = house_session(house, ROLE_OFFICER);
    g_autofree char *there = house_session(house, ROLE_OFFICER);
    g_autofree char *third = house_session(house, ROLE_OFFICER);
    g_autoptr(Json) all = ask(house, here, "GET /sessions", "GET /api/v1/sessions", NULL, 200);
    assert_int_equal(json_array_size(json_object_get(all, "items")), 3);
    assert_true(people_sign_out(house->people, third, NULL));
    g_autoptr(Json) both = ask(house, here, "GET /sessions", "GET /api/v1/sessions", NULL, 200);
    g_autofree char *end = g_strdup_printf("DELETE /api/v1/sessions/%s", other_id(both));
    fits(house, here, "DELETE /sessions/{id}", end, NULL, 204);
    fits(house, here, "DELETE /sessions/{id}", end, NULL, 404);
    fits(house, there, "GET /me", "GET /api/v1/me", NULL, 401);
    g_autofree char *again = house_session(house, ROLE_OFFICER);
    fits(house, here, "DELETE /sessions", "DELETE /api/v1/sessions", NULL, 204);
    fits(house, again, "GET /me", "GET /api/v1/me", NULL, 401);
    fits(house, here, "GET /me", "GET /api/v1/me", NULL, 200);
}

static void nobody_ends_the_session_of_another_but_an_admin(void **state)
{
    House *house = *state;
    g_autofree char *admin = house_session(house, ROLE_ADMIN);
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    g_autofree char *commander = house_session(house, ROLE_COMMANDER);
    g_autofree char *account = account_id(house, "officer-1");
    g_autofree char *list = g_strdup_printf("GET /api/v1/users/%s/sessions", account);
    g_autofree char *all = g_strdup_printf("DELETE /api/v1/users/%s/sessions", account);
    g_autoptr(Json) page = ask(house, admin, "GET /users/{id}/sessions", list, NULL, 200);
    const char *id = text_of(item_of(page, 0), "id");
    g_autofree char *own = g_strdup_printf("DELETE /api/v1/sessions/%s", id);
    g_autofree char *one = g_strdup_printf("DELETE /api/v1/users/%s/sessions/%s", account, id);
    fits(house, commander, "DELETE /sessions/{id}", own, NULL, 404);
    fits(house, commander, "GET /users/{id}/sessions", list, NULL, 403);
    fits(house, commander, "DELETE /users/{id}/sessions/{session}", one, NULL, 403);
    fits(house, officer, "GET /me", "GET /api/v1/me", NULL, 200);
    fits(house, admin, "DELETE /users/{id}/sessions/{session}", one, NULL, 204);
    fits(house, admin, "DELETE /users/{id}/sessions/{session}", one, NULL, 404);
    fits(house, officer, "GET /me", "GET /api/v1/me", NULL, 401);
    g_autofree char *back = house_session(house, ROLE_OFFICER);
    fits(house, admin, "DELETE /users/{id}/sessions", all, NULL, 204);
    fits(house, back, "GET /me", "GET /api/v1/me", NULL, 401);
    fits(house, commander, "GET /me", "GET /api/v1/me", NULL, 200);
}

static void ending_sessions_stands_in_the_audit_log(void **state)
{
    House *house = *state;
    g_autofree char *admin = house_session(house, ROLE_ADMIN);
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    g_autofree char *account = account_id(house, "officer-1");
    g_autofree char *all = g_strdup_printf("DELETE /api/v1/users/%s/sessions", account);
    fits(house, officer, "DELETE /sessions", "DELETE /api/v1/sessions", NULL, 204);
    fits(house, admin, "DELETE /users/{id}/sessions", all, NULL, 204);
    assert_true(audit_flush(house->audit, NULL));
    g_autoptr(GPtrArray) rows = audit_rows(house->audit, 10);
    assert_int_equal(rows->len, 2);
    const AuditRow *by_admin = rows->pdata[0], *own = rows->pdata[1];
    assert_string_equal(own->action, "sessions-end");
    assert_string_equal(own->actor, account);
    assert_string_equal(by_admin->action, "sessions-end-of");
    assert_string_equal(by_admin->object, account);
}

/* Reads an answer to its end, pausing for half a second after the first of it to call `meanwhile`.
 * How much of the body is missing. */
static int64_t read_with_a_pause(int fd, void (*meanwhile)(People *, const char *), People *people,
                                 const char *token)
{
    char piece[16384];
    ssize_t n = recv(fd, piece, sizeof piece - 1, 0);
    assert_true(n > 0);
    piece[n] = '\0';
    const char *length = strstr(piece, "content-length: "), *body = strstr(piece, "\r\n\r\n");
    assert_true(length && body);
    int64_t missing = g_ascii_strtoll(length + 16, NULL, 10) - (piece + n - body - 4);
    meanwhile(people, token);
    g_usleep(SECOND_US / 2);
    while ((n = recv(fd, piece, sizeof piece, 0)) > 0)
        missing -= n;
    return missing;
}

static void sign_out(People *people, const char *session)
{
    assert_true(people_sign_out(people, session, NULL));
}

static void a_download_ends_within_a_second_of_its_session(void **state)
{
    House *house = *state;
    HttpConfig config = {.host = "127.0.0.1", .no_tls = true, .data_dir = house->folder};
    house_serve(house, &config);
    int64_t from_us = house_record(house, 300);
    char camera[UUID_TEXT], from[TIME_TEXT], to[TIME_TEXT];
    g_autofree char *session = house_session(house, ROLE_OFFICER);
    g_autofree char *grant = house_grant(house, session);
    g_autofree char *request = g_strdup_printf(
        "GET /api/v1/cameras/%s/clip.mp4?from=%s&to=%s&grant=%s HTTP/1.1\r\nHost: h\r\n"
        "Cookie: session=%s\r\nConnection: close\r\n\r\n",
        uuid_text(&house->camera, camera), time_text(from_us, from),
        time_text(from_us + 290 * SECOND_US, to), grant, session);
    int fd = client_connect(http_server_port(house->server)), small = 512 << 10;
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    client_send(fd, request);
    /* What the kernel has taken by then, some 2.5 MB on loopback, still comes. */
    int64_t from_mono_us = clock_mono_us();
    assert_true(read_with_a_pause(fd, sign_out, house->people, session) > 0);
    assert_true(clock_mono_us() - from_mono_us < SECOND_US);
    close(fd);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, house_open, house_close)
    const struct CMUnitTest tests[] = {
        TEST(one_sees_the_own_sessions_and_ends_one_or_all_others),
        TEST(nobody_ends_the_session_of_another_but_an_admin),
        TEST(ending_sessions_stands_in_the_audit_log),
        TEST(a_download_ends_within_a_second_of_its_session),
    };
    return cmocka_run_group_tests(tests, read_document, drop_document);
}
