/* coverage.h — for which seconds footage exists, and why it does not for the others (FOOTAGE §6).
 *
 * Spans and gaps of an answer follow each other without hole or overlap from `from_us` to `to_us`
 * of the answer. These are the asked ones, cut at the camera's birth and at what is known by now:
 * while a stream runs, its newest second or two are neither span nor gap yet.
 */
#pragma once

#include "archive/archive.h"

typedef struct CoverageSpan {
    int64_t from_us, to_us;
} CoverageSpan;

typedef struct CoverageGap {
    int64_t from_us, to_us;
    GapCause cause;
} CoverageGap;

typedef struct Coverage {
    int64_t from_us, to_us; /* equal: nothing is known of what was asked */
    GArray *spans;          /* CoverageSpan */
    GArray *gaps;           /* CoverageGap */
} Coverage;

void coverage_free(Coverage *coverage); /* NULL is allowed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Coverage, coverage_free)

/* Coverage of one stream. `created_us`: when the camera was added. `now_cause`: why no pictures
 * come at this moment, for a gap that has no end yet (CameraTrouble's, or paused …); it is not used
 * while the archive itself knows better (disk-full …). Before the first footage of a camera the
 * cause is camera-offline. Blocking for a moment. NULL on error. */
Coverage *archive_coverage(Archive *archive, const Uuid *camera, StreamKind stream, int64_t from_us,
                           int64_t to_us, int64_t created_us, GapCause now_cause, GError **error);
