/* The site's webhook: where machines are told of trouble. The address and its token are secrets:
 * sealed in the catalog, opened for who tells. */
#include "base/log.h"
#include "catalog/settings.h"
#include "config/site_state.h"
#include "config/webhook_address.h"

void site_webhook_clear(SiteWebhook *webhook)
{
    secret_free(webhook->url);
    secret_free(webhook->token);
    *webhook = (SiteWebhook){0};
}

void site_webhook(Site *site, SiteWebhook *webhook)
{
    pthread_mutex_lock(&site->lock);
    *webhook = (SiteWebhook){.url = g_strdup(site->webhook.url),
                             .token = g_strdup(site->webhook.token),
                             .locked = site->webhook.locked};
    pthread_mutex_unlock(&site->lock);
}

/* What was sealed with a key that is lost is gone: it has to be set anew. */
static bool load_one(CatalogDb *db, const SecretKey *key, const char *name, char **text,
                     GError **error)
{
    g_autofree char *sealed = NULL;
    g_autoptr(GError) trouble = NULL;
    if (!settings_get(db, name, &sealed, error))
        return false;
    *text = sealed && *sealed ? secret_open(key, sealed, &trouble) : NULL;
    if (trouble)
        log_error("site.webhook", "setting=%s cause=\"%s\"", name, trouble->message);
    return true;
}

bool site_webhook_load(Site *site, CatalogDb *db, GError **error)
{
    return load_one(db, site->key, SITE_WEBHOOK, &site->webhook.url, error) &&
           load_one(db, site->key, SITE_WEBHOOK_TOKEN, &site->webhook.token, error);
}

typedef struct Sealed {
    char *url, *token; /* "" for none */
} Sealed;

static bool put_webhook(CatalogDb *db, void *data, GError **error)
{
    const Sealed *sealed = data;
    return settings_put(db, SITE_WEBHOOK, sealed->url, error) &&
           settings_put(db, SITE_WEBHOOK_TOKEN, sealed->token, error);
}

static char *seal(const Site *site, const char *text)
{
    return text && *text ? secret_seal(site->key, text) : g_strdup("");
}

/* Within a turn. */
static bool store(Site *site, const SiteWebhook *webhook, GError **error)
{
    Sealed sealed = {seal(site, webhook->url), seal(site, webhook->token)};
    bool stored = catalog_write_wait(site->catalog, put_webhook, &sealed, error);
    g_free(sealed.url);
    g_free(sealed.token);
    if (!stored)
        return false;
    SiteWebhook fresh = {.url = webhook->url && *webhook->url ? g_strdup(webhook->url) : NULL,
                         .token =
                             webhook->token && *webhook->token ? g_strdup(webhook->token) : NULL,
                         .locked = webhook->locked};
    pthread_mutex_lock(&site->lock);
    SiteWebhook old = site->webhook;
    site->webhook = fresh;
    pthread_mutex_unlock(&site->lock);
    site_webhook_clear(&old);
    site_write_file(site);
    return true;
}

bool site_webhook_set(Site *site, const char *url, const char *token, GError **error)
{
    g_auto(SiteWebhook) now = {0};
    if (url && *url && !webhook_address_check(url, error)) {
        g_prefix_error(error, "‘webhook’: ");
        return false;
    }
    turn_begin(&site->change);
    site_webhook(site, &now);
    /* A token is for one server: another address does not get it. */
    bool keeps = !url || webhook_address_same_place(url, now.url);
    const SiteWebhook asked = {.url = (char *)(url ? url : now.url),
                               .token = (char *)(token   ? token
                                                 : keeps ? now.token
                                                         : NULL)};
    bool set = now.locked ? err_set(error, ERR_DENIED,
                                    "the webhook is set by the configuration file: change it there")
                          : store(site, &asked, error);
    turn_end(&site->change);
    if (set)
        site_tell(site, SITE_SETTINGS_CHANGED, &site->node);
    return set;
}

bool site_webhook_apply(Site *site, const char *url, const char *token, GError **error)
{
    g_auto(SiteWebhook) now = {0};
    site_webhook(site, &now);
    if (!url)
        return true;
    if (g_strcmp0(url, now.url) == 0 && g_strcmp0(token, now.token) == 0) {
        pthread_mutex_lock(&site->lock);
        site->webhook.locked = true;
        pthread_mutex_unlock(&site->lock);
        return true;
    }
    const SiteWebhook asked = {.url = (char *)url, .token = (char *)token, .locked = true};
    turn_begin(&site->change);
    bool set = store(site, &asked, error);
    turn_end(&site->change);
    return set;
}
