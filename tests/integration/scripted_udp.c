#include "scripted_udp.h"

#include "base/file.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { PORT_LEAST = 10000, PORT_MOST = 20000, FRAME_HEAD = 4, REPORT_LEAST = 32 };

struct ScriptedUdp {
    int rtp, rtcp, stranger, neighbour; /* from another address; from another port of its own */
    uint16_t port;
    struct sockaddr_in client;
};

static int bind_at(const char *address, uint16_t port)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(port)};
    inet_pton(AF_INET, address, &at.sin_addr);
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (bind(fd, (struct sockaddr *)&at, sizeof at) == 0)
        return fd;
    fd_clear(&fd);
    return -1;
}

ScriptedUdp *scripted_udp_new(void)
{
    ScriptedUdp *udp = g_new0(ScriptedUdp, 1);
    udp->rtp = udp->rtcp = -1;
    while (udp->rtcp < 0) {
        fd_clear(&udp->rtp);
        udp->port = (uint16_t)(g_random_int_range(PORT_LEAST, PORT_MOST) & ~1);
        udp->rtp = bind_at("127.0.0.1", udp->port);
        udp->rtcp = udp->rtp >= 0 ? bind_at("127.0.0.1", (uint16_t)(udp->port + 1)) : -1;
    }
    udp->stranger = bind_at("127.0.0.2", 0);
    udp->neighbour = bind_at("127.0.0.1", 0);
    return udp;
}

void scripted_udp_free(ScriptedUdp *udp)
{
    if (!udp)
        return;
    fd_clear(&udp->rtp);
    fd_clear(&udp->rtcp);
    fd_clear(&udp->stranger);
    fd_clear(&udp->neighbour);
    g_free(udp);
}

uint16_t scripted_udp_port(const ScriptedUdp *udp)
{
    return udp->port;
}

bool scripted_udp_setup(ScriptedUdp *udp, const char *request)
{
    const char *ports = strstr(request, "client_port=");
    if (!g_str_has_prefix(request, "SETUP ") || !ports)
        return false;
    udp->client =
        (struct sockaddr_in){.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)atoi(ports + strlen("client_port="))),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    return true;
}

static void send_from(const ScriptedUdp *udp, int fd, const uint8_t *packet, size_t size)
{
    (void)sendto(fd, packet, size, 0, (const struct sockaddr *)&udp->client, sizeof udp->client);
}

/* The same packet with nonsense in it, ahead of the true one. */
static void send_foreign(const ScriptedUdp *udp, bool neighbour, const uint8_t *packet, size_t size)
{
    g_autofree uint8_t *nonsense = g_memdup2(packet, size);
    memset(nonsense + 12, 0x65, size - 12);
    send_from(udp, udp->stranger, nonsense, size);
    if (neighbour)
        send_from(udp, udp->neighbour, nonsense, size);
}

void scripted_udp_send(ScriptedUdp *udp, const ScriptUdp *script, const ByteWriter *frames)
{
    for (size_t at = 0; at < frames->size;) {
        size_t size = get_u16(frames->data + at + 2);
        const uint8_t *packet = frames->data + at + FRAME_HEAD;
        if (script->foreign)
            send_foreign(udp, !script->no_port, packet, size);
        if (!script->silent)
            send_from(udp, udp->rtp, packet, size);
        at += FRAME_HEAD + size;
    }
}

bool scripted_udp_heard(ScriptedUdp *udp)
{
    uint8_t report[1500];
    bool heard = false;
    for (ssize_t got; (got = recv(udp->rtcp, report, sizeof report, 0)) > 0;)
        heard |= got >= REPORT_LEAST && report[0] == 0x81 && report[1] == 201;
    return heard;
}
