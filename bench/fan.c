/* fan.c — the floor that a viewer's cost is measured against: one send of each picture to each
 * socket.
 *
 *   bench-fan VIEWERS PICTURE_BYTES SECONDS
 *
 * One thread: 15 times a second the same bytes go to each of the sockets on loopback; a second
 * process reads them. Prints {"viewers","seconds","bytes","cpu_us"}: CPU of the sending process.
 */
#include "base/clock.h"
#include "play.h"

#include <arpa/inet.h>
#include <glib.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { FPS = 15, EVENTS = 64, ROOM = 1024 * 1024 };

static int listen_anywhere(struct sockaddr_in *at)
{
    socklen_t size = sizeof *at;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    *at = (struct sockaddr_in){.sin_family = AF_INET};
    at->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || bind(fd, (struct sockaddr *)at, size) != 0 || listen(fd, 1024) != 0 ||
        getsockname(fd, (struct sockaddr *)at, &size) != 0)
        bench_die("listen");
    return fd;
}

static _Noreturn void read_all(const struct sockaddr_in *at, int viewers)
{
    static char buffer[ROOM];
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    for (int i = 0; i < viewers; i++) {
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (connect(fd, (const struct sockaddr *)at, sizeof *at) != 0)
            bench_die("connect");
        struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
        epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
    }
    struct epoll_event events[EVENTS];
    for (;;) {
        int count = epoll_wait(epoll, events, EVENTS, -1);
        for (int i = 0; i < count; i++)
            if (recv(events[i].data.fd, buffer, sizeof buffer, MSG_DONTWAIT) == 0)
                exit(0);
    }
}

static int64_t cpu_us(void)
{
    struct timespec used;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return used.tv_sec * SECOND_US + used.tv_nsec / 1000;
}

static int64_t send_pictures(const int *fds, int viewers, const char *picture, size_t size,
                             int pictures)
{
    int64_t bytes = 0;
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    for (int i = 0; i < pictures; i++) {
        for (int v = 0; v < viewers; v++)
            if (send(fds[v], picture, size, MSG_NOSIGNAL) == (ssize_t)size)
                bytes += (int64_t)size;
            else
                bench_die("send");
        at.tv_nsec += 1000000000 / FPS;
        at.tv_sec += at.tv_nsec / 1000000000;
        at.tv_nsec %= 1000000000;
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL);
    }
    return bytes;
}

int main(int argc, char **argv)
{
    if (argc != 4 || atoi(argv[1]) < 1 || atoi(argv[2]) < 1) {
        fputs("usage: bench-fan VIEWERS PICTURE_BYTES SECONDS\n", stderr);
        return 2;
    }
    int viewers = atoi(argv[1]), pictures = (int)(atof(argv[3]) * FPS);
    size_t size = (size_t)atoi(argv[2]);
    struct sockaddr_in at;
    int listener = listen_anywhere(&at);
    pid_t reader = fork();
    if (reader == 0)
        read_all(&at, viewers);
    g_autofree int *fds = g_new(int, viewers);
    for (int i = 0; i < viewers; i++)
        if ((fds[i] = accept(listener, NULL, NULL)) < 0)
            bench_die("accept");
    g_autofree char *picture = g_malloc0(size);
    int64_t before = cpu_us();
    int64_t bytes = send_pictures(fds, viewers, picture, size, pictures);
    printf("{\"viewers\":%d,\"seconds\":%.3f,\"bytes\":%" G_GINT64_FORMAT
           ",\"cpu_us\":%" G_GINT64_FORMAT "}\n",
           viewers, (double)pictures / FPS, bytes, cpu_us() - before);
    kill(reader, SIGKILL);
    return 0;
}
