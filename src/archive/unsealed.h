/* unsealed.h — footage that is still being written, or was when a server was killed, as the journal
 * on the disk tells it: for programs beside a running server, which have no Archive. */
#pragma once

#include "archive/archive.h"

/* Segments of the stream that overlap from..to and for which the journal has records, oldest first:
 * GArray of ArchiveSegment, all `open`, returned owned, maybe empty; NULL when the journal cannot
 * be read. One that was sealed a moment ago may be among them: read the catalog afterwards.
 * Blocking. */
GArray *unsealed_segments(const char *volume_path, const Uuid *camera, StreamKind stream,
                          int64_t from_us, int64_t to_us, GError **error);
