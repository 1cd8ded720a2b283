/* floor.c — the floor that recording is measured against: recv and write of the same bytes.
 *
 * One thread, epoll, recv of up to 1 MiB, write of just that to one file a camera; no SO_RCVLOWAT,
 * no parsing (DESIGN §7). What keeps the sessions alive is a request of 20 s a camera.
 *
 *   bench-floor SECONDS DIR URL [URL …]      URL: rtsp://user:password@host:port/path
 *
 * Prints {"cameras","seconds","bytes","cpu_us"}: CPU of the process from 3 s after all play to the
 * end. A camera that hangs up or sends nothing ends it: a floor of fewer cameras is none.
 */
#include "play.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { RECEIVE_BYTES = 1024 * 1024, EVENTS = 64, SETTLE_S = 3 };

typedef struct Source {
    Playing *playing;
    int fd, file;
    int64_t bytes;
} Source;

static uint8_t buffer[RECEIVE_BYTES];

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

static void receive(Source *source)
{
    ssize_t got = recv(source->fd, buffer, sizeof buffer, MSG_DONTWAIT);
    if (got < 0 && errno == EAGAIN)
        return;
    if (got <= 0)
        bench_die("a camera hung up");
    if (write(source->file, buffer, (size_t)got) != got)
        bench_die("write");
    source->bytes += got;
}

static int64_t receive_and_write(int epoll, Source *sources, int count, double until)
{
    for (int i = 0; i < count; i++)
        sources[i].bytes = 0;
    struct epoll_event events[EVENTS];
    double keep_at = now_s() + PLAY_KEEP_S;
    for (double now; (now = now_s()) < until;) {
        int ready = epoll_wait(epoll, events, EVENTS, 200);
        for (int i = 0; i < ready; i++)
            receive(events[i].data.ptr);
        if (now < keep_at)
            continue;
        keep_at += PLAY_KEEP_S;
        for (int i = 0; i < count; i++)
            play_keep_alive(sources[i].playing);
    }
    int64_t bytes = 0;
    for (int i = 0; i < count; i++) {
        if (sources[i].bytes == 0)
            bench_die("a camera sent nothing");
        bytes += sources[i].bytes;
    }
    return bytes;
}

static void open_source(Source *source, int epoll, const char *dir, int index, const char *url)
{
    g_autofree char *path = g_strdup_printf("%s/floor-%d", dir, index);
    source->file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
    if (source->file < 0)
        bench_die(path);
    source->playing = play_start(url);
    source->fd = play_fd(source->playing);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = source};
    epoll_ctl(epoll, EPOLL_CTL_ADD, source->fd, &event);
}

int main(int argc, char **argv)
{
    if (argc < 4) {
        fputs("usage: bench-floor SECONDS DIR URL [URL …]\n", stderr);
        return 2;
    }
    int count = argc - 3, epoll = epoll_create1(EPOLL_CLOEXEC);
    Source *sources = g_new0(Source, (gsize)count);
    for (int i = 0; i < count; i++)
        open_source(&sources[i], epoll, argv[2], i, argv[3 + i]);
    receive_and_write(epoll, sources, count, now_s() + SETTLE_S);
    double start = now_s(), seconds = atof(argv[1]);
    int64_t before = cpu_us();
    int64_t bytes = receive_and_write(epoll, sources, count, start + seconds);
    printf("{\"cameras\":%d,\"seconds\":%.3f,\"bytes\":%" G_GINT64_FORMAT
           ",\"cpu_us\":%" G_GINT64_FORMAT "}\n",
           count, now_s() - start, bytes, cpu_us() - before);
    return 0;
}
