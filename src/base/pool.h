/* pool.h — a few threads for work that blocks: disk, SQL reads, hashing of passwords, decoding. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

typedef struct Pool Pool;
typedef void (*PoolJob)(void *data);

Pool *pool_new(const char *name, unsigned threads);

/* Finishes the jobs already queued, joins the threads. */
void pool_free(Pool *pool);

/* Runs `job(data)` on one of the threads. Returns false, without running it, when more than
 * `most_waiting` jobs already wait (0: no bound): the caller tells its client to come again. */
bool pool_run(Pool *pool, PoolJob job, void *data, size_t most_waiting);
