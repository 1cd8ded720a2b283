#include "base/queue.h"

#include "base/clock.h"

#include <glib.h>
#include <pthread.h>

struct Queue {
    pthread_mutex_t lock;
    pthread_cond_t filled;
    GQueue items;
    bool closed;
    unsigned waiting;
};

Queue *queue_new(void)
{
    Queue *queue = g_new0(Queue, 1);
    pthread_mutex_init(&queue->lock, NULL);
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&queue->filled, &attr);
    pthread_condattr_destroy(&attr);
    g_queue_init(&queue->items);
    return queue;
}

void queue_free(Queue *queue, void (*free_item)(void *item))
{
    if (!queue)
        return;
    void *item;
    while ((item = g_queue_pop_head(&queue->items)))
        if (free_item)
            free_item(item);
    pthread_cond_destroy(&queue->filled);
    pthread_mutex_destroy(&queue->lock);
    g_free(queue);
}

void queue_push(Queue *queue, void *item)
{
    pthread_mutex_lock(&queue->lock);
    g_queue_push_tail(&queue->items, item);
    bool wake = queue->waiting > 0;
    pthread_mutex_unlock(&queue->lock);
    if (wake)
        pthread_cond_signal(&queue->filled);
}

/* Returns false when the time is up. Called with the lock held. */
static bool wait_filled(Queue *queue, int64_t wait_us, const struct timespec *until)
{
    queue->waiting++;
    int answer = wait_us < 0 ? pthread_cond_wait(&queue->filled, &queue->lock)
                             : pthread_cond_timedwait(&queue->filled, &queue->lock, until);
    queue->waiting--;
    return answer == 0;
}

void *queue_pop(Queue *queue, int64_t wait_us)
{
    struct timespec until = {0};
    if (wait_us > 0) {
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_sec += wait_us / SECOND_US;
        until.tv_nsec += (wait_us % SECOND_US) * 1000;
        if (until.tv_nsec >= 1000000000) {
            until.tv_sec++;
            until.tv_nsec -= 1000000000;
        }
    }
    pthread_mutex_lock(&queue->lock);
    while (g_queue_is_empty(&queue->items) && !queue->closed && wait_us != 0)
        if (!wait_filled(queue, wait_us, &until))
            break;
    void *item = g_queue_pop_head(&queue->items);
    pthread_mutex_unlock(&queue->lock);
    return item;
}

void queue_close(Queue *queue)
{
    pthread_mutex_lock(&queue->lock);
    queue->closed = true;
    pthread_mutex_unlock(&queue->lock);
    pthread_cond_broadcast(&queue->filled);
}

size_t queue_length(Queue *queue)
{
    pthread_mutex_lock(&queue->lock);
    size_t length = g_queue_get_length(&queue->items);
    pthread_mutex_unlock(&queue->lock);
    return length;
}
