/* ingest.h — an ingest thread: an event loop with one receive buffer for all its cameras.
 *
 * Only the part of a message that has not come whole is kept for each connection, so that memory
 * does not grow with the number of cameras and the bytes stay in the processor's cache.
 */
#pragma once

#include "base/loop.h"
#include "base/pool.h"
#include "camera/wire.h"

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

/* Room for the longest item a connection may keep, and as much again to receive. */
enum { INGEST_BUFFER_BYTES = 3 * 1024 * 1024, INGEST_TICK_US = 50 * 1000 };

typedef struct Ingest {
    Loop *loop;
    Pool *names;        /* borrowed: looks up host names */
    uint8_t *buffer;    /* INGEST_BUFFER_BYTES; the loop's thread only, within one callback */
    GPtrArray *batches; /* Batch of each connection that may be read in batches */
    LoopTimer *tick;
    WireTls *tls; /* NULL until it is needed: ingest_tls() */
} Ingest;

Ingest *ingest_new(Pool *names);
WireTls *ingest_tls(Ingest *ingest); /* the loop's thread only; borrowed */
void ingest_free(Ingest *ingest);    /* after its loop has ended */
