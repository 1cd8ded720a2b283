/* coverage.h — spans of time with footage and gaps without, of each stream of each camera.
 *
 * Kept merged, and never overlapping: an hour without trouble is part of one row, so that a month
 * reads in microseconds. What is covered wins over a gap; of two gaps the one told first stays.
 */
#pragma once

#include "base/uuid.h"
#include "catalog/catalog.h"
#include "media/access_unit.h"
#include "media/gap.h"

typedef struct SpanRow {
    int64_t from_us;
    int64_t to_us;
} SpanRow;

typedef struct GapRow {
    int64_t from_us;
    int64_t to_us;
    GapCause cause;
} GapRow;

/* Spans nearer than this to each other are one. */
#define COVERAGE_JOIN_US INT64_C(100000)

/* There is footage for [from_us, to_us). Joins spans that touch, takes the time out of gaps. */
bool coverage_add(CatalogDb *db, const Uuid *camera, StreamKind stream, int64_t from_us,
                  int64_t to_us, GError **error);

/* There is none, because of `cause`: whatever of it is in no span and no gap yet becomes gaps. Call
 * again with a later `to_us` to let a gap grow: same causes that touch become one. */
bool coverage_add_gap(CatalogDb *db, const Uuid *camera, StreamKind stream, int64_t from_us,
                      int64_t to_us, GapCause cause, GError **error);

/* A segment's time but for its gaps, as its seal tells it. `gaps` are in order. */
bool coverage_add_segment(CatalogDb *db, const Uuid *camera, StreamKind stream, int64_t from_us,
                          int64_t to_us, const GapRow *gaps, size_t count, GError **error);

/* The footage of [from_us, to_us) was deleted: spans become gaps `retired`, gaps keep their cause.
 */
bool coverage_retire(CatalogDb *db, const Uuid *camera, StreamKind stream, int64_t from_us,
                     int64_t to_us, GError **error);

/* What is known of [from_us, to_us), cut to it, in order. Both returned owned, by value (SpanRow,
 * GapRow). Time in neither is not accounted for yet: before the camera was, or now. */
bool coverage_read(CatalogDb *db, const Uuid *camera, StreamKind stream, int64_t from_us,
                   int64_t to_us, GArray **spans, GArray **gaps, GError **error);

/* Where the stream's account begins and ends: the first begin and the latest end of a span or gap;
 * both 0 when it has none. `from_us` may be NULL. */
bool coverage_reach(CatalogDb *db, const Uuid *camera, StreamKind stream, int64_t *from_us,
                    int64_t *until_us, GError **error);

/* The gaps behind the newest footage, retired or not: GapRow by value, in order, the newest
 * `most`. Returned owned. */
GArray *coverage_open_gaps(CatalogDb *db, const Uuid *camera, StreamKind stream, unsigned most,
                           GError **error);
