#include "http/tls_renew.h"

#include "base/log.h"
#include "http/tls_own_ca.h"

#include <libwebsockets.h>
#include <sys/stat.h>

#define LOOK_US (INT64_C(3600) * 1000000)

struct TlsRenew {
    lws_sorted_usec_list_t timer; /* service thread */
    Service *service;
    struct lws_context *context; /* NULL: stopped; service thread */
    char *own_data_dir, *host, *cert_file, *key_file;
    bool looking;         /* service thread */
    bool fresh;           /* set by the look: the files have changed and are good */
    struct stat taken_up; /* of the certificate in use; the look's */
};

static struct stat facts_of(const char *path)
{
    struct stat facts;
    return stat(path, &facts) == 0 ? facts : (struct stat){0};
}

static bool same_time(struct timespec a, struct timespec b)
{
    return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

/* Two files made within one tick of the kernel's clock have the same times. */
static bool same_file(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
           same_time(a->st_mtim, b->st_mtim) && same_time(a->st_ctim, b->st_ctim);
}

static void looked(void *data)
{
    TlsRenew *renew = data;
    renew->service->in_work--;
    renew->looking = false;
    if (!renew->fresh || !renew->context)
        return;
    lws_tls_cert_updated(renew->context, renew->cert_file, renew->key_file, NULL, 0, NULL, 0);
    log_info("tls.renewed", "file=%s", renew->cert_file);
}

static void look(void *data)
{
    TlsRenew *renew = data;
    g_autoptr(GError) error = NULL;
    g_auto(OwnCa) ca = {0};
    renew->fresh = false;
    bool well =
        !renew->own_data_dir || own_ca_prepare(renew->own_data_dir, renew->host, &ca, &error);
    struct stat now = facts_of(renew->cert_file);
    if (well && !same_file(&now, &renew->taken_up) &&
        tls_check_pair(renew->cert_file, renew->key_file, &error)) {
        renew->fresh = true;
        renew->taken_up = now;
    }
    if (error)
        log_error("tls.renew", "cause=\"%s\"", error->message);
    service_post(renew->service, looked, renew);
}

static void start_look(void *data)
{
    TlsRenew *renew = data;
    if (renew->looking || !renew->context)
        return;
    renew->looking = true;
    renew->service->in_work++;
    pool_run(renew->service->api->pool, look, renew, 0);
}

static void hour_over(lws_sorted_usec_list_t *timer)
{
    TlsRenew *renew = lws_container_of(timer, TlsRenew, timer);
    start_look(renew);
    lws_sul_schedule(renew->context, 0, &renew->timer, hour_over, LOOK_US);
}

TlsRenew *tls_renew_new(Service *service, struct lws_context *context, const char *own_data_dir,
                        const char *host, const char *cert_file, const char *key_file)
{
    TlsRenew *renew = g_new0(TlsRenew, 1);
    renew->service = service;
    renew->context = context;
    renew->own_data_dir = g_strdup(own_data_dir);
    renew->host = g_strdup(host);
    renew->cert_file = g_strdup(cert_file);
    renew->key_file = g_strdup(key_file);
    renew->taken_up = facts_of(cert_file);
    lws_sul_schedule(context, 0, &renew->timer, hour_over, LOOK_US);
    return renew;
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
    g_free(renew->own_data_dir);
    g_free(renew->host);
    g_free(renew->cert_file);
    g_free(renew->key_file);
    g_free(renew);
}
