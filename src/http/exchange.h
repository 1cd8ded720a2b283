/* exchange.h — one request and its answer on an HTTP/1.1 connection.
 *
 * read (headers, body) → work (on the pool, or here when it is quick) → write (as fast as the
 * client takes it; a file is read on the pool, one piece ahead). The client may send nothing more
 * until its answer is out. All functions run on the service thread and return what a callback of
 * libwebsockets returns: not 0 closes the connection.
 */
#pragma once

#include "http/service.h"

#include <stddef.h>

struct lws;

/* What a connection carries as libwebsockets' opaque pointer. */
typedef struct Connection Connection;
struct Connection {
    void (*gone)(Connection *connection); /* the socket is no more */
};

int exchange_begin(Service *service, struct lws *wsi, const char *path, size_t path_size);
int exchange_body(struct lws *wsi, const void *data, size_t size);
int exchange_body_end(struct lws *wsi);
int exchange_writable(struct lws *wsi);

/* Seconds a client may take: for its whole request, and without taking any of the answer. */
enum { EXCHANGE_REQUEST_S = 20, EXCHANGE_STALLED_S = 60 };
