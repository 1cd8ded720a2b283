/* loop.h — an epoll loop: descriptors, timers, calls from other threads.
 *
 * One thread runs it; all functions but loop_post() and loop_stop() are for that thread (or before
 * it runs). Callbacks may remove any descriptor or timer, their own included.
 */
#pragma once

#include <stdint.h>

typedef struct Loop Loop;
typedef struct LoopFd LoopFd;
typedef struct LoopTimer LoopTimer;

Loop *loop_new(void);
void loop_free(Loop *loop); /* after loop_run() has returned; descriptors are not closed */
void loop_run(Loop *loop);
void loop_stop(Loop *loop); /* any thread */

/* From now on the loop wakes once in `us` at most, and serves what became ready meanwhile together:
 * fewer wakes for a little delay. What becomes ready later than that is served at once. 0, as at
 * first: none is kept waiting. */
void loop_gather(Loop *loop, int64_t us);

/* Runs `call(data)` once all that this thread's loop serves together is served, however often it is
 * asked for meanwhile; at once where nothing is served together. Any thread. */
void loop_after_batch(void (*call)(void *data), void *data);

/* Runs `call(data)` on the loop's thread, in order of posting. Any thread. */
void loop_post(Loop *loop, void (*call)(void *data), void *data);

/* `events` as epoll's (EPOLLIN …), level-triggered. Borrows `fd`. */
LoopFd *loop_fd_add(Loop *loop, int fd, uint32_t events, void (*ready)(void *data, uint32_t events),
                    void *data);
void loop_fd_events(LoopFd *watch, uint32_t events);
void loop_fd_remove(LoopFd *watch); /* before closing the descriptor; NULL is allowed */

/* A timer that is not set yet. */
LoopTimer *loop_timer_new(Loop *loop, void (*fire)(void *data), void *data);
/* Fires once at `at_mono_us` (clock_mono_us()); 0 unsets. */
void loop_timer_set(LoopTimer *timer, int64_t at_mono_us);
void loop_timer_free(LoopTimer *timer); /* NULL is allowed */
