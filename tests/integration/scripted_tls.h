/* scripted_tls.h — certificates of the test's own making, and TLS as a scripted camera does it. */
#pragma once

#include "scripted_camera.h"

#include <openssl/ssl.h>

typedef struct ScriptedTls ScriptedTls;

/* Makes an authority, once, and writes its certificate to `path` (PEM). Before the first camera. */
void scripted_tls_authority(const char *path);

ScriptedTls *scripted_tls_new(const ScriptTls *script);
void scripted_tls_free(ScriptedTls *tls); /* NULL is allowed */
const char *scripted_tls_fingerprint(const ScriptedTls *tls);

/* Whether the first byte that comes begins a handshake. Waits for it. */
bool scripted_tls_asked(int fd);

/* Blocks until the handshake is over. Returns owned, or NULL when the client did not like it. */
SSL *scripted_tls_accept(const ScriptedTls *tls, int fd);
