/* floor.c — the floor that recording is measured against: recv and write of the same bytes.
 *
 * One thread, epoll, recv of up to 1 MiB, write of just that to one file a camera; no SO_RCVLOWAT,
 * no parsing (DESIGN §7). It asks for the streams as little as a server lets it: OPTIONS-less
 * DESCRIBE, SETUP of the first track, PLAY, with Digest or Basic where asked; then only recv +
 * write.
 *
 *   bench-floor SECONDS DIR URL [URL …]      URL: rtsp://user:password@host:port/path
 *
 * Prints {"cameras","seconds","bytes","cpu_us"}: CPU of the process between the first PLAY answered
 * by all and the end.
 */
#include "media/rtsp_auth.h"
#include "media/rtsp_message.h"
#include "media/rtsp_url.h"
#include "media/sdp.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { RECEIVE_BYTES = 1024 * 1024, ANSWER_MOST = 256 * 1024, EVENTS = 64 };

typedef struct Source {
    int fd, file;
    char *url, *session;
    RtspUrl *parsed;
    RtspAuth auth;
    unsigned cseq;
} Source;

static uint8_t buffer[RECEIVE_BYTES];

static void die(const char *what)
{
    fprintf(stderr, "bench-floor: %s: %s\n", what, strerror(errno));
    exit(1);
}

static int connect_to(const RtspUrl *url)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(url->port)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || inet_pton(AF_INET, url->host, &to.sin_addr) != 1 ||
        connect(fd, (struct sockaddr *)&to, sizeof to) < 0)
        die(url->host);
    return fd;
}

static void request(Source *source, RtspMethod method, const char *url, const char *name,
                    const char *value)
{
    g_auto(ByteWriter) out = {0};
    g_autofree char *authorization =
        rtsp_auth_answer(&source->auth, source->parsed->user ? source->parsed->user : "",
                         source->parsed->password ? source->parsed->password : "",
                         rtsp_method_text(method), url, "0123456789");
    const RtspField fields[] = {
        {"Authorization", authorization}, {"Session", source->session}, {name, value}};
    rtsp_request_write(&out, method, url, ++source->cseq, fields, G_N_ELEMENTS(fields));
    if (send(source->fd, out.data, out.size, MSG_NOSIGNAL) != (ssize_t)out.size)
        die("send");
}

/* Reads one answer; bytes of media behind it are dropped, as nothing is recorded yet. */
static int answer(Source *source, RtspItem *item, uint8_t *bytes)
{
    RtspFraming framing = {0};
    size_t size = 0;
    for (;;) {
        ssize_t got = recv(source->fd, bytes + size, ANSWER_MOST - size, 0);
        if (got <= 0)
            die("recv");
        size += (size_t)got;
        size_t at = 0;
        while (rtsp_next(&framing, bytes + at, size - at, item) != RTSP_NEED_MORE) {
            at += item->consumed;
            if (item->kind == RTSP_RESPONSE)
                return item->status;
        }
    }
}

static void ask(Source *source, RtspMethod method, const char *url, const char *name,
                const char *value, RtspItem *item, uint8_t *bytes)
{
    request(source, method, url, name, value);
    if (answer(source, item, bytes) == 401 && rtsp_auth_choose(item, &source->auth)) {
        request(source, method, url, name, value);
        answer(source, item, bytes);
    }
    if (item->status != 200) {
        fprintf(stderr, "bench-floor: %s of %s: %d\n", rtsp_method_text(method), source->url,
                item->status);
        exit(1);
    }
}

static void play(Source *source)
{
    g_autofree uint8_t *bytes = g_malloc(ANSWER_MOST);
    RtspItem item;
    source->fd = connect_to(source->parsed);
    ask(source, RTSP_DESCRIBE, source->url, "Accept", "application/sdp", &item, bytes);
    g_autoptr(Sdp) sdp = sdp_parse(item.data, item.size);
    const SdpMedia *video = sdp ? sdp_choose(sdp, SDP_VIDEO) : NULL;
    if (!video)
        die("no video");
    RtspText told = rtsp_header(&item, "Content-Base");
    g_autofree char *base_text = told.data ? rtsp_text_dup(told) : NULL;
    g_autofree char *base = rtsp_url_base(base_text, source->url);
    g_autofree char *control = rtsp_url_join(base, video->control);
    ask(source, RTSP_SETUP, control, "Transport", "RTP/AVP/TCP;unicast;interleaved=0-1", &item,
        bytes);
    source->session = rtsp_text_dup(rtsp_header(&item, "Session"));
    source->session[strcspn(source->session, "; ")] = '\0';
    ask(source, RTSP_PLAY, base, "Range", "npt=0.000-", &item, bytes);
}

static int64_t cpu_us(void)
{
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * INT64_C(1000000) +
           used.ru_utime.tv_usec + used.ru_stime.tv_usec;
}

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int64_t receive_and_write(int epoll, double until)
{
    int64_t bytes = 0;
    struct epoll_event events[EVENTS];
    while (now_s() < until) {
        int count = epoll_wait(epoll, events, EVENTS, 200);
        for (int i = 0; i < count; i++) {
            Source *source = events[i].data.ptr;
            ssize_t got = recv(source->fd, buffer, sizeof buffer, MSG_DONTWAIT);
            if (got <= 0)
                continue;
            if (write(source->file, buffer, (size_t)got) != got)
                die("write");
            bytes += got;
        }
    }
    return bytes;
}

int main(int argc, char **argv)
{
    if (argc < 4) {
        fputs("usage: bench-floor SECONDS DIR URL [URL …]\n", stderr);
        return 2;
    }
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    for (int i = 3; i < argc; i++) {
        Source *source = g_new0(Source, 1);
        source->parsed = rtsp_url_parse(argv[i], NULL);
        if (!source->parsed)
            die(argv[i]);
        source->url = rtsp_url_text(source->parsed);
        g_autofree char *path = g_strdup_printf("%s/floor-%d", argv[2], i - 3);
        source->file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
        if (source->file < 0)
            die(path);
        play(source);
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = source};
        epoll_ctl(epoll, EPOLL_CTL_ADD, source->fd, &event);
    }
    receive_and_write(epoll, now_s() + 3); /* what starts up does not count */
    double start = now_s(), seconds = atof(argv[1]);
    int64_t before = cpu_us();
    int64_t bytes = receive_and_write(epoll, start + seconds);
    printf("{\"cameras\":%d,\"seconds\":%.3f,\"bytes\":%" G_GINT64_FORMAT
           ",\"cpu_us\":%" G_GINT64_FORMAT "}\n",
           argc - 3, now_s() - start, bytes, cpu_us() - before);
    return 0;
}
