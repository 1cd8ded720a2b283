/* own_addresses.h — the addresses by which other devices reach this machine. */
#pragma once

#include <glib.h>

/* Numeric addresses: both loopbacks, `host` unless it means "all", then those of all interfaces.
 * Returns owned, of char *. */
GPtrArray *own_addresses(const char *host);

/* The address to tell people for a server that listens on `host`: `host` itself, or, where it means
 * "all" (0.0.0.0, ::), one that a phone on the network can open: IPv4 before IPv6, loopback where
 * there is nothing else. Returns owned. */
char *own_address_to_tell(const char *host);
