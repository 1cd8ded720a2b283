#include "archive/archive.h"

#include "archive/balance.h"
#include "archive/keeper.h"
#include "archive/silence.h"
#include "archive/stores.h"
#include "archive/syncer.h"
#include "archive/writer.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "catalog/cameras.h"
#include "catalog/coverage.h"

#define SEGMENT_DEFAULT_US (5 * MINUTE_US)
#define RETENTION_DEFAULT_US (30 * DAY_US)
#define QUEUE_DEFAULT_BYTES ((size_t)16 << 20)

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
    for (unsigned i = 0; i < archive->store_count; i++)
        store_free(archive->stores[i]);
    g_hash_table_unref(archive->streams);
    g_hash_table_unref(archive->plans);
    g_ptr_array_unref(archive->segments);
    g_ptr_array_unref(archive->recorders);
    pthread_mutex_destroy(&archive->lock);
    pthread_mutex_destroy(&archive->ready_lock);
    turn_clear(&archive->holding);
    due_time_free(archive->due);
    g_free(archive->data_path);
    g_free(archive);
}

/* Opens the stores; what the last run left on each is put into `recoveries`. A journal that cannot
 * be read keeps nobody from recording: NULL, and the keeper tells it and tries again. */
static bool prepare(Archive *archive, const ArchiveSettings *settings, Recovery **recoveries,
                    GError **error)
{
    if (!stores_open(archive, settings, error) || !load_ends(archive, error))
        return false;
    for (unsigned i = 0; i < archive->store_count; i++) {
        Store *store = archive->stores[i];
        if (!atomic_load(&store->volume.present))
            continue;
        recoveries[i] = recovery_load(store, clock_wall_us(), NULL);
        if (recoveries[i])
            recovery_tell_ends(recoveries[i]);
    }
    return true;
}

static void start_threads(Archive *archive, Recovery **recoveries)
{
    for (unsigned i = 0; i < archive->store_count; i++)
        archive->stores[i]->keeper = keeper_new(archive->stores[i], recoveries[i]);
    for (unsigned i = 0; i < archive->store_count; i++)
        archive->stores[i]->writer = writer_new(archive->stores[i]);
    for (unsigned i = 0; i < archive->store_count; i++)
        archive->stores[i]->syncer = syncer_new(archive->stores[i]);
}

Archive *archive_open(const ArchiveSettings *settings, Catalog *catalog, const NodeKey *key,
                      GError **error)
{
    Archive *archive = g_new0(Archive, 1);
    Recovery *recoveries[VOLUMES_MOST] = {NULL};
    archive->catalog = catalog;
    archive->key = key;
    archive->opened_us = clock_now_us();
    pthread_mutex_init(&archive->lock, NULL);
    pthread_mutex_init(&archive->ready_lock, NULL);
    turn_init(&archive->holding);
    archive->streams = g_hash_table_new_full(stream_hash, stream_equal, stream_free, NULL);
    archive->plans = g_hash_table_new_full(uuid_hash, uuid_equal_keys, NULL, free_plan);
    archive->segments = g_ptr_array_new();
    archive->recorders = g_ptr_array_new();
    take_settings(archive, settings);
    archive->due = due_time_new(archive->data_path);
    if (!prepare(archive, settings, recoveries, error)) {
        for (unsigned i = 0; i < archive->store_count; i++)
            recovery_free(recoveries[i]);
        archive_free(archive);
        return NULL;
    }
    start_threads(archive, recoveries);
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
    hub_listener_end(atomic_load(&recorder->listener)); /* the next pictures are a new one's */
    writer_end(recorder);
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
    atomic_store(&archive->closing, true);
    silence_note(archive, SILENCE_LEAST_AT_STOP_US); /* once the server is down, nobody knows why a
                                                        stream was silent */
    while (unrecord(archive, NULL)) {
    }
    for (unsigned i = 0; i < archive->store_count; i++)
        writer_free(archive->stores[i]->writer);
    for (unsigned i = 0; i < archive->store_count; i++)
        syncer_free(archive->stores[i]->syncer);
    for (unsigned i = 0; i < archive->store_count; i++)
        keeper_free(archive->stores[i]->keeper);
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

static int64_t age_us(const _Atomic int64_t *time_us, const _Atomic int64_t *became_us)
{
    int64_t at_us = atomic_load_explicit(time_us, memory_order_relaxed);
    int64_t since_us = clock_mono_us() - atomic_load_explicit(became_us, memory_order_relaxed);
    return at_us ? MAX(clock_now_us() - at_us, since_us) : INT64_MAX;
}

int64_t archive_durable_age_us(Archive *archive, const Uuid *camera, StreamKind kind)
{
    const Stream *stream = archive_find_stream(archive, camera, kind);
    return stream ? age_us(&stream->durable_us, &stream->durable_at_us) : INT64_MAX;
}

int64_t archive_written_age_us(Archive *archive, const Uuid *camera, StreamKind kind)
{
    const Stream *stream = archive_find_stream(archive, camera, kind);
    return stream ? age_us(&stream->written_us, &stream->written_at_us) : INT64_MAX;
}
