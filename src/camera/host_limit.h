/* host_limit.h — how many connections go to one host at once.
 *
 * All channels of a recorder stand behind one address. It chokes when all are set up at the same
 * time, and takes so many viewers and no more (453, 503). So the streams of one host and port stand
 * in line: main streams first, then sub streams, a few at a time — more while answers come fast.
 * When a recorder that serves others of ours refuses one, that is its limit for a minute; then one
 * more is tried. A sub stream makes room for a main stream, once in ten minutes for the same one.
 *
 * Any thread; nothing here waits. A place belongs to one stream and is used on that stream's loop.
 */
#pragma once

#include "base/clock.h"
#include "base/loop.h"

#include <stdbool.h>
#include <stdint.h>

#define HOST_WAIT_US (SECOND_US)
#define HOST_FULL_US (MINUTE_US)

typedef struct HostLimits HostLimits;
typedef struct HostPlace HostPlace;

HostLimits *host_limits_new(void);
void host_limits_free(HostLimits *limits); /* after all places and their loops have ended */

typedef enum HostTurn {
    HOST_GO,    /* connect now */
    HOST_WAIT,  /* others are being set up; HOST_GO follows */
    HOST_FULL,  /* the host takes no more; HOST_GO follows when there is room */
    HOST_YIELD, /* disconnect, leave and ask again: a main stream waits for the place */
} HostTurn;

/* Called on the place's loop. `most`: connections that the host takes, with HOST_FULL. */
typedef void (*HostTold)(void *data, HostTurn turn, unsigned most);

HostPlace *host_place_new(HostLimits *limits, Loop *loop, bool is_main, HostTold told, void *data);
void host_place_free(HostPlace *place); /* leaves; `told` is not called any more */

/* May this stream connect to host:port? Who waits asks again, after HOST_WAIT_US or HOST_FULL_US,
 * and keeps its turn. `limit`: connections that the host is known to take, 0:
 * not known. Returns HOST_GO, HOST_WAIT or HOST_FULL with `*most`. */
HostTurn host_place_ask(HostPlace *place, const char *host, uint16_t port, unsigned limit,
                        unsigned *most);

/* The stream plays: the next one may be set up. */
void host_place_playing(HostPlace *place);

typedef enum HostEnd {
    HOST_END_OTHER,
    HOST_END_SLOW,    /* no answer in time */
    HOST_END_REFUSED, /* 453 or 503 */
} HostEnd;

/* The stream has no connection and wants none now. */
void host_place_leave(HostPlace *place, HostEnd end);
