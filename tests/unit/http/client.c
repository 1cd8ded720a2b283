#include "client.h"

#include "unit.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

void answer_clear(Answer *answer)
{
    g_free(answer->head);
    if (answer->body)
        g_string_free(answer->body, TRUE);
    *answer = (Answer){0};
}

char *answer_header(const Answer *answer, const char *name)
{
    g_autofree char *wanted = g_strdup_printf("\r\n%s:", name);
    g_autofree char *lower = g_ascii_strdown(answer->head, -1);
    const char *at = strstr(lower, wanted);
    if (!at)
        return NULL;
    const char *value = answer->head + (at - lower) + strlen(wanted);
    return g_strstrip(g_strndup(value, strcspn(value, "\r\n")));
}

int client_connect(int port)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    struct timeval patience = {.tv_sec = 10};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

void client_send(int fd, const char *text)
{
    size_t size = strlen(text);
    for (size_t sent = 0; sent < size;) {
        ssize_t n = send(fd, text + sent, size - sent, MSG_NOSIGNAL);
        if (n <= 0)
            return;
        sent += (size_t)n;
    }
}

/* No more than `most` bytes: what is behind belongs to the next answer. */
static gboolean more(int fd, GString *text, gsize most)
{
    char piece[65536];
    ssize_t got = recv(fd, piece, MIN(most, sizeof piece), 0);
    if (got > 0)
        g_string_append_len(text, piece, got);
    return got > 0;
}

void client_read(int fd, gboolean head, Answer *answer)
{
    *answer = (Answer){.body = g_string_new(NULL)};
    char *end;
    while (!(end = strstr(answer->body->str, "\r\n\r\n")))
        if (!more(fd, answer->body, 1))
            return;
    answer->head = g_strndup(answer->body->str, (gsize)(end - answer->body->str));
    g_string_erase(answer->body, 0, end + 4 - answer->body->str);
    answer->status = atoi(answer->head + strlen("HTTP/1.1 "));
    g_autofree char *length = answer_header(answer, "content-length");
    gsize wanted = head || !length ? 0 : strtoull(length, NULL, 10);
    while (answer->body->len < wanted && more(fd, answer->body, wanted - answer->body->len))
        continue;
    answer->whole = answer->body->len == wanted;
}

void client_ask(int port, const char *what, const char *headers, const char *body, Answer *answer)
{
    int fd = client_connect(port);
    g_autofree char *length =
        body ? g_strdup_printf("Content-Type: application/json\r\nContent-Length: %zu\r\n",
                               strlen(body))
             : g_strdup("");
    g_autofree char *text = g_strdup_printf("%s HTTP/1.1\r\nHost: localhost:%d\r\n%s%s\r\n%s", what,
                                            port, headers, length, body ? body : "");
    client_send(fd, text);
    client_read(fd, g_str_has_prefix(what, "HEAD"), answer);
    close(fd);
}
