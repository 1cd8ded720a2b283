/* delays.h — a heap of delays, and its median, 99th percentile and worst. */
#pragma once

#include "base/json.h"

#include <glib.h>

typedef GArray Delays; /* of int64_t, microseconds */

Delays *delays_new(void);
void delays_add(Delays *delays, int64_t us);

/* {"count","p50_us","p99_us","max_us"}; sorts. Returns owned. */
Json *delays_json(Delays *delays);
