/* live_socket.h — WS /live: one viewer's socket. live/ knows what to send, this knows how.
 *
 * All functions run on the service thread and return what a callback of libwebsockets returns.
 */
#pragma once

#include "http/service.h"
#include "live/live.h"
#include "people/rights.h"

#include <stddef.h>

struct lws;

/* An upgrade is asked for: 0 lets it happen, 1 means refused and answered, -1 hangs up. */
int live_socket_ask(Service *service, struct lws *wsi);

int live_socket_open(Service *service, struct lws *wsi);
int live_socket_text(struct lws *wsi, const void *data, size_t size);
int live_socket_writable(struct lws *wsi);

/* Now and then: is the session still good? */
int live_socket_check(struct lws *wsi);

/* A viewer has something to send: `viewer_data` of live_viewer_new(). */
void live_socket_ready(void *viewer_data);

/* How long the viewer has not had what was sent: see LiveTransport. */
int64_t live_socket_lag_us(void *viewer_data);

/* Whose socket it is: of the `account` that live/ hands on. Borrowed. Service thread. */
const Identity *live_socket_identity(const void *account);
const char *live_socket_session(const void *account); /* its token; NULL: it came with another */

/* What live/ needs from the floors below, by way of `api`. */
LiveSource live_socket_source(ApiContext *api);
