/* message.h — what machines are told: JSON, described in docs/reference/webhook.md. */
#pragma once

#include "base/json.h"
#include "config/site.h"
#include "event/event.h"

/* Both returned owned. `at_us` is now. */
Json *message_of_event(Site *site, const Event *event, int64_t at_us);
Json *message_of_test(Site *site, int64_t at_us);

/* Adds who tells it and when, to a report of any kind. */
void message_sign(Json *message, Site *site, int64_t at_us);
