/* What archive.h tells of the whole archive, added up over its volumes. */
#include "archive/keeper.h"
#include "archive/recorder.h"
#include "base/clock.h"

#define SEAL_LOOK_US (SECOND_US / 20)
/* A fragment waits so long for its last pictures, and a little. */
#define COMES_LATE_US (3 * SECOND_US)

static void add_store(ArchiveFigures *all, const Store *store)
{
    all->volume_present = all->volume_present && atomic_load(&store->volume.present);
    all->recovering = all->recovering || atomic_load(&store->recovering);
    all->total_bytes += atomic_load(&store->total_bytes);
    all->free_bytes += atomic_load(&store->free_bytes);
    all->last_sync_us = MAX(all->last_sync_us, atomic_load(&store->sync_took_us));
    all->bytes += atomic_load(&store->bytes);
    all->write_errors += atomic_load(&store->write_errors);
    all->sync_errors += atomic_load(&store->sync_errors);
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
    ArchiveFigures all = {
        .volume_present = true,
        .trouble = archive_trouble(archive),
        .recorders = recorders,
        .queued_bytes = queued_bytes,
        .fullest_queue = (double)fullest_bytes / (double)archive->queue_bytes,
        .unsealed = atomic_load(&archive->unsealed),
        .fragments = atomic_load(&archive->fragments),
        .pictures = atomic_load(&archive->pictures),
        .lost_pictures = atomic_load(&archive->lost_pictures),
        .retired = atomic_load(&archive->retired),
        .retired_bytes = atomic_load(&archive->retired_bytes),
        .holds = atomic_load(&archive->holds),
        .held_bytes = atomic_load(&archive->held_bytes),
    };
    for (unsigned i = 0; i < archive->store_count; i++)
        add_store(&all, archive->stores[i]);
    return all;
}

unsigned archive_volumes(Archive *archive, ArchiveVolume *volumes, unsigned most)
{
    unsigned count = MIN(archive->store_count, most);
    for (unsigned i = 0; i < count; i++) {
        Store *store = archive->stores[i];
        pthread_mutex_lock(&archive->ready_lock);
        unsigned recorders = store->recorders;
        pthread_mutex_unlock(&archive->ready_lock);
        volumes[i] = (ArchiveVolume){
            .path = store->volume.path,
            .present = atomic_load(&store->volume.present),
            .avoided = clock_mono_us() < atomic_load(&store->avoid_until_us),
            .trouble = (GapCause)atomic_load(&store->trouble),
            .recorders = recorders,
            .total_bytes = atomic_load(&store->total_bytes),
            .free_bytes = atomic_load(&store->free_bytes),
            .last_sync_us = atomic_load(&store->sync_took_us),
            .bytes = atomic_load(&store->bytes),
            .write_errors = atomic_load(&store->write_errors),
            .sync_errors = atomic_load(&store->sync_errors),
        };
    }
    return count;
}

/* Ends the open ones early; whether there are any, open or waiting for their seal. */
static bool segments_end(Archive *archive, const Uuid *camera, StreamKind kind, int64_t to_us)
{
    int64_t now_us = clock_now_us();
    bool any = false;
    pthread_mutex_lock(&archive->lock);
    for (guint i = 0; i < archive->segments->len; i++) {
        Segment *segment = g_ptr_array_index(archive->segments, i);
        if (segment->stream->kind != kind || !uuid_equal(&segment->stream->camera, camera) ||
            segment->id.start_us > to_us)
            continue;
        any = true;
        if (atomic_load_explicit(&segment->until_us, memory_order_relaxed) > now_us)
            atomic_store_explicit(&segment->until_us, now_us, memory_order_relaxed);
    }
    pthread_mutex_unlock(&archive->lock);
    return any;
}

/* Pictures up to `to_us` may still be on their way to the disk. */
static bool may_come(Archive *archive, const Uuid *camera, StreamKind kind, int64_t to_us)
{
    return clock_now_us() < to_us + COMES_LATE_US &&
           archive_written_us(archive, camera, kind) < to_us;
}

bool archive_seal_until(Archive *archive, const Uuid *camera, StreamKind kind, int64_t to_us,
                        int64_t wait_us)
{
    int64_t until_us = clock_mono_us() + wait_us;
    while (segments_end(archive, camera, kind, to_us) || may_come(archive, camera, kind, to_us)) {
        if (clock_mono_us() >= until_us)
            return false;
        g_usleep(SEAL_LOOK_US);
    }
    return true;
}

/* The seals that were asked for on the other volumes go before. */
bool archive_make_roots(Archive *archive, GError **error)
{
    for (unsigned i = 1; i < archive->store_count; i++)
        if (atomic_load(&archive->stores[i]->volume.present))
            keeper_settle(archive->stores[i]->keeper, 10 * SECOND_US);
    return keeper_make_roots(archive->stores[0]->keeper, error);
}

void archive_set_retention(Archive *archive, int64_t retention_us, int64_t retention_bytes)
{
    atomic_store_explicit(&archive->retention_us, retention_us, memory_order_relaxed);
    atomic_store_explicit(&archive->retention_bytes, retention_bytes, memory_order_relaxed);
}

void archive_retain_now(Archive *archive)
{
    for (unsigned i = 0; i < archive->store_count; i++)
        keeper_retain(archive->stores[i]->keeper);
}

bool archive_settle(Archive *archive, int64_t wait_us)
{
    bool settled = true;
    for (unsigned i = 0; i < archive->store_count; i++)
        settled = keeper_settle(archive->stores[i]->keeper, wait_us) && settled;
    return settled;
}

ArchiveFingerprints archive_fingerprints(Archive *archive)
{
    ArchiveFingerprints told = {0};
    public_key_fingerprint(node_key_public(archive->key), told.key);
    pthread_mutex_lock(&archive->lock);
    told.day_us = archive->root_day_us;
    told.day = archive->root_day;
    pthread_mutex_unlock(&archive->lock);
    return told;
}
