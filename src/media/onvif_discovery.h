/* onvif_discovery.h — asking who is there: WS-Discovery (April 2005) as ONVIF Core §7 uses it.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

enum { ONVIF_DISCOVERY_PORT = 3702, ONVIF_MATCHES_MAX = 32 };
#define ONVIF_DISCOVERY_GROUP "239.255.255.250"

/* One datagram: a Probe for video transmitters, or for anything at all: some devices answer only
 * to the second. `message_id`: "urn:uuid:…". Returns owned. */
char *onvif_probe_write(const char *message_id, bool anything);

/* What a device tells of itself. All owned; "" when not told. */
typedef struct OnvifMatch {
    char *endpoint; /* urn:uuid:…, the same at all its addresses */
    char *address;  /* the first http address it tells; to be mended by where it came from */
    char *make, *model, *name, *location;
} OnvifMatch;
void onvif_match_free(OnvifMatch *match);

/* The devices in a datagram that look like ONVIF's, printers left out: array of OnvifMatch, owned,
 * empty when there is none or the datagram is something else. */
GPtrArray *onvif_matches_read(const void *data, size_t size);
