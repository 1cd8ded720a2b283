#include "camera/dial.h"

#include "base/clock.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    ADDRESSES_MAX = 8,
    NO_ANSWER_MS = 10000,
    /* Its first packet is sent again after 1 and 3 s, then only after 7: a new connection is
     * quicker to find a camera that came back. */
    CONNECT_US = 4 * 1000 * 1000,
    CONNECT_FIRST_US = 2 * 1000 * 1000, /* where there is another address to try */
};

struct Dial {
    Loop *loop;
    Pool *names;
    DialDone done;
    void *data;
    char *host;
    uint16_t port;
    LoopTimer *timer;
    LoopFd *watch;
    int fd;
    bool begun;
    int64_t deadline_us;
    bool looking_up;       /* a job on the pool holds this Dial until it comes back */
    atomic_bool cancelled; /* read by the job: one that nobody waits for is not begun */
    int lookup_error;
    unsigned count, next;
    struct sockaddr_storage addresses[ADDRESSES_MAX];
    socklen_t lengths[ADDRESSES_MAX];
    int last_errno;
};

static void drop_socket(Dial *dial)
{
    loop_fd_remove(dial->watch);
    dial->watch = NULL;
    if (dial->fd >= 0)
        close(dial->fd);
    dial->fd = -1;
}

static void dial_free(Dial *dial)
{
    drop_socket(dial);
    loop_timer_free(dial->timer);
    g_free(dial->host);
    g_free(dial);
}

void dial_cancel(Dial *dial)
{
    if (!dial)
        return;
    if (dial->looking_up) {
        atomic_store(&dial->cancelled, true);
        loop_timer_set(dial->timer, 0);
        return;
    }
    dial_free(dial);
}

static void finish(Dial *dial, int fd, CameraTrouble trouble, const char *cause)
{
    DialDone done = dial->done;
    void *data = dial->data;
    g_autofree char *kept = g_strdup(cause);
    dial_cancel(dial);
    done(data, fd, trouble, kept);
}

static void fail(Dial *dial)
{
    int trouble = dial->last_errno;
    g_autofree char *cause = NULL;
    if (trouble == ECONNREFUSED) {
        cause =
            g_strdup_printf("%s refuses connections on port %u; check the port, and that RTSP is "
                            "switched on in the camera",
                            dial->host, dial->port);
        finish(dial, -1, TROUBLE_REFUSED, cause);
    } else {
        cause = g_strdup_printf("%s cannot be reached (%s); check power, cable and address",
                                dial->host, g_strerror(trouble));
        finish(dial, -1, TROUBLE_UNREACHABLE, cause);
    }
}

static void try_next(Dial *dial);

static void socket_ready(void *data, uint32_t events)
{
    Dial *dial = data;
    int trouble = 0;
    socklen_t length = sizeof trouble;
    if (getsockopt(dial->fd, SOL_SOCKET, SO_ERROR, &trouble, &length) < 0)
        trouble = errno;
    if (trouble) {
        dial->last_errno = trouble;
        drop_socket(dial);
        try_next(dial);
        return;
    }
    loop_fd_remove(dial->watch);
    dial->watch = NULL;
    int fd = dial->fd;
    dial->fd = -1;
    finish(dial, fd, TROUBLE_NONE, "");
}

static void prepare_socket(int fd)
{
    int on = 1;
    unsigned no_answer_ms = NO_ANSWER_MS;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &no_answer_ms, sizeof no_answer_ms);
    setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
}

static void try_next(Dial *dial)
{
    while (dial->next < dial->count) {
        unsigned i = dial->next++;
        const struct sockaddr *address = (const struct sockaddr *)&dial->addresses[i];
        dial->fd = socket(address->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (dial->fd < 0) {
            dial->last_errno = errno;
            continue;
        }
        prepare_socket(dial->fd);
        if (connect(dial->fd, address, dial->lengths[i]) == 0 || errno == EINPROGRESS) {
            dial->watch = loop_fd_add(dial->loop, dial->fd, EPOLLOUT, socket_ready, dial);
            bool is_last = dial->next == dial->count;
            loop_timer_set(dial->timer,
                           clock_mono_us() + (is_last ? CONNECT_US : CONNECT_FIRST_US));
            return;
        }
        dial->last_errno = errno;
        drop_socket(dial);
    }
    fail(dial);
}

static void take_addresses(Dial *dial, const struct addrinfo *found)
{
    for (; found && dial->count < ADDRESSES_MAX; found = found->ai_next) {
        memcpy(&dial->addresses[dial->count], found->ai_addr, found->ai_addrlen);
        dial->lengths[dial->count++] = found->ai_addrlen;
    }
}

static int look_up(Dial *dial, int flags)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = flags | AI_NUMERICSERV};
    struct addrinfo *found = NULL;
    char port[8];
    g_snprintf(port, sizeof port, "%u", dial->port);
    int answer = getaddrinfo(dial->host, port, &hints, &found);
    if (answer == 0) {
        take_addresses(dial, found);
        freeaddrinfo(found);
    }
    return answer;
}

static void looked_up(void *data)
{
    Dial *dial = data;
    dial->looking_up = false;
    if (atomic_load(&dial->cancelled)) {
        dial_free(dial);
    } else if (dial->lookup_error) {
        g_autofree char *cause =
            g_strdup_printf("the name %s cannot be found (%s); check it, or use the IP address",
                            dial->host, gai_strerror(dial->lookup_error));
        finish(dial, -1, TROUBLE_NAME_UNKNOWN, cause);
    } else {
        try_next(dial);
    }
}

/* Pool thread: the loop's thread does not touch the Dial's results meanwhile. */
static void look_up_job(void *data)
{
    Dial *dial = data;
    if (!atomic_load(&dial->cancelled))
        dial->lookup_error = look_up(dial, AI_ADDRCONFIG);
    loop_post(dial->loop, looked_up, dial);
}

static void begin(Dial *dial)
{
    if (look_up(dial, AI_NUMERICHOST) == 0) {
        try_next(dial);
        return;
    }
    dial->looking_up = true;
    pool_run(dial->names, look_up_job, dial, 0);
}

/* Fires at once to begin (never inside dial_start()), then when the time of the lookup or of an
 * address is up. */
static void timer_fired(void *data)
{
    Dial *dial = data;
    if (!dial->begun) {
        dial->begun = true;
        loop_timer_set(dial->timer, dial->deadline_us);
        begin(dial);
        return;
    }
    if (!dial->looking_up && dial->next < dial->count) {
        drop_socket(dial);
        try_next(dial);
        return;
    }
    g_autofree char *cause =
        dial->looking_up
            ? g_strdup_printf("the name %s was not found in time; check the network's name server, "
                              "or use the IP address",
                              dial->host)
            : g_strdup_printf("%s does not answer on port %u; check power, cable and address",
                              dial->host, dial->port);
    finish(dial, -1, dial->looking_up ? TROUBLE_NAME_UNKNOWN : TROUBLE_TIMEOUT, cause);
}

Dial *dial_start(Loop *loop, Pool *names, const char *host, uint16_t port, int64_t lookup_us,
                 DialDone done, void *data)
{
    Dial *dial = g_new0(Dial, 1);
    *dial = (Dial){.loop = loop,
                   .done = done,
                   .data = data,
                   .host = g_strdup(host),
                   .port = port,
                   .names = names,
                   .fd = -1,
                   .last_errno = EHOSTUNREACH,
                   .deadline_us = clock_mono_us() + lookup_us};
    dial->timer = loop_timer_new(loop, timer_fired, dial);
    loop_timer_set(dial->timer, clock_mono_us());
    return dial;
}
