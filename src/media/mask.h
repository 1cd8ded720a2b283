/* mask.h — privacy masks of a camera: which parts of its pictures are shown to nobody.
 *
 * A shape is a polygon without crossings, in parts of the picture, so that it holds for every size
 * of it. What covers pictures of a span is a set of shapes, which is immutable and shared by
 * reference. Pure.
 */
#pragma once

#include "base/error.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

enum {
    MASK_WHOLE = 10000, /* the picture is so many parts wide, and so many high */
    MASK_LEAST = 50,    /* a mask is no narrower and no lower */
    MASK_POINTS_LEAST = 3,
    MASK_POINTS_MOST = 16,
};

typedef struct MaskPoint {
    int64_t x, y; /* from the upper left corner */
} MaskPoint;

/* A plain value. */
typedef struct MaskShape {
    unsigned count;
    MaskPoint points[MASK_POINTS_MOST];
} MaskShape;

/* Is it one that can be? ERR_INVALID says what is wrong. */
bool mask_shape_check(const MaskShape *shape, GError **error);

/* Does it cover all of `part`? Both passed the check. In doubt it does not. */
bool mask_shape_covers(const MaskShape *shape, const MaskShape *part);

/* "X,Y X,Y …"; returned owned. Reading takes what passes the check and nothing else. */
char *mask_shape_text(const MaskShape *shape);
bool mask_shape_parse(const char *text, MaskShape *shape);

/* ---- what covers a picture ---- */

typedef struct MaskSet MaskSet;

/* Copies `count` shapes. Returns owned; NULL for none: nothing is covered. */
MaskSet *mask_set_new(const MaskShape *shapes, unsigned count);
MaskSet *mask_set_ref(MaskSet *set); /* NULL is allowed here, and below */
void mask_set_unref(MaskSet *set);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MaskSet, mask_set_unref)

unsigned mask_set_count(const MaskSet *set);
const MaskShape *mask_set_shape(const MaskSet *set, unsigned index);

/* The same for sets that cover the same, and for no others; 0: nothing is covered. */
uint64_t mask_set_key(const MaskSet *set);
