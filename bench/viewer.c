#include "viewer.h"

#include "base/bytes.h"
#include "base/clock.h"
#include "play.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ROOM = 4 * 1024 * 1024, HEAD_MOST = 14, CONTROL_MOST = 125 };
enum { OPCODE_TEXT = 1, OPCODE_BINARY = 2, OPCODE_CLOSE = 8, OPCODE_PING = 9, OPCODE_PONG = 10 };

struct Viewer {
    int fd;
    SSL *tls; /* NULL: none */
    ViewerMessage message;
    void *data;
    uint8_t *buffer; /* of ROOM, shared: what one read gave, behind what was kept */
    ByteWriter kept; /* the beginning of a frame */
    uint64_t bytes;
    int64_t arrived_us;
};

static void send_all(Viewer *viewer, const void *data, size_t size)
{
    ssize_t sent = viewer->tls ? SSL_write(viewer->tls, data, (int)size)
                               : send(viewer->fd, data, size, MSG_NOSIGNAL);
    if (sent != (ssize_t)size)
        bench_die("viewer: send");
}

static void start_tls(Viewer *viewer)
{
    static SSL_CTX *context;
    if (!context)
        context = SSL_CTX_new(TLS_client_method());
    viewer->tls = SSL_new(context);
    SSL_set_fd(viewer->tls, viewer->fd);
    if (SSL_connect(viewer->tls) != 1)
        bench_die("viewer: TLS");
}

static void upgrade(Viewer *viewer, const char *token)
{
    g_autofree char *ask = g_strdup_printf(
        "GET /api/v1/live HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAuthorization: Bearer %s\r\n\r\n",
        token);
    send_all(viewer, ask, strlen(ask));
    char head[4096] = "", *at = head;
    while (!strstr(head, "\r\n\r\n") && at < head + sizeof head - 1 &&
           (viewer->tls ? SSL_read(viewer->tls, at, 1) : recv(viewer->fd, at, 1, 0)) == 1)
        at++;
    if (!g_str_has_prefix(head, "HTTP/1.1 101")) {
        fprintf(stderr, "bench: the server does not upgrade: %s\n", head);
        exit(1);
    }
}

Viewer *viewer_open(int port, bool tls, const char *token, ViewerMessage message, void *data)
{
    static uint8_t *shared;
    if (!shared)
        shared = g_malloc(ROOM);
    Viewer *viewer = g_new0(Viewer, 1);
    *viewer = (Viewer){.message = message, .data = data, .buffer = shared};
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    viewer->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(viewer->fd, (struct sockaddr *)&to, sizeof to) != 0)
        bench_die("viewer: connect");
    if (tls)
        start_tls(viewer);
    upgrade(viewer, token);
    int on = 1;
    setsockopt(viewer->fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
    fcntl(viewer->fd, F_SETFL, O_NONBLOCK);
    return viewer;
}

/* A masked frame; the mask is zero, which RFC 6455 §5.3 discourages only where text may be chosen
 * by others. */
static void send_frame(Viewer *viewer, unsigned opcode, const void *data, size_t size)
{
    g_auto(ByteWriter) frame = {0};
    write_u8(&frame, (uint8_t)(0x80 | opcode));
    if (size > CONTROL_MOST) {
        write_u8(&frame, 0x80 | 126);
        write_u16(&frame, (uint16_t)size);
    } else {
        write_u8(&frame, (uint8_t)(0x80 | size));
    }
    write_u32(&frame, 0);
    write_bytes(&frame, data, size);
    send_all(viewer, frame.data, frame.size);
}

void viewer_subscribe(Viewer *viewer, const char *camera, const char *stream)
{
    g_autofree char *text = g_strdup_printf(
        "{\"op\":\"subscribe\",\"camera\":\"%s\",\"stream\":\"%s\"}", camera, stream);
    send_frame(viewer, OPCODE_TEXT, text, strlen(text));
}

int viewer_fd(const Viewer *viewer)
{
    return viewer->fd;
}

uint64_t viewer_bytes(const Viewer *viewer)
{
    return viewer->bytes;
}

static ssize_t receive_plain(Viewer *viewer, uint8_t *to, size_t room)
{
    struct iovec part = {to, room};
    char control[CMSG_SPACE(sizeof(struct timespec))];
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = control,
                             .msg_controllen = sizeof control};
    ssize_t got = recvmsg(viewer->fd, &message, 0);
    struct cmsghdr *stamp = got > 0 ? CMSG_FIRSTHDR(&message) : NULL;
    if (stamp && stamp->cmsg_type == SCM_TIMESTAMPNS) {
        struct timespec at;
        memcpy(&at, CMSG_DATA(stamp), sizeof at);
        viewer->arrived_us = at.tv_sec * SECOND_US + at.tv_nsec / 1000;
    }
    return got < 0 && errno == EAGAIN ? 0 : got > 0 ? got : -1;
}

static ssize_t receive_tls(Viewer *viewer, uint8_t *to, size_t room)
{
    int got = SSL_read(viewer->tls, to, (int)room);
    if (got > 0)
        return got;
    return SSL_get_error(viewer->tls, got) == SSL_ERROR_WANT_READ ? 0 : -1;
}

/* One frame from `data`: its size, or 0 when it has not come whole. Frames of this server are never
 * masked nor in parts. */
static size_t take_frame(Viewer *viewer, const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    size_t head = data[1] == 127 ? 10 : data[1] == 126 ? 4 : 2;
    if (size < head)
        return 0;
    uint64_t payload = head == 10 ? get_u64(data + 2) : head == 4 ? get_u16(data + 2) : data[1];
    if (payload > ROOM - HEAD_MOST)
        bench_die("viewer: a frame too long");
    if (size < head + payload)
        return 0;
    unsigned opcode = data[0] & 15;
    if (opcode == OPCODE_PING)
        send_frame(viewer, OPCODE_PONG, data + head, payload);
    else if (opcode == OPCODE_CLOSE)
        bench_die("viewer: the server closed");
    else
        viewer->message(viewer->data, opcode == OPCODE_BINARY, data + head, payload,
                        viewer->arrived_us, clock_wall_us());
    return head + payload;
}

void viewer_read(Viewer *viewer)
{
    size_t size = viewer->kept.size;
    if (size)
        memcpy(viewer->buffer, viewer->kept.data, size);
    ssize_t got;
    do { /* a TLS record at a time: all that is there is wanted before epoll waits again */
        got = viewer->tls ? receive_tls(viewer, viewer->buffer + size, ROOM - size)
                          : receive_plain(viewer, viewer->buffer + size, ROOM - size);
        if (got < 0)
            bench_die("viewer: the connection broke");
        size += (size_t)got;
        viewer->bytes += (uint64_t)got;
    } while (viewer->tls && got > 0);
    size_t at = 0, frame;
    while ((frame = take_frame(viewer, viewer->buffer + at, size - at)))
        at += frame;
    byte_writer_clear(&viewer->kept);
    write_bytes(&viewer->kept, viewer->buffer + at, size - at);
}
