#include "place/risk_ground.h"

#include <glib.h>
#include <math.h>
#include <stdlib.h>

static int by_value(const void *a, const void *b)
{
    double first = *(const double *)a, second = *(const double *)b;
    return (first > second) - (first < second);
}

static double median(double *values, size_t count)
{
    qsort(values, count, sizeof *values, by_value);
    return values[count / 2];
}

static PlacePoint middle_of(const PlacePoint *points, size_t count)
{
    g_autofree double *values = g_new(double, MAX(count, 1));
    PlacePoint middle = {0};
    if (count == 0)
        return middle;
    for (size_t i = 0; i < count; i++)
        values[i] = points[i].latitude;
    middle.latitude = median(values, count);
    for (size_t i = 0; i < count; i++)
        values[i] = points[i].longitude;
    middle.longitude = median(values, count);
    return middle;
}

RiskGround risk_ground(const PlacePoint *points, size_t count)
{
    RiskGround ground = {.middle = middle_of(points, count)};
    const double step = 0.001;
    PlacePoint north = ground.middle, east = ground.middle;
    north.latitude += north.latitude > 0 ? -step : step;
    east.longitude += east.longitude > 0 ? -step : step;
    ground.north_a_degree = place_distance_m(ground.middle, north) / step;
    ground.east_a_degree = MAX(place_distance_m(ground.middle, east) / step, 1);
    return ground;
}

RiskPoint risk_ground_point(const RiskGround *ground, PlacePoint point)
{
    return (RiskPoint){
        .east_m = (point.longitude - ground->middle.longitude) * ground->east_a_degree,
        .north_m = (point.latitude - ground->middle.latitude) * ground->north_a_degree};
}

PlacePoint risk_ground_place(const RiskGround *ground, double east_m, double north_m)
{
    return (PlacePoint){ground->middle.latitude + north_m / ground->north_a_degree,
                        ground->middle.longitude + east_m / ground->east_a_degree};
}
