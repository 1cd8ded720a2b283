#include "http/socket_lag.h"

#include "base/clock.h"

#include <glib.h>
#include <linux/sockios.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

/* Two marks are at least so far apart. */
#define APART_US (SECOND_US / 10)

static bool look(int fd, struct tcp_info *info)
{
    socklen_t size = sizeof *info;
    return getsockopt(fd, IPPROTO_TCP, TCP_INFO, info, &size) == 0 &&
           size > offsetof(struct tcp_info, tcpi_min_rtt);
}

void socket_lag_note(SocketLag *lag, int fd)
{
    struct tcp_info info;
    int held;
    int64_t now_us = clock_mono_us();
    if (now_us - lag->marked_us < APART_US || lag->count == SOCKET_MARKS || !look(fd, &info) ||
        ioctl(fd, SIOCOUTQ, &held) != 0)
        return;
    lag->marked_us = now_us;
    lag->marks[(lag->first + lag->count++) % SOCKET_MARKS] =
        (SocketMark){now_us, info.tcpi_bytes_acked + (unsigned)held};
}

int64_t socket_lag_us(SocketLag *lag, int fd)
{
    struct tcp_info info;
    if (!lag->count || !look(fd, &info))
        return 0;
    while (lag->count && info.tcpi_bytes_acked >= lag->marks[lag->first].end) {
        lag->first = (lag->first + 1) % SOCKET_MARKS;
        lag->count--;
    }
    if (!lag->count)
        return 0;
    int64_t way_us = info.tcpi_min_rtt == UINT32_MAX ? 0 : info.tcpi_min_rtt;
    return MAX(0, clock_mono_us() - lag->marks[lag->first].at_us - way_us);
}
