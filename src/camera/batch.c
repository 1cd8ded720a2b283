#include "camera/batch.h"

#include "base/clock.h"
#include "base/loop.h"

#include <glib.h>
#include <stdbool.h>
#include <sys/socket.h>

enum {
    COARSE_BYTES = 256 * 1024,
    OLDEST_US = 250 * 1000,             /* between two reads in batches, the tick included */
    FINE_AT_FIRST_US = 3 * 1000 * 1000, /* the start of a run is timed by each arrival */
    GRACE_US = 4 * 1000,                /* that a wanted picture may come later than its time */
    GATHER_FROM = 8,                    /* cameras that are watched */
    GATHER_US = 3500,                   /* then a picture may wait so long for those of others */
};

struct Batch {
    Ingest *ingest;
    int fd; /* −1: `wait` in its place */
    bool (*wait)(void *data, bool coarse);
    const Hub *hub;
    void (*read)(void *data);
    void *data;
    LoopTimer *wanted; /* a picture is to be there by now */
    bool coarse, at_once;
    int64_t began_us, read_us;
};

static void set_coarse(Batch *batch, bool coarse)
{
    if (batch->coarse == coarse)
        return;
    int bytes = coarse ? COARSE_BYTES : 1;
    if (batch->fd < 0) {
        if (batch->wait(batch->data, coarse))
            batch->coarse = coarse;
        return;
    }
    if (setsockopt(batch->fd, SOL_SOCKET, SO_RCVLOWAT, &bytes, sizeof bytes) == 0)
        batch->coarse = coarse;
}

static void choose(Batch *batch)
{
    if (!batch->hub)
        return;
    bool hurried = batch->at_once || hub_viewers(batch->hub) > 0 ||
                   clock_mono_us() - batch->began_us < FINE_AT_FIRST_US ||
                   clock_now_us() >= hub_wanted_us(batch->hub);
    set_coarse(batch, !hurried);
}

/* Reads when the wanted picture should be there; if it is not, every arrival wakes the loop. */
static void wanted_now(void *data)
{
    Batch *batch = data;
    if (batch->coarse)
        batch->read(batch->data);
}

static bool wanted_before_next_tick(const Batch *batch, int64_t *in_us)
{
    *in_us = hub_wanted_us(batch->hub) - clock_now_us();
    return *in_us < INGEST_TICK_US;
}

void batch_at_once(Batch *batch, bool at_once)
{
    if (batch->at_once == at_once)
        return;
    batch->at_once = at_once;
    choose(batch);
}

void batch_was_read(Batch *batch)
{
    batch->read_us = clock_mono_us();
    choose(batch);
}

void batch_tick(Ingest *ingest)
{
    int64_t now = clock_mono_us();
    unsigned watched = 0;
    /* Backwards: a read may end its connection, which takes it out of the list. */
    for (guint i = ingest->batches->len; i-- > 0;) {
        if (i >= ingest->batches->len)
            continue;
        Batch *batch = g_ptr_array_index(ingest->batches, i);
        int64_t in_us;
        bool is_watched = hub_viewers(batch->hub) > 0;
        watched += is_watched;
        if (!batch->coarse || is_watched)
            choose(batch);
        else if (wanted_before_next_tick(batch, &in_us))
            loop_timer_set(batch->wanted, now + MAX(in_us, 0) + GRACE_US);
        else if (now - batch->read_us > OLDEST_US - INGEST_TICK_US)
            batch->read(batch->data);
    }
    loop_gather(ingest->loop, watched >= GATHER_FROM ? GATHER_US : 0);
}

Batch *batch_new(Ingest *ingest, int fd, const Hub *hub, void (*read)(void *data), void *data)
{
    Batch *batch = g_new(Batch, 1);
    *batch = (Batch){.ingest = ingest, .fd = fd, .hub = hub, .read = read, .data = data};
    batch->began_us = batch->read_us = clock_mono_us();
    batch->wanted = loop_timer_new(ingest->loop, wanted_now, batch);
    if (hub)
        g_ptr_array_add(ingest->batches, batch);
    return batch;
}

Batch *batch_new_timed(Ingest *ingest, const Hub *hub, bool (*wait)(void *data, bool coarse),
                       void (*read)(void *data), void *data)
{
    Batch *batch = batch_new(ingest, -1, hub, read, data);
    batch->wait = wait;
    return batch;
}

void batch_free(Batch *batch)
{
    if (!batch)
        return;
    g_ptr_array_remove_fast(batch->ingest->batches, batch);
    loop_timer_free(batch->wanted);
    g_free(batch);
}
