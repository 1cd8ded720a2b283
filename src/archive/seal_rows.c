#include "archive/seal_rows.h"

#include "catalog/coverage.h"
#include "catalog/segments.h"

/* A row is never longer, whatever the camera's clock, or a line of another hand, says. */
static int64_t row_to_us(const SegmentSeal *seal)
{
    return MIN(seal->to_us, seal->from_us + SEGMENT_ROW_MOST_US);
}

static bool enter_before(CatalogDb *db, const SegmentSeal *seal, GError **error)
{
    for (size_t i = 0; i < seal->gap_count; i++) {
        const SealGap *gap = &seal->gaps[i];
        if (gap->from_us < seal->from_us &&
            !coverage_add_gap(db, &seal->camera, seal->stream, gap->from_us,
                              MIN(gap->to_us, seal->from_us), gap->cause, error))
            return false;
    }
    return true;
}

/* Gaps inside the segment: array of GapRow, returned owned. */
static GArray *gaps_inside(const SegmentSeal *seal)
{
    GArray *inside = g_array_new(FALSE, FALSE, sizeof(GapRow));
    for (size_t i = 0; i < seal->gap_count; i++) {
        GapRow gap = {seal->gaps[i].from_us, seal->gaps[i].to_us, seal->gaps[i].cause};
        if (gap.from_us >= seal->from_us)
            g_array_append_val(inside, gap);
    }
    return inside;
}

bool seal_enter(CatalogDb *db, const SegmentSeal *seal, GError **error)
{
    SegmentRow row = {.camera = seal->camera,
                      .volume = seal->volume,
                      .file = (char *)seal->file,
                      .stream = seal->stream,
                      .state = SEGMENT_SEALED,
                      .from_us = seal->from_us,
                      .to_us = row_to_us(seal),
                      .bytes = seal->bytes,
                      .pictures = seal->pictures,
                      .seq = seal->seq,
                      .codec = *seal->codec ? (char *)seal->codec : NULL,
                      .width = (int)seal->width,
                      .height = (int)seal->height,
                      .recovered = seal->recovered};
    g_autoptr(GArray) inside = gaps_inside(seal);
    return segments_put(db, &row, error) && enter_before(db, seal, error) &&
           coverage_add_segment(db, &seal->camera, seal->stream, seal->from_us, row.to_us,
                                (const GapRow *)(void *)inside->data, inside->len, error);
}

bool seal_enter_retired(CatalogDb *db, const SegmentSeal *seal, GError **error)
{
    int64_t to_us = row_to_us(seal);
    if (!enter_before(db, seal, error))
        return false;
    g_autoptr(GArray) inside = gaps_inside(seal);
    for (guint i = 0; i < inside->len; i++) {
        const GapRow *gap = &g_array_index(inside, GapRow, i);
        if (!coverage_add_gap(db, &seal->camera, seal->stream, gap->from_us, MIN(gap->to_us, to_us),
                              gap->cause, error))
            return false;
    }
    return coverage_add_gap(db, &seal->camera, seal->stream, seal->from_us, to_us, GAP_RETIRED,
                            error);
}
