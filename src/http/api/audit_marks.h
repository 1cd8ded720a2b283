/* audit_marks.h — marks of the audit log as of now, and how many there were of a span. */
#pragma once

#include "catalog/catalog.h"
#include "http/api/context.h"
#include "people/audit_marks.h"

/* AuditMark *, the newest first, of looks within the span; not those that a report explains.
 * `*more`: the log has more looks than are taken into account; older ones are left out. Blocking: a
 * second for some 100,000 lines. Returns owned. */
GPtrArray *audit_marks_of_span(ApiContext *api, int64_t from_us, int64_t to_us, bool *more,
                               GError **error);

typedef struct MarkCounts {
    unsigned found;             /* marks of looks within the span */
    unsigned misuse, explained; /* judged within the span */
} MarkCounts;

/* The same blocking. */
bool audit_marks_count(ApiContext *api, int64_t from_us, int64_t to_us, MarkCounts *counts,
                       GError **error);
/* What was judged only: returns at once. */
bool audit_marks_judged(ApiContext *api, int64_t from_us, int64_t to_us, MarkCounts *counts,
                        GError **error);
