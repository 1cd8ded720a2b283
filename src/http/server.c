#include "http/server.h"

#include "base/log.h"
#include "base/thread.h"
#include "http/crowd.h"
#include "http/exchange.h"
#include "http/live_socket.h"
#include "http/own_addresses.h"
#include "http/service.h"
#include "http/tls_own_ca.h"
#include "http/tls_renew.h"

#include <arpa/inet.h>
#include <errno.h>
#include <libwebsockets.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct Letter {
    ServiceCall call;
    void *data;
} Letter;

/* Letters to the service thread. `context` is NULL before and after the thread serves. */
typedef struct ServiceBox {
    pthread_mutex_t lock;
    pthread_cond_t filled;
    GArray *letters;        /* Letter */
    atomic_bool filled_now; /* a look that needs no lock: who wakes us may still hold it */
    struct lws_context *context;
} ServiceBox;

struct HttpServer {
    Service service;
    ServiceBox box;
    struct lws_context *context;
    struct lws_vhost *vhost;
    Thread *thread;
    atomic_bool stopping;
    Crowd *crowd; /* connections that clients made */
    bool crowded; /* it was told that there are too many */
    bool busy;    /* something was done since it was set to false; service thread */
    int port;
    char *url;
    OwnCa ca;
    TlsRenew *renew; /* NULL without TLS */
};

/* --- letters --- */

void service_post(Service *service, ServiceCall call, void *data)
{
    ServiceBox *box = service->box;
    Letter letter = {call, data};
    pthread_mutex_lock(&box->lock);
    g_array_append_val(box->letters, letter);
    atomic_store(&box->filled_now, true);
    pthread_cond_signal(&box->filled);
    if (box->context && box->letters->len == 1)
        lws_cancel_service(box->context);
    pthread_mutex_unlock(&box->lock);
}

static void open_letters(ServiceBox *box, bool wait)
{
    if (!atomic_exchange(&box->filled_now, false) && !wait)
        return;
    GArray *fresh = g_array_new(FALSE, FALSE, sizeof(Letter));
    pthread_mutex_lock(&box->lock);
    while (wait && !box->letters->len)
        pthread_cond_wait(&box->filled, &box->lock);
    GArray *letters = box->letters;
    box->letters = fresh;
    pthread_mutex_unlock(&box->lock);
    for (guint i = 0; i < letters->len; i++) {
        Letter *letter = &g_array_index(letters, Letter, i);
        letter->call(letter->data);
    }
    g_array_unref(letters);
}

static void wake_for_live(void *data)
{
    HttpServer *server = data;
    pthread_mutex_lock(&server->box.lock);
    if (server->box.context)
        lws_cancel_service(server->box.context);
    pthread_mutex_unlock(&server->box.lock);
}

/* --- what libwebsockets calls --- */

/* Connections a single address may have: an office behind one address, not a flood. */
enum { CONNECTIONS_OF_ADDRESS = 256 };

static void connection_came(HttpServer *server, struct lws *wsi)
{
    struct sockaddr_storage peer = {0};
    socklen_t size = sizeof peer;
    (void)getpeername(lws_get_socket_fd(wsi), (struct sockaddr *)&peer, &size);
    crowd_enter(server->crowd, wsi, &peer);
}

static int refuse_crowd(HttpServer *server, const struct lws_filter_network_conn_args *client)
{
    if (crowd_has_room(server->crowd, &client->cli_addr))
        return 0;
    if (!server->crowded)
        log_warning("http.crowded", "cause=\"more connections than the server takes\"");
    server->crowded = true;
    return 1;
}

static void connection_gone(HttpServer *server, struct lws *wsi)
{
    crowd_leave(server->crowd, wsi);
    Connection *connection = lws_get_opaque_user_data(wsi);
    if (!connection)
        return;
    lws_set_opaque_user_data(wsi, NULL);
    connection->gone(connection);
}

static void woken(HttpServer *server)
{
    open_letters(&server->box, false);
    live_pump(server->service.api->live);
}

static int on_event(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                    size_t size)
{
    HttpServer *server = lws_context_user(lws_get_context(wsi));
    server->busy |= reason != LWS_CALLBACK_HTTP_BODY_COMPLETION;
    switch (reason) {
    case LWS_CALLBACK_FILTER_NETWORK_CONNECTION:
        return refuse_crowd(server, user);
    case LWS_CALLBACK_SERVER_NEW_CLIENT_INSTANTIATED:
        connection_came(server, wsi);
        return 0;
    case LWS_CALLBACK_HTTP:
        return exchange_begin(&server->service, wsi, in, size);
    case LWS_CALLBACK_HTTP_BODY:
        return exchange_body(wsi, in, size);
    case LWS_CALLBACK_HTTP_BODY_COMPLETION:
        return exchange_body_end(wsi);
    case LWS_CALLBACK_HTTP_WRITEABLE:
        return exchange_writable(wsi);
    case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
        return live_socket_ask(&server->service, wsi);
    case LWS_CALLBACK_ESTABLISHED:
        return live_socket_open(&server->service, wsi);
    case LWS_CALLBACK_RECEIVE:
        return live_socket_text(wsi, in, size);
    case LWS_CALLBACK_SERVER_WRITEABLE:
        return live_socket_writable(wsi);
    case LWS_CALLBACK_TIMER:
        return live_socket_check(wsi);
    case LWS_CALLBACK_EVENT_WAIT_CANCELLED:
        woken(server);
        return 0;
    case LWS_CALLBACK_CLOSED:
    case LWS_CALLBACK_CLOSED_HTTP:
    case LWS_CALLBACK_WSI_DESTROY:
        connection_gone(server, wsi);
        return 0;
    case LWS_CALLBACK_OPENSSL_LOAD_EXTRA_SERVER_VERIFY_CERTS: /* the one call with its SSL_CTX */
        if (server->renew)
            tls_renew_attach(server->renew, user);
        return 0;
    case LWS_CALLBACK_RAW_ADOPT: /* CONNECT, and other ways out of HTTP */
    case LWS_CALLBACK_RAW_RX:
        return -1;
    default:
        return 0;
    }
}

static const struct lws_protocols protocols[] = {
    {.name = "http", .callback = on_event, .rx_buffer_size = 4096, .tx_packet_size = 16 << 20},
    {0},
};

/* Pings what is silent, so that phones that went away are noticed. */
static const lws_retry_bo_t idle_policy = {
    .secs_since_valid_ping = 30,
    .secs_since_valid_hangup = 45,
};

/* What it has to say is about what clients send. */
static void say(int level, const char *line)
{
    g_autofree char *text = g_strchomp(g_strdup(line));
    log_debug("http.lws", "text=\"%s\"", text);
}

/* libwebsockets 4.1 looks again at once, and without end, at a connection that has sent more before
 * its answer is out, or has closed its side. Rounds in which nothing was done are soon slowed down.
 */
enum { IDLE_ROUNDS = 20, NAP_US = 1000 };

static void serve(void *data)
{
    HttpServer *server = data;
    for (unsigned idle = 0; !atomic_load(&server->stopping);) {
        server->busy = false;
        lws_service(server->context, 0);
        idle = server->busy ? 0 : idle + 1;
        if (idle > IDLE_ROUNDS)
            g_usleep(NAP_US);
    }
    pthread_mutex_lock(&server->box.lock);
    server->box.context = NULL;
    pthread_mutex_unlock(&server->box.lock);
    tls_renew_stop(server->renew);
    lws_context_destroy(server->context);
    while (server->service.in_work)
        open_letters(&server->box, true);
}

/* --- starting --- */

static bool is_loopback(const char *host)
{
    return g_str_has_prefix(host, "127.") || strcmp(host, "::1") == 0;
}

bool http_config_check(const HttpConfig *config, GError **error)
{
    if (!g_hostname_is_ip_address(config->host))
        return err_set(error, ERR_INVALID,
                       "the address to listen on must be numeric, such as "
                       "0.0.0.0 or 127.0.0.1, not ‘%s’",
                       config->host);
    if (config->no_tls && !config->behind_proxy && !is_loopback(config->host))
        return err_set(error, ERR_INVALID,
                       "--no-tls would send passwords in the clear: only on "
                       "127.0.0.1, or behind a proxy that ends TLS (--behind-proxy)");
    if (!config->cert_file != !config->key_file)
        return err_set(error, ERR_INVALID,
                       "a certificate needs its key: give both --tls-cert and "
                       "--tls-key");
    return true;
}

/* libwebsockets tells a port that is taken only in its log: try it first. */
bool http_port_check(const HttpConfig *config, GError **error)
{
    struct sockaddr_storage address = {0};
    struct sockaddr_in *v4 = (struct sockaddr_in *)&address;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&address;
    socklen_t size = sizeof *v4;
    if (inet_pton(AF_INET, config->host, &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        v4->sin_port = htons((uint16_t)config->port);
    } else if (inet_pton(AF_INET6, config->host, &v6->sin6_addr) == 1) {
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons((uint16_t)config->port);
        size = sizeof *v6;
    }
    int fd = socket(address.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int on = 1;
    int saved = fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
                        bind(fd, (struct sockaddr *)&address, size) != 0 || listen(fd, 1) != 0
                    ? errno
                    : 0;
    if (fd >= 0)
        close(fd);
    if (saved == EADDRINUSE)
        return err_set(error, ERR_EXISTS,
                       "port %d on %s is taken: stop the other program, or choose "
                       "another with --listen",
                       config->port, config->host);
    return !saved ||
           err_errno(error, saved, "cannot listen on %s port %d", config->host, config->port);
}

static bool set_tls(HttpServer *server, const HttpConfig *config,
                    struct lws_context_creation_info *info, GError **error)
{
    if (config->no_tls)
        return true;
    const char *cert = config->cert_file, *key = config->key_file;
    if (!cert) {
        if (!own_ca_prepare(config->data_dir, config->host, &server->ca, error))
            return false;
        cert = server->ca.cert_file;
        key = server->ca.key_file;
    }
    if (!tls_check_pair(cert, key, error))
        return false;
    const TlsFiles files = {.data_dir = config->cert_file ? NULL : config->data_dir,
                            .host = config->host,
                            .cert_file = cert,
                            .key_file = key,
                            .ca_file = server->ca.ca_pem};
    server->renew = tls_renew_new(&server->service, &files, error);
    if (!server->renew)
        return false;
    info->options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
    info->ssl_cert_filepath = cert;
    info->ssl_private_key_filepath = key;
    info->alpn = "http/1.1";
    return true;
}

static bool start_context(HttpServer *server, const HttpConfig *config, GError **error)
{
    struct lws_context_creation_info info = {
        .port = config->port,
        .iface = config->host,
        .protocols = protocols,
        .user = server,
        .gid = -1,
        .uid = -1,
        .options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS | LWS_SERVER_OPTION_FAIL_UPON_UNABLE_TO_BIND |
                   LWS_SERVER_OPTION_DISABLE_OS_CA_CERTS,
        .vhost_name = "vonglau",
        .max_http_header_data2 = 16384,
        .pt_serv_buf_size = 16384,
        .timeout_secs = EXCHANGE_REQUEST_S,
        .keepalive_timeout = 60,
        .retry_and_idle_policy = &idle_policy,
        .pcontext = &server->context,
    };
    if (!strchr(config->host, ':'))
        info.options |= LWS_SERVER_OPTION_DISABLE_IPV6;
    if (!set_tls(server, config, &info, error))
        return false;
    server->context = lws_create_context(&info);
    server->vhost = server->context ? lws_create_vhost(server->context, &info) : NULL;
    if (!server->vhost)
        return err_set(error, ERR_IO, "the server cannot listen on %s port %d", config->host,
                       config->port);
    server->port = lws_get_vhost_listen_port(server->vhost);
    if (server->renew)
        tls_renew_start(server->renew, server->context);
    return true;
}

static void set_service(HttpServer *server, const HttpConfig *config, ApiContext *api)
{
    Service *service = &server->service;
    service->api = api;
    service->box = &server->box;
    service->behind_proxy = config->behind_proxy;
    service->secure_cookies = !config->no_tls || config->behind_proxy;
    service->scheme = config->behind_proxy ? NULL : config->no_tls ? "http" : "https";
    api->tls = service->secure_cookies;
    pthread_mutex_init(&server->box.lock, NULL);
    pthread_cond_init(&server->box.filled, NULL);
    server->box.letters = g_array_new(FALSE, FALSE, sizeof(Letter));
    server->crowd = crowd_new(config->connections_most ? config->connections_most
                                                       : (unsigned)getdtablesize() / 2,
                              config->behind_proxy ? 0 : CONNECTIONS_OF_ADDRESS);
}

static void server_free(HttpServer *server)
{
    static_files_free(server->service.files);
    tls_renew_free(server->renew);
    own_ca_clear(&server->ca);
    g_array_unref(server->box.letters);
    pthread_cond_destroy(&server->box.filled);
    pthread_mutex_destroy(&server->box.lock);
    crowd_free(server->crowd);
    g_free(server->url);
    g_free(server);
}

HttpServer *http_server_start(const HttpConfig *config, ApiContext *api, GError **error)
{
    lws_set_log_level(LLL_ERR | LLL_WARN, say);
    if (!http_config_check(config, error) || !http_port_check(config, error))
        return NULL;
    HttpServer *server = g_new0(HttpServer, 1);
    set_service(server, config, api);
    if ((config->web_dir && !(server->service.files = static_files_new(config->web_dir, error))) ||
        !start_context(server, config, error)) {
        if (server->context)
            lws_context_destroy(server->context);
        api->ca_file = NULL;
        server_free(server);
        return NULL;
    }
    g_autofree char *address = own_address_to_tell(config->host);
    bool v6 = strchr(address, ':') != NULL;
    server->url = g_strdup_printf("%s://%s%s%s:%d", config->no_tls ? "http" : "https",
                                  v6 ? "[" : "", address, v6 ? "]" : "", server->port);
    server->box.context = server->context;
    api->certificate = server->renew;
    const LiveTransport transport = {wake_for_live, live_socket_ready, live_socket_lag_us, server};
    live_attach(api->live, &transport);
    server->thread = thread_start("http", serve, server);
    return server;
}

int http_server_port(const HttpServer *server)
{
    return server->port;
}

const char *http_server_url(const HttpServer *server)
{
    return server->url;
}

const char *http_server_ca(const HttpServer *server)
{
    return server->ca.ca_pem;
}

void http_server_look_at_certificate(HttpServer *server)
{
    if (server->renew)
        tls_renew_look(server->renew);
}

void http_server_stop(HttpServer *server)
{
    if (!server)
        return;
    atomic_store(&server->stopping, true);
    wake_for_live(server);
    thread_join(server->thread);
    live_attach(server->service.api->live, NULL);
    server->service.api->ca_file = NULL;
    server->service.api->certificate = NULL;
    server_free(server);
}
