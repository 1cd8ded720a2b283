#include "camera/hub.h"

#include <pthread.h>
#include <string.h>

/* Of a key picture interval longer than this only the key picture is held. */
enum { HUB_HELD_BYTES = 12 << 20 };

struct HubListener {
    Hub *hub; /* holds a reference */
    bool viewer;
    size_t max_bytes;
    HubWake wake;
    void *data;

    pthread_mutex_t lock; /* guards what follows */
    GQueue units;         /* AccessUnit, a reference each */
    size_t bytes;
    bool losing;   /* until the next key picture */
    unsigned lost; /* video pictures lost since the last one queued */
    GHashTable
        *lost_before; /* unit → pictures lost just before it; NULL until something was lost */
    bool closed;
};

struct Hub {
    atomic_uint refs;
    uint32_t id;
    Uuid camera;
    StreamKind kind;
    atomic_uint viewers;
    _Atomic int64_t wanted_us; /* a hint: nothing is ordered by it; as what follows */
    _Atomic int64_t newest_us; /* capture time */
    atomic_int outage;         /* GapCause */

    pthread_mutex_t lock; /* guards what follows; held while listeners are served */
    GPtrArray *listeners;
    GQueue held; /* pictures since the newest key picture, a reference each */
    size_t held_bytes;
    unsigned not_held; /* pictures since the newest key picture; 0: all are held */
    AccessUnit *sound; /* the newest, a reference; NULL: none */
    bool closed;
    uint64_t next_number;
};

Hub *hub_new(Uuid camera, StreamKind kind)
{
    static atomic_uint next_id = 1;
    Hub *hub = g_new0(Hub, 1);
    atomic_init(&hub->refs, 1);
    atomic_init(&hub->wanted_us, INT64_MAX);
    hub->id = atomic_fetch_add(&next_id, 1);
    hub->camera = camera;
    hub->kind = kind;
    pthread_mutex_init(&hub->lock, NULL);
    hub->listeners = g_ptr_array_new();
    g_queue_init(&hub->held);
    return hub;
}

Hub *hub_ref(Hub *hub)
{
    atomic_fetch_add_explicit(&hub->refs, 1, memory_order_relaxed);
    return hub;
}

static void unref_unit(void *unit)
{
    access_unit_unref(unit);
}

static void forget(Hub *hub)
{
    g_queue_clear_full(&hub->held, unref_unit);
    hub->held_bytes = 0;
    hub->not_held = 0;
    access_unit_unref(hub->sound);
    hub->sound = NULL;
}

void hub_unref(Hub *hub)
{
    if (!hub || atomic_fetch_sub_explicit(&hub->refs, 1, memory_order_acq_rel) != 1)
        return;
    g_assert(hub->listeners->len == 0); /* each listener holds a reference */
    g_ptr_array_unref(hub->listeners);
    forget(hub);
    pthread_mutex_destroy(&hub->lock);
    g_free(hub);
}

uint32_t hub_id(const Hub *hub)
{
    return hub->id;
}

Uuid hub_camera(const Hub *hub)
{
    return hub->camera;
}

StreamKind hub_kind(const Hub *hub)
{
    return hub->kind;
}

unsigned hub_viewers(const Hub *hub)
{
    return atomic_load_explicit(&hub->viewers, memory_order_relaxed);
}

void hub_want(Hub *hub, int64_t at_us)
{
    atomic_store_explicit(&hub->wanted_us, at_us, memory_order_relaxed);
}

int64_t hub_wanted_us(const Hub *hub)
{
    return atomic_load_explicit(&hub->wanted_us, memory_order_relaxed);
}

int64_t hub_newest_us(const Hub *hub)
{
    return atomic_load_explicit(&hub->newest_us, memory_order_relaxed);
}

void hub_tell_outage(Hub *hub, GapCause cause)
{
    atomic_store_explicit(&hub->outage, (int)cause, memory_order_relaxed);
}

GapCause hub_outage(const Hub *hub)
{
    return (GapCause)atomic_load_explicit(&hub->outage, memory_order_relaxed);
}

static bool is_key_picture(const AccessUnit *unit)
{
    return unit->track == TRACK_VIDEO && unit->key;
}

static void hold_sound(Hub *hub, AccessUnit *unit)
{
    access_unit_unref(hub->sound);
    hub->sound = access_unit_ref(unit);
}

/* All but the key picture. */
static void let_go(Hub *hub)
{
    while (hub->held.length > 1) {
        g_autoptr(AccessUnit) unit = g_queue_pop_tail(&hub->held);
        hub->held_bytes -= unit->size;
        hub->not_held++;
    }
}

static void hold_picture(Hub *hub, AccessUnit *unit)
{
    if (unit->key) {
        g_queue_clear_full(&hub->held, unref_unit);
        hub->held_bytes = 0;
        hub->not_held = 0;
    } else if (!hub->held.length) {
        return;
    } else if (hub->not_held || hub->held_bytes + unit->size > HUB_HELD_BYTES) {
        let_go(hub);
        hub->not_held++;
        return;
    }
    g_queue_push_tail(&hub->held, access_unit_ref(unit));
    hub->held_bytes += unit->size;
}

static void hold(Hub *hub, AccessUnit *unit)
{
    if (unit->track == TRACK_VIDEO)
        hold_picture(hub, unit);
    else
        hold_sound(hub, unit);
}

/* Returns false when the listener lost the unit. Called with the listener's lock held. */
static bool enqueue(HubListener *listener, AccessUnit *unit)
{
    bool fits = listener->bytes + unit->size <= listener->max_bytes;
    if (listener->losing && is_key_picture(unit) && fits)
        listener->losing = false;
    else if (!fits)
        listener->losing = true;
    if (listener->losing) {
        listener->lost += unit->track == TRACK_VIDEO;
        return false;
    }
    if (listener->lost > 0) {
        if (!listener->lost_before)
            listener->lost_before = g_hash_table_new(NULL, NULL);
        g_hash_table_insert(listener->lost_before, unit, GUINT_TO_POINTER(listener->lost));
        listener->lost = 0;
    }
    g_queue_push_tail(&listener->units, access_unit_ref(unit));
    listener->bytes += unit->size;
    return true;
}

static bool offer(HubListener *listener, AccessUnit *unit)
{
    pthread_mutex_lock(&listener->lock);
    bool was_losing = listener->losing;
    bool taken = enqueue(listener, unit);
    bool begins_to_lose = listener->losing && !was_losing;
    pthread_mutex_unlock(&listener->lock);
    if (taken)
        listener->wake(listener->data, unit);
    else if (begins_to_lose)
        listener->wake(listener->data, NULL);
    return taken;
}

unsigned hub_publish(Hub *hub, AccessUnit *unit)
{
    unsigned lost = 0;
    if (unit->track == TRACK_VIDEO)
        atomic_store_explicit(&hub->newest_us, unit->capture_us, memory_order_relaxed);
    pthread_mutex_lock(&hub->lock);
    unit->number = hub->next_number++;
    hold(hub, unit);
    for (guint i = 0; i < hub->listeners->len; i++)
        lost += !offer(g_ptr_array_index(hub->listeners, i), unit);
    pthread_mutex_unlock(&hub->lock);
    return lost;
}

static void close_listener(HubListener *listener)
{
    pthread_mutex_lock(&listener->lock);
    listener->closed = true;
    pthread_mutex_unlock(&listener->lock);
    listener->wake(listener->data, NULL);
}

void hub_close(Hub *hub)
{
    pthread_mutex_lock(&hub->lock);
    hub->closed = true;
    forget(hub);
    for (guint i = 0; i < hub->listeners->len; i++)
        close_listener(g_ptr_array_index(hub->listeners, i));
    pthread_mutex_unlock(&hub->lock);
}

static void offer_held(HubListener *listener)
{
    const Hub *hub = listener->hub;
    if (hub->sound)
        offer(listener, hub->sound);
    for (GList *link = hub->held.head; link; link = link->next)
        offer(listener, link->data);
    if (!hub->not_held)
        return;
    pthread_mutex_lock(&listener->lock);
    listener->losing = true;
    listener->lost += hub->not_held;
    pthread_mutex_unlock(&listener->lock);
}

static HubListener *listen(Hub *hub, bool from_key, HubListener how)
{
    HubListener *listener = g_new0(HubListener, 1);
    *listener = how;
    listener->hub = hub_ref(hub);
    pthread_mutex_init(&listener->lock, NULL);
    g_queue_init(&listener->units);
    if (listener->viewer)
        atomic_fetch_add_explicit(&hub->viewers, 1, memory_order_relaxed);
    pthread_mutex_lock(&hub->lock);
    g_ptr_array_add(hub->listeners, listener);
    if (from_key && !listener->viewer)
        listener->max_bytes += hub->held_bytes;
    if (from_key)
        offer_held(listener);
    if (hub->closed)
        close_listener(listener);
    pthread_mutex_unlock(&hub->lock);
    return listener;
}

HubListener *hub_listen(Hub *hub, bool from_key, size_t max_bytes, HubWake wake, void *data)
{
    const HubListener how = {
        .viewer = from_key, .max_bytes = max_bytes, .wake = wake, .data = data};
    return listen(hub, from_key, how);
}

HubListener *hub_listen_unseen(Hub *hub, size_t max_bytes, HubWake wake, void *data)
{
    return listen(hub, true, (HubListener){.max_bytes = max_bytes, .wake = wake, .data = data});
}

void hub_listener_end(HubListener *listener)
{
    pthread_mutex_lock(&listener->hub->lock);
    g_ptr_array_remove_fast(listener->hub->listeners, listener);
    pthread_mutex_unlock(&listener->hub->lock);
}

void hub_unlisten(HubListener *listener)
{
    if (!listener)
        return;
    Hub *hub = listener->hub;
    pthread_mutex_lock(&hub->lock);
    g_ptr_array_remove_fast(hub->listeners, listener);
    pthread_mutex_unlock(&hub->lock);
    if (listener->viewer)
        atomic_fetch_sub_explicit(&hub->viewers, 1, memory_order_relaxed);
    g_queue_clear_full(&listener->units, unref_unit);
    if (listener->lost_before)
        g_hash_table_unref(listener->lost_before);
    pthread_mutex_destroy(&listener->lock);
    g_free(listener);
    hub_unref(hub);
}

AccessUnit *hub_listener_next(HubListener *listener, unsigned *lost)
{
    unsigned before = 0;
    pthread_mutex_lock(&listener->lock);
    AccessUnit *unit = g_queue_pop_head(&listener->units);
    if (unit) {
        listener->bytes -= unit->size;
        if (listener->lost_before) {
            before = GPOINTER_TO_UINT(g_hash_table_lookup(listener->lost_before, unit));
            g_hash_table_remove(listener->lost_before, unit);
        }
    }
    pthread_mutex_unlock(&listener->lock);
    if (lost)
        *lost = before;
    return unit;
}

size_t hub_listener_waiting(HubListener *listener)
{
    pthread_mutex_lock(&listener->lock);
    size_t bytes = listener->bytes;
    pthread_mutex_unlock(&listener->lock);
    return bytes;
}

bool hub_listener_closed(HubListener *listener)
{
    pthread_mutex_lock(&listener->lock);
    bool closed = listener->closed;
    pthread_mutex_unlock(&listener->lock);
    return closed;
}

AccessUnit *hub_key_picture(Hub *hub)
{
    pthread_mutex_lock(&hub->lock);
    AccessUnit *unit = g_queue_peek_head(&hub->held);
    if (unit)
        access_unit_ref(unit);
    pthread_mutex_unlock(&hub->lock);
    return unit;
}
