/* live_client.h — a client of WS /live over a raw socket, so that tests can send what no library
 * would. Whatever is not as it should be fails the test.
 */
#pragma once

#include "base/buffer.h"
#include "base/json.h"
#include "house.h"

/* Setup of cmocka: a house that is served without TLS. */
int open_served(void **state);
int port_of(House *house);

/* Asks for the upgrade; the answer's status. */
int upgrade(int fd, const char *path, const char *headers);

/* A socket of the session with this token; one of a new officer. */
int open_with(House *house, const char *token);
int open_viewer(House *house);

/* A masked text frame (RFC 6455 §5.2) of less than 65536 bytes. */
void send_text(int fd, const char *text);

/* The next frame's payload, owned; its opcode in `*opcode`; NULL: hung up. */
Buffer *read_frame(int fd, unsigned *opcode);

/* Asks for the main stream of the house's camera. */
void subscribe(House *house, int fd);

/* The next message is of this op. */
void expect_op(int fd, const char *op);

/* The next message of the op, owned; NULL: none comes within so many seconds. */
Json *read_op_within(int fd, const char *op, int seconds);

/* A text of a message, borrowed. */
const char *member(const Json *json, const char *name);
