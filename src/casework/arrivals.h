/* arrivals.h — who else saw this: the other cameras in the order in which somebody who was at one
 * place comes by them, and when each likely saw them. Pure: no I/O, no clock.
 */
#pragma once

#include "base/uuid.h"
#include "place/journey.h"
#include "place/place.h"

#include <glib.h>

/* A camera, and where it stands. Plain value; `name` is borrowed. */
typedef struct ArrivalPlace {
    Uuid camera;
    const char *name;
    bool placed;
    PlacePoint at; /* of a placed one */
} ArrivalPlace;

typedef struct Arrival {
    Uuid camera;
    const char *name; /* borrowed from its place */
    bool placed;      /* the distance is known, and with it the times */
    double distance_m;
    int64_t from_us, likely_us, to_us; /* when it likely saw them, and between what */
} Arrival;

/* Before the shortest and after the longest journey: clocks differ, a picture reaches far, people
 * stand still for a moment. */
#define ARRIVAL_EARLY_US INT64_C(15000000)
#define ARRIVAL_LATE_US INT64_C(60000000)

/* What is looked through of a camera whose distance is not known; and of any at most. */
#define ARRIVAL_ANYWHERE_US INT64_C(1800000000)
#define ARRIVAL_MOST_US INT64_C(21600000000)

/* Of somebody seen by `from` at `at_us`: where they went, or with `back` where they came from. The
 * nearest is first; those whose distance is not known stand last, by name. `from` itself is left
 * out. Arrival; returns owned. */
GArray *arrivals_order(const ArrivalPlace *from, int64_t at_us, JourneyBy by, bool back,
                       const ArrivalPlace *others, size_t count);
