/* place.h — pure geometry on the ground: how far, which way, and what a camera sees there.
 *
 * Degrees of WGS 84; directions in degrees from north by east. No I/O, no state.
 */
#pragma once

#include <stdbool.h>

typedef struct PlacePoint {
    double latitude;  /* −90 … 90 */
    double longitude; /* −180 … 180 */
} PlacePoint;

/* Along the ellipsoid; within 0.01 % of the geodesic up to some hundred kilometres. */
double place_distance_m(PlacePoint a, PlacePoint b);

/* From `from` towards `to`, 0 … 360, within half a degree up to 50 km; 0 for the same point. */
double place_bearing_deg(PlacePoint from, PlacePoint to);

/* Where a camera stands and looks. */
typedef struct PlaceAim {
    PlacePoint at;
    double heading_deg;
    double fov_deg; /* from side to side, up to 360 */
    double reach_m; /* how far its pictures are of use */
} PlaceAim;

/* Does the point lie in what it sees? The camera's own place does. Hills and houses are not known.
 */
bool place_sees(const PlaceAim *aim, PlacePoint point);

/* Pixels that a metre across takes in a picture `width_px` wide, at a distance. 0 for a lens of
 * half a circle and more, whose pictures are not flat. */
double place_pixels_a_metre(double width_px, double fov_deg, double distance_m);

/* At which distance from the lens a metre across takes so many pixels: as far as a picture is good
 * for what needs them. 0 for a lens of half a circle and more. */
double place_reach_m(double width_px, double fov_deg, double pixels_a_metre);

/* A face, as high above the ground as most are. */
#define PLACE_FACE_M 1.6

/* From a lens `height_m` above the ground (0: not known) to a face so far away along the ground. */
double place_slant_m(double ground_m, double height_m);

/* How far along the ground a face is that is `slant_m` away from the lens; 0: no face is so near.
 */
double place_ground_m(double slant_m, double height_m);

/* What a person's picture of so many pixels a metre is good for (EN 62676-4:2015 §6.7). */
typedef enum PlaceDetail {
    PLACE_NOTHING,
    PLACE_DETECT,    /* 25: somebody is there */
    PLACE_OBSERVE,   /* 62.5: clothes, what they do */
    PLACE_RECOGNISE, /* 125: somebody who is known */
    PLACE_IDENTIFY,  /* 250: beyond doubt */
} PlaceDetail;
PlaceDetail place_detail(double pixels_a_metre);
double place_detail_pixels(PlaceDetail detail);    /* a metre, at least */
const char *place_detail_text(PlaceDetail detail); /* "nothing", "detect", … */
