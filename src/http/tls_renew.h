/* tls_renew.h — the certificate of a running server is looked after once an hour: our own leaf is
 * made anew in time, and files that someone renewed are taken up, without a restart.
 *
 * Connections that are open keep the certificate they began with. Looking is done on the pool; the
 * service thread reads the two small files only when they have changed.
 */
#pragma once

#include "http/service.h"

struct lws_context;

typedef struct TlsRenew TlsRenew;

/* `own_data_dir` and `host` as for own_ca_prepare(), NULL when the files are given ones. All texts
 * are copied. Before the service thread runs. */
TlsRenew *tls_renew_new(Service *service, struct lws_context *context, const char *own_data_dir,
                        const char *host, const char *cert_file, const char *key_file);

/* Looks now. Any thread, while the service thread runs. */
void tls_renew_look(TlsRenew *renew);

void tls_renew_stop(TlsRenew *renew); /* service thread, before the context goes; NULL is allowed */
void tls_renew_free(TlsRenew *renew); /* when nothing of it is on the pool; NULL is allowed */
