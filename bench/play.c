#include "play.h"

#include "media/rtsp_auth.h"
#include "media/rtsp_message.h"
#include "media/rtsp_url.h"
#include "media/sdp.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { ANSWER_MOST = 256 * 1024 };

struct Playing {
    int fd;
    Codec codec;
    RtspUrl *parsed;
    char *url, *base, *session;
    RtspAuth auth;
    unsigned cseq;
    RtspItem item; /* the last answer; points into `bytes` */
    uint8_t *bytes;
};

void bench_die(const char *what)
{
    fprintf(stderr, "bench: %s: %s\n", what, strerror(errno));
    exit(1);
}

static int connect_to(const RtspUrl *url)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(url->port)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || inet_pton(AF_INET, url->host, &to.sin_addr) != 1 ||
        connect(fd, (struct sockaddr *)&to, sizeof to) < 0)
        bench_die(url->host);
    return fd;
}

static void request(Playing *playing, RtspMethod method, const char *url, const char *name,
                    const char *value)
{
    g_auto(ByteWriter) out = {0};
    const RtspUrl *parsed = playing->parsed;
    g_autofree char *authorization = rtsp_auth_answer(
        &playing->auth, parsed->user ? parsed->user : "", parsed->password ? parsed->password : "",
        rtsp_method_text(method), url, "0123456789");
    const RtspField fields[] = {
        {"Authorization", authorization}, {"Session", playing->session}, {name, value}};
    rtsp_request_write(&out, method, url, ++playing->cseq, fields, G_N_ELEMENTS(fields));
    if (send(playing->fd, out.data, out.size, MSG_NOSIGNAL) != (ssize_t)out.size)
        bench_die("send");
}

/* Reads one answer; bytes of media behind it are dropped, as nothing is measured yet. */
static int answer(Playing *playing)
{
    RtspFraming framing = {0};
    size_t size = 0;
    for (;;) {
        ssize_t got = recv(playing->fd, playing->bytes + size, ANSWER_MOST - size, 0);
        if (got <= 0)
            bench_die("recv");
        size += (size_t)got;
        size_t at = 0;
        while (rtsp_next(&framing, playing->bytes + at, size - at, &playing->item) !=
               RTSP_NEED_MORE) {
            at += playing->item.consumed;
            if (playing->item.kind == RTSP_RESPONSE)
                return playing->item.status;
        }
    }
}

static void ask(Playing *playing, RtspMethod method, const char *url, const char *name,
                const char *value)
{
    request(playing, method, url, name, value);
    if (answer(playing) == 401 && rtsp_auth_choose(&playing->item, &playing->auth)) {
        request(playing, method, url, name, value);
        answer(playing);
    }
    if (playing->item.status == 200)
        return;
    fprintf(stderr, "bench: %s of %s: %d\n", rtsp_method_text(method), playing->url,
            playing->item.status);
    exit(1);
}

Playing *play_start(const char *text)
{
    Playing *playing = g_new0(Playing, 1);
    playing->bytes = g_malloc(ANSWER_MOST);
    playing->parsed = rtsp_url_parse(text, NULL);
    if (!playing->parsed)
        bench_die(text);
    playing->url = rtsp_url_text(playing->parsed);
    playing->fd = connect_to(playing->parsed);
    ask(playing, RTSP_DESCRIBE, playing->url, "Accept", "application/sdp");
    g_autoptr(Sdp) sdp = sdp_parse(playing->item.data, playing->item.size);
    const SdpMedia *video = sdp ? sdp_choose(sdp, SDP_VIDEO) : NULL;
    if (!video)
        bench_die("no video");
    playing->codec = video->codec;
    RtspText told = rtsp_header(&playing->item, "Content-Base");
    g_autofree char *base_text = told.data ? rtsp_text_dup(told) : NULL;
    playing->base = rtsp_url_base(base_text, playing->url);
    g_autofree char *control = rtsp_url_join(playing->base, video->control);
    ask(playing, RTSP_SETUP, control, "Transport", "RTP/AVP/TCP;unicast;interleaved=0-1");
    playing->session = rtsp_text_dup(rtsp_header(&playing->item, "Session"));
    playing->session[strcspn(playing->session, "; ")] = '\0';
    ask(playing, RTSP_PLAY, playing->base, "Range", "npt=0.000-");
    return playing;
}

int play_fd(const Playing *playing)
{
    return playing->fd;
}

Codec play_codec(const Playing *playing)
{
    return playing->codec;
}

void play_keep_alive(Playing *playing)
{
    request(playing, RTSP_GET_PARAMETER, playing->base, NULL, NULL);
}
