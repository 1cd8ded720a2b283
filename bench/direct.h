/* direct.h — the same stream taken straight from the camera, to know what part of a picture's delay
 * is the camera's own.
 *
 * Reads RTP by hand: the number of the simulator's mark (SEI, plain text in one packet), and the
 * kernel's time stamp of the packet with the marker bit, the picture's last.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

typedef struct Direct Direct;

/* Plays `url`; the program ends when that cannot be done. Lives until it ends. */
Direct *direct_open(const char *url);
int direct_fd(const Direct *direct);
void direct_read(Direct *direct); /* what is there, without waiting; keeps the session alive */

/* Picture number -> int64_t *, wall clock of its last packet's arrival. Borrowed. */
GHashTable *direct_arrivals(Direct *direct);
