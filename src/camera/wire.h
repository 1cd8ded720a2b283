/* wire.h — the bytes of a connection to a camera: plain, or through TLS (`rtsps`, RFC 7826 §19).
 *
 * A certificate is good when the system trusts it for the host's name; or, where a fingerprint was
 * accepted for the camera, when it is exactly that one (docs/design/decisions/051). Nothing is sent
 * before it was found good. Never blocks. Ingest thread only.
 */
#pragma once

#include "base/digest.h"
#include "camera/cameras.h"

#include <netdb.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>

typedef struct Wire Wire;
typedef struct WireTls WireTls; /* what the wires of one loop share */

WireTls *wire_tls_new(void);
void wire_tls_free(WireTls *tls); /* after its wires; NULL is allowed */

/* Takes `fd`, a connected socket that does not block. */
Wire *wire_new(int fd);
/* The same through TLS. Borrows `tls` for the wire's life, `host` and `fingerprint` (64 lower-case
 * hex digits, NULL: none accepted) until return. The handshake is done by reads and writes. */
Wire *wire_new_tls(int fd, WireTls *tls, const char *host, const char *fingerprint);
void wire_free(Wire *wire); /* closes; NULL is allowed */

int wire_fd(const Wire *wire);
/* The numeric address of the other end; "" when it is not known. */
void wire_peer(const Wire *wire, char address[NI_MAXHOST]);

/* As recv() and send(): bytes, 0 at the end, −1 with `errno`: EAGAIN, EINTR, or what broke the
 * connection; EPROTO: wire_trouble() says it. A read gives all that has come, as far as there is
 * room. */
ssize_t wire_read(Wire *wire, void *data, size_t room);
ssize_t wire_write(Wire *wire, const void *data, size_t size);

/* Whether TLS waits for room to send something of its own. */
bool wire_wants_out(const Wire *wire);
/* Whether TLS is used, and its handshake is not over. */
bool wire_shakes_hands(const Wire *wire);

/* The kernel's time of receipt of the last bytes read, on the node's clock. */
int64_t wire_arrival_us(const Wire *wire);

/* The kernel's time of receipt of what recvmsg() gave, on the node's clock. */
int64_t wire_stamp_us(const struct msghdr *message);

/* Why TLS failed: TROUBLE_NONE when it did not; `*cause` is borrowed. */
CameraTrouble wire_trouble(const Wire *wire, const char **cause);

/* SHA-256 of the certificate that was shown, in hex; "" when none was. */
const char *wire_fingerprint(const Wire *wire);
