#include "weak_line.h"

#include "base/clock.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define FAR_END "10.77.0.2"
/* What a queue before the narrow place holds: half a second of 1 Mbit/s. */
enum { PACKET_MOST = 1600, QUEUE_BYTES_MOST = 64 << 10, NAP_MS = 1 };

typedef struct Packet {
    int64_t due_us;
    size_t size;
    bool in_queue; /* not yet through the narrow place */
    int64_t through_us;
    char bytes[PACKET_MOST];
} Packet;

/* One direction. */
typedef struct Way {
    int from, to; /* TUN devices */
    GQueue packets;
    size_t queued_bytes;
    int64_t free_us; /* when the narrow place is free again */
} Way;

struct WeakLine {
    int far_space; /* its namespace */
    Way out, in;
    pthread_t thread;
    atomic_bool stopping, away;
    atomic_int kbit_per_s, delay_ms, lost_of_10000;
    GRand *dice;
};

static void must(bool done, const char *what)
{
    if (!done)
        g_error("a weak line cannot be played here: %s: %s (needs root, network namespaces and "
                "/dev/net/tun)",
                what, g_strerror(errno));
}

static void device_up(const char *name, const char *address)
{
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    struct ifreq request = {0};
    struct sockaddr_in in = {.sin_family = AF_INET};
    g_strlcpy(request.ifr_name, name, IFNAMSIZ);
    if (address) {
        inet_pton(AF_INET, address, &in.sin_addr);
        memcpy(&request.ifr_addr, &in, sizeof in);
        must(ioctl(fd, SIOCSIFADDR, &request) == 0, "an address for a device");
        inet_pton(AF_INET, "255.255.255.252", &in.sin_addr);
        memcpy(&request.ifr_netmask, &in, sizeof in);
        must(ioctl(fd, SIOCSIFNETMASK, &request) == 0, "a mask for a device");
    }
    must(ioctl(fd, SIOCGIFFLAGS, &request) == 0, "flags of a device");
    request.ifr_flags = (short)(request.ifr_flags | IFF_UP);
    must(ioctl(fd, SIOCSIFFLAGS, &request) == 0, "a device up");
    close(fd);
}

/* A TUN device in this thread's namespace. */
static int tun_open(const char *address)
{
    int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
    struct ifreq request = {.ifr_flags = IFF_TUN | IFF_NO_PI};
    must(fd >= 0, "/dev/net/tun");
    must(ioctl(fd, TUNSETIFF, &request) == 0, "a TUN device");
    device_up(request.ifr_name, address);
    return fd;
}

static int this_space(void)
{
    int fd = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
    must(fd >= 0, "the network namespace");
    return fd;
}

/* Moves the calling thread. */
static void enter(int space)
{
    must(setns(space, CLONE_NEWNET) == 0, "entering a network namespace");
}

static void take_packets(WeakLine *line, Way *way)
{
    g_autofree Packet *packet = g_new(Packet, 1);
    ssize_t got;
    while ((got = read(way->from, packet->bytes, PACKET_MOST)) > 0) {
        bool lost = g_rand_int_range(line->dice, 0, 10000) < line->lost_of_10000;
        if (line->away || lost || way->queued_bytes + (size_t)got > QUEUE_BYTES_MOST)
            continue;
        int64_t now_us = clock_mono_us();
        int64_t takes_us = line->kbit_per_s ? got * 8 * 1000 / line->kbit_per_s : 0;
        way->free_us = MAX(way->free_us, now_us) + takes_us;
        way->queued_bytes += (size_t)got;
        packet->size = (size_t)got;
        packet->in_queue = true;
        packet->through_us = way->free_us;
        packet->due_us = way->free_us + line->delay_ms * 1000;
        g_queue_push_tail(&way->packets, g_memdup2(packet, sizeof *packet));
    }
}

static void give_packets(WeakLine *line, Way *way)
{
    int64_t now_us = clock_mono_us();
    for (GList *link = way->packets.head; link; link = link->next) {
        Packet *packet = link->data;
        if (packet->through_us > now_us)
            break;
        way->queued_bytes -= packet->in_queue ? packet->size : 0;
        packet->in_queue = false;
    }
    for (Packet *packet; (packet = g_queue_peek_head(&way->packets)) && packet->due_us <= now_us;) {
        if (!line->away && write(way->to, packet->bytes, packet->size) < 0 && errno == EAGAIN)
            return;
        way->queued_bytes -= packet->in_queue ? packet->size : 0;
        g_free(g_queue_pop_head(&way->packets));
    }
}

static void *run(void *data)
{
    WeakLine *line = data;
    while (!line->stopping) {
        struct pollfd polled[] = {{line->out.from, POLLIN, 0}, {line->in.from, POLLIN, 0}};
        bool waits = line->out.packets.length || line->in.packets.length;
        poll(polled, 2, waits ? NAP_MS : 50);
        take_packets(line, &line->out);
        take_packets(line, &line->in);
        give_packets(line, &line->out);
        give_packets(line, &line->in);
    }
    return NULL;
}

WeakLine *weak_line_start(void)
{
    WeakLine *line = g_new0(WeakLine, 1);
    must(unshare(CLONE_NEWNET) == 0, "a network namespace");
    line->far_space = this_space();
    int far = tun_open(FAR_END);
    must(unshare(CLONE_NEWNET) == 0, "a second network namespace");
    device_up("lo", NULL);
    int near = tun_open(WEAK_LINE_NEAR);
    line->out = (Way){.from = near, .to = far};
    line->in = (Way){.from = far, .to = near};
    line->dice = g_rand_new_with_seed(1);
    g_assert(pthread_create(&line->thread, NULL, run, line) == 0);
    return line;
}

void weak_line_stop(WeakLine *line)
{
    line->stopping = true;
    pthread_join(line->thread, NULL);
    g_queue_clear_full(&line->out.packets, g_free);
    g_queue_clear_full(&line->in.packets, g_free);
    close(line->out.from);
    close(line->in.from);
    close(line->far_space);
    g_rand_free(line->dice);
    g_free(line);
}

void weak_line_set(WeakLine *line, const WeakLineNature *nature)
{
    line->kbit_per_s = nature->kbit_per_s;
    line->delay_ms = nature->delay_ms;
    line->lost_of_10000 = (int)(nature->loss * 10000);
    line->away = nature->away;
}

int weak_line_socket(const WeakLine *line)
{
    int here = this_space();
    enter(line->far_space);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    enter(here);
    close(here);
    return fd;
}
