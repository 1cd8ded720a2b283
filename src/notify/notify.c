#include "notify/notify.h"

#include "base/log.h"
#include "base/time_text.h"
#include "notify/message.h"

#include <string.h>

struct Notify {
    Site *site;
    Webhook *webhook;
};

Notify *notify_new(Site *site)
{
    Notify *notify = g_new0(Notify, 1);
    notify->site = site;
    notify->webhook = webhook_new(site);
    return notify;
}

void notify_free(Notify *notify)
{
    if (!notify)
        return;
    webhook_free(notify->webhook);
    g_free(notify);
}

static void log_trouble(const Notify *notify, const Event *event)
{
    char camera[UUID_TEXT], since[TIME_TEXT], until[TIME_TEXT];
    g_autoptr(CameraRow) row = site_camera_known(notify->site, &event->camera);
    g_autofree char *who = row ? g_strdup_printf(" camera=%s name=\"%s\"",
                                                 uuid_text(&event->camera, camera), row->name)
                               : g_strdup("");
    bool loses = event->kind == EVENT_NOT_RECORDED || event->kind == EVENT_STORAGE;
    time_text(event->from_us, since);
    if (event->to_us)
        log_info("trouble.over", "kind=%s%s since=%s until=%s", event_kind_text(event->kind), who,
                 since, time_text(event->to_us, until));
    else
        log_event(loses ? LOG_ERROR : LOG_WARNING, "trouble.begun",
                  "kind=%s%s since=%s cause=\"%s\"", event_kind_text(event->kind), who, since,
                  event->detail ? event->detail : "");
}

void notify_event(void *data, const Event *event)
{
    Notify *notify = data;
    if (!event_kind_is_trouble(event->kind))
        return;
    log_trouble(notify, event);
    webhook_send(notify->webhook, message_of_event(notify->site, event, clock_now_us()));
}

void notify_report(Notify *notify, Json *message)
{
    message_sign(message, notify->site, clock_now_us());
    webhook_send(notify->webhook, message);
}

bool notify_test(Notify *notify, GError **error)
{
    g_autoptr(Json) message = message_of_test(notify->site, clock_now_us());
    return webhook_try(notify->webhook, message, error);
}

WebhookFigures notify_figures(Notify *notify)
{
    return webhook_figures(notify->webhook);
}
