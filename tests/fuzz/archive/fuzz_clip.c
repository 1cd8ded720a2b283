/* Footage files of any content: planned, read whole, cut into parts, searched for a key picture,
 * muted. */
#include "archive/clip.h"
#include "archive/segment_read.h"
#include "archive/segment_view.h"
#include "base/clock.h"
#include "base/log.h"
#include "fuzz/memory_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_clip(const char *path, bool audio)
{
    const int64_t from_us = INT64_C(1795504060000000), to_us = from_us + 8 * SECOND_US;
    const ClipSource sources[] = {{path, from_us - 2 * SECOND_US, to_us, 0},
                                  {path, from_us + 3 * SECOND_US, to_us, 0}};
    g_autoptr(ClipPlan) plan = clip_plan(sources, 2, from_us, to_us, audio, NULL);
    if (!plan)
        return;
    size_t bytes = (size_t)clip_size(plan);
    g_autofree uint8_t *whole = g_malloc(bytes);
    g_assert(clip_read(plan, 0, whole, bytes, NULL));
    g_assert(clip_to_us(plan) > clip_from_us(plan) && clip_pictures(plan) > 0);
}

static void read_parts(const char *path)
{
    g_autoptr(SegmentReader) reader = segment_reader_open(path, 0, SEGMENT_OWN_TIME, NULL);
    if (!reader)
        return;
    GArray *parts = segment_parts(reader, 0, INT64_MAX, 2 * SECOND_US, NULL);
    if (parts)
        g_array_unref(parts);
    access_unit_unref(segment_key_picture(reader, INT64_C(1795504060000000), NULL));
}

static void read_view(const char *path)
{
    g_autoptr(SegmentView) view = segment_view_open(path, 0, false, NULL);
    if (!view)
        return;
    size_t bytes = (size_t)segment_view_size(view);
    g_autofree uint8_t *whole = g_malloc(bytes + 1);
    g_assert(segment_view_read(view, 0, whole, bytes, NULL));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    log_set_level(LOG_ERROR);
    const char *path = memory_file(data, size);
    read_clip(path, false);
    read_clip(path, true);
    read_parts(path);
    read_view(path);
    return 0;
}
