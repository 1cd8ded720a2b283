#include "http/tls_renew.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/secret.h"
#include "base/turn.h"
#include "http/tls_own_ca.h"

#include <errno.h>
#include <libwebsockets.h>
#include <openssl/ssl.h>
#include <string.h>
#include <unistd.h>

#define LOOK_US (INT64_C(3600) * 1000000)
#define SOON_US (30 * DAY_US)

struct TlsRenew {
    lws_sorted_usec_list_t timer; /* service thread */
    Service *service;
    struct lws_context *context; /* NULL: stopped; service thread */
    char *own_data_dir, *host, *cert_file, *key_file, *taken_file;
    const char *ca_file;
    bool looking;            /* service thread */
    TlsPair *pair;           /* shown; service thread */
    uint64_t shown;          /* by which reading; service thread */
    _Atomic int64_t ends_us; /* when what is shown does; any thread */
    uint64_t reads;          /* guarded by the turn */
    Turn change;             /* who reads and writes the files */
};

/* A pair on its way to the service thread; owns it. */
typedef struct Swap {
    TlsRenew *renew;
    TlsPair *pair;
    TlsSource source;
    uint64_t reading;
    bool of_look;
} Swap;

/* ---- reading ---- */

/* One that has expired is still shown, and warned of; a file that is damaged is told, and our own
 * is shown. */
static TlsPair *read_taken(TlsRenew *renew)
{
    if (!renew->taken_file || access(renew->taken_file, F_OK) != 0)
        return NULL;
    g_autoptr(GError) error = NULL;
    TlsPair *pair = tls_pair_read_files(renew->taken_file, renew->taken_file, &error);
    if (!pair)
        log_error("tls.taken", "cause=\"%s\" advice=\"our own certificate is shown instead\"",
                  error->message);
    return pair;
}

/* Within a turn. */
static TlsPair *read_now(TlsRenew *renew, TlsSource *source, GError **error)
{
    g_auto(OwnCa) ca = {0};
    TlsPair *taken = read_taken(renew);
    *source = taken ? TLS_TAKEN : renew->own_data_dir ? TLS_OWN : TLS_GIVEN;
    if (taken)
        return taken;
    if (renew->own_data_dir && !own_ca_prepare(renew->own_data_dir, renew->host, &ca, error))
        return NULL;
    return tls_pair_read_files(renew->cert_file, renew->key_file, error);
}

TlsPair *tls_renew_read(TlsRenew *renew, TlsSource *source, GError **error)
{
    turn_begin(&renew->change);
    TlsPair *pair = read_now(renew, source, error);
    turn_end(&renew->change);
    return pair;
}

/* ---- showing ---- */

static int give(SSL *ssl, void *data)
{
    TlsRenew *renew = data;
    return tls_pair_use(renew->pair, ssl);
}

void tls_renew_attach(TlsRenew *renew, SSL_CTX *ssl_ctx)
{
    SSL_CTX_set_cert_cb(ssl_ctx, give, renew);
}

int64_t tls_renew_ends_us(const TlsRenew *renew)
{
    return atomic_load(&renew->ends_us);
}

/* HSTS for what any browser trusts only, and for what cannot be taken back by a tap. */
static void tell_service(TlsRenew *renew, TlsSource source)
{
    g_auto(TlsFacts) facts = {0};
    tls_pair_facts(renew->pair, &facts);
    atomic_store(&renew->ends_us, facts.to_us);
    atomic_store(&renew->service->public_certificate, source == TLS_GIVEN && facts.is_public);
    atomic_store(&renew->service->api->ca_file, source == TLS_OWN ? renew->ca_file : NULL);
}

static void warn_of_end(const TlsPair *pair, TlsSource source)
{
    g_auto(TlsFacts) facts = {0};
    tls_pair_facts(pair, &facts);
    if (source != TLS_OWN && facts.to_us - clock_wall_us() < SOON_US)
        log_warning("tls.ends", "days=%d advice=\"renew the certificate\"",
                    (int)((facts.to_us - clock_wall_us()) / DAY_US));
}

static void swapped(void *data)
{
    Swap *swap = data;
    TlsRenew *renew = swap->renew;
    renew->service->in_work--;
    if (swap->of_look)
        renew->looking = false;
    bool newer = swap->pair && swap->reading > renew->shown; /* letters may overtake each other */
    if (newer)
        renew->shown = swap->reading;
    if (newer && !tls_pair_same(swap->pair, renew->pair)) {
        TlsPair *old = renew->pair;
        renew->pair = swap->pair;
        swap->pair = old;
        log_info("tls.renewed", "source=%s",
                 swap->source == TLS_GIVEN   ? "files"
                 : swap->source == TLS_TAKEN ? "app"
                                             : "own");
    }
    if (newer)
        tell_service(renew, swap->source);
    tls_pair_free(swap->pair);
    g_free(swap);
}

/* ---- looking ---- */

static void look(void *data)
{
    Swap *swap = data;
    g_autoptr(GError) error = NULL;
    turn_begin(&swap->renew->change);
    swap->pair = read_now(swap->renew, &swap->source, &error);
    swap->reading = ++swap->renew->reads;
    turn_end(&swap->renew->change);
    if (swap->pair)
        warn_of_end(swap->pair, swap->source);
    else
        log_error("tls.renew", "cause=\"%s\"", error->message);
    service_post(swap->renew->service, swapped, swap);
}

static void start_look(void *data)
{
    TlsRenew *renew = data;
    if (renew->looking || !renew->context)
        return;
    renew->looking = true;
    renew->service->in_work++;
    Swap *swap = g_new0(Swap, 1);
    *swap = (Swap){.renew = renew, .of_look = true};
    pool_run(renew->service->api->pool, look, swap, 0);
}

static void hour_over(lws_sorted_usec_list_t *timer)
{
    TlsRenew *renew = lws_container_of(timer, TlsRenew, timer);
    start_look(renew);
    lws_sul_schedule(renew->context, 0, &renew->timer, hour_over, LOOK_US);
}

/* ---- taking ---- */

/* Counts itself in before the letter that counts it out. */
static void counted(void *data)
{
    Swap *swap = data;
    swap->renew->service->in_work++;
    swapped(swap);
}

static bool write_taken(TlsRenew *renew, const TlsPair *pair, GError **error)
{
    if (!pair)
        return unlink(renew->taken_file) == 0 || errno == ENOENT ||
               err_errno(error, errno, "%s cannot be removed", renew->taken_file);
    secret_auto char *text = tls_pair_text(pair, error);
    return text && file_write_atomic(renew->taken_file, text, strlen(text), 0600, error);
}

bool tls_renew_take(TlsRenew *renew, const TlsPair *pair, GError **error)
{
    if (!renew->own_data_dir)
        return err_set(error, ERR_DENIED,
                       "the certificate is set by the configuration file or the command line: "
                       "change it there");
    Swap *swap = g_new0(Swap, 1);
    swap->renew = renew;
    turn_begin(&renew->change);
    bool taken = write_taken(renew, pair, error) &&
                 (swap->pair = read_now(renew, &swap->source, error)) != NULL;
    swap->reading = ++renew->reads;
    if (taken)
        service_post(renew->service, counted, swap);
    turn_end(&renew->change);
    if (!taken)
        g_free(swap);
    return taken;
}

/* ---- beginning and end ---- */

TlsRenew *tls_renew_new(Service *service, const TlsFiles *files, GError **error)
{
    TlsSource source;
    TlsRenew *renew = g_new0(TlsRenew, 1);
    renew->service = service;
    renew->own_data_dir = g_strdup(files->data_dir);
    renew->host = g_strdup(files->host);
    renew->cert_file = g_strdup(files->cert_file);
    renew->key_file = g_strdup(files->key_file);
    renew->taken_file =
        files->data_dir ? g_build_filename(files->data_dir, "keys", "site-tls.pem", NULL) : NULL;
    renew->ca_file = files->ca_file;
    turn_init(&renew->change);
    renew->pair = read_now(renew, &source, error);
    if (!renew->pair) {
        tls_renew_free(renew);
        return NULL;
    }
    tell_service(renew, source);
    warn_of_end(renew->pair, source);
    return renew;
}

void tls_renew_start(TlsRenew *renew, struct lws_context *context)
{
    renew->context = context;
    lws_sul_schedule(context, 0, &renew->timer, hour_over, LOOK_US);
}

void tls_renew_look(TlsRenew *renew)
{
    service_post(renew->service, start_look, renew);
}

void tls_renew_stop(TlsRenew *renew)
{
    if (!renew)
        return;
    lws_sul_cancel(&renew->timer);
    renew->context = NULL;
}

void tls_renew_free(TlsRenew *renew)
{
    if (!renew)
        return;
    tls_pair_free(renew->pair);
    turn_clear(&renew->change);
    g_free(renew->own_data_dir);
    g_free(renew->host);
    g_free(renew->cert_file);
    g_free(renew->key_file);
    g_free(renew->taken_file);
    g_free(renew);
}
