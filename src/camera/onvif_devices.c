#include "camera/onvif_devices.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "base/secret.h"
#include "base/thread.h"
#include "camera/onvif_devices_state.h"
#include "camera/onvif_look.h"
#include "media/onvif_ptz.h"

#include <pthread.h>
#include <string.h>
#include <time.h>

#define LOOK_AGAIN_US (HOUR_US)
#define FAILED_AGAIN_US (MINUTE_US)
#define LOOK_US (20 * SECOND_US)
#define ASK_US (10 * SECOND_US)

enum { LOOKERS = 4 }; /* a device that hangs holds up one look of so many */

typedef struct Device {
    OnvifAccess access;
    uint64_t serial; /* another one at each change */
    int64_t due_us;  /* the next look, monotonic */
    bool reached, failed;
    OnvifDeviceFacts facts;
} Device;

struct OnvifDevices {
    OnvifDeviceListener listener;
    void *listener_data;
    Thread *lookers[LOOKERS];
    pthread_mutex_t lock;
    pthread_cond_t woken;
    bool stopping;
    uint64_t serials;
    GPtrArray *looked_at;  /* OnvifAccess, borrowed: now */
    GHashTable *by_camera; /* Uuid in Device → Device; guarded by lock, as all above */
};

/* ---- access ---- */

static void clear_access(OnvifAccess *access)
{
    g_free(access->address);
    g_free(access->url);
    g_free(access->user);
    secret_free(access->password);
    g_free(access->ptz);
    g_free(access->events);
    g_free(access->profile);
    g_free(access->source);
    g_free(access->source_config);
}

void onvif_access_free(OnvifAccess *access)
{
    clear_access(access);
    g_free(access);
}

OnvifAccess *onvif_access_copy(const OnvifAccess *access)
{
    OnvifAccess *copy = g_new(OnvifAccess, 1);
    *copy = (OnvifAccess){.camera = access->camera,
                          .address = g_strdup(access->address),
                          .url = g_strdup(access->url),
                          .user = g_strdup(access->user),
                          .password = g_strdup(access->password),
                          .ptz = g_strdup(access->ptz),
                          .events = g_strdup(access->events),
                          .profile = g_strdup(access->profile),
                          .source = g_strdup(access->source),
                          .source_config = g_strdup(access->source_config)};
    return copy;
}

OnvifClient *onvif_access_open(const OnvifAccess *access, int64_t timeout_us, GError **error)
{
    g_autoptr(OnvifAddress) address = onvif_address_parse(access->address, error);
    g_autoptr(OnvifClient) client = address
                                        ? onvif_client_new(address, access->user, access->password,
                                                           clock_mono_us() + timeout_us)
                                        : NULL;
    return client && onvif_client_connect(client, error) ? g_steal_pointer(&client) : NULL;
}

static void free_device(void *data)
{
    Device *device = data;
    clear_access(&device->access);
    g_free(device);
}

OnvifAccess *onvif_devices_access(OnvifDevices *devices, const Uuid *camera, GError **error)
{
    pthread_mutex_lock(&devices->lock);
    const Device *device = g_hash_table_lookup(devices->by_camera, camera);
    OnvifAccess *access = device && device->reached ? onvif_access_copy(&device->access) : NULL;
    pthread_mutex_unlock(&devices->lock);
    if (access)
        return access;
    if (device)
        err_set(error, ERR_UNAVAILABLE,
                "the camera's ONVIF device was not reached yet; it is asked once a minute");
    else
        err_set(error, ERR_UNSUPPORTED,
                "no ONVIF address is known of this camera; set it among its settings");
    return NULL;
}

GPtrArray *onvif_devices_with_events(OnvifDevices *devices)
{
    GHashTableIter iter;
    void *value;
    GPtrArray *all = g_ptr_array_new_with_free_func((GDestroyNotify)onvif_access_free);
    pthread_mutex_lock(&devices->lock);
    g_hash_table_iter_init(&iter, devices->by_camera);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const Device *device = value;
        if (device->reached && device->access.events)
            g_ptr_array_add(all, onvif_access_copy(&device->access));
    }
    pthread_mutex_unlock(&devices->lock);
    return all;
}

/* ---- a look ---- */

/* The channel of a recorder whose stream is the camera's; of a camera, its only one. */
static const OnvifChannel *channel_of(const OnvifLook *look, const char *url)
{
    for (guint i = 0; i < look->channels->len; i++) {
        const OnvifChannel *channel = look->channels->pdata[i];
        if (g_strcmp0(channel->main.url, url) == 0 || g_strcmp0(channel->sub.url, url) == 0)
            return channel;
    }
    return look->channels->len == 1 ? look->channels->pdata[0] : NULL;
}

/* How the device can be moved. */
typedef struct Motors {
    bool asked; /* it has answered */
    bool moves, zooms, turns;
} Motors;

/* Of what does not say, moving and zooming may be tried. */
static void ask_nodes(const OnvifAccess *access, const char *ptz, Motors *motors)
{
    g_autoptr(OnvifClient) client = onvif_access_open(access, ASK_US, NULL);
    g_autoptr(OnvifAddress) service = onvif_address_parse(ptz, NULL);
    g_auto(SoapAnswer) answer = {0};
    *motors = (Motors){.moves = true, .zooms = true};
    motors->asked =
        client && service && onvif_client_ask(client, service, ONVIF_ASK_NODES, &answer, NULL) &&
        onvif_nodes_read(answer.content, &motors->moves, &motors->zooms, &motors->turns);
}

bool onvif_access_same(const OnvifAccess *a, const OnvifAccess *b)
{
    return g_strcmp0(a->address, b->address) == 0 && g_strcmp0(a->user, b->user) == 0 &&
           g_strcmp0(a->password, b->password) == 0;
}

static void note_failure(Device *device, const char *cause)
{
    char id[UUID_TEXT];
    if (!device->failed)
        log_warning("camera.device", "camera=%s address=%s cause=\"%s\"",
                    uuid_text(&device->access.camera, id), device->access.address, cause);
    device->failed = true;
    device->due_us = clock_mono_us() + FAILED_AGAIN_US;
}

static void set(char **text, const char *to)
{
    g_free(*text);
    *text = g_strdup(to);
}

static void note_look(Device *device, const OnvifLook *look, const Motors *motors)
{
    const OnvifChannel *channel = channel_of(look, device->access.url);
    bool ptz = channel && channel->ptz && look->ptz;
    bool several = look->channels->len > 1;
    OnvifAccess *access = &device->access;
    set(&access->ptz, ptz ? look->ptz : NULL);
    set(&access->events, channel ? look->events : NULL);
    set(&access->profile, channel ? channel->profile : NULL);
    set(&access->source, channel && several ? channel->source : NULL);
    set(&access->source_config, channel && several ? channel->source_config : NULL);
    device->facts =
        (OnvifDeviceFacts){.has_clock = look->has_clock,
                           .by_ntp = look->ntp,
                           .clock_offset_us = look->clock_offset_us,
                           .moves = ptz && motors->moves,
                           .zooms = ptz && motors->zooms,
                           .turns = ptz && (motors->asked ? motors->turns : device->facts.turns)};
    device->reached = true;
    device->failed = false;
    device->due_us = clock_mono_us() + LOOK_AGAIN_US;
}

static void tell_seen(const OnvifDevices *devices, const Uuid *camera, const OnvifLook *look)
{
    const OnvifDeviceSeen seen = {.firmware = look->device.firmware ? look->device.firmware : "",
                                  .has_clock = look->has_clock,
                                  .clock_offset_us = look->clock_offset_us,
                                  .clock_doubt_us = look->clock_doubt_us};
    if (devices->listener)
        devices->listener(devices->listener_data, camera, &seen);
}

/* Lock held. All cameras of the device that were there when it was asked. */
static void note_all(OnvifDevices *devices, const OnvifAccess *asked, uint64_t serial,
                     const OnvifLook *look, const Motors *motors, const char *cause)
{
    GHashTableIter iter;
    void *value;
    g_hash_table_iter_init(&iter, devices->by_camera);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        Device *device = value;
        if (device->serial > serial || !onvif_access_same(&device->access, asked))
            continue;
        if (look) {
            note_look(device, look, motors);
            tell_seen(devices, &device->access.camera, look);
        } else {
            note_failure(device, cause);
        }
    }
}

static void look_at(OnvifDevices *devices, const OnvifAccess *access, uint64_t serial)
{
    g_auto(OnvifLook) look = {0};
    g_autoptr(GError) error = NULL;
    Motors motors = {0};
    bool found =
        onvif_look(access->address, access->user, access->password, LOOK_US, &look, &error);
    if (found && look.ptz)
        ask_nodes(access, look.ptz, &motors);
    pthread_mutex_lock(&devices->lock);
    note_all(devices, access, serial, found ? &look : NULL, &motors, error ? error->message : "");
    pthread_mutex_unlock(&devices->lock);
}

/* ---- the thread ---- */

/* Lock held. */
static bool is_looked_at(const OnvifDevices *devices, const Device *device)
{
    for (guint i = 0; i < devices->looked_at->len; i++)
        if (onvif_access_same(devices->looked_at->pdata[i], &device->access))
            return true;
    return false;
}

/* Lock held. NULL when there is none. */
static Device *next_due(const OnvifDevices *devices)
{
    GHashTableIter iter;
    void *value;
    Device *next = NULL;
    g_hash_table_iter_init(&iter, devices->by_camera);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        Device *device = value;
        if ((!next || device->due_us < next->due_us) && !is_looked_at(devices, device))
            next = device;
    }
    return next;
}

static void wait_until(OnvifDevices *devices, int64_t at_us)
{
    struct timespec until = {at_us / SECOND_US, at_us % SECOND_US * 1000};
    pthread_cond_timedwait(&devices->woken, &devices->lock, &until);
}

static void run(void *data)
{
    OnvifDevices *devices = data;
    pthread_mutex_lock(&devices->lock);
    while (!devices->stopping) {
        Device *next = next_due(devices);
        if (!next || next->due_us > clock_mono_us()) {
            wait_until(devices, next ? next->due_us : clock_mono_us() + LOOK_AGAIN_US);
            continue;
        }
        g_autoptr(OnvifAccess) access = onvif_access_copy(&next->access);
        uint64_t serial = devices->serials;
        g_ptr_array_add(devices->looked_at, access);
        pthread_mutex_unlock(&devices->lock);
        look_at(devices, access, serial);
        pthread_mutex_lock(&devices->lock);
        g_ptr_array_remove_fast(devices->looked_at, access);
    }
    pthread_mutex_unlock(&devices->lock);
}

OnvifDevices *onvif_devices_new(OnvifDeviceListener listener, void *data)
{
    OnvifDevices *devices = g_new0(OnvifDevices, 1);
    devices->listener = listener;
    devices->listener_data = data;
    pthread_condattr_t monotonic;
    pthread_mutex_init(&devices->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&devices->woken, &monotonic);
    pthread_condattr_destroy(&monotonic);
    devices->by_camera = g_hash_table_new_full(uuid_hash, uuid_equal_keys, NULL, free_device);
    devices->looked_at = g_ptr_array_new();
    for (unsigned i = 0; i < LOOKERS; i++)
        devices->lookers[i] = thread_start("onvif", run, devices);
    return devices;
}

void onvif_devices_free(OnvifDevices *devices)
{
    if (!devices)
        return;
    pthread_mutex_lock(&devices->lock);
    devices->stopping = true;
    pthread_cond_broadcast(&devices->woken);
    pthread_mutex_unlock(&devices->lock);
    for (unsigned i = 0; i < LOOKERS; i++)
        thread_join(devices->lookers[i]);
    g_hash_table_unref(devices->by_camera);
    g_ptr_array_unref(devices->looked_at);
    pthread_cond_destroy(&devices->woken);
    pthread_mutex_destroy(&devices->lock);
    g_free(devices);
}

/* ---- what is known ---- */

void onvif_devices_set(OnvifDevices *devices, const OnvifDeviceSource *source)
{
    if (!source->address) {
        onvif_devices_remove(devices, &source->camera);
        return;
    }
    Device *device = g_new0(Device, 1);
    device->access = (OnvifAccess){.camera = source->camera,
                                   .address = g_strdup(source->address),
                                   .url = g_strdup(source->url),
                                   .user = g_strdup(source->user),
                                   .password = g_strdup(source->password)};
    pthread_mutex_lock(&devices->lock);
    const Device *known = g_hash_table_lookup(devices->by_camera, &source->camera);
    if (known && onvif_access_same(&known->access, &device->access) &&
        g_strcmp0(known->access.url, source->url) == 0) {
        free_device(device);
    } else {
        device->serial = ++devices->serials;
        g_hash_table_replace(devices->by_camera, &device->access.camera, device);
        pthread_cond_signal(&devices->woken);
    }
    pthread_mutex_unlock(&devices->lock);
}

void onvif_devices_remove(OnvifDevices *devices, const Uuid *camera)
{
    pthread_mutex_lock(&devices->lock);
    g_hash_table_remove(devices->by_camera, camera);
    pthread_mutex_unlock(&devices->lock);
}

bool onvif_devices_facts(OnvifDevices *devices, const Uuid *camera, OnvifDeviceFacts *facts)
{
    *facts = (OnvifDeviceFacts){0};
    pthread_mutex_lock(&devices->lock);
    const Device *device = g_hash_table_lookup(devices->by_camera, camera);
    bool reached = device && device->reached;
    if (reached)
        *facts = device->facts;
    pthread_mutex_unlock(&devices->lock);
    return reached;
}

/* ---- the clock ---- */

static bool ask(OnvifClient *client, const char *question, GError **error)
{
    g_auto(SoapAnswer) answer = {0};
    return onvif_client_ask(client, NULL, question, &answer, error);
}

static void note_clock(OnvifDevices *devices, const OnvifClient *client, const Uuid *camera)
{
    OnvifDeviceFacts now = {0};
    now.has_clock = onvif_client_clock(client, &now.clock_offset_us, &now.by_ntp);
    const OnvifDeviceSeen seen = {.firmware = "",
                                  .has_clock = now.has_clock,
                                  .clock_offset_us = now.clock_offset_us,
                                  .clock_doubt_us = onvif_client_clock_doubt_us(client)};
    pthread_mutex_lock(&devices->lock);
    Device *device = g_hash_table_lookup(devices->by_camera, camera);
    if (device) {
        device->facts.has_clock = now.has_clock;
        device->facts.by_ntp = now.by_ntp;
        device->facts.clock_offset_us = now.clock_offset_us;
        if (devices->listener)
            devices->listener(devices->listener_data, camera, &seen);
    }
    pthread_mutex_unlock(&devices->lock);
}

bool onvif_devices_set_ntp(OnvifDevices *devices, const Uuid *camera, const char *server,
                           OnvifDeviceFacts *facts, GError **error)
{
    g_autoptr(OnvifAccess) access = onvif_devices_access(devices, camera, error);
    g_autoptr(OnvifClient) client = access ? onvif_access_open(access, ASK_US, error) : NULL;
    g_autofree char *question = onvif_ask_ntp(server);
    if (!client || !ask(client, question, error) || !ask(client, ONVIF_ASK_CLOCK_BY_NTP, error))
        return false;
    g_autoptr(OnvifClient) anew = onvif_access_open(access, ASK_US, error);
    if (!anew)
        return false;
    note_clock(devices, anew, camera);
    return onvif_devices_facts(devices, camera, facts) ||
           err_set(error, ERR_UNAVAILABLE, "the camera was changed meanwhile; look again");
}
