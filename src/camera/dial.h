/* dial.h — from host and port to a connected TCP socket, without blocking the loop.
 *
 * Names are looked up on a pool; the addresses found are tried in order. Loop's thread only.
 */
#pragma once

#include "base/loop.h"
#include "base/pool.h"
#include "camera/cameras.h"

typedef struct Dial Dial;

/* Called once: with a connected non-blocking descriptor (the callee owns it), or with -1, the kind
 * of trouble and a cause in plain words. The Dial is freed after the call. */
typedef void (*DialDone)(void *data, int fd, CameraTrouble trouble, const char *cause);

/* Looking the name up may take `lookup_us`; then each address has a few seconds to answer. */
Dial *dial_start(Loop *loop, Pool *names, const char *host, uint16_t port, int64_t lookup_us,
                 DialDone done, void *data);

/* Gives up: `done` will not be called. NULL is allowed. */
void dial_cancel(Dial *dial);
