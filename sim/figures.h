/* figures.h — people, motorbikes and dogs, drawn with Cairo in metres.
 *
 * The origin is on the ground below the figure, x to the right, y downwards (so heads are at
 * negative y). `phase` turns legs and wheels: one step of a person or one turn of a wheel per 1.
 */
#pragma once

#include <cairo.h>
#include <stdbool.h>

typedef struct Paint {
    double r, g, b;
} Paint;

typedef enum Pose { POSE_WALK, POSE_FIGHT, POSE_LYING } Pose;

typedef struct Look {
    Paint shirt, trousers, skin;
    bool cone_hat; /* nón lá */
} Look;

/* `facing`: 1 to the right, -1 to the left. */
void figure_person(cairo_t *cr, const Look *look, Pose pose, double facing, double phase);

/* Seen from the side, or, `along`, from the front or the back. */
void figure_motorbike(cairo_t *cr, const Look *look, bool along, double facing, double phase);
void figure_dog(cairo_t *cr, Paint coat, double facing, double phase);

/* The light of a headlight at (`x`, `y`), `radius` metres wide. */
void figure_glow(cairo_t *cr, double x, double y, double radius, double strength);

void paint_set(cairo_t *cr, Paint paint);
