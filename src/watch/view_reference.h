/* view_reference.h — how a camera's view should look: its reference, learnt from its own pictures.
 *
 * A place looks different by day, by lamps and by infrared, so a reference holds a few lights: each
 * a mean view with its edges and how sharp they were. It is kept as a small file per camera
 * (docs/design/view-file.md); writing and reading that are pure.
 */
#pragma once

#include "base/bytes.h"
#include "watch/view_edges.h"

enum {
    VIEW_LIGHTS = 3,
    VIEW_CLEAR_RANGE = 40,     /* less brightness in a cell says nothing of sharpness */
    VIEW_LEAST_STRUCTURE = 24, /* cells with edges; a view with fewer cannot be judged */
    VIEW_FILE_MOST_BYTES = 64 << 10,
};

typedef struct ViewLight {
    int64_t seen_us; /* when the view last looked like this */
    uint16_t small[VIEW_AREA];
    uint8_t sharp[VIEW_CELLS]; /* steepest step in 1/255 of the range; 0: no clear edge there */
    ViewEdges edges;           /* of `small` */
} ViewLight;

typedef struct ViewReference {
    int count;
    ViewLight lights[VIEW_LIGHTS];
} ViewReference;

/* How sharp a cell is, in 1/255; 0 where too little is seen in it. */
uint8_t view_sharpness(uint8_t steepest, uint8_t range);

/* A light that starts with this one look. */
void view_light_start(ViewLight *light, const ViewSketch *sketch, int64_t at_us);

/* Moves `small` by 1/`part` towards the sketch, and the sharpness too. The edges are as they were
 * until view_light_settle(). `fates` (or NULL): cells that are lost move 24 times slower. */
void view_light_follow(ViewLight *light, const ViewSketch *sketch, const CellFate *fates, int part);
void view_light_settle(ViewLight *light);

/* Adds a light; when all places are taken, in place of the one seen longest ago. Returns its index.
 */
int view_reference_add(ViewReference *reference, const ViewLight *light);

void view_reference_write(const ViewReference *reference, ByteWriter *out);

/* False, and `reference` is not to be used, for anything but such a file. */
bool view_reference_read(const uint8_t *data, size_t bytes, ViewReference *reference);
