/* criteria.h — the site's own criteria of a month, as the month tells them. */
#pragma once

#include "casework/criterion.h"
#include "http/api/context.h"

/* Each criterion with its figure and whether it is met, by the figure or by hand; null: nothing
 * tells. Returns owned, or NULL. */
Json *criteria_of_month(ApiContext *api, const char *name, const Month *month,
                        const MonthLooks *looks, GError **error);
