/* syncer.h — the thread that makes footage durable: one syncfs a second, while the writer goes on.
 *
 * It also looks whether the volume is still there, and how much room it has.
 */
#pragma once

#include "archive/store.h"

Syncer *syncer_new(Store *store);

/* Syncs a last time, joins the thread. NULL is allowed. */
void syncer_free(Syncer *syncer);
