/* WS /live over real sockets, and TLS by our own authority. */
#include "base/bytes.h"
#include "base/clock.h"
#include "client.h"
#include "house.h"
#include "http/event_notice.h"
#include "http/tls_own_ca.h"
#include "make_video.h"
#include "unit.h"

#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int open_served(void **state)
{
    house_open(state);
    House *house = *state;
    HttpConfig config = {.host = "127.0.0.1", .no_tls = true, .data_dir = house->folder};
    house_serve(house, &config);
    return 0;
}

static int port_of(House *house)
{
    return http_server_port(house->server);
}

/* Asks for the upgrade; the answer's status. */
static int upgrade(int fd, const char *path, const char *headers)
{
    g_autofree char *text = g_strdup_printf(
        "GET %s HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        "%s\r\n",
        path, headers);
    client_send(fd, text);
    g_autoptr(GString) head = g_string_new(NULL);
    char c;
    while (!strstr(head->str, "\r\n\r\n") && recv(fd, &c, 1, 0) == 1)
        g_string_append_c(head, c);
    return head->len > 9 ? atoi(head->str + 9) : 0;
}

static int open_with(House *house, const char *token)
{
    g_autofree char *cookie = g_strdup_printf("Cookie: session=%s\r\n", token);
    int fd = client_connect(port_of(house));
    assert_int_equal(upgrade(fd, "/api/v1/live", cookie), 101);
    return fd;
}

static int open_viewer(House *house)
{
    g_autofree char *token = house_session(house, ROLE_OFFICER);
    return open_with(house, token);
}

/* A masked text frame (RFC 6455 §5.2) of less than 65536 bytes. */
static void send_text(int fd, const char *text)
{
    g_auto(ByteWriter) frame = {0};
    size_t size = strlen(text);
    static const uint8_t mask[4] = {1, 2, 3, 4};
    write_u8(&frame, 0x81);
    write_u8(&frame, 0x80 | 126);
    write_u16(&frame, (uint16_t)size);
    write_bytes(&frame, mask, 4);
    for (size_t i = 0; i < size; i++)
        write_u8(&frame, (uint8_t)(text[i] ^ mask[i % 4]));
    assert_int_equal(send(fd, frame.data, frame.size, MSG_NOSIGNAL), frame.size);
}

static bool read_all(int fd, void *data, size_t size)
{
    for (size_t got = 0; got < size;) {
        ssize_t n = recv(fd, (char *)data + got, size - got, 0);
        if (n <= 0)
            return false;
        got += (size_t)n;
    }
    return true;
}

/* The next frame's payload, owned; its opcode in `*opcode`; NULL: hung up. */
static Buffer *read_frame(int fd, unsigned *opcode)
{
    uint8_t head[2], more[8];
    if (!read_all(fd, head, 2))
        return NULL;
    *opcode = head[0] & 15;
    uint64_t size = head[1];
    if (size == 126 && read_all(fd, more, 2))
        size = get_u16(more);
    else if (size == 127 && read_all(fd, more, 8))
        size = get_u64(more);
    Buffer *payload = buffer_new(size);
    if (!read_all(fd, payload->data, size))
        g_clear_pointer(&payload, buffer_unref);
    return payload;
}

static void subscribe(House *house, int fd)
{
    char id[UUID_TEXT];
    g_autofree char *text =
        g_strdup_printf("{\"op\":\"subscribe\",\"camera\":\"%s\",\"stream\":\"main\"}",
                        uuid_text(&house->camera, id));
    send_text(fd, text);
}

static void expect_op(int fd, const char *op)
{
    unsigned opcode;
    g_autoptr(Buffer) frame = read_frame(fd, &opcode);
    assert_non_null(frame);
    assert_int_equal(opcode, 1);
    g_autoptr(Json) json = json_parse((const char *)frame->data, frame->size, NULL);
    assert_string_equal(json_string_value(json_object_get(json, "op")), op);
}

static MadeVideo *some_video(unsigned pictures)
{
    VideoRecipe recipe = {
        .width = 320, .height = 180, .fps = 10, .pictures = pictures, .key_interval = 10};
    return make_video(&recipe);
}

static void publish(House *house, MadeVideo *video, guint i)
{
    AccessUnit *unit = video->units->pdata[i];
    unit->run = 1;
    unit->capture_us = clock_now_us();
    hub_publish(house->hub, unit);
}

/* The next message of the op; NULL: none comes within so many seconds. */
static Json *read_op_within(int fd, const char *op, int seconds)
{
    unsigned opcode;
    struct timeval most = {.tv_sec = seconds};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &most, sizeof most);
    for (;;) {
        g_autoptr(Buffer) frame = read_frame(fd, &opcode);
        if (!frame)
            return NULL;
        g_autoptr(Json) json =
            opcode == 1 ? json_parse((const char *)frame->data, frame->size, NULL) : NULL;
        if (json && strcmp(json_string_value(json_object_get(json, "op")), op) == 0)
            return g_steal_pointer(&json);
    }
}

static Json *read_event_within(int fd, int seconds)
{
    return read_op_within(fd, "event", seconds);
}

static Json *read_event(int fd)
{
    return read_event_within(fd, 10);
}

static const char *member(const Json *json, const char *name)
{
    return json_string_value(json_object_get(json, name));
}

/* Who connects while an event begins may be told of the beginning twice. */
static Json *read_end(int fd)
{
    Json *json;
    while ((json = read_event(fd)) && !json_is_string(json_object_get(json, "to")))
        json_decref(json);
    return json;
}

static void open_apps_are_told_of_trouble_when_it_begins_and_ends(void **state)
{
    House *house = *state;
    char id[UUID_TEXT];
    events_listen(house->events, event_notice_tell, &house->api);
    int early = open_viewer(house);
    Uuid event = events_begin(house->events, &house->camera, EVENT_NOT_RECORDED, clock_now_us(),
                              "the camera can't be reached");
    events_begin(house->events, &house->camera, EVENT_MOTION, clock_now_us(), NULL);
    int late = open_viewer(house); /* comes when it already goes on */
    g_autoptr(Json) begun = read_event(early), standing = read_event(late);
    const Json *told[] = {begun, standing};
    for (size_t i = 0; i < G_N_ELEMENTS(told); i++) {
        assert_non_null(told[i]);
        assert_string_equal(member(told[i], "id"), uuid_text(&event, id));
        assert_string_equal(member(told[i], "kind"), "not-recorded");
        assert_string_equal(member(told[i], "name"), "Cổng chợ");
        assert_string_equal(member(told[i], "detail"), "the camera can't be reached");
        assert_true(json_is_null(json_object_get(told[i], "to")));
    }
    events_end(house->events, &event, clock_now_us());
    g_autoptr(Json) over = read_end(early), over_too = read_end(late);
    assert_string_equal(member(over, "id"), uuid_text(&event, id));
    assert_true(json_is_string(json_object_get(over, "to")));
    assert_non_null(over_too);
    assert_null(read_event_within(early, 1)); /* of motion nobody is told */
    close(early);
    close(late);
}

static void who_may_not_watch_a_camera_is_not_told_of_its_trouble(void **state)
{
    House *house = *state;
    events_listen(house->events, event_notice_tell, &house->api);
    g_autofree char *token = house_session(house, ROLE_VILLAGE_HEAD);
    Uuid location = house_location(house, "Xa", "Bản Bua");
    Uuid foreign = house_camera(house, "Xa", &location);
    int fd = open_with(house, token);
    events_begin(house->events, &foreign, EVENT_NOT_RECORDED, clock_now_us(), NULL);
    events_begin(house->events, NULL, EVENT_STORAGE, clock_now_us(), NULL);
    events_begin(house->events, &house->camera, EVENT_BLACK, clock_now_us(), NULL);
    g_autoptr(Json) own = read_event(fd);
    assert_string_equal(member(own, "kind"), "black");
    g_autoptr(Json) again = read_event_within(fd, 1);
    if (again) /* began while it connected */
        assert_string_equal(member(again, "id"), member(own, "id"));
    close(fd);
}

/* From now on, day and night; `who` NULL: nobody. */
static void put_on_duty(House *house, const Uuid *who)
{
    static const char *const week[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    for (size_t i = 0; i < G_N_ELEMENTS(week); i++) {
        g_autoptr(GPtrArray) before = NULL;
        GPtrArray *shifts = shifts_new();
        Shift *shift = shift_new(0, 0);
        if (who) {
            g_array_append_vals(shift->people, who, 1);
            g_ptr_array_add(shifts, shift);
        } else {
            shift_free(shift);
        }
        assert_true(duty_set(house->duty, week[i], shifts, &before, NULL));
    }
}

static void who_is_on_duty_is_told_of_trouble_and_others_when_nobody_is(void **state)
{
    House *house = *state;
    Account officer;
    events_listen(house->events, event_notice_tell, &house->api);
    g_autofree char *token = house_session(house, ROLE_COMMANDER);
    int on = open_viewer(house);
    assert_true(people_account_named(house->people, "officer-1", &officer));
    put_on_duty(house, &officer.id);
    int off = open_with(house, token);
    Uuid event =
        events_begin(house->events, &house->camera, EVENT_NOT_RECORDED, clock_now_us(), NULL);
    g_autoptr(Json) told = read_event(on);
    assert_string_equal(member(told, "kind"), "not-recorded");
    assert_null(read_event_within(off, 1));
    put_on_duty(house, NULL); /* a hole: what goes on is told to all */
    g_autoptr(Json) told_too = read_event_within(off, 3);
    assert_non_null(told_too);
    events_end(house->events, &event, clock_now_us());
    /* the disk is told to who looks after it: nobody on duty may, so that it is for all */
    put_on_duty(house, &officer.id);
    g_autoptr(Json) over = read_end(off);
    assert_non_null(over);
    events_begin(house->events, NULL, EVENT_STORAGE, clock_now_us(), NULL);
    g_autoptr(Json) disk = read_event(off);
    assert_string_equal(member(disk, "kind"), "storage");
    close(on);
    close(off);
}

/* By the API, as a browser without a cookie does; the new session's token. */
static char *sign_in_anew(House *house, Role role)
{
    g_auto(ApiResponse) answer = {0};
    g_autofree char *body =
        g_strdup_printf("{\"name\":\"%s-1\",\"password\":\"%s\"}", role_text(role), HOUSE_PASSWORD);
    house_ask(house, NULL, "POST /api/v1/session", body, &answer);
    assert_int_equal(answer.status, 200);
    for (size_t i = 0; i < answer.header_count; i++)
        if (g_str_has_prefix(answer.headers[i].value, "session="))
            return g_strndup(answer.headers[i].value + 8,
                             strcspn(answer.headers[i].value + 8, ";"));
    return NULL;
}

static void a_sign_in_on_a_new_device_is_told_to_the_other_apps_of_the_account_alone(void **state)
{
    House *house = *state;
    g_autofree char *boss = house_session(house, ROLE_COMMANDER);
    int own = open_viewer(house), other = open_with(house, boss);
    g_autofree char *first = sign_in_anew(house, ROLE_OFFICER);
    assert_null(read_op_within(own, "sign-in", 1)); /* the first that is noted */
    g_autofree char *second = sign_in_anew(house, ROLE_OFFICER);
    int itself = open_with(house, second);
    g_autoptr(Json) told = read_op_within(own, "sign-in", 2);
    assert_string_equal(member(told, "address"), "127.0.0.1");
    assert_string_equal(member(told, "device"), "test");
    assert_null(read_op_within(itself, "sign-in", 1));
    assert_null(read_op_within(other, "sign-in", 1));
    close(own);
    close(other);
    close(itself);
}

static void pictures_arrive_whole_and_in_order(void **state)
{
    House *house = *state;
    g_autoptr(MadeVideo) video = some_video(10);
    publish(house, video, 0);
    publish(house, video, 1);
    int fd = open_viewer(house);
    subscribe(house, fd);
    expect_op(fd, "state");
    expect_op(fd, "subscribed");
    unsigned opcode;
    g_autoptr(Buffer) init = read_frame(fd, &opcode);
    assert_int_equal(opcode, 2);
    assert_int_equal(init->data[1], 2);
    for (guint i = 0; i < 10; i++) {
        if (i >= 2)
            publish(house, video, i);
        const AccessUnit *unit = video->units->pdata[i];
        g_autoptr(Buffer) frame = read_frame(fd, &opcode);
        assert_int_equal(get_u64(frame->data + 8), i);
        assert_int_equal(frame->data[1], i == 0);
        assert_memory_equal(frame->data + frame->size - unit->size, unit->data, unit->size);
    }
    close(fd);
}

static void viewers_that_go_leave_nothing_behind(void **state)
{
    House *house = *state;
    g_autoptr(MadeVideo) video = some_video(1);
    for (int i = 0; i < 5; i++) {
        int fd = open_viewer(house);
        subscribe(house, fd);
        expect_op(fd, "state");
        close(fd);
    }
    for (int i = 0; i < 300 && live_figures(house->live).viewers; i++)
        g_usleep(10000);
    assert_int_equal(live_figures(house->live).viewers, 0);
    assert_int_equal(live_figures(house->live).streams, 0);
    assert_int_equal(hub_viewers(house->hub), 0);
}

static void who_may_not_watch_gets_no_socket(void **state)
{
    House *house = *state;
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    g_autofree char *auditor = house_session(house, ROLE_AUDITOR);
    g_autofree char *good = g_strdup_printf("Cookie: session=%s\r\n", officer);
    g_autofree char *no_right = g_strdup_printf("Cookie: session=%s\r\n", auditor);
    g_autofree char *foreign = g_strconcat(good, "Origin: https://evil.example\r\n", NULL);
    g_autofree char *own = g_strconcat(good, "Origin: http://h\r\n", NULL);
    g_autofree char *bearer = g_strdup_printf("Authorization: Bearer %s\r\n", officer);
    const struct {
        const char *path, *headers;
        int status;
    } asked[] = {
        {"/api/v1/live", "", 401},       {"/api/v1/live", "Cookie: session=guess\r\n", 401},
        {"/api/v1/live", no_right, 403}, {"/api/v1/live", foreign, 403},
        {"/api/v1/cameras", good, 404},  {"/", good, 404},
        {"/api/v1/live", own, 101},      {"/api/v1/live", bearer, 101},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(asked); i++) {
        int fd = client_connect(port_of(house));
        int status = upgrade(fd, asked[i].path, asked[i].headers);
        if (status != asked[i].status)
            fail_msg("%s %s: %d", asked[i].path, asked[i].headers, status);
        close(fd);
    }
}

/* Reads on until the server closes: its code; fails when that takes more than 1 s. */
static unsigned wait_for_close(int fd)
{
    int64_t asked_us = clock_mono_us();
    for (;;) {
        unsigned opcode;
        g_autoptr(Buffer) frame = read_frame(fd, &opcode);
        if (clock_mono_us() - asked_us > SECOND_US)
            fail_msg("still open after 1 s");
        if (!frame)
            return 0;
        if (opcode == 8)
            return frame->size >= 2 ? get_u16(frame->data) : 0;
    }
}

static void a_socket_is_closed_soon_when_its_session_ends(void **state)
{
    House *house = *state;
    g_autofree char *out = house_session(house, ROLE_OFFICER);
    g_autofree char *shut = house_session(house, ROLE_COMMANDER);
    g_autofree char *stays = house_session(house, ROLE_ADMIN);
    int signed_out = open_with(house, out), disabled = open_with(house, shut),
        open = open_with(house, stays);
    ApiToken made;
    g_autofree char *token =
        people_token_create(house->people, ROLE_OFFICER, NULL, 1, "wall", NULL, &made, NULL);
    g_autofree char *bearer = g_strdup_printf("Authorization: Bearer %s\r\n", token);
    int taken_back = client_connect(port_of(house));
    assert_int_equal(upgrade(taken_back, "/api/v1/live", bearer), 101);
    subscribe(house, signed_out);
    expect_op(signed_out, "state");
    g_auto(ApiResponse) answer = {0};
    house_ask(house, out, "DELETE /api/v1/session", NULL, &answer);
    assert_int_equal(answer.status, 204);
    assert_int_equal(wait_for_close(signed_out), 4401);
    Account account;
    assert_true(people_account_named(house->people, "commander-1", &account));
    assert_true(people_account_disable(house->people, &account.id, true, NULL));
    assert_int_equal(wait_for_close(disabled), 4401);
    assert_true(people_token_remove(house->people, &made.id, NULL));
    assert_int_equal(wait_for_close(taken_back), 4401);
    subscribe(house, open);
    expect_op(open, "state");
    for (int i = 0; i < 100 && live_figures(house->live).viewers > 1; i++)
        g_usleep(10000);
    assert_int_equal(live_figures(house->live).viewers, 1);
    clock_test_set(clock_now_us() + SESSION_MOST_US + SECOND_US, -1); /* a month later */
    assert_int_equal(wait_for_close(open), 4401);
    clock_test_set(-1, -1);
    close(signed_out), close(disabled), close(taken_back), close(open);
}

static void a_village_head_watches_the_own_village_only(void **state)
{
    House *house = *state;
    g_autofree char *head = house_session(house, ROLE_VILLAGE_HEAD);
    int fd = open_with(house, head);
    subscribe(house, fd);
    expect_op(fd, "state");
    Uuid foreign = house_location(house, "Cầu", "Bản Bua");
    CameraEdit edit = {.location = &foreign};
    assert_true(site_camera_edit(house->site, &house->camera, &edit, NULL));
    expect_op(fd, "error");
    expect_op(fd, "unsubscribed");
    subscribe(house, fd);
    expect_op(fd, "error");
    assert_int_equal(hub_viewers(house->hub), 0);
    close(fd);
    assert_true(audit_flush(house->audit, NULL));
    g_autoptr(GPtrArray) lines = audit_list(house->audit, 0, INT64_MAX, 0, 3, NULL);
    const AuditRow *refused = lines->pdata[0], *end = lines->pdata[1], *begin = lines->pdata[2];
    assert_string_equal(refused->action, "live");
    assert_string_equal(refused->result, "no-right");
    assert_string_equal(begin->action, "live");
    assert_string_equal(begin->result, "ok");
    assert_string_equal(end->action, "live-end");
    assert_true(end->from_us > 0 && end->to_us >= end->from_us);
    assert_in_range(begin->time_us - end->from_us, 0, SECOND_US);
}

static void a_text_without_end_is_hung_up_on(void **state)
{
    House *house = *state;
    int fd = open_viewer(house);
    g_autofree char *text = g_strnfill(20000, ' ');
    send_text(fd, text);
    unsigned opcode;
    g_autoptr(Buffer) frame = read_frame(fd, &opcode);
    assert_true(!frame || opcode == 8);
    close(fd);
}

static void a_client_that_asks_and_never_reads_is_hung_up_on(void **state)
{
    House *house = *state;
    int fd = open_viewer(house);
    const struct timeval patience = {.tv_sec = 5};
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    g_autoptr(GString) asked = g_string_new(NULL);
    static const char frame[] = "\x81\x82\0\0\0\0{}"; /* answered by an error each */
    for (int i = 0; i < 1000; i++)
        g_string_append_len(asked, frame, sizeof frame - 1);
    for (int i = 0; i < 200 && send(fd, asked->str, asked->len, MSG_NOSIGNAL) > 0; i++)
        ;
    for (int i = 0; i < 500 && live_figures(house->live).viewers; i++)
        g_usleep(10000);
    assert_int_equal(live_figures(house->live).viewers, 0);
    close(fd);
}

/* A viewer that reads nothing holds up nobody, and loses pictures of its own. */
static void a_stuck_viewer_holds_up_nobody(void **state)
{
    House *house = *state;
    g_autoptr(MadeVideo) video = some_video(10);
    publish(house, video, 0);
    int stuck = open_viewer(house), quick = open_viewer(house);
    int small = 4096;
    setsockopt(stuck, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    subscribe(house, stuck);
    subscribe(house, quick);
    expect_op(quick, "state");
    expect_op(quick, "subscribed");
    unsigned opcode;
    buffer_unref(read_frame(quick, &opcode));
    buffer_unref(read_frame(quick, &opcode));
    /* Big pictures, more of them than any socket takes. */
    for (int i = 0; i < 60; i++) {
        const AccessUnit *small_unit = video->units->pdata[0];
        g_autoptr(AccessUnit) big = access_unit_new(small_unit->params, TRACK_VIDEO, 200000);
        memset(big->data, 0, big->size);
        big->key = true;
        big->pts = i * 9000;
        hub_publish(house->hub, big);
        g_autoptr(Buffer) frame = read_frame(quick, &opcode);
        assert_int_equal(opcode, 2);
        g_usleep(40000);
    }
    g_usleep(200000);
    assert_true(live_figures(house->live).lost_pictures > 0);
    close(stuck);
    close(quick);
}

static void our_own_authority_is_enough_for_a_client_that_knows_it(void **state)
{
    House *house = *state;
    HttpConfig config = {.host = "127.0.0.1", .data_dir = house->folder};
    http_server_stop(house->server);
    house_serve(house, &config);
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    assert_int_equal(SSL_CTX_load_verify_locations(context, http_server_ca(house->server), NULL),
                     1);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_alpn_protos(context, (const uint8_t *)"\2h2\10http/1.1", 12);
    SSL *tls = SSL_new(context);
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(tls), "127.0.0.1");
    int fd = client_connect(port_of(house));
    SSL_set_fd(tls, fd);
    assert_int_equal(SSL_connect(tls), 1);
    const uint8_t *protocol;
    unsigned length;
    SSL_get0_alpn_selected(tls, &protocol, &length);
    assert_int_equal(length, 8);
    assert_memory_equal(protocol, "http/1.1", 8);
    static const char ask[] =
        "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
    assert_int_equal(SSL_write(tls, ask, sizeof ask - 1), sizeof ask - 1);
    char answer[4096] = "";
    size_t got = 0;
    for (int n; got < sizeof answer - 1 &&
                (n = SSL_read(tls, answer + got, (int)(sizeof answer - 1 - got))) > 0;)
        got += (size_t)n;
    assert_true(g_str_has_prefix(answer, "HTTP/1.1 200 OK"));
    assert_non_null(strstr(answer, "\"status\""));
    assert_null(strstr(answer, "strict-transport-security"));
    assert_non_null(strstr(answer, "wss://127.0.0.1"));
    SSL_free(tls);
    SSL_CTX_free(context);
    close(fd);
}

/* Serial number of the certificate that a new connection is shown, as hex. Returned owned. */
static char *serial_shown(House *house)
{
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    SSL *tls = SSL_new(context);
    int fd = client_connect(port_of(house));
    SSL_set_fd(tls, fd);
    assert_int_equal(SSL_connect(tls), 1);
    X509 *cert = SSL_get1_peer_certificate(tls);
    BIGNUM *number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(cert), NULL);
    char *hex = BN_bn2hex(number), *copy = g_strdup(hex);
    OPENSSL_free(hex);
    BN_free(number);
    X509_free(cert);
    SSL_free(tls);
    SSL_CTX_free(context);
    close(fd);
    return copy;
}

static void the_authority_can_be_downloaded_by_who_has_an_account(void **state)
{
    House *house = *state;
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    g_auto(ApiResponse) none = {0}, refused = {0}, given = {0};
    house_ask(house, officer, "GET /api/v1/authority.crt", NULL, &none);
    assert_int_equal(none.status, 404); /* no TLS: none is made */
    HttpConfig config = {.host = "127.0.0.1", .data_dir = house->folder};
    http_server_stop(house->server);
    house_serve(house, &config);
    house_ask(house, NULL, "GET /api/v1/authority.crt", NULL, &refused);
    assert_int_equal(refused.status, 401);
    house_ask(house, officer, "GET /api/v1/authority.crt", NULL, &given);
    assert_int_equal(given.status, 200);
    g_autofree char *file = NULL;
    size_t size;
    assert_true(g_file_get_contents(http_server_ca(house->server), &file, &size, NULL));
    assert_int_equal(given.bytes->size, size);
    assert_memory_equal(given.bytes->data, file, size);
    assert_non_null(strstr(file, "BEGIN CERTIFICATE"));
    assert_null(strstr(file, "PRIVATE KEY"));
}

static void a_renewed_certificate_is_taken_up_without_a_restart(void **state)
{
    House *house = *state;
    g_autofree char *given = g_build_filename(house->folder, "given", NULL);
    g_autofree char *other = g_build_filename(house->folder, "other", NULL);
    g_auto(OwnCa) first = {0}, second = {0};
    assert_true(own_ca_prepare(given, NULL, &first, NULL));
    assert_true(own_ca_prepare(other, NULL, &second, NULL));
    http_server_stop(house->server);
    HttpConfig config = {
        .host = "127.0.0.1", .cert_file = first.cert_file, .key_file = first.key_file};
    house_serve(house, &config);
    g_autofree char *before = serial_shown(house);
    assert_int_equal(rename(second.key_file, first.key_file), 0);
    assert_int_equal(rename(second.cert_file, first.cert_file), 0);
    http_server_look_at_certificate(house->server);
    for (int i = 0; i < 300; i++) {
        g_autofree char *now = serial_shown(house);
        if (strcmp(before, now) != 0)
            return;
        g_usleep(10000);
    }
    fail_msg("the old certificate is still shown after 3 s");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_served, house_close)
    const struct CMUnitTest tests[] = {
        TEST(open_apps_are_told_of_trouble_when_it_begins_and_ends),
        TEST(who_may_not_watch_a_camera_is_not_told_of_its_trouble),
        TEST(who_is_on_duty_is_told_of_trouble_and_others_when_nobody_is),
        TEST(a_sign_in_on_a_new_device_is_told_to_the_other_apps_of_the_account_alone),
        TEST(pictures_arrive_whole_and_in_order),
        TEST(viewers_that_go_leave_nothing_behind),
        TEST(who_may_not_watch_gets_no_socket),
        TEST(a_socket_is_closed_soon_when_its_session_ends),
        TEST(a_village_head_watches_the_own_village_only),
        TEST(a_text_without_end_is_hung_up_on),
        TEST(a_client_that_asks_and_never_reads_is_hung_up_on),
        TEST(a_stuck_viewer_holds_up_nobody),
        TEST(our_own_authority_is_enough_for_a_client_that_knows_it),
        TEST(the_authority_can_be_downloaded_by_who_has_an_account),
        TEST(a_renewed_certificate_is_taken_up_without_a_restart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
