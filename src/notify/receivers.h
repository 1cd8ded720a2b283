/* receivers.h — whom a trouble is for: of those on duty whoever may know of it; where none of them
 * may, or nobody is on duty, everybody who may. Never blocks; thread-safe.
 */
#pragma once

#include "event/event.h"
#include "people/duty.h"

/* May the account know of the event? What has no camera is told to who looks after the site.
 * `*facts` of the account. */
bool receivers_may_know(People *people, Site *site, const Uuid *account, const Event *event,
                        Account *facts);

/* Of those on duty `now` (duty_now(), asked once for all troubles of a look) who may know of it:
 * Uuid by value; with none it is for everybody. Returned owned. */
GArray *receivers_on_duty(const GArray *now, People *people, Site *site, const Event *event);
