#include "watch/eye.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/queue.h"
#include "base/thread.h"
#include "watch/eye_budget.h"
#include "watch/eye_camera.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { NICE = 5 }; /* recording and live go first */

#define TICK_MOST_US SECOND_US
/* A camera is looked at so often, others in the ticks between: the pictures of a second decoded in
 * one go find the decoder's tables in the processor's cache, which costs an eighth less. */
#define LOOK_US SECOND_US
#define PLAN_US (10 * SECOND_US)
/* What a followed camera cost fades while it is not followed, so that it is tried again after some
 * ten minutes: it may cost less by night. */
#define COST_FADES 0.997
#define LATE_SHRINKS 0.5 /* of the budget, when the thread came too late for pictures … */
#define LATE_GROWS 1.1   /* … and with each plan since, until it is whole again */
#define LATE_LEAST 0.1

/* A camera, and what it cost. All but `id` and `status` is the eye's thread's own. */
typedef struct Watched {
    Uuid id;
    EyeCamera *camera;
    EyeShare share;
    unsigned turn;    /* which of the ticks is its */
    bool steady;      /* its mode has not changed since the last plan */
    int64_t spent_ns; /* since the last plan */
    unsigned pictures;
    EyeStatus status; /* guarded by the eye's lock */
} Watched;

typedef struct Command {
    Uuid camera;
    Hub *hubs[STREAM_KINDS]; /* a reference each, or NULL */
    bool unwatch, stop;
} Command;

struct Eye {
    EyeSettings settings;
    EyeRules rules;
    Queue *commands;
    Thread *thread;
    int64_t tick_us, planned_us; /* the thread's, as what follows */
    unsigned ticks, turns;       /* counted; until a camera's turn comes again */
    unsigned watched;            /* cameras ever, to give out turns */
    double lateness;             /* part of the budget that is used */
    unsigned lost;               /* pictures, since the last plan */
    unsigned short_of;           /* cameras that the budget did not reach, as last told */
    pthread_mutex_t lock;
    GHashTable *cameras; /* Uuid in Watched → Watched; changed by the thread under the lock */
    _Atomic uint64_t decoded, pictures, thumbnails;
    _Atomic int64_t spent_ns;
};

const char *eye_mode_text(EyeMode mode)
{
    static const char *const texts[] = {[EYE_OFF] = "off", [EYE_KEY] = "key", [EYE_FULL] = "full"};
    return texts[mode];
}

const char *eye_cause_text(EyeCause cause)
{
    static const char *const texts[] = {
        [EYE_AS_ASKED] = "",
        [EYE_NO_PICTURES] = "no-pictures",
        [EYE_NO_SUB_STREAM] = "no-sub-stream",
        [EYE_LARGE] = "large",
        [EYE_BUDGET] = "budget",
        [EYE_CODEC] = "codec",
        [EYE_BROKEN] = "broken",
        [EYE_SWITCHED_OFF] = "switched-off",
    };
    return texts[cause];
}

static void watched_free(void *data)
{
    Watched *watched = data;
    eye_camera_free(watched->camera);
    g_free(watched);
}

static void command_free(void *data)
{
    Command *command = data;
    for (int kind = 0; kind < STREAM_KINDS; kind++)
        hub_unref(command->hubs[kind]);
    g_free(command);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Command, command_free)

Eye *eye_new(const EyeSettings *settings)
{
    Eye *eye = g_new0(Eye, 1);
    eye->settings = *settings;
    eye->rules.analysers = g_array_new(FALSE, FALSE, sizeof(EyeAnalyser));
    eye->rules.interval_us = SECOND_US / MAX(settings->pictures_s, 1u);
    eye->rules.thumbnails = settings->thumbnails;
    eye->rules.keys = decoder_new(INT64_MAX);
    eye->commands = queue_new();
    eye->lateness = 1;
    pthread_mutex_init(&eye->lock, NULL);
    eye->cameras = g_hash_table_new_full(uuid_hash, uuid_equal_keys, NULL, watched_free);
    return eye;
}

void eye_add_analyser(Eye *eye, const EyeAnalyser *analyser)
{
    g_assert(!eye->thread);
    g_array_append_val(eye->rules.analysers, *analyser);
}

/* ---- the plan ---- */

static int64_t thread_ns(void)
{
    struct timespec spent;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
    return (int64_t)spent.tv_sec * 1000000000 + spent.tv_nsec;
}

/* What the camera cost in its mode, smoothed. */
static void weigh(Watched *watched, EyeMode mode, double percent)
{
    EyeShare *share = &watched->share;
    if (mode == EYE_FULL && watched->steady)
        share->full = share->full > 0 ? (share->full + percent) / 2 : percent;
    else if (mode == EYE_KEY && watched->steady)
        share->key = share->key > 0 ? (share->key + percent) / 2 : percent;
    if (mode != EYE_FULL)
        share->full *= COST_FADES;
    share->may_full = eye_camera_allowed(watched->camera);
}

static void account(Eye *eye, Watched *watched, int64_t window_us)
{
    EyeStatus status;
    status.mode = eye_camera_mode(watched->camera, &status.cause);
    status.pictures_s = watched->pictures * 1e6 / (double)window_us;
    status.cpu_percent = (double)watched->spent_ns / 10.0 / (double)window_us;
    weigh(watched, status.mode, status.cpu_percent);
    pthread_mutex_lock(&eye->lock);
    watched->status = status;
    pthread_mutex_unlock(&eye->lock);
    watched->spent_ns = 0;
    watched->pictures = 0;
    watched->steady = true;
}

static void tell_short(Eye *eye, unsigned followed, unsigned short_of)
{
    if (short_of == eye->short_of)
        return;
    if (short_of)
        log_warning("eye.budget",
                    "followed=%u key_pictures_alone=%u budget_percent=%u cause=\"%s\"", followed,
                    short_of, eye->settings.budget_percent,
                    eye->lateness < 1 ? "the machine is too busy to keep up"
                                      : "following all cameras costs more than the budget");
    else
        log_info("eye.budget", "followed=%u key_pictures_alone=0", followed);
    eye->short_of = short_of;
}

static void share_budget(Eye *eye, GPtrArray *all)
{
    g_autofree EyeShare *shares = g_new(EyeShare, all->len + 1);
    unsigned followed = 0, short_of = 0;
    for (guint i = 0; i < all->len; i++)
        shares[i] = ((Watched *)all->pdata[i])->share;
    eye_budget_share(shares, all->len, eye->settings.budget_percent * eye->lateness);
    for (guint i = 0; i < all->len; i++) {
        Watched *watched = all->pdata[i];
        EyeCause cause;
        EyeMode mode = eye_camera_mode(watched->camera, &cause);
        bool wants = mode == EYE_FULL || cause == EYE_BUDGET;
        eye_camera_allow(watched->camera, shares[i].may_full);
        followed += wants && shares[i].may_full;
        short_of += wants && !shares[i].may_full;
    }
    tell_short(eye, followed, short_of);
}

static void plan(Eye *eye, int64_t mono_us)
{
    int64_t window_us = mono_us - eye->planned_us;
    if (window_us < PLAN_US)
        return;
    eye->planned_us = mono_us;
    g_autoptr(GPtrArray) all = g_ptr_array_new();
    GHashTableIter iter;
    void *watched;
    g_hash_table_iter_init(&iter, eye->cameras);
    while (g_hash_table_iter_next(&iter, NULL, &watched)) {
        account(eye, watched, window_us);
        g_ptr_array_add(all, watched);
    }
    eye->lateness = eye->lost ? MAX(eye->lateness * LATE_SHRINKS, LATE_LEAST)
                              : MIN(eye->lateness * LATE_GROWS, 1);
    eye->lost = 0;
    share_budget(eye, all);
}

/* ---- looking ---- */

static void look(Eye *eye, Watched *watched, int64_t now_us)
{
    EyeCause cause, cause_before;
    int64_t begin_ns = thread_ns();
    EyeMode before = eye_camera_mode(watched->camera, &cause_before);
    eye_camera_look(watched->camera, now_us);
    EyeMode mode = eye_camera_mode(watched->camera, &cause);
    watched->spent_ns += thread_ns() - begin_ns;
    EyeCounts counts = eye_camera_counts(watched->camera);
    watched->pictures += counts.pictures;
    eye->lost += counts.lost;
    atomic_fetch_add_explicit(&eye->decoded, counts.decoded, memory_order_relaxed);
    atomic_fetch_add_explicit(&eye->pictures, counts.pictures, memory_order_relaxed);
    atomic_fetch_add_explicit(&eye->thumbnails, counts.thumbnails, memory_order_relaxed);
    if (mode == before && cause == cause_before)
        return;
    watched->steady = false;
    pthread_mutex_lock(&eye->lock);
    watched->status.mode = mode;
    watched->status.cause = cause;
    pthread_mutex_unlock(&eye->lock);
}

static void look_at_some(Eye *eye)
{
    GHashTableIter iter;
    void *watched;
    const unsigned turn = eye->ticks++ % eye->turns;
    g_hash_table_iter_init(&iter, eye->cameras);
    while (g_hash_table_iter_next(&iter, NULL, &watched))
        if (((Watched *)watched)->turn == turn)
            look(eye, watched, clock_now_us());
    plan(eye, clock_mono_us());
    atomic_store_explicit(&eye->spent_ns, thread_ns(), memory_order_relaxed);
}

static void forget(Eye *eye, const Uuid *camera)
{
    pthread_mutex_lock(&eye->lock);
    Watched *watched = g_hash_table_lookup(eye->cameras, camera);
    if (watched)
        g_hash_table_steal(eye->cameras, camera);
    pthread_mutex_unlock(&eye->lock);
    if (watched)
        watched_free(watched); /* its analysers may take their time: not under the lock */
}

static void watch(Eye *eye, const Command *command)
{
    Hub *const *hubs = command->hubs;
    Watched *watched = g_hash_table_lookup(eye->cameras, &command->camera);
    if (watched && eye_camera_has(watched->camera, hubs[STREAM_MAIN], hubs[STREAM_SUB]))
        return;
    forget(eye, &command->camera);
    watched = g_new0(Watched, 1);
    watched->id = command->camera;
    watched->turn = eye->watched++ % eye->turns;
    watched->camera =
        eye_camera_new(&command->camera, hubs[STREAM_MAIN], hubs[STREAM_SUB], &eye->rules);
    watched->status.cause = EYE_NO_PICTURES;
    pthread_mutex_lock(&eye->lock);
    g_hash_table_insert(eye->cameras, &watched->id, watched);
    pthread_mutex_unlock(&eye->lock);
}

/* Here, so that the analysers' ends come on the thread of their pictures. */
static void forget_all(Eye *eye)
{
    pthread_mutex_lock(&eye->lock);
    GHashTable *cameras = eye->cameras;
    eye->cameras = g_hash_table_new_full(uuid_hash, uuid_equal_keys, NULL, watched_free);
    pthread_mutex_unlock(&eye->lock);
    g_hash_table_unref(cameras);
}

static void run(void *data)
{
    Eye *eye = data;
    (void)setpriority(PRIO_PROCESS, (id_t)gettid(), NICE);
    int64_t next_us = clock_mono_us();
    eye->planned_us = next_us;
    for (;;) {
        g_autoptr(Command) command = queue_pop(eye->commands, MAX(next_us - clock_mono_us(), 0));
        if (command && command->stop)
            break;
        if (command && command->unwatch)
            forget(eye, &command->camera);
        else if (command)
            watch(eye, command);
        int64_t now_us = clock_mono_us();
        if (now_us < next_us)
            continue;
        look_at_some(eye);
        next_us = MAX(next_us + eye->tick_us, now_us);
    }
    forget_all(eye);
}

void eye_start(Eye *eye)
{
    bool analyses = eye->rules.analysers->len > 0;
    eye->tick_us = analyses ? MIN(eye->rules.interval_us, TICK_MOST_US) : TICK_MOST_US;
    eye->turns = (unsigned)(LOOK_US / eye->tick_us);
    eye->thread = thread_start("eye", run, eye);
}

void eye_free(Eye *eye)
{
    if (!eye)
        return;
    Command *stop = g_new0(Command, 1);
    stop->stop = true;
    queue_push(eye->commands, stop);
    thread_join(eye->thread);
    g_hash_table_unref(eye->cameras);
    queue_free(eye->commands, command_free);
    g_array_unref(eye->rules.analysers);
    decoder_free(eye->rules.keys);
    pthread_mutex_destroy(&eye->lock);
    g_free(eye);
}

void eye_watch(Eye *eye, const Uuid *camera, Hub *main, Hub *sub)
{
    Command *command = g_new0(Command, 1);
    command->camera = *camera;
    command->hubs[STREAM_MAIN] = main ? hub_ref(main) : NULL;
    command->hubs[STREAM_SUB] = sub ? hub_ref(sub) : NULL;
    queue_push(eye->commands, command);
}

void eye_unwatch(Eye *eye, const Uuid *camera)
{
    Command *command = g_new0(Command, 1);
    command->camera = *camera;
    command->unwatch = true;
    queue_push(eye->commands, command);
}

EyeStatus eye_status(Eye *eye, const Uuid *camera)
{
    EyeStatus status = {.cause = EYE_NO_PICTURES};
    pthread_mutex_lock(&eye->lock);
    const Watched *watched = g_hash_table_lookup(eye->cameras, camera);
    if (watched)
        status = watched->status;
    pthread_mutex_unlock(&eye->lock);
    return status;
}

EyeFigures eye_figures(Eye *eye)
{
    EyeFigures figures = {.decoded = atomic_load(&eye->decoded),
                          .pictures = atomic_load(&eye->pictures),
                          .thumbnails = atomic_load(&eye->thumbnails),
                          .cpu_s = (double)atomic_load(&eye->spent_ns) / 1e9};
    GHashTableIter iter;
    void *watched;
    pthread_mutex_lock(&eye->lock);
    g_hash_table_iter_init(&iter, eye->cameras);
    while (g_hash_table_iter_next(&iter, NULL, &watched))
        figures.cameras[((Watched *)watched)->status.mode]++;
    pthread_mutex_unlock(&eye->lock);
    return figures;
}
