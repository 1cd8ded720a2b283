#include "camera/rtp_udp.h"

#include "base/bytes.h"
#include "base/clock.h"

#include <errno.h>
#include <netinet/in.h>
#include <sodium.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    DATAGRAM_BYTES = 64 * 1024, /* the most there is; some cameras use 10 KB (CAMERAS.md S17) */
    AT_ONCE = 32,
    BUFFER_BYTES = 2 * 1024 * 1024,  /* asked of the kernel, which counts its overhead, too */
    WAIT_BUFFER_BYTES = 1024 * 1024, /* with less, a quarter of a second does not fit in safely */
    PORT_FIRST = 32768,
    PORT_PAIRS = 13000,
    TRIES = 64,
    STRANGERS = 32, /* in a row from another port of the camera, before that is believed */
};
G_STATIC_ASSERT(AT_ONCE *DATAGRAM_BYTES <= INGEST_BUFFER_BYTES);

struct RtpUdp {
    Ingest *ingest;
    RtpUdpEvents events;
    void *data;
    int rtp_fd, rtcp_fd;
    LoopFd *rtp_watch, *rtcp_watch; /* from rtp_udp_begin() on */
    uint16_t port;
    struct sockaddr_storage camera; /* its port means nothing */
    int camera_rtp_port, camera_rtcp_port;
    bool can_wait;
    uint64_t datagrams;
    int other_port; /* of the camera, that it sends from in place of the one it told */
    unsigned others;
};

/* ---- addresses ---- */

static void set_port(struct sockaddr_storage *address, uint16_t port)
{
    if (address->ss_family == AF_INET6)
        ((struct sockaddr_in6 *)address)->sin6_port = htons(port);
    else
        ((struct sockaddr_in *)address)->sin_port = htons(port);
}

static uint16_t port_of(const struct sockaddr_storage *address)
{
    return ntohs(address->ss_family == AF_INET6 ? ((const struct sockaddr_in6 *)address)->sin6_port
                                                : ((const struct sockaddr_in *)address)->sin_port);
}

static bool same_host(const struct sockaddr_storage *a, const struct sockaddr_storage *b)
{
    if (a->ss_family != b->ss_family)
        return false;
    if (a->ss_family == AF_INET6)
        return memcmp(&((const struct sockaddr_in6 *)a)->sin6_addr,
                      &((const struct sockaddr_in6 *)b)->sin6_addr, sizeof(struct in6_addr)) == 0;
    return ((const struct sockaddr_in *)a)->sin_addr.s_addr ==
           ((const struct sockaddr_in *)b)->sin_addr.s_addr;
}

static socklen_t size_of(const struct sockaddr_storage *address)
{
    return address->ss_family == AF_INET6 ? sizeof(struct sockaddr_in6)
                                          : sizeof(struct sockaddr_in);
}

/* ---- sockets ---- */

static int bind_at(struct sockaddr_storage *own, uint16_t port)
{
    set_port(own, port);
    int fd = socket(own->ss_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd >= 0 && bind(fd, (struct sockaddr *)own, size_of(own)) < 0) {
        close(fd);
        fd = -1;
    }
    return fd;
}

static bool bind_pair(RtpUdp *udp, struct sockaddr_storage *own)
{
    for (int i = 0; i < TRIES; i++) {
        udp->port = (uint16_t)(PORT_FIRST + 2 * randombytes_uniform(PORT_PAIRS));
        udp->rtp_fd = bind_at(own, udp->port);
        udp->rtcp_fd = udp->rtp_fd >= 0 ? bind_at(own, (uint16_t)(udp->port + 1)) : -1;
        if (udp->rtcp_fd >= 0)
            return true;
        if (udp->rtp_fd >= 0)
            close(udp->rtp_fd);
    }
    return false;
}

/* Beyond net.core.rmem_max when the server may, else as far as that goes. */
static void prepare_socket(RtpUdp *udp)
{
    int on = 1, bytes = BUFFER_BYTES, granted = 0;
    socklen_t size = sizeof granted;
    if (setsockopt(udp->rtp_fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes) < 0)
        setsockopt(udp->rtp_fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
    setsockopt(udp->rtp_fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
    udp->can_wait = getsockopt(udp->rtp_fd, SOL_SOCKET, SO_RCVBUF, &granted, &size) == 0 &&
                    granted >= WAIT_BUFFER_BYTES;
}

RtpUdp *rtp_udp_open(Ingest *ingest, int fd, const RtpUdpEvents *events, void *data)
{
    struct sockaddr_storage own = {0}, camera = {0};
    socklen_t own_size = sizeof own, camera_size = sizeof camera;
    if (getsockname(fd, (struct sockaddr *)&own, &own_size) < 0 ||
        getpeername(fd, (struct sockaddr *)&camera, &camera_size) < 0)
        return NULL;
    RtpUdp *udp = g_new0(RtpUdp, 1);
    *udp = (RtpUdp){.ingest = ingest,
                    .events = *events,
                    .data = data,
                    .camera = camera,
                    .camera_rtp_port = -1,
                    .camera_rtcp_port = -1};
    if (!bind_pair(udp, &own)) {
        g_free(udp);
        return NULL;
    }
    prepare_socket(udp);
    return udp;
}

void rtp_udp_free(RtpUdp *udp)
{
    if (!udp)
        return;
    loop_fd_remove(udp->rtp_watch);
    loop_fd_remove(udp->rtcp_watch);
    close(udp->rtp_fd);
    close(udp->rtcp_fd);
    g_free(udp);
}

uint16_t rtp_udp_port(const RtpUdp *udp)
{
    return udp->port;
}

/* ---- sending ---- */

static void send_to(RtpUdp *udp, int fd, int port, const uint8_t *bytes, size_t size)
{
    struct sockaddr_storage to = udp->camera;
    if (port <= 0)
        return;
    set_port(&to, (uint16_t)port);
    /* What is lost is lost: the next report comes soon. */
    (void)sendto(fd, bytes, size, 0, (struct sockaddr *)&to, size_of(&to));
}

void rtp_udp_expect(RtpUdp *udp, int rtp_port, int rtcp_port)
{
    static const uint8_t empty_rtp[12] = {0x80}, empty_report[8] = {0x80, 201, 0, 1};
    if (udp->camera_rtp_port > 0 || rtp_port <= 0)
        return;
    udp->camera_rtp_port = rtp_port;
    udp->camera_rtcp_port = rtcp_port > 0 ? rtcp_port : rtp_port + 1;
    send_to(udp, udp->rtp_fd, udp->camera_rtp_port, empty_rtp, sizeof empty_rtp);
    send_to(udp, udp->rtcp_fd, udp->camera_rtcp_port, empty_report, sizeof empty_report);
}

void rtp_udp_report(RtpUdp *udp, const uint8_t *report, size_t size)
{
    send_to(udp, udp->rtcp_fd, udp->camera_rtcp_port, report, size);
}

/* ---- receiving ---- */

typedef struct Slots {
    struct mmsghdr messages[AT_ONCE];
    struct iovec parts[AT_ONCE];
    struct sockaddr_storage from[AT_ONCE];
    char controls[AT_ONCE][CMSG_SPACE(sizeof(struct timespec))];
} Slots;

static void lay_out(Slots *slots, uint8_t *buffer)
{
    for (size_t i = 0; i < AT_ONCE; i++) {
        slots->parts[i] = (struct iovec){buffer + i * DATAGRAM_BYTES, DATAGRAM_BYTES};
        slots->messages[i].msg_hdr = (struct msghdr){
            .msg_name = &slots->from[i],
            .msg_namelen = sizeof slots->from[i],
            .msg_iov = &slots->parts[i],
            .msg_iovlen = 1,
            .msg_control = slots->controls[i],
            .msg_controllen = sizeof slots->controls[i],
        };
    }
}

static bool is_from_camera(const RtpUdp *udp, const struct sockaddr_storage *from, int port)
{
    return same_host(from, &udp->camera) && (port <= 0 || port_of(from) == port);
}

/* Some cameras do not send from the port that they tell: when nothing comes from that. */
static bool is_from_another_port(RtpUdp *udp, const struct sockaddr_storage *from)
{
    int port = port_of(from);
    if (udp->datagrams > 0 || !same_host(from, &udp->camera))
        return false;
    udp->others = port == udp->other_port ? udp->others + 1 : 1;
    udp->other_port = port;
    if (udp->others < STRANGERS)
        return false;
    udp->camera_rtp_port = port;
    return true;
}

/* Returns the bytes. */
static size_t take(RtpUdp *udp, Slots *slots, size_t i)
{
    const struct mmsghdr *message = &slots->messages[i];
    if (!is_from_camera(udp, &slots->from[i], udp->camera_rtp_port) &&
        !is_from_another_port(udp, &slots->from[i]))
        return 0;
    udp->datagrams++;
    udp->events.rtp(udp->data, slots->parts[i].iov_base, message->msg_len,
                    wire_stamp_us(&message->msg_hdr));
    return message->msg_len;
}

size_t rtp_udp_read(RtpUdp *udp)
{
    size_t bytes = 0;
    Slots slots;
    for (int got = AT_ONCE; got == AT_ONCE;) {
        lay_out(&slots, udp->ingest->buffer);
        /* A camera that is gone answers by ICMP: an error that says nothing about the next one. */
        got = recvmmsg(udp->rtp_fd, slots.messages, AT_ONCE, MSG_DONTWAIT, NULL);
        for (int i = 0; i < got; i++)
            bytes += take(udp, &slots, (size_t)i);
    }
    return bytes;
}

static void rtp_ready(void *data, uint32_t events)
{
    RtpUdp *udp = data;
    udp->events.ready(udp->data);
}

static void rtcp_ready(void *data, uint32_t events)
{
    RtpUdp *udp = data;
    struct sockaddr_storage from;
    socklen_t size = sizeof from;
    ssize_t got = recvfrom(udp->rtcp_fd, udp->ingest->buffer, DATAGRAM_BYTES, MSG_DONTWAIT,
                           (struct sockaddr *)&from, &size);
    if (got > 0 && is_from_camera(udp, &from, udp->camera_rtcp_port))
        udp->events.rtcp(udp->data, udp->ingest->buffer, (size_t)got);
}

void rtp_udp_begin(RtpUdp *udp)
{
    Loop *loop = udp->ingest->loop;
    udp->rtp_watch = loop_fd_add(loop, udp->rtp_fd, EPOLLIN, rtp_ready, udp);
    udp->rtcp_watch = loop_fd_add(loop, udp->rtcp_fd, EPOLLIN, rtcp_ready, udp);
}

bool rtp_udp_wait(RtpUdp *udp, bool coarse)
{
    if (coarse && !udp->can_wait)
        return false;
    if (udp->rtp_watch)
        loop_fd_events(udp->rtp_watch, coarse ? 0 : EPOLLIN);
    return true;
}

uint64_t rtp_udp_datagrams(const RtpUdp *udp)
{
    return udp->datagrams;
}
