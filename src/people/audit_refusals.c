#include "people/audit_refusals.h"

#include "people/lockout.h"

#include <inttypes.h>
#include <pthread.h>

/* Whoever was refused, within one span. */
typedef struct Refused {
    Uuid actor;
    char *address;
    int64_t began_us;
    uint64_t count;
} Refused;

struct Refusals {
    pthread_mutex_t lock;
    GHashTable *places; /* "actor @address" -> Refused *; "": all for whom there was no room */
};

static void free_refused(void *data)
{
    Refused *refused = data;
    g_free(refused->address);
    g_free(refused);
}

Refusals *refusals_new(void)
{
    Refusals *refusals = g_new0(Refusals, 1);
    pthread_mutex_init(&refusals->lock, NULL);
    refusals->places = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_refused);
    return refusals;
}

void refusals_free(Refusals *refusals)
{
    g_hash_table_unref(refusals->places);
    pthread_mutex_destroy(&refusals->lock);
    g_free(refusals);
}

static char *key_of(const AuditEntry *entry)
{
    char actor[UUID_TEXT];
    g_autofree char *place = lockout_place(entry->address ? entry->address : "");
    return g_strdup_printf("%s %s", uuid_text(&entry->actor, actor), place);
}

static Refused *refused_of(Refusals *refusals, const AuditEntry *entry, int64_t now_us)
{
    g_autofree char *key = key_of(entry);
    Refused *refused = g_hash_table_lookup(refusals->places, key);
    bool full = g_hash_table_size(refusals->places) >= REFUSALS_PLACES_MOST;
    if (!refused && full)
        refused = g_hash_table_lookup(refusals->places, "");
    if (refused)
        return refused;
    refused = g_new0(Refused, 1);
    refused->began_us = now_us;
    if (!full) {
        refused->actor = entry->actor;
        refused->address = g_strdup(entry->address);
    }
    g_hash_table_insert(refusals->places, full ? g_strdup("") : g_steal_pointer(&key), refused);
    return refused;
}

bool refusals_take(Refusals *refusals, const AuditEntry *entry, int64_t now_us)
{
    pthread_mutex_lock(&refusals->lock);
    bool told = refused_of(refusals, entry, now_us)->count++ < REFUSALS_FREE;
    pthread_mutex_unlock(&refusals->lock);
    return told;
}

static void tell_more(const Refused *refused, void (*tell)(void *data, const AuditEntry *entry),
                      void *data)
{
    g_autofree char *times = g_strdup_printf("%" PRIu64, refused->count - REFUSALS_FREE);
    AuditChange change = {"times", "", times};
    tell(data, &(AuditEntry){.actor = refused->actor,
                             .address = refused->address,
                             .action = "refused-more",
                             .result = "refused",
                             .changes = &change,
                             .change_count = 1});
}

void refusals_end(Refusals *refusals, int64_t before_us,
                  void (*tell)(void *data, const AuditEntry *entry), void *data)
{
    GHashTableIter iter;
    void *key, *value;
    g_autoptr(GPtrArray) over = g_ptr_array_new_with_free_func(free_refused);
    pthread_mutex_lock(&refusals->lock);
    g_hash_table_iter_init(&iter, refusals->places);
    while (g_hash_table_iter_next(&iter, &key, &value))
        if (((const Refused *)value)->began_us < before_us) {
            g_ptr_array_add(over, value);
            g_hash_table_iter_steal(&iter);
            g_free(key);
        }
    pthread_mutex_unlock(&refusals->lock);
    for (guint i = 0; i < over->len; i++) {
        const Refused *refused = over->pdata[i];
        if (refused->count > REFUSALS_FREE)
            tell_more(refused, tell, data);
    }
}

bool refusals_open(Refusals *refusals)
{
    pthread_mutex_lock(&refusals->lock);
    bool open = g_hash_table_size(refusals->places) > 0;
    pthread_mutex_unlock(&refusals->lock);
    return open;
}
