/* pending_notice.h — tells open apps that a change which takes two persons was asked for or decided
 * (docs/reference/live.md, op “change”), and phones of those who may decide that one waits
 * (push.md).
 */
#pragma once

#include "config/pending.h"
#include "http/api/context.h"

/* `asked`: the change that is asked for anew; NULL: something else. Any thread. */
void pending_notice_tell(ApiContext *api, const PendingRow *asked);
