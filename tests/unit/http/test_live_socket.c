/* WS /live over real sockets: pictures, and who gets them. */
#include "audit_rows.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "client.h"
#include "live_client.h"
#include "make_video.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

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

static void who_hears_nothing_else_hears_that_the_server_is_there(void **state)
{
    House *house = *state;
    g_autoptr(MadeVideo) video = some_video(1);
    publish(house, video, 0);
    int fd = open_viewer(house);
    subscribe(house, fd);
    expect_op(fd, "state");
    expect_op(fd, "subscribed");
    for (int i = 0; i < 2; i++) { /* the init part, and the only picture */
        unsigned opcode;
        g_autoptr(Buffer) frame = read_frame(fd, &opcode);
        assert_int_equal(opcode, 2);
    }
    clock_test_set(clock_mono_us() + 26 * SECOND_US, -1);
    expect_op(fd, "alive");
    clock_test_set(-1, -1);
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
    for (int i = 0; i < 1500 && live_figures(house->live).viewers; i++)
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
    for (int i = 0; i < 1500 && live_figures(house->live).viewers > 1; i++)
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
    g_autoptr(GPtrArray) lines = audit_rows(house->audit, 3);
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
    for (int i = 0; i < 1500 && live_figures(house->live).viewers; i++)
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
    for (int i = 0; i < 1500 && !live_figures(house->live).lost_pictures; i++)
        g_usleep(10000);
    assert_true(live_figures(house->live).lost_pictures > 0);
    close(stuck);
    close(quick);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_served, house_close)
    const struct CMUnitTest tests[] = {
        TEST(pictures_arrive_whole_and_in_order),
        TEST(who_hears_nothing_else_hears_that_the_server_is_there),
        TEST(viewers_that_go_leave_nothing_behind),
        TEST(who_may_not_watch_gets_no_socket),
        TEST(a_socket_is_closed_soon_when_its_session_ends),
        TEST(a_village_head_watches_the_own_village_only),
        TEST(a_text_without_end_is_hung_up_on),
        TEST(a_client_that_asks_and_never_reads_is_hung_up_on),
        TEST(a_stuck_viewer_holds_up_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
