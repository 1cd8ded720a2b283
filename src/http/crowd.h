/* crowd.h — how many connections there are, in all and from one address, and whether one more may
 * come: a flood of them must leave descriptors for recording, and room for others.
 *
 * An IPv6 address counts as its /64. From this machine itself, or through a proxy, all come from
 * one address: they are bounded in all only. Service thread.
 */
#pragma once

#include <stdbool.h>
#include <sys/socket.h>

typedef struct Crowd Crowd;

/* `most_of_address` 0: no bound of its own. */
Crowd *crowd_new(unsigned most, unsigned most_of_address);
void crowd_free(Crowd *crowd); /* NULL is allowed */

bool crowd_has_room(const Crowd *crowd, const struct sockaddr_storage *peer);

/* `who` stands for the connection until it leaves; one that never entered may leave. */
void crowd_enter(Crowd *crowd, const void *who, const struct sockaddr_storage *peer);
void crowd_leave(Crowd *crowd, const void *who);
