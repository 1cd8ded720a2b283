#include "camera/onvif_events.h"

#include "base/error.h"
#include "base/log.h"
#include "base/thread.h"
#include "camera/onvif_devices_state.h"
#include "camera/onvif_noticed.h"

#include <pthread.h>
#include <string.h>
#include <time.h>

enum { LOST_AFTER = 4, PULL_SLOW_S = 1 };
#define PULL_US (SECOND_US) /* at most so often: some answer at once though nothing is new */
#define FAILED_US (5 * SECOND_US)
#define FAILED_MOST_US (MINUTE_US)
#define ANSWER_US (5 * SECOND_US)
#define GOODBYE_US (SECOND_US / 2)
#define GOODBYES_US (2 * SECOND_US)

/* A camera behind a point. */
typedef struct Watched {
    Uuid camera;
    char *source, *source_config; /* owned; NULL: all messages are about it */
    Noticed noticed[ONVIF_NOTICED];
    Uuid events[ONVIF_NOTICED]; /* that go on */
    bool there;                 /* still among the cameras */
} Watched;

/* A device that is asked. Used by the thread alone. */
typedef struct Point {
    OnvifAccess *access;   /* owned; of one of its cameras */
    OnvifClient *client;   /* owned; NULL: not met */
    OnvifAddress *address; /* owned; of the pull point; NULL: none */
    int life_s, pull_s;
    bool fresh; /* nothing was pulled by this pull point yet */
    int64_t due_us, renew_us;
    unsigned failures; /* in a row */
    GPtrArray *watched;
} Point;

struct OnvifEvents {
    OnvifDevices *devices;
    Events *events;
    Thread *thread;
    GPtrArray *points; /* of the thread */
    pthread_mutex_t lock;
    pthread_cond_t woken;
    bool stopping; /* guarded by lock */
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

static void deliver(const OnvifEvents *watch, const Point *point, const OnvifMessage *message)
{
    for (guint i = 0; i < point->watched->len; i++) {
        Watched *watched = point->watched->pdata[i];
        if (is_about(message, watched))
            tell(watch, watched, message->kind,
                 noticed_message(&watched->noticed[message->kind], message->active,
                                 message->initial, clock_mono_us()));
    }
}

static void look_at_time(const OnvifEvents *watch, const Point *point)
{
    for (guint i = 0; i < point->watched->len; i++) {
        Watched *watched = point->watched->pdata[i];
        for (int kind = 0; kind < ONVIF_NOTICED; kind++)
            tell(watch, watched, (OnvifNoticed)kind,
                 noticed_passed(&watched->noticed[kind], clock_mono_us()));
    }
}

/* ---- one device ---- */

static bool ask(Point *point, const OnvifAddress *to, const char *action, const char *body,
                SoapAnswer *answer, GError **error)
{
    g_autofree char *address = onvif_address_text(to);
    g_autofree char *header = onvif_events_header(action, address);
    onvif_client_set_header(point->client, header);
    bool answered = onvif_client_ask(point->client, to, body, answer, error);
    onvif_client_set_header(point->client, NULL);
    return answered;
}

static bool meet(Point *point, GError **error)
{
    if (!point->client)
        point->client = onvif_access_open(point->access, ANSWER_US, error);
    if (point->client)
        onvif_client_until(point->client, clock_mono_us() + ANSWER_US);
    return point->client != NULL;
}

static bool subscribe(Point *point, GError **error)
{
    g_autoptr(OnvifAddress) service = onvif_address_parse(point->access->events, error);
    g_autofree char *question = onvif_ask_subscribe();
    g_auto(SoapAnswer) answer = {0};
    OnvifSubscription made = {0};
    if (!service || !ask(point, service, ONVIF_SUBSCRIBE_ACTION, question, &answer, error))
        return false;
    if (onvif_subscription_read(answer.content, &made))
        point->address = onvif_address_of_service(made.address, onvif_client_device(point->client));
    g_free(made.address);
    if (!point->address)
        return err_set(error, ERR_PROTOCOL, "the camera tells no address of its pull point");
    point->life_s = made.life_s;
    point->fresh = true;
    point->renew_us = clock_mono_us() + point->life_s * SECOND_US / 2;
    return true;
}

/* What is refused is made anew the next time. */
static void renew(Point *point)
{
    g_autofree char *question = onvif_ask_renew();
    g_auto(SoapAnswer) answer = {0};
    if (!ask(point, point->address, ONVIF_RENEW_ACTION, question, &answer, NULL)) {
        g_clear_pointer(&point->address, onvif_address_free);
        return;
    }
    point->life_s = onvif_renewed_read(answer.content);
    point->renew_us = clock_mono_us() + point->life_s * SECOND_US / 2;
}

static bool pull(const OnvifEvents *watch, Point *point, GError **error)
{
    g_autofree char *question = onvif_ask_pull(point->pull_s);
    g_auto(SoapAnswer) answer = {0};
    if (!ask(point, point->address, ONVIF_PULL_ACTION, question, &answer, error))
        return false;
    g_autoptr(GPtrArray) messages = onvif_messages_read(answer.content);
    for (guint i = 0; messages && i < messages->len; i++)
        deliver(watch, point, messages->pdata[i]);
    point->fresh = false;
    return true;
}

static void drop(Point *point)
{
    g_clear_pointer(&point->address, onvif_address_free);
    g_clear_pointer(&point->client, onvif_client_free);
}

static void fail(const OnvifEvents *watch, Point *point, const char *cause)
{
    char id[UUID_TEXT];
    if (point->failures == 0)
        log_warning("camera.events", "camera=%s address=%s cause=\"%s\"",
                    uuid_text(&point->access->camera, id), point->access->events, cause);
    drop(point);
    point->failures++;
    point->due_us =
        clock_mono_us() + MIN((int64_t)FAILED_US << MIN(point->failures - 1, 8), FAILED_MOST_US);
    if (point->failures < LOST_AFTER)
        return;
    for (guint i = 0; i < point->watched->len; i++)
        end_all(watch, point->watched->pdata[i]);
}

/* A pull point that is not known any more (the device has started anew) is made anew at once. One
 * that refuses the very first question may want to be given time to answer. */
static bool forgot(Point *point, const GError *error)
{
    if (error->code != ERR_UNSUPPORTED || (point->fresh && point->pull_s == PULL_SLOW_S))
        return false;
    if (point->fresh)
        point->pull_s = PULL_SLOW_S;
    g_clear_pointer(&point->address, onvif_address_free);
    point->due_us = clock_mono_us() + PULL_US;
    return true;
}

static void attend(const OnvifEvents *watch, Point *point)
{
    g_autoptr(GError) error = NULL;
    if (point->address && clock_mono_us() >= point->renew_us && meet(point, NULL))
        renew(point);
    bool ready = meet(point, &error) && (point->address || subscribe(point, &error));
    if (ready && pull(watch, point, &error)) {
        point->failures = 0;
        point->due_us = clock_mono_us() + PULL_US;
    } else if (!ready || !forgot(point, error)) {
        fail(watch, point, error->message);
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

static void free_point(void *data)
{
    Point *point = data;
    drop(point);
    onvif_access_free(point->access);
    g_ptr_array_unref(point->watched);
    g_free(point);
}

static Point *point_of(const OnvifEvents *watch, const OnvifAccess *access)
{
    for (guint i = 0; i < watch->points->len; i++) {
        Point *point = watch->points->pdata[i];
        if (onvif_access_same(point->access, access) &&
            strcmp(point->access->events, access->events) == 0)
            return point;
    }
    Point *point = g_new0(Point, 1);
    point->access = onvif_access_copy(access);
    point->watched = g_ptr_array_new_with_free_func(free_watched);
    g_ptr_array_add(watch->points, point);
    return point;
}

static void keep(const Point *point, const OnvifAccess *access)
{
    for (guint i = 0; i < point->watched->len; i++) {
        Watched *known = point->watched->pdata[i];
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
    g_ptr_array_add(point->watched, watched);
}

static void forget_gone(const OnvifEvents *watch)
{
    for (guint i = watch->points->len; i-- > 0;) {
        const Point *point = watch->points->pdata[i];
        for (guint j = point->watched->len; j-- > 0;) {
            Watched *watched = point->watched->pdata[j];
            if (watched->there) {
                watched->there = false; /* until the next look */
                continue;
            }
            end_all(watch, watched);
            g_ptr_array_remove_index(point->watched, j);
        }
        if (point->watched->len == 0)
            g_ptr_array_remove_index(watch->points, i);
    }
}

static void follow_devices(const OnvifEvents *watch)
{
    g_autoptr(GPtrArray) all = onvif_devices_with_events(watch->devices);
    for (guint i = 0; i < all->len; i++)
        keep(point_of(watch, all->pdata[i]), all->pdata[i]);
    forget_gone(watch);
}

/* ---- the thread ---- */

static bool wait_a_while(OnvifEvents *watch)
{
    int64_t at_us = clock_mono_us() + PULL_US / 4;
    struct timespec until = {at_us / SECOND_US, at_us % SECOND_US * 1000};
    pthread_mutex_lock(&watch->lock);
    if (!watch->stopping)
        pthread_cond_timedwait(&watch->woken, &watch->lock, &until);
    bool goes_on = !watch->stopping;
    pthread_mutex_unlock(&watch->lock);
    return goes_on;
}

/* Devices have few pull points to give. */
static void say_goodbye(const OnvifEvents *watch)
{
    int64_t end_us = clock_mono_us() + GOODBYES_US;
    for (guint i = 0; i < watch->points->len; i++) {
        Point *point = watch->points->pdata[i];
        g_auto(SoapAnswer) answer = {0};
        for (guint j = 0; j < point->watched->len; j++)
            end_all(watch, point->watched->pdata[j]);
        if (!point->address || clock_mono_us() >= end_us)
            continue;
        onvif_client_until(point->client, clock_mono_us() + GOODBYE_US);
        ask(point, point->address, ONVIF_UNSUBSCRIBE_ACTION, ONVIF_ASK_UNSUBSCRIBE, &answer, NULL);
    }
}

static void run(void *data)
{
    OnvifEvents *watch = data;
    while (wait_a_while(watch)) {
        follow_devices(watch);
        for (guint i = 0; i < watch->points->len; i++) {
            Point *point = watch->points->pdata[i];
            if (point->due_us <= clock_mono_us())
                attend(watch, point);
            look_at_time(watch, point);
        }
    }
    say_goodbye(watch);
}

OnvifEvents *onvif_events_new(OnvifDevices *devices, Events *events)
{
    OnvifEvents *watch = g_new0(OnvifEvents, 1);
    pthread_condattr_t monotonic;
    watch->devices = devices;
    watch->events = events;
    watch->points = g_ptr_array_new_with_free_func(free_point);
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
    g_ptr_array_unref(watch->points);
    pthread_cond_destroy(&watch->woken);
    pthread_mutex_destroy(&watch->lock);
    g_free(watch);
}
