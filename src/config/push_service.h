/* push_service.h — which push services the server sends to: those of the browsers, and what the
 * configuration names. Whoever signs in could otherwise make the server call any machine.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

enum { PUSH_ENDPOINT_MOST = 1024 }; /* bytes */

/* Where `endpoint` leads, as "https://host", returned owned. NULL and ERR_INVALID when that is no
 * push service of a browser, nor one of `services` (origins, NULL-ended, or NULL). */
char *push_service_of(const char *endpoint, const char *const *services, GError **error);

/* Is it an origin that can stand in `services`? ERR_INVALID. */
bool push_service_check(const char *origin, GError **error);

/* How a service can reach whoever runs the server: a mail or web address. ERR_INVALID. */
bool push_contact_check(const char *contact, GError **error);
