#include "camera/onvif_discover.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/uuid.h"
#include "media/onvif_address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    ROUNDS = 2, /* datagrams get lost */
    DATAGRAM_MOST = 64 * 1024,
    SUBNET_BITS_LEAST = 20,
    BATCH = 16, /* so many at once, that waiting for neighbours' addresses drops none */
    FOUND_MOST = 1024,
};
#define BATCH_US (SECOND_US / 100)

typedef struct Search {
    int fd;
    GPtrArray *found;
    uint8_t *room;
} Search;

static void free_found(void *data)
{
    OnvifFound *found = data;
    g_free(found->host);
    g_free(found->address);
    onvif_match_free(found->match);
    g_free(found);
}

/* ---- answers ---- */

static bool is_known(const Search *search, const char *host, const char *address)
{
    for (guint i = 0; i < search->found->len; i++) {
        const OnvifFound *found = search->found->pdata[i];
        if (strcmp(found->host, host) == 0 && strcmp(found->address, address) == 0)
            return true;
    }
    return false;
}

/* What a device tells of its address holds, but for the host: it is where the datagram came from.
 */
static void take(Search *search, const char *host, const uint8_t *data, size_t size)
{
    g_autoptr(GPtrArray) matches = onvif_matches_read(data, size);
    g_autoptr(OnvifAddress) from = onvif_address_parse(host, NULL);
    while (from && matches->len > 0 && search->found->len < FOUND_MOST) {
        OnvifMatch *match = g_ptr_array_steal_index(matches, 0);
        g_autoptr(OnvifAddress) device = onvif_address_of_service(match->address, from);
        g_autofree char *address = device ? onvif_address_text(device) : NULL;
        if (!address || is_known(search, host, address)) {
            onvif_match_free(match);
            continue;
        }
        OnvifFound *found = g_new(OnvifFound, 1);
        *found = (OnvifFound){g_strdup(host), g_steal_pointer(&address), match};
        g_ptr_array_add(search->found, found);
    }
}

static void listen_until(Search *search, int64_t until_us)
{
    for (int64_t left_us; (left_us = until_us - clock_mono_us()) > 0;) {
        struct pollfd one = {search->fd, POLLIN, 0};
        if (poll(&one, 1, (int)(left_us / 1000) + 1) <= 0)
            continue;
        struct sockaddr_in from;
        socklen_t length = sizeof from;
        char host[INET_ADDRSTRLEN];
        ssize_t size = recvfrom(search->fd, search->room, DATAGRAM_MOST, MSG_DONTWAIT,
                                (struct sockaddr *)&from, &length);
        if (size > 0 && inet_ntop(AF_INET, &from.sin_addr, host, sizeof host))
            take(search, host, search->room, (size_t)size);
    }
}

/* ---- questions ---- */

/* Both kinds of question; an address that cannot be reached is no trouble of the search. */
static void ask_at(const Search *search, struct in_addr address)
{
    struct sockaddr_in to = {
        .sin_family = AF_INET, .sin_port = htons(ONVIF_DISCOVERY_PORT), .sin_addr = address};
    for (int anything = 0; anything < 2; anything++) {
        char id[UUID_TEXT];
        Uuid uuid = uuid_new();
        g_autofree char *message_id = g_strconcat("urn:uuid:", uuid_text(&uuid, id), NULL);
        g_autofree char *probe = onvif_probe_write(message_id, anything);
        sendto(search->fd, probe, strlen(probe), 0, (struct sockaddr *)&to, sizeof to);
    }
}

static void ask_group(const Search *search)
{
    struct ifaddrs *interfaces = NULL;
    struct in_addr group;
    inet_pton(AF_INET, ONVIF_DISCOVERY_GROUP, &group);
    if (getifaddrs(&interfaces) != 0)
        return;
    for (const struct ifaddrs *at = interfaces; at; at = at->ifa_next) {
        if (!at->ifa_addr || at->ifa_addr->sa_family != AF_INET || !(at->ifa_flags & IFF_UP))
            continue;
        struct sockaddr_in own;
        memcpy(&own, at->ifa_addr, sizeof own);
        if (setsockopt(search->fd, IPPROTO_IP, IP_MULTICAST_IF, &own.sin_addr,
                       sizeof own.sin_addr) == 0)
            ask_at(search, group);
    }
    freeifaddrs(interfaces);
}

typedef struct Subnet {
    uint32_t first, last;
} Subnet;

static bool parse_subnet(const char *text, Subnet *subnet, GError **error)
{
    g_auto(GStrv) parts = g_strsplit(text, "/", 2);
    struct in_addr address;
    guint64 bits = 0;
    if (!parts[0] || !parts[1] || inet_pton(AF_INET, parts[0], &address) != 1 ||
        !g_ascii_string_to_unsigned(parts[1], 10, 0, 32, &bits, NULL))
        return err_set(error, ERR_INVALID, "‘%s’ is no subnet; write it like 192.168.1.0/24", text);
    if (bits < SUBNET_BITS_LEAST)
        return err_set(error, ERR_INVALID,
                       "/%d is more than 4096 addresses; give /%d or smaller subnets, one by one",
                       (int)bits, SUBNET_BITS_LEAST);
    uint32_t mask = bits ? UINT32_MAX << (32 - bits) : 0;
    uint32_t base = ntohl(address.s_addr) & mask;
    *subnet = (Subnet){base, base | ~mask};
    if (bits < 31) { /* the network and its broadcast address are no hosts */
        subnet->first++;
        subnet->last--;
    }
    return true;
}

static void ask_subnet(Search *search, const Subnet *subnet)
{
    unsigned asked = 0;
    for (uint32_t at = subnet->first; at <= subnet->last && at >= subnet->first; at++) {
        ask_at(search, (struct in_addr){htonl(at)});
        if (++asked % BATCH == 0)
            listen_until(search, clock_mono_us() + BATCH_US);
    }
}

static int by_address(const void *a, const void *b)
{
    const OnvifFound *one = *(const OnvifFound *const *)a, *other = *(const OnvifFound *const *)b;
    struct in_addr left, right;
    if (inet_pton(AF_INET, one->host, &left) != 1 || inet_pton(AF_INET, other->host, &right) != 1)
        return 0;
    int order = memcmp(&left, &right, sizeof left);
    return order ? order : strcmp(one->address, other->address);
}

GPtrArray *onvif_discover(const char *subnet, int64_t wait_us, GError **error)
{
    Subnet range = {0};
    if (subnet && !parse_subnet(subnet, &range, error))
        return NULL;
    Search search = {.fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
    if (search.fd < 0) {
        err_errno(error, errno, "looking for cameras");
        return NULL;
    }
    search.found = g_ptr_array_new_with_free_func(free_found);
    search.room = g_malloc(DATAGRAM_MOST);
    for (int round = 0; round < ROUNDS; round++) {
        if (subnet)
            ask_subnet(&search, &range);
        else
            ask_group(&search);
        listen_until(&search, clock_mono_us() + wait_us / ROUNDS);
    }
    close(search.fd);
    g_free(search.room);
    g_ptr_array_sort(search.found, by_address);
    return search.found;
}
