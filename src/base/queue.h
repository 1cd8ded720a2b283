/* queue.h — hands items from any number of threads to one or more takers, in order, unbounded.
 *
 * What bounds it is the sender's business (bytes in the hub, jobs in the pool). Items are owned by
 * the queue between push and pop.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Queue Queue;

Queue *queue_new(void);

/* Frees the queue; items still in it are handed to `free_item` (NULL: dropped). */
void queue_free(Queue *queue, void (*free_item)(void *item));

void queue_push(Queue *queue, void *item);

/* The next item, or NULL after `wait_us` without one (0: at once; negative: wait for ever), or when
 * the queue was closed and is empty. */
void *queue_pop(Queue *queue, int64_t wait_us);

/* No taker waits any more; items still queued can be popped. */
void queue_close(Queue *queue);
size_t queue_length(Queue *queue);
