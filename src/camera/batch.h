/* batch.h — reads a camera's socket in batches while nobody waits for its pictures.
 *
 * The kernel wakes the loop only when 256 KiB have come (SO_RCVLOWAT), a tick does before the last
 * read is 250 ms old, and a timer when the recorder wants a picture to close a fragment with
 * (hub_wanted_us()): a fraction of the cost of waking for every arrival. While someone watches, and
 * when that picture is late, every arrival wakes it. The kernel's receive time stamps keep the
 * times true all the same. Ingest thread only.
 */
#pragma once

#include "camera/hub.h"
#include "camera/ingest.h"

#include <stdbool.h>

typedef struct Batch Batch;

/* Borrows `hub` (may be NULL: never in batches). `read` receives what is there, without waiting. */
Batch *batch_new(Ingest *ingest, int fd, const Hub *hub, void (*read)(void *data), void *data);
/* The same for what has no threshold of bytes: `wait` switches off (true) and on the waking by
 * arrivals, and says whether it could. */
Batch *batch_new_timed(Ingest *ingest, const Hub *hub, bool (*wait)(void *data, bool coarse),
                       void (*read)(void *data), void *data);
void batch_free(Batch *batch); /* NULL is allowed */

/* After each read: chooses how the next one is waited for. */
void batch_was_read(Batch *batch);

/* Whether each arrival is to be read at once, whoever listens. */
void batch_at_once(Batch *batch, bool at_once);

/* Reads what is overdue; the ingest calls it every INGEST_TICK_US. */
void batch_tick(Ingest *ingest);
