#include "archive/archive.h"

#include "archive/keeper.h"
#include "archive/silence.h"
#include "archive/syncer.h"
#include "archive/writer.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "catalog/cameras.h"
#include "catalog/coverage.h"
#include "catalog/settings.h"

#define SEGMENT_DEFAULT_US (5 * MINUTE_US)
#define RETENTION_DEFAULT_US (30 * DAY_US)
#define FLOOR_MOST_BYTES (INT64_C(10) << 30)
#define QUEUE_DEFAULT_BYTES ((size_t)16 << 20)
#define VOLUME_SETTING "archive.volume" /* its UUID, once it was used */

static guint stream_hash(const void *key)
{
    const Stream *stream = key;
    return uuid_hash(&stream->camera) ^ (guint)stream->kind;
}

static gboolean stream_equal(const void *a, const void *b)
{
    const Stream *first = a, *second = b;
    return first->kind == second->kind && uuid_equal(&first->camera, &second->camera);
}

static void stream_free(void *data)
{
    Stream *stream = data;
    g_array_unref(stream->owed);
    g_free(stream);
}

Stream *archive_stream(Archive *archive, const Uuid *camera, StreamKind kind)
{
    Stream key = {.camera = *camera, .kind = kind};
    pthread_mutex_lock(&archive->lock);
    Stream *stream = g_hash_table_lookup(archive->streams, &key);
    if (!stream) {
        stream = g_new0(Stream, 1);
        stream->camera = *camera;
        stream->kind = kind;
        stream->owed = g_array_new(FALSE, FALSE, sizeof(SealGap));
        atomic_init(&stream->after_restart, true);
        g_hash_table_add(archive->streams, stream);
    }
    pthread_mutex_unlock(&archive->lock);
    return stream;
}

Stream *archive_find_stream(Archive *archive, const Uuid *camera, StreamKind kind)
{
    Stream key = {.camera = *camera, .kind = kind};
    pthread_mutex_lock(&archive->lock);
    Stream *stream = g_hash_table_lookup(archive->streams, &key);
    pthread_mutex_unlock(&archive->lock);
    return stream;
}

static void default_floor(Archive *archive, int64_t floor_bytes)
{
    int64_t free_bytes, total_bytes;
    archive->floor_bytes = MAX(floor_bytes, 0);
    if (floor_bytes == 0 && volume_space(&archive->volume, &free_bytes, &total_bytes))
        archive->floor_bytes = MIN(total_bytes / 50, FLOOR_MOST_BYTES);
}

static void take_settings(Archive *archive, const ArchiveSettings *settings)
{
    archive->data_path = g_strdup(settings->data_path);
    int64_t segment_us = settings->segment_us ? settings->segment_us : SEGMENT_DEFAULT_US;
    archive->segment_us = CLAMP(segment_us, MINUTE_US, 15 * MINUTE_US);
    archive->sync_us = settings->sync_us ? settings->sync_us : SECOND_US;
    archive->retention_us = settings->retention_us ? settings->retention_us : RETENTION_DEFAULT_US;
    archive->retention_bytes = settings->retention_bytes;
    archive->queue_bytes = settings->queue_bytes ? settings->queue_bytes : QUEUE_DEFAULT_BYTES;
}

/* The volume as the catalog remembers it: one that was used before is never made anew. */
static bool init_volume(Archive *archive, const ArchiveSettings *settings, GError **error)
{
    g_autofree char *path = settings->volume_path
                                ? g_strdup(settings->volume_path)
                                : g_build_filename(settings->data_path, "footage", NULL);
    g_autofree char *text = NULL;
    Uuid id = {0};
    g_autoptr(CatalogDb) db = catalog_read(archive->catalog, error);
    if (!db || !settings_get(db, VOLUME_SETTING, &text, error))
        return false;
    if (text && !uuid_parse(text, &id))
        return err_set(error, ERR_CORRUPT,
                       "the catalog's setting %s is no UUID: rebuild the catalog", VOLUME_SETTING);
    volume_init(&archive->volume, path, &id, &settings->node);
    return true;
}

static bool remember_work(CatalogDb *db, void *data, GError **error)
{
    char text[UUID_TEXT];
    return settings_put(db, VOLUME_SETTING, uuid_text(data, text), error);
}

bool archive_remember_volume(Archive *archive, GError **error)
{
    if (!archive->remembered)
        archive->remembered =
            catalog_write_wait(archive->catalog, remember_work, &archive->volume.id, error);
    return archive->remembered;
}

/* Looks for the volume a first time. Returns false only when the catalog fails, or the volume is of
 * a newer program: that does not come right by itself. */
static bool find_volume(Archive *archive, GError **error)
{
    g_autoptr(GError) trouble = NULL;
    archive->remembered = !uuid_is_nil(&archive->volume.id);
    if (!volume_check(&archive->volume, &trouble)) {
        if (g_error_matches(trouble, ERR, ERR_VERSION)) {
            g_propagate_error(error, g_steal_pointer(&trouble));
            return false;
        }
        atomic_store(&archive->trouble, (int)GAP_VOLUME_MISSING);
        log_error("archive.volume_missing", "volume=%s error=\"%s\"", archive->volume.path,
                  trouble->message);
        return true;
    }
    int64_t free_bytes = 0, total_bytes = 0;
    volume_space(&archive->volume, &free_bytes, &total_bytes);
    atomic_store(&archive->free_bytes, free_bytes);
    atomic_store(&archive->total_bytes, total_bytes);
    return archive_remember_volume(archive, error);
}

/* Where the account of the stream ends, for the gap up to its first picture, and the gaps behind
 * its newest footage, which no seal declares yet. */
static bool load_end(Archive *archive, CatalogDb *db, const Uuid *camera, StreamKind kind,
                     GError **error)
{
    int64_t until_us;
    if (!coverage_reach(db, camera, kind, NULL, &until_us, error))
        return false;
    g_autoptr(GArray) gaps = coverage_open_gaps(db, camera, kind, OWED_GAPS_MOST / 2, error);
    if (!gaps || until_us == 0)
        return gaps != NULL;
    Stream *stream = archive_stream(archive, camera, kind);
    stream->cursor_us = until_us;
    for (guint i = 0; i < gaps->len; i++) {
        const GapRow *row = &g_array_index(gaps, GapRow, i);
        SealGap gap = {row->from_us, row->to_us, row->cause};
        g_array_append_val(stream->owed, gap);
    }
    return true;
}

static bool load_ends(Archive *archive, GError **error)
{
    g_autoptr(CatalogDb) db = catalog_read(archive->catalog, error);
    g_autoptr(GPtrArray) cameras = db ? cameras_list(db, error) : NULL;
    for (guint i = 0; cameras && i < cameras->len; i++) {
        const CameraRow *camera = g_ptr_array_index(cameras, i);
        for (int kind = 0; kind < STREAM_KINDS; kind++)
            if (!load_end(archive, db, &camera->id, (StreamKind)kind, error))
                return false;
    }
    return cameras != NULL;
}

static void free_plan(void *plan)
{
    plan_free(plan);
}

static void archive_free(Archive *archive)
{
    journal_close(archive->journal);
    volume_clear(&archive->volume);
    g_hash_table_unref(archive->streams);
    g_hash_table_unref(archive->plans);
    g_ptr_array_unref(archive->segments);
    g_ptr_array_unref(archive->recorders);
    pthread_mutex_destroy(&archive->lock);
    g_free(archive->data_path);
    g_free(archive);
}

static bool prepare(Archive *archive, const ArchiveSettings *settings, Recovery **recovery,
                    GError **error)
{
    if (!init_volume(archive, settings, error) || !find_volume(archive, error) ||
        !load_ends(archive, error))
        return false;
    default_floor(archive, settings->floor_bytes);
    archive->journal = journal_open(archive->volume.path);
    if (!atomic_load(&archive->volume.present))
        return true;
    *recovery = recovery_load(archive, clock_wall_us(), error);
    if (*recovery)
        recovery_tell_ends(*recovery);
    return *recovery != NULL;
}

Archive *archive_open(const ArchiveSettings *settings, Catalog *catalog, const NodeKey *key,
                      GError **error)
{
    Archive *archive = g_new0(Archive, 1);
    Recovery *recovery = NULL;
    archive->catalog = catalog;
    archive->key = key;
    archive->opened_us = clock_now_us();
    pthread_mutex_init(&archive->lock, NULL);
    archive->streams = g_hash_table_new_full(stream_hash, stream_equal, stream_free, NULL);
    archive->plans = g_hash_table_new_full(uuid_hash, uuid_equal_keys, NULL, free_plan);
    archive->segments = g_ptr_array_new();
    archive->recorders = g_ptr_array_new();
    take_settings(archive, settings);
    if (!prepare(archive, settings, &recovery, error)) {
        archive_free(archive);
        return NULL;
    }
    archive->keeper = keeper_new(archive, recovery);
    archive->writer = writer_new(archive);
    archive->syncer = syncer_new(archive);
    return archive;
}

void archive_record(Archive *archive, Hub *hub)
{
    Recorder *recorder = recorder_new(archive, hub);
    recorder_listen(recorder);
    pthread_mutex_lock(&archive->lock);
    g_ptr_array_add(archive->recorders, recorder);
    pthread_mutex_unlock(&archive->lock);
}

/* Takes a recorder off the list: the hub's, or any when `hub` is NULL. */
static Recorder *detach(Archive *archive, const Hub *hub)
{
    Recorder *found = NULL;
    pthread_mutex_lock(&archive->lock);
    for (guint i = 0; i < archive->recorders->len && !found; i++) {
        Recorder *recorder = g_ptr_array_index(archive->recorders, i);
        if (hub && recorder->hub != hub)
            continue;
        found = recorder;
        g_ptr_array_remove_index(archive->recorders, i);
    }
    pthread_mutex_unlock(&archive->lock);
    return found;
}

static bool unrecord(Archive *archive, const Hub *hub)
{
    Recorder *recorder = detach(archive, hub);
    if (!recorder)
        return false;
    writer_end(archive->writer, recorder);
    return true;
}

void archive_unrecord(Archive *archive, Hub *hub)
{
    unrecord(archive, hub);
}

void archive_close(Archive *archive)
{
    if (!archive)
        return;
    silence_note(archive); /* once the server is down, nobody knows why a stream was silent */
    while (unrecord(archive, NULL)) {
    }
    writer_free(archive->writer);
    syncer_free(archive->syncer);
    keeper_free(archive->keeper);
    archive_free(archive);
}

int64_t archive_durable_us(Archive *archive, const Uuid *camera, StreamKind kind)
{
    const Stream *stream = archive_find_stream(archive, camera, kind);
    return stream ? atomic_load_explicit(&stream->durable_us, memory_order_relaxed) : 0;
}

int64_t archive_written_us(Archive *archive, const Uuid *camera, StreamKind kind)
{
    const Stream *stream = archive_find_stream(archive, camera, kind);
    return stream ? atomic_load_explicit(&stream->written_us, memory_order_relaxed) : 0;
}

ArchiveFigures archive_figures(Archive *archive)
{
    size_t queued_bytes = 0, fullest_bytes = 0;
    pthread_mutex_lock(&archive->lock);
    unsigned recorders = archive->recorders->len;
    for (unsigned i = 0; i < recorders; i++) {
        size_t bytes = recorder_waiting(g_ptr_array_index(archive->recorders, i));
        queued_bytes += bytes;
        fullest_bytes = MAX(fullest_bytes, bytes);
    }
    pthread_mutex_unlock(&archive->lock);
    return (ArchiveFigures){
        .volume_present = atomic_load(&archive->volume.present),
        .recovering = atomic_load(&archive->recovering),
        .trouble = (GapCause)atomic_load(&archive->trouble),
        .recorders = recorders,
        .queued_bytes = queued_bytes,
        .fullest_queue = (double)fullest_bytes / (double)archive->queue_bytes,
        .unsealed = atomic_load(&archive->unsealed),
        .total_bytes = atomic_load(&archive->total_bytes),
        .free_bytes = atomic_load(&archive->free_bytes),
        .last_sync_us = atomic_load(&archive->sync_took_us),
        .fragments = atomic_load(&archive->fragments),
        .pictures = atomic_load(&archive->pictures),
        .bytes = atomic_load(&archive->bytes),
        .lost_pictures = atomic_load(&archive->lost_pictures),
        .write_errors = atomic_load(&archive->write_errors),
        .sync_errors = atomic_load(&archive->sync_errors),
        .retired = atomic_load(&archive->retired),
        .retired_bytes = atomic_load(&archive->retired_bytes),
        .holds = atomic_load(&archive->holds),
    };
}

bool archive_make_roots(Archive *archive, GError **error)
{
    return keeper_make_roots(archive->keeper, error);
}

void archive_retain_now(Archive *archive)
{
    keeper_retain(archive->keeper);
}

bool archive_settle(Archive *archive, int64_t wait_us)
{
    return keeper_settle(archive->keeper, wait_us);
}
