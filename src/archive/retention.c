#include "archive/retention.h"

#include "archive/retire_batch.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/time_text.h"
#include "catalog/cameras.h"
#include "catalog/segments.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum {
    PAGE_SEGMENTS = 64,
    QUOTA_STEP = 256, /* this part of the quota, or of the floor, goes at once … */
    FLOOR_STEP = 16,  /* … as far as a batch holds it */
};

/* The segments of one stream that may go, oldest first. */
typedef struct Candidates {
    Uuid camera;
    StreamKind stream;
    int64_t bytes;   /* of all its segments */
    GPtrArray *page; /* SegmentRow, owned; NULL: not read yet */
    guint next;      /* in the page */
    int64_t from_us; /* where the page after this one begins */
    bool exhausted;
} Candidates;

typedef struct Round {
    Store *store;
    Archive *archive; /* its */
    Sealer *sealer;
    GArray *holds;
    unsigned holds_turn; /* of the archive, when they were read */
    GPtrArray *cameras;  /* CameraRow */
    GPtrArray *streams;  /* Candidates, on this volume */
    GArray *usage;       /* SegmentUsage, on all volumes */
    int64_t now_us, stop_mono_us;
    bool exact, out_of_time;
} Round;

static void candidates_free(void *data)
{
    Candidates *candidates = data;
    if (candidates->page)
        g_ptr_array_unref(candidates->page);
    g_free(candidates);
}

static void round_clear(Round *round)
{
    g_clear_pointer(&round->holds, g_array_unref);
    g_clear_pointer(&round->cameras, g_ptr_array_unref);
    g_clear_pointer(&round->streams, g_ptr_array_unref);
    g_clear_pointer(&round->usage, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Round, round_clear)

static bool read_holds(Round *round, GError **error)
{
    Archive *archive = round->archive;
    round->holds_turn = atomic_load(&archive->holds_turn);
    g_clear_pointer(&round->holds, g_array_unref);
    round->holds = holds_load(archive->data_path, due_time_of_holds_us(archive->due), error);
    if (!round->holds)
        g_prefix_error(error, "holds cannot be read, so no footage is deleted: ");
    else
        atomic_store_explicit(&archive->holds, round->holds->len, memory_order_relaxed);
    return round->holds != NULL;
}

/* Holds that were set while the round goes on count at once. False: nothing may be deleted. */
static bool holds_are_known(Round *round)
{
    g_autoptr(GError) error = NULL;
    if (round->holds_turn == atomic_load(&round->archive->holds_turn) || read_holds(round, &error))
        return true;
    log_error("archive.retention_failed", "error=\"%s\"", error->message);
    round->holds = g_array_new(FALSE, FALSE, sizeof(Hold));
    round->out_of_time = true; /* the round ends here */
    return false;
}

static bool read_page(Round *round, Candidates *candidates, GError **error)
{
    g_autoptr(CatalogDb) db = catalog_read(round->archive->catalog, error);
    if (!db)
        return false;
    GPtrArray *page =
        segments_oldest(db, &candidates->camera, candidates->stream, &round->store->volume.id,
                        candidates->from_us, PAGE_SEGMENTS, error);
    if (!page)
        return false;
    if (candidates->page)
        g_ptr_array_unref(candidates->page);
    candidates->page = page;
    candidates->next = 0;
    candidates->exhausted = page->len == 0;
    if (page->len > 0)
        candidates->from_us = ((SegmentRow *)g_ptr_array_index(page, page->len - 1))->from_us + 1;
    return true;
}

/* The oldest segment of the stream that may go, or NULL; stays the next until it is passed. */
static const SegmentRow *oldest(Round *round, Candidates *candidates)
{
    while (!candidates->exhausted) {
        g_autoptr(GError) error = NULL;
        if (!candidates->page || candidates->next >= candidates->page->len) {
            if (!read_page(round, candidates, &error)) {
                log_error("archive.retention_failed", "error=\"%s\"", error->message);
                candidates->exhausted = true;
            }
            continue;
        }
        const SegmentRow *row = g_ptr_array_index(candidates->page, candidates->next);
        if (!holds_cover(round->holds, &row->camera, row->from_us, row->to_us))
            return row;
        candidates->next++;
    }
    return NULL;
}

/* Takes up to a batch of segments of one day that ended by `before_us`, together no more than it
 * takes to reach `most_bytes`. */
static void choose(Round *round, Candidates *candidates, int64_t before_us, int64_t most_bytes,
                   RetireBatch *batch)
{
    int64_t day_us = 0;
    const SegmentRow *row;
    while (batch->count < RETIRE_BATCH_MOST && batch->bytes < most_bytes &&
           (row = oldest(round, candidates)) && row->to_us <= before_us) {
        if (batch->count > 0 && day_start_us(row->from_us) != day_us)
            break;
        day_us = day_start_us(row->from_us);
        retire_batch_add(batch, row);
        candidates->next++;
    }
}

static void count_out(Round *round, const Candidates *candidates, int64_t bytes)
{
    for (guint i = 0; i < round->usage->len; i++) {
        SegmentUsage *one = &g_array_index(round->usage, SegmentUsage, i);
        if (uuid_equal(&one->camera, &candidates->camera) && one->stream == candidates->stream &&
            uuid_equal(&one->volume, &round->store->volume.id))
            one->bytes -= bytes;
    }
}

/* Deletes the batch, but for what is held: a hold may have been set since it was chosen, and what
 * is on the timeline when it is answered is to stay. */
static bool retire(Round *round, RetireBatch *batch, const char *reason, GError **error)
{
    if (!retire_batch_mark(round->store, batch, error))
        return false;
    bool known = holds_are_known(round);
    return retire_batch_keep(round->store, round->sealer, batch, known ? round->holds : NULL,
                             error) &&
           retire_batch_delete(round->store, round->sealer, batch, reason, round->now_us, error);
}

/* Retires some of the stream's oldest segments, as choose() takes them. Returns the bytes that
 * went. */
static int64_t retire_some(Round *round, Candidates *candidates, int64_t before_us,
                           int64_t most_bytes, const char *reason)
{
    g_auto(RetireBatch) batch = {0};
    if (holds_are_known(round))
        choose(round, candidates, before_us, most_bytes, &batch);
    if (batch.count == 0)
        return 0;
    char camera[UUID_TEXT];
    uuid_text(&candidates->camera, camera);
    g_autofree char *first = g_strdup(batch.rows[0]->file);
    g_autoptr(GError) error = NULL;
    if (!retire(round, &batch, reason, &error)) {
        log_error("archive.retire_failed", "camera=%s file=%s error=\"%s\"", camera, first,
                  error->message);
        return 0;
    }
    if (batch.count == 0)
        return 0;
    candidates->bytes -= batch.bytes;
    count_out(round, candidates, batch.bytes);
    log_info("archive.retired", "camera=%s from=%s segments=%u reason=%s", camera,
             batch.rows[0]->file, batch.count, reason);
    return batch.bytes;
}

static bool time_left(Round *round)
{
    round->out_of_time |= clock_mono_us() >= round->stop_mono_us;
    return !round->out_of_time;
}

static const CameraRow *camera_of(Round *round, const Uuid *id)
{
    for (guint i = 0; i < round->cameras->len; i++) {
        const CameraRow *row = g_ptr_array_index(round->cameras, i);
        if (uuid_equal(&row->id, id))
            return row;
    }
    return NULL;
}

/* How old footage of the camera (NULL: of nobody's) may become. */
static int64_t age_of(const Round *round, const CameraRow *camera)
{
    return camera && camera->retention_days ? camera->retention_days * DAY_US
                                            : round->archive->retention_us;
}

/* How much footage of the camera may be kept; 0: any. */
static int64_t bytes_most(const Round *round, const CameraRow *camera)
{
    return camera && camera->retention_bytes ? camera->retention_bytes
                                             : round->archive->retention_bytes;
}

static void retire_by_age(Round *round)
{
    for (guint i = 0; i < round->streams->len; i++) {
        Candidates *candidates = g_ptr_array_index(round->streams, i);
        const CameraRow *camera = camera_of(round, &candidates->camera);
        int64_t before_us = round->now_us - age_of(round, camera);
        int64_t begin_us = round->exact ? before_us : before_us - HOUR_US;
        const SegmentRow *row = oldest(round, candidates);
        if (!row || row->to_us > begin_us)
            continue;
        while (time_left(round) && (row = oldest(round, candidates)) && row->to_us <= before_us)
            retire_some(round, candidates, before_us, INT64_MAX, "age");
    }
}

/* The stream with the oldest segment that may go; of one camera, or of all. NULL: nothing may. */
static Candidates *oldest_stream(Round *round, const Uuid *camera)
{
    Candidates *found = NULL;
    int64_t found_us = INT64_MAX;
    for (guint i = 0; i < round->streams->len; i++) {
        Candidates *candidates = g_ptr_array_index(round->streams, i);
        if (camera && !uuid_equal(camera, &candidates->camera))
            continue;
        const SegmentRow *row = oldest(round, candidates);
        if (row && row->from_us < found_us) {
            found = candidates;
            found_us = row->from_us;
        }
    }
    return found;
}

static int64_t bytes_of(Round *round, const Uuid *camera)
{
    int64_t bytes = 0;
    for (guint i = 0; i < round->usage->len; i++) {
        const SegmentUsage *one = &g_array_index(round->usage, SegmentUsage, i);
        if (uuid_equal(camera, &one->camera))
            bytes += one->bytes;
    }
    return bytes;
}

/* Another volume that is there holds older footage of the stream that may go: it goes first, by
 * that volume's own keeper. */
static bool is_older_elsewhere(Round *round, const Uuid *camera, const SegmentRow *ours)
{
    for (guint i = 0; i < round->usage->len; i++) {
        const SegmentUsage *one = &g_array_index(round->usage, SegmentUsage, i);
        Store *store = archive_store_of(round->archive, &one->volume);
        if (!uuid_equal(&one->camera, camera) || !store || store == round->store ||
            !atomic_load(&store->volume.present))
            continue;
        g_autoptr(GError) error = NULL;
        g_autoptr(CatalogDb) db = catalog_read(round->archive->catalog, &error);
        g_autoptr(GPtrArray) rows = db ? segments_oldest(db, camera, one->stream, &one->volume,
                                                         INT64_MIN, PAGE_SEGMENTS, &error)
                                       : NULL;
        for (guint r = 0; rows && r < rows->len; r++) {
            const SegmentRow *row = g_ptr_array_index(rows, r);
            if (!holds_cover(round->holds, camera, row->from_us, row->to_us))
                return row->from_us < ours->from_us;
        }
    }
    return false;
}

static void retire_by_bytes(Round *round)
{
    for (guint i = 0; i < round->cameras->len; i++) {
        const CameraRow *camera = g_ptr_array_index(round->cameras, i);
        int64_t most = bytes_most(round, camera);
        Candidates *candidates;
        int64_t over;
        while (most > 0 && (over = bytes_of(round, &camera->id) - most) > 0 && time_left(round) &&
               (candidates = oldest_stream(round, &camera->id)) &&
               !is_older_elsewhere(round, &camera->id, oldest(round, candidates)))
            retire_some(round, candidates, INT64_MAX, MAX(over, most / QUOTA_STEP), "quota");
    }
}

static void retire_for_room(Round *round)
{
    Candidates *candidates;
    int64_t free_bytes, total_bytes, floor_bytes = atomic_load(&round->store->floor_bytes);
    while (volume_space(&round->store->volume, &free_bytes, &total_bytes) &&
           free_bytes < floor_bytes && time_left(round) &&
           (candidates = oldest_stream(round, NULL))) {
        int64_t missing = floor_bytes - free_bytes;
        int64_t spare = MIN(floor_bytes / FLOOR_STEP, INT64_MAX - missing);
        retire_some(round, candidates, INT64_MAX, missing + spare, "space");
    }
}

static bool forget_camera_work(CatalogDb *db, void *data, GError **error)
{
    return cameras_forget(db, data, error);
}

/* Removed cameras whose last footage is gone leave no row. */
static void forget_cameras(Round *round)
{
    for (guint i = 0; i < round->cameras->len; i++) {
        CameraRow *camera = g_ptr_array_index(round->cameras, i);
        g_autoptr(GError) error = NULL;
        if (camera->removed_us == 0 || round->now_us - camera->removed_us < DAY_US ||
            bytes_of(round, &camera->id) > 0)
            continue;
        if (!catalog_write_wait(round->archive->catalog, forget_camera_work, &camera->id, &error) &&
            !g_error_matches(error, ERR, ERR_NOT_FOUND))
            log_error("archive.retention_failed", "error=\"%s\"", error->message);
    }
}

static bool read_catalog(Round *round, GError **error)
{
    g_autoptr(CatalogDb) db = catalog_read(round->archive->catalog, error);
    round->usage = db ? segments_usage(db, error) : NULL;
    const GArray *usage = round->usage;
    round->cameras = usage ? cameras_list(db, error) : NULL;
    if (!round->cameras)
        return false;
    round->streams = g_ptr_array_new_with_free_func(candidates_free);
    for (guint i = 0; i < usage->len; i++) {
        const SegmentUsage *one = &g_array_index(usage, SegmentUsage, i);
        if (!uuid_equal(&one->volume, &round->store->volume.id))
            continue;
        Candidates *candidates = g_new0(Candidates, 1);
        *candidates = (Candidates){.camera = one->camera,
                                   .stream = one->stream,
                                   .bytes = one->bytes,
                                   .from_us = INT64_MIN};
        g_ptr_array_add(round->streams, candidates);
    }
    return true;
}

bool retention_round(Store *store, Sealer *sealer, bool exact, int64_t most_us, bool *more,
                     GError **error)
{
    Archive *archive = store->archive;
    g_auto(Round) round = {.store = store,
                           .archive = archive,
                           .sealer = sealer,
                           .now_us = due_time_us(archive->due),
                           .exact = exact,
                           .stop_mono_us = clock_mono_us() + most_us};
    *more = false;
    if (!read_holds(&round, error) || !read_catalog(&round, error))
        return false;
    retire_by_age(&round);
    retire_by_bytes(&round);
    retire_for_room(&round);
    forget_cameras(&round);
    *more = round.out_of_time;
    return true;
}

/* Rows whose deletion had begun. Array of SegmentRow, returned owned. */
static GPtrArray *begun(Store *store, GError **error)
{
    g_autoptr(CatalogDb) db = catalog_read(store->archive->catalog, error);
    GPtrArray *rows = db ? segments_with_state(db, SEGMENT_RETIRED, error) : NULL;
    for (guint i = rows ? rows->len : 0; i-- > 0;) {
        const SegmentRow *row = g_ptr_array_index(rows, i);
        if (!uuid_equal(&row->volume, &store->volume.id))
            g_ptr_array_remove_index(rows, i);
    }
    return rows;
}

/* Why the deletion of `row` had begun, which is not kept: by the rules as they stand now. */
static const char *reason_begun(Round *round, const SegmentRow *row)
{
    const CameraRow *camera = camera_of(round, &row->camera);
    if (row->to_us <= round->now_us - age_of(round, camera))
        return "age";
    return bytes_most(round, camera) > 0 ? "quota" : "space";
}

static bool ends_batch(const SegmentRow *row, const char *reason, const RetireBatch *batch,
                       const char *batch_reason)
{
    return batch->count == RETIRE_BATCH_MOST || g_strcmp0(reason, batch_reason) != 0 ||
           !uuid_equal(&row->camera, &batch->rows[0]->camera);
}

static bool resume(Round *round, const GPtrArray *rows, GError **error)
{
    g_auto(RetireBatch) batch = {0};
    const char *batch_reason = NULL;
    for (guint i = 0; i <= rows->len; i++) {
        const SegmentRow *row = i < rows->len ? g_ptr_array_index(rows, i) : NULL;
        const char *reason = row ? reason_begun(round, row) : NULL;
        if (batch.count > 0 && (!row || ends_batch(row, reason, &batch, batch_reason))) {
            if (!retire(round, &batch, batch_reason, error))
                return false;
            retire_batch_clear(&batch);
        }
        if (row)
            retire_batch_add(&batch, row);
        batch_reason = reason;
    }
    return true;
}

bool retention_resume(Store *store, Sealer *sealer, GError **error)
{
    g_auto(Round) round = {.store = store,
                           .archive = store->archive,
                           .sealer = sealer,
                           .now_us = due_time_us(store->archive->due)};
    g_autoptr(GPtrArray) rows = read_holds(&round, error) ? begun(store, error) : NULL;
    return rows && read_catalog(&round, error) && resume(&round, rows, error);
}
