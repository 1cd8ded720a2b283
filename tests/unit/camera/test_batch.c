#include "base/clock.h"
#include "base/thread.h"
#include "camera/batch.h"
#include "unit.h"

#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    FINE_MS = 3000, /* the start is read at each arrival */
    STEP_MS = 10,   /* between two arrivals */
    LOAD_MS = 80,   /* that a busy machine may add */
};

typedef struct Reading {
    Ingest *ingest;
    Batch *batch;
    Hub *hub;
    int camera, fd;
    int64_t last_us, longest_us, awaited_us; /* of reads; awaited: the first read after it */
    int64_t first_after_us;
    unsigned reads;
} Reading;

static void read_all(void *data)
{
    Reading *reading = data;
    char bytes[4096];
    while (recv(reading->fd, bytes, sizeof bytes, MSG_DONTWAIT) > 0)
        ;
    int64_t now = clock_mono_us();
    reading->longest_us = MAX(reading->longest_us, now - reading->last_us);
    if (!reading->first_after_us && reading->awaited_us && now >= reading->awaited_us)
        reading->first_after_us = now;
    reading->last_us = now;
    reading->reads++;
    batch_was_read(reading->batch);
}

static void readable(void *data, uint32_t events)
{
    read_all(data);
}

static void connect_pair(Reading *reading)
{
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof at;
    assert_int_equal(bind(listener, (struct sockaddr *)&at, size), 0);
    assert_int_equal(listen(listener, 1), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&at, &size), 0);
    reading->fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(reading->fd, (struct sockaddr *)&at, size), 0);
    reading->camera = accept(listener, NULL, NULL);
    close(listener);
}

static void run_loop(void *data)
{
    loop_run(data);
}

static void send_for(Reading *reading, int ms)
{
    for (int sent = 0; sent < ms; sent += STEP_MS) {
        assert_int_equal(send(reading->camera, "0123456789", 10, MSG_NOSIGNAL), 10);
        g_usleep(STEP_MS * 1000);
    }
}

static void forget(void *data)
{
    Reading *reading = data;
    reading->reads = 0;
    reading->longest_us = 0;
    reading->last_us = clock_mono_us();
}

static void a_camera_nobody_watches_is_read_seldom_but_in_time(void **state)
{
    Reading reading = {.ingest = ingest_new(NULL), .hub = hub_new(uuid_new(), STREAM_MAIN)};
    connect_pair(&reading);
    reading.batch = batch_new(reading.ingest, reading.fd, reading.hub, read_all, &reading);
    LoopFd *watch = loop_fd_add(reading.ingest->loop, reading.fd, EPOLLIN, readable, &reading);
    Thread *thread = thread_start("ingest", run_loop, reading.ingest->loop);
    send_for(&reading, FINE_MS + 200);
    loop_post(reading.ingest->loop, forget, &reading);
    send_for(&reading, 2000);
    unsigned reads = reading.reads;
    int64_t longest_us = reading.longest_us;
    int64_t wanted_us = clock_mono_us() + 160000;
    reading.awaited_us = wanted_us;
    hub_want(reading.hub, clock_now_us() + 160000);
    send_for(&reading, 300);
    loop_stop(reading.ingest->loop);
    thread_join(thread);
    assert_in_range(reads, 7, 30); /* of 200 arrivals */
    assert_in_range(longest_us, 100000, (250 + LOAD_MS) * 1000);
    assert_in_range(reading.first_after_us - wanted_us, 0, (10 + LOAD_MS) * 1000);
    loop_fd_remove(watch);
    batch_free(reading.batch);
    ingest_free(reading.ingest);
    hub_unref(reading.hub);
    close(reading.fd);
    close(reading.camera);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_camera_nobody_watches_is_read_seldom_but_in_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
