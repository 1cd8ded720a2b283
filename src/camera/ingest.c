#include "camera/ingest.h"

#include "base/clock.h"
#include "camera/batch.h"

#include <glib.h>

static void tick(void *data)
{
    Ingest *ingest = data;
    batch_tick(ingest);
    loop_timer_set(ingest->tick, clock_mono_us() + INGEST_TICK_US);
}

Ingest *ingest_new(Pool *names)
{
    Ingest *ingest = g_new(Ingest, 1);
    *ingest = (Ingest){.loop = loop_new(), .names = names, .buffer = g_malloc(INGEST_BUFFER_BYTES)};
    ingest->batches = g_ptr_array_new();
    ingest->tick = loop_timer_new(ingest->loop, tick, ingest);
    loop_timer_set(ingest->tick, clock_mono_us() + INGEST_TICK_US);
    return ingest;
}

WireTls *ingest_tls(Ingest *ingest)
{
    if (!ingest->tls)
        ingest->tls = wire_tls_new();
    return ingest->tls;
}

void ingest_free(Ingest *ingest)
{
    wire_tls_free(ingest->tls);
    loop_timer_free(ingest->tick);
    g_ptr_array_unref(ingest->batches);
    loop_free(ingest->loop);
    g_free(ingest->buffer);
    g_free(ingest);
}
