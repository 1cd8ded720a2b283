#include "camera/onvif_steer.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "base/thread.h"
#include "camera/onvif_devices_state.h"
#include "media/onvif_ptz.h"

#include <pthread.h>
#include <time.h>

#define ASK_US (5 * SECOND_US)

typedef struct Stop {
    OnvifAccess *access; /* owned */
    int64_t at_us;       /* monotonic */
} Stop;

struct Steering {
    OnvifDevices *devices;
    SteeringListener listener;
    void *listener_data;
    Thread *thread;
    pthread_mutex_t lock;
    pthread_cond_t woken;
    bool stopping;
    GHashTable *stops; /* Uuid in OnvifAccess → Stop: who moves; guarded by lock */
};

static void free_stop(void *data)
{
    Stop *stop = data;
    onvif_access_free(stop->access);
    g_free(stop);
}

/* ---- one question ---- */

static OnvifAccess *access_to(Steering *steering, const Uuid *camera, GError **error)
{
    g_autoptr(OnvifAccess) access = onvif_devices_access(steering->devices, camera, error);
    if (access && !access->ptz) {
        err_set(error, ERR_UNSUPPORTED, "this camera cannot be moved, as its device says");
        return NULL;
    }
    return g_steal_pointer(&access);
}

static bool ask(const OnvifAccess *access, const char *question, SoapAnswer *answer, GError **error)
{
    *answer = (SoapAnswer){0};
    g_autoptr(OnvifClient) client = onvif_access_open(access, ASK_US, error);
    g_autoptr(OnvifAddress) service = client ? onvif_address_parse(access->ptz, error) : NULL;
    return service && onvif_client_ask(client, service, question, answer, error);
}

static bool command(const OnvifAccess *access, const char *question, GError **error)
{
    g_auto(SoapAnswer) answer = {0};
    return ask(access, question, &answer, error);
}

static void tell(const Steering *steering, const Uuid *camera)
{
    if (steering->listener)
        steering->listener(steering->listener_data, camera);
}

static bool send_stop(const OnvifAccess *access, GError **error)
{
    g_autofree char *question = onvif_ask_stop(access->profile);
    return command(access, question, error);
}

/* ---- stopping in time ---- */

/* Lock held. NULL when nothing moves. */
static Stop *next_stop(const Steering *steering)
{
    GHashTableIter iter;
    void *value;
    Stop *next = NULL;
    g_hash_table_iter_init(&iter, steering->stops);
    while (g_hash_table_iter_next(&iter, NULL, &value))
        if (!next || ((Stop *)value)->at_us < next->at_us)
            next = value;
    return next;
}

/* Lock held; without it while the device is told. */
static void carry_out(Steering *steering, const Stop *stop)
{
    g_autoptr(OnvifAccess) access = onvif_access_copy(stop->access);
    g_autoptr(GError) error = NULL;
    char id[UUID_TEXT];
    g_hash_table_remove(steering->stops, &access->camera);
    pthread_mutex_unlock(&steering->lock);
    if (!send_stop(access, &error))
        log_warning("camera.stop", "camera=%s cause=\"%s\"", uuid_text(&access->camera, id),
                    error->message);
    tell(steering, &access->camera);
    pthread_mutex_lock(&steering->lock);
}

static void run(void *data)
{
    Steering *steering = data;
    pthread_mutex_lock(&steering->lock);
    for (;;) {
        const Stop *next = next_stop(steering);
        if (next && (steering->stopping || next->at_us <= clock_mono_us())) {
            carry_out(steering, next);
        } else if (steering->stopping) {
            break;
        } else if (next) {
            struct timespec until = {next->at_us / SECOND_US, next->at_us % SECOND_US * 1000};
            pthread_cond_timedwait(&steering->woken, &steering->lock, &until);
        } else {
            pthread_cond_wait(&steering->woken, &steering->lock);
        }
    }
    pthread_mutex_unlock(&steering->lock);
}

Steering *steering_new(OnvifDevices *devices, SteeringListener listener, void *data)
{
    Steering *steering = g_new0(Steering, 1);
    pthread_condattr_t monotonic;
    steering->devices = devices;
    steering->listener = listener;
    steering->listener_data = data;
    pthread_mutex_init(&steering->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&steering->woken, &monotonic);
    pthread_condattr_destroy(&monotonic);
    steering->stops = g_hash_table_new_full(uuid_hash, uuid_equal_keys, NULL, free_stop);
    steering->thread = thread_start("steering", run, steering);
    return steering;
}

void steering_free(Steering *steering)
{
    if (!steering)
        return;
    pthread_mutex_lock(&steering->lock);
    steering->stopping = true;
    pthread_cond_signal(&steering->woken);
    pthread_mutex_unlock(&steering->lock);
    thread_join(steering->thread);
    g_hash_table_unref(steering->stops);
    pthread_cond_destroy(&steering->woken);
    pthread_mutex_destroy(&steering->lock);
    g_free(steering);
}

/* ---- commands ---- */

/* Returns whether it was to stop at some other time. */
static bool stop_at(Steering *steering, const OnvifAccess *access, int64_t at_us)
{
    Stop *stop = g_new(Stop, 1);
    *stop = (Stop){onvif_access_copy(access), at_us};
    pthread_mutex_lock(&steering->lock);
    bool is_new = g_hash_table_replace(steering->stops, &stop->access->camera, stop);
    pthread_cond_signal(&steering->woken);
    pthread_mutex_unlock(&steering->lock);
    return !is_new;
}

static void forget_stop(Steering *steering, const Uuid *camera)
{
    pthread_mutex_lock(&steering->lock);
    g_hash_table_remove(steering->stops, camera);
    pthread_mutex_unlock(&steering->lock);
}

bool steering_move(Steering *steering, const Uuid *camera, double pan, double tilt, double zoom,
                   int ms, bool *began, GError **error)
{
    g_autoptr(OnvifAccess) access = access_to(steering, camera, error);
    if (!access)
        return false;
    g_autofree char *question =
        onvif_ask_move(access->profile, pan, tilt, zoom, (ms + 999) / 1000 + 1);
    /* before it is told to move: an answer may be lost while the camera turns */
    *began = !stop_at(steering, access, clock_mono_us() + ms * INT64_C(1000) + ASK_US);
    tell(steering, camera);
    bool moved = command(access, question, error);
    stop_at(steering, access, clock_mono_us() + (moved ? ms * INT64_C(1000) : 0));
    return moved;
}

bool steering_stop(Steering *steering, const Uuid *camera, GError **error)
{
    g_autoptr(OnvifAccess) access = access_to(steering, camera, error);
    if (!access)
        return false;
    forget_stop(steering, camera);
    tell(steering, camera);
    return send_stop(access, error);
}

bool steering_go(Steering *steering, const Uuid *camera, const char *preset, GError **error)
{
    g_autoptr(OnvifAccess) access = access_to(steering, camera, error);
    if (!access)
        return false;
    forget_stop(steering, camera);
    tell(steering, camera);
    g_autofree char *question = onvif_ask_preset(access->profile, preset);
    return command(access, question, error);
}

GPtrArray *steering_presets(Steering *steering, const Uuid *camera, GError **error)
{
    g_autoptr(OnvifAccess) access = access_to(steering, camera, error);
    if (!access)
        return NULL;
    g_autofree char *question = onvif_ask_presets(access->profile);
    g_auto(SoapAnswer) answer = {0};
    if (!ask(access, question, &answer, error))
        return NULL;
    GPtrArray *presets = onvif_presets_read(answer.content);
    if (!presets)
        err_set(error, ERR_PROTOCOL, "the camera's list of positions cannot be read");
    return presets;
}
