#include "http/own_addresses.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <stdbool.h>
#include <string.h>

enum { LOOPBACKS = 2 }; /* they come first in the list */

static bool means_all(const char *host)
{
    return !host || strcmp(host, "0.0.0.0") == 0 || strcmp(host, "::") == 0;
}

static void add_address(GPtrArray *names, const char *address)
{
    if (!g_ptr_array_find_with_equal_func(names, address, g_str_equal, NULL))
        g_ptr_array_add(names, g_strdup(address));
}

GPtrArray *own_addresses(const char *host)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    add_address(names, "127.0.0.1");
    add_address(names, "::1");
    if (!means_all(host))
        add_address(names, host);
    struct ifaddrs *all = NULL;
    if (getifaddrs(&all) != 0)
        return names;
    for (struct ifaddrs *one = all; one; one = one->ifa_next) {
        char text[INET6_ADDRSTRLEN];
        if (!one->ifa_addr)
            continue;
        if (one->ifa_addr->sa_family == AF_INET) {
            struct sockaddr_in *v4 = (struct sockaddr_in *)one->ifa_addr;
            add_address(names, inet_ntop(AF_INET, &v4->sin_addr, text, sizeof text));
        } else if (one->ifa_addr->sa_family == AF_INET6) {
            struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)one->ifa_addr;
            if (!IN6_IS_ADDR_LINKLOCAL(&v6->sin6_addr))
                add_address(names, inet_ntop(AF_INET6, &v6->sin6_addr, text, sizeof text));
        }
    }
    freeifaddrs(all);
    return names;
}

char *own_address_to_tell(const char *host)
{
    if (!means_all(host))
        return g_strdup(host);
    g_autoptr(GPtrArray) addresses = own_addresses(NULL);
    const char *v6 = NULL;
    for (guint i = LOOPBACKS; i < addresses->len; i++) {
        const char *address = addresses->pdata[i];
        if (!strchr(address, ':'))
            return g_strdup(address);
        if (!v6)
            v6 = address;
    }
    return g_strdup(v6 ? v6 : addresses->pdata[0]);
}
