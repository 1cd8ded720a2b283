/* socket_lag.h — how long the other end of a TCP socket has not had what was written to it.
 *
 * The kernel tells how many bytes were acknowledged and how many it still holds: a mark keeps when
 * all up to a byte had been written, and is passed once that byte is acknowledged. So the lag
 * counts what waits in the kernel and what is on its way, in whatever queue. Linux; one thread.
 */
#pragma once

#include <stdint.h>

enum { SOCKET_MARKS = 64 };

typedef struct SocketMark {
    int64_t at_us;
    uint64_t end; /* bytes written by then, since the connection was made */
} SocketMark;

typedef struct SocketLag {
    SocketMark marks[SOCKET_MARKS]; /* a ring */
    unsigned first, count;
    int64_t marked_us;
} SocketLag;

/* Something was written to `fd` just now. */
void socket_lag_note(SocketLag *lag, int fd);

/* Microseconds since that was written which is not there yet, beyond the time that the way there
 * and back takes at best; 0: all is there. */
int64_t socket_lag_us(SocketLag *lag, int fd);
