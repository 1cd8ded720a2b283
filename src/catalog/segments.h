/* segments.h — one row a footage file: what there is, where, and how much.
 *
 * The catalog can be lost: every sealed row stands also in a line of seals.jsonl.
 */
#pragma once

#include "base/uuid.h"
#include "catalog/catalog.h"
#include "media/access_unit.h"

typedef enum SegmentState {
    SEGMENT_OPEN, /* being written, or left by a crash */
    SEGMENT_SEALED,
    SEGMENT_RETIRED, /* its deletion has begun; the row goes when it has ended */
} SegmentState;

typedef struct SegmentRow {
    Uuid camera;
    Uuid volume;
    char *file; /* "<day>/<name>", below the camera's folder on its volume */
    StreamKind stream;
    SegmentState state;
    int64_t from_us;
    int64_t to_us; /* not after from_us + SEGMENT_ROW_MOST_US */
    int64_t bytes;
    int64_t pictures;
    int64_t seq; /* of its seal line; 0 while open */
    char *codec; /* RFC 6381; NULL: not known yet */
    int width, height;
    bool recovered;
} SegmentRow;

/* Longer ones are refused: reads look back this far for a segment that began before their span. */
#define SEGMENT_ROW_MOST_US (INT64_C(3600) * 1000000)

void segment_row_free(SegmentRow *row);
SegmentRow *segment_row_copy(const SegmentRow *row); /* returns owned */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SegmentRow, segment_row_free)

/* Inserts, or replaces the row with the same camera, volume and file. A camera the catalog does not
 * know gets a removed row of its own, so that its footage is kept and can be retired. */
bool segments_put(CatalogDb *db, const SegmentRow *row, GError **error);

/* Of one stream of a camera, those that overlap [from_us, to_us) and are not retired, in order of
 * time, at most `limit` (0: all). SegmentRow *; returns owned, or NULL. */
GPtrArray *segments_in(CatalogDb *db, const Uuid *camera, StreamKind stream, int64_t from_us,
                       int64_t to_us, unsigned limit, GError **error);

/* How wide the pictures of the camera's main stream are, by the newest segment that says so; 0:
 * none does, or the catalog could not be read. */
int segments_newest_width(CatalogDb *db, const Uuid *camera);

/* By name, of whichever volume. ERR_NOT_FOUND. Returns owned. */
SegmentRow *segments_get(CatalogDb *db, const Uuid *camera, const char *file, GError **error);

/* The `limit` oldest sealed ones of a camera's stream on a volume (NULL: on any) that began at or
 * after `from_us` (the place to go on: holds may keep the first ones). Returns owned, or NULL. */
GPtrArray *segments_oldest(CatalogDb *db, const Uuid *camera, StreamKind stream, const Uuid *volume,
                           int64_t from_us, unsigned limit, GError **error);

/* All that are open, or all whose deletion has begun: what a start has to settle. Costs only what
 * it finds. Returns owned, or NULL. */
GPtrArray *segments_with_state(CatalogDb *db, SegmentState state, GError **error);

/* Deletion begins: the row is marked, its time leaves the spans of its stream. Then, the file being
 * gone, the row goes. ERR_NOT_FOUND when there is no such row. */
bool segments_retire(CatalogDb *db, const Uuid *camera, const Uuid *volume, const char *file,
                     GError **error);
bool segments_forget(CatalogDb *db, const Uuid *camera, const Uuid *volume, const char *file,
                     GError **error);

/* What those of a camera, of both streams and not retired, add up to that began at or after
 * `from_us` and ended by `to_us`; reads them all. */
typedef struct SegmentSums {
    int64_t bytes;
    int64_t oldest_us; /* where the first begins; 0: there is none */
} SegmentSums;
bool segments_sums(CatalogDb *db, const Uuid *camera, int64_t from_us, int64_t to_us,
                   SegmentSums *sums, GError **error);

/* Kept sums, so that retention never has to add up: of all segments that are not retired. */
typedef struct SegmentUsage {
    Uuid camera;
    Uuid volume;
    StreamKind stream;
    int64_t segments;
    int64_t bytes;
} SegmentUsage;

/* SegmentUsage by value; returns owned, or NULL. */
GArray *segments_usage(CatalogDb *db, GError **error);
