#include "peer.h"

#include "base/bytes.h"
#include "base/thread.h"

#include <arpa/inet.h>
#include <glib.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct Peer {
    const PeerRow *rows;
    unsigned count;
    int listener;
    uint16_t port;
    Thread *thread;
    atomic_bool stopping, stall, no_keys, hang_up;
    atomic_uint connections;
    pthread_mutex_t lock;
    GPtrArray *requests; /* char *; under `lock` */
};

/* A whole picture: STAP-A of SPS and PPS, then an IDR slice, or another. */
static void send_picture(int fd, bool key, uint16_t *sequence, uint32_t timestamp)
{
    static const uint8_t sps[] = {0x67, 0x42, 0xc0, 0x1e, 0xd9, 0x01, 0x40, 0x16,
                                  0xec, 0x04, 0x40, 0x00, 0x00, 0x03, 0x00, 0x40,
                                  0x00, 0x00, 0x0c, 0x83, 0xc5, 0x8b, 0x92};
    static const uint8_t pps[] = {0x68, 0xcb, 0x83, 0xcb, 0x20};
    const uint8_t slice[] = {
        key ? 0x65 : 0x41, 0x88, 0x84, 0x00, 0x10, 0xff, 0xfe, 0xf6, 0xf0, 0xfe, 0x05};
    g_auto(ByteWriter) sets = {0}, out = {0};
    write_u8(&sets, 24); /* STAP-A */
    write_u16(&sets, sizeof sps);
    write_bytes(&sets, sps, sizeof sps);
    write_u16(&sets, sizeof pps);
    write_bytes(&sets, pps, sizeof pps);
    for (int part = 0; part < 2; part++) {
        size_t size = part ? sizeof slice : sets.size;
        write_u8(&out, '$');
        write_u8(&out, 0);
        write_u16(&out, (uint16_t)(12 + size));
        write_u8(&out, 0x80);
        write_u8(&out, (uint8_t)(96 | (part ? 0x80 : 0)));
        write_u16(&out, (*sequence)++);
        write_u32(&out, timestamp);
        write_u32(&out, 0x1234);
        write_bytes(&out, part ? slice : sets.data, size);
    }
    send(fd, out.data, out.size, MSG_NOSIGNAL);
}

static bool client_left(int fd, int wait_ms)
{
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    char drop[4096];
    return poll(&wait, 1, wait_ms) > 0 && recv(fd, drop, sizeof drop, 0) <= 0;
}

static void stream_media(Peer *peer, int fd)
{
    uint16_t sequence = 100;
    for (uint32_t timestamp = 0; !atomic_load(&peer->stopping); timestamp += 3600) {
        if (!atomic_load(&peer->stall))
            send_picture(fd, !atomic_load(&peer->no_keys), &sequence, timestamp);
        if (client_left(fd, 40) || atomic_load(&peer->hang_up))
            return;
    }
}

/* Reads up to the blank line behind a request. */
static bool read_request(Peer *peer, int fd, char *text, size_t room)
{
    size_t used = 0;
    while (used + 1 < room && !atomic_load(&peer->stopping)) {
        struct pollfd wait = {.fd = fd, .events = POLLIN};
        if (poll(&wait, 1, 50) <= 0)
            continue;
        ssize_t got = recv(fd, text + used, room - used - 1, 0);
        if (got <= 0)
            return false;
        used += (size_t)got;
        text[used] = '\0';
        if (strstr(text, "\r\n\r\n"))
            return true;
    }
    return false;
}

/* Returns false when the connection is to end. */
static bool answer(Peer *peer, int fd, const char *request)
{
    const char *cseq = strstr(request, "CSeq: ");
    char number[16];
    pthread_mutex_lock(&peer->lock);
    g_ptr_array_add(peer->requests, g_strdup(request));
    pthread_mutex_unlock(&peer->lock);
    if (atomic_load(&peer->hang_up))
        return false;
    g_snprintf(number, sizeof number, "%d", cseq ? atoi(cseq + 6) : 0);
    for (unsigned i = 0; i < peer->count; i++) {
        const PeerRow *row = &peer->rows[i];
        if (!g_str_has_prefix(request, row->method))
            continue;
        if (!row->answer)
            return false;
        g_autoptr(GString) text = g_string_new(row->answer);
        g_string_replace(text, "%u", number, 0);
        send(fd, text->str, text->len, MSG_NOSIGNAL);
        if (row->then_media)
            stream_media(peer, fd);
        return !row->then_media;
    }
    return false;
}

static void serve(void *data)
{
    Peer *peer = data;
    while (!atomic_load(&peer->stopping)) {
        struct pollfd wait = {.fd = peer->listener, .events = POLLIN};
        if (poll(&wait, 1, 50) <= 0)
            continue;
        int fd = accept(peer->listener, NULL, NULL);
        atomic_fetch_add(&peer->connections, 1);
        char request[8192];
        while (read_request(peer, fd, request, sizeof request) && answer(peer, fd, request))
            ;
        close(fd);
    }
}

Peer *peer_new(const PeerRow *rows, unsigned count)
{
    Peer *peer = g_new0(Peer, 1);
    peer->rows = rows;
    peer->count = count;
    peer->requests = g_ptr_array_new_with_free_func(g_free);
    pthread_mutex_init(&peer->lock, NULL);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    peer->listener = socket(AF_INET, SOCK_STREAM, 0);
    g_assert(bind(peer->listener, (struct sockaddr *)&address, length) == 0);
    g_assert(listen(peer->listener, 8) == 0);
    getsockname(peer->listener, (struct sockaddr *)&address, &length);
    peer->port = ntohs(address.sin_port);
    peer->thread = thread_start("peer", serve, peer);
    return peer;
}

void peer_free(Peer *peer)
{
    atomic_store(&peer->stopping, true);
    thread_join(peer->thread);
    close(peer->listener);
    pthread_mutex_destroy(&peer->lock);
    g_ptr_array_unref(peer->requests);
    g_free(peer);
}

uint16_t peer_port(const Peer *peer)
{
    return peer->port;
}

unsigned peer_connections(Peer *peer)
{
    return atomic_load(&peer->connections);
}

unsigned peer_heard(Peer *peer, const char *text)
{
    unsigned count = 0;
    pthread_mutex_lock(&peer->lock);
    for (guint i = 0; i < peer->requests->len; i++)
        count += strstr(peer->requests->pdata[i], text) != NULL;
    pthread_mutex_unlock(&peer->lock);
    return count;
}

void peer_hang_up(Peer *peer)
{
    atomic_store(&peer->hang_up, true);
}

void peer_stall(Peer *peer, bool stall)
{
    atomic_store(&peer->stall, stall);
}

void peer_send_no_keys(Peer *peer)
{
    atomic_store(&peer->no_keys, true);
}
