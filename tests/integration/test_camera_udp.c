/* R17, S17 and S5 of CAMERAS.md: cameras that send by UDP, and which way is taken when it is ours
 * to choose. */
#include "base/clock.h"
#include "camera_rows.h"
#include "cameras_api.h"
#include "footage.h"
#include "unit.h"

#include <signal.h>
#include <string.h>

enum { PLAY_MS = 16000, LARGE_BYTES = 40000, LOSE_EVERY = 20, FILLER = 12, STAP_A = 24 };

#define OK "RTSP/1.0 200 OK\r\nCSeq: %u\r\n"
#define ANSWERS (const ScriptAnswer[])
#define UDP(...)              \
    .udp = &(const ScriptUdp) \
    {                         \
        __VA_ARGS__           \
    }
#define BY_UDP .transport = "udp", .way = "udp", .ever = "Transport: RTP/AVP;unicast;client_port="

/* The packets of each picture backwards, and each twice. */
static void shuffle(const ScriptPicture *picture, GArray *packets)
{
    guint count = packets->len;
    for (guint i = 0; i < count / 2; i++) {
        ScriptPacket *first = &g_array_index(packets, ScriptPacket, i),
                     *last = &g_array_index(packets, ScriptPacket, count - 1 - i), kept = *first;
        *first = *last;
        *last = kept;
    }
    for (guint i = 0; i < count; i++) {
        ScriptPacket copy = g_array_index(packets, ScriptPacket, i);
        g_bytes_ref(copy.payload);
        g_array_append_val(packets, copy);
    }
}

/* One packet of a picture now and then, which is no key picture. */
static void lose(const ScriptPicture *picture, GArray *packets)
{
    if (picture->number % LOSE_EVERY == 7)
        g_array_remove_index(packets, 0);
}

static void lose_a_second(const ScriptPicture *picture, GArray *packets)
{
    if (picture->since_play >= 45 && picture->since_play < 60)
        g_array_set_size(packets, 0);
}

static void add_filler(const ScriptPicture *picture, GPtrArray *nals)
{
    uint8_t *filler = g_malloc(LARGE_BYTES);
    memset(filler, 0xff, LARGE_BYTES);
    filler[0] = FILLER;
    g_ptr_array_insert(nals, 0, g_bytes_new_take(filler, LARGE_BYTES));
}

/* All of a picture in one packet, whose end is lost when it is cut (RFC 6184 §5.7.1). */
static void put_together(const ScriptPicture *picture, GArray *packets)
{
    g_auto(ByteWriter) payload = {0};
    write_u8(&payload, STAP_A);
    for (guint i = 0; i < packets->len; i++) {
        size_t size;
        const void *nal = g_bytes_get_data(g_array_index(packets, ScriptPacket, i).payload, &size);
        write_u16(&payload, (uint16_t)size);
        write_bytes(&payload, nal, size);
    }
    ScriptPacket *all = &g_array_index(packets, ScriptPacket, packets->len - 1);
    g_bytes_unref(all->payload);
    all->payload = g_bytes_new(payload.data, payload.size);
    all->sequence = (uint16_t)picture->number;
    g_array_remove_range(packets, 0, packets->len - 1);
}

static const char refused[] = "RTSP/1.0 461 Unsupported Transport\r\nCSeq: %u\r\n\r\n";

/* No pictures through the connection; and none at all without a new DESCRIBE after such a wish. */
static char *judge_no_tcp(const ScriptRequest *request, const void *unused)
{
    if (!g_str_has_prefix(request->text, "SETUP "))
        return NULL;
    if (strstr(request->text, "RTP/AVP/TCP"))
        return g_strdup(refused);
    const char *asked = g_strrstr(request->before, "RTP/AVP/TCP"),
               *described = g_strrstr(request->before, "DESCRIBE ");
    return described > asked ? NULL : g_strdup("RTSP/1.0 455 No\r\nCSeq: %u\r\n\r\n");
}

/* The same on the first connection; later ones that ask for TCP at all are not served. */
static char *judge_remembers(const ScriptRequest *request, const void *unused)
{
    if (request->connection > 0 && strstr(request->text, "RTP/AVP/TCP"))
        return g_strdup("RTSP/1.0 404 Not Found\r\nCSeq: %u\r\n\r\n");
    return judge_no_tcp(request, NULL);
}

static char *judge_no_tcp_at_first(const ScriptRequest *request, const void *unused)
{
    return request->connection == 0 ? judge_no_tcp(request, NULL) : NULL;
}

static char *judge_no_udp(const ScriptRequest *request, const void *unused)
{
    bool asks = g_str_has_prefix(request->text, "SETUP ") && strstr(request->text, "client_port");
    return asks ? g_strdup(refused) : NULL;
}

static const CameraRow rows[] = {
    {"R17-udp", "sends by UDP", {UDP(0)}, BY_UDP, .member = "lost_packets", .most = 0},
    {"R17-order",
     "packets backwards, and each twice",
     {UDP(0), .packets = shuffle},
     BY_UDP,
     .member = "lost_packets",
     .most = 0},
    {"R17-loss",
     "loses a packet of a picture a second",
     {UDP(0), .packets = lose},
     BY_UDP,
     .lost_least = 5,
     .lost_most = 16,
     .member = "lost_packets",
     .least = 5,
     .most = 16},
    {"R17-hole",
     "loses all of a second: a gap, in the same session",
     {UDP(0), .packets = lose_a_second},
     BY_UDP,
     .lost_most = 15,
     .gap = "network-stall",
     .gap_least_ms = 900,
     .gap_most_ms = 1400},
    {"S17-large",
     "datagrams of 40 KB",
     {UDP(0), .nals = add_filler, .packets = put_together, .payload_most = 60000},
     BY_UDP,
     .member = "lost_packets",
     .most = 0},
    {"R17-foreign",
     "others send to our ports, too",
     {UDP(.foreign = true)},
     BY_UDP,
     .member = "lost_packets",
     .most = 0},
    {"R17-no-port",
     "does not tell where it sends from, and others send, too",
     {UDP(.no_port = true, .foreign = true)},
     BY_UDP},
    {"R17-report",
     "hangs up 7 s after the last receiver report by UDP",
     {UDP(0), .alive_by = "$", .alive_s = 7},
     BY_UDP},
    {"R17-chosen-tcp",
     "answers with channels where UDP was asked for",
     {.answers = ANSWERS{{"SETUP", OK "Session: 4711\r\n"
                                      "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n\r\n"},
                         {NULL}}},
     .transport = "udp",
     .way = "tcp"},
    {"R17-blocked",
     "by UDP, which does not come through",
     {UDP(.silent = true)},
     .transport = "udp",
     .code = "transport",
     .cause = "none of its UDP packets arrives; let them through the firewall"},
    {"S5-461",
     "refuses TCP: asked anew for UDP, beginning with DESCRIBE",
     {UDP(0), .judge = judge_no_tcp},
     .way = "udp"},
    {"S5-remembered",
     "the same, and restarts: asked for UDP at once",
     {UDP(0), .judge = judge_remembers},
     .way = "udp",
     .is_reboot = true,
     .connections = 2,
     .gap = "camera-offline",
     .gap_least_ms = 1000,
     .gap_most_ms = 6000,
     .lost_most = 20},
    {"S5-461-tcp",
     "refuses TCP, which is set",
     {UDP(0), .judge = judge_no_tcp},
     .transport = "tcp",
     .code = "transport",
     .cause = "the way that is set (461); set its transport to auto"},
    {"S5-461-udp",
     "refuses UDP, which is set",
     {UDP(0), .judge = judge_no_udp},
     .transport = "udp",
     .code = "transport",
     .cause = "(461)"},
    {"S5-silent",
     "refuses TCP at first, its UDP does not come through, then takes TCP",
     {UDP(.silent = true), .judge = judge_no_tcp_at_first},
     .connections = 2,
     .way = "tcp"},
    {"S5-tcp", "knows both, the choice is ours", {UDP(0)}, .way = "tcp", .never = "client_port"},
};

/* GStreamer's RTSP server, which nobody here wrote, with H.264 and H.265, with and without sound.
 */
static void every_picture_of_the_simulator_comes_by_udp(void **state)
{
    enum { CAMERAS = 8, SIM_PLAY_MS = 10000, STOPPING_US = 200 * 1000 };
    Sim sim = sim_start(CAMERAS);
    g_autofree char *data = temp_folder();
    Server server = server_start(data);
    Api api = api_open(&server);
    char *ids[CAMERAS];
    for (int i = 0; i < CAMERAS; i++) {
        const Json *camera = sim_camera(&sim, i);
        const char *user = text_in(camera, "user"), *password = text_in(camera, "password");
        g_autoptr(Json) body =
            json_pack("{s:s, s:s, s:s*, s:s*, s:s, s:b}", "name", text_in(camera, "name"), "url",
                      text_in(camera, "main"), "user", *user ? user : NULL, "password",
                      *password ? password : NULL, "transport", "udp", "audio", true);
        ids[i] = api_add(&api, body);
    }
    for (int i = 0; i < CAMERAS; i++)
        api_wait_recorded(&api, ids[i], 10000);
    sleep_ms(SIM_PLAY_MS);
    for (int i = 0; i < CAMERAS; i++) {
        g_autoptr(Json) status = api_camera_status(&api, ids[i]);
        const Json *stream = json_object_get(status, "main");
        assert_string_equal(text_in(stream, "transport"), "udp");
        bool has_sound = *text_in(sim_camera(&sim, i), "audio");
        assert_int_equal(*text_in(stream, "audio") != 0, has_sound);
        assert_int_equal(json_integer_value(json_object_get(stream, "lost_packets")), 0);
    }
    int64_t stopped_us = clock_wall_us();
    assert_int_equal(server_stop(&server, SIGTERM), 0);
    for (int i = 0; i < CAMERAS; i++) {
        const char *name = text_in(sim_camera(&sim, i), "name");
        g_autoptr(Json) sent = sim_sent(&sim, name, "main");
        g_auto(Footage) footage = footage_read(data, ids[i]);
        footage_assert_in_order(&footage, name);
        int64_t lost_us, from_us = g_array_index(footage.pictures, Picture, 0).sent_us;
        unsigned lost =
            footage_missing(&footage, sent, from_us, stopped_us - STOPPING_US, &lost_us);
        print_message("%s: %u pictures, %u lost\n", name, footage.pictures->len, lost);
        assert_int_equal(lost, 0);
        g_free(ids[i]);
    }
    footage_assert_verifies(data);
    api_close(&api);
    sim_stop(&sim);
    remove_tree(data);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest by_sim[] = {
        cmocka_unit_test(every_picture_of_the_simulator_comes_by_udp),
    };
    int failed =
        camera_rows_run("udp", rows, G_N_ELEMENTS(rows), PLAY_MS, argc > 1 ? argv[1] : NULL);
    if (argc <= 1)
        failed += cmocka_run_group_tests(by_sim, NULL, NULL);
    return failed;
}
