/* webhook.h — tells another machine by HTTP: a POST of JSON to the address the site names.
 *
 * A thread of its own sends what is queued, in order. What fails is tried again for some minutes;
 * what an answer of the kind 4xx refuses is not. The queue is bounded, so that a server that does
 * not answer for days costs nothing. The address is never logged, only where it leads. Thread-safe.
 */
#pragma once

#include "base/json.h"
#include "config/site.h"

#include <stdint.h>

typedef struct Webhook Webhook;

/* `site` is borrowed: its webhook is asked for at each attempt. */
Webhook *webhook_new(Site *site);

/* What still waits is given up. NULL is allowed. */
void webhook_free(Webhook *webhook);

/* Queues `message`, which is taken; dropped when the site has no webhook. Never waits. */
void webhook_send(Webhook *webhook, Json *message);

/* Sends `message` (borrowed) now, once. ERR_NOT_FOUND: the site has no webhook. Blocking, up to
 * 10 s. */
bool webhook_try(Webhook *webhook, const Json *message, GError **error);

typedef struct WebhookFigures {
    uint64_t sent, failures, lost; /* delivered; attempts that failed; given up */
    unsigned waiting;
} WebhookFigures;
WebhookFigures webhook_figures(Webhook *webhook);
