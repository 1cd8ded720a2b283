/* tls_renew.h — which certificate a running server shows, and how it changes without a restart.
 *
 * Given files (command line, configuration) come first; then what was taken in the app,
 * DATA/keys/site-tls.pem (key and chain, mode 0600); then the leaf of our own authority, made anew
 * in time. Once an hour it is looked whether they were renewed. Connections that are open keep the
 * certificate they began with. Files are read on the pool; the service thread only swaps.
 */
#pragma once

#include "http/service.h"
#include "http/tls_pair.h"

struct lws_context;

typedef struct TlsRenew TlsRenew;

typedef enum TlsSource {
    TLS_GIVEN, /* by files that somebody else looks after */
    TLS_TAKEN, /* in the app */
    TLS_OWN,   /* of our own authority */
} TlsSource;

typedef struct TlsFiles {
    const char *data_dir; /* of our own authority, and of what is taken; NULL: files are given */
    const char *host;     /* as for own_ca_prepare() */
    const char *cert_file, *key_file; /* given ones, or of our own leaf */
    const char *ca_file;              /* of our own authority; borrowed for life */
} TlsFiles;

/* Texts are copied, but for `ca_file`. Blocking, before the service thread runs. NULL: what is
 * given cannot be used. */
TlsRenew *tls_renew_new(Service *service, const TlsFiles *files, GError **error);

/* What was taken last is given to each handshake of `ssl_ctx`. Before the service thread runs. */
void tls_renew_attach(TlsRenew *renew, SSL_CTX *ssl_ctx);
void tls_renew_start(TlsRenew *renew, struct lws_context *context);

/* Looks now. Any thread, while the service thread runs. */
void tls_renew_look(TlsRenew *renew);

/* Takes `pair` in its stead, or (NULL) goes back to our own. New connections see it before this
 * call's letter to the service thread is followed by another. ERR_DENIED: files are given.
 * Blocking, on the pool. */
bool tls_renew_take(TlsRenew *renew, const TlsPair *pair, GError **error);

/* When the certificate that is shown now ends, from memory. Any thread. */
int64_t tls_renew_ends_us(const TlsRenew *renew);

/* What is shown now, read anew. Returns owned, or NULL. Blocking, on the pool. */
TlsPair *tls_renew_read(TlsRenew *renew, TlsSource *source, GError **error);

void tls_renew_stop(TlsRenew *renew); /* service thread, before the context goes; NULL is allowed */
void tls_renew_free(TlsRenew *renew); /* after it; NULL is allowed */
