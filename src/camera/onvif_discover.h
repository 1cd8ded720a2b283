/* onvif_discover.h — looks for ONVIF devices on the networks of this machine.
 *
 * Multicast does not cross routers and VLANs; a subnet can be asked address by address.
 */
#pragma once

#include "media/onvif_discovery.h"

#include <stdint.h>

typedef struct OnvifFound {
    char *host;        /* owned; where it answered from */
    char *address;     /* owned; of its device service, at that host */
    OnvifMatch *match; /* owned */
} OnvifFound;

/* Asks by multicast on every interface, or each address of `subnet` ("192.168.1.0/24", at most
 * 4096 addresses; NULL: multicast), and listens for `wait_us`. Blocks. Array of OnvifFound, one a
 * device, by address; owned. NULL with ERR_INVALID or ERR_IO. */
GPtrArray *onvif_discover(const char *subnet, int64_t wait_us, GError **error);
