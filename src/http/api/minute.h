/* minute.h — times of day on the API: "22:00", minutes of the site's day. */
#pragma once

#include "base/json.h"

Json *minute_json(int minute); /* returns owned */

/* Member `name` of `object`, which must have it. ERR_INVALID. */
bool minute_read(const Json *object, const char *name, int *minute, GError **error);
