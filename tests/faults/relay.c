#include "relay.h"

#include "base/clock.h"

#include <errno.h>
#include <glib.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PACKET = 1400, PACKETS_MOST = 8192, POLL_MS = 5, LINES_MOST = 256, RETRANSMIT_MS = 200 };

typedef struct Packet {
    int64_t due_us;
    size_t size, sent;
    char bytes[PACKET];
} Packet;

/* One direction of a connection. */
typedef struct Line {
    int from, to; /* `to` is closed by the line that reads it */
    GQueue packets;
    int64_t last_due_us;
    bool ended; /* nothing more comes */
    bool dead;
    struct Line *other;
} Line;

struct Relay {
    int listener, port, target_port;
    pthread_t thread;
    atomic_bool stopping, silent;
    atomic_int delay_ms, loss_percent;
    GPtrArray *lines; /* Line, pairs next to each other; the thread's */
    GRand *dice;
};

static int connect_to(int port)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0)
        return fd;
    close(fd);
    return -1;
}

static void take_connection(Relay *relay)
{
    int client = accept4(relay->listener, NULL, NULL, SOCK_CLOEXEC);
    int server = client >= 0 && !relay->silent ? connect_to(relay->target_port) : -1;
    Line *in = g_new0(Line, 1), *out = g_new0(Line, 1);
    *in = (Line){.from = client, .to = server, .other = out, .dead = server < 0};
    *out = (Line){.from = server, .to = client, .other = in, .dead = server < 0};
    g_ptr_array_add(relay->lines, in);
    g_ptr_array_add(relay->lines, out);
}

static void take_bytes(Relay *relay, Line *line)
{
    Packet *packet = g_new(Packet, 1);
    ssize_t got = recv(line->from, packet->bytes, PACKET, MSG_DONTWAIT);
    if (got <= 0 || line->dead) {
        line->ended |= got == 0 || (got < 0 && errno != EAGAIN);
        g_free(packet);
        return;
    }
    bool lost = g_rand_int_range(relay->dice, 0, 100) < relay->loss_percent;
    int64_t way_ms = relay->delay_ms + (lost ? 2 * relay->delay_ms + RETRANSMIT_MS : 0);
    packet->due_us = MAX(line->last_due_us, clock_mono_us() + way_ms * 1000);
    line->last_due_us = packet->due_us;
    packet->size = (size_t)got;
    packet->sent = 0;
    g_queue_push_tail(&line->packets, packet);
}

static void give_bytes(Line *line)
{
    Packet *packet;
    if (line->dead)
        return;
    while ((packet = g_queue_peek_head(&line->packets)) && packet->due_us <= clock_mono_us()) {
        ssize_t done = send(line->to, packet->bytes + packet->sent, packet->size - packet->sent,
                            MSG_DONTWAIT | MSG_NOSIGNAL);
        if (done < 0 && errno == EAGAIN)
            return;
        packet->sent += done > 0 ? (size_t)done : 0;
        if (done > 0 && packet->sent < packet->size)
            return;
        g_free(g_queue_pop_head(&line->packets));
    }
}

static void drop_pair(Relay *relay, guint at)
{
    Line *in = g_ptr_array_index(relay->lines, at), *out = in->other;
    close(in->from);
    if (in->to >= 0)
        close(in->to);
    g_queue_clear_full(&in->packets, g_free);
    g_queue_clear_full(&out->packets, g_free);
    g_free(in);
    g_free(out);
    g_ptr_array_remove_range(relay->lines, at, 2);
}

/* A connection is closed once either side has ended and all of it was passed on; a dead one when
 * the line lives again, as each side then learns that the other has forgotten it. */
static void end_lines(Relay *relay)
{
    for (guint i = relay->lines->len; i >= 2; i -= 2) {
        const Line *in = g_ptr_array_index(relay->lines, i - 2), *out = in->other;
        bool over =
            (in->ended && in->packets.length == 0) || (out->ended && out->packets.length == 0);
        if (in->dead ? !relay->silent : over)
            drop_pair(relay, i - 2);
    }
}

static void kill_lines(Relay *relay)
{
    for (guint i = 0; i < relay->lines->len; i++)
        ((Line *)g_ptr_array_index(relay->lines, i))->dead = true;
}

static void wait_for_bytes(Relay *relay, struct pollfd *polled)
{
    guint count = MIN(relay->lines->len, LINES_MOST);
    polled[0] = (struct pollfd){relay->listener, POLLIN, 0};
    for (guint i = 0; i < count; i++) {
        const Line *line = g_ptr_array_index(relay->lines, i);
        bool reads = !line->dead && !line->ended && line->packets.length < PACKETS_MOST;
        polled[i + 1] = (struct pollfd){reads ? line->from : -1, POLLIN, 0};
    }
    poll(polled, count + 1, POLL_MS);
    for (guint i = 0; i < count; i++)
        if (polled[i + 1].revents)
            take_bytes(relay, g_ptr_array_index(relay->lines, i));
    if (polled[0].revents)
        take_connection(relay);
}

static void *relay_main(void *data)
{
    Relay *relay = data;
    struct pollfd polled[LINES_MOST + 1];
    while (!relay->stopping) {
        wait_for_bytes(relay, polled);
        if (relay->silent)
            kill_lines(relay);
        for (guint i = 0; i < relay->lines->len; i++)
            give_bytes(g_ptr_array_index(relay->lines, i));
        end_lines(relay);
    }
    return NULL;
}

Relay *relay_start(int target_port)
{
    Relay *relay = g_new0(Relay, 1);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    relay->target_port = target_port;
    relay->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    g_assert(bind(relay->listener, (struct sockaddr *)&address, size) == 0);
    g_assert(listen(relay->listener, LINES_MOST) == 0);
    g_assert(getsockname(relay->listener, (struct sockaddr *)&address, &size) == 0);
    relay->port = ntohs(address.sin_port);
    relay->lines = g_ptr_array_new();
    relay->dice = g_rand_new_with_seed(1);
    g_assert(pthread_create(&relay->thread, NULL, relay_main, relay) == 0);
    return relay;
}

void relay_stop(Relay *relay)
{
    relay->stopping = true;
    pthread_join(relay->thread, NULL);
    while (relay->lines->len >= 2)
        drop_pair(relay, relay->lines->len - 2);
    g_ptr_array_unref(relay->lines);
    g_rand_free(relay->dice);
    close(relay->listener);
    g_free(relay);
}

int relay_port(const Relay *relay)
{
    return relay->port;
}

void relay_slow(Relay *relay, int delay_ms, int loss_percent)
{
    relay->delay_ms = delay_ms;
    relay->loss_percent = loss_percent;
}

void relay_silent(Relay *relay, bool silent)
{
    relay->silent = silent;
}
