#include "archive/segment.h"
#include "catalog/segments.h"

#include <string.h>

void archive_segment_clear(void *data)
{
    ArchiveSegment *segment = data;
    g_free(segment->path);
    g_free(segment->file);
}

/* Segments of the stream that the catalog may not have yet, as they are shown. */
static void add_open(Archive *archive, const Uuid *camera, StreamKind stream, int64_t from_us,
                     int64_t to_us, GArray *found)
{
    pthread_mutex_lock(&archive->lock);
    for (guint i = 0; i < archive->segments->len; i++) {
        const Segment *segment = g_ptr_array_index(archive->segments, i);
        if (!uuid_equal(&segment->id.camera, camera) || segment->id.stream != stream ||
            segment->shown_bytes == 0 || segment->id.start_us >= to_us ||
            segment->shown_to_us <= from_us)
            continue;
        ArchiveSegment one = {g_strdup(segment->path), g_strdup(segment->file),
                              segment->id.start_us,    segment->shown_to_us,
                              segment->shown_bytes,    true};
        g_array_append_val(found, one);
    }
    pthread_mutex_unlock(&archive->lock);
}

static ArchiveSegment *find(GArray *found, const char *file)
{
    for (guint i = 0; i < found->len; i++) {
        ArchiveSegment *segment = &g_array_index(found, ArchiveSegment, i);
        if (strcmp(segment->file, file) == 0)
            return segment;
    }
    return NULL;
}

static void add_sealed(Archive *archive, const GPtrArray *rows, GArray *found)
{
    g_autoptr(GArray) sealed = g_array_new(FALSE, FALSE, sizeof(ArchiveSegment));
    for (guint i = 0; i < rows->len; i++) {
        const SegmentRow *row = g_ptr_array_index(rows, i);
        ArchiveSegment *known = find(found, row->file);
        const Store *store = archive_store_of(archive, &row->volume);
        if (row->state != SEGMENT_SEALED || !store)
            continue;
        if (known) {
            known->open = false;
            continue;
        }
        ArchiveSegment one = {segment_file_path(store->volume.path, &row->camera, row->file),
                              g_strdup(row->file),
                              row->from_us,
                              row->to_us,
                              row->bytes,
                              false};
        g_array_append_val(sealed, one);
    }
    g_array_append_vals(found, sealed->data, sealed->len);
}

int archive_segment_by_time(const void *a, const void *b)
{
    const ArchiveSegment *first = a, *second = b;
    return first->from_us < second->from_us ? -1 : first->from_us > second->from_us;
}

GArray *archive_segments(Archive *archive, const Uuid *camera, StreamKind stream, int64_t from_us,
                         int64_t to_us, GError **error)
{
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(ArchiveSegment));
    g_array_set_clear_func(found, archive_segment_clear);
    /* Open ones first: one that is sealed in between is then found in the catalog as well. */
    add_open(archive, camera, stream, from_us, to_us, found);
    g_autoptr(CatalogDb) db = catalog_read(archive->catalog, error);
    g_autoptr(GPtrArray) rows =
        db ? segments_in(db, camera, stream, from_us, to_us, 0, error) : NULL;
    if (!rows)
        return NULL;
    add_sealed(archive, rows, found);
    g_array_sort(found, archive_segment_by_time);
    return g_steal_pointer(&found);
}
