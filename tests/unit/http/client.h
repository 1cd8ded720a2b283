/* client.h — a small HTTP client over a raw socket, so that tests can send what no library would.
 */
#pragma once

#include <glib.h>
#include <stddef.h>

typedef struct Answer {
    int status;
    char *head;     /* owned; status line and headers */
    GString *body;  /* owned; what Content-Length tells, or up to the end */
    gboolean whole; /* all that Content-Length tells has come */
} Answer;

void answer_clear(Answer *answer);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Answer, answer_clear)

/* Value of a header, owned; NULL: not there. */
char *answer_header(const Answer *answer, const char *name);

int client_connect(int port);
void client_send(int fd, const char *text);
/* Reads one answer; `head`: to a HEAD request. Status 0: the server hung up. */
void client_read(int fd, gboolean head, Answer *answer);

/* One request on a connection of its own: "GET /path", headers each ended by \r\n, body or NULL. */
void client_ask(int port, const char *what, const char *headers, const char *body, Answer *answer);
