#include "camera/onvif_events.h"

#include "base/error.h"
#include "base/log.h"
#include "base/pool.h"
#include "base/thread.h"
#include "camera/onvif_noticed.h"
#include "camera/onvif_point.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>

enum {
    LOST_AFTER = 4,
    ASKERS = 32,                /* devices that are asked at once */
    DOUBTFUL_MOST = ASKERS / 2, /* of them, those that did not answer the last time */
};
#define PULL_US (SECOND_US) /* at most so often: some answer at once though nothing is new */
#define FOLLOW_US (PULL_US / 4)
#define FAILED_US (5 * SECOND_US)
#define FAILED_MOST_US (MINUTE_US)
#define GOODBYES_US (2 * SECOND_US)

/* A camera behind a point. */
typedef struct Watched {
    Uuid camera;
    char *source, *source_config; /* owned; NULL: all messages are about it */
    Noticed noticed[ONVIF_NOTICED];
    Uuid events[ONVIF_NOTICED]; /* that go on */
    bool there;                 /* still among the cameras */
} Watched;

typedef enum DeviceState { DEVICE_WAITS, DEVICE_ASKED, DEVICE_ANSWERED } DeviceState;

/* A device that is asked. While it is, `point`, `told` and `error` belong to the asker. */
typedef struct Asked {
    OnvifEvents *watch;
    OnvifPoint *point;         /* owned */
    GPtrArray *told;           /* owned; of the last answer */
    GError *error;             /* owned; why there was none */
    _Atomic DeviceState state; /* what was written before it is seen by who reads it */
    int64_t due_us;
    unsigned failures; /* in a row */
    GPtrArray *watched;
} Asked;

struct OnvifEvents {
    OnvifDevices *devices;
    Events *events;
    Thread *thread;
    Pool *askers;     /* of the thread; NULL: there was nothing to ask yet */
    GPtrArray *asked; /* of the thread */
    guint from;       /* of these: whose turn it is among those that did not answer */
    int64_t followed_us;
    pthread_mutex_t lock;
    pthread_cond_t woken;
    bool news; /* somebody has answered; guarded by lock, as stopping */
    bool stopping;
};

/* ---- events ---- */

static void tell(const OnvifEvents *watch, Watched *watched, OnvifNoticed kind,
                 NoticedChange change)
{
    static const EventKind kinds[] = {[ONVIF_MOTION] = EVENT_MOTION, [ONVIF_TAMPER] = EVENT_TAMPER};
    if (change == NOTICED_BEGINS)
        watched->events[kind] = events_begin(watch->events, &watched->camera, kinds[kind],
                                             clock_now_us(), "told by the camera");
    else if (change == NOTICED_ENDS)
        events_end(watch->events, &watched->events[kind], clock_now_us());
}

static void end_all(const OnvifEvents *watch, Watched *watched)
{
    for (int kind = 0; kind < ONVIF_NOTICED; kind++) {
        Noticed *noticed = &watched->noticed[kind];
        if (noticed->open)
            tell(watch, watched, (OnvifNoticed)kind, NOTICED_ENDS);
        *noticed = (Noticed){0};
    }
}

static bool is_about(const OnvifMessage *message, const Watched *watched)
{
    return !watched->source || strcmp(message->source, watched->source) == 0 ||
           (*message->source && g_strcmp0(message->source, watched->source_config) == 0);
}

static void deliver(const OnvifEvents *watch, const Asked *asked, const OnvifMessage *message)
{
    for (guint i = 0; i < asked->watched->len; i++) {
        Watched *watched = asked->watched->pdata[i];
        if (is_about(message, watched))
            tell(watch, watched, message->kind,
                 noticed_message(&watched->noticed[message->kind], message->active,
                                 message->initial, clock_mono_us()));
    }
}

static void look_at_time(const OnvifEvents *watch, const Asked *asked)
{
    for (guint i = 0; i < asked->watched->len; i++) {
        Watched *watched = asked->watched->pdata[i];
        for (int kind = 0; kind < ONVIF_NOTICED; kind++)
            tell(watch, watched, (OnvifNoticed)kind,
                 noticed_passed(&watched->noticed[kind], clock_mono_us()));
    }
}

/* ---- asking ---- */

/* On an asker's thread. */
static void ask(void *data)
{
    Asked *asked = data;
    OnvifEvents *watch = asked->watch;
    pthread_mutex_lock(&watch->lock);
    bool stopping = watch->stopping;
    pthread_mutex_unlock(&watch->lock);
    if (!stopping)
        asked->told = onvif_point_pull(asked->point, &asked->error);
    bool nothing_new = asked->told && asked->told->len == 0;
    atomic_store_explicit(&asked->state, DEVICE_ANSWERED, memory_order_release);
    if (nothing_new) /* can wait for the next look */
        return;
    pthread_mutex_lock(&watch->lock);
    watch->news = true;
    pthread_cond_signal(&watch->woken);
    pthread_mutex_unlock(&watch->lock);
}

static DeviceState state_of(const Asked *asked)
{
    return atomic_load_explicit(&asked->state, memory_order_acquire);
}

static void fail(const OnvifEvents *watch, Asked *asked)
{
    char id[UUID_TEXT];
    const OnvifAccess *access = onvif_point_access(asked->point);
    if (asked->failures == 0)
        log_warning("camera.events", "camera=%s address=%s cause=\"%s\"",
                    uuid_text(&access->camera, id), access->events, asked->error->message);
    asked->failures++;
    asked->due_us =
        clock_mono_us() + MIN((int64_t)FAILED_US << MIN(asked->failures - 1, 8), FAILED_MOST_US);
    if (asked->failures < LOST_AFTER)
        return;
    for (guint i = 0; i < asked->watched->len; i++)
        end_all(watch, asked->watched->pdata[i]);
}

/* Takes what the asker has brought. */
static void settle(const OnvifEvents *watch, Asked *asked)
{
    for (guint i = 0; asked->told && i < asked->told->len; i++)
        deliver(watch, asked, asked->told->pdata[i]);
    if (asked->error) {
        fail(watch, asked);
    } else {
        asked->failures = asked->told ? 0 : asked->failures;
        asked->due_us = clock_mono_us() + PULL_US;
    }
    g_clear_pointer(&asked->told, g_ptr_array_unref);
    g_clear_error(&asked->error);
}

/* Those that did not answer the last time hold a part of the askers only: however many they are,
 * the others are asked in time. */
static void ask_those_due(OnvifEvents *watch)
{
    unsigned doubtful = 0;
    int64_t now_us = clock_mono_us();
    for (guint i = 0; i < watch->asked->len; i++) {
        const Asked *asked = watch->asked->pdata[i];
        doubtful += asked->failures > 0 && state_of(asked) == DEVICE_ASKED;
    }
    for (guint i = 0, from = watch->from; i < watch->asked->len; i++) {
        guint at = (from + i) % watch->asked->len;
        Asked *asked = watch->asked->pdata[at];
        if (asked->due_us > now_us || asked->watched->len == 0 ||
            (asked->failures > 0 && doubtful >= DOUBTFUL_MOST) || state_of(asked) != DEVICE_WAITS)
            continue;
        if (asked->failures > 0)
            watch->from = at + 1;
        doubtful += asked->failures > 0;
        atomic_store(&asked->state, DEVICE_ASKED);
        pool_run(watch->askers, ask, asked, 0);
    }
}

/* ---- which devices there are ---- */

static void free_watched(void *data)
{
    Watched *watched = data;
    g_free(watched->source);
    g_free(watched->source_config);
    g_free(watched);
}

static void free_asked(void *data)
{
    Asked *asked = data;
    onvif_point_free(asked->point);
    if (asked->told)
        g_ptr_array_unref(asked->told);
    g_clear_error(&asked->error);
    g_ptr_array_unref(asked->watched);
    g_free(asked);
}

static Asked *asked_at(OnvifEvents *watch, const OnvifAccess *access)
{
    for (guint i = 0; i < watch->asked->len; i++) {
        Asked *known = watch->asked->pdata[i];
        const OnvifAccess *its = onvif_point_access(known->point);
        if (onvif_access_same(its, access) && strcmp(its->events, access->events) == 0)
            return known;
    }
    Asked *asked = g_new0(Asked, 1);
    asked->watch = watch;
    asked->point = onvif_point_new(access);
    asked->watched = g_ptr_array_new_with_free_func(free_watched);
    g_ptr_array_add(watch->asked, asked);
    return asked;
}

static void keep(const Asked *asked, const OnvifAccess *access)
{
    for (guint i = 0; i < asked->watched->len; i++) {
        Watched *known = asked->watched->pdata[i];
        if (uuid_equal(&known->camera, &access->camera) &&
            g_strcmp0(known->source, access->source) == 0) {
            known->there = true;
            return;
        }
    }
    Watched *watched = g_new0(Watched, 1);
    *watched = (Watched){.camera = access->camera,
                         .source = g_strdup(access->source),
                         .source_config = g_strdup(access->source_config),
                         .there = true};
    g_ptr_array_add(asked->watched, watched);
}

static void forget_gone(OnvifEvents *watch)
{
    for (guint i = watch->asked->len; i-- > 0;) {
        const Asked *asked = watch->asked->pdata[i];
        for (guint j = asked->watched->len; j-- > 0;) {
            Watched *watched = asked->watched->pdata[j];
            if (watched->there) {
                watched->there = false; /* until the next look */
                continue;
            }
            end_all(watch, watched);
            g_ptr_array_remove_index(asked->watched, j);
        }
        if (asked->watched->len == 0 && state_of(asked) == DEVICE_WAITS)
            g_ptr_array_remove_index(watch->asked, i);
    }
}

static void follow_devices(OnvifEvents *watch)
{
    if (clock_mono_us() - watch->followed_us < FOLLOW_US)
        return;
    watch->followed_us = clock_mono_us();
    g_autoptr(GPtrArray) all = onvif_devices_with_events(watch->devices);
    for (guint i = 0; i < all->len; i++)
        keep(asked_at(watch, all->pdata[i]), all->pdata[i]);
    forget_gone(watch);
    if (!watch->askers && watch->asked->len > 0)
        watch->askers = pool_new("onvif-ask", ASKERS);
}

/* ---- the thread ---- */

static bool wait_a_while(OnvifEvents *watch)
{
    int64_t at_us = clock_mono_us() + FOLLOW_US;
    struct timespec until = {at_us / SECOND_US, at_us % SECOND_US * 1000};
    pthread_mutex_lock(&watch->lock);
    if (!watch->stopping && !watch->news)
        pthread_cond_timedwait(&watch->woken, &watch->lock, &until);
    watch->news = false;
    bool goes_on = !watch->stopping;
    pthread_mutex_unlock(&watch->lock);
    return goes_on;
}

static void take_answers(OnvifEvents *watch)
{
    for (guint i = 0; i < watch->asked->len; i++) {
        Asked *asked = watch->asked->pdata[i];
        if (state_of(asked) == DEVICE_ANSWERED) {
            settle(watch, asked);
            atomic_store(&asked->state, DEVICE_WAITS);
        }
        look_at_time(watch, asked);
    }
}

static void say_goodbye(OnvifEvents *watch)
{
    for (guint i = 0; i < watch->asked->len; i++) {
        const Asked *asked = watch->asked->pdata[i];
        for (guint j = 0; j < asked->watched->len; j++)
            end_all(watch, asked->watched->pdata[j]);
    }
    pool_free(watch->askers); /* waits for those that ask */
    int64_t end_us = clock_mono_us() + GOODBYES_US;
    for (guint i = 0; i < watch->asked->len && clock_mono_us() < end_us; i++)
        onvif_point_give_back(((const Asked *)watch->asked->pdata[i])->point);
}

static void run(void *data)
{
    OnvifEvents *watch = data;
    while (wait_a_while(watch)) {
        take_answers(watch);
        follow_devices(watch);
        ask_those_due(watch);
    }
    say_goodbye(watch);
}

OnvifEvents *onvif_events_new(OnvifDevices *devices, Events *events)
{
    OnvifEvents *watch = g_new0(OnvifEvents, 1);
    pthread_condattr_t monotonic;
    watch->devices = devices;
    watch->events = events;
    watch->asked = g_ptr_array_new_with_free_func(free_asked);
    pthread_mutex_init(&watch->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&watch->woken, &monotonic);
    pthread_condattr_destroy(&monotonic);
    watch->thread = thread_start("onvif-events", run, watch);
    return watch;
}

void onvif_events_free(OnvifEvents *watch)
{
    if (!watch)
        return;
    pthread_mutex_lock(&watch->lock);
    watch->stopping = true;
    pthread_cond_signal(&watch->woken);
    pthread_mutex_unlock(&watch->lock);
    thread_join(watch->thread);
    g_ptr_array_unref(watch->asked);
    pthread_cond_destroy(&watch->woken);
    pthread_mutex_destroy(&watch->lock);
    g_free(watch);
}
