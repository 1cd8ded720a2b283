#include "http/crowd.h"

#include <glib.h>
#include <netinet/in.h>
#include <string.h>

struct Crowd {
    unsigned most, most_of_address;
    GHashTable *connections; /* who -> address (uint64_t, owned) */
    GHashTable *addresses;   /* address (uint64_t, owned) -> count */
};

Crowd *crowd_new(unsigned most, unsigned most_of_address)
{
    Crowd *crowd = g_new(Crowd, 1);
    *crowd = (Crowd){most, most_of_address,
                     g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, g_free),
                     g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL)};
    return crowd;
}

void crowd_free(Crowd *crowd)
{
    if (!crowd)
        return;
    g_hash_table_unref(crowd->connections);
    g_hash_table_unref(crowd->addresses);
    g_free(crowd);
}

/* The four bytes of IPv4, the first eight of IPv6; 0: this machine. */
static uint64_t address_of(const struct sockaddr_storage *peer)
{
    uint64_t address = 0;
    const struct sockaddr_in *v4 = (const struct sockaddr_in *)peer;
    const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)peer;
    const uint8_t *bytes = (const uint8_t *)&v6->sin6_addr;
    if (peer->ss_family == AF_INET)
        memcpy(&address, &v4->sin_addr, 4);
    else if (peer->ss_family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&v6->sin6_addr))
        memcpy(&address, bytes + 12, 4);
    else if (peer->ss_family == AF_INET6 && !IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr))
        memcpy(&address, bytes, 8);
    return *(const uint8_t *)&address == 127 ? 0 : address;
}

static unsigned count_of(const Crowd *crowd, uint64_t address)
{
    return GPOINTER_TO_UINT(g_hash_table_lookup(crowd->addresses, &address));
}

bool crowd_has_room(const Crowd *crowd, const struct sockaddr_storage *peer)
{
    uint64_t address = address_of(peer);
    return g_hash_table_size(crowd->connections) < crowd->most &&
           (!address || !crowd->most_of_address ||
            count_of(crowd, address) < crowd->most_of_address);
}

static void set_count(Crowd *crowd, uint64_t address, unsigned count)
{
    if (count)
        g_hash_table_replace(crowd->addresses, g_memdup2(&address, sizeof address),
                             GUINT_TO_POINTER(count));
    else
        g_hash_table_remove(crowd->addresses, &address);
}

void crowd_enter(Crowd *crowd, const void *who, const struct sockaddr_storage *peer)
{
    uint64_t address = address_of(peer);
    crowd_leave(crowd, who);
    g_hash_table_insert(crowd->connections, (void *)who, g_memdup2(&address, sizeof address));
    set_count(crowd, address, count_of(crowd, address) + 1);
}

void crowd_leave(Crowd *crowd, const void *who)
{
    const uint64_t *address = g_hash_table_lookup(crowd->connections, who);
    if (!address)
        return;
    set_count(crowd, *address, count_of(crowd, *address) - 1);
    g_hash_table_remove(crowd->connections, who);
}
