#include "session_quirks.h"

#include <string.h>

enum {
    TORN_PICTURE = 20, /* since PLAY: five behind a key picture */
    GARBAGE_BYTES = 256 * 1024,
};

static bool is_method(const ScriptRequest *request, const char *method)
{
    return g_str_has_prefix(request->text, method);
}

static char *refusal(const char *status)
{
    return g_strconcat("RTSP/1.0 ", status, "\r\nCSeq: %u\r\n\r\n", NULL);
}

/* ---- addresses ---- */

static bool is_at(const ScriptRequest *request, const char *wanted)
{
    g_auto(GStrv) line = g_strsplit_set(request->text, " \r", 3);
    g_autoptr(GString) url = g_string_new(wanted);
    g_string_replace(url, "%a", request->host, 0);
    return strcmp(line[1], url->str) == 0;
}

char *judge_address(const ScriptRequest *request, const void *only_at)
{
    const OnlyAt *only = only_at;
    if (only->signed_so && !sign_in_fits(only->signed_so, request->text))
        return unauthorized(only->signed_so->challenges);
    if (only->keepalive && is_method(request, "GET_PARAMETER") && !is_at(request, only->keepalive))
        return g_strdup("");
    if ((only->setup && is_method(request, "SETUP") && !is_at(request, only->setup)) ||
        (only->play && is_method(request, "PLAY") && !is_at(request, only->play)))
        return refusal("404 Not Found");
    return NULL;
}

char *judge_moved(const ScriptRequest *request, const void *method)
{
    if (method ? !is_method(request, method) || !strstr(request->text, "/main")
               : !is_method(request, "DESCRIBE"))
        return NULL;
    return g_strdup("RTSP/1.0 302 Moved Temporarily\r\nCSeq: %u\r\n"
                    "Location: rtsp://%a/moved\r\n\r\n");
}

char *judge_hops(const ScriptRequest *request, const void *number)
{
    const char *at = strstr(request->text, "/hop");
    unsigned hops = at ? (unsigned)g_ascii_strtoull(at + strlen("/hop"), NULL, 10) : 0;
    return hops < GPOINTER_TO_UINT(number)
               ? g_strdup_printf("RTSP/1.0 302 Moved Temporarily\r\nCSeq: %%u\r\n"
                                 "Location: rtsp://%%a/hop%u\r\n\r\n",
                                 hops + 1)
               : NULL;
}

/* ---- signing in ---- */

char *judge_user_agent(const ScriptRequest *request, const void *unused)
{
    return strstr(request->text, "\r\nUser-Agent: ") ? NULL : unauthorized("");
}

char *judge_headers(const ScriptRequest *request, const void *unused)
{
    static const SignIn basic = {.challenges = "WWW-Authenticate: Basic realm=\"x\"\r\n"};
    static const char *const known[] = {"CSeq",   "User-Agent", "Authorization", "Session",
                                        "Accept", "Transport",  "Range",         NULL};
    g_auto(GStrv) lines = g_strsplit(request->text, "\r\n", -1);
    for (unsigned i = 1; lines[i] && *lines[i]; i++) {
        g_autofree char *name = g_strndup(lines[i], strcspn(lines[i], ":"));
        if (!g_strv_contains(known, name))
            return unauthorized(basic.challenges);
    }
    unsigned described = 0;
    for (const char *at = request->before; (at = strstr(at, "DESCRIBE ")); at++)
        described++;
    /* one refused and one signed on each connection */
    if (is_method(request, "SETUP") && described < request->connection + 1)
        return refusal("455 Method Not Valid in This State");
    return judge_sign_in(request, &basic);
}

static char *digest_challenge(const char *nonce, const char *stale)
{
    g_autofree char *line =
        g_strdup_printf("WWW-Authenticate: Digest realm=\"x\", nonce=\"%s\"%s\r\n", nonce, stale);
    return unauthorized(line);
}

char *judge_new_nonce(const ScriptRequest *request, const void *new_nonce)
{
    const NewNonce *renewal = new_nonce;
    bool renewed = is_method(request, renewal->method);
    SignIn wanted = {.nonce = renewed ? "second" : "first"};
    return sign_in_fits(&wanted, request->text)
               ? NULL
               : digest_challenge(wanted.nonce, renewed ? renewal->stale : "");
}

char *judge_nonce_once(const ScriptRequest *request, const void *unused)
{
    g_autofree char *now = g_strdup_printf("n%u", request->asked),
                    *next = g_strdup_printf("n%u", request->asked + 1);
    SignIn wanted = {.nonce = now};
    return sign_in_fits(&wanted, request->text) ? NULL : digest_challenge(next, "");
}

/* ---- sessions ---- */

const char session_with_sound[] = "v=0\r\ns=x\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n"
                                  "a=control:track1\r\nm=audio 0 RTP/AVP 8\r\na=control:track2\r\n";

char *judge_session(const ScriptRequest *request, const void *id)
{
    if (is_method(request, "SETUP")) {
        bool sound = strstr(request->text, "/track2") != NULL;
        return g_strdup_printf("RTSP/1.0 200 OK\r\nCSeq: %%u\r\nSession: %s\r\n"
                               "Transport: RTP/AVP/TCP;interleaved=%s\r\n\r\n",
                               sound ? "latest" : "first", sound ? "2-3" : "0-1");
    }
    g_autofree char *field = g_strdup_printf("\r\nSession: %s\r\n", (const char *)id);
    return is_method(request, "PLAY") && !strstr(request->text, field)
               ? refusal("454 Session Not Found")
               : NULL;
}

char *judge_never(const ScriptRequest *request, const void *text)
{
    return strstr(request->text, text) ? refusal("400 Bad Request") : NULL;
}

char *judge_play_needs(const ScriptRequest *request, const void *text)
{
    return is_method(request, "PLAY") && !strstr(request->text, text) ? refusal("400 Bad Request")
                                                                      : NULL;
}

char *judge_one_session(const ScriptRequest *request, const void *unused)
{
    return is_method(request, "SETUP") && request->connection > 0 &&
                   !strstr(request->before, "TEARDOWN ")
               ? refusal("453 Not Enough Bandwidth")
               : NULL;
}

/* ---- bytes ---- */

void use_channel_4(const ScriptPicture *picture, GArray *packets)
{
    for (guint i = 0; i < packets->len; i++)
        g_array_index(packets, ScriptPacket, i).channel = 4;
}

static size_t frame_size(const ByteWriter *bytes, size_t at)
{
    return 4u + get_u16(bytes->data + at + 2);
}

void answer_play_late(const ScriptPicture *picture, ByteWriter *bytes)
{
    static const char played[] = "RTSP/1.0 200 OK\r\nSession: 4711\r\n\r\n";
    if (picture->since_play == 0)
        write_bytes(bytes, played, strlen(played));
}

void answer_play_after_a_leak(const ScriptPicture *picture, ByteWriter *bytes)
{
    if (picture->since_play == 0)
        for (size_t at = 0; at < bytes->size; at += frame_size(bytes, at))
            bytes->data[at + 12] ^= 0xff; /* SSRC */
    answer_play_late(picture, bytes);
}

/* Writes `text` before each frame. */
static void before_frames(ByteWriter *bytes, const char *text, size_t size)
{
    g_auto(ByteWriter) old = *bytes;
    *bytes = (ByteWriter){0};
    for (size_t at = 0; at < old.size; at += frame_size(&old, at)) {
        write_bytes(bytes, text, size);
        write_bytes(bytes, old.data + at, frame_size(&old, at));
    }
}

void blank_lines_before_frames(const ScriptPicture *picture, ByteWriter *bytes)
{
    before_frames(bytes, "\r\n", 2);
}

void foreign_channels(const ScriptPicture *picture, ByteWriter *bytes)
{
    static const char frame[] = "$\x09\x00\x10\x80\x60\x00\x01\x00\x00\x00\x00\x12\x34\x56\x78\x41"
                                "abc";
    before_frames(bytes, frame, sizeof frame - 1);
}

void fall_silent(const ScriptPicture *picture, ByteWriter *bytes)
{
    if (picture->connection == 0 && picture->since_play >= 2 * SCRIPT_KEY_EVERY)
        byte_writer_clear(bytes);
}

void write_garbage(const ScriptPicture *picture, ByteWriter *bytes)
{
    if (picture->connection == 0 && picture->since_play >= 2 * SCRIPT_KEY_EVERY) {
        byte_writer_clear(bytes);
        memset(byte_writer_add(bytes, GARBAGE_BYTES), 'x', GARBAGE_BYTES);
    }
}

void write_half_a_frame(const ScriptPicture *picture, ByteWriter *bytes)
{
    if (picture->since_play == TORN_PICTURE)
        bytes->size -= bytes->size / 2;
}

void write_twice(const ScriptPicture *picture, ByteWriter *bytes)
{
    if (picture->since_play != TORN_PICTURE)
        return;
    size_t part = bytes->size / 3;
    g_autofree uint8_t *again = g_memdup2(bytes->data + bytes->size - part, part);
    write_bytes(bytes, again, part);
}

void skip_a_part(const ScriptPicture *picture, ByteWriter *bytes)
{
    if (picture->since_play != TORN_PICTURE)
        return;
    size_t third = bytes->size / 3;
    memmove(bytes->data + third, bytes->data + 2 * third, bytes->size - 2 * third);
    bytes->size -= third;
}
