/* The rows of CAMERAS.md on the RTSP session: each camera is recorded, though it is odd. */
#include "camera_rows.h"
#include "session_quirks.h"

enum { PLAY_MS = 15000 };

#define OK "RTSP/1.0 200 OK\r\nCSeq: %u\r\n"
#define DESCRIPTION "Content-Length: %l\r\n\r\n%d"
#define BASE(url)                                                 \
    {                                                             \
        {"DESCRIBE", OK "Content-Base: " url "\r\n" DESCRIPTION}, \
        {                                                         \
            NULL                                                  \
        }                                                         \
    }
#define SETUP(fields)             \
    {                             \
        "SETUP", OK fields "\r\n" \
    }
#define TCP "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n"
#define SHORT SETUP("Session: 4711;timeout=5\r\n" TCP)
#define PLAYED(fields)                                                \
    {                                                                 \
        {"PLAY", OK "Session: 4711\r\n" fields "\r\n", SCRIPT_PLAYS}, \
        {                                                             \
            NULL                                                      \
        }                                                             \
    }
#define ANSWERS (const ScriptAnswer[])
#define PUBLIC(methods)                             \
    {                                               \
        "OPTIONS", OK "Public: " methods "\r\n\r\n" \
    }

#define VIDEO "m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n"
#define CONTROL(control) "v=0\r\ns=x\r\n" VIDEO "a=control:" control "\r\n"
#define SETUP_AT(url)                                     \
    .judge = judge_address, .judge_data = &(const OnlyAt) \
    {                                                     \
        .setup = url                                      \
    }
#define OWN_TRACK "rtsp://%a/main/track1"

#define SIGNED .user = SIGN_IN_USER, .password = SIGN_IN_PASSWORD, .secret = SIGN_IN_PASSWORD
#define CHALLENGE(rest) "WWW-Authenticate: " rest "\r\n"
#define DIGEST(rest) "Digest realm=\"the camera\", nonce=\"n1\"" rest
#define BASIC "Basic realm=\"the camera\""
#define SIGN_IN(...)                                      \
    .judge = judge_sign_in, .judge_data = &(const SignIn) \
    {                                                     \
        __VA_ARGS__                                       \
    }
#define NONCE(at, how)                                        \
    .judge = judge_new_nonce, .judge_data = &(const NewNonce) \
    {                                                         \
        at, how                                               \
    }
#define NEVER(text) .judge = judge_never, .judge_data = text

#define REBOOT_GAP .gap = "camera-offline", .gap_least_ms = 800, .gap_most_ms = 5000
#define STALL_GAP .gap = "network-stall", .gap_least_ms = 4500, .gap_most_ms = 8000

static const SignIn plain_digest = {CHALLENGE(DIGEST("")), "n1"};
static const SignIn odd_password = {CHALLENGE(DIGEST("")), "n1", .password = "p@s:w/o#d9"};

/* Right after a restart it refuses everybody. */
static char *judge_starting(const ScriptRequest *request, const void *judge_data)
{
    return request->connection == 1 ? unauthorized(plain_digest.challenges)
                                    : judge_sign_in(request, judge_data);
}

static const CameraRow rows[] = {
    {"S1-doubled",
     "Content-Base with the scheme twice",
     {.answers = ANSWERS BASE("rtsp://rtsp://%a/x/"), SETUP_AT("rtsp://%a/x/track1")}},
    {"S1-no-scheme",
     "Content-Base without a scheme",
     {.answers = ANSWERS BASE("%a/x/"), SETUP_AT("rtsp://%a/x/track1")}},
    {"S1-ipv6",
     "Content-Base with an IPv6 address without brackets",
     {.answers = ANSWERS BASE("rtsp://fe80::1:2:554/other/"), SETUP_AT(OWN_TRACK)}},

    {"S2-absolute",
     "an absolute control",
     {.sdp = CONTROL("rtsp://%a/x/track9"), SETUP_AT("rtsp://%a/x/track9")}},
    {"S2-slash",
     "a control with a leading slash, which is to be appended",
     {.sdp = CONTROL("/track1"), SETUP_AT(OWN_TRACK)}},
    {"S2-base-slash",
     "a base that ends with a slash, and a control that begins with one",
     {.sdp = CONTROL("/track1"), .answers = ANSWERS BASE("rtsp://%a/main/"), SETUP_AT(OWN_TRACK)}},
    {"S2-star",
     "the control * of its only track",
     {.sdp = CONTROL("*"), SETUP_AT("rtsp://%a/main")}},
    {"S2-query",
     "a control with a query",
     {.sdp = CONTROL("trackID=1?transportmode=unicast&x=y"),
      SETUP_AT("rtsp://%a/main/trackID=1?transportmode=unicast&x=y")}},
    {"S2-none", "no control at all", {.sdp = "v=0\r\ns=x\r\n" VIDEO, SETUP_AT("rtsp://%a/main")}},
    {"S2-first",
     "the control before the other attributes",
     {.sdp = "v=0\r\ns=x\r\na=control:*\r\nm=video 0 RTP/AVP 96\r\na=control:track1\r\n"
             "a=rtpmap:96 H264/90000\r\n",
      SETUP_AT(OWN_TRACK)}},

    {"S3-describe",
     "sent on at DESCRIBE, the password goes along",
     {.answers = ANSWERS{{"DESCRIBE rtsp",
                          "RTSP/1.0 301 Moved\r\nCSeq: %u\r\n"
                          "Location: rtsp://%a/moved\r\n\r\n",
                          .connections = 1},
                         {NULL}},
      SIGN_IN(CHALLENGE(DIGEST("")), "n1")},
     SIGNED,
     .connections = 2,
     .ever = "/moved"},
    {"S3-setup",
     "sent on at SETUP",
     {.judge = judge_moved, .judge_data = "SETUP"},
     .connections = 2,
     .ever = "/moved/track1"},
    {"S3-play",
     "sent on at PLAY",
     {.judge = judge_moved, .judge_data = "PLAY"},
     .connections = 2,
     .ever = "/moved/track1"},
    {"S3-five",
     "sent on five times",
     {.judge = judge_hops, .judge_data = GUINT_TO_POINTER(5)},
     .connections = 6},
    {"S3-for-ever",
     "sent on and on",
     {.judge = judge_moved},
     .code = "protocol",
     .cause = "sends us on to an address that cannot be used"},

    {"S4-agent", "401 without User-Agent", {.judge = judge_user_agent}},
    {"S5-headers",
     "Basic, no header too many, DESCRIBE before SETUP after each start",
     {.judge = judge_headers},
     SIGNED,
     .is_reboot = true,
     .connections = 2,
     REBOOT_GAP},

    {"S6-basic", "Basic only", {SIGN_IN(CHALLENGE(BASIC))}, SIGNED},
    {"S6-legacy",
     "neither algorithm nor qop: five fields",
     {SIGN_IN(CHALLENGE(DIGEST("")), "n1")},
     SIGNED},
    {"S6-basic-first",
     "Basic, then Digest, in two headers",
     {SIGN_IN(CHALLENGE(BASIC) CHALLENGE(DIGEST("")), "n1")},
     SIGNED},
    {"S6-one-header",
     "Digest, then Basic, in one header",
     {SIGN_IN(CHALLENGE(DIGEST(", algorithm=\"MD5\"") ", " BASIC), "n1", "MD5")},
     SIGNED},
    {"S6-both",
     "MD5 and SHA-256, of which the stronger is wanted",
     {SIGN_IN(CHALLENGE("Digest realm=\"x\", nonce=\"n0\", algorithm=MD5")
                  CHALLENGE(DIGEST(", algorithm=SHA-256")),
              "n1", "SHA-256")},
     SIGNED},
    {"S6-sha256",
     "SHA-256 only",
     {SIGN_IN(CHALLENGE(DIGEST(", algorithm=SHA-256")), "n1", "SHA-256")},
     SIGNED},
    {"S6-qop",
     "SHA-256 with qop, as Dahua",
     {SIGN_IN(CHALLENGE(DIGEST(", algorithm=SHA-256, qop=\"auth\"")), "n1", "SHA-256", true)},
     SIGNED},
    {"S6-sess",
     "MD5-sess with a list of qop",
     {SIGN_IN(CHALLENGE(DIGEST(", algorithm=MD5-sess, qop=\"auth-int,auth\"")), "n1", "MD5-sess",
              true)},
     SIGNED},
    {"S6-sha-sess",
     "SHA-256-sess with qop",
     {SIGN_IN(CHALLENGE(DIGEST(", qop=auth, algorithm=SHA-256-sess")), "n1", "SHA-256-sess", true)},
     SIGNED},

    {"S7-keepalive",
     "another nonce for the keep-alive, by which it lives",
     {.answers = ANSWERS{SHORT, {NULL}},
      NONCE("GET_PARAMETER", ", stale=true"),
      .alive_by = "GET_PARAMETER",
      .alive_s = 9},
     SIGNED},
    {"S7-not-stale",
     "the same without stale",
     {.answers = ANSWERS{SHORT, {NULL}},
      NONCE("GET_PARAMETER", ""),
      .alive_by = "GET_PARAMETER",
      .alive_s = 9},
     SIGNED},
    {"S7-stale", "another nonce for PLAY", {NONCE("PLAY", ", stale=true")}, SIGNED},
    {"S7-once",
     "each nonce for one request, not told as stale",
     {.judge = judge_nonce_once},
     SIGNED},
    {"S8-slash",
     "PLAY and its signature with the slash at the end",
     {.answers = ANSWERS BASE("rtsp://%a/main/"),
      .judge = judge_address,
      .judge_data = &(const OnlyAt){OWN_TRACK, "rtsp://%a/main/", .signed_so = &plain_digest}},
     SIGNED},

    {"S9-options",
     "takes OPTIONS only",
     {.answers = ANSWERS{PUBLIC("OPTIONS, DESCRIBE, SETUP, PLAY"), SHORT, {NULL}},
      .alive_by = "OPTIONS",
      .alive_s = 4},
     .never = "GET_PARAMETER"},
    {"S9-get",
     "counts GET_PARAMETER only",
     {.answers = ANSWERS{SHORT, {NULL}}, .alive_by = "GET_PARAMETER", .alive_s = 4}},
    {"S9-wrong-cseq",
     "400 with the wrong CSeq to what it counts all the same",
     {.answers = ANSWERS{SHORT, {"GET_PARAMETER", "RTSP/1.0 400 Bad\r\nCSeq: 1\r\n\r\n"}, {NULL}},
      .alive_by = "",
      .alive_s = 4}},
    {"S9-silent",
     "no answer to a keep-alive",
     {.answers = ANSWERS{SHORT, {"GET_PARAMETER", ""}, {NULL}}, .alive_by = "", .alive_s = 4}},
    {"S9-base",
     "counts a keep-alive at the base only",
     {.answers =
          ANSWERS{{"DESCRIBE", OK "Content-Base: rtsp://%a/main/\r\n" DESCRIPTION}, SHORT, {NULL}},
      .judge = judge_address,
      .judge_data = &(const OnlyAt){.keepalive = "rtsp://%a/main/"},
      .alive_by = "GET_PARAMETER",
      .alive_s = 4}},
    {"S9-reject",
     "offers GET_PARAMETER, refuses it, and counts OPTIONS only",
     {.answers = ANSWERS{SHORT, {"GET_PARAMETER", "RTSP/1.0 551 No\r\nCSeq: %u\r\n\r\n"}, {NULL}},
      .alive_by = "OPTIONS",
      .alive_s = 7}},
    {"S9-reject-back",
     "offers no GET_PARAMETER, refuses OPTIONS while it plays",
     {.answers = ANSWERS{{"OPTIONS", "RTSP/1.0 551 No\r\nCSeq: %u\r\n\r\n"}, SHORT, {NULL}},
      .alive_by = "GET_PARAMETER",
      .alive_s = 7}},

    {"S10-timeout",
     "a timeout of 15 s that is really one of 9 s",
     {.answers = ANSWERS{SETUP("Session: 4711;timeout=15\r\n" TCP), {NULL}},
      .alive_by = "",
      .alive_s = 9}},
    {"S10-report", "hangs up 7 s after the last receiver report", {.alive_by = "$", .alive_s = 7}},

    {"S11-first",
     "another session id for the second track; the first counts",
     {.sdp = session_with_sound, .judge = judge_session, .judge_data = "first"},
     .audio = true},
    {"S11-latest",
     "another session id for the second track; the latest counts",
     {.sdp = session_with_sound, .judge = judge_session, .judge_data = "latest"},
     .audio = true},

    {"S12-order",
     "parameters of Transport in an odd order, with blanks",
     {.answers =
          ANSWERS{SETUP("Session: 4711\r\nTransport: interleaved=4-5 ; ssrc = 0ABC ;unicast; "
                        "RTP/AVP/TCP;mode=play\r\n"),
                  {NULL}},
      .packets = use_channel_4}},
    {"S12-channels",
     "other channels than asked for",
     {.answers =
          ANSWERS{SETUP("Session: 4711\r\nTransport: RTP/AVP/TCP;interleaved=4-5\r\n"), {NULL}},
      .packets = use_channel_4}},
    {"S12-one-channel",
     "one channel in place of two",
     {.answers =
          ANSWERS{SETUP("Session: 4711\r\nTransport: RTP/AVP/TCP;interleaved=4\r\n"), {NULL}},
      .packets = use_channel_4}},
    {"S12-none",
     "SETUP answered without Transport",
     {.answers = ANSWERS{SETUP("Session: 4711\r\n"), {NULL}}}},
    {"S12-mode", "400 to a SETUP with mode", {NEVER("mode=")}},

    {"S13-seq-0",
     "RTP-Info with seq=0",
     {.answers = ANSWERS PLAYED("RTP-Info: url=rtsp://%a/main/track1;seq=0;rtptime=0\r\n")}},
    {"S13-seq-1",
     "RTP-Info with seq=1",
     {.answers = ANSWERS PLAYED("RTP-Info: url=track1;seq=1;rtptime=1\r\n")}},
    {"S13-rtptime",
     "RTP-Info with a time that is no number, and a ';' at the end",
     {.answers = ANSWERS PLAYED("RTP-Info: url=/x;seq=77777777;rtptime=-n/a;\r\n")}},

    {"S14-early",
     "the first picture comes before PLAY is answered",
     {.answers = ANSWERS{{"PLAY", "", SCRIPT_PLAYS}, {NULL}}, .bytes = answer_play_late},
     .late_most = SCRIPT_KEY_EVERY},
    {"S14-blank-lines", "blank lines before each frame", {.bytes = blank_lines_before_frames}},
    {"S14-channels", "frames of a channel that nobody set up", {.bytes = foreign_channels}},

    {"S15-leak",
     "a picture of an older session before PLAY is answered",
     {.answers = ANSWERS{{"PLAY", "", SCRIPT_PLAYS}, {NULL}}, .bytes = answer_play_after_a_leak},
     .late_most = SCRIPT_KEY_EVERY},
    {"S15-teardown",
     "falls silent; takes a new session only after TEARDOWN",
     {.judge = judge_one_session, .bytes = fall_silent},
     .connections = 2,
     STALL_GAP},
    {"S15-nonsense",
     "sends nonsense for ever; takes a new session only after TEARDOWN",
     {.judge = judge_one_session, .bytes = write_garbage},
     .connections = 2,
     .lost_most = SCRIPT_KEY_EVERY,
     .gap = "camera-offline",
     .gap_least_ms = 200,
     .gap_most_ms = 5000},
    {"S15-framing",
     "loses its framing as the window fills",
     {.bytes = write_half_a_frame},
     .lost_most = SCRIPT_KEY_EVERY},
    {"S15-end", "wants TEARDOWN at the end", {.answers = NULL}, .ever = "TEARDOWN "},
    {"S16-twice",
     "a part of a picture twice",
     {.bytes = write_twice},
     .lost_most = SCRIPT_KEY_EVERY},
    {"S16-skipped",
     "a part of a picture not at all",
     {.bytes = skip_a_part},
     .lost_most = SCRIPT_KEY_EVERY},

    {"S18-full",
     "453 on the first try",
     {.answers = ANSWERS{{"SETUP", "RTSP/1.0 453 Not Enough Bandwidth\r\nCSeq: %u\r\n\r\n",
                          .connections = 1},
                         {NULL}}},
     .connections = 2,
     .seconds = 5},
    {"S18-busy",
     "503 on the first try",
     {.answers =
          ANSWERS{{"DESCRIBE", "RTSP/1.0 503 Busy\r\nCSeq: %u\r\n\r\n", .connections = 1}, {NULL}}},
     .connections = 2,
     .seconds = 5},
    {"S19-reboot",
     "restarts by itself",
     {.answers = NULL},
     .is_reboot = true,
     .connections = 2,
     REBOOT_GAP},
    {"S19-refuses",
     "restarts, and knows its users only a while later",
     {.judge = judge_starting, .judge_data = &plain_digest},
     SIGNED,
     .is_reboot = true,
     .connections = 3,
     .gap = "camera-offline",
     .gap_least_ms = 800,
     .gap_most_ms = 7500}, /* as of any restart, and one try more, 2.5 s later */
    {"S21-metadata",
     "a track of metadata that sends nothing",
     {.sdp = CONTROL("track1") "m=application 0 RTP/AVP 107\r\na=control:meta9\r\n"
                               "a=rtpmap:107 vnd.onvif.metadata/90000\r\n"},
     .never = "meta9"},
    {"S21-sound",
     "a track of sound that sends nothing",
     {.sdp = session_with_sound},
     .audio = true,
     .ever = "/track2"},

    {"F-untidy",
     "LF without CR, blanks behind values, no reason",
     {.answers =
          ANSWERS{{"OPTIONS", "RTSP/1.0 200\nCSeq: %u  \nPublic: OPTIONS , PLAY \n\n"},
                  {"DESCRIBE", "RTSP/1.0 200 \r\nCSeq:%u \t\r\nContent-Length: %l \r\n\r\n%d"},
                  {"SETUP", "RTSP/1.0 200\r\ncseq: %u\r\nSession: 4711 \r\nTransport: RTP/AVP/TCP; "
                            "interleaved=0-1 \n\n"},
                  {"PLAY", "RTSP/1.0 200\nCSeq: %u \n\n", SCRIPT_PLAYS},
                  {NULL}}}},
    {"F-no-range", "400 to PLAY with Range", {NEVER("Range:")}},
    {"F-range",
     "400 to PLAY without Range",
     {.judge = judge_play_needs, .judge_data = "Range: npt=0.000-\r\n"}},
    {"F-password",
     "user and password with @ : / # in the address",
     {.judge = judge_sign_in, .judge_data = &odd_password},
     .address = "rtsp://admin:p@s:w/o#d9@%a/main",
     .secret = "w/o#d9"},
    {"F-percent",
     "the same percent-encoded",
     {.judge = judge_sign_in, .judge_data = &odd_password},
     .address = "rtsp://admin:p%40s%3Aw%2Fo%23d9@%a/main",
     .secret = "w%2Fo%23d9"},
};

int main(int argc, char **argv)
{
    return camera_rows_run("cameras and sessions", rows, G_N_ELEMENTS(rows), PLAY_MS,
                           argc > 1 ? argv[1] : NULL);
}
