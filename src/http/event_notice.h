/* event_notice.h — tells open apps of trouble, over the socket they watch live pictures by
 * (docs/reference/live.md, op “event”): to whoever is on duty (notify/receivers.h).
 */
#pragma once

#include "event/event.h"
#include "http/api/context.h"
#include "live/live.h"
#include "people/rights.h"

/* An EventListener; `api` is the ApiContext, whose `live` is there. */
void event_notice_tell(void *api, const Event *event);

/* What goes on now and is for `who`, to a viewer that has just come, or while which another turn
 * of duty has begun. Service thread. */
void event_notice_standing(ApiContext *api, const Identity *who, LiveViewer *viewer);
