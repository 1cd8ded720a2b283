#include "archive/unsealed.h"

#include "archive/journal.h"

#include <string.h>

/* The segment's place in the list; a new one is empty. */
static ArchiveSegment *place_of(GArray *found, const char *volume_path, const SegmentId *id)
{
    g_autofree char *file = segment_file_name(id);
    for (guint i = 0; i < found->len; i++) {
        ArchiveSegment *segment = &g_array_index(found, ArchiveSegment, i);
        if (strcmp(segment->file, file) == 0)
            return segment;
    }
    ArchiveSegment one = {.path = segment_file_path(volume_path, &id->camera, file),
                          .from_us = id->start_us,
                          .to_us = id->start_us,
                          .open = true};
    one.file = g_steal_pointer(&file);
    g_array_append_val(found, one);
    return &g_array_index(found, ArchiveSegment, found->len - 1);
}

static void take(GArray *found, const char *volume_path, const JournalRecord *record)
{
    if (record->type == JOURNAL_GAP)
        return;
    ArchiveSegment *segment = place_of(found, volume_path, &record->segment);
    segment->bytes = MAX(segment->bytes, (int64_t)record->offset + record->bytes);
    if (record->type == JOURNAL_FRAGMENT)
        segment->to_us = MAX(segment->to_us, record->to_us);
}

GArray *unsealed_segments(const char *volume_path, const Uuid *camera, StreamKind stream,
                          int64_t from_us, int64_t to_us, GError **error)
{
    g_autoptr(GArray) records = journal_load(volume_path, error);
    if (!records)
        return NULL;
    GArray *found = g_array_new(FALSE, FALSE, sizeof(ArchiveSegment));
    g_array_set_clear_func(found, archive_segment_clear);
    for (guint i = 0; i < records->len; i++) {
        const JournalRecord *record = &g_array_index(records, JournalRecord, i);
        if (uuid_equal(&record->segment.camera, camera) && record->segment.stream == stream)
            take(found, volume_path, record);
    }
    for (guint i = found->len; i-- > 0;) {
        const ArchiveSegment *segment = &g_array_index(found, ArchiveSegment, i);
        if (segment->from_us >= to_us || segment->to_us <= from_us)
            g_array_remove_index(found, i);
    }
    g_array_sort(found, archive_segment_by_time);
    return found;
}
