#include "archive/writer.h"

#include "archive/balance.h"
#include "base/clock.h"
#include "base/thread.h"

#include <time.h>

enum { TICK_US = 500000 };

struct Writer {
    Store *store;
    Thread *thread;
    pthread_mutex_t *lock; /* the archive's, shared by all writers */
    pthread_cond_t wake;
    Recorder *first_ready, *last_ready; /* guarded by lock, as what follows */
    bool waiting, stopping;

    /* The thread's. */
    GPtrArray *recorders;
    Batch batch;
    struct timespec batch_due; /* the latest end of the batch in work */
};

/* Puts a recorder on the list, unless it is there; returns whether the thread must be woken. Called
 * with the lock held. */
static bool put_ready(Writer *writer, Recorder *recorder)
{
    if (recorder->ready)
        return false;
    recorder->ready = true;
    recorder->next_ready = NULL;
    if (writer->last_ready)
        writer->last_ready->next_ready = recorder;
    else
        writer->first_ready = recorder;
    writer->last_ready = recorder;
    return writer->waiting;
}

void writer_adopt(Recorder *recorder)
{
    Archive *archive = recorder->archive;
    pthread_mutex_lock(&archive->ready_lock);
    Recorder **last = &recorder->stream->recorders, *before = NULL;
    for (; *last; last = &before->behind)
        before = *last;
    *last = recorder;
    recorder->store = before ? before->store : balance_first(archive);
    recorder->store->recorders++;
    pthread_mutex_unlock(&archive->ready_lock);
}

/* Hands the recorder to the writer of its store. */
static void make_ready(Recorder *recorder, bool detach)
{
    pthread_mutex_t *lock = &recorder->archive->ready_lock;
    pthread_mutex_lock(lock);
    Writer *writer = recorder->store->writer;
    recorder->detached = recorder->detached || detach;
    if (put_ready(writer, recorder))
        pthread_cond_signal(&writer->wake);
    pthread_mutex_unlock(lock);
}

void writer_ready(Recorder *recorder)
{
    make_ready(recorder, false);
}

void writer_end(Recorder *recorder)
{
    make_ready(recorder, true);
}

static Recorder *pop_ready(Writer *writer)
{
    Recorder *recorder = writer->first_ready;
    if (recorder) {
        writer->first_ready = recorder->next_ready;
        if (!writer->first_ready)
            writer->last_ready = NULL;
        recorder->ready = false;
    }
    return recorder;
}

/* The oldest ready recorder whose turn it is, or NULL. It may become ready again from here on. */
static Recorder *take_ready(Writer *writer, bool *detached)
{
    Recorder *recorder;
    pthread_mutex_lock(writer->lock);
    do
        recorder = pop_ready(writer);
    while (recorder && recorder->stream->recorders != recorder); /* forget() makes it ready again */
    if (recorder)
        *detached = recorder->detached;
    pthread_mutex_unlock(writer->lock);
    return recorder;
}

/* Waits until something is ready or `until` has come; returns false once it is time to stop. */
static bool wait_ready(Writer *writer, const struct timespec *until)
{
    pthread_mutex_lock(writer->lock);
    writer->waiting = true;
    int answer = 0;
    while (!writer->first_ready && !writer->stopping && answer == 0)
        answer = pthread_cond_timedwait(&writer->wake, writer->lock, until);
    writer->waiting = false;
    bool go_on = !writer->stopping;
    pthread_mutex_unlock(writer->lock);
    return go_on;
}

/* Takes a recorder that was made ready meanwhile off the list. Called with the lock held. */
static void unlist(Writer *writer, Recorder *recorder)
{
    Recorder **at = &writer->first_ready, *before = NULL;
    while (*at && *at != recorder) {
        before = *at;
        at = &(*at)->next_ready;
    }
    if (*at) {
        *at = recorder->next_ready;
        if (writer->last_ready == recorder)
            writer->last_ready = before;
    }
    recorder->ready = false;
}

/* The last of a recorder: nobody makes it ready any more. Whoever is behind it, on this writer too,
 * has the next turn. */
static void forget(Writer *writer, Recorder *recorder)
{
    pthread_mutex_lock(writer->lock);
    unlist(writer, recorder);
    writer->store->recorders--;
    recorder->stream->recorders = recorder->behind;
    if (recorder->behind)
        put_ready(writer, recorder->behind);
    pthread_mutex_unlock(writer->lock);
    g_ptr_array_remove_fast(writer->recorders, recorder);
}

/* The stream goes on with the store that its recorder chose; from the unlocking on, it is that
 * writer's. At the end of all it stays: that writer may be gone. */
static void hand_over(Writer *writer, Recorder *recorder)
{
    Store *store = recorder->next_store;
    bool wake = false;
    recorder->next_store = NULL;
    pthread_mutex_lock(writer->lock);
    if (atomic_load(&recorder->archive->closing))
        store = writer->store;
    else
        g_ptr_array_remove_fast(writer->recorders, recorder);
    recorder->adopted = store == writer->store;
    for (Recorder *one = recorder; one; one = one->behind) {
        unlist(writer, one);
        one->store = store;
        writer->store->recorders--;
        store->recorders++;
        wake |= put_ready(store->writer, one);
    }
    if (wake)
        pthread_cond_signal(&store->writer->wake);
    pthread_mutex_unlock(writer->lock);
}

static void serve(Writer *writer, Recorder *recorder, bool detached)
{
    if (!recorder->adopted)
        g_ptr_array_add(writer->recorders, recorder);
    recorder->adopted = true;
    bool all = recorder_drain(recorder, &writer->batch);
    if (recorder->next_store) {
        hand_over(writer, recorder);
        return;
    }
    if (!all)
        writer_ready(recorder);
    if (!all || !detached)
        return;
    recorder_stop(recorder);
    forget(writer, recorder);
    recorder_end(recorder, &writer->batch);
}

static bool time_has_come(const struct timespec *until)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec > until->tv_sec ||
           (now.tv_sec == until->tv_sec && now.tv_nsec >= until->tv_nsec);
}

static struct timespec next_tick(void)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    at.tv_nsec += TICK_US * 1000L;
    at.tv_sec += at.tv_nsec / 1000000000;
    at.tv_nsec %= 1000000000;
    return at;
}

static void end_batch(Writer *writer, bool last)
{
    batch_end(&writer->batch, last);
    writer->batch_due = next_tick();
}

/* On a disk that falls behind one batch would never end: a kill would take all of it. */
static void end_batch_in_time(Writer *writer)
{
    if (time_has_come(&writer->batch_due))
        end_batch(writer, false);
}

/* Those that are ready; `until` then (NULL: all), for others are ready again all the time. */
static void serve_ready(Writer *writer, const struct timespec *until)
{
    Recorder *recorder;
    bool detached;
    while (!(until && time_has_come(until)) && (recorder = take_ready(writer, &detached))) {
        serve(writer, recorder, detached);
        end_batch_in_time(writer);
    }
}

static void tick_all(Writer *writer)
{
    for (guint i = writer->recorders->len; i-- > 0;) {
        Recorder *recorder = g_ptr_array_index(writer->recorders, i);
        recorder_tick(recorder, &writer->batch);
        if (recorder->next_store)
            hand_over(writer, recorder);
        end_batch_in_time(writer);
    }
}

static void writer_main(void *data)
{
    Writer *writer = data;
    struct timespec tick = writer->batch_due = next_tick();
    while (wait_ready(writer, &tick)) {
        serve_ready(writer, &tick);
        if (time_has_come(&tick)) {
            tick_all(writer);
            tick = next_tick();
        }
        end_batch(writer, false);
    }
    serve_ready(writer, NULL);
    end_batch(writer, true);
}

Writer *writer_new(Store *store)
{
    Writer *writer = g_new0(Writer, 1);
    writer->store = store;
    writer->lock = &store->archive->ready_lock;
    writer->recorders = g_ptr_array_new();
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&writer->wake, &attr);
    pthread_condattr_destroy(&attr);
    batch_init(&writer->batch, store);
    writer->thread = thread_start("writer", writer_main, writer);
    return writer;
}

void writer_free(Writer *writer)
{
    if (!writer)
        return;
    pthread_mutex_lock(writer->lock);
    writer->stopping = true;
    pthread_mutex_unlock(writer->lock);
    pthread_cond_signal(&writer->wake);
    thread_join(writer->thread);
    g_assert(writer->recorders->len == 0);
    batch_clear(&writer->batch);
    g_ptr_array_unref(writer->recorders);
    pthread_cond_destroy(&writer->wake);
    g_free(writer);
}
