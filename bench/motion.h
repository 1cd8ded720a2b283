/* motion.h — parts of bench-motion: what a clip shows in truth, and weather made over it. */
#pragma once

#include "watch/motion.h"

#include <glib.h>

/* One thing that moves, in one second of a clip. */
typedef struct Mover {
    int second;
    char what[24];
    uint8_t percent[GRID_CELLS]; /* the most it covers of each cell */
} Mover;

/* Reads what `vonglau-sim --truth` wrote. GArray of Mover, owned; NULL when it cannot be read. */
GArray *truth_of_sim(const char *path);

/* Reads the lines of a table of areas marked by hand: clip,from,to,left,top,right,bottom,what with
 * seconds and parts of the picture; those of `clip` only. */
GArray *truth_of_areas(const char *path, const char *clip);

typedef enum Weather {
    WEATHER_NONE,
    WEATHER_LIGHT,    /* all light 40 % down and up again */
    WEATHER_LAMP,     /* a lamp lights half of the picture */
    WEATHER_INFRARED, /* colour to infrared and back: other greys, noise, a bright middle */
    WEATHER_RAIN,
    WEATHER_SWAY, /* a textured crown in a quarter of the picture moves by up to 6 px */
    WEATHER_NOISE,
    WEATHER_SHAKE, /* the camera moves by up to 3 px */
    WEATHERS
} Weather;

/* WEATHERS when there is none of that name. */
Weather weather_named(const char *name);

/* Changes the picture in place; the same for the same `number` (pictures from the start). */
void weather_make(Weather weather, uint8_t *pixels, int width, int height, int number, double fps);
