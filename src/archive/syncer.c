#include "archive/syncer.h"

#include "archive/balance.h"
#include "archive/keeper.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/thread.h"

#include <errno.h>
#include <time.h>
#include <unistd.h>

struct Syncer {
    Store *store;
    Thread *thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool stopping; /* guarded by lock */
};

/* Remembers what is written now: durable once a sync that begins after this has ended. */
static void begin_sync(Store *store)
{
    Archive *archive = store->archive;
    GHashTableIter iter;
    void *entry;
    pthread_mutex_lock(&archive->lock);
    g_hash_table_iter_init(&iter, archive->streams);
    while (g_hash_table_iter_next(&iter, &entry, NULL)) {
        Stream *stream = entry;
        stream->syncing_us[store->index] =
            stream->store == store ? atomic_load_explicit(&stream->written_us, memory_order_relaxed)
                                   : 0;
    }
    pthread_mutex_unlock(&archive->lock);
}

static void end_sync(Store *store)
{
    Archive *archive = store->archive;
    GHashTableIter iter;
    void *entry;
    pthread_mutex_lock(&archive->lock);
    g_hash_table_iter_init(&iter, archive->streams);
    while (g_hash_table_iter_next(&iter, &entry, NULL)) {
        Stream *stream = entry;
        int64_t synced_us = stream->syncing_us[store->index];
        if (!synced_us || stream->store != store ||
            synced_us == atomic_load_explicit(&stream->durable_us, memory_order_relaxed))
            continue;
        atomic_store_explicit(&stream->durable_us, synced_us, memory_order_relaxed);
        atomic_store_explicit(&stream->durable_at_us, clock_mono_us(), memory_order_relaxed);
    }
    pthread_mutex_unlock(&archive->lock);
}

static void sync_volume(Store *store)
{
    begin_sync(store);
    int64_t start_us = clock_mono_us();
    int answer = syncfs(store->volume.root_fd);
    int code = errno;
    atomic_store_explicit(&store->sync_took_us, clock_mono_us() - start_us, memory_order_relaxed);
    if (answer == 0) {
        end_sync(store);
        if (store->archive->store_count > 1 && !balance_is_avoided(store))
            atomic_store(&store->trouble, 0); /* nothing may be written that would say so */
        return;
    }
    atomic_store(&store->trouble,
                 (int)(code == ENOSPC || code == EDQUOT ? GAP_DISK_FULL : GAP_DISK_ERROR));
    atomic_fetch_add(&store->sync_errors, 1);
    log_error("archive.sync_failed", "volume=%s error=\"%s\"", store->volume.path,
              g_strerror(code));
}

static void look_at_volume(Store *store)
{
    bool was = atomic_load(&store->volume.present);
    g_autoptr(GError) error = NULL;
    if (!volume_check(&store->volume, &error)) {
        atomic_store(&store->trouble, (int)GAP_VOLUME_MISSING);
        log_error("archive.volume_missing", "volume=%s error=\"%s\"", store->volume.path,
                  error->message);
        return;
    }
    if (!store_remember_volume(store, &error)) {
        log_error("archive.volume_not_remembered", "volume=%s error=\"%s\"", store->volume.path,
                  error->message);
        g_clear_error(&error);
    }
    if (!was) {
        atomic_store(&store->returned, true);
        atomic_store(&store->trouble, 0);
        atomic_store(&store->avoid_until_us, 0);
        log_info("archive.volume_present", "volume=%s", store->volume.path);
    }
    if (store_note_space(store) &&
        atomic_load(&store->free_bytes) < atomic_load(&store->floor_bytes))
        keeper_make_room(store->keeper);
}

static void round_once(Store *store)
{
    look_at_volume(store);
    if (atomic_load(&store->volume.present))
        sync_volume(store);
}

static bool wait_next(Syncer *syncer, struct timespec *next)
{
    next->tv_sec += syncer->store->archive->sync_us / SECOND_US;
    next->tv_nsec += syncer->store->archive->sync_us % SECOND_US * 1000;
    next->tv_sec += next->tv_nsec / 1000000000;
    next->tv_nsec %= 1000000000;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    if (now.tv_sec > next->tv_sec)
        *next = now; /* a sync took longer than a round: no rush to catch up */
    pthread_mutex_lock(&syncer->lock);
    int answer = 0;
    while (!syncer->stopping && answer == 0)
        answer = pthread_cond_timedwait(&syncer->wake, &syncer->lock, next);
    bool go_on = !syncer->stopping;
    pthread_mutex_unlock(&syncer->lock);
    return go_on;
}

static void syncer_main(void *data)
{
    Syncer *syncer = data;
    struct timespec next;
    clock_gettime(CLOCK_MONOTONIC, &next);
    while (wait_next(syncer, &next))
        round_once(syncer->store);
    round_once(syncer->store);
}

Syncer *syncer_new(Store *store)
{
    Syncer *syncer = g_new0(Syncer, 1);
    syncer->store = store;
    pthread_mutex_init(&syncer->lock, NULL);
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&syncer->wake, &attr);
    pthread_condattr_destroy(&attr);
    syncer->thread = thread_start("sync", syncer_main, syncer);
    return syncer;
}

void syncer_free(Syncer *syncer)
{
    if (!syncer)
        return;
    pthread_mutex_lock(&syncer->lock);
    syncer->stopping = true;
    pthread_mutex_unlock(&syncer->lock);
    pthread_cond_signal(&syncer->wake);
    thread_join(syncer->thread);
    pthread_cond_destroy(&syncer->wake);
    pthread_mutex_destroy(&syncer->lock);
    g_free(syncer);
}
