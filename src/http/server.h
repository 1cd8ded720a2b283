/* server.h — the network face of the server: HTTPS or HTTP, the API, the app's files, WS /live.
 *
 * One service thread (libwebsockets) owns all sockets and touches neither disk nor SQL: a request
 * that is complete goes to the pool of the ApiContext, its answer comes back by a queue. Bodies of
 * any size are read on the pool piece by piece, as fast as the client takes them.
 */
#pragma once

#include "base/error.h"
#include "http/api/context.h"

typedef struct HttpServer HttpServer;

typedef struct HttpConfig {
    const char *host;      /* numeric address to listen on: "127.0.0.1", "0.0.0.0", "::" */
    int port;              /* 0: any that is free, see http_server_port() */
    const char *data_dir;  /* DATA: its keys/ holds our own certificate authority */
    const char *cert_file; /* PEM files of a given certificate; NULL: by our own authority */
    const char *key_file;
    bool no_tls;               /* plain HTTP; refused beyond loopback unless behind_proxy */
    bool behind_proxy;         /* a proxy on this machine ends TLS: believe its X-Forwarded-For */
    const char *web_dir;       /* files of the app; NULL: none */
    unsigned connections_most; /* at a time; 0: half of the descriptors the process may have */
} HttpConfig;

/* Whether the server could be started so, but for the port: ERR_INVALID says what is wrong. */
bool http_config_check(const HttpConfig *config, GError **error);

/* Whether the port is free now; ERR_EXISTS when it is taken. */
bool http_port_check(const HttpConfig *config, GError **error);

/* Binds and starts the service thread. `config` is borrowed, `api` must outlive the server and has
 * `live` and `pool` set. NULL on error: ERR_EXISTS when the port is taken, ERR_INVALID for a
 * configuration that is refused, others from reading the certificate. */
HttpServer *http_server_start(const HttpConfig *config, ApiContext *api, GError **error);

int http_server_port(const HttpServer *server);

/* "https://127.0.0.1:8443", what to tell people. */
const char *http_server_url(const HttpServer *server);

/* File of our own authority's certificate, to install on phones; NULL with a given one. */
const char *http_server_ca(const HttpServer *server);

/* Looks at once whether the certificate's files were renewed, instead of within the hour. */
void http_server_look_at_certificate(HttpServer *server);

/* Closes all connections and joins the service thread; answers in the making are dropped.
 * NULL is allowed. */
void http_server_stop(HttpServer *server);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HttpServer, http_server_stop)
