/* month_json.h — figures of a month as answers tell them, in the app and in public. */
#pragma once

#include "casework/month_figures.h"
#include "http/api/context.h"

/* What figures are taken from while a server runs. */
MonthSources month_sources(ApiContext *api);

/* What happened no further than this from a camera is put beside what happened there before it. */
enum { MONTH_NEAR_M = 100 };

/* All return owned. */
Json *month_seconds_json(int64_t span_us);
Json *month_wait_json(GArray *waits); /* MonthWait of openapi.yaml */
/* [{`member`: name, count}], the most first. */
Json *month_counts_json(GHashTable *counts, const char *member);
Json *month_uptime_json(const Month *month);
Json *month_looks_json(const MonthLooks *looks);
