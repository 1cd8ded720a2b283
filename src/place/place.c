#include "place/place.h"

#include <math.h>

/* WGS 84. */
#define EQUATOR_M 6378137.0
#define FLATTENING (1 / 298.257223563)

static double radians(double degrees)
{
    return degrees * M_PI / 180;
}

static double square(double value)
{
    return value * value;
}

/* Lambert's formula: the great circle of reduced latitudes, corrected once for the flattening. */
double place_distance_m(PlacePoint a, PlacePoint b)
{
    double from = atan((1 - FLATTENING) * tan(radians(a.latitude)));
    double to = atan((1 - FLATTENING) * tan(radians(b.latitude)));
    double half = square(sin((to - from) / 2)) +
                  cos(from) * cos(to) * square(sin(radians(b.longitude - a.longitude) / 2));
    double angle = 2 * asin(sqrt(fmin(1, half)));
    if (angle == 0)
        return 0;
    double mean = (from + to) / 2, apart = (to - from) / 2;
    double x = (angle - sin(angle)) * square(sin(mean) * cos(apart) / cos(angle / 2));
    double y = (angle + sin(angle)) * square(cos(mean) * sin(apart) / sin(angle / 2));
    return EQUATOR_M * (angle - FLATTENING / 2 * (x + y));
}

double place_bearing_deg(PlacePoint from, PlacePoint to)
{
    double a = radians(from.latitude), b = radians(to.latitude);
    double east = radians(to.longitude - from.longitude);
    double bearing =
        atan2(sin(east) * cos(b), cos(a) * sin(b) - sin(a) * cos(b) * cos(east)) * 180 / M_PI;
    return bearing < 0 ? bearing + 360 : bearing;
}

bool place_sees(const PlaceAim *aim, PlacePoint point)
{
    double distance = place_distance_m(aim->at, point);
    if (distance > aim->reach_m)
        return false;
    double off = remainder(place_bearing_deg(aim->at, point) - aim->heading_deg, 360);
    return distance < 1 || fabs(off) <= aim->fov_deg / 2;
}

double place_pixels_a_metre(double width_px, double fov_deg, double distance_m)
{
    if (fov_deg >= 180 || fov_deg <= 0 || distance_m <= 0)
        return 0;
    return width_px / (2 * distance_m * tan(radians(fov_deg) / 2));
}

double place_reach_m(double width_px, double fov_deg, double pixels_a_metre)
{
    return pixels_a_metre > 0 ? place_pixels_a_metre(width_px, fov_deg, 1) / pixels_a_metre : 0;
}

/* By how much the lens stands above a face. */
static double above_face_m(double height_m)
{
    return height_m > 0 ? height_m - PLACE_FACE_M : 0;
}

double place_slant_m(double ground_m, double height_m)
{
    return hypot(ground_m, above_face_m(height_m));
}

double place_ground_m(double slant_m, double height_m)
{
    double ground = square(slant_m) - square(above_face_m(height_m));
    return ground > 0 ? sqrt(ground) : 0;
}

static const struct {
    double least;
    const char *text;
} details[] = {
    [PLACE_NOTHING] = {0, "nothing"},     [PLACE_DETECT] = {25, "detect"},
    [PLACE_OBSERVE] = {62.5, "observe"},  [PLACE_RECOGNISE] = {125, "recognise"},
    [PLACE_IDENTIFY] = {250, "identify"},
};

PlaceDetail place_detail(double pixels_a_metre)
{
    PlaceDetail detail = PLACE_IDENTIFY;
    while (detail > PLACE_NOTHING && pixels_a_metre < details[detail].least)
        detail--;
    return detail;
}

double place_detail_pixels(PlaceDetail detail)
{
    return details[detail].least;
}

const char *place_detail_text(PlaceDetail detail)
{
    return details[detail].text;
}
