/* webhook_address.h — where a webhook leads: an http or https address, whose path and query may be
 * secrets. */
#pragma once

#include "base/error.h"

#include <stdbool.h>

/* ERR_INVALID says what is wrong, without repeating the address. */
bool webhook_address_check(const char *url, GError **error);

/* "https://host:port", what may be logged and shown. Returns owned; "" of no address. */
char *webhook_address_place(const char *url);

/* Do both lead to the same scheme, host and port? */
bool webhook_address_same_place(const char *a, const char *b);
