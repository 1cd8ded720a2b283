/* relay.h — a TCP line between cameras and server that may be slow, lossy or dead.
 *
 * It is a thread of the test. What it does is what TCP makes of such a line: a lost packet comes
 * later, and all behind it waits; a dead line swallows everything and closes nothing.
 */
#pragma once

#include <stdbool.h>

typedef struct Relay Relay;

/* From a free port of 127.0.0.1 to `target_port` there. Returns owned. */
Relay *relay_start(int target_port);
void relay_stop(Relay *relay);
int relay_port(const Relay *relay);

/* Each way takes `delay_ms`; `loss_percent` of the packets (1400 bytes) come once more, a
 * retransmission time later. */
void relay_slow(Relay *relay, int delay_ms, int loss_percent);

/* Dead: no byte passes, no connection ends, whatever either side does. Those that were made before
 * are gone when the line lives again. */
void relay_silent(Relay *relay, bool silent);
