#include "notify/webhook.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/queue.h"
#include "base/secret.h"
#include "base/thread.h"
#include "config/webhook_address.h"

#include <curl/curl.h>
#include <stdatomic.h>

enum { WAITING_MOST = 256, CONNECT_MS = 5000, WHOLE_MS = 10000 };

/* Waits before the second attempt and so on; after the last, a message is given up. */
static const int64_t waits_us[] = {SECOND_US,      5 * SECOND_US, 15 * SECOND_US,
                                   60 * SECOND_US, 5 * MINUTE_US, 5 * MINUTE_US};

struct Webhook {
    Site *site;
    Queue *messages; /* char *: JSON texts */
    Queue *stop;     /* closed to end a wait */
    Thread *thread;
    atomic_bool closing;
    /* Figures only: no order with anything else is needed. */
    _Atomic uint64_t sent, failures, lost;
};

/* ---- one attempt ---- */

static size_t drop_body(char *data, size_t size, size_t count, void *user_data)
{
    return size * count;
}

static int give_up(void *data, curl_off_t down_all, curl_off_t down, curl_off_t up_all,
                   curl_off_t up)
{
    const Webhook *webhook = data;
    return atomic_load(&webhook->closing);
}

static struct curl_slist *headers(const char *token)
{
    struct curl_slist *list = curl_slist_append(NULL, "Content-Type: application/json");
    list = curl_slist_append(list, "Expect:");
    secret_auto char *line = token ? g_strdup_printf("Authorization: Bearer %s", token) : NULL;
    return line ? curl_slist_append(list, line) : list;
}

static void set_up(CURL *curl, Webhook *webhook, const SiteWebhook *where, const char *body)
{
    curl_easy_setopt(curl, CURLOPT_URL, where->url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    /* An answer that sends on is a refusal: the message, and the token, are for this host alone. */
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)WHOLE_MS);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "vonglau/" VONGLAU_VERSION);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, drop_body);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, give_up);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, webhook);
}

/* `*refused`: another attempt would end alike. */
static bool post(Webhook *webhook, const SiteWebhook *where, const char *body, bool *refused,
                 GError **error)
{
    g_autofree char *place = webhook_address_place(where->url);
    CURL *curl = curl_easy_init();
    if (!curl)
        g_error("no memory for an HTTP connection");
    struct curl_slist *list = headers(where->token);
    set_up(curl, webhook, where, body);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, list);
    CURLcode code = curl_easy_perform(curl);
    long status = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_cleanup(curl);
    curl_slist_free_all(list);
    *refused = status >= 300 && status < 500 && status != 408 && status != 429;
    if (code != CURLE_OK)
        return err_set(error, ERR_UNAVAILABLE, "%s: %s", place, curl_easy_strerror(code));
    if (status < 200 || status > 299)
        return err_set(error, ERR_PROTOCOL, "%s answers with status %ld", place, status);
    return true;
}

bool webhook_try(Webhook *webhook, const Json *message, GError **error)
{
    bool refused;
    g_auto(SiteWebhook) where = {0};
    g_autofree char *body = json_line(message);
    site_webhook(webhook->site, &where);
    if (!where.url)
        return err_set(error, ERR_NOT_FOUND, "no webhook is set");
    return post(webhook, &where, body, &refused, error);
}

/* ---- the thread ---- */

/* Returns false when it is given up. */
static bool deliver(Webhook *webhook, const char *body)
{
    for (size_t i = 0;; i++) {
        bool refused = false;
        g_auto(SiteWebhook) where = {0};
        g_autoptr(GError) error = NULL;
        site_webhook(webhook->site, &where);
        if (!where.url || atomic_load(&webhook->closing))
            return false;
        if (post(webhook, &where, body, &refused, &error))
            return true;
        atomic_fetch_add(&webhook->failures, 1);
        if (refused || i == G_N_ELEMENTS(waits_us)) {
            log_error("webhook.lost", "cause=\"%s\"", error->message);
            return false;
        }
        log_warning("webhook.failed", "cause=\"%s\"", error->message);
        queue_pop(webhook->stop, waits_us[i]);
    }
}

static void webhook_main(void *data)
{
    Webhook *webhook = data;
    char *body;
    while ((body = queue_pop(webhook->messages, -1))) {
        if (deliver(webhook, body))
            atomic_fetch_add(&webhook->sent, 1);
        else
            atomic_fetch_add(&webhook->lost, 1);
        g_free(body);
    }
}

Webhook *webhook_new(Site *site)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        g_error("libcurl cannot be initialised");
    Webhook *webhook = g_new0(Webhook, 1);
    webhook->site = site;
    webhook->messages = queue_new();
    webhook->stop = queue_new();
    webhook->thread = thread_start("webhook", webhook_main, webhook);
    return webhook;
}

void webhook_free(Webhook *webhook)
{
    if (!webhook)
        return;
    atomic_store(&webhook->closing, true);
    queue_close(webhook->stop);
    queue_close(webhook->messages);
    thread_join(webhook->thread);
    queue_free(webhook->messages, g_free);
    queue_free(webhook->stop, NULL);
    g_free(webhook);
}

void webhook_send(Webhook *webhook, Json *message)
{
    g_auto(SiteWebhook) where = {0};
    site_webhook(webhook->site, &where);
    if (where.url && queue_length(webhook->messages) < WAITING_MOST) {
        queue_push(webhook->messages, json_line(message));
    } else if (where.url) {
        atomic_fetch_add(&webhook->lost, 1);
        log_error("webhook.lost", "cause=\"%d messages wait already\"", WAITING_MOST);
    }
    json_decref(message);
}

WebhookFigures webhook_figures(Webhook *webhook)
{
    return (WebhookFigures){.sent = atomic_load(&webhook->sent),
                            .failures = atomic_load(&webhook->failures),
                            .lost = atomic_load(&webhook->lost),
                            .waiting = (unsigned)queue_length(webhook->messages)};
}
