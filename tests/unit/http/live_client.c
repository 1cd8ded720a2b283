#include "live_client.h"

#include "base/bytes.h"
#include "client.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

int open_served(void **state)
{
    house_open(state);
    House *house = *state;
    HttpConfig config = {.host = "127.0.0.1", .no_tls = true, .data_dir = house->folder};
    house_serve(house, &config);
    return 0;
}

int port_of(House *house)
{
    return http_server_port(house->server);
}

/* Asks for the upgrade; the answer's status. */
int upgrade(int fd, const char *path, const char *headers)
{
    g_autofree char *text = g_strdup_printf(
        "GET %s HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        "%s\r\n",
        path, headers);
    client_send(fd, text);
    g_autoptr(GString) head = g_string_new(NULL);
    char c;
    while (!strstr(head->str, "\r\n\r\n") && recv(fd, &c, 1, 0) == 1)
        g_string_append_c(head, c);
    return head->len > 9 ? atoi(head->str + 9) : 0;
}

int open_with(House *house, const char *token)
{
    g_autofree char *cookie = g_strdup_printf("Cookie: session=%s\r\n", token);
    int fd = client_connect(port_of(house));
    assert_int_equal(upgrade(fd, "/api/v1/live", cookie), 101);
    return fd;
}

int open_viewer(House *house)
{
    g_autofree char *token = house_session(house, ROLE_OFFICER);
    return open_with(house, token);
}

/* A masked text frame (RFC 6455 §5.2) of less than 65536 bytes. */
void send_text(int fd, const char *text)
{
    g_auto(ByteWriter) frame = {0};
    size_t size = strlen(text);
    static const uint8_t mask[4] = {1, 2, 3, 4};
    write_u8(&frame, 0x81);
    write_u8(&frame, 0x80 | 126);
    write_u16(&frame, (uint16_t)size);
    write_bytes(&frame, mask, 4);
    for (size_t i = 0; i < size; i++)
        write_u8(&frame, (uint8_t)(text[i] ^ mask[i % 4]));
    assert_int_equal(send(fd, frame.data, frame.size, MSG_NOSIGNAL), frame.size);
}

static bool read_all(int fd, void *data, size_t size)
{
    for (size_t got = 0; got < size;) {
        ssize_t n = recv(fd, (char *)data + got, size - got, 0);
        if (n <= 0)
            return false;
        got += (size_t)n;
    }
    return true;
}

/* The next frame's payload, owned; its opcode in `*opcode`; NULL: hung up. */
Buffer *read_frame(int fd, unsigned *opcode)
{
    uint8_t head[2], more[8];
    if (!read_all(fd, head, 2))
        return NULL;
    *opcode = head[0] & 15;
    uint64_t size = head[1];
    if (size == 126 && read_all(fd, more, 2))
        size = get_u16(more);
    else if (size == 127 && read_all(fd, more, 8))
        size = get_u64(more);
    Buffer *payload = buffer_new(size);
    if (!read_all(fd, payload->data, size))
        g_clear_pointer(&payload, buffer_unref);
    return payload;
}

void subscribe(House *house, int fd)
{
    char id[UUID_TEXT];
    g_autofree char *text =
        g_strdup_printf("{\"op\":\"subscribe\",\"camera\":\"%s\",\"stream\":\"main\"}",
                        uuid_text(&house->camera, id));
    send_text(fd, text);
}

void expect_op(int fd, const char *op)
{
    unsigned opcode;
    g_autoptr(Buffer) frame = read_frame(fd, &opcode);
    assert_non_null(frame);
    assert_int_equal(opcode, 1);
    g_autoptr(Json) json = json_parse((const char *)frame->data, frame->size, NULL);
    assert_string_equal(json_string_value(json_object_get(json, "op")), op);
}

/* The next message of the op; NULL: none comes within so many seconds. */
Json *read_op_within(int fd, const char *op, int seconds)
{
    unsigned opcode;
    struct timeval most = {.tv_sec = seconds};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &most, sizeof most);
    for (;;) {
        g_autoptr(Buffer) frame = read_frame(fd, &opcode);
        if (!frame)
            return NULL;
        g_autoptr(Json) json =
            opcode == 1 ? json_parse((const char *)frame->data, frame->size, NULL) : NULL;
        if (json && strcmp(json_string_value(json_object_get(json, "op")), op) == 0)
            return g_steal_pointer(&json);
    }
}

const char *member(const Json *json, const char *name)
{
    return json_string_value(json_object_get(json, name));
}
