#include "scripted_answer.h"

#include "scripted_picture.h"

#include <string.h>

static char *description(const CameraScript *script)
{
    static const char own[] = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=scripted\r\nt=0 0\r\n"
                              "m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n"
                              "a=fmtp:96 packetization-mode=1;sprop-parameter-sets=%s\r\n"
                              "a=control:track1\r\n";
    return g_strdup(script && script->sdp ? script->sdp : own);
}

static void replace(GString *text, const char *mark, const char *by)
{
    g_string_replace(text, mark, by, 0);
}

/* The characters out of `set` behind `name`; "0" when it is not there. Owned. */
static char *text_behind(const char *request, const char *name, const char *set)
{
    const char *at = strstr(request, name);
    at = at ? at + strlen(name) : "0";
    return g_strndup(at, strspn(at, set));
}

/* "%d" and "%l" first: the description holds marks, too. */
static char *without_marks(const char *from, const CameraScript *script,
                           const ScriptRequest *request)
{
    g_autofree char *sdp = description(script), *sets = scripted_parameter_sets(false),
                    *annexb = scripted_parameter_sets(true);
    g_autoptr(GString) body = g_string_new(sdp), text = g_string_new(from);
    replace(body, "%s", sets);
    replace(body, "%b", annexb);
    replace(body, "%a", request->host);
    g_autofree char *length = g_strdup_printf("%zu", body->len);
    g_autofree char *number = text_behind(request->text, "CSeq: ", "0123456789");
    g_autofree char *channels = text_behind(request->text, "interleaved=", "0123456789-");
    g_autofree char *ports = text_behind(request->text, "client_port=", "0123456789-");
    replace(text, "%p", ports);
    replace(text, "%u", number);
    replace(text, "%c", channels);
    replace(text, "%l", length);
    replace(text, "%a", request->host);
    replace(text, "%d", body->str);
    return g_string_free(g_steal_pointer(&text), FALSE);
}

/* The rows of a well-behaved camera. */
static const ScriptAnswer well[] = {
    {"OPTIONS", "RTSP/1.0 200 OK\r\nCSeq: %u\r\n"
                "Public: OPTIONS, DESCRIBE, SETUP, PLAY, GET_PARAMETER, TEARDOWN\r\n\r\n"},
    {"DESCRIBE", "RTSP/1.0 200 OK\r\nCSeq: %u\r\nContent-Type: application/sdp\r\n"
                 "Content-Length: %l\r\n\r\n%d"},
    {"SETUP", "RTSP/1.0 200 OK\r\nCSeq: %u\r\nSession: 4711;timeout=60\r\n"
              "Transport: RTP/AVP/TCP;unicast;interleaved=%c\r\n\r\n"},
    {"PLAY", "RTSP/1.0 200 OK\r\nCSeq: %u\r\nSession: 4711\r\n\r\n", SCRIPT_PLAYS},
    {"TEARDOWN", "RTSP/1.0 200 OK\r\nCSeq: %u\r\nSession: 4711\r\n\r\n", SCRIPT_HANGS_UP},
    {"", "RTSP/1.0 200 OK\r\nCSeq: %u\r\nSession: 4711\r\n\r\n"},
};

static const char by_udp[] = "RTSP/1.0 200 OK\r\nCSeq: %u\r\nSession: 4711;timeout=60\r\n"
                             "Transport: RTP/AVP;unicast;client_port=%p";

static char *answer_udp(const CameraScript *script, const ScriptRequest *request)
{
    g_autofree char *begin = without_marks(by_udp, script, request);
    if (script->udp->no_port)
        return g_strconcat(begin, "\r\n\r\n", NULL);
    return g_strdup_printf("%s;server_port=%u-%u\r\n\r\n", begin, request->udp_port,
                           request->udp_port + 1);
}

static const ScriptAnswer *find_row(const ScriptAnswer *row, const ScriptRequest *request)
{
    for (; row && row->method; row++)
        if (g_str_has_prefix(request->text, row->method) &&
            (row->connections == 0 || request->connection < row->connections))
            return row;
    return NULL;
}

char *scripted_answer(const CameraScript *script, const ScriptRequest *request, ScriptThen *then,
                      bool *accepted)
{
    *then = SCRIPT_GOES_ON;
    g_autofree char *verdict =
        script && script->judge ? script->judge(request, script->judge_data) : NULL;
    *accepted = !verdict;
    if (verdict)
        return without_marks(verdict, script, request);
    const ScriptAnswer *row = script ? find_row(script->answers, request) : NULL;
    if (!row && request->udp_port && g_str_has_prefix(request->text, "SETUP "))
        return answer_udp(script, request);
    if (!row)
        row = find_row(well, request);
    *then = row->then;
    return without_marks(row->text, script, request);
}
