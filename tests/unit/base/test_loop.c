#include "base/clock.h"
#include "base/loop.h"
#include "base/thread.h"
#include "unit.h"

#include <glib.h>
#include <sys/epoll.h>
#include <unistd.h>

typedef struct Seen {
    Loop *loop;
    int fired[3], count, reads;
    LoopFd *watch;
    int pipe[2];
} Seen;

typedef struct Shot {
    Seen *seen;
    int mark;
    LoopTimer *timer;
} Shot;

static void fire(void *data)
{
    Shot *shot = data;
    shot->seen->fired[shot->seen->count++] = shot->mark;
    if (shot->seen->count == 3)
        loop_stop(shot->seen->loop);
}

static void timers_fire_in_order_of_time(void **state)
{
    Seen seen = {.loop = loop_new()};
    int64_t now = clock_mono_us();
    Shot shots[3];
    const int delays[] = {30000, 10000, 20000};
    for (int i = 0; i < 3; i++) {
        shots[i] = (Shot){&seen, delays[i], NULL};
        shots[i].timer = loop_timer_new(seen.loop, fire, &shots[i]);
        loop_timer_set(shots[i].timer, now + delays[i]);
    }
    loop_run(seen.loop);
    assert_int_equal(seen.fired[0], 10000);
    assert_int_equal(seen.fired[1], 20000);
    assert_int_equal(seen.fired[2], 30000);
    for (int i = 0; i < 3; i++)
        loop_timer_free(shots[i].timer);
    loop_free(seen.loop);
}

static void stop_now(void *data)
{
    loop_stop(data);
}

static void ready(void *data, uint32_t events)
{
    Seen *seen = data;
    seen->reads++;
    loop_fd_remove(seen->watch); /* level-triggered and never read: removal must hold */
    loop_post(seen->loop, stop_now, seen->loop);
}

static void a_descriptor_may_remove_itself(void **state)
{
    Seen seen = {.loop = loop_new()};
    assert_int_equal(pipe(seen.pipe), 0);
    seen.watch = loop_fd_add(seen.loop, seen.pipe[0], EPOLLIN, ready, &seen);
    assert_int_equal(write(seen.pipe[1], "x", 1), 1);
    loop_run(seen.loop);
    assert_int_equal(seen.reads, 1);
    close(seen.pipe[0]);
    close(seen.pipe[1]);
    loop_free(seen.loop);
}

static void run_loop(void *data)
{
    loop_run(data);
}

static void add_one(void *data)
{
    (*(int *)data)++;
}

static void calls_posted_from_another_thread_all_run(void **state)
{
    Loop *loop = loop_new();
    int sum = 0;
    Thread *thread = thread_start("test-loop", run_loop, loop);
    for (int i = 0; i < 1000; i++)
        loop_post(loop, add_one, &sum);
    loop_post(loop, stop_now, loop);
    thread_join(thread);
    assert_int_equal(sum, 1000);
    loop_free(loop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(timers_fire_in_order_of_time),
        cmocka_unit_test(a_descriptor_may_remove_itself),
        cmocka_unit_test(calls_posted_from_another_thread_all_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
