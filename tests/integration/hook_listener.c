#include "hook_listener.h"

#include "base/clock.h"
#include "base/thread.h"
#include "harness.h"
#include "unit.h"

#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct HookListener {
    int fd;
    char *url;
    Thread *thread;
    atomic_int status;
    _Atomic(const char *) location;
    pthread_mutex_t lock;
    GPtrArray *posted; /* Posted *; guarded by lock */
    HookReader reader; /* guarded by lock; NULL: JSON */
    void *reader_data;
};

static void posted_free(void *data)
{
    Posted *posted = data;
    g_free(posted->head);
    json_decref(posted->json);
    g_free(posted);
}

/* Reads a request whole: up to the blank line, and what Content-Length tells. */
static Posted *read_request(HookListener *listener, int fd)
{
    g_autoptr(GString) text = g_string_new(NULL);
    char part[4096];
    ssize_t got;
    const char *blank = NULL;
    size_t length = 0;
    while (!blank || text->len < (size_t)(blank - text->str) + 4 + length) {
        if ((got = recv(fd, part, sizeof part, 0)) <= 0)
            return NULL;
        g_string_append_len(text, part, got);
        blank = strstr(text->str, "\r\n\r\n");
        const char *told = blank ? strcasestr(text->str, "content-length:") : NULL;
        length = told ? g_ascii_strtoull(told + strlen("content-length:"), NULL, 10) : 0;
    }
    Posted *posted = g_new0(Posted, 1);
    posted->at_us = clock_wall_us();
    posted->head = g_strndup(text->str, (size_t)(blank - text->str));
    pthread_mutex_lock(&listener->lock);
    posted->json = listener->reader
                       ? listener->reader(posted->head, blank + 4, length, listener->reader_data)
                       : json_parse(blank + 4, length, NULL);
    pthread_mutex_unlock(&listener->lock);
    return posted;
}

static void serve_one(HookListener *listener, int fd)
{
    Posted *posted = read_request(listener, fd);
    if (!posted)
        return;
    const char *location = atomic_load(&listener->location);
    g_autofree char *answer =
        g_strdup_printf("HTTP/1.1 %d X\r\n%s%s%sContent-Length: 0\r\nConnection: close\r\n\r\n",
                        atomic_load(&listener->status), location ? "Location: " : "",
                        location ? location : "", location ? "\r\n" : "");
    send(fd, answer, strlen(answer), MSG_NOSIGNAL);
    pthread_mutex_lock(&listener->lock);
    g_ptr_array_add(listener->posted, posted);
    pthread_mutex_unlock(&listener->lock);
}

static void listener_main(void *data)
{
    HookListener *listener = data;
    int fd;
    while ((fd = accept(listener->fd, NULL, NULL)) >= 0) {
        serve_one(listener, fd);
        close(fd);
    }
}

HookListener *hook_listener_new(void)
{
    HookListener *listener = g_new0(HookListener, 1);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    listener->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    g_assert(bind(listener->fd, (struct sockaddr *)&address, size) == 0 &&
             listen(listener->fd, 16) == 0 &&
             getsockname(listener->fd, (struct sockaddr *)&address, &size) == 0);
    listener->url = g_strdup_printf("http://127.0.0.1:%d/secret-path", ntohs(address.sin_port));
    atomic_init(&listener->status, 200);
    pthread_mutex_init(&listener->lock, NULL);
    listener->posted = g_ptr_array_new_with_free_func(posted_free);
    listener->thread = thread_start("hook", listener_main, listener);
    return listener;
}

void hook_listener_free(HookListener *listener)
{
    shutdown(listener->fd, SHUT_RDWR);
    thread_join(listener->thread);
    close(listener->fd);
    g_ptr_array_unref(listener->posted);
    pthread_mutex_destroy(&listener->lock);
    g_free(listener->url);
    g_free(listener);
}

const char *hook_listener_url(const HookListener *listener)
{
    return listener->url;
}

void hook_listener_answer(HookListener *listener, int status, const char *location)
{
    atomic_store(&listener->location, location);
    atomic_store(&listener->status, status);
}

void hook_listener_read_by(HookListener *listener, HookReader reader, void *data)
{
    pthread_mutex_lock(&listener->lock);
    listener->reader = reader;
    listener->reader_data = data;
    pthread_mutex_unlock(&listener->lock);
}

unsigned hook_listener_count(HookListener *listener)
{
    pthread_mutex_lock(&listener->lock);
    unsigned count = listener->posted->len;
    pthread_mutex_unlock(&listener->lock);
    return count;
}

static bool is_member(const Json *json, const char *name, const char *value)
{
    const char *text = json_string_value(json_object_get(json, name));
    return !value || (text && strcmp(text, value) == 0);
}

const Posted *hook_listener_wait(HookListener *listener, unsigned *from, const char *kind,
                                 const char *state, int most_ms)
{
    for (int waited_ms = 0; waited_ms <= most_ms; waited_ms += 20) {
        pthread_mutex_lock(&listener->lock);
        for (; *from < listener->posted->len; (*from)++) {
            const Posted *posted = listener->posted->pdata[*from];
            if (!is_member(posted->json, "kind", kind) || !is_member(posted->json, "state", state))
                continue;
            (*from)++;
            pthread_mutex_unlock(&listener->lock);
            return posted;
        }
        pthread_mutex_unlock(&listener->lock);
        sleep_ms(20);
    }
    fail_msg("no message ‘%s’, ‘%s’ within %d ms", kind ? kind : "any", state ? state : "any",
             most_ms);
    return NULL;
}
