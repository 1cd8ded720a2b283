/* sight.h — how much a camera's picture can show of a person, in words (EN 62676-4:2015 §6.7).
 * Pure.
 */
#pragma once

#include "place/place.h"

#include <stdbool.h>

typedef struct PlaceLens {
    double fov_deg;  /* 0: not known */
    double height_m; /* above the ground; 0: not known */
} PlaceLens;

/* How far along the ground a person may be from the lens whose picture, `width_px` wide, is still
 * good for `detail`. 0: nowhere, or not known. */
double place_detail_ground_m(PlaceDetail detail, double width_px, const PlaceLens *lens);

/* "Person: identify to 5.7 m · recognise to 11.4 m · …", the best first. Returns owned; NULL when
 * nothing is known of the lens, or the picture is good for nothing. */
char *place_sight_text(double width_px, const PlaceLens *lens, bool vietnamese);
