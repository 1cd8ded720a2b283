/* covered.h — is what lies under the mask of the tests covered in these pictures? */
#pragma once

#include "base/buffer.h"

#include <stdbool.h>

/* The mask: a square, in parts of the picture. */
#define COVERED_POINTS                                                                            \
    "[{\"x\":2000,\"y\":2000},{\"x\":6000,\"y\":2000},{\"x\":6000,\"y\":6000},{\"x\":2000,\"y\":" \
    "6000}]"

bool covered_jpeg(const Buffer *jpeg);

/* All pictures of a film, of which `count` are told; fails the test when it is none. */
bool covered_film(const uint8_t *film, size_t size, unsigned *count);
