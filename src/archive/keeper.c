#include "archive/keeper.h"

#include "archive/late_listing.h"
#include "archive/retention.h"
#include "archive/roots.h"
#include "archive/silence.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/thread.h"
#include "ledger/keyring.h"

#include <time.h>
#include <unistd.h>

#define RECOVER_MOST_US HOUR_US /* between two recoveries that fail: twice as long each time */

enum {
    RETRY_US = 10000000,      /* after a seal or a recovery that failed, a journal not read */
    RETAIN_US = 60000000,     /* between two rounds of retention … */
    RETAIN_MOST_US = 1000000, /* … of which one holds the thread no longer than this */
    ROOM_US = 2000000,        /* between two rounds asked for by a full disk */
    ROOTS_US = 60000000,
    SILENCE_US = 60000000,
};

struct Keeper {
    Store *store;
    Archive *archive; /* its */
    bool chief;       /* of all keepers: it makes the roots and notes silence */
    Thread *thread;
    pthread_mutex_t lock;
    pthread_cond_t wake; /* something to do */
    pthread_cond_t done; /* something asked for is done */
    GQueue segments;     /* Segment to seal, owned; guarded by lock, as what follows */
    bool stopping, idle, room_wanted;
    unsigned retain_asked, retain_done, roots_asked, roots_done;
    char *roots_trouble; /* of the newest round asked for; owned, NULL: it went well */

    /* The thread's. Times are monotonic. */
    Sealer *sealer;
    Recovery *recovery; /* owned; NULL: none under way */
    Roots *roots;
    unsigned roots_of;       /* the volumes they are of, a bit each */
    int64_t opened_wall_us;  /* when this run began */
    int64_t recover_wait_us; /* after the newest one that failed; 0: none did */
    int64_t retry_us, recover_us, prepare_us, retain_us, roots_us, room_us, silence_us;
    bool journals_read, prepared, more_to_retire;
    bool hopeless; /* what is left to recover failed several times, and nobody waits for it */
};

static bool volume_present(Keeper *keeper)
{
    return atomic_load(&keeper->store->volume.present);
}

static bool prepare_due(const Keeper *keeper)
{
    return !keeper->prepared && clock_mono_us() >= keeper->prepare_us;
}

/* What each appearance of the volume needs once. */
static void prepare(Keeper *keeper)
{
    Archive *archive = keeper->archive;
    g_autoptr(GError) error = NULL;
    if (!prepare_due(keeper))
        return;
    keeper->prepared = true;
    if (!key_ring_publish(archive->data_path, keeper->store->volume.path, &error))
        log_warning("archive.keys_not_copied", "error=\"%s\"", error->message);
    g_clear_error(&error);
    if (!keeper->journals_read) {
        keeper->recovery = recovery_load(keeper->store, keeper->opened_wall_us, &error);
        keeper->journals_read = keeper->recovery != NULL;
        if (!keeper->recovery) {
            log_error("archive.journal_unreadable", "error=\"%s\"", error->message);
            keeper->prepared = false; /* a disk that just came back may need a moment */
            keeper->prepare_us = clock_mono_us() + RETRY_US;
        }
    }
    g_clear_error(&error);
    if (!late_listing_do(keeper->store, &error)) {
        log_error("archive.not_listed", "volume=%s error=\"%s\"", keeper->store->volume.path,
                  error->message);
        keeper->prepared = false;
        keeper->prepare_us = clock_mono_us() + RETRY_US;
    }
    g_clear_error(&error);
    if (!retention_resume(keeper->store, keeper->sealer, &error))
        log_error("archive.retention_failed", "error=\"%s\"", error->message);
}

static void recover_some(Keeper *keeper)
{
    bool hopeless;
    RecoveryLeft left = recovery_step(keeper->recovery, keeper->sealer, &hopeless);
    if (left == RECOVERY_LATER) {
        keeper->hopeless = hopeless;
        keeper->recover_wait_us = CLAMP(2 * keeper->recover_wait_us, RETRY_US, RECOVER_MOST_US);
        keeper->recover_us = clock_mono_us() + keeper->recover_wait_us;
    }
    if (left != RECOVERY_DONE)
        return;
    g_clear_pointer(&keeper->recovery, recovery_free);
    atomic_store(&keeper->store->recovering, false);
}

static Segment *next_segment(Keeper *keeper)
{
    pthread_mutex_lock(&keeper->lock);
    Segment *segment = g_queue_pop_head(&keeper->segments);
    pthread_mutex_unlock(&keeper->lock);
    return segment;
}

static void release_segment(Archive *archive, Segment *segment)
{
    pthread_mutex_lock(&archive->lock);
    g_ptr_array_remove(archive->segments, segment);
    pthread_mutex_unlock(&archive->lock);
    atomic_fetch_sub(&archive->unsealed, 1);
    segment_free(segment);
}

/* The file itself is bad or missing, and not because its volume went just now. */
static bool is_lost(const Store *store, const GError *trouble)
{
    g_autofree char *facts = g_build_filename(store->volume.path, "volume.json", NULL);
    return (g_error_matches(trouble, ERR, ERR_CORRUPT) ||
            g_error_matches(trouble, ERR, ERR_NOT_FOUND)) &&
           access(facts, F_OK) == 0;
}

/* Seals one segment; false when it failed, and is put behind the others. */
static bool seal_next(Keeper *keeper)
{
    Archive *archive = keeper->archive;
    Segment *segment = next_segment(keeper);
    g_autoptr(GError) error = NULL;
    if (!segment)
        return true;
    if (sealer_seal_segment(keeper->sealer, segment, &error)) {
        journal_forget(keeper->store->journal, &segment->id);
        release_segment(archive, segment);
        return true;
    }
    log_error("archive.seal_failed", "file=%s error=\"%s\"", segment->path, error->message);
    if (is_lost(keeper->store, error)) {
        /* Not as it was written: the next start's recovery keeps what is good of it. */
        release_segment(archive, segment);
        return true;
    }
    pthread_mutex_lock(&keeper->lock);
    g_queue_push_tail(&keeper->segments, segment);
    pthread_mutex_unlock(&keeper->lock);
    return false;
}

static void retain(Keeper *keeper)
{
    g_autoptr(GError) error = NULL;
    pthread_mutex_lock(&keeper->lock);
    keeper->room_wanted = false;
    unsigned asked = keeper->retain_asked;
    bool exact = asked != keeper->retain_done;
    pthread_mutex_unlock(&keeper->lock);
    if (!retention_round(keeper->store, keeper->sealer, exact, RETAIN_MOST_US,
                         &keeper->more_to_retire, &error)) {
        log_error("archive.retention_failed", "error=\"%s\"", error->message);
        keeper->more_to_retire = false;
    }
    keeper->retain_us = clock_mono_us() + RETAIN_US;
    keeper->room_us = clock_mono_us() + ROOM_US;
    pthread_mutex_lock(&keeper->lock);
    if (!keeper->more_to_retire)
        keeper->retain_done = asked;
    pthread_mutex_unlock(&keeper->lock);
    pthread_cond_broadcast(&keeper->done);
}

/* The roots are over the volumes that are there; those that are away keep what the newest root
 * says of them. */
static bool open_roots(Keeper *keeper, GError **error)
{
    const Archive *archive = keeper->archive;
    RootsVolume volumes[VOLUMES_MOST];
    unsigned count = 0, mask = 0;
    for (unsigned i = 0; i < archive->store_count; i++) {
        const Volume *volume = &archive->stores[i]->volume;
        if (!atomic_load(&volume->present))
            continue;
        volumes[count++] = (RootsVolume){volume->id, volume->path};
        mask |= 1u << i;
    }
    if (keeper->roots && keeper->roots_of == mask)
        return true;
    g_clear_pointer(&keeper->roots, roots_close);
    keeper->roots = roots_open(archive->data_path, volumes, count, archive->key, error);
    keeper->roots_of = mask;
    return keeper->roots != NULL;
}

static bool run_roots(Keeper *keeper, bool interim, GError **error)
{
    if (!open_roots(keeper, error))
        return false;
    return interim ? roots_make_interim(keeper->roots, clock_now_us(), error)
                   : roots_run(keeper->roots, clock_now_us(), error);
}

static void tell_newest_day(Keeper *keeper)
{
    int64_t day_us;
    Hash hash;
    if (!roots_newest_day(keeper->roots, &day_us, &hash))
        return;
    pthread_mutex_lock(&keeper->archive->lock);
    keeper->archive->root_day_us = day_us;
    keeper->archive->root_day = hash;
    pthread_mutex_unlock(&keeper->archive->lock);
}

static void make_roots(Keeper *keeper, unsigned asked, bool interim)
{
    g_autoptr(GError) error = NULL;
    bool made = run_roots(keeper, interim, &error);
    if (!made) {
        log_error("archive.roots_failed", "error=\"%s\"", error->message);
        g_clear_pointer(&keeper->roots, roots_close);
    } else {
        tell_newest_day(keeper);
    }
    keeper->roots_us = clock_mono_us() + ROOTS_US;
    pthread_mutex_lock(&keeper->lock);
    if (interim) {
        g_free(keeper->roots_trouble);
        keeper->roots_trouble = made ? NULL : g_strdup(error->message);
        keeper->roots_done = asked;
    }
    pthread_mutex_unlock(&keeper->lock);
    pthread_cond_broadcast(&keeper->done);
}

typedef struct Work {
    bool present, recover, seal, retain, interim, roots, silence;
    unsigned roots_asked;
} Work;

/* What is to be done now. Called with the lock held. */
static Work work_due(Keeper *keeper)
{
    bool present = volume_present(keeper);
    bool leads = keeper->chief && archive_any_present(keeper->archive);
    int64_t now_us = clock_mono_us();
    bool asked = keeper->retain_asked != keeper->retain_done;
    return (Work){
        .present = present,
        .recover = present && keeper->recovery && now_us >= keeper->recover_us,
        .seal = present && keeper->segments.length > 0 && now_us >= keeper->retry_us,
        .retain = present && (asked || keeper->more_to_retire || now_us >= keeper->retain_us ||
                              (keeper->room_wanted && now_us >= keeper->room_us)),
        .interim = leads && keeper->roots_asked != keeper->roots_done,
        .roots = leads && now_us >= keeper->roots_us,
        .silence = leads && (now_us >= keeper->silence_us || silence_turned(keeper->archive)),
        .roots_asked = keeper->roots_asked,
    };
}

static void do_work(Keeper *keeper, const Work *work)
{
    if (work->present)
        prepare(keeper);
    if (work->silence) {
        silence_note(keeper->archive, SILENCE_LEAST_US);
        keeper->silence_us = clock_mono_us() + SILENCE_US;
    }
    if (work->retain)
        retain(keeper);
    if (work->recover)
        recover_some(keeper);
    else if (work->seal && !seal_next(keeper))
        keeper->retry_us = clock_mono_us() + RETRY_US;
    /* A root asked for covers what was closed before: the seals go first. */
    if (work->interim ? !work->seal && !work->recover : work->roots)
        make_roots(keeper, work->roots_asked, work->interim);
}

/* Called with the lock held; for at most a second. */
static void wait_second(Keeper *keeper, pthread_cond_t *condition)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec++;
    pthread_cond_timedwait(condition, &keeper->lock, &until);
}

/* Nothing that was asked for is left, as far as it can be done. Called with the lock held. */
static bool nothing_left(Keeper *keeper)
{
    return (!keeper->recovery || keeper->hopeless) && keeper->segments.length == 0;
}

static void keeper_main(void *data)
{
    Keeper *keeper = data;
    pthread_mutex_lock(&keeper->lock);
    while (!keeper->stopping) {
        Work work = work_due(keeper);
        if (!work.present) {
            keeper->prepared = false;
            keeper->prepare_us = 0;
            keeper->recover_us = keeper->recover_wait_us = 0; /* it may come back whole */
        }
        bool due = (work.present && prepare_due(keeper)) || work.recover || work.seal ||
                   work.retain || work.interim || work.roots || work.silence;
        keeper->idle = !due && nothing_left(keeper);
        if (keeper->idle)
            pthread_cond_broadcast(&keeper->done);
        if (!due) {
            wait_second(keeper, &keeper->wake);
            continue;
        }
        pthread_mutex_unlock(&keeper->lock);
        do_work(keeper, &work);
        pthread_mutex_lock(&keeper->lock);
    }
    pthread_mutex_unlock(&keeper->lock);
}

/* The end of a clean stop: each segment is tried once. */
static void seal_rest(Keeper *keeper)
{
    guint left = keeper->segments.length;
    while (left-- > 0 && volume_present(keeper))
        seal_next(keeper);
    Segment *segment;
    while ((segment = next_segment(keeper)))
        release_segment(keeper->archive, segment);
}

Keeper *keeper_new(Store *store, Recovery *recovery)
{
    Keeper *keeper = g_new0(Keeper, 1);
    pthread_condattr_t attr;
    keeper->store = store;
    keeper->archive = store->archive;
    keeper->chief = store->index == 0;
    keeper->recovery = recovery;
    keeper->journals_read = recovery != NULL;
    keeper->sealer = sealer_new(store);
    keeper->opened_wall_us = clock_wall_us();
    keeper->silence_us = clock_mono_us() + SILENCE_US;
    pthread_mutex_init(&keeper->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&keeper->wake, &attr);
    pthread_cond_init(&keeper->done, &attr);
    pthread_condattr_destroy(&attr);
    g_queue_init(&keeper->segments);
    atomic_store(&store->recovering, true);
    keeper->thread = thread_start("keeper", keeper_main, keeper);
    return keeper;
}

void keeper_free(Keeper *keeper)
{
    if (!keeper)
        return;
    pthread_mutex_lock(&keeper->lock);
    keeper->stopping = true;
    pthread_mutex_unlock(&keeper->lock);
    pthread_cond_signal(&keeper->wake);
    thread_join(keeper->thread);
    seal_rest(keeper);
    recovery_free(keeper->recovery);
    roots_close(keeper->roots);
    sealer_free(keeper->sealer);
    g_free(keeper->roots_trouble);
    pthread_cond_destroy(&keeper->wake);
    pthread_cond_destroy(&keeper->done);
    pthread_mutex_destroy(&keeper->lock);
    g_free(keeper);
}

void keeper_seal(Keeper *keeper, Segment *segment)
{
    pthread_mutex_lock(&keeper->lock);
    g_queue_push_tail(&keeper->segments, segment);
    keeper->idle = false;
    pthread_mutex_unlock(&keeper->lock);
    pthread_cond_signal(&keeper->wake);
}

void keeper_make_room(Keeper *keeper)
{
    pthread_mutex_lock(&keeper->lock);
    bool wake = !keeper->room_wanted;
    keeper->room_wanted = true;
    pthread_mutex_unlock(&keeper->lock);
    if (wake)
        pthread_cond_signal(&keeper->wake);
}

void keeper_retain(Keeper *keeper)
{
    pthread_mutex_lock(&keeper->lock);
    unsigned number = ++keeper->retain_asked;
    pthread_cond_signal(&keeper->wake);
    while (keeper->retain_done < number && volume_present(keeper))
        wait_second(keeper, &keeper->done);
    pthread_mutex_unlock(&keeper->lock);
}

bool keeper_make_roots(Keeper *keeper, GError **error)
{
    pthread_mutex_lock(&keeper->lock);
    unsigned number = ++keeper->roots_asked;
    pthread_cond_signal(&keeper->wake);
    while (keeper->roots_done < number && archive_any_present(keeper->archive))
        wait_second(keeper, &keeper->done);
    bool made = keeper->roots_done >= number && !keeper->roots_trouble;
    if (!made)
        err_set(error, ERR_IO, "no root over the footage: %s",
                keeper->roots_trouble ? keeper->roots_trouble : "the volume is missing");
    pthread_mutex_unlock(&keeper->lock);
    return made;
}

bool keeper_settle(Keeper *keeper, int64_t wait_us)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += wait_us / SECOND_US + 1;
    pthread_mutex_lock(&keeper->lock);
    int answer = 0;
    pthread_cond_signal(&keeper->wake);
    while (!keeper->idle && answer == 0)
        answer = pthread_cond_timedwait(&keeper->done, &keeper->lock, &until);
    bool settled = keeper->idle;
    pthread_mutex_unlock(&keeper->lock);
    return settled;
}
