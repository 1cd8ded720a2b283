#include "camera/redirect.h"

#include <arpa/inet.h>
#include <string.h>

/* Networks that no router of the internet carries: RFC 1918, 3927, 4193, 4291, and loopback. */
static const struct {
    int family;
    uint8_t prefix[2];
    unsigned bits;
} private_networks[] = {
    {AF_INET, {10, 0}, 8},        {AF_INET, {172, 16}, 12}, {AF_INET, {192, 168}, 16},
    {AF_INET, {169, 254}, 16},    {AF_INET, {127, 0}, 8},   {AF_INET6, {0xfc, 0}, 7},
    {AF_INET6, {0xfe, 0x80}, 10},
};

/* Which of them the numeric address lies in; −1: none, or a name. */
static int private_network(const char *host)
{
    uint8_t bytes[16];
    int family = strchr(host, ':') ? AF_INET6 : AF_INET;
    if (inet_pton(family, host, bytes) != 1)
        return -1;
    unsigned first = (unsigned)bytes[0] << 8 | bytes[1];
    for (int i = 0; i < (int)G_N_ELEMENTS(private_networks); i++) {
        unsigned mask = 0xffffu << (16 - private_networks[i].bits) & 0xffffu;
        unsigned prefix =
            (unsigned)private_networks[i].prefix[0] << 8 | private_networks[i].prefix[1];
        if (private_networks[i].family == family && (first & mask) == prefix)
            return i;
    }
    return -1;
}

bool redirect_keeps_password(const RtspUrl *home, const char *home_address, const RtspUrl *to)
{
    if (home->tls && !to->tls)
        return false;
    if (g_ascii_strcasecmp(home->host, to->host) == 0 || strcmp(home_address, to->host) == 0)
        return true;
    int network = private_network(home_address);
    return network >= 0 && network == private_network(to->host);
}
