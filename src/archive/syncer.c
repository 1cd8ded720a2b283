#include "archive/syncer.h"

#include "archive/keeper.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/thread.h"

#include <errno.h>
#include <time.h>
#include <unistd.h>

struct Syncer {
    Archive *archive;
    Thread *thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool stopping; /* guarded by lock */
};

/* Remembers what is written now: durable once a sync that begins after this has ended. */
static void begin_sync(Archive *archive)
{
    GHashTableIter iter;
    void *entry;
    pthread_mutex_lock(&archive->lock);
    g_hash_table_iter_init(&iter, archive->streams);
    while (g_hash_table_iter_next(&iter, &entry, NULL)) {
        Stream *stream = entry;
        stream->syncing_us = atomic_load_explicit(&stream->written_us, memory_order_relaxed);
    }
    pthread_mutex_unlock(&archive->lock);
}

static void end_sync(Archive *archive)
{
    GHashTableIter iter;
    void *entry;
    pthread_mutex_lock(&archive->lock);
    g_hash_table_iter_init(&iter, archive->streams);
    while (g_hash_table_iter_next(&iter, &entry, NULL)) {
        Stream *stream = entry;
        atomic_store_explicit(&stream->durable_us, stream->syncing_us, memory_order_relaxed);
    }
    pthread_mutex_unlock(&archive->lock);
}

static void sync_volume(Archive *archive)
{
    begin_sync(archive);
    int64_t start_us = clock_mono_us();
    int answer = syncfs(archive->volume.root_fd);
    int code = errno;
    atomic_store_explicit(&archive->sync_took_us, clock_mono_us() - start_us, memory_order_relaxed);
    if (answer == 0) {
        end_sync(archive);
        return;
    }
    atomic_store(&archive->trouble,
                 (int)(code == ENOSPC || code == EDQUOT ? GAP_DISK_FULL : GAP_DISK_ERROR));
    atomic_fetch_add(&archive->sync_errors, 1);
    log_error("archive.sync_failed", "volume=%s error=\"%s\"", archive->volume.path,
              g_strerror(code));
}

static void look_at_volume(Archive *archive)
{
    bool was = atomic_load(&archive->volume.present);
    g_autoptr(GError) error = NULL;
    int64_t free_bytes, total_bytes;
    if (!volume_check(&archive->volume, &error)) {
        atomic_store(&archive->trouble, (int)GAP_VOLUME_MISSING);
        log_error("archive.volume_missing", "volume=%s error=\"%s\"", archive->volume.path,
                  error->message);
        return;
    }
    if (!archive_remember_volume(archive, &error)) {
        log_error("archive.volume_not_remembered", "volume=%s error=\"%s\"", archive->volume.path,
                  error->message);
        g_clear_error(&error);
    }
    if (!was) {
        atomic_store(&archive->volume_returned, true);
        atomic_store(&archive->trouble, 0);
        log_info("archive.volume_present", "volume=%s", archive->volume.path);
    }
    if (!volume_space(&archive->volume, &free_bytes, &total_bytes))
        return;
    atomic_store_explicit(&archive->free_bytes, free_bytes, memory_order_relaxed);
    atomic_store_explicit(&archive->total_bytes, total_bytes, memory_order_relaxed);
    if (free_bytes < archive->floor_bytes)
        keeper_make_room(archive->keeper);
}

static void round_once(Archive *archive)
{
    look_at_volume(archive);
    if (atomic_load(&archive->volume.present))
        sync_volume(archive);
}

static bool wait_next(Syncer *syncer, struct timespec *next)
{
    next->tv_sec += syncer->archive->sync_us / SECOND_US;
    next->tv_nsec += syncer->archive->sync_us % SECOND_US * 1000;
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
        round_once(syncer->archive);
    round_once(syncer->archive);
}

Syncer *syncer_new(Archive *archive)
{
    Syncer *syncer = g_new0(Syncer, 1);
    syncer->archive = archive;
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
