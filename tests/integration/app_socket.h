/* app_socket.h — the socket of the live API as an open app has it (docs/reference/live.md). */
#pragma once

#include "cameras_api.h"

/* Fails the test when it is refused; what does not come within `most_ms` fails it later. Closed by
 * close(). */
int app_socket_open(const Api *api, int most_ms);

/* The same by a socket `fd` of one's own, to the server's port at `address`. */
void app_socket_connect(int fd, const char *address, const Api *api, int most_ms);

void app_socket_send(int fd, const char *text);

/* The payload of the next frame. Returns owned. */
GByteArray *app_socket_next(int fd, bool *is_text);
