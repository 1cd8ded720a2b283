#include "bad_cameras.h"

static const ScriptAnswer says_nothing[] = {{"", "", SCRIPT_SAYS_NO_MORE}, {NULL}};
static const ScriptAnswer no_such_path[] = {
    {"DESCRIBE", "RTSP/1.0 404 Not Found\r\nCSeq: %u\r\n\r\n"}, {NULL}};
static const ScriptAnswer header_without_end[] = {
    {"DESCRIBE", "RTSP/1.0 200 OK\r\nCSeq: %u\r\nX-Filler: ", SCRIPT_GOES_ON}, {NULL}};
static const ScriptAnswer headers_without_end[] = {
    {"DESCRIBE", "X-Filler: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n",
     SCRIPT_REPEATS},
    {NULL}};
static const ScriptAnswer answer_without_end[] = {
    {"DESCRIBE", "RTSP/1.0 200 OK\r\nCSeq: %u\r\nX-Filler: aaaaaaaaaaaaaaaaaaaaaaaaaaa",
     SCRIPT_REPEATS},
    {NULL}};
static const ScriptAnswer beginnings_without_end[] = {
    {"DESCRIBE", "RTSP/1.0 200 OK\r\n", SCRIPT_REPEATS}, {NULL}};
static const ScriptAnswer huge_body[] = {
    {"DESCRIBE", "RTSP/1.0 200 OK\r\nCSeq: %u\r\nContent-Length: 99999999999\r\n\r\nv=0\r\n"},
    {NULL}};
static const ScriptAnswer half_a_body[] = {
    {"DESCRIBE", "RTSP/1.0 200 OK\r\nCSeq: %u\r\nContent-Length: 1000000\r\n\r\nv=0\r\n"}, {NULL}};
static const ScriptAnswer hangs_up[] = {
    {"SETUP", "RTSP/1.0 200 OK\r\nCSeq: %u\r\nSess", SCRIPT_HANGS_UP}, {NULL}};

static void noise(ByteWriter *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        write_u8(bytes, (uint8_t)g_random_int());
}

static void only_noise(const ScriptPicture *picture, ByteWriter *bytes)
{
    byte_writer_clear(bytes);
    noise(bytes, 20000);
}

/* A few hundred bytes that are no frame, and a frame cut short (CAMERAS.md S15, S16). */
static void lose_framing_now_and_then(const ScriptPicture *picture, ByteWriter *bytes)
{
    if (picture->number % 40 != 7)
        return;
    bytes->size /= 2;
    noise(bytes, 300);
}

static void number_otherwise(const ScriptPicture *picture, GArray *packets)
{
    for (guint i = 0; i < packets->len; i++)
        g_array_index(packets, ScriptPacket, i).payload_type = 97;
}

static void leave_keys_out(const ScriptPicture *picture, GArray *packets)
{
    if (picture->key)
        g_array_set_size(packets, 0);
}

static void tear_keys(const ScriptPicture *picture, GArray *packets)
{
    if (picture->key)
        g_array_remove_index(packets, packets->len - 1);
}

/* Its parameter sets. */
static void leave_sets_out(const ScriptPicture *picture, GPtrArray *nals)
{
    for (guint i = nals->len; i-- > 0;) {
        const uint8_t *nal = g_bytes_get_data(nals->pdata[i], NULL);
        if ((nal[0] & 31) == 7 || (nal[0] & 31) == 8)
            g_ptr_array_remove_index(nals, i);
    }
}

#define VIDEO_OF(format) "v=0\r\ns=x\r\nm=video 0 RTP/AVP " format "\r\na=control:track1\r\n"

static const CameraScript silent = {.answers = says_nothing},
                          ssh = {.answers = says_nothing, .greeting = "SSH-2.0-OpenSSH_9.2\r\n"},
                          jpeg = {.sdp = VIDEO_OF("26")}, mpegts = {.sdp = VIDEO_OF("33")},
                          vp8 = {.sdp = VIDEO_OF("97\r\na=rtpmap:97 VP8/90000")},
                          only_sound = {.sdp = "v=0\r\ns=x\r\nm=audio 0 RTP/AVP 0\r\n"},
                          not_a_description = {.sdp = "<html>camera</html>"},
                          not_found = {.answers = no_such_path},
                          open_header = {.answers = header_without_end},
                          open_headers = {.answers = headers_without_end},
                          open_answer = {.answers = answer_without_end},
                          open_lines = {.answers = beginnings_without_end},
                          huge = {.answers = huge_body}, half = {.answers = half_a_body},
                          leaver = {.answers = hangs_up}, noisy = {.bytes = only_noise},
                          other_type = {.packets = number_otherwise},
                          no_key = {.packets = leave_keys_out}, torn_key = {.packets = tear_keys},
                          bare_key = {.sdp = VIDEO_OF("96\r\na=rtpmap:96 H264/90000"),
                                      .nals = leave_sets_out};

const CameraScript clumsy_script = {.bytes = lose_framing_now_and_then};

const BadCamera bad_cameras[BAD_CAMERAS] = {
    {"refused", .url = "rtsp://127.0.0.1:1/main", .code = "refused",
     .cause = "127.0.0.1 refuses connections on port 1; check the port"},
    /* a broadcast address: the kernel has no route for TCP to it, wherever the test runs */
    {"no-route", .url = "rtsp://127.255.255.255/main", .code = "unreachable",
     .cause = "127.255.255.255 cannot be reached (Network is unreachable); check power, cable"},
    {"swallows", .url = "swallows", .code = "timeout", .slow = true,
     .cause = "does not answer on port"},
    {"no-name", .url = "rtsp://no-such-camera.invalid/main", .code = "name-unknown",
     .cause = "the name no-such-camera.invalid cannot be found"},
    {"http", .url = "rtsp://127.0.0.1:%d/main", .code = "not-rtsp", .cause = "check the port"},
    {"silent", &silent, .code = "not-rtsp", .slow = true, .cause = "does not answer RTSP"},
    {"ssh", &ssh, .code = "not-rtsp", .cause = "does not speak RTSP; check the port"},
    {"no-password", .sim = 2, .code = "wrong-password",
     .cause = "asks for a user and a password; none is set"},
    {"wrong-basic", .sim = 1, .user = "own", .code = "wrong-password",
     .cause = "wrong user or password"},
    {"wrong-digest", .sim = 2, .user = "own", .code = "wrong-password",
     .cause = "wrong user or password"},
    {"wrong-user", .sim = 2, .user = "nobody", .code = "wrong-password",
     .cause = "wrong user or password"},
    {"wrong-path", &not_found, .code = "not-found", .cause = "(404); check the path"},
    {"jpeg", &jpeg, .code = "codec-unknown", .cause = "the camera sends JPEG; set it to H.264"},
    {"mpegts", &mpegts, .code = "codec-unknown", .cause = "the camera sends MP2T; set it to H.264"},
    {"vp8", &vp8, .code = "codec-unknown", .cause = "the camera sends VP8; set it to H.264"},
    {"only-sound", &only_sound, .code = "no-video",
     .cause = "offers no video at this address; check the path"},
    {"no-sdp", &not_a_description, .code = "no-video", .cause = "offers no video"},
    {"half-body", &half, .code = "timeout", .slow = true, .cause = "stopped answering"},
    {"open-header", &open_header, .code = "timeout", .slow = true, .cause = "stopped answering"},
    {"open-headers", &open_headers, .code = "protocol", .slow = true, .cause = "understood"},
    {"open-answer", &open_answer, .code = "protocol", .slow = true, .cause = "understood"},
    {"open-lines", &open_lines, .code = "protocol", .slow = true, .cause = "understood"},
    {"huge-body", &huge, .code = "protocol", .slow = true, .cause = "understood"},
    {"leaver", &leaver, .code = "closed", .cause = "the camera ended the connection"},
    {"other-type", &other_type, .code = "protocol", .slow = true,
     .cause = "sends packets of payload type 97, where its description says 96"},
    {"no-key", &no_key, .code = "no-key-picture", .slow = true, .cause = "but no key picture yet"},
    {"torn-key", &torn_key, .code = "no-key-picture", .slow = true,
     .cause = "arrive with parts missing"},
    {"bare-key", &bare_key, .code = "no-key-picture", .slow = true,
     .cause = "tells nowhere how they are coded"},
    {"noise", &noisy, .code = "protocol", .slow = true, .cause = "understood"},
};

unsigned bad_camera(const char *name)
{
    for (unsigned i = 0; i < BAD_CAMERAS; i++)
        if (g_str_equal(bad_cameras[i].name, name))
            return i;
    g_error("there is no bad camera ‘%s’", name);
}
