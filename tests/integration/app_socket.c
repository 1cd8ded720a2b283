#include "app_socket.h"

#include "base/bytes.h"
#include "unit.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { TEXT_FRAME = 0x81, PING_FRAME = 0x89, PONG_FRAME = 0x8a, MASKED = 0x80, SHORT_MOST = 125 };

static bool read_all(int fd, void *data, size_t size)
{
    return size == 0 || recv(fd, data, size, MSG_WAITALL) == (ssize_t)size;
}

static void send_all(int fd, const void *data, size_t size)
{
    assert_int_equal(send(fd, data, size, MSG_NOSIGNAL), size);
}

static void upgrade(int fd, const char *token)
{
    g_autofree char *request = g_strdup_printf(
        "GET /api/v1/live HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        "Authorization: Bearer %s\r\n\r\n",
        token);
    send_all(fd, request, strlen(request));
    g_autoptr(GString) head = g_string_new(NULL);
    char c;
    while (!strstr(head->str, "\r\n\r\n") && read_all(fd, &c, 1))
        g_string_append_c(head, c);
    assert_true(g_str_has_prefix(head->str, "HTTP/1.1 101"));
}

void app_socket_connect(int fd, const char *address, const Api *api, int most_ms)
{
    int port = atoi(strrchr(api->url, ':') + 1);
    struct timeval most = {.tv_sec = most_ms / 1000};
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    inet_pton(AF_INET, address, &to.sin_addr);
    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &most, sizeof most);
    upgrade(fd, api->token);
}

int app_socket_open(const Api *api, int most_ms)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    app_socket_connect(fd, "127.0.0.1", api, most_ms);
    return fd;
}

static void send_frame(int fd, uint8_t type, const void *payload, size_t size)
{
    static const uint8_t mask[4];
    uint8_t head[2] = {type, (uint8_t)(MASKED | size)};
    assert_true(size <= SHORT_MOST);
    send_all(fd, head, sizeof head);
    send_all(fd, mask, sizeof mask);
    send_all(fd, payload, size);
}

void app_socket_send(int fd, const char *text)
{
    send_frame(fd, TEXT_FRAME, text, strlen(text));
}

GByteArray *app_socket_next(int fd, bool *is_text)
{
    uint8_t head[2], more[8];
    assert_true(read_all(fd, head, 2));
    uint64_t size = head[1];
    if (size == 126 && read_all(fd, more, 2))
        size = get_u16(more);
    else if (size == 127 && read_all(fd, more, 8))
        size = get_u64(more);
    GByteArray *payload = g_byte_array_new();
    g_byte_array_set_size(payload, (guint)size);
    assert_true(read_all(fd, payload->data, payload->len));
    *is_text = head[0] == TEXT_FRAME;
    if (head[0] != PING_FRAME)
        return payload;
    g_autoptr(GByteArray) ping = payload;
    send_frame(fd, PONG_FRAME, ping->data, ping->len);
    return app_socket_next(fd, is_text);
}
