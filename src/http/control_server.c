#include "base/bytes.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/thread.h"
#include "http/control.h"
#include "http/problem.h"
#include "http/target.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* A table of 1 MiB fits, whatever of it is escaped. */
enum { LINE_MOST = 3 << 20, TALKS_MOST = 16, PATIENCE_MS = 10000 };

struct ControlServer {
    ApiContext *api;
    char *path;
    int listener;
    int stop; /* eventfd */
    Thread *thread;
};

bool control_address(const char *data_dir, struct sockaddr_un *address, GError **error)
{
    g_autofree char *path = g_build_filename(data_dir, "control.sock", NULL);
    *address = (struct sockaddr_un){.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address->sun_path)
        return err_set(error, ERR_INVALID,
                       "the path %s is too long for a socket: use a shorter data "
                       "folder",
                       path);
    g_strlcpy(address->sun_path, path, sizeof address->sun_path);
    return true;
}

/* --- one request --- */

static Json *answer_json(ApiResponse *response)
{
    if (response->bytes && response->type && g_str_has_prefix(response->type, "text/"))
        return json_stringn((const char *)response->bytes->data, response->bytes->size);
    if (response->bytes || response->file)
        problem_set(response, 406, NULL, "this answer is not for the control socket");
    return response->json ? json_incref(response->json) : json_null();
}

Json *control_call_local(ApiContext *api, ApiMethod method, const char *path, const Json *body,
                         int *status, GError **error)
{
    g_auto(Target) target = {0};
    if (!target_parse(path, &target)) {
        err_set(error, ERR_INVALID, "‘%s’ is not a path of the API", path);
        return NULL;
    }
    ApiRequest request = {
        .method = method,
        .path = target.path,
        .query_count = target.query_count,
        .body = body,
        .console = true,
        .address = "",
        .device = "console",
    };
    memcpy(request.query, target.query, sizeof request.query);
    g_auto(ApiResponse) response = {0};
    api_dispatch(api, &request, &response);
    Json *answer = answer_json(&response);
    *status = response.status;
    return answer;
}

static Json *do_line(ApiContext *api, const char *line, size_t size)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Json) asked = json_parse(line, size, &error);
    const char *method_text = NULL, *path = NULL;
    ApiMethod method;
    int status = 400;
    Json *body = NULL;
    if (asked && json_get_text(asked, "method", &method_text, &error) &&
        json_get_text(asked, "path", &path, &error)) {
        if (!method_text || !path || !api_method_parse(method_text, &method)) {
            err_set(&error, ERR_INVALID, "‘method’ and ‘path’ are needed");
        } else {
            const Json *content = json_object_get(asked, "body");
            body = control_call_local(api, method, path, json_is_null(content) ? NULL : content,
                                      &status, &error);
        }
    }
    if (!body) {
        g_auto(ApiResponse) problem = {0};
        problem_from_error(&problem, g_steal_pointer(&error));
        body = json_incref(problem.json);
    }
    return json_pack("{s:i, s:o}", "status", status, "body", body);
}

/* --- one connection --- */

typedef struct Talk {
    ApiContext *api;
    int fd;
} Talk;

static bool read_line(int fd, ByteWriter *line)
{
    int64_t until_us = clock_mono_us() + PATIENCE_MS * INT64_C(1000);
    while (line->size < LINE_MOST) {
        struct pollfd wait = {.fd = fd, .events = POLLIN};
        int64_t left_ms = (until_us - clock_mono_us()) / 1000;
        if (left_ms <= 0 || poll(&wait, 1, (int)left_ms) <= 0)
            return false;
        char piece[4096];
        ssize_t got = recv(fd, piece, sizeof piece, MSG_DONTWAIT);
        if (got <= 0)
            return false;
        write_bytes(line, piece, (size_t)got);
        if (memchr(piece, '\n', (size_t)got))
            return true;
    }
    return false;
}

static void talk(void *data)
{
    Talk *talk = data;
    g_auto(ByteWriter) line = {0};
    if (read_line(talk->fd, &line)) {
        size_t size = (size_t)((uint8_t *)memchr(line.data, '\n', line.size) - line.data);
        g_autoptr(Json) answer = do_line(talk->api, (const char *)line.data, size);
        g_autofree char *text = json_line(answer);
        g_autofree char *whole = g_strconcat(text, "\n", NULL);
        for (size_t sent = 0, all = strlen(whole); sent < all;) {
            ssize_t n = send(talk->fd, whole + sent, all - sent, MSG_NOSIGNAL);
            if (n <= 0)
                break;
            sent += (size_t)n;
        }
    }
    close(talk->fd);
    g_free(talk);
}

static void control_main(void *data)
{
    ControlServer *server = data;
    for (;;) {
        struct pollfd wait[] = {{.fd = server->listener, .events = POLLIN},
                                {.fd = server->stop, .events = POLLIN}};
        if (poll(wait, 2, -1) < 0)
            continue;
        if (wait[1].revents)
            return;
        int fd = accept4(server->listener, NULL, NULL, SOCK_CLOEXEC);
        if (fd < 0) { /* who asks still waits: without descriptors, not in a busy loop */
            g_usleep(100000);
            continue;
        }
        struct timeval patience = {.tv_sec = PATIENCE_MS / 1000};
        setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
        Talk *one = g_new(Talk, 1);
        *one = (Talk){server->api, fd};
        if (!pool_run(server->api->pool, talk, one, TALKS_MOST)) {
            close(fd);
            g_free(one);
        }
    }
}

ControlServer *control_server_start(const char *data_dir, ApiContext *api, GError **error)
{
    struct sockaddr_un address;
    if (!control_address(data_dir, &address, error))
        return NULL;
    fd_auto int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    fd_auto int stop = eventfd(0, EFD_CLOEXEC);
    unlink(address.sun_path);
    /* The mode is set before anyone can connect: nothing listens yet. */
    if (fd < 0 || stop < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) != 0 ||
        chmod(address.sun_path, 0600) != 0 || listen(fd, TALKS_MOST) != 0) {
        err_errno(error, errno, "the control socket %s", address.sun_path);
        return NULL;
    }
    ControlServer *server = g_new0(ControlServer, 1);
    server->api = api;
    server->path = g_strdup(address.sun_path);
    server->listener = g_steal_fd(&fd);
    server->stop = g_steal_fd(&stop);
    server->thread = thread_start("control", control_main, server);
    return server;
}

void control_server_stop(ControlServer *server)
{
    if (!server)
        return;
    uint64_t one = 1;
    if (write(server->stop, &one, sizeof one) != sizeof one)
        log_warning("control.stop", "cause=\"%s\"", g_strerror(errno));
    thread_join(server->thread);
    unlink(server->path);
    close(server->listener);
    close(server->stop);
    g_free(server->path);
    g_free(server);
}
