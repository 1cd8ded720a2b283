/* package_regions.h — the regions of a negative certificate as a body asks for them. */
#pragma once

#include "base/json.h"
#include "base/uuid.h"

#include <stdbool.h>

/* `certificate` of a body: {"regions":[{"camera","corners":[x,y,…]}]}; of a camera that has none
 * the whole picture counts. `*regions` (owned) as casework/certificate.h keeps them, NULL without
 * such a member. */
bool package_regions_read(const Json *body, const Uuid *cameras, size_t count, char **regions,
                          GError **error);
