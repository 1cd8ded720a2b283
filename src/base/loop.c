#include "base/loop.h"

#include "base/clock.h"

#include <errno.h>
#include <glib.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

enum { EVENTS_A_WAIT = 64 };

typedef struct Posted {
    void (*call)(void *data);
    void *data;
} Posted;

static _Thread_local Loop *running = NULL;

struct LoopFd {
    Loop *loop;
    int fd;
    bool removed;
    void (*ready)(void *data, uint32_t events);
    void *data;
};

struct LoopTimer {
    Loop *loop;
    int64_t at_us;
    size_t place; /* in the heap, + 1; 0: not set */
    void (*fire)(void *data);
    void *data;
};

struct Loop {
    int epoll_fd, wake_fd;
    int64_t gather_us, woken_us;
    _Atomic bool stopping;
    pthread_mutex_t lock;
    GArray *posted;     /* Posted; guarded by lock */
    GArray *after;      /* Posted; for when the batch is served, owned by the loop's thread */
    GPtrArray *timers;  /* binary heap by at_us, owned by the loop's thread */
    GPtrArray *removed; /* LoopFd to free once the current batch of events is done */
};

Loop *loop_new(void)
{
    Loop *loop = g_new0(Loop, 1);
    loop->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    loop->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (loop->epoll_fd < 0 || loop->wake_fd < 0)
        g_error("no descriptors left for an event loop: %s", g_strerror(errno));
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
    epoll_ctl(loop->epoll_fd, EPOLL_CTL_ADD, loop->wake_fd, &event);
    pthread_mutex_init(&loop->lock, NULL);
    loop->posted = g_array_new(FALSE, FALSE, sizeof(Posted));
    loop->after = g_array_new(FALSE, FALSE, sizeof(Posted));
    loop->timers = g_ptr_array_new();
    loop->removed = g_ptr_array_new_with_free_func(g_free);
    return loop;
}

void loop_free(Loop *loop)
{
    if (!loop)
        return;
    close(loop->epoll_fd);
    close(loop->wake_fd);
    pthread_mutex_destroy(&loop->lock);
    g_array_unref(loop->posted);
    g_array_unref(loop->after);
    g_ptr_array_unref(loop->timers);
    g_ptr_array_unref(loop->removed);
    g_free(loop);
}

static void wake(Loop *loop)
{
    uint64_t one = 1;
    /* The counter can only be full when a wake is pending already. */
    ssize_t done = write(loop->wake_fd, &one, sizeof one);
    (void)done;
}

void loop_stop(Loop *loop)
{
    atomic_store(&loop->stopping, true);
    wake(loop);
}

void loop_post(Loop *loop, void (*call)(void *data), void *data)
{
    Posted posted = {call, data};
    pthread_mutex_lock(&loop->lock);
    bool first = loop->posted->len == 0;
    g_array_append_val(loop->posted, posted);
    pthread_mutex_unlock(&loop->lock);
    if (first)
        wake(loop);
}

static void run_posted(Loop *loop)
{
    uint64_t count;
    ssize_t got = read(loop->wake_fd, &count, sizeof count);
    (void)got;
    pthread_mutex_lock(&loop->lock);
    GArray *now = loop->posted;
    loop->posted = g_array_new(FALSE, FALSE, sizeof(Posted));
    pthread_mutex_unlock(&loop->lock);
    for (guint i = 0; i < now->len; i++) {
        Posted *posted = &g_array_index(now, Posted, i);
        posted->call(posted->data);
    }
    g_array_unref(now);
}

void loop_after_batch(void (*call)(void *data), void *data)
{
    if (!running || running->gather_us == 0) {
        call(data);
        return;
    }
    for (guint i = 0; i < running->after->len; i++) {
        const Posted *asked = &g_array_index(running->after, Posted, i);
        if (asked->call == call && asked->data == data)
            return;
    }
    Posted posted = {call, data};
    g_array_append_val(running->after, posted);
}

static void run_after(Loop *loop)
{
    for (guint i = 0; i < loop->after->len; i++) {
        Posted posted = g_array_index(loop->after, Posted, i);
        posted.call(posted.data);
    }
    g_array_set_size(loop->after, 0);
}

LoopFd *loop_fd_add(Loop *loop, int fd, uint32_t events, void (*ready)(void *data, uint32_t events),
                    void *data)
{
    LoopFd *watch = g_new(LoopFd, 1);
    *watch = (LoopFd){.loop = loop, .fd = fd, .ready = ready, .data = data};
    struct epoll_event event = {.events = events, .data.ptr = watch};
    if (epoll_ctl(loop->epoll_fd, EPOLL_CTL_ADD, fd, &event) < 0)
        g_error("epoll refuses descriptor %d: %s", fd, g_strerror(errno));
    return watch;
}

void loop_fd_events(LoopFd *watch, uint32_t events)
{
    struct epoll_event event = {.events = events, .data.ptr = watch};
    epoll_ctl(watch->loop->epoll_fd, EPOLL_CTL_MOD, watch->fd, &event);
}

void loop_fd_remove(LoopFd *watch)
{
    if (!watch)
        return;
    epoll_ctl(watch->loop->epoll_fd, EPOLL_CTL_DEL, watch->fd, NULL);
    watch->removed = true;
    g_ptr_array_add(watch->loop->removed, watch);
}

static LoopTimer *timer_at(Loop *loop, size_t index)
{
    return g_ptr_array_index(loop->timers, index);
}

static void timer_put(Loop *loop, size_t index, LoopTimer *timer)
{
    loop->timers->pdata[index] = timer;
    timer->place = index + 1;
}

static void timer_sift(Loop *loop, size_t index)
{
    LoopTimer *timer = timer_at(loop, index);
    while (index > 0 && timer_at(loop, (index - 1) / 2)->at_us > timer->at_us) {
        timer_put(loop, index, timer_at(loop, (index - 1) / 2));
        index = (index - 1) / 2;
    }
    for (;;) {
        size_t child = 2 * index + 1;
        if (child >= loop->timers->len)
            break;
        if (child + 1 < loop->timers->len &&
            timer_at(loop, child + 1)->at_us < timer_at(loop, child)->at_us)
            child++;
        if (timer_at(loop, child)->at_us >= timer->at_us)
            break;
        timer_put(loop, index, timer_at(loop, child));
        index = child;
    }
    timer_put(loop, index, timer);
}

LoopTimer *loop_timer_new(Loop *loop, void (*fire)(void *data), void *data)
{
    LoopTimer *timer = g_new0(LoopTimer, 1);
    *timer = (LoopTimer){.loop = loop, .fire = fire, .data = data};
    return timer;
}

static void timer_unset(LoopTimer *timer)
{
    if (!timer->place)
        return;
    Loop *loop = timer->loop;
    size_t index = timer->place - 1;
    timer->place = 0;
    LoopTimer *last = timer_at(loop, loop->timers->len - 1);
    g_ptr_array_set_size(loop->timers, (gint)loop->timers->len - 1);
    if (last != timer) {
        timer_put(loop, index, last);
        timer_sift(loop, index);
    }
}

void loop_timer_set(LoopTimer *timer, int64_t at_mono_us)
{
    if (at_mono_us == 0) {
        timer_unset(timer);
        return;
    }
    timer->at_us = at_mono_us;
    if (!timer->place) {
        g_ptr_array_add(timer->loop->timers, timer);
        timer->place = timer->loop->timers->len;
    }
    timer_sift(timer->loop, timer->place - 1);
}

void loop_timer_free(LoopTimer *timer)
{
    if (!timer)
        return;
    timer_unset(timer);
    g_free(timer);
}

static int wait_ms(Loop *loop)
{
    if (loop->timers->len == 0)
        return -1;
    int64_t left = timer_at(loop, 0)->at_us - clock_mono_us();
    return left <= 0 ? 0 : (int)MIN(left / 1000 + 1, 60000);
}

static void fire_due(Loop *loop)
{
    /* Timers set by callbacks for "now" wait for the next round, so that descriptors get theirs. */
    int64_t now = clock_mono_us();
    while (loop->timers->len > 0 && timer_at(loop, 0)->at_us <= now) {
        LoopTimer *timer = timer_at(loop, 0);
        timer_unset(timer);
        timer->fire(timer->data);
    }
}

void loop_gather(Loop *loop, int64_t us)
{
    loop->gather_us = us;
}

/* How many descriptors are ready. The nap comes before the wait: so the thread mostly sleeps once
 * for all that came meanwhile, where a nap after the wait would have it sleep twice. */
static int wait_for(Loop *loop, struct epoll_event *events)
{
    if (loop->gather_us > 0) {
        int64_t left_us = loop->woken_us + loop->gather_us - clock_mono_us();
        struct timespec nap = {.tv_nsec = MIN(left_us, loop->gather_us) * 1000};
        if (left_us > 0)
            clock_nanosleep(CLOCK_MONOTONIC, 0, &nap, NULL);
    }
    int count = epoll_wait(loop->epoll_fd, events, EVENTS_A_WAIT, wait_ms(loop));
    if (loop->gather_us > 0)
        loop->woken_us = count < EVENTS_A_WAIT ? clock_mono_us() : 0; /* 0: more is ready by now */
    return count;
}

void loop_run(Loop *loop)
{
    struct epoll_event events[EVENTS_A_WAIT];
    running = loop;
    while (!atomic_load(&loop->stopping)) {
        int count = wait_for(loop, events);
        for (int i = 0; i < count; i++) {
            LoopFd *watch = events[i].data.ptr;
            if (!watch)
                run_posted(loop);
            else if (!watch->removed)
                watch->ready(watch->data, events[i].events);
        }
        fire_due(loop);
        run_after(loop);
        g_ptr_array_set_size(loop->removed, 0);
    }
    run_posted(loop);
    run_after(loop);
    running = NULL;
}
