/* fan.c — the floor that viewers are measured against: one send of each picture to each socket.
 *
 *   bench-fan VIEWERS PICTURE_BYTES SECONDS [KEY_BYTES]
 *
 * One thread: 15 times a second the same bytes go to each of the sockets on loopback; a second
 * process reads them. With KEY_BYTES the first and each 30th picture is so large. Prints
 * {"viewers","seconds","bytes","cpu_us","late":{p50_us …}}: CPU of the sending process; how long
 * after the first byte of a picture was sent to the first socket each socket's reader had it whole.
 */
#include "base/clock.h"
#include "delays.h"
#include "play.h"

#include <arpa/inet.h>
#include <glib.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { FPS = 15, KEY_EVERY = 30, EVENTS = 64, ROOM = 1024 * 1024, SEND_ROOM = 208 * 1024 };

/* What is sent, and what both processes write down of it. */
typedef struct Fan {
    int viewers, pictures;
    size_t picture, key;
    int64_t *sent_us;         /* by picture, to the first socket */
    _Atomic int64_t *read_us; /* by picture and viewer; 0: not yet */
} Fan;

/* Where one viewer is in what it reads. */
typedef struct Reader {
    int fd, picture;
    size_t left;
} Reader;

static size_t picture_size(const Fan *fan, int picture)
{
    return picture % KEY_EVERY == 0 ? fan->key : fan->picture;
}

static void *shared(size_t size)
{
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        bench_die("mmap");
    return memory;
}

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

static void take(const Fan *fan, int viewer, Reader *reader, size_t got)
{
    const int64_t now_us = clock_mono_us();
    while (got > 0 && reader->picture < fan->pictures) {
        const size_t part = MIN(got, reader->left);
        got -= part;
        reader->left -= part;
        if (reader->left > 0)
            return;
        fan->read_us[reader->picture * fan->viewers + viewer] = now_us;
        reader->left = picture_size(fan, ++reader->picture);
    }
}

static _Noreturn void read_all(const struct sockaddr_in *at, const Fan *fan)
{
    static char buffer[ROOM];
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    g_autofree Reader *readers = g_new0(Reader, (gsize)fan->viewers);
    for (int i = 0; i < fan->viewers; i++) {
        readers[i] = (Reader){socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), 0, fan->key};
        if (connect(readers[i].fd, (const struct sockaddr *)at, sizeof *at) != 0)
            bench_die("connect");
        struct epoll_event event = {.events = EPOLLIN, .data.u32 = (uint32_t)i};
        epoll_ctl(epoll, EPOLL_CTL_ADD, readers[i].fd, &event);
    }
    struct epoll_event events[EVENTS];
    for (;;) {
        int count = epoll_wait(epoll, events, EVENTS, -1);
        for (int i = 0; i < count; i++) {
            const int viewer = (int)events[i].data.u32;
            ssize_t got = recv(readers[viewer].fd, buffer, sizeof buffer, MSG_DONTWAIT);
            if (got == 0)
                exit(0);
            if (got > 0)
                take(fan, viewer, &readers[viewer], (size_t)got);
        }
    }
}

static int64_t cpu_us(void)
{
    struct timespec used;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return used.tv_sec * SECOND_US + used.tv_nsec / 1000;
}

static int64_t send_pictures(const Fan *fan, const int *fds)
{
    g_autofree char *bytes = g_malloc0(MAX(fan->picture, fan->key));
    int64_t sent = 0;
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    for (int i = 0; i < fan->pictures; i++) {
        const size_t size = picture_size(fan, i);
        fan->sent_us[i] = clock_mono_us();
        for (int v = 0; v < fan->viewers; v++)
            if (send(fds[v], bytes, size, MSG_NOSIGNAL) == (ssize_t)size)
                sent += (int64_t)size;
            else
                bench_die("send");
        at.tv_nsec += 1000000000 / FPS;
        at.tv_sec += at.tv_nsec / 1000000000;
        at.tv_nsec %= 1000000000;
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL);
    }
    return sent;
}

static Json *lateness(const Fan *fan)
{
    Delays *late = delays_new();
    for (int i = 0, waited_ms = 0; i < fan->pictures * fan->viewers; i++) {
        for (; fan->read_us[i] == 0; waited_ms++)
            if (waited_ms < 5000)
                usleep(1000);
            else
                bench_die("a picture was not read");
        delays_add(late, fan->read_us[i] - fan->sent_us[i / fan->viewers]);
    }
    Json *json = delays_json(late);
    g_array_unref(late);
    return json;
}

static void accept_all(int listener, const Fan *fan, int *fds)
{
    const int room = SEND_ROOM; /* a key picture is sent with one call that waits for nobody */
    for (int i = 0; i < fan->viewers; i++)
        if ((fds[i] = accept(listener, NULL, NULL)) < 0 ||
            setsockopt(fds[i], SOL_SOCKET, SO_SNDBUF, &room, sizeof room) != 0)
            bench_die("accept");
}

int main(int argc, char **argv)
{
    Fan fan = {.viewers = argc > 3 ? atoi(argv[1]) : 0};
    if (argc < 4 || argc > 5 || fan.viewers < 1 || atoi(argv[2]) < 1 || atoi(argv[argc - 1]) < 1) {
        fputs("usage: bench-fan VIEWERS PICTURE_BYTES SECONDS [KEY_BYTES]\n", stderr);
        return 2;
    }
    fan.pictures = (int)(atof(argv[3]) * FPS);
    fan.picture = (size_t)atoi(argv[2]);
    fan.key = argc == 5 ? (size_t)atoi(argv[4]) : fan.picture;
    fan.sent_us = shared((size_t)fan.pictures * sizeof *fan.sent_us);
    fan.read_us = shared((size_t)fan.pictures * (size_t)fan.viewers * sizeof *fan.read_us);
    struct sockaddr_in at;
    int listener = listen_anywhere(&at);
    pid_t reader = fork();
    if (reader == 0)
        read_all(&at, &fan);
    g_autofree int *fds = g_new(int, fan.viewers);
    accept_all(listener, &fan, fds);
    int64_t before = cpu_us();
    int64_t bytes = send_pictures(&fan, fds);
    int64_t used = cpu_us() - before;
    g_autoptr(Json) result = json_pack(
        "{s:i, s:f, s:I, s:I, s:o}", "viewers", fan.viewers, "seconds", (double)fan.pictures / FPS,
        "bytes", (json_int_t)bytes, "cpu_us", (json_int_t)used, "late", lateness(&fan));
    g_autofree char *line = json_line(result);
    puts(line);
    kill(reader, SIGKILL);
    return 0;
}
