/* rebuild.h — the catalog made anew from site.json and the seals beside the footage. */
#pragma once

#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct RebuildReport {
    int64_t cameras, segments;
    char *aside; /* owned: where the old catalog was put, NULL when there was none */
} RebuildReport;

/* Takes the lock of `data`: no server may be running. */
bool rebuild_catalog(const char *data, RebuildReport *report, GError **error);
