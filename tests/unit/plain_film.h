/* plain_film.h — a film as phones write them: pictures first, then one table of them. */
#pragma once

#include "media/access_unit.h"

typedef struct PlainFilm {
    unsigned count, key; /* samples; which is the first key picture, from 1 (0: no table of them) */
    unsigned each;       /* samples a chunk */
    bool large;          /* chunks by 64 bits */
    bool sound_first;    /* a track of sound stands before */
} PlainFilm;

/* Sample n is `unit`'s bytes when it is the key picture, else n bytes of n. Returns owned. */
GByteArray *plain_film(const AccessUnit *unit, const PlainFilm *recipe);
