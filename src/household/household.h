/* household.h — what stands in the register of households that have a camera of their own: where,
 * what it sees, whom to ask, and what the household agreed to and when. Pure.
 *
 * A pin alone (level 0) says that there is a camera. With level 1 the household may be asked for
 * what it saw. Each is agreed to, dated and taken back by itself; taking back the pin takes back
 * all, and what was known of the household is erased.
 */
#pragma once

#include "catalog/households.h"
#include "place/place.h"

#include <stdint.h>

enum {
    HOUSEHOLD_PIN = 0,   /* its place and what it sees are known */
    HOUSEHOLD_ASKED = 1, /* and it may be asked */
    HOUSEHOLD_VIEW_MOST = 200,
    HOUSEHOLD_NAME_MOST = 100,
    HOUSEHOLD_PHONE_MOST = 30,
    HOUSEHOLD_VILLAGE_MOST = 80,
    HOUSEHOLD_DAYS_MOST = 365,
};

/* As it is told; borrowed. NULL: not told. */
typedef struct HouseholdTold {
    const char *village, *view, *name, *phone;
    const PlacePoint *place;
    const int64_t *heading_deg; /* −1: not known */
    const int64_t *days_kept;   /* 0: not known */
    const int64_t *level;       /* HOUSEHOLD_… */
    const int64_t *agreed_us;   /* when they agreed to that level, in front of who tells it */
    const Uuid *key;
} HouseholdTold;

/* A new household, that `by` tells at `now_us`. ERR_INVALID says what is wrong, by its name on the
 * API. Returns owned, or NULL. */
HouseholdRow *household_of(const HouseholdTold *told, const Uuid *by, int64_t now_us,
                           GError **error);

/* Changes what is told. A level that is raised needs its own consent, with its date. */
bool household_change(HouseholdRow *row, const HouseholdTold *told, const Uuid *by, int64_t now_us,
                      GError **error);

int household_level(const HouseholdRow *row);
bool household_is_revoked(const HouseholdRow *row);

/* They have taken back their consent: nothing is left but village, dates and that they did. `by`:
 * the account that was told; nil: themselves. */
void household_erase(HouseholdRow *row, const Uuid *by, int64_t now_us);

/* How a camera of theirs stands to a place. */
typedef struct HouseholdSight {
    const HouseholdRow *row;
    double distance_m;
    double bearing_deg; /* from them to the place */
    bool faces;         /* where it looks is known, and the place lies there */
} HouseholdSight;

/* Those within `radius_m` of the place whose consent stands, HouseholdSight by value: who face it
 * first, then by distance. `rows` holds HouseholdRow *, which the result borrows. Returns owned. */
GArray *household_near(const GPtrArray *rows, PlacePoint place, double radius_m);
