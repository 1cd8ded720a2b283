#include "camera/wire.h"

#include "base/clock.h"

#include <arpa/inet.h>
#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* What TLS takes from the socket at once; records are at most 16 KiB (RFC 8446 §5.1). */
enum { READ_AHEAD_BYTES = 64 * 1024 };

struct WireTls {
    SSL_CTX *context;
    BIO_METHOD *socket; /* reads with the time of receipt */
};

struct Wire {
    int fd;
    SSL *ssl; /* NULL: plain */
    char *host;
    char accepted[SHA256_HEX], shown[SHA256_HEX];
    int64_t arrival_us;
    bool at_end;    /* of the socket */
    bool wants_out; /* TLS waits for room */
    int broken;     /* errno of the socket beneath TLS */
    CameraTrouble trouble;
    char *cause;
};

/* ---- the socket ---- */

int64_t wire_stamp_us(const struct msghdr *message)
{
    for (struct cmsghdr *part = CMSG_FIRSTHDR(message); part;
         part = CMSG_NXTHDR((struct msghdr *)message, part)) {
        if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_TIMESTAMPNS)
            continue;
        struct timespec stamp;
        memcpy(&stamp, CMSG_DATA(part), sizeof stamp);
        return clock_from_wall_us((int64_t)stamp.tv_sec * SECOND_US + stamp.tv_nsec / 1000);
    }
    return clock_now_us();
}

static ssize_t receive(Wire *wire, void *data, size_t room)
{
    struct iovec part = {data, room};
    char control[CMSG_SPACE(sizeof(struct timespec))];
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = control,
                             .msg_controllen = sizeof control};
    ssize_t got = recvmsg(wire->fd, &message, 0);
    if (got > 0)
        wire->arrival_us = wire_stamp_us(&message);
    return got;
}

static bool is_later(int trouble)
{
    return trouble == EAGAIN || trouble == EINTR;
}

static int socket_read(BIO *bio, char *data, int room)
{
    Wire *wire = BIO_get_data(bio);
    BIO_clear_retry_flags(bio);
    ssize_t got = receive(wire, data, (size_t)room);
    if (got < 0 && is_later(errno))
        BIO_set_retry_read(bio);
    else if (got <= 0)
        wire->at_end = true;
    if (got < 0 && wire->at_end)
        wire->broken = errno;
    return (int)got;
}

static int socket_write(BIO *bio, const char *data, int size)
{
    Wire *wire = BIO_get_data(bio);
    BIO_clear_retry_flags(bio);
    ssize_t part = send(wire->fd, data, (size_t)size, MSG_NOSIGNAL);
    if (part < 0 && is_later(errno))
        BIO_set_retry_write(bio);
    else if (part < 0)
        wire->broken = errno;
    return (int)part;
}

static long socket_control(BIO *bio, int command, long number, void *pointer)
{
    return command == BIO_CTRL_FLUSH;
}

/* ---- certificates ---- */

static void fail(Wire *wire, CameraTrouble trouble, char *cause)
{
    g_free(wire->cause);
    wire->cause = cause;
    wire->trouble = trouble;
}

static void tell_certificate(Wire *wire, X509_STORE_CTX *store)
{
    if (*wire->accepted)
        fail(wire, TROUBLE_CERTIFICATE,
             g_strdup_printf("the camera shows another certificate than the one accepted; accept "
                             "its fingerprint only if you know why it changed: %s",
                             wire->shown));
    else
        fail(wire, TROUBLE_CERTIFICATE,
             g_strdup_printf("the camera's certificate is not trusted (%s); if it is the camera's "
                             "own, accept its fingerprint: %s",
                             X509_verify_cert_error_string(X509_STORE_CTX_get_error(store)),
                             wire->shown));
}

static int verify(X509_STORE_CTX *store, void *unused)
{
    const SSL *ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
    Wire *wire = SSL_get_app_data(ssl);
    const X509 *leaf = X509_STORE_CTX_get0_cert(store);
    uint8_t digest[SHA256_BYTES];
    if (!leaf || !X509_digest(leaf, EVP_sha256(), digest, NULL))
        return 0;
    hex_encode(digest, sizeof digest, wire->shown);
    bool good =
        *wire->accepted ? strcmp(wire->accepted, wire->shown) == 0 : X509_verify_cert(store) == 1;
    if (good) {
        X509_STORE_CTX_set_error(store, X509_V_OK);
        return 1;
    }
    if (*wire->accepted)
        X509_STORE_CTX_set_error(store, X509_V_ERR_CERT_REJECTED);
    tell_certificate(wire, store);
    return 0;
}

/* The name that the certificate must be for. */
static void expect_host(SSL *ssl, const char *host)
{
    uint8_t address[16];
    if (inet_pton(AF_INET, host, address) == 1 || strchr(host, ':')) {
        X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host);
        return;
    }
    SSL_set1_host(ssl, host);
    SSL_set_tlsext_host_name(ssl, host);
}

/* ---- life ---- */

WireTls *wire_tls_new(void)
{
    WireTls *tls = g_new0(WireTls, 1);
    tls->context = SSL_CTX_new(TLS_client_method());
    tls->socket = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "camera");
    if (!tls->context || !tls->socket)
        g_error("no memory for TLS");
    BIO_meth_set_read(tls->socket, socket_read);
    BIO_meth_set_write(tls->socket, socket_write);
    BIO_meth_set_ctrl(tls->socket, socket_control);
    SSL_CTX_set_min_proto_version(tls->context, TLS1_2_VERSION);
    SSL_CTX_set_default_verify_paths(tls->context);
    SSL_CTX_set_verify(tls->context, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_cert_verify_callback(tls->context, verify, NULL);
    SSL_CTX_set_read_ahead(tls->context, 1);
    SSL_CTX_set_default_read_buffer_len(tls->context, READ_AHEAD_BYTES);
    SSL_CTX_set_mode(tls->context, SSL_MODE_ENABLE_PARTIAL_WRITE |
                                       SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                       SSL_MODE_RELEASE_BUFFERS);
    return tls;
}

void wire_tls_free(WireTls *tls)
{
    if (!tls)
        return;
    SSL_CTX_free(tls->context);
    BIO_meth_free(tls->socket);
    g_free(tls);
}

Wire *wire_new(int fd)
{
    Wire *wire = g_new0(Wire, 1);
    wire->fd = fd;
    return wire;
}

Wire *wire_new_tls(int fd, WireTls *tls, const char *host, const char *fingerprint)
{
    Wire *wire = wire_new(fd);
    wire->host = g_strdup(host);
    wire->ssl = SSL_new(tls->context);
    BIO *bio = BIO_new(tls->socket);
    if (!wire->ssl || !bio)
        g_error("no memory for TLS");
    BIO_set_data(bio, wire);
    BIO_set_init(bio, 1);
    SSL_set_bio(wire->ssl, bio, bio);
    SSL_set_app_data(wire->ssl, wire);
    SSL_set_connect_state(wire->ssl);
    expect_host(wire->ssl, host);
    if (fingerprint) {
        g_strlcpy(wire->accepted, fingerprint, sizeof wire->accepted);
        /* It names one key, whose strength a person has agreed to: many cameras have 1024 bits. */
        SSL_set_security_level(wire->ssl, 1);
    }
    return wire;
}

void wire_free(Wire *wire)
{
    if (!wire)
        return;
    if (wire->ssl && SSL_is_init_finished(wire->ssl))
        SSL_shutdown(wire->ssl);
    SSL_free(wire->ssl);
    ERR_clear_error();
    close(wire->fd);
    g_free(wire->host);
    g_free(wire->cause);
    g_free(wire);
}

/* ---- reading and writing ---- */

/* Why TLS gave up, unless that was told already. */
static void tell_failure(Wire *wire)
{
    unsigned long error = ERR_peek_error();
    const char *reason = ERR_reason_error_string(error);
    if (wire->trouble != TROUBLE_NONE)
        return;
    if (wire_shakes_hands(wire) && ERR_GET_REASON(error) == SSL_R_WRONG_VERSION_NUMBER)
        fail(wire, TROUBLE_NOT_RTSP,
             g_strdup_printf("what listens at %s does not speak TLS there; check the port, or use "
                             "an rtsp:// address",
                             wire->host));
    else
        fail(wire, TROUBLE_PROTOCOL,
             g_strdup_printf("TLS with the camera failed (%s); look for newer firmware",
                             reason ? reason : "not told"));
}

/* What stands for `errno` after a call of TLS that gave nothing. */
static ssize_t no_bytes(Wire *wire, int result)
{
    int why = SSL_get_error(wire->ssl, result);
    wire->wants_out = why == SSL_ERROR_WANT_WRITE;
    errno = EAGAIN;
    if (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE)
        return -1;
    if (why == SSL_ERROR_ZERO_RETURN)
        return 0;
    if (wire->trouble == TROUBLE_NONE && (wire->broken || wire->at_end)) {
        errno = wire->broken;
        return wire->broken ? -1 : 0;
    }
    tell_failure(wire);
    errno = EPROTO;
    return -1;
}

ssize_t wire_read(Wire *wire, void *data, size_t room)
{
    if (!wire->ssl)
        return receive(wire, data, room);
    size_t used = 0, part;
    int result = 1;
    ERR_clear_error();
    while (used < room &&
           (result = SSL_read_ex(wire->ssl, (uint8_t *)data + used, room - used, &part)) == 1)
        used += part;
    if (used) /* what ended it comes again with the next read */
        return (ssize_t)used;
    return no_bytes(wire, result);
}

ssize_t wire_write(Wire *wire, const void *data, size_t size)
{
    if (!wire->ssl)
        return send(wire->fd, data, size, MSG_NOSIGNAL);
    size_t part;
    ERR_clear_error();
    int result = SSL_write_ex(wire->ssl, data, size, &part);
    if (result == 1)
        return (ssize_t)part;
    ssize_t told = no_bytes(wire, result);
    if (told == 0) /* the other end has closed */
        errno = EPIPE;
    return -1;
}

/* ---- facts ---- */

int wire_fd(const Wire *wire)
{
    return wire->fd;
}

void wire_peer(const Wire *wire, char address[NI_MAXHOST])
{
    struct sockaddr_storage peer;
    socklen_t size = sizeof peer;
    address[0] = '\0';
    if (getpeername(wire->fd, (struct sockaddr *)&peer, &size) == 0)
        (void)getnameinfo((struct sockaddr *)&peer, size, address, NI_MAXHOST, NULL, 0,
                          NI_NUMERICHOST);
}

bool wire_wants_out(const Wire *wire)
{
    return wire->wants_out;
}

bool wire_shakes_hands(const Wire *wire)
{
    return wire->ssl && !SSL_is_init_finished(wire->ssl);
}

int64_t wire_arrival_us(const Wire *wire)
{
    return wire->arrival_us;
}

CameraTrouble wire_trouble(const Wire *wire, const char **cause)
{
    *cause = wire->cause;
    return wire->trouble;
}

const char *wire_fingerprint(const Wire *wire)
{
    return wire->shown;
}
