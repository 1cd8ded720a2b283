/* notify.c — how machines are told: the webhook of the site, and a try of it. The address may hold
 * secrets: only where it leads is shown. */
#include "notify/notify.h"

#include "config/webhook_address.h"
#include "http/api/handlers.h"

static bool answer(ApiCall *call)
{
    g_auto(SiteWebhook) webhook = {0};
    site_webhook(call->api->site, &webhook);
    g_autofree char *place = webhook_address_place(webhook.url);
    Json *json = json_object();
    json_object_set_new(json, "webhook", webhook.url ? json_string(place) : json_null());
    json_object_set_new(json, "has_token", json_boolean(webhook.token != NULL));
    json_object_set_new(json, "locked", json_boolean(webhook.locked));
    if (call->api->notify) {
        WebhookFigures figures = notify_figures(call->api->notify);
        json_object_set_new(json, "sent", json_integer((json_int_t)figures.sent));
        json_object_set_new(json, "lost", json_integer((json_int_t)figures.lost));
        json_object_set_new(json, "waiting", json_integer(figures.waiting));
    }
    return call_json(call, 200, json);
}

bool notify_get(ApiCall *call, GError **error)
{
    return answer(call);
}

bool notify_change(ApiCall *call, GError **error)
{
    static const char *const members[] = {"webhook", "token", NULL};
    const char *url = NULL, *token = NULL;
    const Json *body = call_body(call, members, error);
    if (!body || !json_get_text(body, "webhook", &url, error) ||
        !json_get_text(body, "token", &token, error))
        return false;
    if (json_is_null(json_object_get(body, "webhook")))
        url = "";
    if (json_is_null(json_object_get(body, "token")))
        token = "";
    if (!site_webhook_set(call->api->site, url, token, error))
        return false;
    Changes changes = {0};
    changes_hidden(&changes, "webhook", "", url ? "new" : "");
    changes_hidden(&changes, "token", "", token ? "new" : "");
    call_audit_changes(call, "webhook-edit", NULL, &changes);
    return answer(call);
}

bool notify_try(ApiCall *call, GError **error)
{
    if (!call->api->notify)
        return err_set(error, ERR_UNAVAILABLE, "no server is running");
    return notify_test(call->api->notify, error) && call_empty(call);
}
