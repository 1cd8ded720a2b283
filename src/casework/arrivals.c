#include "casework/arrivals.h"

#include <stdlib.h>
#include <string.h>

/* Times of the journey laid onto the clock, forwards from `at_us` or back. */
static void set_times(Arrival *arrival, int64_t at_us, const JourneyTimes *times, bool back)
{
    int64_t least_us = times->least_us - ARRIVAL_EARLY_US;
    int64_t most_us = MIN(times->most_us + ARRIVAL_LATE_US, least_us + ARRIVAL_MOST_US);
    int64_t likely_us = MIN(times->likely_us, most_us);
    arrival->from_us = back ? at_us - most_us : at_us + least_us;
    arrival->likely_us = back ? at_us - likely_us : at_us + likely_us;
    arrival->to_us = back ? at_us - least_us : at_us + most_us;
}

static Arrival arrival_of(const ArrivalPlace *from, const ArrivalPlace *other, int64_t at_us,
                          JourneyBy by, bool back)
{
    Arrival arrival = {
        .camera = other->camera, .name = other->name, .placed = from->placed && other->placed};
    JourneyTimes times = {0, 0, ARRIVAL_ANYWHERE_US};
    if (arrival.placed) {
        arrival.distance_m = place_distance_m(from->at, other->at);
        times = journey_times(arrival.distance_m, by);
    }
    set_times(&arrival, at_us, &times, back);
    return arrival;
}

static int by_distance(const void *a, const void *b)
{
    const Arrival *left = a, *right = b;
    if (left->placed != right->placed)
        return left->placed ? -1 : 1;
    if (left->distance_m != right->distance_m)
        return left->distance_m < right->distance_m ? -1 : 1;
    int names = strcmp(left->name, right->name);
    return names ? names : uuid_compare(&left->camera, &right->camera);
}

GArray *arrivals_order(const ArrivalPlace *from, int64_t at_us, JourneyBy by, bool back,
                       const ArrivalPlace *others, size_t count)
{
    GArray *arrivals = g_array_new(false, false, sizeof(Arrival));
    for (size_t i = 0; i < count; i++) {
        if (uuid_equal(&others[i].camera, &from->camera))
            continue;
        Arrival arrival = arrival_of(from, &others[i], at_us, by, back);
        g_array_append_val(arrivals, arrival);
    }
    if (arrivals->len)
        qsort(arrivals->data, arrivals->len, sizeof(Arrival), by_distance);
    return arrivals;
}
