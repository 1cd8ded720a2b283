/* household_json.h — households as the API tells them and takes them, and who sees which: whoever
 * may everywhere sees all, a village head those of the own village.
 */
#pragma once

#include "household/household_desk.h"
#include "http/api/call.h"

/* May whoever calls do `action` to it? */
bool household_may(const ApiCall *call, Action action, const HouseholdRow *row);

/* The household of the path, as far as whoever calls may do `action` to it; ERR_NOT_FOUND
 * otherwise. Returns owned. */
HouseholdRow *household_find(ApiCall *call, Action action, GError **error);

/* Those that whoever calls may see: HouseholdRow *. Returns owned, or NULL. */
GPtrArray *households_within_reach(ApiCall *call, GError **error);

/* Household of openapi.yaml, without whom to call. Returns owned. */
Json *household_json(const ApiCall *call, const HouseholdRow *row);

/* What a body tells. It holds what `told` points to. */
typedef struct HouseholdAsked {
    HouseholdTold told;
    PlacePoint place;
    int64_t heading_deg, days_kept, level, agreed_us;
    Uuid key;
} HouseholdAsked;
bool household_read(const Json *body, HouseholdAsked *asked, GError **error);
