/* viewer.h — a viewer of live pictures: one WebSocket of its own, with or without TLS (RFC 6455).
 *
 * It reads nothing of the server's code: what it knows stands in docs/reference/live.md. Whatever
 * goes wrong ends the program with a line on stderr.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Viewer Viewer;

/* A whole message. `read_us`: wall clock once the program had all of it. `arrived_us`: the kernel's
 * time stamp of the last bytes read for it; 0 with TLS. Borrows `payload`. */
typedef void (*ViewerMessage)(void *data, bool binary, const uint8_t *payload, size_t size,
                              int64_t arrived_us, int64_t read_us);

/* Connects to 127.0.0.1, asks for /api/v1/live. `token`: of the API. */
Viewer *viewer_open(int port, bool tls, const char *token, ViewerMessage message, void *data);
void viewer_subscribe(Viewer *viewer, const char *camera, const char *stream);

int viewer_fd(const Viewer *viewer);

/* Reads what is there without waiting, answers pings, hands over whole messages. */
void viewer_read(Viewer *viewer);

uint64_t viewer_bytes(const Viewer *viewer);
