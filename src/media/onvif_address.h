/* onvif_address.h — where an ONVIF device is spoken to, and how its own addresses are mended.
 *
 * A device may tell http://0.0.0.0:8080/…, the address it has behind a router, or a path only. It
 * is spoken to where it was found: host and scheme of that stay, port and path are what it tells.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define ONVIF_DEVICE_PATH "/onvif/device_service" /* ONVIF Core §5.1.1 */

typedef struct OnvifAddress {
    bool tls;
    char *host;            /* owned; a name, IPv4, or IPv6 without brackets */
    uint16_t port;         /* 0: not told */
    char *path;            /* owned; with the query; "" when not told */
    char *user, *password; /* owned, decoded; NULL when not told */
} OnvifAddress;

/* Reads "192.168.1.20", "camera:8000", "http://user:password@host:port/path". Returns owned; NULL
 * with ERR_INVALID, and a message without credentials. */
OnvifAddress *onvif_address_parse(const char *text, GError **error);
OnvifAddress *onvif_address_copy(const OnvifAddress *address);
void onvif_address_free(OnvifAddress *address); /* NULL is allowed; wipes the password */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OnvifAddress, onvif_address_free)

/* "http://host:port/path", without credentials. Returns owned. */
char *onvif_address_text(const OnvifAddress *address);

/* The service that the device at `device` tells to be at `told`, at the host of `device`, never
 * without TLS when `device` has it. Returns owned; NULL when `told` is no address. */
OnvifAddress *onvif_address_of_service(const char *told, const OnvifAddress *device);

/* The stream that the device at `device` tells to be at `told`: an RTSP address at the host of
 * `device`, without credentials. Returns owned; NULL when `told` is none. */
char *onvif_stream_address(const char *told, const OnvifAddress *device);
