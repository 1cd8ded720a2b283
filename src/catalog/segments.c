#include "catalog/segments.h"

#include "catalog/coverage.h"
#include "catalog/refs.h"

#include <inttypes.h>

void segment_row_free(SegmentRow *row)
{
    if (!row)
        return;
    g_free(row->file);
    g_free(row->codec);
    g_free(row);
}

SegmentRow *segment_row_copy(const SegmentRow *row)
{
    SegmentRow *copy = g_memdup2(row, sizeof *row);
    copy->file = g_strdup(row->file);
    copy->codec = g_strdup(row->codec);
    return copy;
}

static bool put(CatalogDb *db, const SegmentRow *row, int64_t camera, int64_t volume,
                GError **error)
{
    g_auto(Query) query = query_begin(
        db, "INSERT INTO segments (camera, file, volume, stream, state, from_us, to_us, bytes,"
            " pictures, seq, codec, width, height, recovered)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (camera, file, volume) DO UPDATE SET state = excluded.state,"
            " from_us = excluded.from_us, to_us = excluded.to_us, bytes = excluded.bytes,"
            " pictures = excluded.pictures, seq = excluded.seq, codec = excluded.codec,"
            " width = excluded.width, height = excluded.height, recovered = excluded.recovered");
    query_int(&query, camera);
    query_text(&query, row->file);
    query_int(&query, volume);
    query_int(&query, row->stream);
    query_int(&query, row->state);
    query_int(&query, row->from_us);
    query_int(&query, row->to_us);
    query_int(&query, row->bytes);
    query_int(&query, row->pictures);
    query_int(&query, row->seq);
    query_text(&query, row->codec);
    query_int(&query, row->width);
    query_int(&query, row->height);
    query_int(&query, row->recovered);
    return query_run(&query, error);
}

bool segments_put(CatalogDb *db, const SegmentRow *row, GError **error)
{
    if (row->to_us < row->from_us || row->to_us - row->from_us > SEGMENT_ROW_MOST_US)
        return err_set(error, ERR_INVALID, "segment %s cannot last %" PRId64 " s", row->file,
                       (row->to_us - row->from_us) / INT64_C(1000000));
    int64_t camera, volume;
    return camera_ref_make(db, &row->camera, row->from_us, &camera, error) &&
           volume_ref_make(db, &row->volume, &volume, error) && put(db, row, camera, volume, error);
}

#define SEGMENT_COLUMNS                                                                      \
    "SELECT c.id, v.id, s.file, s.stream, s.state, s.from_us, s.to_us, s.bytes, s.pictures," \
    " s.seq, s.codec, s.width, s.height, s.recovered FROM segments s"                        \
    " JOIN cameras c ON c.ref = s.camera JOIN volumes v ON v.ref = s.volume "

static SegmentRow *read_row(const Query *query)
{
    SegmentRow *row = g_new(SegmentRow, 1);
    *row = (SegmentRow){
        .camera = column_uuid(query, 0),
        .volume = column_uuid(query, 1),
        .file = column_text(query, 2),
        .stream = (StreamKind)column_int(query, 3),
        .state = (SegmentState)column_int(query, 4),
        .from_us = column_int(query, 5),
        .to_us = column_int(query, 6),
        .bytes = column_int(query, 7),
        .pictures = column_int(query, 8),
        .seq = column_int(query, 9),
        .codec = column_text(query, 10),
        .width = (int)column_int(query, 11),
        .height = (int)column_int(query, 12),
        .recovered = column_int(query, 13),
    };
    return row;
}

static GPtrArray *read_rows(Query *query, GError **error)
{
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)segment_row_free);
    QueryStep step;
    while ((step = query_next(query, error)) == QUERY_ROW)
        g_ptr_array_add(rows, read_row(query));
    return step == QUERY_END ? g_steal_pointer(&rows) : NULL;
}

static int64_t limit_or_all(unsigned limit)
{
    return limit ? (int64_t)limit : -1;
}

GPtrArray *segments_in(CatalogDb *db, const Uuid *camera, StreamKind stream, int64_t from_us,
                       int64_t to_us, unsigned limit, GError **error)
{
    int64_t ref;
    if (!camera_ref(db, camera, &ref, error))
        return NULL;
    g_auto(Query) query = query_begin(
        db, SEGMENT_COLUMNS "WHERE s.camera = ? AND s.stream = ? AND s.from_us >= ?"
                            " AND s.from_us < ? AND (s.to_us > ? OR s.state = 0) AND s.state <> 2"
                            " ORDER BY s.from_us, s.file LIMIT ?");
    query_int(&query, ref);
    query_int(&query, stream);
    query_int(&query, from_us - SEGMENT_ROW_MOST_US);
    query_int(&query, to_us);
    query_int(&query, from_us);
    query_int(&query, limit_or_all(limit));
    return read_rows(&query, error);
}

int segments_newest_width(CatalogDb *db, const Uuid *camera)
{
    g_auto(Query) query = query_begin(
        db, "SELECT width FROM segments WHERE camera = (SELECT ref FROM cameras WHERE id = ?)"
            " AND stream = ? AND width > 0 ORDER BY from_us DESC LIMIT 1");
    query_uuid(&query, camera);
    query_int(&query, STREAM_MAIN);
    return query_next(&query, NULL) == QUERY_ROW ? (int)column_int(&query, 0) : 0;
}

/* On `volume`, or on any (NULL). */
static SegmentRow *read_one(CatalogDb *db, const Uuid *camera, const Uuid *volume, const char *file,
                            GError **error)
{
    g_auto(Query) query =
        query_begin(db, SEGMENT_COLUMNS "WHERE c.id = ?1 AND s.file = ?2 AND s.state <> 2"
                                        " AND (?3 IS NULL OR v.id = ?3)");
    query_uuid(&query, camera);
    query_text(&query, file);
    if (volume)
        query_uuid(&query, volume);
    QueryStep step = query_next(&query, error);
    if (step == QUERY_ROW)
        return read_row(&query);
    if (step == QUERY_END)
        err_set(error, ERR_NOT_FOUND, "no such segment");
    return NULL;
}

SegmentRow *segments_get(CatalogDb *db, const Uuid *camera, const char *file, GError **error)
{
    return read_one(db, camera, NULL, file, error);
}

GPtrArray *segments_oldest(CatalogDb *db, const Uuid *camera, StreamKind stream, const Uuid *volume,
                           int64_t from_us, unsigned limit, GError **error)
{
    int64_t ref;
    if (!camera_ref(db, camera, &ref, error))
        return NULL;
    g_auto(Query) query =
        query_begin(db, SEGMENT_COLUMNS
                    "WHERE s.camera = ?1 AND s.stream = ?2 AND s.from_us >= ?3 AND s.state = 1"
                    " AND (?4 IS NULL OR s.volume = (SELECT ref FROM volumes WHERE id = ?4))"
                    " ORDER BY s.from_us, s.file LIMIT ?5");
    query_int(&query, ref);
    query_int(&query, stream);
    query_int(&query, from_us);
    if (volume)
        query_uuid(&query, volume);
    else
        query_text(&query, NULL);
    query_int(&query, limit_or_all(limit));
    return read_rows(&query, error);
}

GPtrArray *segments_with_state(CatalogDb *db, SegmentState state, GError **error)
{
    g_assert(state != SEGMENT_SEALED); /* the index holds the others only */
    g_auto(Query) query = query_begin(
        db, SEGMENT_COLUMNS "WHERE s.state = ? AND s.state <> 1 ORDER BY s.camera, s.file");
    query_int(&query, state);
    return read_rows(&query, error);
}

/* Runs `sql` on one row named by camera, file and volume. */
static bool change_one(CatalogDb *db, const char *sql, const Uuid *camera, const Uuid *volume,
                       const char *file, GError **error)
{
    g_auto(Query) query = query_begin(db, sql);
    query_uuid(&query, camera);
    query_text(&query, file);
    query_uuid(&query, volume);
    if (!query_run(&query, error))
        return false;
    if (query_changes(&query) == 0)
        return err_set(error, ERR_NOT_FOUND, "no such segment");
    return true;
}

#define ONE_SEGMENT                                                      \
    "WHERE camera = (SELECT ref FROM cameras WHERE id = ?) AND file = ?" \
    " AND volume = (SELECT ref FROM volumes WHERE id = ?)"

/* Takes the row's footage out of the timeline, but for what other segments hold of its time. */
static bool uncover(CatalogDb *db, const SegmentRow *row, GError **error)
{
    if (!coverage_retire(db, &row->camera, row->stream, row->from_us, row->to_us, error))
        return false;
    g_autoptr(GPtrArray) others =
        segments_in(db, &row->camera, row->stream, row->from_us, row->to_us, 0, error);
    for (guint i = 0; others && i < others->len; i++) {
        const SegmentRow *other = others->pdata[i];
        if (!coverage_add(db, &row->camera, row->stream, MAX(row->from_us, other->from_us),
                          MIN(row->to_us, other->to_us), error))
            return false;
    }
    return others != NULL;
}

bool segments_retire(CatalogDb *db, const Uuid *camera, const Uuid *volume, const char *file,
                     GError **error)
{
    g_autoptr(SegmentRow) row = read_one(db, camera, volume, file, error);
    return row &&
           change_one(db, "UPDATE segments SET state = 2 " ONE_SEGMENT, camera, volume, file,
                      error) &&
           uncover(db, row, error);
}

bool segments_forget(CatalogDb *db, const Uuid *camera, const Uuid *volume, const char *file,
                     GError **error)
{
    return change_one(db, "DELETE FROM segments " ONE_SEGMENT, camera, volume, file, error);
}

GArray *segments_usage(CatalogDb *db, GError **error)
{
    g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(SegmentUsage));
    g_auto(Query) query =
        query_begin(db, "SELECT c.id, v.id, u.stream, u.segments, u.bytes FROM usage u"
                        " JOIN cameras c ON c.ref = u.camera JOIN volumes v ON v.ref = u.volume"
                        " WHERE u.segments > 0 ORDER BY c.id, v.id, u.stream");
    QueryStep step;
    while ((step = query_next(&query, error)) == QUERY_ROW) {
        SegmentUsage usage = {
            .camera = column_uuid(&query, 0),
            .volume = column_uuid(&query, 1),
            .stream = (StreamKind)column_int(&query, 2),
            .segments = column_int(&query, 3),
            .bytes = column_int(&query, 4),
        };
        g_array_append_val(rows, usage);
    }
    return step == QUERY_END ? g_steal_pointer(&rows) : NULL;
}

bool segments_sums(CatalogDb *db, const Uuid *camera, int64_t from_us, int64_t to_us,
                   SegmentSums *sums, GError **error)
{
    int64_t ref;
    *sums = (SegmentSums){0};
    if (!camera_ref(db, camera, &ref, error))
        return false;
    g_auto(Query) query =
        query_begin(db, "SELECT coalesce(sum(bytes), 0), coalesce(min(from_us), 0) FROM segments"
                        " WHERE camera = ? AND stream IN (0, 1) AND from_us >= ? AND from_us < ?"
                        " AND to_us <= ? AND state <> 2");
    query_int(&query, ref);
    query_int(&query, from_us);
    query_int(&query, to_us);
    query_int(&query, to_us);
    if (query_next(&query, error) != QUERY_ROW)
        return false;
    *sums = (SegmentSums){column_int(&query, 0), column_int(&query, 1)};
    return true;
}
