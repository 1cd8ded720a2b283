#include "camera/batch.h"

#include "base/clock.h"

#include <glib.h>
#include <stdbool.h>
#include <sys/socket.h>

enum {
    COARSE_BYTES = 256 * 1024,
    OLDEST_US = 400 * 1000,                 /* between two reads in batches */
    FINE_AT_FIRST_US = 3 * 1000 * 1000,     /* the start of a run is timed by each arrival */
    BEFORE_US = INGEST_TICK_US + 10 * 1000, /* before pictures are wanted, a tick looks */
};

struct Batch {
    Ingest *ingest;
    int fd;
    const Hub *hub;
    void (*read)(void *data);
    void *data;
    bool coarse, at_once;
    int64_t began_us, read_us;
};

static void set_coarse(Batch *batch, bool coarse)
{
    if (batch->coarse == coarse)
        return;
    int bytes = coarse ? COARSE_BYTES : 1;
    if (setsockopt(batch->fd, SOL_SOCKET, SO_RCVLOWAT, &bytes, sizeof bytes) == 0)
        batch->coarse = coarse;
}

static void choose(Batch *batch)
{
    if (!batch->hub)
        return;
    bool hurried = batch->at_once || hub_viewers(batch->hub) > 0 ||
                   clock_mono_us() - batch->began_us < FINE_AT_FIRST_US ||
                   clock_now_us() >= hub_wanted_us(batch->hub) - BEFORE_US;
    set_coarse(batch, !hurried);
}

void batch_at_once(Batch *batch, bool at_once)
{
    batch->at_once = at_once;
}

void batch_was_read(Batch *batch)
{
    batch->read_us = clock_mono_us();
    choose(batch);
}

void batch_tick(Ingest *ingest)
{
    int64_t now = clock_mono_us();
    /* Backwards: a read may end its connection, which takes it out of the list. */
    for (guint i = ingest->batches->len; i-- > 0;) {
        if (i >= ingest->batches->len)
            continue;
        Batch *batch = g_ptr_array_index(ingest->batches, i);
        if (batch->coarse && now - batch->read_us >= OLDEST_US)
            batch->read(batch->data);
        else
            choose(batch);
    }
}

Batch *batch_new(Ingest *ingest, int fd, const Hub *hub, void (*read)(void *data), void *data)
{
    Batch *batch = g_new(Batch, 1);
    *batch = (Batch){.ingest = ingest, .fd = fd, .hub = hub, .read = read, .data = data};
    batch->began_us = batch->read_us = clock_mono_us();
    if (hub)
        g_ptr_array_add(ingest->batches, batch);
    return batch;
}

void batch_free(Batch *batch)
{
    if (!batch)
        return;
    g_ptr_array_remove_fast(batch->ingest->batches, batch);
    g_free(batch);
}
