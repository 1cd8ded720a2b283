/* notify.h — tells what was noticed: in the log, and to the site's webhook.
 *
 * Open apps are told by the socket they have (http/live_socket.h). Only troubles are told; what is
 * to be found later, as motion is, stays in the journal.
 */
#pragma once

#include "config/site.h"
#include "event/event.h"
#include "notify/webhook.h"

typedef struct Notify Notify;

Notify *notify_new(Site *site); /* borrowed */
void notify_free(Notify *notify);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Notify, notify_free)

/* An EventListener; `notify` is the Notify. */
void notify_event(void *notify, const Event *event);

/* A report that is no event: takes `message`, signs it, and sends it. */
void notify_report(Notify *notify, Json *message);

/* Sends a test to the webhook, once. Blocking, up to 10 s. */
bool notify_test(Notify *notify, GError **error);

WebhookFigures notify_figures(Notify *notify);
