#include "pacer.h"

#include "base/clock.h"
#include "base/thread.h"

#include <pthread.h>
#include <time.h>

struct Pacer {
    const GPtrArray *streams;
    Thread *thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool woken, stopping;
};

static int64_t step_all(Pacer *pacer)
{
    int64_t next_us = INT64_MAX;
    int64_t now_us = clock_mono_us();
    for (guint i = 0; i < pacer->streams->len; i++)
        next_us = MIN(next_us, stream_step(g_ptr_array_index(pacer->streams, i), now_us));
    return next_us;
}

/* Until `until_us`, or something changed. The lock is held. */
static void sleep_until(Pacer *pacer, int64_t until_us)
{
    struct timespec until = {.tv_sec = until_us / SECOND_US,
                             .tv_nsec = until_us % SECOND_US * 1000};
    while (!pacer->woken && !pacer->stopping) {
        if (until_us == INT64_MAX)
            pthread_cond_wait(&pacer->changed, &pacer->lock);
        else if (pthread_cond_timedwait(&pacer->changed, &pacer->lock, &until))
            return;
    }
}

static void pacer_run(void *data)
{
    Pacer *pacer = data;
    pthread_mutex_lock(&pacer->lock);
    while (!pacer->stopping) {
        pacer->woken = false;
        pthread_mutex_unlock(&pacer->lock);
        int64_t next_us = step_all(pacer);
        pthread_mutex_lock(&pacer->lock);
        sleep_until(pacer, next_us);
    }
    pthread_mutex_unlock(&pacer->lock);
}

Pacer *pacer_start(const GPtrArray *streams)
{
    Pacer *pacer = g_new0(Pacer, 1);
    pacer->streams = streams;
    pthread_mutex_init(&pacer->lock, NULL);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&pacer->changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    pacer->thread = thread_start("pacer", pacer_run, pacer);
    return pacer;
}

static void set_and_signal(Pacer *pacer, bool *flag)
{
    pthread_mutex_lock(&pacer->lock);
    *flag = true;
    pthread_cond_signal(&pacer->changed);
    pthread_mutex_unlock(&pacer->lock);
}

void pacer_wake(Pacer *pacer)
{
    set_and_signal(pacer, &pacer->woken);
}

void pacer_stop(Pacer *pacer)
{
    set_and_signal(pacer, &pacer->stopping);
    thread_join(pacer->thread);
    pthread_cond_destroy(&pacer->changed);
    pthread_mutex_destroy(&pacer->lock);
    g_free(pacer);
}
