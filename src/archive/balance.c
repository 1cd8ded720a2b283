#include "archive/balance.h"

#include "base/clock.h"
#include "base/log.h"

#define AVOID_LEAST_US MINUTE_US
#define AVOID_MOST_US (32 * MINUTE_US)
#define SLOW_US (2 * SECOND_US)
#define FORGET_US HOUR_US /* after so long without trouble the next one is the first again */

/* A stream changes its volume only when the other would still be so much emptier afterwards. */
static const double EASE = 1.25;

bool balance_is_avoided(const Store *store)
{
    return clock_mono_us() < atomic_load(&store->avoid_until_us);
}

void balance_avoid(Store *store, const char *why)
{
    int64_t now_us = clock_mono_us(), until_us = atomic_load(&store->avoid_until_us);
    if (now_us < until_us)
        return;
    int64_t before_us = until_us && now_us - until_us < FORGET_US ? store->avoided_us : 0;
    int64_t avoid_us = before_us ? MIN(2 * before_us, AVOID_MOST_US) : AVOID_LEAST_US;
    atomic_store(&store->avoided_us, avoid_us);
    atomic_store(&store->avoid_until_us, now_us + avoid_us);
    if (store->archive->store_count > 1)
        log_warning("archive.volume_avoided", "volume=%s why=\"%s\" seconds=%d", store->volume.path,
                    why, (int)(avoid_us / SECOND_US));
}

void balance_spent(Store *store, BalanceLevel *level, int64_t begin_us)
{
    int64_t now_us = clock_mono_us();
    level->level_us -= MIN((now_us - level->at_us) / 2, level->level_us);
    level->level_us += now_us - begin_us;
    level->at_us = now_us;
    if (level->level_us < SLOW_US)
        return;
    level->level_us = 0;
    balance_avoid(store, "slow");
}

static bool is_usable(const Store *store)
{
    return atomic_load(&store->volume.present) && !balance_is_avoided(store);
}

/* The room that counts; a volume that retention keeps full counts by its size. */
static double room(const Store *store)
{
    int64_t free_bytes = atomic_load(&store->free_bytes) - atomic_load(&store->floor_bytes);
    return (double)MAX(MAX(free_bytes, atomic_load(&store->total_bytes) / 10), 1);
}

/* How full it is with `more` streams on it. Called with ready_lock held. */
static double load(const Store *store, unsigned more)
{
    return (double)(store->recorders + more) / room(store);
}

/* The least loaded that is usable, but for `other`; NULL: there is none. Called with ready_lock
 * held. */
static Store *lightest(Archive *archive, const Store *other)
{
    Store *best = NULL;
    for (unsigned i = 0; i < archive->store_count; i++) {
        Store *store = archive->stores[i];
        if (store != other && is_usable(store) && (!best || load(store, 1) < load(best, 1)))
            best = store;
    }
    return best;
}

Store *balance_first(Archive *archive)
{
    Store *store = lightest(archive, NULL);
    return store ? store : archive->stores[0];
}

Store *balance_better(Store *now)
{
    Archive *archive = now->archive;
    if (archive->store_count == 1 || atomic_load(&archive->closing))
        return NULL;
    pthread_mutex_lock(&archive->ready_lock);
    Store *best = lightest(archive, now);
    for (unsigned i = 0; i < archive->store_count && !best; i++)
        if (!atomic_load(&now->volume.present) && atomic_load(&archive->stores[i]->volume.present))
            best = archive->stores[i]; /* avoided, but better than none */
    if (best && is_usable(now) && load(best, 1) * EASE >= load(now, 0))
        best = NULL;
    pthread_mutex_unlock(&archive->ready_lock);
    return best;
}

Store *balance_instead(Store *store)
{
    Archive *archive = store->archive;
    if (archive->store_count == 1 || atomic_load(&archive->closing))
        return NULL;
    pthread_mutex_lock(&archive->ready_lock);
    Store *best = lightest(archive, store);
    pthread_mutex_unlock(&archive->ready_lock);
    return best;
}
