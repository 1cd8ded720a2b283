/* retention.h — which sealed segments are to go, and their going (FOOTAGE §8).
 *
 * Age and bytes a camera stand in the camera's catalog row. When the disk has less room than the
 * floor, the camera with the oldest footage that may still go gives up a segment, then the next: so
 * all cameras lose the same days first, whatever their rate. Holds outrank all: they are read from
 * ledger/holds.jsonl before the first delete, and while they can't be read nothing is deleted.
 */
#pragma once

#include "archive/archive.h"

typedef struct Hold {
    char id[UUID_TEXT];
    Uuid camera;
    int64_t from_us, to_us;
} Hold;

/* The holds in force by the lines of DATA/ledger/holds.jsonl: GArray of Hold, returned owned; empty
 * when there is no such file; NULL when it cannot be read in full.
 *
 *   {"v":1,"type":"hold","id":U,"camera":U,"from_us":I,"to_us":I,…}
 *   {"v":1,"type":"release","id":U,…}
 */
GArray *holds_load(const char *data_path, GError **error);
bool holds_cover(const GArray *holds, const Uuid *camera, int64_t from_us, int64_t to_us);

typedef struct RetentionFigures {
    uint64_t deleted, deleted_bytes, errors;
    unsigned holds;
} RetentionFigures;
RetentionFigures archive_retention_figures(Archive *archive);
