/* journey.h — how long somebody takes from one place to another, when only the straight line
 * between them is known: on foot, on a motorbike, or nobody knows which.
 *
 * Between the shortest and the longest time lie most people, not all: who stops on the way, or
 * drives faster than a town lets, falls out. Ways are longer than the straight line, by a third as
 * a rule, by two thirds at most.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

typedef enum JourneyBy {
    JOURNEY_UNKNOWN, /* from the fastest rider to the slowest walker */
    JOURNEY_WALKING, /* 1.4 m/s as a rule, 0.9 to 2.2 */
    JOURNEY_RIDING,  /* 30 km/h as a rule, 12 to 54 */
} JourneyBy;

/* "unknown", "walking", "riding". */
bool journey_by_parse(const char *text, JourneyBy *by);

typedef struct JourneyTimes {
    int64_t least_us, likely_us, most_us;
} JourneyTimes;

/* `distance_m` in a straight line. `likely_us` of JOURNEY_UNKNOWN is that of a rider: from there on
 * one looks forward in time. */
JourneyTimes journey_times(double distance_m, JourneyBy by);
