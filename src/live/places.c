#include "live/places.h"

#include "base/clock.h"

#include <glib.h>
#include <pthread.h>

/* Who waits comes again in this time: with each key picture, or each few seconds of footage. */
#define WAITS_US (15 * SECOND_US)

struct Place {
    Places *all;
    GArray *holders;  /* Uuid; one may stand there several times */
    Uuid camera;      /* of a lease */
    int64_t until_us; /* of a lease; INT64_MAX: until it is given back */
    bool wanted;      /* asked back */
};

typedef struct Waiter {
    Uuid who;
    int64_t until_us;
} Waiter;

struct Places {
    unsigned most;
    pthread_mutex_t lock; /* of all that follows, and of the holders */
    GPtrArray *taken;     /* Place, owned, the oldest first */
    GArray *waiters;      /* Waiter */
};

static void place_free(void *data)
{
    Place *place = data;
    g_array_unref(place->holders);
    g_free(place);
}

Places *places_new(unsigned most)
{
    Places *places = g_new0(Places, 1);
    places->most = most;
    places->taken = g_ptr_array_new_with_free_func(place_free);
    places->waiters = g_array_new(FALSE, FALSE, sizeof(Waiter));
    pthread_mutex_init(&places->lock, NULL);
    return places;
}

void places_free(Places *places)
{
    if (!places)
        return;
    g_ptr_array_unref(places->taken);
    g_array_unref(places->waiters);
    pthread_mutex_destroy(&places->lock);
    g_free(places);
}

/* ---- under the lock ---- */

static bool holds(const Place *place, const Uuid *who)
{
    for (guint i = 0; i < place->holders->len; i++)
        if (uuid_equal(&g_array_index(place->holders, Uuid, i), who))
            return true;
    return false;
}

/* Does `who` hold a place other than `place` that they may keep? `place` NULL: any. */
static bool holds_another(const Places *places, const Uuid *who, const Place *place)
{
    for (guint i = 0; i < places->taken->len; i++) {
        const Place *other = places->taken->pdata[i];
        if (other != place && !other->wanted && holds(other, who))
            return true;
    }
    return false;
}

static void drop_what_is_over(Places *places, int64_t now_us)
{
    for (guint i = places->taken->len; i-- > 0;)
        if (((const Place *)places->taken->pdata[i])->until_us < now_us)
            g_ptr_array_remove_index(places->taken, i);
    for (guint i = places->waiters->len; i-- > 0;)
        if (g_array_index(places->waiters, Waiter, i).until_us < now_us)
            g_array_remove_index_fast(places->waiters, i);
}

/* Forgets that `who` waits. Does anybody else? */
static bool others_wait(Places *places, const Uuid *who)
{
    for (guint i = places->waiters->len; i-- > 0;)
        if (uuid_equal(&g_array_index(places->waiters, Waiter, i).who, who))
            g_array_remove_index_fast(places->waiters, i);
    return places->waiters->len > 0;
}

static bool is_spare(const Places *places, const Place *place)
{
    for (guint i = 0; i < place->holders->len; i++)
        if (!holds_another(places, &g_array_index(place->holders, Uuid, i), place))
            return false;
    return place->holders->len > 0;
}

static unsigned asked_back(const Places *places)
{
    unsigned count = 0;
    for (guint i = 0; i < places->taken->len; i++)
        count += ((const Place *)places->taken->pdata[i])->wanted;
    return count;
}

/* Takes away the newest place that its holders can spare. True: one is free now; a live one is only
 * asked back. */
static bool make_room(Places *places)
{
    for (guint i = places->taken->len; i-- > 0;) {
        Place *place = places->taken->pdata[i];
        if (place->wanted || !is_spare(places, place))
            continue;
        place->wanted = true;
        if (place->until_us == INT64_MAX)
            return false;
        g_ptr_array_remove_index(places->taken, i);
        return true;
    }
    return false;
}

static bool may_take(Places *places, const Uuid *who)
{
    const int64_t now_us = clock_mono_us();
    drop_what_is_over(places, now_us);
    bool contended = others_wait(places, who), has_one = holds_another(places, who, NULL);
    if (has_one && contended)
        return false;
    if (places->taken->len < places->most)
        return true;
    if (has_one || !places->most)
        return false;
    const Waiter waiter = {*who, now_us + WAITS_US};
    g_array_append_val(places->waiters, waiter);
    if (asked_back(places) >= places->waiters->len || !make_room(places))
        return false;
    others_wait(places, who); /* and they do not any more */
    return true;
}

static Place *add_place(Places *places, int64_t until_us)
{
    Place *place = g_new0(Place, 1);
    place->all = places;
    place->holders = g_array_new(FALSE, FALSE, sizeof(Uuid));
    place->until_us = until_us;
    g_ptr_array_add(places->taken, place);
    return place;
}

static Place *find_lease(const Places *places, const Uuid *who, const Uuid *camera)
{
    for (guint i = 0; i < places->taken->len; i++) {
        Place *place = places->taken->pdata[i];
        if (place->until_us < INT64_MAX && uuid_equal(&place->camera, camera) && holds(place, who))
            return place;
    }
    return NULL;
}

/* ---- what others call ---- */

Place *places_take(Places *places, const Uuid *who)
{
    pthread_mutex_lock(&places->lock);
    Place *place = may_take(places, who) ? add_place(places, INT64_MAX) : NULL;
    pthread_mutex_unlock(&places->lock);
    return place;
}

void place_give(Place *place)
{
    if (!place)
        return;
    Places *places = place->all;
    pthread_mutex_lock(&places->lock);
    g_ptr_array_remove(places->taken, place);
    pthread_mutex_unlock(&places->lock);
}

void place_join(Place *place, const Uuid *who)
{
    pthread_mutex_lock(&place->all->lock);
    g_array_append_val(place->holders, *who);
    pthread_mutex_unlock(&place->all->lock);
}

void place_leave(Place *place, const Uuid *who)
{
    pthread_mutex_lock(&place->all->lock);
    for (guint i = 0; i < place->holders->len; i++)
        if (uuid_equal(&g_array_index(place->holders, Uuid, i), who)) {
            g_array_remove_index_fast(place->holders, i);
            break;
        }
    pthread_mutex_unlock(&place->all->lock);
}

bool place_wanted(Place *place)
{
    pthread_mutex_lock(&place->all->lock);
    place->wanted = place->wanted && is_spare(place->all, place);
    bool wanted = place->wanted;
    pthread_mutex_unlock(&place->all->lock);
    return wanted;
}

bool places_lease(Places *places, const Uuid *who, const Uuid *camera)
{
    pthread_mutex_lock(&places->lock);
    Place *place = find_lease(places, who, camera);
    if (!place && may_take(places, who)) {
        place = add_place(places, 0);
        place->camera = *camera;
        g_array_append_val(place->holders, *who);
    }
    if (place)
        place->until_us = clock_mono_us() + PLACES_LEASE_US;
    pthread_mutex_unlock(&places->lock);
    return place != NULL;
}

unsigned places_taken(Places *places)
{
    pthread_mutex_lock(&places->lock);
    drop_what_is_over(places, clock_mono_us());
    unsigned taken = places->taken->len;
    pthread_mutex_unlock(&places->lock);
    return taken;
}

unsigned places_most(const Places *places)
{
    return places->most;
}
