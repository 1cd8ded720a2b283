#include "base/pool.h"

#include "base/queue.h"
#include "base/thread.h"

#include <glib.h>

typedef struct Job {
    PoolJob run;
    void *data;
} Job;

struct Pool {
    Queue *jobs;
    unsigned count;
    Thread *threads[];
};

static void pool_main(void *data)
{
    Pool *pool = data;
    Job *job;
    while ((job = queue_pop(pool->jobs, -1))) {
        job->run(job->data);
        g_free(job);
    }
}

Pool *pool_new(const char *name, unsigned threads)
{
    g_assert(threads > 0);
    Pool *pool = g_malloc0(sizeof *pool + threads * sizeof *pool->threads);
    pool->jobs = queue_new();
    pool->count = threads;
    for (unsigned i = 0; i < threads; i++)
        pool->threads[i] = thread_start(name, pool_main, pool);
    return pool;
}

void pool_free(Pool *pool)
{
    if (!pool)
        return;
    queue_close(pool->jobs);
    for (unsigned i = 0; i < pool->count; i++)
        thread_join(pool->threads[i]);
    queue_free(pool->jobs, NULL);
    g_free(pool);
}

bool pool_run(Pool *pool, PoolJob run, void *data, size_t most_waiting)
{
    if (most_waiting && queue_length(pool->jobs) >= most_waiting)
        return false;
    Job *job = g_new(Job, 1);
    *job = (Job){run, data};
    queue_push(pool->jobs, job);
    return true;
}
