/* risk_ground.h — private to place/: a commune as a plane, in metres, on which ten thousand
 * incidents are looked at from two hundred cameras in milliseconds. */
#pragma once

#include "place/place.h"

#include <stdbool.h>
#include <stddef.h>

typedef struct RiskPoint {
    double east_m, north_m; /* from the middle of the plane */
    bool seen;
} RiskPoint;

/* Straight within a metre up to 30 km from its middle. */
typedef struct RiskGround {
    PlacePoint middle;
    double east_a_degree, north_a_degree;
} RiskGround;

/* With the median of the points as its middle, which one wild point does not move. */
RiskGround risk_ground(const PlacePoint *points, size_t count);

RiskPoint risk_ground_point(const RiskGround *ground, PlacePoint point);
PlacePoint risk_ground_place(const RiskGround *ground, double east_m, double north_m);
