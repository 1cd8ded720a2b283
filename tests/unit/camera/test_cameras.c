/* What a user is told, and what is recorded, when a scripted camera behaves in this way or that. */
#include "base/clock.h"
#include "base/secret.h"
#include "camera/cameras.h"
#include "camera/redirect.h"
#include "peer.h"
#include "unit.h"

#include <glib.h>
#include <string.h>
#include <unistd.h>

#define SDP                                                                       \
    "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=x\r\nt=0 0\r\nm=video 0 RTP/AVP 96\r\n" \
    "a=rtpmap:96 H264/90000\r\na=control:trackID=1\r\n"
#define OK(cseq_and_more, body) "RTSP/1.0 200 OK\r\nCSeq: %u\r\n" cseq_and_more "\r\n" body

static const PeerRow good_camera[] = {
    {"OPTIONS", OK("Public: OPTIONS, DESCRIBE, SETUP, PLAY, GET_PARAMETER\r\n", ""), false},
    {"DESCRIBE", OK("Content-Type: application/sdp\r\nContent-Length: 110\r\n", SDP), false},
    {"SETUP",
     OK("Session: 42;timeout=60\r\nTransport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n", ""), false},
    {"PLAY", OK("Session: 42\r\n", ""), true},
};

typedef struct Watched {
    Cameras *cameras;
    Uuid id;
    Peer *peer;
} Watched;

static void watch_nothing(void *data, const AccessUnit *unit)
{
}

static Watched watch(Peer *peer, uint16_t port, const char *user, const char *password)
{
    Watched watched = {.cameras = cameras_new(1), .id = uuid_new(), .peer = peer};
    g_autofree char *url = g_strdup_printf("rtsp://127.0.0.1:%u/main", port);
    CameraSource source = {
        .id = watched.id, .name = "x", .url = {url}, .user = user, .password = password};
    cameras_set(watched.cameras, &source);
    return watched;
}

static void end(Watched *watched)
{
    cameras_free(watched->cameras);
    if (watched->peer)
        peer_free(watched->peer);
}

static StreamStatus status_of(Watched *watched)
{
    CameraStatus status;
    assert_true(cameras_status(watched->cameras, watched->id, &status));
    return status.streams[STREAM_MAIN];
}

/* Waits for the state, or for a trouble when `trouble` is not none. */
enum { SOON_MS = 15000 }; /* also on a machine that is busy with something else */

static StreamStatus wait_for(Watched *watched, CameraState state, CameraTrouble trouble,
                             int most_ms)
{
    StreamStatus status = {0};
    for (int waited = 0; waited < most_ms; waited += 10) {
        status = status_of(watched);
        if (trouble != TROUBLE_NONE ? status.trouble == trouble : status.state == state)
            return status;
        usleep(10000);
    }
    fail_msg("state %s, trouble %s: %s", camera_state_text(status.state),
             camera_trouble_text(status.trouble), status.cause);
    return status;
}

static void a_camera_that_works_is_running_and_its_pictures_come_in_order(void **state)
{
    Peer *peer = peer_new(good_camera, G_N_ELEMENTS(good_camera));
    Watched watched = watch(peer, peer_port(peer), NULL, NULL);
    g_autoptr(Hub) hub = cameras_hub(watched.cameras, watched.id, STREAM_MAIN);
    HubListener *listener = hub_listen(hub, false, 1 << 20, watch_nothing, NULL);
    StreamStatus status = wait_for(&watched, CAMERA_RUNNING, TROUBLE_NONE, SOON_MS);
    assert_int_equal(status.width, 320);
    assert_string_equal(status.cause, "");
    int64_t last_pts = -1;
    unsigned count = 0;
    for (int waited = 0; waited < SOON_MS && count < 5; waited += 10) {
        AccessUnit *unit;
        while ((unit = hub_listener_next(listener, NULL))) {
            assert_int_equal(unit->run_start, count == 0);
            assert_true(unit->pts > last_pts);
            last_pts = unit->pts;
            count++;
            access_unit_unref(unit);
        }
        usleep(10000);
    }
    assert_in_range(count, 5, 100);
    hub_unlisten(listener);
    end(&watched);
}

static void a_camera_that_stalls_is_reconnected_and_the_new_run_says_why(void **state)
{
    Peer *peer = peer_new(good_camera, G_N_ELEMENTS(good_camera));
    Watched watched = watch(peer, peer_port(peer), NULL, NULL);
    wait_for(&watched, CAMERA_RUNNING, TROUBLE_NONE, SOON_MS);
    g_autoptr(Hub) hub = cameras_hub(watched.cameras, watched.id, STREAM_MAIN);
    peer_stall(peer, true);
    StreamStatus status = wait_for(&watched, CAMERA_STALLED, TROUBLE_STALL, SOON_MS);
    assert_non_null(strstr(status.cause, "no picture for 5 s"));
    HubListener *listener = hub_listen(hub, false, 1 << 20, watch_nothing, NULL);
    peer_stall(peer, false);
    wait_for(&watched, CAMERA_RUNNING, TROUBLE_NONE, SOON_MS);
    g_autoptr(AccessUnit) first = hub_listener_next(listener, NULL);
    assert_true(first->run_start);
    assert_int_equal(first->gap_cause, GAP_NETWORK_STALL);
    assert_int_equal(peer_connections(peer), 2);
    hub_unlisten(listener);
    end(&watched);
}

/* How many pictures come of a camera that is stopped in the first moments of its session. */
static unsigned pictures_of_a_moment(int ms)
{
    Peer *peer = peer_new(good_camera, G_N_ELEMENTS(good_camera));
    Watched watched = watch(peer, peer_port(peer), NULL, NULL);
    g_autoptr(Hub) hub = cameras_hub(watched.cameras, watched.id, STREAM_MAIN);
    HubListener *listener = hub_listen(hub, false, 1 << 20, watch_nothing, NULL);
    for (int wait = 0; wait < 300 && peer_heard(peer, "PLAY") == 0; wait++)
        usleep(10000);
    usleep((useconds_t)ms * 1000);
    end(&watched);
    unsigned count = 0;
    AccessUnit *unit;
    while ((unit = hub_listener_next(listener, NULL))) {
        access_unit_unref(unit);
        count++;
    }
    hub_unlisten(listener);
    return count;
}

static void a_session_of_a_moment_gives_its_pictures(void **state)
{
    unsigned count = 0;
    for (int i = 0; i < 5 && count == 0; i++) /* a crowded machine may have sent nothing yet */
        count = pictures_of_a_moment(100);
    assert_true(count > 0);
}

static void a_camera_that_ran_and_now_hangs_up_is_not_told_as_something_else(void **state)
{
    Peer *peer = peer_new(good_camera, G_N_ELEMENTS(good_camera));
    Watched watched = watch(peer, peer_port(peer), NULL, NULL);
    wait_for(&watched, CAMERA_RUNNING, TROUBLE_NONE, SOON_MS);
    peer_hang_up(peer);
    StreamStatus status = wait_for(&watched, CAMERA_WAITING, TROUBLE_CLOSED, SOON_MS);
    for (int wait = 0; wait < 100 && !strstr(status.cause, "starting anew"); wait++) {
        g_usleep(50000);
        status = wait_for(&watched, CAMERA_WAITING, TROUBLE_CLOSED, SOON_MS);
    }
    assert_non_null(strstr(status.cause, "starting anew"));
    end(&watched);
}

typedef struct Refusal {
    PeerRow row;
    const char *user;
    CameraTrouble trouble;
} Refusal;

static void each_refusal_is_told_in_its_own_words(void **state)
{
    static const Refusal refusals[] = {
        {{"", "RTSP/1.0 404 Not Found\r\nCSeq: %u\r\n\r\n"}, NULL, TROUBLE_NOT_FOUND},
        {{"", "RTSP/1.0 453 Not Enough Bandwidth\r\nCSeq: %u\r\n\r\n"},
         NULL,
         TROUBLE_TOO_MANY_SESSIONS},
        {{"", "RTSP/1.0 461 Unsupported Transport\r\nCSeq: %u\r\n\r\n"}, NULL, TROUBLE_TRANSPORT},
        {{"", "RTSP/1.0 503 Service Unavailable\r\nCSeq: %u\r\n\r\n"}, NULL, TROUBLE_BUSY},
        {{"",
          "RTSP/1.0 401 Unauthorized\r\nCSeq: %u\r\nWWW-Authenticate: Basic realm=\"c\"\r\n\r\n"},
         NULL,
         TROUBLE_WRONG_PASSWORD},
        {{"", "RTSP/1.0 401 Unauthorized\r\nCSeq: %u\r\nWWW-Authenticate: Digest realm=\"c\", "
              "nonce=\"n\"\r\n\r\n"},
         "admin",
         TROUBLE_WRONG_PASSWORD},
        {{"", "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"}, NULL, TROUBLE_NOT_RTSP},
        {{"", "SSH-2.0-OpenSSH_9.2 and a lot of bytes that are no answer at all\r\n\r\n\r\n"},
         NULL,
         TROUBLE_NOT_RTSP},
        {{"", NULL}, NULL, TROUBLE_NOT_RTSP},
        {{"", "RTSP/1.0 200 OK\r\nCSeq: %u\r\nContent-Length: 2\r\n\r\nhi"},
         NULL,
         TROUBLE_NO_VIDEO},
        {{"", "RTSP/1.0 200 OK\r\nCSeq: %u\r\nContent-Length: 45\r\n\r\n"
              "m=video 0 RTP/AVP 97\r\na=rtpmap:97 VP8/90000\r\n"},
         NULL,
         TROUBLE_CODEC_UNKNOWN},
        {{"", "RTSP/1.0 302 Moved\r\nCSeq: %u\r\nLocation: http://elsewhere/\r\n\r\n"},
         NULL,
         TROUBLE_PROTOCOL},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(refusals); i++) {
        Peer *peer = peer_new(&refusals[i].row, 1);
        Watched watched = watch(peer, peer_port(peer), refusals[i].user, "secret-word");
        StreamStatus status = wait_for(&watched, CAMERA_WAITING, refusals[i].trouble, SOON_MS);
        assert_true(strlen(status.cause) > 10);
        assert_null(strstr(status.cause, "secret-word"));
        end(&watched);
    }
}

/* A camera that sends on to `host`, at the port of one that asks for a password. What the second
 * was told: how often the password, and the trouble it came to. */
static StreamStatus send_on(const char *host, CameraTrouble trouble, unsigned *told)
{
    static const PeerRow asking[] = {{"", "RTSP/1.0 401 Unauthorized\r\nCSeq: %u\r\n"
                                          "WWW-Authenticate: Basic realm=\"c\"\r\n\r\n"}};
    Peer *target = peer_new(asking, G_N_ELEMENTS(asking));
    g_autofree char *moved = g_strdup_printf("RTSP/1.0 302 Moved\r\nCSeq: %%u\r\n"
                                             "Location: rtsp://%s:%u/other\r\n\r\n",
                                             host, peer_port(target));
    const PeerRow sending[] = {{"", moved}};
    Peer *peer = peer_new(sending, G_N_ELEMENTS(sending));
    Watched watched = watch(peer, peer_port(peer), "admin", "secret-word");
    StreamStatus status = wait_for(&watched, CAMERA_WAITING, trouble, SOON_MS);
    assert_true(peer_heard(target, "OPTIONS") > 0);
    *told = peer_heard(target, "Authorization");
    end(&watched);
    peer_free(target);
    return status;
}

static void a_password_follows_a_redirect_within_the_host_only(void **state)
{
    unsigned told;
    send_on("127.0.0.1", TROUBLE_WRONG_PASSWORD, &told);
    assert_true(told > 0);
    StreamStatus status = send_on("localhost", TROUBLE_SENT_ON, &told);
    assert_int_equal(told, 0);
    assert_non_null(strstr(status.cause, "rtsp://localhost"));
}

static void a_password_stays_in_the_network_of_its_camera(void **state)
{
    static const struct {
        const char *home, *address, *to;
        bool keeps;
    } moves[] = {
        {"rtsp://cam/", "192.168.1.64", "rtsp://CAM:8554/x", true},
        {"rtsp://cam/", "192.168.1.64", "rtsp://192.168.1.64/x", true},
        {"rtsp://cam/", "192.168.1.64", "rtsp://192.168.1.65/x", true},
        {"rtsp://192.168.1.64/", "192.168.1.64", "rtsp://other/x", false},
        {"rtsp://192.168.1.64/", "192.168.1.64", "rtsp://10.0.0.1/x", false},
        {"rtsp://172.16.0.1/", "172.16.0.1", "rtsp://172.31.9.9/x", true},
        {"rtsp://172.16.0.1/", "172.16.0.1", "rtsp://172.32.0.1/x", false},
        {"rtsp://[fd00::1]/", "fd00::1", "rtsp://[fd12::2]/x", true},
        {"rtsp://[fd00::1]/", "fd00::1", "rtsp://[2001:db8::2]/x", false},
        {"rtsp://8.8.8.8/", "8.8.8.8", "rtsp://8.8.8.9/x", false},
        {"rtsp://8.8.8.8/", "8.8.8.8", "rtsp://8.8.8.8:99/x", true},
        {"rtsp://cam/", "", "rtsp://192.168.1.64/x", false},
        {"rtsps://cam/", "10.0.0.1", "rtsp://cam/x", false},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(moves); i++) {
        g_autoptr(RtspUrl) home = rtsp_url_parse(moves[i].home, NULL);
        g_autoptr(RtspUrl) to = rtsp_url_parse(moves[i].to, NULL);
        if (redirect_keeps_password(home, moves[i].address, to) != moves[i].keeps)
            fail_msg("%s to %s", moves[i].home, moves[i].to);
    }
}

static void a_probe_of_a_dead_port_says_so(void **state)
{
    Peer *peer = peer_new(good_camera, 0);
    g_autofree char *url = g_strdup_printf("rtsp://127.0.0.1:%u/main", peer_port(peer));
    peer_free(peer);
    CameraProbe probe;
    CameraTrouble trouble;
    g_autoptr(GError) error = NULL;
    assert_false(camera_probe(&(CameraLook){.url = url}, 3 * SECOND_US, &probe, &trouble, &error));
    assert_int_equal(trouble, TROUBLE_REFUSED);
    assert_non_null(strstr(error->message, "refuses connections"));
}

static void changing_one_camera_leaves_the_others_connected(void **state)
{
    Peer *peer = peer_new(good_camera, G_N_ELEMENTS(good_camera));
    Peer *other_peer = peer_new(good_camera, G_N_ELEMENTS(good_camera));
    Watched watched = watch(peer, peer_port(peer), NULL, NULL);
    g_autofree char *url = g_strdup_printf("rtsp://127.0.0.1:%u/main", peer_port(other_peer));
    CameraSource other = {.id = uuid_new(), .name = "y", .url = {url}};
    cameras_set(watched.cameras, &other);
    wait_for(&watched, CAMERA_RUNNING, TROUBLE_NONE, SOON_MS);
    other.paused = true;
    cameras_set(watched.cameras, &other);
    usleep(300000);
    CameraStatus status;
    assert_true(cameras_status(watched.cameras, other.id, &status));
    assert_int_equal(status.streams[STREAM_MAIN].state, CAMERA_PAUSED);
    cameras_remove(watched.cameras, other.id);
    assert_false(cameras_status(watched.cameras, other.id, &status));
    assert_int_equal(status_of(&watched).state, CAMERA_RUNNING);
    assert_int_equal(peer_connections(peer), 1);
    end(&watched);
    peer_free(other_peer);
}

static void a_camera_that_sends_no_key_picture_is_told(void **state)
{
    Peer *peer = peer_new(good_camera, G_N_ELEMENTS(good_camera));
    peer_send_no_keys(peer);
    Watched watched = watch(peer, peer_port(peer), NULL, NULL);
    StreamStatus status = {0};
    for (int waited = 0; waited < 8000 && !*status.cause; waited += 10) {
        status = status_of(&watched);
        usleep(10000);
    }
    assert_int_equal(status.state, CAMERA_CONNECTING);
    assert_non_null(strstr(status.cause, "key picture"));
    assert_int_equal(peer_connections(peer), 1);
    end(&watched);
}

static void stopping_in_the_midst_of_looking_up_names_is_clean(void **state)
{
    for (unsigned i = 0; i < 30; i++) {
        Cameras *cameras = cameras_new(2);
        for (unsigned j = 0; j < 6; j++) {
            CameraSource source = {.id = uuid_new(), .name = "x", .url = {"rtsp://localhost:9/"}};
            cameras_set(cameras, &source);
        }
        usleep(i * 50);
        cameras_free(cameras);
    }
}

int main(void)
{
    secret_init();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_camera_that_works_is_running_and_its_pictures_come_in_order),
        cmocka_unit_test(a_camera_that_stalls_is_reconnected_and_the_new_run_says_why),
        cmocka_unit_test(a_session_of_a_moment_gives_its_pictures),
        cmocka_unit_test(each_refusal_is_told_in_its_own_words),
        cmocka_unit_test(a_camera_that_ran_and_now_hangs_up_is_not_told_as_something_else),
        cmocka_unit_test(a_password_follows_a_redirect_within_the_host_only),
        cmocka_unit_test(a_password_stays_in_the_network_of_its_camera),
        cmocka_unit_test(a_probe_of_a_dead_port_says_so),
        cmocka_unit_test(changing_one_camera_leaves_the_others_connected),
        cmocka_unit_test(a_camera_that_sends_no_key_picture_is_told),
        cmocka_unit_test(stopping_in_the_midst_of_looking_up_names_is_clean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
