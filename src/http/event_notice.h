/* event_notice.h — tells open apps of trouble, over the socket they watch live pictures by
 * (docs/reference/live.md, op “event”). */
#pragma once

#include "event/event.h"
#include "http/api/context.h"
#include "live/live.h"

/* An EventListener; `api` is the ApiContext, whose `live` is there. */
void event_notice_tell(void *api, const Event *event);

/* What goes on now, for a viewer that has just come. Service thread. */
void event_notice_standing(ApiContext *api, LiveViewer *viewer);
