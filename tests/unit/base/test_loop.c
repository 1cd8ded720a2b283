#include "base/clock.h"
#include "base/loop.h"
#include "base/thread.h"
#include "unit.h"

#include <glib.h>
#include <poll.h>
#include <stdatomic.h>
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

typedef struct Pair {
    Loop *loop;
    int before[2], first[2],
        second[2]; /* pipes; the first is written when the one before was served */
    bool waits;    /* the second is written when the first was served */
    atomic_bool begun, served;
    bool both; /* the second was ready when the first was served */
} Pair;

static void one_before_is_ready(void *data, uint32_t events)
{
    Pair *pair = data;
    char byte;
    assert_int_equal(read(pair->before[0], &byte, 1), 1);
    atomic_store(&pair->begun, true);
}

static void first_is_ready(void *data, uint32_t events)
{
    Pair *pair = data;
    struct pollfd second = {.fd = pair->second[0], .events = POLLIN};
    pair->both = poll(&second, 1, 0) == 1;
    atomic_store(&pair->served, true);
    loop_stop(pair->loop);
}

static void write_one_after_the_other(void *data)
{
    Pair *pair = data;
    assert_int_equal(write(pair->before[1], "0", 1), 1);
    for (int waited = 0; !atomic_load(&pair->begun) && waited < 5000; waited++)
        usleep(1000);
    assert_int_equal(write(pair->first[1], "1", 1), 1);
    usleep(5000);
    for (int waited = 0; pair->waits && !atomic_load(&pair->served) && waited < 5000; waited++)
        usleep(1000);
    assert_int_equal(write(pair->second[1], "2", 1), 1);
}

static bool are_served_together(int64_t gather_us)
{
    Pair pair = {.loop = loop_new(), .waits = gather_us == 0};
    assert_int_equal(pipe(pair.before), 0);
    assert_int_equal(pipe(pair.first), 0);
    assert_int_equal(pipe(pair.second), 0);
    LoopFd *before = loop_fd_add(pair.loop, pair.before[0], EPOLLIN, one_before_is_ready, &pair);
    LoopFd *watch = loop_fd_add(pair.loop, pair.first[0], EPOLLIN, first_is_ready, &pair);
    loop_gather(pair.loop, gather_us);
    Thread *thread = thread_start("test-loop", write_one_after_the_other, &pair);
    loop_run(pair.loop);
    thread_join(thread);
    loop_fd_remove(before);
    loop_fd_remove(watch);
    loop_free(pair.loop);
    for (int i = 0; i < 2; i++) {
        close(pair.before[i]);
        close(pair.first[i]);
        close(pair.second[i]);
    }
    return pair.both;
}

static void what_becomes_ready_soon_after_a_batch_is_served_together_where_that_is_asked(
    void **state)
{
    assert_false(are_served_together(0));
    assert_true(are_served_together(500 * 1000));
}

enum { GATHER_MS = 1000, IDLE_MS = 1100, AT_ONCE_MS = 800 };

typedef struct Late {
    Loop *loop;
    int pipe[2];
    atomic_uint served;
    int64_t written_us, served_us; /* of the second */
} Late;

static void late_is_ready(void *data, uint32_t events)
{
    Late *late = data;
    char byte;
    assert_int_equal(read(late->pipe[0], &byte, 1), 1);
    late->served_us = clock_mono_us();
    if (atomic_fetch_add(&late->served, 1) == 1)
        loop_stop(late->loop);
}

static void write_one_long_after_the_other(void *data)
{
    Late *late = data;
    assert_int_equal(write(late->pipe[1], "1", 1), 1);
    for (int waited = 0; !atomic_load(&late->served) && waited < 5000; waited++)
        usleep(1000);
    usleep(IDLE_MS * 1000);
    late->written_us = clock_mono_us();
    assert_int_equal(write(late->pipe[1], "2", 1), 1);
}

static void what_becomes_ready_long_after_a_batch_is_not_kept_waiting(void **state)
{
    Late late = {.loop = loop_new()};
    assert_int_equal(pipe(late.pipe), 0);
    LoopFd *watch = loop_fd_add(late.loop, late.pipe[0], EPOLLIN, late_is_ready, &late);
    loop_gather(late.loop, GATHER_MS * 1000);
    Thread *thread = thread_start("test-loop", write_one_long_after_the_other, &late);
    loop_run(late.loop);
    thread_join(thread);
    assert_in_range(late.served_us - late.written_us, 0, AT_ONCE_MS * 1000);
    loop_fd_remove(watch);
    loop_free(late.loop);
    close(late.pipe[0]);
    close(late.pipe[1]);
}

typedef struct Batch {
    Loop *loop;
    int served, calls, served_at_call;
} Batch;

static void batch_is_served(void *data)
{
    Batch *batch = data;
    batch->calls++;
    batch->served_at_call = batch->served;
}

static void one_of_the_batch(void *data, uint32_t events)
{
    Batch *batch = data;
    loop_after_batch(batch_is_served, batch);
    if (++batch->served == 2)
        loop_stop(batch->loop);
}

static Batch serve_two_ready(int64_t gather_us)
{
    Batch batch = {.loop = loop_new()};
    int pipes[2][2];
    LoopFd *watches[2];
    for (int i = 0; i < 2; i++) {
        assert_int_equal(pipe(pipes[i]), 0);
        assert_int_equal(write(pipes[i][1], "1", 1), 1);
        watches[i] = loop_fd_add(batch.loop, pipes[i][0], EPOLLIN, one_of_the_batch, &batch);
    }
    loop_gather(batch.loop, gather_us);
    loop_run(batch.loop);
    for (int i = 0; i < 2; i++) {
        loop_fd_remove(watches[i]);
        close(pipes[i][0]);
        close(pipes[i][1]);
    }
    loop_free(batch.loop);
    return batch;
}

static void what_is_asked_for_after_a_batch_comes_once_after_all_of_it(void **state)
{
    Batch together = serve_two_ready(1000);
    assert_int_equal(together.calls, 1);
    assert_int_equal(together.served_at_call, 2);
    Batch apart = serve_two_ready(0);
    assert_int_equal(apart.calls, 2);
    int sum = 0;
    loop_after_batch(add_one, &sum); /* no loop runs here */
    assert_int_equal(sum, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(timers_fire_in_order_of_time),
        cmocka_unit_test(a_descriptor_may_remove_itself),
        cmocka_unit_test(calls_posted_from_another_thread_all_run),
        cmocka_unit_test(
            what_becomes_ready_soon_after_a_batch_is_served_together_where_that_is_asked),
        cmocka_unit_test(what_becomes_ready_long_after_a_batch_is_not_kept_waiting),
        cmocka_unit_test(what_is_asked_for_after_a_batch_comes_once_after_all_of_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
