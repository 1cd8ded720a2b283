/* Names that a name server does not answer for: getaddrinfo() is the test's own here. */
#include "base/clock.h"
#include "camera/dial.h"
#include "unit.h"

#include <glib.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { TIMEOUT_US = 100000, OTHERS = 50 };

static atomic_uint asked;
static atomic_bool silent;

static struct addrinfo *known; /* what the name server tells; NULL: it knows no name */

/* In place of the system's: waits while the name server is silent. */
int getaddrinfo(const char *restrict name, const char *restrict service,
                const struct addrinfo *restrict hints, struct addrinfo **restrict found)
{
    if (hints->ai_flags & AI_NUMERICHOST)
        return EAI_NONAME;
    atomic_fetch_add(&asked, 1);
    while (atomic_load(&silent))
        g_usleep(1000);
    *found = known;
    return known ? 0 : EAI_NONAME;
}

void freeaddrinfo(struct addrinfo *unused)
{
}

typedef struct Told {
    Loop *loop;
    unsigned awaited; /* then the loop ends */
    CameraTrouble trouble;
    char cause[200];
    int fd;
} Told;

static void on_done(void *data, int fd, CameraTrouble trouble, const char *cause)
{
    Told *told = data;
    told->fd = fd;
    told->trouble = trouble;
    g_strlcpy(told->cause, cause, sizeof told->cause);
    if (--told->awaited == 0)
        loop_stop(told->loop);
}

static void a_name_server_that_does_not_answer_is_told_as_that(void **state)
{
    Told told = {.loop = loop_new(), .awaited = 1};
    Pool *names = pool_new("names", 1);
    atomic_store(&silent, true);
    dial_start(told.loop, names, "cong-cho.lan", 554, TIMEOUT_US, on_done, &told);
    loop_run(told.loop);
    assert_int_equal(told.fd, -1);
    assert_int_equal(told.trouble, TROUBLE_NAME_UNKNOWN);
    assert_non_null(strstr(told.cause, "cong-cho.lan was not found in time; check the network's"));
    atomic_store(&silent, false);
    pool_free(names);
    loop_run(told.loop); /* lets the look-up come home */
    loop_free(told.loop);
}

/* Else those of a day without a name server would all be made once it is back, before any new one.
 */
static void look_ups_that_nobody_waits_for_any_more_are_not_made(void **state)
{
    Told told = {.loop = loop_new(), .awaited = OTHERS};
    Pool *names = pool_new("names", 1);
    atomic_store(&silent, true);
    atomic_store(&asked, 0);
    for (unsigned i = 0; i < OTHERS; i++)
        dial_start(told.loop, names, "cong-cho.lan", 554, TIMEOUT_US, on_done, &told);
    loop_run(told.loop);
    atomic_store(&silent, false);
    pool_free(names);
    loop_run(told.loop);
    assert_int_equal(atomic_load(&asked), 1);
    loop_free(told.loop);
}

enum { WAITING = 4 };

/* A port of this host. One that does not answer has a full queue: like a host that is switched
 * off, it answers nothing. */
typedef struct Port {
    struct sockaddr_in address;
    int fd, waiting[WAITING];
} Port;

static void port_open(Port *port, bool answers)
{
    *port = (Port){.address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)}};
    socklen_t length = sizeof port->address;
    struct sockaddr *address = (struct sockaddr *)&port->address;
    port->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(port->fd, address, length), 0);
    assert_int_equal(listen(port->fd, answers ? WAITING : 0), 0);
    assert_int_equal(getsockname(port->fd, address, &length), 0);
    for (int i = 0; i < WAITING; i++) {
        port->waiting[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (!answers)
            connect(port->waiting[i], address, length);
    }
}

static void port_close(Port *port)
{
    for (int i = 0; i < WAITING; i++)
        close(port->waiting[i]);
    close(port->fd);
}

static struct addrinfo info_of(Port *port, struct addrinfo *next)
{
    return (struct addrinfo){.ai_addr = (struct sockaddr *)&port->address,
                             .ai_addrlen = sizeof port->address,
                             .ai_next = next};
}

/* Dials a name with the addresses of `list`; how long it took, in µs. */
static int64_t dial(Told *told, struct addrinfo *list)
{
    *told = (Told){.loop = loop_new(), .awaited = 1};
    Pool *names = pool_new("names", 1);
    known = list;
    int64_t begin_us = clock_mono_us();
    dial_start(told->loop, names, "cong-cho.lan", 554, 6 * SECOND_US, on_done, told);
    loop_run(told->loop);
    int64_t took_us = clock_mono_us() - begin_us;
    known = NULL;
    pool_free(names);
    loop_free(told->loop);
    return took_us;
}

/* So that the next try does not come in one of the long pauses of TCP: SYNs go out after 1 and 3 s,
 * and then only after 7. */
static void an_address_that_does_not_answer_is_given_up_after_four_seconds(void **state)
{
    Port off;
    port_open(&off, false);
    struct addrinfo only = info_of(&off, NULL);
    Told told;
    int64_t took_us = dial(&told, &only);
    assert_int_equal(told.trouble, TROUBLE_TIMEOUT);
    assert_non_null(strstr(told.cause, "cong-cho.lan does not answer on port 554"));
    assert_in_range(took_us, 3500000, 4800000);
    port_close(&off);
}

static void when_one_address_of_a_name_does_not_answer_the_next_one_is_tried(void **state)
{
    Port off, on;
    port_open(&off, false);
    port_open(&on, true);
    struct addrinfo second = info_of(&on, NULL), first = info_of(&off, &second);
    Told told;
    int64_t took_us = dial(&told, &first);
    assert_true(told.fd >= 0);
    assert_in_range(took_us, 0, 3 * SECOND_US);
    close(told.fd);
    port_close(&off);
    port_close(&on);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_server_that_does_not_answer_is_told_as_that),
        cmocka_unit_test(look_ups_that_nobody_waits_for_any_more_are_not_made),
        cmocka_unit_test(an_address_that_does_not_answer_is_given_up_after_four_seconds),
        cmocka_unit_test(when_one_address_of_a_name_does_not_answer_the_next_one_is_tried),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
