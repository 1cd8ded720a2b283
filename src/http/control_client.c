#include "base/bytes.h"
#include "base/file.h"
#include "http/control.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { ANSWER_MOST = 64 << 20 };

static int connect_to(const char *data_dir, GError **error)
{
    struct sockaddr_un address;
    if (!control_address(data_dir, &address, error))
        return -1;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) == 0)
        return fd;
    int saved = errno;
    if (fd >= 0)
        close(fd);
    if (saved == ENOENT || saved == ECONNREFUSED)
        err_set(error, ERR_UNAVAILABLE, "no server runs on %s", data_dir);
    else if (saved == EACCES || saved == EPERM)
        err_set(error, ERR_DENIED,
                "no rights on %s: run this as the user that runs the server, or as root",
                address.sun_path);
    else
        err_errno(error, saved, "the control socket %s", address.sun_path);
    return -1;
}

/* A server that goes away must not kill us by SIGPIPE. */
static bool send_all(int fd, const char *data, size_t size, GError **error)
{
    while (size > 0) {
        ssize_t sent = send(fd, data, size, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0)
            return err_errno(error, errno, "the running server does not listen");
        data += sent;
        size -= (size_t)sent;
    }
    return true;
}

static bool read_answer(int fd, ByteWriter *answer, GError **error)
{
    for (;;) {
        uint8_t piece[16384];
        ssize_t got = recv(fd, piece, sizeof piece, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return err_errno(error, errno, "the running server does not answer");
        if (got == 0)
            return answer->size > 0 ||
                   err_set(error, ERR_UNAVAILABLE, "the running server hung up: is it stopping?");
        if (answer->size > ANSWER_MOST)
            return err_set(error, ERR_PROTOCOL, "the running server's answer has no end");
        write_bytes(answer, piece, (size_t)got);
    }
}

static Json *take_answer(const ByteWriter *answer, int *status, GError **error)
{
    g_autoptr(Json) json = json_parse((const char *)answer->data, answer->size, error);
    int64_t code = 0;
    Json *body = json_object_get(json, "body");
    if (!json || !json_get_int(json, "status", &code, error))
        return NULL;
    if (!body) {
        err_set(error, ERR_PROTOCOL, "the running server's answer has no body");
        return NULL;
    }
    *status = (int)code;
    return json_incref(body);
}

Json *control_call(const char *data_dir, ApiMethod method, const char *path, const Json *body,
                   int *status, GError **error)
{
    fd_auto int fd = connect_to(data_dir, error);
    if (fd < 0)
        return NULL;
    g_autoptr(Json) asked = json_pack("{s:s, s:s, s:O?}", "method", api_method_text(method), "path",
                                      path, "body", (json_t *)body);
    g_autofree char *text = json_line(asked);
    g_autofree char *line = g_strconcat(text, "\n", NULL);
    g_auto(ByteWriter) answer = {0};
    if (!send_all(fd, line, strlen(line), error) || !read_answer(fd, &answer, error))
        return NULL;
    return take_answer(&answer, status, error);
}
