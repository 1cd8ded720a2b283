/* stage.h — a drawn scene in space: a lens over flat ground, a cast that enters and leaves at known
 * times, and things that move in the wind. The cast is a table, so what is drawn is what is told as
 * the truth.
 */
#pragma once

#include "base/json.h"
#include "canvas.h"
#include "figures.h"

#include <stddef.h>

/* A pinhole over the ground, looking along it. Ground is x metres to the right, z metres away. */
typedef struct Lens {
    double focal_px, height_m, horizon_px, centre_px;
} Lens;

typedef enum Role { ROLE_PERSON, ROLE_FIGHTER, ROLE_LYING, ROLE_MOTORBIKE, ROLE_DOG, ROLES } Role;

/* One figure on its way from one place to another; it is seen only between the two times. */
typedef struct Actor {
    Role role;
    double from_s, to_s;
    double from_x, from_z, to_x, to_z;
    int look;
} Actor;

typedef struct Stage {
    const Lens *lens;
    const Actor *cast;
    size_t actors;
    const Look *looks;
    bool night; /* headlights shine */
} Stage;

double lens_x(const Lens *lens, double x, double z);
double lens_y(const Lens *lens, double z);     /* of the ground */
double lens_scale(const Lens *lens, double z); /* pixels a metre */

/* A path over four corners of the ground, given as x, z pairs. */
void lens_quad(const Lens *lens, cairo_t *cr, const double corners[8]);

/* Draws the cast as it is at `time_s`, the farthest first, and touches the canvas. */
void stage_draw(const Stage *stage, Canvas *canvas, double time_s);

/* One object an actor: {"what","from_s","to_s","where":[x,y,width,height]} with parts of the
 * picture; fighters that overlap in time are one scuffle. */
Json *stage_truth(const Stage *stage);

/* Which of the 32 × 18 cells of the picture each figure covers within one second of the loop, as
 * [{"figure","what","cells":[[cell, most per cent covered at a time],…]},…]. Returns owned. */
Json *stage_cover(const Stage *stage, int second);

/* A crown of leaves at (`x`, `y`) px, moved by the wind. */
void stage_crown(Canvas *canvas, double x, double y, double radius, double time_s, Paint leaf);
