/* burnt.h — reads what is burnt into pictures: is this text there, and not that one? */
#pragma once

#include "picture/burner.h"
#include "picture/caption.h"

#include <stdbool.h>
#include <stdint.h>

/* The upper edge of a picture: two lines at least. */
typedef struct BurntEdge {
    const uint8_t *luma;
    int width, stride;
    int height; /* of the whole picture */
} BurntEdge;

/* How far the points of line `number` (0: the first from the top) are from what a burner draws for
 * `text`, on average, of 255: some 20 where it is that text. */
double burnt_off(const BurntEdge *edge, int number, const char *text);

/* Does `text` stand there, rather than `other`? */
bool burnt_is_there(const BurntEdge *edge, int number, const char *text, const char *other);
