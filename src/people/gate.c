#include "people/gate.h"

#include "people/lockout.h"

#include <glib.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>

enum { STORES_MOST = 10000 };

typedef struct Store {
    double passes;
    int64_t filled_us; /* when it was last filled up */
} Store;

struct Gate {
    pthread_mutex_t lock;
    GateRule each, all;
    Store common;
    GHashTable *stores; /* place, owned -> Store * */
};

Gate *gate_new(GateRule each, GateRule all)
{
    Gate *gate = g_new0(Gate, 1);
    pthread_mutex_init(&gate->lock, NULL);
    gate->each = each;
    gate->all = all;
    gate->common.passes = all.most;
    gate->stores = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return gate;
}

void gate_free(Gate *gate)
{
    if (!gate)
        return;
    g_hash_table_unref(gate->stores);
    pthread_mutex_destroy(&gate->lock);
    g_free(gate);
}

static void fill(Store *store, const GateRule *rule, int64_t now_us)
{
    double more = (double)(now_us - store->filled_us) / (double)rule->refill_us;
    store->passes = MIN(store->passes + more, (double)rule->most);
    store->filled_us = now_us;
}

static int64_t wait_of(const Store *store, const GateRule *rule)
{
    if (store->passes >= 1)
        return 0;
    return (int64_t)((1 - store->passes) * (double)rule->refill_us) + 1;
}

/* Those that are full again need not be known; if that frees no room, none is. */
static void make_room(Gate *gate, int64_t now_us)
{
    GHashTableIter iter;
    void *store;
    if (g_hash_table_size(gate->stores) < STORES_MOST)
        return;
    g_hash_table_iter_init(&iter, gate->stores);
    while (g_hash_table_iter_next(&iter, NULL, &store)) {
        fill(store, &gate->each, now_us);
        if (((Store *)store)->passes >= gate->each.most)
            g_hash_table_iter_remove(&iter);
    }
    if (g_hash_table_size(gate->stores) >= STORES_MOST)
        g_hash_table_remove_all(gate->stores);
}

static Store *store_of(Gate *gate, const char *place, int64_t now_us)
{
    Store *store = g_hash_table_lookup(gate->stores, place);
    if (!store) {
        make_room(gate, now_us);
        store = g_new(Store, 1);
        *store = (Store){gate->each.most, now_us};
        g_hash_table_insert(gate->stores, g_strdup(place), store);
    }
    fill(store, &gate->each, now_us);
    return store;
}

static bool is_this_machine(const char *address)
{
    return !*address || strcmp(address, "::1") == 0 || g_str_has_prefix(address, "127.");
}

int64_t gate_pass(Gate *gate, const char *who, int64_t now_us)
{
    g_autofree char *place = lockout_place(who);
    pthread_mutex_lock(&gate->lock);
    Store *own = is_this_machine(who) ? NULL : store_of(gate, place, now_us);
    fill(&gate->common, &gate->all, now_us);
    int64_t wait_us = wait_of(&gate->common, &gate->all);
    if (own)
        wait_us = MAX(wait_us, wait_of(own, &gate->each));
    if (!wait_us) {
        gate->common.passes--;
        if (own)
            own->passes--;
    }
    pthread_mutex_unlock(&gate->lock);
    return wait_us;
}
